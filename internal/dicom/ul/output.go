package ul

import (
	"fmt"
	"net"
	"time"

	"pacsuat/internal/dicom/pdu"
)

const (
	// chunkBytes bounds a write, and with it the time until a cancellation
	// takes effect. A write per 16 KiB PDU would be three times slower.
	chunkBytes = 1 << 20
	// chunkPDUs bounds the PDUs of a chunk where the peer's maximum is small.
	chunkPDUs = 512
	// dataHeaderLength is what precedes a fragment alone in its P-DATA-TF.
	dataHeaderLength = pdu.HeaderLength + pdu.PDVHeaderLength
	// gatherFrom is the fragment size from which gathering beats copying.
	gatherFrom = 4 << 10
	// defaultPeerMax is assumed of a peer that leaves out the mandatory
	// maximum length.
	defaultPeerMax = 16384
)

// maxFragment is the largest fragment for a peer's maximum length (0 = no
// limit): even, because DICOM data is, and small enough for a chunk.
func maxFragment(peerMax uint32) (int, error) {
	most := int64(chunkBytes - dataHeaderLength)
	if peerMax != 0 {
		most = min(most, int64(peerMax)-pdu.PDVHeaderLength)
	}
	if most < 2 {
		return 0, fmt.Errorf("the peer's maximum length of %d bytes leaves no room for data", peerMax)
	}
	return int(most &^ 1), nil
}

// message is what is left to send of a command set and a data set.
type message struct {
	contextID         uint8
	fragment          int
	command           []byte
	head              []byte // what is left of the slice of data begun
	data              [][]byte
	dataLeft          int64 // in head and data
	wantsCmd, wantsDS bool  // a last fragment is still to be sent
}

func newMessage(contextID uint8, fragment int, command []byte, data [][]byte) message {
	m := message{contextID: contextID, fragment: fragment, command: command, data: data,
		wantsCmd: command != nil, wantsDS: data != nil}
	for _, d := range data {
		m.dataLeft += int64(len(d))
	}
	return m
}

func (m *message) more() bool { return m.wantsCmd || m.wantsDS }

// pdv returns the header and length of the next fragment; piece yields its n
// bytes.
func (m *message) pdv() (v pdu.PDV, n int) {
	v = pdu.PDV{ContextID: m.contextID, Command: m.wantsCmd}
	if m.wantsCmd {
		n = min(len(m.command), m.fragment)
		v.Last = n == len(m.command)
		m.wantsCmd = !v.Last
		return v, n
	}
	n = int(min(m.dataLeft, int64(m.fragment)))
	v.Last = int64(n) == m.dataLeft
	m.dataLeft -= int64(n)
	m.wantsDS = !v.Last
	return v, n
}

// piece takes the next contiguous bytes, at least one and at most n, of the
// command or data set.
func (m *message) piece(command bool, n int) []byte {
	if command {
		p := m.command[:n]
		m.command = m.command[n:]
		return p
	}
	for len(m.head) == 0 {
		m.head, m.data = m.data[0], m.data[1:]
	}
	p := m.head[:min(n, len(m.head))]
	m.head = m.head[len(p):]
	return p
}

// output writes chunks of whole PDUs. Not safe for concurrent use.
//
// On TCP the chunk is gathered by writev without copying. TLS has no writev,
// and neither has a wrapped connection, where net.Buffers would write every
// piece by itself: there the chunk is one buffer.
type output struct {
	conn     net.Conn
	vectored bool
	// torn says that a write has failed, so that no PDU can begin any more.
	torn bool

	headers []byte      // of gathered PDUs; never grows beyond its capacity
	iov     net.Buffers // the chunk, gathered
	rest    net.Buffers // of iov, while it is written
	flat    []byte      // or the chunk, coalesced
	traced  []byte
}

func (o *output) init(conn net.Conn) {
	o.conn = conn
	switch conn.(type) {
	case *net.TCPConn, *net.UnixConn:
		o.vectored = true
	}
}

// gather puts the next chunk of m together and reports whether more follows.
func (o *output) gather(m *message, trace TraceFunc) (more bool) {
	o.headers, o.iov, o.flat = o.headers[:0], o.iov[:0], o.flat[:0]
	vectored := o.vectored && m.fragment >= gatherFrom
	if vectored && o.headers == nil {
		o.headers = make([]byte, 0, chunkPDUs*dataHeaderLength)
	}
	size := 0
	for pdus := 0; m.more() && pdus < chunkPDUs; pdus++ {
		if size > 0 && size+dataHeaderLength+m.fragment > chunkBytes {
			break
		}
		v, n := m.pdv()
		size += dataHeaderLength + n
		if trace != nil {
			o.traced = pdu.AppendDataHeader(o.traced[:0], v, n)
		}
		if vectored {
			at := len(o.headers)
			o.headers = pdu.AppendDataHeader(o.headers, v, n)
			o.iov = append(o.iov, o.headers[at:])
		} else {
			o.flat = pdu.AppendDataHeader(o.flat, v, n)
		}
		for left := n; left > 0; {
			p := m.piece(v.Command, left)
			left -= len(p)
			if vectored {
				o.iov = append(o.iov, p)
			} else {
				o.flat = append(o.flat, p...)
			}
			if trace != nil {
				room := pdu.HeaderLength + TracePrefix - len(o.traced)
				o.traced = append(o.traced, p[:max(0, min(room, len(p)))]...)
			}
		}
		if trace != nil {
			trace(TraceEvent{Time: time.Now(), Sent: true, PDU: o.traced, FullLength: dataHeaderLength + int64(n)})
		}
	}
	return m.more()
}

// whole makes b the chunk.
func (o *output) whole(b []byte, trace TraceFunc) {
	o.iov, o.flat = o.iov[:0], append(o.flat[:0], b...)
	if trace != nil {
		trace(TraceEvent{Time: time.Now(), Sent: true, PDU: b, FullLength: int64(len(b))})
	}
}

// flush writes the chunk.
func (o *output) flush() (err error) {
	if len(o.iov) > 0 {
		o.rest = o.iov // WriteTo consumes what it is called on
		_, err = o.rest.WriteTo(o.conn)
		o.rest = nil
		clear(o.iov) // don't keep the caller's data
	} else if len(o.flat) > 0 {
		_, err = o.conn.Write(o.flat)
	}
	if err != nil {
		o.torn = true
	}
	return err
}
