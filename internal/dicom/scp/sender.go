package scp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/ul"
)

// StoreContexts returns the presentation contexts that are needed to send the
// instances, one for each class and transfer syntax, in order of appearance.
// There may be more than the 128 that an association can have.
func StoreContexts(instances []Instance) []ul.ProposedContext {
	type key struct {
		class  string
		syntax dataset.TransferSyntax
	}
	seen := map[key]bool{}
	var contexts []ul.ProposedContext
	for _, i := range instances {
		k := key{i.SOPClassUID, i.TransferSyntax}
		if !seen[k] {
			seen[k] = true
			contexts = append(contexts, ul.ProposedContext{AbstractSyntax: k.class, TransferSyntaxes: []string{string(k.syntax)}})
		}
	}
	return contexts
}

// DialStore opens an association to a C-MOVE destination. c.Contexts must
// hold what is to be sent ([StoreContexts]). The result is a [*Sender].
func DialStore(ctx context.Context, addr string, c ul.RequestorConfig) (StoreSender, error) {
	a, err := ul.Dial(ctx, addr, c)
	if err != nil {
		return nil, err
	}
	return NewSender(a), nil
}

// Sender is the [StoreSender] of an association of its own. Calls are not
// concurrent.
type Sender struct{ conn *dimse.Conn }

// NewSender returns a Sender on an established association, which it owns from
// now on.
func NewSender(a *ul.Association) *Sender { return &Sender{dimse.NewConn(a, dimse.Limits{})} }

// Association is the association of d: what it has negotiated tells what can
// be sent.
func (d *Sender) Association() *ul.Association { return d.conn.Association() }

// Store implements [StoreSender]. After an error other than a
// [*dimse.NoContextError] or one of the instance's source, found before
// anything was sent, the association has ended.
func (d *Sender) Store(ctx context.Context, i Instance, originatorAE string, originatorID uint16) (dimse.Status, error) {
	nc, ok := d.Association().Find(i.SOPClassUID, string(i.TransferSyntax))
	if !ok {
		return 0, &dimse.NoContextError{AbstractSyntax: i.SOPClassUID, TransferSyntax: string(i.TransferSyntax)}
	}
	rq := storeRQ(d.conn, i, originatorAE, originatorID)
	data, length, err := openData(i)
	if err != nil {
		return 0, err
	}
	defer data.Close()
	status, err := d.exchange(ctx, nc, rq, data, length)
	if err != nil && !harmless(err) {
		abort(ctx, d.Association())
	}
	return status, err
}

// harmless reports whether err is one of a source that failed before anything
// was sent.
func harmless(err error) bool {
	var source *dimse.StreamError
	return errors.As(err, &source) && !source.Partly
}

// exchange sends a request and takes its response.
func (d *Sender) exchange(ctx context.Context, nc ul.NegotiatedContext, rq *dimse.CStoreRQ, data io.Reader, length int64) (dimse.Status, error) {
	if err := d.conn.SendStream(ctx, nc.ID, rq, data, length); err != nil {
		return 0, err
	}
	r, err := d.conn.Receive(ctx)
	if err != nil {
		return 0, err
	}
	rsp, ok := r.Message.(*dimse.CStoreRSP)
	if !ok || rsp.MessageIDBeingRespondedTo != rq.MessageID {
		return 0, &dimse.ProtocolError{ContextID: r.Context.ID, Reason: r.Message.CommandField().String() + " is not the response to the C-STORE-RQ"}
	}
	return rsp.Status, r.Discard()
}

// Close implements [StoreSender]: it releases the association, and aborts it
// if that fails.
func (d *Sender) Close(ctx context.Context) error {
	err := d.Association().Release(ctx)
	if err != nil {
		abort(ctx, d.Association())
	}
	return err
}

// storeRQ is the request for i.
func storeRQ(conn *dimse.Conn, i Instance, originatorAE string, originatorID uint16) *dimse.CStoreRQ {
	rq := &dimse.CStoreRQ{
		AffectedSOPClassUID: i.SOPClassUID, AffectedSOPInstanceUID: i.SOPInstanceUID,
		MessageID: conn.NextMessageID(), MoveOriginatorAETitle: originatorAE,
	}
	if originatorAE != "" {
		rq.MoveOriginatorMessageID = dimse.Uint16(originatorID)
	}
	return rq
}

// openData opens the data set of i. What is sent must have the length that the
// source told: a file that is cut must not be sent as if it were whole.
func openData(i Instance) (io.ReadCloser, int64, error) {
	data, length, err := i.Open()
	if err != nil {
		return nil, 0, fmt.Errorf("scp: opening an instance: %w", err)
	}
	if length < 0 {
		return data, length, nil
	}
	return &exactReader{data, length}, length, nil
}

// exactReader fails when its source has not exactly left bytes.
type exactReader struct {
	io.ReadCloser
	left int64
}

// Read implements io.Reader.
func (e *exactReader) Read(p []byte) (int, error) {
	n, err := e.ReadCloser.Read(p)
	e.left -= int64(n)
	switch {
	case e.left < 0:
		return 0, fmt.Errorf("scp: an instance is at least %d bytes longer than its source said", -e.left)
	case err == io.EOF && e.left > 0:
		return n, fmt.Errorf("scp: an instance is %d bytes shorter than its source said: %w", e.left, io.ErrUnexpectedEOF)
	}
	return n, err
}

// abortGrace is how long an A-ABORT may take, the wait for the peer to close
// included.
const abortGrace = 2 * time.Second

// abort ends an association after an error, and does nothing if it has ended.
func abort(ctx context.Context, a *ul.Association) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortGrace)
	defer cancel()
	_ = a.Abort(ctx, 0, 0) // the error before it is the one that matters
}

// getSender is the [StoreSender] of a C-GET: it sends on the association of
// the request, whose reader hands it the responses.
type getSender struct {
	session     *Session
	ignoreRoles bool
}

// Store implements [StoreSender].
func (g *getSender) Store(ctx context.Context, i Instance, originatorAE string, originatorID uint16) (dimse.Status, error) {
	nc, err := g.context(i)
	if err != nil {
		return 0, err
	}
	data, length, err := openData(i)
	if err != nil {
		return 0, err
	}
	defer data.Close()

	s := g.session
	rq := storeRQ(s.conn, i, originatorAE, originatorID)
	response := make(chan *dimse.CStoreRSP, 1)
	s.mu.Lock()
	s.responses[rq.MessageID] = response
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.responses, rq.MessageID)
		s.mu.Unlock()
	}()
	if err := s.conn.SendStream(ctx, nc.ID, rq, data, length); err != nil {
		if !harmless(err) {
			s.cancel(err) // perhaps in the middle of a message
		}
		return 0, err
	}
	select {
	case rsp := <-response:
		return rsp.Status, nil
	case <-ctx.Done():
		return 0, context.Cause(ctx)
	}
}

// context finds the presentation context on which i can be sent: the requestor
// must have the SCP role on it.
func (g *getSender) context(i Instance) (ul.NegotiatedContext, error) {
	missing := &dimse.NoContextError{AbstractSyntax: i.SOPClassUID, TransferSyntax: string(i.TransferSyntax)}
	for _, nc := range g.session.Association().Contexts() {
		if nc.Result != pdu.Acceptance || nc.AbstractSyntax != i.SOPClassUID || nc.TransferSyntax != string(i.TransferSyntax) {
			continue
		}
		if nc.SCP || g.ignoreRoles {
			return nc, nil
		}
		missing.Role = true
	}
	return ul.NegotiatedContext{}, missing
}

// Close implements [StoreSender]; the association is not the sender's.
func (g *getSender) Close(context.Context) error { return nil }
