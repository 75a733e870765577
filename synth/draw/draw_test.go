package draw

import (
	"slices"
	"testing"
)

// TestFixed holds the first draws of a stream: content made from them must be
// the same for ever.
func TestFixed(t *testing.T) {
	t.Parallel()
	s := From(1, 2, 3)
	got := []int64{
		int64(s.Below(1000)), int64(s.Between(-5, 5)), int64(s.Part(1000)), int64(s.Around(One, One/2)), int64(s.Round(3*One + One/2)),
		s.Normal(), int64(s.Exponential()), int64(NewGeometric(10, 1).Draw(s)),
		int64(NewLognormal(800*One, LognormalSigma(6, 10), 10_000*One).Draw(s)),
	}
	if want := []int64{342, -5, 225, 1146839574441, 4, -1779693286465, 462871108921, 21, 639531971510837}; !slices.Equal(got, want) {
		t.Errorf("draws %v, want %v", got, want)
	}
	if From(1, 2).Uint64() == From(2, 1).Uint64() {
		t.Error("the order of the numbers does not matter")
	}
}
