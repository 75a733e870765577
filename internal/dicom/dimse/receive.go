package dimse

import (
	"context"
	"errors"
	"fmt"
	"io"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/ul"
)

// Received is a message that came in. Its data set, if any, is still on the
// way: it must be read to its end or discarded, and the next Receive waits
// for that.
type Received struct {
	Context ul.NegotiatedContext // the presentation context it came on
	Message Message
	HasData bool
	// Data is the data set in the transfer syntax of Context, empty when
	// HasData is false. Reading it reads from the association under the
	// context of Receive. It is for one goroutine.
	Data io.Reader
	// CommandFragments is the number of PDVs that the command set came in.
	CommandFragments int

	reader *dataReader
	limits Limits
}

// Receive returns the next message. It first waits until the data set of the
// one before has been read or discarded, by this or another goroutine; if
// that failed, it returns the same error.
//
// Errors are those of [ul.Association.ReadPDV], a [*FormatError] for what is
// not a command set and a [*ProtocolError] for PDVs out of order.
func (c *Conn) Receive(ctx context.Context) (*Received, error) {
	if err := c.waitForData(ctx); err != nil {
		return nil, err
	}
	var command []byte
	fragments := 0
	var nc ul.NegotiatedContext
	for last := false; !last; {
		pdv, err := c.association.ReadPDV(ctx)
		if err != nil {
			return nil, err
		}
		if fragments == 0 {
			var ok bool
			if nc, ok = c.association.Context(pdv.ContextID); !ok {
				return nil, &ProtocolError{pdv.ContextID, "a PDV on a presentation context that was not negotiated"}
			}
		}
		switch {
		case pdv.ContextID != nc.ID:
			return nil, &ProtocolError{pdv.ContextID, "a PDV within the command set of another presentation context"}
		case !pdv.Command && fragments == 0:
			return nil, &ProtocolError{pdv.ContextID, "a data set without a command set"}
		case !pdv.Command:
			return nil, &ProtocolError{pdv.ContextID, "a data set before the end of the command set"}
		case len(command)+len(pdv.Data) > c.limits.CommandBytes:
			return nil, &ProtocolError{pdv.ContextID, fmt.Sprintf("a command set of more than %d bytes", c.limits.CommandBytes)}
		}
		fragments++
		command = append(command, pdv.Data...)
		last = pdv.Last
	}
	m, err := Decode(command)
	if err != nil {
		return nil, err
	}
	r := &Received{
		Context: nc, Message: m, HasData: *m.dataSet(), CommandFragments: fragments, limits: c.limits,
		reader: &dataReader{association: c.association, ctx: ctx, contextID: nc.ID, done: make(chan struct{})},
	}
	if !r.HasData {
		r.reader.finish(io.EOF)
	}
	r.Data, c.previous = r.reader, r.reader
	return r, nil
}

// waitForData waits for the end of the previous message's data set.
func (c *Conn) waitForData(ctx context.Context) error {
	if c.previous == nil {
		return nil
	}
	select {
	case <-c.previous.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := c.previous.err; err != io.EOF {
		return err
	}
	c.previous = nil
	return nil
}

// ReadAll returns the rest of the data set. If that is more than limit bytes
// the error wraps [ErrTooLarge] and the rest is still to be discarded.
func (r *Received) ReadAll(limit int64) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r.Data, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(b)) > limit {
		return nil, fmt.Errorf("%s: %w of %d bytes", r.Message.CommandField(), ErrTooLarge, limit)
	}
	return b, nil
}

// ReadIdentifier reads the data set whole, within the limits of the Conn, and
// parses it in the transfer syntax of its presentation context. Without a
// data set the result is nil. A data set that can't be parsed has been read
// to its end: the error is then dataset's.
func (r *Received) ReadIdentifier() (*dataset.Set, error) {
	if !r.HasData {
		return nil, nil
	}
	b, err := r.ReadAll(r.limits.IdentifierBytes)
	if err != nil {
		return nil, err
	}
	set, err := dataset.Parse(b, dataset.TransferSyntax(r.Context.TransferSyntax), r.limits.DataSet)
	if err != nil {
		return nil, fmt.Errorf("dimse: %s: parsing the identifier: %w", r.Message.CommandField(), err)
	}
	return set, nil
}

// Discard reads what is left of the data set and forgets it. It may be called
// at any time by the goroutine that reads Data.
func (r *Received) Discard() error {
	_, err := r.reader.WriteTo(io.Discard)
	return err
}

// Done is closed when the data set has come to its end or has failed.
func (r *Received) Done() <-chan struct{} { return r.reader.done }

// dataReader reads the data set of one message from the association, as it
// comes. err may be read by others after done is closed.
type dataReader struct {
	association *ul.Association
	ctx         context.Context // of Receive; the reader lives no longer than the message
	contextID   uint8
	rest        []byte // of the current PDV
	last        bool   // the current PDV is the last one
	err         error  // io.EOF at the end
	done        chan struct{}
}

// finish ends the reader. The first end counts.
func (d *dataReader) finish(err error) {
	if d.err == nil {
		d.err = err
		close(d.done)
	}
}

// fill waits until there is something in rest; the error is io.EOF at the end
// of the data set.
func (d *dataReader) fill() error {
	for d.err == nil && len(d.rest) == 0 {
		if d.last {
			d.finish(io.EOF)
			break
		}
		pdv, err := d.association.ReadPDV(d.ctx)
		switch {
		case errors.Is(err, io.EOF):
			// A connection that ends must never look like the end of the data.
			d.finish(io.ErrUnexpectedEOF)
		case err != nil:
			d.finish(err)
		case pdv.ContextID != d.contextID:
			d.finish(&ProtocolError{pdv.ContextID, fmt.Sprintf("a PDV within a data set on presentation context %d", d.contextID)})
		case pdv.Command:
			d.finish(&ProtocolError{pdv.ContextID, "a command set before the end of the data set"})
		default:
			d.rest, d.last = pdv.Data, pdv.Last
		}
	}
	if len(d.rest) > 0 {
		return nil
	}
	return d.err
}

// consume drops n bytes of rest. At the very end it finishes at once, so that
// a reader that knows the length need not ask for EOF.
func (d *dataReader) consume(n int) {
	d.rest = d.rest[n:]
	if d.last && len(d.rest) == 0 {
		d.finish(io.EOF)
	}
}

// Read implements io.Reader.
func (d *dataReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if err := d.fill(); err != nil {
		return 0, err
	}
	n := copy(p, d.rest)
	d.consume(n)
	return n, nil
}

// WriteTo implements io.WriterTo: PDVs go to w without a copy.
func (d *dataReader) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for {
		if err := d.fill(); err == io.EOF {
			return total, nil
		} else if err != nil {
			return total, err
		}
		n, err := w.Write(d.rest)
		total += int64(n)
		d.consume(min(n, len(d.rest)))
		if err != nil {
			return total, err
		}
	}
}
