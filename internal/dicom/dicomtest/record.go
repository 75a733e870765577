package dicomtest

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"sync"
)

// Recorder makes the recording of one association from our side's connection.
type Recorder struct {
	mu        sync.Mutex
	recording Recording
	partial   map[bool]*bytes.Buffer // by FromRequestor: what is no whole PDU yet
	err       error
}

// NewRecorder returns a Recorder of an association that about describes.
func NewRecorder(about ...string) *Recorder {
	return &Recorder{recording: Recording{About: about}, partial: map[bool]*bytes.Buffer{true: {}, false: {}}}
}

// Requestor wraps the connection of our side as the requestor.
func (r *Recorder) Requestor(c net.Conn) net.Conn { return &recorded{c, r, true} }

// Acceptor wraps the connection of our side as the acceptor.
func (r *Recorder) Acceptor(c net.Conn) net.Conn { return &recorded{c, r, false} }

// Recording returns what was recorded. It is an error if a PDU is not complete.
func (r *Recorder) Recording() (*Recording, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for fromRequestor, b := range r.partial {
		if b.Len() > 0 {
			return nil, errors.Join(r.err, fmt.Errorf("%d bytes are no whole PDU (from the requestor: %v)", b.Len(), fromRequestor))
		}
	}
	return &r.recording, r.err
}

func (r *Recorder) add(fromRequestor bool, some []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	b := r.partial[fromRequestor]
	b.Write(some)
	for r.err == nil {
		var n int
		if n, r.err = pduBytes(b.Bytes()); n == 0 || b.Len() < n {
			return
		}
		r.recording.PDUs = append(r.recording.PDUs, PDU{fromRequestor, bytes.Clone(b.Next(n))})
	}
}

type recorded struct {
	net.Conn
	to        *Recorder
	requestor bool
}

func (c *recorded) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	c.to.add(!c.requestor, b[:n])
	return n, err
}

// Write records before it writes: no answer can be recorded before its question.
func (c *recorded) Write(b []byte) (int, error) {
	c.to.add(c.requestor, b)
	return c.Conn.Write(b)
}
