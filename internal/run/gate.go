package run

import (
	"context"
	"slices"
	"sync"
)

// gate bounds how many scenarios are at work at a time. Those that begin wait
// their turn; one that comes back from a wait passes at once, because what it
// waits for is timed.
type gate struct {
	limit int

	mu      sync.Mutex
	inside  int
	waiting []chan struct{} // closed to let its waiter in, first come first served
}

func newGate(limit int) *gate { return &gate{limit: limit} }

// enter waits until fewer than limit are inside, or until ctx ends.
func (g *gate) enter(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	g.mu.Lock()
	if g.inside < g.limit && len(g.waiting) == 0 {
		g.inside++
		g.mu.Unlock()
		return nil
	}
	turn := make(chan struct{})
	g.waiting = append(g.waiting, turn)
	g.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	g.mu.Lock()
	i := slices.Index(g.waiting, turn)
	if i >= 0 {
		g.waiting = slices.Delete(g.waiting, i, i+1)
	}
	g.mu.Unlock()
	if i < 0 {
		g.leave() // the turn came at the same time
	}
	return ctx.Err()
}

// comeBack counts in again one that had left for a wait.
func (g *gate) comeBack() {
	g.mu.Lock()
	g.inside++
	g.mu.Unlock()
}

// leave makes room for the next.
func (g *gate) leave() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside--
	for g.inside < g.limit && len(g.waiting) > 0 {
		close(g.waiting[0])
		g.waiting = g.waiting[1:]
		g.inside++
	}
}
