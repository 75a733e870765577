// Package draw makes deterministic draws from seeds, in integer arithmetic, the
// same on every machine and with every compiler: the standard library promises no
// bytes across versions for derived draws. It is not cryptographic.
package draw

import "encoding/binary"

// Stream is a small generator (xorshift64*). It must not be shared by goroutines.
type Stream struct{ state uint64 }

// From returns the stream of a list of numbers: the same list, the same draws.
func From(numbers ...uint64) *Stream {
	s := uint64(0x9E3779B97F4A7C15)
	for _, n := range numbers {
		s = Mix(s ^ n)
	}
	if s == 0 {
		s = 1 // the state 0 is the one that never changes
	}
	return &Stream{s}
}

// FromSum returns the stream of a hash.
func FromSum(sum [32]byte) *Stream {
	return From(binary.BigEndian.Uint64(sum[:]), binary.BigEndian.Uint64(sum[8:]))
}

// Mix is the finalizer of splitmix64: every bit of the result depends on every
// bit of x.
func Mix(x uint64) uint64 {
	x += 0x9E3779B97F4A7C15
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// State returns what the next draws depend on, to make further streams from.
func (s *Stream) State() uint64 { return s.state }

// Uint64 returns 64 random bits.
func (s *Stream) Uint64() uint64 {
	s.state ^= s.state >> 12
	s.state ^= s.state << 25
	s.state ^= s.state >> 27
	return s.state * 0x2545F4914F6CDD1D
}

// Below returns a number in [0, n); n must be positive.
func (s *Stream) Below(n int) int { return int(s.Uint64() >> 33 % uint64(n)) }

// Between returns a number in [low, high].
func (s *Stream) Between(low, high int) int { return low + s.Below(high-low+1) }
