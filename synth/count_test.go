package synth

import (
	"math"
	"strings"
	"testing"

	"pacsuat/synth/draw"
)

// TestCount holds means and bounds of each spread. Over 500 studies the mean of
// a lognormal one, whose deviation is 1.33 of it, is within 12 %; package draw
// holds the distribution itself.
func TestCount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		count       Count
		least, most int
		tolerance   float64
	}{
		{Count{Mean: 45}, 45, 45, 0},
		{Count{Mean: 45, Spread: Even}, 31, 59, 0.04},
		{Count{Mean: 1, Spread: Even}, 1, 2, 0.1},
		{Count{Mean: 800, Spread: Lognormal, Most: 10_000}, 1, 10_000, 0.12},
		{Count{Mean: 800, Spread: Lognormal}, 1, maxImages, 0.12},
	} {
		const n = 500
		sum, least, most := 0, maxImages, 0
		for i := range uint64(n) {
			k := c.count.draw(draw.From(i))
			sum, least, most = sum+k, min(least, k), max(most, k)
		}
		if least < c.least || most > c.most {
			t.Errorf("%+v: from %d to %d, want %d to %d", c.count, least, most, c.least, c.most)
		}
		if mean := float64(sum) / n; math.Abs(mean/float64(c.count.Mean)-1) > c.tolerance {
			t.Errorf("%+v: mean %.2f", c.count, mean)
		}
		if c.count.Mean > 1 && (least == most) != (c.count.Spread == Exactly) {
			t.Errorf("%+v: each study has from %d to %d", c.count, least, most)
		}
	}
}

func TestLoadCount(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]any{
		"images: 3":                        Count{Mean: 3},
		"images: {mean: 45, spread: even}": Count{Mean: 45, Spread: Even},
		"images: {mean: 45}":               Count{Mean: 45},
		"images: {mean: 800, spread: lognormal, most: 10000}": Count{Mean: 800, Spread: Lognormal, Most: 10_000},
		"images: {mean: 45, spread: wide}":                    `spread "wide", expected lognormal, even or none`,
		"images: {mean: 45, spread: even, most: 60}":          "most 60 cuts off a lognormal spread; remove it",
		"images: {mean: 45, spread: lognormal, most: 20}":     "images 45 (most 20)",
		"images: {spread: even}":                              "images 0 (most 0)",
		"images: {mean: 45, shape: even}":                     `unknown key "shape"`,
	} {
		recipes, err := Load("own.yaml", []byte("- name: own\n  "+text+"\n  series: [{object: CT}]\n"))
		if wrong, ok := want.(string); ok {
			if err == nil || !strings.Contains(err.Error(), wrong) || !strings.Contains(err.Error(), "own.yaml:") {
				t.Errorf("%s: %v, want %s with its line", text, err, wrong)
			}
			continue
		}
		if err != nil || recipes[0].Images != want {
			t.Errorf("%s: %+v, %v; want %+v", text, recipes, err, want)
		}
	}
}

// TestSizesFixed: only recipes without a spread are of a fixed structure.
func TestSizesFixed(t *testing.T) {
	t.Parallel()
	recipes, err := Load("own.yaml", []byte(`
- {name: fixed, images: 3, series: [{object: CT, matrix: 64x64}]}
- {name: even, images: {mean: 40, spread: even}, series: [{object: CT, matrix: 64x64}]}
- {name: tail, images: {mean: 40, spread: lognormal}, series: [{object: CT, matrix: 64x64}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	sizes, err := NewSizes(recipes)
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		mean  int
		fixed bool
	}{"fixed": {3, true}, "even": {40, false}, "tail": {40, false}, "none": {0, false}} {
		if mean, fixed := sizes.Images(name); mean != want.mean || fixed != want.fixed {
			t.Errorf("%s: %d, fixed %v; want %+v", name, mean, fixed, want)
		}
	}
}
