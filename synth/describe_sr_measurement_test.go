package synth

import (
	"fmt"
	"math"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// mismeasured says which numbers of a document are not those of the coordinates
// beside them on the image that they are selected from.
func mismeasured(t *testing.T, s *Study, set *dataset.Set) []string {
	t.Helper()
	images := map[string]*dataset.Set{}
	for _, in := range instances(t, s) {
		images[in.SOPInstanceUID] = headerSet(t, in)
	}
	var wrong []string
	content(set, func(valueType, concept string, item *dataset.Set) {
		if valueType != "NUM" {
			return
		}
		measured := item.Items(dataset.MeasuredValueSequence)[0]
		value, _ := measured.Float(dataset.NumericValue)
		for _, graphic := range item.Items(dataset.ContentSequence) {
			r := graphic.Items(dataset.ContentSequence)[0].Items(dataset.ReferencedSOPSequence)[0]
			image := images[r.String(dataset.ReferencedSOPInstanceUID)]
			if image == nil {
				wrong = append(wrong, "measured on no image of the study")
				continue
			}
			p := floatsOf(graphic, graphicData)
			columns, rows := imageSize(image)
			for n, v := range p {
				if limit := []int{columns, rows}[n%2]; v < 0 || v > float64(limit) {
					wrong = append(wrong, fmt.Sprintf("%v lies outside of %d x %d", p, columns, rows))
				}
			}
			across, down := 1.0, 1.0
			spacing := anywhere(image, dataset.PixelSpacing)
			if len(spacing) != 2 {
				spacing = anywhere(image, dataset.ImagerPixelSpacing)
			}
			if len(spacing) == 2 {
				fmt.Sscan(spacing[0], &down)
				fmt.Sscan(spacing[1], &across)
			}
			length := func(n int) float64 { return math.Hypot((p[n+2]-p[n])*across, (p[n+3]-p[n+1])*down) }
			want := length(0)
			if graphic.String(graphicType) == "ELLIPSE" {
				want = math.Pi / 4 * length(0) * length(4)
			}
			if math.Abs(value-want) > 0.011+want/10_000 {
				wrong = append(wrong, fmt.Sprintf("%s is %g, its coordinates say %g", concept, value, want))
			}
		}
	})
	return wrong
}

// TestMeasurements proves that the numbers of an Enhanced SR are those of its
// coordinates, and that a spoilt number is noticed.
func TestMeasurements(t *testing.T) {
	t.Parallel()
	for _, object := range []string{"CT", "CR", "MR", "US"} {
		s, set := withDocument(t, Series{Object: object}, "Enhanced SR", 7)
		for _, what := range mismeasured(t, s, set) {
			t.Errorf("%s: %s", object, what)
		}
		lengths, areas := len(numbers(set, "103339001"))+len(numbers(set, "103340004")), len(numbers(set, "131184002"))
		wantAreas, unit := 3, "mm UCUM"
		if object == "US" { // its pixels are calibrated in regions, so lengths are told in pixels
			wantAreas, unit = 0, "{pixels} UCUM"
		}
		if lengths != 6 || areas != wantAreas || units(set)["103339001"] != unit {
			t.Errorf("%s: %d lengths in %s, %d areas", object, lengths, units(set)["103339001"], areas)
		}
		spoilt := set.Clone()
		content(spoilt, func(valueType, _ string, item *dataset.Set) {
			if valueType == "NUM" {
				item.Items(dataset.MeasuredValueSequence)[0].PutString(dataset.NumericValue, "1234")
			}
		})
		if len(mismeasured(t, s, spoilt)) == 0 {
			t.Errorf("%s: spoilt numbers were not noticed", object)
		}
	}
}

// TestFrameReferences proves that what is measured on a clip is measured on one of
// its frames.
func TestFrameReferences(t *testing.T) {
	t.Parallel()
	_, set := withDocument(t, Series{Object: "US multi-frame"}, "Enhanced SR", 2)
	frames := 0
	content(set, func(valueType, _ string, item *dataset.Set) {
		if valueType == "IMAGE" && item.Items(dataset.ReferencedSOPSequence)[0].String(dataset.ReferencedFrameNumber) == "1" {
			frames++
		}
	})
	if frames != 4 { // two lengths on each clip
		t.Errorf("%d references to a frame", frames)
	}
}

func TestTenThousandths(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]int{"0.7812": 7812, "+00.781200": 7812, "-1024": -10240000, "5": 50000, " 0.5 ": 5000, "0.00009": 0} {
		if got, ok := tenThousandths(s); !ok || got != want {
			t.Errorf("%q: %d, %v, want %d", s, got, ok, want)
		}
	}
	for _, s := range []string{"", "x", "1e3", "99999999999", "--1"} {
		if got, ok := tenThousandths(s); ok {
			t.Errorf("%q was read as %d", s, got)
		}
	}
}
