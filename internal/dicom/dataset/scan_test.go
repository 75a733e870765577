package dataset

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
)

func TestScanHeader(t *testing.T) {
	t.Parallel()
	for _, ts := range richSyntaxes {
		s := rich(t, ts)
		b, err := s.Append(nil, ts)
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			name string
			r    io.Reader
		}{
			{"at once", bytes.NewReader(b)},
			{"byte by byte", iotest.OneByteReader(bytes.NewReader(b))},
			{"EOF with the last bytes", iotest.DataErrReader(bytes.NewReader(b))},
		} {
			header, p, err := ScanHeader(tt.r, ts, Limits{})
			if err != nil || p == nil {
				t.Fatalf("%s, %s: %v, %v", ts.Name(), tt.name, p, err)
			}
			value, err := io.ReadAll(p)
			if err != nil {
				t.Fatalf("%s, %s: pixels: %v", ts.Name(), tt.name, err)
			}
			trailer, err := p.Trailer()
			if err != nil {
				t.Fatalf("%s, %s: trailer: %v", ts.Name(), tt.name, err)
			}
			if trailer.Len() != 1 || !trailer.Has(DataSetTrailingPadding) {
				t.Errorf("%s, %s: trailer has %d elements", ts.Name(), tt.name, trailer.Len())
			}
			whole := s.Clone()
			whole.Delete(PixelData)
			whole.Delete(DataSetTrailingPadding)
			if d := Compare(whole, header, CompareOptions{}); len(d) != 0 {
				t.Errorf("%s, %s: header: %v", ts.Name(), tt.name, d)
			}
			pixels := New()
			e, _ := s.Get(PixelData)
			pixels.Put(*e)
			want, err := pixels.Append(nil, ts)
			if err != nil {
				t.Fatal(err)
			}
			if !ts.IsDeflated() {
				n := 12
				if !ts.IsExplicit() {
					n = 8
				}
				if !bytes.Equal(value, want[n:]) {
					t.Errorf("%s, %s: pixels are %d bytes, want %d, or differ", ts.Name(), tt.name, len(value), len(want)-n)
				}
			}
			if length := p.Length; ts.IsEncapsulated() != (length == -1) || length >= 0 && length != int64(len(value)) {
				t.Errorf("%s: length %d of %d bytes", ts.Name(), length, len(value))
			}
		}
	}
}

// TestScanHeaderStopsReading: the pixels need not have arrived, and nothing is read
// that is not needed.
func TestScanHeaderStopsReading(t *testing.T) {
	t.Parallel()
	s := New()
	s.PutString(PatientID, "ZZTEST1")
	header, err := s.Append(nil, ExplicitVRLittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	broken := errors.New("connection reset")
	head := append(header, unhex(t, "e07f10004f570000 08000000 0102")...)
	_, p, err := ScanHeader(io.MultiReader(bytes.NewReader(head), iotest.ErrReader(broken)), ExplicitVRLittleEndian, Limits{})
	if err != nil || p.Length != 8 {
		t.Fatalf("%+v, %v", p, err)
	}
	b, err := io.ReadAll(p)
	if !errors.Is(err, broken) || len(b) != 2 {
		t.Errorf("read %d bytes, %v; want 2 and the reader's own error", len(b), err)
	}
	if _, err := p.Trailer(); !errors.Is(err, broken) {
		t.Errorf("Trailer: %v", err)
	}
	_, _, err = ScanHeader(io.MultiReader(bytes.NewReader(header[:10]), iotest.ErrReader(broken)), ExplicitVRLittleEndian, Limits{})
	var f *FormatError
	if !errors.Is(err, broken) || errors.As(err, &f) {
		t.Errorf("a reader's error is %v, not one of the format", err)
	}
}

func TestScanHeaderWithoutPixels(t *testing.T) {
	t.Parallel()
	s := New()
	icon := New()
	icon.PutBytes(PixelData, VROB, []byte{1, 2})
	s.PutSequence(0x00880200, icon) // Icon Image Sequence: not the pixels of the top level
	s.PutBytes(0x00091010, VROB, make([]byte, 100_000))
	b, err := s.Append(nil, ExplicitVRLittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	got, p, err := ScanHeader(iotest.HalfReader(bytes.NewReader(b)), ExplicitVRLittleEndian, Limits{})
	if err != nil || p != nil {
		t.Fatalf("%v, %v", p, err)
	}
	if d := Compare(s, got, CompareOptions{}); len(d) != 0 {
		t.Error(d)
	}
}

func TestFileMeta(t *testing.T) {
	t.Parallel()
	want := FileMeta{
		SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SOPInstanceUID: "2.25.123",
		TransferSyntax: ExplicitVRLittleEndian, ImplementationClassUID: "2.25.9",
		ImplementationVersionName: "PACSUAT", SourceAETitle: "ZZTEST",
	}
	b, err := AppendFileMeta([]byte("x"), want)
	if err != nil {
		t.Fatal(err)
	}
	b = b[1:]
	if n := int(b[140]) + 144; n != len(b) {
		t.Errorf("group length says %d bytes, there are %d", n, len(b))
	}
	s := rich(t, ExplicitVRLittleEndian)
	file, err := s.Append(b, ExplicitVRLittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	r := bytes.NewReader(file)
	got, err := ReadFileMeta(r)
	if err != nil || got != want {
		t.Errorf("ReadFileMeta = %+v, %v", got, err)
	}
	if r.Len() != len(file)-len(b) {
		t.Errorf("%d bytes are left, want %d", r.Len(), len(file)-len(b))
	}
	m, parsed, err := ParseFile(file, Limits{})
	if err != nil || m != want {
		t.Fatalf("ParseFile: %+v, %v", m, err)
	}
	if d := Compare(s, parsed, CompareOptions{}); len(d) != 0 {
		t.Error(d)
	}
	for n := range len(b) {
		if _, err := ReadFileMeta(bytes.NewReader(b[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
	for at, name := range map[int]string{128: "prefix", 132: "group length", 143: "4 GiB", 140: "a short group length", 144: "another group"} {
		bad := bytes.Clone(file)
		bad[at] += 0x40
		var f *FormatError
		if _, err := ReadFileMeta(bytes.NewReader(bad)); !errors.As(err, &f) {
			t.Errorf("%s: %v", name, err)
		}
	}
	want.SOPInstanceUID = ""
	if _, err := AppendFileMeta(nil, want); err == nil {
		t.Error("an empty UID is accepted")
	}
}
