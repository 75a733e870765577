package dataset

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
)

// Template is a data set encoded once, in which the values of some elements, the
// slots, are filled in each time it is rendered: for headers that are sent by the
// thousand and differ in a few values. It may be used by several goroutines.
type Template struct {
	ts    TransferSyntax
	slots []slot // in ascending order of their tags
	tail  []byte // what follows the last slot
	fixed int    // bytes of everything but the values of the slots
}

// slot is an element to be filled in.
type slot struct {
	before []byte // what precedes its length
	tag    Tag
	vr     VR
	index  int // among the values given to Render
}

// NewTemplate encodes s in ts, which must not be deflated. The slots must be
// elements of s itself, not of an item, with a value; what value they have does
// not matter, and that of Render may have another length. Group lengths of s are
// left out, since they would be wrong. s is neither changed nor kept.
func NewTemplate(s *Set, ts TransferSyntax, slots ...Tag) (*Template, error) {
	if ts.IsDeflated() {
		return nil, fmt.Errorf("dataset: a template cannot be in %s", ts.Name())
	}
	t := &Template{ts: ts}
	run := &Set{outer: s.outer}
	for e := range s.All() {
		if e.Tag.isGroupLength() {
			continue
		}
		i := slices.Index(slots, e.Tag)
		if i < 0 {
			run.elements = append(run.elements, *e)
			continue
		}
		if e.IsSequence() || e.Fragments != nil {
			return nil, fmt.Errorf("dataset: %v has no plain value, so it cannot be a slot of a template", e.Tag)
		}
		before, err := run.Append(nil, ts)
		if err != nil {
			return nil, err
		}
		vr := e.VR
		if vr == "" {
			vr = VROf(e.Tag)
		}
		enc := encoder{dst: before, ts: ts}
		if err := enc.header(e.Tag, vr, 0, ts.IsExplicit(), ts.IsBigEndian()); err != nil {
			return nil, err
		}
		sl := slot{before: enc.dst, tag: e.Tag, vr: vr, index: i}
		sl.before = sl.before[:len(sl.before)-t.lengthBytes(vr)]
		t.fixed += len(enc.dst)
		t.slots = append(t.slots, sl)
		run.elements = run.elements[:0]
	}
	if len(t.slots) != len(slots) {
		for i, tag := range slots {
			if !s.Has(tag) {
				return nil, fmt.Errorf("dataset: %v is not in the data set, so it cannot be a slot of a template", tag)
			}
			if slices.Contains(slots[:i], tag) {
				return nil, fmt.Errorf("dataset: %v is twice a slot of a template", tag)
			}
		}
		return nil, fmt.Errorf("dataset: a group length cannot be a slot of a template")
	}
	var err error
	t.tail, err = run.Append(nil, ts)
	t.fixed += len(t.tail)
	return t, err
}

// lengthBytes returns how wide the length of an element with vr is.
func (t *Template) lengthBytes(vr VR) int {
	if t.ts.IsExplicit() && vr.hasShortLength() {
		return 2
	}
	return 4
}

// Render returns the data set with one value for each slot, in the order in which
// NewTemplate was given the slots. Values are put as [Set.PutString] puts them:
// bytes as they are, several joined with a backslash, padded here to an even
// length. It fails for a wrong number of values or one too long for its VR.
func (t *Template) Render(values ...string) ([]byte, error) {
	n := t.fixed
	for _, v := range values {
		n += len(v) + 1
	}
	return t.AppendTo(make([]byte, 0, n), values...)
}

// AppendTo is Render into dst, which it returns as it was on an error.
func (t *Template) AppendTo(dst []byte, values ...string) ([]byte, error) {
	if len(values) != len(t.slots) {
		return dst, fmt.Errorf("dataset: a template of %d slots was given %d values", len(t.slots), len(values))
	}
	out, big := dst, t.ts.IsBigEndian()
	for i := range t.slots {
		sl := &t.slots[i]
		v := values[sl.index]
		n := len(v) + len(v)%2
		out = append(out, sl.before...)
		switch short := t.lengthBytes(sl.vr) == 2; {
		case short && n > math.MaxUint16, uint64(n) >= undefinedLength:
			return dst, fmt.Errorf("dataset: a value of %d bytes is too long for the slot %v with the VR %s", len(v), sl.tag, sl.vr)
		case short && big:
			out = binary.BigEndian.AppendUint16(out, uint16(n))
		case short:
			out = binary.LittleEndian.AppendUint16(out, uint16(n))
		case big:
			out = binary.BigEndian.AppendUint32(out, uint32(n))
		default:
			out = binary.LittleEndian.AppendUint32(out, uint32(n))
		}
		start := len(out)
		out = append(out, v...)
		if len(v)%2 == 1 {
			out = append(out, sl.vr.padding())
		}
		if big {
			copy(out[start:], swapped(out[start:], sl.vr))
		}
	}
	return append(out, t.tail...), nil
}
