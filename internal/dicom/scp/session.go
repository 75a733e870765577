package scp

import (
	"context"
	"errors"
	"sync"
	"time"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/ul"
)

// Session is one association of a [Server]. Its methods are safe for
// concurrent use.
type Session struct {
	// ID numbers the connections of a server from 1.
	ID uint64
	// Values are the handlers' own.
	Values sync.Map

	server *Server
	cancel context.CancelCauseFunc

	mu          sync.Mutex
	association *ul.Association // nil until it is established
	dropped     bool
	err         error
	idle        time.Duration
	idleTimer   *time.Timer
	busy        bool // a request is being worked on

	conn *dimse.Conn
	// responses are the responses to sub-operations of a C-GET, awaited by
	// Message ID.
	responses map[uint16]chan *dimse.CStoreRSP
	operation *operation // of the reader's goroutine
}

// Association is the association of s, nil before it is established (which
// only [Config.PDU] can see).
func (s *Session) Association() *ul.Association {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.association
}

// Abort ends the association with A-ABORT. It returns at once; handlers see
// their contexts end with the cause [ErrAborted].
func (s *Session) Abort() { s.cancel(ErrAborted) }

// Drop closes the connection without a word, as a crash would. Handlers see
// their contexts end with the cause [ErrDropped]. For simulators.
func (s *Session) Drop() {
	s.mu.Lock()
	a := s.association
	s.dropped = true
	s.mu.Unlock()
	if a != nil {
		_ = a.Close() // nothing to report: closing is the intent
	}
	s.cancel(ErrDropped)
}

// Err is how the session ended: nil after a release, else the first error.
// It is for SessionEnd and later.
func (s *Session) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.err, ul.ErrReleased) {
		return nil
	}
	return s.err
}

// SetIdleTimeout aborts the association when no operation has been running for
// d; 0 is never. It holds from now on.
func (s *Session) SetIdleTimeout(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.idle = d
	s.armIdle()
}

// setBusy says whether an operation is running.
func (s *Session) setBusy(busy bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = busy
	s.armIdle()
}

// armIdle starts or stops the idle timer. mu is held.
func (s *Session) armIdle() {
	if s.idleTimer != nil {
		s.idleTimer.Stop()
		s.idleTimer = nil
	}
	if s.idle > 0 && !s.busy && s.err == nil {
		s.idleTimer = time.AfterFunc(s.idle, func() { s.cancel(ErrIdle) })
	}
}

// end records how the session ended and stops its timer.
func (s *Session) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.dropped {
		err = ErrDropped
	}
	s.err = err
	s.armIdle()
}

// GetSender sends instances to the requestor on this association, as the
// sub-operations of a C-GET. An instance that has no presentation context for
// which the requestor has the SCP role is a [*dimse.NoContextError].
func (s *Session) GetSender() StoreSender { return &getSender{session: s} }

// GetSenderIgnoringRoles is like [Session.GetSender], and sends also where the
// SCP role was not agreed. For simulators.
func (s *Session) GetSenderIgnoringRoles() StoreSender {
	return &getSender{session: s, ignoreRoles: true}
}
