package draw

import "math/bits"

// Part returns a part of x, each as likely: from 0 to less than x, and 0 of 0.
func (s *Stream) Part(x uint64) uint64 { return scale(x, s.Uint64()) }

// Around returns a number from mean-width to mean+width, each as likely; width
// must not be more than mean, nor twice it more than 64 bits hold.
func (s *Stream) Around(mean, width uint64) uint64 { return mean - width + s.Part(2*width) }

// Round returns x, a number in fixed point, rounded up or down at random so that
// the mean stays.
func (s *Stream) Round(x uint64) int {
	return int((x + s.Uint64()>>(64-fracBits)) >> fracBits)
}

// Exponential draws from the exponential distribution of mean 1, in fixed point:
// the negative logarithm of a uniform number.
func (s *Stream) Exponential() uint64 {
	return scale(uint64(64*One-Log2(s.Uint64())), ln2)
}

// Normal draws from the normal distribution of mean 0 and deviation 1, in fixed
// point (the polar method, with its product and root as sums of logarithms).
func (s *Stream) Normal() int64 {
	for {
		// A point of the square, in units of 2^-32; it must lie in the circle.
		a, b := s.Uint64()>>32, s.Uint64()>>32
		square, carry := bits.Add64(a*a, b*b, 0)
		if carry == 1 || square == 0 || a == 0 {
			continue
		}
		log := Log2(square) - 64*One // of the squared distance, below 0
		e := scale(uint64(max(-log, 1)), ln2)
		z := Exp2(Log2(a) - 32*One + (Log2(e)-fracBits*One+One-log)/2)
		if s.Uint64()>>63 == 1 {
			return -int64(z)
		}
		return int64(z)
	}
}

// Geometric is the distribution of a number from 1, of which each further one is
// as likely as the one before it. The zero value is always 1.
type Geometric struct{ step uint64 } // -ln(1 - 1/mean), fixed

// NewGeometric returns the geometric distribution whose mean is mean/unit; less
// than 1 is taken for 1.
func NewGeometric(mean, unit uint64) Geometric {
	if mean <= unit {
		return Geometric{}
	}
	return Geometric{max(scale(uint64(Log2(mean)-Log2(mean-unit)), ln2), 1)}
}

// Draw returns a number of the distribution.
func (g Geometric) Draw(s *Stream) int {
	if g.step == 0 {
		return 1
	}
	return 1 + int(s.Exponential()/g.step)
}
