package synth

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
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

// TestPictures holds docs/studies.md and its contact sheets against the
// catalogue: each kind with pictures has its sheet. With -update they are painted
// anew, whole and at their real matrix.
func TestPictures(t *testing.T) {
	t.Parallel()
	docs := filepath.Join("..", "docs")
	sizes, err := NewSizes(Recipes())
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, r := range Recipes() {
		n := fmt.Sprint(r.Images.Mean)
		if r.Images.Spread != "" {
			n = "about " + n
		}
		size := fmt.Sprintf("%.1f MB", float64(sizes.Bytes(r.Name, r.Images.Mean))/1e6)
		if !r.HasPixels() {
			size = fmt.Sprintf("%.0f kB", float64(sizes.Bytes(r.Name, r.Images.Mean))/1e3)
		}
		fmt.Fprintf(&b, "\n### %s\n\n%s; %s images, %s.\n", r.Name, strings.Join(r.Modalities(), ", "), n, size)
		if !r.HasPixels() {
			continue
		}
		name := "pictures/" + strings.NewReplacer(" ", "-", "/", "-", "+", "-").Replace(strings.ToLower(r.Name)) + ".jpg"
		fmt.Fprintf(&b, "\n![contact sheet of %s](%s)\n", r.Name, name)
		file := filepath.Join(docs, filepath.FromSlash(name))
		if *update {
			paintSheet(t, r, file)
		}
		if _, err := os.Stat(file); err != nil {
			t.Errorf("%s has no contact sheet: go test ./synth -run Pictures -update", r.Name)
		}
	}
	const heading = "## Every kind, looked at\n"
	file := filepath.Join(docs, "studies.md")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, have, ok := strings.Cut(strings.ReplaceAll(string(text), "\r\n", "\n"), heading)
	if !ok {
		t.Fatalf("%s has no heading %q", file, heading)
	}
	if *update {
		have = b.String()
		if err := os.WriteFile(file, []byte(before+heading+have), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if have != b.String() {
		t.Errorf("%s does not list the catalogue: go test ./synth -run Pictures -update", file)
	}
}

func paintSheet(t *testing.T, r Recipe, file string) {
	t.Helper()
	s := mustStudy(t, StudyRequest{Recipe: r, Images: r.Images.Mean, Seed: 1, AsOf: testDate, Identity: testIdentity})
	sheet, err := Sheet(s, 8, 4, 280)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, sheet, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}
