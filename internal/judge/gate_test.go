package judge

import (
	"fmt"
	"strings"
	"testing"

	"pacsuat/internal/rundir"
)

// brief is what the gate sees of a scenario.
type brief struct {
	verdict  rundir.Outcome
	severity rundir.Severity
	waiver   string
	inbox    bool
}

func TestGate(t *testing.T) {
	t.Parallel()
	var (
		pass    = brief{rundir.Pass, rundir.Blocker, "", false}
		inbox   = brief{rundir.Pass, rundir.Blocker, "", true}
		fail    = brief{rundir.Fail, rundir.Major, "", false}
		open    = brief{rundir.Inconclusive, rundir.Minor, "", false}
		pending = brief{rundir.Pending, rundir.Blocker, "", false}
		flaky   = brief{rundir.Flaky, rundir.Blocker, "", false}
		flakyOK = brief{rundir.Flaky, rundir.Blocker, "known", false}
		waived  = brief{rundir.Waived, rundir.Minor, "minor", false}
		naBlock = brief{rundir.NotApplicable, rundir.Blocker, "", false}
		naMajor = brief{rundir.NotApplicable, rundir.Major, "", false}
	)
	for _, test := range []struct {
		name       string
		scenarios  []brief
		want       rundir.Gate
		conditions int
		reason     string
	}{
		{"all pass", []brief{pass, pass, inbox}, rundir.Go, 0, "all 3 scenarios passed"},
		{"a fail", []brief{pass, fail}, rundir.NoGo, 0, "S failed 1 major scenario"},
		{"a fail and all else", []brief{open, pending, flaky, waived, naBlock, fail}, rundir.NoGo, 2, "S has 1 inconclusive, 1 pending and 1 flaky scenarios"},
		{"fails", []brief{fail, fail, {rundir.Fail, rundir.Blocker, "", false}}, rundir.NoGo, 0, "S failed 1 blocker and 2 major scenarios"},
		{"inconclusive, although minor", []brief{pass, open}, rundir.GateInconclusive, 0, "S has 1 inconclusive scenario"},
		{"pending", []brief{pass, pending}, rundir.GateInconclusive, 0, "1 pending"},
		{"flaky", []brief{pass, flaky}, rundir.GateInconclusive, 0, "1 flaky"},
		{"inconclusive and waived", []brief{open, waived}, rundir.GateInconclusive, 1, ""},
		{"waived", []brief{pass, waived}, rundir.ConditionalGo, 1, "1 condition to be known"},
		{"flaky, accepted", []brief{pass, flakyOK}, rundir.ConditionalGo, 1, ""},
		{"a blocker does not apply", []brief{pass, naBlock}, rundir.ConditionalGo, 1, ""},
		{"another does not apply", []brief{pass, naMajor}, rundir.Go, 0, ""},
		{"nothing applies", []brief{naMajor, naMajor}, rundir.GateInconclusive, 0, "nothing was tested"},
		{"nothing applies but the inbox", []brief{naMajor, inbox}, rundir.GateInconclusive, 0, "nothing was tested"},
		{"nothing but the inbox", []brief{inbox}, rundir.GateInconclusive, 0, "nothing was tested"},
		{"nothing", nil, rundir.GateInconclusive, 0, "nothing was tested"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := &rundir.Verdict{Executions: make([]rundir.ExecutionSummary, 1)}
			for i, s := range test.scenarios {
				f := feature
				if s.inbox {
					f = rundir.InboxFeature
				}
				v.Scenarios = append(v.Scenarios, rundir.ScenarioVerdict{
					ID: fmt.Sprint(i), System: "S", Feature: f, Scenario: "the name", Verdict: s.verdict, Severity: s.severity, Waiver: s.waiver, Reason: "why"})
			}
			decide(v, &rundir.Plan{}, nil)
			if v.Gate != test.want || len(v.Conditions) != test.conditions || !strings.Contains(strings.Join(v.Reasons, "\n"), test.reason) {
				t.Errorf("got %s, %q, %q\nexpected %s, %d conditions, %q", v.Gate, v.Reasons, v.Conditions, test.want, test.conditions, test.reason)
			}
			for _, c := range v.Conditions {
				if !strings.Contains(c, "the name") || !strings.Contains(c, "S: ") {
					t.Errorf("a condition without its name: %q", c)
				}
			}
		})
	}
}

func TestGateWithoutCellsOrExecutions(t *testing.T) {
	t.Parallel()
	passed := rundir.ScenarioVerdict{System: "S", Feature: feature, Verdict: rundir.Pass}
	for _, test := range []struct {
		name string
		v    rundir.Verdict
		want string
	}{
		{"a cell without a scenario", rundir.Verdict{Scenarios: []rundir.ScenarioVerdict{passed}, Executions: make([]rundir.ExecutionSummary, 1),
			Cells: []rundir.CellVerdict{{System: "S", Feature: "f"}}}, "nothing is planned for S in f"},
		{"never executed", rundir.Verdict{Scenarios: []rundir.ScenarioVerdict{passed}}, "never executed"},
	} {
		decide(&test.v, &rundir.Plan{}, nil)
		if test.v.Gate != rundir.GateInconclusive || !strings.Contains(strings.Join(test.v.Reasons, "\n"), test.want) {
			t.Errorf("%s: got %s, %q, expected inconclusive, %q", test.name, test.v.Gate, test.v.Reasons, test.want)
		}
	}
}

// What is to be said of several systems is said once.
func TestGateReasonsAreGrouped(t *testing.T) {
	t.Parallel()
	v := &rundir.Verdict{Executions: make([]rundir.ExecutionSummary, 1)}
	for _, s := range []struct {
		system  string
		verdict rundir.Outcome
	}{{"A", rundir.Fail}, {"B", rundir.Inconclusive}, {"C", rundir.Inconclusive}, {"D", rundir.Inconclusive}, {"D", rundir.Inconclusive}, {"E", rundir.Inconclusive}} {
		v.Scenarios = append(v.Scenarios, rundir.ScenarioVerdict{System: s.system, Feature: feature, Verdict: s.verdict, Severity: rundir.Blocker})
	}
	decide(v, &rundir.Plan{}, nil)
	want := "A failed 1 blocker scenario; B, C and E have 1 inconclusive scenario each; D has 2 inconclusive scenarios"
	if got := strings.Join(v.Reasons, "; "); got != want {
		t.Errorf("got %q, expected %q", got, want)
	}
}

// A detail that has said what was expected is not followed by it again.
func TestSentence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		c    rundir.Check
		want string
	}{
		{"alone", rundir.Check{}, "study.images: expected 120 images, observed 119 images"},
		{"with a detail", rundir.Check{Detail: "one\x1b is\nmissing"}, "one is missing (study.images: expected 120 images, observed 119 images)"},
		{"with a detail that says it", rundir.Check{Detail: "DR reports 119 images, expected 120"}, "DR reports 119 images, expected 120 (study.images)"},
		{"with another comparator", rundir.Check{Comparator: rundir.LessOrEqual}, "study.images: expected at most 120 images, observed 119 images"},
		{"censored", rundir.Check{Comparator: rundir.GreaterOrEqual, CensoredAt: ptr(119.0)}, "study.images: expected at least 120 images, observed 119 images when the wait was ended"},
	} {
		c := test.c
		c.Name, c.Unit, c.Limit, c.Observed = "study.images", "images", rundir.Number(120), rundir.Number(119)
		if got := sentence(&c, c.Limit); got != test.want {
			t.Errorf("%s: got %q, expected %q", test.name, got, test.want)
		}
	}
}

func TestPlannedOutcomes(t *testing.T) {
	t.Parallel()
	bad := attemptOf(bk, one, 1, begin(), ended(1), ended(2), images(3, 119), ended(3), end())
	for _, test := range []struct {
		name    string
		change  func(s *rundir.Scenario)
		records []rundir.Record
		want    rundir.Outcome
		gate    rundir.Gate
		reason  string
	}{
		{"not applicable, blocker", func(s *rundir.Scenario) { s.NotApplicable = "no C-GET" }, nil, rundir.NotApplicable, rundir.ConditionalGo, "no C-GET"},
		{"not applicable, major, and nothing else of the system", func(s *rundir.Scenario) { s.NotApplicable, s.Severity = "no C-GET", rundir.Major }, nil, rundir.NotApplicable, rundir.ConditionalGo, "no C-GET"},
		{"blocked", func(s *rundir.Scenario) { s.Blocked = "its writes reach DR, which is live" }, nil, rundir.Inconclusive, rundir.GateInconclusive, "not run: its writes reach DR"},
		{"blocked, passed nevertheless", func(s *rundir.Scenario) { s.Blocked = "budget" }, passed()[bk], rundir.Inconclusive, rundir.GateInconclusive, "budget"},
		{"blocked, failed nevertheless", func(s *rundir.Scenario) { s.Blocked = "budget" }, bad, rundir.Fail, rundir.NoGo, "observed 119"},
		{"minor", func(s *rundir.Scenario) { s.Severity = rundir.Minor }, bad, rundir.Waived, rundir.ConditionalGo, "observed 119"},
		{"minor, data integrity", func(s *rundir.Scenario) { s.Severity, s.Tags = rundir.Minor, []string{"@minor", "@integrity"} }, bad, rundir.Fail, rundir.NoGo, "observed 119"},
		{"minor, not run", func(s *rundir.Scenario) { s.Severity = rundir.Minor }, nil, rundir.Inconclusive, rundir.GateInconclusive, "not run"},
		{"minor, never reachable", func(s *rundir.Scenario) { s.Severity = rundir.Minor }, attemptOf(bk, one, 1, begin(), stepError(1, rundir.CauseSilent, bk), end()),
			rundir.Inconclusive, rundir.GateInconclusive, "never reachable"},
		{"minor, dropped", func(s *rundir.Scenario) { s.Severity = rundir.Minor }, attemptOf(bk, one, 1, begin(), answered(bk), stepError(1, rundir.CauseDropped, bk), end()),
			rundir.Waived, rundir.ConditionalGo, "broke off"},
		{"no severity means blocker", func(s *rundir.Scenario) { s.Severity = "" }, bad, rundir.Fail, rundir.NoGo, ""},
		{"unknown severity means blocker", func(s *rundir.Scenario) { s.Severity = "trifle" }, bad, rundir.Fail, rundir.NoGo, ""},
		{"no steps", func(s *rundir.Scenario) { s.Steps = nil }, attemptOf(bk, one, 1, begin(), end()), rundir.Inconclusive, rundir.GateInconclusive, "no step is planned"},
		{"no Then", func(s *rundir.Scenario) { s.Steps = s.Steps[:2] }, attemptOf(bk, one, 1, begin(), ended(1), ended(2), end()), rundir.Inconclusive, rundir.GateInconclusive, "no Then step"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlan()
			test.change(&p.Cells[0].Scenarios[0])
			records := passed()
			delete(records, bk)
			if test.records != nil {
				records[bk] = test.records
			}
			v := judged(t, nil, run(t, p, script{records: records}))
			got := scenarioOf(t, v, bk, one)
			if got.Verdict != test.want || v.Gate != test.gate || !strings.Contains(got.Reason, test.reason) {
				t.Errorf("got %s, %s: %q\nexpected %s, %s: %q", v.Gate, got.Verdict, got.Reason, test.gate, test.want, test.reason)
			}
			if strings.Contains(test.name, "means blocker") && got.Severity != rundir.Blocker {
				t.Errorf("the severity is %q", got.Severity)
			}
		})
	}
}
