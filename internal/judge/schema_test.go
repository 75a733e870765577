package judge

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"pacsuat/internal/rundir"
)

// What Judge gives, written by rundir, is what the documented schema says.
func TestVerdictMeetsItsSchema(t *testing.T) {
	t.Parallel()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(rundir.VerdictJSONSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("verdict.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile("verdict.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	bad := attemptOf(bk, one, 1, begin(), ended(1), ended(2), images(3, 119), ended(3), end())
	conditional := newPlan()
	conditional.Cells[2].Scenarios[0].NotApplicable = "no storage"
	conditional.Simulated = true
	conditional.Subjects = append(conditional.Subjects, rundir.Subject{Name: "North-BK->DR", Kind: rundir.SubjectLink, Site: "North", From: bk, To: dr, Link: "forwards-to"})
	conditional.Cells = append(conditional.Cells, inboxCell("North-BK->DR"), rundir.Cell{ID: "link", Subject: "North-BK->DR", Feature: feature,
		Scenarios: []rundir.Scenario{{ID: one, Name: "A CT comes back whole", NotApplicable: "suspended", Steps: steps()}}})
	for _, test := range []struct {
		name     string
		plan     *rundir.Plan
		script   script
		criteria *Criteria
		gate     rundir.Gate
	}{
		{"go", newPlan(), script{records: passed()}, nil, rundir.Go},
		{"no-go", newPlan(), script{records: map[string][]rundir.Record{bk: bad}}, nil, rundir.NoGo},
		{"conditional", conditional, script{records: map[string][]rundir.Record{bk: bad}},
			criteria(t, "- {check: study.images, tolerate: true, reason: known}"), rundir.ConditionalGo},
		{"killed", newPlan(), script{running: true, noInboxEnd: true}, nil, rundir.GateInconclusive},
		{"interrupted", newPlan(), script{interrupted: "Ctrl-C"}, nil, rundir.GateInconclusive},
		{"never executed", newPlan(), script{noExecution: true, noInboxEnd: true}, nil, rundir.GateInconclusive},
		{"empty plan", &rundir.Plan{Schema: rundir.PlanSchema}, script{}, nil, rundir.GateInconclusive},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := judged(t, test.criteria, run(t, test.plan, test.script))
			if v.Gate != test.gate {
				t.Errorf("the gate is %s: %q, expected %s", v.Gate, v.Reasons, test.gate)
			}
			file := filepath.Join(t.TempDir(), "verdict.json")
			if err := rundir.WriteVerdict(file, v); err != nil {
				t.Fatal(err)
			}
			if _, err := rundir.ReadVerdict(file); err != nil {
				t.Error(err)
			}
			f, err := os.Open(file)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			got, err := jsonschema.UnmarshalJSON(f)
			if err != nil {
				t.Fatal(err)
			}
			if err := schema.Validate(got); err != nil {
				t.Error(err)
			}
			got.(map[string]any)["gate"] = "maybe"
			if err := schema.Validate(got); err == nil {
				t.Error("the schema takes any gate")
			}
		})
	}
}
