package dataset

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
)

// vectors are data sets in the bytes of the standard, all of which are written
// back as they are.
var vectors = []struct {
	name  string
	ts    TransferSyntax
	bytes string
	check func(t *testing.T, s *Set)
}{
	{"PS3.5 table 7.5-1: implicit SQ of defined length, three items", ImplicitVRLittleEndian, `
		08 00 15 11 2e 00 00 00
		fe ff 00 e0 0e 00 00 00  20 00 0d 00 06 00 00 00 31 2e 32 2e 33 00
		fe ff 00 e0 ff ff ff ff  fe ff 0d e0 00 00 00 00
		fe ff 00 e0 00 00 00 00`,
		func(t *testing.T, s *Set) {
			items := s.Items(ReferencedSeriesSequence)
			if len(items) != 3 || items[0].String(StudyInstanceUID) != "1.2.3" || items[0].HasUndefinedLength() || !items[1].HasUndefinedLength() {
				t.Errorf("items %v", items)
			}
		}},
	{"PS3.5 table 7.5-2: explicit SQ of undefined length, two items of defined length", ExplicitVRLittleEndian, `
		08 00 15 11 53 51 00 00 ff ff ff ff
		fe ff 00 e0 0e 00 00 00  20 00 0d 00 55 49 06 00 31 2e 32 2e 33 00
		fe ff 00 e0 0a 00 00 00  20 00 13 00 49 53 02 00 37 20
		fe ff dd e0 00 00 00 00`,
		func(t *testing.T, s *Set) {
			e, _ := s.Get(ReferencedSeriesSequence)
			if !e.UndefinedLength || len(e.Items) != 2 {
				t.Fatalf("%+v", e)
			}
			if n, ok := e.Items[1].Int(InstanceNumber); n != 7 || !ok {
				t.Errorf("InstanceNumber = %d, %v", n, ok)
			}
		}},
	{"PS3.5 table 7.5-3: implicit SQ and items of undefined length", ImplicitVRLittleEndian, `
		08 00 15 11 ff ff ff ff
		fe ff 00 e0 ff ff ff ff  20 00 0d 00 02 00 00 00 31 00  fe ff 0d e0 00 00 00 00
		fe ff dd e0 00 00 00 00
		10 00 20 00 02 00 00 00 49 44`,
		func(t *testing.T, s *Set) {
			if s.Len() != 2 || s.String(PatientID) != "ID" {
				t.Errorf("%d elements, Patient ID %q", s.Len(), s.String(PatientID))
			}
		}},
	{"64-bit VRs and long texts have 32-bit lengths", ExplicitVRLittleEndian, `
		08 00 1a 00 55 56 00 00 08 00 00 00 01 00 00 00 00 00 00 80
		08 00 20 01 55 52 00 00 02 00 00 00 61 20
		11 00 10 00 4c 4f 04 00 54 45 53 54
		11 00 01 10 53 56 00 00 08 00 00 00 fe ff ff ff ff ff ff ff
		11 00 02 10 4f 56 00 00 08 00 00 00 01 02 03 04 05 06 07 08
		11 00 03 10 55 56 00 00 08 00 00 00 09 00 00 00 00 00 00 00
		11 00 04 10 55 43 00 00 02 00 00 00 61 20
		e0 7f 01 00 4f 56 00 00 08 00 00 00 00 00 00 00 00 00 00 00`,
		func(t *testing.T, s *Set) {
			if n, ok := s.Int(0x00111001); n != -2 || !ok {
				t.Errorf("SV = %d, %v", n, ok)
			}
			if n, ok := s.Int(0x00111003); n != 9 || !ok {
				t.Errorf("UV = %d, %v", n, ok)
			}
			if _, ok := s.Int(0x0008001A); ok {
				t.Error("a UV beyond int64 is no Int")
			}
			if s.String(0x00111004) != "a" {
				t.Errorf("UC = %q", s.String(0x00111004))
			}
		}},
	{"a VR that is not known yet has a 32-bit length", ExplicitVRLittleEndian,
		"11 00 10 00 4c 4f 02 00 41 20 11 00 01 10 5a 5a 00 00 02 00 00 00 01 02",
		func(t *testing.T, s *Set) {
			if e, _ := s.Get(0x00111001); e == nil || e.VR != "ZZ" || len(e.Value) != 2 {
				t.Errorf("%+v", e)
			}
		}},
	{"PS3.5 6.2.2: UN of undefined length has implicit items", ExplicitVRLittleEndian, `
		11 00 10 00 4c 4f 02 00 41 20
		11 00 01 10 55 4e 00 00 ff ff ff ff
		fe ff 00 e0 ff ff ff ff  10 00 20 00 02 00 00 00 49 44
		   11 00 02 10 ff ff ff ff fe ff dd e0 00 00 00 00
		fe ff 0d e0 00 00 00 00
		fe ff dd e0 00 00 00 00
		20 00 10 00 53 48 02 00 31 20`,
		func(t *testing.T, s *Set) {
			items := s.Items(0x00111001)
			if len(items) != 1 || items[0].String(PatientID) != "ID" || s.String(StudyID) != "1" {
				t.Fatalf("items %v", items)
			}
			if e, _ := items[0].Get(0x00111002); e == nil || e.VR != VRSQ {
				t.Errorf("inner %+v", e)
			}
		}},
	{"UN of undefined length without items", ExplicitVRLittleEndian,
		"11 00 01 10 55 4e 00 00 ff ff ff ff fe ff dd e0 00 00 00 00", nil},
	{"UN in a big endian data set has little endian items", ExplicitVRBigEndian, `
		00 11 10 01 55 4e 00 00 ff ff ff ff
		fe ff 00 e0 0a 00 00 00  28 00 10 00 02 00 00 00 00 02
		fe ff dd e0 00 00 00 00
		00 28 00 10 55 53 00 02 02 00`,
		func(t *testing.T, s *Set) {
			a, _ := s.Items(0x00111001)[0].Uint16(Rows)
			b, _ := s.Uint16(Rows)
			if a != 512 || b != 512 {
				t.Errorf("rows %d, %d; want 512", a, b)
			}
		}},
	{"big endian words of every size", ExplicitVRBigEndian, `
		00 08 00 00 55 4c 00 04 00 00 00 26
		00 08 00 05 43 53 00 0a 49 53 4f 5f 49 52 20 31 30 30
		00 08 11 15 53 51 00 00 00 00 00 08
		  ff fe e0 00 00 00 00 00
		00 18 60 20 53 4c 00 04 ff ff ff fe
		00 18 90 04 46 44 00 08 3f f0 00 00 00 00 00 00
		00 28 00 09 41 54 00 04 00 18 10 63
		00 28 01 06 53 53 00 02 ff fe
		7f e0 00 10 4f 57 00 00 00 00 00 04 01 02 03 04`,
		func(t *testing.T, s *Set) {
			e, _ := s.Get(PixelData)
			if !bytes.Equal(e.Value, []byte{2, 1, 4, 3}) {
				t.Errorf("pixels % x are not little endian", e.Value)
			}
			if n, _ := s.Int(0x00186020); n != -2 {
				t.Errorf("SL = %d", n)
			}
			if f, _ := s.Float(0x00189004); f != 1 {
				t.Errorf("FD = %v", f)
			}
			if e, _ := s.Get(FrameIncrementPointer); !bytes.Equal(e.Value, []byte{0x18, 0, 0x63, 0x10}) {
				t.Errorf("AT = % x", e.Value)
			}
		}},
	{"PS3.5 table A.4-1: fragments with an empty Basic Offset Table", JPEGBaseline8Bit, `
		e0 7f 10 00 4f 42 00 00 ff ff ff ff
		fe ff 00 e0 00 00 00 00
		fe ff 00 e0 04 00 00 00 01 02 03 04
		fe ff 00 e0 02 00 00 00 05 06
		fe ff dd e0 00 00 00 00
		fc ff fc ff 4f 42 00 00 02 00 00 00 00 00`,
		func(t *testing.T, s *Set) {
			e, _ := s.Get(PixelData)
			if len(e.Fragments) != 3 || len(e.Fragments[0]) != 0 || !bytes.Equal(e.Fragments[2], []byte{5, 6}) {
				t.Errorf("%+v", e)
			}
		}},
	{"encapsulated without a single item", RLELossless,
		"e0 7f 10 00 4f 42 00 00 ff ff ff ff fe ff dd e0 00 00 00 00", nil},
	{"native pixels of an icon in an encapsulated data set", JPEG2000Lossless, `
		88 00 00 02 53 51 00 00 16 00 00 00
		fe ff 00 e0 0e 00 00 00 e0 7f 10 00 4f 57 00 00 02 00 00 00 01 02`, nil},
	{"a bare identifier of one short element", ImplicitVRLittleEndian, "08 00 52 00 00 00 00 00",
		func(t *testing.T, s *Set) {
			if e, ok := s.Get(QueryRetrieveLevel); !ok || e.VR != VRCS || !e.IsEmpty() {
				t.Errorf("%+v", e)
			}
		}},
	{"nothing", ExplicitVRLittleEndian, "", nil},
	{"empty sequences of both kinds", ExplicitVRLittleEndian,
		"08 00 15 11 53 51 00 00 00 00 00 00 08 00 40 11 53 51 00 00 ff ff ff ff fe ff dd e0 00 00 00 00", nil},
	{"a value of odd length stays", ExplicitVRLittleEndian, "10 00 20 00 4c 4f 03 00 41 42 43", nil},
	{"implicit: pixel representation makes SS of US or SS, also in items", ImplicitVRLittleEndian, `
		28 00 03 01 02 00 00 00 01 00
		28 00 06 01 02 00 00 00 fe ff
		40 00 96 90 12 00 00 00
		  fe ff 00 e0 0a 00 00 00 28 00 20 01 02 00 00 00 ff ff`,
		func(t *testing.T, s *Set) {
			n, _ := s.Int(SmallestImagePixelValue)
			m, _ := s.Items(0x00409096)[0].Int(PixelPaddingValue)
			if n != -2 || m != -1 {
				t.Errorf("values %d, %d; want -2, -1", n, m)
			}
		}},
	{"implicit: dictionary VRs of odd kinds", ImplicitVRLittleEndian, `
		00 00 00 00 04 00 00 00 0a 00 00 00
		00 00 02 00 02 00 00 00 31 00
		09 00 10 00 02 00 00 00 41 20
		09 00 01 10 02 00 00 00 41 20
		02 60 00 30 02 00 00 00 01 02
		e0 7f 10 00 02 00 00 00 01 02`,
		func(t *testing.T, s *Set) {
			want := []VR{VRUL, VRUI, VRLO, VRUN, VROW, VROW}
			i := 0
			for e := range s.All() {
				if e.VR != want[i] {
					t.Errorf("%v has the VR %s, want %s", e.Tag, e.VR, want[i])
				}
				i++
			}
		}},
}

func TestVectors(t *testing.T) {
	t.Parallel()
	for _, tt := range vectors {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := unhex(t, strings.Join(strings.Fields(tt.bytes), ""))
			s, err := Parse(b, tt.ts, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if tt.check != nil {
				tt.check(t, s)
			}
			out, err := s.Append([]byte("before"), tt.ts)
			if err != nil || !bytes.Equal(out, append([]byte("before"), b...)) {
				t.Errorf("Append = % x, %v\nwant     % x", out[6:], err, b)
			}
			clone, err := s.Clone().Append(nil, tt.ts)
			if err != nil || !bytes.Equal(clone, b) {
				t.Errorf("the clone is % x, %v", clone, err)
			}
			if d := Compare(s, s.Clone(), CompareOptions{}); len(d) != 0 {
				t.Errorf("Compare with itself = %v", d)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	const sq = "08 00 15 11 53 51 00 00 ff ff ff ff "
	for _, tt := range []struct {
		name   string
		ts     TransferSyntax
		bytes  string
		limits Limits
		err    string
	}{
		{"twice", ImplicitVRLittleEndian, "10 00 20 00 00 00 00 00 10 00 20 00 00 00 00 00", Limits{}, "byte 8 in (0010,0020): the element occurs twice"},
		{"descending", ImplicitVRLittleEndian, "10 00 20 00 00 00 00 00 10 00 10 00 00 00 00 00", Limits{}, "comes after (0010,0020)"},
		{"no VR", ExplicitVRLittleEndian, "10 00 20 00 02 00 00 00 41 42", Limits{}, "not two capital letters"},
		{"value beyond the end", ExplicitVRLittleEndian, "10 00 20 00 4c 4f 04 00 41 42", Limits{}, "ends in the element that begins at byte 0"},
		{"4 GiB announced", ExplicitVRLittleEndian, "10 00 20 00 4f 42 00 00 fe ff ff ff 41 42", Limits{}, "exceeds the limit"},
		{"1 GiB announced", ExplicitVRLittleEndian, "10 00 20 00 4f 42 00 00 00 00 00 40 41 42", Limits{}, "ends in the element"},
		{"sequence beyond the end", ExplicitVRLittleEndian, "08 00 15 11 53 51 00 00 10 00 00 00", Limits{}, "ends in the element"},
		{"undefined length of OB", ExplicitVRLittleEndian, "10 00 20 00 4f 42 00 00 ff ff ff ff", Limits{}, "undefined length with the VR OB"},
		{"undefined length of a known implicit LO", ImplicitVRLittleEndian, "10 00 20 00 ff ff ff ff", Limits{}, "undefined length with the VR LO"},
		{"encapsulated in native", ExplicitVRLittleEndian, "e0 7f 10 00 4f 42 00 00 ff ff ff ff fe ff dd e0 00 00 00 00", Limits{}, "encapsulated pixel data in Explicit VR Little Endian"},
		{"fragment of undefined length", RLELossless, "e0 7f 10 00 4f 42 00 00 ff ff ff ff fe ff 00 e0 ff ff ff ff", Limits{}, "fragment has an undefined length"},
		{"element among fragments", RLELossless, "e0 7f 10 00 4f 42 00 00 ff ff ff ff 10 00 20 00 00 00 00 00", Limits{}, "(0010,0020) stands where an item must be"},
		{"no item in a defined-length sequence", ExplicitVRLittleEndian, "08 00 15 11 53 51 00 00 08 00 00 00 10 00 20 00 4c 4f 00 00", Limits{}, "(0010,0020) stands where an item must be"},
		{"delimiter in a defined-length sequence", ExplicitVRLittleEndian, "08 00 15 11 53 51 00 00 08 00 00 00 fe ff dd e0 00 00 00 00", Limits{}, "(FFFE,E0DD) stands where an item must be"},
		{"item at the top", ExplicitVRLittleEndian, "fe ff 00 e0 00 00 00 00", Limits{}, "stands where an element must be"},
		{"item delimiter with a length", ExplicitVRLittleEndian, sq + "fe ff 00 e0 ff ff ff ff fe ff 0d e0 02 00 00 00", Limits{}, "Item Delimitation Item has the length 2"},
		{"sequence delimiter with a length", ExplicitVRLittleEndian, sq + "fe ff dd e0 02 00 00 00", Limits{}, "Sequence Delimitation Item has the length 2"},
		{"item beyond its sequence", ExplicitVRLittleEndian, "08 00 15 11 53 51 00 00 08 00 00 00 fe ff 00 e0 08 00 00 00 10 00 20 00 4c 4f 00 00", Limits{}, "beyond the item or sequence around"},
		{"value beyond its item", ExplicitVRLittleEndian, sq + "fe ff 00 e0 08 00 00 00 10 00 20 00 4c 4f 02 00 41 42 fe ff dd e0 00 00 00 00", Limits{}, "has 0 left"},
		{"undefined item beyond its sequence", ExplicitVRLittleEndian, "08 00 15 11 53 51 00 00 08 00 00 00 fe ff 00 e0 ff ff ff ff fe ff 0d e0 00 00 00 00", Limits{}, "has 0 left"},
		{"too many elements", ImplicitVRLittleEndian, "08 00 52 00 00 00 00 00 10 00 20 00 00 00 00 00", Limits{MaxElements: 1}, "more than 1 elements"},
		{"too many items", ExplicitVRLittleEndian, sq + strings.Repeat("fe ff 00 e0 00 00 00 00", 3), Limits{MaxElements: 3}, "more than 3 elements"},
		{"too long a value", ImplicitVRLittleEndian, "10 00 20 00 04 00 00 00 41 42 43 44", Limits{MaxValueBytes: 3}, "exceeds the limit of 3"},
		{"too deep", ExplicitVRLittleEndian, strings.Repeat(sq+"fe ff 00 e0 ff ff ff ff ", 3), Limits{MaxDepth: 2}, "deeper than 2"},
		{"unknown transfer syntax", "1.2.3", "", Limits{}, `"1.2.3" is not known`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := unhex(t, strings.Join(strings.Fields(tt.bytes), ""))
			_, err := Parse(b, tt.ts, tt.limits)
			if err == nil || !strings.Contains(err.Error(), tt.err) {
				t.Errorf("Parse: %v, want an error with %q", err, tt.err)
			}
			// A stream is read by the same rules.
			_, p, err := ScanHeader(bytes.NewReader(b), tt.ts, tt.limits)
			if err == nil && p != nil {
				_, err = p.Trailer()
			}
			if err == nil {
				t.Error("ScanHeader accepts it")
			}
		})
	}
}

// TestDeepNesting: 9.6 MB of nothing but nested sequences is an error.
func TestDeepNesting(t *testing.T) {
	t.Parallel()
	b := bytes.Repeat(unhex(t, "080015115351 0000ffffffff feff00e0ffffffff"), 480_000)
	for _, depth := range []int{0, 1 << 30} {
		if _, err := Parse(b, ExplicitVRLittleEndian, Limits{MaxDepth: depth}); err == nil || !strings.Contains(err.Error(), "deeper than") {
			t.Errorf("MaxDepth %d: %v", depth, err)
		}
	}
}

// rich returns a data set with everything in it that ts can carry.
func rich(t testing.TB, ts TransferSyntax) *Set {
	t.Helper()
	s := New()
	s.PutString(SpecificCharacterSet, "ISO_IR 192")
	s.PutString(SOPClassUID, "1.2.840.10008.5.1.4.1.1.2")
	s.PutString(SOPInstanceUID, "2.25.1")
	s.PutString(StudyDate)
	if err := s.PutText(PatientName, "ZZTEST^陈=陈^大"); err != nil {
		t.Fatal(err)
	}
	s.PutString(ImageType, "ORIGINAL", "PRIMARY", "AXIAL")
	code := New()
	code.PutString(CodeValue, "T-D4000")
	deeper := New()
	deeper.PutSequence(ConceptNameCodeSequence, code, New())
	deeper.SetUndefinedLength(true)
	s.Put(Element{Tag: RequestAttributesSequence, VR: VRSQ, Items: []*Set{deeper, New()}, UndefinedLength: true})
	s.PutSequence(ReferencedStudySequence)
	s.PutStringVR(0x00090010, VRLO, "PACSUAT TEST")
	s.PutBytes(0x00091001, VRUN, []byte{1, 2, 3})
	s.PutFloat64(0x00091002, 1.5)
	s.PutUint64(0x00091003, 1<<63)
	s.PutFloat32(0x00091004, 2.5)
	s.PutString(SliceThickness, "1.25")
	s.PutUint16(Rows, 2)
	s.PutUint16(PixelRepresentation, 0)
	s.PutTags(FrameIncrementPointer, 0x00181063)
	s.PutUint32(0x00091005, 7)
	if ts.IsEncapsulated() {
		s.Put(Element{Tag: PixelData, VR: VROB, Fragments: [][]byte{{}, {1, 2}, {3, 4, 5, 6}}, UndefinedLength: true})
	} else {
		s.PutBytes(PixelData, VROW, bytes.Repeat([]byte{1, 2, 3, 4}, 100))
	}
	s.PutBytes(DataSetTrailingPadding, VROB, []byte{0, 0})
	return s
}

var richSyntaxes = []TransferSyntax{ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian, JPEGLosslessSV1}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, ts := range richSyntaxes {
		want := rich(t, ts)
		b, err := want.Append(nil, ts)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(b, ts, Limits{})
		if err != nil {
			t.Fatalf("%s: %v", ts.Name(), err)
		}
		if d := Compare(want, got, CompareOptions{}); len(d) != 0 {
			t.Errorf("%s: %v", ts.Name(), d)
		}
		if again, err := got.Append(nil, ts); err != nil || !bytes.Equal(again, b) {
			t.Errorf("%s: written again it differs, %v", ts.Name(), err)
		}
	}
}

// TestTruncated: a data set cut anywhere but between two elements of the top level
// is an error that says so, read from memory or from a stream.
func TestTruncated(t *testing.T) {
	t.Parallel()
	for _, ts := range richSyntaxes {
		s := rich(t, ts)
		whole, err := s.Append(nil, ts)
		if err != nil {
			t.Fatal(err)
		}
		between := map[int]bool{0: true}
		prefix := New()
		if !ts.IsDeflated() {
			for e := range s.All() {
				prefix.Put(*e)
				b, err := prefix.Append(nil, ts)
				if err != nil {
					t.Fatal(err)
				}
				between[len(b)] = true
			}
		}
		between[0] = !ts.IsDeflated()
		for n := range len(whole) {
			if ts.IsDeflated() && n >= len(whole)-1 {
				continue // the last byte may be the padding
			}
			_, err := Parse(whole[:n], ts, Limits{})
			_, p, errStream := ScanHeader(bytes.NewReader(whole[:n]), ts, Limits{})
			if errStream == nil && p != nil {
				_, errStream = p.Trailer()
			}
			for _, err := range []error{err, errStream} {
				var f *FormatError
				switch {
				case between[n]:
					if err != nil {
						t.Errorf("%s cut at %d, between elements: %v", ts.Name(), n, err)
					}
				case !errors.As(err, &f) || !errors.Is(err, io.ErrUnexpectedEOF):
					t.Fatalf("%s cut at %d of %d: %v", ts.Name(), n, len(whole), err)
				}
			}
		}
	}
}

func TestInflatedLimit(t *testing.T) {
	t.Parallel()
	s := New()
	s.PutBytes(PixelData, VROB, make([]byte, 1<<20))
	b, err := s.Append(nil, DeflatedExplicitVRLittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) > 1<<12 || len(b)%2 != 0 {
		t.Errorf("%d bytes are not deflated, or odd", len(b))
	}
	for _, limit := range []int64{1<<20 + 11, 1000} {
		if _, err := Parse(b, DeflatedExplicitVRLittleEndian, Limits{MaxInflatedBytes: limit}); err == nil || !strings.Contains(err.Error(), "inflated size") {
			t.Errorf("limit %d: %v", limit, err)
		}
	}
	if _, err := Parse(b, DeflatedExplicitVRLittleEndian, Limits{MaxInflatedBytes: 1<<20 + 12}); err != nil {
		t.Errorf("exactly the limit: %v", err)
	}
	_, p, err := ScanHeader(bytes.NewReader(b), DeflatedExplicitVRLittleEndian, Limits{MaxInflatedBytes: 1000})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(io.Discard, p); err == nil || !strings.Contains(err.Error(), "inflated size") {
		t.Errorf("streamed pixels: %v", err)
	}
	for _, bad := range [][]byte{append(bytes.Clone(b), 1), append(bytes.Clone(b), 0, 0), {0xff, 0xff}} {
		if _, err := Parse(bad, DeflatedExplicitVRLittleEndian, Limits{}); err == nil {
			t.Errorf("%d bytes: accepted", len(bad))
		}
	}
}
