package scu

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/ul"
)

// Client uses services on one association. Its calls are not concurrent,
// except for Abort and Close, which end a call that is under way, and the
// Cancel channel of a [RetrieveRequest].
type Client struct {
	conn        *dimse.Conn
	association *ul.Association
}

// Dial opens a connection to addr, "host:port", and an association on it. The
// errors are those of [ul.Dial]; a rejection is a [*ul.RejectedError].
func Dial(ctx context.Context, addr string, c ul.RequestorConfig) (*Client, error) {
	a, err := ul.Dial(ctx, addr, c)
	if err != nil {
		return nil, err
	}
	return New(a), nil
}

// New returns a Client on an established association, which it owns from now
// on.
func New(a *ul.Association) *Client {
	return &Client{conn: dimse.NewConn(a, dimse.Limits{}), association: a}
}

// Association is the association of c.
func (c *Client) Association() *ul.Association { return c.association }

// Conn is for messages that the methods of c don't send.
func (c *Client) Conn() *dimse.Conn { return c.conn }

// Release ends the association in agreement (PS3.8 section 7.2) and closes the
// connection. It waits for the peer's A-RELEASE-RP.
func (c *Client) Release(ctx context.Context) error { return c.association.Release(ctx) }

// Abort ends the association with an A-ABORT of the service user (PS3.8
// section 7.3) and closes the connection.
func (c *Client) Abort(ctx context.Context) error { return c.association.Abort(ctx, 0, 0) }

// Close ends the connection without a word, as a crash would. It may be
// called after Release and Abort, and more than once.
func (c *Client) Close() error { return c.association.Close() }

// NoContextError says that the association has no accepted presentation
// context for what was asked. Nothing was sent and the association goes on.
type NoContextError = dimse.NoContextError

// UnexpectedMessageError says that the peer answered a request with a message
// that is no answer to it.
type UnexpectedMessageError struct {
	Operation dimse.CommandField // the request
	Got       dimse.CommandField
	Reason    string
}

// Error implements error.
func (e *UnexpectedMessageError) Error() string {
	return fmt.Sprintf("scu: the answer to %s was %s: %s", e.Operation, e.Got, e.Reason)
}

// context finds the presentation context for a service.
func (c *Client) context(abstractSyntax string) (ul.NegotiatedContext, error) {
	nc, ok := c.association.Find(abstractSyntax)
	if !ok {
		return nc, &NoContextError{AbstractSyntax: abstractSyntax}
	}
	return nc, nil
}

// abortGrace is how long an A-ABORT after an error may take.
const abortGrace = 2 * time.Second

// giveUp aborts the association because of err, which leaves no way to go on,
// and returns err, or the error of ctx when that is what ended the operation.
func (c *Client) giveUp(ctx context.Context, err error) error {
	ended := ctx.Err()
	abort, cancel := context.WithTimeout(context.WithoutCancel(ctx), abortGrace)
	defer cancel()
	// The first error is the one that matters; on an association that has
	// ended by itself the abort does nothing.
	_ = c.association.Abort(abort, 0, 0)
	if ended != nil && !errors.Is(err, ended) {
		return fmt.Errorf("%w: %w", ended, err)
	}
	return err
}

// receive takes the next message and checks that it is a response to the
// request that was sent on nc.
func (c *Client) receive(ctx context.Context, nc ul.NegotiatedContext, rq dimse.Request) (*dimse.Received, error) {
	r, err := c.conn.Receive(ctx)
	if err != nil {
		return nil, err
	}
	return r, checkResponse(r, nc, rq)
}

// checkResponse says why r is not a response to the request rq on nc.
func checkResponse(r *dimse.Received, nc ul.NegotiatedContext, rq dimse.Request) error {
	unexpected := func(reason string) error {
		return &UnexpectedMessageError{rq.CommandField(), r.Message.CommandField(), reason}
	}
	rsp, ok := r.Message.(dimse.Response)
	switch {
	case !ok || rsp.CommandField() != rq.CommandField().Response():
		return unexpected("want " + rq.CommandField().Response().String())
	case rsp.RespondsTo() != rq.ID():
		return unexpected(fmt.Sprintf("it responds to Message ID %d, want %d", rsp.RespondsTo(), rq.ID()))
	case r.Context.ID != nc.ID:
		return unexpected(fmt.Sprintf("it is on presentation context %d, want %d", r.Context.ID, nc.ID))
	}
	return nil
}
