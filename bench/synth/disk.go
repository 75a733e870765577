package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"pacsuat/synth"
)

// errNoDD says that there is nothing to compare with.
var errNoDD = errors.New("dd is needed to compare the disk with, and not installed; -only leaves it out")

// syncing is how many files are flushed at a time, so that the journal of the
// file system is not waited for once a file.
const syncing = 16

// fileWriter writes each instance of a study into a Part 10 file of its own, in a
// folder that it is given in place of an address, and flushes all to the disk at
// the end.
func (j job) fileWriter(make func(work) (*synth.Study, error)) (runner, error) {
	study, err := make(j.work)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, dir string) (report, error) {
		var r report
		for i := range study.Len() {
			n, err := writeFile(fileName(dir, i), study, i)
			if err != nil {
				return r, err
			}
			r.Instances++
			r.Bytes += n
		}
		group, _ := errgroup.WithContext(ctx)
		group.SetLimit(syncing)
		for i := range study.Len() {
			group.Go(func() error { return flush(fileName(dir, i)) })
		}
		return r, group.Wait()
	}, nil
}

func fileName(dir string, image int) string {
	return filepath.Join(dir, fmt.Sprintf("%06d.dcm", image))
}

// writeFile writes an image and returns the length of the file.
func writeFile(name string, study *synth.Study, image int) (n int64, err error) {
	in, err := study.Instance(image)
	if err != nil {
		return 0, err
	}
	f, err := os.Create(name)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := synth.WriteFile(f, in); err != nil {
		return 0, err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// flush waits until a file is on the disk.
func flush(name string) (err error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return f.Sync()
}

// dd writes as many blocks of 1 MiB into one file, and flushes it at the end.
func dd(ctx context.Context, dir string, blocks int) (report, error) {
	r := report{tally: tally{Bytes: int64(blocks) << 20}}
	program, err := exec.LookPath("dd")
	if err != nil {
		return r, errNoDD
	}
	cmd := exec.CommandContext(ctx, program, "if=/dev/zero", "of="+filepath.Join(dir, "dd"), "bs=1M", "count="+strconv.Itoa(blocks), "conv=fsync")
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		return r, fmt.Errorf("dd: %w\n%s", err, out)
	}
	r.Elapsed = time.Since(began)
	r.CPU = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	return r, nil
}
