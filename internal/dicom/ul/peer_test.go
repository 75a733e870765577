package ul

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// peer is the other end of a connection, which does what a test says. It runs
// in a synctest bubble over net.Pipe: time costs nothing, and a goroutine that
// is left over when the test ends fails it.
type peer struct {
	t    *testing.T
	conn net.Conn
}

// send writes bytes or a PDU.
func (p peer) send(what ...any) {
	p.t.Helper()
	for _, w := range what {
		b, ok := w.([]byte)
		if !ok {
			var err error
			if b, err = w.(pdu.PDU).Append(nil); err != nil {
				p.t.Error(err)
				return
			}
		}
		if _, err := p.conn.Write(b); err != nil {
			p.t.Errorf("peer sending: %v", err)
		}
	}
}

// read returns the next PDU, nil at the end of the connection.
func (p peer) read() pdu.PDU {
	p.t.Helper()
	h, err := pdu.ReadHeader(p.conn)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) {
		return nil
	}
	if err != nil {
		p.t.Errorf("peer reading: %v", err)
		return nil
	}
	b := make([]byte, pdu.HeaderLength+int(h.Length))
	b[0], b[2], b[3], b[4], b[5] = byte(h.Type), byte(h.Length>>24), byte(h.Length>>16), byte(h.Length>>8), byte(h.Length)
	if _, err := io.ReadFull(p.conn, b[pdu.HeaderLength:]); err != nil {
		p.t.Errorf("peer reading %s: %v", h.Type, err)
		return nil
	}
	got, err := pdu.Decode(b, pdu.Limits{})
	if err != nil {
		p.t.Errorf("peer reading: %v", err)
	}
	return got
}

// want reads a PDU of this type.
func (p peer) want(kind pdu.Type) pdu.PDU {
	p.t.Helper()
	got := p.read()
	if got == nil {
		p.t.Errorf("connection ended, want %s", kind)
		return nil
	}
	if got.Type() != kind {
		p.t.Errorf("got %s %+v, want %s", got.Type(), got, kind)
	}
	return got
}

// wantAbort reads an A-ABORT and closes.
func (p peer) wantAbort(source, reason uint8) {
	p.t.Helper()
	if got, ok := p.want(pdu.TypeAbort).(*pdu.Abort); ok && *got != (pdu.Abort{Source: source, Reason: reason}) {
		p.t.Errorf("got %s, want source %d reason %d", got, source, reason)
	}
	p.conn.Close()
}

// wantEnd reads until the connection ends, which must be before any PDU.
func (p peer) wantEnd() {
	p.t.Helper()
	if got := p.read(); got != nil {
		p.t.Errorf("got %s %+v, want the end", got.Type(), got)
	}
	p.conn.Close()
}

// run runs the peer's script and our side of a connection in a bubble.
func run(t *testing.T, script func(p peer), ours func(t *testing.T, ctx context.Context, conn net.Conn)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		left, right := net.Pipe()
		done := make(chan struct{})
		go func() {
			defer close(done)
			script(peer{t, right})
		}()
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		ours(t, ctx, left)
		<-done
		right.Close()
	})
}

var oneContext = []ProposedContext{{AbstractSyntax: verification, TransferSyntaxes: []string{implicitLE}}}

func requestor() RequestorConfig {
	return RequestorConfig{CallingAETitle: "UAT", CalledAETitle: "PACS", Contexts: oneContext}
}

func acceptor() AcceptorConfig {
	return AcceptorConfig{Supported: map[string][]string{verification: {implicitLE}}}
}

// acceptance answers a request with everything accepted.
func (p peer) acceptance(adjust ...func(*pdu.AssociateAC)) {
	p.t.Helper()
	rq, ok := p.want(pdu.TypeAssociateRQ).(*pdu.AssociateRQ)
	if !ok {
		return
	}
	ac := answer(rq, AcceptorConfig{Supported: map[string][]string{verification: {implicitLE}}})
	for _, f := range adjust {
		f(ac)
	}
	p.send(ac)
}

// request opens an association as the requestor.
func (p peer) request() {
	p.t.Helper()
	p.send(validRQ(p.t))
	p.want(pdu.TypeAssociateAC)
}

func validRQ(t *testing.T) *pdu.AssociateRQ {
	t.Helper()
	rq, err := AssociateRequest(requestor())
	if err != nil {
		t.Fatal(err)
	}
	return rq
}

// asRequestor runs a script that begins after the association is accepted.
func asRequestor(t *testing.T, c RequestorConfig, script func(p peer), ours func(t *testing.T, ctx context.Context, a *Association)) {
	t.Helper()
	run(t, func(p peer) {
		p.acceptance()
		script(p)
	}, func(t *testing.T, ctx context.Context, conn net.Conn) {
		a, err := Request(ctx, conn, c)
		if err != nil {
			t.Error(err)
			return
		}
		defer a.Close()
		ours(t, ctx, a)
	})
}

// asAcceptor is asRequestor for the other end.
func asAcceptor(t *testing.T, c AcceptorConfig, script func(p peer), ours func(t *testing.T, ctx context.Context, a *Association)) {
	t.Helper()
	run(t, func(p peer) {
		p.request()
		script(p)
	}, func(t *testing.T, ctx context.Context, conn net.Conn) {
		a, err := Accept(ctx, conn, c)
		if err != nil {
			t.Error(err)
			return
		}
		defer a.Close()
		ours(t, ctx, a)
	})
}
