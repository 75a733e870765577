package ul

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"pacsuat/internal/dicom/pdu"
)

func TestRelease(t *testing.T) {
	t.Parallel()
	data := &pdu.PDataTF{Items: []pdu.PDV{{ContextID: 1, Command: true, Last: true, Data: []byte("late")}}}
	tests := []struct {
		name   string
		script func(p peer)
		want   error
	}{
		{"answered", func(p peer) { p.want(pdu.TypeReleaseRQ); p.send(&pdu.ReleaseRP{}); p.wantEnd() }, nil},
		{"answered after data", func(p peer) { p.want(pdu.TypeReleaseRQ); p.send(data, &pdu.ReleaseRP{}); p.wantEnd() }, nil},
		{"aborted", func(p peer) { p.want(pdu.TypeReleaseRQ); p.send(&pdu.Abort{Source: 2}); p.wantEnd() },
			&AbortedError{Source: 2, ByPeer: true}},
		{"closed", func(p peer) { p.want(pdu.TypeReleaseRQ); p.conn.Close() }, ErrClosed},
		{"silence", func(p peer) { p.want(pdu.TypeReleaseRQ); p.wantAbort(0, 0) }, context.DeadlineExceeded},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			check := func(t *testing.T, ctx context.Context, a *Association) {
				err := a.Release(ctx)
				var aborted *AbortedError
				switch {
				case errors.As(tt.want, &aborted):
					wantErrorAs(aborted)(t, err)
				case !errors.Is(err, tt.want):
					t.Errorf("error %v, want %v", err, tt.want)
				}
				if tt.want == nil {
					if err := a.Release(ctx); err != nil {
						t.Errorf("second release: %v", err)
					}
					if _, err := a.ReadPDV(ctx); !errors.Is(err, ErrReleased) {
						t.Errorf("reading afterwards: %v", err)
					}
					if err := a.WriteMessage(ctx, 1, []byte("c"), nil); !errors.Is(err, ErrReleased) {
						t.Errorf("writing afterwards: %v", err)
					}
				}
			}
			t.Run("by the requestor", func(t *testing.T) { asRequestor(t, requestor(), tt.script, check) })
			t.Run("by the acceptor", func(t *testing.T) { asAcceptor(t, acceptor(), tt.script, check) })
		})
	}
}

// Both ask at once: PS3.8 9.2, AR-8 to AR-10. The requestor answers first.
func TestReleaseCollision(t *testing.T) {
	t.Parallel()
	t.Run("requestor", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, requestor(), func(p peer) {
			p.want(pdu.TypeReleaseRQ)
			p.send(&pdu.ReleaseRQ{})
			p.want(pdu.TypeReleaseRP)
			p.send(&pdu.ReleaseRP{})
			p.wantEnd()
		}, func(t *testing.T, ctx context.Context, a *Association) {
			if err := a.Release(ctx); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("acceptor", func(t *testing.T) {
		t.Parallel()
		asAcceptor(t, acceptor(), func(p peer) {
			p.want(pdu.TypeReleaseRQ)
			p.send(&pdu.ReleaseRQ{}, &pdu.ReleaseRP{})
			p.want(pdu.TypeReleaseRP)
			p.conn.Close()
		}, func(t *testing.T, ctx context.Context, a *Association) {
			if err := a.Release(ctx); err != nil {
				t.Error(err)
			}
		})
	})
}

func TestReleaseByPeer(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]func(p peer){
		"who closes": func(p peer) { p.send(&pdu.ReleaseRQ{}); p.want(pdu.TypeReleaseRP); p.conn.Close() },
		"who stays": func(p peer) {
			p.send(&pdu.ReleaseRQ{})
			p.want(pdu.TypeReleaseRP)
			start := time.Now()
			p.wantEnd()
			if d := time.Since(start); d != DefaultARTIM {
				p.t.Errorf("closed after %s, want ARTIM", d)
			}
		},
		"who does not read": func(p peer) { p.send(&pdu.ReleaseRQ{}) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asAcceptor(t, acceptor(), script, func(t *testing.T, ctx context.Context, a *Association) {
				if _, err := a.ReadPDV(ctx); !errors.Is(err, ErrReleased) {
					t.Errorf("error %v", err)
				}
				if a.State() != Sta1Idle {
					t.Errorf("%s at the end", a.State())
				}
			})
		})
	}
}

func TestReleaseUnanswered(t *testing.T) {
	t.Parallel()
	c := acceptor()
	asked := 0
	c.AnswerRelease = func(a *Association) bool { asked++; return false }
	asAcceptor(t, c, func(p peer) {
		p.send(&pdu.ReleaseRQ{})
		if got, ok := p.want(pdu.TypePDataTF).(*pdu.PDataTF); ok && string(got.Items[0].Data) != "still allowed: AR-7" {
			p.t.Errorf("got %+v", got)
		}
		p.send(&pdu.Abort{})
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		read := make(chan error)
		go func() {
			_, err := a.ReadPDV(ctx)
			read <- err
		}()
		synctest.Wait()
		if a.State() != Sta8AwaitingReleaseResponse {
			t.Errorf("in %s", a.State())
		}
		var se *StateError
		if err := a.Release(ctx); !errors.As(err, &se) {
			t.Errorf("release in Sta8: %v", err)
		}
		if err := a.WriteMessage(ctx, 1, []byte("still allowed: AR-7"), nil); err != nil {
			t.Error(err)
		}
		wantErrorAs(&AbortedError{ByPeer: true})(t, <-read)
		if asked != 1 {
			t.Errorf("asked %d times", asked)
		}
	})
}

// Every PDU in every state that waits for one: PS3.8 table 9-10 as behaviour.
func TestUnexpectedPDUs(t *testing.T) {
	t.Parallel()
	all := func(t *testing.T) []pdu.PDU {
		return []pdu.PDU{validRQ(t), &pdu.AssociateAC{ApplicationContext: "1"}, &pdu.AssociateRJ{}, &pdu.ReleaseRQ{}, &pdu.ReleaseRP{},
			&pdu.PDataTF{Items: []pdu.PDV{{ContextID: 1, Last: true, Data: []byte{}}}}}
	}
	release := func(ctx context.Context, a *Association) error { return a.Release(ctx) }
	read := func(ctx context.Context, a *Association) error { _, err := a.ReadPDV(ctx); return err }
	states := []struct {
		state     State
		requestor bool
		prepare   func(p peer)
		ours      func(context.Context, *Association) error
	}{
		{Sta6DataTransfer, true, func(peer) {}, read},
		{Sta6DataTransfer, false, func(peer) {}, read},
		{Sta7AwaitingReleaseRP, true, func(p peer) { p.want(pdu.TypeReleaseRQ) }, release},
		{Sta7AwaitingReleaseRP, false, func(p peer) { p.want(pdu.TypeReleaseRQ) }, release},
		{Sta10CollisionAcceptor, false, func(p peer) { p.want(pdu.TypeReleaseRQ); p.send(&pdu.ReleaseRQ{}) }, release},
		{Sta11CollisionRequestorAwait, true, func(p peer) { p.want(pdu.TypeReleaseRQ); p.send(&pdu.ReleaseRQ{}); p.want(pdu.TypeReleaseRP) }, release},
	}
	for _, s := range states {
		for i, sample := range all(t) {
			action, _ := Transition(s.state, eventOf(sample.Type()), s.requestor)
			if action != AA8 {
				continue // a legal event, tested elsewhere
			}
			t.Run(fmt.Sprintf("%s in %s requestor %v", sample.Type(), s.state, s.requestor), func(t *testing.T) {
				t.Parallel()
				as := func(script func(peer), ours func(*testing.T, context.Context, *Association)) {
					if s.requestor {
						asRequestor(t, requestor(), script, ours)
					} else {
						asAcceptor(t, acceptor(), script, ours)
					}
				}
				as(func(p peer) {
					s.prepare(p)
					b, err := all(p.t)[i].Append(nil)
					if err != nil {
						p.t.Error(err)
					}
					if sample.Type() == pdu.TypePDataTF {
						b = b[:pdu.HeaderLength] // refused by its header
					}
					p.send(b)
					p.wantAbort(pdu.AbortServiceProvider, pdu.AbortUnexpectedPDU)
				}, func(t *testing.T, ctx context.Context, a *Association) {
					err := s.ours(ctx, a)
					wantErrorAs(&UnexpectedPDUError{PDU: sample.Type(), State: s.state})(t, err)
					var aborted *AbortedError
					if !errors.As(err, &aborted) || aborted.ByPeer {
						t.Errorf("error %v, want our own abort", err)
					}
				})
			})
		}
	}
}

func TestAbort(t *testing.T) {
	t.Parallel()
	t.Run("while reading", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, requestor(), func(p peer) { p.wantAbort(2, 5) },
			func(t *testing.T, ctx context.Context, a *Association) {
				read := make(chan error)
				go func() {
					_, err := a.ReadPDV(ctx)
					read <- err
				}()
				synctest.Wait()
				if err := a.Abort(ctx, 2, 5); err != nil {
					t.Error(err)
				}
				want := &AbortedError{Source: 2, Reason: 5}
				wantErrorAs(want)(t, <-read)
				if err := a.Abort(ctx, 0, 0); err != nil {
					t.Errorf("second abort: %v", err)
				}
				wantErrorAs(want)(t, a.Err())
				if err := a.Release(ctx); err == nil {
					t.Error("released after an abort")
				}
			})
	})
	t.Run("with a context that has ended", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, requestor(), func(p peer) { p.wantAbort(0, 0) },
			func(t *testing.T, ctx context.Context, a *Association) {
				ended, cancel := context.WithCancel(ctx)
				cancel()
				if _, err := a.ReadPDV(ended); !errors.Is(err, context.Canceled) {
					t.Errorf("reading: %v", err)
				}
				if err := a.WriteMessage(ended, 1, []byte("c"), nil); !errors.Is(err, context.Canceled) {
					t.Errorf("writing: %v", err)
				}
				if err := a.Release(ended); !errors.Is(err, context.Canceled) {
					t.Errorf("releasing: %v", err)
				}
				if a.Err() != nil || a.State() != Sta6DataTransfer {
					t.Errorf("calls that began too late touched the association: %v", a.Err())
				}
				if err := a.Abort(ended, 0, 0); err != nil {
					t.Error(err)
				}
			})
	})
	t.Run("peer stays", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, requestor(), func(p peer) { p.want(pdu.TypeAbort); p.wantEnd() },
			func(t *testing.T, ctx context.Context, a *Association) {
				start := time.Now()
				if err := a.Abort(ctx, 0, 0); err != nil {
					t.Error(err)
				}
				if d := time.Since(start); d != DefaultARTIM {
					t.Errorf("closed after %s, want ARTIM", d)
				}
			})
	})
	t.Run("close cuts the wait short", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, requestor(), func(p peer) { p.want(pdu.TypeAbort); p.wantEnd() },
			func(t *testing.T, ctx context.Context, a *Association) {
				start := time.Now()
				done := make(chan struct{})
				go func() {
					defer close(done)
					if err := a.Abort(ctx, 0, 0); err != nil {
						t.Error(err)
					}
				}()
				synctest.Wait()
				a.Close()
				<-done
				if d := time.Since(start); d != 0 {
					t.Errorf("took %s", d)
				}
			})
	})
	t.Run("peer does not read", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, requestor(), func(peer) {}, func(t *testing.T, ctx context.Context, a *Association) {
			start := time.Now()
			if err := a.Abort(ctx, 0, 0); err != nil {
				t.Error(err)
			}
			if d := time.Since(start); d != grace {
				t.Errorf("closed after %s, want the grace", d)
			}
		})
	})
}

func TestClose(t *testing.T) {
	t.Parallel()
	asRequestor(t, requestor(), func(p peer) { p.wantEnd() }, func(t *testing.T, ctx context.Context, a *Association) {
		read := make(chan error)
		go func() {
			_, err := a.ReadPDV(ctx)
			read <- err
		}()
		synctest.Wait()
		for range 3 {
			if err := a.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := <-read; !errors.Is(err, ErrLocalClose) || errors.Is(err, ErrClosed) {
			t.Errorf("reader got %v", err)
		}
		select {
		case <-a.Done():
		default:
			t.Error("Done is not closed")
		}
	})
}

func TestIdleTimeout(t *testing.T) {
	t.Parallel()
	c := requestor()
	c.IdleTimeout = 5 * time.Second
	t.Run("reading", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, c, func(p peer) {
			for range 3 { // never silent for that long
				time.Sleep(4 * time.Second)
				p.send(&pdu.PDataTF{Items: []pdu.PDV{{ContextID: 1, Data: []byte("x")}}})
			}
			p.wantAbort(0, 0)
		}, func(t *testing.T, ctx context.Context, a *Association) {
			start := time.Now()
			var err error
			n := 0
			for ; err == nil; n++ {
				_, err = a.ReadPDV(ctx)
			}
			wantErrorAs(&TimeoutError{Timer: "idle", After: c.IdleTimeout})(t, err)
			if d := time.Since(start); n != 4 || d != 17*time.Second {
				t.Errorf("%d reads in %s", n, d)
			}
		})
	})
	t.Run("writing", func(t *testing.T) {
		t.Parallel()
		asRequestor(t, c, func(p peer) {}, func(t *testing.T, ctx context.Context, a *Association) {
			start := time.Now()
			err := a.WriteMessage(ctx, 1, []byte("command"), nil)
			wantErrorAs(&TimeoutError{Timer: "idle", After: c.IdleTimeout})(t, err)
			if d := time.Since(start); d != c.IdleTimeout {
				t.Errorf("after %s", d)
			}
		})
	})
}
