package synth

import (
	"fmt"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// TestExactly proves that a study of N images has N, and one of B bytes B within
// 1 %, as the sum of what is made.
func TestExactly(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		for _, n := range []int{r.LeastSeries(), 17, 250} {
			s, err := NewStudy(StudyRequest{Recipe: small(r), Images: max(n, r.LeastSeries()), AsOf: testDate, Identity: testIdentity})
			if err != nil {
				t.Errorf("%s of %d images: %v", r.Name, n, err)
				continue
			}
			made := map[string]bool{}
			for _, in := range instances(t, s) {
				made[in.SOPInstanceUID] = true
			}
			if want := max(n, r.LeastSeries()); len(made) != want || s.Len() != want {
				t.Errorf("%s: %d images, asked for %d", r.Name, len(made), want)
			}
		}
	}
	for _, c := range []struct {
		recipe string
		bytes  int64
		syntax dataset.TransferSyntax
	}{
		{"CT chest", 1_000_000, ""},
		{"CT chest", 5_000_000, dataset.ImplicitVRLittleEndian},
		{"CT chest", 100_000_000, ""},
		{"CT chest", 50_000_000, dataset.JPEGLSLossless},
		{"CT chest", 700_000, dataset.JPEGLosslessSV1},
		{"CT chest", 700_000, dataset.DeflatedExplicitVRLittleEndian},
		{"CR chest", 3_000_000, ""},
		{"MR knee", 10_000_000, ""},
		{"MR knee", 333_333, dataset.RLELossless},
		{"US abdomen", 2_000_000, dataset.JPEGBaseline8Bit},
		{"SR basic text report", 1_000_000, ""},
	} {
		t.Run(fmt.Sprintf("%s of %d bytes in %s", c.recipe, c.bytes, c.syntax.Name()), func(t *testing.T) {
			t.Parallel()
			s, err := NewStudy(StudyRequest{Recipe: mustRecipe(t, c.recipe), Bytes: c.bytes, Series: 1, AsOf: testDate, Identity: testIdentity, TransferSyntax: c.syntax})
			if err != nil {
				t.Fatal(err)
			}
			var made int64
			for _, in := range instances(t, s) {
				made += in.Size()
			}
			if made < c.bytes-c.bytes/100 || made > c.bytes+c.bytes/100 {
				t.Errorf("%d bytes were made", made)
			}
		})
	}
}
