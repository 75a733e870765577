package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pacsuat/internal/rundir"
)

// failures prints the first failure of each red cell.
func (p *printer) failures() {
	var lines []func()
	for _, f := range orderedFeatures(p.v) {
		for _, col := range orderedSubjects(p.v) {
			first, n := rundir.ScenarioVerdict{}, 0
			for _, s := range p.v.Scenarios {
				if s.System == col.subject.Name && s.Feature == f.Path && s.Verdict == rundir.Fail {
					if n == 0 || severer(s, first) {
						first = s
					}
					n++
				}
			}
			if n == 0 {
				continue
			}
			more := ""
			if n > 1 {
				more = fmt.Sprintf(" (and %d more)", n-1)
			}
			lines = append(lines, func() {
				p.item(p.paint(rundir.Fail, col.subject.Name), f.Name+": "+p.scenario(first)+more)
			})
		}
	}
	p.section("Failed, the first of each red cell:", lines)
}

// severer reports whether a is to be shown rather than b.
func severer(a, b rundir.ScenarioVerdict) bool {
	return slices.Index(rundir.Severities, a.Severity) < slices.Index(rundir.Severities, b.Severity)
}

// scenario is one sentence: the scenario, the step, what was expected and seen.
func (p *printer) scenario(s rundir.ScenarioVerdict) string {
	parts := []string{fmt.Sprintf("%q", s.Scenario)}
	if s.Severity != rundir.Blocker {
		parts[0] += " (" + string(s.Severity) + ")"
	}
	if s.Step != "" {
		parts = append(parts, s.Step)
	}
	return strings.Join(append(parts, s.Reason), ": ")
}

// doubts prints what is inconclusive, pending or flaky without being accepted,
// together where it has one reason.
func (p *printer) doubts() {
	p.grouped("Inconclusive, which is never a go:", maxDoubts, func(s rundir.ScenarioVerdict) bool {
		switch s.Verdict {
		case rundir.Inconclusive, rundir.Pending:
			return true
		case rundir.Flaky:
			return s.Waiver == ""
		}
		return false
	})
}

// accepted prints what makes a go conditional, by name.
func (p *printer) accepted() {
	p.grouped("Accepted by the criteria:", math.MaxInt, func(s rundir.ScenarioVerdict) bool {
		return s.Verdict == rundir.Waived || s.Verdict == rundir.Flaky && s.Waiver != ""
	})
	p.grouped("Blockers that do not apply:", math.MaxInt, func(s rundir.ScenarioVerdict) bool {
		return s.Verdict == rundir.NotApplicable && s.Severity == rundir.Blocker
	})
}

// maxDoubts is how many different reasons are printed for what is inconclusive.
const maxDoubts = 30

// grouped prints the scenarios that are wanted, one item a reason and at most
// limit of them.
func (p *printer) grouped(title string, limit int, wanted func(rundir.ScenarioVerdict) bool) {
	type key struct {
		verdict        rundir.Outcome
		reason, waiver string
	}
	var order []key
	groups := make(map[key][]rundir.ScenarioVerdict)
	for _, s := range p.v.Scenarios {
		if !wanted(s) {
			continue
		}
		k := key{s.Verdict, s.Reason, s.Waiver}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], s)
	}
	var lines []func()
	for i, k := range order {
		if i == limit {
			rest := 0
			for _, k := range order[i:] {
				rest += len(groups[k])
			}
			lines = append(lines, func() { p.item("and more", fmt.Sprintf("%d scenarios for other reasons, see verdict.json", rest)) })
			break
		}
		group := groups[k]
		var systems, names []string
		for _, s := range group {
			if !slices.Contains(systems, s.System) {
				systems = append(systems, s.System)
			}
			if name := fmt.Sprintf("%q", s.Scenario); !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
		var text string
		switch {
		case len(group) == 1:
			text = p.feature(group[0].Feature) + ": " + p.scenario(group[0])
		case k.verdict == rundir.Inconclusive || k.verdict == rundir.Pending:
			text = fmt.Sprintf("%d scenarios: %s", len(group), k.reason)
		default: // conditions are listed by name
			text = fmt.Sprintf("%d scenarios: %s: %s", len(group), k.reason, strings.Join(names, ", "))
		}
		if k.waiver != "" {
			text += " [" + k.waiver + "]"
		}
		lines = append(lines, func() { p.item(p.paint(k.verdict, listed(systems)), text) })
	}
	p.section(title, lines)
}

// feature is the name of a feature.
func (p *printer) feature(path string) string {
	i := slices.IndexFunc(p.v.Features, func(f rundir.Feature) bool { return f.Path == path })
	if i < 0 || p.v.Features[i].Name == "" {
		return path
	}
	return p.v.Features[i].Name
}

// conditions prints what is to be known and belongs to no scenario; those of
// scenarios are listed with them.
func (p *printer) conditions() {
	var lines []func()
	for _, c := range p.v.Conditions {
		ofScenario := slices.ContainsFunc(p.v.Scenarios, func(s rundir.ScenarioVerdict) bool {
			return strings.HasPrefix(c, s.System+": "+s.Scenario+": ")
		})
		if !ofScenario {
			head, text, found := strings.Cut(c, ": ")
			if !found {
				head, text = "this run", c
			}
			lines = append(lines, func() { p.item(head, text) })
		}
	}
	p.section("To be known:", lines)
}

// gate prints the answer, last.
func (p *printer) gate() {
	words := map[rundir.Gate]string{
		rundir.Go:               "GO",
		rundir.ConditionalGo:    "CONDITIONAL GO",
		rundir.NoGo:             "NO-GO",
		rundir.GateInconclusive: "INCONCLUSIVE",
	}
	outcome := map[rundir.Gate]rundir.Outcome{
		rundir.Go: rundir.Pass, rundir.ConditionalGo: rundir.Waived, rundir.NoGo: rundir.Fail,
	}[p.v.Gate]
	if outcome == "" {
		outcome = rundir.Inconclusive
	}
	word := words[p.v.Gate]
	if word == "" {
		word = "INCONCLUSIVE"
	}
	lines := wrap(word+": "+strings.Join(p.v.Reasons, "; ")+".", p.o.Width)
	lines[0] = p.paint(outcome, word) + strings.TrimPrefix(lines[0], word)
	for _, l := range lines {
		p.line(l)
	}
}

func (p *printer) section(title string, items []func()) {
	if len(items) == 0 {
		return
	}
	p.line(title)
	for _, print := range items {
		print()
	}
	p.line("")
}

// item prints a head that may be coloured and a text, indented and wrapped.
func (p *printer) item(head, text string) {
	plain := uncoloured(head)
	lines := wrap(plain+": "+text, p.o.Width-4)
	if rest, ok := strings.CutPrefix(lines[0], plain); ok {
		lines[0] = head + rest
	}
	for i, l := range lines {
		if i == 0 {
			p.line("  " + l)
		} else {
			p.line("    " + l)
		}
	}
}

func (p *printer) line(s string) {
	_, _ = p.w.WriteString(strings.TrimRight(s, " ") + "\n") // Flush reports the error
}

// listed joins a few names and counts the others.
func listed(names []string) string {
	if len(names) > 6 {
		return strings.Join(names[:5], ", ") + fmt.Sprintf(" and %d more", len(names)-5)
	}
	return strings.Join(names, ", ")
}
