package steps

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/inbox"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

// World is the state of one attempt of a scenario. Its steps run one after
// another; what a step does at once inside is its own to order.
type World struct {
	env      *Env
	rec      *Recorder
	identity *synth.Identity

	studies []*study

	echo           echoes
	negotiation    negotiation
	question       *question
	retrieval      *retrieval
	storeResponses storeResponses
	parallel       parallelQuestions

	// What outlasts a step is ended by the end of the scenario, which may come
	// while a handler that was left behind is still at work.
	mu     sync.Mutex
	closed bool
	open   []*scu.Client  // associations
	claims []*inbox.Claim // of retrievals
}

// NewWorld returns the world of an attempt.
func NewWorld(env *Env, rec *Recorder, scenario string, attempt int) *World {
	site := env.System.description.Site
	return &World{
		env: env, rec: rec,
		identity: synth.NewIdentity(env.Nonce, env.Cell, scenario, attempt, fence(env.Enterprise.FenceOf(site))),
	}
}

// Close ends what the scenario left open: its associations, and its claims at
// the inbox, so that what comes from then on is late. It may be called while a
// handler is still at work, which then can leave nothing open any more.
func (w *World) Close(ctx context.Context) {
	w.mu.Lock()
	open, claims := w.open, w.claims
	w.open, w.claims, w.closed = nil, nil, true
	w.mu.Unlock()
	for _, c := range claims {
		c.Close()
	}
	var wg sync.WaitGroup
	for _, c := range open {
		wg.Go(func() { release(ctx, c) })
	}
	wg.Wait()
}

// leaveOpen keeps an association until the end of the scenario.
func (w *World) leaveOpen(c *scu.Client) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		_ = c.Close()
		return
	}
	w.open = append(w.open, c)
}

// opened returns the associations that were left open.
func (w *World) opened() []*scu.Client {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.open)
}

// claimed keeps a claim until the next retrieval or the end of the scenario.
func (w *World) claimed(c *inbox.Claim) {
	w.mu.Lock()
	closed := w.closed
	if !closed {
		w.claims = append(w.claims, c)
	}
	w.mu.Unlock()
	if closed {
		c.Close()
	}
}

// handler does what a sentence says.
type handler func(*World, context.Context, vocab.Args) error

// handlers are bound by sentence ID.
func handlers() map[string]handler {
	all := map[string]handler{}
	for _, part := range []map[string]handler{
		studyHandlers, sendHandlers, echoHandlers, associationHandlers, queryHandlers,
		answerHandlers, listingHandlers, retrieveHandlers, arrivalHandlers, concurrencyHandlers,
	} {
		maps.Copy(all, part)
	}
	return all
}

// Library runs sentences of a vocabulary.
type Library struct {
	vocabulary *vocab.Vocabulary
	handlers   map[string]handler
}

// NewLibrary binds the handlers to a vocabulary. It fails if a sentence has
// none.
func NewLibrary(v *vocab.Vocabulary) (*Library, error) {
	l := &Library{vocabulary: v, handlers: handlers()}
	for _, s := range v.Sentences() {
		if l.handlers[s.ID] == nil {
			return nil, fmt.Errorf("steps: the sentence %s has no handler", s.ID)
		}
	}
	return l, nil
}

// Vocabulary is what the library was bound to.
func (l *Library) Vocabulary() *vocab.Vocabulary { return l.vocabulary }

// Perform does what a step's text says in w. A panic of a handler is an engine
// error; its stack is in the error.
func (l *Library) Perform(ctx context.Context, w *World, text string) (err error) {
	m, err := l.vocabulary.Match(text)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "understanding the step", Err: err}
	}
	if err := w.rec.Err(); err != nil {
		return err
	}
	err = l.handlers[m.Sentence.ID](w, ctx, m.Args)
	if err == nil {
		err = w.rec.Err()
	}
	if err == nil && ctx.Err() != nil {
		err = &Error{Cause: rundir.CauseCancelled, Doing: "going on", Err: context.Cause(ctx)}
	}
	return err
}

// pause waits, making room for others, and ends early with the run.
func (w *World) pause(ctx context.Context, d time.Duration) error {
	return w.idle(func() error { return sleep(ctx, d) }, false)
}

// idle makes room for others while wait runs, unless the scenario holds
// associations that it must keep; see Env.Idle.
func (w *World) idle(wait func() error, budget bool) error {
	if len(w.opened()) > 0 || w.env.Idle == nil {
		return wait()
	}
	return w.env.Idle(wait, budget)
}

// sleep waits, and ends early with the run.
func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return &Error{Cause: rundir.CauseCancelled, Doing: "waiting", Err: context.Cause(ctx)}
	}
}

// check writes a comparison of numbers that are counted.
func (w *World) check(name, system string, c rundir.Comparator, limit, observed, n int, unit, detail string) {
	w.rec.Check(rundir.Check{
		Name: name, System: system, Comparator: c,
		Limit: rundir.Number(float64(limit)), Observed: rundir.Number(float64(observed)),
		Unit: unit, N: int64(n), Detail: detail,
	})
}

// checkText writes a comparison of texts; of harmless ones only.
func (w *World) checkText(name, system string, c rundir.Comparator, limit rundir.Value, observed string, detail string) {
	w.rec.Check(rundir.Check{
		Name: name, System: system, Comparator: c, Limit: limit, Observed: rundir.Text(observed), N: 1, Detail: detail,
	})
}

// checkWithin writes that something took no longer than a limit.
func (w *World) checkWithin(name, system string, limit, took time.Duration, n int, detail string) {
	w.rec.Check(rundir.Check{
		Name: name, System: system, Comparator: rundir.LessOrEqual,
		Limit: rundir.Number(limit.Seconds()), Observed: rundir.Number(took.Seconds()), Unit: "s", N: int64(n), Detail: detail,
	})
}

// checkCensored writes that something had not come when its limit fired.
func (w *World) checkCensored(name, system string, limit, waited time.Duration, detail string) {
	at := waited.Seconds()
	w.rec.Check(rundir.Check{
		Name: name, System: system, Comparator: rundir.LessOrEqual,
		Limit: rundir.Number(limit.Seconds()), Observed: rundir.Number(at), Unit: "s", N: 1, CensoredAt: &at, Detail: detail,
	})
}

// target returns the system that argument i of type {system} names.
func (w *World) target(a vocab.Args, i int) (*Target, error) {
	if !a.Receiving(i) {
		return w.env.System, nil
	}
	if w.env.Receiving == nil {
		return nil, &Error{Cause: rundir.CauseEngine, Doing: "choosing the system", Err: errors.New("the subject is no link, so nothing receives")}
	}
	return w.env.Receiving, nil
}

// release ends an association in order, by abort if ctx has ended.
func release(ctx context.Context, c *scu.Client) {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseGrace)
	defer cancel()
	if ctx.Err() != nil {
		_ = c.Abort(limit)
	} else {
		_ = c.Release(limit)
	}
	_ = c.Close()
}

// releaseGrace bounds the wait for an A-RELEASE-RP that nobody judges.
const releaseGrace = 2 * time.Second
