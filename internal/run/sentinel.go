package run

import (
	"context"
	"fmt"

	"pacsuat/internal/rundir"
	"pacsuat/steps"
)

// LeakError says that what is written crosses a link that the description
// declares suspended, or that this could not be ruled out.
type LeakError struct {
	Link   string
	System string // beyond the link
	Err    error  // nil: the sentinel was found there
}

func (e *LeakError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("%s is declared suspended, but whether an object crosses it to %s could not be found out, so nothing else was sent: %v", e.Link, e.System, e.Err)
	}
	return fmt.Sprintf("%s is declared suspended, but an object sent before it arrived at %s: nothing else was sent; suspend the link and run again, and have the synthetic object removed there", e.Link, e.System)
}

func (e *LeakError) Unwrap() error { return e.Err }

// sentinels sends one object towards every suspended link that the part's
// writes come to, and looks for it beyond.
func (r *runner) sentinels(ctx context.Context) error {
	targets := map[string]bool{}
	units, _ := r.units()
	for _, u := range units {
		if u.subject.Kind == rundir.SubjectLink {
			targets[u.subject.From] = true
		} else {
			targets[u.subject.Name] = true
		}
	}
	for _, reach := range r.Plan.Closure.Reaches {
		if reach.Stopped == "" || !targets[reach.Target] {
			continue
		}
		if err := r.sentinel(ctx, reach); err != nil {
			return err
		}
	}
	return nil
}

func (r *runner) sentinel(ctx context.Context, reach rundir.Reach) error {
	_, beyond := splitLink(reach.Stopped)
	env, err := r.env("sentinel", rundir.Subject{Name: reach.Stopped, Kind: rundir.SubjectLink, From: reach.Target, To: beyond})
	if err != nil {
		return err
	}
	stream, err := r.stream("sentinel")
	if err != nil {
		return err
	}
	rec := steps.NewRecorder(ctx, stream, r.objects, r.fence, &r.answered, "", "", 0)
	found, err := steps.Sentinel(ctx, env, rec, r.SentinelWait)
	if err != nil {
		return &LeakError{Link: reach.Stopped, System: beyond, Err: err}
	}
	if found {
		return &LeakError{Link: reach.Stopped, System: beyond}
	}
	return nil
}
