package run

import (
	"context"
	"testing"
	"testing/synctest"
)

func TestGate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGate(1)
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
		in := make(chan string, 4)
		ctx, cancel := context.WithCancel(t.Context())
		go func() {
			if err := g.enter(ctx); err != nil {
				in <- "gave up"
			}
		}()
		synctest.Wait()
		go func() {
			if err := g.enter(t.Context()); err == nil {
				in <- "second"
			}
		}()
		synctest.Wait()
		if len(in) != 0 {
			t.Fatalf("%q passed a full gate", <-in)
		}
		cancel()
		if got := <-in; got != "gave up" {
			t.Fatalf("%q", got)
		}
		// One that only waits makes room, and comes back at once.
		g.leave()
		if got := <-in; got != "second" {
			t.Fatalf("%q", got)
		}
		g.comeBack()
		g.leave()
		g.leave()
		if err := g.enter(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
