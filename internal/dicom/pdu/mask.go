package pdu

import "encoding/binary"

// MaskUserIdentity returns a copy of an encoded PDU in which every byte of a
// user identity (user name, passcode, ticket, assertion, and the server's
// response; PS3.7 D.3.3.7) is an asterisk; all lengths stay. Where the items
// of an A-ASSOCIATE-RQ or -AC can't be followed, everything after that point is
// masked. Other PDUs are copied as they are.
func MaskUserIdentity(b []byte) []byte {
	const items = HeaderLength + 68 // fixed fields: PS3.8 9.3.2
	b = append([]byte(nil), b...)
	if len(b) == 0 || Type(b[0]) != TypeAssociateRQ && Type(b[0]) != TypeAssociateAC || len(b) < items {
		return b
	}
	maskItems(b[items:], func(kind byte, value []byte) {
		if kind != itemUserInformation {
			return
		}
		maskItems(value, func(kind byte, value []byte) {
			switch kind {
			case itemUserIdentityRQ:
				maskFields(value, 2, 2) // type and response flag stay
			case itemUserIdentityAC:
				maskFields(value, 0, 1)
			}
		})
	})
	return b
}

// maskItems calls on for every item of b and masks what is no whole item.
func maskItems(b []byte, on func(kind byte, value []byte)) {
	for len(b) > 0 {
		if len(b) < 4 || int(binary.BigEndian.Uint16(b[2:])) > len(b)-4 {
			fillMask(b)
			return
		}
		end := 4 + int(binary.BigEndian.Uint16(b[2:]))
		on(b[0], b[4:end])
		b = b[end:]
	}
}

// maskFields masks n fields, each behind a 16-bit length, after skip bytes,
// and whatever follows or does not fit.
func maskFields(b []byte, skip, n int) {
	b = b[min(skip, len(b)):]
	for ; n > 0 && len(b) >= 2; n-- {
		length := int(binary.BigEndian.Uint16(b))
		if length > len(b)-2 {
			break
		}
		fillMask(b[2 : 2+length])
		b = b[2+length:]
	}
	fillMask(b)
}

func fillMask(b []byte) {
	for i := range b {
		b[i] = '*'
	}
}
