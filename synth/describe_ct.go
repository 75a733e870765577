package synth

import (
	"fmt"

	"pacsuat/internal/dicom/dataset"
)

// describeCT adds the CT Image, Frame of Reference and Image Plane Modules,
// PS3.3 C.8.2.1, C.7.4.1 and C.7.6.2. All series of a study are reconstructions
// of one volume.
func describeCT(h *header) {
	se := h.series
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "AXIAL")
	h.PutString(dataset.ConvolutionKernel, "B30F")
	h.PutString(dataset.PatientPosition, "HFS")
	h.type2(dataset.KVP, h.decimal("120"))
	h.PutString(dataset.XRayTubeCurrent, h.decimal("180"))
	h.PutString(dataset.ExposureTime, h.decimal("500"))
	h.PutString(dataset.DataCollectionDiameter, h.decimal("500"))
	h.PutString(dataset.ReconstructionDiameter, h.decimal(millimetres(hundredths(se.FieldMM))))
	h.PutString(dataset.GantryDetectorTilt, h.decimal("0"))
	h.PutString(dataset.RotationDirection, "CW")
	h.hounsfield()
	h.phantomWindow()
	h.plane([]string{"1", "0", "0", "0", "1", "0"})
}

// hounsfield puts the rescale of CT, PS3.3 C.8.2.1: stored values are Hounsfield
// units, with 1024 added where they are unsigned.
func (h *header) hounsfield() {
	h.PutString(dataset.RescaleIntercept, h.decimal(fmt.Sprint(h.series.intercept())))
	h.PutString(dataset.RescaleSlope, h.decimal("1"))
	h.PutString(dataset.RescaleType, "HU")
}

// intercept is what is added to stored values to give the phantom's own unit.
func (f *format) intercept() int { return -f.phantom.Air - f.offset }

// placeCT puts where the slice lies: the centre of the first pixel of a field
// around the isocentre; the slices run from head to feet (-z), but for those of
// the head alone.
func placeCT(h *header) {
	left, top := h.corner()
	z, step := 30000, h.number*hundredths(h.series.SpacingMM)
	if planes[h.study.Recipe.BodyPart] == axialUpwards {
		z += step
	} else {
		z -= step
	}
	h.slice([]string{millimetres(left), millimetres(top), millimetres(z)}, millimetres(z))
}

// corner returns where the centre of the first pixel lies, to the left of and
// above the middle of the field; pixels are square.
func (h *header) corner() (left, top int) {
	field, m := hundredths(h.series.FieldMM), h.series.Matrix
	return -field * (m.Columns - 1) / (2 * m.Columns), -field * (m.Rows - 1) / (2 * m.Columns)
}

// spacing is the distance of pixels, the same across and down.
func (h *header) spacing() string {
	return perPixel(hundredths(h.series.FieldMM), h.series.Matrix.Columns)
}

// frameOfReference is the Frame of Reference Module, PS3.3 C.7.4.1: one for the
// whole study.
func (h *header) frameOfReference() {
	h.PutString(dataset.FrameOfReferenceUID, h.study.frameOfReference)
	h.type2(dataset.PositionReferenceIndicator, "")
}

// plane adds Frame of Reference and Image Plane, PS3.3 C.7.4.1 and C.7.6.2,
// without what slice puts.
func (h *header) plane(orientation []string) {
	h.frameOfReference()
	spacing, thickness := h.spacing(), millimetres(hundredths(h.series.SpacingMM))
	h.PutString(dataset.PixelSpacing, h.decimals(spacing, spacing)...)
	h.PutString(dataset.SliceThickness, h.decimal(thickness))
	h.PutString(dataset.SpacingBetweenSlices, h.decimal(thickness))
	h.PutString(dataset.ImageOrientationPatient, h.decimals(orientation...)...)
}

// slice adds what is different in each instance of the Image Plane Module.
func (h *header) slice(position []string, location string) {
	h.PutString(dataset.ImagePositionPatient, h.decimals(position...)...)
	h.PutString(dataset.SliceLocation, h.decimal(location))
}
