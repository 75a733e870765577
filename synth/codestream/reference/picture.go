package reference

import (
	"errors"
	"fmt"
	"math"
)

// Picture is an image in the form that the encoders and decoders of JPEG 2000
// read and write: netpbm's PGM (grey) or PPM (colour), binary, with the largest
// value of a sample in the header.
type Picture struct {
	Columns, Rows   int
	SamplesPerPixel int    // 1 or 3
	Bits            int    // a sample is at most 1<<Bits - 1; from 1 to 16
	Samples         []byte // native: a byte a sample where Bits is at most 8, else two, little endian; colour by pixel
}

// Append appends the picture as PGM or PPM, in which samples are big endian.
func (p Picture) Append(dst []byte) ([]byte, error) {
	size, err := p.size()
	if err != nil {
		return dst, err
	}
	if len(p.Samples) != size {
		return dst, fmt.Errorf("reference: %d bytes of samples, %d columns and %d rows have %d", len(p.Samples), p.Columns, p.Rows, size)
	}
	form := 5
	if p.SamplesPerPixel == 3 {
		form = 6
	}
	dst = fmt.Appendf(dst, "P%d\n%d %d\n%d\n", form, p.Columns, p.Rows, 1<<p.Bits-1)
	return p.appendSwapped(dst, p.Samples), nil
}

// ParsePicture reads a PGM or PPM. What follows the samples is ignored.
func ParsePicture(b []byte) (Picture, error) {
	if len(b) < 2 || b[0] != 'P' || b[1] != '5' && b[1] != '6' {
		return Picture{}, errors.New("reference: neither PGM nor PPM: it begins with P5 or P6")
	}
	p := Picture{SamplesPerPixel: 1}
	if b[1] == '6' {
		p.SamplesPerPixel = 3
	}
	at, most := 2, 0
	for _, v := range []*int{&p.Columns, &p.Rows, &most} {
		var err error
		if *v, at, err = number(b, at); err != nil {
			return Picture{}, err
		}
	}
	at++ // one white space
	for p.Bits = 1; most > 1<<p.Bits-1; p.Bits++ {
	}
	size, err := p.size()
	if err != nil {
		return Picture{}, err
	}
	if most == 0 || len(b)-at < size {
		return Picture{}, fmt.Errorf("reference: %d bytes of samples of at most %d, %d columns and %d rows have %d", max(0, len(b)-at), most, p.Columns, p.Rows, size)
	}
	p.Samples = p.appendSwapped(make([]byte, 0, size), b[at:at+size])
	return p, nil
}

// size is the number of bytes of the samples.
func (p Picture) size() (int, error) {
	if p.Columns < 1 || p.Rows < 1 || p.Columns > math.MaxUint16 || p.Rows > math.MaxUint16 ||
		p.SamplesPerPixel != 1 && p.SamplesPerPixel != 3 || p.Bits < 1 || p.Bits > 16 {
		return 0, fmt.Errorf("reference: no picture has %d columns, %d rows, %d samples per pixel and %d bits", p.Columns, p.Rows, p.SamplesPerPixel, p.Bits)
	}
	n := p.Columns * p.Rows * p.SamplesPerPixel
	if p.Bits > 8 {
		n *= 2
	}
	return n, nil
}

// appendSwapped appends samples in the other byte order.
func (p Picture) appendSwapped(dst, samples []byte) []byte {
	if p.Bits <= 8 {
		return append(dst, samples...)
	}
	for i := 0; i+1 < len(samples); i += 2 {
		dst = append(dst, samples[i+1], samples[i])
	}
	return dst
}

// number reads a decimal number behind white space and comments.
func number(b []byte, at int) (value, after int, err error) {
	for at < len(b) && (b[at] == ' ' || b[at] == '\n' || b[at] == '\t' || b[at] == '\r' || b[at] == '#') {
		if b[at] == '#' {
			for at < len(b) && b[at] != '\n' {
				at++
			}
			continue
		}
		at++
	}
	start := at
	for ; at < len(b) && b[at] >= '0' && b[at] <= '9'; at++ {
		if value = value*10 + int(b[at]-'0'); value > math.MaxUint16 {
			return 0, at, fmt.Errorf("reference: a number in the header is larger than %d", math.MaxUint16)
		}
	}
	if at == start || at >= len(b) {
		return 0, at, fmt.Errorf("reference: no number at byte %d of the header", start)
	}
	return value, at, nil
}

// MaxDifference returns the largest difference of two series of native samples of
// 8 or 16 bits allocated, or the largest possible one where their lengths differ.
func MaxDifference(a, b []byte, bitsAllocated int) int {
	step, most := 1, 0
	if bitsAllocated > 8 {
		step = 2
	}
	if len(a) != len(b) {
		return 1<<(8*step) - 1
	}
	value := func(s []byte, i int) int {
		if step == 1 {
			return int(s[i])
		}
		return int(s[i]) | int(s[i+1])<<8
	}
	for i := 0; i+step <= len(a); i += step {
		x, y := value(a, i), value(b, i)
		most = max(most, x-y, y-x)
	}
	return most
}
