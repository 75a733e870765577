package main

import (
	"fmt"
	"os"
	"path/filepath"

	"pacsuat/synth/codestream"
	"pacsuat/synth/codestream/reference"
	"pacsuat/synth/phantom"
)

// seed is that of all pictures.
const seed = 2026

// source is what a kind of images is painted of.
type source struct {
	kind          codestream.Kind
	phantom       string
	columns, rows int
	bits          int // stored
	pictures      int
}

var sources = []source{
	{kind: codestream.Grey8, phantom: "heart US", columns: 256, rows: 192, bits: 8, pictures: 4},
	{kind: codestream.Grey12, phantom: "chest CT", columns: 256, rows: 256, bits: 12, pictures: 4},
	{kind: codestream.Grey16, phantom: "torso PT", columns: 128, rows: 128, bits: 16, pictures: 2},
	{kind: codestream.Colour, phantom: "abdomen US", columns: 320, rows: 240, bits: 8, pictures: 2},
}

// clip is what video is painted of. Each picture stands for several frames, as
// where a slow scan is recorded as video: that keeps the streams short.
type clip struct {
	name          string
	phantom       string
	columns, rows int
	pictures      int
	repeated      int
}

const (
	half = "half" // PAL, PS3.5 8.2.5 note 2
	high = "high" // definition
)

var clips = []clip{
	{name: half, phantom: "liver US clip", columns: 352, rows: 288, pictures: 12, repeated: 2},
	{name: high, phantom: "liver US clip", columns: 1280, rows: 720, pictures: 6, repeated: 4},
}

// picture paints a picture, counted from 0.
func (s source) picture(number int) (reference.Picture, error) {
	samples, samplesPerPixel, err := render(s.phantom, s.columns, s.rows, s.bits, number, s.pictures)
	if err != nil {
		return reference.Picture{}, err
	}
	return reference.Picture{Columns: s.columns, Rows: s.rows, SamplesPerPixel: samplesPerPixel, Bits: s.bits, Samples: samples}, nil
}

// render paints one of several pictures: slices of a volume without its ends, or
// the frames of what moves.
func render(name string, columns, rows, bits, number, of int) (samples []byte, samplesPerPixel int, err error) {
	p, err := phantom.Named(name)
	if err != nil {
		return nil, 0, err
	}
	q := phantom.Picture{Columns: columns, Rows: rows, Slice: number + 1, Of: of + 2, Anatomy: seed, Grain: seed}
	if p.Moves {
		q.Slice, q.Of, q.Frame, q.Span = 0, 1, number, of
	}
	samplesPerPixel = 1
	if p.Colour {
		samplesPerPixel = 3
	}
	samples, err = p.AppendSamples(nil, q, bits, 0, false)
	return samples, samplesPerPixel, err
}

// file is the name of a picture, counted from 1 as in the names of codestreams.
func (s source) file(dir string, number int) string {
	return filepath.Join(dir, fmt.Sprintf("%s-%d.pnm", s.kind, number))
}

func (c clip) file(dir string) string { return filepath.Join(dir, c.name+".rgb") }

// paint writes all pictures and clips.
func paint(dir string) error {
	for _, s := range sources {
		for number := range s.pictures {
			p, err := s.picture(number)
			if err != nil {
				return err
			}
			b, err := p.Append(nil)
			if err != nil {
				return err
			}
			if err := os.WriteFile(s.file(dir, number+1), b, 0o666); err != nil {
				return err
			}
		}
	}
	for _, c := range clips {
		if err := c.paint(c.file(dir)); err != nil {
			return err
		}
	}
	return nil
}

func (c clip) paint(file string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	for number := range c.pictures {
		samples, samplesPerPixel, err := render(c.phantom, c.columns, c.rows, 8, number, c.pictures)
		if err == nil && samplesPerPixel != 3 {
			err = fmt.Errorf("%q is not of colour", c.phantom)
		}
		for range c.repeated {
			if err == nil {
				_, err = out.Write(samples)
			}
		}
		if err != nil {
			_ = out.Close()
			return err
		}
	}
	return out.Close()
}
