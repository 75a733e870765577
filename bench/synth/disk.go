package main

import (
	"context"
	"errors"
	"fmt"
	"io"
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

// filesShare is the part of the megabytes that is written as a file an image: the
// files of all runs are there until the end, since a file system takes longer to
// make files where some were removed a moment ago.
const filesShare = 4

// measureDisk compares what is written to the disk.
func measureDisk(ctx context.Context, w work, o options, out io.Writer) (err error) {
	if _, err := exec.LookPath("dd"); err != nil {
		return errNoDD
	}
	dir, err := os.MkdirTemp(o.dir, "synth-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	large, many := w, w
	blocks := max(1, o.diskMB*1_000_000>>20)
	large.Images = 2 * blocks // of 512 KiB each
	many.Images = max(1, large.Images/filesShare)
	fmt.Fprintf(out, "A Part 10 file of %d frames and %d files of an image, each written and flushed to the disk at the end, and one file by\n"+
		"dd bs=1M conv=fsync; medians of %d runs each, in turn there and back\n\n", large.Images, many.Images, 2*o.rounds)
	rows := []*row{{name: "dd"}, {name: "synth, one file"}, {name: "synth, a file an image"}}
	err = alternate(ctx, o.rounds,
		side{rows[0], nil, into(dir, true, func(ctx context.Context, _ *process, dir string) (report, error) { return dd(ctx, dir, blocks) })},
		side{rows[1], &job{work: large, Kind: oneFile}, into(dir, true, byProcess)},
		side{rows[2], &job{work: many, Kind: files, Profile: o.profile}, into(dir, false, byProcess)})
	if err != nil {
		return err
	}
	table := newTable(out, "writer", "MB", "MB/s", "(slowest-quickest)", "CPU s/GB")
	for _, r := range rows {
		m := r.median()
		_ = table.Append(r.name, fmt.Sprintf("%.0f", float64(r.bytes)/1e6), fmt.Sprintf("%.0f", r.megabytesPerSecond(m.elapsed)), r.spread(r.megabytesPerSecond), figure(r.perGigabyte(m.cpu)))
	}
	_ = table.Render()
	of := func(r *row) float64 { return r.megabytesPerSecond(r.median().elapsed) }
	fmt.Fprintf(out, "\nOne file is written with %s of dd's megabytes a second, a file an image with %s.\n", percent(of(rows[1]), of(rows[0])), percent(of(rows[2]), of(rows[0])))
	return nil
}

func byProcess(_ context.Context, p *process, dir string) (report, error) { return p.run(dir) }

// into lets each run write into a folder of its own below dir.
func into(dir string, remove bool, write func(ctx context.Context, p *process, dir string) (report, error)) func(context.Context, *process) (report, time.Duration, error) {
	return func(ctx context.Context, p *process) (r report, _ time.Duration, err error) {
		own, err := os.MkdirTemp(dir, "run-")
		if err != nil {
			return r, 0, err
		}
		if remove {
			defer func() { err = errors.Join(err, os.RemoveAll(own)) }()
		}
		r, err = write(ctx, p, own)
		return r, 0, err
	}
}
