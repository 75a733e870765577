// Testreport runs go test and prints what a person wants to know of it: each
// package's closing line, the whole output of what failed, and every test that
// was skipped with its reason, which go test keeps to itself.
//
//	go run ./.ci/testreport [-no-skips] [-may-skip REGEXP] -- -race ./...
//
// It exits 1 if a test failed, if none passed, or, with -no-skips, if one was
// skipped that -may-skip does not name.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strings"
)

func main() {
	noSkips := flag.Bool("no-skips", false, "a skipped test is a failure")
	maySkip := flag.String("may-skip", "^$", "tests that may be skipped all the same (`REGEXP` of their names)")
	flag.Parse()
	may, err := regexp.Compile(*maySkip)
	if err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(2)
	}
	r := report{out: os.Stdout, output: map[test][]string{}}
	err = run(&r, flag.Args())
	if !r.summary(*noSkips, may, err) {
		os.Exit(1)
	}
}

// run runs go test with the arguments and has r read what it says.
func run(r *report, args []string) error {
	cmd := exec.Command("go", append([]string{"test", "-json"}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	return errors.Join(r.read(out), cmd.Wait())
}

// event is a line of go test -json; see go doc test2json.
type event struct {
	Action, Package, Test, Output string
}

type test struct{ pkg, name string }

type skipped struct {
	test
	reason string
}

type report struct {
	out            io.Writer
	output         map[test][]string // of tests that have not ended
	skips          []skipped
	passed, failed int
}

func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (r *report) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil {
		fmt.Fprint(r.out, line)
		return
	}
	of := test{e.Package, e.Test}
	switch {
	case e.Action == "build-output":
		fmt.Fprint(r.out, e.Output)
	case e.Test == "" && e.Action == "output":
		if e.Output != "PASS\n" && !strings.HasPrefix(e.Output, "?  ") {
			fmt.Fprint(r.out, e.Output)
		}
	case e.Test == "" && e.Action == "fail":
		// What was cut short, by a panic or the time limit, has no end of its own.
		for left := range r.output {
			if left.pkg == e.Package {
				r.print(left)
			}
		}
	case e.Action == "output":
		r.output[of] = append(r.output[of], e.Output)
	case e.Action == "fail":
		r.failed++
		r.print(of)
	case e.Action == "skip" && e.Test != "":
		r.skips = append(r.skips, skipped{of, reason(r.output[of])})
		delete(r.output, of)
	case e.Action == "pass" && e.Test != "":
		r.passed++
		delete(r.output, of)
	}
}

func (r *report) print(of test) {
	for _, o := range r.output[of] {
		if !strings.HasPrefix(o, "=== ") {
			fmt.Fprint(r.out, o)
		}
	}
	delete(r.output, of)
}

// reason is what a skipped test said, in one line.
func reason(output []string) string {
	var said []string
	for _, o := range output {
		o = strings.TrimSpace(o)
		if o != "" && !strings.HasPrefix(o, "=== ") && !strings.HasPrefix(o, "--- ") {
			said = append(said, o)
		}
	}
	return strings.Join(said, " ")
}

// summary prints the end of the report and reports whether all is well.
func (r *report) summary(noSkips bool, may *regexp.Regexp, err error) bool {
	ok := err == nil && r.failed == 0
	if len(r.skips) > 0 {
		fmt.Fprintln(r.out, "\nSkipped:")
	}
	for _, s := range r.skips {
		note := ""
		if noSkips && !may.MatchString(s.name) {
			ok = false
			note = "  NOTHING MAY BE SKIPPED HERE"
		}
		fmt.Fprintf(r.out, "  %s %s: %s%s\n", s.pkg, s.name, s.reason, note)
	}
	fmt.Fprintf(r.out, "\n%d tests passed, %d failed, %d skipped\n", r.passed, r.failed, len(r.skips))
	if r.passed == 0 {
		fmt.Fprintln(r.out, "No test passed: that proves nothing.")
		ok = false
	}
	if err != nil {
		fmt.Fprintln(r.out, "go test:", err)
	}
	return ok
}
