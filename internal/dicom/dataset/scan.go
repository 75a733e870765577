package dataset

import (
	"errors"
	"io"
)

// ScanHeader reads a bare data set from r up to the pixels of the top level: Pixel
// Data, or Float or Double Float Pixel Data. The Set holds everything before them,
// the PixelStream is nil if there are none and gives their value otherwise. What
// r has after the pixels is read by [PixelStream.Trailer].
//
// It reads no more of r than r has to give at once: a Read that would block is
// made only when its bytes are needed. Errors are those of [Parse]; one of r
// itself is wrapped, so that a context's end or a network error can be told from
// a bad data set. What r has after a deflate stream is not looked at.
func ScanHeader(r io.Reader, ts TransferSyntax, l Limits) (*Set, *PixelStream, error) {
	l = l.withDefaults()
	d, err := newDecoder(ts, l)
	if err != nil {
		return nil, nil, err
	}
	d.source = newSource(r, ts, l)
	d.stop = &header{}
	s := &Set{}
	if err := d.elements(s, d.top(), -1); err != nil {
		return nil, nil, err
	}
	if !d.found {
		return s, nil, nil
	}
	p := &PixelStream{Tag: d.stop.tag, VR: d.stop.vr, Length: int64(d.stop.length), d: d, header: s, h: *d.stop}
	switch {
	case !p.h.undefined:
		p.left = p.Length
	case d.encapsulated && p.Tag == PixelData && (p.VR == VROB || p.VR == VROW):
		p.Length = -1
	case d.encapsulated:
		return nil, nil, d.fail(p.h, d.top(), "undefined length with the VR %s", p.VR)
	default:
		return nil, nil, d.fail(p.h, d.top(), "encapsulated pixel data in %s", ts.Name())
	}
	return s, p, nil
}

// PixelStream is the value of the pixels of a data set that is being read. It is
// not safe for concurrent use.
type PixelStream struct {
	// Tag is Pixel Data, Float Pixel Data or Double Float Pixel Data.
	Tag Tag
	VR  VR
	// Length is the length of the value in bytes, padding included, -1 for
	// encapsulated pixel data.
	Length int64

	d      *decoder
	header *Set
	h      header
	left   int64 // bytes that may be passed on before the next item header
	last   bool  // left ends with the Sequence Delimitation Item
	err    error // sticky
}

// Read gives the value as it is on the wire: big endian words are not turned
// round, and the value of encapsulated pixel data is its items with their headers
// and the Sequence Delimitation Item at the end. It returns io.EOF at the end of
// the value, and a *FormatError if the data set ends before.
func (p *PixelStream) Read(b []byte) (int, error) {
	if p.err != nil || len(b) == 0 {
		return 0, p.err
	}
	if p.left == 0 {
		if p.err = p.next(); p.err != nil {
			return 0, p.err
		}
	}
	n, err := p.d.pass(b[:min(int64(len(b)), p.left)])
	p.left -= int64(n)
	if err != nil {
		p.err = p.d.cut(err, p.h, p.d.top())
	}
	if n > 0 {
		return n, nil
	}
	return 0, p.err
}

// next looks at the next item of encapsulated pixel data, without taking it.
func (p *PixelStream) next() error {
	if p.Length >= 0 || p.last {
		return io.EOF
	}
	d := p.d
	if err := d.fill(8); err != nil {
		return d.cut(err, p.h, d.top())
	}
	off := d.off
	h, err := d.item(p.h, level{delimited: true, end: -1})
	d.off = off // the header itself is part of the value
	switch {
	case err != nil:
		return err
	case h.undefined:
		return d.fail(header{offset: h.offset, tag: p.Tag}, d.top(), "a fragment has an undefined length")
	case h.tag == SequenceDelimitation:
		p.last = true
	}
	p.left = 8 + int64(h.length)
	return nil
}

// Trailer reads what follows the pixels up to the end of the data set, nearly
// always nothing or Data Set Trailing Padding. What has not been read of the
// pixels is skipped. The Set may be empty and is never nil without an error.
func (p *PixelStream) Trailer() (*Set, error) {
	if _, err := io.Copy(io.Discard, struct{ io.Reader }{p}); err != nil {
		return nil, err
	}
	if !errors.Is(p.err, io.EOF) {
		return nil, p.err
	}
	d := p.d
	d.stop = nil
	s := &Set{outer: p.header}
	if err := d.elements(s, d.top(), int64(p.Tag)); err != nil {
		return nil, err
	}
	return s, nil
}
