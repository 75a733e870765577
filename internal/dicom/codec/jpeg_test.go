package codec

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

func TestJPEGRefuses(t *testing.T) {
	t.Parallel()
	grey8 := Frame{Columns: 4, Rows: 4, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 8, Pixel: make([]byte, 16)}
	grey12 := Frame{Columns: 4, Rows: 4, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12, Pixel: make([]byte, 32)}
	colour := Frame{Columns: 4, Rows: 4, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8, Pixel: make([]byte, 48)}
	with := func(f Frame, change func(f *Frame)) Frame { change(&f); return f }
	type encoder func(dst []byte, f Frame, parameter int) ([]byte, error)
	for _, tt := range []struct {
		name      string
		encode    encoder
		f         Frame
		parameter int
		want      string // in the error; none if empty
	}{
		{"baseline grey", JPEGBaseline, grey8, 1, ""},
		{"baseline colour", JPEGBaseline, colour, 100, ""},
		{"baseline, quality 0", JPEGBaseline, grey8, 0, "the quality 0 of JPEG Baseline, from 1 to 100"},
		{"baseline, quality 101", JPEGBaseline, grey8, 101, "the quality 101"},
		{"baseline, 12 bits", JPEGBaseline, grey12, 50, "16 bits allocated, only 8"},
		{"baseline, signed", JPEGBaseline, with(grey8, func(f *Frame) { f.Signed = true }), 50, "signed samples"},
		{"baseline, short", JPEGBaseline, with(grey8, func(f *Frame) { f.Pixel = f.Pixel[1:] }), 50, "15 bytes of pixels"},
		{"extended, 8 bits", JPEGExtended, grey8, 50, ""},
		{"extended, 12 bits", JPEGExtended, grey12, 50, ""},
		{"extended, 10 bits", JPEGExtended, with(grey12, func(f *Frame) { f.BitsStored = 10 }), 50, ""},
		{"extended, 13 bits", JPEGExtended, with(grey12, func(f *Frame) { f.BitsStored = 13 }), 50, "13 bits stored, at most 12"},
		{"extended, colour", JPEGExtended, colour, 50, "3 samples per pixel, only 1"},
		{"extended, signed", JPEGExtended, with(grey12, func(f *Frame) { f.Signed = true }), 50, "signed samples"},
		{"extended, quality", JPEGExtended, grey12, -1, "the quality -1 of JPEG Extended"},
		{"lossless", JPEGLossless, grey12, 7, ""},
		{"lossless colour", JPEGLossless, colour, 1, ""},
		{"lossless, no selection value", JPEGLossless, grey12, 0, "the selection value 0"},
		{"lossless, selection value 8", JPEGLossless, grey12, 8, "from 1 to 7"},
		{"lossless, colour of 16 bits", JPEGLossless, with(colour, func(f *Frame) { f.BitsAllocated = 16; f.Pixel = make([]byte, 96) }), 1, "16 bits allocated, only 8"},
		{"lossless, no rows", JPEGLossless, with(grey12, func(f *Frame) { f.Rows = 0 }), 1, "0 rows"},
	} {
		before := []byte("before")
		got, err := tt.encode(before, tt.f, tt.parameter)
		if tt.want == "" {
			if err != nil || !bytes.HasPrefix(got, []byte("before\xFF\xD8\xFF")) || !bytes.HasSuffix(got, []byte("\xFF\xD9")) {
				t.Errorf("%s: %v, % X", tt.name, err, got)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) || string(got) != "before" {
			t.Errorf("%s: %v and %q, want an error with %q", tt.name, err, got, tt.want)
		}
	}
}

// TestJPEGIgnoresUnusedBits: what is above BitsStored changes nothing.
func TestJPEGIgnoresUnusedBits(t *testing.T) {
	t.Parallel()
	for _, f := range []Frame{
		jpegTestFrame(Frame{Columns: 13, Rows: 9, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 10}, jpegAnatomyPattern, 1),
		jpegTestFrame(Frame{Columns: 13, Rows: 9, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 6}, jpegAnatomyPattern, 1),
		jpegTestFrame(Frame{Columns: 13, Rows: 9, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 7}, jpegAnatomyPattern, 1),
	} {
		dirty := f
		dirty.Pixel = bytes.Clone(f.Pixel)
		for i := f.BitsAllocated/8 - 1; i < len(dirty.Pixel); i += f.BitsAllocated / 8 {
			dirty.Pixel[i] |= 0xFF << (f.BitsStored % 8)
		}
		for name, encode := range map[string]func([]byte, Frame, int) ([]byte, error){"lossless": JPEGLossless, "baseline": JPEGBaseline, "extended": JPEGExtended} {
			want, errWant := encode(nil, f, 5)
			got, errGot := encode(nil, dirty, 5)
			if !bytes.Equal(got, want) || (errWant == nil) != (errGot == nil) {
				t.Errorf("%s, %s: the unused bits change the stream", jpegKindName(f), name)
			}
		}
	}
}

// TestJPEGSameEverywhere: the streams are the same bytes on every machine. If they
// are to change, so do the objects that are made of a seed.
func TestJPEGSameEverywhere(t *testing.T) {
	t.Parallel()
	for want, b := range map[string]*jpegBatch{
		"9c388f982fd7f820": jpegLosslessBatch(t, Frame{Columns: 37, Rows: 29, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12}),
		"12d4096b1949a447": jpegLosslessBatch(t, Frame{Columns: 37, Rows: 29, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8}),
		"e79b925c2dd6acf3": jpegLossyBatch(t, Frame{Columns: 61, Rows: 59, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 8}, dataset.JPEGBaseline8Bit),
		"9f28b3f643a81725": jpegLossyBatch(t, Frame{Columns: 61, Rows: 59, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8}, dataset.JPEGBaseline8Bit),
		"a43d4f50e3d64cbc": jpegLossyBatch(t, Frame{Columns: 61, Rows: 59, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12}, dataset.JPEGExtended12Bit),
	} {
		h := sha256.New()
		for _, s := range b.streams {
			h.Write(s)
		}
		if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != want {
			t.Errorf("%s, %s: %s, want %s", b.ts.Name(), jpegKindName(b.kind), got, want)
		}
	}
}

// TestJPEGAllocations: memory is taken by the frame, not by the sample. It is not
// parallel, for it counts what others take too.
func TestJPEGAllocations(t *testing.T) {
	f := jpegTestFrame(Frame{Columns: 512, Rows: 512, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 8}, jpegAnatomyPattern, 1)
	dst := make([]byte, 0, 2*len(f.Pixel))
	for name, encode := range map[string]func([]byte, Frame, int) ([]byte, error){"lossless": JPEGLossless, "baseline": JPEGBaseline, "extended": JPEGExtended} {
		n := testing.AllocsPerRun(2, func() {
			if _, err := encode(dst, f, 7); err != nil {
				t.Error(err)
			}
		})
		if n > 40 {
			t.Errorf("%s: %v allocations for a frame", name, n)
		}
	}
}
