package scp

import (
	"context"
	"errors"
	"math"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
)

// closeGrace bounds the release of an association for sub-operations.
const closeGrace = 30 * time.Second

// counters count the sub-operations of a retrieve.
type counters struct {
	remaining, completed, failed, warning int
	failedUIDs                            []string
}

// count classifies the outcome of a sub-operation.
func (c *counters) count(uid string, status dimse.Status, err error) {
	c.remaining--
	switch class := status.Class(); {
	case err == nil && class == dimse.Success:
		c.completed++
	case err == nil && class == dimse.Warning:
		c.warning++
	default:
		c.failed++
		c.failedUIDs = append(c.failedUIDs, uid)
	}
}

// final is the status of a retrieve that has come to its end. See PS3.4 tables
// C.4-2 and C.4-3: A702 when nothing could be sent, B000 when not everything
// went without failure or warning.
func (c *counters) final() dimse.Status {
	switch {
	case c.failed > 0 && c.completed == 0 && c.warning == 0:
		return dimse.StatusOutOfResourcesCannotPerform
	case c.failed > 0 || c.warning > 0:
		return dimse.StatusSubOperationsFailed
	}
	return dimse.StatusSuccess
}

// counter is n as an element, which has 16 bits: what is more is cut to the
// largest number.
func counter(n int) *uint16 { return dimse.Uint16(uint16(min(n, math.MaxUint16))) }

// response is a response to rq with the counters. The number of remaining
// sub-operations is for pending and cancel only (PS3.4 sections C.4.2.1.6 and
// C.4.3.1.5).
func (c *counters) response(rq dimse.Request, status dimse.Status, r *Retrieval) dimse.Response {
	rsp := dimse.CMoveRSP{
		Status:                         status,
		NumberOfCompletedSuboperations: counter(c.completed),
		NumberOfFailedSuboperations:    counter(c.failed),
		NumberOfWarningSuboperations:   counter(c.warning),
	}
	if status.Class() == dimse.Pending || status.Class() == dimse.Cancel {
		rsp.NumberOfRemainingSuboperations = counter(c.remaining)
	} else {
		rsp.ErrorComment, rsp.OffendingElement = r.ErrorComment, r.OffendingElement
	}
	return retrieveResponse(rq, rsp)
}

// retrieveResponse is rsp as the response that rq has: C-MOVE-RSP and
// C-GET-RSP have the same fields.
func retrieveResponse(rq dimse.Request, rsp dimse.CMoveRSP) dimse.Response {
	if _, ok := rq.(*dimse.CGetRQ); ok {
		get := dimse.CGetRSP(rsp)
		return &get
	}
	return &rsp
}

// failedList is the identifier of a final response, nil when nothing failed.
// See PS3.4 section C.4.2.1.4.2.
func (c *counters) failedList() *dataset.Set {
	if len(c.failedUIDs) == 0 {
		return nil
	}
	set := dataset.New()
	set.PutString(dataset.FailedSOPInstanceUIDList, c.failedUIDs...)
	return set
}

// retrieve runs a C-MOVE or C-GET. ctx is that of the operation, w's that of
// the session.
func (s *Session) retrieve(ctx context.Context, w *responder, rq dimse.Request,
	handler func(context.Context, *Session, *RetrieveRequest) *Retrieval, request *RetrieveRequest) {
	if handler == nil {
		w.refuse(rq, dimse.StatusSOPClassNotSupported)
		return
	}
	r := handler(ctx, s, request)
	if r == nil {
		return
	}
	if len(r.Instances) == 0 && r.Status != dimse.StatusSuccess {
		w.respond(rq, retrieveResponse(rq, dimse.CMoveRSP{
			Status: r.Status, ErrorComment: r.ErrorComment, OffendingElement: r.OffendingElement,
		}), nil)
		return
	}
	c := &counters{remaining: len(r.Instances)}
	sender := s.open(w.ctx, rq, r, c)
	if sender != nil {
		defer func() {
			closing, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), closeGrace)
			defer cancel()
			if err := sender.Close(closing); err != nil {
				s.server.logf("scp: association %d: ending the association for sub-operations: %v", s.ID, err)
			}
		}()
	}

	status := s.subOperations(ctx, w, rq, request, r, c, sender)
	switch {
	case w.ctx.Err() != nil || w.err != nil:
		return
	case status == dimse.StatusSuccess:
		status = c.final()
		if r.Status != dimse.StatusSuccess {
			status = r.Status
		}
	}
	w.respond(rq, c.response(rq, status, r), c.failedList())
}

// open opens the sender of a retrieve. Without one, all instances have failed
// and the result is nil.
func (s *Session) open(ctx context.Context, rq dimse.Request, r *Retrieval, c *counters) StoreSender {
	if len(r.Instances) == 0 {
		return nil
	}
	var sender StoreSender
	err := errors.New("scp: Retrieval.Open is nil")
	if r.Open != nil {
		sender, err = r.Open(ctx)
	} else if _, ok := rq.(*dimse.CGetRQ); ok {
		return s.GetSender()
	}
	switch {
	case err == nil && sender != nil:
		return sender
	case err == nil:
		err = errors.New("scp: Retrieval.Open has given no sender")
	}
	s.server.logf("scp: association %d: opening the association for sub-operations: %v", s.ID, err)
	for _, i := range r.Instances {
		c.count(i.SOPInstanceUID, 0, err)
	}
	return nil
}

// subOperations sends the instances, with a pending response after each. The
// status is that of a cancel, or success when the end was reached.
func (s *Session) subOperations(ctx context.Context, w *responder, rq dimse.Request, request *RetrieveRequest,
	r *Retrieval, c *counters, sender StoreSender) dimse.Status {
	if sender == nil {
		return dimse.StatusSuccess
	}
	originatorAE, originatorID := "", uint16(0)
	if _, ok := rq.(*dimse.CMoveRQ); ok {
		originatorAE, originatorID = s.Association().CallingAETitle(), request.MessageID
	}
	for _, i := range r.Instances {
		if w.ctx.Err() != nil || w.err != nil {
			break
		}
		if !r.IgnoreCancel && ctx.Err() != nil {
			return dimse.StatusCancel
		}
		status, err := sender.Store(w.ctx, i, originatorAE, originatorID)
		if err != nil {
			s.server.logf("scp: association %d: sub-operation: %v", s.ID, err)
		}
		c.count(i.SOPInstanceUID, status, err)
		w.respond(rq, c.response(rq, dimse.StatusPending, r), nil)
	}
	return dimse.StatusSuccess
}
