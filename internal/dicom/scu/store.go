package scu

import (
	"context"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
)

// Echo verifies the connection with a C-ECHO (PS3.4 Annex A).
func (c *Client) Echo(ctx context.Context) (*dimse.CEchoRSP, error) {
	nc, err := c.context(dimse.VerificationSOPClass)
	if err != nil {
		return nil, err
	}
	rq := &dimse.CEchoRQ{AffectedSOPClassUID: dimse.VerificationSOPClass, MessageID: c.conn.NextMessageID()}
	if err := c.conn.Send(ctx, nc.ID, rq, nil); err != nil {
		return nil, c.giveUp(ctx, err)
	}
	r, err := c.receive(ctx, nc, rq)
	if err != nil {
		return nil, c.giveUp(ctx, err)
	}
	if err := r.Discard(); err != nil {
		return nil, c.giveUp(ctx, err)
	}
	return r.Message.(*dimse.CEchoRSP), nil
}

// StoreRequest is one instance to store (PS3.4 Annex B).
type StoreRequest struct {
	SOPClassUID    string
	SOPInstanceUID string
	// TransferSyntax is that of DataSet; the data set is sent on a
	// presentation context of exactly this one.
	TransferSyntax dataset.TransferSyntax
	// DataSet is the bare data set, without file meta information, in pieces
	// that are written one after the other. It is not changed.
	DataSet  [][]byte
	Priority dimse.Priority
	// MoveOriginatorAETitle and MoveOriginatorMessageID are for sub-operations
	// of a C-MOVE; both are absent from the request when the title is empty.
	MoveOriginatorAETitle   string
	MoveOriginatorMessageID uint16
}

// Store sends one instance and waits for the response. Without an accepted
// presentation context for the class in this transfer syntax the error is a
// [*NoContextError].
func (c *Client) Store(ctx context.Context, r StoreRequest) (*dimse.CStoreRSP, error) {
	nc, ok := c.association.Find(r.SOPClassUID, string(r.TransferSyntax))
	if !ok {
		return nil, &NoContextError{AbstractSyntax: r.SOPClassUID, TransferSyntax: string(r.TransferSyntax)}
	}
	rq := &dimse.CStoreRQ{
		AffectedSOPClassUID:    r.SOPClassUID,
		MessageID:              c.conn.NextMessageID(),
		Priority:               r.Priority,
		AffectedSOPInstanceUID: r.SOPInstanceUID,
		MoveOriginatorAETitle:  r.MoveOriginatorAETitle,
	}
	if r.MoveOriginatorAETitle != "" {
		rq.MoveOriginatorMessageID = dimse.Uint16(r.MoveOriginatorMessageID)
	}
	data := r.DataSet
	if data == nil {
		data = [][]byte{} // an empty data set, not none
	}
	if err := c.conn.Send(ctx, nc.ID, rq, data); err != nil {
		return nil, c.giveUp(ctx, err)
	}
	got, err := c.receive(ctx, nc, rq)
	if err != nil {
		return nil, c.giveUp(ctx, err)
	}
	if err := got.Discard(); err != nil {
		return nil, c.giveUp(ctx, err)
	}
	return got.Message.(*dimse.CStoreRSP), nil
}
