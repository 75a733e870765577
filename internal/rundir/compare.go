package rundir

import (
	"fmt"
	"math"
	"slices"
)

// Holds reports whether Observed Comparator Limit is true. An error says why
// that can't be told: an unknown comparator, values of different kinds, a
// number that is none. It knows nothing of CensoredAt, criteria or samples;
// those are judge's.
func (c *Check) Holds() (bool, error) { return c.Comparator.Compare(c.Observed, c.Limit) }

// Compare reports whether observed c limit is true; see Check.Holds.
func (c Comparator) Compare(observed, limit Value) (bool, error) {
	for _, v := range []Value{observed, limit} {
		if v.Number != nil && (math.IsNaN(*v.Number) || math.IsInf(*v.Number, 0)) {
			return false, fmt.Errorf("%s can't be compared", v)
		}
	}
	mismatch := func() (bool, error) {
		return false, fmt.Errorf("%s was observed where %s can be compared with %q (%s)",
			observed.kind(), c.compares(limit), c, limit)
	}
	switch c {
	case Equal, NotEqual:
		var same bool
		switch {
		case observed.Number != nil && limit.Number != nil:
			same = *observed.Number == *limit.Number
		case observed.Text != nil && limit.Text != nil:
			same = *observed.Text == *limit.Text
		case observed.List != nil && limit.List != nil:
			same = slices.Equal(observed.List, limit.List)
		default:
			return mismatch()
		}
		return same == (c == Equal), nil
	case LessOrEqual, GreaterOrEqual:
		if observed.Number == nil || limit.Number == nil {
			return mismatch()
		}
		if c == LessOrEqual {
			return *observed.Number <= *limit.Number, nil
		}
		return *observed.Number >= *limit.Number, nil
	case OneOf:
		if observed.Text == nil || len(limit.List) == 0 {
			return mismatch()
		}
		return slices.Contains(limit.List, *observed.Text), nil
	}
	return false, fmt.Errorf("the comparison %q is unknown to this build", string(c))
}

// compares names what a comparator can compare with a limit.
func (c Comparator) compares(limit Value) string {
	switch c {
	case LessOrEqual, GreaterOrEqual:
		return "a number"
	case OneOf:
		return "a text"
	}
	return limit.kind()
}

func (v Value) kind() string {
	switch {
	case v.Number != nil:
		return "a number"
	case v.Text != nil:
		return "a text"
	case v.List != nil:
		return "a list"
	}
	return "nothing"
}
