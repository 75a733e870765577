package main

import (
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
	"golang.org/x/term"

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
	columns  func() int // width of the terminal
	order    []string
	names    int // width of the column of names

	mu       sync.Mutex
	subjects map[string]*barState
}

// barState is what is shown of a subject.
type barState struct {
	bar           *mpb.Bar
	planned       int
	ended, failed int
	stopped       int // could not be completed
	doing         string
}

// Widths of the columns of a bar's line.
const (
	mostName     = 32
	widthCounter = 9 // " 105/105 "
	widthBar     = 24
	widthGaps    = 4
)

func newBars(w *os.File, p *rundir.Plan) *bars {
	b := &bars{
		progress: mpb.New(mpb.WithOutput(w), mpb.WithWidth(widthBar), mpb.WithRefreshRate(150*time.Millisecond)),
		subjects: map[string]*barState{},
		columns: func() int {
			if width, _, err := term.GetSize(int(w.Fd())); err == nil && width > 0 {
				return width
			}
			return defaultWidth
		},
	}
	for _, s := range p.Subjects {
		b.order = append(b.order, s.Name)
		b.names = min(mostName, max(b.names, utf8.RuneCountInString(s.Name)))
	}
	return b
}

func (b *bars) Begin(counts map[string]int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, name := range b.order {
		n := counts[name]
		if n == 0 {
			continue
		}
		state := &barState{planned: n}
		b.subjects[name] = state
		shown := shorten(name, b.names)
		state.bar = b.progress.AddBar(int64(n),
			mpb.PrependDecorators(decor.Name(shown, decor.WC{W: b.names + 1, C: decor.DindentRight}), decor.CountersNoUnit("%3d/%d", decor.WCSyncSpace)),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return b.state(state) })),
		)
	}
}

// state is what stands behind a bar. A line that is longer than the terminal
// would be broken, and every redraw leave a part of it behind.
func (b *bars) state(s *barState) string {
	left := b.columns() - b.names - widthCounter - widthBar - widthGaps
	b.mu.Lock()
	defer b.mu.Unlock()
	text := s.doing
	if s.ended == s.planned {
		text = "done"
	}
	if s.stopped > 0 {
		text = fmt.Sprintf("%d STOPPED  %s", s.stopped, text)
	}
	if s.failed > 0 {
		text = fmt.Sprintf("%d FAILED  %s", s.failed, text)
	}
	return " " + shorten(text, left-1)
}

// shorten cuts a text that has more than so many characters, visibly.
func shorten(text string, most int) string {
	runes := []rune(text)
	switch {
	case len(runes) <= most:
		return text
	case most < 1:
		return ""
	}
	return string(runes[:most-1]) + "…"
}

func (b *bars) Started(c *rundir.Cell, s *rundir.Scenario) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if state := b.subjects[c.Subject]; state != nil {
		state.doing = s.Name
	}
}

func (b *bars) Ended(c *rundir.Cell, _ *rundir.Scenario, r run.Result) {
	b.mu.Lock()
	state := b.subjects[c.Subject]
	if state == nil {
		b.mu.Unlock()
		return
	}
	state.ended++
	switch word(r) {
	case "FAIL":
		state.failed++
	case "STOP":
		state.stopped++
	}
	b.mu.Unlock()
	state.bar.Increment()
}

// wait leaves bars of an interrupted run as they are.
func (b *bars) wait() {
	b.mu.Lock()
	var open []*mpb.Bar
	for _, s := range b.subjects {
		if s.ended < s.planned {
			s.doing = "not finished"
			open = append(open, s.bar)
		}
	}
	b.mu.Unlock()
	for _, bar := range open {
		bar.Abort(false)
	}
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
