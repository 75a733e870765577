package scp

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
)

// operation is a request that is being worked on in a goroutine of its own.
type operation struct {
	messageID uint16
	cancel    context.CancelCauseFunc
	done      chan struct{} // closed when the handler has returned and all is sent
}

// run is the one reader of the association: it starts an operation for every
// request, and sees cancels, responses to sub-operations and the end of the
// association while it runs.
func (s *Session) run(ctx context.Context) {
	defer s.waitOperation()
	for {
		r, err := s.conn.Receive(ctx)
		if err == nil {
			err = s.dispatch(ctx, r)
		}
		if err != nil {
			s.finish(ctx, err)
			return
		}
	}
}

// finish ends the session because of err: the association is aborted if it has
// not ended, and the operation's context ends.
func (s *Session) finish(ctx context.Context, err error) {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	s.end(err)
	s.cancel(err)
	abort(ctx, s.association) // does nothing where the association has ended
}

// waitOperation waits for the operation that is under way, if any.
func (s *Session) waitOperation() {
	if s.operation != nil {
		<-s.operation.done
		s.operation = nil
	}
}

// dispatch does what r asks. An error ends the session.
func (s *Session) dispatch(ctx context.Context, r *dimse.Received) error {
	if s.server.Inspect != nil && !s.server.Inspect(s, r) {
		return ErrAborted
	}
	switch m := r.Message.(type) {
	case *dimse.CCancelRQ:
		// A cancel that comes too late is allowed and has no effect.
		if s.operation != nil && s.operation.messageID == m.MessageIDBeingRespondedTo {
			s.operation.cancel(ErrCancelled)
		}
		return r.Discard()
	case *dimse.CStoreRSP:
		if err := r.Discard(); err != nil {
			return err
		}
		return s.deliver(r, m)
	case dimse.Request:
		return s.start(ctx, r, m)
	case *dimse.Unknown:
		if !m.Command.IsResponse() {
			return s.unrecognized(ctx, r, m)
		}
	}
	return &dimse.ProtocolError{ContextID: r.Context.ID, Reason: "unexpected " + r.Message.CommandField().String()}
}

// start runs the handler of a request in a goroutine. Requests that come
// before the operation under way is over wait for it: without an asynchronous
// operations window the requestor must not send them (PS3.7 section D.3.3.3).
func (s *Session) start(ctx context.Context, r *dimse.Received, rq dimse.Request) error {
	s.waitOperation()
	identifier, status, err := s.identifier(r)
	if err != nil {
		return err
	}
	operationCtx, cancel := context.WithCancelCause(ctx)
	op := &operation{messageID: rq.ID(), cancel: cancel, done: make(chan struct{})}
	s.operation = op
	s.setBusy(true)
	go func() {
		defer close(op.done)
		defer cancel(nil)
		defer s.setBusy(false)
		w := responder{session: s, ctx: ctx, contextID: r.Context.ID}
		if status != dimse.StatusSuccess {
			w.refuse(rq, status)
		} else {
			s.serve(operationCtx, &w, r, identifier)
		}
		// Also when the handler has not read the data: the reader waits for
		// its end. Errors are the reader's to report.
		_ = r.Discard()
		if w.err != nil {
			// The answer can't be given: better no association than a
			// requestor that waits.
			s.cancel(fmt.Errorf("scp: answering %s: %w", rq.CommandField(), w.err))
		}
	}()
	return nil
}

// identifier reads the identifier of a query or retrieve. A status other than
// success refuses the request because of its identifier; an error ends the
// session.
func (s *Session) identifier(r *dimse.Received) (*dataset.Set, dimse.Status, error) {
	switch r.Message.(type) {
	case *dimse.CFindRQ, *dimse.CMoveRQ, *dimse.CGetRQ:
	default:
		return nil, dimse.StatusSuccess, nil
	}
	set, err := r.ReadIdentifier()
	var format *dataset.FormatError
	switch {
	case errors.Is(err, dimse.ErrTooLarge):
		s.server.logf("scp: association %d: %v", s.ID, err)
		return nil, dimse.StatusOutOfResources, r.Discard()
	case errors.As(err, &format):
		s.server.logf("scp: association %d: %v", s.ID, err)
		return nil, dimse.StatusCannotUnderstand, nil
	case err != nil:
		return nil, 0, err
	case set == nil:
		return nil, dimse.StatusIdentifierDoesNotMatchSOPClass, nil
	}
	return set, dimse.StatusSuccess, nil
}

// serve calls the handler of the request and sends its answer.
func (s *Session) serve(ctx context.Context, w *responder, r *dimse.Received, identifier *dataset.Set) {
	c := &s.server.Config
	switch rq := r.Message.(type) {
	case *dimse.CEchoRQ:
		if r.Discard() != nil {
			return
		}
		if c.Echo == nil {
			w.refuse(rq, dimse.StatusSOPClassNotSupported)
		} else if rsp := c.Echo(ctx, s, rq); rsp != nil {
			w.respond(rq, rsp, nil)
		}
	case *dimse.CStoreRQ:
		if c.Store == nil {
			if r.Discard() == nil {
				w.refuse(rq, dimse.StatusSOPClassNotSupported)
			}
			return
		}
		rsp := c.Store(ctx, s, &StoreRequest{r.Context, rq, r.Data})
		// An instance that did not arrive whole is never acknowledged.
		if r.Discard() == nil && rsp != nil {
			w.respond(rq, rsp, nil)
		}
	case *dimse.CFindRQ:
		if c.Find == nil {
			w.refuse(rq, dimse.StatusSOPClassNotSupported)
			return
		}
		rsp := c.Find(ctx, s, &FindRequest{r.Context, rq, identifier}, func(set *dataset.Set, status dimse.Status) error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			w.respond(rq, &dimse.CFindRSP{Status: status}, set)
			return w.err
		})
		if rsp != nil {
			w.respond(rq, rsp, nil)
		}
	case *dimse.CMoveRQ:
		s.retrieve(ctx, w, rq, c.Move, &RetrieveRequest{r.Context, rq.AffectedSOPClassUID, rq.MessageID, rq.Priority, rq.MoveDestination, identifier})
	case *dimse.CGetRQ:
		s.retrieve(ctx, w, rq, c.Get, &RetrieveRequest{r.Context, rq.AffectedSOPClassUID, rq.MessageID, rq.Priority, "", identifier})
	}
}

// deliver hands the response of a sub-operation to the [getSender] that waits
// for it.
func (s *Session) deliver(r *dimse.Received, rsp *dimse.CStoreRSP) error {
	s.mu.Lock()
	waiting, ok := s.responses[rsp.MessageIDBeingRespondedTo]
	delete(s.responses, rsp.MessageIDBeingRespondedTo)
	s.mu.Unlock()
	if !ok {
		return &dimse.ProtocolError{ContextID: r.Context.ID,
			Reason: fmt.Sprintf("C-STORE-RSP to Message ID %d, which no sub-operation has", rsp.MessageIDBeingRespondedTo)}
	}
	waiting <- rsp // has room for one
	return nil
}

// Elements of a response that is built without a type of its own (PS3.7
// section E.1).
const (
	elementMessageID                 = 0x0110
	elementMessageIDBeingRespondedTo = 0x0120
	elementStatus                    = 0x0900
)

// unrecognized answers a request of a service that the server does not have
// with 0x0211, unrecognized operation.
func (s *Session) unrecognized(ctx context.Context, r *dimse.Received, m *dimse.Unknown) error {
	if err := r.Discard(); err != nil {
		return err
	}
	for _, e := range m.Elements {
		if e.Element == elementMessageID {
			w := responder{session: s, ctx: ctx, contextID: r.Context.ID}
			w.send(&dimse.Unknown{Command: m.Command.Response(), Elements: []dimse.CommandElement{
				{Element: elementMessageIDBeingRespondedTo, Value: e.Value},
				{Element: elementStatus, Value: binary.LittleEndian.AppendUint16(nil, uint16(dimse.StatusUnrecognizedOperation))},
			}}, nil)
			return w.err
		}
	}
	return &dimse.ProtocolError{ContextID: r.Context.ID, Reason: m.Command.String() + " without Message ID"}
}
