package synth

import (
	"pacsuat/internal/dicom/dataset"
)

// describeMR adds the MR Image, Frame of Reference and Image Plane Modules,
// PS3.3 C.8.3.1, C.7.4.1 and C.7.6.2: spin echo; what a weighting makes
// different stands in the recipe's attributes.
func describeMR(h *header) {
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "OTHER")
	h.PutString(dataset.PatientPosition, "HFS")
	h.PutString(dataset.ScanningSequence, "SE")
	h.PutString(dataset.SequenceVariant, "SK")
	h.PutString(dataset.ScanOptions)
	h.PutString(dataset.MRAcquisitionType, "2D")
	h.type2(dataset.RepetitionTime, h.decimal("550"))
	h.type2(dataset.EchoTime, h.decimal("12"))
	h.type2(dataset.EchoTrainLength, h.decimal("1"))
	h.PutString(dataset.MagneticFieldStrength, h.decimal("1.5"))
	h.PutString(dataset.FlipAngle, h.decimal("90"))
	h.phantomWindow()
	h.plane(planes[h.study.Recipe.BodyPart].orientation())
}

// plane is how the slices of a body part lie, and to which side they follow each
// other.
type plane int

const (
	axial             plane = iota // from head to feet
	axialUpwards                   // from below to the crown of the head
	sagittal                       // from the patient's left to the right
	sagittalLeftwards              // from the right to the left
)

// planes are those of the phantoms that are not axial from above, by body part.
var planes = map[string]plane{"KNEE": sagittal, "LSPINE": sagittalLeftwards, "BRAIN": axialUpwards, "HEAD": axialUpwards}

// isSagittal says whether it is one of both sagittal planes.
func (p plane) isSagittal() bool { return p == sagittal || p == sagittalLeftwards }

// orientation is Image Orientation (Patient). A sagittal plane is seen from the
// patient's left: its columns run backwards (+y) and its rows to the feet (-z).
func (p plane) orientation() []string {
	if p.isSagittal() {
		return []string{"0", "1", "0", "0", "0", "-1"}
	}
	return []string{"1", "0", "0", "0", "1", "0"}
}

// position is where the centre of a slice's first pixel lies, and the slice's
// place along its axis, in hundredths of a millimetre.
func (h *header) position(number int) (xyz []string, location string) {
	left, top := h.corner()
	step := number * hundredths(h.series.SpacingMM)
	lie := planes[h.study.Recipe.BodyPart]
	if lie.isSagittal() {
		x := -6000 - step
		if lie == sagittalLeftwards {
			x = -6000 + step
		}
		return []string{millimetres(x), millimetres(left), millimetres(-top)}, millimetres(x)
	}
	z := 8000 - step
	if lie == axialUpwards {
		z = -8000 + step
	}
	return []string{millimetres(left), millimetres(top), millimetres(z)}, millimetres(z)
}

// placeMR puts where the slice lies.
func placeMR(h *header) { h.slice(h.position(h.number)) }
