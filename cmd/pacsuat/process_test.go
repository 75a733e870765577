package main

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"pacsuat/internal/rundir"
)

// patience bounds every wait of a test, far above what any needs.
const patience = 2 * time.Minute

// result is what a command left when it had ended.
type result struct {
	code           int
	stdout, stderr string
}

func (r result) String() string { return r.stdout + "\n--- standard error:\n" + r.stderr }

// pacsuat runs the command in dir until it ends.
func pacsuat(t *testing.T, dir string, args ...string) result {
	t.Helper()
	return launch(t, dir, args...).wait(t)
}

// process is a command that runs beside the test. It is killed when the test
// ends.
type process struct {
	command        *exec.Cmd
	stdin          io.WriteCloser
	stdout, stderr *transcript
	ended          chan struct{}
	err            error // of Wait, once ended
}

func launch(t *testing.T, dir string, args ...string) *process {
	t.Helper()
	p := &process{command: exec.Command("pacsuat", args...), stdout: newTranscript(), stderr: newTranscript(), ended: make(chan struct{})}
	p.command.Dir, p.command.Env, p.command.Stdout, p.command.Stderr = dir, environment(), p.stdout, p.stderr
	var err error
	if p.stdin, err = p.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.command.Wait()
		p.stdout.close()
		p.stderr.close()
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.command.Process.Kill()
		<-p.ended
	})
	return p
}

// wait waits for the command's end.
func (p *process) wait(t *testing.T) result {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		t.Fatalf("%s did not end:\n%s\n%s", p.command, p.stdout.text(), p.stderr.text())
	}
	r := result{code: -1, stdout: p.stdout.text(), stderr: p.stderr.text()}
	var failed *exec.ExitError
	switch {
	case p.err == nil:
		r.code = 0
	case errors.As(p.err, &failed):
		r.code = failed.ExitCode()
	default:
		t.Fatal(p.err)
	}
	if strings.Contains(r.stderr, "panic:") || strings.Contains(r.stderr, "DATA RACE") {
		t.Errorf("%s:\n%s", p.command, r.stderr)
	}
	return r
}

// transcript keeps what a process prints and lets tests wait for it.
type transcript struct {
	mu      sync.Mutex
	buffer  bytes.Buffer
	changed chan struct{} // closed and replaced at every change
	closed  bool
}

func newTranscript() *transcript { return &transcript{changed: make(chan struct{})} }

func (s *transcript) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
	return s.buffer.Write(b)
}

func (s *transcript) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed, s.closed = make(chan struct{}), true
}

func (s *transcript) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buffer.String()
}

// await waits until n lines match.
func (s *transcript) await(t *testing.T, n int, line *regexp.Regexp) {
	t.Helper()
	timeout := time.After(patience)
	for {
		s.mu.Lock()
		text, changed, closed := s.buffer.String(), s.changed, s.closed
		s.mu.Unlock()
		if len(line.FindAllString(text, n)) >= n {
			return
		}
		if closed {
			t.Fatalf("it ended before %q had come %d times:\n%s", line, n, text)
		}
		select {
		case <-changed:
		case <-timeout:
			t.Fatalf("%q did not come %d times:\n%s", line, n, text)
		}
	}
}

// judged judges run directories by the command and returns the verdict that it
// wrote.
func judged(t *testing.T, dirs ...string) (*rundir.Verdict, result) {
	t.Helper()
	out := t.TempDir()
	r := pacsuat(t, out, append([]string{"judge", "--out", out}, dirs...)...)
	v, err := rundir.ReadVerdict(filepath.Join(out, "verdict.json"))
	if err != nil {
		t.Fatalf("%v\n%s", err, r)
	}
	return v, r
}

// verdictOf reads the verdict that a run wrote.
func verdictOf(t *testing.T, dir string) *rundir.Verdict {
	t.Helper()
	v, err := rundir.ReadVerdict(filepath.Join(dir, "verdict.json"))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// outcomes of a verdict by subject and scenario.
func outcomes(v *rundir.Verdict) map[string]rundir.Outcome {
	m := map[string]rundir.Outcome{}
	for _, s := range v.Scenarios {
		m[s.System+" "+s.ID] = s.Verdict
	}
	return m
}

// printed reads the result lines of a run's plain progress: subject and
// scenario → ok, FAIL or STOP.
func printed(stderr string) map[string]string {
	m := map[string]string{}
	for _, l := range resultLine.FindAllStringSubmatch(stderr, -1) {
		m[l[2]+" "+l[3]] = l[1]
	}
	return m
}

var resultLine = regexp.MustCompile(`(?m)^(ok|FAIL|STOP) +(\S+) +(\S+)  .*\)\n`)
