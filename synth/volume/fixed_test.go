package volume

import (
	"math"
	"testing"

	"pacsuat/synth/draw"
)

func TestLog2Exp2(t *testing.T) {
	t.Parallel()
	s := draw.From(1)
	for range 2000 {
		x := s.Uint64() >> s.Below(64)
		x = max(x, 1)
		got, want := float64(log2(x))/one, math.Log2(float64(x))
		if math.Abs(got-want) > 1e-10 {
			t.Fatalf("log2(%d) = %.12f, want %.12f", x, got, want)
		}
	}
	for x := -45.0; x < 23.9; x += 0.0137 {
		f := int64(x * one)
		got, want := float64(exp2(f))/one, math.Exp2(float64(f)/one)
		if math.Abs(got-want) > want*1e-10+1.0/one {
			t.Fatalf("exp2(%g) = %g, want %g", x, got, want)
		}
	}
	for _, edge := range []struct {
		x    int64
		want uint64
	}{{0, one}, {one, 2 * one}, {-one, one / 2}, {23 * one, 1 << 63}, {24 * one, 1<<64 - 1}, {-41 * one, 0}, {-1 << 63, 0}, {1<<63 - 1, 1<<64 - 1}} {
		if got := exp2(edge.x); got != edge.want {
			t.Errorf("exp2(%d) = %d, want %d", edge.x, got, edge.want)
		}
	}
}

func TestMulDiv(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, c, want uint64 }{
		{6, 7, 2, 21}, {7, 1, 2, 3}, {1 << 63, 1 << 62, 1 << 63, 1 << 62},
		{1, 1, 0, 1<<64 - 1}, {1 << 63, 4, 1, 1<<64 - 1}, {0, 5, 3, 0},
	} {
		if got := mulDiv(c.a, c.b, c.c); got != c.want {
			t.Errorf("mulDiv(%d, %d, %d) = %d, want %d", c.a, c.b, c.c, got, c.want)
		}
	}
}

// TestNormalExponential holds moments and tails: n = 400,000, so the mean of
// each indicator is within 5 of its standard errors.
func TestNormalExponential(t *testing.T) {
	t.Parallel()
	const n = 400_000
	s := draw.From(2)
	var sum, squares, exps float64
	beyond := map[float64]int{}
	for range n {
		z := float64(normal(s)) / one
		sum, squares = sum+z, squares+z*z
		for _, at := range []float64{-3, -1, 0, 0.5, 1.6449, 3} {
			if z > at {
				beyond[at]++
			}
		}
		exps += float64(exponential(s)) / one
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

func TestDecimal(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s    string
		want decimal
		ok   bool
	}{
		{"0", 0, true}, {"62", 62 * million, true}, {"0.6", 600_000, true}, {"10.1", 10_100_000, true}, {"-1.5", -1_500_000, true},
		{"0.000001", 1, true}, {"1000000000", maxDecimal * million, true},
		{"1000000000.000001", 0, false}, {"99999999999", 0, false}, {"0.0000001", 0, false}, {"1e3", 0, false}, {"0x10", 0, false}, {".5", 0, false},
		{"5.", 0, false}, {"", 0, false}, {"-", 0, false}, {"010", 0, false}, {"1.2.3", 0, false}, {".nan", 0, false}, {"1_000", 0, false}, {"--1", 0, false},
	} {
		got, err := parseDecimal(c.s)
		if (err == nil) != c.ok || got != c.want {
			t.Errorf("parseDecimal(%q) = %d, %v; want %d, ok %v", c.s, got, err, c.want, c.ok)
		}
	}
	if got := decimal(2_300_000).String(); got != "2.3" {
		t.Errorf("2.3 prints as %q", got)
	}
	if got := decimal(100 * million).String(); got != "100" {
		t.Errorf("100 prints as %q", got)
	}
}
