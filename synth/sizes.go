package synth

import (
	"fmt"
	"strings"
)

// Sizes knows how large studies of recipes are, without making any: what a model
// of volume asks for, hundreds of thousands of times. It is immutable.
type Sizes struct{ recipes map[string]*sizes }

// sizes is of one recipe.
type sizes struct {
	recipe Recipe
	each   []int64 // mean bytes of an instance of each series
}

// NewSizes measures the recipes in explicit VR little endian. It makes a few
// headers of each and no picture. The error says which recipe cannot be made.
func NewSizes(recipes []Recipe) (*Sizes, error) {
	out := &Sizes{recipes: map[string]*sizes{}}
	identity := NewIdentity("", "size", "", 0, Fence{})
	for _, r := range recipes {
		s, err := NewStudy(StudyRequest{Recipe: r, Images: max(r.Images.Mean, r.fixed(r.byObject())), Date: "20000101", Identity: identity})
		if err != nil {
			return nil, fmt.Errorf("synth: the size of %q: %w", r.Name, err)
		}
		one := &sizes{recipe: r, each: make([]int64, len(r.Series))}
		for _, se := range s.series {
			mean := *se
			mean.Frames = Range{mean.Frames.mean(), mean.Frames.mean()}
			if one.each[se.index], err = s.with(&mean).sizeOf(&mean, se.made/2); err != nil {
				return nil, fmt.Errorf("synth: the size of %q: %w", r.Name, err)
			}
		}
		out.recipes[strings.ToLower(r.Name)] = one
	}
	return out, nil
}

// with returns the study with another form of one of its series.
func (s *Study) with(se *series) *Study {
	other := *s
	other.series = append([]*series(nil), s.series...)
	other.series[se.index] = se
	return &other
}

// Modality returns that of the recipe's first series, false if there is no
// recipe of that name.
func (s *Sizes) Modality(recipe string) (string, bool) {
	one, ok := s.recipes[strings.ToLower(recipe)]
	if !ok {
		return "", false
	}
	return one.recipe.Modalities()[0], true
}

// Images returns the realistic number of instances of a study, and whether each
// study has exactly as many; otherwise it is a mean. It is 0 if there is no such
// recipe.
func (s *Sizes) Images(recipe string) (mean int, fixed bool) {
	one, ok := s.recipes[strings.ToLower(recipe)]
	if !ok {
		return 0, false
	}
	return one.recipe.Images.Mean, one.recipe.Images.Spread == Exactly
}

// Bytes returns the bytes of the data sets of a study with that many instances;
// where the number of frames varies it is what such studies have on average. It
// is 0 for what cannot be made.
func (s *Sizes) Bytes(recipe string, images int) int64 {
	one, ok := s.recipes[strings.ToLower(recipe)]
	if !ok || images < 1 {
		return 0
	}
	which, counts, err := one.recipe.division(images, 0)
	if err != nil {
		return 0
	}
	total := int64(0)
	for k, at := range which {
		total += int64(counts[k]) * one.each[at]
	}
	return total
}

// Bytes returns the length of all data sets of the study together, without
// making the pictures of native ones. It is exact but for headers whose texts
// change their length from instance to instance, and for deflated data sets, by
// less than 1 %.
func (s *Study) Bytes() (int64, error) {
	total := int64(0)
	for _, se := range s.series {
		n, err := se.bytes(s, se.made+se.late)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// bytes is the length of n instances of the series. Their pictures come again
// after a period, and with them the sizes.
func (se *series) bytes(s *Study, n int) (int64, error) {
	period := min(n, se.period())
	whole := *s
	whole.crop = span{}
	one, rest := int64(0), int64(0) // of a period, and of what is over
	for k := range period {
		b, err := whole.sizeOf(se, k)
		if err != nil {
			return 0, err
		}
		one += b
		if k < n%period {
			rest += b
		}
	}
	total := one*int64(n/max(1, period)) + rest
	for i := s.crop.from; i < s.crop.to; i++ {
		k := i - se.first
		if k < 0 || k >= se.made {
			continue
		}
		full, err := whole.sizeOf(se, k)
		if err != nil {
			return 0, err
		}
		cropped, err := s.sizeOf(se, k)
		if err != nil {
			return 0, err
		}
		total += cropped - full
	}
	return total, nil
}

// period is after how many instances of the series their pictures come again. Where
// the number of frames varies there is none, and of objects that are described
// anew each time a few dozen are taken for all: their texts differ.
func (se *series) period() int {
	const texts = 64
	switch n := se.Distinct; {
	case se.Frames.From != se.Frames.To:
		return maxImages
	case se.object.pixels == noPixels:
		return texts
	case !se.ts.IsEncapsulated() && !se.ts.IsDeflated() && se.object.instance != nil:
		return 1
	case se.object.volume:
		return max(1, 2*(n-1))
	default:
		return max(texts, n*len(se.views))
	}
}

// sizeOf returns the length of the data set of the instance at a place of its
// series, without painting native frames.
func (s *Study) sizeOf(se *series, number int) (int64, error) {
	i := se.first + number
	if number >= se.made {
		i = s.made() + number - se.made
	}
	if se.ts.IsDeflated() {
		in, err := s.instance(i, s.variant)
		if err != nil {
			return 0, err
		}
		return in.Size(), nil
	}
	var fs *fragments
	pixel := int64(0)
	switch {
	case se.object.pixels == noPixels:
	case se.ts.IsEncapsulated():
		in := &Instance{Index: i, study: s, variant: s.variant}
		var err error
		if fs, err = in.fragments(); err != nil {
			return 0, err
		}
		pixel = int64(len(fs.appendHead(nil, isVideo(se.ts)))) + int64(fs.total) + int64(len(sequenceEnd))
	default:
		m := s.matrix(se, number)
		pixel = int64(m.Columns) * int64(m.Rows) * int64(se.samples*se.allocated/8) * int64(s.frameCount(se, number))
		pixel += pixel%2 + int64(len(se.appendPixelElement(nil, 0)))
	}
	set, err := s.headerOf(i, s.variant, fs)
	if err != nil {
		return 0, err
	}
	b, err := set.Append(nil, se.ts)
	return int64(len(b)) + pixel, err
}

// Size returns how many instances a study of a recipe has and how many bytes
// their data sets take in explicit VR little endian, within 1 %. With 0 images
// it is the recipe's realistic number. It makes some headers and no picture.
func Size(r Recipe, images int) (instances int, bytes int64) {
	if images <= 0 {
		images = r.Images.Mean
	}
	s, err := NewStudy(StudyRequest{
		Recipe: r, Images: images, Date: "20000101", Series: min(images, r.LeastSeries()),
		Identity: NewIdentity("", "size", "", 0, Fence{}),
	})
	if err != nil {
		return 0, 0 // a recipe that cannot be made has no size
	}
	bytes, err = s.Bytes()
	if err != nil {
		return 0, 0
	}
	return images, bytes
}
