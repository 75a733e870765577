package dataset

import (
	"bytes"
	"strings"
)

// trimValue removes the padding at the end of a value that PS3.5 6.2 calls
// insignificant.
func trimValue(b []byte, vr VR) []byte {
	if vr.isText() {
		return trim(b)
	}
	if vr.wordSize() == 1 && len(b) > 0 && len(b)%2 == 0 && b[len(b)-1] == 0 {
		// OB and UN: the last byte may be padding. Both sides are treated alike,
		// so that a value of odd length equals itself padded.
		return b[:len(b)-1]
	}
	return b
}

// equalPadded reports whether a and b are equal but for one NUL that makes one of
// them even.
func equalPadded(a, b []byte) bool {
	return bytes.Equal(trimValue(a, VROB), trimValue(b, VROB))
}

// equalValues reports whether a and b have the same values between backslashes,
// each without its trailing spaces. It is right for multi-byte characters with a
// byte 0x5C too, since both are cut alike and none of them ends in a space.
func equalValues(a, b []byte) bool {
	for {
		v, restA, moreA := bytes.Cut(a, []byte{'\\'})
		w, restB, moreB := bytes.Cut(b, []byte{'\\'})
		if !bytes.Equal(trim(v), trim(w)) || moreA != moreB {
			return false
		}
		if !moreA {
			return true
		}
		a, b = restA, restB
	}
}

// firstDifference returns the index of the first byte that differs.
func firstDifference(a, b []byte) int {
	n := min(len(a), len(b))
	// Most of two images is equal: compare by blocks first.
	const block = 4096
	i := 0
	for i+block <= n && bytes.Equal(a[i:i+block], b[i:i+block]) {
		i += block
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// isASCII reports whether b has neither a byte beyond 0x7F nor an escape.
func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 || c == 0x1B {
			return false
		}
	}
	return true
}

// decimal is a number in the form sign 0.digits × 10^exponent, digits without zeros
// at either end. Two decimals are equal if they are the same number, exactly, which
// binary floating point could not say.
type decimal struct {
	negative bool
	digits   string
	exponent int
}

// parseDecimal reads a DS or IS. See PS3.5 6.2.
func parseDecimal(s string) (decimal, bool) {
	var d decimal
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		d.negative = s[0] == '-'
		s = s[1:]
	}
	mantissa, exponent := s, ""
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		mantissa, exponent = s[:i], s[i+1:]
		negative := false
		if strings.HasPrefix(exponent, "-") || strings.HasPrefix(exponent, "+") {
			negative = exponent[0] == '-'
			exponent = exponent[1:]
		}
		if len(exponent) == 0 || len(exponent) > 6 || !isDigits(exponent) {
			return decimal{}, false
		}
		for _, c := range []byte(exponent) {
			d.exponent = 10*d.exponent + int(c-'0')
		}
		if negative {
			d.exponent = -d.exponent
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	if whole == "" && fraction == "" || !isDigits(whole) || !isDigits(fraction) {
		return decimal{}, false
	}
	digits := whole + fraction
	d.exponent += len(whole)
	trimmed := strings.TrimLeft(digits, "0")
	d.exponent -= len(digits) - len(trimmed)
	d.digits = strings.TrimRight(trimmed, "0")
	if d.digits == "" {
		return decimal{}, true // zero, whatever its sign and exponent
	}
	return d, true
}

func isDigits(s string) bool { return strings.Trim(s, "0123456789") == "" }
