package steps

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"pacsuat/internal/rundir"
)

// Recorder writes the evidence of one attempt of a scenario, as it happens. It
// is safe for concurrent use. After the run's context has ended it takes no
// more checks: what was cut short is judged as cut short.
//
// The first error of the run directory sticks: from then on every write
// returns it, and the scenario can't end as complete.
type Recorder struct {
	stream   *rundir.Stream
	objects  *rundir.Objects
	fence    *rundir.Fence
	answered *Answered
	ctx      context.Context // of the run

	cell, scenario string
	attempt        int
	step           atomic.Int64
	intents        atomic.Int64

	mu     sync.Mutex
	failed int // checks that did not hold
	ended  bool
	err    error
}

// Answered remembers which systems have answered anything in this run.
type Answered struct{ systems sync.Map }

// NewRecorder returns the recorder of an attempt. ctx is the run's.
func NewRecorder(ctx context.Context, stream *rundir.Stream, objects *rundir.Objects, fence *rundir.Fence, answered *Answered, cell, scenario string, attempt int) *Recorder {
	return &Recorder{
		stream: stream, objects: objects, fence: fence, answered: answered, ctx: ctx,
		cell: cell, scenario: scenario, attempt: attempt,
	}
}

// Begin opens the attempt.
func (r *Recorder) Begin() error { return r.write(rundir.Record{Begin: &rundir.Begin{}}) }

// StepBegan says that step i, counted from 1, is under way.
func (r *Recorder) StepBegan(i int) { r.step.Store(int64(i)) }

// StepEnded closes the step that is under way.
func (r *Recorder) StepEnded(took time.Duration, err error) error {
	e := &rundir.StepEnd{Duration: took}
	if err != nil {
		e.Error, e.Cause = err.Error(), rundir.CauseEngine
		var known *Error
		if errors.As(err, &known) {
			e.Cause, e.System = known.Cause, known.System
		}
	}
	written := r.write(rundir.Record{StepEnd: e})
	r.step.Store(0)
	return written
}

// End closes the attempt, with an error once the run has ended: open scenarios
// are inconclusive. Nothing is recorded after it: what a handler that was left
// behind still sees is no evidence.
func (r *Recorder) End(took time.Duration, steps int, engineError string) error {
	if r.ctx.Err() != nil && engineError == "" {
		engineError = "the run was interrupted"
	}
	return r.write(rundir.Record{End: &rundir.End{Duration: took, Steps: steps, Error: engineError}})
}

var errEnded = &Error{Cause: rundir.CauseEngine, Doing: "recording", Err: errors.New("the attempt has ended")}

// Intent is written before something is sent; the returned function writes its
// outcome.
func (r *Recorder) Intent(operation, system, what string) func(rundir.Observation) {
	id := fmt.Sprintf("%s#%d#%d", r.scenario, r.attempt, r.intents.Add(1))
	_ = r.write(rundir.Record{Intent: &rundir.Intent{ID: id, Operation: operation, System: system, What: what}})
	start := time.Now()
	return func(o rundir.Observation) {
		o.Intent, o.Operation, o.System = id, operation, system
		if o.Duration == 0 {
			o.Duration = time.Since(start)
		}
		_ = r.write(rundir.Record{Observation: &o})
	}
}

// Observe writes what was seen without having been asked for.
func (r *Recorder) Observe(o rundir.Observation) { _ = r.write(rundir.Record{Observation: &o}) }

// Check writes a comparison. Its Detail must hold nothing that a system
// answered but what the fence passes.
func (r *Recorder) Check(c rundir.Check) {
	if r.ctx.Err() != nil {
		return
	}
	if holds, err := c.Holds(); err == nil && !holds {
		r.mu.Lock()
		r.failed++
		r.mu.Unlock()
	}
	_ = r.write(rundir.Record{Check: &c})
}

// Failed returns how many checks have not held so far: for progress, not for
// judging.
func (r *Recorder) Failed() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.failed
}

// Answered notes that a system has answered something; only the first answer
// of a run is written.
func (r *Recorder) Answered(system string) {
	if _, before := r.answered.systems.LoadOrStore(system, true); !before {
		_ = r.write(rundir.Record{Answered: &rundir.Answered{System: system}})
	}
}

// Sending notes an identity before it is sent, so that a clean-up finds it.
func (r *Recorder) Sending(o rundir.Object) error {
	r.mu.Lock()
	err, ended := r.err, r.ended
	r.mu.Unlock()
	if err == nil && ended {
		err = errEnded
	}
	if err != nil {
		return err // what can't be accounted for is not sent
	}
	o.Time, o.Cell, o.Scenario, o.Attempt = time.Now().UTC(), r.cell, r.scenario, r.attempt
	if err := r.objects.Append(o); err != nil {
		return r.stick(err)
	}
	return nil
}

// Own registers values that this run made.
func (r *Recorder) Own(values ...string) { r.fence.Own(values...) }

// Reduced returns a value that a system answered as it may be written.
func (r *Recorder) Reduced(tag uint32, value string) string { return r.fence.Value(tag, value) }

// Err returns the first error of writing.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

func (r *Recorder) stick(err error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err == nil {
		r.err = &Error{Cause: rundir.CauseLocal, Doing: "writing evidence", Err: err}
	}
	return r.err
}

func (r *Recorder) write(rec rundir.Record) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.err != nil {
		return r.err
	}
	if r.ended {
		return errEnded
	}
	rec.Cell, rec.Scenario, rec.Attempt, rec.StepIndex = r.cell, r.scenario, r.attempt, int(r.step.Load())
	if err := r.stream.Append(rec); err != nil {
		r.err = &Error{Cause: rundir.CauseLocal, Doing: "writing evidence", Err: err}
		return r.err
	}
	r.ended = rec.End != nil
	return nil
}
