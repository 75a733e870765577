package main

import (
	"errors"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"pacsuat/internal/run"
	"pacsuat/internal/rundir"
)

// What stands on a bar's line fits the terminal, whatever the names are.
func TestBarsFitTheTerminal(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ü", 90)
	for _, name := range []string{"bk", "north-bk->north-prod", long} {
		for _, columns := range []int{20, 60, 80, 100, 200} {
			b := newBars(os.Stderr, &rundir.Plan{Subjects: []rundir.Subject{{Name: name}}})
			b.columns = func() int { return columns }
			s := &barState{planned: 105, ended: 7, failed: 12, stopped: 3, doing: long}
			line := b.names + widthCounter + widthBar + widthGaps + utf8.RuneCountInString(b.state(s))
			if columns >= 80 && line > columns {
				t.Errorf("%s at %d columns: the line has %d", name, columns, line)
			}
			if columns >= 80 && !strings.Contains(b.state(s), "12 FAILED") {
				t.Errorf("%s at %d columns: %q", name, columns, b.state(s))
			}
			b.progress.Shutdown()
		}
	}
}

func TestBarsSayWhatIsDone(t *testing.T) {
	t.Parallel()
	b := newBars(os.Stderr, &rundir.Plan{Subjects: []rundir.Subject{{Name: "bk"}}})
	b.columns = func() int { return defaultWidth }
	s := &barState{planned: 2, doing: "An echo"}
	for _, c := range []struct {
		ended, failed, stopped int
		want                   string
	}{
		{0, 0, 0, " An echo"}, {1, 1, 0, " 1 FAILED  An echo"}, {1, 0, 1, " 1 STOPPED  An echo"}, {2, 0, 0, " done"}, {2, 1, 0, " 1 FAILED  done"},
	} {
		s.ended, s.failed, s.stopped = c.ended, c.failed, c.stopped
		if got := b.state(s); got != c.want {
			t.Errorf("%+v: %q, want %q", c, got, c.want)
		}
	}
	b.progress.Shutdown()
}

func TestLines(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	l := &lines{w: &out}
	cell, s := &rundir.Cell{Subject: "bk"}, &rundir.Scenario{ID: "a.feature:3", Name: "One"}
	l.Begin(map[string]int{"bk": 1})
	l.Started(cell, s)
	l.Ended(cell, s, run.Result{})
	l.Ended(cell, s, run.Result{Failed: 1})
	l.Ended(cell, s, run.Result{Err: errors.New("nobody there")})
	const want = `1 scenario on 1 system or link
ok    bk                    a.feature:3  One (0s)
FAIL  bk                    a.feature:3  One (0s)
STOP  bk                    a.feature:3  One (0s)
      bk: nobody there
`
	if out.String() != want {
		t.Errorf("%s\nwant\n%s", out.String(), want)
	}
}

func TestMachineName(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"north": "north", "north 1/2": "north-1-2", "../..": "-", "日本": "-", "a.b": "a-b"} {
		if want == "-" {
			want = "local"
		}
		if got := machineName(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
