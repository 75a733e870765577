package steps

import (
	"context"
	"sync"
	"time"
)

// extendable is a limit that every sign of life moves on.
func extendable(ctx context.Context, d time.Duration) (limit context.Context, extend func(), cancel context.CancelFunc) {
	limit, end := context.WithCancelCause(ctx)
	timer := time.AfterFunc(d, func() { end(errSilent) })
	return limit, func() { timer.Reset(d) }, func() { timer.Stop(); end(context.Canceled) }
}

// canceller cancels a retrieval at its first arrival: it has C-CANCEL sent and
// withholds the answer to the arrival until that has happened and a grace has
// passed, so that the system has every chance to see it.
type canceller struct {
	now   chan struct{} // closed: send C-CANCEL; nil: never
	went  chan struct{} // closed: C-CANCEL has been sent
	once  sync.Once
	grace time.Duration
}

func newCanceller(wanted bool, grace time.Duration) *canceller {
	c := &canceller{grace: grace}
	if wanted {
		c.now, c.went = make(chan struct{}), make(chan struct{})
	}
	return c
}

func (c *canceller) sent() { close(c.went) }

// wasSent reports whether C-CANCEL has been sent.
func (c *canceller) wasSent() bool {
	select {
	case <-c.went:
		return true
	default:
		return false
	}
}

// withhold blocks the answer to the first arrival; later ones pass.
func (c *canceller) withhold(ctx context.Context) {
	if c.now == nil {
		return
	}
	c.once.Do(func() {
		close(c.now)
		timer := time.NewTimer(c.grace + cancelPatience)
		defer timer.Stop()
		select {
		case <-c.went:
			timer.Reset(c.grace)
			select {
			case <-timer.C:
			case <-ctx.Done():
			}
		case <-timer.C:
		case <-ctx.Done():
		}
	})
}

// cancelPatience bounds the wait for our own C-CANCEL to be written.
const cancelPatience = 5 * time.Second
