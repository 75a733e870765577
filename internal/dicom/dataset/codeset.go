package dataset

import (
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// codeSet is a set of characters that an escape sequence makes the G0 or G1 code
// element. See PS3.5 6.1.2.4 and PS3.3 tables C.12-3 and C.12-4.
type codeSet struct {
	escape string
	g0     bool // the bytes are below 0x80
	bytes  int  // for one character, 1 or 2

	single *charmap.Charmap  // of a one-byte G1 set
	double encoding.Encoding // of a two-byte set, as EUC
	prefix string            // what EUC puts before the two bytes
}

// The code sets, by the number of their ISO registration.
var (
	codeSet6   = &codeSet{escape: "\x1b(B", g0: true, bytes: 1}
	codeSet14  = &codeSet{escape: "\x1b(J", g0: true, bytes: 1} // JIS X 0201 romaji
	codeSet13  = &codeSet{escape: "\x1b)I", bytes: 1}           // JIS X 0201 katakana
	codeSet100 = &codeSet{escape: "\x1b-A", bytes: 1, single: charmap.ISO8859_1}
	codeSet101 = &codeSet{escape: "\x1b-B", bytes: 1, single: charmap.ISO8859_2}
	codeSet109 = &codeSet{escape: "\x1b-C", bytes: 1, single: charmap.ISO8859_3}
	codeSet110 = &codeSet{escape: "\x1b-D", bytes: 1, single: charmap.ISO8859_4}
	codeSet144 = &codeSet{escape: "\x1b-L", bytes: 1, single: charmap.ISO8859_5}
	codeSet127 = &codeSet{escape: "\x1b-G", bytes: 1, single: charmap.ISO8859_6}
	codeSet126 = &codeSet{escape: "\x1b-F", bytes: 1, single: charmap.ISO8859_7}
	codeSet138 = &codeSet{escape: "\x1b-H", bytes: 1, single: charmap.ISO8859_8}
	codeSet148 = &codeSet{escape: "\x1b-M", bytes: 1, single: charmap.ISO8859_9}
	codeSet203 = &codeSet{escape: "\x1b-b", bytes: 1, single: charmap.ISO8859_15}
	codeSet166 = &codeSet{escape: "\x1b-T", bytes: 1, single: charmap.Windows874} // TIS 620, from 0xA0 on the same
	codeSet87  = &codeSet{escape: "\x1b$B", g0: true, bytes: 2, double: japanese.EUCJP}
	codeSet159 = &codeSet{escape: "\x1b$(D", g0: true, bytes: 2, double: japanese.EUCJP, prefix: "\x8f"}
	codeSet149 = &codeSet{escape: "\x1b$)C", bytes: 2, double: korean.EUCKR}
	codeSet58  = &codeSet{escape: "\x1b$)A", bytes: 2, double: simplifiedchinese.GBK} // GB 2312 is its part from 0xA1A1 on

	codeSets = [...]*codeSet{codeSet6, codeSet14, codeSet13, codeSet100, codeSet101, codeSet109, codeSet110,
		codeSet144, codeSet127, codeSet126, codeSet138, codeSet148, codeSet203, codeSet166, codeSet87,
		codeSet159, codeSet149, codeSet58}
)

// codeSetsOf returns the G0 and G1 sets of a defined term without its "ISO_IR " or
// "ISO 2022 IR ", and false for an unknown one. Either may be nil.
func codeSetsOf(number string) (g0, g1 *codeSet, ok bool) {
	switch number {
	case "6":
		return codeSet6, nil, true
	case "13":
		return codeSet14, codeSet13, true
	case "100":
		return codeSet6, codeSet100, true
	case "101":
		return codeSet6, codeSet101, true
	case "109":
		return codeSet6, codeSet109, true
	case "110":
		return codeSet6, codeSet110, true
	case "144":
		return codeSet6, codeSet144, true
	case "127":
		return codeSet6, codeSet127, true
	case "126":
		return codeSet6, codeSet126, true
	case "138":
		return codeSet6, codeSet138, true
	case "148":
		return codeSet6, codeSet148, true
	case "203":
		return codeSet6, codeSet203, true
	case "166":
		return codeSet6, codeSet166, true
	case "87":
		return codeSet87, nil, true
	case "159":
		return codeSet159, nil, true
	case "149":
		return nil, codeSet149, true
	case "58":
		return nil, codeSet58, true
	}
	return nil, nil, false
}

// escapeAt returns the code set whose escape sequence b begins with.
func escapeAt(b []byte) (*codeSet, bool) {
	for _, c := range codeSets {
		if len(b) >= len(c.escape) && string(b[:len(c.escape)]) == c.escape {
			return c, true
		}
	}
	return nil, false
}

// decodeByte returns the character of a one-byte set, utf8.RuneError for none.
func (c *codeSet) decodeByte(b byte) rune {
	switch {
	case c == codeSet14 && b == 0x7E:
		return '‾'
	case c.g0:
		// 0x5C of JIS X 0201 is a yen sign, but every reader of DICOM takes it for
		// the backslash that parts values.
		return rune(b)
	case c == codeSet13:
		if b < 0xA1 || b > 0xDF {
			return utf8.RuneError
		}
		return rune(b) - 0xA1 + '｡'
	case b < 0xA0:
		return utf8.RuneError
	case c == codeSet166 && b == 0xA0:
		return '\u00A0'
	}
	return c.single.DecodeByte(b)
}

// encodeByte returns the byte of r in a one-byte set.
func (c *codeSet) encodeByte(r rune) (byte, bool) {
	switch {
	case c == codeSet14 && r == '‾':
		return 0x7E, true
	case c == codeSet14 && (r == '\\' || r == '~'):
		return 0, false
	case c.g0:
		return byte(r), r < 0x80
	case c == codeSet13:
		return byte(r - '｡' + 0xA1), r >= '｡' && r <= 'ﾟ'
	}
	b, ok := c.single.EncodeRune(r)
	return b, ok && b >= 0xA0
}

// decodePair returns the character of the two bytes a and b of a two-byte set,
// utf8.RuneError for none. The bytes are as in G1.
func (c *codeSet) decodePair(d *encoding.Decoder, a, b byte) rune {
	if !c.hasCell(a, b) {
		return utf8.RuneError
	}
	if c == codeSet87 {
		if r, ok := jisSymbol(a, b); ok {
			return r
		}
	}
	var src [3]byte
	var dst [8]byte
	in := append(append(src[:0], c.prefix...), a, b)
	d.Reset()
	n, _, err := d.Transform(dst[:], in, true)
	if err != nil {
		return utf8.RuneError
	}
	r, size := utf8.DecodeRune(dst[:n])
	if size != n {
		return utf8.RuneError
	}
	return r
}

// encodePair returns the two bytes of r in a two-byte set, as in G1.
func (c *codeSet) encodePair(r rune) (a, b byte, ok bool) {
	if c == codeSet87 {
		for b := byte(0xA1); b <= 0xDD; b++ {
			if s, ok := jisSymbol(0xA1, b); ok && s == r {
				return 0xA1, b, true
			}
		}
	}
	var src [utf8.UTFMax]byte
	var dst [8]byte
	n, _, err := c.double.NewEncoder().Transform(dst[:], src[:utf8.EncodeRune(src[:], r)], true)
	if err != nil || n != len(c.prefix)+2 || string(dst[:len(c.prefix)]) != c.prefix {
		return 0, 0, false
	}
	a, b = dst[n-2], dst[n-1]
	if _, ok := jisSymbol(a, b); ok && c == codeSet87 {
		return 0, 0, false // r is what Windows has there; it would be read as another
	}
	return a, b, c.hasCell(a, b)
}

// hasCell reports whether the standard of the set, and not only the greater one
// whose table is used, can have a character at a, b.
func (c *codeSet) hasCell(a, b byte) bool {
	if a < 0xA1 || b < 0xA1 || a == 0xFF || b == 0xFF {
		return false
	}
	switch c {
	case codeSet87: // rows 1 to 8 and 16 to 84
		return a <= 0xA8 || a >= 0xB0 && a <= 0xF4
	case codeSet58: // rows 1 to 9 and 16 to 87, without what GBK adds in them
		switch a {
		case 0xA2:
			return b > 0xAA
		case 0xA6:
			return b < 0xE0
		case 0xA8:
			return b < 0xBB || b > 0xC0
		}
		return a <= 0xA9 || a >= 0xB0 && a <= 0xF7
	}
	return true
}

// jisSymbol returns the characters of JIS X 0208 for which the table in use has
// those that Windows took instead.
func jisSymbol(a, b byte) (rune, bool) {
	switch uint16(a)<<8 | uint16(b) {
	case 0xA1C1:
		return '\u301C', true // wave dash
	case 0xA1C2:
		return '\u2016', true // double vertical line
	case 0xA1DD:
		return '\u2212', true // minus
	}
	return 0, false
}
