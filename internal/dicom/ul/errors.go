package ul

import (
	"errors"
	"fmt"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// ErrReleased ends an association that was released in order: the peer asked
// for it (and has been answered), or Release had already succeeded.
var ErrReleased = errors.New("association released")

// ErrClosed ends an association whose connection the peer closed or reset
// without A-ABORT and without release.
var ErrClosed = errors.New("connection closed by the peer without A-ABORT")

// ErrLocalClose ends an association that this side closed with Close.
var ErrLocalClose = errors.New("association closed locally")

// RejectedError is an A-ASSOCIATE-RJ. See PS3.8 9.3.4.
type RejectedError struct {
	Result, Source, Reason uint8
	// Local says that this side, the acceptor, has rejected.
	Local bool
}

// Error tells result, source and reason in words.
func (e *RejectedError) Error() string {
	by := "by the peer"
	if e.Local {
		by = "by this side"
	}
	return fmt.Sprintf("association rejected %s: %s", by, pdu.AssociateRJ{Result: e.Result, Source: e.Source, Reason: e.Reason})
}

// Temporary reports whether trying again later may help: the result is
// transient or the source is the presentation service provider (congestion,
// local limit).
func (e *RejectedError) Temporary() bool {
	return e.Result == pdu.RejectedTransient || e.Source == pdu.RejectProviderPresentation
}

// AbortedError is an A-ABORT, received or sent. See PS3.8 9.3.8.
type AbortedError struct {
	Source, Reason uint8
	// ByPeer says who sent it.
	ByPeer bool
	// Cause is why this side aborted: a *pdu.FormatError,
	// *pdu.UnknownTypeError or *UnexpectedPDUError; nil when the peer did or
	// when Abort was called.
	Cause error
}

// Error tells who aborted, source and reason in words, and the cause.
func (e *AbortedError) Error() string {
	by := "by the peer"
	if !e.ByPeer {
		by = "by this side"
	}
	s := fmt.Sprintf("association aborted %s: %s", by, pdu.Abort{Source: e.Source, Reason: e.Reason})
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns Cause.
func (e *AbortedError) Unwrap() error { return e.Cause }

// UnexpectedPDUError is a well-formed PDU that must not come in this state.
type UnexpectedPDUError struct {
	PDU   pdu.Type
	State State
}

// Error names both.
func (e *UnexpectedPDUError) Error() string {
	return fmt.Sprintf("%s received in %s", e.PDU, e.State)
}

// StateError is a request that the association's state does not allow, such
// as sending data after A-RELEASE-RQ. The association is not harmed.
type StateError struct {
	Event Event
	State State
}

// Error names both.
func (e *StateError) Error() string { return fmt.Sprintf("%s is not allowed in %s", e.Event, e.State) }

// TimeoutError is one of our own timers running out, as opposed to the end of
// a context.
type TimeoutError struct {
	Timer string // "dial", "ARTIM" or "idle"
	After time.Duration
}

// Error names timer and duration.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("%s timer ran out after %s", e.Timer, e.After)
}

// Timeout is true, as in net.Error.
func (e *TimeoutError) Timeout() bool { return true }
