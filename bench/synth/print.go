package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// aim is the share of the ceiling that synth should reach.
const aim = 0.8

// newTable returns a table in Markdown.
func newTable(out io.Writer, header ...string) *tablewriter.Table {
	table := tablewriter.NewTable(out, tablewriter.WithRenderer(renderer.NewMarkdown()), tablewriter.WithHeaderAutoFormat(tw.Off))
	table.Header(header)
	return table
}

func measureLoopback(ctx context.Context, w work, o options, out io.Writer) error {
	fmt.Fprintf(out, "%d CT images of 512x512x16 for each figure, into a receiver that reads each header, proves each sample by the stamp's sum\nand hashes all pixels; medians of %d runs a sender, interleaved A B B A\n\n", w.Images, 2*o.rounds)
	table := newTable(out, "connections", "sender", "images/s", "(slowest-quickest)", "MB/s", "sender CPU s/GB", "receiver CPU s/GB", "different UIDs and pixel hashes")
	var verdicts []string
	for _, connections := range o.connections {
		ceiling, generator, err := loopback(ctx, w, o, connections)
		if err != nil {
			return err
		}
		for _, r := range []*row{ceiling, generator} {
			m := r.median()
			_ = table.Append(fmt.Sprint(connections), r.name, fmt.Sprintf("%.0f", r.imagesPerSecond(m.elapsed)), r.spread(r.imagesPerSecond),
				fmt.Sprintf("%.0f", r.megabytesPerSecond(m.elapsed)), figure(r.perGigabyte(m.cpu)), figure(r.perGigabyte(m.receiver)), fmt.Sprint(r.different))
		}
		most, made := ceiling.median(), generator.median()
		reached := generator.imagesPerSecond(made.elapsed) / ceiling.imagesPerSecond(most.elapsed)
		_ = table.Append(fmt.Sprint(connections), "share of the ceiling", percent(reached, 1), "", percent(reached, 1),
			percent(generator.perGigabyte(made.cpu), ceiling.perGigabyte(most.cpu)), percent(generator.perGigabyte(made.receiver), ceiling.perGigabyte(most.receiver)), "")
		verdict := "reached"
		if reached < aim {
			verdict = "missed"
		}
		verdicts = append(verdicts, fmt.Sprintf("%s: %s of what ready messages reach; the aim of %.0f %% is %s. %s.",
			plural(connections, "connection"), percent(reached, 1), 100*aim, verdict, made.busy()))
	}
	_ = table.Render()
	fmt.Fprintln(out)
	for _, v := range verdicts {
		fmt.Fprintln(out, v)
	}
	return nil
}

// busy says how many cores either side used.
func (s sample) busy() string {
	if s.cpu == 0 {
		return "How busy either side was cannot be told here"
	}
	return fmt.Sprintf("With synth the sender has %.2f cores busy, the receiver %.2f", s.cpu.Seconds()/s.elapsed.Seconds(), s.receiver.Seconds()/s.elapsed.Seconds())
}

// dicomImages bounds what is written with suyashkumar/dicom each time.
const dicomImages = 40

func measureDICOM(ctx context.Context, w work, o options, out io.Writer) error {
	few := w
	few.Images = min(w.Images, dicomImages)
	fmt.Fprintf(out, "Part 10 files of such images into memory, by one goroutine; medians of %d runs, interleaved A B B A\n\n", 2*o.rounds)
	theirs, ours := &row{name: "dicom.Write"}, &row{name: "synth"}
	alone := func(_ context.Context, p *process) (report, time.Duration, error) {
		r, err := p.run("")
		return r, 0, err
	}
	err := alternate(ctx, o.rounds,
		side{theirs, &job{work: few, Kind: dicomMemory}, alone},
		side{ours, &job{work: w, Kind: synthMemory, Profile: o.profile}, alone})
	if err != nil {
		return err
	}
	table := newTable(out, "writer", "images", "images/s", "(slowest-quickest)", "MB/s", "CPU s/GB")
	for _, r := range []*row{theirs, ours} {
		m := r.median()
		_ = table.Append(r.name, fmt.Sprint(r.images), fmt.Sprintf("%.0f", r.imagesPerSecond(m.elapsed)), r.spread(r.imagesPerSecond),
			fmt.Sprintf("%.0f", r.megabytesPerSecond(m.elapsed)), figure(r.perGigabyte(m.cpu)))
	}
	_ = table.Render()
	fmt.Fprintf(out, "\nsynth makes and writes %.0f times as many images a second as %s writes that it has in memory.\n",
		ours.imagesPerSecond(ours.median().elapsed)/theirs.imagesPerSecond(theirs.median().elapsed), theirs.name)
	return nil
}

// filesShare is the part of the megabytes that is written as a file an image: the
// files of all runs are there until the end, since a file system takes longer to
// make files where some were removed a moment ago.
const filesShare = 4

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
