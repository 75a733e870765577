package synth

import (
	"image"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// TestSheet proves that every kind shows pictures with contrast when they are
// rendered by what their data sets say: a wrong window would show black or white.
func TestSheet(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		if !r.HasPixels() {
			continue
		}
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			r := r.Within(256)
			s := mustStudy(t, StudyRequest{Recipe: r, Images: max(len(r.Series), 6), Seed: 1, AsOf: testDate, Identity: testIdentity})
			for _, at := range s.exposures(8) {
				in, err := s.Instance(at[0])
				if err != nil {
					t.Fatal(err)
				}
				p, err := in.picture(at[1])
				if err != nil {
					t.Fatal(err)
				}
				if dark, bright := extremes(p); bright-dark < 60 {
					t.Errorf("series %d, instance %d, frame %d: grey values from %d to %d", in.Series+1, in.Number, at[1]+1, dark, bright)
				}
			}
		})
	}
	s := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, "CT chest")), Images: 9, AsOf: testDate, Identity: testIdentity})
	sheet, err := Sheet(s, 6, 3, 64)
	if err != nil || sheet.Bounds() != image.Rect(0, 0, 3*68+4, 2*68+4) {
		t.Errorf("a sheet of %v, %v", sheet, err)
	}
	compressed := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, "CT chest")), Images: 1, AsOf: testDate, Identity: testIdentity, TransferSyntax: dataset.JPEGLSLossless})
	report := mustStudy(t, StudyRequest{Recipe: mustRecipe(t, "SR basic text report"), Images: 1, AsOf: testDate, Identity: testIdentity})
	for _, s := range []*Study{compressed, report} {
		if _, err := Sheet(s, 6, 3, 64); err == nil {
			t.Errorf("a sheet of %s in %s was made", s.Recipe.Name, s.TransferSyntax.Name())
		}
	}
	if _, err := Sheet(s, 0, 3, 64); err == nil {
		t.Error("a sheet of no picture was made")
	}
}

// extremes are the 2nd percentile of the grey values and the 1000th part that is
// brightest, the band of the burnt in words left out: of a scan little is bright.
func extremes(p *image.RGBA) (dark, bright int) {
	var counts [256]int
	n := 0
	for y := p.Rect.Dy() / 4; y < p.Rect.Dy(); y++ {
		for x := range p.Rect.Dx() {
			c := p.RGBAAt(x, y)
			counts[(int(c.R)+int(c.G)+int(c.B))/3]++
			n++
		}
	}
	sum := 0
	for v, k := range counts {
		if sum < n/50 && sum+k >= n/50 {
			dark = v
		}
		if sum < n*999/1000 && sum+k >= n*999/1000 {
			bright = v
		}
		sum += k
	}
	return dark, bright
}
