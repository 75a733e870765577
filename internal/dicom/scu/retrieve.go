package scu

import (
	"context"
	"io"
	"sync"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/ul"
)

// RetrieveRequest is a C-MOVE or C-GET (PS3.4 sections C.4.2 and C.4.3).
type RetrieveRequest struct {
	SOPClassUID string // information model, such as dimse.StudyRootMove
	Destination string // AE title; C-MOVE only
	Identifier  *dataset.Set
	Priority    dimse.Priority
	// OnPending is called for every pending response, between reads; nil is
	// allowed.
	OnPending func(Progress)
	// Cancel sends one C-CANCEL-RQ when it is closed, at any time between the
	// request and the final response, also while a response to a
	// sub-operation is being withheld. It may be nil.
	Cancel <-chan struct{}
	// CancelSent is called, from another goroutine, when C-CANCEL-RQ has been
	// written, and never after the call has returned.
	CancelSent func()
}

// Progress is what a response says of the sub-operations. The counters are
// nil where the element is absent; in pending responses it is required.
type Progress struct {
	Status                                dimse.Status
	Remaining, Completed, Failed, Warning *uint16
}

// watchCancel sends C-CANCEL-RQ when r.Cancel is closed. The returned function
// ends the watch and waits for it.
func (c *Client) watchCancel(ctx context.Context, contextID uint8, messageID uint16, r *RetrieveRequest) (stop func()) {
	if r.Cancel == nil {
		return func() {}
	}
	over := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		select {
		case <-over:
			return
		case <-ctx.Done():
			return
		case <-r.Cancel:
		}
		// A failed write ends the association, which the reader reports.
		err := c.conn.Send(ctx, contextID, &dimse.CCancelRQ{MessageIDBeingRespondedTo: messageID}, nil)
		if err == nil && r.CancelSent != nil {
			r.CancelSent()
		}
	})
	return func() { close(over); wg.Wait() }
}

// Move asks for a C-MOVE and waits for the final response. The set is the
// identifier of the final response, nil if it has none: a Failed SOP Instance
// UID List (PS3.4 section C.4.2.1.4.2).
func (c *Client) Move(ctx context.Context, r RetrieveRequest) (*dimse.CMoveRSP, *dataset.Set, error) {
	nc, err := c.context(r.SOPClassUID)
	if err != nil {
		return nil, nil, err
	}
	rq := &dimse.CMoveRQ{
		AffectedSOPClassUID: r.SOPClassUID, MessageID: c.conn.NextMessageID(),
		Priority: r.Priority, MoveDestination: r.Destination,
	}
	if err := c.conn.SendSet(ctx, nc.ID, rq, r.Identifier); err != nil {
		return nil, nil, c.giveUp(ctx, err)
	}
	stop := c.watchCancel(ctx, nc.ID, rq.MessageID, &r)
	defer stop()
	for {
		got, err := c.receive(ctx, nc, rq)
		if err != nil {
			return nil, nil, c.giveUp(ctx, err)
		}
		identifier, err := got.ReadIdentifier()
		if err != nil {
			return nil, nil, c.giveUp(ctx, err)
		}
		rsp := got.Message.(*dimse.CMoveRSP)
		if rsp.Status.IsFinal() {
			return rsp, identifier, nil
		}
		if r.OnPending != nil {
			r.OnPending(Progress{rsp.Status, rsp.NumberOfRemainingSuboperations, rsp.NumberOfCompletedSuboperations,
				rsp.NumberOfFailedSuboperations, rsp.NumberOfWarningSuboperations})
		}
	}
}

// SubOperation is a C-STORE sub-operation of a C-GET.
type SubOperation struct {
	// Context is where it came; Context.SCP false means that the provider
	// sent it though the SCP role was not agreed.
	Context ul.NegotiatedContext
	Request *dimse.CStoreRQ
	// Data is the data set in the transfer syntax of Context. What the
	// callback does not read is discarded.
	Data io.Reader
}

// Get asks for a C-GET, has store take each instance, and waits for the final
// response. The association must have been requested with the SCP role for
// the storage classes (PS3.7 section D.3.3.4).
//
// store, which is required, is called in a goroutine of its own, for one sub-operation at a time,
// and what it returns is the status of the C-STORE-RSP. It may block to
// withhold the response: responses to the C-GET are read meanwhile (once Data
// has been read to its end) and a cancel goes out. Its context ends when the
// operation is over; Get does not return before store has.
func (c *Client) Get(ctx context.Context, r RetrieveRequest, store func(context.Context, *SubOperation) dimse.Status) (*dimse.CGetRSP, *dataset.Set, error) {
	nc, err := c.context(r.SOPClassUID)
	if err != nil {
		return nil, nil, err
	}
	rq := &dimse.CGetRQ{AffectedSOPClassUID: r.SOPClassUID, MessageID: c.conn.NextMessageID(), Priority: r.Priority}
	if err := c.conn.SendSet(ctx, nc.ID, rq, r.Identifier); err != nil {
		return nil, nil, c.giveUp(ctx, err)
	}
	stop := c.watchCancel(ctx, nc.ID, rq.MessageID, &r)
	defer stop()

	storing, over := context.WithCancel(ctx)
	var subOperation sync.WaitGroup
	defer func() { over(); subOperation.Wait() }()
	for {
		got, err := c.conn.Receive(ctx)
		if err != nil {
			return nil, nil, c.giveUp(ctx, err)
		}
		if storeRQ, ok := got.Message.(*dimse.CStoreRQ); ok && store != nil {
			// A provider that does not wait for the response is made to.
			subOperation.Wait()
			subOperation.Go(func() {
				c.serve(ctx, got, storeRQ, func(sub *SubOperation) dimse.Status { return store(storing, sub) })
			})
			continue
		}
		if err := checkResponse(got, nc, rq); err != nil {
			return nil, nil, c.giveUp(ctx, err)
		}
		identifier, err := got.ReadIdentifier()
		if err != nil {
			return nil, nil, c.giveUp(ctx, err)
		}
		rsp := got.Message.(*dimse.CGetRSP)
		if rsp.Status.IsFinal() {
			return rsp, identifier, nil
		}
		if r.OnPending != nil {
			r.OnPending(Progress{rsp.Status, rsp.NumberOfRemainingSuboperations, rsp.NumberOfCompletedSuboperations,
				rsp.NumberOfFailedSuboperations, rsp.NumberOfWarningSuboperations})
		}
	}
}

// serve runs one sub-operation of a C-GET: the store callback, and the
// response, which is sent even when the provider did not wait for it. Errors
// are the reader's to report: they end the association.
func (c *Client) serve(ctx context.Context, got *dimse.Received, rq *dimse.CStoreRQ, store func(*SubOperation) dimse.Status) {
	status := store(&SubOperation{got.Context, rq, got.Data})
	if got.Discard() != nil {
		return
	}
	_ = c.conn.Send(ctx, got.Context.ID, &dimse.CStoreRSP{
		AffectedSOPClassUID:       rq.AffectedSOPClassUID,
		MessageIDBeingRespondedTo: rq.MessageID,
		Status:                    status,
		AffectedSOPInstanceUID:    rq.AffectedSOPInstanceUID,
	}, nil)
}
