package codec

import (
	"encoding/binary"
	"fmt"
)

// jpeglsDecoder decodes what JPEGLS makes, by the letter of T.87 and slowly. Its
// variables have the standard's names.
type jpeglsDecoder struct {
	data []byte
	at   int
	bit  uint // bits of data[at] that are read

	MAXVAL, NEAR, RANGE, qbpp, LIMIT int
	T1, T2, T3, RESET                int
	A, B, C, N                       [367]int
	Nn                               [2]int
	J                                [32]int
}

// jpeglsDecode returns the samples, by pixel, without signs.
func jpeglsDecode(b []byte) (samples []int, err error) {
	defer func() { // the decoder of a test reads beyond the end of what is wrong
		if e := recover(); e != nil {
			err = fmt.Errorf("%v", e)
		}
	}()
	d := &jpeglsDecoder{data: b}
	want := func(bytes ...byte) {
		for _, w := range bytes {
			if d.data[d.at] != w {
				panic(fmt.Sprintf("%#x at %d, want %#x", d.data[d.at], d.at, w))
			}
			d.at++
		}
	}
	word := func() int {
		d.at += 2
		return int(binary.BigEndian.Uint16(d.data[d.at-2:]))
	}
	want(0xFF, 0xD8, 0xFF, 0xF7)
	length, precision := word(), int(d.data[d.at])
	d.at++
	rows, columns, n := word(), word(), int(d.data[d.at])
	d.at++
	if length != 8+3*n {
		panic("length of SOF55")
	}
	for c := range n {
		want(byte(c+1), 0x11, 0)
	}
	preset := [5]int{}
	if d.data[d.at+1] == 0xF8 {
		want(0xFF, 0xF8, 0, 13, 1)
		for i := range preset {
			preset[i] = word()
		}
	}
	want(0xFF, 0xDA, 0, byte(6+2*n), byte(n))
	for c := range n {
		want(byte(c+1), 0)
	}
	d.NEAR = int(d.data[d.at])
	d.at++
	interleave := byte(0)
	if n > 1 {
		interleave = 1
	}
	want(interleave, 0)
	d.MAXVAL = 1<<precision - 1
	d.init()
	if computed := [5]int{d.MAXVAL, d.T1, d.T2, d.T3, d.RESET}; preset != [5]int{} && preset != computed {
		panic(fmt.Sprintf("preset parameters %v, the default ones are %v", preset, computed))
	}
	samples = d.scan(columns, rows, n)
	if d.bit > 0 {
		if d.data[d.at]<<d.bit != 0 {
			panic("the last byte is not filled with zeros")
		}
		d.at++
	}
	if d.data[d.at-1] == 0xFF {
		want(0)
	}
	want(0xFF, 0xD9)
	if d.at != len(d.data) {
		panic("bytes behind EOI")
	}
	return samples, nil
}

func (d *jpeglsDecoder) init() {
	d.RANGE = (d.MAXVAL+2*d.NEAR)/(2*d.NEAR+1) + 1
	for 1<<d.qbpp < d.RANGE {
		d.qbpp++
	}
	bpp := 2
	for 1<<bpp < d.MAXVAL+1 {
		bpp++
	}
	d.LIMIT = 2 * (bpp + max(8, bpp))
	clamp := func(i, j int) int {
		if i > d.MAXVAL || i < j {
			return j
		}
		return i
	}
	if d.MAXVAL >= 128 {
		FACTOR := (min(d.MAXVAL, 4095) + 128) / 256
		d.T1 = clamp(FACTOR*(3-2)+2+3*d.NEAR, d.NEAR+1)
		d.T2 = clamp(FACTOR*(7-3)+3+5*d.NEAR, d.T1)
		d.T3 = clamp(FACTOR*(21-4)+4+7*d.NEAR, d.T2)
	} else {
		FACTOR := 256 / (d.MAXVAL + 1)
		d.T1 = clamp(max(2, 3/FACTOR+3*d.NEAR), d.NEAR+1)
		d.T2 = clamp(max(3, 7/FACTOR+5*d.NEAR), d.T1)
		d.T3 = clamp(max(4, 21/FACTOR+7*d.NEAR), d.T2)
	}
	d.RESET = 64
	for Q := range d.A {
		d.A[Q], d.N[Q] = max(2, (d.RANGE+32)/64), 1
	}
	for i := range d.J {
		d.J[i] = []int{0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15}[i]
	}
}

func (d *jpeglsDecoder) read() int {
	v := int(d.data[d.at]>>(7-d.bit)) & 1
	if d.bit++; d.bit == 8 {
		d.at, d.bit = d.at+1, 0
		if d.data[d.at-1] == 0xFF {
			if d.data[d.at] >= 0x80 {
				panic(fmt.Sprintf("a marker within the data, at %d", d.at))
			}
			d.bit = 1
		}
	}
	return v
}

func (d *jpeglsDecoder) bits(n int) int {
	v := 0
	for range n {
		v = v<<1 | d.read()
	}
	return v
}

func (d *jpeglsDecoder) golomb(k, glimit int) int {
	unary := 0
	for d.read() == 0 {
		if unary++; unary > glimit {
			panic("a code that is too long")
		}
	}
	if unary < glimit-d.qbpp-1 {
		return unary<<k | d.bits(k)
	}
	return d.bits(d.qbpp) + 1
}

func (d *jpeglsDecoder) level(D int) int {
	switch {
	case D <= -d.T3:
		return -4
	case D <= -d.T2:
		return -3
	case D <= -d.T1:
		return -2
	case D < -d.NEAR:
		return -1
	case D <= d.NEAR:
		return 0
	case D < d.T1:
		return 1
	case D < d.T2:
		return 2
	case D < d.T3:
		return 3
	}
	return 4
}

// value returns Rx from an error that was read.
func (d *jpeglsDecoder) value(Px, Errval int) int {
	step := 2*d.NEAR + 1
	Rx := Px + Errval*step
	if Rx < -d.NEAR {
		Rx += d.RANGE * step
	} else if Rx > d.MAXVAL+d.NEAR {
		Rx -= d.RANGE * step
	}
	return min(max(Rx, 0), d.MAXVAL)
}

func (d *jpeglsDecoder) scan(columns, rows, n int) []int {
	out := make([]int, columns*rows*n)
	RUNindex := make([]int, n)
	sample := func(x, y, c int) int { // with the borders of T.87 A.2.1
		switch {
		case y < 0:
			return 0
		case x < 0 && y == 0:
			return 0
		case x < 0:
			return out[(y-1)*columns*n+c]
		case x >= columns:
			x = columns - 1
		}
		return out[(y*columns+x)*n+c]
	}
	for y := range rows {
		for c := range n {
			for x := 0; x < columns; x++ {
				Ra, Rb, Rc, Rd := sample(x-1, y, c), sample(x, y-1, c), sample(x-1, y-1, c), sample(x+1, y-1, c)
				set := func(v int) { out[(y*columns+x)*n+c] = v }
				Q1, Q2, Q3 := d.level(Rd-Rb), d.level(Rb-Rc), d.level(Rc-Ra)
				if Q1 != 0 || Q2 != 0 || Q3 != 0 {
					set(d.regular(Ra, Rb, Rc, Q1, Q2, Q3))
					continue
				}
				interrupted := false
				for x < columns {
					J := d.J[RUNindex[c]]
					if d.read() == 0 {
						for range d.bits(J) {
							set(Ra)
							x++
						}
						interrupted = true
						break
					}
					full := x+1<<J <= columns
					for range min(1<<J, columns-x) {
						set(Ra)
						x++
					}
					if full {
						RUNindex[c] = min(RUNindex[c]+1, 31)
					}
				}
				if interrupted {
					set(d.interruption(Ra, sample(x, y-1, c), d.J[RUNindex[c]]))
					RUNindex[c] = max(RUNindex[c]-1, 0)
				}
			}
		}
	}
	return out
}

func (d *jpeglsDecoder) regular(Ra, Rb, Rc, Q1, Q2, Q3 int) int {
	SIGN := 1
	if Q1 < 0 || Q1 == 0 && (Q2 < 0 || Q2 == 0 && Q3 < 0) {
		SIGN, Q1, Q2, Q3 = -1, -Q1, -Q2, -Q3
	}
	Q := 81*Q1 + 9*Q2 + Q3
	Px := Ra + Rb - Rc
	if Rc >= max(Ra, Rb) {
		Px = min(Ra, Rb)
	} else if Rc <= min(Ra, Rb) {
		Px = max(Ra, Rb)
	}
	Px = min(max(Px+SIGN*d.C[Q], 0), d.MAXVAL)
	k := 0
	for d.N[Q]<<k < d.A[Q] {
		k++
	}
	M := d.golomb(k, d.LIMIT)
	Errval := M / 2
	if M%2 == 1 {
		Errval = -(M + 1) / 2
	}
	if d.NEAR == 0 && k == 0 && 2*d.B[Q] <= -d.N[Q] {
		Errval = -Errval - 1
	}
	Rx := d.value(Px, SIGN*Errval)
	d.B[Q] += Errval * (2*d.NEAR + 1)
	d.A[Q] += max(Errval, -Errval)
	if d.N[Q] == d.RESET {
		d.A[Q] >>= 1
		d.B[Q] >>= 1
		d.N[Q] >>= 1
	}
	d.N[Q]++
	if d.B[Q] <= -d.N[Q] {
		d.B[Q] = max(d.B[Q]+d.N[Q], -d.N[Q]+1)
		d.C[Q] = max(d.C[Q]-1, -128)
	} else if d.B[Q] > 0 {
		d.B[Q] = min(d.B[Q]-d.N[Q], 0)
		d.C[Q] = min(d.C[Q]+1, 127)
	}
	return Rx
}

func (d *jpeglsDecoder) interruption(Ra, Rb, J int) int {
	RItype, Px, SIGN := 0, Rb, 1
	if max(Ra-Rb, Rb-Ra) <= d.NEAR {
		RItype, Px = 1, Ra
	} else if Ra > Rb {
		SIGN = -1
	}
	Q := 365 + RItype
	TEMP := d.A[Q]
	if RItype == 1 {
		TEMP += d.N[Q] >> 1
	}
	k := 0
	for d.N[Q]<<k < TEMP {
		k++
	}
	EMErrval := d.golomb(k, d.LIMIT-J-1)
	size := (EMErrval + RItype + 1) / 2
	Errval := size
	// map is what is missing from twice the size; it tells the sign.
	if mapped := 2*size - EMErrval - RItype; size > 0 && (mapped == 1) == (k != 0 || 2*d.Nn[RItype] >= d.N[Q]) {
		Errval = -size
	}
	if Errval < 0 {
		d.Nn[RItype]++
	}
	d.A[Q] += (EMErrval + 1 - RItype) >> 1
	if d.N[Q] == d.RESET {
		d.A[Q] >>= 1
		d.N[Q] >>= 1
		d.Nn[RItype] >>= 1
	}
	d.N[Q]++
	return d.value(Px, SIGN*Errval)
}
