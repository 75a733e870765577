package ul

import (
	"fmt"
	"io"
	"net"

	"pacsuat/internal/dicom/pdu"
)

// Buffer sizes of a stream. Memory follows what arrives, never what a length
// field claims.
const (
	minBuffer = 16 << 10
	maxBuffer = 512 << 10
)

// stream buffers what arrives and keeps the place inside a P-DATA-TF. Not safe
// for concurrent use.
type stream struct {
	conn       net.Conn
	beforeRead func() // re-arms TCP_QUICKACK; may be nil
	buf        []byte
	r, w       int // buf[r:w] has arrived and is not consumed

	length   int64   // of the body of the current P-DATA-TF
	body     int64   // bytes left in it, behind the current fragment
	fragment int64   // bytes left in the current fragment
	pdv      pdu.PDV // header of the current fragment
	pending  bool    // a fragment, possibly empty, is to be delivered
}

// buffered is what has arrived and is not consumed.
func (s *stream) buffered() []byte { return s.buf[s.r:s.w] }

// consume takes n buffered bytes, valid until the next reserve.
func (s *stream) consume(n int) []byte {
	b := s.buf[s.r : s.r+n : s.r+n]
	s.r += n
	return b
}

// reserve makes room to read more, where n unconsumed bytes are wanted in all.
// It grows a buffer only when that is full.
func (s *stream) reserve(n int) {
	if s.r == s.w {
		s.r, s.w = 0, 0
	}
	if len(s.buf)-s.r >= n && s.w < len(s.buf) {
		return
	}
	s.w = copy(s.buf, s.buf[s.r:s.w])
	s.r = 0
	if s.w == len(s.buf) {
		s.grow()
	}
}

// grow doubles the buffer. What has been consumed stays as it is.
func (s *stream) grow() {
	bigger := make([]byte, max(minBuffer, 2*len(s.buf)))
	s.w = copy(bigger, s.buf[s.r:s.w])
	s.r, s.buf = 0, bigger
}

// read reads once, what there is.
func (s *stream) read() error {
	if s.beforeRead != nil {
		s.beforeRead()
	}
	n, err := s.conn.Read(s.buf[s.w:])
	s.w += n
	if n > 0 {
		return nil // an error that came with bytes comes again
	}
	if err == nil {
		return io.ErrNoProgress
	}
	return err
}

// malformed describes where the current P-DATA-TF is wrong.
func (s *stream) malformed(field, reason string) *pdu.FormatError {
	return &pdu.FormatError{PDU: pdu.TypePDataTF.String(), Field: field,
		Offset: pdu.HeaderLength + int(s.length-s.body), Reason: reason}
}

// pdvHeader takes the header of the next PDV off a body that has begun. It
// returns the reason when the lengths do not fit each other.
func (s *stream) pdvHeader() (reason string) {
	v, length := pdu.ParsePDVHeader([pdu.PDVHeaderLength]byte(s.buffered()))
	switch {
	case length < 2:
		return fmt.Sprintf("length %d is less than its two-byte header", length)
	case length+4 > s.body:
		return fmt.Sprintf("is %d bytes long, %d are left", length, s.body-4)
	}
	s.consume(pdu.PDVHeaderLength)
	s.body -= length + 4
	s.fragment, s.pdv = length-2, v
	s.pending = true
	return ""
}
