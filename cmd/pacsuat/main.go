// Command pacsuat tests the systems of a PACS upgrade and says go or no-go.
//
// Exit codes: 0 GO (also conditional), 1 NO-GO, 2 INCONCLUSIVE, 64 usage,
// configuration or feature error, 70 internal error.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	_ "time/tzdata" // sites' time zones, on machines that have none

	"github.com/spf13/cobra"

	"pacsuat/internal/plan"
	"pacsuat/internal/run"
)

// Exit codes that are no gate's.
const (
	exitOK           = 0
	exitInconclusive = 2
	exitUsage        = 64
	exitInternal     = 70
)

func main() { os.Exit(Main()) }

// Main runs the command line and returns the exit code.
func Main() int {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel(run.ErrInterrupted)
		// A second one ends the process at once.
		signal.Stop(signals)
	}()
	return execute(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
}

// app is what the commands share: the process's streams and its exit code.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	code           int
}

func execute(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) (code int) {
	// A panic's own exit code would be 2, which is INCONCLUSIVE's.
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(stderr, "pacsuat: internal error: %v\n%s", v, debug.Stack())
			code = exitInternal
		}
	}()
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr}
	root := &cobra.Command{
		Use:   "pacsuat",
		Short: "Acceptance tests for PACS upgrades: go or no-go",
		Long: `pacsuat runs Gherkin features against the upgraded systems of a cluster of
PACS, all at the same time, and answers go or no-go.

Begin with "pacsuat run": it starts a simulated cluster on this machine and
runs everything against it. Then describe your own cluster in a YAML file.

Exit codes: 0 GO (also conditional), 1 NO-GO, 2 INCONCLUSIVE, 64 usage,
configuration or feature error, 70 internal error.`,
		SilenceErrors: true, SilenceUsage: true,
	}
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usage("%w; see: %s --help", err, c.CommandPath())
	})
	root.AddCommand(a.runCommand(), a.planCommand(), a.judgeCommand(), a.systemsCommand(), a.simCommand(), a.synthCommand(), a.volumeCommand(), a.versionCommand())
	if err := root.ExecuteContext(ctx); err != nil {
		fmt.Fprintf(stderr, "pacsuat: %v\n", err)
		return exitCode(err)
	}
	return a.code
}

// usageError is a mistake in what the user gave.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usage(format string, args ...any) error { return &usageError{fmt.Errorf(format, args...)} }

// configured marks an error of what the user wrote as such.
func configured(err error) error {
	if err == nil {
		return nil
	}
	return &usageError{err}
}

func exitCode(err error) int {
	var u *usageError
	switch {
	case errors.Is(err, plan.ErrNothingSelected), errors.Is(err, run.ErrInterrupted):
		return exitInconclusive
	case errors.As(err, &u):
		return exitUsage
	}
	// What cobra itself refuses: an unknown command, arguments where none go.
	if isCobra(err) {
		return exitUsage
	}
	return exitInternal
}

func isCobra(err error) bool {
	for _, prefix := range []string{"unknown command", "accepts ", "requires "} {
		if len(err.Error()) >= len(prefix) && err.Error()[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}
