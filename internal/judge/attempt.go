package judge

import (
	"fmt"
	"slices"

	"pacsuat/internal/rundir"
)

// execution judges a scenario by the attempts of one execution, in order. Only
// an inconclusive attempt is ever retried, with new identities: a fail stays a
// fail whatever a later attempt gave, and a pass after an inconclusive attempt
// is flaky.
func (j *judgement) execution(ev *evidence, cell *rundir.Cell, s *rundir.Scenario, attempts map[int]*attempt) result {
	n := len(attempts)
	for number := range attempts {
		n = max(n, number)
	}
	if n > len(attempts) {
		r := inconclusive("attempts are missing from the evidence: the last one is number %d, %d left records", n, len(attempts))
		r.attempts = n
		for _, a := range attempts {
			if one := j.attempt(ev, cell, s, a); one.outcome == rundir.Fail {
				one.attempts = n
				return one
			}
		}
		return r
	}
	var results []result
	for number := 1; number <= n; number++ {
		results = append(results, j.attempt(ev, cell, s, attempts[number]))
	}
	r := worst(results)
	if last := results[n-1]; r.outcome == rundir.Inconclusive && last.outcome != rundir.Inconclusive {
		first := r.reason
		if r = last; last.outcome == rundir.Pass {
			r = result{
				outcome: rundir.Flaky,
				reason:  fmt.Sprintf("passed only at attempt %d; an earlier one was inconclusive: %s", n, first),
				waiver:  j.criteria.acceptsFlaky(cell, s),
			}
		}
	}
	r = worst(append([]result{r}, j.strays(ev, cell, s, attempts)...))
	r.attempts = n
	return r
}

// strays judges what arrived at the inbox for the scenario too late or again.
func (j *judgement) strays(ev *evidence, cell *rundir.Cell, s *rundir.Scenario, attempts map[int]*attempt) []result {
	var results []result
	for _, w := range strayWords {
		fails, cut := 0, 0
		for _, a := range ev.arrivals {
			if a.owner != (scenarioKey{cell.ID, s.ID}) || !w.is(a) {
				continue
			}
			if a.Late && attempts[a.attempt].cut() {
				cut++
				continue
			}
			fails++
		}
		if fails > 0 {
			results = append(results, j.tolerated(cell, s, result{
				outcome: rundir.Fail,
				reason:  fmt.Sprintf("%s %s at the harness's inbox; expected once, while the scenario was waiting", plural(fails, "instance"), w.words),
			}))
		}
		if cut > 0 {
			results = append(results, inconclusive("%s %s, after the scenario had been cut short on our side", plural(cut, "instance"), w.words))
		}
	}
	return results
}

// strayWords are the ways in which an owned arrival can be wrong.
var strayWords = []struct {
	words string
	is    func(arrival) bool
}{
	{"arrived late", func(a arrival) bool { return !a.Unclaimed && a.Late && a.Ordinal <= 1 }},
	{"arrived twice", func(a arrival) bool { return !a.Unclaimed && !a.Late && a.Ordinal > 1 }},
	{"arrived twice, and late", func(a arrival) bool { return !a.Unclaimed && a.Late && a.Ordinal > 1 }},
}

// attempt judges one attempt by itself.
func (j *judgement) attempt(ev *evidence, cell *rundir.Cell, s *rundir.Scenario, a *attempt) result {
	var (
		doubts []result
		waived []result
		proven = make(map[int]bool) // steps with a check that has samples
	)
	for _, e := range a.events {
		step := stepText(s, e.step)
		var r result
		if e.check != nil {
			r = j.check(ev, cell, s, e.check)
			proven[e.step] = proven[e.step] || e.check.N >= 1
		} else {
			r = j.stepEnd(ev, cell, s, e.end)
		}
		r.step = step
		switch r.outcome {
		case rundir.Fail:
			return r // whatever came after
		case rundir.Waived:
			waived = append(waived, r)
		case rundir.Inconclusive:
			doubts = append(doubts, r)
		}
	}
	doubts = append(doubts, j.incomplete(ev, s, a, proven)...)
	switch {
	case len(waived) > 0 && (len(doubts) == 0 || slices.ContainsFunc(waived, func(r result) bool {
		return r.waiver == j.criteria.toleratesScenario(cell, s)
	})):
		// Where the whole scenario is tolerated, what its fail left undone is so
		// too; where one check is, the rest must still be proven.
		return waived[0]
	case len(doubts) > 0:
		return doubts[0]
	}
	return result{outcome: rundir.Pass}
}

// incomplete lists what an attempt lacks to be a pass, the most telling first.
func (j *judgement) incomplete(ev *evidence, s *rundir.Scenario, a *attempt, proven map[int]bool) []result {
	var doubts []result
	doubt := func(step int, format string, args ...any) {
		r := inconclusive(format, args...)
		r.step = stepText(s, step)
		doubts = append(doubts, r)
	}
	unfinished := 0
	for i := range s.Steps {
		if a.ended[i+1] == 0 {
			unfinished = i + 1
			break
		}
	}
	switch {
	case a.ends == 0:
		doubt(unfinished, "%s", ev.unended())
	case a.end.Error != "":
		doubt(unfinished, "the harness could not carry it out: %s", clean(a.end.Error))
	}
	if a.begins != 1 || a.ends > 1 || a.afterEnd {
		doubt(0, "its records contradict each other: it began %d times and ended %d times", a.begins, a.ends)
	}
	if len(s.Steps) == 0 {
		doubt(0, "no step is planned for it, so it proves nothing")
	}
	if unfinished > 0 {
		doubt(unfinished, "this step did not finish")
	}
	if a.last > len(s.Steps) {
		doubt(0, "it recorded step %d, but only %d are planned", a.last, len(s.Steps))
	}
	for i := range s.Steps {
		if n := a.ended[i+1]; n > 1 {
			doubt(i+1, "this step ended %d times", n)
		}
	}
	for _, in := range a.open {
		doubt(in.step, "%s to %s was begun and nothing says how it ended", in.Operation, in.System)
	}
	thens := 0
	for i, st := range s.Steps {
		if st.Keyword != rundir.Then {
			continue
		}
		thens++
		if !proven[i+1] {
			doubt(i+1, "no check with samples was recorded for this step, so nothing proves it")
		}
	}
	if thens == 0 && len(s.Steps) > 0 {
		doubt(0, "no Then step is planned for it, so it proves nothing")
	}
	return doubts
}

// unended says why an attempt has no end record.
func (ev *evidence) unended() string {
	if e := ev.execution; e.Interrupted != "" {
		return "the run was interrupted here (" + clean(e.Interrupted) + ")"
	}
	return "the run stopped here: no end was recorded"
}

// stepEnd judges the end of a step. A step that could not go on is the
// subject's fail only if the other side is at fault and had been there.
func (j *judgement) stepEnd(ev *evidence, cell *rundir.Cell, s *rundir.Scenario, e *rundir.StepEnd) result {
	why := clean(e.Error)
	switch e.Cause {
	case rundir.CauseNone:
		if e.Error == "" {
			return result{outcome: rundir.Pass}
		}
		return inconclusive("the step could not go on: %s", why)
	case rundir.CauseRefused, rundir.CauseSilent, rundir.CauseDropped, rundir.CauseViolation:
		system := e.System
		if system == "" {
			system = cell.Subject
		}
		if !ev.answered[system] {
			return inconclusive("%s was never reachable in this run: %s", system, colon(why, causeWords[e.Cause]))
		}
		return j.tolerated(cell, s, result{
			outcome: rundir.Fail,
			reason:  fmt.Sprintf("%s %s although it had answered before in this run", system, colon(why, causeWords[e.Cause])),
		})
	case rundir.CauseLocal:
		return inconclusive("our own machine could not go on: %s", why)
	case rundir.CauseEngine:
		return inconclusive("the harness made a mistake: %s", why)
	case rundir.CauseCancelled:
		return inconclusive("the run was interrupted here: %s", why)
	case rundir.CauseFlow:
		return inconclusive("an earlier answer left nothing to go on with: %s", why)
	}
	return inconclusive("the step could not go on for a cause unknown to this build (%q): %s", e.Cause, why)
}

// causeWords say what the other side did.
var causeWords = map[rundir.Cause]string{
	rundir.CauseRefused:   "refused the connection or association",
	rundir.CauseSilent:    "did not answer in time",
	rundir.CauseDropped:   "broke off the association",
	rundir.CauseViolation: "broke the protocol",
}

// tolerated turns a fail into a waived one where the criteria tolerate the
// whole scenario.
func (j *judgement) tolerated(cell *rundir.Cell, s *rundir.Scenario, r result) result {
	if w := j.criteria.toleratesScenario(cell, s); w != "" && r.outcome == rundir.Fail {
		r.outcome, r.waiver = rundir.Waived, w
	}
	return r
}
