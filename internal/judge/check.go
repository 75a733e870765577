package judge

import (
	"fmt"
	"math"
	"slices"

	"pacsuat/internal/rundir"
)

// finding is what a check comes to when its comparison is made again.
type finding int

const (
	holds finding = iota
	broken
	unknown
)

// check judges one recorded check, with the limit that the criteria set if any.
func (j *judgement) check(ev *evidence, cell *rundir.Cell, s *rundir.Scenario, c *rundir.Check) result {
	if c.N < 1 {
		return inconclusive("%s: no samples, so nothing was observed%s", c.Name, inBrackets(c.Detail))
	}
	planned, why := compare(c, c.Limit, false)
	final, limit, waiver := planned, c.Limit, ""
	if e := j.criteria.limit(cell, s, c.Name); e != nil {
		limit = *e.Limit
		final, why = compare(c, limit, true)
		if planned == broken && final == holds {
			if integrity(s) {
				// Data integrity is never loosened, only tightened.
				final, limit = broken, c.Limit
			} else {
				waiver = e.Reason
			}
		}
	}
	switch {
	case final == unknown:
		return inconclusive("%s: %s", c.Name, why)
	case final == broken && c.CensoredAt != nil && c.System != "" && !ev.answered[c.System]:
		return inconclusive("%s was never reachable in this run: %s", c.System, sentence(c, limit))
	case final == broken:
		r := result{outcome: rundir.Fail, reason: sentence(c, limit)}
		if w := j.criteria.toleratesCheck(cell, s, c.Name); w != "" {
			r.outcome, r.waiver = rundir.Waived, w
		}
		return r
	case waiver != "":
		return result{outcome: rundir.Waived, waiver: waiver,
			reason: sentence(c, c.Limit) + "; within the limit of the criteria, " + expected(c, limit)}
	}
	return result{outcome: rundir.Pass}
}

// compare makes the comparison of a check again. Whatever can't be compared is
// unknown, with why. Where the observation was censored, the true value is at
// least CensoredAt: it breaks an upper limit up to there and proves nothing
// about a higher one; and no criteria can set another limit beyond it.
func compare(c *rundir.Check, limit rundir.Value, override bool) (finding, string) {
	f, why := compareValues(c.Comparator, c.Observed, limit)
	if f == unknown || c.CensoredAt == nil {
		return f, why
	}
	at := *c.CensoredAt
	if math.IsNaN(at) || math.IsInf(at, 0) {
		return unknown, "the limit that ended the observation is no number"
	}
	beyond := fmt.Sprintf("the observation was ended at %s, which proves nothing about %s",
		amount(rundir.Number(at), c.Unit), expected(c, limit))
	switch {
	case limit.Number == nil:
		if f == holds || override {
			return unknown, beyond
		}
	case c.Comparator == rundir.LessOrEqual:
		if *limit.Number > at {
			return unknown, beyond
		}
		return broken, "" // the answer had not come when the limit fired
	case c.Comparator == rundir.GreaterOrEqual:
		if f == broken && override {
			return unknown, beyond
		}
	default:
		if f == holds || override && *limit.Number > at {
			return unknown, beyond
		}
	}
	return f, ""
}

func compareValues(comparator rundir.Comparator, observed, limit rundir.Value) (finding, string) {
	ok, err := comparator.Compare(observed, limit)
	switch {
	case err != nil:
		return unknown, err.Error()
	case ok:
		return holds, ""
	}
	return broken, ""
}

// integrity reports whether a scenario guards data integrity: then its fails
// are never tolerated.
func integrity(s *rundir.Scenario) bool { return slices.Contains(s.Tags, "@integrity") }
