package dataset

import (
	"errors"
	"fmt"
	"io"
)

// Limits bounds what is read from a peer. A zero field stands for its default.
type Limits struct {
	// MaxDepth is how deep sequences may be nested; 32 by default, 1000 at most.
	MaxDepth int
	// MaxElements is how many elements, items and fragments there may be in the
	// whole data set; 1<<20 by default.
	MaxElements int
	// MaxValueBytes is the greatest length of one value or fragment; 1<<30 by
	// default. The length of a sequence, and of pixels that are streamed, is not
	// limited.
	MaxValueBytes int64
	// MaxInflatedBytes is the greatest size of a deflated data set when it is
	// inflated, streamed pixels included; 1<<30 by default.
	MaxInflatedBytes int64
}

func (l Limits) withDefaults() Limits {
	if l.MaxDepth <= 0 {
		l.MaxDepth = 32
	}
	l.MaxDepth = min(l.MaxDepth, 1000)
	if l.MaxElements <= 0 {
		l.MaxElements = 1 << 20
	}
	if l.MaxValueBytes <= 0 {
		l.MaxValueBytes = 1 << 30
	}
	if l.MaxInflatedBytes <= 0 {
		l.MaxInflatedBytes = 1 << 30
	}
	return l
}

// FormatError says where a data set breaks PS3.5, or exceeds Limits. A data set
// that ends too early also is an io.ErrUnexpectedEOF.
type FormatError struct {
	// Offset is where the offending item or element begins, or the input ends, in
	// bytes from the begin of the data set, inflated if it was deflated.
	Offset int64
	// Tag is the element that was being read, 0 if none was.
	Tag Tag
	// Depth is the number of sequences around it.
	Depth int
	// Reason is a sentence without a value of the data set.
	Reason string

	cause error
}

// Error implements error.
func (e *FormatError) Error() string {
	at := ""
	if e.Tag != 0 {
		at = " in " + e.Tag.String()
	}
	if e.Depth > 0 {
		at += fmt.Sprintf(" at depth %d", e.Depth)
	}
	return fmt.Sprintf("dataset: byte %d%s: %s", e.Offset, at, e.Reason)
}

// Unwrap returns io.ErrUnexpectedEOF if the input ended too early.
func (e *FormatError) Unwrap() error { return e.cause }

var errInflatedTooLong = errors.New("deflated data set exceeds the limit on its inflated size")

// limitedInflater ends with errInflatedTooLong after left bytes.
type limitedInflater struct {
	r    io.Reader
	left int64
}

func (l *limitedInflater) Read(b []byte) (int, error) {
	if l.left <= 0 {
		// Is there more, or does the stream end exactly at the limit?
		var one [1]byte
		n, err := l.r.Read(one[:])
		if n > 0 {
			return 0, errInflatedTooLong
		}
		return 0, err
	}
	n, err := l.r.Read(b[:min(int64(len(b)), l.left)])
	l.left -= int64(n)
	return n, err
}
