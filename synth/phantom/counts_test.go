package phantom

import (
	"math"
	"testing"

	"pacsuat/synth/draw"
)

func TestDecays(t *testing.T) {
	t.Parallel()
	for i, got := range decays() {
		want := math.Exp(-float64(i)/64) * (1 << 32)
		if math.Abs(float64(got)-want) > 2 {
			t.Fatalf("e to the power of -%d/64: %d, want %.1f", i, got, want)
		}
	}
}

// TestCount holds mean and variance of the draws to those of Poisson's
// distribution, which are equal.
func TestCount(t *testing.T) {
	t.Parallel()
	const n = 20000
	s := draw.From(1)
	for _, mean := range []int32{0, 16, 64, 300, 512, 1500, 2560, 2561, 9000, 640000} {
		sum, squares := 0.0, 0.0
		for range n {
			k := float64(count(s, mean))
			sum += k
			squares += k * k
		}
		m := sum / n
		variance, want := squares/n-m*m, float64(mean)/64
		if math.Abs(m-want) > 5*math.Sqrt((want+0.1)/n) {
			t.Errorf("mean of draws at %.2f: %.3f", want, m)
		}
		if math.Abs(variance-want) > 0.06*want {
			t.Errorf("variance of draws at %.2f: %.3f", want, variance)
		}
	}
}
