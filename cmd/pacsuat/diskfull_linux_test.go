package main

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pacsuat/internal/rundir"
)

// A run directory whose disk fills up stops the run, and nothing is called
// passed that was not written.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, size string
		begun      bool // whether the plan fits
	}{
		{name: "in the midst", size: "size=160k", begun: true},
		{name: "before it begins", size: "size=8k"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			disk := t.TempDir()
			if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, c.size); err != nil {
				t.Skipf("a small disk can't be mounted here (this needs root): %v", err)
			}
			t.Cleanup(func() {
				if err := syscall.Unmount(disk, 0); err != nil {
					t.Error(err)
				}
			})
			dir := filepath.Join(disk, "run")
			r := pacsuat(t, t.TempDir(), "run", "--systems", "north-bk", "--tags", "@verification or @query", "--out", dir)
			if !strings.Contains(r.stderr, "no space left on device") {
				t.Errorf("the error does not say what is wrong:\n%s", r)
			}
			if strings.Contains(r.stdout, "GO:") && !strings.Contains(r.stdout, "NO-GO:") {
				t.Errorf("a go was printed:\n%s", r)
			}
			if !c.begun {
				if r.code != exitUsage || r.stdout != "" {
					t.Errorf("exits %d\n%s", r.code, r)
				}
				return
			}
			if r.code != exitInconclusive {
				t.Errorf("exits %d, want %d\n%s", r.code, exitInconclusive, r)
			}
			v, again := judged(t, dir)
			if again.code != exitInconclusive {
				t.Errorf("judge exits %d\n%s", again.code, again)
			}
			told := printed(r.stderr)
			for _, s := range v.Scenarios {
				key := s.System + " " + s.ID
				if s.Verdict == rundir.Pass && told[key] != "ok" {
					t.Errorf("%s was printed %q and is judged passed", key, told[key])
				}
			}
			stopped := 0
			for _, word := range told {
				if word == "STOP" {
					stopped++
				}
			}
			if stopped == 0 || stopped == len(told) {
				t.Errorf("%d of %d scenarios that had begun were stopped: the disk was not full in the midst", stopped, len(told))
			}
		})
	}
}
