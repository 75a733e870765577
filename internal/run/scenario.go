package run

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/cucumber/godog"

	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/steps"
)

// Time that a handler may take beyond the times that its sentence names, and
// that it has to come back after its context has ended.
const (
	stepAllowance = 5 * time.Minute
	stepGrace     = 30 * time.Second
)

var errStepTooLong = errors.New("the step took longer than the harness allows any step")

// scenario runs one attempt and leaves its evidence.
// unable, if not nil, is why it can't be run at all.
func (r *runner) scenario(ctx context.Context, u unit, unable error, idle func(func() error, bool) error) Result {
	const attempt = 1
	start := time.Now()
	stream, err := r.stream(u.cell.ID)
	if err != nil {
		r.stop(err)
		return Result{Err: err}
	}
	rec := steps.NewRecorder(ctx, stream, r.objects, r.fence, &r.answered, u.cell.ID, u.scenario.ID, attempt)
	if err := rec.Begin(); err != nil {
		r.stop(err)
		return Result{Err: err}
	}
	env, err := r.env(u.cell.ID, u.subject)
	if err == nil {
		err = unable
	}
	if err != nil {
		// Why it could not even begin must be on record.
		if written := rec.End(time.Since(start), 0, err.Error()); written != nil {
			r.stop(written)
		}
		return Result{Took: time.Since(start), Err: err}
	}
	env.Idle = idle
	p := &performance{
		ctx: ctx, library: r.Library, perform: r.perform, rec: rec, allowance: r.allowance, grace: r.grace,
		world: steps.NewWorld(env, rec, u.scenario.ID, attempt), planned: u.scenario.Steps,
	}
	engine := p.play(u.scenario)
	if p.lost.Load() {
		// What a handler that does not come back holds is not waited for.
		ended, cancel := context.WithCancel(ctx)
		cancel()
		p.world.Close(ended)
	} else {
		p.world.Close(ctx)
	}
	err = rec.End(time.Since(start), p.ended, engine)
	if err == nil {
		err = rec.Err()
	}
	if err != nil {
		r.stop(fmt.Errorf("the run directory can't be written any more: %w", err))
		return Result{Took: time.Since(start), Failed: rec.Failed(), Err: err}
	}
	return Result{Took: time.Since(start), Failed: rec.Failed(), Err: p.incomplete(engine)}
}

// incomplete returns why the scenario did not come to its end, nil if it did:
// who watches must not be told ok of what judge will call inconclusive.
func (p *performance) incomplete(engine string) error {
	switch {
	case p.err != nil:
		return p.err
	case engine != "":
		return errors.New(engine)
	}
	return context.Cause(p.ctx)
}

// performance is godog playing one scenario.
type performance struct {
	ctx     context.Context
	library *steps.Library
	perform func(context.Context, *steps.World, string) error
	rec     *steps.Recorder
	world   *steps.World
	planned []rundir.Step

	// How long a handler may take beyond the times that its sentence names, and
	// to come back after its context has ended.
	allowance, grace time.Duration

	next, ended int
	err         error // of the step that could not go on
	// lost: a handler did not come back; its world is left to it.
	lost atomic.Bool
}

// play runs the scenario as a feature of its own. It returns the engine's own
// error, if any: godog's result is not believed, the steps that ended are.
func (p *performance) play(s *rundir.Scenario) (engine string) {
	defer func() {
		if v := recover(); v != nil {
			engine = fmt.Sprintf("the runner panicked: %v\n%s", v, debug.Stack())
		}
	}()
	suite := godog.TestSuite{
		Name:                s.ID,
		ScenarioInitializer: p.bind,
		Options: &godog.Options{
			Format: "progress", Output: io.Discard, NoColors: true, Strict: true, Concurrency: 1,
			DefaultContext:  p.ctx,
			FeatureContents: []godog.Feature{{Name: "scenario.feature", Contents: render(s)}},
		},
	}
	status := suite.Run()
	if p.ended < len(p.planned) && p.err == nil {
		return fmt.Sprintf("the runner ended with status %d after %d of %d steps", status, p.ended, len(p.planned))
	}
	return ""
}

// render writes the scenario for godog. Steps are written with *, as their
// keywords were resolved by the plan.
func render(s *rundir.Scenario) []byte {
	var b strings.Builder
	b.WriteString("Feature: scenario\n\n  Scenario: scenario\n")
	for _, st := range s.Steps {
		b.WriteString("    * " + st.Text + "\n")
	}
	return []byte(b.String())
}

// bind registers the sentences that the scenario uses. Their expressions are
// compiled once for all scenarios.
func (p *performance) bind(sc *godog.ScenarioContext) {
	bound := map[string]bool{}
	for _, st := range p.planned {
		m, err := p.library.Vocabulary().Match(st.Text)
		if err != nil || bound[m.Sentence.ID] {
			continue // an undefined step ends the scenario incomplete
		}
		bound[m.Sentence.ID] = true
		if re, ok := p.library.Vocabulary().Regexp(m.Sentence.ID); ok {
			sc.Step(re, p.step)
		}
	}
}

// step performs the next planned step. An error ends the scenario; a check that
// failed does not.
func (p *performance) step(_ context.Context, text string) error {
	if p.err != nil {
		return p.err
	}
	p.next++
	p.rec.StepBegan(p.next)
	if p.next > len(p.planned) || p.planned[p.next-1].Text != text {
		p.err = fmt.Errorf("the runner performs %q as step %d, which the plan does not say", text, p.next)
		_ = p.rec.StepEnded(0, p.err)
		return p.err
	}
	start := time.Now()
	err := p.handle(text)
	if written := p.rec.StepEnded(time.Since(start), err); err == nil {
		err = written
	}
	if err != nil {
		p.err = err
		return err
	}
	p.ended++
	return nil
}

// handle calls the handler under its time limit, and waits for it. A handler
// that does not come back is left behind with its world.
func (p *performance) handle(text string) error {
	ctx, cancel := context.WithTimeoutCause(p.ctx, p.allowance+p.named(text), errStepTooLong)
	defer cancel()
	done := make(chan error, 1)
	go func() {
		defer func() {
			if v := recover(); v != nil {
				done <- fmt.Errorf("the step's handler panicked: %v\n%s", v, debug.Stack())
			}
		}()
		done <- p.perform(ctx, p.world, text)
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	timer := time.NewTimer(p.grace)
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-timer.C:
		p.lost.Store(true)
		return errors.New("the step's handler did not come back after its time was over")
	}
}

// named is the sum of the times that a step names.
func (p *performance) named(text string) time.Duration {
	m, err := p.library.Vocabulary().Match(text)
	if err != nil {
		return 0
	}
	return times(m.Args)
}

func times(args vocab.Args) time.Duration {
	var sum time.Duration
	for i, a := range args {
		if _, ok := a.(time.Duration); ok {
			sum += args.Duration(i)
		}
	}
	return sum
}
