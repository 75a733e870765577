package report

import (
	"strings"
	"testing"

	"pacsuat/internal/rundir"
)

// Conditions of scenarios stand with the scenarios; the others must be on the
// screen too, as a person decides by it.
func TestConditionsOfNoScenarioAreListed(t *testing.T) {
	t.Parallel()
	v := conditional()
	v.Conditions = []string{
		"A->B: could be down unseen, as what it carries also comes by A -> C -> B",
		"laptop executed with another build",
	}
	for _, s := range v.Scenarios {
		if s.Verdict == rundir.Waived {
			v.Conditions = append(v.Conditions, s.System+": "+s.Scenario+": waived: stands with the scenario")
		}
	}
	var out strings.Builder
	if err := Matrix(&out, v, Options{Width: 100}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"To be known:", "A->B: could be down unseen", "laptop executed with another build"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not on the screen:\n%s", want, out.String())
		}
	}
	if strings.Contains(out.String(), "stands with the scenario") {
		t.Errorf("a scenario's condition is listed twice:\n%s", out.String())
	}
}
