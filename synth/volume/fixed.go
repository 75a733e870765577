package volume

import (
	"math/big"
	"math/bits"
	"sync"

	"pacsuat/synth/draw"
)

// Numbers that decide a draw are integers in units of 2^-40, here called fixed.
// Compilers fuse and order floating point differently; these functions give the
// same bits on every machine. They are right to about 10 decimal places.
const (
	fracBits = 40
	one      = 1 << fracBits
)

// ln2 is the natural logarithm of 2, in units of 2^-64.
const ln2 = 0xB17217F7D1CF79AB

// mulDiv returns a*b/c rounded down, with a product of 128 bits; the largest
// number if the result, or its divisor, is out of range.
func mulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	if hi >= c {
		return 1<<64 - 1
	}
	q, _ := bits.Div64(hi, lo, c)
	return q
}

// scale returns x * u / 2^64, rounded down: a number below x for any u.
func scale(x, u uint64) uint64 {
	hi, _ := bits.Mul64(x, u)
	return hi
}

// log2 returns the logarithm to base 2 of an integer x > 0, in fixed. One bit
// follows from whether the square of what is left is 2 or more.
func log2(x uint64) int64 {
	n := bits.Len64(x) - 1
	m := x << (63 - n) // from 1 to 2, in units of 2^-63
	r := int64(n)
	for range fracBits {
		hi, lo := bits.Mul64(m, m)
		r <<= 1
		if hi>>63 == 1 {
			r, m = r|1, hi
		} else {
			m = hi<<1 | lo>>63
		}
	}
	return r
}

// roots holds 2^(1/2), 2^(1/4), ... in units of 2^-62.
var roots = sync.OnceValue(func() (roots [fracBits]uint64) {
	c := new(big.Int).Lsh(big.NewInt(2), 62)
	for i := range roots {
		c.Sqrt(c.Lsh(c, 62))
		roots[i] = c.Uint64()
	}
	return roots
})

// exp2 returns 2 to the power of a fixed x, in fixed: 0 where it is smaller than
// that, and the largest number where it is larger.
func exp2(x int64) uint64 {
	const unit = 62 // bits of the fraction while multiplying
	n := x >> fracBits
	if n < -fracBits-1 {
		return 0
	}
	if n >= 64-fracBits {
		return 1<<64 - 1
	}
	r := uint64(1) << unit
	for i, c := range roots() {
		if x>>(fracBits-1-i)&1 == 1 {
			hi, lo := bits.Mul64(r, c)
			r = hi<<(64-unit) | lo>>unit
		}
	}
	if shift := unit - fracBits - n; shift > 0 {
		return r >> shift
	}
	return r << (n - (unit - fracBits))
}

// exponential draws from the exponential distribution of mean 1, in fixed: the
// negative logarithm of a uniform number.
func exponential(s *draw.Stream) uint64 {
	u := max(s.Uint64(), 1)
	return scale(uint64(64*one-log2(u)), ln2)
}

// normal draws from the normal distribution of mean 0 and deviation 1, in fixed
// (the polar method, with its product and root as sums of logarithms).
func normal(s *draw.Stream) int64 {
	for {
		// A point of the square, in units of 2^-32; it must lie in the circle.
		a, b := s.Uint64()>>32, s.Uint64()>>32
		square, carry := bits.Add64(a*a, b*b, 0)
		if carry == 1 || square == 0 || a == 0 {
			continue
		}
		log := log2(square) - 64*one // of the squared distance, below 0
		e := scale(uint64(max(-log, 1)), ln2)
		z := exp2(log2(a) - 32*one + (log2(max(e, 1))-fracBits*one+one-log)/2)
		if s.Uint64()>>63 == 1 {
			return -int64(z)
		}
		return int64(z)
	}
}

// mulFixed returns the product of two fixed numbers, of which b may be negative.
func mulFixed(a uint64, b int64) int64 {
	m := uint64(b)
	if b < 0 {
		m = -m
	}
	hi, lo := bits.Mul64(a, m)
	p := int64(hi<<(64-fracBits) | lo>>fracBits)
	if b < 0 {
		return -p
	}
	return p
}

// whole rounds a fixed number up or down at random, so that the mean stays.
func whole(x uint64, s *draw.Stream) int {
	return int((x + s.Uint64()>>(64-fracBits)) >> fracBits)
}
