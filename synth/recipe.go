package synth

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"

	"pacsuat/synth/draw"
)

// Recipe says what one kind of study is made of: its series, and of each the
// object (IOD), the picture, the matrix. The shipped ones are in the folder
// recipes, as YAML that may be copied and changed; see Load. A Recipe is not
// changed by this package; NewStudy checks it.
type Recipe struct {
	Name        string `yaml:"name"`        // as features write it: "CT chest"
	Description string `yaml:"description"` // Study Description
	BodyPart    string `yaml:"body_part"`   // Body Part Examined, a term of PS3.16 Annex L
	Laterality  string `yaml:"laterality"`  // R or L where the body part is paired, else empty
	Sex         string `yaml:"sex"`         // M or F where only such patients have it, else empty
	Images      Count  `yaml:"images"`      // how many instances a realistic study has

	// Traits that every study of the recipe has, besides those of its request.
	Traits []Trait `yaml:"traits"`

	Series []Series `yaml:"series"` // in the order in which a modality sends them

	line int // in its file; 0 for one made in Go
}

// Count is how many instances studies of a recipe have.
type Count struct {
	Mean   int
	Spread Spread
	Most   int // of a lognormal spread; 0: no more than maxImages
}

// Spread is how numbers of instances vary from study to study around their mean.
type Spread string

const (
	// Exactly: each study has the mean, as its structure says.
	Exactly Spread = ""

	// Lognormal: a heavy tail. The median is 0.6 of the mean, the 95th percentile
	// about 3 times it.
	Lognormal Spread = "lognormal"

	// Even: anything from 30 % less than the mean to 30 % more, each as often.
	Even Spread = "even"
)

// evenPercent is how far an even spread goes from the mean.
const evenPercent = 30

// Series is one series of a recipe. What is left out is the object's own.
type Series struct {
	Object      string   `yaml:"object"`      // the IOD, by its name in Objects
	Description string   `yaml:"description"` // Series Description
	Modality    string   `yaml:"modality"`    // default: the object's
	Images      int      `yaml:"images"`      // exactly so many instances; 0: a share of the others
	Weight      int      `yaml:"weight"`      // of that share, default 1
	Phantom     string   `yaml:"phantom"`     // what the pictures show, by its name in package phantom
	Views       []string `yaml:"views"`       // of the phantom, one an instance in turn; default all
	Matrix      Matrix   `yaml:"matrix"`
	Frames      Range    `yaml:"frames"`      // of a multi-frame instance
	StoredBits  int      `yaml:"stored_bits"` // Bits Stored; default the phantom's
	Signed      bool     `yaml:"signed"`      // Pixel Representation 1
	Photometric string   `yaml:"photometric"` // MONOCHROME1 or PALETTE COLOR, where they are wanted

	// Distinct is how many different pictures of each view there are; further
	// instances or frames share them and differ in their stamps. Default 1.
	Distinct int `yaml:"distinct"`

	FieldMM    float64 `yaml:"field_mm"`    // width of the picture in the patient
	SpacingMM  float64 `yaml:"spacing_mm"`  // from slice to slice
	IntervalMS int     `yaml:"interval_ms"` // from one instance to the next

	// Attributes by their keyword replace what the object puts, or add to it:
	// values of the data set itself, several separated by a backslash. Identities
	// and the pixel module are refused.
	Attributes map[string]string `yaml:"attributes"`

	line int
}

// Matrix is the size of a picture in pixels, written 512x640: columns by rows.
type Matrix struct{ Columns, Rows int }

// String returns the matrix as recipes write it.
func (m Matrix) String() string { return fmt.Sprintf("%dx%d", m.Columns, m.Rows) }

// Range is a number from From to To, both inclusive; each is drawn as often.
type Range struct{ From, To int }

func (r Range) mean() int { return (r.From + r.To) / 2 }

// RecipeNamed returns the shipped recipe of that name, ignoring case. The error
// of an unknown name lists the names and says which one may have been meant.
func RecipeNamed(name string) (Recipe, error) { return Named(Recipes(), name) }

// Named returns the recipe of that name among those, ignoring case.
func Named(recipes []Recipe, name string) (Recipe, error) {
	names := make([]string, len(recipes))
	for i, r := range recipes {
		if strings.EqualFold(r.Name, strings.TrimSpace(name)) {
			return r, nil
		}
		names[i] = r.Name
	}
	return Recipe{}, fmt.Errorf("synth: no recipe is named %q%s", name, meant(name, names))
}

// meant says which of the names may have been meant, and lists them.
func meant(name string, names []string) string {
	quoted := make([]string, len(names))
	best, distance := "", 1<<30
	for i, n := range names {
		quoted[i] = fmt.Sprintf("%q", n)
		if d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(n)); d < distance {
			best, distance = n, d
		}
	}
	hint := ""
	if best != "" && distance <= max(3, len(name)/2) {
		hint = fmt.Sprintf(", did you mean %q?", best)
	}
	return fmt.Sprintf("%s (there are %s)", hint, strings.Join(quoted, ", "))
}

// HasPixels says whether instances of the recipe carry Pixel Data.
func (r Recipe) HasPixels() bool {
	return slices.ContainsFunc(r.Series, func(s Series) bool { o, ok := objectNamed(s.Object); return ok && o.pixels != noPixels })
}

// LeastSeries is how many series a study has when each object of the recipe is
// in it once.
func (r Recipe) LeastSeries() int {
	seen := map[string]bool{}
	for _, s := range r.Series {
		seen[s.Object] = true
	}
	return len(seen)
}

// Modalities returns the modalities of the recipe, each once, in the order of
// its series.
func (r Recipe) Modalities() []string {
	var out []string
	for _, s := range r.Series {
		m := s.Modality
		if o, ok := objectNamed(s.Object); ok && m == "" {
			m = o.modality
		}
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

// Acceptance returns the shipped recipe of that name as acceptance scenarios use
// it: reduced so that no native instance exceeds 1 MiB of pixels. They judge
// whether objects are kept whole, which does not depend on their size, on several
// systems at once on a laptop. CT and MR have their real matrix all the same.
func Acceptance(name string) (Recipe, error) {
	r, err := RecipeNamed(name)
	return r.Reduced(1 << 20), err
}

// Reduced returns the recipe with its matrices made smaller, in proportion, and
// its frames fewer, so that no native instance exceeds that many bytes of pixels,
// nor has a side of fewer than 64 pixels.
func (r Recipe) Reduced(pixelBytes int64) Recipe {
	return r.resized(func(f *format) {
		// Few frames are still several; the matrix then bears the rest.
		if f.Frames.To > reducedFrames {
			f.Frames = Range{reducedFrames, reducedFrames}
		}
		for m := &f.Matrix; m.Columns > smallestSide && m.Rows > smallestSide && f.nativeBytes(f.Frames.To) > pixelBytes; {
			m.Columns, m.Rows = max(smallestSide, m.Columns*15/16&^1), max(smallestSide, m.Rows*15/16&^1)
		}
	})
}

// Within returns the recipe with no matrix that is wider or higher than so many
// pixels: for quick tests.
func (r Recipe) Within(side int) Recipe {
	return r.resized(func(f *format) {
		f.Matrix = Matrix{min(f.Matrix.Columns, side), min(f.Matrix.Rows, side)}
	})
}

// resized changes matrix and frames of each series with pixels.
func (r Recipe) resized(change func(*format)) Recipe {
	r.Series = slices.Clone(r.Series)
	for i := range r.Series {
		f, err := r.Series[i].completed()
		if err != nil || f.object.pixels == noPixels {
			continue // NewStudy says what is wrong
		}
		change(&f)
		r.Series[i].Matrix, r.Series[i].Frames = f.Matrix, f.Frames
	}
	return r
}

// reducedFrames is how many frames a reduced multi-frame instance has.
const reducedFrames = 10

// Suits says whether the recipe is for patients of that sex.
func (r Recipe) Suits(p Patient) bool { return r.Sex == "" || p.Sex == "" || r.Sex == p.Sex }

// sum names the recipe in stamps.
func (r Recipe) sum() uint32 { return crc32.Checksum([]byte(r.Name), castagnoli) }

// Limits of a recipe.
const (
	smallestSide = 64 // pixels: the stamp takes 64 samples of the first row
	largestSide  = 65535
	mostFrames   = 100_000
	mostSeries   = 1000
)

// check says everything that is wrong with the recipe, each with its line.
func (r Recipe) check() []problem {
	var out []problem
	bad := func(line int, format string, args ...any) {
		out = append(out, problem{line: line, what: fmt.Sprintf("recipe %q: ", r.Name) + fmt.Sprintf(format, args...)})
	}
	switch {
	case strings.TrimSpace(r.Name) == "":
		bad(r.line, "it has no name; write name: \"CT chest\"")
	case len(r.Series) == 0:
		bad(r.line, "it has no series; write at least one with its object")
	case len(r.Series) > mostSeries:
		bad(r.line, "%d series, at most %d are possible", len(r.Series), mostSeries)
	}
	if len([]rune(r.Description)) > 64 || !printable(r.Description) {
		bad(r.line, "description %q is not an LO: at most 64 characters, no backslash", r.Description)
	}
	if !codeString(r.BodyPart) {
		bad(r.line, "body_part %q is not a CS: capitals, digits, spaces and underscores, at most 16", r.BodyPart)
	}
	if r.Laterality != "" && r.Laterality != "R" && r.Laterality != "L" {
		bad(r.line, "laterality %q, expected R or L", r.Laterality)
	}
	if r.Sex != "" && r.Sex != "M" && r.Sex != "F" {
		bad(r.line, "sex %q, expected M or F", r.Sex)
	}
	if r.Images.Mean < 1 || r.Images.Mean > maxImages || r.Images.Most < 0 || r.Images.Most > maxImages || r.Images.Most > 0 && r.Images.Most < r.Images.Mean {
		bad(r.line, "images %d (most %d): a study has from 1 to %d, and no mean above the most", r.Images.Mean, r.Images.Most, maxImages)
	}
	if s := r.Images.Spread; s != Exactly && s != Lognormal && s != Even {
		bad(r.line, "images: spread %q, expected lognormal, even or none", string(s))
	}
	if r.Images.Most > 0 && r.Images.Spread != Lognormal {
		bad(r.line, "images: most %d cuts off a lognormal spread; remove it", r.Images.Most)
	}
	for _, t := range r.Traits {
		if !slices.Contains(Traits(), t) {
			bad(r.line, "no trait is named %q", string(t))
		}
	}
	for i, s := range r.Series {
		line := s.line
		if line == 0 {
			line = r.line
		}
		for _, what := range s.check() {
			bad(line, "series %d: %s", i+1, what)
		}
	}
	return out
}

// check says what is wrong with the series.
func (s Series) check() []string {
	full, err := s.completed()
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if len([]rune(s.Description)) > 64 || !printable(s.Description) {
		bad("description %q is not an LO: at most 64 characters, no backslash", s.Description)
	}
	if !codeString(s.Modality) {
		bad("modality %q is not a CS", s.Modality)
	}
	if s.Images < 0 || s.Images > maxImages || s.Weight < 0 || s.Weight > 1_000_000 {
		bad("images %d, weight %d: neither may be negative, nor larger than %d", s.Images, s.Weight, maxImages)
	}
	if s.IntervalMS < 0 || s.IntervalMS > 3_600_000 {
		bad("interval_ms %d, expected 0 to an hour", s.IntervalMS)
	}
	for _, keyword := range sortedKeys(s.Attributes) {
		if _, err := attributeTag(keyword); err != nil {
			bad("attributes: %v", err)
		}
	}
	if full.object.pixels == noPixels {
		return out
	}
	if m := full.Matrix; m.Columns < smallestSide || m.Rows < smallestSide || m.Columns > largestSide || m.Rows > largestSide {
		bad("matrix %s: from %d to %d columns and rows can be painted", m, smallestSide, largestSide)
	}
	if f := full.Frames; f.From < 1 || f.To < f.From || f.To > mostFrames {
		bad("frames from %d to %d: from 1 to %d are possible", f.From, f.To, mostFrames)
	} else if f.To > 1 && full.object.pixels != multiFrame {
		bad("frames: %d in one instance of %q, which has one only", f.To, s.Object)
	}
	if full.Distinct < 1 || full.Distinct > 1000 {
		bad("distinct %d, from 1 to 1000 are possible", full.Distinct)
	}
	if full.FieldMM <= 0 || full.FieldMM > 5000 || full.SpacingMM < 0 || full.SpacingMM > 1000 {
		bad("field_mm %g, spacing_mm %g: from 0 to 5000 and 1000 millimetres", full.FieldMM, full.SpacingMM)
	}
	return out
}

// maxNativeBytes is the longest value of a defined length: FFFFFFFFH means an
// undefined one, and lengths are even. See PS3.5 7.1.1.
const maxNativeBytes = 0xFFFFFFFE

// printable says whether s can be part of an LO or SH: no backslash, no control
// character.
func printable(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 0x20 || r == 0x7F || r == '\\' })
}

// codeString says whether s is a CS, or empty.
func codeString(s string) bool {
	return len(s) <= 16 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _") == ""
}

// draw draws the number of images of one study.
func (c Count) draw(s *draw.Stream) int {
	mean := uint64(c.Mean) * draw.One
	switch c.Spread {
	case Lognormal:
		most := uint64(maxImages)
		if c.Most > 0 {
			most = uint64(c.Most)
		}
		mean = draw.NewLognormal(mean, draw.LognormalSigma(6, 10), most*draw.One).Draw(s)
	case Even:
		mean = s.Around(mean, mean/100*evenPercent)
	default:
		return c.Mean
	}
	return max(1, s.Round(mean))
}
