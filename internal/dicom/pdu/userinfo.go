package pdu

import (
	"encoding/binary"
	"fmt"
)

// Sub-items of the user information item. See PS3.8 D.1 and PS3.7 D.3.3.
const (
	itemMaxLength                  = 0x51
	itemImplementationClassUID     = 0x52
	itemAsyncOpsWindow             = 0x53
	itemRoleSelection              = 0x54
	itemImplementationVersionName  = 0x55
	itemExtendedNegotiation        = 0x56
	itemCommonExtendedNegotiation  = 0x57
	itemUserIdentityRQ             = 0x58
	itemUserIdentityAC             = 0x59
	itemUserInformationPastTheLast = 0x5A
)

// UserInformation is the user information item of A-ASSOCIATE-RQ and -AC.
// See PS3.8 9.3.2.3 and PS3.7 D.3.3. Strings that are empty and pointers that
// are nil are not sent.
type UserInformation struct {
	// MaxLength is the largest P-DATA-TF body the sender of this item wants
	// to receive, in bytes; 0 means that there is no limit (PS3.8 D.1).
	MaxLength uint32
	// OmitMaxLength leaves the maximum length sub-item out, although it is
	// mandatory. It is set on receipt when the peer left it out.
	OmitMaxLength bool
	// ImplementationClassUID is mandatory (PS3.7 D.3.3.2).
	ImplementationClassUID    string
	ImplementationVersionName string // at most 16 bytes by the standard
	AsyncOpsWindow            *AsyncOpsWindow
	Roles                     []RoleSelection
	ExtendedNegotiation       []ExtendedNegotiation
	CommonExtended            []CommonExtended
	UserIdentityRQ            *UserIdentityRQ // only in A-ASSOCIATE-RQ
	UserIdentityAC            *UserIdentityAC // only in A-ASSOCIATE-AC
	// Unknown are sub-items of unknown type, in the order received.
	Unknown []Item
}

// AsyncOpsWindow is the number of operations that may be outstanding; 0 means
// unlimited, an absent item one each. See PS3.7 D.3.3.3.
type AsyncOpsWindow struct{ Invoked, Performed uint16 }

// RoleSelection proposes (RQ) or accepts (AC) the roles of the association's
// requestor for one SOP class. See PS3.7 D.3.3.4.
type RoleSelection struct {
	SOPClassUID string
	SCU, SCP    bool
}

// ExtendedNegotiation is the SOP class extended negotiation of one SOP class.
// See PS3.7 D.3.3.5; for C-FIND the bytes are those of PS3.4 C.5.1.1.
type ExtendedNegotiation struct {
	SOPClassUID string
	Information []byte // service class application information
}

// CommonExtended is the SOP class common extended negotiation. See PS3.7
// D.3.3.6.
type CommonExtended struct {
	Version                   uint8 // 0
	SOPClassUID               string
	ServiceClassUID           string
	RelatedGeneralSOPClassUID []string
	Reserved                  []byte // what a later version may add; ignored
}

// UserIdentityType says what the primary field of a UserIdentityRQ holds.
type UserIdentityType uint8

// The types of PS3.7 D.3.3.7.1.
const (
	UserIdentityUsername         UserIdentityType = 1
	UserIdentityUsernamePasscode UserIdentityType = 2
	UserIdentityKerberos         UserIdentityType = 3
	UserIdentitySAML             UserIdentityType = 4
	UserIdentityJWT              UserIdentityType = 5
)

// UserIdentityRQ is the user identity of the requestor. See PS3.7 D.3.3.7.1.
// It prints without its secrets.
type UserIdentityRQ struct {
	Type                      UserIdentityType
	PositiveResponseRequested bool
	Primary, Secondary        []byte
}

// String tells the type and the lengths, never the content.
func (u UserIdentityRQ) String() string {
	return fmt.Sprintf("user identity of type %d (%d and %d bytes, masked)", u.Type, len(u.Primary), len(u.Secondary))
}

// GoString is String.
func (u UserIdentityRQ) GoString() string { return u.String() }

// UserIdentityAC is the acceptor's positive response. See PS3.7 D.3.3.7.2.
// It prints without its content.
type UserIdentityAC struct{ ServerResponse []byte }

// String tells the length, never the content.
func (u UserIdentityAC) String() string {
	return fmt.Sprintf("user identity response (%d bytes, masked)", len(u.ServerResponse))
}

// GoString is String.
func (u UserIdentityAC) GoString() string { return u.String() }

func (u *UserInformation) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = openItem(dst, itemUserInformation, 0)
	if !u.OmitMaxLength {
		dst = append(dst, itemMaxLength, 0, 0, 4)
		dst = binary.BigEndian.AppendUint32(dst, u.MaxLength)
	}
	var err error
	if u.ImplementationClassUID != "" {
		if dst, err = appendItem(dst, itemImplementationClassUID, 0, u.ImplementationClassUID); err != nil {
			return dst, err
		}
	}
	if w := u.AsyncOpsWindow; w != nil {
		dst = append(dst, itemAsyncOpsWindow, 0, 0, 4)
		dst = binary.BigEndian.AppendUint16(dst, w.Invoked)
		dst = binary.BigEndian.AppendUint16(dst, w.Performed)
	}
	for _, r := range u.Roles {
		if dst, err = r.append(dst); err != nil {
			return dst, err
		}
	}
	if u.ImplementationVersionName != "" {
		if dst, err = appendItem(dst, itemImplementationVersionName, 0, u.ImplementationVersionName); err != nil {
			return dst, err
		}
	}
	for _, e := range u.ExtendedNegotiation {
		if dst, err = e.append(dst); err != nil {
			return dst, err
		}
	}
	for _, e := range u.CommonExtended {
		if dst, err = e.append(dst); err != nil {
			return dst, err
		}
	}
	if u.UserIdentityRQ != nil {
		if dst, err = u.UserIdentityRQ.append(dst); err != nil {
			return dst, err
		}
	}
	if u.UserIdentityAC != nil {
		s := len(dst)
		dst = openItem(dst, itemUserIdentityAC, 0)
		if dst, err = appendField(dst, "server response", u.UserIdentityAC.ServerResponse); err != nil {
			return dst, err
		}
		if dst, err = closeItem(dst, s); err != nil {
			return dst, err
		}
	}
	if dst, err = appendUnknown(dst, u.Unknown); err != nil {
		return dst, err
	}
	return closeItem(dst, start)
}

func (r RoleSelection) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst, err := appendField(openItem(dst, itemRoleSelection, 0), "SOP class UID", r.SOPClassUID)
	if err != nil {
		return dst, err
	}
	return closeItem(append(dst, bit(r.SCU), bit(r.SCP)), start)
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

func (e ExtendedNegotiation) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst, err := appendField(openItem(dst, itemExtendedNegotiation, 0), "SOP class UID", e.SOPClassUID)
	if err != nil {
		return dst, err
	}
	return closeItem(append(dst, e.Information...), start)
}

func (e CommonExtended) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst, err := appendField(openItem(dst, itemCommonExtendedNegotiation, e.Version), "SOP class UID", e.SOPClassUID)
	if err != nil {
		return dst, err
	}
	if dst, err = appendField(dst, "service class UID", e.ServiceClassUID); err != nil {
		return dst, err
	}
	var related []byte
	for _, uid := range e.RelatedGeneralSOPClassUID {
		if related, err = appendField(related, "related general SOP class UID", uid); err != nil {
			return dst, err
		}
	}
	if dst, err = appendField(dst, "related general SOP class identification", related); err != nil {
		return dst, err
	}
	return closeItem(append(dst, e.Reserved...), start)
}

func (u *UserIdentityRQ) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = append(openItem(dst, itemUserIdentityRQ, 0), byte(u.Type), bit(u.PositiveResponseRequested))
	dst, err := appendField(dst, "primary field", u.Primary)
	if err != nil {
		return dst, err
	}
	if dst, err = appendField(dst, "secondary field", u.Secondary); err != nil {
		return dst, err
	}
	return closeItem(dst, start)
}

func decodeUserInformation(d cursor) UserInformation {
	u := UserInformation{OmitMaxLength: true}
	seen := [itemUserInformationPastTheLast]bool{}
	last := uint8(0)
	for d.more() {
		kind, second, start, item := d.item()
		if d.err != nil {
			return u
		}
		if kind != itemCommonExtendedNegotiation {
			d.zero(second) // there it is the version of the sub-item
		}
		rank := kind
		if kind < itemMaxLength || kind > itemUserIdentityAC {
			rank = 0xFF
		}
		if rank < last {
			d.exact = false
		}
		last = max(last, rank)
		switch kind {
		case itemMaxLength, itemImplementationClassUID, itemAsyncOpsWindow, itemImplementationVersionName,
			itemUserIdentityRQ, itemUserIdentityAC:
			if seen[kind] {
				d.fail(fmt.Sprintf("user information sub-item 0x%02X", kind), start, "occurs twice")
				return u
			}
			seen[kind] = true
		}
		u.decodeSubItem(kind, second, item)
	}
	return u
}

func (u *UserInformation) decodeSubItem(kind, second uint8, item cursor) {
	switch kind {
	case itemMaxLength:
		u.OmitMaxLength = false
		u.MaxLength = item.uint32("maximum length received")
		item.done("maximum length sub-item")
	case itemImplementationClassUID:
		if u.ImplementationClassUID = item.restUID("implementation class UID"); u.ImplementationClassUID == "" {
			item.exact = false
		}
	case itemAsyncOpsWindow:
		u.AsyncOpsWindow = &AsyncOpsWindow{
			Invoked:   item.uint16("maximum number of operations invoked"),
			Performed: item.uint16("maximum number of operations performed"),
		}
		item.done("asynchronous operations window sub-item")
	case itemRoleSelection:
		r := RoleSelection{SOPClassUID: item.uid("SOP class UID", int(item.uint16("UID length")))}
		r.SCU = item.bool("SCU role")
		r.SCP = item.bool("SCP role")
		item.done("role selection sub-item")
		u.Roles = append(u.Roles, r)
	case itemImplementationVersionName:
		if u.ImplementationVersionName = string(item.rest("implementation version name")); u.ImplementationVersionName == "" {
			item.exact = false
		}
	case itemExtendedNegotiation:
		e := ExtendedNegotiation{SOPClassUID: item.uid("SOP class UID", int(item.uint16("UID length")))}
		e.Information = item.rest("service class application information")
		u.ExtendedNegotiation = append(u.ExtendedNegotiation, e)
	case itemCommonExtendedNegotiation:
		u.CommonExtended = append(u.CommonExtended, decodeCommonExtended(second, item))
	case itemUserIdentityRQ:
		id := &UserIdentityRQ{Type: UserIdentityType(item.uint8("user identity type"))}
		id.PositiveResponseRequested = item.bool("positive response requested")
		id.Primary = item.bytes("primary field", int(item.uint16("primary field length")))
		id.Secondary = item.bytes("secondary field", int(item.uint16("secondary field length")))
		item.done("user identity sub-item")
		u.UserIdentityRQ = id
	case itemUserIdentityAC:
		u.UserIdentityAC = &UserIdentityAC{
			ServerResponse: item.bytes("server response", int(item.uint16("server response length"))),
		}
		item.done("user identity sub-item")
	default:
		u.Unknown = append(u.Unknown, Item{Type: kind, Data: item.rest("item")})
	}
}

func decodeCommonExtended(version uint8, item cursor) CommonExtended {
	e := CommonExtended{Version: version}
	e.SOPClassUID = item.uid("SOP class UID", int(item.uint16("SOP class UID length")))
	e.ServiceClassUID = item.uid("service class UID", int(item.uint16("service class UID length")))
	n := int(item.uint16("related general SOP class identification length"))
	start := item.off
	if item.take("related general SOP class identification", n) == nil && n > 0 {
		return e
	}
	related := cursor{scan: item.scan, b: item.b, off: start, end: start + n}
	for related.more() {
		if item.itemsLeft--; item.itemsLeft < 0 {
			item.fail("related general SOP class UID", related.off, "more items than the limit")
			return e
		}
		uid := related.uid("related general SOP class UID", int(related.uint16("related general SOP class UID length")))
		e.RelatedGeneralSOPClassUID = append(e.RelatedGeneralSOPClassUID, uid)
	}
	e.Reserved = item.rest("reserved")
	return e
}

// bool reads a byte that shall be 0 or 1.
func (c *cursor) bool(field string) bool {
	at := c.off
	v := c.uint8(field)
	if v > 1 {
		c.fail(field, at, "is %d, must be 0 or 1", v)
	}
	return v == 1
}
