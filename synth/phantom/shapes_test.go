package phantom

import "testing"

func TestIsqrt(t *testing.T) {
	t.Parallel()
	for n := range 1 << 17 {
		if r := isqrt(n); r*r > n || (r+1)*(r+1) <= n {
			t.Fatalf("square root of %d: %d", n, r)
		}
	}
	for shift := 17; shift < 46; shift++ {
		for _, d := range []int{-1, 0, 1, 12345} {
			n := 1<<shift + d
			for _, n := range []int{n, (1<<(shift/2))*(1<<(shift/2)) - 1, (1<<(shift/2) + 3) * (1<<(shift/2) + 3)} {
				if r := isqrt(n); r*r > n || (r+1)*(r+1) <= n {
					t.Fatalf("square root of %d: %d", n, r)
				}
			}
		}
	}
	if r := isqrt(-5); r != 0 {
		t.Errorf("square root of -5: %d, want 0", r)
	}
}
