package judge

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"pacsuat/internal/rundir"
)

// Judge judges the executions in dirs together. They must all be of the same
// plan, by its hash. criteria may be nil: then only fails of @minor scenarios
// are tolerated. Names in the criteria that the plan doesn't hold are an error
// (*CriteriaError); so is damaged evidence (*rundir.DamageError), since judging
// it would be guessing.
func Judge(dirs []*rundir.Dir, criteria *Criteria) (*rundir.Verdict, error) {
	plan, sha, err := commonPlan(dirs)
	if err != nil {
		return nil, err
	}
	if criteria == nil {
		criteria = &Criteria{}
	}
	if err := criteria.Validate(plan); err != nil {
		return nil, err
	}
	index, err := indexPlan(plan)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dirs[0].Path(), err)
	}
	j := &judgement{plan: plan, index: index, criteria: criteria}
	for _, d := range dirs {
		all, err := evidenceIn(d, sha, index)
		if err != nil {
			return nil, err
		}
		j.executions = append(j.executions, all...)
	}

	v := &rundir.Verdict{
		Schema:     rundir.VerdictSchema,
		Judged:     time.Now().UTC(),
		PlanSHA256: sha,
		Enterprise: plan.EnterpriseName,
		Simulated:  plan.Simulated,
		Executions: []rundir.ExecutionSummary{},
		Systems:    append([]rundir.Subject{}, plan.Subjects...),
		Features:   rows(plan),
		Cells:      []rundir.CellVerdict{},
		Scenarios:  []rundir.ScenarioVerdict{},
	}
	for _, ev := range j.executions {
		v.Executions = append(v.Executions, ev.summary())
	}
	for i := range plan.Cells {
		cell := &plan.Cells[i]
		cv := rundir.CellVerdict{System: cell.Subject, Feature: cell.Feature, Verdict: rundir.Inconclusive}
		for k := range cell.Scenarios {
			sv := j.scenario(cell, &cell.Scenarios[k])
			if k == 0 || worse(sv.Verdict, cv.Verdict) {
				cv.Verdict = sv.Verdict
			}
			cv.Scenarios.Planned++
			*counter(&cv.Scenarios, sv.Verdict)++
			v.Scenarios = append(v.Scenarios, sv)
		}
		v.Cells = append(v.Cells, cv)
	}
	decide(v, plan, j.executions)
	return v, nil
}

// ExitCode is the exit code that a gate gives a command: 0 go and conditional
// go, 1 no-go, 2 inconclusive and everything unknown.
func ExitCode(g rundir.Gate) int {
	switch g {
	case rundir.Go, rundir.ConditionalGo:
		return 0
	case rundir.NoGo:
		return 1
	}
	return 2
}

// judgement is one call of Judge.
type judgement struct {
	plan       *rundir.Plan
	index      map[string]*planned // by cell ID
	criteria   *Criteria
	executions []*evidence
}

// planned is a cell as evidence is looked up in it.
type planned struct {
	cell      *rundir.Cell
	scenarios map[string]*rundir.Scenario
}

func indexPlan(p *rundir.Plan) (map[string]*planned, error) {
	subjects := make(map[string]bool)
	for _, s := range p.Subjects {
		if subjects[s.Name] {
			return nil, fmt.Errorf("plan: subject %q is there twice", s.Name)
		}
		subjects[s.Name] = true
	}
	index := make(map[string]*planned, len(p.Cells))
	places := make(map[[2]string]bool)
	for i := range p.Cells {
		c := &p.Cells[i]
		place := [2]string{c.Subject, c.Feature}
		switch {
		case index[c.ID] != nil:
			return nil, fmt.Errorf("plan: cell %q is there twice", c.ID)
		case places[place]:
			return nil, fmt.Errorf("plan: subject %q has feature %q twice", c.Subject, c.Feature)
		case !subjects[c.Subject]:
			return nil, fmt.Errorf("plan: cell %q is of %q, which is no subject", c.ID, c.Subject)
		}
		places[place] = true
		pc := &planned{cell: c, scenarios: make(map[string]*rundir.Scenario, len(c.Scenarios))}
		for k := range c.Scenarios {
			s := &c.Scenarios[k]
			if pc.scenarios[s.ID] != nil {
				return nil, fmt.Errorf("plan: cell %q holds scenario %q twice", c.ID, s.ID)
			}
			pc.scenarios[s.ID] = s
		}
		index[c.ID] = pc
	}
	return index, nil
}

func commonPlan(dirs []*rundir.Dir) (*rundir.Plan, string, error) {
	if len(dirs) == 0 {
		return nil, "", errors.New("no run directory to judge")
	}
	plan, sha, err := dirs[0].Plan()
	if err != nil {
		return nil, "", err
	}
	for _, d := range dirs[1:] {
		_, other, err := d.Plan()
		if err != nil {
			return nil, "", err
		}
		if other != sha {
			return nil, "", fmt.Errorf("%s holds plan %s, %s holds plan %s: only executions of the same plan can be judged together",
				dirs[0].Path(), short(sha), d.Path(), short(other))
		}
	}
	return plan, sha, nil
}

// rows are the features of the matrix; the inbox's implicit one comes last.
func rows(p *rundir.Plan) []rundir.Feature {
	features := slices.DeleteFunc(append([]rundir.Feature{}, p.Features...), func(f rundir.Feature) bool {
		return f.Path == rundir.InboxFeature
	})
	if slices.ContainsFunc(p.Cells, func(c rundir.Cell) bool { return c.Feature == rundir.InboxFeature }) {
		features = append(features, rundir.Feature{Path: rundir.InboxFeature, Name: inboxName})
	}
	return features
}

// inboxName is what people read for the inbox's implicit feature.
const inboxName = "Nothing arrives unasked, late or twice"

// worse reports whether a is a worse outcome than b.
func worse(a, b rundir.Outcome) bool { return rank(a) < rank(b) }

// rank orders outcomes, worst first; an unknown one is worst of all.
func rank(o rundir.Outcome) int { return slices.Index(rundir.Outcomes, o) }

// counter returns the count that an outcome belongs to.
func counter(c *rundir.Counts, o rundir.Outcome) *int {
	switch o {
	case rundir.Fail:
		return &c.Fail
	case rundir.Pending:
		return &c.Pending
	case rundir.Flaky:
		return &c.Flaky
	case rundir.Waived:
		return &c.Waived
	case rundir.Pass:
		return &c.Pass
	case rundir.NotApplicable:
		return &c.NotApplicable
	}
	return &c.Inconclusive
}

func short(sha string) string { return sha[:min(12, len(sha))] }

// result is what one attempt, execution or scenario came to.
type result struct {
	outcome  rundir.Outcome
	reason   string
	step     string
	waiver   string
	attempts int
}

func inconclusive(format string, args ...any) result {
	return result{outcome: rundir.Inconclusive, reason: fmt.Sprintf(format, args...)}
}

// scenario judges one planned scenario: the worst of what its executions gave.
func (j *judgement) scenario(cell *rundir.Cell, s *rundir.Scenario) rundir.ScenarioVerdict {
	var r result
	switch {
	case s.NotApplicable != "":
		r = result{outcome: rundir.NotApplicable, reason: s.NotApplicable}
	case cell.Feature == rundir.InboxFeature && s.ID == rundir.InboxScenario:
		r = j.inbox(cell, s)
	default:
		r = j.executed(cell, s)
	}
	severity := s.Severity
	if !slices.Contains(rundir.Severities, severity) {
		severity = rundir.Blocker // none means blocker
	}
	return rundir.ScenarioVerdict{
		ID: s.ID, System: cell.Subject, Feature: cell.Feature, Scenario: s.Name, Tags: s.Tags,
		Severity: severity,
		Verdict:  r.outcome, Reason: r.reason, Step: r.step, Attempts: r.attempts, Waiver: r.waiver,
	}
}

func (j *judgement) executed(cell *rundir.Cell, s *rundir.Scenario) result {
	var results []result
	absent := inconclusive("not run: no execution set out for it")
	for _, ev := range j.executions {
		covered := ev.covers(cell.ID, s.ID)
		attempts := ev.attemptsOf(cell.ID, s.ID)
		if len(attempts) == 0 {
			if covered {
				absent = inconclusive("not run: %s", ev.cutShort())
			}
			continue
		}
		r := j.execution(ev, cell, s, attempts)
		if !covered && r.outcome != rundir.Fail {
			continue // a part that it did not set out for lends no pass
		}
		results = append(results, r)
	}
	if s.Blocked != "" {
		results = append(results, inconclusive("not run: %s", s.Blocked))
	}
	if len(results) == 0 {
		return absent
	}
	return worst(results)
}

// worst returns the worst result, the first of those that are equally bad.
func worst(results []result) result {
	r := results[0]
	for _, other := range results[1:] {
		if worse(other.outcome, r.outcome) {
			r = other
		}
	}
	return r
}
