package dataset

import (
	"bytes"
	"testing"
)

// ctHeader is a header of 150 elements, about that of a CT image.
func ctHeader(tb testing.TB) *Set {
	tb.Helper()
	s := New()
	left := map[VR]int{VRDS: 60, VRLO: 40, VRUS: 20, VRIS: 20, VRSQ: 9}
	for t := Tag(0x00180000); t < 0x00500000; t++ {
		if t.IsPrivate() {
			t |= 0xFFFF
			continue
		}
		vr := VROf(t)
		if left[vr] == 0 {
			continue
		}
		left[vr]--
		switch vr {
		case VRUS:
			s.PutUint16(t, 512)
		case VRSQ:
			item := New()
			item.PutString(CodeValue, "T-D4000")
			item.PutString(CodeMeaning, "meaning")
			s.PutSequence(t, item)
		default:
			s.PutString(t, "125")
		}
	}
	s.PutString(SOPInstanceUID, "2.25.329800735698586629295641978511506172918")
	return s
}

func BenchmarkParse(b *testing.B) {
	for _, ts := range []TransferSyntax{ExplicitVRLittleEndian, ImplicitVRLittleEndian} {
		in, err := ctHeader(b).Append(nil, ts)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(ts.Name(), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(in, ts, Limits{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkScanHeader(b *testing.B) {
	s := ctHeader(b)
	s.PutBytes(PixelData, VROW, make([]byte, 512<<10))
	in, err := s.Append(nil, ExplicitVRLittleEndian)
	if err != nil {
		b.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	b.ReportAllocs()
	b.SetBytes(int64(len(in)))
	for b.Loop() {
		_, p, err := ScanHeader(bytes.NewReader(in), ExplicitVRLittleEndian, Limits{})
		if err != nil {
			b.Fatal(err)
		}
		for err == nil {
			_, err = p.Read(buf)
		}
	}
}

func BenchmarkAppend(b *testing.B) {
	s := ctHeader(b)
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = s.Append(dst[:0], ExplicitVRLittleEndian); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTemplate(b *testing.B) {
	t, err := NewTemplate(ctHeader(b), ExplicitVRLittleEndian, SOPInstanceUID)
	if err != nil {
		b.Fatal(err)
	}
	var dst []byte
	b.ReportAllocs()
	for b.Loop() {
		if dst, err = t.AppendTo(dst[:0], "2.25.1"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCompare(b *testing.B) {
	s := ctHeader(b)
	c := s.Clone()
	b.ReportAllocs()
	for b.Loop() {
		if d := Compare(s, c, CompareOptions{}); len(d) != 0 {
			b.Fatal(d)
		}
	}
}
