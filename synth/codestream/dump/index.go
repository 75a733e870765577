package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"pacsuat/synth/codestream"
	"pacsuat/synth/codestream/reference"
)

// syntax is a transfer syntax of images.
type syntax struct {
	last        string // component of the UID
	lossy       bool
	decoder     string
	photometric string // of colour
}

const root = "1.2.840.10008.1.2.4."

var syntaxes = []syntax{
	{last: "90", decoder: "opj_decompress", photometric: "YBR_RCT"},
	{last: "91", decoder: "opj_decompress", photometric: "YBR_ICT", lossy: true},
	{last: "201", decoder: "ojph_expand", photometric: "YBR_RCT"},
	{last: "202", decoder: "ojph_expand", photometric: "YBR_RCT"},
	{last: "203", decoder: "opj_decompress", photometric: "YBR_ICT", lossy: true},
}

// streams are the videos.
var streams = []struct {
	last, suffix string
	clip         clip
	cineRate     int
}{
	{"100", "m2v", clips[0], 25},
	{"101", "m2v", clips[1], 25},
	{"102", "mp4", clips[0], 25},
	{"103", "ts", clips[1], 24},
	{"107", "mp4", clips[0], 25},
}

// index decodes everything, compares it with what was painted, and returns what
// index.json says.
func index(ctx context.Context, frames, painted string) ([]*codestream.Set, error) {
	var sets []*codestream.Set
	for _, y := range syntaxes {
		for _, s := range sources {
			set, err := images(ctx, y, s, frames, painted)
			if err != nil {
				return nil, err
			}
			sets = append(sets, set)
		}
	}
	for _, v := range streams {
		set := &codestream.Set{
			TransferSyntax: root + v.last, Kind: codestream.Video, Columns: v.clip.columns, Rows: v.clip.rows,
			SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8, PhotometricInterpretation: "YBR_PARTIAL_420",
			Lossy: true, Decoder: "ffmpeg", FramesInStream: v.clip.pictures * v.clip.repeated, CineRate: v.cineRate,
		}
		f := codestream.Frame{File: fmt.Sprintf("%s-%s.%s", v.last, set.Kind, v.suffix)}
		original, err := os.ReadFile(v.clip.file(painted))
		if err != nil {
			return nil, err
		}
		decoded, err := decode(ctx, set, &f, frames)
		if err != nil {
			return nil, err
		}
		f.Painted = sha256.Sum256(original)
		if err := resembles(set, original, decoded); err != nil {
			return nil, fmt.Errorf("%s: %w", f.File, err)
		}
		set.Frames = append(set.Frames, f)
		sets = append(sets, set)
	}
	return sets, nil
}

// images makes the set of a syntax and a kind.
func images(ctx context.Context, y syntax, s source, frames, painted string) (*codestream.Set, error) {
	set := &codestream.Set{
		TransferSyntax: root + y.last, Kind: s.kind, Columns: s.columns, Rows: s.rows,
		SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: s.bits, PhotometricInterpretation: "MONOCHROME2",
		Lossy: y.lossy, Decoder: y.decoder, FramesInStream: 1,
	}
	if s.bits > 8 {
		set.BitsAllocated = 16
	}
	if s.kind == codestream.Colour {
		set.SamplesPerPixel, set.PhotometricInterpretation = 3, y.photometric
	}
	for number := 1; number <= s.pictures; number++ {
		b, err := os.ReadFile(s.file(painted, number))
		if err != nil {
			return nil, err
		}
		original, err := reference.ParsePicture(b)
		if err != nil {
			return nil, err
		}
		f := codestream.Frame{File: fmt.Sprintf("%s-%s-%d.j2c", y.last, s.kind, number), Painted: sha256.Sum256(original.Samples)}
		decoded, err := decode(ctx, set, &f, frames)
		if err != nil {
			return nil, err
		}
		if !y.lossy && !bytes.Equal(decoded, original.Samples) {
			return nil, fmt.Errorf("%s: %s does not give the samples that were painted, though nothing should be lost", f.File, y.decoder)
		}
		if len(decoded) != len(original.Samples) {
			return nil, fmt.Errorf("%s: %s gives %d bytes, %d were painted", f.File, y.decoder, len(decoded), len(original.Samples))
		}
		set.MaxError = max(set.MaxError, reference.MaxDifference(decoded, original.Samples, set.BitsAllocated))
		set.Frames = append(set.Frames, f)
	}
	// More than this looks bad, and is no example of what is sent to a PACS.
	if limit := 1 << s.bits / 8; set.MaxError > limit || y.lossy != (set.MaxError > 0) {
		return nil, fmt.Errorf("%s of %s: the largest error is %d, it must be at most %d, and 0 only where nothing is lost", set.Kind, set.TransferSyntax, set.MaxError, limit)
	}
	return set, nil
}

// decode decodes the file of a frame and notes the hash.
func decode(ctx context.Context, set *codestream.Set, f *codestream.Frame, frames string) ([]byte, error) {
	code, err := os.ReadFile(filepath.Join(frames, f.File))
	if err != nil {
		return nil, err
	}
	decoded, err := reference.Decode(ctx, set.Decoder, code, set.SamplesPerPixel)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.File, err)
	}
	f.SHA256 = sha256.Sum256(decoded)
	return decoded, nil
}

// resembles compares the luminance of decoded video with that of the RGB frames.
func resembles(set *codestream.Set, original, decoded []byte) error {
	pixels := set.Columns * set.Rows
	if want := pixels * 3 / 2 * set.FramesInStream; len(decoded) != want {
		return fmt.Errorf("%d bytes are decoded, %d frames of %d by %d have %d", len(decoded), set.FramesInStream, set.Columns, set.Rows, want)
	}
	if want := pixels * 3 * set.FramesInStream; len(original) != want {
		return fmt.Errorf("%d bytes are painted, %d frames of %d by %d have %d", len(original), set.FramesInStream, set.Columns, set.Rows, want)
	}
	const limit = 8 // grey values, on average: speckle is smoothed, nothing else
	for i := range set.FramesInStream {
		sum := 0
		y, rgb := decoded[i*pixels*3/2:], original[i*pixels*3:]
		for p := range pixels {
			// ITU-R BT.601: from 16 for black to 235 for white
			luminance := 16 + (66*int(rgb[3*p])+129*int(rgb[3*p+1])+25*int(rgb[3*p+2])+128)>>8
			sum += max(luminance-int(y[p]), int(y[p])-luminance)
		}
		if sum > limit*pixels {
			return fmt.Errorf("frame %d: the luminance differs by %d grey values on average, at most %d are possible", i+1, sum/pixels, limit)
		}
	}
	return nil
}
