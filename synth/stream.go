package synth

import "encoding/binary"

// stream is a small deterministic generator (xorshift64*). It is not
// cryptographic; it is used because the standard library's generators promise
// no bytes across versions for derived draws, and content must be the same on
// every machine and with every compiler.
type stream struct{ state uint64 }

func newStream(sum [32]byte) *stream {
	return seeded(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:]))
}

// seeded returns the stream of a list of numbers.
func seeded(numbers ...uint64) *stream {
	s := uint64(0x9E3779B97F4A7C15)
	for _, n := range numbers {
		s = mix(s ^ n)
	}
	if s == 0 {
		s = 1 // the state 0 is the one that never changes
	}
	return &stream{s}
}

// mix is the finalizer of splitmix64: every bit of the result depends on every
// bit of x.
func mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

func (s *stream) next() uint64 {
	s.state ^= s.state >> 12
	s.state ^= s.state << 25
	s.state ^= s.state >> 27
	return s.state * 0x2545F4914F6CDD1D
}

// below returns a number in [0, n); n must be positive.
func (s *stream) below(n int) int { return int(s.next() >> 33 % uint64(n)) }

// between returns a number in [low, high].
func (s *stream) between(low, high int) int { return low + s.below(high-low+1) }
