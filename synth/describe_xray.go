package synth

import (
	"pacsuat/internal/dicom/dataset"
)

// Tags that only one module of one recipe needs.
const (
	anatomicRegionSequence dataset.Tag = 0x00082218
	viewCodeSequence       dataset.Tag = 0x00540220
	viewModifierSequence   dataset.Tag = 0x00540222
	positionerType         dataset.Tag = 0x00181508
)

// describeCR adds the CR Series and CR Image Modules, PS3.3 C.8.1.1, C.8.1.2.
func describeCR(h *header) {
	h.PutString(dataset.ViewPosition, "PA")
	h.projection()
	h.exposure("125")
	h.phantomWindow()
}

// projection puts what the modules of projection radiographs share: the
// orientation of most pictures, and the spacing at the detector.
func (h *header) projection() {
	h.PutString(dataset.PatientOrientation, "L", "F") // columns run to the left, rows to the feet
	spacing := perPixel(hundredths(h.series.FieldMM), h.series.Matrix.Columns)
	h.PutString(dataset.ImagerPixelSpacing, h.decimals(spacing, spacing)...)
}

// exposure puts what the CR Image and DX X-Ray Acquisition Modules share.
func (h *header) exposure(kVP string) {
	h.PutString(dataset.KVP, h.decimal(kVP))
	h.PutString(dataset.DistanceSourceToDetector, h.decimal("1800"))
	h.PutString(dataset.ExposureTime, h.decimal("8"))
	h.PutString(dataset.XRayTubeCurrent, h.decimal("320"))
	h.PutString(dataset.Exposure, h.decimal("3"))
}

// view is the name of the phantom's view that the instance shows.
func (h *header) view() string {
	se := h.series
	key := h.study.frameKey(se, h.number, 0, h.variant)
	return se.phantom.Views[key.view]
}

// radiographView says how a projection is described: View Position, the
// orientation of rows and columns, and the code of PS3.16 CID 4010.
type radiographView struct {
	position      string
	orientation   []string
	code, meaning string
}

// radiographViews are those of the phantoms, by the names of their views, and
// where a part of the body lies in another way by that and the view.
var radiographViews = map[string]radiographView{
	"PA":      {"PA", []string{"L", "F"}, "272479007", "postero-anterior"},
	"AP":      {"AP", []string{"L", "F"}, "399348003", "antero-posterior"},
	"lateral": {"LL", []string{"P", "F"}, "399173006", "left lateral"},
	"oblique": {"", []string{"L", "F"}, "399182000", "oblique"},

	// Fingers up: from the thumb of the right hand, or to that of the left one.
	"HAND PA":       {"PA", []string{"L", "H"}, "272479007", "postero-anterior"},
	"HAND oblique":  {"", []string{"L", "H"}, "399182000", "oblique"},
	"ANKLE lateral": {"", []string{"P", "F"}, "399260004", "medial-lateral"},
}

// radiographView is that of the instance, AP where the phantom's view is no
// projection.
func (h *header) radiographView() radiographView {
	v := h.view()
	for _, key := range []string{h.study.Recipe.BodyPart + " " + v, v} {
		if r, ok := radiographViews[key]; ok {
			return r
		}
	}
	return radiographViews["AP"]
}

// describeDX adds what the Digital X-Ray Image IOD for presentation wants, PS3.3
// A.26 and C.8.11.
func describeDX(h *header) {
	view := h.radiographView()
	laterality := h.study.Recipe.Laterality
	if laterality == "" {
		laterality = "U"
	}
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "")
	h.PutString(dataset.PresentationIntentType, "FOR PRESENTATION")
	h.projection()
	h.PutString(dataset.ViewPosition, view.position)
	h.PutString(dataset.PatientOrientation, view.orientation...)
	h.Delete(dataset.Laterality) // of the image, not of the series
	h.PutString(dataset.ImageLaterality, laterality)
	region := regions[h.study.Recipe.BodyPart]
	if region == nil {
		region = regions[""]
	}
	h.PutSequence(anatomicRegionSequence, code(region[0], "SCT", region[1]))
	viewCode := code(view.code, "SCT", view.meaning)
	viewCode.PutSequence(viewModifierSequence)
	h.PutSequence(viewCodeSequence, viewCode)
	h.type2(positionerType, "COLUMN")
	h.type2(dataset.DetectorType, "SCINTILLATOR")
	h.exposure("125")
	h.PutString(dataset.PixelIntensityRelationship, "LOG")
	h.PutUint16(dataset.PixelIntensityRelationshipSign, 0xFFFF) // -1: what lets few X-rays through is bright
	h.PutString(dataset.RescaleIntercept, h.decimal("0"))
	h.PutString(dataset.RescaleSlope, h.decimal("1"))
	h.PutString(dataset.RescaleType, "US")
	h.PutString(dataset.PresentationLUTShape, "IDENTITY")
	if h.series.inverted { // C.8.11.3.1.2
		h.PutString(dataset.PresentationLUTShape, "INVERSE")
		h.PutUint16(dataset.PixelIntensityRelationshipSign, 1)
	}
	h.phantomWindow()
	h.PutSequence(dataset.AcquisitionContextSequence) // type 2, C.7.6.14
}

// regions are codes of body parts, PS3.16 CID 4009 and Annex L, by their terms.
var regions = map[string][]string{
	"":          {"38266002", "Entire body"},
	"CHEST":     {"816094009", "Chest"},
	"ABDOMEN":   {"818981001", "Abdomen"},
	"PELVIS":    {"816092008", "Pelvis"},
	"HAND":      {"85562004", "Hand"},
	"FOOT":      {"56459004", "Foot"},
	"ANKLE":     {"70258002", "Ankle joint"},
	"KNEE":      {"72696002", "Knee"},
	"HEAD":      {"69536005", "Head"},
	"BRAIN":     {"12738006", "Brain"},
	"LSPINE":    {"122496007", "Lumbar spine"},
	"HEART":     {"80891009", "Heart"},
	"BREAST":    {"76752008", "Breast"},
	"ESOPHAGUS": {"32849002", "Esophagus"},
}
