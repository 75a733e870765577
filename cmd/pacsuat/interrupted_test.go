package main

import (
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/rundir"
)

// A run that is ended after some results were printed: those survive, the rest
// is inconclusive.
func TestInterruptedRun(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("no signals can be sent to a process on Windows")
	}
	for _, c := range []struct {
		name   string
		signal os.Signal
		fault  string
		await  *regexp.Regexp // the signal is sent when it was printed
		n      int
		code   int
	}{
		{name: "killed, all well so far", signal: os.Kill, await: regexp.MustCompile(`(?m)^ok .*\n`), n: 4, code: 2},
		{name: "killed after a failure", signal: os.Kill, fault: "north-bk=any-calling-ae", await: regexp.MustCompile(`(?m)^FAIL .*\n`), n: 1, code: 1},
		{name: "Ctrl-C, all well so far", signal: os.Interrupt, await: regexp.MustCompile(`(?m)^ok .*\n`), n: 4, code: 2},
		{name: "Ctrl-C after a failure", signal: os.Interrupt, fault: "north-bk=any-calling-ae", await: regexp.MustCompile(`(?m)^FAIL .*\n`), n: 1, code: 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "run")
			// Far more than can have ended by then.
			args := []string{"run", "--out", dir, "--systems", "north-bk,dr", "--tags", "@association or @query or @retrieve"}
			if c.fault != "" {
				args = append(args, "--sim-fault", c.fault)
			}
			p := launch(t, t.TempDir(), args...)
			p.stderr.await(t, c.n, c.await)
			sent := time.Now()
			if err := p.command.Process.Signal(c.signal); err != nil {
				t.Fatal(err)
			}
			run := p.wait(t)
			took := time.Since(sent)

			v, again := judged(t, dir)
			if again.code != c.code {
				t.Errorf("judge exits %d, want %d\n%s", again.code, c.code, again)
			}
			checkSurvived(t, v, printed(run.stderr))
			if c.signal == os.Kill {
				return
			}
			if run.code != c.code {
				t.Errorf("the run exits %d, want %d\n%s", run.code, c.code, run)
			}
			const few = 10 * time.Second
			if took > few {
				t.Errorf("the run took %s to end", took)
			}
			if v.Executions[0].Interrupted == "" || v.Executions[0].Ended == nil {
				t.Errorf("the execution does not say that it was interrupted: %+v", v.Executions[0])
			}
			if !strings.Contains(run.stdout, "INCONCLUSIVE") && !strings.Contains(run.stdout, "NO-GO") {
				t.Errorf("no matrix was printed:\n%s", run)
			}
			matrix, _, _ := strings.Cut(run.stdout, "\nEvidence: ")
			if strings.TrimSpace(matrix) != strings.TrimSpace(again.stdout) {
				t.Errorf("the run printed\n%s\nand judge\n%s", matrix, again.stdout)
			}
		})
	}
}

// checkSurvived demands that judge says of every scenario what was printed of
// it, and inconclusive where nothing was.
func checkSurvived(t *testing.T, v *rundir.Verdict, printed map[string]string) {
	t.Helper()
	if len(printed) == 0 {
		t.Fatal("nothing was printed before the run was ended")
	}
	unknown := 0
	for _, s := range v.Scenarios {
		key := s.System + " " + s.ID
		switch word := printed[key]; {
		case word == "ok" && s.Verdict != rundir.Pass, word == "FAIL" && s.Verdict != rundir.Fail:
			t.Errorf("%s was printed %s and is judged %s: %s", key, word, s.Verdict, s.Reason)
		case word == "":
			// A few may have ended without having been printed any more.
			unknown++
		}
		if s.ID == rundir.InboxScenario && s.Verdict == rundir.Pass {
			t.Errorf("%s passed, though nobody knows what would have arrived", key)
		}
	}
	inconclusive := 0
	for _, s := range v.Scenarios {
		if s.Verdict == rundir.Inconclusive {
			inconclusive++
		}
	}
	if unknown < 20 || inconclusive < 20 {
		t.Errorf("%d scenarios were not printed, %d are inconclusive of %d: the run was not ended in its midst", unknown, inconclusive, len(v.Scenarios))
	}
	if v.Gate == rundir.Go || v.Gate == rundir.ConditionalGo {
		t.Errorf("the gate of an interrupted run is %s", v.Gate)
	}
}
