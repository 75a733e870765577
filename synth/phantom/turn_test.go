package phantom

import (
	"math"
	"testing"
)

func TestSines(t *testing.T) {
	t.Parallel()
	for i, got := range sines() {
		want := math.Sin(2*math.Pi*float64(i)/whole) * (1 << 20)
		if math.Abs(float64(got)-want) > 1 {
			t.Fatalf("sine of %d/%d of a turn: %d, want %.2f", i, whole, got, want)
		}
	}
}
