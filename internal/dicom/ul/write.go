package ul

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// WriteMessage sends one DIMSE message: the command set, and the data set as
// the concatenation of data. A nil command sends data alone; nil data sends no
// data set, and non-nil data of no bytes sends one empty fragment. command and
// data are not modified and not kept.
//
// Fragments fill the peer's maximum length, each in a PDU of its own; PDUs are
// written in chunks of at most 1 MiB. An error of a call that never touched
// the association (context not accepted, *StateError, maximum length too
// small, a context that had ended) leaves it usable; Err tells.
func (a *Association) WriteMessage(ctx context.Context, contextID uint8, command []byte, data [][]byte) error {
	if _, ok := a.Context(contextID); !ok {
		return fmt.Errorf("presentation context %d was not accepted", contextID)
	}
	if command == nil && data == nil {
		return errors.New("a message needs a command set or a data set")
	}
	fragment, err := maxFragment(a.sendMax)
	if err != nil {
		return err
	}
	if err := a.acquire(ctx, a.writing); err != nil {
		return err
	}
	defer func() { <-a.writing }()
	m := newMessage(contextID, fragment, command, data)
	return a.writeChunks(ctx, 0, func() (more bool, err error) {
		if err := a.request(Evt9DataRequest); err != nil { // DT-1, AR-7
			return false, err
		}
		return a.out.gather(&m, a.set.trace), nil
	})
}

// WritePDU sends any PDU as it is, whatever the association's state and the
// peer's maximum length: for robustness scenarios and simulators. The state
// table does not hear of it, so that the answer to a PDU that belongs to it
// (A-RELEASE-RQ, say) is unexpected: Release and Abort are the way for these.
func (a *Association) WritePDU(ctx context.Context, p pdu.PDU) error {
	b, err := p.Append(nil)
	if err != nil {
		return err
	}
	return a.WriteBytes(ctx, b)
}

// WriteBytes sends bytes that need not be a PDU, for robustness scenarios. The
// trace sees them as one event.
func (a *Association) WriteBytes(ctx context.Context, b []byte) error {
	if err := a.acquire(ctx, a.writing); err != nil {
		return err
	}
	defer func() { <-a.writing }()
	return a.writeBytes(ctx, holdsWriting, b)
}

// send writes one PDU for the state machine. The caller holds h, not writing;
// a failure has ended the association.
func (a *Association) send(ctx context.Context, h holding, p pdu.PDU) error {
	b, err := p.Append(nil)
	if err != nil {
		return err
	}
	if err := a.acquire(ctx, a.writing); err != nil {
		if a.Err() == nil {
			return a.cancelled(ctx, h, "waiting to send "+p.Type().String())
		}
		return err
	}
	defer func() { <-a.writing }()
	return a.writeBytes(ctx, h|holdsWriting, b)
}

func (a *Association) writeBytes(ctx context.Context, h holding, b []byte) error {
	return a.writeChunks(ctx, h, func() (bool, error) {
		a.out.whole(b, a.set.trace)
		return false, nil
	})
}

// writeChunks writes what next puts into a.out, chunk by chunk, until next
// reports that there is no more. The caller holds writing. An error of next is
// returned as it is; any other has ended the association.
func (a *Association) writeChunks(ctx context.Context, h holding, next func() (more bool, err error)) error {
	h |= holdsWriting
	stop := a.writeUntil.watch(ctx, grace)
	for more := true; more && ctx.Err() == nil; {
		var err error
		if more, err = next(); err != nil {
			if stop() && a.Err() == nil {
				return a.cancelled(ctx, h, "writing")
			}
			return err
		}
		if a.set.idle > 0 {
			a.writeUntil.at(rankTimer, time.Now().Add(a.set.idle))
		}
		if err = a.out.flush(); err != nil {
			return a.writeFailed(ctx, stop(), h, err)
		}
	}
	if stop() {
		return a.cancelled(ctx, h, "writing")
	}
	return nil
}

// writeFailed finds out why a write ended and ends the association for it. A
// PDU may be half on the wire, so nothing more is sent.
func (a *Association) writeFailed(ctx context.Context, ctxEnded bool, h holding, err error) error {
	if ended := a.Err(); ended != nil {
		return ended
	}
	switch {
	case ctxEnded:
		return a.cancelled(ctx, h, "writing")
	case errors.Is(err, os.ErrDeadlineExceeded):
		return a.conclude(ctx, h, &TimeoutError{Timer: "idle", After: a.set.idle}, nil, 0)
	}
	// The peer is gone. If it said why, that is the error.
	if h&holdsReading == 0 {
		select {
		case a.reading <- struct{}{}:
			defer func() { <-a.reading }()
			h |= holdsReading
		default:
			// Somebody reads and will see it.
			patience := time.NewTimer(grace)
			defer patience.Stop()
			select {
			case <-a.ended:
				return a.Err()
			case <-patience.C:
			}
		}
	}
	ending := closedError(err, "")
	if h&holdsReading != 0 {
		a.readUntil.at(rankContext, time.Now().Add(grace))
		if abort := a.in.lastWords(); abort != nil {
			ending = &AbortedError{Source: abort.Source, Reason: abort.Reason, ByPeer: true}
		}
	}
	return a.conclude(ctx, h, ending, nil, 0)
}

// lastWords skips what has arrived up to an A-ABORT, and returns that, or nil
// when the connection or its deadline ends before.
func (s *stream) lastWords() *pdu.Abort {
	skip := s.fragment + s.body
	s.fragment, s.body, s.pending = 0, 0, false
	for {
		n := int(min(skip, int64(s.w-s.r)))
		s.consume(n)
		skip -= int64(n)
		if skip == 0 && s.w-s.r >= pdu.HeaderLength {
			h := pdu.ParseHeader([pdu.HeaderLength]byte(s.buffered()))
			if h.Type != pdu.TypeAbort || h.Length != 4 {
				skip = pdu.HeaderLength + int64(h.Length)
				continue
			}
			if s.w-s.r >= pdu.HeaderLength+4 {
				b := s.consume(pdu.HeaderLength + 4)
				return &pdu.Abort{Source: b[8], Reason: b[9]}
			}
		}
		s.reserve(minBuffer)
		if s.read() != nil {
			return nil
		}
	}
}
