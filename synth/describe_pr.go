package synth

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// Tags of the presentation state modules, PS3.3 C.10.4, C.10.5 and C.11.
const (
	boundingBoxAnnotationUnits   dataset.Tag = 0x00700003
	anchorPointAnnotationUnits   dataset.Tag = 0x00700004
	graphicAnnotationUnits       dataset.Tag = 0x00700005
	unformattedTextValue         dataset.Tag = 0x00700006
	textObjectSequence           dataset.Tag = 0x00700008
	graphicObjectSequence        dataset.Tag = 0x00700009
	boundingBoxTopLeft           dataset.Tag = 0x00700010
	boundingBoxBottomRight       dataset.Tag = 0x00700011
	boundingBoxTextJustification dataset.Tag = 0x00700012
	anchorPoint                  dataset.Tag = 0x00700014
	anchorPointVisibility        dataset.Tag = 0x00700015
	graphicDimensions            dataset.Tag = 0x00700020
	numberOfGraphicPoints        dataset.Tag = 0x00700021
	graphicFilled                dataset.Tag = 0x00700024
	displayedAreaTopLeft         dataset.Tag = 0x00700052
	displayedAreaBottomRight     dataset.Tag = 0x00700053
	recommendedGrayscale         dataset.Tag = 0x00700066
	graphicLayerDescription      dataset.Tag = 0x00700068
	presentationSizeMode         dataset.Tag = 0x00700100
	presentationPixelAspectRatio dataset.Tag = 0x00700102
)

var errNoGreyImages = errors.New("a Grayscale Presentation State refers to grey images, and the study has none; give the recipe a series of them before it")

// describePresentation makes a Grayscale Softcopy Presentation State, PS3.3
// A.33.1, of images of the first grey series: another VOI window than theirs, the
// whole picture, and an ellipse with a text. It does not rotate nor flip.
func describePresentation(h *header) {
	images := h.greyImages()
	if len(images) == 0 {
		h.err = errNoGreyImages
		return
	}
	h.PutString(dataset.BodyPartExamined, h.study.Recipe.BodyPart) // of a series of images, and of this one
	if side := h.study.Recipe.Laterality; side != "" {
		h.PutString(dataset.Laterality, side)
	}
	d := h.draw(drawText)
	h.presentationIdentification(d)
	h.PutSequence(dataset.ReferencedSeriesSequence, ofOneSeries(images))
	h.PutSequence(dataset.DisplayedAreaSelectionSequence, h.displayedAreas(images)...)
	h.annotate(d, images)
	h.greyPipeline(d, images[0].header)
}

// annotatedImages is of how many images a presentation state is.
const annotatedImages = 2

// annotated is an image that is annotated.
type annotated struct {
	reference
	header        *dataset.Set
	columns, rows int
}

// greyImages returns images of the first grey series whose stored values mean the
// same: one Modality LUT serves them.
func (h *header) greyImages() []annotated {
	var grey *series
	var out []annotated
	for _, r := range h.referencesIn(annotatedImages, func(se *series) bool {
		if grey == nil && se.samples == 1 && se.photometric != "PALETTE COLOR" {
			grey = se
		}
		return se == grey
	}) {
		a := annotated{reference: r, header: h.imageHeader(r)}
		a.columns, a.rows = imageSize(a.header)
		if len(out) == 0 || slices.Equal(rescaleOf(a.header), rescaleOf(out[0].header)) {
			out = append(out, a)
		}
	}
	return out
}

// rescaleOf returns intercept, slope and type of an image, none where its stored
// values are not rescaled.
func rescaleOf(image *dataset.Set) []string {
	var out []string
	for _, t := range []dataset.Tag{dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType} {
		v := imageValues(image, t, dataset.PixelValueTransformationSequence)
		switch {
		case len(v) > 0:
			out = append(out, v[0])
		case t == dataset.RescaleType:
			out = append(out, "US") // unspecified
		default:
			return nil
		}
	}
	return out
}

// presentationIdentification is the Presentation State Identification Module,
// PS3.3 C.11.10.
func (h *header) presentationIdentification(d *draw.Stream) {
	h.PutString(dataset.PresentationCreationDate, h.content.Format("20060102"))
	h.PutString(dataset.PresentationCreationTime, h.content.Format("150405"))
	h.PutString(dataset.ContentLabel, "SYNTHETIC")
	h.PutString(dataset.ContentDescription, fmt.Sprintf("SYNTHETIC, NOT A PATIENT. Content %016X.", d.Uint64()))
	h.PutString(dataset.ContentCreatorName, h.radiologistName())
}

// ofOneSeries is the references as the Presentation State Relationship Module
// wants them, PS3.3 C.11.11.
func ofOneSeries(images []annotated) *dataset.Set {
	items := make([]*dataset.Set, len(images))
	for i, r := range images {
		items[i] = r.item()
	}
	s := dataset.New()
	s.PutString(dataset.SeriesInstanceUID, images[0].seriesInstanceUID)
	s.PutSequence(dataset.ReferencedImageSequence, items...)
	return s
}

// displayedAreas is the whole of each image, fitted to the screen, PS3.3 C.10.4.
func (h *header) displayedAreas(images []annotated) []*dataset.Set {
	var out []*dataset.Set
	for _, r := range images {
		s := dataset.New()
		s.PutSequence(dataset.ReferencedImageSequence, r.item())
		s.PutUint32(displayedAreaTopLeft, 1, 1) // pixels count from 1 here
		s.PutUint32(displayedAreaBottomRight, uint32(r.columns), uint32(r.rows))
		s.PutString(presentationSizeMode, "SCALE TO FIT")
		s.PutString(presentationPixelAspectRatio, h.decimals("1", "1")...)
		out = append(out, s)
	}
	return out
}

// annotate adds the Graphic Annotation and Graphic Layer Modules, PS3.3 C.10.5
// and C.10.7: on each image an ellipse, and a text that points to it.
func (h *header) annotate(d *draw.Stream, images []annotated) {
	const layer = "FINDINGS"
	var annotations []*dataset.Set
	for n, r := range images {
		x, y := r.columns*d.Between(35, 65)/100, r.rows*d.Between(35, 65)/100
		wide, high := max(2, r.columns*d.Between(6, 12)/100), max(2, r.rows*d.Between(4, 8)/100)
		s := dataset.New()
		s.PutSequence(dataset.ReferencedImageSequence, r.item())
		s.PutString(dataset.GraphicLayer, layer)
		s.PutSequence(textObjectSequence, annotationText(fmt.Sprintf("SYNTHETIC %d: %s", n+1, marks[d.Below(len(marks))]), x+wide, y-high))
		s.PutSequence(graphicObjectSequence, annotationEllipse(x-wide, x+wide, y-high, y+high))
		annotations = append(annotations, s)
	}
	h.PutSequence(dataset.GraphicAnnotationSequence, annotations...)
	s := dataset.New()
	s.PutString(dataset.GraphicLayer, layer)
	s.PutString(dataset.GraphicLayerOrder, h.decimal("1"))
	s.PutUint16(recommendedGrayscale, 0xFFFF)
	s.PutString(graphicLayerDescription, "SYNTHETIC FINDINGS")
	h.PutSequence(dataset.GraphicLayerSequence, s)
}

var marks = []string{"see report", "measure again", "compare with prior", "artefact?", "follow up"}

// annotationText is a text in a box of the screen, anchored to a point of the
// image.
func annotationText(text string, x, y int) *dataset.Set {
	s := dataset.New()
	s.PutString(boundingBoxAnnotationUnits, "DISPLAY")
	s.PutString(anchorPointAnnotationUnits, "PIXEL")
	s.PutString(unformattedTextValue, text)
	s.PutFloat32(boundingBoxTopLeft, 0.5, 0.0625) // sums of powers of two, exact
	s.PutFloat32(boundingBoxBottomRight, 0.9375, 0.125)
	s.PutString(boundingBoxTextJustification, "LEFT")
	s.PutFloat32(anchorPoint, floats([]int{x, y})...)
	s.PutString(anchorPointVisibility, "Y")
	return s
}

// annotationEllipse is an ellipse by the ends of its axes.
func annotationEllipse(left, right, top, bottom int) *dataset.Set {
	x, y := (left+right)/2, (top+bottom)/2
	s := dataset.New()
	s.PutString(graphicAnnotationUnits, "PIXEL")
	s.PutUint16(graphicDimensions, 2)
	s.PutUint16(numberOfGraphicPoints, 4)
	ends := []int{left, y, right, y, x, top, x, bottom}
	if bottom-top > right-left { // the major axis comes first
		ends = []int{x, top, x, bottom, left, y, right, y}
	}
	s.PutFloat32(graphicData, floats(ends)...)
	s.PutString(graphicType, "ELLIPSE")
	s.PutString(graphicFilled, "N")
	return s
}

// greyPipeline adds the Modality LUT of the images, a window of its own as
// Softcopy VOI LUT, and the Softcopy Presentation LUT: PS3.3 C.11.1, C.11.8 and
// C.11.6. A presentation state says the whole way from stored values to what is
// seen; the Photometric Interpretation of the images is ignored (PS3.4 N.2), so
// inverted samples are inverted here.
func (h *header) greyPipeline(d *draw.Stream, image *dataset.Set) {
	if rescale := rescaleOf(image); rescale != nil {
		h.PutString(dataset.RescaleIntercept, rescale[0])
		h.PutString(dataset.RescaleSlope, rescale[1])
		h.PutString(dataset.RescaleType, rescale[2])
	}
	window := func(t dataset.Tag) int {
		v := imageValues(image, t, dataset.FrameVOILUTSequence)
		if len(v) == 0 {
			return 0
		}
		n, _ := tenThousandths(v[0])
		return n / 10_000
	}
	if centre, width := window(dataset.WindowCenter), window(dataset.WindowWidth); width > 1 {
		voi := dataset.New()
		voi.PutString(dataset.WindowCenter, h.decimal(strconv.Itoa(centre+width*d.Between(-10, 10)/100)))
		voi.PutString(dataset.WindowWidth, h.decimal(strconv.Itoa(max(1, width*d.Between(60, 90)/100))))
		h.PutSequence(dataset.SoftcopyVOILUTSequence, voi)
	}
	shape := "IDENTITY"
	if image.String(dataset.PhotometricInterpretation) == "MONOCHROME1" {
		shape = "INVERSE"
	}
	h.PutString(dataset.PresentationLUTShape, shape)
}
