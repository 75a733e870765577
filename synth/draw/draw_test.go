package draw

import (
	"math"
	"slices"
	"testing"
)

// TestFixed holds the first draws of a stream: content made from them must be
// the same for ever.
func TestFixed(t *testing.T) {
	t.Parallel()
	s := From(1, 2, 3)
	got := []int{s.Below(1000), s.Between(-5, 5), s.Lognormal(800, 10000), s.Lognormal(800, 10000)}
	if want := []int{342, -5, 230, 285}; !slices.Equal(got, want) {
		t.Errorf("draws %v, want %v", got, want)
	}
	if From(1, 2).Uint64() == From(2, 1).Uint64() {
		t.Error("the order of the numbers does not matter")
	}
}

func TestExp(t *testing.T) {
	t.Parallel()
	for x := -9.5; x < 9.5; x += 0.37 {
		got, want := float64(exp(int64(x*65536)))/65536, math.Exp(x)
		if math.Abs(got-want) > want*0.001+0.0001 {
			t.Errorf("exp(%.2f) = %g, want %g", x, got, want)
		}
	}
}

// TestLognormal holds the distribution against what it promises, within 3 %.
func TestLognormal(t *testing.T) {
	t.Parallel()
	const n, mean = 200_000, 800
	s := From(7)
	all, sum := make([]int, n), 0
	for i := range all {
		all[i] = s.Lognormal(mean, 1_000_000)
		sum += all[i]
	}
	slices.Sort(all)
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean", float64(sum) / n, mean},
		{"median", float64(all[n/2]), 0.6 * mean},
		{"95th percentile", float64(all[n*95/100]), 0.6 * mean * math.Exp(1.6449*1.0108)},
	} {
		if math.Abs(c.got/c.want-1) > 0.03 {
			t.Errorf("%s %.0f, want %.0f", c.what, c.got, c.want)
		}
	}
	for range 1000 {
		if v := s.Lognormal(mean, 900); v < 1 || v > 900 {
			t.Fatalf("drawn %d, clipped at 900", v)
		}
	}
}
