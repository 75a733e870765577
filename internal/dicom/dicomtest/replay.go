package dicomtest

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
)

// DifferenceError says that the other side of a replay did otherwise than
// recorded.
type DifferenceError struct {
	PDU    int    // in the recording, from 1
	Name   string // of the recorded PDU
	Reason string
}

func (e *DifferenceError) Error() string {
	return fmt.Sprintf("PDU %d (%s): %s", e.PDU, e.Name, e.Reason)
}

// ReplayRequestor plays the requestor on conn and closes it after the last PDU.
// Whoever calls sets the deadline of conn.
func (r *Recording) ReplayRequestor(conn net.Conn) error {
	return errors.Join(r.replay(conn, true), conn.Close())
}

// ReplayAcceptor plays the acceptor on conn, and demands that the requestor
// closes the connection after the last PDU (PS3.8 9.2.3, actions AR-3 and AE-4) without
// sending more.
func (r *Recording) ReplayAcceptor(conn net.Conn) error {
	err := r.replay(conn, false)
	if err == nil {
		var more [1]byte
		switch n, readErr := conn.Read(more[:]); {
		case n > 0:
			err = &DifferenceError{len(r.PDUs), r.PDUs[len(r.PDUs)-1].Name(), "something is sent after it"}
		case !errors.Is(readErr, io.EOF):
			err = readErr
		}
	}
	return errors.Join(err, conn.Close())
}

func (r *Recording) replay(conn net.Conn, asRequestor bool) error {
	if len(r.PDUs) == 0 {
		return errors.New("the recording is empty")
	}
	for i, p := range r.PDUs {
		if p.FromRequestor == asRequestor {
			if _, err := conn.Write(p.Bytes); err != nil {
				return fmt.Errorf("sending PDU %d (%s): %w", i+1, p.Name(), err)
			}
			continue
		}
		got := make([]byte, len(p.Bytes))
		n, err := io.ReadFull(conn, got)
		if at := firstDifference(p.Bytes[:n], got[:n]); at >= 0 {
			return &DifferenceError{i + 1, p.Name(), fmt.Sprintf("byte %d differs:\n% x\nwas recorded, and this came:\n% x",
				at, around(p.Bytes, at), around(got[:n], at))}
		}
		if err != nil {
			return fmt.Errorf("PDU %d (%s): %d of %d bytes came: %w", i+1, p.Name(), n, len(p.Bytes), err)
		}
	}
	return nil
}

func firstDifference(a, b []byte) int {
	if bytes.Equal(a, b) {
		return -1
	}
	for i := range a {
		if a[i] != b[i] {
			return i
		}
	}
	return len(a)
}

func around(b []byte, at int) []byte { return b[max(0, at-16):min(len(b), at+32)] }
