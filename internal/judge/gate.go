package judge

import (
	"fmt"
	"slices"
	"strings"

	"pacsuat/internal/rundir"
)

// decide sets the gate of a verdict, its reasons and conditions.
//
// A fail that is not tolerated is no-go, interrupted or not. Otherwise whatever
// is inconclusive, pending, or flaky without being accepted is inconclusive,
// and so is a verdict in which nothing was tested. Otherwise what was waived or
// accepted, and a blocker that doesn't apply, make it conditional, by name; so
// does a subject of which nothing was tested, and another build than planned.
func decide(v *rundir.Verdict, plan *rundir.Plan, executions []*evidence) {
	var (
		tested       bool
		fails, opens = newTally(), newTally()
		empty        []string
	)
	v.Reasons, v.Conditions = []string{}, nil
	for _, s := range v.Scenarios {
		// The inbox's scenario is there for every subject, so it alone does
		// not make a test.
		tested = tested || s.Feature != rundir.InboxFeature && s.Verdict != rundir.NotApplicable
		switch {
		case s.Verdict == rundir.Fail:
			fails.add(s.System, string(s.Severity))
		case s.Verdict == rundir.Pass:
		case s.Verdict == rundir.Waived, s.Verdict == rundir.Flaky && s.Waiver != "":
			v.Conditions = append(v.Conditions, fmt.Sprintf("%s: %s: %s: %s (%s)", s.System, s.Scenario, s.Verdict, s.Reason, s.Waiver))
		case s.Verdict == rundir.NotApplicable:
			if s.Severity == rundir.Blocker {
				v.Conditions = append(v.Conditions, fmt.Sprintf("%s: %s: not applicable: %s", s.System, s.Scenario, s.Reason))
			}
		default:
			opens.add(s.System, string(s.Verdict))
		}
	}
	for _, c := range v.Cells {
		if c.Scenarios.Planned == 0 {
			empty = append(empty, fmt.Sprintf("nothing is planned for %s in %s", c.System, c.Feature))
		}
	}
	empty = append(empty, absent(v)...)
	v.Conditions = append(v.Conditions, untested(v, plan)...)
	v.Conditions = append(v.Conditions, masked(plan)...)
	v.Conditions = append(v.Conditions, otherBuilds(plan, executions)...)

	var severities []string
	for _, severity := range rundir.Severities {
		severities = append(severities, string(severity))
	}
	v.Reasons = append(v.Reasons, fails.sentences("failed", "failed", severities)...)
	v.Reasons = append(v.Reasons, opens.sentences("has", "have", []string{
		string(rundir.Inconclusive), string(rundir.Pending), string(rundir.Flaky)})...)
	v.Reasons = append(v.Reasons, empty...)
	if !tested {
		v.Reasons = append(v.Reasons, "nothing was tested: every scenario is declared not applicable, or none was planned")
	}
	if len(v.Executions) == 0 {
		v.Reasons = append(v.Reasons, "the plan was never executed")
	}

	switch {
	case len(fails.systems) > 0:
		v.Gate = rundir.NoGo
	case len(v.Reasons) > 0:
		v.Gate = rundir.GateInconclusive
	case len(v.Conditions) > 0:
		v.Gate = rundir.ConditionalGo
		v.Reasons = append(v.Reasons, fmt.Sprintf("everything that applies passed or is accepted; %s to be known", plural(len(v.Conditions), "condition")))
	default:
		v.Gate = rundir.Go
		v.Reasons = append(v.Reasons, fmt.Sprintf("all %s passed", plural(len(v.Scenarios), "scenario")))
	}
	if plan.Tags != "" {
		v.Reasons = append(v.Reasons, fmt.Sprintf("only scenarios of %s were planned", clean(plan.Tags)))
	}
}

// absent names the columns and rows that lack what every plan gives them: each
// subject has at least one scenario of a feature and listens at the inbox, and
// each feature has a cell. Nobody may take an empty place for a pass.
func absent(v *rundir.Verdict) []string {
	var out []string
	has := func(system, feature string) bool {
		return slices.ContainsFunc(v.Cells, func(c rundir.CellVerdict) bool {
			return (system == "" || c.System == system) &&
				(feature == "" && c.Feature != rundir.InboxFeature || c.Feature == feature)
		})
	}
	for _, s := range v.Systems {
		if !has(s.Name, "") {
			out = append(out, "nothing is planned for "+s.Name)
		} else if !has(s.Name, rundir.InboxFeature) {
			out = append(out, "nothing is planned to say whether something arrives unasked from "+s.Name)
		}
	}
	for _, f := range v.Features {
		if !has("", f.Path) {
			out = append(out, "nothing is planned in "+f.Path)
		}
	}
	return out
}

// masked names the links whose cells can't speak for them: their passes say that
// objects arrive, not by which way.
func masked(plan *rundir.Plan) []string {
	var out []string
	for _, m := range plan.Masked {
		out = append(out, fmt.Sprintf("%s: could be down unseen, as what it carries also comes by %s; suspend that way for the test to see the link alone", m.Link, strings.Join(m.Path, " -> ")))
	}
	return out
}

// untested names the subjects of which nothing was tested: those that no feature
// speaks of, and those to which nothing applies.
func untested(v *rundir.Verdict, plan *rundir.Plan) []string {
	var out []string
	for _, u := range plan.Untested {
		out = append(out, fmt.Sprintf("%s: not tested: %s", u.Subject, clean(u.Reason)))
	}
	for _, s := range v.Systems {
		planned, applies := false, false
		for _, one := range v.Scenarios {
			if one.System == s.Name && one.Feature != rundir.InboxFeature {
				planned = true
				applies = applies || one.Verdict != rundir.NotApplicable
			}
		}
		if planned && !applies {
			out = append(out, s.Name+": not tested: every scenario is declared not applicable")
		}
	}
	return out
}

// otherBuilds names the executions by another build than the plan was made with:
// the same sentences may do something else there. Builds for several systems
// have the same version.
func otherBuilds(plan *rundir.Plan, executions []*evidence) []string {
	var out []string
	for _, ev := range executions {
		a, b := plan.Binary, ev.execution.Binary
		same := a.Version == b.Version &&
			(a.SHA256 == b.SHA256 || a.OS != b.OS || a.Arch != b.Arch || a.SHA256 == "" || b.SHA256 == "")
		if b == (rundir.Binary{}) || same {
			continue
		}
		out = append(out, fmt.Sprintf("%s executed with another build of pacsuat (%s %s) than the plan was made with (%s %s)",
			ev.execution.Machine, b.Version, short(b.SHA256), a.Version, short(a.SHA256)))
	}
	return out
}

// tally counts scenarios by system and kind; systems in order of appearance.
type tally struct {
	systems []string
	counts  map[string]map[string]int
}

func newTally() *tally { return &tally{counts: make(map[string]map[string]int)} }

func (t *tally) add(system, kind string) {
	if !slices.Contains(t.systems, system) {
		t.systems = append(t.systems, system)
		t.counts[system] = make(map[string]int)
	}
	t.counts[system][kind]++
}

// sentences say "A failed 2 blocker and 1 major scenarios", once for all
// systems of which the same is to be said.
func (t *tally) sentences(verb, verbs string, kinds []string) []string {
	var order []string
	systems := make(map[string][]string)
	for _, system := range t.systems {
		w := t.words(system, kinds)
		if systems[w] == nil {
			order = append(order, w)
		}
		systems[w] = append(systems[w], system)
	}
	var out []string
	for _, w := range order {
		if names := systems[w]; len(names) == 1 {
			out = append(out, names[0]+" "+verb+" "+w)
		} else {
			out = append(out, and(names)+" "+verbs+" "+w+" each")
		}
	}
	return out
}

// words says "2 blocker and 1 major scenarios".
func (t *tally) words(system string, kinds []string) string {
	var parts []string
	total := 0
	for _, k := range kinds {
		if n := t.counts[system][k]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, k))
			total += n
		}
	}
	noun := " scenarios"
	if total == 1 {
		noun = " scenario"
	}
	return and(parts) + noun
}

// and joins words as a sentence does.
func and(words []string) string {
	if n := len(words); n > 1 {
		return strings.Join(words[:n-1], ", ") + " and " + words[n-1]
	}
	return strings.Join(words, "")
}
