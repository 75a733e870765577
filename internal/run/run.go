package run

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/inbox"
	"pacsuat/internal/rundir"
	"pacsuat/steps"
)

// Options is what a run is made of. Plan, PlanSHA256, Dir, Enterprise, Library
// and Nonce are required.
type Options struct {
	Plan       *rundir.Plan
	PlanSHA256 string
	Dir        *rundir.Dir
	Enterprise *enterprise.Enterprise
	Library    *steps.Library

	Nonce   string // of this execution, hex
	Machine string // safe as a file name; default "local"
	Vantage string // which site's network this is, as told
	Binary  rundir.Binary
	// Simulated says that the systems are an embedded simulated cluster. Only
	// the wiring of such a fixture may say so.
	Simulated bool
	Part      Part

	Limits steps.Limits // zero = steps.DefaultLimits
	// MaxMatrix bounds rows and columns of the images, for quick tests of the
	// harness; 0 = as the recipes have them.
	MaxMatrix int
	// AtOnce bounds how many scenarios are at work at the same time, those that
	// only wait not counted; PerSubject how many of one subject are begun.
	// 0 = DefaultAtOnce and DefaultPerSubject.
	AtOnce, PerSubject int
	// SentinelWait is how long a sentinel is looked for beyond a suspended
	// link. 0 = DefaultSentinelWait.
	SentinelWait time.Duration

	// Listening is called once with the inbox's address, before anything else
	// happens.
	Listening func(net.Addr)
	Progress  Progress // nil = nobody watches
}

// Defaults of Options.
const (
	DefaultAtOnce       = 24
	DefaultPerSubject   = 128
	DefaultSentinelWait = 30 * time.Second
)

// ErrInterrupted is the cause with which a run's context is to be cancelled
// when a person ends the run.
var ErrInterrupted = errors.New("the run was interrupted")

// Progress is told what happens. Its methods are called concurrently.
type Progress interface {
	// Begin says how many scenarios each subject will run.
	Begin(counts map[string]int)
	Started(cell *rundir.Cell, s *rundir.Scenario)
	Ended(cell *rundir.Cell, s *rundir.Scenario, r Result)
}

// Result is what is known of a scenario when it ends. It is for people who
// watch; the verdict is judge's.
type Result struct {
	Took   time.Duration
	Failed int   // checks that did not hold
	Err    error // why it could not be completed
}

type runner struct {
	Options
	fence    *rundir.Fence
	budgets  *steps.Budgets
	inbox    *inbox.Inbox
	objects  *rundir.Objects
	answered steps.Answered
	asOf     time.Time
	start    time.Time

	// What performs a step, and its time: others in tests.
	perform          func(context.Context, *steps.World, string) error
	allowance, grace time.Duration

	mu      sync.Mutex
	streams map[string]*rundir.Stream
	stop    context.CancelCauseFunc
}

// Run executes the plan's part.
func Run(ctx context.Context, o Options) error {
	r, err := newRunner(o)
	if err != nil {
		return err
	}
	return r.run(ctx)
}

func (r *runner) run(ctx context.Context) error {
	units, cells := r.units()
	if len(units) == 0 && len(cells) == 0 {
		return errors.New("this part of the plan holds nothing to execute")
	}
	execution := r.execution(cells)
	if err := r.Dir.WriteExecution(execution); err != nil {
		return err
	}
	ctx, r.stop = context.WithCancelCause(ctx)
	defer r.stop(nil)
	if err := r.open(ctx); err != nil {
		r.stop(err)
		return errors.Join(err, r.close(ctx, false), r.finish(execution, err.Error()))
	}
	if err := r.sentinels(ctx); err != nil {
		if cause := context.Cause(ctx); ended(cause) {
			err = cause // a person's doing says nothing of the link
		}
		// The inbox is not waited for: a run that tested nothing passes nothing.
		r.stop(err)
		closed, finished := r.close(ctx, false), r.finish(execution, err.Error())
		if ended(err) {
			err = nil
		}
		return errors.Join(err, closed, finished)
	}
	r.carryOut(ctx, units)

	interrupted := ""
	var broken error
	if cause := context.Cause(ctx); cause != nil {
		interrupted = cause.Error()
		if !ended(cause) {
			broken = cause
		}
	}
	// The inbox listens for the quiet time after an interrupted run too: what
	// was on its way is evidence.
	closed := r.close(context.WithoutCancel(ctx), interrupted == "")
	if closed != nil && interrupted == "" {
		interrupted = closed.Error()
	}
	finished := r.finish(execution, interrupted)
	if broken != nil {
		return broken // the others come of it
	}
	return errors.Join(closed, finished)
}

// ended reports whether a person ended the run.
func ended(cause error) bool {
	return errors.Is(cause, context.Canceled) || errors.Is(cause, ErrInterrupted)
}

func newRunner(o Options) (*runner, error) {
	if o.Machine == "" {
		o.Machine = "local"
	}
	if o.AtOnce == 0 {
		o.AtOnce = DefaultAtOnce
	}
	if o.PerSubject == 0 {
		o.PerSubject = DefaultPerSubject
	}
	if o.SentinelWait == 0 {
		o.SentinelWait = DefaultSentinelWait
	}
	if o.Limits == (steps.Limits{}) {
		o.Limits = steps.DefaultLimits
	}
	if o.Progress == nil {
		o.Progress = unwatched{}
	}
	asOf, err := time.Parse(time.DateOnly, o.Plan.AsOf)
	if err != nil {
		return nil, fmt.Errorf("the plan's date (as_of) is %q: %w", o.Plan.AsOf, err)
	}
	r := &runner{
		Options: o, asOf: asOf, start: time.Now(), streams: map[string]*rundir.Stream{},
		fence:   rundir.NewFence(nil), // a key of its own, never written
		budgets: steps.NewBudgets(o.Enterprise), perform: o.Library.Perform, allowance: stepAllowance, grace: stepGrace,
	}
	// What the description says is known to whoever reads the run directory.
	for i := range o.Enterprise.Systems {
		for _, ep := range o.Enterprise.Systems[i].Endpoints.DICOM() {
			r.fence.Own(ep.Endpoint.AETitle)
		}
	}
	r.fence.Own(o.Enterprise.Harness.AETitle)
	return r, nil
}

func (r *runner) execution(cells []string) *rundir.Execution {
	e := &rundir.Execution{
		Schema: rundir.ExecutionSchema, PlanSHA256: r.PlanSHA256, Nonce: r.Nonce, Machine: r.Machine,
		Vantage: r.Vantage, Binary: r.Binary, Started: r.start.UTC(), Cells: cells, Scenarios: r.Part.Scenarios,
	}
	return e
}

func (r *runner) open(ctx context.Context) (err error) {
	if r.objects, err = r.Dir.Objects(r.Machine); err != nil {
		return err
	}
	log, err := r.stream("inbox")
	if err != nil {
		return err
	}
	// The inbox outlives the run's context: what is on its way when a run is
	// interrupted is evidence too.
	r.inbox, err = inbox.Listen(context.WithoutCancel(ctx), inbox.Config{
		AETitle: r.Enterprise.Harness.AETitle, Listen: r.Enterprise.Harness.Listen,
		Log: log, Fence: r.fence, Systems: r.Enterprise.SystemsByAETitle,
		// Without its observer a run tells nothing, and blames systems for what
		// could not be received.
		Failed: r.stop,
	})
	if err == nil && r.Listening != nil {
		r.Listening(r.inbox.Addr())
	}
	return err
}

// close ends the inbox after a quiet time and closes every file. whole says that
// the run has come to its end.
func (r *runner) close(ctx context.Context, whole bool) error {
	var errs []error
	if r.inbox != nil {
		errs = append(errs, r.inbox.Close(ctx, r.Limits.Quiet, whole))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.streams {
		errs = append(errs, s.Close())
	}
	if r.objects != nil {
		errs = append(errs, r.objects.Close())
	}
	return errors.Join(errs...)
}

func (r *runner) finish(e *rundir.Execution, interrupted string) error {
	now := time.Now().UTC()
	e.Ended, e.Interrupted = &now, interrupted
	return r.Dir.WriteExecution(e)
}

// stream returns the file of a cell, opened on its first use.
func (r *runner) stream(name string) (*rundir.Stream, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s := r.streams[name]; s != nil {
		return s, nil
	}
	s, err := r.Dir.Stream(r.Machine, name, r.start)
	if err == nil {
		r.streams[name] = s
	}
	return s, err
}

// env is what the scenarios of a cell are given.
func (r *runner) env(cell string, s rundir.Subject) (*steps.Env, error) {
	e := &steps.Env{
		Subject: s, Cell: cell, Enterprise: r.Enterprise, Inbox: r.inbox,
		Nonce: r.Nonce, Seed: r.Plan.Seed, AsOf: r.asOf, Volume: r.Plan.Volume, MaxMatrix: r.MaxMatrix, Limits: r.Limits,
	}
	under, receiving := s.Name, ""
	if s.Kind == rundir.SubjectLink {
		under, receiving = s.From, s.To
	}
	var err error
	if e.System, err = steps.NewTarget(r.Enterprise, under, r.budgets, r.fence, r.Limits, r.Simulated); err != nil {
		return nil, err
	}
	if receiving != "" {
		e.Receiving, err = steps.NewTarget(r.Enterprise, receiving, r.budgets, r.fence, r.Limits, r.Simulated)
	}
	return e, err
}

type unwatched struct{}

func (unwatched) Begin(map[string]int)                         {}
func (unwatched) Started(*rundir.Cell, *rundir.Scenario)       {}
func (unwatched) Ended(*rundir.Cell, *rundir.Scenario, Result) {}
