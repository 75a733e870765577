package ul

import (
	"context"
	"sync"
	"time"
)

// deadline is one direction's deadline of the connection. An idle timer, a
// context and the end of the association compete for it; who ranks higher
// wins, so that no later idle timer can undo a cancellation.
type deadline struct {
	mu   sync.Mutex
	rank rank
	set  func(time.Time) error
}

type rank uint8

const (
	rankTimer rank = iota
	rankContext
	rankEnding
)

// at sets the deadline unless someone of a higher rank has. An error means
// that the connection is closed, which the next read or write tells.
func (d *deadline) at(r rank, t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if r < d.rank {
		return
	}
	d.rank = r
	_ = d.set(t)
}

// watch sets the deadline when ctx ends, after further time. The returned
// function ends the watch, waits for it, and reports whether ctx had ended;
// then the deadline stays and the association has to end.
func (d *deadline) watch(ctx context.Context, further time.Duration) (stop func() (ended bool)) {
	if ctx.Done() == nil {
		return func() bool { return false }
	}
	fired := make(chan struct{})
	unregister := context.AfterFunc(ctx, func() {
		d.at(rankContext, time.Now().Add(further))
		close(fired)
	})
	return func() bool {
		if unregister() {
			return false
		}
		<-fired
		return true
	}
}
