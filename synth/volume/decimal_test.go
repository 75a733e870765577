package volume

import "testing"

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
