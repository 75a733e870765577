package draw

import (
	"math"
	"testing"
)

func TestLog2Exp2(t *testing.T) {
	t.Parallel()
	s := From(1)
	for range 2000 {
		x := s.Uint64() >> s.Below(64)
		x = max(x, 1)
		got, want := float64(Log2(x))/One, math.Log2(float64(x))
		if math.Abs(got-want) > 1e-10 {
			t.Fatalf("Log2(%d) = %.12f, want %.12f", x, got, want)
		}
	}
	for x := -45.0; x < 23.9; x += 0.0137 {
		f := int64(x * One)
		got, want := float64(Exp2(f))/One, math.Exp2(float64(f)/One)
		if math.Abs(got-want) > want*1e-10+1.0/One {
			t.Fatalf("Exp2(%g) = %g, want %g", x, got, want)
		}
	}
	for _, edge := range []struct {
		x    int64
		want uint64
	}{{0, One}, {One, 2 * One}, {-One, One / 2}, {23 * One, 1 << 63}, {24 * One, 1<<64 - 1}, {-41 * One, 0}, {-1 << 63, 0}, {1<<63 - 1, 1<<64 - 1}} {
		if got := Exp2(edge.x); got != edge.want {
			t.Errorf("Exp2(%d) = %d, want %d", edge.x, got, edge.want)
		}
	}
}

func TestMulDiv(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ a, b, c, want uint64 }{
		{6, 7, 2, 21}, {7, 1, 2, 3}, {1 << 63, 1 << 62, 1 << 63, 1 << 62},
		{1, 1, 0, 1<<64 - 1}, {1 << 63, 4, 1, 1<<64 - 1}, {0, 5, 3, 0},
	} {
		if got := MulDiv(c.a, c.b, c.c); got != c.want {
			t.Errorf("MulDiv(%d, %d, %d) = %d, want %d", c.a, c.b, c.c, got, c.want)
		}
	}
}
