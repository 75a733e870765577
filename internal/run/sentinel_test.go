package run

import (
	"context"
	"errors"
	"testing"
	"time"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// With a suspended link on the way, one object goes first.
func TestSentinels(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		linked  bool
		down    string
		refused string // fault
		found   bool
		unknown bool
	}{
		{name: "suspended", linked: false},
		{name: "not suspended at all", linked: true, found: true},
		{name: "the system beyond is down", down: "dr", unknown: true},
		{name: "the system before is down", down: "bk", unknown: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			e := described()
			if test.linked {
				e.Links = []enterprise.Link{{From: "bk", To: "dr", Kind: enterprise.ForwardsTo}}
			}
			ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
			defer cancel()
			cluster, err := sim.Start(ctx, sim.Options{Enterprise: e, Dir: t.TempDir(), FreePorts: true})
			if err != nil {
				t.Fatal(err)
			}
			defer cluster.Close()
			reached := cluster.Enterprise()
			if test.down != "" {
				ep := reached.System(test.down).Endpoints.Store
				ep.Port = 1
				reached.System(test.down).Endpoints.QueryRetrieve.Port = 1
			}
			p := planned(scenario(1, answer))
			p.Closure.Reaches = []rundir.Reach{
				{Target: "bk", System: "dr", Path: []string{"bk", "dr"}, Live: true, Stopped: "bk->dr"},
				{Target: "bk2", System: "dr", Path: []string{"bk2", "dr"}, Live: true, Stopped: "bk2->dr"}, // nothing is run there
			}
			r := prepare(t, p, func(o *Options) { o.Enterprise = reached; o.SentinelWait = time.Second })
			if !test.linked {
				r.SentinelWait = 20 * time.Millisecond
			}
			err = r.run(r.ctx)
			var leak *LeakError
			switch {
			case test.found || test.unknown:
				if !errors.As(err, &leak) || leak.Link != "bk->dr" || leak.System != "dr" || (leak.Err == nil) != test.found {
					t.Errorf("ended with %v", err)
				}
				if got := r.told("echo.feature:1"); got != "" {
					t.Errorf("went on: %s", got)
				}
				if r.executed().Interrupted == "" || r.listenedToTheEnd() {
					t.Error("the execution is not marked as cut short")
				}
			default:
				if err != nil {
					t.Errorf("ended with %v", err)
				}
				r.expect("echo.feature:1", "complete")
			}
		})
	}
}

// A person who ends the run while a sentinel is looked for says nothing of the
// link.
func TestInterruptedWhileASentinelIsLookedFor(t *testing.T) {
	t.Parallel()
	p := planned(scenario(1, answer))
	p.Closure.Reaches = []rundir.Reach{{Target: "bk", System: "dr", Stopped: "bk->dr"}}
	r := prepare(t, p)
	ctx, cancel := context.WithCancelCause(r.ctx)
	cancel(ErrInterrupted)
	if err := r.run(ctx); err != nil {
		t.Errorf("ended with %v", err)
	}
	if e := r.executed(); e.Interrupted != ErrInterrupted.Error() || r.told("echo.feature:1") != "" {
		t.Errorf("execution %+v", e)
	}
}
