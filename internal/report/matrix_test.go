package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"pacsuat/internal/rundir"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// cluster is a verdict on four hospitals with a BK each, the DR, and the links
// that start at them; every scenario passes.
func cluster() *rundir.Verdict {
	v := &rundir.Verdict{
		Schema: rundir.VerdictSchema, Gate: rundir.Go, Enterprise: "Example cluster", Simulated: true,
		Reasons: []string{"all scenarios passed"},
	}
	for _, site := range []string{"North", "South", "East", "West"} {
		bk := site + "-BK"
		v.Systems = append(v.Systems,
			rundir.Subject{Name: bk, Kind: rundir.SubjectSystem, Site: site, Role: "bk"},
			rundir.Subject{Name: bk + "->" + site + "-Prod", Kind: rundir.SubjectLink, Site: site, From: bk, To: site + "-Prod"},
			rundir.Subject{Name: bk + "->DR", Kind: rundir.SubjectLink, Site: site, From: bk, To: "DR"})
	}
	v.Systems = append(v.Systems, rundir.Subject{Name: "DR", Kind: rundir.SubjectSystem, Site: "Cluster-DR", Role: "dr"})
	features := []struct {
		path, name string
		severity   rundir.Severity
		link       bool
		n          int
	}{
		{"query/matching.feature", "Queries answer what was asked", rundir.Major, false, 14},
		{"verification/echo.feature", "The system answers a C-ECHO", rundir.Blocker, false, 2},
		{"storage/modalities.feature", "Studies of every modality are stored and read back", rundir.Blocker, false, 12},
		{"links/forwarding.feature", "What reaches a BK reaches the DR once, unaltered", rundir.Blocker, true, 4},
		{rundir.InboxFeature, "Nothing arrives unasked, late or twice", rundir.Blocker, false, 1},
	}
	for _, f := range features {
		v.Features = append(v.Features, rundir.Feature{Path: f.path, Name: f.name})
		for _, s := range v.Systems {
			if f.path != rundir.InboxFeature && f.link != (s.Kind == rundir.SubjectLink) {
				continue
			}
			v.Cells = append(v.Cells, rundir.CellVerdict{System: s.Name, Feature: f.path, Verdict: rundir.Pass,
				Scenarios: rundir.Counts{Planned: f.n, Pass: f.n}})
			for i := range f.n {
				v.Scenarios = append(v.Scenarios, rundir.ScenarioVerdict{
					ID: fmt.Sprintf("%s:%d", f.path, i+1), System: s.Name, Feature: f.path,
					Scenario: fmt.Sprintf("%s, case %d", f.name, i+1), Severity: f.severity, Verdict: rundir.Pass,
				})
			}
		}
	}
	return v
}

// set gives the n-th scenario of a cell an outcome, and the cell with it.
func set(v *rundir.Verdict, system, feature string, n int, o rundir.Outcome, step, reason, waiver string) {
	for i := range v.Scenarios {
		s := &v.Scenarios[i]
		if s.System == system && s.ID == fmt.Sprintf("%s:%d", feature, n) {
			s.Verdict, s.Step, s.Reason, s.Waiver = o, step, reason, waiver
		}
	}
	for i := range v.Cells {
		c := &v.Cells[i]
		if c.System != system || c.Feature != feature {
			continue
		}
		c.Verdict, c.Scenarios = rundir.NotApplicable, rundir.Counts{}
		for _, s := range v.Scenarios {
			if s.System != system || s.Feature != feature {
				continue
			}
			c.Scenarios.Planned++
			switch s.Verdict {
			case rundir.Fail:
				c.Scenarios.Fail++
			case rundir.Inconclusive:
				c.Scenarios.Inconclusive++
			case rundir.Flaky:
				c.Scenarios.Flaky++
			case rundir.Waived:
				c.Scenarios.Waived++
			case rundir.Pass:
				c.Scenarios.Pass++
			case rundir.NotApplicable:
				c.Scenarios.NotApplicable++
			}
			for _, o := range rundir.Outcomes {
				if o == c.Verdict || o == s.Verdict {
					c.Verdict = o
					break
				}
			}
		}
	}
}

func noGo() *rundir.Verdict {
	v := cluster()
	v.Gate = rundir.NoGo
	v.Reasons = []string{"North-BK failed 2 blocker scenarios", "North-BK->DR failed 1 blocker scenario", "West-BK has 14 inconclusive scenarios"}
	set(v, "North-BK", "storage/modalities.feature", 3, rundir.Fail, "Then every image retrieved from the system is identical to what was sent",
		"12 of 120 images differ, the first at byte 4711 of its pixels (images.identical: expected 0, observed 12 images)", "")
	set(v, "North-BK", "storage/modalities.feature", 7, rundir.Fail, "Then the system reports 120 images in the study within 30 seconds",
		"study.images: expected 120, observed 119", "")
	set(v, "North-BK->DR", "links/forwarding.feature", 2, rundir.Fail, "Then the study is at the other end exactly once",
		"link.instances: expected 40, observed 41", "")
	for n := 1; n <= 14; n++ {
		set(v, "West-BK", "query/matching.feature", n, rundir.Inconclusive, "", "not run: the run was interrupted before its turn (interrupt)", "")
	}
	set(v, "East-BK", "query/matching.feature", 4, rundir.NotApplicable, "", "no relational queries, Conformance Statement 4.2", "")
	return v
}

func conditional() *rundir.Verdict {
	v := cluster()
	v.Gate = rundir.ConditionalGo
	v.Reasons = []string{"everything that applies passed or is accepted; 5 conditions to be known"}
	set(v, "South-BK", "query/matching.feature", 2, rundir.Waived, "Then it answers within 5 seconds",
		"find.duration: expected at most 5 s, observed 6.2 s; within the limit of the criteria, expected at most 8 s", "index is rebuilt in May, ticket 4711")
	set(v, "South-BK", "query/matching.feature", 3, rundir.Flaky, "", "passed only at attempt 2; an earlier one was inconclusive: our own machine could not go on: no free port", "laptop of the site")
	for n := 1; n <= 4; n++ {
		set(v, "South-BK->DR", "links/forwarding.feature", n, rundir.NotApplicable, "", "the link is suspended for the acceptance test", "")
	}
	return v
}

func TestMatrixGolden(t *testing.T) {
	t.Parallel()
	wide := cluster()
	wide.Enterprise, wide.Simulated = "鎮醫院 cluster", false
	wide.Features[1].Name = "系統回應 C-ECHO，並且在五秒之內回答每一個要求的連線"
	wide.Systems[0].Name, wide.Systems[1].From, wide.Systems[2].From = "North-Hospital-Backup-PACS", "North-Hospital-Backup-PACS", "North-Hospital-Backup-PACS"
	for i := range wide.Cells {
		if wide.Cells[i].System == "North-BK" {
			wide.Cells[i].System = wide.Systems[0].Name
		}
	}
	empty := &rundir.Verdict{Gate: rundir.GateInconclusive, Reasons: []string{"nothing was tested"}}
	for _, test := range []struct {
		name string
		v    *rundir.Verdict
		o    Options
	}{
		{"go", cluster(), Options{}},
		{"no-go", noGo(), Options{}},
		{"no-go-colour", noGo(), Options{Width: 160, Colour: true}},
		{"conditional", conditional(), Options{}},
		{"narrow", noGo(), Options{Width: 10}},
		{"wide-names", wide, Options{Width: 80}},
		{"empty", empty, Options{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			if err := Matrix(&b, test.v, test.o); err != nil {
				t.Fatal(err)
			}
			width := test.o.Width
			switch {
			case width == 0:
				width = defaultWidth
			case width < minWidth:
				width = minWidth
			}
			for line := range strings.Lines(b.String()) {
				if n := twwidth.Width(strings.TrimSuffix(line, "\n")); n > width {
					t.Errorf("a line is %d wide, over %d: %q", n, width, line)
				}
			}
			golden := filepath.Join("testdata", test.name+".golden")
			if *update {
				if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), b.String()); diff != "" {
				t.Errorf("-golden +got:\n%s", diff)
			}
		})
	}
}

// A column must never be lost where a cluster is split into several tables.
func TestMatrixShowsEveryCell(t *testing.T) {
	t.Parallel()
	for width := 60; width <= 200; width += 7 {
		var b bytes.Buffer
		if err := Matrix(&b, noGo(), Options{Width: width}); err != nil {
			t.Fatal(err)
		}
		for _, want := range []struct {
			text string
			n    int
		}{{"PASS 12", 4}, {"FAIL 2/12", 1}, {"PASS 2 ", 5}, {"FAIL 1/4", 1}, {"PASS 4 ", 7}, {"INC 14", 1}, {"PASS 13/14", 1}, {"PASS 1 ", 13}} {
			if n := strings.Count(b.String(), want.text); n != want.n {
				t.Errorf("width %d: %q is there %d times, expected %d", width, want.text, n, want.n)
			}
		}
	}
}

// A run that was cut can leave a reason for every scenario; the gate must stay
// in sight, and nothing may be left out silently.
func TestMatrixCountsReasonsBeyondALimit(t *testing.T) {
	t.Parallel()
	v := cluster()
	n := 0
	for i := range v.Scenarios {
		if v.Scenarios[i].Feature == "storage/modalities.feature" {
			n++
			v.Scenarios[i].Verdict, v.Scenarios[i].Reason = rundir.Inconclusive, fmt.Sprintf("reason %d.", n)
		}
	}
	var b bytes.Buffer
	if err := Matrix(&b, v, Options{}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.String(), ": reason "); got != maxDoubts {
		t.Errorf("%d reasons are printed, expected %d", got, maxDoubts)
	}
	if want := fmt.Sprintf("and more: %d scenarios for other reasons", n-maxDoubts); !strings.Contains(b.String(), want) {
		t.Errorf("%q is missing in\n%s", want, b.String())
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errDisk }

var errDisk = errors.New("no space left on device")

func TestMatrixReturnsWriteError(t *testing.T) {
	t.Parallel()
	if err := Matrix(fullDisk{}, noGo(), Options{}); !errors.Is(err, errDisk) {
		t.Errorf("got %v, expected %v", err, errDisk)
	}
}
