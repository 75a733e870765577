package synth

import (
	"fmt"
	"slices"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// divide divides so many instances into so many series; 0 series means those of
// the recipe.
func (s *Study) divide(images, wanted int) error {
	which, counts, err := s.Recipe.division(images, wanted)
	if err != nil {
		return err
	}
	s.series, s.total = nil, 0
	for n, at := range which {
		f, err := s.Recipe.Series[at].completed()
		if err != nil {
			return err
		}
		s.traits.adapt(&f)
		se := &series{
			format: f, index: n, first: s.total, made: counts[n],
			uid:   s.uid("series", s.index, n),
			begin: s.start.Add(time.Duration(n) * 90 * time.Second),
		}
		if se.ts, err = se.syntax(s.TransferSyntax); err != nil {
			return fmt.Errorf("synth: recipe %q, series %d: %w", s.Recipe.Name, at+1, err)
		}
		if f.object.instance != nil && len(s.traits) == 0 && !se.ts.IsDeflated() {
			se.pattern = &pattern{}
		}
		s.series = append(s.series, se)
		s.total += counts[n]
	}
	return nil
}

// division says which series of the recipe a study of so many instances has, and
// how many instances each.
//
// As the recipe says: a series with a number of its own has that number, the
// others share the rest by their weights. A study too small for all has as many
// series as it has room for, of each object one first. Into a wanted number of
// series they are divided evenly.
func (r Recipe) division(images, wanted int) (which, counts []int, err error) {
	order := r.byObject()
	n := len(order)
	if wanted > 0 {
		n = wanted
	} else {
		n = min(n, images)
	}
	for k := range n {
		which = append(which, order[k%len(order)])
	}
	slices.Sort(which)
	for wanted == 0 && len(which) > 1 && r.fixed(which) > images {
		last := order[len(which)-1]
		which = slices.DeleteFunc(which, func(at int) bool { return at == last })
	}
	counts = make([]int, len(which))
	rest, weights := images, 0
	for k, at := range which {
		s := r.Series[at]
		if s.Images > 0 && !(len(which) == 1 || wanted > 0 && s.sharesPixels()) {
			counts[k] = s.Images
			rest -= s.Images
			continue
		}
		weights += s.weight(wanted)
	}
	if weights == 0 && rest > 0 { // all have a number of their own: the last ones take more
		return which, spread(counts, rest), nil
	}
	shared := 0
	for k, at := range which {
		if counts[k] == 0 {
			shared++
			_ = at
		}
	}
	if rest < shared {
		return nil, nil, fmt.Errorf("synth: %d images of %q cannot be divided into %d series: each has at least one, and some have a number of their own", images, r.Name, len(which))
	}
	return which, r.share(which, counts, rest, weights, wanted), nil
}

// share gives the rest to the series that have no number yet: each one, and what
// is left by weight, the largest remainders first.
func (r Recipe) share(which, counts []int, rest, weights, wanted int) []int {
	var open []int
	for k := range which {
		if counts[k] == 0 {
			open = append(open, k)
		}
	}
	type part struct{ k, remainder int }
	var parts []part
	left := rest
	for _, k := range open {
		w := r.Series[which[k]].weight(wanted)
		counts[k] = rest * w / weights
		parts = append(parts, part{k, rest * w % weights})
		left -= counts[k]
	}
	slices.SortStableFunc(parts, func(a, b part) int { return b.remainder - a.remainder })
	for i := range left {
		counts[parts[i%len(parts)].k]++
	}
	for _, k := range open { // none stays empty: the largest gives
		if counts[k] == 0 {
			largest := open[0]
			for _, o := range open {
				if counts[o] > counts[largest] {
					largest = o
				}
			}
			counts[largest]--
			counts[k]++
		}
	}
	return counts
}

// spread adds n to counts, one each in turn.
func spread(counts []int, n int) []int {
	for i := range n {
		counts[i%len(counts)]++
	}
	return counts
}

func (s Series) weight(wanted int) int {
	if wanted > 0 {
		return 1
	}
	return max(1, s.Weight)
}

func (s Series) sharesPixels() bool {
	o, ok := objectNamed(s.Object)
	return ok && o.pixels != noPixels
}

// fixed is how many instances these series need at least.
func (r Recipe) fixed(which []int) int {
	n := 0
	for _, at := range which {
		n += max(1, r.Series[at].Images)
	}
	return n
}

// byObject returns the indexes of the series, the first one of each object before
// all others.
func (r Recipe) byObject() []int {
	var first, more []int
	seen := map[string]bool{}
	for i, s := range r.Series {
		if seen[s.Object] {
			more = append(more, i)
		} else {
			first = append(first, i)
		}
		seen[s.Object] = true
	}
	return append(first, more...)
}

// place returns the series of instance i and its place there, from 0. Late
// instances belong to the last series with pixels.
func (s *Study) place(i int) (*series, int) {
	made := s.made()
	if i >= made {
		last := s.lateSeries()
		return last, last.made + i - made
	}
	at, found := slices.BinarySearchFunc(s.series, i, func(se *series, i int) int { return se.first - i })
	if !found {
		at--
	}
	return s.series[at], i - s.series[at].first
}

// made is the number of instances that are not late.
func (s *Study) made() int {
	last := s.series[len(s.series)-1]
	return last.first + last.made
}

// lateSeries is the series to which late instances are added.
func (s *Study) lateSeries() *series {
	for i := len(s.series) - 1; i >= 0; i-- {
		if s.series[i].object.pixels != noPixels {
			return s.series[i]
		}
	}
	return s.series[len(s.series)-1]
}

// Extend returns the study with n late images, as when a technologist sends
// more after the study seemed complete: the same study and series, the same
// first instances, and Len grown by n. They belong to the last series of images.
func (s *Study) Extend(n int) (*Study, error) {
	if n < 1 || s.total+n > maxImages {
		return nil, fmt.Errorf("synth: a study of %d images cannot be extended by %d (1 or more, %d in all)", s.total, n, maxImages)
	}
	later := *s
	later.total += n
	later.series = slices.Clone(s.series)
	for i, se := range later.series {
		if se == s.lateSeries() {
			grown := *se
			grown.late += n
			later.series[i] = &grown
		}
	}
	return &later, nil
}

// divideBytes finds how many instances have that many bytes together, within 1 %
// of them: whole instances, and where these do not meet it, one at the end of
// which rows are cropped.
func (s *Study) divideBytes(want int64, wanted int) error {
	low, high := max(1, wanted), maxImages
	measure := func(n int) (int64, error) {
		if err := s.divide(n, wanted); err != nil {
			return 0, err
		}
		return s.Bytes()
	}
	least, err := measure(low)
	if err != nil {
		return err
	}
	for n := low; ; n *= 2 { // an upper bound first: measuring grows with the number
		if n >= maxImages {
			break
		}
		got, err := measure(n)
		if err != nil {
			return err
		}
		if got >= want {
			high = n
			break
		}
		low = n
	}
	for low < high { // the fewest instances with at least that many bytes
		n := (low + high) / 2
		got, err := measure(n)
		if err != nil {
			return err
		}
		if got < want {
			low = n + 1
		} else {
			high = n
		}
	}
	got, err := measure(low)
	if err != nil {
		return err
	}
	if got <= want+want/100 && got >= want-want/100 {
		return nil
	}
	if got < want {
		return fmt.Errorf("synth: %q of %d bytes: %d instances, the most that a study may have, are %d bytes", s.Recipe.Name, want, maxImages, got)
	}
	return s.shrink(got, want, least)
}

// shrink takes rows off the last two images, so that the study shrinks from got to
// want bytes: off one alone it could not be by a little more than a whole one.
func (s *Study) shrink(got, want, least int64) error {
	se := s.lateSeries()
	refuse := fmt.Errorf("synth: %q of %d bytes cannot be made within 1 %%: its smallest study has %d bytes", s.Recipe.Name, want, least)
	if se.object.pixels == noPixels || se.set != nil {
		return refuse
	}
	s.crop = span{se.first + max(0, se.made-2), se.first + se.made}
	low, high := smallestSide, se.Matrix.Rows
	for low < high {
		s.rows = (low + high + 1) / 2
		now, err := s.Bytes()
		if err != nil {
			return err
		}
		if now > want {
			high = s.rows - 1
		} else {
			low = s.rows
		}
	}
	s.rows = low
	now, err := s.Bytes()
	if err != nil {
		return err
	}
	if now > want+want/100 || now < want-want/100 {
		return refuse
	}
	return nil
}

// matrix is that of an instance: its series', but for those that are cropped.
func (s *Study) matrix(se *series, number int) Matrix {
	m := se.Matrix
	if number < se.made && s.crop.has(se.first+number) {
		m.Rows = s.rows
	}
	return m
}

// syntax returns the transfer syntax of the series in a study that asks for ts,
// or says why it cannot be had.
func (f *format) syntax(ts dataset.TransferSyntax) (dataset.TransferSyntax, error) {
	if f.object.pixels == noPixels && ts.IsEncapsulated() {
		return dataset.ExplicitVRLittleEndian, nil
	}
	return ts, f.encode(ts)
}
