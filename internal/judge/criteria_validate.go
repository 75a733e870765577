package judge

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"pacsuat/internal/rundir"
)

// Validate holds criteria to a plan: a name that the plan doesn't hold, or a
// tolerance for nothing but data integrity, is a problem. All are listed in a
// *CriteriaError. Judge does it too; a run does it before it begins.
func (c *Criteria) Validate(p *rundir.Plan) error {
	var (
		subjects, scenarios []string
		problems            []Problem
	)
	for _, s := range p.Subjects {
		subjects = append(subjects, s.Name)
	}
	for _, cell := range p.Cells {
		for _, s := range cell.Scenarios {
			scenarios = append(scenarios, s.ID)
		}
	}
	slices.Sort(scenarios)
	scenarios = slices.Compact(scenarios)

	for i := range c.Entries {
		e := &c.Entries[i]
		problem := func(format string, args ...any) {
			problems = append(problems, Problem{c.file, e.line, fmt.Sprintf(format, args...)})
		}
		known := len(problems)
		for _, text := range e.problems() {
			problem("%s", text)
		}
		if e.Limit != nil {
			if bad := badLimit(e.Limit); bad != "" {
				problem("%s", bad)
			}
		}
		unknown := func(what, name string, names []string) {
			if name != "" && !contains(names, name) {
				problem("unknown %s %q%s", what, name, didYouMean(name, names))
			}
		}
		unknown("check", e.Check, p.CheckNames)
		unknown("subject", e.Subject, subjects)
		unknown("scenario", e.Scenario, scenarios)
		if len(problems) == known && e.Tolerate && onlyIntegrity(p, e) {
			problem("data integrity can't be waived: every scenario that this entry is for is @integrity")
		}
	}
	if len(problems) > 0 {
		return &CriteriaError{problems}
	}
	return nil
}

// onlyIntegrity reports whether an entry is for @integrity scenarios only.
func onlyIntegrity(p *rundir.Plan, e *Entry) bool {
	selected := false
	for i := range p.Cells {
		cell := &p.Cells[i]
		for k := range cell.Scenarios {
			if !e.selects(cell, &cell.Scenarios[k]) {
				continue
			}
			if !integrity(&cell.Scenarios[k]) {
				return false
			}
			selected = true
		}
	}
	return selected
}

func badLimit(v *rundir.Value) string {
	switch {
	case v.Number != nil && (math.IsNaN(*v.Number) || math.IsInf(*v.Number, 0)):
		return "limit: a finite number was expected"
	case v.Number == nil && v.Text == nil && len(v.List) == 0:
		return "limit: a number, a text or a list of texts was expected"
	}
	return ""
}

func contains(names []string, name string) bool { return slices.Contains(names, name) }

// didYouMean suggests the nearest of names, if one is near.
func didYouMean(name string, names []string) string {
	best, distance := "", len([]rune(name))/3+1
	for _, n := range names {
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(n)); d <= distance && (best == "" || d < distance) {
			best, distance = n, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %q?)", best)
}
