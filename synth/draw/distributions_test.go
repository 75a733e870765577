package draw

import (
	"math"
	"testing"
)

// TestNormalExponential holds moments and tails: n = 400,000, so the mean of
// each indicator is within 5 of its standard errors.
func TestNormalExponential(t *testing.T) {
	t.Parallel()
	const n = 400_000
	s := From(2)
	var sum, squares, exps float64
	beyond := map[float64]int{}
	for range n {
		z := float64(s.Normal()) / One
		sum, squares = sum+z, squares+z*z
		for _, at := range []float64{-3, -1, 0, 0.5, 1.6449, 3} {
			if z > at {
				beyond[at]++
			}
		}
		exps += float64(s.Exponential()) / One
	}
	near := func(what string, got, want, deviation float64) {
		t.Helper()
		if math.Abs(got-want) > 5*deviation/math.Sqrt(n) {
			t.Errorf("%s %.5f, want %.5f", what, got, want)
		}
	}
	near("mean of normal", sum/n, 0, 1)
	near("variance of normal", squares/n, 1, math.Sqrt2)
	near("mean of exponential", exps/n, 1, 1)
	for at, got := range beyond {
		p := math.Erfc(at/math.Sqrt2) / 2
		near("share above", float64(got)/n, p, math.Sqrt(p*(1-p)))
	}
}

// TestAround holds bounds and mean of what is as likely anywhere.
func TestAround(t *testing.T) {
	t.Parallel()
	const n = 100_000
	s := From(3)
	var sum, least, most uint64 = 0, 1 << 63, 0
	for range n {
		x := s.Around(1000, 300)
		sum, least, most = sum+x, min(least, x), max(most, x)
	}
	if least != 700 || most != 1299 {
		t.Errorf("from %d to %d, want 700 to 1299", least, most)
	}
	if mean := float64(sum) / n; math.Abs(mean-999.5) > 5*300/math.Sqrt(3*n) {
		t.Errorf("mean %.2f, want 999.5", mean)
	}
	if s.Part(0) != 0 || s.Around(7, 0) != 7 {
		t.Error("a width of 0")
	}
}

// TestRound: the mean of what is rounded stays.
func TestRound(t *testing.T) {
	t.Parallel()
	const n = 100_000
	s := From(4)
	counts := map[int]int{}
	for range n {
		counts[s.Round(2*One+One/4)]++
	}
	if len(counts) != 2 || math.Abs(float64(counts[3])/n-0.25) > 5*math.Sqrt(0.25*0.75/n) {
		t.Errorf("2.25 is rounded to %v", counts)
	}
}

// TestGeometric holds mean and shares of the first numbers.
func TestGeometric(t *testing.T) {
	t.Parallel()
	const n = 200_000
	for _, mean := range []float64{1, 1.5, 11.46} {
		s, g := From(5), NewGeometric(uint64(mean*1000), 1000)
		sum, counts := 0.0, map[int]float64{}
		for range n {
			k := g.Draw(s)
			sum += float64(k)
			counts[k]++
		}
		p := 1 / mean
		if got := sum / n; math.Abs(got-mean) > 5*math.Sqrt((1-p)/n)/p {
			t.Errorf("mean %.4f, want %g", got, mean)
		}
		for k := 1; k < 4; k++ {
			share := math.Pow(1-p, float64(k-1)) * p
			if got := counts[k] / n; math.Abs(got-share) > 5*math.Sqrt(share*(1-share)/n) {
				t.Errorf("mean %g: %d has a share of %.4f, want %.4f", mean, k, got, share)
			}
		}
	}
	if (Geometric{}).Draw(From(6)) != 1 || NewGeometric(1, 2) != (Geometric{}) {
		t.Error("what has no mean above 1 is not always 1")
	}
}
