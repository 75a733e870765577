package volume

import (
	"fmt"
	"strconv"
	"strings"

	"pacsuat/synth/draw"
)

// decimal is a number of the profile in millionths, as exact as it is written.
type decimal int64

const (
	million    = 1_000_000
	percent    = million // one per cent of a share
	hundred    = 100 * percent
	maxDecimal = 1_000_000_000 // the largest number that a profile may hold
)

// parseDecimal reads decimal digits with at most six after the point.
func parseDecimal(s string) (decimal, error) {
	bad := fmt.Errorf("not a number of decimal digits, with at most six after the point")
	digits, negative := strings.CutPrefix(s, "-")
	before, after, point := strings.Cut(digits, ".")
	if before == "" || point && after == "" || len(after) > 6 || len(before) > 1 && before[0] == '0' {
		return 0, bad
	}
	for _, r := range before + after {
		if r < '0' || r > '9' {
			return 0, bad
		}
	}
	if len(before) > 10 {
		return 0, fmt.Errorf("larger than %d", maxDecimal)
	}
	n, err := strconv.ParseInt(before+after+strings.Repeat("0", 6-len(after)), 10, 64)
	if err != nil {
		return 0, bad
	}
	if n > maxDecimal*million {
		return 0, fmt.Errorf("larger than %d", maxDecimal)
	}
	if negative {
		n = -n
	}
	return decimal(n), nil
}

// String prints it as a person writes it.
func (d decimal) String() string {
	s := strconv.FormatFloat(d.float(), 'f', 6, 64)
	return strings.TrimRight(strings.TrimRight(s, "0"), ".")
}

// float is for what is printed and decides no draw.
func (d decimal) float() float64 { return float64(d) / million }

// fixed returns it in fixed point; it must not be negative.
func (d decimal) fixed() uint64 { return draw.MulDiv(uint64(d), draw.One, million) }
