package judge

import (
	"fmt"
	"slices"

	"pacsuat/internal/rundir"
)

// evidence is what one execution left, in the form that judging needs.
type evidence struct {
	dir       string
	execution rundir.Execution
	attempts  map[scenarioKey]map[int]*attempt
	answered  map[string]bool // systems that answered anything in this execution
	arrivals  []arrival
	inboxEnd  bool
}

type scenarioKey struct{ cell, scenario string }

// attempt is one attempt of one scenario.
type attempt struct {
	begins int
	ends   int
	end    rundir.End
	// afterEnd: something other than a check followed the end.
	afterEnd bool
	events   []event // checks and ends of steps, as they were recorded
	ended    map[int]int
	last     int // highest step index seen
	open     []intent
}

// event is a check or the end of a step.
type event struct {
	step  int
	check *rundir.Check
	end   *rundir.StepEnd
}

// intent is one that has had no outcome yet. IDs are unique per stream.
type intent struct {
	stream string
	step   int
	rundir.Intent
}

// arrival is one at the inbox that somebody must answer for: unclaimed, late
// or not the first of its UID.
type arrival struct {
	rundir.Arrival
	owner   scenarioKey
	attempt int
}

// evidenceIn reads all evidence of a run directory. Records of a machine that no
// execution.json speaks of count as those of an execution that set out for
// nothing: they lend no pass, and a fail in them is a fail.
func evidenceIn(d *rundir.Dir, sha string, index map[string]*planned) ([]*evidence, error) {
	executions, err := d.Executions()
	if err != nil {
		return nil, err
	}
	machines, err := d.Machines()
	if err != nil {
		return nil, err
	}
	for _, e := range executions {
		if e.PlanSHA256 != sha {
			return nil, fmt.Errorf("%s: it executed plan %s, but holds plan %s", d.Path(), short(e.PlanSHA256), short(sha))
		}
		machines = slices.DeleteFunc(machines, func(m string) bool { return m == e.Machine })
	}
	for _, m := range machines {
		executions = append(executions, rundir.Execution{Machine: m, Interrupted: "nothing says what this machine set out for"})
	}
	var all []*evidence
	for _, e := range executions {
		ev, err := readEvidence(d, e, index)
		if err != nil {
			return nil, err
		}
		all = append(all, ev)
	}
	return all, nil
}

func readEvidence(d *rundir.Dir, e rundir.Execution, index map[string]*planned) (*evidence, error) {
	ev := &evidence{
		dir: d.Path(), execution: e,
		attempts: make(map[scenarioKey]map[int]*attempt),
		answered: make(map[string]bool),
	}
	for _, id := range e.Cells {
		if index[id] == nil {
			return nil, fmt.Errorf("%s: the execution set out for cell %q, which its plan doesn't hold", d.Path(), id)
		}
	}
	err := d.Records(e.Machine, func(stream string, r *rundir.Record) error {
		if err := ev.add(stream, r, index); err != nil {
			return fmt.Errorf("%s: %s: record %d of %s: %w", d.Path(), e.Machine, r.Seq, stream, err)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ev, nil
}

func (ev *evidence) add(stream string, r *rundir.Record, index map[string]*planned) error {
	if r.Cell != "" || r.Scenario != "" {
		pc := index[r.Cell]
		if pc == nil {
			return fmt.Errorf("cell %q is not in the plan", r.Cell)
		}
		if r.Scenario != "" && pc.scenarios[r.Scenario] == nil {
			return fmt.Errorf("scenario %q is not planned for cell %q", r.Scenario, r.Cell)
		}
	}
	if o := r.Observation; o != nil && o.System != "" && o.Status != "" {
		ev.answered[o.System] = true
	}
	key := scenarioKey{r.Cell, r.Scenario}
	switch {
	case r.Answered != nil:
		ev.answered[r.Answered.System] = true
		return nil
	case r.InboxEnd != nil:
		ev.inboxEnd = true
		return nil
	case r.Arrival != nil:
		if a := r.Arrival; a.Unclaimed || a.Late || a.Ordinal > 1 {
			if !a.Unclaimed && r.Scenario == "" {
				return fmt.Errorf("an arrival that is late or repeated names no scenario that it belongs to")
			}
			ev.arrivals = append(ev.arrivals, arrival{*a, key, r.Attempt})
		}
		return nil
	case r.Scenario == "":
		return nil // outside scenarios: housekeeping of the run
	case r.Attempt < 1:
		return fmt.Errorf("attempt %d: attempts count from 1", r.Attempt)
	}
	byNumber := ev.attempts[key]
	if byNumber == nil {
		byNumber = make(map[int]*attempt)
		ev.attempts[key] = byNumber
	}
	a := byNumber[r.Attempt]
	if a == nil {
		a = &attempt{ended: make(map[int]int)}
		byNumber[r.Attempt] = a
	}
	a.add(stream, r)
	return nil
}

func (a *attempt) add(stream string, r *rundir.Record) {
	if a.ends > 0 && r.End == nil && r.Check == nil {
		a.afterEnd = true
	}
	a.last = max(a.last, r.StepIndex)
	switch {
	case r.Begin != nil:
		a.begins++
	case r.Check != nil:
		a.events = append(a.events, event{step: r.StepIndex, check: r.Check})
		a.afterEnd = a.afterEnd || a.ends > 0
	case r.StepEnd != nil:
		a.events = append(a.events, event{step: r.StepIndex, end: r.StepEnd})
		a.ended[r.StepIndex]++
	case r.Intent != nil:
		a.open = append(a.open, intent{stream, r.StepIndex, *r.Intent})
	case r.Observation != nil:
		a.open = slices.DeleteFunc(a.open, func(i intent) bool {
			return i.stream == stream && i.ID == r.Observation.Intent
		})
	case r.End != nil:
		a.ends++
		a.end = *r.End
	}
}

// cut reports whether the attempt was ended by something on our own side, so
// that what still came afterwards had nobody left to wait for it.
func (a *attempt) cut() bool {
	if a == nil || a.ends == 0 || a.end.Error != "" {
		return true
	}
	return slices.ContainsFunc(a.events, func(e event) bool {
		if e.end == nil {
			return false
		}
		switch e.end.Cause {
		case rundir.CauseCancelled, rundir.CauseLocal, rundir.CauseEngine:
			return true
		}
		return false
	})
}

// attemptsOf returns the attempts of a scenario; nil where there are none.
func (ev *evidence) attemptsOf(cell, scenario string) map[int]*attempt {
	return ev.attempts[scenarioKey{cell, scenario}]
}

// covers reports whether the execution set out for the scenario.
func (ev *evidence) covers(cell, scenario string) bool {
	return ev.coversCell(cell) &&
		(len(ev.execution.Scenarios) == 0 || slices.Contains(ev.execution.Scenarios, scenario))
}

func (ev *evidence) coversCell(cell string) bool {
	return slices.Contains(ev.execution.Cells, cell)
}

// cutShort says why an execution didn't do all that it set out for.
func (ev *evidence) cutShort() string {
	switch e := ev.execution; {
	case e.Interrupted != "":
		return "the run was interrupted before its turn (" + clean(e.Interrupted) + ")"
	case e.Ended == nil:
		return "the run stopped before its turn without saying why (killed, or out of power or disk)"
	}
	return "the run ended without it, and says not why"
}

func (ev *evidence) summary() rundir.ExecutionSummary {
	e := ev.execution
	return rundir.ExecutionSummary{
		Dir: ev.dir, Nonce: e.Nonce, Machine: e.Machine, Vantage: e.Vantage,
		Started: e.Started, Ended: e.Ended, Interrupted: e.Interrupted,
	}
}
