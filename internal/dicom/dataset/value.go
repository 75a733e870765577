package dataset

import (
	"bytes"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// String returns the first value of a text element: bytes as they are, without
// trailing padding, leading spaces included. It returns "" for an element that is absent, empty or binary. UN is taken as text.
func (s *Set) String(t Tag) string {
	e, ok := s.Get(t)
	if !ok || !e.mayBeText() {
		return ""
	}
	b := e.Value
	if !e.VR.isSingleText() {
		b, _, _ = cutValue(b, s.splitter(e.VR))
	}
	return string(trim(b))
}

// Strings returns all values of a text element as String does. It returns nil
// for one that is absent, empty or binary.
func (s *Set) Strings(t Tag) []string {
	e, ok := s.Get(t)
	if !ok || !e.mayBeText() {
		return nil
	}
	if len(trim(e.Value)) == 0 {
		return nil
	}
	if e.VR.isSingleText() {
		return []string{string(trim(e.Value))}
	}
	var values []string
	rest, more, split := e.Value, true, s.splitter(e.VR)
	for more {
		var v []byte
		v, rest, more = cutValue(rest, split)
		values = append(values, string(trim(v)))
	}
	return values
}

// Text is String decoded by the set's Specific Character Set. A byte that has no
// meaning there becomes U+FFFD: use DecodeText where that has to be noticed.
func (s *Set) Text(t Tag) string {
	values := s.Texts(t)
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// Texts is Strings decoded by the set's Specific Character Set, as Text does.
func (s *Set) Texts(t Tag) []string {
	e, ok := s.Get(t)
	if !ok || !e.mayBeText() || len(trim(e.Value)) == 0 {
		return nil
	}
	if !e.VR.usesCharacterSet() {
		return s.Strings(t)
	}
	text, _ := DecodeText(e.Value, e.VR, s.CharacterSet())
	if e.VR.isSingleText() {
		return []string{strings.TrimRight(text, " \x00")}
	}
	values := strings.Split(text, `\`)
	for i, v := range values {
		values[i] = strings.TrimRight(v, " \x00")
	}
	return values
}

// CharacterSet returns the values of Specific Character Set (0008,0005) that
// apply to s: its own, or those of the data set that it is an item of (PS3.5
// 7.5.3). It returns nil for the default repertoire. A first value that is empty
// stays: it means the default repertoire with code extensions.
func (s *Set) CharacterSet() []string {
	for ; s != nil; s = s.outer {
		if e, ok := s.Get(SpecificCharacterSet); ok {
			v := trim(e.Value)
			if len(v) == 0 {
				return nil
			}
			values := strings.Split(string(v), `\`)
			for i := range values {
				values[i] = strings.Trim(values[i], " \x00")
			}
			return values
		}
	}
	return nil
}

// Int returns the first value of an integer element: IS, US, SS, UL, SL, UV, SV,
// or a DS that is an integer. It reports false for an element that is absent,
// empty, malformed, of another VR, or out of range.
func (s *Set) Int(t Tag) (int64, bool) {
	e, ok := s.Get(t)
	if !ok {
		return 0, false
	}
	switch v := e.Value; e.VR {
	case VRIS, VRDS:
		n, err := strconv.ParseInt(strings.Trim(s.String(t), " "), 10, 64)
		return n, err == nil
	case VRUS:
		if len(v) >= 2 {
			return int64(binary.LittleEndian.Uint16(v)), true
		}
	case VRSS:
		if len(v) >= 2 {
			return int64(int16(binary.LittleEndian.Uint16(v))), true
		}
	case VRUL:
		if len(v) >= 4 {
			return int64(binary.LittleEndian.Uint32(v)), true
		}
	case VRSL:
		if len(v) >= 4 {
			return int64(int32(binary.LittleEndian.Uint32(v))), true
		}
	case VRUV:
		if len(v) >= 8 && v[7] < 0x80 {
			return int64(binary.LittleEndian.Uint64(v)), true
		}
	case VRSV:
		if len(v) >= 8 {
			return int64(binary.LittleEndian.Uint64(v)), true
		}
	}
	return 0, false
}

// Uint16 returns the first value of a US, or of any integer element whose value
// fits into 16 bits without a sign.
func (s *Set) Uint16(t Tag) (uint16, bool) {
	n, ok := s.Int(t)
	if !ok || n < 0 || n > math.MaxUint16 {
		return 0, false
	}
	return uint16(n), true
}

// Float returns the first value of a DS, FL, FD or integer element.
func (s *Set) Float(t Tag) (float64, bool) {
	e, ok := s.Get(t)
	if !ok {
		return 0, false
	}
	switch {
	case e.VR == VRDS:
		f, err := strconv.ParseFloat(strings.Trim(s.String(t), " "), 64)
		return f, err == nil
	case e.VR == VRFL && len(e.Value) >= 4:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(e.Value))), true
	case e.VR == VRFD && len(e.Value) >= 8:
		return math.Float64frombits(binary.LittleEndian.Uint64(e.Value)), true
	}
	n, ok := s.Int(t)
	return float64(n), ok
}

// Items returns the items of a sequence, nil if it is absent or none.
func (s *Set) Items(t Tag) []*Set {
	if e, ok := s.Get(t); ok {
		return e.Items
	}
	return nil
}

// IsEmpty reports whether e has no value: of zero length, a text of nothing but
// padding, or a sequence without items.
func (e *Element) IsEmpty() bool {
	if len(e.Items) > 0 || e.Fragments != nil {
		return false
	}
	if e.VR.isText() {
		return len(trim(e.Value)) == 0
	}
	return len(e.Value) == 0
}

func (e *Element) mayBeText() bool { return e.VR.isText() || e.VR == VRUN && !e.IsSequence() }

// splitter returns how values of vr are parted in s.
func (s *Set) splitter(vr VR) splitMode {
	if !vr.usesCharacterSet() {
		return splitBytes
	}
	return splitModeOf(s.CharacterSet())
}

// trim removes the padding at the end of a value: spaces, which PS3.5 6.2 calls
// insignificant in every text, and NULs, which belong to UI but are also sent for
// others. Leading spaces stay.
func trim(b []byte) []byte { return bytes.TrimRight(b, " \x00") }
