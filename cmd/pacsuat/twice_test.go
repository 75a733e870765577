package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"pacsuat/internal/rundir"
)

// Runs against the same systems are judged by their own objects: what an
// earlier one left there lends a later one no pass.
func TestTwiceAgainstOneCluster(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cluster := launch(t, dir, "sim", "--print-enterprise", "e.yaml")
	cluster.stdout.await(t, 1, regexp.MustCompile(`(?m)^.*: 9 simulated systems are running; Ctrl-C ends them\.\nTo test them, in another window: pacsuat run --enterprise e\.yaml$`))

	run := func(name string, code int) map[string]rundir.Outcome {
		t.Helper()
		r := pacsuat(t, dir, withSmall(t, "run", "--enterprise", "e.yaml", "--systems", "north-bk", "--scenario", writing, "--scenario", linked, "--out", name)...)
		if r.code != code {
			t.Fatalf("%s exits %d, want %d\n%s", name, r.code, code, r)
		}
		return outcomes(verdictOf(t, filepath.Join(dir, name)))
	}
	run("first", 0)
	run("second", 0)

	const fault = "north-bk=store-not-kept"
	fmt.Fprintln(cluster.stdin, fault+" on")
	cluster.stdout.await(t, 1, regexp.MustCompile(`(?m)^`+fault+` on$`))
	red := run("third", 1)
	if red["north-bk "+writing] != rundir.Fail || red["north-bk->dr "+linked] != rundir.Fail {
		t.Errorf("with %s: %v", fault, red)
	}

	fmt.Fprintln(cluster.stdin, fault+" off")
	cluster.stdout.await(t, 1, regexp.MustCompile(`(?m)^`+fault+` off$`))
	run("fourth", 0)

	// A mistake on standard input is answered and changes nothing.
	fmt.Fprintln(cluster.stdin, "north-bk=store-not-kpt on\nnorth-bk on")
	cluster.stderr.await(t, 1, regexp.MustCompile(`(?m)did you mean "store-not-kept"\?$`))
	cluster.stderr.await(t, 1, regexp.MustCompile(`(?m)"north-bk on": expected SYSTEM=FAULT\[:VALUE\] on, or off$`))

	if err := cluster.command.Process.Signal(os.Interrupt); err != nil {
		t.Skip("Ctrl-C can't be sent to a process here")
	}
	if r := cluster.wait(t); r.code != 0 {
		t.Errorf("the cluster ends with %d\n%s", r.code, r)
	}
}

// With --data a cluster that is started again has what it had.
func TestSimKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"first", "second"} {
		cluster := launch(t, dir, "sim", "--data", "data", "--print-enterprise", name+".yaml")
		cluster.stdout.await(t, 1, regexp.MustCompile(`are running`))
		if r := pacsuat(t, dir, withSmall(t, "run", "--enterprise", name+".yaml", "--systems", "north-bk", "--scenario", writing, "--out", name)...); r.code != 0 {
			t.Fatal(r)
		}
		if err := cluster.command.Process.Signal(os.Interrupt); err != nil {
			t.Skip("Ctrl-C can't be sent to a process here")
		}
		cluster.wait(t)
	}
	kept, err := filepath.Glob(filepath.Join(dir, "data", "north-bk", "instances", "*"))
	if err != nil || len(kept) == 0 {
		t.Errorf("nothing was kept: %v", err)
	}
}
