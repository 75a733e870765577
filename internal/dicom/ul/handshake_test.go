package ul

import (
	"context"
	"errors"
	"net"
	"reflect"
	"testing"
	"time"

	"pacsuat/internal/dicom/pdu"
)

func TestRequestAnswers(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		script func(p peer)
		check  func(t *testing.T, err error)
	}{
		{"rejected", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send(&pdu.AssociateRJ{Result: 2, Source: 3, Reason: 2})
			p.wantEnd()
		}, wantErrorAs(&RejectedError{Result: 2, Source: 3, Reason: 2})},
		{"aborted", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send(&pdu.Abort{Source: 2, Reason: 1})
			p.wantEnd()
		}, wantErrorAs(&AbortedError{Source: 2, Reason: 1, ByPeer: true})},
		{"closed", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.conn.Close()
		}, wantErrorIs(ErrClosed)},
		{"closed inside the answer", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send([]byte{2, 0, 0, 0, 0, 100, 0, 1})
			p.conn.Close()
		}, wantErrorIs(ErrClosed)},
		{"garbage", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send([]byte("HTTP/1.1 400 Bad Request\r\n")[:pdu.HeaderLength])
			p.wantAbort(pdu.AbortServiceProvider, pdu.AbortUnrecognizedPDU)
		}, wantErrorAs(&pdu.UnknownTypeError{Type: 'H'})},
		{"longer than any answer", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send([]byte{2, 0, 0xFF, 0xFF, 0xFF, 0xFF})
			p.wantAbort(pdu.AbortServiceProvider, pdu.AbortInvalidParameterValue)
		}, wantErrorType[*pdu.FormatError]()},
		{"malformed answer", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send([]byte{2, 0, 0, 0, 0, 1, 0})
			p.wantAbort(pdu.AbortServiceProvider, pdu.AbortInvalidParameterValue)
		}, wantErrorType[*pdu.FormatError]()},
		{"silence", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.wantAbort(pdu.AbortServiceUser, 0)
		}, wantErrorIs(context.DeadlineExceeded)},
		{"one byte, then silence", func(p peer) {
			p.want(pdu.TypeAssociateRQ)
			p.send([]byte{2})
			p.wantAbort(pdu.AbortServiceUser, 0)
		}, wantErrorIs(context.DeadlineExceeded)},
		{"not even reading", func(peer) {}, wantErrorIs(context.DeadlineExceeded)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			run(t, tt.script, func(t *testing.T, ctx context.Context, conn net.Conn) {
				a, err := Request(ctx, conn, requestor())
				if a != nil {
					t.Error("an association was returned")
				}
				tt.check(t, err)
				if _, err := conn.Write([]byte{0}); err == nil {
					t.Error("the connection is still open")
				}
			})
		})
	}
}

func wantErrorAs[T error](want T) func(*testing.T, error) {
	return func(t *testing.T, err error) {
		t.Helper()
		var got T
		if !errors.As(err, &got) || !reflect.DeepEqual(got, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
}

func wantErrorType[T error]() func(*testing.T, error) {
	return func(t *testing.T, err error) {
		t.Helper()
		var got T
		if !errors.As(err, &got) {
			t.Errorf("error %v (%T), want a %T", err, err, got)
		}
	}
}

func wantErrorIs(want error) func(*testing.T, error) {
	return func(t *testing.T, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("error %v, want %v", err, want)
		}
	}
}

func TestRequestAccepted(t *testing.T) {
	t.Parallel()
	run(t, func(p peer) {
		p.acceptance(func(ac *pdu.AssociateAC) {
			ac.UserInformation.MaxLength = 4096
			ac.PresentationContexts[1].Result = pdu.UserRejection
		})
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, conn net.Conn) {
		c := requestor()
		c.Contexts = []ProposedContext{oneContext[0], oneContext[0], {AbstractSyntax: ctStorage, TransferSyntaxes: []string{implicitLE}}}
		a, err := Request(ctx, conn, c)
		if err != nil {
			t.Error(err)
			return
		}
		defer a.Close()
		if a.CallingAETitle() != "UAT" || a.CalledAETitle() != "PACS" || a.PeerMaxPDULength() != 4096 || !a.IsRequestor() {
			t.Errorf("%q %q %d", a.CallingAETitle(), a.CalledAETitle(), a.PeerMaxPDULength())
		}
		want := []NegotiatedContext{
			{1, verification, implicitLE, pdu.Acceptance, true, false},
			{3, verification, "", pdu.UserRejection, true, false},
			{5, ctStorage, "", pdu.AbstractSyntaxNotSupported, true, false}}
		if !reflect.DeepEqual(a.Contexts(), want) {
			t.Errorf("contexts %+v\nwant %+v", a.Contexts(), want)
		}
		for id, accepted := range map[uint8]bool{0: false, 1: true, 2: false, 3: false, 5: false, 255: false} {
			if _, ok := a.Context(id); ok != accepted {
				t.Errorf("Context(%d) %v", id, ok)
			}
		}
		if c, ok := a.Find(verification, explicitLE, implicitLE); !ok || c.ID != 1 {
			t.Errorf("Find: %+v, %v", c, ok)
		}
		if _, ok := a.Find(verification, explicitLE); ok {
			t.Error("Find found a transfer syntax that was not negotiated")
		}
		if _, ok := a.Find(ctStorage); ok {
			t.Error("Find found a refused context")
		}
		if a.State() != Sta6DataTransfer || a.Err() != nil {
			t.Errorf("%s, %v", a.State(), a.Err())
		}
	})
}

func TestAcceptAnswers(t *testing.T) {
	t.Parallel()
	odd := func(adjust func(*pdu.AssociateRQ)) func(p peer) *pdu.AssociateRQ {
		return func(p peer) *pdu.AssociateRQ {
			rq := validRQ(p.t)
			adjust(rq)
			return rq
		}
	}
	wantRJ := func(p peer, want pdu.AssociateRJ) {
		if got, ok := p.want(pdu.TypeAssociateRJ).(*pdu.AssociateRJ); ok && *got != want {
			p.t.Errorf("got %s, want %s", got, want)
		}
		p.conn.Close()
	}
	full := acceptor()
	full.Admit = func(*pdu.AssociateRQ, net.Addr) *pdu.AssociateRJ {
		return &pdu.AssociateRJ{Result: pdu.RejectedTransient, Source: pdu.RejectProviderPresentation, Reason: pdu.RejectPresentationLocalLimitExceeded}
	}
	tests := []struct {
		name   string
		config AcceptorConfig
		script func(p peer)
		check  func(t *testing.T, err error)
	}{
		{"protocol version 2 only", acceptor(), func(p peer) {
			p.send(odd(func(rq *pdu.AssociateRQ) { rq.ProtocolVersion = 2 })(p))
			wantRJ(p, pdu.AssociateRJ{Result: 1, Source: 2, Reason: 2})
		}, wantErrorAs(&RejectedError{Result: 1, Source: 2, Reason: 2, Local: true})},
		{"another application context", acceptor(), func(p peer) {
			p.send(odd(func(rq *pdu.AssociateRQ) { rq.ApplicationContext = "1.2.3" })(p))
			wantRJ(p, pdu.AssociateRJ{Result: 1, Source: 1, Reason: 2})
		}, wantErrorAs(&RejectedError{Result: 1, Source: 1, Reason: 2, Local: true})},
		{"not admitted", full, func(p peer) {
			p.send(validRQ(p.t))
			wantRJ(p, pdu.AssociateRJ{Result: 2, Source: 3, Reason: 2})
		}, wantErrorAs(&RejectedError{Result: 2, Source: 3, Reason: 2, Local: true})},
		{"not admitted, and the peer stays", full, func(p peer) {
			start := time.Now()
			p.send(validRQ(p.t))
			p.want(pdu.TypeAssociateRJ)
			p.send(&pdu.ReleaseRQ{}) // ignored in Sta13
			p.wantEnd()
			if d := time.Since(start); d != DefaultARTIM {
				p.t.Errorf("closed after %s, want ARTIM", d)
			}
		}, wantErrorType[*RejectedError]()},
		{"even context ID", acceptor(), func(p peer) {
			p.send(odd(func(rq *pdu.AssociateRQ) { rq.PresentationContexts[0].ID = 2 })(p))
			p.wantAbort(pdu.AbortServiceProvider, pdu.AbortInvalidParameterValue)
		}, wantErrorType[*pdu.FormatError]()},
		{"no contexts", acceptor(), func(p peer) {
			p.send(odd(func(rq *pdu.AssociateRQ) { rq.PresentationContexts = nil })(p))
			p.wantAbort(pdu.AbortServiceProvider, pdu.AbortInvalidParameterValue)
		}, wantErrorType[*pdu.FormatError]()},
		{"data first", acceptor(), func(p peer) {
			p.send([]byte{4, 0, 0, 0, 0, 6})
			p.wantAbort(pdu.AbortServiceUser, 0) // AA-1
		}, wantErrorAs(&UnexpectedPDUError{PDU: pdu.TypePDataTF, State: Sta2AwaitingAssociateRQ})},
		{"release first", acceptor(), func(p peer) {
			p.send(&pdu.ReleaseRQ{})
			p.wantAbort(pdu.AbortServiceUser, 0)
		}, wantErrorAs(&UnexpectedPDUError{PDU: pdu.TypeReleaseRQ, State: Sta2AwaitingAssociateRQ})},
		{"abort first", acceptor(), func(p peer) {
			p.send(&pdu.Abort{Source: 0})
			p.wantEnd()
		}, wantErrorAs(&AbortedError{ByPeer: true})},
		{"garbage", acceptor(), func(p peer) {
			p.send([]byte("GET / "))
			p.wantAbort(pdu.AbortServiceUser, 0)
		}, wantErrorAs(&pdu.UnknownTypeError{Type: 'G'})},
		{"nothing, closed", acceptor(), func(p peer) { p.conn.Close() }, wantErrorIs(ErrClosed)},
		{"nothing", acceptor(), func(p peer) { p.wantEnd() },
			wantErrorAs(&TimeoutError{Timer: "ARTIM", After: DefaultARTIM})},
		{"half a request", acceptor(), func(p peer) {
			p.send([]byte{1, 0, 0, 0, 1, 0, 0, 1})
			p.wantEnd()
		}, wantErrorAs(&TimeoutError{Timer: "ARTIM", After: DefaultARTIM})},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			run(t, tt.script, func(t *testing.T, ctx context.Context, conn net.Conn) {
				a, err := Accept(ctx, conn, tt.config)
				if a != nil {
					t.Error("an association was returned")
				}
				tt.check(t, err)
				if _, err := conn.Write([]byte{0}); err == nil {
					t.Error("the connection is still open")
				}
			})
		})
	}
}

// The acceptor's answer can be changed as a whole, and echoes what it has to.
func TestAcceptAdjusts(t *testing.T) {
	t.Parallel()
	c := acceptor()
	c.MaxPDULength = NoLimit
	c.AdjustAnswer = func(rq *pdu.AssociateRQ, ac *pdu.AssociateAC) {
		ac.UserInformation.ExtendedNegotiation = rq.UserInformation.ExtendedNegotiation
		ac.UserInformation.ImplementationVersionName = "OTHER"
	}
	run(t, func(p peer) {
		rq := validRQ(p.t)
		rq.Reserved[3] = 7
		rq.UserInformation.ExtendedNegotiation = []pdu.ExtendedNegotiation{{SOPClassUID: verification, Information: []byte{1}}}
		p.send(rq)
		ac, ok := p.want(pdu.TypeAssociateAC).(*pdu.AssociateAC)
		if ok && (ac.Reserved != rq.Reserved || ac.CalledAETitle != rq.CalledAETitle || ac.CallingAETitle != rq.CallingAETitle ||
			ac.UserInformation.MaxLength != 0 || ac.UserInformation.ImplementationVersionName != "OTHER" ||
			!reflect.DeepEqual(ac.UserInformation.ExtendedNegotiation, rq.UserInformation.ExtendedNegotiation)) {
			p.t.Errorf("answer %+v", ac)
		}
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, conn net.Conn) {
		a, err := Accept(ctx, conn, c)
		if err != nil {
			t.Error(err)
			return
		}
		if a.IsRequestor() || a.CallingAETitle() != "UAT" || a.PeerMaxPDULength() != DefaultMaxPDULength {
			t.Errorf("%q %d", a.CallingAETitle(), a.PeerMaxPDULength())
		}
		a.Close()
	})
}

// 128 contexts are proposed, answered and usable, the last one too.
func TestAllContexts(t *testing.T) {
	t.Parallel()
	c := requestor()
	c.Contexts = nil
	for range MaxContexts {
		c.Contexts = append(c.Contexts, oneContext[0])
	}
	asRequestor(t, c, func(p peer) {
		p.send(&pdu.PDataTF{Items: []pdu.PDV{{ContextID: 255, Last: true, Data: []byte("x")}}})
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		if got := len(a.Contexts()); got != 128 {
			t.Errorf("%d contexts", got)
		}
		if v, err := a.ReadPDV(ctx); err != nil || v.ContextID != 255 {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

func TestDialTimeout(t *testing.T) {
	t.Parallel()
	c := requestor()
	c.DialTimeout = time.Millisecond
	c.Dialer = func(ctx context.Context, network, addr string) (net.Conn, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	_, err := Dial(t.Context(), "pacs:104", c)
	wantErrorAs(&TimeoutError{Timer: "dial", After: time.Millisecond})(t, err)
	if errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("our own timer looks like the caller's context: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c.DialTimeout = 0
	if _, err := Dial(ctx, "pacs:104", c); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	c.Contexts = nil
	c.Dialer = func(context.Context, string, string) (net.Conn, error) {
		t.Error("dialled although the request can't be built")
		return nil, net.ErrClosed
	}
	if _, err := Dial(t.Context(), "pacs:104", c); err == nil {
		t.Error("no contexts: no error")
	}
}
