package synth

import (
	"fmt"
	"strings"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// describeMeasurements makes an Enhanced SR document by TID 2000 with linear and
// area measurements, PS3.3 A.35.2, PS3.16 TID 1400 and 1401. In a study with
// images each lesion is measured on one of them: the numbers are those of the
// coordinates and of the image's pixel spacing.
func describeMeasurements(h *header) {
	images := h.references(measuredImages)
	d := h.draw(drawText)
	var findings []*dataset.Set
	for n := range measuredImages {
		switch {
		case n < len(images):
			findings = append(findings, h.measuredOn(d, images[n], n)...)
		case len(images) == 0:
			findings = append(findings, h.measuredAlone(d, n)...)
		}
	}
	tree := append([]*dataset.Set{english()}, h.radiologist()...)
	tree = append(tree, h.procedureReported(),
		section("121070", "Findings", findings...),
		section("121076", "Conclusions",
			textItem("121077", "Conclusion", fmt.Sprintf("SYNTHETIC REPORT, NOT A PATIENT. %s", responses[d.Below(len(responses))])),
			textItem("121077", "Conclusion", fmt.Sprintf("Content %016X.", d.Uint64()))))
	h.srDocument(reportTitle(), "2000", images, tree...)
}

// measuredImages is how many lesions, each on an image of its own, are measured.
const measuredImages = 3

var responses = []string{
	"Target lesions as measured, no earlier study at hand.",
	"Target lesions unchanged from the last examination.",
	"Target lesions larger than at the last examination.",
	"Target lesions smaller than at the last examination.",
}

// Units of lengths and areas, PS3.16 CID 7460 and 7461.
var (
	unitMM     = unit{"mm", "millimeter"}
	unitMM2    = unit{"mm2", "Square millimeter"}
	unitPixels = unit{"{pixels}", "pixels"}
)

// What is measured, PS3.16 CID 7470 and 7471.
func longAxis() *dataset.Set  { return code("103339001", "SCT", "Long Axis") }
func shortAxis() *dataset.Set { return code("103340004", "SCT", "Short Axis") }
func area() *dataset.Set      { return code("131184002", "SCT", "Area of defined region") }
func path() *dataset.Set      { return code("121055", "DCM", "Path") }

// measuredAlone is a lesion of which only the numbers are told.
func (h *header) measuredAlone(d *draw.Stream, n int) []*dataset.Set {
	long := d.Between(800, 6000)
	short := long * d.Between(50, 95) / 100
	return []*dataset.Set{
		textItem("121071", "Finding", fmt.Sprintf("Lesion %d: %s x %s mm.", n+1, millimetres(long), millimetres(short))),
		h.numItem(longAxis(), millimetres(long), unitMM),
		h.numItem(shortAxis(), millimetres(short), unitMM),
	}
}

// measuredOn is a lesion in the middle of an image: an ellipse whose axes lie
// along rows and columns, in whole pixels.
func (h *header) measuredOn(d *draw.Stream, r reference, n int) []*dataset.Set {
	image := h.imageHeader(r)
	columns, rows := imageSize(image)
	wide := max(2, columns*d.Between(8, 16)/100&^1)
	high := max(2, min(columns*d.Between(4, 8)/100, rows/2)&^1)
	x, y := columns*d.Between(35, 65)/100, rows*d.Between(35, 65)/100
	left, right, top, bottom := x-wide/2, x+wide/2, y-high/2, y+high/2

	long, short, in := fmt.Sprint(wide), fmt.Sprint(high), unitPixels
	down, across, ok := pixelSpacing(image)
	if ok {
		long, short, in = millimetres(wide*across/100), millimetres(high*down/100), unitMM
	}
	items := []*dataset.Set{
		textItem("121071", "Finding", fmt.Sprintf("Lesion %d: %s x %s %s.", n+1, long, short, strings.Trim(in.symbol, "{}"))),
		holding(h.numItem(longAxis(), long, in), graphicItem(path(), "POLYLINE", []int{left, y, right, y}, r)),
		holding(h.numItem(shortAxis(), short, in), graphicItem(path(), "POLYLINE", []int{x, top, x, bottom}, r)),
	}
	if !ok {
		return items
	}
	ellipse := graphicItem(path(), "ELLIPSE", []int{left, y, right, y, x, top, x, bottom}, r)
	return append(items, holding(h.numItem(area(), millimetres(ellipseArea(wide*across, high*down)), unitMM2), ellipse))
}

// ellipseArea is that of an ellipse with axes in 1/10000 mm, in 1/100 mm².
func ellipseArea(long, short int) int {
	return int(int64(long) * int64(short) / 1_000_000 * 7854 / 10_000)
}
