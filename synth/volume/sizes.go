package volume

import "pacsuat/synth/draw"

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
	mean    uint64 // in fixed point
	shape   shape
	percent decimal
	tail    draw.Lognormal
}

// draw returns the instances of one study, at least 1.
func (n images) draw(s *draw.Stream) int {
	if n.exactly > 0 {
		return n.exactly
	}
	x := n.mean
	switch n.shape {
	case shapeEven:
		x = s.Around(n.mean, draw.MulDiv(n.mean, uint64(n.percent), hundred))
	case shapeLognormal:
		x = n.tail.Draw(s)
	}
	return max(s.Round(x), 1)
}

// expected is the mean of draw, for what is printed.
func (n images) expected() float64 {
	if n.exactly > 0 {
		return float64(n.exactly)
	}
	return float64(n.mean) / draw.One
}

// sigmaOf returns the deviation of a lognormal distribution whose median is so
// much of its mean.
func sigmaOf(median decimal) uint64 { return draw.LognormalSigma(uint64(median), million) }

// maxImages bounds the instances of a study.
const maxImages = 100_000
