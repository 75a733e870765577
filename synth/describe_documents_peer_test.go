package synth

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// readBy runs a program on a document and returns what it says, and whether it was
// content.
func readBy(t *testing.T, program string, in *Instance, args ...string) (string, bool) {
	t.Helper()
	var b bytes.Buffer
	if err := WriteFile(&b, in); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "document.dcm")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, append(args, file)...).CombinedOutput()
	return string(out), err == nil && !bytes.HasPrefix(out, []byte("E:")) && !bytes.Contains(out, []byte("\nE:"))
}

// respoilt is an instance with its header changed.
func respoilt(t *testing.T, in *Instance, change func(*dataset.Set)) *Instance {
	t.Helper()
	set := headerSet(t, in).Clone()
	change(set)
	b, err := set.Append(nil, in.TransferSyntax)
	if err != nil {
		t.Fatal(err)
	}
	other := *in
	other.Segments = [][]byte{b}
	return &other
}

// TestDocumentsByDCMTK has structured reports read by dsrdump, which checks value
// types and relationships of each IOD, and presentation states by dcmpschk.
func TestDocumentsByDCMTK(t *testing.T) {
	t.Parallel()
	reader, checker := requirePeer(t, "dsrdump", "dcmtk"), requirePeer(t, "dcmpschk", "dcmtk")
	for _, r := range documentRecipes() {
		for _, characterSet := range [][]string{nil, {"ISO_IR 192"}} {
			s := mustStudy(t, StudyRequest{Recipe: r, Images: r.LeastSeries() + 3, Seed: 9, AsOf: testDate, Identity: testIdentity, CharacterSet: characterSet})
			for _, se := range s.series {
				in, err := s.Instance(se.first)
				if err != nil {
					t.Fatal(err)
				}
				switch se.object.name {
				case "Grayscale Presentation State":
					if characterSet != nil {
						continue // dcmpschk knows the default repertoire only
					}
					if out, ok := readBy(t, checker, in); !ok || !strings.Contains(out, "Test passed.") {
						t.Errorf("%s: %s", r.Name, out)
					}
					spoilt := respoilt(t, in, func(s *dataset.Set) { s.Delete(dataset.DisplayedAreaSelectionSequence) })
					if out, ok := readBy(t, checker, spoilt); ok && strings.Contains(out, "Test passed.") {
						t.Errorf("a state without a displayed area passes: %s", out)
					}
				case "Basic Text SR", "Enhanced SR", "X-Ray Radiation Dose SR", "Key Object Selection":
					out, ok := readBy(t, reader, in, "+Pl")
					if !ok || !strings.Contains(out, "SYNTHETIC") {
						t.Errorf("%s, %s: %s", r.Name, se.object.name, out)
					}
					spoilt := respoilt(t, in, func(s *dataset.Set) {
						s.Items(dataset.ContentSequence)[0].PutString(dataset.RelationshipType, selectedFrom)
					})
					if out, ok := readBy(t, reader, spoilt); ok {
						t.Errorf("%s: an illegal relationship is accepted: %s", se.object.name, out)
					}
				}
			}
		}
	}
}
