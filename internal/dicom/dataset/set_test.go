package dataset

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestTag(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Tag{
		"PatientID": PatientID, "00100020": PatientID, "(0010,0020)": PatientID,
		"7fe00010": PixelData, "(FFFE,E000)": Item, "Item": Item, "00091001": 0x00091001,
	} {
		if got, err := ParseTag(s); err != nil || got != want {
			t.Errorf("ParseTag(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "patientid", "Patient ID", "0010002", "(0010.0020)", "+0100020", "0010_020", "(0010,002)"} {
		if got, err := ParseTag(s); err == nil {
			t.Errorf("ParseTag(%q) = %v, want an error", s, got)
		}
	}
	if s := Tag(0x7FE00010).String(); s != "(7FE0,0010)" {
		t.Errorf("String = %s", s)
	}
	for tag, want := range map[Tag]string{PatientName: "PatientName", 0x60023000: "OverlayData", 0x00091001: "", 0x00100000: "", 0x12345678: ""} {
		if got := tag.Keyword(); got != want {
			t.Errorf("Keyword of %v = %q, want %q", tag, got, want)
		}
	}
	if NewTag(9, 0x10) != 0x00090010 || !Tag(0x00090010).IsPrivate() || PatientID.IsPrivate() {
		t.Error("NewTag, IsPrivate")
	}
}

// TestConstants holds every constant of tags.go to the dictionary.
func TestConstants(t *testing.T) {
	t.Parallel()
	f, err := parser.ParseFile(token.NewFileSet(), "tags.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	ast.Inspect(f, func(node ast.Node) bool {
		c, ok := node.(*ast.ValueSpec)
		if !ok {
			return true
		}
		n++
		name, literal := c.Names[0].Name, c.Values[0].(*ast.BasicLit).Value
		value, err := strconv.ParseUint(literal, 0, 32)
		if err != nil {
			t.Fatal(err)
		}
		got, err := ParseTag(strings.Replace(name, "Delimitation", "DelimitationItem", 1))
		if err != nil || got != Tag(value) {
			t.Errorf("%s = %s, the dictionary has %v, %v", name, literal, got, err)
		}
		return true
	})
	if n < 250 {
		t.Errorf("only %d constants were found", n)
	}
}

func TestVROf(t *testing.T) {
	t.Parallel()
	for tag, want := range map[Tag]VR{
		PatientName: VRPN, PixelData: VROW, LUTData: VROW, SmallestImagePixelValue: VRUS,
		0x60023000: VROW, 0x00091001: VRUN, 0x00090010: VRLO, 0x00090000: VRUL, 0x00100000: VRUL,
		0x12345678: VRUN, Item: VRUN, ExtendedOffsetTable: VROV, 0x00000002: VRUI, 0x00000900: VRUS,
	} {
		if got := VROf(tag); got != want {
			t.Errorf("VROf(%v) = %s, want %s", tag, got, want)
		}
	}
}

func TestTransferSyntax(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		ts                                           TransferSyntax
		known, explicit, big, deflated, encapsulated bool
	}{
		{ImplicitVRLittleEndian, true, false, false, false, false},
		{ExplicitVRLittleEndian, true, true, false, false, false},
		{ExplicitVRBigEndian, true, true, true, false, false},
		{DeflatedExplicitVRLittleEndian, true, true, false, true, false},
		{EncapsulatedUncompressed, true, true, false, false, true},
		{RLELossless, true, true, false, false, true},
		{JPEG2000Lossless, true, true, false, false, true},
		{JPIPReferencedDeflate, true, true, false, true, false},
		{"1.2.840.10008.1.2.4.110", true, true, false, false, true},
		{"1.2.840.113619.5.2", false, true, false, false, false},
	} {
		if ts := tt.ts; ts.IsKnown() != tt.known || ts.IsExplicit() != tt.explicit || ts.IsBigEndian() != tt.big ||
			ts.IsDeflated() != tt.deflated || ts.IsEncapsulated() != tt.encapsulated {
			t.Errorf("%s: known %v, explicit %v, big endian %v, deflated %v, encapsulated %v", ts.Name(),
				ts.IsKnown(), ts.IsExplicit(), ts.IsBigEndian(), ts.IsDeflated(), ts.IsEncapsulated())
		}
	}
}

func TestPutAndGet(t *testing.T) {
	t.Parallel()
	var s Set
	s.PutString(StudyInstanceUID, "1.2.3")
	s.PutString(PatientID, "  LEADING")
	s.PutString(ImageType, "ORIGINAL", "PRIMARY")
	s.PutString(InstanceNumber, "-7")
	s.PutString(SliceThickness, "1.25")
	s.PutUint16(Rows, 512)
	s.PutString(AccessionNumber)
	s.PutString(PatientComments, `a\b`)
	s.PutBytes(PixelData, VROB, []byte{1})
	if !slices.IsSortedFunc(s.elements, func(a, b Element) int { return int(a.Tag) - int(b.Tag) }) {
		t.Error("elements are not in order")
	}
	for tag, want := range map[Tag][]byte{
		StudyInstanceUID: []byte("1.2.3\x00"), ImageType: []byte(`ORIGINAL\PRIMARY`), InstanceNumber: []byte("-7"),
		PixelData: {1, 0}, AccessionNumber: {}, Rows: {0, 2},
	} {
		if e, ok := s.Get(tag); !ok || !bytes.Equal(e.Value, want) {
			t.Errorf("%v = %q, want %q", tag, e.Value, want)
		}
	}
	for tag, want := range map[Tag]string{
		StudyInstanceUID: "1.2.3", PatientID: "  LEADING", ImageType: "ORIGINAL", AccessionNumber: "",
		PatientComments: `a\b`, Rows: "", PatientName: "",
	} {
		if got := s.String(tag); got != want {
			t.Errorf("String(%v) = %q, want %q", tag, got, want)
		}
		if got := s.Text(tag); got != want {
			t.Errorf("Text(%v) = %q, want %q", tag, got, want)
		}
	}
	if got := s.Strings(ImageType); !slices.Equal(got, []string{"ORIGINAL", "PRIMARY"}) {
		t.Errorf("Strings = %q", got)
	}
	if got := s.Strings(AccessionNumber); got != nil {
		t.Errorf("Strings of an empty element = %q", got)
	}
	if n, ok := s.Int(InstanceNumber); n != -7 || !ok {
		t.Errorf("Int = %d, %v", n, ok)
	}
	if _, ok := s.Uint16(InstanceNumber); ok {
		t.Error("Uint16 of -7")
	}
	if _, ok := s.Int(SliceThickness); ok {
		t.Error("Int of 1.25")
	}
	if f, ok := s.Float(SliceThickness); f != 1.25 || !ok {
		t.Errorf("Float = %v, %v", f, ok)
	}
	if f, ok := s.Float(Rows); f != 512 || !ok {
		t.Errorf("Float of US = %v, %v", f, ok)
	}
	if _, ok := s.Int(AccessionNumber); ok {
		t.Error("Int of an empty element")
	}
	s.Delete(Rows)
	s.Delete(Rows)
	if s.Has(Rows) || s.Len() != 8 {
		t.Errorf("Delete: %d elements", s.Len())
	}
	if e, _ := s.Get(AccessionNumber); !e.IsEmpty() {
		t.Error("IsEmpty")
	}
	s.PutString(AccessionNumber, "A")
	if s.Len() != 8 || s.String(AccessionNumber) != "A" {
		t.Error("Put does not replace")
	}
}

// TestClone: nothing done to a copy shows in the original.
func TestClone(t *testing.T) {
	t.Parallel()
	s := rich(t, JPEGLosslessSV1)
	c := s.Clone()
	for e := range c.All() {
		for i := range e.Value {
			e.Value[i] ^= 0xFF
		}
		for _, f := range e.Fragments {
			for i := range f {
				f[i] ^= 0xFF
			}
		}
	}
	c.Items(RequestAttributesSequence)[0].Delete(ConceptNameCodeSequence)
	if d := Compare(rich(t, JPEGLosslessSV1), s, CompareOptions{}); len(d) != 0 {
		t.Error(d)
	}
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	item := New()
	for name, tt := range map[string]struct {
		e  Element
		ts TransferSyntax
	}{
		"no VR":                             {Element{Tag: PatientID, VR: "l"}, ExplicitVRLittleEndian},
		"items in LO":                       {Element{Tag: PatientID, VR: VRLO, Items: []*Set{item}}, ImplicitVRLittleEndian},
		"fragments in native":               {Element{Tag: PixelData, VR: VROB, Fragments: [][]byte{}}, ExplicitVRLittleEndian},
		"fragments in implicit":             {Element{Tag: PixelData, VR: VROB, Fragments: [][]byte{}}, ImplicitVRLittleEndian},
		"fragments elsewhere":               {Element{Tag: 0x00091001, VR: VROB, Fragments: [][]byte{}}, RLELossless},
		"an item":                           {Element{Tag: Item, VR: VRUN}, ImplicitVRLittleEndian},
		"long LO in big endian":             {Element{Tag: PatientID, VR: VRLO, Value: make([]byte, math.MaxUint16+1)}, ExplicitVRBigEndian},
		"transfer syntax that is not known": {Element{Tag: PatientID, VR: VRLO}, "1.2.3"},
	} {
		s := New()
		s.Put(tt.e)
		if b, err := s.Append([]byte("kept"), tt.ts); err == nil || string(b) != "kept" {
			t.Errorf("%s: %d bytes, %v", name, len(b), err)
		}
	}
}

// TestLongValue: PS3.5 6.2.2, a value too long for 16 bits is written as UN.
func TestLongValue(t *testing.T) {
	t.Parallel()
	s := New()
	s.PutBytes(0x30060050, VRDS, bytes.Repeat([]byte(`1.5\`), 20_000))
	b, err := s.Append(nil, ExplicitVRLittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(b, ExplicitVRLittleEndian, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if e, _ := got.Get(0x30060050); e.VR != VRUN || len(e.Value) != 80_000 {
		t.Errorf("%s, %d bytes", e.VR, len(e.Value))
	}
	if d := Compare(s, got, CompareOptions{}); len(d) != 0 {
		t.Error(d)
	}
}
