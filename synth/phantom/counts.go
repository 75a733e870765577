package phantom

import (
	"math/bits"
	"sync"

	"pacsuat/synth/draw"
)

// decays is e to the power of -i/64, times 1<<32.
var decays = sync.OnceValue(func() *[513]uint64 {
	// e to the power of -1/64 by its series, times 1<<63.
	term, step := uint64(1)<<63, uint64(0)
	for n := uint64(1); term > 0; n++ {
		if n%2 == 1 {
			step += term
		} else {
			step -= term
		}
		term = term / 64 / n
	}
	var t [513]uint64
	power := uint64(1) << 63
	for i := range t {
		t[i] = power >> 31
		high, low := bits.Mul64(power, step)
		power = high<<1 | low>>63
	}
	return &t
})

// count draws how many events a detector sees where mean/64 are to be expected
// (Poisson's distribution).
func count(s *draw.Stream, mean int32) int32 {
	if mean <= 0 {
		return 0
	}
	if mean > 64*40 { // nearly bell-shaped
		return max(0, (mean+bell(s, int32(isqrt(int(mean)*64)))+32)/64)
	}
	// Multiply draws until they are less than e to the power of -mean; more than 8
	// events are drawn in parts.
	n := int32(0)
	for mean > 0 {
		part := min(mean, 512)
		mean -= part
		limit := decays()[part]
		for p := s.Uint64() >> 32; p >= limit; p = p * (s.Uint64() >> 32) >> 32 {
			n++
		}
	}
	return n
}

// counts replaces every value, events to be expected in 1/64, by what a detector
// sees.
func (c *canvas) counts(s *draw.Stream) {
	for i, v := range c.v {
		c.v[i] = count(s, v)
	}
}
