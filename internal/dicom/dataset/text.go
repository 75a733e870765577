package dataset

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// repertoire is what Specific Character Set (0008,0005) means. See PS3.3
// C.12.1.1.2.
type repertoire struct {
	// whole is the encoding of a character set without code extensions that is not
	// made of G0 and G1: GB18030 and GBK. utf8 is ISO_IR 192.
	whole encoding.Encoding
	utf8  bool
	// g0 and g1 are active at the beginning of a value and after each delimiter;
	// g1 may be nil.
	g0, g1 *codeSet
	// others can be reached by escape sequences, if extended.
	others   []*codeSet
	extended bool
}

// repertoireOf reads the values of (0008,0005). With an error the repertoire is
// that of the values understood.
func repertoireOf(characterSet []string) (repertoire, error) {
	r := repertoire{g0: codeSet6}
	var err error
	for i, term := range characterSet {
		var number string
		switch {
		case i == 0 && term == "":
			r.extended = len(characterSet) > 1
			continue
		case term == "ISO_IR 192", term == "GB18030", term == "GBK":
			if len(characterSet) > 1 {
				err = fmt.Errorf("dataset: the character set %s cannot be combined with others (PS3.3 C.12.1.1.2)", term)
			}
			if i == 0 {
				return r.without(term), err
			}
			continue
		case strings.HasPrefix(term, "ISO 2022 IR "):
			number = term[len("ISO 2022 IR "):]
			r.extended = true
		case strings.HasPrefix(term, "ISO_IR ") && len(characterSet) == 1:
			number = term[len("ISO_IR "):]
		}
		g0, g1, ok := codeSetsOf(number)
		if ok && !r.extended && (g0 == nil || g0.bytes == 2) {
			ok = false // "ISO_IR 87" is none of the defined terms
		}
		if !ok {
			err = fmt.Errorf("dataset: value %d of Specific Character Set is not a defined term that is supported there (PS3.3 C.12.1.1.2)", i+1)
			continue
		}
		if i == 0 && (g0 == nil || g0.bytes == 1) && (g1 == nil || g1.bytes == 1) {
			r.g0, r.g1 = g0, g1
			continue
		}
		for _, c := range []*codeSet{g0, g1} {
			if c != nil {
				r.others = append(r.others, c)
			}
		}
	}
	return r, err
}

// without returns the repertoire of a term that has no code extensions.
func (r repertoire) without(term string) repertoire {
	switch term {
	case "GB18030":
		r.whole = simplifiedchinese.GB18030
	case "GBK":
		r.whole = simplifiedchinese.GBK
	default:
		r.utf8 = true
	}
	return r
}

// names reports whether an escape sequence may switch to c.
func (r *repertoire) names(c *codeSet) bool {
	if c == codeSet6 || c == r.g0 || c == r.g1 {
		return true
	}
	for _, o := range r.others {
		if o == c {
			return true
		}
	}
	return false
}

// resets reports whether the character b ends the effect of escape sequences: a
// control character, the backslash between values, and the delimiters of a PN. See
// PS3.5 6.1.2.5.3.
func resets(b byte, vr VR) bool {
	switch b {
	case '\\':
		return !vr.isSingleText()
	case '^', '=':
		return vr == VRPN
	}
	return b < 0x20
}

// DecodeText returns a text value, all its values with their backslashes and its
// padding, as UTF-8. vr says where code extensions end (PS3.5 6.1.2.5.3);
// characterSet is Specific Character Set (0008,0005), nil for the default
// repertoire.
//
// What cannot be decoded is U+FFFD, and the error says at which byte the first one
// is, or which term of characterSet is unknown; the text is usable nevertheless.
func DecodeText(value []byte, vr VR, characterSet []string) (string, error) {
	if isASCII(value) && (len(characterSet) == 0 || splitModeOf(characterSet) != splitEscapes) {
		if len(characterSet) != 1 || characterSet[0] != "ISO_IR 13" {
			_, err := repertoireOf(characterSet)
			return string(value), err
		}
	}
	r, err := repertoireOf(characterSet)
	var text string
	at := -1
	switch {
	case r.utf8:
		text = string(value)
		if !utf8.ValidString(text) {
			at = invalidUTF8(text)
			text = strings.ToValidUTF8(text, "\uFFFD")
		}
	case r.whole != nil:
		b, _ := r.whole.NewDecoder().Bytes(value)
		text = string(b)
		if i := strings.IndexRune(text, utf8.RuneError); i >= 0 {
			at = i
		}
	default:
		text, at = r.decode(value, vr)
	}
	if err == nil && at >= 0 {
		err = fmt.Errorf("dataset: text of %d bytes cannot be decoded at position %d in the character set %q", len(value), at, characterSet)
	}
	return text, err
}

func invalidUTF8(s string) int {
	for i, r := range s {
		if r == utf8.RuneError {
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return i
			}
		}
	}
	return -1
}

// decode decodes single-byte sets and code extensions. bad is the index of the
// first byte that has no meaning, -1 if all have.
func (r *repertoire) decode(value []byte, vr VR) (text string, bad int) {
	var out strings.Builder
	out.Grow(len(value) + len(value)/2)
	bad = -1
	fail := func(i int) {
		if bad < 0 {
			bad = i
		}
	}
	g0, g1 := r.g0, r.g1
	decoders := map[*codeSet]*encoding.Decoder{}
	for i := 0; i < len(value); {
		b := value[i]
		if b == 0x1B {
			c, ok := escapeAt(value[i:])
			if !ok {
				fail(i)
				out.WriteRune(utf8.RuneError)
				i++
				continue
			}
			if !r.extended || !r.names(c) {
				fail(i)
			}
			if c.g0 {
				g0 = c
			} else {
				g1 = c
			}
			i += len(c.escape)
			continue
		}
		active := g0
		if b >= 0x80 {
			active = g1
		}
		switch {
		case b <= 0x20 || b == 0x7F, active != nil && active.bytes == 1:
			if resets(b, vr) {
				g0, g1 = r.g0, r.g1
			}
			c := rune(b)
			if b > 0x20 {
				c = active.orASCII(b)
			}
			if c == utf8.RuneError {
				fail(i)
			}
			out.WriteRune(c)
			i++
		case active == nil || i+1 == len(value):
			fail(i)
			out.WriteRune(utf8.RuneError)
			i++
		default:
			d := decoders[active]
			if d == nil {
				d = active.double.NewDecoder()
				decoders[active] = d
			}
			c := utf8.RuneError
			if value[i+1]&0x80 == b&0x80 {
				c = active.decodePair(d, b|0x80, value[i+1]|0x80)
			}
			if c == utf8.RuneError {
				fail(i)
				// A byte that cannot begin or end a character stands for itself,
				// so that a delimiter after it is still one.
				out.WriteRune(c)
				i++
				continue
			}
			out.WriteRune(c)
			i += 2
		}
	}
	return out.String(), bad
}

// orASCII decodes b in c, and 0x7F, which is in no set, as itself.
func (c *codeSet) orASCII(b byte) rune {
	if b == 0x7F {
		return rune(b)
	}
	return c.decodeByte(b)
}

// EncodeText is the opposite of [DecodeText]: it returns s, values joined with
// backslashes, in the first of the character sets that has each character. It does
// not pad. It fails if a character is in none, if s is not UTF-8, and if a term of
// characterSet is unknown.
func EncodeText(s string, vr VR, characterSet []string) ([]byte, error) {
	r, err := repertoireOf(characterSet)
	if err != nil {
		return nil, err
	}
	if at := invalidUTF8(s); at >= 0 {
		return nil, fmt.Errorf("dataset: text of %d bytes is not UTF-8 at byte %d", len(s), at)
	}
	switch {
	case r.utf8:
		return []byte(s), nil
	case r.whole != nil:
		b, err := r.whole.NewEncoder().Bytes([]byte(s))
		if err != nil {
			return nil, fmt.Errorf("dataset: text of %d bytes holds a character that is not in the character set %q", len(s), characterSet)
		}
		return b, nil
	}
	e := textEncoder{repertoire: r, out: make([]byte, 0, len(s)+16), g0: r.g0, g1: r.g1}
	for i, c := range s {
		if c < 0x80 && resets(byte(c), vr) {
			e.reset()
			e.out = append(e.out, byte(c))
			continue
		}
		if !e.rune(c) {
			return nil, fmt.Errorf("dataset: text of %d bytes holds a character at byte %d that is not in the character set %q", len(s), i, characterSet)
		}
	}
	e.reset()
	return e.out, nil
}

type textEncoder struct {
	repertoire
	out    []byte
	g0, g1 *codeSet // active
}

// reset makes the sets of value 1 active again. For G0 that takes an escape
// sequence; G1 is reset by what follows. See PS3.5 6.1.2.5.3.
func (e *textEncoder) reset() {
	if e.g0 != e.repertoire.g0 {
		e.g0 = e.repertoire.g0
		e.out = append(e.out, e.g0.escape...)
	}
	e.g1 = e.repertoire.g1
}

// rune appends c, after an escape sequence if it needs one.
func (e *textEncoder) rune(c rune) bool {
	if c == ' ' {
		e.out = append(e.out, ' ')
		return true
	}
	if e.in(e.g0, c) || e.in(e.g1, c) {
		return true
	}
	if !e.extended {
		return false
	}
	if e.switchTo(e.repertoire.g0, c) || e.switchTo(e.repertoire.g1, c) {
		return true
	}
	for _, o := range e.others {
		if e.switchTo(o, c) {
			return true
		}
	}
	return false
}

// switchTo appends the escape sequence of set and c, if set has c.
func (e *textEncoder) switchTo(set *codeSet, c rune) bool {
	if set == nil {
		return false
	}
	n := len(e.out)
	e.out = append(e.out, set.escape...)
	if !e.in(set, c) {
		e.out = e.out[:n]
		return false
	}
	if set.g0 {
		e.g0 = set
	} else {
		e.g1 = set
	}
	return true
}

// in appends c as it is in set, if set has it.
func (e *textEncoder) in(set *codeSet, c rune) bool {
	switch {
	case set == nil:
		return false
	case set.bytes == 1:
		b, ok := set.encodeByte(c)
		if ok {
			e.out = append(e.out, b)
		}
		return ok
	}
	a, b, ok := set.encodePair(c)
	if !ok {
		return false
	}
	if set.g0 {
		a, b = a&0x7F, b&0x7F
	}
	e.out = append(e.out, a, b)
	return true
}
