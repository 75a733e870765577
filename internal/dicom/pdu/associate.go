package pdu

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// ApplicationContextName is the DICOM application context. See PS3.7 A.2.1.
const ApplicationContextName = "1.2.840.10008.3.1.1.1"

// ProtocolVersion1 is bit 0 of the protocol version field, the only version
// there is. A receiver tests this bit alone. See PS3.8 9.3.2.
const ProtocolVersion1 uint16 = 1

// Item types. See PS3.8 9.3.2 and 9.3.3.
const (
	itemApplicationContext    = 0x10
	itemPresentationContextRQ = 0x20
	itemPresentationContextAC = 0x21
	itemAbstractSyntax        = 0x30
	itemTransferSyntax        = 0x40
	itemUserInformation       = 0x50
)

// AssociateRQ is the A-ASSOCIATE-RQ PDU. See PS3.8 9.3.2.
type AssociateRQ struct {
	// ProtocolVersion is a set of bits, sent as it is: ProtocolVersion1.
	ProtocolVersion uint16
	// CalledAETitle and CallingAETitle have at most 16 bytes. They are padded
	// with spaces when sent; trailing spaces are removed on receipt and
	// everything else stays as it came (leading spaces are not significant
	// either: trim before comparing).
	CalledAETitle, CallingAETitle string
	// Reserved are bytes 43 to 74, which the acceptor has to echo.
	Reserved             [32]byte
	ApplicationContext   string
	PresentationContexts []PresentationContextRQ
	UserInformation      UserInformation
	// Unknown are items of unknown type, in the order received. They are
	// sent after all others.
	Unknown []Item
}

// AssociateAC is the A-ASSOCIATE-AC PDU. See PS3.8 9.3.3.
type AssociateAC struct {
	ProtocolVersion uint16 // as in AssociateRQ
	// CalledAETitle, CallingAETitle and Reserved echo the request. Their
	// values are not tested by a requestor.
	CalledAETitle, CallingAETitle string
	Reserved                      [32]byte
	ApplicationContext            string
	PresentationContexts          []PresentationContextAC
	UserInformation               UserInformation
	Unknown                       []Item // as in AssociateRQ
}

// PresentationContextRQ is a proposed presentation context. See PS3.8 9.3.2.2.
type PresentationContextRQ struct {
	ID               uint8 // odd, 1 to 255, unique in the association
	AbstractSyntax   string
	TransferSyntaxes []string
}

// PresentationContextAC is the answer to one. See PS3.8 9.3.3.2.
type PresentationContextAC struct {
	ID     uint8
	Result ContextResult
	// TransferSyntax is the one accepted. It has no meaning when Result is
	// not Acceptance and is empty then after Decode unless the peer sent a
	// well-formed item.
	TransferSyntax string
}

// ContextResult is the result of a presentation context. See PS3.8 table 9-18.
type ContextResult uint8

// The results of PS3.8 table 9-18.
const (
	Acceptance                   ContextResult = 0
	UserRejection                ContextResult = 1
	NoReason                     ContextResult = 2
	AbstractSyntaxNotSupported   ContextResult = 3
	TransferSyntaxesNotSupported ContextResult = 4
)

// String returns the standard's words and the number.
func (r ContextResult) String() string {
	s := "unknown result"
	switch r {
	case Acceptance:
		s = "acceptance"
	case UserRejection:
		s = "user rejection"
	case NoReason:
		s = "no reason (provider rejection)"
	case AbstractSyntaxNotSupported:
		s = "abstract syntax not supported"
	case TransferSyntaxesNotSupported:
		s = "transfer syntaxes not supported"
	}
	return fmt.Sprintf("%s (%d)", s, uint8(r))
}

// Item is an item or sub-item of a type that this package does not know. It
// has no meaning and is ignored, as PS3.8 9.3.1 demands.
type Item struct {
	Type uint8
	Data []byte
}

// Type is TypeAssociateRQ.
func (*AssociateRQ) Type() Type { return TypeAssociateRQ }

// Type is TypeAssociateAC.
func (*AssociateAC) Type() Type { return TypeAssociateAC }

// Append implements PDU.
func (p *AssociateRQ) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst, err := p.append(dst)
	if err != nil {
		return dst[:start], fmt.Errorf("A-ASSOCIATE-RQ: %w", err)
	}
	return closePDU(dst, start)
}

func (p *AssociateRQ) append(dst []byte) ([]byte, error) {
	dst = appendHeader(dst, TypeAssociateRQ)
	dst, err := appendFixed(dst, p.ProtocolVersion, p.CalledAETitle, p.CallingAETitle, p.Reserved)
	if err != nil {
		return dst, err
	}
	if dst, err = appendItem(dst, itemApplicationContext, 0, p.ApplicationContext); err != nil {
		return dst, err
	}
	for _, c := range p.PresentationContexts {
		if dst, err = c.append(dst); err != nil {
			return dst, fmt.Errorf("presentation context %d: %w", c.ID, err)
		}
	}
	return appendTail(dst, &p.UserInformation, p.Unknown)
}

// Append implements PDU.
func (p *AssociateAC) Append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst, err := p.append(dst)
	if err != nil {
		return dst[:start], fmt.Errorf("A-ASSOCIATE-AC: %w", err)
	}
	return closePDU(dst, start)
}

func (p *AssociateAC) append(dst []byte) ([]byte, error) {
	dst = appendHeader(dst, TypeAssociateAC)
	dst, err := appendFixed(dst, p.ProtocolVersion, p.CalledAETitle, p.CallingAETitle, p.Reserved)
	if err != nil {
		return dst, err
	}
	if dst, err = appendItem(dst, itemApplicationContext, 0, p.ApplicationContext); err != nil {
		return dst, err
	}
	for _, c := range p.PresentationContexts {
		if dst, err = c.append(dst); err != nil {
			return dst, fmt.Errorf("presentation context %d: %w", c.ID, err)
		}
	}
	return appendTail(dst, &p.UserInformation, p.Unknown)
}

// appendFixed appends bytes 7 to 74, which both PDUs share.
func appendFixed(dst []byte, version uint16, called, calling string, reserved [32]byte) ([]byte, error) {
	dst = binary.BigEndian.AppendUint16(dst, version)
	dst = append(dst, 0, 0)
	dst, err := appendAETitle(dst, "called AE title", called)
	if err != nil {
		return dst, err
	}
	if dst, err = appendAETitle(dst, "calling AE title", calling); err != nil {
		return dst, err
	}
	return append(dst, reserved[:]...), nil
}

func appendAETitle(dst []byte, field, title string) ([]byte, error) {
	if len(title) > 16 {
		return dst, fmt.Errorf("%s has %d bytes, 16 fit", field, len(title))
	}
	dst = append(dst, title...)
	return append(dst, "                "[len(title):]...), nil
}

func appendTail(dst []byte, u *UserInformation, unknown []Item) ([]byte, error) {
	dst, err := u.append(dst)
	if err != nil {
		return dst, fmt.Errorf("user information: %w", err)
	}
	return appendUnknown(dst, unknown)
}

func appendUnknown(dst []byte, items []Item) ([]byte, error) {
	var err error
	for _, it := range items {
		if dst, err = appendItem(dst, it.Type, 0, string(it.Data)); err != nil {
			return dst, err
		}
	}
	return dst, nil
}

func (c *PresentationContextRQ) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = append(openItem(dst, itemPresentationContextRQ, 0), c.ID, 0, 0, 0)
	dst, err := appendItem(dst, itemAbstractSyntax, 0, c.AbstractSyntax)
	if err != nil {
		return dst, err
	}
	for _, ts := range c.TransferSyntaxes {
		if dst, err = appendItem(dst, itemTransferSyntax, 0, ts); err != nil {
			return dst, err
		}
	}
	return closeItem(dst, start)
}

func (c *PresentationContextAC) append(dst []byte) ([]byte, error) {
	start := len(dst)
	dst = append(openItem(dst, itemPresentationContextAC, 0), c.ID, 0, byte(c.Result), 0)
	dst, err := appendItem(dst, itemTransferSyntax, 0, c.TransferSyntax)
	if err != nil {
		return dst, err
	}
	return closeItem(dst, start)
}

// variable collects the items after byte 74 of both PDUs.
type variable struct {
	applicationContext  string
	presentationContext func(cursor)
	user                UserInformation
	unknown             []Item
}

// decodeFixed reads bytes 7 to 74.
func decodeFixed(d *cursor) (version uint16, called, calling string, reserved [32]byte) {
	version = d.uint16("protocol version")
	d.reserved("reserved", 2)
	called = strings.TrimRight(string(d.take("called AE title", 16)), " ")
	calling = strings.TrimRight(string(d.take("calling AE title", 16)), " ")
	copy(reserved[:], d.take("reserved", 32))
	return version, called, calling, reserved
}

// decodeItems reads the variable items; contextItem is 0x20 or 0x21. An
// application context or user information that is missing stays empty: what
// follows from that is the service user's decision, not ours.
func decodeItems(d cursor, contextItem uint8, v *variable) {
	stage, seenContext, seenUser := 0, false, false
	for d.more() {
		kind, second, start, item := d.item()
		if d.err != nil {
			return
		}
		d.zero(second)
		this := 3
		switch kind {
		case itemApplicationContext:
			if this = 0; seenContext {
				d.fail("application context item", start, "occurs twice")
				return
			}
			seenContext = true
			v.applicationContext = item.restUID("application context name")
		case contextItem:
			this = 1
			v.presentationContext(item)
		case itemUserInformation:
			if this = 2; seenUser {
				d.fail("user information item", start, "occurs twice")
				return
			}
			seenUser = true
			v.user = decodeUserInformation(item)
		default:
			v.unknown = append(v.unknown, Item{Type: kind, Data: item.rest("item")})
		}
		if this < stage {
			d.exact = false
		}
		stage = max(stage, this)
	}
	if !seenContext || !seenUser {
		d.exact = false
	}
	if !seenUser {
		v.user.OmitMaxLength = true
	}
}

func decodeAssociateRQ(d cursor) *AssociateRQ {
	p := &AssociateRQ{}
	p.ProtocolVersion, p.CalledAETitle, p.CallingAETitle, p.Reserved = decodeFixed(&d)
	v := variable{presentationContext: func(item cursor) {
		p.PresentationContexts = append(p.PresentationContexts, decodeContextRQ(item))
	}}
	decodeItems(d, itemPresentationContextRQ, &v)
	p.ApplicationContext, p.UserInformation, p.Unknown = v.applicationContext, v.user, v.unknown
	return p
}

func decodeAssociateAC(d cursor) *AssociateAC {
	p := &AssociateAC{}
	p.ProtocolVersion, p.CalledAETitle, p.CallingAETitle, p.Reserved = decodeFixed(&d)
	v := variable{presentationContext: func(item cursor) {
		p.PresentationContexts = append(p.PresentationContexts, decodeContextAC(item))
	}}
	decodeItems(d, itemPresentationContextAC, &v)
	p.ApplicationContext, p.UserInformation, p.Unknown = v.applicationContext, v.user, v.unknown
	return p
}

func decodeContextRQ(d cursor) PresentationContextRQ {
	c := PresentationContextRQ{ID: d.uint8("presentation context ID")}
	d.reserved("reserved", 3)
	seen := false
	for d.more() {
		kind, second, start, item := d.item()
		if d.err != nil {
			return c
		}
		d.zero(second)
		switch kind {
		case itemAbstractSyntax:
			if seen {
				d.fail("abstract syntax sub-item", start, "occurs twice")
				return c
			}
			if len(c.TransferSyntaxes) > 0 {
				d.exact = false
			}
			seen = true
			c.AbstractSyntax = item.restUID("abstract syntax name")
		case itemTransferSyntax:
			c.TransferSyntaxes = append(c.TransferSyntaxes, item.restUID("transfer syntax name"))
		default:
			d.exact = false // unknown sub-items are ignored: PS3.8 9.3.1
		}
	}
	if !seen {
		d.exact = false
	}
	return c
}

func decodeContextAC(d cursor) PresentationContextAC {
	c := PresentationContextAC{ID: d.uint8("presentation context ID")}
	d.reserved("reserved", 1)
	c.Result = ContextResult(d.uint8("result"))
	d.reserved("reserved", 1)
	if d.err != nil {
		return c
	}
	if c.Result != Acceptance {
		// The sub-item is not significant then and must not be tested, so
		// garbage in it is no error: PS3.8 9.3.3.2.
		c.TransferSyntax = insignificantTransferSyntax(&d)
		return c
	}
	seen := false
	for d.more() {
		kind, second, start, item := d.item()
		if d.err != nil {
			return c
		}
		d.zero(second)
		if kind != itemTransferSyntax {
			d.exact = false
			continue
		}
		if seen {
			d.fail("transfer syntax sub-item", start, "occurs twice in an accepted presentation context")
			return c
		}
		seen = true
		c.TransferSyntax = item.restUID("transfer syntax name")
	}
	if !seen {
		d.fail("transfer syntax sub-item", d.off, "missing in an accepted presentation context")
	}
	return c
}

// insignificantTransferSyntax returns the transfer syntax of a refused context
// if that is all there is, and empty otherwise.
func insignificantTransferSyntax(d *cursor) string {
	b := d.take("transfer syntax sub-item", d.end-d.off)
	if len(b) >= 4 && b[0] == itemTransferSyntax && b[1] == 0 && int(binary.BigEndian.Uint16(b[2:])) == len(b)-4 {
		return string(b[4:])
	}
	d.exact = false
	return ""
}
