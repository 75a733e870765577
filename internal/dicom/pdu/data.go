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

// ParsePDVHeader splits the six bytes before a fragment: the PDV without its
// data, and the item length, which counts presentation context ID, message
// control header and fragment. A length below 2 is malformed. Bits 2 to 7 of
// the message control header are not checked. See PS3.8 9.3.5.1 and E.2.
func ParsePDVHeader(b [PDVHeaderLength]byte) (v PDV, length int64) {
	control := b[5]
	v = PDV{ContextID: b[4], Command: control&controlCommand != 0, Last: control&controlLast != 0}
	return v, int64(binary.BigEndian.Uint32(b[:]))
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
		start := d.off
		header := d.take("PDV item header", PDVHeaderLength)
		if header == nil {
			return nil
		}
		v, length := ParsePDVHeader([PDVHeaderLength]byte(header))
		if length < 2 {
			d.fail("PDV item length", start, "is %d, less than its two-byte header", length)
			return nil
		}
		if length-2 > int64(d.end-d.off) {
			d.fail("PDV item length", start, "is %d, %d bytes are left", length, d.end-d.off+2)
			return nil
		}
		if header[5]&^(controlCommand|controlLast) != 0 {
			d.exact = false // not checked by the receiver: PS3.8 E.2
		}
		v.Data = d.take("fragment", int(length-2))
		p.Items = append(p.Items, v)
	}
	return p
}
