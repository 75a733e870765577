package codec

import (
	"math"
	"testing"
)

// TestJPEGDCT: the transform is that of T.81 A.3.3 within its fraction, for all
// precisions and for the patterns that make the largest coefficients.
func TestJPEGDCT(t *testing.T) {
	t.Parallel()
	c := func(u, x int) float64 {
		v := math.Cos(float64(2*x+1)*float64(u)*math.Pi/16) / 2
		if u == 0 {
			v /= math.Sqrt2
		}
		return v
	}
	reference := func(block [64]int32) (out [64]float64) {
		var rows [64]float64
		for y := range 8 {
			for u := range 8 {
				for x := range 8 {
					rows[8*y+u] += c(u, x) * float64(block[8*y+x])
				}
			}
		}
		for u := range 8 {
			for v := range 8 {
				for y := range 8 {
					out[8*v+u] += c(v, y) * rows[8*y+u]
				}
			}
		}
		return out
	}
	r := jpegRandom(5)
	worst := 0.0
	check := func(block [64]int32) {
		t.Helper()
		want := reference(block)
		jpegDCT(&block)
		for k := range want {
			got := float64(block[k]) / (1 << jpegDCTFraction)
			worst = max(worst, math.Abs(got-want[k]))
			if math.Abs(got) > 16384 {
				t.Fatalf("coefficient %d is %v", k, got)
			}
		}
	}
	for _, half := range []int32{128, 2048} {
		for k := range 64 { // the signs of each basis function, and their opposites
			var block, negative [64]int32
			for i := range block {
				block[i], negative[i] = half-1, -half
				if c(k%8, i%8)*c(k/8, i/8) < 0 {
					block[i], negative[i] = -half, half-1
				}
			}
			check(block)
			check(negative)
		}
		for range 500 {
			var block [64]int32
			for i := range block {
				block[i] = int32(r.below(int(2*half))) - half
			}
			check(block)
		}
	}
	if worst > 0.15 {
		t.Errorf("a coefficient is wrong by %.3f", worst)
	}
	t.Logf("the greatest error of a coefficient is %.3f", worst)
}

// TestJPEGQuantise: the quotient is the exact one, rounded to the nearest, for
// every divisor; the bits say where it is not 0.
func TestJPEGQuantise(t *testing.T) {
	t.Parallel()
	const unit = 1 << jpegDCTFraction
	for divisor := 1; divisor <= 255; divisor++ {
		base := jpegLuminance
		for i := range base {
			base[i] = uint8(divisor)
		}
		q := newJPEGQuantisation(&base, 50)
		step := divisor * unit
		for n := 0; n <= 16384*unit; n += step/2 + 13 {
			var block [64]int32
			for i := range block {
				// About the places where it changes, and of either sign.
				v := n - n%step + step/2 - 3 + i/2%7
				block[i] = int32(v - 2*v*(i%2))
			}
			var out [64]int16
			nonzero := q.quantise(&out, &block)
			for k, place := range jpegZigZag {
				v := int(block[place])
				want := (max(v, -v) + step/2) / step
				if v < 0 {
					want = -want
				}
				if int(out[k]) != want || (nonzero>>k&1 == 1) != (want != 0) {
					t.Fatalf("%d/%d by %d is %d, want %d", v, unit, divisor, out[k], want)
				}
			}
		}
	}
}

// TestJPEGQuantisationTables: what the Independent JPEG Group's library makes of
// the tables of Annex K, and that the zig-zag visits every place.
func TestJPEGQuantisationTables(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		quality    int
		first      [4]uint8 // of luminance
		chrominace uint8    // the last one of chrominance
	}{
		{1, [4]uint8{255, 255, 255, 255}, 255},
		{25, [4]uint8{32, 22, 24, 28}, 198},
		{50, [4]uint8{16, 11, 12, 14}, 99},
		{75, [4]uint8{8, 6, 6, 7}, 50},
		{90, [4]uint8{3, 2, 2, 3}, 20},
		{100, [4]uint8{1, 1, 1, 1}, 1},
	} {
		if got := [4]uint8(newJPEGQuantisation(&jpegLuminance, tt.quality).values[:4]); got != tt.first {
			t.Errorf("quality %d: %v, want %v", tt.quality, got, tt.first)
		}
		if got := newJPEGQuantisation(&jpegChrominance, tt.quality).values[63]; got != tt.chrominace {
			t.Errorf("quality %d: %d, want %d", tt.quality, got, tt.chrominace)
		}
	}
	seen := map[uint8]bool{}
	for k, place := range jpegZigZag {
		seen[place] = true
		if k > 0 { // to a neighbour on the next diagonal, or on the same
			before := jpegZigZag[k-1]
			dx, dy := int(place%8)-int(before%8), int(place/8)-int(before/8)
			if dx*dx > 1 || dy*dy > 1 || dx == dy {
				t.Errorf("from %d to %d", before, place)
			}
		}
	}
	if len(seen) != 64 {
		t.Errorf("%d places", len(seen))
	}
}
