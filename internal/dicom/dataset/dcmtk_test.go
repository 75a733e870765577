package dataset

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// requireDCMTK skips the test when a tool of DCMTK is missing, or fails it when
// PACSUAT_REQUIRE names dcmtk.
func requireDCMTK(t *testing.T, tools ...string) {
	t.Helper()
	for _, tool := range tools {
		if _, err := exec.LookPath(tool); err != nil {
			if slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), "dcmtk") {
				t.Fatalf("%s of DCMTK is not installed, and PACSUAT_REQUIRE names dcmtk", tool)
			}
			t.Skipf("skipped: %s of DCMTK is not installed", tool)
		}
	}
}

func dcmtk(t *testing.T, tool string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", tool, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func writeFile(t *testing.T, s *Set, ts TransferSyntax) string {
	t.Helper()
	b, err := AppendFileMeta(nil, FileMeta{
		SOPClassUID: s.String(SOPClassUID), SOPInstanceUID: s.String(SOPInstanceUID),
		TransferSyntax: ts, ImplementationClassUID: "2.25.1", ImplementationVersionName: "PACSUAT",
	})
	if err != nil {
		t.Fatal(err)
	}
	if b, err = s.Append(b, ts); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "a.dcm")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

func readFile(t *testing.T, name string) (FileMeta, *Set, []byte) {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	m, s, err := ParseFile(b, Limits{})
	if err != nil {
		t.Fatalf("what DCMTK wrote: %v", err)
	}
	return m, s, b
}

// TestDCMTKReads: what we write is what dcmdump says.
func TestDCMTKReads(t *testing.T) {
	t.Parallel()
	requireDCMTK(t, "dcmdump")
	for _, ts := range richSyntaxes {
		out := dcmtk(t, "dcmdump", "-q", "+L", "-Un", writeFile(t, rich(t, ts), ts))
		want := []string{
			"(0002,0010) UI ", "(0002,0012) UI [2.25.1]", "(0008,0018) UI [2.25.1]", `(0008,0008) CS [ORIGINAL\PRIMARY\AXIAL]`,
			"(0009,0010) LO [PACSUAT TEST]", "(0018,0050) DS [1.25]", "(0028,0010) US 2 ", "(0028,0009) AT (0018,1063)",
			"(0040,0275) SQ (Sequence with undefined length #=2)", "(0008,0100) SH [T-D4000]", "(fffc,fffc) OB",
		}
		switch {
		case !ts.IsExplicit():
			want = append(want, "(0009,1001) ?? 01\\02\\03\\00", "(7fe0,0010) OW")
		case ts.IsEncapsulated():
			want = append(want, "(7fe0,0010) OB (PixelSequence #=3)", "(fffe,e000) pi 03\\04\\05\\06")
		default:
			want = append(want, "(0009,1002) FD 1.5", "(0009,1003) UV 9223372036854775808", "(0009,1004) FL 2.5", "(0009,1005) UL 7", "(7fe0,0010) OW 0201\\0403")
		}
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("%s: dcmdump does not say %q:\n%s", ts.Name(), w, out)
			}
		}
	}
}

// TestDCMTKConverts: what DCMTK makes of our data sets holds the same values, and
// is written back by us byte for byte.
func TestDCMTKConverts(t *testing.T) {
	t.Parallel()
	requireDCMTK(t, "dcmconv")
	want := rich(t, ExplicitVRLittleEndian)
	for _, from := range richSyntaxes[:3] {
		in := writeFile(t, want, from)
		for option, to := range map[string]TransferSyntax{
			"+te": ExplicitVRLittleEndian, "+ti": ImplicitVRLittleEndian, "+tb": ExplicitVRBigEndian, "+td": DeflatedExplicitVRLittleEndian,
		} {
			for _, lengths := range [][]string{{"+e"}, {"-e", "+g"}} {
				out := filepath.Join(t.TempDir(), "b.dcm")
				dcmtk(t, "dcmconv", slices.Concat([]string{"-q", option}, lengths, []string{in, out})...)
				m, got, b := readFile(t, out)
				if m.TransferSyntax != to {
					t.Errorf("%s: transfer syntax %s", option, m.TransferSyntax.Name())
				}
				d := Compare(want, got, CompareOptions{})
				if !from.IsExplicit() && to.IsBigEndian() || from.IsBigEndian() && !to.IsExplicit() {
					// Private words of unknown VR have no byte order: what is lost is lost.
					d = slices.DeleteFunc(d, func(d Difference) bool { return d.Tag.IsPrivate() })
				}
				if len(d) != 0 {
					t.Errorf("%s to %s, %s: %v", from.Name(), to.Name(), lengths, d)
				}
				if to.IsDeflated() {
					continue
				}
				again, err := got.Append(nil, to)
				if err != nil || !bytes.HasSuffix(b, again) || len(again) < 500 {
					t.Errorf("%s to %s, %s: written back it differs, %v", from.Name(), to.Name(), lengths, err)
				}
			}
		}
	}
}

// TestDCMTKBuilds: what dump2dcm builds is read.
func TestDCMTKBuilds(t *testing.T) {
	t.Parallel()
	requireDCMTK(t, "dump2dcm")
	dump := filepath.Join(t.TempDir(), "a.dump")
	err := os.WriteFile(dump, []byte(`
(0008,0005) CS [ISO_IR 100]
(0008,0016) UI [1.2.840.10008.5.1.4.1.1.7]
(0008,0018) UI [2.25.5]
(0008,1115) SQ (Sequence with undefined length)
(fffe,e000) na (Item with explicit length)
(0008,1199) SQ (Sequence with explicit length)
(fffe,e000) na (Item with undefined length)
(0008,1155) UI [2.25.6]
(fffe,e00d) na (ItemDelimitationItem)
(fffe,e0dd) na (SequenceDelimitationItem)
(fffe,e00d) na (ItemDelimitationItem)
(fffe,e0dd) na (SequenceDelimitationItem)
(0010,0020) LO [ZZTEST1]
(0020,0032) DS [1.5\-2\3e1]
(0028,0010) US 512
(0028,0106) SS -5
`), 0o600)
	if err != nil {
		t.Fatal(err)
	}
	for option, ts := range map[string]TransferSyntax{"+te": ExplicitVRLittleEndian, "+ti": ImplicitVRLittleEndian, "+tb": ExplicitVRBigEndian} {
		out := filepath.Join(t.TempDir(), "a.dcm")
		dcmtk(t, "dump2dcm", "-q", "-e", option, dump, out)
		m, s, _ := readFile(t, out)
		rows, _ := s.Uint16(Rows)
		series := s.Items(ReferencedSeriesSequence)
		if m.TransferSyntax != ts || m.SOPInstanceUID != "2.25.5" || rows != 512 || s.String(PatientID) != "ZZTEST1" || len(series) != 1 {
			t.Fatalf("%s: %+v, rows %d, %d items", ts.Name(), m, rows, len(series))
		}
		if uid := series[0].Items(ReferencedSOPSequence)[0].String(ReferencedSOPInstanceUID); uid != "2.25.6" {
			t.Errorf("%s: referenced instance %q", ts.Name(), uid)
		}
		if f := s.Strings(ImagePositionPatient); !slices.Equal(f, []string{"1.5", "-2", "3e1"}) {
			t.Errorf("%s: position %q", ts.Name(), f)
		}
		if n, ok := s.Int(SmallestImagePixelValue); ts.IsExplicit() && (n != -5 || !ok) {
			t.Errorf("%s: SS %d", ts.Name(), n)
		}
	}
}

// TestDCMTKCharacterSets: DCMTK decodes what we encode to the same characters.
func TestDCMTKCharacterSets(t *testing.T) {
	t.Parallel()
	requireDCMTK(t, "dcmconv")
	for _, tt := range goldenTexts {
		if tt.vr != VRPN || tt.charset == "" {
			continue
		}
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := New()
			s.PutString(SOPClassUID, "1.2.840.10008.5.1.4.1.1.7")
			s.PutString(SOPInstanceUID, "2.25.5")
			s.PutString(SpecificCharacterSet, charsets(tt.charset)...)
			if err := s.PutText(PatientName, tt.text); err != nil {
				t.Fatal(err)
			}
			in := writeFile(t, s, ExplicitVRLittleEndian)
			out := filepath.Join(t.TempDir(), "b.dcm")
			if b, err := exec.CommandContext(t.Context(), "dcmconv", "+U8", in, out).CombinedOutput(); err != nil {
				// A DCMTK that was built on the C library's iconv says that it does
				// not convert kanji; that we do is held to the standard's vectors.
				refused := bytes.Contains(b, []byte("not supported")) || bytes.Contains(b, []byte("not available"))
				if !refused || !strings.Contains(tt.charset, "ISO 2022 IR 87") {
					t.Fatalf("dcmconv: %v\n%s", err, b)
				}
				return
			}
			_, got, _ := readFile(t, out)
			if name := got.Text(PatientName); name != tt.text {
				t.Errorf("DCMTK reads %q, want %q", name, tt.text)
			}
		})
	}
}
