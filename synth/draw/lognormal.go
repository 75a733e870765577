package draw

import (
	"math/bits"
	"sync"
)

// Lognormal is a distribution whose logarithm is a normal one: the heavy tail of
// images a study in CT and MR. It is cut off so that nothing drawn is less than 1
// or more than a largest number. All its numbers are in fixed point.
type Lognormal struct {
	log   int64  // of the median, to base 2
	sigma uint64 // deviation of the logarithm to base 2
	most  uint64
}

// LognormalSigma returns the deviation, of the logarithm to base 2, of a
// lognormal distribution whose median is median/mean of its mean; median must be
// positive and not exceed mean. The ratio is exp(-s*s/2), with s to base e.
func LognormalSigma(median, mean uint64) uint64 {
	log := Log2(mean) - Log2(median)
	square := MulDiv(2*uint64(max(log, 0)), 1<<63, ln2>>1)
	return Exp2((Log2(square) - fracBits*One) / 2)
}

// NewLognormal returns the distribution of that mean, as it is cut off: its
// median lies a little higher than it would without. mean and most are in fixed
// point; mean must lie between 1 and most, and most must be less than 2^23.
func NewLognormal(mean, sigma, most uint64) Lognormal {
	l := Lognormal{sigma: sigma, most: most}
	low, high := int64(-8*One), int64(24*One)
	for high-low > 1 {
		l.log = low + (high-low)/2
		if l.Mean() < mean {
			low = l.log
		} else {
			high = l.log
		}
	}
	l.log = high
	return l
}

// at returns the number at z deviations from the median.
func (l Lognormal) at(z int64) uint64 {
	return min(max(Exp2(l.log+mulFixed(l.sigma, z)), One), l.most)
}

// Draw returns a number of the distribution, in fixed point.
func (l Lognormal) Draw(s *Stream) uint64 { return l.at(s.Normal()) }

// Points in which means of lognormal distributions are computed, from -8 to 8
// deviations. With equal steps the sum is right to about 1 in 10,000, the bend
// at the cut included.
const (
	gridStep = One / 16
	gridEnd  = 8 * One
)

// weights is the normal density in those points, but for a factor.
var weights = sync.OnceValue(func() (w []uint64) {
	const log2e = 0xB8AA3B295C17F0BC // half of it, in units of 2^-64: log2(e) = 1.4427
	for z := int64(-gridEnd); z <= gridEnd; z += gridStep {
		square := mulFixed(uint64(max(z, -z)), max(z, -z))
		w = append(w, Exp2(-int64(scale(uint64(square), log2e))))
	}
	return w
})

// Mean returns the mean of the distribution as it is cut off.
func (l Lognormal) Mean() uint64 {
	var hi, lo, all uint64 // a sum of 128 bits, and the one of the weights
	z := int64(-gridEnd)
	for _, w := range weights() {
		var carry uint64
		lo, carry = bits.Add64(lo, MulDiv(w, l.at(z), One), 0)
		hi += carry
		all += w
		z += gridStep
	}
	// The mean is at most l.most, so the quotient fits.
	mean, _ := bits.Div64(hi<<fracBits|lo>>(64-fracBits), lo<<fracBits, all)
	return mean
}
