package draw

import (
	"math/big"
	"math/bits"
	"sync"
)

// One is the number 1 in fixed point, whose unit is 2^-40. Distributions are
// computed in it, as integers: compilers fuse and order floating point
// differently, these functions give the same bits on every machine. They are
// right to about 10 decimal places.
const One = 1 << fracBits

const fracBits = 40

// ln2 is the natural logarithm of 2, in units of 2^-64.
const ln2 = 0xB17217F7D1CF79AB

// MulDiv returns a*b/c rounded down, with a product of 128 bits; the largest
// number if the result, or its divisor, is out of range.
func MulDiv(a, b, c uint64) uint64 {
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

// Log2 returns the logarithm to base 2 of an integer x > 0, in fixed point; of 0
// that of 1. For a fixed x it is Log2(x) - 40*One.
func Log2(x uint64) int64 {
	// One bit follows from whether the square of what is left is 2 or more.
	x = max(x, 1)
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

// Exp2 returns 2 to the power of x, both in fixed point: 0 where it is smaller
// than 2^-40, and the largest number where it is larger than that.
func Exp2(x int64) uint64 {
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
