package pdu

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Type is the first byte of a PDU. See PS3.8 9.3.1.
type Type uint8

// The seven PDU types of PS3.8 9.3.
const (
	TypeAssociateRQ Type = 0x01
	TypeAssociateAC Type = 0x02
	TypeAssociateRJ Type = 0x03
	TypePDataTF     Type = 0x04
	TypeReleaseRQ   Type = 0x05
	TypeReleaseRP   Type = 0x06
	TypeAbort       Type = 0x07
)

// String returns the standard's name of the PDU, such as "A-ASSOCIATE-RQ".
func (t Type) String() string {
	switch t {
	case TypeAssociateRQ:
		return "A-ASSOCIATE-RQ"
	case TypeAssociateAC:
		return "A-ASSOCIATE-AC"
	case TypeAssociateRJ:
		return "A-ASSOCIATE-RJ"
	case TypePDataTF:
		return "P-DATA-TF"
	case TypeReleaseRQ:
		return "A-RELEASE-RQ"
	case TypeReleaseRP:
		return "A-RELEASE-RP"
	case TypeAbort:
		return "A-ABORT"
	}
	return fmt.Sprintf("PDU type 0x%02X", uint8(t))
}

// PDU is one of *AssociateRQ, *AssociateAC, *AssociateRJ, *PDataTF,
// *ReleaseRQ, *ReleaseRP and *Abort.
type PDU interface {
	// Type is the first byte on the wire.
	Type() Type
	// Append appends header and body to dst. It fails only for what cannot be
	// expressed on the wire (a field longer than its length field, an
	// AE title of more than 16 bytes), and returns dst unchanged then.
	Append(dst []byte) ([]byte, error)
}

// HeaderLength is the number of bytes before the body of every PDU: type,
// reserved byte and 32-bit big-endian length of the body.
const HeaderLength = 6

// Header is the beginning of every PDU. See PS3.8 9.3.1.
type Header struct {
	Type   Type
	Length uint32 // bytes of the body that follows
}

// ReadHeader reads the six bytes of a header. It returns io.EOF when r ended
// before the first byte and io.ErrUnexpectedEOF when it ended inside. The
// length is what the peer claims: call Limits.Check before taking memory.
func ReadHeader(r io.Reader) (Header, error) {
	var b [HeaderLength]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return Header{}, err
	}
	return ParseHeader(b), nil
}

// ParseHeader is ReadHeader for bytes already read. The reserved second byte
// is not tested, as the standard demands.
func ParseHeader(b [HeaderLength]byte) Header {
	return Header{Type: Type(b[0]), Length: binary.BigEndian.Uint32(b[2:])}
}

// Limits bounds what is accepted from a peer. Zero fields mean the defaults.
type Limits struct {
	// MaxAssociateBytes bounds the body of A-ASSOCIATE-RQ and -AC. The
	// default, 1 MiB, holds 128 presentation contexts with every transfer
	// syntax there is, several times over.
	MaxAssociateBytes uint32
	// MaxDataBytes bounds the body of P-DATA-TF: the maximum length that was
	// announced to the peer (PS3.8 D.1). The default is 16 MiB.
	MaxDataBytes uint32
	// MaxItems bounds the number of items, sub-items and PDVs in one PDU.
	// The default is 65,536.
	MaxItems int
}

// Defaults of Limits.
const (
	DefaultMaxAssociateBytes = 1 << 20
	DefaultMaxDataBytes      = 16 << 20
	DefaultMaxItems          = 1 << 16
)

func (l Limits) withDefaults() Limits {
	if l.MaxAssociateBytes == 0 {
		l.MaxAssociateBytes = DefaultMaxAssociateBytes
	}
	if l.MaxDataBytes == 0 {
		l.MaxDataBytes = DefaultMaxDataBytes
	}
	if l.MaxItems == 0 {
		l.MaxItems = DefaultMaxItems
	}
	return l
}

// Check reports whether a body of the announced type and length may be read.
// The error is an *UnknownTypeError or a *FormatError.
func (l Limits) Check(h Header) error {
	l = l.withDefaults()
	var most uint32
	switch h.Type {
	case TypeAssociateRQ, TypeAssociateAC:
		most = l.MaxAssociateBytes
	case TypePDataTF:
		most = l.MaxDataBytes
	case TypeAssociateRJ, TypeReleaseRQ, TypeReleaseRP, TypeAbort:
		if h.Length != 4 {
			return &FormatError{PDU: h.Type.String(), Field: "PDU length", Offset: 2,
				Reason: fmt.Sprintf("is %d, must be 4", h.Length)}
		}
		return nil
	default:
		return &UnknownTypeError{Type: h.Type}
	}
	if h.Length > most {
		return &FormatError{PDU: h.Type.String(), Field: "PDU length", Offset: 2,
			Reason: fmt.Sprintf("is %d, more than the limit of %d", h.Length, most)}
	}
	return nil
}

// FormatError says where the bytes of a PDU depart from the standard.
type FormatError struct {
	PDU    string // standard's name, such as "A-ASSOCIATE-RQ"
	Field  string // standard's name of the field or item
	Offset int    // bytes from the first byte of the PDU's header
	Reason string // what is wrong, without a value of the peer
}

// Error names PDU, field, offset and reason.
func (e *FormatError) Error() string {
	return fmt.Sprintf("%s: %s at byte %d: %s", e.PDU, e.Field, e.Offset, e.Reason)
}

// UnknownTypeError is a first byte that is none of the seven PDU types.
// It is event 19 of the state table. See PS3.8 9.2.
type UnknownTypeError struct{ Type Type }

// Error names the byte.
func (e *UnknownTypeError) Error() string {
	return fmt.Sprintf("unrecognized PDU type 0x%02X", uint8(e.Type))
}

// Decode decodes one whole PDU, header included. b must hold exactly one PDU.
// The PDVs of a P-DATA-TF alias b; everything else is copied. The error is an
// *UnknownTypeError or a *FormatError.
func Decode(b []byte, l Limits) (PDU, error) {
	p, _, err := decode(b, l)
	return p, err
}

// decode also reports whether the encoding was in the form that Append yields
// (see the package comment).
func decode(b []byte, l Limits) (_ PDU, exact bool, _ error) {
	if len(b) < HeaderLength {
		return nil, false, &FormatError{PDU: "PDU", Field: "header", Offset: len(b),
			Reason: "ends before its six bytes"}
	}
	l = l.withDefaults()
	h := ParseHeader([HeaderLength]byte(b))
	if err := l.Check(h); err != nil {
		return nil, false, err
	}
	if int64(h.Length) != int64(len(b)-HeaderLength) {
		return nil, false, &FormatError{PDU: h.Type.String(), Field: "PDU length", Offset: 2,
			Reason: fmt.Sprintf("is %d, but %d bytes follow", h.Length, len(b)-HeaderLength)}
	}
	s := &scan{pdu: h.Type.String(), itemsLeft: l.MaxItems, exact: b[1] == 0}
	d := cursor{scan: s, b: b, off: HeaderLength, end: len(b)}
	var p PDU
	switch h.Type {
	case TypeAssociateRQ:
		p = decodeAssociateRQ(d)
	case TypeAssociateAC:
		p = decodeAssociateAC(d)
	case TypeAssociateRJ:
		p = decodeAssociateRJ(d)
	case TypePDataTF:
		p = decodePDataTF(d)
	case TypeReleaseRQ:
		d.reserved("reserved", 4)
		p = &ReleaseRQ{}
	case TypeReleaseRP:
		d.reserved("reserved", 4)
		p = &ReleaseRP{}
	case TypeAbort:
		p = decodeAbort(d)
	}
	if s.err != nil {
		return nil, false, s.err
	}
	return p, s.exact, nil
}

// appendHeader appends a header whose length is filled in by closePDU.
func appendHeader(dst []byte, t Type) []byte {
	return append(dst, byte(t), 0, 0, 0, 0, 0)
}

// closePDU writes the length of the PDU that began at start.
func closePDU(dst []byte, start int) ([]byte, error) {
	n := len(dst) - start - HeaderLength
	if int64(n) > 0xFFFFFFFF {
		return dst[:start], fmt.Errorf("%s: body of %d bytes does not fit a 32-bit length", Type(dst[start]), n)
	}
	binary.BigEndian.PutUint32(dst[start+2:], uint32(n))
	return dst, nil
}
