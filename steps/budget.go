package steps

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// Budgets bound what the harness does to each system at once. One is shared by
// a whole run.
type Budgets struct {
	systems map[string]*budget
	// cluster is held for reading by every scenario and for writing by one that
	// needs the cluster for itself.
	cluster sync.RWMutex
}

type budget struct {
	associations *semaphore.Weighted
	size         int64
	requests     *rate.Limiter // nil = without limit
}

// NewBudgets returns the budgets of the description's systems.
func NewBudgets(e *enterprise.Enterprise) *Budgets {
	b := &Budgets{systems: map[string]*budget{}}
	for i := range e.Systems {
		s := &e.Systems[i]
		one := &budget{size: int64(s.Budget.MaxAssociations)}
		one.associations = semaphore.NewWeighted(one.size)
		if r := s.Budget.RequestsPerSecond; r > 0 {
			one.requests = rate.NewLimiter(rate.Limit(r), max(1, int(r)))
		}
		b.systems[s.Name] = one
	}
	return b
}

// Acquire takes all associations that a scenario needs at once, from each
// system; exclusive "system" takes the whole of their budgets, "cluster" waits
// for every other scenario and keeps them out. Systems are taken in the order
// of their names, so scenarios can't wait for each other in a circle. The
// returned function gives everything back. More than a budget is an error at
// once, an *Error: nothing would ever give so much back.
func (b *Budgets) Acquire(ctx context.Context, need map[string]int, exclusive string) (release func(), err error) {
	for name, n := range need {
		switch one := b.systems[name]; {
		case one == nil:
			return nil, &Error{Cause: rundir.CauseEngine, System: name, Doing: "taking the budget", Err: errors.New("the description holds no such system")}
		case int64(max(n, 1)) > one.size:
			return nil, &Error{Cause: rundir.CauseEngine, System: name, Doing: "taking the budget",
				Err: fmt.Errorf("%d associations at once are needed, %d are allowed (max_associations)", max(n, 1), one.size)}
		}
	}
	if exclusive == "cluster" {
		b.cluster.Lock()
		release = b.cluster.Unlock
	} else {
		b.cluster.RLock()
		release = b.cluster.RUnlock
	}
	names := make([]string, 0, len(need))
	for name := range need {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		one := b.systems[name]
		weight := int64(max(need[name], 1))
		if exclusive == "system" {
			weight = one.size
		}
		if err := one.associations.Acquire(ctx, weight); err != nil {
			release()
			return nil, err
		}
		before := release
		release = func() { one.associations.Release(weight); before() }
	}
	return release, nil
}

// request waits for the system's turn.
func (b *Budgets) request(ctx context.Context, system string) error {
	if l := b.systems[system].requests; l != nil {
		return l.Wait(ctx)
	}
	return nil
}
