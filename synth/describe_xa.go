package synth

import (
	"fmt"
	"strconv"

	"pacsuat/internal/dicom/dataset"
)

// Tags of the modules of angiography and fluoroscopy.
const (
	radiationSetting        dataset.Tag = 0x00181155
	radiationMode           dataset.Tag = 0x0018115A
	averagePulseWidth       dataset.Tag = 0x00181154
	positionerMotion        dataset.Tag = 0x00181500
	columnAngulation        dataset.Tag = 0x00181450
	maskSubtractionSequence dataset.Tag = 0x00286100
	maskOperation           dataset.Tag = 0x00286101
	maskFrameNumbers        dataset.Tag = 0x00286110
)

// describeXA adds the X-Ray Image, X-Ray Acquisition, XA Positioner, Multi-frame
// and Cine Modules, PS3.3 C.8.7.1, C.8.7.2, C.8.7.5, C.7.6.6 and C.7.6.5. What
// contrast is given, and so the Contrast/Bolus Module, stands in the recipe.
func describeXA(h *header) {
	h.fluorograph("80", "66.7", "15")
	h.type2(dataset.PatientOrientation) // the beam is oblique
	angles, ok := angiographicViews[h.view()]
	if !ok {
		angles = [2]string{"0", "0"}
	}
	h.type2(dataset.PositionerPrimaryAngle, h.decimal(angles[0]))
	h.type2(dataset.PositionerSecondaryAngle, h.decimal(angles[1]))
	h.PutString(dataset.DistanceSourceToDetector, h.decimal("1050"))
	h.PutString(dataset.DistanceSourceToPatient, h.decimal("750"))
	if h.frames > 1 {
		h.type2(positionerMotion, "STATIC")
	}
	if h.series.Attributes["RecommendedViewingMode"] == "SUB" && h.frames > 1 {
		h.mask()
	}
}

// angiographicViews are the primary and secondary angles of the positioner in
// degrees, by the names of the phantoms' views: LAO and CRA are positive. See
// PS3.3 C.8.7.5.1.2.
var angiographicViews = map[string][2]string{
	"LAO": {"45", "20"},
	"RAO": {"-30", "-20"},
}

// mask is the Mask Module, PS3.3 C.7.6.10, of a run that a recipe wants to be
// seen subtracted (RecommendedViewingMode: SUB): its first frame, before the
// contrast comes, is taken off all others.
func (h *header) mask() {
	item := dataset.New()
	item.PutString(maskOperation, "AVG_SUB")
	item.PutUint16(maskFrameNumbers, 1)
	h.PutSequence(maskSubtractionSequence, item)
	h.PutString(dataset.RecommendedViewingMode, "SUB")
}

// describeXRF adds the X-Ray Image, X-Ray Acquisition, XRF Positioner, and for
// runs the Multi-frame and Cine Modules, PS3.3 C.8.7.1, C.8.7.2, C.8.7.6,
// C.7.6.6 and C.7.6.5. It is no tomography: Scan Options is absent.
func describeXRF(h *header) {
	h.fluorograph("85", "125", "8")
	h.type2(dataset.PatientOrientation, h.radiographView().orientation...)
	h.PutString(dataset.DistanceSourceToDetector, h.decimal("1150"))
	h.PutString(columnAngulation, h.decimal("0"))
}

// fluorograph is what angiography and fluoroscopy share. A run is a cine of so
// many milliseconds a frame and frames a second; a single shot is no
// multi-frame image.
func (h *header) fluorograph(kVP, frameTime, rate string) {
	se := h.series
	if se.samples != 1 || se.photometric != "MONOCHROME2" || se.Signed || se.StoredBits != 8 && se.StoredBits != 10 && se.StoredBits != 12 && se.StoredBits != 16 {
		h.refuse("its pictures are MONOCHROME2, unsigned, of 8, 10, 12 or 16 bits (PS3.3 C.8.7.1)")
	}
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "SINGLE PLANE")
	h.PutString(dataset.PixelIntensityRelationship, "LIN") // without Modality LUT
	h.type2(dataset.KVP, h.decimal(kVP))
	h.PutString(radiationSetting, "GR")
	h.PutString(radiationMode, "PULSED")
	h.type2(dataset.XRayTubeCurrent, h.decimal("450"))
	h.PutString(averagePulseWidth, h.decimal(strconv.Itoa(pulseMS)))
	h.type2(dataset.ExposureTime, h.decimal(strconv.Itoa(pulseMS*h.frames)))
	spacing := h.spacing()
	h.PutString(dataset.ImagerPixelSpacing, h.decimals(spacing, spacing)...)
	h.phantomWindow()
	if h.frames == 1 {
		h.Delete(dataset.NumberOfFrames)
		return
	}
	h.cine(frameTime, rate)
}

// pulseMS is how long the beam is on for a frame, in milliseconds.
const pulseMS = 6

// refuse says that a recipe's series cannot be an object of its kind. The first
// reason stays.
func (h *header) refuse(format string, args ...any) {
	if h.err == nil {
		h.err = fmt.Errorf("series %d cannot be an object %q: "+format, append([]any{h.series.index + 1, h.series.object.name}, args...)...)
	}
}
