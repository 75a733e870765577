package main

import (
	"maps"
	"path/filepath"
	"sync"
	"testing"

	"pacsuat/internal/rundir"
)

// One plan, executed by two processes for half the sites each, gives scenario by
// scenario what one execution gives; half of it is not enough.
func TestPartsJudgedTogether(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// One fault in each half; a third plan has one in the north only.
	plan := func(name string, faults ...string) {
		t.Helper()
		args := []string{"plan", "--export", name + ".json", "--roles", "bk"}
		for _, id := range []string{"verification/verification.feature:6", "verification/verification.feature:11", "verification/verification.feature:16"} {
			args = append(args, "--scenario", id)
		}
		for _, f := range faults {
			args = append(args, "--sim-fault", f)
		}
		if r := pacsuat(t, dir, args...); r.code != 0 {
			t.Fatal(r)
		}
	}
	plan("both", "north-bk=second-echo-dropped", "south-bk=implementation-changes")
	plan("north", "north-bk=second-echo-dropped")

	var wg sync.WaitGroup
	run := func(plan, out string, code int, more ...string) {
		wg.Go(func() {
			args := append([]string{"run", "--plan", plan + ".json", "--out", out, "--machine", out}, more...)
			if r := pacsuat(t, dir, args...); r.code != code {
				t.Errorf("%s exits %d, want %d\n%s", out, r.code, code, r)
			}
		})
	}
	run("both", "one", 1)
	run("both", "a", 1, "--sites", "north,east")
	run("both", "b", 1, "--sites", "south,west")
	run("north", "c", 2, "--sites", "south,west")
	wg.Wait()
	in := func(names ...string) (dirs []string) {
		for _, n := range names {
			dirs = append(dirs, filepath.Join(dir, n))
		}
		return dirs
	}

	one := verdictOf(t, filepath.Join(dir, "one"))
	together, r := judged(t, in("a", "b")...)
	if r.code != 1 || together.Gate != rundir.NoGo {
		t.Errorf("together: exits %d\n%s", r.code, r)
	}
	if want, got := outcomes(one), outcomes(together); !maps.Equal(want, got) {
		t.Errorf("together\n%v\nat once\n%v", got, want)
	}
	for _, want := range []string{"north-bk verification/verification.feature:11", "south-bk verification/verification.feature:16"} {
		if got := outcomes(together)[want]; got != rundir.Fail {
			t.Errorf("%s: %s, want fail", want, got)
		}
	}
	backwards, _ := judged(t, in("b", "a")...)
	if !maps.Equal(outcomes(backwards), outcomes(together)) {
		t.Errorf("the order of the parts matters:\n%v\n%v", outcomes(backwards), outcomes(together))
	}

	// One half alone: inconclusive, unless it holds a failure.
	for name, code := range map[string]int{"a": 1, "c": 2} {
		half, r := judged(t, in(name)...)
		if r.code != code {
			t.Errorf("%s alone: exits %d, want %d\n%s", name, r.code, code, r)
		}
		missing := map[string]bool{"a": true, "c": false}[name] // whether it is the south that is missing
		for _, s := range half.Scenarios {
			south := s.System[0] == 's' || s.System[0] == 'w'
			if south == missing && s.Verdict != rundir.Inconclusive {
				t.Errorf("%s alone: %s %s was not executed and is judged %s", name, s.System, s.ID, s.Verdict)
			}
		}
	}

	// Parts of different plans are not judged together.
	if r := pacsuat(t, dir, "judge", "a", "c"); r.code != exitUsage {
		t.Errorf("parts of two plans: exits %d\n%s", r.code, r)
	}
}
