package dataset

import (
	"bytes"
	"strings"
)

// splitMode says where a byte 0x5C is a backslash between values, and where it is
// the second byte of a character. See PS3.5 6.1.2.3 and 6.1.2.5.
type splitMode int

const (
	splitBytes   splitMode = iota // always a backslash
	splitPairs                    // GBK and GB18030: never after a byte from 0x81 to 0xFE
	splitEscapes                  // code extensions: not while a double-byte G0 set is active
)

// splitModeOf returns how the values of a text are parted in these character
// sets.
func splitModeOf(characterSet []string) splitMode {
	if len(characterSet) > 0 && (characterSet[0] == "GBK" || characterSet[0] == "GB18030") {
		return splitPairs
	}
	for _, c := range characterSet {
		if strings.HasPrefix(c, "ISO 2022 ") {
			return splitEscapes
		}
	}
	return splitBytes
}

// cutValue returns the first value of b, what follows its backslash, and whether
// there was one.
func cutValue(b []byte, m splitMode) (value, rest []byte, more bool) {
	if m == splitBytes {
		return bytes.Cut(b, []byte{'\\'})
	}
	doubleByte := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case m == splitPairs && c >= 0x81 && c <= 0xFE:
			i++
		case m == splitEscapes && c == 0x1B:
			e, ok := escapeAt(b[i:])
			if !ok {
				continue
			}
			i += len(e.escape) - 1
			if e.g0 {
				doubleByte = e.bytes == 2
			}
		case doubleByte && c > 0x20 && c < 0x7F:
			i++
		case c == '\\':
			return b[:i], b[i+1:], true
		}
	}
	return b, nil, false
}
