package synth

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// captureProblems says what is wrong with a multi-frame secondary capture of so
// many frames, PS3.3 C.8.6.3 and C.8.6.4.
func captureProblems(s *dataset.Set, frames int) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	pointed := pointers(s)
	switch {
	case frames == 1:
		if s.Has(dataset.FrameIncrementPointer) {
			bad("one frame has the pointer %v", pointed)
		}
	case slices.Equal(pointed, []dataset.Tag{dataset.FrameTime}):
		if ms, ok := s.Float(dataset.FrameTime); !ok || ms <= 0 {
			bad("a frame time of %g ms", ms)
		}
	case slices.Equal(pointed, []dataset.Tag{pageNumberVector}):
		pages := s.Strings(pageNumberVector)
		if len(pages) != frames {
			bad("%d page numbers for %d frames", len(pages), frames)
		}
		for k, page := range pages {
			if page != fmt.Sprint(k+1) {
				bad("page %s in place %d", page, k+1)
			}
		}
	default:
		bad("Frame Increment Pointer %v", pointed)
	}
	if s.String(dataset.BurnedInAnnotation) != "NO" {
		bad("Burned In Annotation %q", s.String(dataset.BurnedInAnnotation))
	}
	grey := s.String(dataset.PhotometricInterpretation) == "MONOCHROME2"
	identity := s.String(dataset.RescaleIntercept) == "0" && s.String(dataset.RescaleSlope) == "1" && s.String(dataset.RescaleType) == "US" && s.String(dataset.PresentationLUTShape) == "IDENTITY"
	if grey != identity || !grey && (s.Has(dataset.PresentationLUTShape) || s.Has(dataset.RescaleIntercept)) {
		bad("%s, rescaled by %q + %q (%s), %s", s.String(dataset.PhotometricInterpretation), s.String(dataset.RescaleSlope), s.String(dataset.RescaleIntercept), s.String(dataset.RescaleType), s.String(dataset.PresentationLUTShape))
	}
	bits, _ := s.Uint16(dataset.BitsStored)
	samples, _ := s.Uint16(dataset.SamplesPerPixel)
	switch s.String(dataset.SOPClassUID) {
	case grayscaleByteSC:
		if bits != 8 || samples != 1 {
			bad("a byte class of %d x %d bits", samples, bits)
		}
	case grayscaleWordSC:
		if bits < 9 || bits > 16 || samples != 1 {
			bad("a word class of %d x %d bits", samples, bits)
		}
	case trueColorSC:
		if bits != 8 || samples != 3 {
			bad("a colour class of %d x %d bits", samples, bits)
		}
	default:
		bad("class %s", s.String(dataset.SOPClassUID))
	}
	return out
}

// TestSecondaryCapture holds the multi-frame classes for one frame, for several,
// and for as many as a vector has no room for.
func TestSecondaryCapture(t *testing.T) {
	t.Parallel()
	r := mustRecipe(t, "SC multi-frame")
	for at := range r.Series {
		for _, frames := range []int{1, 2, 7, mostPages, mostPages + 1} {
			one := r
			one.Series = []Series{r.Series[at]}
			one.Series[0].Images = 0
			one.Series[0].Matrix, one.Series[0].Frames = Matrix{64, 64}, Range{frames, frames}
			s := mustStudy(t, StudyRequest{Recipe: one, Images: 1, AsOf: testDate, Identity: testIdentity})
			set, err := s.headerOf(0, 0, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range captureProblems(set, frames) {
				t.Errorf("%s of %d frames: %s", one.Series[0].Object, frames, p)
			}
			if e, ok := set.Get(pageNumberVector); ok && len(e.Value) > 65534 {
				t.Errorf("%d frames: a vector of %d bytes", frames, len(e.Value))
			}
		}
	}
}

func TestCaptureProblemsAreSeen(t *testing.T) {
	t.Parallel()
	s := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, "SC multi-frame")), AsOf: testDate, Identity: testIdentity})
	for name, spoil := range map[string]func(*dataset.Set){
		"a rescale":     func(s *dataset.Set) { s.PutString(dataset.RescaleIntercept, "-1") },
		"a shape":       func(s *dataset.Set) { s.PutString(dataset.PresentationLUTShape, "INVERSE") },
		"no pointer":    func(s *dataset.Set) { s.Delete(dataset.FrameIncrementPointer) },
		"another class": func(s *dataset.Set) { s.PutString(dataset.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7.1") },
		"bits":          func(s *dataset.Set) { s.PutUint16(dataset.BitsStored, 7) },
		"an annotation": func(s *dataset.Set) { s.PutString(dataset.BurnedInAnnotation, "YES") },
		"pages": func(s *dataset.Set) {
			s.PutTags(dataset.FrameIncrementPointer, pageNumberVector)
			s.PutString(pageNumberVector, "1")
		},
	} {
		for _, in := range instances(t, s) {
			set := headerSet(t, in)
			spoil(set)
			if len(captureProblems(set, in.Frames)) == 0 {
				t.Errorf("%s of instance %d: not seen", name, in.Index)
			}
		}
	}
}

// TestSecondaryCaptureRefuses proves that a class takes only its own pictures.
func TestSecondaryCaptureRefuses(t *testing.T) {
	t.Parallel()
	r := mustRecipe(t, "SC multi-frame")
	grey, wide, colour := r.Series[0], r.Series[1], r.Series[2]
	as := func(s Series, object string, change func(*Series)) Recipe {
		one := r
		s.Object, s.Images = object, 0
		if change != nil {
			change(&s)
		}
		one.Series = []Series{s}
		return one
	}
	for name, c := range map[string]struct {
		r    Recipe
		want string
	}{
		"colour as bytes":   {as(colour, grey.Object, nil), "A.8.3.4"},
		"colour as words":   {as(colour, wide.Object, nil), "A.8.4.4"},
		"grey as colour":    {as(grey, colour.Object, nil), "A.8.5.4"},
		"words as bytes":    {as(wide, grey.Object, func(s *Series) { s.StoredBits = 12 }), "A.8.3.4"},
		"bytes as words":    {as(grey, wide.Object, func(s *Series) { s.StoredBits = 8 }), "A.8.4.4"},
		"signed words":      {as(wide, wide.Object, func(s *Series) { s.Signed = true }), "unsigned"},
		"inverted":          {as(grey, grey.Object, func(s *Series) { s.Photometric = "MONOCHROME1" }), "MONOCHROME2"},
		"a palette":         {as(grey, grey.Object, func(s *Series) { s.Photometric = "PALETTE COLOR" }), "MONOCHROME2"},
		"grey as shipped":   {as(grey, grey.Object, nil), ""},
		"words as shipped":  {as(wide, wide.Object, nil), ""},
		"colour as shipped": {as(colour, colour.Object, nil), ""},
	} {
		got := refusal(t, c.r, "")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
