package synth

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// documentRecipes are those of the catalogue with a series without pixels.
func documentRecipes() []Recipe {
	var out []Recipe
	for _, r := range Recipes() {
		if slices.ContainsFunc(r.Series, func(s Series) bool { o, ok := objectNamed(s.Object); return ok && o.pixels == noPixels }) {
			out = append(out, small(r))
		}
	}
	return out
}

// documents returns the headers of the documents of a study, by the name of their
// object.
func documents(t *testing.T, s *Study) map[string]*dataset.Set {
	t.Helper()
	out := map[string]*dataset.Set{}
	for _, se := range s.series {
		if se.object.pixels == noPixels {
			in, err := s.Instance(se.first)
			if err != nil {
				t.Fatal(err)
			}
			out[se.object.name] = headerSet(t, in)
		}
	}
	return out
}

// withDocument is a study of images of one object, and a document on them.
func withDocument(t *testing.T, images Series, document string, n int, traits ...Trait) (*Study, *dataset.Set) {
	t.Helper()
	r := small(Recipe{
		Name: "images and document", Description: "IMAGES AND DOCUMENT", BodyPart: "CHEST", Images: Count{Mean: n + 1},
		Series: []Series{images, {Object: document, Images: 1}},
	})
	s := mustStudy(t, StudyRequest{Recipe: r, Images: n + 1, Seed: 11, AsOf: testDate, Identity: testIdentity, With: traits})
	return s, documents(t, s)[document]
}

// everywhere calls f for the set and all items in it.
func everywhere(s *dataset.Set, f func(*dataset.Set)) {
	f(s)
	for e := range s.All() {
		for _, item := range e.Items {
			everywhere(item, f)
		}
	}
}

// anywhere returns the values of an attribute of a data set, or of the first item
// that has it.
func anywhere(s *dataset.Set, t dataset.Tag) []string {
	var out []string
	everywhere(s, func(item *dataset.Set) {
		if len(out) == 0 {
			out = item.Strings(t)
		}
	})
	return out
}

// content calls f for every content item below the root with its value type and
// the code of its concept.
func content(s *dataset.Set, f func(valueType, concept string, item *dataset.Set)) {
	for _, item := range s.Items(dataset.ContentSequence) {
		concept := ""
		for _, c := range item.Items(dataset.ConceptNameCodeSequence) {
			concept = c.String(dataset.CodeValue)
		}
		f(item.String(dataset.ValueType), concept, item)
		content(item, f)
	}
}

// unresolved says which references of a data set do not name an instance of the
// study with its class, and which are in the content but not in the evidence.
func unresolved(s *Study, set *dataset.Set) []string {
	classes, series := map[string]string{}, map[string]string{}
	for i := range s.Len() {
		se, _ := s.place(i)
		classes[s.SOPInstanceUID(i)], series[s.SOPInstanceUID(i)] = se.object.sopClassUID, se.uid
	}
	var wrong []string
	evidence := map[string]bool{}
	for _, study := range set.Items(dataset.CurrentRequestedProcedureEvidenceSequence) {
		if study.String(dataset.StudyInstanceUID) != s.StudyInstanceUID {
			wrong = append(wrong, "evidence of another study")
		}
		for _, se := range study.Items(dataset.ReferencedSeriesSequence) {
			for _, r := range se.Items(dataset.ReferencedSOPSequence) {
				uid := r.String(dataset.ReferencedSOPInstanceUID)
				evidence[uid] = true
				if series[uid] != se.String(dataset.SeriesInstanceUID) {
					wrong = append(wrong, uid+" is evidence of another series than its own")
				}
			}
		}
	}
	everywhere(set, func(r *dataset.Set) {
		uid := r.String(dataset.ReferencedSOPInstanceUID)
		if uid != "" && (classes[uid] == "" || classes[uid] != r.String(dataset.ReferencedSOPClassUID)) {
			wrong = append(wrong, fmt.Sprintf("%s of class %s is no instance of the study", uid, r.String(dataset.ReferencedSOPClassUID)))
		}
	})
	content(set, func(_, _ string, item *dataset.Set) {
		for _, r := range item.Items(dataset.ReferencedSOPSequence) {
			if uid := r.String(dataset.ReferencedSOPInstanceUID); !evidence[uid] {
				wrong = append(wrong, uid+" is in the content and not in the evidence (PS3.3 C.17.2.3)")
			}
		}
	})
	return wrong
}

// countReferences counts the references of a data set outside its evidence.
func countReferences(set *dataset.Set) int {
	n := 0
	count := func(s *dataset.Set) {
		if s.String(dataset.ReferencedSOPInstanceUID) != "" {
			n++
		}
	}
	for e := range set.All() {
		if e.Tag == dataset.CurrentRequestedProcedureEvidenceSequence {
			continue
		}
		for _, item := range e.Items {
			everywhere(item, count)
		}
	}
	return n
}

// TestDocumentReferences proves that what documents refer to are images of their
// study, listed as evidence, and that a late image changes no document.
func TestDocumentReferences(t *testing.T) {
	t.Parallel()
	for _, r := range documentRecipes() {
		for _, images := range []int{r.LeastSeries(), r.LeastSeries() + 9} {
			s := mustStudy(t, StudyRequest{Recipe: r, Images: images, Seed: 7, AsOf: testDate, Identity: testIdentity})
			later, err := s.Extend(2)
			if err != nil {
				t.Fatal(err)
			}
			extended := documents(t, later)
			for name, set := range documents(t, s) {
				for _, what := range unresolved(s, set) {
					t.Errorf("%s, %d images, %s: %s", r.Name, images, name, what)
				}
				if n := countReferences(set); name != "X-Ray Radiation Dose SR" && (n > 0) != r.HasPixels() {
					t.Errorf("%s, %d images, %s: %d references", r.Name, images, name, n)
				}
				if d := dataset.Compare(set, extended[name], dataset.CompareOptions{}); len(d) > 0 && r.HasPixels() {
					t.Errorf("%s, %s: late images changed the document: %v", r.Name, name, d)
				}
			}
		}
	}

	s, set := withDocument(t, Series{Object: "CR"}, "Basic Text SR", 3)
	if len(unresolved(s, set)) > 0 {
		t.Fatal(unresolved(s, set))
	}
	spoilt := set.Clone()
	everywhere(spoilt, func(r *dataset.Set) {
		if r.Has(dataset.ReferencedSOPInstanceUID) {
			r.PutString(dataset.ReferencedSOPInstanceUID, "1.2.3")
		}
	})
	other := set.Clone()
	other.Delete(dataset.CurrentRequestedProcedureEvidenceSequence)
	if len(unresolved(s, spoilt)) == 0 || len(unresolved(s, other)) == 0 {
		t.Error("references to nothing, or without evidence, were not noticed")
	}
}

// texts are the texts of a document that its seed decides.
func texts(set *dataset.Set) []string {
	var out []string
	everywhere(set, func(s *dataset.Set) {
		for _, t := range []dataset.Tag{dataset.TextValue, dataset.NumericValue, dataset.ContentDescription, 0x00700006} {
			if v := s.String(t); v != "" {
				out = append(out, v)
			}
		}
	})
	return out
}

// TestDocumentTexts proves that the seed, the index and the variant change the
// texts of a document, and the nonce does not.
func TestDocumentTexts(t *testing.T) {
	t.Parallel()
	for _, r := range documentRecipes() {
		q := StudyRequest{Recipe: r, Images: r.LeastSeries() + 2, Seed: 7, AsOf: testDate, Identity: testIdentity}
		base := documents(t, mustStudy(t, q))
		changed := func(change func(*StudyRequest)) map[string]*dataset.Set {
			q := q
			change(&q)
			return documents(t, mustStudy(t, q))
		}
		seed := changed(func(q *StudyRequest) { q.Seed = 8 })
		index := changed(func(q *StudyRequest) { q.Index = 1 })
		variant := changed(func(q *StudyRequest) { q.Variant = 1 })
		nonce := changed(func(q *StudyRequest) { q.Identity = NewIdentity("other", "cell", "scenario", 1, Fence{}) })
		for name, set := range base {
			if name == "Encapsulated PDF" {
				continue // see TestPDF
			}
			want := texts(set)
			if len(want) == 0 || !strings.Contains(strings.Join(want, " "), "Content ") {
				t.Errorf("%s, %s: no texts", r.Name, name)
			}
			for what, other := range map[string]*dataset.Set{"seed": seed[name], "index": index[name], "variant": variant[name]} {
				if slices.Equal(want, texts(other)) {
					t.Errorf("%s, %s: another %s changes no text", r.Name, name, what)
				}
			}
			if !slices.Equal(want, texts(nonce[name])) {
				t.Errorf("%s, %s: another nonce changes the texts", r.Name, name)
			}
			if set.String(dataset.SOPInstanceUID) == nonce[name].String(dataset.SOPInstanceUID) {
				t.Errorf("%s, %s: another nonce does not change the identity", r.Name, name)
			}
			if set.String(dataset.SOPInstanceUID) != variant[name].String(dataset.SOPInstanceUID) {
				t.Errorf("%s, %s: the variant changes the identity", r.Name, name)
			}
		}
	}
}

// TestDocumentsNeedImages proves that a recipe whose documents would refer to
// nothing is refused, and why.
func TestDocumentsNeedImages(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		series []Series
		want   string
	}{
		{[]Series{{Object: "Key Object Selection"}}, "the study has none"},
		{[]Series{{Object: "Grayscale Presentation State"}}, "the study has none"},
		{[]Series{{Object: "US", Matrix: Matrix{80, 64}}, {Object: "Grayscale Presentation State", Images: 1}}, "grey images"}, // RGB
		{[]Series{{Object: "MR", Matrix: Matrix{80, 64}}, {Object: "X-Ray Radiation Dose SR", Images: 1}}, "has only others"},
	} {
		r := Recipe{Name: "documents", Description: "DOCUMENTS", Images: Count{Mean: 2}, Series: c.series}
		_, err := NewStudy(StudyRequest{Recipe: r, Images: 2, Seed: 1, AsOf: testDate, Identity: testIdentity})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.series, err, c.want)
		}
	}
}

// TestDocumentsDciodvfy validates every document of the catalogue with each trait
// and in each character set, and each document on images of each object.
func TestDocumentsDciodvfy(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	dir := t.TempDir()
	n := 0
	check := func(name string, s *Study) {
		for _, se := range s.series {
			if se.object.pixels != noPixels {
				continue
			}
			in, err := s.Instance(se.first)
			if err != nil {
				t.Fatal(err)
			}
			n++
			file := filepath.Join(dir, fmt.Sprintf("%05d.dcm", n))
			var b bytes.Buffer
			if err := WriteFile(&b, in); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, line := range complaints(t, program, file) {
				t.Errorf("%s, %s: %s", name, se.object.name, line)
			}
		}
	}
	for _, r := range documentRecipes() {
		q := StudyRequest{Recipe: r, Images: r.LeastSeries() + 2, Seed: 3, AsOf: testDate, Identity: testIdentity}
		for _, characterSet := range characterSets {
			q := q
			q.CharacterSet = characterSet
			check(fmt.Sprintf("%s, %q", r.Name, characterSet), mustStudy(t, q))
		}
		for _, trait := range Traits() {
			if r.Allows(trait) {
				q := q
				q.With = []Trait{trait}
				check(fmt.Sprintf("%s, %s", r.Name, trait), mustStudy(t, q))
			}
		}
	}
	for _, images := range objects {
		if images.pixels == noPixels {
			continue
		}
		for _, document := range documentObjects {
			r := small(Recipe{Name: "both", Description: "BOTH", BodyPart: "CHEST", Images: Count{Mean: 4}, Series: []Series{{Object: images.name}, {Object: document.name, Images: 1}}})
			s, err := NewStudy(StudyRequest{Recipe: r, Images: 4, Seed: 11, AsOf: testDate, Identity: testIdentity})
			if errors.Is(err, errNoXRay) || errors.Is(err, errNoGreyImages) {
				continue // see TestDocumentsNeedImages
			}
			if err != nil {
				t.Errorf("%s on %s: %v", document.name, images.name, err)
				continue
			}
			check(document.name+" on "+images.name, s)
			set := documents(t, s)[document.name]
			wrong := unresolved(s, set)
			switch document.name {
			case "Enhanced SR":
				wrong = append(wrong, mismeasured(t, s, set)...)
			case "Grayscale Presentation State":
				wrong = append(wrong, unfit(t, s, set)...)
			}
			for _, what := range wrong {
				t.Errorf("%s on %s: %s", document.name, images.name, what)
			}
		}
	}
	t.Logf("%d documents", n)
}
