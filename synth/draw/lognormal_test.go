package draw

import (
	"math"
	"slices"
	"testing"
)

// TestLognormalMean holds the mean of what is cut off.
func TestLognormalMean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ mean, most float64 }{{800, 10_000}, {1500, 10_000}, {500, 10_000}, {20, 100}, {3, 6}, {40_000, 100_000}, {800, 1_000_000}, {900_000, 1_000_000}} {
		l := NewLognormal(uint64(c.mean*One), LognormalSigma(6, 10), uint64(c.most*One))
		if got := float64(l.Mean()) / One; got < c.mean*0.99999 || got > c.mean*1.00001 {
			t.Errorf("mean %.4f, want %g", got, c.mean)
		}
	}
	if got, want := float64(LognormalSigma(6, 10))/One, math.Sqrt(-2*math.Log(0.6))/math.Ln2; math.Abs(got-want) > 1e-9 {
		t.Errorf("sigma %.12f, want %.12f", got, want)
	}
	if l := NewLognormal(7*One, LognormalSigma(1, 1), 7*One); l.Draw(From(1)) != 7*One {
		t.Errorf("without a deviation, and cut off at the mean, %d is drawn", l.Draw(From(1)))
	}
}

// TestLognormal holds the distribution against what it promises, within 3 %.
func TestLognormal(t *testing.T) {
	t.Parallel()
	const n, mean = 200_000, 800
	l := NewLognormal(mean*One, LognormalSigma(6, 10), 1_000_000*One)
	s := From(7)
	all, sum := make([]float64, n), 0.0
	for i := range all {
		all[i] = float64(l.Draw(s)) / One
		sum += all[i]
	}
	slices.Sort(all)
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"mean", sum / n, mean},
		{"median", all[n/2], 0.6 * mean},
		{"95th percentile", all[n*95/100], 0.6 * mean * math.Exp(1.6449*1.0108)},
	} {
		if math.Abs(c.got/c.want-1) > 0.03 {
			t.Errorf("%s %.0f, want %.0f", c.what, c.got, c.want)
		}
	}
	l = NewLognormal(mean*One, LognormalSigma(6, 10), 900*One)
	for range 1000 {
		if v := l.Draw(s); v < One || v > 900*One {
			t.Fatalf("drawn %d, cut off at 900", v/One)
		}
	}
}

func BenchmarkNewLognormal(b *testing.B) {
	for range b.N {
		NewLognormal(800*One, LognormalSigma(6, 10), 10_000*One)
	}
}
