package dimse

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"pacsuat/internal/dicom/dataset"
)

// MaxCommandBytes bounds a command set in [Encode] and [Decode], and is the
// default of [Limits]. The largest command set that the standard allows for a
// composite service is well under 1 KiB.
const MaxCommandBytes = 64 << 10

// FormatError says why bytes are not a command set.
type FormatError struct {
	Field  string // keyword of the element, "" for the frame
	Offset int    // of the element or the byte, from the start of the command set
	Reason string
}

// Error implements error. It holds no value that the peer sent.
func (e *FormatError) Error() string {
	if e.Field == "" {
		return fmt.Sprintf("dimse: command set is malformed at byte %d: %s", e.Offset, e.Reason)
	}
	return fmt.Sprintf("dimse: command set is malformed at byte %d, %s: %s", e.Offset, e.Field, e.Reason)
}

// Encode returns m as a command set with its group length, in implicit VR
// little endian, elements ascending (PS3.7 section 6.3.1).
//
// Values are padded to even length (those of an [*Unknown] are not) and
// otherwise written as they are: what is too long for its value representation
// is the caller's intent, because robustness tests need it. The error is not nil only when the command set is larger than
// [MaxCommandBytes] or an [*Unknown] is not in ascending order.
func Encode(m Message) ([]byte, error) { return encode(m, *m.dataSet()) }

// encode is Encode with the given Command Data Set Type.
func encode(m Message, hasData bool) ([]byte, error) {
	e := encoder{elements: make([]CommandElement, 0, 12)}
	m.fields(&e)
	e.putUint16(elementCommandField, uint16(m.CommandField()))
	kind := noDataSet
	if hasData {
		kind = withDataSet
	}
	e.putUint16(elementCommandDataSetType, kind)
	slices.SortStableFunc(e.elements, func(a, b CommandElement) int { return int(a.Element) - int(b.Element) })

	size := 12
	for i, el := range e.elements {
		if el.Element == elementGroupLength || i > 0 && e.elements[i-1].Element == el.Element {
			return nil, fmt.Errorf("dimse: %s: %s is given twice", m.CommandField(), elementName(el.Element))
		}
		if size += 8 + len(el.Value); size > MaxCommandBytes {
			return nil, fmt.Errorf("dimse: %s: the command set is longer than %d bytes", m.CommandField(), MaxCommandBytes)
		}
	}
	dst := make([]byte, 0, size)
	dst = appendElement(dst, elementGroupLength, binary.LittleEndian.AppendUint32(nil, uint32(size-12)))
	for _, el := range e.elements {
		dst = appendElement(dst, el.Element, el.Value)
	}
	return dst, nil
}

func appendElement(dst []byte, element uint16, value []byte) []byte {
	dst = append(dst, 0, 0)
	dst = binary.LittleEndian.AppendUint16(dst, element)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(value)))
	return append(dst, value...)
}

// encoder is the visitor that collects the elements of a message.
type encoder struct{ elements []CommandElement }

func (e *encoder) put(element uint16, value []byte) {
	e.elements = append(e.elements, CommandElement{element, value})
}

func (e *encoder) putUint16(element, n uint16) {
	e.put(element, binary.LittleEndian.AppendUint16(nil, n))
}

func (e *encoder) uid(element uint16, p *string)  { e.padded(element, *p, 0) }
func (e *encoder) text(element uint16, p *string) { e.padded(element, *p, ' ') }

// padded puts s, even length, unless it is empty: then the element is absent.
func (e *encoder) padded(element uint16, s string, pad byte) {
	if s == "" {
		return
	}
	value := append(make([]byte, 0, len(s)+1), s...)
	if len(value)%2 == 1 {
		value = append(value, pad)
	}
	e.put(element, value)
}

func (e *encoder) uint16(element uint16, p *uint16, _ bool) { e.putUint16(element, *p) }

func (e *encoder) optionalUint16(element uint16, p **uint16) {
	if *p != nil {
		e.putUint16(element, **p)
	}
}

func (e *encoder) tags(element uint16, p *[]dataset.Tag) {
	if len(*p) == 0 {
		return
	}
	var value []byte
	for _, t := range *p {
		value = binary.LittleEndian.AppendUint16(value, t.Group())
		value = binary.LittleEndian.AppendUint16(value, t.Element())
	}
	e.put(element, value)
}

func (e *encoder) rest(p *[]CommandElement) {
	for _, el := range *p {
		e.put(el.Element, el.Value)
	}
}

// Decode returns the message that the command set b is. The result does not
// alias b.
//
// It accepts a command set without group length, elements that are no part of
// the message (they are dropped, except from an [*Unknown]), absent optional
// elements, and values that are longer than their value representation
// allows. It refuses with a [*FormatError]: elements of other groups, out of
// order or cut, numbers of the wrong length, a group length that is not that
// of the command set, and the absence of Command Field, Command Data Set Type,
// Message ID (Being Responded To) or Status, without which no one can tell
// what the message is about.
func Decode(b []byte) (Message, error) {
	d, err := scan(b)
	if err != nil {
		return nil, err
	}
	var field, kind uint16
	d.uint16(elementCommandField, &field, true)
	d.uint16(elementCommandDataSetType, &kind, true)
	if d.err != nil {
		return nil, d.err
	}
	m := newMessage(CommandField(field))
	*m.dataSet() = kind != noDataSet
	m.fields(d)
	if d.err != nil {
		return nil, d.err
	}
	return m, nil
}

// newMessage is an empty message of the given command field.
func newMessage(f CommandField) Message {
	switch f {
	case CommandCEchoRQ:
		return new(CEchoRQ)
	case CommandCEchoRSP:
		return new(CEchoRSP)
	case CommandCStoreRQ:
		return new(CStoreRQ)
	case CommandCStoreRSP:
		return new(CStoreRSP)
	case CommandCFindRQ:
		return new(CFindRQ)
	case CommandCFindRSP:
		return new(CFindRSP)
	case CommandCMoveRQ:
		return new(CMoveRQ)
	case CommandCMoveRSP:
		return new(CMoveRSP)
	case CommandCGetRQ:
		return new(CGetRQ)
	case CommandCGetRSP:
		return new(CGetRSP)
	case CommandCCancelRQ:
		return new(CCancelRQ)
	}
	return &Unknown{Command: f}
}

// scannedElement is an element and where it starts.
type scannedElement struct {
	CommandElement
	offset int
}

// decoder is the visitor that fills a message. The first error sticks.
type decoder struct {
	elements []scannedElement // ascending, values alias the input
	end      int              // length of the input
	err      error
}

// scan cuts b into elements.
func scan(b []byte) (*decoder, error) {
	if len(b) > MaxCommandBytes {
		return nil, &FormatError{Offset: 0, Reason: fmt.Sprintf("%d bytes, at most %d are accepted", len(b), MaxCommandBytes)}
	}
	d := &decoder{end: len(b), elements: make([]scannedElement, 0, 12)}
	for at := 0; at < len(b); {
		if len(b)-at < 8 {
			return nil, &FormatError{Offset: at, Reason: "cut in the header of an element"}
		}
		group, element := binary.LittleEndian.Uint16(b[at:]), binary.LittleEndian.Uint16(b[at+2:])
		length := binary.LittleEndian.Uint32(b[at+4:])
		if group != 0 {
			return nil, &FormatError{Offset: at, Reason: fmt.Sprintf("element (%04X,%04X) is not of group 0000", group, element)}
		}
		if n := len(d.elements); n > 0 && d.elements[n-1].Element >= element {
			return nil, &FormatError{elementName(element), at, "not in ascending order"}
		}
		if uint64(length) > uint64(len(b)-at-8) {
			return nil, &FormatError{elementName(element), at, fmt.Sprintf("length %d goes beyond the end of the command set", length)}
		}
		start, value := at, b[at+8:at+8+int(length)]
		d.elements = append(d.elements, scannedElement{CommandElement{element, value}, start})
		at += 8 + int(length)
		if element == elementGroupLength {
			if length != 4 {
				return nil, &FormatError{elementName(element), start, "not 4 bytes long"}
			}
			if got, want := binary.LittleEndian.Uint32(value), uint32(len(b)-at); got != want {
				return nil, &FormatError{elementName(element), start, fmt.Sprintf("says %d bytes, but %d follow", got, want)}
			}
		}
	}
	return d, nil
}

func (d *decoder) find(element uint16) (scannedElement, bool) {
	i, ok := slices.BinarySearchFunc(d.elements, element, func(e scannedElement, t uint16) int { return int(e.Element) - int(t) })
	if !ok {
		return scannedElement{}, false
	}
	return d.elements[i], true
}

func (d *decoder) fail(element uint16, offset int, reason string) {
	if d.err == nil {
		d.err = &FormatError{elementName(element), offset, reason}
	}
}

// uid trims the padding, also the spaces that some systems pad UIDs with.
func (d *decoder) uid(element uint16, p *string) {
	if e, ok := d.find(element); ok {
		*p = strings.Trim(string(e.Value), " \x00")
	}
}

// text trims leading and trailing spaces, which are not significant in AE and
// LO (PS3.5 section 6.2), and NUL, which some systems pad with.
func (d *decoder) text(element uint16, p *string) { d.uid(element, p) }

func (d *decoder) uint16(element uint16, p *uint16, required bool) {
	e, ok := d.find(element)
	switch {
	case !ok || len(e.Value) == 0:
		if required {
			d.fail(element, d.end, "absent")
		}
	case len(e.Value) != 2:
		d.fail(element, e.offset, fmt.Sprintf("%d bytes, want 2", len(e.Value)))
	default:
		*p = binary.LittleEndian.Uint16(e.Value)
	}
}

func (d *decoder) optionalUint16(element uint16, p **uint16) {
	if e, ok := d.find(element); ok && len(e.Value) > 0 {
		*p = new(uint16)
		d.uint16(element, *p, false)
	}
}

func (d *decoder) tags(element uint16, p *[]dataset.Tag) {
	e, ok := d.find(element)
	if !ok {
		return
	}
	if len(e.Value)%4 != 0 {
		d.fail(element, e.offset, fmt.Sprintf("%d bytes, want a multiple of 4", len(e.Value)))
		return
	}
	for v := e.Value; len(v) > 0; v = v[4:] {
		*p = append(*p, dataset.NewTag(binary.LittleEndian.Uint16(v), binary.LittleEndian.Uint16(v[2:])))
	}
}

func (d *decoder) rest(p *[]CommandElement) {
	for _, e := range d.elements {
		switch e.Element {
		case elementGroupLength, elementCommandField, elementCommandDataSetType:
		default:
			*p = append(*p, CommandElement{e.Element, slices.Clone(e.Value)})
		}
	}
}
