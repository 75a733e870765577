package synth

import (
	"fmt"
	"strconv"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// mammographyView is what a picture of a breast shows: which breast, from where.
// Rows of a right breast run to the chest wall, which is at the right edge, those
// of a left one away from it; columns of both run from the axilla downwards.
type mammographyView struct {
	laterality    string
	position      string // View Position
	code, meaning string // PS3.16 CID 4014
	orientation   []string

	// angle is the Positioner Primary Angle in degrees: the tube moves from above
	// to the patient's left, which is positive, for an oblique view of the right
	// breast; the beam goes from the middle of the body outwards.
	angle string

	// rows and columns are the direction cosines of rows and columns, and beam
	// that of the X-Rays towards the detector, in 1e-8. See PS3.3 C.7.6.2.1.1.
	rows, columns, beam [3]int64
}

// Sine and cosine of 45 degrees, in 1e-8.
const slant = 70710678

// mammographyViews are those of the phantoms, by name.
var mammographyViews = map[string]mammographyView{
	"R CC": {"R", "CC", "399162004", "cranio-caudal", []string{"P", "L"}, "0",
		[3]int64{0, straight, 0}, [3]int64{straight, 0, 0}, [3]int64{0, 0, -straight}},
	"L CC": {"L", "CC", "399162004", "cranio-caudal", []string{"A", "R"}, "0",
		[3]int64{0, -straight, 0}, [3]int64{-straight, 0, 0}, [3]int64{0, 0, -straight}},
	"R MLO": {"R", "MLO", "399368009", "medio-lateral oblique", []string{"P", "FL"}, "45",
		[3]int64{0, straight, 0}, [3]int64{slant, 0, -slant}, [3]int64{-slant, 0, -slant}},
	"L MLO": {"L", "MLO", "399368009", "medio-lateral oblique", []string{"A", "FR"}, "-45",
		[3]int64{0, -straight, 0}, [3]int64{-slant, 0, -slant}, [3]int64{slant, 0, -slant}},
}

// straight is the direction cosine 1, in 1e-8.
const straight = 100_000_000

// mammographyView is that of the instance.
func (h *header) mammographyView() mammographyView {
	if v, ok := mammographyViews[h.view()]; ok {
		return v
	}
	return mammographyViews["R CC"] // a phantom that is no breast
}

// breast is one breast under compression, and what it was exposed with.
type breast struct {
	thickness int // mm
	force     int // N
	kVp       int
	charge    int // mAs
	dose      int // mean glandular dose, microgray
}

// breast draws what all images of a view have in common: the compression is
// released between views only. Where there are planes of the view, the breast is
// as thick as these are many millimetres.
func (h *header) breast() breast {
	s := h.study
	view := s.frameKey(h.series, h.number, 0, 0).view
	d := draw.From(s.seed, uint64(s.Recipe.sum()), uint64(s.index), drawBreast, uint64(view))
	b := breast{thickness: d.Between(45, 70), force: d.Between(70, 140)}
	if se, number, ok := s.tomosynthesis(view); ok {
		b.thickness = max(1, s.frameCount(se, number)*hundredths(se.SpacingMM)/100)
	}
	usual := min(b.thickness, 150)
	b.kVp = 25 + usual/10
	b.charge = usual + d.Between(20, 60)
	b.dose = b.charge * 12
	return b
}

// tomosynthesis finds the first planes of a view of a phantom in the study.
func (s *Study) tomosynthesis(view int) (se *series, number int, ok bool) {
	for _, se := range s.series {
		if se.object.sopClassUID != breastTomosynthesisStorage {
			continue
		}
		for number := range min(se.made, len(se.views)) {
			if se.views[number] == view {
				return se, number, true
			}
		}
	}
	return nil, 0, false
}

// breastTomosynthesisStorage is the SOP Class of PS3.4 B.5.
const breastTomosynthesisStorage = "1.2.840.10008.5.1.4.1.1.13.1.3"

// compression is the Frame of Reference of what is acquired without releasing the
// breast, PS3.3 C.7.4.1.
func (h *header) compression() string {
	return h.study.uid("compression", h.study.index, h.study.frameKey(h.series, h.number, 0, 0).view)
}

// describeMG adds what the Digital Mammography X-Ray Image IOD for presentation
// wants, PS3.3 A.27, C.8.11.6 and C.8.11.7, beyond what it shares with DX.
func describeMG(h *header) {
	v, b := h.mammographyView(), h.breast()
	m := h.study.matrix(h.series, h.number)
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "")
	h.fields(h.Set, "PresentationIntentType", "FOR PRESENTATION", "ImageLaterality", v.laterality, "ViewPosition", v.position)
	h.Delete(dataset.Laterality) // of the image, not of the series
	h.PutString(dataset.PatientOrientation, v.orientation...)
	h.breastView(v)
	h.PutSequence(anatomicRegionSequence, code("76752008", "SCT", "Breast"))
	view := h.study.frameKey(h.series, h.number, 0, 0).view
	if _, _, ok := h.study.tomosynthesis(view); ok {
		h.PutString(dataset.FrameOfReferenceUID, h.compression())
		h.type2(dataset.PositionReferenceIndicator, "")
	}
	spacing := h.spacing()
	h.detector(h.Set)
	h.fields(h.Set, "DetectorConfiguration", "AREA", "DetectorDescription", "AMORPHOUS SELENIUM", "DetectorConditionsNominalFlag", "YES",
		"DetectorTemperature", "28.5", "DetectorBinning", `1\1`, "DetectorActiveShape", "RECTANGLE", "DetectorElementPhysicalSize", `0.07\0.07`,
		"ImagerPixelSpacing", spacing+`\`+spacing,
		"FieldOfViewDimensions", h.millimetresOf(m.Rows)+`\`+h.millimetresOf(m.Columns))
	h.fieldOfView(h.Set)
	h.underCompression(h.Set, b)
	h.exposed(h.Set, b)
	h.fields(h.Set, "PositionerType", "MAMMOGRAPHIC",
		"PositionerPrimaryAngle", v.angle, "PositionerPrimaryAngleDirection", "CC", "PositionerSecondaryAngle", "0",
		"XRayTubeCurrent", strconv.Itoa(tubeCurrent), "ExposureTime", strconv.Itoa(b.charge*1000/tubeCurrent),
		"Exposure", strconv.Itoa(b.charge), "ExposureInuAs", strconv.Itoa(b.charge*1000), "RelativeXRayExposure", strconv.Itoa(b.charge*4),
		"ExposureStatus", "NORMAL", "RectificationType", "CONST POTENTIAL", "OrganExposed", "BREAST",
		"IrradiationEventUID", h.study.uid("irradiation-event", h.study.index, h.index),
		"InstitutionAddress", institutionAddress, "QualityControlImage", "NO",
		"AcquisitionDeviceProcessingDescription", "SYNTHETIC CONTRAST", "AcquisitionDeviceProcessingCode", "SYN1")
	h.presentation()
	h.PutSequence(dataset.AcquisitionContextSequence) // type 2, C.7.6.14
}

// breastView adds the attributes that the Mammography Image and Breast View
// Modules share, PS3.3 C.8.11.7 and C.8.21.6.
func (h *header) breastView(v mammographyView) {
	view := code(v.code, "SCT", v.meaning)
	view.PutSequence(viewModifierSequence)
	h.PutSequence(viewCodeSequence, view)
	h.fields(h.Set, "BreastImplantPresent", "NO", "PartialView", "NO")
}

// millimetresOf is the length of so many pixels, whole millimetres.
func (h *header) millimetresOf(pixels int) string {
	return strconv.Itoa(hundredths(h.series.FieldMM) * pixels / h.series.Matrix.Columns / 100)
}

// institutionAddress is where the mammography unit is said to be: the IHE profiles
// of mammography want one.
const institutionAddress = "1 Synthetic Road"

// detector adds what the Digital X-Ray Detector Macro and the Breast Tomosynthesis
// Contributing Sources Module share, PS3.3 C.8.11.4 and C.8.21.2.3.
func (h *header) detector(s *dataset.Set) {
	serial := h.study.Equipment.SerialNumber
	h.fields(s, "DetectorType", "DIRECT", "DetectorID", "SYN"+serial[max(0, len(serial)-13):],
		"DateOfLastDetectorCalibration", h.study.start.AddDate(0, 0, -3).Format("20060102"), "TimeOfLastDetectorCalibration", "073000",
		"DetectorElementSpacing", `0.07\0.07`)
}

// fieldOfView adds which part of the detector the picture is: all of it. The
// rotation has enumerated values, so it is not written in another form.
func (h *header) fieldOfView(s *dataset.Set) {
	h.fields(s, "FieldOfViewShape", "RECTANGLE", "FieldOfViewOrigin", `0\0`, "FieldOfViewHorizontalFlip", "NO")
	s.PutString(h.tag("FieldOfViewRotation"), "0")
}

// underCompression adds what the Mammography Image, DX Positioning and Breast
// Tomosynthesis Acquisition Modules say of the breast and the distances.
func (h *header) underCompression(s *dataset.Set, b breast) {
	h.fields(s, "DistanceSourceToDetector", "700", "DistanceSourceToPatient", "675", "EstimatedRadiographicMagnificationFactor", "1.037",
		"BodyPartThickness", strconv.Itoa(b.thickness), "CompressionForce", strconv.Itoa(b.force), "PaddleDescription", "18CM X 24CM")
}

// tubeCurrent is in mA.
const tubeCurrent = 150

// exposed adds what the modules of X-Ray Generation, Filtration, Grid and
// Acquisition Dose, PS3.3 C.8.7.8 to C.8.7.11, share with the acquisition of a
// tomosynthesis.
func (h *header) exposed(s *dataset.Set, b breast) {
	h.fields(s, "KVP", strconv.Itoa(b.kVp), "AnodeTargetMaterial", "TUNGSTEN", "FocalSpots", "0.3",
		"ExposureControlMode", "AUTOMATIC", "ExposureControlModeDescription", "WHOLE BREAST",
		"FilterType", "STRIP", "FilterMaterial", "RHODIUM", "FilterThicknessMinimum", "0.045", "FilterThicknessMaximum", "0.055",
		"Grid", `FOCUSED\RECIPROCATING`, "HalfValueLayer", "0.55",
		"OrganDose", b.organDose(), "EntranceDoseInmGy", decimalOf(b.dose*4))
}

// organDose is the mean glandular dose in dGy.
func (b breast) organDose() string { return fmt.Sprintf("0.%05d", b.dose) }

// presentation adds how the picture is looked at: the DX Image and VOI LUT
// Modules, PS3.3 C.8.11.3 and C.11.2. Dense tissue is bright; what lies around
// the breast is padding.
func (h *header) presentation() {
	se := h.series
	shape, sign, padding := "IDENTITY", "-1", uint16(0)
	if se.inverted {
		shape, sign, padding = "INVERSE", "1", 1<<se.StoredBits-1
	}
	h.fields(h.Set, "PixelIntensityRelationship", "LOG", "PixelIntensityRelationshipSign", sign,
		"RescaleIntercept", "0", "RescaleSlope", "1", "RescaleType", "US", "PresentationLUTShape", shape)
	h.PutUint16(dataset.PixelPaddingValue, padding)
	h.phantomWindow()
	h.fields(h.Set, "WindowCenterWidthExplanation", "NORMAL", "VOILUTFunction", "LINEAR")
}
