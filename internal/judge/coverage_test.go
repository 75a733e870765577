package judge

import (
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/rundir"
)

// All that was executed passed; what was not there to be executed must show.
func TestWhatIsMissingIsNoPass(t *testing.T) {
	t.Parallel()
	major := func(p *rundir.Plan) {
		for i := range p.Cells {
			p.Cells[i].Scenarios[0].Severity = rundir.Major
		}
	}
	for _, test := range []struct {
		name   string
		change func(p *rundir.Plan)
		want   rundir.Gate
		say    string // part of the reasons or conditions
	}{
		{"nothing is missing", func(*rundir.Plan) {}, rundir.Go, "all 4 scenarios passed"},
		{"a subject without cells", func(p *rundir.Plan) {
			p.Subjects = append(p.Subjects, rundir.Subject{Name: "South-BK", Kind: rundir.SubjectSystem, Site: "South"})
		}, rundir.GateInconclusive, "nothing is planned for South-BK"},
		{"a subject with its inbox alone", func(p *rundir.Plan) {
			p.Cells = slices.DeleteFunc(p.Cells, func(c rundir.Cell) bool { return c.Subject == dr && c.Feature == feature })
		}, rundir.GateInconclusive, "nothing is planned for DR"},
		{"a subject without its inbox", func(p *rundir.Plan) {
			p.Cells = slices.DeleteFunc(p.Cells, func(c rundir.Cell) bool { return c.Subject == dr && c.Feature != feature })
		}, rundir.GateInconclusive, "arrives unasked from DR"},
		{"a feature without cells", func(p *rundir.Plan) {
			p.Features = append(p.Features, rundir.Feature{Path: "query.feature", Name: "Query"})
		}, rundir.GateInconclusive, "nothing is planned in query.feature"},
		{"a subject that no feature speaks of", func(p *rundir.Plan) {
			p.Untested = []rundir.Untested{{Subject: "DR->X", Reason: "no feature speaks of it"}}
		}, rundir.ConditionalGo, "DR->X: not tested: no feature speaks of it"},
		{"a subject to which nothing applies", func(p *rundir.Plan) {
			major(p)
			p.Cells[2].Scenarios[0].NotApplicable = "being repaired"
		}, rundir.ConditionalGo, "DR: not tested: every scenario is declared not applicable"},
		{"nothing applies anywhere", func(p *rundir.Plan) {
			major(p)
			p.Cells[0].Scenarios[0].NotApplicable = "x"
			p.Cells[2].Scenarios[0].NotApplicable = "x"
		}, rundir.GateInconclusive, "nothing was tested"},
		{"a selection by tags", func(p *rundir.Plan) { p.Tags = "@storage" }, rundir.Go, "only scenarios of @storage were planned"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlan()
			test.change(p)
			records := passed()
			for _, c := range p.Cells {
				if c.Scenarios[0].NotApplicable != "" {
					delete(records, c.ID)
				}
			}
			for cell := range records {
				if !slices.ContainsFunc(p.Cells, func(c rundir.Cell) bool { return c.ID == cell }) {
					delete(records, cell)
				}
			}
			v := judged(t, nil, run(t, p, script{records: records}))
			said := strings.Join(append(slices.Clone(v.Reasons), v.Conditions...), "\n")
			if v.Gate != test.want || !strings.Contains(said, test.say) {
				t.Errorf("got %s:\n%s\nexpected %s with %q", v.Gate, said, test.want, test.say)
			}
		})
	}
}

func TestOtherBuilds(t *testing.T) {
	t.Parallel()
	planned := rundir.Binary{Version: "1.0", SHA256: "aa", OS: "linux", Arch: "amd64"}
	for _, test := range []struct {
		name     string
		executed rundir.Binary
		other    bool
	}{
		{"the same", planned, false},
		{"not said", rundir.Binary{}, false},
		{"the same version for another system", rundir.Binary{Version: "1.0", SHA256: "bb", OS: "windows", Arch: "amd64"}, false},
		{"another build of the same version", rundir.Binary{Version: "1.0", SHA256: "bb", OS: "linux", Arch: "amd64"}, true},
		{"another version", rundir.Binary{Version: "1.1", SHA256: "bb", OS: "windows", Arch: "amd64"}, true},
	} {
		v := &rundir.Verdict{Executions: make([]rundir.ExecutionSummary, 1),
			Scenarios: []rundir.ScenarioVerdict{{System: "S", Feature: feature, Verdict: rundir.Pass}}}
		decide(v, &rundir.Plan{Binary: planned}, []*evidence{{execution: rundir.Execution{Machine: "laptop", Binary: test.executed}}})
		if conditional := v.Gate == rundir.ConditionalGo && len(v.Conditions) == 1 && strings.Contains(v.Conditions[0], "laptop executed with another build"); conditional != test.other {
			t.Errorf("%s: %s, %q", test.name, v.Gate, v.Conditions)
		}
	}
}
