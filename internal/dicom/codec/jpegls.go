package codec

import (
	"encoding/binary"
	"fmt"
	"math/bits"
)

// JPEGLS appends f to dst as a JPEG-LS interchange format: one scan, the coding
// parameters that are the standard's defaults, precision BitsStored. No sample of
// the decoded frame differs by more than near from that of f; 0 is lossless.
// Colour is line-interleaved, without a transform. What it appends can have an
// odd length; a fragment is padded with a byte 00H behind EOI. See ITU-T T.87
// (ISO/IEC 14495-1), PS3.5 8.2.3 and A.4.3.
//
// JPEG-LS knows no signs, so a signed sample is encoded as the BitsStored bits of
// its two's complement. Decoders return these bits, with zeros above where
// BitsAllocated is more; who reads them extends the sign (PS3.5 8.1.1).
//
// A caller that sets BitsStored of f to BitsAllocated, whatever the data set says,
// gets the bits above encoded too, and from decoders back: so do DCMTK and GDCM when
// they encode. They refuse to decode what has a precision of 8 or less in 16
// bits allocated, and DCMTK 3.6.7 what has one of less than 6, though both are
// legal.
//
// It fails, and returns dst as it was, for a frame that is none, for colour of
// more than 8 bits or with a sign, for near outside of 0 to 255 or above half of
// the greatest sample, and for a signed frame where an error within near would
// turn a great positive sample into a great negative one, or the other way round.
func JPEGLS(dst []byte, f Frame, near int) ([]byte, error) {
	if err := f.check(); err != nil {
		return dst, err
	}
	maxVal := 1<<f.BitsStored - 1
	switch {
	case f.SamplesPerPixel != 1 && (f.BitsAllocated != 8 || f.Signed):
		return dst, fmt.Errorf("codec: JPEG-LS of %d samples per pixel with %d bits allocated, signed %t; only 8 bits without a sign are encoded",
			f.SamplesPerPixel, f.BitsAllocated, f.Signed)
	case near < 0 || near > min(255, maxVal/2):
		return dst, fmt.Errorf("codec: a JPEG-LS error of %d, with %d bits stored 0 to %d are possible (T.87 C.2.3)", near, f.BitsStored, min(255, maxVal/2))
	}
	start := len(dst)
	p := newJPEGLSParameters(f.BitsStored, near)
	s := newJPEGLSScan(p, f)
	s.w.out = jpeglsAppendHeader(dst, f, p)
	s.encode(f)
	out := s.w.end()
	if f.Signed && s.flipped>>(f.BitsStored-1)&1 != 0 {
		return dst[:start], fmt.Errorf("codec: a signed frame has samples within %d of the greatest or the least value of %d bits: "+
			"JPEG-LS with an error of %d could turn one into the other (encode without loss, or leave room)", near, f.BitsStored, near)
	}
	return append(out, 0xFF, 0xD9), nil // EOI
}

// jpeglsAppendHeader appends SOI, the frame header, the coding parameters where
// they are worth it, and the scan header. See T.87 C.2.
func jpeglsAppendHeader(dst []byte, f Frame, p jpeglsParameters) []byte {
	n := f.SamplesPerPixel
	dst = append(dst, 0xFF, 0xD8, 0xFF, 0xF7) // SOI, SOF55
	dst = binary.BigEndian.AppendUint16(dst, uint16(8+3*n))
	dst = append(dst, byte(f.BitsStored))
	dst = binary.BigEndian.AppendUint16(dst, uint16(f.Rows))
	dst = binary.BigEndian.AppendUint16(dst, uint16(f.Columns))
	dst = append(dst, byte(n))
	for c := range n {
		dst = append(dst, byte(c+1), 0x11, 0)
	}
	if f.BitsStored < 8 || f.BitsStored > 12 {
		// These are the defaults, but here some decoders compute others: CharLS 1 in
		// DCMTK below 8 bits, Java's Image I/O above 12.
		dst = append(dst, 0xFF, 0xF8, 0, 13, 1) // LSE
		for _, v := range [...]int{p.maxVal, p.t1, p.t2, p.t3, jpeglsReset} {
			dst = binary.BigEndian.AppendUint16(dst, uint16(v))
		}
	}
	dst = append(dst, 0xFF, 0xDA) // SOS
	dst = binary.BigEndian.AppendUint16(dst, uint16(6+2*n))
	dst = append(dst, byte(n))
	for c := range n {
		dst = append(dst, byte(c+1), 0)
	}
	interleave := byte(0)
	if n > 1 {
		interleave = 1 // by line
	}
	return append(dst, byte(p.near), interleave, 0)
}

// jpeglsParameters are the variables of T.87 table A.1 and clause A.2.1 that do
// not change within a scan.
type jpeglsParameters struct {
	bits, near int
	maxVal     int    // MAXVAL
	step       int    // 2*NEAR+1
	inverse    uint64 // 2^32/step, rounded up: what x/step is x*inverse/2^32 for x below 2^32/step
	rng        int    // RANGE
	qbpp       int
	limit      int // LIMIT
	t1, t2, t3 int
}

const (
	jpeglsReset = 64 // RESET
	jpeglsMinC  = -128
	jpeglsMaxC  = 127
)

// newJPEGLSParameters computes the default parameters. See T.87 A.2.1 and
// C.2.4.1.1.
func newJPEGLSParameters(precision, near int) jpeglsParameters {
	p := jpeglsParameters{bits: precision, near: near, maxVal: 1<<precision - 1, step: 2*near + 1}
	p.inverse = 1<<32/uint64(p.step) + 1
	p.rng = (p.maxVal+2*near)/p.step + 1
	p.qbpp = bits.Len(uint(p.rng - 1))
	bpp := max(2, precision)
	p.limit = 2 * (bpp + max(8, bpp))
	if p.maxVal >= 128 {
		factor := (min(p.maxVal, 4095) + 128) / 256
		p.t1 = factor*(3-2) + 2 + 3*near
		p.t2 = factor*(7-3) + 3 + 5*near
		p.t3 = factor*(21-4) + 4 + 7*near
	} else {
		factor := 256 / (p.maxVal + 1)
		p.t1 = max(2, 3/factor+3*near)
		p.t2 = max(3, 7/factor+5*near)
		p.t3 = max(4, 21/factor+7*near)
	}
	clamp := func(t, least int) int {
		if t > p.maxVal || t < least {
			return least
		}
		return t
	}
	p.t1 = clamp(p.t1, near+1)
	p.t2 = clamp(p.t2, p.t1)
	p.t3 = clamp(p.t3, p.t2)
	return p
}
