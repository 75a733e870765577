package ul

import (
	"context"
	"errors"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// holding says which directions of the connection a goroutine has.
type holding uint8

const (
	holdsReading holding = 1 << iota
	holdsWriting
)

// conclude ends the association with err: the PDU last, if not nil, is sent
// where a PDU may begin, the peer's close is awaited for at most linger, and
// the connection is closed. What arrives meanwhile is discarded (Sta13, AA-6).
//
// Only the first call does anything. Everybody gets the first call's error,
// and lets go of the directions it holds, which the first caller waits for:
// a reader is interrupted at once, a writer between chunks or after the grace.
func (a *Association) conclude(ctx context.Context, h holding, err error, last pdu.PDU, linger time.Duration) error {
	if !a.end(err) {
		return a.Err()
	}
	defer a.shut()
	if last == nil {
		return err
	}
	a.writeUntil.at(rankEnding, time.Now().Add(grace))
	if h&holdsWriting == 0 {
		a.writing <- struct{}{}
		defer func() { <-a.writing }()
	}
	if !a.sayLast(last) || linger <= 0 {
		return err
	}
	if h&holdsReading == 0 {
		a.readUntil.at(rankEnding, time.Now())
		a.reading <- struct{}{}
		defer func() { <-a.reading }()
	}
	a.awaitClose(ctx, linger)
	return err
}

// sayLast sends the last PDU, if one may begin; the caller holds writing.
func (a *Association) sayLast(p pdu.PDU) bool {
	b, err := p.Append(nil)
	if err != nil || a.out.torn {
		return false
	}
	a.out.whole(b, a.set.trace)
	return a.out.flush() == nil
}

// end sets the final error. It reports false when there was one already.
func (a *Association) end(err error) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.err != nil {
		return false
	}
	a.err = err
	close(a.ended)
	return true
}

// shut closes the connection. Only the goroutine whose end succeeded calls it.
// The error of closing adds nothing to how the association ended.
func (a *Association) shut() {
	a.conn.Close()
	a.mu.Lock()
	a.state = Sta1Idle
	a.mu.Unlock()
	close(a.closed)
}

// awaitClose discards what arrives until the peer closes, linger is over or
// the context ends. A context that has ended already does not count: then
// linger is at most the grace.
func (a *Association) awaitClose(ctx context.Context, linger time.Duration) {
	if ctx.Err() != nil {
		linger = min(linger, grace)
	} else {
		stop := context.AfterFunc(ctx, func() { a.conn.Close() })
		defer stop()
	}
	a.readUntil.at(rankEnding, time.Now().Add(linger))
	s := &a.in
	s.r, s.w = 0, 0
	s.reserve(minBuffer)
	for discarded := 0; discarded < mostDiscarded && s.read() == nil; {
		discarded += s.w
		s.r, s.w = 0, 0
	}
}

// mostDiscarded bounds what is read, in bytes, while the peer's close is
// awaited: far more than can be on its way from one that heeds an A-ABORT, and
// an endless sender costs no more than reading it.
const mostDiscarded = 64 << 20

// cancelled ends the association because ctx did.
func (a *Association) cancelled(ctx context.Context, h holding, doing string) error {
	a.on(Evt15AbortRequest) // AA-1
	return a.conclude(ctx, h, contextError(ctx, doing), &pdu.Abort{Source: pdu.AbortServiceUser}, grace)
}

// protocolError answers an invalid PDU (Evt19). The caller reads.
func (a *Association) protocolError(ctx context.Context, cause error) error {
	action, _ := a.on(Evt19InvalidPDU)
	reason := pdu.AbortInvalidParameterValue
	var unknown *pdu.UnknownTypeError
	if errors.As(cause, &unknown) {
		reason = pdu.AbortUnrecognizedPDU
	}
	return a.abortFor(ctx, action, reason, cause)
}

// abortUnexpected performs AA-1 or AA-8 for a well-formed PDU.
func (a *Association) abortUnexpected(ctx context.Context, action Action, cause *UnexpectedPDUError) error {
	return a.abortFor(ctx, action, pdu.AbortUnexpectedPDU, cause)
}

// abortFor sends A-ABORT as the service provider (AA-8), or as the service
// user without a reason where the table demands it (AA-1: in Sta2).
func (a *Association) abortFor(ctx context.Context, action Action, reason uint8, cause error) error {
	abort := &pdu.Abort{Source: pdu.AbortServiceProvider, Reason: reason}
	if action == AA1 {
		abort = &pdu.Abort{Source: pdu.AbortServiceUser}
	}
	return a.conclude(ctx, holdsReading, &AbortedError{Source: abort.Source, Reason: abort.Reason, Cause: cause}, abort, a.set.artim)
}

// Release asks the peer to release the association, waits for the answer and
// closes the connection. It returns nil when the association was released, also
// by a collision or before. Data that arrives meanwhile is discarded, unless
// another goroutine is in ReadPDV, which then sees it and the end of the
// release. See PS3.8 7.2 and 9.2 (AR-1 to AR-10).
func (a *Association) Release(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := a.requestRelease(ctx); err != nil {
		return releaseResult(err)
	}
	if err := a.acquire(ctx, a.reading); err != nil {
		if ctx.Err() != nil && a.Err() == nil {
			err = a.cancelled(ctx, 0, "waiting for A-RELEASE-RP")
		}
		return releaseResult(err)
	}
	defer func() { <-a.reading }()
	for {
		if _, err := a.next(ctx); err != nil {
			return releaseResult(err)
		}
	}
}

// requestRelease sends A-RELEASE-RQ, after a message that is being written.
func (a *Association) requestRelease(ctx context.Context) error {
	if err := a.acquire(ctx, a.writing); err != nil {
		return err
	}
	defer func() { <-a.writing }()
	if err := a.request(Evt11ReleaseRequest); err != nil {
		return err
	}
	b, err := (&pdu.ReleaseRQ{}).Append(nil)
	if err != nil {
		return err
	}
	return a.writeBytes(ctx, holdsWriting, b)
}

func releaseResult(err error) error {
	if errors.Is(err, ErrReleased) {
		return nil
	}
	return err
}

// Abort sends A-ABORT, waits for the peer to close the connection (at most
// ARTIM) and closes it. A message that is being written is broken off between
// two PDUs; if that takes longer than a second, the connection is closed
// without A-ABORT. Abort works with a context that has ended. On an
// association that has ended it does nothing. It returns nil unless the
// association ended otherwise meanwhile. See PS3.8 9.2, AA-1.
func (a *Association) Abort(ctx context.Context, source, reason uint8) error {
	if a.Err() != nil {
		<-a.closed
		return nil
	}
	a.on(Evt15AbortRequest)
	local := &AbortedError{Source: source, Reason: reason}
	if err := a.conclude(ctx, 0, local, &pdu.Abort{Source: source, Reason: reason}, a.set.artim); err != error(local) {
		return err
	}
	return nil
}

// Close closes the connection, without A-ABORT if the association has not
// ended. It interrupts whatever goes on, may be called any number of times,
// and returns when the connection is closed. The error is always nil; it is
// there for io.Closer.
func (a *Association) Close() error {
	if a.end(ErrLocalClose) {
		a.shut()
		return nil
	}
	a.conn.Close() // cuts a wait for the peer short
	<-a.closed
	return nil
}
