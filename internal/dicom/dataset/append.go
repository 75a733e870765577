package dataset

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"math"
)

// Append appends the bare data set encoded in ts to dst.
//
// A set that came from [Parse] with the same ts is written byte for byte as it
// was, but for three things: a group length is written with its right value, the
// reserved bytes of an explicit VR are zero, and a deflated data set is deflated
// anew. Values are written as they are, also those of an odd length, which Put
// allows and the Put* methods never make. Sequences and items have the form that
// UndefinedLength gives them. A value too long for the 16-bit length of its VR is
// written as UN (PS3.5 6.2.2).
//
// It fails, and returns dst as it was, for a VR that is no VR, encapsulated pixel
// data in a transfer syntax that has none, and lengths that ts cannot express.
func (s *Set) Append(dst []byte, ts TransferSyntax) ([]byte, error) {
	if !ts.IsKnown() {
		return dst, fmt.Errorf("dataset: transfer syntax %q is not known, so nothing can be written in it", string(ts))
	}
	e := encoder{dst: dst, ts: ts}
	if ts.IsDeflated() {
		e.dst = nil
	}
	if err := e.set(s, ts.IsExplicit(), ts.IsBigEndian()); err != nil {
		return dst, err
	}
	if ts.IsDeflated() {
		return deflate(dst, e.dst)
	}
	return e.dst, nil
}

// deflate appends b deflated. See PS3.5 A.5.
func deflate(dst, b []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return dst, fmt.Errorf("dataset: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return dst, fmt.Errorf("dataset: %w", err)
	}
	if err := w.Close(); err != nil {
		return dst, fmt.Errorf("dataset: %w", err)
	}
	if out.Len()%2 == 1 {
		out.WriteByte(0)
	}
	return append(dst, out.Bytes()...), nil
}

type encoder struct {
	dst []byte
	ts  TransferSyntax
}

// set writes the elements of s.
func (e *encoder) set(s *Set, explicit, big bool) error {
	lengthAt := -1 // where the value of the current group length stands
	var group uint16
	for i := range s.elements {
		el := &s.elements[i]
		if lengthAt >= 0 && el.Tag.Group() != group {
			e.patch(lengthAt, big)
			lengthAt = -1
		}
		if err := e.element(el, explicit, big); err != nil {
			return err
		}
		if el.Tag.isGroupLength() && len(el.Value) == 4 {
			lengthAt, group = len(e.dst)-4, el.Tag.Group()
		}
	}
	if lengthAt >= 0 {
		e.patch(lengthAt, big)
	}
	return nil
}

// patch writes the number of bytes after the 4 at at into them.
func (e *encoder) patch(at int, big bool) {
	n := uint32(len(e.dst) - at - 4)
	if big {
		binary.BigEndian.PutUint32(e.dst[at:], n)
	} else {
		binary.LittleEndian.PutUint32(e.dst[at:], n)
	}
}

func (e *encoder) element(el *Element, explicit, big bool) error {
	if el.Tag.Group() == 0xFFFE {
		return fmt.Errorf("dataset: %v cannot be an element", el.Tag)
	}
	switch {
	case el.Fragments != nil:
		return e.fragments(el, explicit, big)
	case el.IsSequence():
		return e.sequence(el, explicit, big)
	case el.Items != nil:
		return fmt.Errorf("dataset: %v has items and the VR %q", el.Tag, string(el.VR))
	}
	vr := el.VR
	if vr == "" {
		vr = VROf(el.Tag)
	}
	n := len(el.Value)
	if uint64(n) >= undefinedLength {
		return fmt.Errorf("dataset: %v has %d bytes, more than a length of 32 bits can say", el.Tag, n)
	}
	if explicit && n > math.MaxUint16 && vr.hasShortLength() {
		if big {
			return fmt.Errorf("dataset: %v has %d bytes, more than the VR %s can have in %s", el.Tag, n, vr, e.ts.Name())
		}
		vr = VRUN
	}
	if err := e.header(el.Tag, vr, uint32(n), explicit, big); err != nil {
		return err
	}
	v := el.Value
	if big {
		v = swapped(v, vr)
	}
	e.dst = append(e.dst, v...)
	return nil
}

func (e *encoder) sequence(el *Element, explicit, big bool) error {
	undefined := el.UndefinedLength
	itemsExplicit, itemsBig := explicit, big
	if explicit && el.VR == VRUN {
		// Only an undefined length says that a UN has items, and they are
		// implicit: PS3.5 6.2.2.
		undefined, itemsExplicit, itemsBig = true, false, false
	}
	length := uint32(0)
	if undefined {
		length = undefinedLength
	}
	if err := e.header(el.Tag, el.VR, length, explicit, big); err != nil {
		return err
	}
	start := len(e.dst)
	for _, item := range el.Items {
		e.delimiter(Item, undefinedLength, itemsBig)
		itemStart := len(e.dst)
		if err := e.set(item, itemsExplicit, itemsBig); err != nil {
			return err
		}
		if item.delimited {
			e.delimiter(ItemDelimitation, 0, itemsBig)
		} else if err := e.close(itemStart, el.Tag, itemsBig); err != nil {
			return err
		}
	}
	if undefined {
		e.delimiter(SequenceDelimitation, 0, itemsBig)
		return nil
	}
	return e.close(start, el.Tag, big)
}

// close writes the length of what begins at start into the 4 bytes before.
func (e *encoder) close(start int, t Tag, big bool) error {
	if n := len(e.dst) - start; uint64(n) >= undefinedLength {
		return fmt.Errorf("dataset: %v or an item of it has %d bytes, more than a length of 32 bits can say", t, n)
	}
	e.patch(start-4, big)
	return nil
}

// fragments writes encapsulated pixel data. See PS3.5 A.4.
func (e *encoder) fragments(el *Element, explicit, big bool) error {
	if !explicit || big || !e.ts.IsEncapsulated() {
		return fmt.Errorf("dataset: %v is encapsulated, which %s is not", el.Tag, e.ts.Name())
	}
	if el.Tag != PixelData || el.VR != VROB && el.VR != VROW {
		return fmt.Errorf("dataset: %v with the VR %q cannot have fragments", el.Tag, string(el.VR))
	}
	if err := e.header(el.Tag, el.VR, undefinedLength, explicit, big); err != nil {
		return err
	}
	for _, f := range el.Fragments {
		if uint64(len(f)) >= undefinedLength {
			return fmt.Errorf("dataset: a fragment of %v has %d bytes, more than a length of 32 bits can say", el.Tag, len(f))
		}
		e.delimiter(Item, uint32(len(f)), big)
		e.dst = append(e.dst, f...)
	}
	e.delimiter(SequenceDelimitation, 0, big)
	return nil
}

// delimiter writes the header of an item, or a delimitation item.
func (e *encoder) delimiter(t Tag, length uint32, big bool) {
	e.tag(t, big)
	e.uint32(length, big)
}

// header writes what precedes a value. See PS3.5 7.1.
func (e *encoder) header(t Tag, vr VR, length uint32, explicit, big bool) error {
	if explicit {
		if len(vr) != 2 || vr[0] < 'A' || vr[0] > 'Z' || vr[1] < 'A' || vr[1] > 'Z' {
			return fmt.Errorf("dataset: %v has %q for a VR", t, string(vr))
		}
	}
	e.tag(t, big)
	switch {
	case !explicit:
	case vr.hasShortLength():
		e.dst = append(e.dst, vr[0], vr[1])
		if big {
			e.dst = binary.BigEndian.AppendUint16(e.dst, uint16(length))
		} else {
			e.dst = binary.LittleEndian.AppendUint16(e.dst, uint16(length))
		}
		return nil
	default:
		e.dst = append(e.dst, vr[0], vr[1], 0, 0)
	}
	e.uint32(length, big)
	return nil
}

func (e *encoder) tag(t Tag, big bool) {
	if big {
		e.dst = binary.BigEndian.AppendUint32(e.dst, uint32(t))
	} else {
		e.dst = append(e.dst, byte(t>>16), byte(t>>24), byte(t), byte(t>>8))
	}
}

func (e *encoder) uint32(n uint32, big bool) {
	if big {
		e.dst = binary.BigEndian.AppendUint32(e.dst, n)
	} else {
		e.dst = binary.LittleEndian.AppendUint32(e.dst, n)
	}
}
