package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"pacsuat/internal/run"
	"pacsuat/internal/rundir"
)

// watcher shows a run's progress. wait ends it before anything else is printed.
type watcher interface {
	run.Progress
	wait()
}

// progress draws a bar a subject on a terminal, and writes plain lines
// elsewhere: off a terminal mpb drops everything that is written through it.
func (a *app) progress(p *rundir.Plan) watcher {
	if f, ok := a.stderr.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		return newBars(f, p)
	}
	return &lines{w: a.stderr}
}

// word says how a scenario ended, for those who watch.
func word(r run.Result) string {
	switch {
	case r.Failed > 0:
		return "FAIL"
	case r.Err != nil:
		return "STOP"
	}
	return "ok"
}

// lines writes one line a scenario, when its evidence is on disk.
type lines struct {
	mu sync.Mutex
	w  io.Writer
}

func (l *lines) Begin(counts map[string]int) {
	total := 0
	for _, n := range counts {
		total += n
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.w, "%s on %s\n", count(total, "scenario", "scenarios"), count(len(counts), "system or link", "systems and links"))
}

func (l *lines) Started(*rundir.Cell, *rundir.Scenario) {}

func (l *lines) Ended(c *rundir.Cell, s *rundir.Scenario, r run.Result) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.w, "%-4s  %-20s  %s  %s (%s)\n", word(r), c.Subject, s.ID, s.Name, r.Took.Round(10*time.Millisecond))
	if r.Err != nil {
		fmt.Fprintf(l.w, "      %s: %v\n", c.Subject, r.Err)
	}
}

func (*lines) wait() {}

// bars draws a bar a subject: how far, what it is doing, failures so far.
type bars struct {
	progress *mpb.Progress
	order    []string

	mu     sync.Mutex
	bars   map[string]*mpb.Bar
	doing  map[string]string
	failed map[string]int
}

func newBars(w io.Writer, p *rundir.Plan) *bars {
	b := &bars{
		progress: mpb.New(mpb.WithOutput(w), mpb.WithWidth(24), mpb.WithRefreshRate(150*time.Millisecond)),
		bars:     map[string]*mpb.Bar{}, doing: map[string]string{}, failed: map[string]int{},
	}
	for _, s := range p.Subjects {
		b.order = append(b.order, s.Name)
	}
	return b
}

func (b *bars) Begin(counts map[string]int) {
	width := 0
	for _, name := range b.order {
		width = max(width, len(name))
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range b.order {
		n := counts[name]
		if n == 0 {
			continue
		}
		b.bars[name] = b.progress.AddBar(int64(n),
			mpb.PrependDecorators(decor.Name(name, decor.WC{W: width + 1, C: decor.DindentRight}), decor.CountersNoUnit("%3d/%d", decor.WCSyncSpace)),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return b.state(name) })),
		)
	}
}

// maxDoing bounds what is shown of a scenario's name, so that a line stays one
// line at 100 columns.
const maxDoing = 30

func (b *bars) state(name string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	failures := ""
	if n := b.failed[name]; n > 0 {
		failures = fmt.Sprintf("%d FAILED  ", n)
	}
	doing := []rune(b.doing[name])
	if len(doing) > maxDoing {
		doing = append(doing[:maxDoing-1], '…')
	}
	return " " + failures + string(doing)
}

func (b *bars) Started(c *rundir.Cell, s *rundir.Scenario) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.doing[c.Subject] = s.Name
}

func (b *bars) Ended(c *rundir.Cell, _ *rundir.Scenario, r run.Result) {
	b.mu.Lock()
	if r.Failed > 0 {
		b.failed[c.Subject]++
	}
	bar := b.bars[c.Subject]
	b.mu.Unlock()
	if bar != nil {
		bar.Increment()
	}
}

// wait leaves bars of an interrupted run as they are.
func (b *bars) wait() {
	b.mu.Lock()
	for _, bar := range b.bars {
		if !bar.Completed() {
			bar.Abort(false)
		}
	}
	b.mu.Unlock()
	b.progress.Wait()
}

var notInFileNames = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// machineName is safe as a file name.
func machineName(given string) string {
	if given == "" {
		given, _ = os.Hostname() // a machine without a name is called local
	}
	name := notInFileNames.ReplaceAllString(given, "-")
	if name == "" || slices.Contains([]string{"-", "."}, name) {
		return "local"
	}
	return name
}
