package judge

import (
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/rundir"
)

func TestALinkThatAnotherWayMasksIsACondition(t *testing.T) {
	t.Parallel()
	plan := &rundir.Plan{Masked: []rundir.Masked{{Link: "a->c", Path: []string{"a", "b", "c"}}}}
	got := masked(plan)
	if len(got) != 1 || !strings.HasPrefix(got[0], "a->c: ") || !strings.Contains(got[0], "a -> b -> c") {
		t.Errorf("%q", got)
	}
	v := &rundir.Verdict{
		Systems:   []rundir.Subject{{Name: "a->c"}},
		Features:  []rundir.Feature{{Path: "links.feature"}},
		Scenarios: []rundir.ScenarioVerdict{{System: "a->c", Feature: "links.feature", Verdict: rundir.Pass}},
		Cells:     []rundir.CellVerdict{{System: "a->c", Feature: "links.feature", Verdict: rundir.Pass, Scenarios: rundir.Counts{Planned: 1, Pass: 1}}},
	}
	decide(v, plan, nil)
	if v.Gate == rundir.Go || !slices.Contains(v.Conditions, got[0]) {
		t.Errorf("gate %s with conditions %q, want no unconditional go", v.Gate, v.Conditions)
	}
}
