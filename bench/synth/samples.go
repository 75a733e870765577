package main

import (
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// sample is one run that was measured.
type sample struct {
	elapsed  time.Duration
	cpu      time.Duration // of the process that makes or sends
	receiver time.Duration // CPU time of the receiver; 0 where there is none
}

// row is what was measured of one sender or writer.
type row struct {
	name      string
	images    int64
	bytes     int64
	different int // images that are not the same
	samples   []sample
}

// add adds a run.
func (r *row) add(of report, receiver time.Duration) {
	r.images, r.bytes = of.Instances, of.Bytes
	r.samples = append(r.samples, sample{of.Elapsed, of.CPU, receiver})
}

// median is that of each figure by itself.
func (r *row) median() sample {
	of := func(figure func(sample) time.Duration) time.Duration {
		var all []time.Duration
		for _, s := range r.samples {
			all = append(all, figure(s))
		}
		slices.Sort(all)
		return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
	}
	return sample{
		elapsed:  of(func(s sample) time.Duration { return s.elapsed }),
		cpu:      of(func(s sample) time.Duration { return s.cpu }),
		receiver: of(func(s sample) time.Duration { return s.receiver }),
	}
}

// spread is the slowest and the quickest of what is a rate of the time.
func (r *row) spread(rate func(time.Duration) float64) string {
	byTime := func(a, b sample) int { return int(a.elapsed - b.elapsed) }
	return fmt.Sprintf("%.0f-%.0f", rate(slices.MaxFunc(r.samples, byTime).elapsed), rate(slices.MinFunc(r.samples, byTime).elapsed))
}

func (r *row) imagesPerSecond(d time.Duration) float64 { return float64(r.images) / d.Seconds() }

func (r *row) megabytesPerSecond(d time.Duration) float64 {
	return float64(r.bytes) / 1e6 / d.Seconds()
}

// perGigabyte is CPU seconds per GB, 0 where they are unknown.
func (r *row) perGigabyte(cpu time.Duration) float64 {
	return cpu.Seconds() / (float64(r.bytes) / 1e9)
}

// figure formats CPU seconds per GB.
func figure(v float64) string {
	if v == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.3f", v)
}

// size formats a peak of memory.
func size(bytes int64) string {
	if bytes == 0 {
		return "unknown"
	}
	return megabytes(bytes)
}

// percent formats a share.
func percent(a, b float64) string {
	if a == 0 || b == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f %%", 100*a/b)
}

// newTable returns a table in Markdown.
func newTable(out io.Writer, header ...string) *tablewriter.Table {
	table := tablewriter.NewTable(out, tablewriter.WithRenderer(renderer.NewMarkdown()), tablewriter.WithHeaderAutoFormat(tw.Off))
	table.Header(header)
	return table
}

// busy says how many cores either side used.
func (s sample) busy() string {
	if s.cpu == 0 {
		return "How busy either side was cannot be told here"
	}
	return fmt.Sprintf("With synth the sender has %.2f cores busy, the receiver %.2f", s.cpu.Seconds()/s.elapsed.Seconds(), s.receiver.Seconds()/s.elapsed.Seconds())
}
