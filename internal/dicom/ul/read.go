package ul

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// errConcurrentRead is the caller's mistake.
var errConcurrentRead = errors.New("another goroutine is reading from this association")

// ReadPDV returns the next Presentation Data Value. Data is valid until the
// next call. A fragment longer than 512 KiB is returned in pieces that are
// marked as not last, which means the same to the message it belongs to.
//
// It answers what is not data on its own: A-RELEASE-RQ is answered, the close
// of the connection awaited (at most ARTIM), and ErrReleased returned;
// A-ABORT is an *AbortedError ByPeer; a PDU that is malformed, longer than
// announced, unexpected, or in a presentation context that was not accepted is
// answered with A-ABORT.
func (a *Association) ReadPDV(ctx context.Context) (pdu.PDV, error) {
	if err := ctx.Err(); err != nil {
		return pdu.PDV{}, err
	}
	select {
	case a.reading <- struct{}{}:
	default:
		if err := a.Err(); err != nil {
			return pdu.PDV{}, err // someone is taking the association down
		}
		return pdu.PDV{}, errConcurrentRead
	}
	defer func() { <-a.reading }()
	if err := a.Err(); err != nil {
		return pdu.PDV{}, err
	}
	return a.next(ctx)
}

// next is ReadPDV for the holder of reading.
func (a *Association) next(ctx context.Context) (pdu.PDV, error) {
	s := &a.in
	for {
		switch {
		case s.pending:
			return a.piece(ctx)
		case s.body > 0:
			if err := a.beginPDV(ctx); err != nil {
				return pdu.PDV{}, err
			}
		default:
			if err := a.beginPDU(ctx); err != nil {
				return pdu.PDV{}, err
			}
		}
	}
}

// beginPDU reads the header of the next PDU, and all of it unless it is a
// P-DATA-TF. A nil error means that the association goes on.
func (a *Association) beginPDU(ctx context.Context) error {
	action, p, err := a.receive(ctx)
	if err != nil {
		return err
	}
	switch action {
	case DT2, AR6:
		return nil // the body follows
	case AR2:
		if a.set.answerRelease != nil && !a.set.answerRelease(a) {
			return nil // a simulator stays silent in Sta8
		}
		a.on(Evt14ReleaseResponse)
		return a.conclude(ctx, holdsReading, ErrReleased, &pdu.ReleaseRP{}, a.set.artim)
	case AR3:
		return a.conclude(ctx, holdsReading, ErrReleased, nil, 0)
	case AR8:
		if !a.set.requestor {
			return nil // Sta10: the requestor's A-RELEASE-RP comes next
		}
		a.on(Evt14ReleaseResponse) // AR-9
		return a.send(ctx, holdsReading, &pdu.ReleaseRP{})
	case AR10:
		a.on(Evt14ReleaseResponse) // AR-4
		return a.conclude(ctx, holdsReading, ErrReleased, &pdu.ReleaseRP{}, a.set.artim)
	}
	// The table has no other action for a PDU that receive lets through in
	// the states after Sta6.
	return a.protocolError(ctx, &UnexpectedPDUError{PDU: p.Type(), State: a.State()})
}

// receive reads one PDU, the body of a P-DATA-TF excepted (p is nil then), and
// feeds the state table. The actions that end an association by themselves
// (AA-1, AA-3, AA-8) are performed and come back as an error.
func (a *Association) receive(ctx context.Context) (Action, pdu.PDU, error) {
	s := &a.in
	if err := a.fill(ctx, pdu.HeaderLength, ""); err != nil {
		return None, nil, err
	}
	h := pdu.ParseHeader([pdu.HeaderLength]byte(s.buffered()))
	limits := pdu.Limits{MaxDataBytes: a.set.maxPDULength}
	if a.set.maxPDULength == 0 {
		limits.MaxDataBytes = 0xFFFFFFFF // handled in pieces
	}
	if err := limits.Check(h); err != nil {
		a.traceReceived(h, len(s.buffered()))
		return None, nil, a.protocolError(ctx, err)
	}
	if h.Type == pdu.TypePDataTF {
		return a.receiveData(ctx, h)
	}
	size := pdu.HeaderLength + int(h.Length)
	if err := a.fill(ctx, size, h.Type.String()); err != nil {
		return None, nil, err
	}
	a.traceReceived(h, size)
	p, err := pdu.Decode(s.consume(size), limits)
	if err != nil {
		return None, nil, a.protocolError(ctx, err)
	}
	action, before := a.on(eventOf(h.Type))
	switch action {
	case AA1, AA8:
		return action, nil, a.abortUnexpected(ctx, action, &UnexpectedPDUError{PDU: h.Type, State: before})
	case AA2, AA3:
		abort := p.(*pdu.Abort)
		return action, nil, a.conclude(ctx, holdsReading,
			&AbortedError{Source: abort.Source, Reason: abort.Reason, ByPeer: true}, nil, 0)
	}
	return action, p, nil
}

// receiveData begins a P-DATA-TF.
func (a *Association) receiveData(ctx context.Context, h pdu.Header) (Action, pdu.PDU, error) {
	s := &a.in
	action, before := a.on(Evt10DataTF)
	if action == AA1 || action == AA8 {
		a.traceReceived(h, len(s.buffered()))
		return action, nil, a.abortUnexpected(ctx, action, &UnexpectedPDUError{PDU: h.Type, State: before})
	}
	if h.Length == 0 {
		a.traceReceived(h, pdu.HeaderLength)
		return action, nil, a.protocolError(ctx, &pdu.FormatError{PDU: h.Type.String(), Field: "PDV item",
			Offset: pdu.HeaderLength, Reason: "holds none"})
	}
	if a.set.trace != nil {
		// Wait for the first PDV, which would be waited for anyway.
		if err := a.awaitFirstPDV(ctx, h); err != nil {
			return action, nil, err
		}
	}
	s.consume(pdu.HeaderLength)
	s.length, s.body = int64(h.Length), int64(h.Length)
	return action, nil, nil
}

// awaitFirstPDV fills the buffer with the first PDV, or TracePrefix bytes, of
// a P-DATA-TF and traces it.
func (a *Association) awaitFirstPDV(ctx context.Context, h pdu.Header) error {
	s := &a.in
	most := pdu.HeaderLength + min(int64(h.Length), TracePrefix)
	if err := a.fill(ctx, int(min(dataHeaderLength, most)), h.Type.String()); err != nil {
		return err
	}
	if h.Length < pdu.PDVHeaderLength {
		a.traceReceived(h, len(s.buffered()))
		return nil // and beginPDV complains
	}
	first := int64(binary.BigEndian.Uint32(s.buffered()[pdu.HeaderLength:]))
	if err := a.fill(ctx, int(min(pdu.HeaderLength+4+first, most)), h.Type.String()); err != nil {
		return err
	}
	a.traceReceived(h, len(s.buffered()))
	return nil
}

// beginPDV reads the header of the next PDV of the current P-DATA-TF.
func (a *Association) beginPDV(ctx context.Context) error {
	s := &a.in
	if s.body < pdu.PDVHeaderLength {
		return a.protocolError(ctx, s.malformed("PDV item",
			fmt.Sprintf("needs %d bytes, %d are left", pdu.PDVHeaderLength, s.body)))
	}
	if err := a.fill(ctx, pdu.PDVHeaderLength, pdu.TypePDataTF.String()); err != nil {
		return err
	}
	at := s.length - s.body
	if reason := s.pdvHeader(); reason != "" {
		return a.protocolError(ctx, s.malformed("PDV item", reason))
	}
	if _, ok := a.Context(s.pdv.ContextID); !ok {
		return a.protocolError(ctx, &pdu.FormatError{PDU: pdu.TypePDataTF.String(), Field: "presentation context ID",
			Offset: pdu.HeaderLength + int(at) + 4, Reason: fmt.Sprintf("%d was not accepted", s.pdv.ContextID)})
	}
	return nil
}

// piece delivers the current fragment, or as much as the buffer takes.
func (a *Association) piece(ctx context.Context) (pdu.PDV, error) {
	s := &a.in
	n := int(min(s.fragment, maxBuffer))
	if err := a.fill(ctx, n, pdu.TypePDataTF.String()); err != nil {
		return pdu.PDV{}, err
	}
	v := s.pdv
	v.Data = s.consume(n)
	s.fragment -= int64(n)
	if s.fragment > 0 {
		v.Last = false
	} else {
		s.pending = false
	}
	return v, nil
}

// fill waits until n bytes are buffered. inside names the PDU that has begun,
// for the error. A failure has ended the association.
func (a *Association) fill(ctx context.Context, n int, inside string) error {
	s := &a.in
	if s.w-s.r >= n {
		return nil
	}
	stop := a.readUntil.watch(ctx, 0)
	var err error
	for s.w-s.r < n && err == nil {
		s.reserve(n)
		if a.set.idle > 0 && a.timed() {
			a.readUntil.at(rankTimer, time.Now().Add(a.set.idle))
		}
		free := len(s.buf) - s.w
		had := s.w
		err = s.read()
		if s.w-had == free && len(s.buf) < maxBuffer {
			s.grow() // the peer is faster than the buffer is large
		}
	}
	ctxEnded := stop()
	if err == nil && !ctxEnded {
		return nil
	}
	return a.readFailed(ctx, ctxEnded, err, inside)
}

// timed reports whether the idle timer runs: it gives way to ARTIM, whose
// deadline stands for the whole of Sta2.
func (a *Association) timed() bool { return a.State() != Sta2AwaitingAssociateRQ }

// readFailed finds out why a read ended and ends the association for it.
func (a *Association) readFailed(ctx context.Context, ctxEnded bool, err error, inside string) error {
	if ended := a.Err(); ended != nil {
		return ended // another goroutine has ended it and interrupted us
	}
	doing := "waiting for a PDU"
	if inside != "" {
		doing = "waiting for the rest of " + inside
	}
	switch {
	case ctxEnded:
		return a.cancelled(ctx, holdsReading, doing)
	case errors.Is(err, os.ErrDeadlineExceeded):
		if !a.timed() {
			a.on(Evt18ARTIMExpired) // AA-2
			return a.conclude(ctx, holdsReading, &TimeoutError{Timer: "ARTIM", After: a.set.artim}, nil, 0)
		}
		a.on(Evt15AbortRequest) // AA-1
		return a.conclude(ctx, holdsReading, &TimeoutError{Timer: "idle", After: a.set.idle},
			&pdu.Abort{Source: pdu.AbortServiceUser}, grace)
	}
	a.on(Evt17TransportClosed) // AA-4, AA-5
	return a.conclude(ctx, holdsReading, closedError(err, inside), nil, 0)
}

// closedError is ErrClosed with what is known: where, and a reset.
func closedError(err error, inside string) error {
	e := ErrClosed
	if inside != "" {
		e = fmt.Errorf("%w inside %s", e, inside)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		e = fmt.Errorf("%w: %w", e, err)
	}
	return e
}

// eventOf is the event that a well-formed PDU is.
func eventOf(t pdu.Type) Event {
	switch t {
	case pdu.TypeAssociateRQ:
		return Evt6AssociateRQ
	case pdu.TypeAssociateAC:
		return Evt3AssociateAC
	case pdu.TypeAssociateRJ:
		return Evt4AssociateRJ
	case pdu.TypePDataTF:
		return Evt10DataTF
	case pdu.TypeReleaseRQ:
		return Evt12ReleaseRQ
	case pdu.TypeReleaseRP:
		return Evt13ReleaseRP
	case pdu.TypeAbort:
		return Evt16Abort
	}
	return Evt19InvalidPDU
}

func (a *Association) traceReceived(h pdu.Header, n int) {
	if a.set.trace == nil {
		return
	}
	full := int64(pdu.HeaderLength) + int64(h.Length)
	b := a.in.buffered()
	b = b[:min(int64(n), int64(len(b)), full)]
	a.set.trace(TraceEvent{Time: time.Now(), PDU: b, FullLength: full})
}
