package main

import (
	"errors"
	"flag"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes this test binary the command too: tests and scripts find it as
// "pacsuat", a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(tests{m}, map[string]func(){"pacsuat": main})
}

// tests runs more of them at a time than there are processors: they wait for
// processes, and some for a silent system. A -parallel that is given wins.
type tests struct{ m *testing.M }

func (t tests) Run() int {
	if err := flag.Set("test.parallel", "6"); err != nil {
		panic(err)
	}
	return t.m.Run()
}

func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", RequireUniqueNames: true, RequireExplicitExec: true, ContinueOnError: true,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command and demands its exit code: exits 64 pacsuat run --nosuch.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARG...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	if got := exitCodeOf(ts.Exec(args[1], args[2:]...)); got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// exitCodeOf returns the exit code of a command that has ended with err; -1 if
// it was killed or never started.
func exitCodeOf(err error) int {
	var ended *exec.ExitError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	}
	return -1
}

// environment is what a pacsuat of a test runs with.
func environment() []string { return append(os.Environ(), "TZ=UTC") }
