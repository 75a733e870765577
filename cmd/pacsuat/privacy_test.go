package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/rundir"
)

// realPatients that the simulated systems hold.
const realPatients = 1000

// Of real patients the harness receives, by a query for everything, by an object
// that nobody asked for and by an Error Comment, nothing is in any file or
// output, whether the run is red or green.
func TestNothingOfRealPatientsIsKept(t *testing.T) {
	t.Parallel()
	features, err := filepath.Abs("testdata/privacy")
	if err != nil {
		t.Fatal(err)
	}
	// The invented people are the same in every cluster of so many.
	cluster, _ := simulated(t, sim.Options{RealPatients: realPatients})
	identities := cluster.RealIdentities()
	if len(identities) < 5*realPatients {
		t.Fatalf("%d identities of %d patients", len(identities), realPatients)
	}
	const (
		everything    = "north-bk received.feature:3"
		notNothing    = "north-bk received.feature:7"
		stored        = "north-bk received.feature:11"
		echoed        = "north-bk received.feature:16"
		nothingUnasks = "north-bk " + rundir.InboxScenario
	)
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		want   map[string]rundir.Outcome
		strays bool // objects and comments come too
	}{
		{
			name: "green",
			args: []string{"--scenario", "received.feature:3", "--scenario", "received.feature:11", "--scenario", "received.feature:16"},
			want: map[string]rundir.Outcome{everything: rundir.Pass, stored: rundir.Pass, echoed: rundir.Pass, nothingUnasks: rundir.Pass},
		},
		{
			name: "red", code: 1, strays: true,
			args: []string{"--sim-fault", "north-bk=stray-store", "--sim-fault", "north-bk=echo-fails", "--sim-fault", "north-bk=error-comment"},
			want: map[string]rundir.Outcome{everything: rundir.Pass, notNothing: rundir.Fail, stored: rundir.Pass, echoed: rundir.Fail, nothingUnasks: rundir.Fail},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			work := t.TempDir()
			dir := filepath.Join(work, "run")
			args := append([]string{"run", "--features", features, "--systems", "north-bk", "--sim-real-patients", "1000", "--out", dir}, c.args...)
			r := pacsuat(t, work, args...)
			if r.code != c.code {
				t.Errorf("exits %d, want %d\n%s", r.code, c.code, r)
			}
			again, j := judged(t, dir)
			if got := outcomes(again); !equalOutcomes(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
			checkReceived(t, dir, c.strays)

			outputs := map[string]string{"stdout": r.stdout, "stderr": r.stderr, "stdout of judge": j.stdout, "stderr of judge": j.stderr}
			for name, text := range filesIn(t, work) {
				outputs[name] = text
			}
			if len(outputs) < 4+6 {
				t.Fatalf("only %d outputs", len(outputs))
			}
			checkNoneOf(t, outputs, identities)
		})
	}
}

func equalOutcomes(got, want map[string]rundir.Outcome) bool {
	for k, v := range want {
		if got[k] != v {
			return false
		}
	}
	return len(got) == len(want)
}

var reducedComment = regexp.MustCompile(`^#[0-9a-f]+ \([0-9]+ bytes\)$`)

// checkReceived demands that the evidence counts what came of real patients:
// there was something to keep.
func checkReceived(t *testing.T, dir string, strays bool) {
	t.Helper()
	answers, comments, unclaimed := int64(0), 0, 0
	records(t, dir, func(_ string, r *rundir.Record) {
		switch {
		case r.Observation != nil:
			if r.Observation.Operation == "C-FIND" {
				answers = max(answers, r.Observation.Count)
			}
			if comment, ok := r.Observation.Values["ErrorComment"]; ok {
				comments++
				if !reducedComment.MatchString(comment) {
					t.Errorf("an Error Comment is kept as %q", comment)
				}
			}
		case r.Arrival != nil && r.Arrival.Unclaimed:
			unclaimed++
		}
	})
	if answers < realPatients {
		t.Errorf("the query for everything was answered %d times, so it was not answered with %d patients", answers, realPatients)
	}
	if strays != (comments > 0) || strays != (unclaimed > 0) {
		t.Errorf("%d Error Comments and %d objects that nobody expected came, want any: %t", comments, unclaimed, strays)
	}
}

// filesIn reads every file below a folder.
func filesIn(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// checkNoneOf looks for every identity in every output, and for the parts of
// names.
func checkNoneOf(t *testing.T, outputs map[string]string, identities []string) {
	t.Helper()
	for name, text := range outputs {
		if len(text) == 0 && filepath.IsAbs(name) && !strings.Contains(name, "objects") {
			t.Errorf("%s is empty", name)
		}
		upper := strings.ToUpper(text)
		for _, id := range identities {
			if family, _, ok := strings.Cut(id, "^"); ok {
				given := id[len(family)+1:]
				if strings.Contains(upper, family+" "+given) || strings.Contains(upper, given+" "+family) || strings.Contains(upper, given+", "+family) {
					t.Errorf("%s holds the name %s", name, id)
				}
			}
			if strings.Contains(upper, strings.ToUpper(id)) {
				t.Errorf("%s holds %s", name, id)
			}
		}
	}
}
