package volume

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"pacsuat/synth/draw"
)

// fit gives each recipe its number of instances, so that a modality has the mean
// that the profile states, and holds what recipes say against the profile.
func (r *reader) fit(entries []pair, p *Profile) {
	usedIn := map[string]string{}
	for i := range p.modalities {
		m := &p.modalities[i]
		path := join("modalities", m.name)
		known := true
		for _, e := range m.recipes {
			at := join(join(path, "recipes"), clip(e.name))
			dicom, ok := p.catalogue.Modality(e.name)
			switch other := claims(p.modalities, dicom); {
			case !ok:
				r.add(e.line, at, "no recipe is named %q%s", clip(e.name), suggest(e.name, shippedRecipes(p.catalogue)))
				known = false
			case usedIn[e.name] != "":
				r.add(e.line, at, "the recipe is in %s too; remove it from one of them", usedIn[e.name])
			case len(other) > 0 && !slices.Contains(other, m.name):
				r.add(e.line, at, "the recipe's modality is %s; move it to %s", dicom, strings.Join(other, " or "))
			}
			usedIn[e.name] = m.name
		}
		if known {
			r.fitImages(m, p.catalogue, path, entries[i].value)
		}
	}
}

// claims returns the modalities of the profile that name one of the DICOM
// modalities: CR/DX claims CR and DX, and PT/CT is claimed by NM/PT and by CT.
func claims(all []modality, dicom string) []string {
	var out []string
	for _, m := range all {
		for _, one := range strings.Split(m.name, "/") {
			if slices.Contains(strings.FieldsFunc(dicom, func(r rune) bool { return r == '/' || r == '\\' }), one) {
				out = append(out, m.name)
				break
			}
		}
	}
	return out
}

// Most that the recipes of a fixed structure may deviate from the stated mean.
const fixedTolerance = 0.05

// fitImages scales the recipes that are not of a fixed structure so that the
// weighted mean is the stated one.
func (r *reader) fitImages(m *modality, c Catalogue, path string, n *yaml.Node) {
	line := m.line(n)
	path = join(path, "instances_per_study")
	r.p95(m.spread, path, line)
	means := make([]int, len(m.recipes))
	var fixed, free uint64 // weighted sums, in millionths of a per cent
	var said []string
	for i, e := range m.recipes {
		mean, exactly := c.Images(e.name)
		if mean < 1 || mean > maxImages {
			r.add(e.line, path, "recipe %q says that it has %d instances; expected 1 to %d: correct the recipe, or leave it out", e.name, mean, maxImages)
			return
		}
		means[i] = mean
		if exactly {
			m.recipes[i].images.exactly = mean
			fixed += uint64(mean) * uint64(e.weight)
			said = append(said, fmt.Sprintf("%q %d x %s %%", e.name, mean, e.weight))
		} else {
			free += uint64(mean) * uint64(e.weight)
		}
	}
	of := func(sum uint64) decimal { // in hundredths
		return decimal(sum/uint64(m.weightSum)*million + sum%uint64(m.weightSum)*100/uint64(m.weightSum)*10_000)
	}
	stated := draw.MulDiv(uint64(m.mean), uint64(m.weightSum), million)
	if free == 0 {
		if math.Abs(of(fixed).float()-m.mean.float()) > fixedTolerance*m.mean.float() {
			r.add(line, path, "%s is stated, but the fixed structures of the recipes yield %s (%s): change the shares of the recipes, or write %s",
				m.mean, of(fixed), strings.Join(said, ", "), of(fixed))
		}
		return
	}
	if fixed >= stated {
		r.add(line, path, "%s is stated, but the recipes of a fixed structure alone yield %s (%s), which leaves nothing to the others: lower their shares, or write a larger number",
			m.mean, of(fixed), strings.Join(said, ", "))
		return
	}
	for i := range m.recipes {
		if e := &m.recipes[i]; e.images.exactly == 0 {
			e.images.mean = draw.MulDiv(uint64(means[i])*draw.One, stated-fixed, free)
			r.shape(m, e, path, line)
		}
	}
}

// shape gives a recipe the modality's spread around its own mean.
func (r *reader) shape(m *modality, e *recipe, path string, line int) {
	mean := float64(e.images.mean) / draw.One
	smallest, largest := mean, mean
	switch m.spread.shape {
	case shapeEven:
		smallest, largest = mean*(1-m.spread.percent.float()/100), mean*(1+m.spread.percent.float()/100)
	case shapeLognormal:
		largest = 0
	}
	if smallest < 1 {
		r.add(line, path, "recipe %q would have %.2g instances a study, where 1 is the least: write a larger number, or narrow the spread", e.name, smallest)
		return
	}
	if largest > maxImages {
		r.add(line, path, "recipe %q would have %.0f instances a study; expected at most %d", e.name, largest, maxImages)
		return
	}
	e.images.shape, e.images.percent = m.spread.shape, m.spread.percent
	if m.spread.shape != shapeLognormal {
		return
	}
	most := m.spread.most.fixed()
	if e.images.mean > most/2 {
		r.add(line, path, "recipe %q would have %.0f instances on average; expected at most half of the most, %s: write a larger most", e.name, mean, m.spread.most)
		return
	}
	e.images.tail = draw.NewLognormal(e.images.mean, sigmaOf(m.spread.median), most)
}

// p95Tolerance is what "about" means beside a 95th percentile: a part of it.
const p95Tolerance = 0.1

// p95 holds the 95th percentile that a spread states against the one that its
// median leads to.
func (r *reader) p95(s spread, path string, line int) {
	if s.shape != shapeLognormal || s.p95 == 0 {
		return
	}
	const z95 = 1.6448536269514722
	p95 := s.median.float() * math.Exp2(z95*float64(sigmaOf(s.median))/draw.One)
	if stated := s.p95.float(); math.Abs(p95-stated) > p95Tolerance*stated {
		r.add(line, path, "the spread states that 95 %% of studies have less than %s of the mean, but with a median of %s that is %.3g: write p95: %.3g, or another median",
			s.p95, s.median, p95, p95)
	}
}

// line returns the line of a modality's instances_per_study.
func (m *modality) line(n *yaml.Node) int {
	n = plain(n)
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == "instances_per_study" {
			return n.Content[i].Line
		}
	}
	return n.Line
}

// shippedRecipes returns the names of those recipes of the shipped profile that
// there are, to suggest from.
func shippedRecipes(c Catalogue) []string {
	var p struct {
		Modalities map[string]struct {
			Recipes struct {
				Value map[string]float64
			}
		}
	}
	if yaml.Unmarshal(shipped, &p) != nil {
		return nil
	}
	var names []string
	for _, m := range p.Modalities {
		for name := range m.Recipes.Value {
			if _, ok := c.Modality(name); ok {
				names = append(names, name)
			}
		}
	}
	slices.Sort(names)
	return names
}
