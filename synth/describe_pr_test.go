package synth

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// floatsOf returns the values of an FL.
func floatsOf(s *dataset.Set, t dataset.Tag) []float64 {
	e, ok := s.Get(t)
	if !ok {
		return nil
	}
	var out []float64
	for at := 0; at+4 <= len(e.Value); at += 4 {
		out = append(out, float64(math.Float32frombits(binary.LittleEndian.Uint32(e.Value[at:]))))
	}
	return out
}

// longsOf returns the values of an SL.
func longsOf(s *dataset.Set, t dataset.Tag) []int {
	e, ok := s.Get(t)
	if !ok {
		return nil
	}
	var out []int
	for at := 0; at+4 <= len(e.Value); at += 4 {
		out = append(out, int(int32(binary.LittleEndian.Uint32(e.Value[at:]))))
	}
	return out
}

// unfit says what of a presentation state does not fit the images that it is of.
func unfit(t *testing.T, s *Study, set *dataset.Set) []string {
	t.Helper()
	var wrong []string
	images := map[string]*dataset.Set{}
	for _, in := range instances(t, s) {
		images[in.SOPInstanceUID] = headerSet(t, in)
	}
	var shown []string
	for _, se := range set.Items(dataset.ReferencedSeriesSequence) {
		for _, r := range se.Items(dataset.ReferencedImageSequence) {
			uid := r.String(dataset.ReferencedSOPInstanceUID)
			image := images[uid]
			if image == nil || image.String(dataset.SeriesInstanceUID) != se.String(dataset.SeriesInstanceUID) {
				wrong = append(wrong, uid+" is no image of that series")
				continue
			}
			shown = append(shown, uid)
			for _, tag := range []dataset.Tag{dataset.RescaleIntercept, dataset.RescaleSlope} {
				if !slices.Equal(set.Strings(tag), anywhere(image, tag)) {
					wrong = append(wrong, tag.Keyword()+" is not that of the images")
				}
			}
		}
	}
	slices.Sort(shown)
	for _, sequence := range []dataset.Tag{dataset.DisplayedAreaSelectionSequence, dataset.GraphicAnnotationSequence} {
		var of []string
		for _, item := range set.Items(sequence) {
			for _, r := range item.Items(dataset.ReferencedImageSequence) {
				uid := r.String(dataset.ReferencedSOPInstanceUID)
				of = append(of, uid)
				if image := images[uid]; image != nil {
					wrong = append(wrong, outside(image, item)...)
				}
			}
		}
		slices.Sort(of)
		if len(of) == 0 || !slices.Equal(of, shown) {
			wrong = append(wrong, sequence.Keyword()+" is of other images than the relationship names")
		}
	}
	return wrong
}

// outside says what of a displayed area or an annotation lies outside of an image.
func outside(image, item *dataset.Set) []string {
	columns, rows := imageSize(image)
	var wrong []string
	if corner := longsOf(item, displayedAreaBottomRight); corner != nil && !slices.Equal(corner, []int{columns, rows}) {
		wrong = append(wrong, "the displayed area is not the whole picture")
	}
	for _, g := range item.Items(graphicObjectSequence) {
		p := floatsOf(g, graphicData)
		if len(p) != 8 || g.String(graphicType) != "ELLIPSE" {
			wrong = append(wrong, "no ellipse of four points")
			continue
		}
		for n, v := range p {
			if limit := []int{columns, rows}[n%2]; v < 0 || v > float64(limit) {
				wrong = append(wrong, "the ellipse lies outside of the picture")
			}
		}
		if math.Hypot(p[2]-p[0], p[3]-p[1]) < math.Hypot(p[6]-p[4], p[7]-p[5]) {
			wrong = append(wrong, "the minor axis comes first (PS3.3 C.10.5.1.2)")
		}
	}
	return wrong
}

// TestPresentation proves that a presentation state fits the images that it is of:
// the area, the graphics, the Modality LUT, a window of its own.
func TestPresentation(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		images Series
		traits []Trait
		shape  string
	}{
		{Series{Object: "CT"}, nil, "IDENTITY"},
		{Series{Object: "CT", Signed: true, StoredBits: 12}, nil, "IDENTITY"},
		{Series{Object: "MR"}, nil, "IDENTITY"},
		{Series{Object: "CR"}, nil, "IDENTITY"},
		{Series{Object: "CR"}, []Trait{Monochrome1}, "INVERSE"},
		{Series{Object: "DX"}, []Trait{Monochrome1}, "INVERSE"},
	} {
		s, set := withDocument(t, c.images, "Grayscale Presentation State", 5, c.traits...)
		for _, what := range unfit(t, s, set) {
			t.Errorf("%s, %v: %s", c.images.Object, c.traits, what)
		}
		if got := set.String(dataset.PresentationLUTShape); got != c.shape {
			t.Errorf("%s, %v: shape %s, want %s", c.images.Object, c.traits, got, c.shape)
		}
		in, err := s.Instance(0)
		if err != nil {
			t.Fatal(err)
		}
		voi := set.Items(dataset.SoftcopyVOILUTSequence)
		if len(voi) != 1 || voi[0].String(dataset.WindowWidth) == headerSet(t, in).String(dataset.WindowWidth) {
			t.Errorf("%s: the window is that of the image, so it would not show", c.images.Object)
		}
		if set.Has(0x00700041) || set.Has(0x00700042) {
			t.Errorf("%s: it flips or rotates", c.images.Object)
		}
		spoilt := set.Clone()
		for _, item := range spoilt.Items(dataset.DisplayedAreaSelectionSequence) {
			item.PutUint32(displayedAreaBottomRight, 9, 9)
		}
		spoilt.PutString(dataset.RescaleIntercept, "17")
		if len(unfit(t, s, spoilt)) < 2 {
			t.Errorf("%s: a spoilt state was not noticed", c.images.Object)
		}
	}
}
