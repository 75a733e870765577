package synth

import (
	"fmt"
	"sync"

	"pacsuat/internal/dicom/dataset"
)

// pattern is the header that the instances of one series have in common, encoded
// once. An instance's own header is the pattern with the elements that
// header.instance puts filled in: the same to the byte, and made several times
// as quickly as by describing each instance anew.
type pattern struct {
	once     sync.Once
	template *dataset.Template // nil: the series has no pattern
	slots    []dataset.Tag     // of the template
	size     int               // bytes of one header
}

// headerRoom is for values that are longer than those that a pattern was made
// from, and for the header of the Pixel Data.
const headerRoom = 96

// encodedHeader returns the data set of instance i without Pixel Data, encoded,
// with some room behind it.
func (s *Study) encodedHeader(i, variant int, encoded *fragments) ([]byte, error) {
	if variant == 0 {
		if b, ok := s.patterned(i, encoded); ok {
			return b, nil
		}
	}
	set, err := s.headerOf(i, variant, encoded)
	if err != nil {
		return nil, err
	}
	if encoded != nil && encoded.extended() {
		encoded.extendedTable(set)
	}
	se, _ := s.place(i)
	ts := se.ts
	if ts.IsDeflated() { // deflated as a whole, with the pixels
		ts = dataset.ExplicitVRLittleEndian
	}
	b, err := set.Append(nil, ts)
	if err != nil {
		return nil, fmt.Errorf("synth: encode the header of %q: %w", s.Recipe.Name, err)
	}
	return b, nil
}

// patterned is encodedHeader by the pattern of the series, false where there is
// none or this instance has other elements.
func (s *Study) patterned(i int, encoded *fragments) ([]byte, bool) {
	h := s.emptyHeader(i, 0)
	p := h.series.pattern
	if p == nil || s.crop.has(i) || h.series.lossyMethod != "" || encoded != nil && encoded.extended() {
		return nil, false
	}
	p.once.Do(func() { p.make(s, i) })
	h.instance()
	if p.template == nil || h.Len() != len(p.slots) {
		return nil, false
	}
	values := make([]string, 0, len(p.slots))
	for e := range h.All() {
		if e.Tag != p.slots[len(values)] {
			return nil, false
		}
		values = append(values, string(e.Value))
	}
	b, err := p.template.AppendTo(make([]byte, 0, p.size+headerRoom), values...)
	return b, err == nil
}

// make makes the pattern from instance i. What cannot be made leaves the series
// without one: headerOf tells why.
func (p *pattern) make(s *Study, i int) {
	set, err := s.headerOf(i, 0, nil)
	if err != nil {
		return
	}
	own := s.emptyHeader(i, 0)
	own.instance()
	for e := range own.All() {
		p.slots = append(p.slots, e.Tag)
	}
	se, _ := s.place(i)
	t, err := dataset.NewTemplate(set, se.ts, p.slots...)
	if err != nil {
		return
	}
	b, err := set.Append(nil, se.ts)
	if err != nil {
		return
	}
	p.template, p.size = t, len(b)
}
