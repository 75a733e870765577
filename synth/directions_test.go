package synth

import (
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// TestCrownIsAbove proves, from the pictures, that volumes of the head are not
// upside down: the slice through the crown is the smaller one, and lies higher.
func TestCrownIsAbove(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		recipe, object string
		body           int // the least stored value of what is body
	}{{"CT head", "CT", -500}, {"MR brain", "MR", 150}, {"PT/CT torso", "CT", 524}} {
		r := mustRecipe(t, c.recipe)
		r.Series = slices.Clone(r.Series)
		r.Series = slices.DeleteFunc(r.Series, func(s Series) bool { return s.Object != c.object })[:1]
		s0 := &r.Series[0]
		s0.Matrix = Matrix{128, 128}
		s := mustStudy(t, StudyRequest{Recipe: r, Images: s0.Distinct, AsOf: testDate, Identity: testIdentity})
		inside := func(i int) (area int, z float64) {
			in, err := s.Instance(i)
			if err != nil {
				t.Fatal(err)
			}
			pixel := in.PixelData()
			for at := 128 * 2 * 32; at+1 < len(pixel); at += 2 { // below the burnt in words
				v := int(uint16(pixel[at]) | uint16(pixel[at+1])<<8)
				if s0.Signed {
					v = int(int16(v))
				}
				if v > c.body {
					area++
				}
			}
			z, _ = headerSet(t, in).Float(dataset.SliceLocation)
			return area, z
		}
		first, firstZ := inside(0)
		last, lastZ := inside(s.Len() - 1)
		if c.object == "CT" && c.recipe == "PT/CT torso" { // the thighs are the other end
			last, lastZ = inside(s.Len() / 4)
		}
		if first == last || firstZ == lastZ || (first < last) != (firstZ > lastZ) {
			t.Errorf("%s: the first slice has %d pixels of body at %g mm, the other %d at %g mm", c.recipe, first, firstZ, last, lastZ)
		}
	}
}

// TestProjections holds what radiographs say of their view, side and orientation
// against each other, and the codes against PS3.16 CID 4010.
func TestProjections(t *testing.T) {
	t.Parallel()
	codes := map[string]string{ // as CID 4010 has them
		"postero-anterior": "272479007", "antero-posterior": "399348003", "left lateral": "399173006",
		"oblique": "399182000", "medial-lateral": "399260004",
	}
	seen := 0
	for _, r := range Recipes() {
		if !strings.HasPrefix(r.Name, "DX ") {
			continue
		}
		s := mustStudy(t, StudyRequest{Recipe: small(r), AsOf: testDate, Identity: testIdentity})
		for _, in := range instances(t, s) {
			seen++
			set := headerSet(t, in)
			view := set.Items(viewCodeSequence)[0]
			meaning := view.String(dataset.CodeMeaning)
			if codes[meaning] == "" || codes[meaning] != view.String(dataset.CodeValue) || view.String(dataset.CodingSchemeDesignator) != "SCT" {
				t.Errorf("%s: view %s is coded %s", r.Name, meaning, view.String(dataset.CodeValue))
			}
			if want := map[string]string{"postero-anterior": "PA", "antero-posterior": "AP", "left lateral": "LL"}[meaning]; set.String(dataset.ViewPosition) != want {
				t.Errorf("%s: %s with View Position %q", r.Name, meaning, set.String(dataset.ViewPosition))
			}
			side := r.Laterality
			if side == "" {
				side = "U"
			}
			if set.String(dataset.ImageLaterality) != side || set.Has(dataset.Laterality) {
				t.Errorf("%s: image laterality %q, want %q", r.Name, set.String(dataset.ImageLaterality), side)
			}
			o := set.Strings(dataset.PatientOrientation)
			if len(o) != 2 || strings.Contains(meaning, "lateral") != (o[0] == "P") {
				t.Errorf("%s: %s oriented %v", r.Name, meaning, o)
			}
		}
	}
	if seen < 9 {
		t.Errorf("only %d radiographs were looked at", seen)
	}
}
