package dataset

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
)

// DifferenceKind classes a Difference.
type DifferenceKind int

// The kinds of differences.
const (
	Missing      DifferenceKind = iota + 1 // wanted, but not there
	Added                                  // there, but not wanted
	VRChanged                              // the same bytes, or not, with another VR
	ValueChanged                           // another value
	ItemsChanged                           // another number of items or fragments
	TextChanged                            // DS or IS: the same number in another text
)

// String returns the kind in words.
func (k DifferenceKind) String() string {
	switch k {
	case Missing:
		return "missing"
	case Added:
		return "added"
	case VRChanged:
		return "VR changed"
	case ValueChanged:
		return "value changed"
	case ItemsChanged:
		return "items changed"
	case TextChanged:
		return "same number, other text"
	}
	return "DifferenceKind(" + strconv.Itoa(int(k)) + ")"
}

// Difference is one way in which two data sets differ. It never holds a value.
type Difference struct {
	// Path leads to the element, "(0040,0275)[1].(0008,0104)"; items count from 0.
	Path string
	Tag  Tag
	Kind DifferenceKind
	// Detail gives VRs, lengths, counts and positions.
	Detail string
}

// String returns path, keyword, kind and detail in one line.
func (d Difference) String() string {
	s := d.Path
	if k := d.Tag.Keyword(); k != "" {
		s += " " + k
	}
	s += ": " + d.Kind.String()
	if d.Detail != "" {
		s += ", " + d.Detail
	}
	return s
}

// CompareOptions says what Compare passes over.
type CompareOptions struct {
	// Ignore are tags that may differ, wherever they are.
	Ignore []Tag
}

// Compare returns how got differs from want, in the order of the elements, and
// nothing if they hold the same values. Forms of encoding are no differences:
//
//   - group lengths and group 0002 are passed over;
//   - padding at the end of a value is (PS3.5 6.2), as are defined against
//     undefined lengths;
//   - UN is any VR with the same bytes where the dictionary does not give the tag
//     a VR (private and unknown ones), and where the value is too long for its VR;
//     OB and OW, and US and SS, are each other where the dictionary leaves the
//     choice; a UN whose bytes are implicit items is a sequence;
//   - text is compared in characters where the Specific Character Set differs: then
//     (0008,0005) itself is the one difference, unless ignored;
//   - encapsulated pixel data may be cut into other fragments if there is only one
//     frame, and the Basic Offset Table may be empty on one side (PS3.5 A.4).
//
// Sequences are compared item by item in their order; when their numbers of items
// differ that is the difference, and the items are not looked into. Pixel Data is
// compared as bytes. A nil Set is an empty one.
func Compare(want, got *Set, o CompareOptions) []Difference {
	c := comparer{ignore: o.Ignore}
	if want == nil {
		want = &Set{}
	}
	if got == nil {
		got = &Set{}
	}
	c.sets("", want, got)
	return c.differences
}

type comparer struct {
	ignore      []Tag
	differences []Difference
}

func (c *comparer) add(path string, t Tag, k DifferenceKind, format string, args ...any) {
	c.differences = append(c.differences, Difference{Path: path + t.String(), Tag: t, Kind: k, Detail: fmt.Sprintf(format, args...)})
}

// passesOver reports whether t is not compared.
func (c *comparer) passesOver(t Tag) bool {
	return t.isGroupLength() || t.Group() == 2 || slices.Contains(c.ignore, t)
}

func (c *comparer) sets(path string, want, got *Set) {
	i, j := 0, 0
	for i < len(want.elements) || j < len(got.elements) {
		switch {
		case i < len(want.elements) && c.passesOver(want.elements[i].Tag):
			i++
		case j < len(got.elements) && c.passesOver(got.elements[j].Tag):
			j++
		case j == len(got.elements) || i < len(want.elements) && want.elements[i].Tag < got.elements[j].Tag:
			e := &want.elements[i]
			c.add(path, e.Tag, Missing, "%s", e.describe())
			i++
		case i == len(want.elements) || got.elements[j].Tag < want.elements[i].Tag:
			e := &got.elements[j]
			c.add(path, e.Tag, Added, "%s", e.describe())
			j++
		default:
			c.elements(path, want, got, &want.elements[i], &got.elements[j])
			i, j = i+1, j+1
		}
	}
}

// describe says what e is without its value.
func (e *Element) describe() string {
	switch {
	case e.Fragments != nil:
		return fmt.Sprintf("%s, %d fragments", e.VR, max(0, len(e.Fragments)-1))
	case e.IsSequence():
		return fmt.Sprintf("%s, %d items", e.VR, len(e.Items))
	}
	return fmt.Sprintf("%s, %d bytes", e.VR, len(e.Value))
}

// elements compares two elements with the same tag.
func (c *comparer) elements(path string, want, got *Set, w, g *Element) {
	if w.Fragments != nil || g.Fragments != nil {
		c.fragments(path, want, w, g)
		return
	}
	if w.IsSequence() != g.IsSequence() {
		w, g = w.asSequence(want), g.asSequence(got)
	}
	switch ws, gs := w.IsSequence(), g.IsSequence(); {
	case ws && gs:
		if len(w.Items) != len(g.Items) {
			c.add(path, w.Tag, ItemsChanged, "%d items instead of %d", len(g.Items), len(w.Items))
			return
		}
		for i := range w.Items {
			c.sets(path+w.Tag.String()+"["+strconv.Itoa(i)+"].", w.Items[i], g.Items[i])
		}
		return
	case ws || gs:
		c.add(path, w.Tag, VRChanged, "%s instead of %s", g.describe(), w.describe())
		return
	}
	vr, ok := commonVR(w, g)
	if !ok {
		same := "other bytes"
		if bytes.Equal(trimValue(w.Value, w.VR), trimValue(g.Value, g.VR)) {
			same = "same bytes"
		}
		c.add(path, w.Tag, VRChanged, "%s instead of %s, %s", g.VR, w.VR, same)
		return
	}
	c.values(path, want, got, w, g, vr)
}

// asSequence returns e with the items that a UN of defined length holds, if its
// bytes are items in implicit VR, and e itself otherwise.
func (e *Element) asSequence(s *Set) *Element {
	if e.VR != VRUN || e.IsSequence() {
		return e
	}
	if len(e.Value) == 0 {
		return &Element{Tag: e.Tag, VR: VRSQ}
	}
	d, err := newDecoder(ImplicitVRLittleEndian, Limits{}.withDefaults())
	if err != nil {
		return e
	}
	d.source = source{buf: e.Value}
	items, err := d.items(s, header{tag: e.Tag}, level{depth: 1, end: int64(len(e.Value))})
	if err != nil {
		return e
	}
	return &Element{Tag: e.Tag, VR: VRSQ, Items: items}
}

// commonVR returns the VR by which w and g are to be compared, and false if their
// VRs are not two forms of the same.
func commonVR(w, g *Element) (VR, bool) {
	switch {
	case w.VR == g.VR:
		return w.VR, true
	case w.VR == VRUN || g.VR == VRUN:
		known := w.VR
		if known == VRUN {
			known = g.VR
		}
		long := known.hasShortLength() && len(w.Value) > 0xFFFF
		return known, long || VROf(w.Tag) == VRUN || w.Tag.isPrivateCreator()
	case isByteOrWord(w.VR) && isByteOrWord(g.VR):
		// Same bytes: the form depends on the transfer syntax (PS3.5 A.1, A.2).
		return VROB, allowsVR(w.Tag, VROB) || allowsVR(w.Tag, VROW) || w.Tag.IsPrivate()
	}
	return w.VR, allowsVR(w.Tag, w.VR) && allowsVR(g.Tag, g.VR)
}

func isByteOrWord(vr VR) bool { return vr == VROB || vr == VROW }

// values compares two values by vr.
func (c *comparer) values(path string, want, got *Set, w, g *Element, vr VR) {
	a, b := trimValue(w.Value, vr), trimValue(g.Value, vr)
	if bytes.Equal(a, b) {
		if vr.usesCharacterSet() && !isASCII(a) && !slices.Equal(want.CharacterSet(), got.CharacterSet()) {
			c.text(path, want, got, w, g, vr, a, b)
		}
		return
	}
	switch {
	case vr == VRDS || vr == VRIS:
		c.numbers(path, w.Tag, a, b)
		return
	case vr.usesCharacterSet() && !(isASCII(a) && isASCII(b)):
		c.text(path, want, got, w, g, vr, a, b)
		return
	case vr.isText() && !vr.isSingleText() && equalValues(a, b):
		return
	}
	c.changed(path, w.Tag, w.Value, g.Value)
}

// changed adds a difference between the bytes a and b.
func (c *comparer) changed(path string, t Tag, a, b []byte) {
	at := firstDifference(a, b)
	if len(a) == len(b) {
		c.add(path, t, ValueChanged, "%d bytes, first difference at byte %d", len(a), at)
		return
	}
	c.add(path, t, ValueChanged, "%d bytes instead of %d, first difference at byte %d", len(b), len(a), at)
}

// text compares two texts in characters. A text that cannot be decoded is equal
// to nothing but the same bytes in the same character set.
func (c *comparer) text(path string, want, got *Set, w, g *Element, vr VR, a, b []byte) {
	ta, errA := DecodeText(a, vr, want.CharacterSet())
	tb, errB := DecodeText(b, vr, got.CharacterSet())
	if errA == nil && errB == nil {
		if ta == tb || !vr.isSingleText() && equalValues([]byte(ta), []byte(tb)) {
			return
		}
		c.changed(path, w.Tag, w.Value, g.Value)
		return
	}
	side := "the value wanted"
	if errA == nil {
		side = "the value"
	}
	c.add(path, w.Tag, ValueChanged, "%d bytes instead of %d, and %s cannot be decoded", len(g.Value), len(w.Value), side)
}

// numbers compares the values of DS or IS, which are known to differ as bytes.
func (c *comparer) numbers(path string, t Tag, a, b []byte) {
	as, bs := bytes.Split(a, []byte{'\\'}), bytes.Split(b, []byte{'\\'})
	if len(as) != len(bs) {
		c.add(path, t, ValueChanged, "%d values instead of %d", len(bs), len(as))
		return
	}
	other := -1
	for i := range as {
		v, w := bytes.Trim(as[i], " "), bytes.Trim(bs[i], " ")
		if bytes.Equal(v, w) {
			continue
		}
		nv, okV := parseDecimal(string(v))
		nw, okW := parseDecimal(string(w))
		if !okV || !okW || nv != nw {
			c.add(path, t, ValueChanged, "value %d of %d", i+1, len(as))
			return
		}
		if other < 0 {
			other = i
		}
	}
	if other >= 0 {
		c.add(path, t, TextChanged, "value %d of %d", other+1, len(as))
	}
}

// fragments compares two elements of which at least one is encapsulated.
func (c *comparer) fragments(path string, want *Set, w, g *Element) {
	if w.Fragments == nil || g.Fragments == nil {
		c.add(path, w.Tag, ValueChanged, "%s instead of %s: one is encapsulated", g.describe(), w.describe())
		return
	}
	if len(w.Fragments) == 0 || len(g.Fragments) == 0 {
		if len(w.Fragments) != len(g.Fragments) {
			c.add(path, w.Tag, ItemsChanged, "%d items instead of %d", len(g.Fragments), len(w.Fragments))
		}
		return
	}
	a, b := w.Fragments[1:], g.Fragments[1:]
	if !slices.EqualFunc(a, b, equalPadded) {
		frames, ok := want.Int(NumberOfFrames)
		if (!ok || frames <= 1) && equalPadded(bytes.Join(a, nil), bytes.Join(b, nil)) {
			return
		}
		if len(a) != len(b) {
			c.add(path, w.Tag, ItemsChanged, "%d fragments instead of %d", len(b), len(a))
			return
		}
		i := 0
		for equalPadded(a[i], b[i]) {
			i++
		}
		c.add(path, w.Tag, ValueChanged, "fragment %d of %d: %d bytes instead of %d, first difference at byte %d",
			i+1, len(a), len(b[i]), len(a[i]), firstDifference(a[i], b[i]))
		return
	}
	if t, u := w.Fragments[0], g.Fragments[0]; len(t) > 0 && len(u) > 0 && !bytes.Equal(t, u) {
		c.add(path, w.Tag, ValueChanged, "Basic Offset Table: %d bytes instead of %d, first difference at byte %d", len(u), len(t), firstDifference(t, u))
	}
}
