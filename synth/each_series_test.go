package synth

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// TestDciodvfyEachSeries validates an instance of every series of every recipe:
// what the recipe's attributes make of an object is different in each.
func TestDciodvfyEachSeries(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	var wg sync.WaitGroup
	room := make(chan struct{}, 2)
	for _, r := range Recipes() {
		s := mustStudy(t, StudyRequest{Recipe: small(r), Images: max(r.fixed(r.byObject()), len(r.Series)), Seed: 3, AsOf: testDate, Identity: testIdentity})
		if len(s.series) != len(r.Series) {
			t.Errorf("%s: %d of %d series", r.Name, len(s.series), len(r.Series))
		}
		for _, se := range s.series {
			in, err := s.Instance(se.first + se.made - 1)
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("%s, series %d (%s)", r.Name, se.index+1, se.Description)
			room <- struct{}{}
			wg.Go(func() {
				defer func() { <-room }()
				for _, line := range complaints(t, program, fileOf(t, in)) {
					t.Errorf("%s: %s", name, line)
				}
			})
		}
	}
	wg.Wait()
}

// fileOf writes an instance into a file.
func fileOf(t *testing.T, in *Instance) string {
	var b bytes.Buffer
	if err := WriteFile(&b, in); err != nil {
		t.Error(err)
	}
	file := filepath.Join(t.TempDir(), "instance.dcm")
	if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
		t.Error(err)
	}
	return file
}

// ownRecipe is a shipped recipe whose first series has been changed, and is the
// only one.
func ownRecipe(t *testing.T, name string, change func(*Series)) Recipe {
	t.Helper()
	r := mustRecipe(t, name)
	s := r.Series[0]
	s.Images = 0
	change(&s)
	r.Series = []Series{s}
	return r
}

// refusal is why a study of the recipe cannot be made.
func refusal(t *testing.T, r Recipe, ts dataset.TransferSyntax) string {
	t.Helper()
	_, err := NewStudy(StudyRequest{Recipe: r, Images: 1, AsOf: testDate, Identity: testIdentity, TransferSyntax: ts})
	if err == nil {
		return ""
	}
	return err.Error()
}

// pointers are the tags that Frame Increment Pointer names.
func pointers(s *dataset.Set) []dataset.Tag {
	e, ok := s.Get(dataset.FrameIncrementPointer)
	if !ok {
		return nil
	}
	var out []dataset.Tag
	for at := 0; at+3 < len(e.Value); at += 4 {
		out = append(out, dataset.NewTag(binary.LittleEndian.Uint16(e.Value[at:]), binary.LittleEndian.Uint16(e.Value[at+2:])))
	}
	return out
}
