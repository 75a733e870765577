package dataset

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

const undefinedLength = 0xFFFFFFFF

// Parse reads a bare data set, one without preamble and file meta information.
// The values of the result alias b, but for those of a deflated or big endian
// data set.
//
// Without explicit VRs the dictionary gives them: see VROf. Pixel Representation
// (0028,0103) decides between US and SS. An element of undefined length that the
// dictionary does not know is a sequence then, because nothing else can have an
// undefined length; in an explicit encoding a UN of undefined length stays UN and
// has its items, which are implicit little endian (PS3.5 6.2.2).
//
// A data set that breaks PS3.5, exceeds l, or ends inside of an element is a
// *FormatError. One that ends between two elements cannot be told from a whole
// one. Group lengths are read as elements and not believed.
func Parse(b []byte, ts TransferSyntax, l Limits) (*Set, error) {
	l = l.withDefaults()
	if ts.IsDeflated() {
		inflated, err := inflate(b, l)
		if err != nil {
			return nil, err
		}
		b = inflated
	}
	d, err := newDecoder(ts, l)
	if err != nil {
		return nil, err
	}
	d.source = source{buf: b}
	s := &Set{}
	if err := d.elements(s, d.top(), -1); err != nil {
		return nil, err
	}
	return s, nil
}

// inflate returns the inflated data set. See PS3.5 A.5: one NUL may follow the
// stream to make it even.
func inflate(b []byte, l Limits) ([]byte, error) {
	in := bytes.NewReader(b)
	var out bytes.Buffer
	_, err := out.ReadFrom(&limitedInflater{r: flate.NewReader(in), left: l.MaxInflatedBytes})
	if err != nil {
		e := FormatError{Offset: int64(out.Len())}
		if errors.Is(err, io.ErrUnexpectedEOF) {
			e.Reason = "the deflate stream ends too early"
		}
		return nil, inputError(err, e)
	}
	if n := in.Len(); n > 1 || n == 1 && b[len(b)-1] != 0 {
		return nil, &FormatError{Offset: int64(out.Len()), Reason: fmt.Sprintf("%d bytes follow the deflate stream", n)}
	}
	return out.Bytes(), nil
}

// decoder reads one data set.
type decoder struct {
	source
	limits       Limits
	count        int // elements, items and fragments so far
	ts           TransferSyntax
	encapsulated bool
	stop         *header // set when the top level's pixels are to be streamed
	found        bool    // stop has been filled
}

// level is what differs from one nesting to the next.
type level struct {
	explicit, big bool
	// signed says that Pixel Representation (0028,0103), here or around, is 1.
	signed bool
	depth  int
	// delimited says that a delimiter ends the sequence or item.
	delimited bool
	// end is the offset at which the innermost defined length around ends, -1 if
	// there is none. Without delimited it ends the sequence or item too.
	end int64
}

// header is what precedes a value.
type header struct {
	offset    int64
	tag       Tag
	vr        VR
	length    uint32
	undefined bool
}

func newDecoder(ts TransferSyntax, l Limits) (*decoder, error) {
	if !ts.IsKnown() {
		return nil, fmt.Errorf("dataset: transfer syntax %q is not known, so its data sets cannot be read", string(ts))
	}
	return &decoder{limits: l, ts: ts, encapsulated: ts.IsEncapsulated()}, nil
}

func (d *decoder) top() level {
	return level{explicit: d.ts.IsExplicit(), big: d.ts.IsBigEndian(), end: -1}
}

// inside returns the level within a sequence or item whose header, just read, is
// h.
func (d *decoder) inside(h header, lv level) (level, error) {
	lv.delimited = h.undefined
	if h.undefined {
		return lv, nil
	}
	end := d.pos() + int64(h.length)
	if lv.end >= 0 && end > lv.end {
		return lv, d.fail(h, lv, "its length of %d goes beyond the item or sequence around, which has %d bytes left", h.length, lv.end-d.pos())
	}
	if d.r == nil && end > int64(len(d.buf)) {
		return lv, d.cut(io.ErrUnexpectedEOF, h, lv)
	}
	lv.end = end
	return lv, nil
}

// elements reads elements into s up to the end of lv, or of the input at the top
// level. Tags must be greater than last, which is -1 if anything goes.
func (d *decoder) elements(s *Set, lv level, last int64) error {
	if !lv.delimited && d.pos() == lv.end {
		return nil
	}
	s.elements = make([]Element, 0, d.guess(lv))
	for {
		if !lv.delimited && d.pos() == lv.end {
			return nil
		}
		if lv.depth == 0 {
			if err := d.fill(1); err == io.EOF {
				return nil
			} else if err != nil {
				return d.cut(err, header{offset: d.pos()}, lv)
			}
		}
		h, err := d.header(lv)
		if err != nil {
			return err
		}
		if h.tag.Group() == 0xFFFE {
			if h.tag == ItemDelimitation && lv.delimited {
				if h.length != 0 {
					return d.fail(h, lv, "an Item Delimitation Item has the length %d instead of 0", h.length)
				}
				return nil
			}
			return d.fail(h, lv, "an item or delimiter stands where an element must be")
		}
		switch {
		case int64(h.tag) == last:
			return d.fail(h, lv, "the element occurs twice (PS3.5 7.1)")
		case int64(h.tag) < last:
			return d.fail(h, lv, "the element comes after %v: not in ascending order (PS3.5 7.1)", Tag(last))
		}
		last = int64(h.tag)
		if d.stop != nil && lv.depth == 0 && isPixels(h.tag) {
			*d.stop, d.found = h, true
			return nil
		}
		if d.count++; d.count > d.limits.MaxElements {
			return d.fail(h, lv, "more than %d elements and items", d.limits.MaxElements)
		}
		s.elements = append(s.elements, Element{Tag: h.tag, VR: h.vr, UndefinedLength: h.undefined})
		if err := d.value(s, len(s.elements)-1, h, lv); err != nil {
			return err
		}
		if h.tag == PixelRepresentation {
			if v := s.elements[len(s.elements)-1].Value; len(v) == 2 {
				lv.signed = v[0] == 1
			}
		}
	}
}

// guess returns how many elements to make room for.
func (d *decoder) guess(lv level) int {
	switch {
	case lv.depth == 0 && d.r == nil:
		return min(d.buffered()/10+1, 192)
	case lv.depth == 0:
		return 192
	case !lv.delimited:
		return int(min((lv.end-d.pos())/16+1, 16))
	}
	return 4
}

// header reads tag, VR and length.
func (d *decoder) header(lv level) (header, error) {
	h := header{offset: d.pos()}
	b, err := d.take(8, h, lv)
	if err != nil {
		return h, err
	}
	var order binary.ByteOrder = binary.LittleEndian
	if lv.big {
		order = binary.BigEndian
		h.tag = NewTag(binary.BigEndian.Uint16(b), binary.BigEndian.Uint16(b[2:]))
	} else {
		h.tag = NewTag(binary.LittleEndian.Uint16(b), binary.LittleEndian.Uint16(b[2:]))
	}
	if h.tag.Group() == 0xFFFE || !lv.explicit {
		h.length = order.Uint32(b[4:])
		h.undefined = h.length == undefinedLength
		if h.tag.Group() != 0xFFFE {
			d.implicitVR(&h, lv)
		}
		return h, nil
	}
	vr, known := knownVR(b[4], b[5])
	if !known {
		if b[4] < 'A' || b[4] > 'Z' || b[5] < 'A' || b[5] > 'Z' {
			return h, d.fail(h, lv, "the VR is %#02x %#02x, not two capital letters", b[4], b[5])
		}
		vr = VR(b[4:6])
	}
	h.vr = vr
	if vr.hasShortLength() {
		h.length = uint32(order.Uint16(b[6:]))
		return h, nil
	}
	if b, err = d.take(4, h, lv); err != nil {
		return h, err
	}
	h.length = order.Uint32(b)
	h.undefined = h.length == undefinedLength
	return h, nil
}

// implicitVR gives h the VR of the dictionary.
func (d *decoder) implicitVR(h *header, lv level) {
	vr, usOrSS := dictionaryVR(h.tag)
	switch {
	case vr == VRUN && h.undefined:
		vr = VRSQ
	case usOrSS && lv.signed:
		vr = VRSS
	}
	h.vr = vr
}

// value reads the value of s.elements[i], whose header is h.
func (d *decoder) value(s *Set, i int, h header, lv level) error {
	inner := lv
	inner.depth++
	switch {
	case h.vr == VRSQ:
	case !h.undefined:
		b, err := d.bytes(h, lv)
		if err != nil {
			return err
		}
		if lv.big {
			b = swapped(b, h.vr)
		}
		s.elements[i].Value = b
		return nil
	case h.vr == VRUN:
		inner.explicit, inner.big = false, false
	case h.tag == PixelData && (h.vr == VROB || h.vr == VROW):
		if !d.encapsulated || !lv.explicit {
			return d.fail(h, lv, "encapsulated pixel data in %s", d.ts.Name())
		}
		fragments, err := d.fragments(h, lv)
		s.elements[i].Fragments = fragments
		return err
	default:
		return d.fail(h, lv, "undefined length with the VR %s", h.vr)
	}
	if inner.depth > d.limits.MaxDepth {
		return d.fail(h, lv, "sequences are nested deeper than %d", d.limits.MaxDepth)
	}
	inner, err := d.inside(h, inner)
	if err != nil {
		return err
	}
	items, err := d.items(s, h, inner)
	s.elements[i].Items = items
	return err
}

// items reads the items of a sequence of s up to the end of lv.
func (d *decoder) items(s *Set, seq header, lv level) ([]*Set, error) {
	var items []*Set
	for lv.delimited || d.pos() < lv.end {
		h, err := d.item(seq, lv)
		if err != nil || h.tag == SequenceDelimitation {
			return items, err
		}
		item := &Set{outer: s, delimited: h.undefined}
		inner, err := d.inside(header{offset: h.offset, tag: seq.tag, length: h.length, undefined: h.undefined}, lv)
		if err != nil {
			return items, err
		}
		if err := d.elements(item, inner, -1); err != nil {
			return items, err
		}
		items = append(items, item)
	}
	return items, nil
}

// item reads the header of an item, or the delimiter of a sequence of undefined
// length. Its errors name the sequence.
func (d *decoder) item(seq header, lv level) (header, error) {
	at := header{offset: d.pos(), tag: seq.tag}
	h, err := d.header(level{big: lv.big, depth: lv.depth, end: lv.end})
	switch {
	case err != nil:
		var f *FormatError
		if errors.As(err, &f) {
			f.Tag = seq.tag
		}
		return h, err
	case h.tag == SequenceDelimitation && lv.delimited:
		if h.length != 0 {
			return h, d.fail(at, lv, "a Sequence Delimitation Item has the length %d instead of 0", h.length)
		}
		return h, nil
	case h.tag != Item:
		return h, d.fail(at, lv, "%v stands where an item must be", h.tag)
	}
	if d.count++; d.count > d.limits.MaxElements {
		return h, d.fail(at, lv, "more than %d elements and items", d.limits.MaxElements)
	}
	return h, nil
}

// fragments reads encapsulated pixel data. See PS3.5 A.4.
func (d *decoder) fragments(pixels header, lv level) ([][]byte, error) {
	fragments := [][]byte{}
	inner := level{depth: lv.depth, delimited: true, end: lv.end}
	for {
		h, err := d.item(pixels, inner)
		if err != nil || h.tag == SequenceDelimitation {
			return fragments, err
		}
		if h.undefined {
			return fragments, d.fail(header{offset: h.offset, tag: pixels.tag}, lv, "a fragment has an undefined length")
		}
		b, err := d.bytes(header{offset: h.offset, tag: pixels.tag, length: h.length}, lv)
		if err != nil {
			return fragments, err
		}
		fragments = append(fragments, b)
	}
}

// bytes reads a value of defined length.
func (d *decoder) bytes(h header, lv level) ([]byte, error) {
	if h.length == 0 {
		return nil, nil
	}
	if int64(h.length) > d.limits.MaxValueBytes {
		return nil, d.fail(h, lv, "a value of %d bytes exceeds the limit of %d", h.length, d.limits.MaxValueBytes)
	}
	if uint64(h.length) > uint64(maxInt) {
		return nil, d.fail(h, lv, "a value of %d bytes cannot be addressed on this machine", h.length)
	}
	return d.take(int(h.length), h, lv)
}

const maxInt = int(^uint(0) >> 1)

// take returns the next n bytes, which must lie in lv.
func (d *decoder) take(n int, h header, lv level) ([]byte, error) {
	if lv.end >= 0 && d.pos()+int64(n) > lv.end {
		return nil, d.fail(h, lv, "%d bytes are needed, but the item or sequence around has %d left", n, lv.end-d.pos())
	}
	if d.buffered() < n {
		if err := d.fill(n); err != nil {
			return nil, d.cut(err, h, lv)
		}
	}
	b := d.buf[d.off : d.off+n : d.off+n]
	d.off += n
	return b, nil
}

func (d *decoder) fail(h header, lv level, format string, args ...any) error {
	return &FormatError{Offset: h.offset, Tag: h.tag, Depth: lv.depth, Reason: fmt.Sprintf(format, args...)}
}

// cut returns the error for input that could not be read.
func (d *decoder) cut(err error, h header, lv level) error {
	e := FormatError{Offset: d.base + int64(len(d.buf)), Tag: h.tag, Depth: lv.depth}
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		e.Reason = fmt.Sprintf("the data set ends in the element that begins at byte %d", h.offset)
	}
	return inputError(err, e)
}

// isPixels reports whether t holds the pixels of an image. See PS3.3 C.7.6.3 and
// C.7.6.24.
func isPixels(t Tag) bool {
	return t == PixelData || t == FloatPixelData || t == DoubleFloatPixelData
}

// swapped returns a copy of b with the bytes of each word turned round.
func swapped(b []byte, vr VR) []byte {
	n := vr.wordSize()
	if n == 1 || len(b) == 0 {
		return b
	}
	c := make([]byte, len(b))
	i := 0
	for ; i+n <= len(b); i += n {
		for j := range n {
			c[i+j] = b[i+n-1-j]
		}
	}
	copy(c[i:], b[i:])
	return c
}
