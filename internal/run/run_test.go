package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/steps"
)

// Sentences of the vocabulary. What they do is injected but where a peer is
// needed.
const (
	ask    = "the system is asked whether it is there"
	answer = "it answers within 2 seconds"
)

func described() *enterprise.Enterprise {
	yes, no := true, false
	at := func(port int) enterprise.Endpoints {
		ep := &enterprise.DICOMEndpoint{AETitle: fmt.Sprintf("SYSTEM%d", port), Host: "127.0.0.1", Port: port}
		return enterprise.Endpoints{Store: ep, QueryRetrieve: ep}
	}
	e := &enterprise.Enterprise{
		Name:    "test",
		Harness: enterprise.Harness{AETitle: "PACSUAT", Listen: "127.0.0.1:0"},
		Sites:   []enterprise.Site{{Name: "north", Kind: enterprise.MajorHospital, TimeZone: "UTC"}},
		Systems: []enterprise.System{
			{Name: "bk", Site: "north", Role: enterprise.BK, Live: &no, Endpoints: at(20001), Budget: enterprise.Budget{MaxAssociations: 2}},
			{Name: "bk2", Site: "north", Role: enterprise.BK, Live: &no, Endpoints: at(20002), Budget: enterprise.Budget{MaxAssociations: 2}},
			{Name: "dr", Site: "north", Role: enterprise.DR, Live: &yes, Endpoints: at(20003), Budget: enterprise.Budget{MaxAssociations: 2}},
		},
	}
	e.ApplyDefaults()
	return e
}

func scenario(line int, texts ...string) rundir.Scenario {
	s := rundir.Scenario{ID: fmt.Sprintf("echo.feature:%d", line), Name: "Echo", Severity: rundir.Blocker, Associations: 1}
	for i, text := range texts {
		keyword := rundir.When
		if i == len(texts)-1 {
			keyword = rundir.Then
		}
		s.Steps = append(s.Steps, rundir.Step{Keyword: keyword, Text: text})
	}
	return s
}

func planned(scenarios ...rundir.Scenario) *rundir.Plan {
	return &rundir.Plan{
		Schema: rundir.PlanSchema, EnterpriseName: "test", AsOf: "2026-11-20", Seed: 1, Volume: 1,
		Subjects: []rundir.Subject{
			{Name: "bk", Kind: rundir.SubjectSystem, Site: "north"},
			{Name: "bk2", Kind: rundir.SubjectSystem, Site: "north"},
			{Name: "bk->dr", Kind: rundir.SubjectLink, Site: "north", From: "bk", To: "dr"},
		},
		Cells: []rundir.Cell{
			{ID: "bk.echo", Subject: "bk", Feature: "echo.feature", Scenarios: scenarios},
			{ID: "bk.inbox", Subject: "bk", Feature: rundir.InboxFeature, Scenarios: []rundir.Scenario{{ID: rundir.InboxScenario}}},
			{ID: "bk2.echo", Subject: "bk2", Feature: "echo.feature", Scenarios: []rundir.Scenario{{ID: "echo.feature:3", NotApplicable: "no"}, {ID: "echo.feature:9", Blocked: "no"}}},
		},
	}
}

// rig is a run that is about to begin.
type rig struct {
	*testing.T
	ctx context.Context
	*runner
}

func prepare(t *testing.T, p *rundir.Plan, change ...func(*Options)) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	dir, err := rundir.Create(t.TempDir() + "/run")
	if err != nil {
		t.Fatal(err)
	}
	sha, err := dir.WritePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	library, err := steps.NewLibrary(vocab.Default())
	if err != nil {
		t.Fatal(err)
	}
	limits := steps.DefaultLimits
	limits.Quiet, limits.Poll, limits.Response = 5*time.Millisecond, 5*time.Millisecond, 5*time.Second
	o := Options{Plan: p, PlanSHA256: sha, Dir: dir, Enterprise: described(), Library: library, Nonce: "00", Limits: limits, SentinelWait: 20 * time.Millisecond}
	for _, c := range change {
		c(&o)
	}
	r, err := newRunner(o)
	if err != nil {
		t.Fatal(err)
	}
	r.perform = func(context.Context, *steps.World, string) error { return nil }
	return &rig{t, ctx, r}
}

// evidence is what is on disk.
func (r *rig) evidence() (all []rundir.Record) {
	r.Helper()
	err := r.Dir.Records(r.Machine, func(_ string, rec *rundir.Record) error { all = append(all, *rec); return nil })
	if err != nil {
		r.Error(err)
	}
	return all
}

// told is how the scenario's evidence ends: "complete", the error of the end or
// of a step, "open" or "" where there is none.
func (r *rig) told(id string) string {
	r.Helper()
	told := ""
	for _, rec := range r.evidence() {
		switch {
		case rec.Scenario != id:
		case rec.Begin != nil:
			told = "open"
		case rec.StepEnd != nil && rec.StepEnd.Error != "":
			told = string(rec.StepEnd.Cause) + ": " + rec.StepEnd.Error
		case rec.End != nil && rec.End.Error != "":
			told = "end: " + rec.End.Error
		case rec.End != nil && told == "open":
			told = fmt.Sprintf("complete after %d steps", rec.End.Steps)
		}
	}
	return told
}

func (r *rig) listenedToTheEnd() bool {
	return slices.ContainsFunc(r.evidence(), func(rec rundir.Record) bool { return rec.InboxEnd != nil })
}

func (r *rig) executed() rundir.Execution {
	r.Helper()
	all, err := r.Dir.Executions()
	if err != nil || len(all) != 1 {
		r.Fatalf("%d executions: %v", len(all), err)
	}
	return all[0]
}

func (r *rig) expect(id, want string) {
	r.Helper()
	if got := r.told(id); !strings.Contains(got, want) || got == "" {
		r.Errorf("%s ended %q, want %q", id, got, want)
	}
}

// watcher notes what is on disk when it is told that a scenario has ended.
type watcher struct {
	*rig
	mu    sync.Mutex
	began map[string]int
	ended map[string]Result
	onEnd func(id string)
}

func (w *watcher) Begin(map[string]int) {}
func (w *watcher) Started(_ *rundir.Cell, s *rundir.Scenario) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.began[s.ID]++
}
func (w *watcher) Ended(_ *rundir.Cell, s *rundir.Scenario, res Result) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if _, before := w.ended[s.ID]; before {
		w.Errorf("%s ended twice", s.ID)
	}
	w.ended[s.ID] = res
	if w.onEnd != nil {
		w.onEnd(s.ID)
	}
}

func watch(r *rig) *watcher {
	w := &watcher{rig: r, began: map[string]int{}, ended: map[string]Result{}}
	r.Progress = w
	return w
}

func TestAScenarioThatEndsIsOnDiskBeforeItIsShown(t *testing.T) {
	t.Parallel()
	r := prepare(t, planned(scenario(1, ask, answer), scenario(2, ask, answer)))
	w := watch(r)
	w.onEnd = func(id string) { r.expect(id, "complete after 2 steps") }
	if err := r.run(r.ctx); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"echo.feature:1", "echo.feature:2"} {
		if res, ok := w.ended[id]; !ok || res.Err != nil || w.began[id] != 1 {
			t.Errorf("%s: told %+v, began %d times", id, res, w.began[id])
		}
	}
	if e := r.executed(); !r.listenedToTheEnd() || e.Ended == nil || e.Interrupted != "" || !slices.Contains(e.Cells, "bk.inbox") {
		t.Errorf("execution %+v", e)
	}
	for _, id := range []string{"echo.feature:3", "echo.feature:9"} {
		if r.told(id) != "" {
			t.Errorf("%s was run, though it is not applicable or blocked", id)
		}
	}
}

// Whatever a handler does, its scenario is inconclusive with the reason and the
// next one runs.
func TestHandlersThatGoWrong(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		perform func(context.Context) error
		want    string
	}{
		{"panic", func(context.Context) error { panic("nothing there") }, "engine: the step's handler panicked: nothing there"},
		{"error", func(context.Context) error {
			return &steps.Error{Cause: rundir.CauseSilent, System: "bk", Doing: "waiting", Err: errors.New("none")}
		}, "silent: waiting (bk): none"},
		{"too long", func(ctx context.Context) error { <-ctx.Done(); return context.Cause(ctx) }, "engine: " + errStepTooLong.Error()},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := prepare(t, planned(scenario(1, ask, answer), scenario(2, ask, ask, answer)))
			r.allowance = 20 * time.Millisecond
			r.perform = func(ctx context.Context, w *steps.World, text string) error {
				if text == answer {
					return nil
				}
				return test.perform(ctx)
			}
			w := watch(r)
			if err := r.run(r.ctx); err != nil {
				t.Fatal(err)
			}
			for _, id := range []string{"echo.feature:1", "echo.feature:2"} {
				r.expect(id, test.want)
				if w.ended[id].Err == nil {
					t.Errorf("%s: was shown as complete", id)
				}
			}
		})
	}
}

func TestAHandlerThatNeverReturns(t *testing.T) {
	t.Parallel()
	r := prepare(t, planned(scenario(1, ask, answer), scenario(2, answer)))
	r.allowance, r.grace = time.Millisecond, 5*time.Millisecond
	release := make(chan struct{})
	defer close(release)
	r.perform = func(_ context.Context, _ *steps.World, text string) error {
		if text == ask {
			<-release
		}
		return nil
	}
	if err := r.run(r.ctx); err != nil {
		t.Fatal(err)
	}
	r.expect("echo.feature:1", "engine: the step's handler did not come back")
	r.expect("echo.feature:2", "complete")
}

func TestStepsThatThePlanDoesNotSay(t *testing.T) {
	t.Parallel()
	r := prepare(t, planned(scenario(1, "no sentence says this", answer), scenario(2)))
	if err := r.run(r.ctx); err != nil {
		t.Fatal(err)
	}
	r.expect("echo.feature:1", "end: the runner ended with status")
	p := &performance{planned: []rundir.Step{{Text: ask}}}
	stream, err := r.Dir.Stream("elsewhere", "x", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	p.rec = steps.NewRecorder(t.Context(), stream, nil, r.fence, &r.answered, "c", "s", 1)
	if err := p.step(t.Context(), answer); err == nil || p.ended != 0 {
		t.Errorf("another step than was planned: %v", err)
	}
	if err := p.step(t.Context(), ask); err == nil || p.ended != 0 {
		t.Errorf("a step after one that could not go on: %v", err)
	}
}

// What needs more than there is would wait for ever: it says so, and the others
// run.
func TestMoreThanTheBudget(t *testing.T) {
	t.Parallel()
	large := scenario(1, answer)
	large.Associations = 3
	r := prepare(t, planned(large, scenario(2, answer)), func(o *Options) { o.PerSubject = 1 })
	w := watch(r)
	if err := r.run(r.ctx); err != nil {
		t.Fatal(err)
	}
	r.expect("echo.feature:1", "max_associations")
	r.expect("echo.feature:2", "complete")
	if w.ended["echo.feature:1"].Err == nil {
		t.Error("was shown as complete")
	}
}

func TestExclusiveScenariosRunAlone(t *testing.T) {
	t.Parallel()
	for _, exclusive := range []string{"system", "cluster"} {
		t.Run(exclusive, func(t *testing.T) {
			t.Parallel()
			var scenarios []rundir.Scenario
			for i := range 6 {
				s := scenario(i+1, answer)
				if i%3 == 1 {
					s.Exclusive = exclusive
				}
				scenarios = append(scenarios, s)
			}
			r := prepare(t, planned(scenarios...))
			w := watch(r)
			var mu sync.Mutex
			at, most := 0, 0
			r.perform = func(context.Context, *steps.World, string) error {
				mu.Lock()
				at++
				most = max(most, at)
				mu.Unlock()
				defer func() { mu.Lock(); at--; mu.Unlock() }()
				return nil
			}
			if err := r.run(r.ctx); err != nil {
				t.Fatal(err)
			}
			if len(w.ended) != 6 || most > 2 {
				t.Errorf("%d ended, %d at once", len(w.ended), most)
			}
		})
	}
}

// The run is interrupted while one scenario is at work and others wait for its
// budget.
func TestAnInterruptedRun(t *testing.T) {
	t.Parallel()
	first, second := scenario(1, ask, answer), scenario(2, ask, answer)
	first.Exclusive, second.Exclusive = "system", "system"
	r := prepare(t, planned(scenario(3, answer), first, second), func(o *Options) { o.PerSubject, o.AtOnce = 1, 1 })
	ctx, cancel := context.WithCancelCause(r.ctx)
	r.perform = func(stepCtx context.Context, _ *steps.World, text string) error {
		if text == ask {
			cancel(ErrInterrupted)
			<-stepCtx.Done()
			return &steps.Error{Cause: rundir.CauseCancelled, Doing: "waiting", Err: context.Cause(stepCtx)}
		}
		return nil
	}
	if err := r.run(ctx); err != nil {
		t.Errorf("an interrupted run returned %v", err)
	}
	r.expect("echo.feature:3", "complete")
	r.expect("echo.feature:1", "end: the run was interrupted")
	if got := r.told("echo.feature:2"); got != "" {
		t.Errorf("begun after the run had ended: %s", got)
	}
	if e := r.executed(); e.Interrupted != ErrInterrupted.Error() || e.Ended == nil || r.listenedToTheEnd() {
		t.Errorf("execution %+v", e)
	}
}

func TestAFullDiskStopsTheRun(t *testing.T) {
	t.Parallel()
	r := prepare(t, planned(scenario(1, ask, answer), scenario(2, ask, answer)), func(o *Options) { o.PerSubject = 1 })
	w := watch(r)
	r.perform = func(context.Context, *steps.World, string) error {
		stream, err := r.stream("bk.echo")
		if err != nil {
			return err
		}
		return stream.Close() // as a full disk, it takes no more
	}
	err := r.run(r.ctx)
	if err == nil || !strings.Contains(err.Error(), "run directory") {
		t.Errorf("ended with %v", err)
	}
	r.expect("echo.feature:1", "open")
	if got := r.told("echo.feature:2"); got != "" {
		t.Errorf("the run went on: %s", got)
	}
	if w.ended["echo.feature:1"].Err == nil || r.executed().Interrupted == "" || r.listenedToTheEnd() {
		t.Error("was shown as complete")
	}
}

func TestTheInboxsPortIsTaken(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	r := prepare(t, planned(scenario(1, answer)), func(o *Options) { o.Enterprise.Harness.Listen = l.Addr().String() })
	if err := r.run(r.ctx); err == nil || !strings.Contains(err.Error(), l.Addr().String()) {
		t.Errorf("ended with %v", err)
	}
	if e := r.executed(); e.Interrupted == "" || r.told("echo.feature:1") != "" {
		t.Errorf("execution %+v", e)
	}
}

func TestPartsAndUnits(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		part  Part
		units []string
		cells []string
		bad   string // what Check complains of
	}{
		{"all", Part{}, []string{"echo.feature:1", "echo.feature:2"}, []string{"bk.echo", "bk.inbox", "bk2.echo"}, ""},
		{"a system", Part{Systems: []string{"bk"}}, []string{"echo.feature:1", "echo.feature:2"}, []string{"bk.echo", "bk.inbox"}, ""},
		{"where nothing can run", Part{Systems: []string{"bk2"}}, nil, []string{"bk2.echo"}, ""},
		{"a scenario", Part{Scenarios: []string{"echo.feature:2"}}, []string{"echo.feature:2"}, []string{"bk.echo", "bk.inbox", "bk2.echo"}, ""},
		{"a site", Part{Sites: []string{"north"}}, []string{"echo.feature:1", "echo.feature:2"}, []string{"bk.echo", "bk.inbox", "bk2.echo"}, ""},
		{"unknown site", Part{Sites: []string{"nort"}}, nil, nil, `did you mean "north"?`},
		{"unknown system", Part{Systems: []string{"zzz-archive"}}, nil, nil, `no system or link "zzz-archive"`},
		{"unknown scenario", Part{Scenarios: []string{"echo.feature:7"}}, []string{}, []string{"bk.echo", "bk.inbox", "bk2.echo"}, `did you mean "echo.feature:`},
		{"empty name", Part{Systems: []string{""}}, nil, nil, `no system or link ""`},
	} {
		r := &runner{Options: Options{Plan: planned(scenario(1, answer), scenario(2, answer)), Part: test.part}}
		units, cells := r.units()
		var ids []string
		for _, u := range units {
			ids = append(ids, u.scenario.ID)
		}
		if test.name != "unknown site" && test.name != "empty name" && (!slices.Equal(ids, test.units) || !slices.Equal(cells, test.cells)) {
			t.Errorf("%s: %v in %v", test.name, ids, cells)
		}
		err := test.part.Check(r.Plan)
		if test.bad == "" && err != nil || test.bad != "" && (err == nil || !strings.Contains(err.Error(), test.bad)) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	r := prepare(t, planned(scenario(1, answer)), func(o *Options) { o.Part.Sites = []string{"south"} })
	if err := r.run(r.ctx); err == nil {
		t.Error("a part that holds nothing was executed")
	}
}
