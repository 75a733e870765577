package dataset

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dicomtest"
)

// TestCompareSame: forms that are no differences.
func TestCompareSame(t *testing.T) {
	t.Parallel()
	set := func(f func(s *Set)) *Set { s := New(); f(s); return s }
	put := func(t Tag, vr VR, v string) *Set {
		return set(func(s *Set) { s.Put(Element{Tag: t, VR: vr, Value: []byte(v)}) })
	}
	text := func(charset, value string) *Set {
		return set(func(s *Set) {
			s.PutString(SpecificCharacterSet, charsets(charset)...)
			if err := s.PutText(PatientName, value); err != nil {
				t.Fatal(err)
			}
		})
	}
	seq := func(undefined bool) *Set {
		item := put(CodeValue, VRSH, "A ")
		item.SetUndefinedLength(undefined)
		return set(func(s *Set) {
			s.Put(Element{Tag: 0x00091001, VR: VRSQ, Items: []*Set{item}, UndefinedLength: undefined})
		})
	}
	rawSequence := put(0x00091001, VRUN, "\xfe\xff\x00\xe0\x0a\x00\x00\x00\x08\x00\x00\x01\x02\x00\x00\x00A ")
	fragments := func(f ...string) *Set {
		return set(func(s *Set) {
			e := Element{Tag: PixelData, VR: VROB}
			for _, v := range f {
				e.Fragments = append(e.Fragments, []byte(v))
			}
			s.Put(e)
		})
	}
	for _, tt := range []struct {
		name      string
		want, got *Set
		ignore    []Tag
	}{
		{"nothing", nil, New(), nil},
		{"padding with a space", put(PatientID, VRLO, "A"), put(PatientID, VRLO, "A "), nil},
		{"padding with NUL", put(SOPInstanceUID, VRUI, "1.2.3"), put(SOPInstanceUID, VRUI, "1.2.3\x00"), nil},
		{"padding between values", put(ImageType, VRCS, `A\B`), put(ImageType, VRCS, `A \B `), nil},
		{"padding of bytes", put(PixelData, VROB, "abc"), put(PixelData, VROB, "abc\x00"), nil},
		{"OB and OW", put(PixelData, VROB, "abcd"), put(PixelData, VROW, "abcd"), nil},
		{"US and SS", put(SmallestImagePixelValue, VRUS, "ab"), put(SmallestImagePixelValue, VRSS, "ab"), nil},
		{"UN and a private VR", put(0x00091001, VRUN, "ab"), put(0x00091001, VRLO, "ab"), nil},
		{"UN and a private VR, padded", put(0x00091001, VRLO, "abc"), put(0x00091001, VRUN, "abc "), nil},
		{"group lengths", put(0x00100000, VRUL, "abcd"), New(), nil},
		{"group 0002", New(), put(TransferSyntaxUID, VRUI, "1"), nil},
		{"ignored", put(RetrieveURL, VRUR, "a"), put(InstanceAvailability, VRCS, "A"), []Tag{RetrieveURL, InstanceAvailability}},
		{"another form of sequence", seq(true), seq(false), nil},
		{"a sequence as UN", seq(false), rawSequence, nil},
		{"the same text in other character sets, that one ignored", text("ISO_IR 100", "Buc^Jérôme"), text("ISO_IR 192", "Buc^Jérôme"), []Tag{SpecificCharacterSet}},
		{"escapes that change nothing", text(`\ISO 2022 IR 87`, "山"), set(func(s *Set) {
			s.PutString(SpecificCharacterSet, "", "ISO 2022 IR 87")
			s.PutBytes(PatientName, VRPN, []byte("\x1b(B\x1b$B;3\x1b(B"))
		}), nil},
		{"one frame in other fragments", fragments("", "abcd", "ef"), fragments("\x00\x00\x00\x00", "ab", "cdef"), nil},
		{"padding of a fragment", fragments("", "abc"), fragments("", "abc\x00"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for range 2 {
				if d := Compare(tt.want, tt.got, CompareOptions{Ignore: tt.ignore}); len(d) != 0 {
					t.Error(d)
				}
				tt.want, tt.got = tt.got, tt.want
			}
		})
	}
}

func TestCompareDifferent(t *testing.T) {
	t.Parallel()
	set := func(f func(s *Set)) *Set { s := New(); f(s); return s }
	put := func(t Tag, vr VR, v string) *Set {
		return set(func(s *Set) { s.Put(Element{Tag: t, VR: vr, Value: []byte(v)}) })
	}
	nested := func(v string, items int) *Set {
		item := New()
		item.PutSequence(0x00400275, New(), put(CodeMeaning, VRLO, v))
		return set(func(s *Set) {
			all := []*Set{item}
			for len(all) < items {
				all = append(all, New())
			}
			s.PutSequence(RequestAttributesSequence, all...)
		})
	}
	encapsulated := func(frames string, f ...string) *Set {
		return set(func(s *Set) {
			s.PutString(NumberOfFrames, frames)
			e := Element{Tag: PixelData, VR: VROB}
			for _, v := range f {
				e.Fragments = append(e.Fragments, []byte(v))
			}
			s.Put(e)
		})
	}
	latin := func(charset string) *Set {
		return set(func(s *Set) {
			s.PutString(SpecificCharacterSet, charset)
			s.PutBytes(PatientName, VRPN, []byte("A\xe9"))
		})
	}
	long := strings.Repeat("x", 10_000)
	for _, tt := range []struct {
		name      string
		want, got *Set
		diff      string
	}{
		{"missing", put(PatientID, VRLO, "SECRET"), nil, "(0010,0020) PatientID: missing, LO, 6 bytes"},
		{"added", nil, put(PatientID, VRLO, "SECRET"), "(0010,0020) PatientID: added, LO, 6 bytes"},
		{"emptied", put(PatientID, VRLO, "SECRET"), put(PatientID, VRLO, ""), "(0010,0020) PatientID: value changed, 0 bytes instead of 6, first difference at byte 0"},
		{"value", put(PatientID, VRLO, "SECRET"), put(PatientID, VRLO, "SECRE7"), "(0010,0020) PatientID: value changed, 6 bytes, first difference at byte 5"},
		{"leading space", put(PatientID, VRLO, "SECRET"), put(PatientID, VRLO, " SECRET "), "(0010,0020) PatientID: value changed, 8 bytes instead of 6, first difference at byte 0"},
		{"one value less", put(ImageType, VRCS, `A\SECRET`), put(ImageType, VRCS, `A `), "(0008,0008) ImageType: value changed, 2 bytes instead of 8, first difference at byte 1"},
		{"VR", put(PatientID, VRLO, "SECRET"), put(PatientID, VRSH, "SECRET"), "(0010,0020) PatientID: VR changed, SH instead of LO, same bytes"},
		{"VR and value", put(PatientID, VRLO, "SECRET"), put(PatientID, VRUN, "SECRE7"), "(0010,0020) PatientID: VR changed, UN instead of LO, other bytes"},
		{"private value", put(0x00091001, VRUN, "SECRET"), put(0x00091001, VRLO, "SECRE7"), "(0009,1001): value changed, 6 bytes, first difference at byte 5"},
		{"number in other text", put(SliceThickness, VRDS, "1.50"), put(SliceThickness, VRDS, "1.5 "), "(0018,0050) SliceThickness: same number, other text, value 1 of 1"},
		{"second number in other text", put(PixelSpacing, VRDS, `1\0.001`), put(PixelSpacing, VRDS, `1\1e-3`), "(0028,0030) PixelSpacing: same number, other text, value 2 of 2"},
		{"number", put(SliceThickness, VRDS, "1.50"), put(SliceThickness, VRDS, "1.51"), "(0018,0050) SliceThickness: value changed, value 1 of 1"},
		{"numbers that binary floating point confuses", put(SliceThickness, VRDS, "0.12345678901234567890"), put(SliceThickness, VRDS, "0.12345678901234567891"), "(0018,0050) SliceThickness: value changed, value 1 of 1"},
		{"fewer numbers", put(PixelSpacing, VRDS, `1\1`), put(PixelSpacing, VRDS, `1 `), "(0028,0030) PixelSpacing: value changed, 1 values instead of 2"},
		{"emptied number", put(SliceThickness, VRDS, "0 "), put(SliceThickness, VRDS, ""), "(0018,0050) SliceThickness: value changed, value 1 of 1"},
		{"in items", nested("SECRET", 1), nested("SECRE7", 1), "(0040,0275)[0].(0040,0275)[1].(0008,0104) CodeMeaning: value changed, 6 bytes, first difference at byte 5"},
		{"number of items", nested("SECRET", 1), nested("SECRET", 2), "(0040,0275) RequestAttributesSequence: items changed, 2 items instead of 1"},
		{"sequence and value", nested("SECRET", 1), put(RequestAttributesSequence, VRUN, "SECRET"), "(0040,0275) RequestAttributesSequence: VR changed, UN, 6 bytes instead of SQ, 1 items"},
		{"pixels", put(PixelData, VROW, long+"ab"), put(PixelData, VROB, long+"ac"), "(7FE0,0010) PixelData: value changed, 10002 bytes, first difference at byte 10001"},
		{"pixels cut", put(PixelData, VROW, long), put(PixelData, VROW, long[:9000]), "(7FE0,0010) PixelData: value changed, 9000 bytes instead of 10000, first difference at byte 9000"},
		{"last zero of bytes", put(PixelData, VROB, "abc\x00"), put(PixelData, VROB, "abc\x00\x00\x00"), "(7FE0,0010) PixelData: value changed, 6 bytes instead of 4, first difference at byte 4"},
		{"native and encapsulated", put(PixelData, VROW, "ab"), set(func(s *Set) { s.Put(Element{Tag: PixelData, VR: VROB, Fragments: [][]byte{{}, {1, 2}}}) }),
			"(7FE0,0010) PixelData: value changed, OB, 1 fragments instead of OW, 2 bytes: one is encapsulated"},
		{"fragment", encapsulated("2", "", "ab", "cd"), encapsulated("2", "", "ab", "ce"), "(7FE0,0010) PixelData: value changed, fragment 2 of 2: 2 bytes instead of 2, first difference at byte 1"},
		{"frames in other fragments", encapsulated("2", "", "ab", "cd"), encapsulated("2", "", "abcd"), "(7FE0,0010) PixelData: items changed, 1 fragments instead of 2"},
		{"offset table", encapsulated("2", "\x00\x00\x00\x00\x0a\x00\x00\x00", "ab", "cd"), encapsulated("2", "\x00\x00\x00\x00\x0b\x00\x00\x00", "ab", "cd"),
			"(7FE0,0010) PixelData: value changed, Basic Offset Table: 8 bytes instead of 8, first difference at byte 4"},
		{"same bytes, other characters", latin("ISO_IR 100"), latin("ISO_IR 101"), "(0008,0005) SpecificCharacterSet: value changed, 10 bytes, first difference at byte 9"},
		{"same bytes, other characters at that place", latin("ISO_IR 100"), latin("ISO_IR 126"), "(0010,0010) PatientName: value changed, 2 bytes, first difference at byte 2"},
		{"text that cannot be decoded", latin("ISO_IR 100"), latin("ISO_IR 192"), "(0010,0010) PatientName: value changed, 2 bytes instead of 2, and the value cannot be decoded"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, d := range Compare(tt.want, tt.got, CompareOptions{}) {
				got = append(got, d.String())
				if strings.Contains(d.String(), "SECRE") {
					t.Errorf("a value shows in %s", d)
				}
			}
			if !strings.Contains(strings.Join(got, "\n")+"\n", tt.diff+"\n") {
				t.Errorf("got %q,\nwant %q", got, tt.diff)
			}
		})
	}
}

// TestCompareEncodings: one data set is the same in every transfer syntax.
func TestCompareEncodings(t *testing.T) {
	t.Parallel()
	want := rich(t, ExplicitVRLittleEndian)
	for _, ts := range richSyntaxes[:4] {
		b, err := want.Append(nil, ts)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Parse(b, ts, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if d := Compare(want, got, CompareOptions{}); len(d) != 0 {
			t.Errorf("%s: %v", ts.Name(), d)
		}
		// And back: implicit has lost the private VRs, not the bytes.
		if b, err = got.Append(nil, ExplicitVRLittleEndian); err != nil {
			t.Fatal(err)
		}
		if got, err = Parse(b, ExplicitVRLittleEndian, Limits{}); err != nil {
			t.Fatal(err)
		}
		if d := Compare(want, got, CompareOptions{}); len(d) != 0 {
			t.Errorf("%s and back: %v", ts.Name(), d)
		}
	}
}

func TestParseDecimal(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"0", "-0", "0.000", "+0E7", ".0"}, {"1", "+1", "01", "1.", "1.0", "1e0", "0.1E+1", "10e-1"},
		{"-12.5", "-012.50", "-125e-1"},
	} {
		first, ok := parseDecimal(same[0])
		if !ok {
			t.Fatalf("%q", same[0])
		}
		for _, s := range same[1:] {
			if d, ok := parseDecimal(s); !ok || d != first {
				t.Errorf("%q is %+v, %q is %+v, %v", same[0], first, s, d, ok)
			}
		}
	}
	for _, s := range []string{"", "-", ".", "1e", "e1", "1e9999999", "0x1", "1_0", "NaN", "Inf", "1 2", "--1", "1.2.3"} {
		if d, ok := parseDecimal(s); ok {
			t.Errorf("%q is %+v", s, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	syntaxes := []TransferSyntax{ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, JPEGBaseline8Bit, DeflatedExplicitVRLittleEndian}
	for _, v := range vectors {
		for i, ts := range syntaxes {
			if ts == v.ts || v.ts.IsEncapsulated() && ts.IsEncapsulated() {
				f.Add(unhex(f, strings.Join(strings.Fields(v.bytes), "")), uint8(i))
			}
		}
	}
	for i, ts := range syntaxes {
		b, err := rich(f, ts).Append(nil, ts)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b, uint8(i))
	}
	recorded, err := dicomtest.RecordedSeeds()
	if err != nil {
		f.Fatal(err)
	}
	for _, d := range recorded.DataSets {
		i := slices.Index(syntaxes, TransferSyntax(d.TransferSyntax))
		if i < 0 {
			f.Errorf("a data set was recorded in %s, which is not fuzzed", d.TransferSyntax)
			continue
		}
		if _, err := Parse(d.Bytes, syntaxes[i], Limits{}); err != nil {
			f.Errorf("a recorded data set is refused: %v", err)
		}
		f.Add(d.Bytes, uint8(i))
	}
	limits := Limits{MaxInflatedBytes: 1 << 20}
	f.Fuzz(func(t *testing.T, b []byte, syntax uint8) {
		ts := syntaxes[int(syntax)%len(syntaxes)]
		s, err := Parse(b, ts, limits)
		header, p, errStream := ScanHeader(bytes.NewReader(b), ts, limits)
		var trailer *Set
		if errStream == nil && p != nil {
			trailer, errStream = p.Trailer()
		}
		if err != nil {
			if errStream == nil && !ts.IsDeflated() { // what follows a deflate stream is not read
				t.Fatalf("Parse fails with %v, ScanHeader does not", err)
			}
			return
		}
		if errStream != nil {
			t.Fatalf("ScanHeader fails with %v, Parse does not", errStream)
		}
		if p != nil {
			whole := header.Clone()
			e, _ := s.Get(p.Tag)
			whole.Put(*e)
			for e := range trailer.All() {
				whole.Put(*e)
			}
			if whole.Len() != s.Len() {
				t.Fatalf("ScanHeader has %d elements, Parse %d", whole.Len(), s.Len())
			}
		}
		out, err := s.Append(nil, ts)
		if err != nil {
			t.Fatalf("cannot be written: %v", err)
		}
		again, err := Parse(out, ts, limits)
		if err != nil {
			t.Fatalf("cannot be read again: %v", err)
		}
		if d := Compare(s, again, CompareOptions{}); len(d) != 0 {
			t.Fatalf("differs when read again: %v", d)
		}
		second, err := again.Append(nil, ts)
		if err != nil || !bytes.Equal(second, out) {
			t.Fatalf("is written in another way the second time: %v", err)
		}
		if !ts.IsDeflated() && len(out) != len(b) {
			t.Fatalf("%d bytes became %d", len(b), len(out))
		}
		for e := range s.All() {
			s.Texts(e.Tag)
			s.Strings(e.Tag)
			s.Int(e.Tag)
			s.Float(e.Tag)
		}
	})
}
