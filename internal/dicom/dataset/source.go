package dataset

import (
	"compress/flate"
	"errors"
	"fmt"
	"io"
)

// source gives a decoder its bytes: from memory, which it aliases, or from a
// reader, in chunks that are never overwritten, so that values may alias them.
type source struct {
	buf  []byte
	off  int       // next byte in buf
	base int64     // offset of buf[0] in the data set
	r    io.Reader // nil: buf is all there is
	err  error     // sticky error of r
}

// chunkBytes is what is taken for a chunk: the header of a usual image.
const chunkBytes = 8 << 10

// pos returns the offset of the next byte.
func (s *source) pos() int64 { return s.base + int64(s.off) }

// buffered returns the number of bytes that can be had without reading.
func (s *source) buffered() int { return len(s.buf) - s.off }

// fill makes n bytes available at buf[off:]. It returns io.EOF if there is not a
// single one, io.ErrUnexpectedEOF if there are fewer than n. Memory is taken as
// the bytes arrive, at most twice their number: n is a peer's word.
func (s *source) fill(n int) error {
	for s.buffered() < n {
		if s.r != nil && s.err == nil {
			s.more(n)
			continue
		}
		switch {
		case s.err != nil && s.err != io.EOF:
			return s.err
		case s.buffered() == 0:
			return io.EOF
		}
		return io.ErrUnexpectedEOF
	}
	return nil
}

// more reads at least one byte towards n, or sets err.
func (s *source) more(n int) {
	have := s.buffered()
	if cap(s.buf)-len(s.buf) < n-have {
		next := make([]byte, have, max(chunkBytes, min(n, 2*have)))
		copy(next, s.buf[s.off:])
		s.base += int64(s.off)
		s.buf, s.off = next, 0
	}
	free := s.buf[len(s.buf):cap(s.buf)]
	read, err := io.ReadAtLeast(s.r, free, min(n-have, len(free)))
	s.buf = s.buf[:len(s.buf)+read]
	s.err = err
}

// pass copies up to len(b) bytes without keeping them, those in buf first.
func (s *source) pass(b []byte) (int, error) {
	if s.buffered() > 0 {
		n := copy(b, s.buf[s.off:])
		s.off += n
		return n, nil
	}
	if s.r == nil {
		return 0, io.EOF
	}
	if s.err != nil {
		return 0, s.err
	}
	n, err := s.r.Read(b)
	s.base += int64(s.off) + int64(n)
	s.buf, s.off = nil, 0
	s.err = err
	if n > 0 {
		return n, nil
	}
	return 0, err
}

// newSource returns a source that reads r, inflating if ts is deflated.
func newSource(r io.Reader, ts TransferSyntax, l Limits) source {
	if ts.IsDeflated() {
		r = &limitedInflater{r: flate.NewReader(r), left: l.MaxInflatedBytes}
	}
	return source{r: r}
}

// inputError turns an error of a source into one for the caller: a *FormatError
// when the input is at fault, and the reader's own error otherwise.
func inputError(err error, e FormatError) error {
	var corrupt flate.CorruptInputError
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		e.cause = io.ErrUnexpectedEOF
		if e.Reason == "" {
			e.Reason = "the data set ends here"
		}
	case errors.As(err, &corrupt):
		e.Reason = "the deflate stream is corrupt"
	case err == errInflatedTooLong:
		e.Reason = err.Error()
	default:
		return fmt.Errorf("dataset: reading after byte %d: %w", e.Offset, err)
	}
	return &e
}
