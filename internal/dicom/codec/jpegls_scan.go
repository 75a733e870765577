package codec

import (
	"encoding/binary"
	"math/bits"
)

// jpeglsSign is the shift that leaves of an int 0, or -1 where it was negative.
const jpeglsSign = bits.UintSize - 1

// jpeglsContext is what is known of the prediction errors of one context. See T.87
// A.2.
type jpeglsContext struct {
	a, b, c, n int32 // A, B, C, N; of a run interruption b is Nn
}

// jpeglsRunOrders is J of T.87 A.2.1.
var jpeglsRunOrders = [32]uint8{
	0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3,
	4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15,
}

const jpeglsRegular = 365 // contexts of the regular mode; the two of run interruption follow

// jpeglsScan is the state of one scan.
type jpeglsScan struct {
	jpeglsParameters
	w        jpeglsWriter
	contexts [jpeglsRegular + 2]jpeglsContext
	levels   []int8 // the quantised gradient, at the gradient + MAXVAL
	runIndex []int  // RUNindex of each component
	runOrder int    // J[RUNindex] of the run that was ended last
	flipped  int    // bits that differ between samples and their reconstruction

	// Of each component the line above and the current one, as they are
	// reconstructed, with a sample more at both ends.
	above, line [][]int32
	input       []int32 // the current line before reconstruction, when near is not 0
}

func newJPEGLSScan(p jpeglsParameters, f Frame) *jpeglsScan {
	n := f.SamplesPerPixel
	s := &jpeglsScan{jpeglsParameters: p, levels: p.levels(), runIndex: make([]int, n), above: make([][]int32, n), line: make([][]int32, n)}
	for c := range n {
		s.above[c], s.line[c] = make([]int32, f.Columns+2), make([]int32, f.Columns+2)
	}
	if p.near > 0 {
		s.input = make([]int32, f.Columns+2)
	}
	a := int32(max(2, (p.rng+32)/64))
	for i := range s.contexts {
		s.contexts[i] = jpeglsContext{a: a, n: 1}
	}
	return s
}

// levels returns the quantised gradient of each from -MAXVAL to MAXVAL. See T.87
// A.3.3.
func (p *jpeglsParameters) levels() []int8 {
	levels := make([]int8, 2*p.maxVal+1)
	zero := levels[p.maxVal:]
	from := [...]int{p.near + 1, p.t1, p.t2, p.t3, p.maxVal + 1}
	for i, d := range from[:4] {
		for ; d < from[i+1]; d++ {
			zero[d], levels[p.maxVal-d] = int8(i+1), -int8(i+1)
		}
	}
	return levels
}

// encode encodes all lines, those of the components by turns.
func (s *jpeglsScan) encode(f Frame) {
	n := f.SamplesPerPixel
	stride := len(f.Pixel) / f.Rows
	for y := range f.Rows {
		row := f.Pixel[y*stride : (y+1)*stride]
		for c := range n {
			line, above := s.above[c], s.line[c] // the old line above has done its duty
			s.above[c], s.line[c] = above, line
			above[len(above)-1] = above[len(above)-2]
			line[0] = above[1]
			if s.near == 0 {
				jpeglsUnpack(line[1:len(line)-1], row, f, c)
				s.lossless(c)
				continue
			}
			jpeglsUnpack(s.input[1:len(s.input)-1], row, f, c)
			s.nearLossless(c)
		}
	}
}

// jpeglsUnpack takes the bits stored of component c from a row.
func jpeglsUnpack(line []int32, row []byte, f Frame, c int) {
	mask := int32(1)<<f.BitsStored - 1
	if f.BitsAllocated == 16 { // one component only
		for i := range line {
			line[i] = int32(binary.LittleEndian.Uint16(row[2*i:])) & mask
		}
		return
	}
	for i := range line {
		line[i] = int32(row[c+i*f.SamplesPerPixel]) & mask
	}
}

// context returns the number of the context, not yet merged by sign, and is 0
// where a run begins. See T.87 A.3.
func (s *jpeglsScan) context(ra, rb, rc, rd int) int {
	return int(s.levels[rd-rb+s.maxVal])*81 + int(s.levels[rb-rc+s.maxVal])*9 + int(s.levels[rc-ra+s.maxVal])
}

// What follows has no branches, for of noise none is foreseen.

func jpeglsMin(a, b int) int { return b + (a-b)&((a-b)>>jpeglsSign) }
func jpeglsMax(a, b int) int { return a - (a-b)&((a-b)>>jpeglsSign) }

// jpeglsPredict returns Px of the median edge detector. See T.87 A.4.1.
func jpeglsPredict(ra, rb, rc int) int {
	return jpeglsMax(jpeglsMin(jpeglsMax(ra, rb), ra+rb-rc), jpeglsMin(ra, rb))
}

// jpeglsOrder returns k, the least for which N<<k is not less than A. See T.87
// A.5.1.
func jpeglsOrder(n, a int) uint {
	k := jpeglsMax(bits.Len(uint(a))-bits.Len(uint(n)), 0)
	return uint(k - (n<<uint(k)-a)>>jpeglsSign)
}

// golomb appends the limited Golomb code of v. See T.87 A.5.3.
func (s *jpeglsScan) golomb(v int, k uint, limit int) {
	high := v >> k
	if high < limit-s.qbpp-1 {
		if n := uint(high) + 1 + k; n <= 32 {
			s.w.put(1<<k|uint64(v&(1<<k-1)), n)
			return
		}
		s.zeros(high)
		s.w.put(1<<k|uint64(v&(1<<k-1)), k+1)
		return
	}
	s.zeros(limit - s.qbpp - 1)
	s.w.put(1<<s.qbpp|uint64(v-1), uint(s.qbpp)+1)
}

// zeros appends n zeros.
func (s *jpeglsScan) zeros(n int) {
	for ; n > 32; n -= 32 {
		s.w.put(0, 32)
	}
	s.w.put(0, uint(n))
}

// regular appends the error e of a sample of a context and learns from it. See
// T.87 A.5.2 and A.6.
func (s *jpeglsScan) regular(ctx *jpeglsContext, e int) {
	a, b, n := int(ctx.a), int(ctx.b), int(ctx.n)
	k := jpeglsOrder(n, a)
	sign := e >> jpeglsSign
	mapped := e<<1 ^ sign
	if k == 0 && s.near == 0 && 2*b <= -n {
		mapped ^= 1
	}
	s.golomb(mapped, k, s.limit)

	a += e ^ sign - sign
	b += e * s.step
	if n == jpeglsReset {
		a >>= 1
		b >>= 1
		n >>= 1
	}
	n++
	low, high := (b+n-1)>>jpeglsSign, -b>>jpeglsSign // -1 where B <= -N, where B > 0
	b = jpeglsMin(jpeglsMax(b+n&low-n&high, 1-n), 0)
	if c := int(ctx.c) + low - high; c >= jpeglsMinC && c <= jpeglsMaxC {
		ctx.c = int32(c)
	}
	ctx.a, ctx.b, ctx.n = int32(a), int32(b), int32(n)
}

// run appends a run of n samples of component c, which is interrupted before the
// end of the line or reaches it. See T.87 A.7.1.2.
func (s *jpeglsScan) run(c, n int, interrupted bool) {
	index := s.runIndex[c]
	for n >= 1<<jpeglsRunOrders[index] {
		s.w.put(1, 1)
		n -= 1 << jpeglsRunOrders[index]
		index = min(index+1, len(jpeglsRunOrders)-1)
	}
	s.runOrder = int(jpeglsRunOrders[index])
	if interrupted {
		s.w.put(uint64(n), uint(s.runOrder)+1) // a zero, then n
		index = max(index-1, 0)
	} else if n > 0 {
		s.w.put(1, 1)
	}
	s.runIndex[c] = index
}

// interruption appends the error e of the sample that ended a run; of kind 1 where
// the samples to the left and above are alike, otherwise 0. See T.87 A.7.2.
func (s *jpeglsScan) interruption(kind, e int) {
	ctx := &s.contexts[jpeglsRegular+kind]
	n, nn := int(ctx.n), int(ctx.b)
	k := jpeglsOrder(n, int(ctx.a)+n>>1*kind)
	size := max(e, -e)
	v := 2*size - kind
	if e < 0 && (k != 0 || 2*nn >= n) || e > 0 && k == 0 && 2*nn < n {
		v--
	}
	s.golomb(v, k, s.limit-s.runOrder-1)
	if e < 0 {
		ctx.b++
	}
	ctx.a += int32((v + 1 - kind) >> 1)
	if ctx.n == jpeglsReset {
		ctx.a >>= 1
		ctx.b >>= 1
		ctx.n >>= 1
	}
	ctx.n++
}
