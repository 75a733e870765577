package scu

import (
	"context"
	"errors"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
)

// Cancel is what the callback of [Client.Find] returns to cancel the query.
//
//lint:ignore ST1012 it reads as a command: return scu.Cancel
var Cancel = errors.New("scu: cancel the query")

// FindRequest is a query (PS3.4 section C.4.1).
type FindRequest struct {
	SOPClassUID string // information model, such as dimse.StudyRootFind
	Identifier  *dataset.Set
	Priority    dimse.Priority
}

// FindMatch is one match: a pending response and its identifier, never nil.
type FindMatch struct {
	Status     dimse.Status // FF00, or FF01: optional keys were not supported
	Identifier *dataset.Set
}

// Find queries and calls on for every match, in the order of arrival and
// before the next is read. It returns the final response.
//
// When on returns [Cancel], C-CANCEL-RQ is sent once; Find reads on, and calls
// on, until the final response. Any other error of on cancels likewise, on is
// not called again, and Find returns that error with the final response.
func (c *Client) Find(ctx context.Context, r FindRequest, on func(*FindMatch) error) (*dimse.CFindRSP, error) {
	nc, err := c.context(r.SOPClassUID)
	if err != nil {
		return nil, err
	}
	rq := &dimse.CFindRQ{AffectedSOPClassUID: r.SOPClassUID, MessageID: c.conn.NextMessageID(), Priority: r.Priority}
	if err := c.conn.SendSet(ctx, nc.ID, rq, r.Identifier); err != nil {
		return nil, c.giveUp(ctx, err)
	}
	var failed error
	cancelled := false
	for {
		got, err := c.receive(ctx, nc, rq)
		if err != nil {
			return nil, c.giveUp(ctx, err)
		}
		rsp := got.Message.(*dimse.CFindRSP)
		if rsp.Status.IsFinal() {
			if err := got.Discard(); err != nil {
				return nil, c.giveUp(ctx, err)
			}
			return rsp, failed
		}
		if !got.HasData {
			return nil, c.giveUp(ctx, &UnexpectedMessageError{rq.CommandField(), rsp.CommandField(), "a pending response without identifier"})
		}
		identifier, err := got.ReadIdentifier()
		if err != nil {
			return nil, c.giveUp(ctx, err)
		}
		if failed != nil || on == nil {
			continue
		}
		if err := on(&FindMatch{rsp.Status, identifier}); err != nil {
			if !errors.Is(err, Cancel) {
				failed = err
			}
			if !cancelled {
				cancelled = true
				if err := c.conn.Send(ctx, nc.ID, &dimse.CCancelRQ{MessageIDBeingRespondedTo: rq.MessageID}, nil); err != nil {
					return nil, c.giveUp(ctx, err)
				}
			}
		}
	}
}
