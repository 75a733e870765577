package codec

import (
	"encoding/binary"
	"fmt"
	"math"
)

const (
	rleHeaderBytes = 64
	rleMaxRun      = 128 // bytes that one header byte can announce, of either kind
)

// RLE appends f in RLE Lossless to dst: the header of 64 bytes and one segment for
// each byte of a pixel, the most significant byte of a sample first and red
// before green before blue. What it appends has an even length. A run never
// crosses from one row into the next. It fails, and returns dst as it was, for a
// frame that is none, and for one whose segments begin after 4 GiB. See PS3.5
// Annex G.
//
// The bits above BitsStored are kept as they are.
func RLE(dst []byte, f Frame) ([]byte, error) {
	dst, _, err := rleAppend(dst, f, 0, 0)
	return dst, err
}

// Literal is where some samples of a frame stand in its RLE encoded form, of one
// byte plane: as they are, so that they can be exchanged for others.
//
// Byte i of it is byte First+i*Step of those samples in their native form.
type Literal struct {
	Offset, Length int // bytes; Offset counts from the first byte of the encoded frame
	First, Step    int // bytes of the native samples
}

// Append appends the bytes that belong to the literal, taken from native: samples
// in the form and the number that RLEPatchable was given positions for.
func (l Literal) Append(dst, native []byte) ([]byte, error) {
	if l.Length < 0 || l.First < 0 || l.Step < 1 || l.Length > 0 && l.First+(l.Length-1)*l.Step >= len(native) {
		return dst, fmt.Errorf("codec: %d bytes of native samples are too few for a literal of %d bytes, each %d after the other from %d on",
			len(native), l.Length, l.Step, l.First)
	}
	for i := range l.Length {
		dst = append(dst, native[l.First+i*l.Step])
	}
	return dst, nil
}

// RLEPatchable is RLE, but the samples of positions from up to, but not including,
// to are encoded as literal runs whatever they are. The same places therefore
// hold any other values of these samples, and many frames that differ in them
// alone can be sent from one that was encoded once:
//
//	frame[:l[0].Offset], new bytes, frame[l[0].Offset+l[0].Length:l[1].Offset], new bytes, ...
//
// Positions count samples from 0 within the first row, red, green and blue of a
// pixel being three. There is one Literal a byte plane, in ascending order; of
// colour it holds those of the samples that are of its plane, which can be none
// when they are less than three. It fails, and returns dst as it was, where RLE
// fails, for positions that are none of the first row, and for more samples than
// a literal run can hold, which are 128 of a plane.
//
// Deviation: PS3.5 G.3.1 wants three equal bytes to be a replicate run. Between
// from and to they are none; decoders follow the headers of the runs.
func RLEPatchable(dst []byte, f Frame, from, to int) ([]byte, []Literal, error) {
	if err := f.check(); err != nil {
		return dst, nil, err
	}
	if row := f.Columns * f.SamplesPerPixel; from < 0 || from >= to || to > row {
		return dst, nil, fmt.Errorf("codec: samples %d to %d cannot be exchanged: the first row has the samples 0 to %d", from, to-1, row-1)
	}
	return rleAppend(dst, f, from, to)
}

// rleAppend encodes f, with samples from to to of the first row as literals if
// there are any.
func rleAppend(dst []byte, f Frame, from, to int) ([]byte, []Literal, error) {
	if err := f.check(); err != nil {
		return dst, nil, err
	}
	size := f.BitsAllocated / 8
	planes := f.SamplesPerPixel * size
	stride := f.Columns * planes
	start := len(dst)
	out := append(dst, make([]byte, rleHeaderBytes)...)
	header := [rleHeaderBytes / 4]uint32{uint32(planes)}
	var literals []Literal
	plane := make([]byte, f.Columns)
	for p := range planes {
		offset := len(out) - start
		if int64(offset) > math.MaxUint32 {
			return dst[:start], nil, fmt.Errorf("codec: segment %d would begin at byte %d of the frame, an offset of 32 bits is at most %d", p+1, offset, uint32(math.MaxUint32))
		}
		header[1+p] = uint32(offset)
		sample := p / size
		at := sample*size + size - 1 - p%size // of the plane's byte in a pixel
		first := 0
		if to > from {
			l := Literal{Step: planes}
			// The columns whose sample of this plane is between from and to.
			lo, hi := rleColumn(from, sample, f.SamplesPerPixel), rleColumn(to, sample, f.SamplesPerPixel)
			if hi-lo > rleMaxRun {
				return dst[:start], nil, fmt.Errorf("codec: %d samples of a plane cannot be exchanged, a literal run holds %d at most (PS3.5 G.3.1)", hi-lo, rleMaxRun)
			}
			rleGather(plane, f.Pixel[at:stride], planes)
			out = rleAppendRow(out, plane[:lo])
			if hi > lo {
				out = append(out, byte(hi-lo-1))
				l.First = lo*planes + at - from*size
			}
			l.Offset, l.Length = len(out)-start, hi-lo
			out = append(out, plane[lo:hi]...)
			out = rleAppendRow(out, plane[hi:])
			literals = append(literals, l)
			first = 1
		}
		for y := first; y < f.Rows; y++ {
			row := f.Pixel[y*stride : (y+1)*stride]
			b := row
			if planes > 1 {
				rleGather(plane, row[at:], planes)
				b = plane
			}
			out = rleAppendRow(out, b)
		}
		if (len(out)-start)%2 == 1 {
			out = append(out, 0)
		}
	}
	for i, v := range header {
		binary.LittleEndian.PutUint32(out[start+4*i:], v)
	}
	return out, literals, nil
}

// rleColumn returns the first column whose sample number s has a position of
// position or more.
func rleColumn(position, s, samplesPerPixel int) int {
	return max(0, (position-s+samplesPerPixel-1)/samplesPerPixel)
}

// rleGather takes every step-th byte of src into dst.
func rleGather(dst, src []byte, step int) {
	if step == 2 { // a constant spares the checks
		for len(dst) >= 4 && len(src) >= 8 {
			dst[0], dst[1], dst[2], dst[3] = src[0], src[2], src[4], src[6]
			dst, src = dst[4:], src[8:]
		}
	}
	for i := range dst {
		dst[i] = src[i*step]
	}
}

// rleAppendRow encodes one row, or a part of one, of a byte plane. See PS3.5 G.3.1.
func rleAppendRow(out, b []byte) []byte {
	for len(b) > 0 {
		if n := rleRun(b); n >= 2 {
			out = append(out, byte(257-n), b[0])
			b = b[n:]
			continue
		}
		n := rleLiteral(b)
		out = append(out, byte(n-1))
		out = append(out, b[:n]...)
		b = b[n:]
	}
	return out
}

// rleRun returns how many bytes at the begin of b are equal, up to the longest run.
func rleRun(b []byte) int {
	b = b[:min(len(b), rleMaxRun)]
	n := 1
	if len(b) >= 9 {
		all := uint64(b[0]) * 0x0101010101010101
		for n+8 <= len(b) && binary.LittleEndian.Uint64(b[n:]) == all {
			n += 8
		}
	}
	for n < len(b) && b[n] == b[0] {
		n++
	}
	return n
}

// rleLiteral returns how many bytes at the begin of b stand before the next three
// equal ones, up to the longest run; at least 1, as b does not begin with two. A
// run of two would save nothing, for the literal goes on behind it.
func rleLiteral(b []byte) int {
	b = b[:min(len(b), rleMaxRun+2)]
	n := 0
	for n+2 < len(b) {
		switch {
		case b[n+2] != b[n+1]:
			n += 2
		case b[n+1] != b[n]:
			n++
		default:
			return min(n, rleMaxRun)
		}
	}
	return min(len(b), rleMaxRun)
}
