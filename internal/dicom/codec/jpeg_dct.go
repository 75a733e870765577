package codec

// The forward DCT and the quantisation in integers. See T.81 A.3.3 and A.3.4.

// jpegZigZag has the place (row*8 + column) of each coefficient in the order in
// which they are coded. See T.81 figure A.6.
var jpegZigZag = [64]uint8{
	0, 1, 8, 16, 9, 2, 3, 10,
	17, 24, 32, 25, 18, 11, 4, 5,
	12, 19, 26, 33, 40, 48, 41, 34,
	27, 20, 13, 6, 7, 14, 21, 28,
	35, 42, 49, 56, 57, 50, 43, 36,
	29, 22, 15, 23, 30, 37, 44, 51,
	58, 59, 52, 45, 38, 31, 39, 46,
	53, 60, 61, 54, 47, 55, 62, 63,
}

// The quantisation tables of T.81 K.1, by row.
var (
	jpegLuminance = [64]uint8{
		16, 11, 10, 16, 24, 40, 51, 61,
		12, 12, 14, 19, 26, 58, 60, 55,
		14, 13, 16, 24, 40, 57, 69, 56,
		14, 17, 22, 29, 51, 87, 80, 62,
		18, 22, 37, 56, 68, 109, 103, 77,
		24, 35, 55, 64, 81, 104, 113, 92,
		49, 64, 78, 87, 103, 121, 120, 101,
		72, 92, 95, 98, 112, 100, 103, 99,
	}
	jpegChrominance = [64]uint8{
		17, 18, 24, 47, 99, 99, 99, 99,
		18, 21, 26, 66, 99, 99, 99, 99,
		24, 26, 56, 99, 99, 99, 99, 99,
		47, 66, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
		99, 99, 99, 99, 99, 99, 99, 99,
	}
)

// jpegQuantisation divides coefficients.
type jpegQuantisation struct {
	// Both in the order of the zig-zag.
	values      [64]uint8
	reciprocals [64]uint32 // 2^32 / (value * 2^jpegDCTFraction), rounded up
}

// newJPEGQuantisation scales a table of Annex K as the Independent JPEG Group's
// library does: quality 50 leaves it as it is, 100 makes all values 1.
func newJPEGQuantisation(base *[64]uint8, quality int) *jpegQuantisation {
	percent := 200 - 2*quality
	if quality < 50 {
		percent = 5000 / quality
	}
	q := &jpegQuantisation{}
	for k, place := range jpegZigZag {
		v := min(max((int(base[place])*percent+50)/100, 1), 255)
		q.values[k] = uint8(v)
		d := uint64(v) << jpegDCTFraction
		q.reciprocals[k] = uint32((1<<32 + d - 1) / d)
	}
	return q
}

// appendDQT appends the segment that defines the table with a number. See T.81
// B.2.4.1.
func (q *jpegQuantisation) appendDQT(dst []byte, number byte) []byte {
	dst = jpegSegment(dst, jpegDQT, 65)
	dst = append(dst, number) // of 8 bits
	return append(dst, q.values[:]...)
}

// quantise writes the quantised coefficients in the order of the zig-zag, rounded
// to the nearest, and returns a bit for each that is not 0.
//
// The product with the reciprocal is the exact quotient: the dividend is below
// 2^19, the divisor at most 2^12, so the error that rounding up the reciprocal
// makes stays below the quotient's step.
func (q *jpegQuantisation) quantise(out *[64]int16, block *[64]int32) (nonzero uint64) {
	for k := range out {
		c := block[jpegZigZag[k]&63]
		sign := c >> 31
		n := uint64(uint32((c^sign)-sign) + uint32(q.values[k])<<(jpegDCTFraction-1))
		v := int32(n*uint64(q.reciprocals[k])>>32) ^ sign
		v -= sign
		out[k] = int16(v)
		nonzero |= uint64(uint32(v|-v)>>31) << k
	}
	return nonzero
}

const (
	jpegDCTFraction  = 4  // bits behind the point in what jpegDCT returns
	jpegDCTConstants = 24 // bits behind the point in its constants
	jpegDCTBetween   = 6  // and between rows and columns
)

// cos(k*pi/16)/2, of which the orthonormal DCT of 8 samples consists. The products
// with samples of 12 bits stay below 2^48.
const (
	jpegC1 = 8227423
	jpegC2 = 7750063
	jpegC3 = 6974873
	jpegC4 = 5931642
	jpegC5 = 4660461
	jpegC6 = 3210181
	jpegC7 = 1636536
)

// jpegDCT transforms level-shifted samples of at most 12 bits, in place: by row,
// then by column. The result has jpegDCTFraction bits behind the point.
func jpegDCT(block *[64]int32) {
	const (
		byRow    = jpegDCTConstants - jpegDCTBetween
		byColumn = jpegDCTConstants + jpegDCTBetween - jpegDCTFraction
	)
	for i := 0; i < 64; i += 8 {
		b := (*[8]int32)(block[i : i+8])
		b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7] =
			jpegDCT8(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], byRow)
	}
	for i := range 8 {
		b := (*[57]int32)(block[i : i+57])
		b[0], b[8], b[16], b[24], b[32], b[40], b[48], b[56] =
			jpegDCT8(b[0], b[8], b[16], b[24], b[32], b[40], b[48], b[56], byColumn)
	}
}

// jpegDCT8 is the DCT of 8 values by its definition, sums and differences of
// mirrored values taken first. The result is scaled down by shift bits, rounded.
func jpegDCT8(x0, x1, x2, x3, x4, x5, x6, x7 int32, shift uint) (y0, y1, y2, y3, y4, y5, y6, y7 int32) {
	s0, s1, s2, s3 := int64(x0+x7), int64(x1+x6), int64(x2+x5), int64(x3+x4)
	d0, d1, d2, d3 := int64(x0-x7), int64(x1-x6), int64(x2-x5), int64(x3-x4)
	a0, a1 := s0+s3, s1+s2
	b0, b1 := s0-s3, s1-s2
	half := int64(1) << (shift - 1)
	y0 = int32((jpegC4*(a0+a1) + half) >> shift)
	y4 = int32((jpegC4*(a0-a1) + half) >> shift)
	y2 = int32((jpegC2*b0 + jpegC6*b1 + half) >> shift)
	y6 = int32((jpegC6*b0 - jpegC2*b1 + half) >> shift)
	y1 = int32((jpegC1*d0 + jpegC3*d1 + jpegC5*d2 + jpegC7*d3 + half) >> shift)
	y3 = int32((jpegC3*d0 - jpegC7*d1 - jpegC1*d2 - jpegC5*d3 + half) >> shift)
	y5 = int32((jpegC5*d0 - jpegC1*d1 + jpegC7*d2 + jpegC3*d3 + half) >> shift)
	y7 = int32((jpegC7*d0 - jpegC5*d1 + jpegC3*d2 - jpegC1*d3 + half) >> shift)
	return
}
