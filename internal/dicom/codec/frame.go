// Package codec encodes native frames for the encapsulated transfer syntaxes of
// PS3.5 A.4 and Annex G: RLE, and the members of the JPEG family that are small
// enough to be right. It encodes one frame at a time, in integer arithmetic
// only, so that every machine makes the same bytes; it knows nothing of data
// sets, fragments and offset tables.
//
//	syntax                              function
//	RLE Lossless                        RLE, or RLEPatchable to exchange samples later
//	JPEG Baseline (Process 1)           JPEGBaseline
//	JPEG Extended (Process 4), 12 bit   JPEGExtended
//	JPEG Lossless (Process 14)          JPEGLossless, any selection value
//	JPEG Lossless SV1                   JPEGLossless, selection value 1
//	JPEG-LS lossless, near-lossless     JPEGLS, near 0 or more
//
// All functions are safe for concurrent use and keep nothing of what they were
// given.
package codec

import "fmt"

// Frame is one native frame as PS3.5 8.1.1 and 8.2 lay it out: little endian, one
// byte a sample where BitsAllocated is 8 and two where it is 16, colour by pixel
// (Planar Configuration 0), rows from the top, no padding.
type Frame struct {
	Columns, Rows   int // 1 to 65535
	SamplesPerPixel int // 1, or 3 for RGB of 8 bits
	BitsAllocated   int // 8 or 16
	BitsStored      int // 2 to BitsAllocated; the bits above are a sample's sign, or zero
	Signed          bool
	Pixel           []byte // exactly Columns*Rows*SamplesPerPixel*BitsAllocated/8 bytes
}

// check says what no encoder can take.
func (f Frame) check() error {
	switch {
	case f.Columns < 1 || f.Columns > 65535 || f.Rows < 1 || f.Rows > 65535:
		return fmt.Errorf("codec: a frame of %d columns and %d rows, from 1 to 65535 are possible", f.Columns, f.Rows)
	case f.SamplesPerPixel != 1 && f.SamplesPerPixel != 3:
		return fmt.Errorf("codec: %d samples per pixel, only 1 and 3 are encoded", f.SamplesPerPixel)
	case f.BitsAllocated != 8 && f.BitsAllocated != 16:
		return fmt.Errorf("codec: %d bits allocated, only 8 and 16 are encoded", f.BitsAllocated)
	case f.BitsStored < 2 || f.BitsStored > f.BitsAllocated:
		return fmt.Errorf("codec: %d bits stored of %d allocated", f.BitsStored, f.BitsAllocated)
	}
	if want := f.Columns * f.Rows * f.SamplesPerPixel * f.BitsAllocated / 8; len(f.Pixel) != want {
		return fmt.Errorf("codec: %d bytes of pixels, a frame of %d by %d with %d samples of %d bits has %d",
			len(f.Pixel), f.Columns, f.Rows, f.SamplesPerPixel, f.BitsAllocated, want)
	}
	return nil
}
