package dataset

import (
	"bytes"
	"testing"
)

func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, ts := range []TransferSyntax{ImplicitVRLittleEndian, ExplicitVRLittleEndian, ExplicitVRBigEndian, JPEGLosslessSV1} {
		s := rich(t, ts)
		s.PutUint32(0x00280000, 99) // a wrong group length, which is left out
		tmpl, err := NewTemplate(s, ts, SOPInstanceUID, Rows, SliceThickness, 0x00091005)
		if err != nil {
			t.Fatal(err)
		}
		got, err := tmpl.Render("2.25.12345", "\x01\x02", "2.5", "\x01\x02\x03\x04")
		if err != nil {
			t.Fatal(err)
		}
		want := s.Clone()
		want.Delete(0x00280000)
		want.PutString(SOPInstanceUID, "2.25.12345")
		want.PutUint16(Rows, 0x0201)
		want.PutString(SliceThickness, "2.5")
		want.PutUint32(0x00091005, 0x04030201)
		b, err := want.Append(nil, ts)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, b) {
			t.Errorf("%s: rendered\n% x, want\n% x", ts.Name(), got, b)
		}
		again, err := tmpl.Render("1", "", "2.5", "")
		if err != nil || bytes.Equal(again, got) {
			t.Errorf("%s: second rendering %v", ts.Name(), err)
		}
		if _, err := tmpl.Render("1"); err == nil {
			t.Error("too few values are accepted")
		}
		if b, err := tmpl.AppendTo([]byte("kept"), string(make([]byte, 1<<16)), "", "", ""); ts.IsExplicit() && (err == nil || string(b) != "kept") {
			t.Errorf("%s: a value too long is accepted", ts.Name())
		}
	}
}

func TestNewTemplateRefuses(t *testing.T) {
	t.Parallel()
	s := rich(t, ExplicitVRLittleEndian)
	s.PutUint32(0x00280000, 99)
	for name, slots := range map[string][]Tag{
		"absent": {AccessionNumber}, "twice": {Rows, Rows}, "a sequence": {RequestAttributesSequence}, "a group length": {0x00280000},
	} {
		if _, err := NewTemplate(s, ExplicitVRLittleEndian, slots...); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	if _, err := NewTemplate(s, DeflatedExplicitVRLittleEndian); err == nil {
		t.Error("deflated is accepted")
	}
}
