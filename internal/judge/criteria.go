package judge

import (
	"slices"

	"pacsuat/internal/rundir"
	"pacsuat/internal/tagexpr"
)

// Criteria say what the command centre accepts beyond a plain pass. The zero
// value tolerates fails of @minor scenarios only. Fails of @integrity
// scenarios are never tolerated, whatever the criteria say.
type Criteria struct {
	Entries []Entry

	file string
}

// Entry is one decision, with its reason. Check, Scenario, Tags and Subject
// select, and all that are given must match; an entry does exactly one thing.
type Entry struct {
	Check    string // name of a check
	Scenario string // ID of a scenario
	Tags     string // tag expression: @query and not @slow
	Subject  string // name of a subject

	// Limit replaces the limit of the check. Where several entries match, the
	// last one counts. A check that holds only by a looser limit makes its
	// scenario waived; one that was censored before it stays inconclusive.
	Limit *rundir.Value
	// Tolerate makes fails waived: those of Check, or of the whole scenario.
	Tolerate bool
	// AcceptFlaky takes a pass after an inconclusive attempt for a pass on
	// condition; the scenario must be named.
	AcceptFlaky bool
	// Reason is required; it is printed beside what it excuses.
	Reason string

	line int
	tags *tagexpr.Expression
}

// minorTolerated is the waiver of fails that nobody needs to waive.
const minorTolerated = "@minor is tolerated by default"

// selects reports whether the entry is about the scenario, its check aside.
func (e *Entry) selects(cell *rundir.Cell, s *rundir.Scenario) bool {
	if e.Scenario != "" && e.Scenario != s.ID || e.Subject != "" && e.Subject != cell.Subject {
		return false
	}
	if e.Tags == "" {
		return true
	}
	tags := e.tags
	if tags == nil { // an Entry that was not loaded from a file
		var err error
		if tags, err = tagexpr.Parse(e.Tags); err != nil {
			return false // Validate has refused it
		}
	}
	return tags.Matches(s.Tags)
}

// limit returns the entry whose limit counts for a check, or nil.
func (c *Criteria) limit(cell *rundir.Cell, s *rundir.Scenario, check string) *Entry {
	for i := len(c.Entries) - 1; i >= 0; i-- {
		if e := &c.Entries[i]; e.Limit != nil && e.Check == check && e.selects(cell, s) {
			return e
		}
	}
	return nil
}

// toleratesScenario returns why all fails of a scenario are tolerated, "" if
// they are not.
func (c *Criteria) toleratesScenario(cell *rundir.Cell, s *rundir.Scenario) string {
	return c.tolerates(cell, s, "")
}

// toleratesCheck returns why the fail of a check is tolerated, "" if it is not.
func (c *Criteria) toleratesCheck(cell *rundir.Cell, s *rundir.Scenario, check string) string {
	if w := c.toleratesScenario(cell, s); w != "" {
		return w
	}
	return c.tolerates(cell, s, check)
}

func (c *Criteria) tolerates(cell *rundir.Cell, s *rundir.Scenario, check string) string {
	if integrity(s) {
		return ""
	}
	for i := range c.Entries {
		if e := &c.Entries[i]; e.Tolerate && e.Check == check && e.selects(cell, s) {
			return e.Reason
		}
	}
	if check == "" && s.Severity == rundir.Minor {
		return minorTolerated
	}
	return ""
}

// acceptsFlaky returns why a pass after an inconclusive attempt is accepted,
// "" if it is not.
func (c *Criteria) acceptsFlaky(cell *rundir.Cell, s *rundir.Scenario) string {
	i := slices.IndexFunc(c.Entries, func(e Entry) bool { return e.AcceptFlaky && e.selects(cell, s) })
	if i < 0 {
		return ""
	}
	return c.Entries[i].Reason
}
