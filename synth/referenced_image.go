package synth

import (
	"strconv"
	"strings"

	"pacsuat/internal/dicom/dataset"
)

// imageHeader is the header of an image that a document refers to, so that both
// say the same. It holds no Pixel Data.
func (h *header) imageHeader(r reference) *dataset.Set {
	set, err := h.study.headerOf(r.index, h.study.variant, nil)
	if err != nil {
		if h.err == nil {
			h.err = err
		}
		return dataset.New()
	}
	return set
}

// imageValues are the values of an attribute of an image: in the data set, or in
// a macro of the shared functional groups, or in that of the first frame. See
// PS3.3 C.7.6.16.1.
func imageValues(image *dataset.Set, t, macro dataset.Tag) []string {
	if values := image.Strings(t); len(values) > 0 {
		return values
	}
	for _, groups := range []dataset.Tag{dataset.SharedFunctionalGroupsSequence, dataset.PerFrameFunctionalGroupsSequence} {
		frames := image.Items(groups)
		if len(frames) == 0 {
			continue
		}
		for _, m := range frames[0].Items(macro) {
			if values := m.Strings(t); len(values) > 0 {
				return values
			}
		}
	}
	return nil
}

// imageSize returns the columns and rows of an image.
func imageSize(image *dataset.Set) (columns, rows int) {
	c, _ := image.Uint16(dataset.Columns)
	r, _ := image.Uint16(dataset.Rows)
	return int(c), int(r)
}

// pixelSpacing returns the distance of rows and that of columns in 1/10000 mm: in
// the patient, or else at the detector.
func pixelSpacing(image *dataset.Set) (down, across int, ok bool) {
	values := imageValues(image, dataset.PixelSpacing, dataset.PixelMeasuresSequence)
	if len(values) != 2 {
		values = image.Strings(dataset.ImagerPixelSpacing)
	}
	if len(values) != 2 {
		return 0, 0, false
	}
	down, okDown := tenThousandths(values[0])
	across, okAcross := tenThousandths(values[1])
	return down, across, okDown && okAcross && down > 0 && across > 0
}

// tenThousandths reads a DS without exponent in units of 1/10000, cut there; it
// reports false for what is longer than 31 bits.
func tenThousandths(s string) (int, bool) {
	s = strings.TrimSpace(s)
	digits, negative := strings.CutPrefix(s, "-")
	whole, part, _ := strings.Cut(strings.TrimPrefix(digits, "+"), ".")
	part = (part + "0000")[:4]
	n, err := strconv.ParseUint(whole+part, 10, 31)
	if err != nil || s == "" {
		return 0, false
	}
	if negative {
		return -int(n), true
	}
	return int(n), true
}
