package pdu

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// scan is what all cursors over one PDU share. The first error sticks and
// every later read yields zero values, so decoders read straight through.
type scan struct {
	pdu       string
	itemsLeft int
	exact     bool
	err       error
}

// cursor reads b[off:end] of one PDU; offsets count from its header.
type cursor struct {
	*scan
	b        []byte
	off, end int
}

func (c *cursor) fail(field string, offset int, reason string, args ...any) {
	if c.err == nil {
		c.err = &FormatError{PDU: c.pdu, Field: field, Offset: offset, Reason: fmt.Sprintf(reason, args...)}
	}
	c.off = c.end
}

// more reports whether bytes are left and nothing has failed.
func (c *cursor) more() bool { return c.err == nil && c.off < c.end }

// take returns the next n bytes, aliasing the PDU, or nil after a failure.
func (c *cursor) take(field string, n int) []byte {
	if c.err != nil {
		return nil
	}
	if n > c.end-c.off {
		c.fail(field, c.off, "needs %d bytes, %d are left", n, c.end-c.off)
		return nil
	}
	b := c.b[c.off : c.off+n : c.off+n]
	c.off += n
	return b
}

func (c *cursor) uint8(field string) uint8 {
	if b := c.take(field, 1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) uint16(field string) uint16 {
	if b := c.take(field, 2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (c *cursor) uint32(field string) uint32 {
	if b := c.take(field, 4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// reserved skips bytes that shall be sent as zero and shall not be tested.
func (c *cursor) reserved(field string, n int) {
	for _, x := range c.take(field, n) {
		if x != 0 {
			c.exact = false
		}
	}
}

// bytes is take with a copy; nil for none.
func (c *cursor) bytes(field string, n int) []byte {
	return append([]byte(nil), c.take(field, n)...)
}

// rest copies what is left.
func (c *cursor) rest(field string) []byte { return c.bytes(field, c.end-c.off) }

// uid reads n bytes as a UID. Padding with NUL or spaces, which old peers
// send although PS3.8 Annex F forbids it, is removed.
func (c *cursor) uid(field string, n int) string {
	raw := string(c.take(field, n))
	s := strings.Trim(raw, "\x00 ")
	if s != raw {
		c.exact = false
	}
	return s
}

// restUID is uid over what is left.
func (c *cursor) restUID(field string) string { return c.uid(field, c.end-c.off) }

// item reads an item header (type, second byte, 16-bit length) and returns a
// cursor over its value. The second byte is reserved in all items but one.
func (c *cursor) item() (kind, second uint8, start int, value cursor) {
	start = c.off
	if c.itemsLeft--; c.itemsLeft < 0 {
		c.fail("item", start, "more items than the limit")
		return 0, 0, start, *c
	}
	kind = c.uint8("item type")
	second = c.uint8("item reserved")
	n := int(c.uint16("item length"))
	if c.err == nil && n > c.end-c.off {
		c.fail(fmt.Sprintf("item 0x%02X", kind), start, "is %d bytes long, %d are left", n, c.end-c.off)
	}
	if c.err != nil {
		return kind, second, start, *c
	}
	value = cursor{scan: c.scan, b: c.b, off: c.off, end: c.off + n}
	c.off += n
	return kind, second, start, value
}

// done fails when an item holds more than its fields.
func (c *cursor) done(field string) {
	if c.more() {
		c.fail(field, c.off, "%d bytes too many", c.end-c.off)
	}
}

// zero notes a second byte of an item header that is not zero.
func (s *scan) zero(second uint8) {
	if second != 0 {
		s.exact = false
	}
}

// openItem appends an item header whose length closeItem fills in.
func openItem(dst []byte, kind, second uint8) []byte { return append(dst, kind, second, 0, 0) }

// closeItem writes the length of the item that began at start.
func closeItem(dst []byte, start int) ([]byte, error) {
	n := len(dst) - start - 4
	if n > 0xFFFF {
		return dst, fmt.Errorf("item 0x%02X: %d bytes do not fit a 16-bit length", dst[start], n)
	}
	binary.BigEndian.PutUint16(dst[start+2:], uint16(n))
	return dst, nil
}

// appendItem appends a whole item.
func appendItem(dst []byte, kind, second uint8, value string) ([]byte, error) {
	start := len(dst)
	return closeItem(append(openItem(dst, kind, second), value...), start)
}

// appendField appends a value with a 16-bit length before it.
func appendField[T string | []byte](dst []byte, field string, v T) ([]byte, error) {
	if len(v) > 0xFFFF {
		return dst, fmt.Errorf("%s: %d bytes do not fit a 16-bit length", field, len(v))
	}
	dst = binary.BigEndian.AppendUint16(dst, uint16(len(v)))
	return append(dst, v...), nil
}
