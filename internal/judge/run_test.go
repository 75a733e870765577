package judge

import (
	"errors"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"pacsuat/internal/rundir"
)

// The plan of most tests: one feature for two systems, and the inbox.
const (
	feature = "storage.feature"
	bk, dr  = "North-BK", "DR"
	one     = feature + ":1"
	two     = feature + ":9"
)

func steps() []rundir.Step {
	return []rundir.Step{
		{Keyword: rundir.Given, Text: "a synthetic study"},
		{Keyword: rundir.When, Text: "the study is sent"},
		{Keyword: rundir.Then, Text: "the system reports 120 images"},
	}
}

func inboxCell(subject string) rundir.Cell {
	return rundir.Cell{ID: subject + "-inbox", Subject: subject, Feature: rundir.InboxFeature, Scenarios: []rundir.Scenario{{
		ID: rundir.InboxScenario, Name: "inbox", Severity: rundir.Blocker,
		Steps: []rundir.Step{{Keyword: rundir.Then, Text: rundir.InboxStep}},
	}}}
}

// newPlan plans scenario one for both systems.
func newPlan() *rundir.Plan {
	p := &rundir.Plan{
		Schema: rundir.PlanSchema, EnterpriseName: "cluster",
		Features:   []rundir.Feature{{Path: feature, Name: "Storage"}},
		CheckNames: []string{"study.images", "find.duration", "store.status"},
		Subjects: []rundir.Subject{
			{Name: bk, Kind: rundir.SubjectSystem, Site: "North"}, {Name: dr, Kind: rundir.SubjectSystem, Site: "Cluster"},
		},
	}
	for _, s := range []string{bk, dr} {
		p.Cells = append(p.Cells, rundir.Cell{ID: s, Subject: s, Feature: feature, Scenarios: []rundir.Scenario{
			{ID: one, Name: "A CT comes back whole", Severity: rundir.Blocker, Tags: []string{"@storage"}, Steps: steps()},
		}}, inboxCell(s))
	}
	return p
}

// script is what one execution leaves.
type script struct {
	cells       []string // nil = all of the plan
	scenarios   []string
	interrupted string
	running     bool // it never ended
	noInboxEnd  bool
	noExecution bool
	inbox       []rundir.Record
	records     map[string][]rundir.Record // by cell
}

// run writes an execution of a plan and opens it.
func run(t *testing.T, p *rundir.Plan, s script) *rundir.Dir {
	t.Helper()
	d, err := rundir.Create(filepath.Join(t.TempDir(), "run"))
	if err != nil {
		t.Fatal(err)
	}
	sha, err := d.WritePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	e := &rundir.Execution{
		Schema: rundir.ExecutionSchema, PlanSHA256: sha, Nonce: "00", Machine: "laptop",
		Cells: s.cells, Scenarios: s.scenarios, Interrupted: s.interrupted,
	}
	if s.cells == nil {
		for _, c := range p.Cells {
			e.Cells = append(e.Cells, c.ID)
		}
	}
	if !s.running {
		e.Ended = new(time.Time)
	}
	if !s.noExecution {
		if err := d.WriteExecution(e); err != nil {
			t.Fatal(err)
		}
	}
	inbox := s.inbox
	if !s.noInboxEnd {
		inbox = append(inbox, rundir.Record{InboxEnd: &rundir.InboxEnd{}})
	}
	if len(inbox) > 0 {
		write(t, d, rundir.InboxStream, inbox)
	}
	for cell, records := range s.records {
		write(t, d, cell, records)
	}
	return d
}

func write(t *testing.T, d *rundir.Dir, stream string, records []rundir.Record) {
	t.Helper()
	out, err := d.Stream("laptop", stream, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range records {
		if err := out.Append(r); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Close(); err != nil {
		t.Fatal(err)
	}
}

// attemptOf sets whom records belong to.
func attemptOf(cell, scenario string, attempt int, records ...rundir.Record) []rundir.Record {
	out := append([]rundir.Record{}, records...)
	for i := range out {
		out[i].Cell, out[i].Scenario, out[i].Attempt = cell, scenario, attempt
	}
	return out
}

func begin() rundir.Record { return rundir.Record{Begin: &rundir.Begin{}} }
func end() rundir.Record   { return rundir.Record{End: &rundir.End{Steps: 3}} }
func answered(system string) rundir.Record {
	return rundir.Record{Answered: &rundir.Answered{System: system}}
}

func ended(step int) rundir.Record {
	return rundir.Record{StepIndex: step, StepEnd: &rundir.StepEnd{}}
}

func stepError(step int, cause rundir.Cause, system string) rundir.Record {
	return rundir.Record{StepIndex: step, StepEnd: &rundir.StepEnd{Error: "the words of the error", Cause: cause, System: system}}
}

func images(step int, observed float64) rundir.Record {
	return check(step, rundir.Check{Name: "study.images", Comparator: rundir.Equal,
		Limit: rundir.Number(120), Observed: rundir.Number(observed), Unit: "images", N: 1})
}

func check(step int, c rundir.Check) rundir.Record {
	return rundir.Record{StepIndex: step, Check: &c}
}

// pass is a whole attempt at the BK that passed.
func pass() []rundir.Record {
	return []rundir.Record{begin(), ended(1), answered(bk), ended(2), images(3, 120), ended(3), end()}
}

// passed is what a clean execution leaves for both systems.
func passed() map[string][]rundir.Record {
	atDR := pass()
	atDR[2] = answered(dr)
	return map[string][]rundir.Record{bk: attemptOf(bk, one, 1, pass()...), dr: attemptOf(dr, one, 1, atDR...)}
}

func judged(t *testing.T, c *Criteria, dirs ...*rundir.Dir) *rundir.Verdict {
	t.Helper()
	v, err := Judge(dirs, c)
	if err != nil {
		t.Fatal(err)
	}
	if err := consistent(v); err != nil {
		t.Fatal(err)
	}
	return v
}

// consistent holds every verdict of every test to what must always be true.
func consistent(v *rundir.Verdict) error {
	var errs []error
	worst := make(map[[2]string]rundir.Outcome)
	for _, s := range v.Scenarios {
		k := [2]string{s.System, s.Feature}
		if o, ok := worst[k]; !ok || worse(s.Verdict, o) {
			worst[k] = s.Verdict
		}
		if s.Verdict != rundir.Pass && s.Reason == "" {
			errs = append(errs, fmt.Errorf("%s of %s is %s without a reason", s.ID, s.System, s.Verdict))
		}
		if open := s.Verdict != rundir.Pass && s.Verdict != rundir.Waived && s.Verdict != rundir.NotApplicable &&
			s.Waiver == ""; open && ExitCode(v.Gate) == 0 {
			errs = append(errs, fmt.Errorf("%s of %s is %s and the gate %s", s.ID, s.System, s.Verdict, v.Gate))
		}
	}
	for _, c := range v.Cells {
		n := c.Scenarios
		if sum := n.Pass + n.Fail + n.Inconclusive + n.Pending + n.Flaky + n.Waived + n.NotApplicable; sum != n.Planned {
			errs = append(errs, fmt.Errorf("%s × %s: %d scenarios are counted, %d planned", c.System, c.Feature, sum, n.Planned))
		}
		if o := worst[[2]string{c.System, c.Feature}]; o != c.Verdict && n.Planned > 0 {
			errs = append(errs, fmt.Errorf("%s × %s is %s, its worst scenario %s", c.System, c.Feature, c.Verdict, o))
		}
	}
	if len(v.Reasons) == 0 {
		errs = append(errs, errors.New("the gate has no reason"))
	}
	return errors.Join(errs...)
}

// scenarioOf returns the verdict of one scenario.
func scenarioOf(t *testing.T, v *rundir.Verdict, system, id string) rundir.ScenarioVerdict {
	t.Helper()
	for _, s := range v.Scenarios {
		if s.System == system && s.ID == id {
			return s
		}
	}
	t.Fatalf("no scenario %s of %s", id, system)
	return rundir.ScenarioVerdict{}
}
