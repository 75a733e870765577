package ul

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// Dial connects to addr ("host:port"), speaks TLS if configured, and requests
// an association. Errors of the network are wrapped as they are; otherwise see
// Request.
func Dial(ctx context.Context, addr string, c RequestorConfig) (*Association, error) {
	if _, err := AssociateRequest(c); err != nil {
		return nil, err // before the system under test notices us
	}
	conn, err := connect(ctx, addr, c)
	if err != nil {
		return nil, fmt.Errorf("connecting to %s: %w", addr, err)
	}
	return Request(ctx, conn, c)
}

// errDialTimeout marks the end of DialTimeout, as opposed to that of the
// caller's context.
var errDialTimeout = errors.New("dial timeout")

func connect(ctx context.Context, addr string, c RequestorConfig) (_ net.Conn, err error) {
	timeout := orDefault(c.DialTimeout, DefaultDialTimeout)
	dialCtx := ctx
	if timeout > 0 {
		var cancel context.CancelFunc
		dialCtx, cancel = context.WithTimeoutCause(ctx, timeout, errDialTimeout)
		defer cancel()
	}
	defer func() {
		switch {
		case err == nil:
		case ctx.Err() != nil:
			err = ctx.Err()
		case errors.Is(context.Cause(dialCtx), errDialTimeout):
			err = &TimeoutError{Timer: "dial", After: timeout}
		}
	}()
	dial := c.Dialer
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(dialCtx, "tcp", addr)
	if err != nil || c.TLS == nil {
		return conn, err
	}
	config := c.TLS
	if config.ServerName == "" && !config.InsecureSkipVerify {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			host = addr
		}
		config = config.Clone()
		config.ServerName = host
	}
	secure := tls.Client(conn, config)
	if err := secure.HandshakeContext(dialCtx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("TLS handshake: %w", err)
	}
	return secure, nil
}

// Request requests an association over a connection and waits for the answer.
// It owns conn from then on: it is closed when an error is returned. c.TLS,
// c.Dialer and c.DialTimeout are not used.
//
// A rejection is a *RejectedError. An answer that accepts no presentation
// context is an association all the same; Contexts and Find tell.
func Request(ctx context.Context, conn net.Conn, c RequestorConfig) (*Association, error) {
	rq, err := AssociateRequest(c)
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	a := newAssociation(conn, settings{
		requestor:    true,
		maxPDULength: announced(c.MaxPDULength),
		artim:        orDefault(c.ARTIM, DefaultARTIM),
		idle:         c.IdleTimeout,
		ceiling:      c.Ceiling,
		trace:        c.Trace,
	})
	a.on(Evt1AssociateRequest) // AE-1
	a.on(Evt2TransportConfirm) // AE-2
	if err := a.send(ctx, 0, rq); err != nil {
		a.Close()
		return nil, fmt.Errorf("requesting an association: %w", err)
	}
	a.reading <- struct{}{}
	action, p, err := a.receive(ctx)
	if err == nil && action == AE4 {
		rj := p.(*pdu.AssociateRJ)
		err = a.conclude(ctx, holdsReading, &RejectedError{Result: rj.Result, Source: rj.Source, Reason: rj.Reason}, nil, 0)
	}
	<-a.reading
	if err != nil {
		a.Close()
		return nil, fmt.Errorf("requesting an association: %w", err)
	}
	ac := p.(*pdu.AssociateAC) // AE-3 is the only other action in Sta5
	a.establish(rq, ac)
	a.sendMax = smaller(c.MaxSendPDULength, sendMaximum(ac.UserInformation))
	return a, nil
}

// smaller returns the smaller of two maximum lengths, of which 0 is none.
func smaller(a, b uint32) uint32 {
	if a == 0 || b != 0 && b < a {
		return b
	}
	return a
}

func sendMaximum(u pdu.UserInformation) uint32 {
	if u.OmitMaxLength {
		return defaultPeerMax
	}
	return u.MaxLength
}

// Accept waits for an association request on conn (a *tls.Conn shakes hands
// first) and answers it. It owns conn from then on: it is closed when an error
// is returned. A request that is rejected, by the configuration or because of
// its protocol version or application context, is a *RejectedError that is
// Local. One that breaks PS3.8 9.3.2 (a context ID that is even, say) is
// answered with A-ABORT.
func Accept(ctx context.Context, conn net.Conn, c AcceptorConfig) (*Association, error) {
	if err := ctx.Err(); err != nil {
		conn.Close()
		return nil, err
	}
	a := newAssociation(conn, settings{
		maxPDULength:  announced(c.MaxPDULength),
		artim:         orDefault(c.ARTIM, DefaultARTIM),
		idle:          c.IdleTimeout,
		ceiling:       c.Ceiling,
		trace:         c.Trace,
		answerRelease: c.AnswerRelease,
	})
	a.on(Evt5TransportIndication) // AE-5 starts ARTIM
	a.reading <- struct{}{}
	err := a.accept(ctx, c)
	<-a.reading
	if err != nil {
		a.Close()
		return nil, fmt.Errorf("accepting an association: %w", err)
	}
	return a, nil
}

// accept is Accept for the holder of reading.
func (a *Association) accept(ctx context.Context, c AcceptorConfig) error {
	a.readUntil.at(rankTimer, time.Now().Add(a.set.artim))
	if t, ok := a.conn.(*tls.Conn); ok {
		if err := a.handshake(ctx, t); err != nil {
			return err
		}
	}
	_, p, err := a.receive(ctx)
	if err != nil {
		return err
	}
	rq := p.(*pdu.AssociateRQ) // AE-6 is the only action without an error in Sta2
	a.readUntil.at(rankTimer, time.Time{})
	if err := checkContexts(rq); err != nil {
		return a.protocolError(ctx, &pdu.FormatError{PDU: rq.Type().String(), Field: "presentation context items",
			Offset: pdu.HeaderLength + 68, Reason: err.Error()})
	}
	rj := reject(rq)
	if rj == nil && c.Admit != nil {
		rj = c.Admit(rq, a.conn.RemoteAddr())
	}
	if rj != nil {
		a.on(Evt8AssociateReject) // AE-8, or the refusal of AE-6
		local := &RejectedError{Result: rj.Result, Source: rj.Source, Reason: rj.Reason, Local: true}
		return a.conclude(ctx, holdsReading, local, rj, a.set.artim)
	}
	ac := answer(rq, c)
	if err := a.send(ctx, holdsReading, ac); err != nil {
		return err
	}
	a.on(Evt7AssociateAccept) // AE-7
	a.establish(rq, ac)
	a.sendMax = orDefault(c.SendPDULength, sendMaximum(rq.UserInformation))
	return nil
}

// handshake runs the TLS handshake under ARTIM.
func (a *Association) handshake(ctx context.Context, t *tls.Conn) error {
	limited, cancel := context.WithTimeoutCause(ctx, a.set.artim, errDialTimeout)
	defer cancel()
	err := t.HandshakeContext(limited)
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.Is(context.Cause(limited), errDialTimeout), errors.Is(err, os.ErrDeadlineExceeded):
		err = &TimeoutError{Timer: "ARTIM", After: a.set.artim}
	}
	return a.conclude(ctx, holdsReading, fmt.Errorf("TLS handshake: %w", err), nil, 0)
}
