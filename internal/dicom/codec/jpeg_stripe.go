package codec

// jpegStripe holds 8 rows of a frame as the DCT takes them: level-shifted, each
// component by itself, completed to whole minimum coded units by repeating the
// last column and the last row. See T.81 A.2.4 and A.3.1.
type jpegStripe struct {
	f         Frame
	precision int
	units     int // minimum coded units in the stripe
	// Rows of a component follow each other, widths[i] samples apart.
	samples [3][]int16
	widths  [3]int
}

func newJPEGStripe(f Frame, precision int) *jpegStripe {
	s := &jpegStripe{f: f, precision: precision}
	if f.SamplesPerPixel == 1 {
		s.units = (f.Columns + 7) / 8
		s.widths[0] = 8 * s.units
	} else {
		s.units = (f.Columns + 15) / 16
		s.widths = [3]int{16 * s.units, 8 * s.units, 8 * s.units}
	}
	for i, width := range s.widths {
		s.samples[i] = make([]int16, 8*width)
	}
	return s
}

// read fills the stripe with the rows from y on.
func (s *jpegStripe) read(y int) {
	rowBytes := s.f.Columns * s.f.SamplesPerPixel * s.f.BitsAllocated / 8
	for r := range 8 {
		src := s.f.Pixel[min(y+r, s.f.Rows-1)*rowBytes:][:rowBytes]
		row := func(i int) []int16 { return s.samples[i][r*s.widths[i]:][:s.widths[i]] }
		if s.f.SamplesPerPixel == 1 {
			s.grey(row(0), src)
		} else {
			s.colour(row(0), row(1), row(2), src)
		}
	}
}

// block copies block x of component i.
func (s *jpegStripe) block(b *[64]int32, i, x int) {
	width := s.widths[i]
	for r := range 8 {
		src := s.samples[i][r*width+8*x:][:8]
		out := (*[8]int32)(b[8*r : 8*r+8])
		for c := range out {
			out[c] = int32(src[c])
		}
	}
}

func (s *jpegStripe) grey(out []int16, src []byte) {
	n := s.f.Columns
	if s.f.BitsAllocated == 8 {
		mask := uint8(1<<s.f.BitsStored - 1)
		for i, v := range src[:n] {
			out[i] = int16(v&mask) - 128
		}
	} else {
		mask := uint16(1<<s.f.BitsStored - 1) // 12 bits at most
		shift := int16(1) << (s.precision - 1)
		src = src[: 2*n : 2*n]
		for i := range n {
			out[i] = int16((uint16(src[2*i])|uint16(src[2*i+1])<<8)&mask) - shift
		}
	}
	jpegRepeatLast(out, n)
}

// colour converts a row of RGB to YCbCr 4:2:2. See T.871 clause 7: the factors
// have 16 bits behind the point; those of Y add up to 1, those of Cb and Cr to 0,
// so that what is grey stays grey.
func (s *jpegStripe) colour(luma, cb, cr []int16, src []byte) {
	mask := uint8(1<<s.f.BitsStored - 1)
	n := s.f.Columns
	for i := 0; i < n; i += 2 {
		p := src[3*i:]
		r0, g0, b0 := int32(p[0]&mask), int32(p[1]&mask), int32(p[2]&mask)
		r1, g1, b1 := r0, g0, b0 // an odd last pixel is repeated
		if len(p) >= 6 {
			r1, g1, b1 = int32(p[3]&mask), int32(p[4]&mask), int32(p[5]&mask)
		}
		luma[i] = int16((19595*r0+38470*g0+7471*b0+1<<15)>>16) - 128
		luma[i+1] = int16((19595*r1+38470*g1+7471*b1+1<<15)>>16) - 128
		// The sum of two is the average with a bit more; 128.5 is cut off.
		r, g, b := r0+r1, g0+g1, b0+b1
		cb[i/2] = int16(min((-11058*r-21710*g+32768*b+1<<16)>>17, 127))
		cr[i/2] = int16(min((32768*r-27439*g-5329*b+1<<16)>>17, 127))
	}
	jpegRepeatLast(luma, n+n&1)
	jpegRepeatLast(cb, (n+1)/2)
	jpegRepeatLast(cr, (n+1)/2)
}

// jpegRepeatLast fills the row from n on with the sample before.
func jpegRepeatLast(row []int16, n int) {
	last := row[n-1]
	for i := n; i < len(row); i++ {
		row[i] = last
	}
}
