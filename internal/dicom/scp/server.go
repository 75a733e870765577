package scp

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/ul"
)

// Server accepts associations and serves them by its [Config].
type Server struct {
	Config

	lastID atomic.Uint64
	active atomic.Int64
}

// NewServer returns a server that has not begun to serve.
func NewServer(c Config) *Server { return &Server{Config: c} }

// Associations is the number of connections that are being served, those
// whose association is not yet established included.
func (s *Server) Associations() int { return int(s.active.Load()) }

func (s *Server) logf(format string, args ...any) {
	if s.Logf != nil {
		s.Logf(format, args...)
	}
}

// maxAcceptDelay bounds the wait after a failure to accept that may pass, such
// as too many open files.
const maxAcceptDelay = time.Second

// Serve accepts connections from l until ctx ends, which closes l and aborts
// every association; it returns nil then. It returns the error of l when l
// fails for good. In both cases it has waited for every association and
// handler, so handlers must heed their contexts. It may be called for several
// listeners at once.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	if s.Acceptor == nil {
		return errors.New("scp: Config.Acceptor is nil")
	}
	ctx, cancel := context.WithCancel(ctx)
	var sessions sync.WaitGroup
	defer func() { cancel(); sessions.Wait() }()
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()

	var delay time.Duration
	for {
		conn, err := l.Accept()
		var temporary interface{ Temporary() bool }
		switch {
		case err == nil:
		case ctx.Err() != nil:
			return nil
		case errors.As(err, &temporary) && temporary.Temporary():
			delay = min(max(2*delay, 5*time.Millisecond), maxAcceptDelay)
			s.logf("scp: accepting failed, next try in %s: %v", delay, err)
			select {
			case <-time.After(delay):
			case <-ctx.Done():
			}
			continue
		default:
			return fmt.Errorf("scp: accepting on %s: %w", l.Addr(), err)
		}
		delay = 0
		sessions.Go(func() { s.serveConn(ctx, conn) })
	}
}

// limitExceeded rejects an association for now. See PS3.8 table 9-21.
var limitExceeded = pdu.AssociateRJ{Result: 2, Source: 3, Reason: 2}

// serveConn serves one connection to its end and closes it.
func (s *Server) serveConn(ctx context.Context, conn net.Conn) {
	number := s.active.Add(1)
	defer s.active.Add(-1)
	if s.Wrap != nil {
		conn = s.Wrap(conn)
	}
	defer conn.Close()

	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	session := &Session{ID: s.lastID.Add(1), server: s, cancel: cancel, responses: map[uint16]chan *dimse.CStoreRSP{}}
	a, err := ul.Accept(ctx, conn, s.acceptor(session, conn, number))
	if err != nil {
		s.logf("scp: association %d from %s was not established: %v", session.ID, conn.RemoteAddr(), err)
		return
	}
	session.mu.Lock()
	session.association = a
	dropped := session.dropped
	session.mu.Unlock()
	if dropped {
		_ = a.Close()
	}
	session.conn = dimse.NewConn(a, s.Limits)
	if s.SessionStart != nil {
		s.SessionStart(session)
	}
	session.run(ctx)
	if err := session.Err(); err != nil {
		s.logf("scp: association %d with %s at %s ended: %v", session.ID, a.CallingAETitle(), conn.RemoteAddr(), err)
	}
	if s.SessionEnd != nil {
		s.SessionEnd(session)
	}
}

// acceptor is the user's configuration with the server's own hooks around it.
func (s *Server) acceptor(session *Session, conn net.Conn, number int64) ul.AcceptorConfig {
	c := s.Acceptor(conn)
	if s.MaxAssociations > 0 && number > int64(s.MaxAssociations) {
		c.Admit = func(*pdu.AssociateRQ, net.Addr) *pdu.AssociateRJ {
			rj := limitExceeded
			return &rj
		}
	}
	if s.PDU != nil {
		trace := c.Trace
		c.Trace = func(e ul.TraceEvent) {
			if trace != nil {
				trace(e)
			}
			s.PDU(session, e)
		}
	}
	if s.OnRelease != nil {
		c.AnswerRelease = func(*ul.Association) bool { return s.OnRelease(session) }
	}
	return c
}
