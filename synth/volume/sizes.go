package volume

import (
	"sync"

	"pacsuat/synth/draw"
)

// shape is how instances vary from study to study.
type shape string

const (
	shapeFixed     shape = "fixed"
	shapeEven      shape = "even"
	shapeLognormal shape = "lognormal"
)

var shapes = []string{string(shapeLognormal), string(shapeEven), string(shapeFixed)}

// spread is a shape with its parameters.
type spread struct {
	shape   shape
	percent decimal // even: so much less or more than the mean
	median  decimal // lognormal: of the mean
	p95     decimal // lognormal: of the mean, as stated; 0 if it is not
	most    decimal // lognormal: cut off there
}

// images is the number of instances of a study of one recipe: exactly so many,
// or drawn.
type images struct {
	exactly int    // 0 = drawn
	mean    uint64 // fixed
	shape   shape
	percent decimal
	tail    lognormal
}

// draw returns the instances of one study, at least 1.
func (n images) draw(s *draw.Stream) int {
	if n.exactly > 0 {
		return n.exactly
	}
	x := n.mean
	switch n.shape {
	case shapeEven:
		wide := 2 * mulDiv(n.mean, uint64(n.percent), hundred)
		x = n.mean - wide/2 + scale(wide, s.Uint64())
	case shapeLognormal:
		x = n.tail.at(normal(s))
	}
	return max(whole(x, s), 1)
}

// expected is the mean of draw, for what is printed.
func (n images) expected() float64 {
	if n.exactly > 0 {
		return float64(n.exactly)
	}
	return float64(n.mean) / one
}

// lognormal is a distribution whose logarithm is a normal one, cut off so that
// no study has less than 1 instance or more than the most.
type lognormal struct {
	log   int64  // of the median, to base 2, fixed
	sigma uint64 // deviation of the logarithm to base 2, fixed
	most  uint64 // fixed
}

// at returns the number at z deviations from the median, fixed.
func (l lognormal) at(z int64) uint64 {
	return min(max(exp2(l.log+mulFixed(l.sigma, z)), one), l.most)
}

// sigmaOf returns the deviation of a lognormal distribution whose median is so
// much of its mean: that is exp(-s*s/2), with s to base e.
func sigmaOf(median decimal) uint64 {
	log := log2(million) - log2(uint64(median)) // -log2(median), above 0
	square := mulDiv(2*uint64(log), 1<<63, ln2>>1)
	return exp2((log2(max(square, 1)) - fracBits*one) / 2)
}

// Points in which means of lognormal distributions are computed, from -8 to 8
// deviations. With equal steps the sum is right to about 1 in 10,000, the bend
// at the cut included.
const (
	gridStep = one / 16
	gridEnd  = 8 * one
)

// weights is the normal density in those points, fixed, but for a factor.
var weights = sync.OnceValue(func() (w []uint64) {
	const log2e = 0xB8AA3B295C17F0BC // half of it, in units of 2^-64: log2(e) = 1.4427
	for z := int64(-gridEnd); z <= gridEnd; z += gridStep {
		square := mulFixed(uint64(max(z, -z)), max(z, -z))
		w = append(w, exp2(-int64(scale(uint64(square), log2e))))
	}
	return w
})

// mean returns the mean of the distribution as it is cut off, fixed.
func (l lognormal) mean() uint64 {
	var sum, all uint64
	z := int64(-gridEnd)
	for _, w := range weights() {
		sum += mulDiv(w, l.at(z), one)
		all += w
		z += gridStep
	}
	return mulDiv(sum, one, all)
}

// maxImages bounds the instances of a study. The sums of mean fit with it.
const maxImages = 100_000

// lognormalOf returns the distribution of that mean (fixed): cut off, its median
// must lie a little higher than it would without. The mean must lie between 1
// and the most.
func lognormalOf(mean, sigma, most uint64) lognormal {
	l := lognormal{sigma: sigma, most: most}
	low, high := int64(-8*one), int64(24*one)
	for high-low > 1 {
		l.log = low + (high-low)/2
		if l.mean() < mean {
			low = l.log
		} else {
			high = l.log
		}
	}
	l.log = high
	return l
}
