package rundir

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// killVariable names the run directory that a process started by TestKill
// writes to until it is killed.
const killVariable = "PACSUAT_RUNDIR_TEST_KILL"

// A kill (SIGKILL) in the middle of writing loses no record whose Append had
// returned, and what it leaves can be read.
func TestKill(t *testing.T) {
	if dir := os.Getenv(killVariable); dir != "" {
		writeUntilKilled(t, dir)
		return
	}
	t.Parallel()
	d := create(t)
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestKill$")
	cmd.Env = append(os.Environ(), killVariable+"="+d.Path())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	returned := 0
	for s := bufio.NewScanner(out); s.Scan(); {
		n, err := strconv.Atoi(s.Text())
		if err != nil {
			continue // words of the test binary
		}
		if returned = n; n == 500 {
			if err := cmd.Process.Kill(); err != nil {
				t.Error(err)
			}
		}
	}
	_ = cmd.Wait() // says that it was killed
	if returned < 500 {
		t.Fatalf("the process ended by itself after %d records", returned)
	}
	if n := len(records(t, d, "laptop")); n < returned {
		t.Errorf("%d records are left of %d that had been written", n, returned)
	}
}

func writeUntilKilled(t *testing.T, dir string) {
	d := &Dir{path: filepath.Clean(dir)}
	s, err := d.Stream("laptop", "cell", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for n := 1; ; n++ {
		if err := s.Append(observation("x")); err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Println(n); err != nil {
			t.Fatal(err) // nobody reads any more
		}
	}
}
