package dataset

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// goldenTexts are the examples of PS3.5 annexes H to K, and others of the same
// kind for the sets that have none there.
var goldenTexts = []struct {
	name, charset string
	vr            VR
	bytes, text   string
}{
	{"PS3.5 H.3.1 kanji with ASCII", `\ISO 2022 IR 87`, VRPN,
		"59 61 6d 61 64 61 5e 54 61 72 6f 75 3d 1b 24 42 3b 33 45 44 1b 28 42 5e 1b 24 42 42 40 4f 3a 1b 28 42 3d 1b 24 42 24 64 24 5e 24 40 1b 28 42 5e 1b 24 42 24 3f 24 6d 24 26 1b 28 42",
		"Yamada^Tarou=山田^太郎=やまだ^たろう"},
	{"PS3.5 H.3.2 kanji with half-width katakana", `ISO 2022 IR 13\ISO 2022 IR 87`, VRPN,
		"d4 cf c0 de 5e c0 db b3 3d 1b 24 42 3b 33 45 44 1b 28 4a 5e 1b 24 42 42 40 4f 3a 1b 28 4a 3d 1b 24 42 24 64 24 5e 24 40 1b 28 4a 5e 1b 24 42 24 3f 24 6d 24 26 1b 28 4a",
		"ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう"},
	{"PS3.5 I.2 hangul and hanja", `\ISO 2022 IR 149`, VRPN,
		"48 6f 6e 67 5e 47 69 6c 64 6f 6e 67 3d 1b 24 29 43 fb f3 5e 1b 24 29 43 d1 ce d4 d7 3d 1b 24 29 43 c8 ab 5e 1b 24 29 43 b1 e6 b5 bf",
		"Hong^Gildong=洪^吉洞=홍^길동"},
	{"PS3.5 annex J, Chinese in UTF-8", `ISO_IR 192`, VRPN,
		"57 61 6e 67 5e 58 69 61 6f 44 6f 6e 67 3d e7 8e 8b 5e e5 b0 8f e4 b8 9c 3d",
		"Wang^XiaoDong=王^小东="},
	{"PS3.5 annex J, Chinese in GB18030", `GB18030`, VRPN,
		"57 61 6e 67 5e 58 69 61 6f 44 6f 6e 67 3d cd f5 5e d0 a1 b6 ab 3d",
		"Wang^XiaoDong=王^小东="},
	{"PS3.5 annex K, Chinese with code extensions", `\ISO 2022 IR 58`, VRPN,
		"5A 68 61 6E 67 5E 58 69 61 6F 44 6F 6E 67 3D 1B 24 29 41 D5 C5 5E 1B 24 29 41 D0 A1 B6 AB 3D",
		"Zhang^XiaoDong=张^小东="},
	{"GB2312 in several lines: G1 is reset by each", `\ISO 2022 IR 58`, VRLT,
		"31 2e 1b 24 29 41 b5 da 0d 0a 32 2e 1b 24 29 41 b6 fe", "1.第\r\n2.二"},
	{"GBK: the second byte of 乗 is a backslash", `GBK`, VRLO, "81 5c 5c 41", `乗\A`},
	{"GB18030 four bytes", `GB18030`, VRLO, "95 32 82 36", "𠀀"},
	{"JIS X 0212", `\ISO 2022 IR 87\ISO 2022 IR 159`, VRLO, "1b 24 28 44 30 21 1b 28 42", "丂"},
	{"JIS wave dash and minus", `\ISO 2022 IR 87`, VRLO, "1b 24 42 21 41 21 5d 1b 28 42", "〜−"},
	{"Latin 1", `ISO_IR 100`, VRPN, "42 75 63 5e 4a e9 72 f4 6d 65", "Buc^Jérôme"},
	{"Latin 2", `ISO_IR 101`, VRPN, "57 61 b3 ea 73 61", "Wałęsa"},
	{"Latin 3", `ISO_IR 109`, VRPN, "a6", "Ĥ"},
	{"Latin 4", `ISO_IR 110`, VRPN, "bd", "Ŋ"},
	{"Cyrillic", `ISO_IR 144`, VRPN, "bb ee da 63 65 dc d1 79 70 d3", "Люкceмбypг"},
	{"Arabic", `ISO_IR 127`, VRPN, "e2 c8 c7 e6 ea 5e e4 e6 d2 c7 d1", "قباني^لنزار"},
	{"Greek", `ISO_IR 126`, VRPN, "c4 e9 ef ed f5 f3 e9 ef f2", "Διονυσιος"},
	{"Hebrew", `ISO_IR 138`, VRPN, "f9 f8 e5 ef 5e e3 e1 e5 f8 e4", "שרון^דבורה"},
	{"Latin 5", `ISO_IR 148`, VRPN, "c7 61 76 75 fe 6f f0 6c 75", "Çavuşoğlu"},
	{"Latin 9", `ISO_IR 203`, VRLO, "a4", "€"},
	{"Thai", `ISO_IR 166`, VRPN, "b9 d2 c1", "นาม"},
	{"Katakana", `ISO_IR 13`, VRPN, "d4 cf c0 de", "ﾔﾏﾀﾞ"},
	{"two single-byte sets", `ISO 2022 IR 100\ISO 2022 IR 144`, VRLO, "e9 1b 2d 4c bb 5c e9", `éЛ\é`},
	{"Latin 1 by code extension", `\ISO 2022 IR 100`, VRPN, "41 1b 2d 41 e9 5e 1b 2d 41 e9", "Aé^é"},
	{"no delimiters of PN in LO", `\ISO 2022 IR 149`, VRLO, "1b 24 29 43 fb f3 5e fb f3", "洪^洪"},
	{"no values in ST", `\ISO 2022 IR 149`, VRST, `1b 24 29 43 fb f3 5c fb f3`, `洪\洪`},
	{"default repertoire", ``, VRPN, "44 4f 45 5e 4a", "DOE^J"},
}

func charsets(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, `\`)
}

func TestGoldenTexts(t *testing.T) {
	t.Parallel()
	for _, tt := range goldenTexts {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			value := unhex(t, tt.bytes)
			text, err := DecodeText(value, tt.vr, charsets(tt.charset))
			if err != nil || text != tt.text {
				t.Errorf("DecodeText = %q, %v; want %q", text, err, tt.text)
			}
			b, err := EncodeText(tt.text, tt.vr, charsets(tt.charset))
			if err != nil || !bytes.Equal(b, value) {
				t.Errorf("EncodeText = % x, %v; want % x", b, err, value)
			}
		})
	}
}

func TestDecodeTextRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, charset, bytes, text, err string }{
		{"beyond ASCII in the default repertoire", "", "41 e9 42", "A\uFFFDB", "position 1"},
		{"not UTF-8", "ISO_IR 192", "41 e9 42", "A\uFFFDB", "position 1"},
		{"not GB18030", "GB18030", "41 ff", "A\uFFFD", "position 1"},
		{"no cell in Latin 1", "ISO_IR 100", "41 80", "A\uFFFD", "position 1"},
		{"no cell in Thai", "ISO_IR 166", "fc", "\uFFFD", "position 0"},
		{"set not named", `\ISO 2022 IR 58`, "1b 24 29 43 fb f3", "洪", "position 0"},
		{"escape without code extensions", `ISO_IR 100`, "1b 24 29 43 fb f3", "洪", "position 0"},
		{"unknown escape", `\ISO 2022 IR 58`, "1b 25 47", "\uFFFD%G", "position 0"},
		{"half a character", `\ISO 2022 IR 58`, "1b 24 29 41 d5", "\uFFFD", "position 4"},
		{"half a character before a delimiter", `\ISO 2022 IR 58`, "1b 24 29 41 d5 5e 41", "\uFFFD^A", "position 4"},
		{"GBK only, in GB2312", `\ISO 2022 IR 58`, "1b 24 29 41 a8 bb", "\uFFFD\uFFFD", "position 4"},
		{"unknown term", "ISO-IR 100", "41", "A", "value 1 of Specific Character Set"},
		{"unknown term after a known one", `ISO 2022 IR 100\ISO_IR 101`, "e9", "é", "value 2 of Specific Character Set"},
		{"UTF-8 with code extensions", `ISO_IR 192\ISO 2022 IR 58`, "c3 a9", "é", "cannot be combined"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text, err := DecodeText(unhex(t, tt.bytes), VRPN, charsets(tt.charset))
			if text != tt.text {
				t.Errorf("text %q, want %q", text, tt.text)
			}
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("error %v, want one with %q", err, tt.err)
			}
		})
	}
}

func TestEncodeTextRefuses(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, charset, text string }{
		{"Tamil has no ISO 2022 set", `\ISO 2022 IR 58\ISO 2022 IR 149`, "தமிழ்"},
		{"Latin 1 in the default repertoire", "", "é"},
		{"Windows characters in Latin 1", "ISO_IR 100", "€"},
		{"without code extensions", "ISO_IR 100", "Ж"},
		{"not in GBK", "GBK", "𠀀"},
		{"not UTF-8", "ISO_IR 192", "\xff"},
		{"unknown set", "ISO_IR 999", "A"},
		{"full-width tilde, which would come back as a wave dash", `\ISO 2022 IR 87`, "～"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if b, err := EncodeText(tt.text, VRPN, charsets(tt.charset)); err == nil {
				t.Errorf("EncodeText = % x, want an error", b)
			}
		})
	}
}

func TestTextOfSet(t *testing.T) {
	t.Parallel()
	s := New()
	s.PutString(SpecificCharacterSet, "", "ISO 2022 IR 58")
	if err := s.PutText(PatientName, "Zhang^XiaoDong=张^小东="); err != nil {
		t.Fatal(err)
	}
	e, _ := s.Get(PatientName)
	want := unhex(t, "5A 68 61 6E 67 5E 58 69 61 6F 44 6F 6E 67 3D 1B 24 29 41 D5 C5 5E 1B 24 29 41 D0 A1 B6 AB 3D 20")
	if !bytes.Equal(e.Value, want) {
		t.Errorf("value % x, want % x", e.Value, want)
	}
	if got := s.Text(PatientName); got != "Zhang^XiaoDong=张^小东=" {
		t.Errorf("Text = %q", got)
	}
	item := New()
	s.PutSequence(RequestAttributesSequence, item)
	if err := item.PutText(RequestedProcedureDescription, "胸部", "张"); err != nil {
		t.Fatalf("an item has the character set of the data set around: %v", err)
	}
	if got := item.Texts(RequestedProcedureDescription); len(got) != 2 || got[0] != "胸部" || got[1] != "张" {
		t.Errorf("Texts of the item = %q", got)
	}
	item.PutString(SpecificCharacterSet, "ISO_IR 100")
	if err := item.PutText(CodeMeaning, "张"); err == nil {
		t.Error("an item's own character set is not used")
	}
	if item.Has(CodeMeaning) {
		t.Error("PutText changed the set although it failed")
	}
	if got := s.CharacterSet(); len(got) != 2 || got[0] != "" {
		t.Errorf("CharacterSet = %q, want an empty value first", got)
	}
}

// TestSplitInMultiByteText: a byte 0x5C inside of a character parts no values.
func TestSplitInMultiByteText(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ charset, bytes string }{
		{"GBK", "81 5c 5c 41 20 5c"},
		{"GB18030", "95 32 82 36 81 5c 5c 41 5c"},
		{`\ISO 2022 IR 87`, "1b 24 42 30 5c 1b 28 42 5c 41 5c"},
	} {
		s := New()
		s.PutString(SpecificCharacterSet, charsets(tt.charset)...)
		s.PutBytes(OtherPatientIDs, VRLO, unhex(t, tt.bytes))
		if raw, text := s.Strings(OtherPatientIDs), s.Texts(OtherPatientIDs); len(raw) != 3 || len(text) != 3 || raw[1] != "A" || text[1] != "A" {
			t.Errorf("%s: Strings %q, Texts %q; want 3 values, the second A", tt.charset, raw, text)
		}
	}
}

func FuzzDecodeText(f *testing.F) {
	for _, tt := range goldenTexts {
		f.Add(unhex(f, tt.bytes), string(tt.vr), tt.charset)
	}
	f.Fuzz(func(t *testing.T, value []byte, vr, charset string) {
		text, err := DecodeText(value, VR(vr), charsets(charset))
		if err != nil {
			return
		}
		// What decodes without an error encodes again, and to the same text.
		b, err := EncodeText(text, VR(vr), charsets(charset))
		if err != nil {
			t.Fatalf("%q cannot be encoded again: %v", text, err)
		}
		if again, err := DecodeText(b, VR(vr), charsets(charset)); err != nil || again != text {
			t.Fatalf("%q became %q, %v", text, again, err)
		}
	})
}
