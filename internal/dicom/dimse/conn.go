package dimse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/ul"
)

// Limits bound what [Conn] takes from a peer. The zero value means the
// defaults.
type Limits struct {
	// CommandBytes bounds a command set; 0, or more than MaxCommandBytes, is
	// MaxCommandBytes.
	CommandBytes int
	// IdentifierBytes bounds a data set that is taken whole by
	// [Received.ReadIdentifier]; 0 is 16 MiB. Streamed data sets have no
	// limit.
	IdentifierBytes int64
	// DataSet bounds the parsing of identifiers.
	DataSet dataset.Limits
}

const defaultIdentifierBytes = 16 << 20

func (l Limits) withDefaults() Limits {
	if l.CommandBytes <= 0 || l.CommandBytes > MaxCommandBytes {
		l.CommandBytes = MaxCommandBytes
	}
	if l.IdentifierBytes <= 0 {
		l.IdentifierBytes = defaultIdentifierBytes
	}
	return l
}

// ProtocolError says how a peer broke the rules of message exchange (PS3.7
// section 6.3, PS3.8 Annex E). The association is of no more use: abort it.
type ProtocolError struct {
	ContextID uint8 // presentation context of the offending PDV or message
	Reason    string
}

// Error implements error. It holds no value that the peer sent.
func (e *ProtocolError) Error() string {
	return fmt.Sprintf("dimse: protocol error on presentation context %d: %s", e.ContextID, e.Reason)
}

// NoContextError says that an association has no accepted presentation
// context for a message. Nothing was sent and the association goes on.
type NoContextError struct {
	AbstractSyntax string
	TransferSyntax string // "" = any
	// Role says that there is a context, but that the role that the message
	// needs was not agreed for it (PS3.7 section D.3.3.4).
	Role bool
}

// Error implements error.
func (e *NoContextError) Error() string {
	s := "dimse: no presentation context was accepted for "
	if e.Role {
		s = "dimse: the role needed was not agreed for "
	}
	s += SOPClassName(e.AbstractSyntax)
	if e.TransferSyntax != "" {
		s += " in " + dataset.TransferSyntax(e.TransferSyntax).Name()
	}
	return s
}

// ErrTooLarge is wrapped by the error for a data set that is larger than the
// limit it was to be read under.
var ErrTooLarge = errors.New("dimse: data set is larger than the limit")

// Conn sends and receives messages on an association. Sends may be concurrent
// with each other and with a Receive: messages never interleave. There is one
// receiver at a time.
type Conn struct {
	association *ul.Association
	limits      Limits
	writing     chan struct{} // holds a token while a message is being written
	lastID      atomic.Uint32
	previous    *dataReader // data of the last message received, nil for none
}

// NewConn returns a Conn on a, which stays the caller's to release or abort.
func NewConn(a *ul.Association, l Limits) *Conn {
	return &Conn{association: a, limits: l.withDefaults(), writing: make(chan struct{}, 1)}
}

// Association is the association that c was made for.
func (c *Conn) Association() *ul.Association { return c.association }

// NextMessageID returns a Message ID that c has not returned for 65535 calls.
// It is never 0, which some systems take for absent. Safe for concurrent use.
func (c *Conn) NextMessageID() uint16 {
	return uint16((c.lastID.Add(1)-1)%0xFFFF) + 1
}

// Send writes m and its data set, which is gathered from the pieces of data;
// nil is no data set, and it alone decides on Command Data Set Type. When ctx
// ends in the middle of the message the association is aborted.
func (c *Conn) Send(ctx context.Context, contextID uint8, m Message, data [][]byte) error {
	command, err := encode(m, data != nil)
	if err != nil {
		return err
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	return c.association.WriteMessage(ctx, contextID, command, data)
}

// SendSet is Send with a data set that is encoded in the transfer syntax of
// the presentation context.
func (c *Conn) SendSet(ctx context.Context, contextID uint8, m Message, set *dataset.Set) error {
	if set == nil {
		return fmt.Errorf("dimse: %s: no identifier was given", m.CommandField())
	}
	nc, ok := c.association.Context(contextID)
	if !ok {
		return fmt.Errorf("dimse: %s: presentation context %d was not accepted", m.CommandField(), contextID)
	}
	b, err := set.Append(nil, dataset.TransferSyntax(nc.TransferSyntax))
	if err != nil {
		return fmt.Errorf("dimse: %s: encoding the identifier: %w", m.CommandField(), err)
	}
	return c.Send(ctx, contextID, m, [][]byte{b})
}

const (
	// wholeBytes is up to which length a data set from a reader is taken
	// whole, so that it is sent with gathered writes like any other message.
	wholeBytes = 16 << 20
	// streamBufferBytes is how much of a longer one is in memory, twice.
	streamBufferBytes = 1 << 20
)

// SendStream is Send with a data set that is read from r to its end. length is
// a hint at the number of bytes, negative if unknown; more than 16 MiB are
// never in memory.
//
// When r fails the error is a [*StreamError], which says whether the
// association can go on.
func (c *Conn) SendStream(ctx context.Context, contextID uint8, m Message, r io.Reader, length int64) error {
	// One byte more than expected: only then does the end show itself at once.
	buffer := make([]byte, streamBufferBytes)
	if length >= 0 && length <= wholeBytes {
		buffer = make([]byte, length+1)
	}
	n, end, err := readFull(r, buffer)
	switch {
	case err != nil:
		return &StreamError{Err: err}
	case end:
		return c.Send(ctx, contextID, m, [][]byte{buffer[:n]})
	}
	command, err := encode(m, true)
	if err != nil {
		return err
	}
	if err := c.lock(ctx); err != nil {
		return err
	}
	defer c.unlock()
	if err := c.writeFragments(ctx, contextID, true, true, command); err != nil {
		return err
	}
	// One piece is held back, since only the end of r tells which is the last.
	held, next := buffer, make([]byte, streamBufferBytes)
	for n > 0 {
		if n = 0; !end {
			if n, end, err = readFull(r, next); err != nil {
				return &StreamError{Err: err, Partly: true}
			}
		}
		if err := c.writeFragments(ctx, contextID, false, n == 0, held); err != nil {
			return err
		}
		held, next = next[:n], held[:cap(held)]
	}
	return nil
}

// readFull fills b and reports whether r came to its end before b was full. It
// is not io.ReadFull because that gives the end of r the error that a source
// which was cut gives: io.ErrUnexpectedEOF must never pass for an end.
func readFull(r io.Reader, b []byte) (n int, end bool, err error) {
	for n < len(b) {
		got, err := r.Read(b[n:])
		n += got
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

// StreamError is the error of [Conn.SendStream] when its reader failed.
type StreamError struct {
	Err error
	// Partly says that a part of the message has been sent: the association
	// must be aborted. Otherwise nothing was sent, and it goes on.
	Partly bool
}

// Error implements error.
func (e *StreamError) Error() string {
	if e.Partly {
		return "dimse: reading a data set that is partly sent: " + e.Err.Error()
	}
	return "dimse: reading the data set to be sent: " + e.Err.Error()
}

// Unwrap is the error of the reader.
func (e *StreamError) Unwrap() error { return e.Err }

// pdvOverhead is what a PDV adds to its fragment: length, context ID and
// message control header. See PS3.8 section 9.3.5.1.
const pdvOverhead = 6

// writeFragments writes b as PDVs, one a PDU, within the peer's maximum
// length. last says that b ends the command set or data set.
func (c *Conn) writeFragments(ctx context.Context, contextID uint8, command, last bool, b []byte) error {
	most := streamBufferBytes
	if limit := int(c.association.PeerMaxPDULength()); limit > pdvOverhead && limit-pdvOverhead < most {
		most = limit - pdvOverhead
	}
	for first := true; first || len(b) > 0; first = false {
		n := min(len(b), most)
		err := c.association.WritePDU(ctx, &pdu.PDataTF{Items: []pdu.PDV{{
			ContextID: contextID, Command: command, Last: last && n == len(b), Data: b[:n],
		}}})
		if err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// lock waits for the message that is being written.
func (c *Conn) lock(ctx context.Context) error {
	select {
	case c.writing <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (c *Conn) unlock() { <-c.writing }
