package codec

import (
	"encoding/binary"
	"fmt"
)

// jpegRandom is a small generator (xorshift64*), the same everywhere.
type jpegRandom uint64

func (r *jpegRandom) below(n int) int {
	*r ^= *r >> 12
	*r ^= *r << 25
	*r ^= *r >> 27
	return int(uint64(*r) * 0x2545F4914F6CDD1D >> 33 % uint64(n))
}

// jpegPatterns draw a sample of the frame from its place, from 0 to highest.
var jpegPatterns = []struct {
	name string
	at   func(r *jpegRandom, f Frame, x, y, component, highest int) int
}{
	{"noise", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return r.below(highest + 1) }},
	{"gradient", func(r *jpegRandom, f Frame, x, y, c, highest int) int {
		return (x*highest/f.Columns + y*highest/f.Rows + c*highest/5) / 2 % (highest + 1)
	}},
	{"constant", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return highest/3 + c }},
	{"lowest", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return 0 }},
	{"highest", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return highest }},
	// The largest differences of every sign, for every predictor.
	{"extremes", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return r.below(2) * highest }},
	{"checkerboard", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return (x + y + c) % 2 * highest }},
	{"stripes", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return (x >> 2) % 2 * highest }},
	{"halves", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return (highest + 1) / 2 * (r.below(2)) }},
	{"anatomy", func(r *jpegRandom, f Frame, x, y, c, highest int) int { return jpegAnatomy(r, f, x, y, c, highest) }},
}

// jpegAnatomy is a body of slowly varying density with an organ, edges and some
// noise.
func jpegAnatomy(r *jpegRandom, f Frame, x, y, c, highest int) int {
	u, v := (2*x-f.Columns)*1000/max(f.Columns, 1), (2*y-f.Rows)*1000/max(f.Rows, 1)
	d := u*u + v*v
	level := 20
	switch {
	case (u-300)*(u-300)+v*v < 90000:
		level = 700 - c*60
	case d < 640000:
		level = 400 + d/4000 + c*40
	}
	noise := r.below(12)
	noise -= r.below(12)
	level += noise
	return min(max(level, 0), 1023) * highest / 1023
}

// jpegTestFrame draws a frame of a kind. Signed samples are the drawn ones less
// half of their range, with their sign in the bits above.
func jpegTestFrame(kind Frame, pattern int, seed uint64) Frame {
	r := jpegRandom(seed*0x9E3779B97F4A7C15 + 1)
	f := kind
	highest := 1<<f.BitsStored - 1
	f.Pixel = make([]byte, 0, f.Columns*f.Rows*f.SamplesPerPixel*f.BitsAllocated/8)
	for y := range f.Rows {
		for x := range f.Columns {
			for c := range f.SamplesPerPixel {
				v := min(jpegPatterns[pattern].at(&r, f, x, y, c, highest), highest)
				if f.Signed {
					v -= (highest + 1) / 2
				}
				if f.BitsAllocated == 8 {
					f.Pixel = append(f.Pixel, byte(v))
				} else {
					f.Pixel = binary.LittleEndian.AppendUint16(f.Pixel, uint16(v))
				}
			}
		}
	}
	return f
}

// jpegSamples returns the samples of a frame as its attributes say that they are
// to be read: of BitsStored bits, sign included.
func jpegSamples(f Frame) []int {
	samples := make([]int, 0, len(f.Pixel)*8/f.BitsAllocated)
	for i := 0; i < len(f.Pixel); i += f.BitsAllocated / 8 {
		v := int(f.Pixel[i])
		if f.BitsAllocated == 16 {
			v |= int(f.Pixel[i+1]) << 8
		}
		v &= 1<<f.BitsStored - 1
		if f.Signed && v>>(f.BitsStored-1) == 1 {
			v -= 1 << f.BitsStored
		}
		samples = append(samples, v)
	}
	return samples
}

// jpegDifference says where the samples of two frames differ.
func jpegDifference(want, got Frame) error {
	w, g := jpegSamples(want), jpegSamples(got)
	if len(w) != len(g) {
		return fmt.Errorf("%d samples, want %d", len(g), len(w))
	}
	n, first := 0, -1
	for i := range w {
		if w[i] != g[i] {
			if first < 0 {
				first = i
			}
			n++
		}
	}
	if n != 0 {
		return fmt.Errorf("%d samples of %d differ, the first is sample %d: %d, want %d", n, len(w), first, g[first], w[first])
	}
	return nil
}

func jpegKindName(f Frame) string {
	sign := "unsigned"
	if f.Signed {
		sign = "signed"
	}
	return fmt.Sprintf("%dx%d, %d of %d bits, %s, %d samples", f.Columns, f.Rows, f.BitsStored, f.BitsAllocated, sign, f.SamplesPerPixel)
}
