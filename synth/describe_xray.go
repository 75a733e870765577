package synth

import (
	"fmt"

	"pacsuat/internal/dicom/dataset"
)

// Tags that only one module of one recipe needs.
const (
	anatomicRegionSequence dataset.Tag = 0x00082218
	viewCodeSequence       dataset.Tag = 0x00540220
	viewModifierSequence   dataset.Tag = 0x00540222
	positionerType         dataset.Tag = 0x00181508
)

// The detectors of CR and DX are this wide, in hundredths of a millimetre.
const (
	crWidth = 35000
	dxWidth = 43000
)

// describeCR adds the CR Series and CR Image Modules, PS3.3 C.8.1.1, C.8.1.2.
func describeCR(h *header) {
	h.PutString(dataset.ViewPosition, "PA")
	h.PutString(dataset.PatientOrientation, "L", "F") // columns run to the left, rows to the feet
	spacing := perPixel(crWidth, h.study.Recipe.Columns)
	h.PutString(dataset.ImagerPixelSpacing, h.decimals(spacing, spacing)...)
	h.exposure("125")
	h.PutString(dataset.SeriesDescription, "CHEST PA")
	h.window(1450, 2900)
}

// exposure puts what the CR Image and DX X-Ray Acquisition Modules share.
func (h *header) exposure(kVP string) {
	h.PutString(dataset.KVP, h.decimal(kVP))
	h.PutString(dataset.DistanceSourceToDetector, h.decimal("1800"))
	h.PutString(dataset.ExposureTime, h.decimal("8"))
	h.PutString(dataset.XRayTubeCurrent, h.decimal("320"))
	h.PutString(dataset.Exposure, h.decimal("3"))
}

// describeDX adds what the Digital X-Ray Image IOD for presentation wants, PS3.3
// A.26 and C.8.11.
func describeDX(h *header) {
	view, _ := h.study.viewAndSlice(h.series, h.number)
	position, orientation := "PA", []string{"L", "F"}
	viewCode := code("399348003", "SCT", "postero-anterior")
	if view == 1 {
		position, orientation = "LL", []string{"P", "F"}
		viewCode = code("399173006", "SCT", "left lateral")
	}
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "")
	h.PutString(dataset.PresentationIntentType, "FOR PRESENTATION")
	h.PutString(dataset.SeriesDescription, "CHEST "+position)
	h.PutString(dataset.ViewPosition, position)
	h.PutString(dataset.PatientOrientation, orientation...)
	h.PutString(dataset.ImageLaterality, "U")
	h.PutSequence(anatomicRegionSequence, code("51185008", "SCT", "Thorax"))
	viewCode.PutSequence(viewModifierSequence)
	h.PutSequence(viewCodeSequence, viewCode)
	h.type2(positionerType, "COLUMN")
	h.type2(dataset.DetectorType, "SCINTILLATOR")
	spacing := perPixel(dxWidth, h.study.Recipe.Columns)
	h.PutString(dataset.ImagerPixelSpacing, h.decimals(spacing, spacing)...)
	h.exposure("125")
	h.PutString(dataset.PixelIntensityRelationship, "LOG")
	h.PutUint16(dataset.PixelIntensityRelationshipSign, 1)
	h.PutString(dataset.RescaleIntercept, h.decimal("0"))
	h.PutString(dataset.RescaleSlope, h.decimal("1"))
	h.PutString(dataset.RescaleType, "US")
	h.PutString(dataset.PresentationLUTShape, "IDENTITY")
	h.window(1450, 2900)
	h.PutSequence(dataset.AcquisitionContextSequence) // type 2, C.7.6.14
}

// The CT's field of view and slice distance, in hundredths of a millimetre.
const (
	ctField    = 40000
	ctDistance = 500
)

// describeCT adds the CT Image, Frame of Reference and Image Plane Modules,
// PS3.3 C.8.2.1, C.7.4.1 and C.7.6.2. All series of a study are
// reconstructions of one volume: slices of the same place in their series lie at
// the same place in the body.
func describeCT(h *header) {
	r := h.study.Recipe
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "AXIAL")
	kernel, title, centre, width := "B30F", "SOFT TISSUE", 40, 400
	if h.series%2 == 1 {
		kernel, title, centre, width = "B70F", "LUNG", -600, 1500
	}
	h.PutString(dataset.SeriesDescription, fmt.Sprintf("CHEST 5.0 %s", title))
	h.PutString(dataset.ConvolutionKernel, kernel)
	h.PutString(dataset.ContrastBolusAgent, "SYNTHETIC CONTRAST")
	h.PutString(dataset.PatientPosition, "HFS")
	h.type2(dataset.KVP, h.decimal("120"))
	h.PutString(dataset.XRayTubeCurrent, h.decimal("180"))
	h.PutString(dataset.ExposureTime, h.decimal("500"))
	h.PutString(dataset.DataCollectionDiameter, h.decimal("500"))
	h.PutString(dataset.ReconstructionDiameter, h.decimal(millimetres(ctField)))
	h.PutString(dataset.GantryDetectorTilt, h.decimal("0"))
	h.PutString(dataset.RotationDirection, "CW")
	h.PutString(dataset.RescaleIntercept, h.decimal("-1024"))
	h.PutString(dataset.RescaleSlope, h.decimal("1"))
	h.PutString(dataset.RescaleType, "HU")
	h.window(centre, width)

	h.plane(perPixel(ctField, r.Columns), millimetres(ctDistance), []string{"1", "0", "0", "0", "1", "0"})
}

// placeCT puts where the slice lies: the centre of the first pixel of a field
// around the isocentre; the slices run from the apex of the lungs towards the
// feet (-z).
func placeCT(h *header) {
	left, top := corner(ctField, h.study.Recipe)
	z := 30000 - h.number*ctDistance
	h.slice([]string{millimetres(left), millimetres(top), millimetres(z)}, millimetres(z))
}

// corner returns where the centre of the first pixel lies, to the left of and
// above the middle of a field of that width; pixels are square.
func corner(field int, r Recipe) (left, top int) {
	return -field * (r.Columns - 1) / (2 * r.Columns), -field * (r.Rows - 1) / (2 * r.Columns)
}

// plane adds Frame of Reference and Image Plane, PS3.3 C.7.4.1 and C.7.6.2,
// without what slice puts.
func (h *header) plane(spacing, thickness string, orientation []string) {
	h.PutString(dataset.FrameOfReferenceUID, h.study.frameOfReference)
	h.type2(dataset.PositionReferenceIndicator, "")
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
