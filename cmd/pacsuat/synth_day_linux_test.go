package main

import (
	"path/filepath"
	"regexp"
	"slices"
	"syscall"
	"testing"
)

// TestSynthDayDisk: what the disk has no room for is not begun.
func TestSynthDayDisk(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=1M"); err != nil {
		t.Skipf("a small disk can't be mounted here (this needs root): %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(disk, 0); err != nil {
			t.Error(err)
		}
	})
	dir, args := smallCluster(t)
	out := filepath.Join(disk, "not", "there")
	r := pacsuat(t, dir, slices.Concat(args, []string{"--out", out})...)
	want := regexp.MustCompile(`31 exams \(289 images\) of 2026-11-04 are 2\.\d MB, and the disk of ` + regexp.QuoteMeta(out) + ` has (1\.0 MB|\d+ B) left: select fewer sites`)
	if r.code != exitUsage || !want.MatchString(r.stderr) || existing(out) != disk {
		t.Error(r)
	}
	if r := pacsuat(t, dir, slices.Concat(args, []string{"--sites", "west", "--from", "09:06", "--to", "09:07", "--out", out})...); r.code != 0 {
		t.Errorf("what has room is refused: %s", r)
	}
}
