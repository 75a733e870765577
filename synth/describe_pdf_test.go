package synth

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// pdfOf returns the document of a study.
func pdfOf(t *testing.T, s *Study) []byte {
	t.Helper()
	set := documents(t, s)["Encapsulated PDF"]
	e, ok := set.Get(dataset.EncapsulatedDocument)
	if !ok {
		t.Fatal("no document")
	}
	if n, _ := set.Int(dataset.EncapsulatedDocumentLength); int(n) != len(e.Value) {
		t.Errorf("%d bytes, and (0042,0015) says %d", len(e.Value), n)
	}
	return e.Value
}

// brokenPDF says what is wrong with the structure of a PDF: header, offsets of
// the cross-reference table, lengths of streams, trailer.
func brokenPDF(b []byte) []string {
	var wrong []string
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if !bytes.HasPrefix(b, []byte("%PDF-1.4\n")) || !bytes.HasSuffix(bytes.TrimSpace(b), []byte("%%EOF")) {
		bad("no header or no end")
	}
	m := regexp.MustCompile(`startxref\n(\d+)\n`).FindSubmatch(b)
	if m == nil {
		return append(wrong, "no startxref")
	}
	at, _ := strconv.Atoi(string(m[1]))
	if at >= len(b) || !bytes.HasPrefix(b[at:], []byte("xref\n0 ")) {
		return append(wrong, "startxref does not lead to the table")
	}
	lines := strings.SplitAfter(string(b[at:]), "\n")
	var size int
	fmt.Sscanf(lines[1], "0 %d", &size)
	for n := 1; n < size; n++ {
		line := lines[2+n]
		offset, err := strconv.Atoi(line[:10])
		if len(line) != 20 || err != nil || !bytes.HasPrefix(b[min(offset, len(b)):], fmt.Appendf(nil, "%d 0 obj\n", n)) {
			bad("entry %d (%q) does not lead to its object", n, line)
		}
	}
	if !strings.Contains(string(b[at:]), fmt.Sprintf("/Size %d ", size)) {
		bad("the trailer has another size")
	}
	for _, m := range regexp.MustCompile(`/Length (\d+) >>\nstream\n`).FindAllSubmatchIndex(b, -1) {
		n, _ := strconv.Atoi(string(b[m[2]:m[3]]))
		if !bytes.HasPrefix(b[min(m[1]+n, len(b)):], []byte("endstream")) {
			bad("a stream does not have its length of %d", n)
		}
	}
	return wrong
}

func pdfRequest(t *testing.T) StudyRequest {
	return StudyRequest{Recipe: mustRecipe(t, "PDF report"), Images: 2, Seed: 7, AsOf: testDate, Identity: testIdentity}
}

// TestPDF proves of the bytes of the document: structure, marks, determinism, and
// what seed, variant and nonce change.
func TestPDF(t *testing.T) {
	t.Parallel()
	q := pdfRequest(t)
	s := mustStudy(t, q)
	b := pdfOf(t, s)
	for _, what := range brokenPDF(b) {
		t.Error(what)
	}
	for what, spoilt := range map[string][]byte{
		"a byte more in front":  append([]byte("%PDF-1.4\n%"), b[9:]...),
		"an object of one more": bytes.Replace(b, []byte("(en)"), []byte("(eng)"), 1),
		"another table entry":   bytes.Replace(b, []byte("0000000015"), []byte("0000000016"), 1),
		"another stream length": bytes.Replace(b, []byte("/Length 1"), []byte("/Length 2"), 1),
		"another size":          bytes.Replace(b, []byte("/Size 1"), []byte("/Size 2"), 1),
		"the end is missing":    b[:len(b)-8],
	} {
		if bytes.Equal(spoilt, b) || len(brokenPDF(spoilt)) == 0 {
			t.Errorf("%s was not noticed", what)
		}
	}
	for _, want := range []string{notAPatient, s.AccessionNumber, s.Patient.ID, s.StudyInstanceUID, "Content "} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("%q is not on the page", want)
		}
	}
	if len(b)%2 != 0 || !bytes.Equal(b, pdfOf(t, mustStudy(t, q))) {
		t.Error("an odd length, or other bytes the second time")
	}
	findings := func(b []byte) string {
		_, rest, _ := strings.Cut(string(b), "(FINDINGS)")
		out, _, _ := strings.Cut(rest, "(Reading")
		return out
	}
	changed := func(change func(*StudyRequest)) []byte {
		q := q
		change(&q)
		return pdfOf(t, mustStudy(t, q))
	}
	if findings(b) == "" || findings(b) == findings(changed(func(q *StudyRequest) { q.Seed++ })) || findings(b) == findings(changed(func(q *StudyRequest) { q.Variant = 1 })) {
		t.Error("seed or variant do not change the findings")
	}
	other := changed(func(q *StudyRequest) { q.Identity = NewIdentity("other", "cell", "scenario", 1, Fence{}) })
	if findings(b) != findings(other) || bytes.Contains(other, []byte(s.AccessionNumber)) {
		t.Error("another nonce changes the findings, or keeps the accession number")
	}
	latin := pdfOf(t, mustStudy(t, StudyRequest{Recipe: q.Recipe, Images: 2, AsOf: testDate, Identity: testIdentity, CharacterSet: []string{"ISO_IR 192"}}))
	for _, c := range latin[20:] {
		if c >= 0x80 {
			t.Fatal("a byte outside ASCII in the document")
		}
	}
}

// TestPDFByOthers has the document read by poppler and qpdf.
func TestPDFByOthers(t *testing.T) {
	t.Parallel()
	info, text, check := requirePeer(t, "pdfinfo", "poppler"), requirePeer(t, "pdftotext", "poppler"), requirePeer(t, "qpdf", "qpdf")
	for _, c := range []StudyRequest{
		pdfRequest(t),
		{Recipe: small(mustRecipe(t, "CT chest with report")), Images: 12, Seed: 3, AsOf: testDate, Identity: testIdentity, CharacterSet: []string{"ISO_IR 100"}},
	} {
		s := mustStudy(t, c)
		file := filepath.Join(t.TempDir(), "report.pdf")
		if err := os.WriteFile(file, pdfOf(t, s), 0o600); err != nil {
			t.Fatal(err)
		}
		run := func(program string, args ...string) string {
			out, err := exec.Command(program, args...).CombinedOutput()
			if err != nil {
				t.Errorf("%s: %v\n%s", program, err, out)
			}
			return string(out)
		}
		if out := run(info, file); !regexp.MustCompile(`Pages: +2\n`).MatchString(out) || !strings.Contains(out, "SYNTHETIC RADIOLOGY REPORT "+s.AccessionNumber) || strings.Contains(out, "Error") {
			t.Errorf("pdfinfo: %s", out)
		}
		out := run(text, "-layout", file, "-")
		for _, want := range []string{notAPatient, s.AccessionNumber, s.Patient.ID, "FINDINGS"} {
			if !strings.Contains(out, want) {
				t.Errorf("pdftotext does not read %q:\n%s", want, out)
			}
		}
		if out := run(check, "--check", file); !strings.Contains(out, "No syntax or stream encoding errors found") {
			t.Errorf("qpdf: %s", out)
		}
		broken := bytes.Replace(pdfOf(t, s), []byte("/Pages 2 0 R"), []byte("/Pages 9 9 R"), 1)
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command(check, "--check", file).CombinedOutput(); err == nil {
			t.Errorf("qpdf accepts a document without pages: %s", out)
		}
	}
}
