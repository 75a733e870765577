package judge

import (
	"fmt"
	"slices"
	"strings"

	"pacsuat/internal/rundir"
)

// inbox judges the implicit blocker of a subject: nothing arrives unasked at
// the harness's inbox, nothing late, nothing twice. Every execution that set
// out for the cell must have listened to the end.
func (j *judgement) inbox(cell *rundir.Cell, s *rundir.Scenario) result {
	var results []result
	covered := false
	for _, ev := range j.executions {
		r := j.inboxOf(ev, cell, s)
		if ev.coversCell(cell.ID) {
			covered = true
		} else if r.outcome != rundir.Fail && r.outcome != rundir.Waived {
			continue
		}
		r.attempts = 1
		r.step = stepText(s, 1)
		results = append(results, r)
	}
	if !covered {
		results = append(results, inconclusive("not run: no execution set out for it"))
	}
	return worst(results)
}

func (j *judgement) inboxOf(ev *evidence, cell *rundir.Cell, s *rundir.Scenario) result {
	var (
		unasked, strangers  int
		senders             []string
		late, twice, outcut int
	)
	for _, a := range ev.arrivals {
		switch {
		case a.Unclaimed && slices.Contains(a.Systems, cell.Subject):
			unasked++
			if !slices.Contains(senders, a.Sender) {
				senders = append(senders, a.Sender)
			}
		case a.Unclaimed:
			if !slices.ContainsFunc(a.Systems, j.isSubject) {
				strangers++
			}
		case j.index[a.owner.cell].cell.Subject != cell.Subject:
		case a.Late && ev.attemptsOf(a.owner.cell, a.owner.scenario)[a.attempt].cut():
			outcut++
		case a.Ordinal > 1:
			twice++
		default:
			late++
		}
	}
	var fails []string
	if unasked > 0 {
		slices.Sort(senders)
		fails = append(fails, fmt.Sprintf("%s arrived that nobody had asked for, from %s", plural(unasked, "instance"), strings.Join(senders, ", ")))
	}
	if late > 0 {
		fails = append(fails, plural(late, "instance")+" arrived late")
	}
	if twice > 0 {
		fails = append(fails, plural(twice, "instance")+" arrived twice")
	}
	switch {
	case len(fails) > 0:
		return j.tolerated(cell, s, result{outcome: rundir.Fail, reason: strings.Join(fails, "; ") + "; expected none"})
	case !ev.inboxEnd:
		return inconclusive("the harness's inbox was not listening to the end of the run, so nothing says what still arrived")
	case strangers > 0:
		return inconclusive("%s arrived that nobody had asked for, from a sender that is none of the subjects: find out who sent them", plural(strangers, "instance"))
	case outcut > 0:
		return inconclusive("%s arrived late for scenarios that had been cut short on our side", plural(outcut, "instance"))
	}
	return result{outcome: rundir.Pass}
}

func (j *judgement) isSubject(name string) bool {
	return slices.ContainsFunc(j.plan.Subjects, func(s rundir.Subject) bool { return s.Name == name })
}
