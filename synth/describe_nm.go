package synth

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// Tags of the modules of nuclear medicine, and those that PET shares.
const (
	countsAccumulated                 dataset.Tag = 0x00180070
	radiopharmaceuticalStartTime      dataset.Tag = 0x00181072
	radiopharmaceuticalStartDateTime  dataset.Tag = 0x00181078
	scanArc                           dataset.Tag = 0x00181143
	angularStep                       dataset.Tag = 0x00181144
	collimatorName                    dataset.Tag = 0x00181180
	collimatorType                    dataset.Tag = 0x00181181
	focalDistance                     dataset.Tag = 0x00181182
	scanVelocity                      dataset.Tag = 0x00181300
	wholeBodyTechnique                dataset.Tag = 0x00181301
	scanLength                        dataset.Tag = 0x00181302
	energyWindowInformationSequence   dataset.Tag = 0x00540012
	energyWindowRangeSequence         dataset.Tag = 0x00540013
	energyWindowLowerLimit            dataset.Tag = 0x00540014
	energyWindowUpperLimit            dataset.Tag = 0x00540015
	energyWindowName                  dataset.Tag = 0x00540018
	detectorInformationSequence       dataset.Tag = 0x00540022
	phaseVector                       dataset.Tag = 0x00540030
	numberOfPhases                    dataset.Tag = 0x00540031
	phaseInformationSequence          dataset.Tag = 0x00540032
	numberOfFramesInPhase             dataset.Tag = 0x00540033
	phaseDelay                        dataset.Tag = 0x00540036
	pauseBetweenFrames                dataset.Tag = 0x00540038
	numberOfRotations                 dataset.Tag = 0x00540051
	rotationInformationSequence       dataset.Tag = 0x00540052
	numberOfFramesInRotation          dataset.Tag = 0x00540053
	sliceVector                       dataset.Tag = 0x00540080
	angularViewVector                 dataset.Tag = 0x00540090
	timeSliceVector                   dataset.Tag = 0x00540100
	startAngle                        dataset.Tag = 0x00540200
	typeOfDetectorMotion              dataset.Tag = 0x00540202
	radionuclideCodeSequence          dataset.Tag = 0x00540300
	administrationRouteCodeSequence   dataset.Tag = 0x00540302
	radiopharmaceuticalCodeSequence   dataset.Tag = 0x00540304
	patientOrientationCodeSequence    dataset.Tag = 0x00540410
	patientOrientationModifierCode    dataset.Tag = 0x00540412
	patientGantryRelationshipSequence dataset.Tag = 0x00540414
	sliceProgressionDirection         dataset.Tag = 0x00540500
)

// describeNM adds the modules of the Nuclear Medicine Image IOD, PS3.3 A.5 and
// C.8.4. Value 3 of the recipe's ImageType says which kind of acquisition it is:
// STATIC where it says none, WHOLE BODY, DYNAMIC, TOMO or RECON TOMO. The frames
// of planar ones are views of two detectors, the first in front of the patient.
func describeNM(h *header) {
	se := h.series
	if se.samples != 1 || se.inverted || se.StoredBits != se.allocated {
		h.refuse("its pictures are MONOCHROME2, of 8 or 16 bits stored (PS3.3 C.8.4.7)")
	}
	kind := nmKind(se.Attributes["ImageType"])
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", kind, "EMISSION")
	h.type2(dataset.PatientOrientation)
	h.lying(headFirst)
	spacing := h.spacing()
	h.type2(dataset.PixelSpacing, h.decimals(spacing, spacing)...)
	h.type2(countsAccumulated) // not known: pictures are no counts
	h.phantomWindow()

	windows, detectors := 1, 1
	switch kind {
	case "STATIC", "WHOLE BODY":
		if h.frames%2 == 0 {
			detectors = 2
		}
		windows = h.frames / detectors
		h.frameVectors(nmVector{dataset.EnergyWindowVector, windows}, nmVector{dataset.DetectorVector, detectors})
		h.planar(kind)
	case "DYNAMIC":
		h.frameVectors(nmVector{dataset.EnergyWindowVector, 1}, nmVector{dataset.DetectorVector, 1}, nmVector{phaseVector, 1}, nmVector{timeSliceVector, h.frames})
		h.PutUint16(numberOfPhases, 1)
		h.PutSequence(phaseInformationSequence, h.phase())
	case "TOMO":
		h.frameVectors(nmVector{dataset.EnergyWindowVector, 1}, nmVector{dataset.DetectorVector, 1}, nmVector{dataset.RotationVector, 1}, nmVector{angularViewVector, h.frames})
		h.rotation(h.frames)
	case "RECON TOMO":
		h.frameVectors(nmVector{sliceVector, h.frames})
		h.PutUint16(dataset.NumberOfSlices, uint16(h.frames))
		h.rotation(acquiredViews)
		h.frameOfReference()
		h.reconstruction()
	default:
		h.refuse("value 3 of ImageType is %q; STATIC, WHOLE BODY, DYNAMIC, TOMO and RECON TOMO are made", kind)
	}
	h.energyWindows(windows)
	h.detectors(kind, detectors)
	h.technetium()
}

// nmKind is value 3 of an Image Type.
func nmKind(imageType string) string {
	if values := strings.Split(imageType, `\`); len(values) > 2 && values[2] != "" {
		return values[2]
	}
	return "STATIC"
}

// nmVector is an index vector of frames with as many indexes.
type nmVector struct {
	tag dataset.Tag
	of  int
}

// frameVectors puts the Frame Increment Pointer and the vectors that it points
// to: frames are counted through the last one first. See PS3.3 C.8.4.8.1.1.
func (h *header) frameVectors(vectors ...nmVector) {
	if h.frames > mostVectorFrames {
		h.refuse("%d frames, an index vector has room for %d (PS3.5 7.1.2)", h.frames, mostVectorFrames)
		return
	}
	tags := make([]dataset.Tag, len(vectors))
	each := h.frames // frames in which the index stays
	for i, v := range vectors {
		tags[i] = v.tag
		each /= v.of
		indexes := make([]uint16, h.frames)
		for k := range indexes {
			indexes[k] = uint16(k/each%v.of + 1)
		}
		h.PutUint16(v.tag, indexes...)
	}
	h.PutTags(dataset.FrameIncrementPointer, tags...)
}

// mostVectorFrames is how many US fit into a length of 16 bits.
const mostVectorFrames = 65534 / 2

// planar adds what the NM Image Module wants of projections, PS3.3 C.8.4.9. A
// whole body is scanned at 2.5 mm/s.
func (h *header) planar(kind string) {
	if kind == "STATIC" {
		h.PutString(dataset.ActualFrameDuration, h.decimal("300000"))
		return
	}
	m := h.study.matrix(h.series, h.number)
	length := hundredths(h.series.FieldMM) * m.Rows / m.Columns
	h.PutString(dataset.ActualFrameDuration, h.decimal(strconv.Itoa(4*length)))
	h.PutString(wholeBodyTechnique, "1PS")
	h.type2(scanVelocity, h.decimal("2.5"))
	h.type2(scanLength, h.decimal(strconv.Itoa(length/100)))
}

// phase is the only phase of a dynamic acquisition, PS3.3 C.8.4.14.
func (h *header) phase() *dataset.Set {
	s := dataset.New()
	s.PutString(phaseDelay, h.decimal("0"))
	s.PutString(dataset.ActualFrameDuration, h.decimal("2000"))
	s.PutString(pauseBetweenFrames, h.decimal("0"))
	s.PutUint16(numberOfFramesInPhase, uint16(h.frames))
	return s
}

// reconstruction is the NM Reconstruction Module, PS3.3 C.8.4.15: spacing is
// positive along the normal.
func (h *header) reconstruction() {
	thickness, stack := hundredths(h.series.SpacingMM), h.stack()
	spacing := thickness
	if stack.against {
		spacing = -thickness
	}
	h.type2(dataset.SpacingBetweenSlices, h.decimal(millimetres(spacing)))
	h.type2(dataset.SliceThickness, h.decimal(millimetres(thickness)))
	if stack.progression != "" {
		h.PutString(sliceProgressionDirection, stack.progression)
	}
}

// acquiredViews is how many projections reconstructed slices were made of.
const acquiredViews = 64

// rotation is the NM TOMO Acquisition Module, PS3.3 C.8.4.12: one rotation of
// half a circle, from the patient's right in front to the left behind.
func (h *header) rotation(views int) {
	step := 180 * 10000 / views // in 1/10000 of a degree
	s := dataset.New()
	s.PutString(startAngle, h.decimal("225"))
	s.PutString(angularStep, h.decimal(fmt.Sprintf("%d.%04d", step/10000, step%10000)))
	s.PutString(dataset.RotationDirection, "CW")
	s.PutString(scanArc, h.decimal("180"))
	s.PutString(dataset.ActualFrameDuration, h.decimal("20000"))
	s.PutUint16(numberOfFramesInRotation, uint16(min(views, mostVectorFrames)))
	h.PutUint16(numberOfRotations, 1)
	h.PutSequence(rotationInformationSequence, s)
	h.PutString(typeOfDetectorMotion, "STEP AND SHOOT")
}

// energyWindows puts the photopeak of technetium, and below it as many scatter
// windows as further ones are wanted, PS3.3 C.8.4.10.
func (h *header) energyWindows(n int) {
	items := make([]*dataset.Set, n)
	for i := range items {
		name, lower, upper := "TC99M PHOTOPEAK", 126, 154
		if i > 0 {
			upper = max(126-8*(i-1), 38)
			name, lower = fmt.Sprintf("TC99M SCATTER %d", i), upper-8
		}
		items[i] = dataset.New()
		items[i].PutString(energyWindowName, name)
		items[i].PutSequence(energyWindowRangeSequence, h.energyRange(lower, upper))
	}
	h.PutUint16(dataset.NumberOfEnergyWindows, uint16(n))
	h.PutSequence(energyWindowInformationSequence, items...)
}

// energyRange is an item of limits in keV.
func (h *header) energyRange(lower, upper int) *dataset.Set {
	s := dataset.New()
	s.PutString(energyWindowLowerLimit, h.decimal(strconv.Itoa(lower)))
	s.PutString(energyWindowUpperLimit, h.decimal(strconv.Itoa(upper)))
	return s
}

// detectors is the NM Detector Module, PS3.3 C.8.4.11: one in front of the
// patient, a second one behind. Where slices lie is known, where projections do
// is not.
func (h *header) detectors(kind string, n int) {
	items := make([]*dataset.Set, n)
	for i := range items {
		s := dataset.New()
		s.PutString(collimatorName, "LEHR")
		s.PutString(collimatorType, "PARA")
		s.PutString(focalDistance, h.decimal("0"))
		s.PutString(dataset.ImageOrientationPatient)
		s.PutString(dataset.ImagePositionPatient)
		switch view, ok := nmViews[h.frameView(i)]; {
		case kind == "RECON TOMO":
			h.stack().lie(h, s)
		case kind != "TOMO" && ok:
			s.PutSequence(viewCodeSequence, nmView(view))
		}
		items[i] = s
	}
	h.PutUint16(dataset.NumberOfDetectors, uint16(n))
	h.PutSequence(detectorInformationSequence, items...)
}

// frameView is the name of the phantom's view that a frame, from 0, shows: those
// of the first energy window are one of each detector.
func (h *header) frameView(frame int) string {
	key := h.study.frameKey(h.series, h.number, min(frame, h.frames-1), h.variant)
	return h.series.phantom.Views[key.view]
}

// nmViews are the codes of what a detector sees, PS3.16 CID 26, by the names of
// the phantoms' views.
var nmViews = map[string][2]string{
	"anterior":  {"399321004", "Anterior projection"},
	"posterior": {"399001007", "Posterior projection"},
}

// nmView is a view's code, with its modifier, which is of type 2C.
func nmView(view [2]string) *dataset.Set {
	s := code(view[0], "SCT", view[1])
	s.PutSequence(viewModifierSequence)
	return s
}

// sliceStack says how reconstructed slices lie: the cosines of rows and columns
// in millionths, and where the middle of the first slice is, in 1/100 mm.
type sliceStack struct {
	row, column [3]int
	middle      [3]int
	against     bool // slices follow each other against the normal
	view        [2]string
	progression string // Slice Progression Direction, of the heart's short axis
}

// stack is that of the recipe's part of the body.
func (h *header) stack() sliceStack {
	if h.study.Recipe.BodyPart == "HEART" {
		// Across the heart's axis, which points to the left (+x), forward (-y) and
		// down (-z), 0.6, -0.64, -0.48: rows to the lateral wall, columns to the
		// inferior one.
		return sliceStack{
			row: [3]int{729537, 683941, 0}, column: [3]int{-328292, 350178, -877268}, middle: [3]int{7000, -6000, -2000},
			view: [2]string{"103340004", "Short axis"}, progression: "APEX_TO_BASE",
		}
	}
	return sliceStack{
		row: [3]int{1_000_000, 0, 0}, column: [3]int{0, 1_000_000, 0}, middle: [3]int{0, 0, 8000}, against: true, // to the feet
		view: [2]string{"62824007", "Transverse"},
	}
}

// lie puts orientation, position and view.
func (a sliceStack) lie(h *header, s *dataset.Set) {
	left, top := h.corner()
	var cosines, position []string
	for axis := range 3 {
		position = append(position, h.decimal(millimetres(a.middle[axis]+(left*a.row[axis]+top*a.column[axis])/1_000_000)))
	}
	for _, c := range slices.Concat(a.row[:], a.column[:]) {
		cosines = append(cosines, h.decimal(millionths(c)))
	}
	s.PutString(dataset.ImageOrientationPatient, cosines...)
	s.PutString(dataset.ImagePositionPatient, position...)
	s.PutSequence(viewCodeSequence, nmView(a.view))
}

// millionths formats a number of millionths as a DS.
func millionths(n int) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	if n%1_000_000 == 0 {
		return fmt.Sprintf("%s%d", sign, n/1_000_000)
	}
	return fmt.Sprintf("%s%d.%06d", sign, n/1_000_000, n%1_000_000)
}

// technetium is the Radiopharmaceutical Information Sequence of the NM Isotope
// Module, PS3.3 C.8.4.10, by the part of the body.
func (h *header) technetium() {
	part := h.study.Recipe.BodyPart
	agent, ok := technetiumAgents[part]
	if !ok {
		agent = technetiumAgents[""]
	}
	s := h.administration(agent, [2]string{"72454006", "^99m^Technetium"}, "740")
	s.PutString(radiopharmaceuticalStartTime, h.study.start.Add(-time.Hour).Format("150405"))
	h.PutSequence(dataset.RadiopharmaceuticalInformationSequence, s)
}

// technetiumAgents are compounds of PS3.16 CID 25.
var technetiumAgents = map[string][2]string{
	"":        {"96390006", "Technetium Tc^99m^ medronate"},
	"HEART":   {"424299003", "Technetium Tc^99m^ sestamibi"},
	"THYROID": {"19495007", "Sodium pertechnetate Tc^99m^"},
}

// administration is an item of the Radiopharmaceutical Information Sequence
// without its time. The dose is in MBq in NM, in Bq in PET.
func (h *header) administration(agent, nuclide [2]string, dose string) *dataset.Set {
	s := dataset.New()
	s.PutString(dataset.Radiopharmaceutical, agent[1])
	s.PutSequence(radiopharmaceuticalCodeSequence, code(agent[0], "SCT", agent[1]))
	s.PutSequence(radionuclideCodeSequence, code(nuclide[0], "SCT", nuclide[1]))
	s.PutSequence(administrationRouteCodeSequence, code("47625008", "SCT", "Intravenous route"))
	s.PutString(dataset.RadionuclideTotalDose, h.decimal(dose))
	return s
}

// headFirst is how most patients lie in a gantry, PS3.16 CID 21.
var headFirst = [2]string{"102540008", "headfirst"}

// lying is the NM/PET Patient Orientation Module, PS3.3 C.8.4.6: recumbent,
// supine, and so in the gantry. See PS3.16 CID 19 and 20.
func (h *header) lying(inGantry [2]string) {
	recumbent := code("102538003", "SCT", "recumbent")
	recumbent.PutSequence(patientOrientationModifierCode, code("40199007", "SCT", "supine"))
	h.PutSequence(patientOrientationCodeSequence, recumbent)
	h.PutSequence(patientGantryRelationshipSequence, code(inGantry[0], "SCT", inGantry[1]))
}
