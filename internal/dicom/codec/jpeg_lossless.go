package codec

import (
	"fmt"
	"math/bits"
)

// JPEGLossless appends f to dst as one JPEG image of process 14 (lossless,
// Huffman coding), with a selection value (predictor) from 1 to 7, no point
// transform and Huffman tables made for the frame. The precision is BitsStored.
// The transfer syntax 1.2.840.10008.1.2.4.70 demands the selection value 1;
// 1.2.840.10008.1.2.4.57 takes any. See T.81 Annex H and PS3.5 A.4.1.
//
// Grey frames have one component; RGB ones three, interleaved by pixel, without
// another transform of colours: Photometric Interpretation stays RGB. The samples
// of signed frames are coded as the two's complement of BitsStored bits that they
// are: a decoder returns that pattern, whose sign is its highest bit, and may
// leave the bits above at 0 (PS3.5 8.1.1 gives them no meaning). Where the words are
// to come back whole, pass the frame as of 16 bits stored: that is a precision of
// 16, and costs about the same.
//
// The stream begins with SOI (FFD8), and what follows may be moved to insert a
// segment there, such as COM (FFFE). It ends with EOI (FFD9) and is not padded:
// an odd length needs a byte more in a fragment. dst is returned as it was when
// there is an error, which says what cannot be encoded.
func JPEGLossless(dst []byte, f Frame, selectionValue int) ([]byte, error) {
	if err := f.check(); err != nil {
		return dst, err
	}
	if f.SamplesPerPixel == 3 && f.BitsAllocated != 8 {
		return dst, fmt.Errorf("codec: JPEG Lossless of 3 samples per pixel with %d bits allocated, only 8 are encoded", f.BitsAllocated)
	}
	if selectionValue < 1 || selectionValue > 7 {
		return dst, fmt.Errorf("codec: the selection value %d of JPEG Lossless, from 1 to 7 are possible (T.81 table H.1)", selectionValue)
	}
	// Both passes predict anew: that costs less than to keep the differences.
	d := newJPEGDifferences(f, selectionValue)
	var counts [17]uint64
	for y := range f.Rows {
		jpegCountCategories(&counts, d.row(y))
	}
	table := newHuffTable(counts[:])

	components := make([]jpegComponent, f.SamplesPerPixel)
	for i := range components {
		components[i] = jpegComponent{id: byte(i + 1), horizontal: 1}
	}
	dst = jpegMarker(dst, jpegSOI)
	dst = jpegFrameHeader(dst, jpegSOF3, f.BitsStored, f, components)
	dst = table.appendDHT(dst, 0, 0)
	dst = jpegScanHeader(dst, byte(selectionValue), 0, components)

	codes := newJPEGCategoryCodes(&table)
	w := huffWriter{dst: dst}
	for y := range f.Rows {
		codes.put(&w, d.row(y))
	}
	return jpegMarker(w.end(), jpegEOI), nil
}

// jpegDifferences predicts samples. See T.81 H.1.2.1.
type jpegDifferences struct {
	f              Frame
	selectionValue int
	row0, row1     []uint16 // the samples of this row, and of the one above
	out            []uint16
}

func newJPEGDifferences(f Frame, selectionValue int) *jpegDifferences {
	n := f.Columns * f.SamplesPerPixel
	rows := make([]uint16, 3*n)
	return &jpegDifferences{f: f, selectionValue: selectionValue, row0: rows[:n:n], row1: rows[n : 2*n : 2*n], out: rows[2*n:]}
}

// row returns the differences of row y, modulo 2^16. The rows must be asked for
// one after the other; the result is valid until the next.
func (d *jpegDifferences) row(y int) []uint16 {
	d.row0, d.row1 = d.row1, d.row0
	n, step := len(d.out), d.f.SamplesPerPixel
	above, cur, out := d.row1[:n], d.row0[:n], d.out
	mask := uint16(1<<d.f.BitsStored - 1)
	if d.f.BitsAllocated == 8 {
		src := d.f.Pixel[y*n:][:n]
		for i, b := range src {
			cur[i] = uint16(b) & mask
		}
	} else {
		src := d.f.Pixel[2*y*n:][: 2*n : 2*n]
		for i := range cur {
			cur[i] = (uint16(src[2*i]) | uint16(src[2*i+1])<<8) & mask
		}
	}
	if y == 0 {
		// The first line is predicted from the left, its begin from the middle.
		for i := range step {
			out[i] = cur[i] - 1<<(d.f.BitsStored-1)
		}
		jpegPredict(out, cur, above, step, 1)
		return out
	}
	for i := range step {
		out[i] = cur[i] - above[i]
	}
	jpegPredict(out, cur, above, step, d.selectionValue)
	return out
}

// jpegPredict writes the differences of the samples after the first pixel. The
// three slices are of the same length. See T.81 table H.1: Ra is the sample to
// the left, Rb the one above, Rc the one above to the left.
func jpegPredict(out, cur, above []uint16, step, selectionValue int) {
	n := len(out) - step
	if n <= 0 {
		return
	}
	out = out[step:][:n]
	x := cur[step:][:n]
	ra := cur[:n]
	rb := above[step:][:n]
	rc := above[:n]
	switch selectionValue {
	case 1:
		for i := range out {
			out[i] = x[i] - ra[i]
		}
	case 2:
		for i := range out {
			out[i] = x[i] - rb[i]
		}
	case 3:
		for i := range out {
			out[i] = x[i] - rc[i]
		}
	case 4:
		for i := range out {
			out[i] = x[i] - (ra[i] + rb[i] - rc[i])
		}
	case 5: // the halves are arithmetic shifts, of more than 16 bits
		for i := range out {
			out[i] = x[i] - uint16(int32(ra[i])+(int32(rb[i])-int32(rc[i]))>>1)
		}
	case 6:
		for i := range out {
			out[i] = x[i] - uint16(int32(rb[i])+(int32(ra[i])-int32(rc[i]))>>1)
		}
	case 7:
		for i := range out {
			out[i] = x[i] - uint16((int32(ra[i])+int32(rb[i]))>>1)
		}
	}
}

// jpegCategory returns the category (SSSS) of a difference modulo 2^16, and the
// bits that follow its code in their lowest bits. See T.81 tables F.1 and H.2:
// the difference is from -32767 to 32768.
func jpegCategory(difference uint16) (category int, additional uint16) {
	sign := uint16(int16(difference) >> 15) // all 1s if it is negative
	return bits.Len16((difference ^ sign) - sign), difference + sign
}

// jpegCountCategories counts the differences by their category.
func jpegCountCategories(counts *[17]uint64, differences []uint16) {
	var c [4][32]uint32 // neighbours are in the same category: so they don't wait for each other
	for i, v := range differences {
		category, _ := jpegCategory(v)
		c[i&3][category&31]++
	}
	for category := range counts {
		for i := range c {
			counts[category] += uint64(c[i][category])
		}
	}
}

// jpegCategoryCodes has what is to be written for a difference, by category.
type jpegCategoryCodes [32]struct {
	code   uint32 // followed by zeros in place of the additional bits
	mask   uint16 // of the additional bits
	length uint8  // of both
}

func newJPEGCategoryCodes(t *huffTable) *jpegCategoryCodes {
	var c jpegCategoryCodes
	for category, code := range t.all() {
		n := uint8(category)
		if n == 16 {
			n = 0 // it has one difference only: T.81 H.1.2.2
		}
		c[category].code = code.bits << n
		c[category].mask = 1<<n - 1
		c[category].length = code.length + n
	}
	return &c
}

// put writes differences.
func (c *jpegCategoryCodes) put(w *huffWriter, differences []uint16) {
	for _, v := range differences {
		category, additional := jpegCategory(v)
		e := &c[category&31]
		w.put(e.code|uint32(additional&e.mask), uint(e.length))
	}
}
