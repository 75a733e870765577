package ul

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"

	"pacsuat/internal/dicom/pdu"
)

// Association is one association, from either end. See the package comment
// for concurrency, contexts and how it ends. Whoever got it must end it with
// Release, Abort or Close; Close may always be called as the last act.
type Association struct {
	conn net.Conn
	set  settings

	rq       *pdu.AssociateRQ
	ac       *pdu.AssociateAC
	contexts []NegotiatedContext
	byID     [256]int16 // index of contexts plus one
	remarks  []string
	sendMax  uint32 // the peer's maximum length, 0 = no limit

	// reading and writing are held by whoever reads from or writes to conn:
	// channels instead of mutexes, so that a wait can end with a context.
	reading, writing chan struct{}
	in               stream // guarded by reading
	out              output // guarded by writing
	readUntil        deadline
	writeUntil       deadline

	mu    sync.Mutex
	state State
	err   error // the first ending, final

	ended  chan struct{} // closed when err is set
	closed chan struct{} // closed when conn is, after ended
}

func newAssociation(conn net.Conn, s settings) *Association {
	a := &Association{
		conn:    conn,
		set:     s,
		reading: make(chan struct{}, 1),
		writing: make(chan struct{}, 1),
		state:   Sta1Idle,
		ended:   make(chan struct{}),
		closed:  make(chan struct{}),
	}
	a.readUntil.set = conn.SetReadDeadline
	a.writeUntil.set = conn.SetWriteDeadline
	a.in.conn = conn
	a.out.init(conn)
	inner := conn
	if t, ok := inner.(*tls.Conn); ok {
		inner = t.NetConn()
	}
	if tcp, ok := inner.(*net.TCPConn); ok {
		// Go's default, but this is what response times stand on.
		_ = tcp.SetNoDelay(true) // a dead connection tells by the next write
		if s.ceiling {
			a.in.beforeRead = quickAck(tcp)
		}
	}
	return a
}

// establish stores what was negotiated. It is called once, before the
// association is handed out.
func (a *Association) establish(rq *pdu.AssociateRQ, ac *pdu.AssociateAC) {
	a.rq, a.ac = rq, ac
	a.contexts, a.remarks = Negotiated(rq, ac)
	for i, c := range a.contexts {
		a.byID[c.ID] = int16(i + 1)
	}
}

// Contexts returns every proposed presentation context with its result, in
// the order proposed. The slice must not be modified.
func (a *Association) Contexts() []NegotiatedContext { return a.contexts }

// Context returns the accepted presentation context with this ID.
func (a *Association) Context(id uint8) (NegotiatedContext, bool) {
	if i := a.byID[id]; i > 0 && a.contexts[i-1].Result == pdu.Acceptance {
		return a.contexts[i-1], true
	}
	return NegotiatedContext{}, false
}

// Find returns the first accepted presentation context for the abstract
// syntax, trying the transfer syntaxes in the order given; none means any.
func (a *Association) Find(abstractSyntax string, transferSyntaxes ...string) (NegotiatedContext, bool) {
	find := func(transferSyntax string) (NegotiatedContext, bool) {
		for _, c := range a.contexts {
			if c.Result == pdu.Acceptance && c.AbstractSyntax == abstractSyntax &&
				(transferSyntax == "" || c.TransferSyntax == transferSyntax) {
				return c, true
			}
		}
		return NegotiatedContext{}, false
	}
	if len(transferSyntaxes) == 0 {
		return find("")
	}
	for _, ts := range transferSyntaxes {
		if c, ok := find(ts); ok {
			return c, true
		}
	}
	return NegotiatedContext{}, false
}

// Remarks says, one sentence each, where the answer to the association
// request departs from the standard without making it unusable.
func (a *Association) Remarks() []string { return a.remarks }

// RQ is the request, sent or received. It must not be modified.
func (a *Association) RQ() *pdu.AssociateRQ { return a.rq }

// AC is the answer, received or sent. It must not be modified.
func (a *Association) AC() *pdu.AssociateAC { return a.ac }

// IsRequestor reports whether this side has requested the association.
func (a *Association) IsRequestor() bool { return a.set.requestor }

// CallingAETitle is that of the request, without padding.
func (a *Association) CallingAETitle() string { return trimAETitle(a.rq.CallingAETitle) }

// CalledAETitle is that of the request, without padding.
func (a *Association) CalledAETitle() string { return trimAETitle(a.rq.CalledAETitle) }

// trimAETitle removes what is not significant (PS3.5 table 6.2-1, AE), and the
// NULs that some peers pad with.
func trimAETitle(s string) string { return strings.Trim(s, " \x00") }

// PeerMaxPDULength is the largest P-DATA-TF body that the peer wants, in
// bytes; 0 = no limit.
func (a *Association) PeerMaxPDULength() uint32 {
	if a.set.requestor {
		return a.ac.UserInformation.MaxLength
	}
	return a.rq.UserInformation.MaxLength
}

// RemoteAddr is the peer's network address.
func (a *Association) RemoteAddr() net.Addr { return a.conn.RemoteAddr() }

// LocalAddr is this side's network address.
func (a *Association) LocalAddr() net.Addr { return a.conn.LocalAddr() }

// State is the state of PS3.8 9.2.1 at this moment.
func (a *Association) State() State {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.state
}

// Err is how the association ended, nil while it has not.
func (a *Association) Err() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.err
}

// Done is closed when the association has ended and Err tells how. The
// connection may be closed a moment later.
func (a *Association) Done() <-chan struct{} { return a.ended }

// on feeds an event to the state table and returns the action to perform.
func (a *Association) on(e Event) (Action, State) {
	a.mu.Lock()
	defer a.mu.Unlock()
	before := a.state
	action, after := Transition(before, e, a.set.requestor)
	a.state = after
	return action, before
}

// request is on for events of the local user, where a blank cell of the table
// is the caller's mistake.
func (a *Association) request(e Event) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		return a.err
	}
	action, after := Transition(a.state, e, a.set.requestor)
	if action == None {
		return &StateError{Event: e, State: a.state}
	}
	a.state = after
	return nil
}

// acquire takes reading or writing, unless the context or the association
// ends first.
func (a *Association) acquire(ctx context.Context, which chan struct{}) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case which <- struct{}{}:
	default:
		select {
		case which <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		case <-a.ended:
			return a.Err()
		}
	}
	if err := a.Err(); err != nil {
		<-which
		return err
	}
	return nil
}

// contextError wraps the error of a context that has ended, and its cause.
func contextError(ctx context.Context, doing string) error {
	if cause := context.Cause(ctx); cause != ctx.Err() {
		return fmt.Errorf("%s: %w: %w", doing, ctx.Err(), cause)
	}
	return fmt.Errorf("%s: %w", doing, ctx.Err())
}
