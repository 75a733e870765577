package pdu

import (
	"encoding/binary"
	"fmt"
)

// PDataTF is the P-DATA-TF PDU: one or more presentation data values.
// See PS3.8 9.3.5.
type PDataTF struct{ Items []PDV }

// PDV is one Presentation Data Value with its message control header.
// See PS3.8 9.3.5.1 and Annex E.
type PDV struct {
	ContextID uint8  // odd, 1 to 255
	Command   bool   // command fragment, else data set fragment
	Last      bool   // last fragment of the command or of the data set
	Data      []byte // the fragment; may be empty
}

// PDVHeaderLength is the number of bytes before the fragment of a PDV: item
// length, presentation context ID and message control header. The maximum
// length of PS3.8 D.1 limits the body of a P-DATA-TF, so a fragment alone in
// its PDU may hold this much less.
const PDVHeaderLength = 6

// Message control header bits. See PS3.8 E.2.
const (
	controlCommand = 1 << 0
	controlLast    = 1 << 1
)

// Type is TypePDataTF.
func (*PDataTF) Type() Type { return TypePDataTF }

// Append implements PDU.
func (p *PDataTF) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = appendHeader(dst, TypePDataTF)
	for _, v := range p.Items {
		if int64(len(v.Data))+2 > 0xFFFFFFFF {
			return dst[:start], fmt.Errorf("P-DATA-TF: fragment of %d bytes does not fit a 32-bit length", len(v.Data))
		}
		dst = v.appendHeader(dst, len(v.Data))
		dst = append(dst, v.Data...)
	}
	return closePDU(dst, start)
}

// appendHeader appends the six bytes before a fragment of n bytes.
func (v PDV) appendHeader(dst []byte, n int) []byte {
	var control byte
	if v.Command {
		control |= controlCommand
	}
	if v.Last {
		control |= controlLast
	}
	dst = binary.BigEndian.AppendUint32(dst, uint32(n)+2)
	return append(dst, v.ContextID, control)
}

// AppendDataHeader appends what precedes the fragment in a P-DATA-TF that
// holds one PDV of n bytes: the PDU header and the PDV header, 12 bytes in
// all. Writers that gather fragments from elsewhere use it; v.Data is ignored.
// n must be less than 4 GiB - 6.
func AppendDataHeader(dst []byte, v PDV, n int) []byte {
	dst = append(dst, byte(TypePDataTF), 0)
	dst = binary.BigEndian.AppendUint32(dst, uint32(n)+PDVHeaderLength)
	return v.appendHeader(dst, n)
}

// NextPDV takes the first PDV off the body of a P-DATA-TF, without memory of
// its own: Data aliases body. Offsets in its errors count from the beginning
// of body.
func NextPDV(body []byte) (v PDV, rest []byte, err error) {
	v, n, _, reason := scanPDV(body)
	if reason != "" {
		return PDV{}, nil, &FormatError{PDU: TypePDataTF.String(), Field: "PDV item", Offset: 0, Reason: reason}
	}
	return v, body[n:], nil
}

// scanPDV reads one PDV from the start of b and returns its whole length, the
// message control header and, when it is malformed, why.
func scanPDV(b []byte) (v PDV, n int, control byte, reason string) {
	if len(b) < PDVHeaderLength {
		return v, 0, 0, fmt.Sprintf("needs %d bytes, %d are left", PDVHeaderLength, len(b))
	}
	length := binary.BigEndian.Uint32(b)
	if length < 2 {
		return v, 0, 0, fmt.Sprintf("length %d is less than its two-byte header", length)
	}
	if int64(length) > int64(len(b)-4) {
		return v, 0, 0, fmt.Sprintf("is %d bytes long, %d are left", length, len(b)-4)
	}
	n = 4 + int(length)
	control = b[5]
	v = PDV{
		ContextID: b[4],
		Command:   control&controlCommand != 0,
		Last:      control&controlLast != 0,
		Data:      b[PDVHeaderLength:n:n],
	}
	return v, n, control, ""
}

func decodePDataTF(d cursor) *PDataTF {
	p := &PDataTF{}
	if !d.more() {
		// "shall contain one or more": PS3.8 9.3.5.
		d.fail("PDV item", d.off, "holds none")
		return nil
	}
	for d.more() {
		if d.itemsLeft--; d.itemsLeft < 0 {
			d.fail("PDV item", d.off, "more items than the limit")
			return nil
		}
		v, n, control, reason := scanPDV(d.b[d.off:d.end])
		if reason != "" {
			d.fail("PDV item", d.off, "%s", reason)
			return nil
		}
		if control&^(controlCommand|controlLast) != 0 {
			d.exact = false // not checked by the receiver: PS3.8 E.2
		}
		d.off += n
		p.Items = append(p.Items, v)
	}
	return p
}
