package dataset

import (
	"iter"
	"slices"
)

// Element is a data element.
type Element struct {
	Tag Tag
	VR  VR
	// Value is the value as it is on the wire, padding included. Numbers are
	// little endian: a value read from big endian is turned round, in memory of
	// its own. It is nil for a sequence and for encapsulated pixel data.
	Value []byte
	// Items are the items of an SQ, or of a UN of undefined length (PS3.5 6.2.2).
	Items []*Set
	// Fragments are the items of encapsulated Pixel Data, padding included: [0]
	// is the Basic Offset Table (PS3.5 A.4).
	Fragments [][]byte
	// UndefinedLength says that a sequence is, or is to be, written with
	// delimiters instead of a length. Encapsulated pixel data always are.
	UndefinedLength bool
}

// Set is a data set, or an item of a sequence: elements in ascending order of
// their tags, each at most once. The zero value is empty and ready for use. A Set
// must not be copied; see Clone.
type Set struct {
	elements []Element
	// outer is the set that holds the sequence of which this is an item. It is
	// where Specific Character Set comes from if the item has none (PS3.5 7.5.3).
	outer *Set
	// delimited says that this item has an undefined length on the wire.
	delimited bool
}

// IsSequence reports whether e has items, if only none: SQ, or UN of undefined
// length.
func (e *Element) IsSequence() bool {
	return e.VR == VRSQ || e.VR == VRUN && (e.UndefinedLength || e.Items != nil)
}

// New returns an empty Set.
func New() *Set { return &Set{} }

// Len returns the number of elements, those of items not counted.
func (s *Set) Len() int { return len(s.elements) }

// All yields the elements in ascending order. A pointer is valid until the next
// Put or Delete on s; what it points to may be changed, but for its Tag.
func (s *Set) All() iter.Seq[*Element] {
	return func(yield func(*Element) bool) {
		for i := range s.elements {
			if !yield(&s.elements[i]) {
				return
			}
		}
	}
}

// Get returns the element with tag t. The pointer is valid until the next Put or
// Delete on s.
func (s *Set) Get(t Tag) (*Element, bool) {
	i, ok := s.find(t)
	if !ok {
		return nil, false
	}
	return &s.elements[i], true
}

// Has reports whether s has an element with tag t, be it empty.
func (s *Set) Has(t Tag) bool {
	_, ok := s.find(t)
	return ok
}

// Put adds e as it is, without padding, or replaces the element with its tag. The
// items of e belong to s from then on. Value and Fragments are not copied.
func (s *Set) Put(e Element) {
	for _, item := range e.Items {
		item.outer = s
	}
	if n := len(s.elements); n == 0 || s.elements[n-1].Tag < e.Tag {
		s.elements = append(s.elements, e)
		return
	}
	i, ok := s.find(e.Tag)
	if ok {
		s.elements[i] = e
		return
	}
	s.elements = slices.Insert(s.elements, i, e)
}

// Delete removes the element with tag t, if there is one.
func (s *Set) Delete(t Tag) {
	if i, ok := s.find(t); ok {
		s.elements = slices.Delete(s.elements, i, i+1)
	}
}

// Clone returns a deep copy, which shares no memory with s.
func (s *Set) Clone() *Set {
	c := &Set{elements: slices.Clone(s.elements), delimited: s.delimited}
	for i := range c.elements {
		e := &c.elements[i]
		e.Value = slices.Clone(e.Value)
		if e.Items != nil {
			items := make([]*Set, len(e.Items))
			for j, item := range e.Items {
				items[j] = item.Clone()
				items[j].outer = c
			}
			e.Items = items
		}
		if e.Fragments != nil {
			fragments := make([][]byte, len(e.Fragments))
			for j, f := range e.Fragments {
				fragments[j] = slices.Clone(f)
			}
			e.Fragments = fragments
		}
	}
	return c
}

// HasUndefinedLength reports whether s is an item that was read with an
// undefined length, and will be written so.
func (s *Set) HasUndefinedLength() bool { return s.delimited }

// SetUndefinedLength makes s an item that is written with an Item Delimitation
// Item instead of a length. It means nothing for a data set that is no item.
func (s *Set) SetUndefinedLength(on bool) { s.delimited = on }

// find returns the index of t, or where it would be inserted.
func (s *Set) find(t Tag) (int, bool) {
	lo, hi := 0, len(s.elements)
	for lo < hi {
		m := int(uint(lo+hi) >> 1)
		if s.elements[m].Tag < t {
			lo = m + 1
		} else {
			hi = m
		}
	}
	return lo, lo < len(s.elements) && s.elements[lo].Tag == t
}
