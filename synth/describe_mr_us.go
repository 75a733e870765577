package synth

import (
	"fmt"

	"pacsuat/internal/dicom/dataset"
)

// The MR's field of view and slice distance, in hundredths of a millimetre.
const (
	mrField    = 16000
	mrDistance = 350
)

// describeMR adds the MR Image, Frame of Reference and Image Plane Modules,
// PS3.3 C.8.3.1, C.7.4.1 and C.7.6.2: sagittal spin echo series of one knee,
// each another weighting of the same slices.
func describeMR(h *header) {
	r := h.study.Recipe
	weighting := []struct{ title, tr, te, train, options string }{
		{"SAG PD", "2800", "30", "5", ""},
		{"SAG T1", "550", "12", "1", ""},
		{"SAG T2 FS", "3600", "70", "9", "FS"},
	}[h.series%len(kneeWeightings)]
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "OTHER")
	h.PutString(dataset.SeriesDescription, weighting.title)
	h.PutString(dataset.Laterality, "R")
	h.PutString(dataset.PatientPosition, "FFS")
	h.PutString(dataset.ScanningSequence, "SE")
	h.PutString(dataset.SequenceVariant, "SK")
	h.PutString(dataset.ScanOptions, weighting.options)
	h.PutString(dataset.MRAcquisitionType, "2D")
	h.type2(dataset.RepetitionTime, h.decimal(weighting.tr))
	h.type2(dataset.EchoTime, h.decimal(weighting.te))
	h.type2(dataset.EchoTrainLength, h.decimal(weighting.train))
	h.PutString(dataset.MagneticFieldStrength, h.decimal("1.5"))
	h.PutString(dataset.FlipAngle, h.decimal("90"))
	h.window(750, 1500)

	h.plane(perPixel(mrField, r.Columns), millimetres(mrDistance), []string{"0", "1", "0", "0", "0", "-1"})
}

// placeMR puts where the slice lies: a sagittal plane seen from the patient's
// left, whose columns run backwards (+y) and rows to the feet (-z); slices of a
// right knee run from medial to lateral, which is to the right (-x).
func placeMR(h *header) {
	front, top := corner(mrField, h.study.Recipe)
	x := -6000 - h.number*mrDistance
	h.slice([]string{millimetres(x), millimetres(front), millimetres(-top)}, millimetres(x))
}

// describeUS adds the US Image and US Region Calibration Modules, and for
// multi-frame objects Multi-frame and Cine, PS3.3 C.8.5.6, C.8.5.5, C.7.6.6 and
// C.7.6.5.
func describeUS(h *header) {
	r := h.study.Recipe
	cine := r.SOPClassUID == usMultiFrameImageStorage
	application, modes := "ABDOMINAL", "0011" // 2D and colour Doppler
	if cine {
		application, modes = "TTE", "0001"
	}
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", application, modes)
	h.PutString(dataset.SeriesDescription, r.Description)
	h.type2(dataset.PatientOrientation)
	doppler := uint16(0)
	if r.SamplesPerPixel == 3 {
		doppler = 1
	}
	h.PutUint16(dataset.UltrasoundColorDataPresent, doppler)
	h.PutString(dataset.TransducerType, "CURVED LINEAR")
	h.PutSequence(dataset.SequenceOfUltrasoundRegions, usRegion(r))
	if !cine {
		return
	}
	h.PutString(dataset.TransducerType, "SECTOR_PHASED")
	h.PutString(dataset.NumberOfFrames, fmt.Sprint(r.Frames))
	h.PutTags(dataset.FrameIncrementPointer, dataset.FrameTime)
	h.PutString(dataset.FrameTime, h.decimal("83.3"))
	h.PutString(dataset.CineRate, h.decimal("12"))
	h.PutString(dataset.HeartRate, h.decimal("72"))
}

// usRegion calibrates the fan: centimetres a pixel, PS3.3 C.8.5.5.
func usRegion(r Recipe) *dataset.Set {
	const (
		regionSpatialFormat    dataset.Tag = 0x00186012
		regionDataType         dataset.Tag = 0x00186014
		regionFlags            dataset.Tag = 0x00186016
		regionLocationMinX0    dataset.Tag = 0x00186018
		regionLocationMinY0    dataset.Tag = 0x0018601A
		regionLocationMaxX1    dataset.Tag = 0x0018601C
		regionLocationMaxY1    dataset.Tag = 0x0018601E
		physicalUnitsXDirecton dataset.Tag = 0x00186024
		physicalUnitsYDirecton dataset.Tag = 0x00186026
		physicalDeltaX         dataset.Tag = 0x0018602C
		physicalDeltaY         dataset.Tag = 0x0018602E
		centimetres                        = 3
	)
	s := dataset.New()
	s.PutUint16(regionSpatialFormat, 1) // 2D
	s.PutUint16(regionDataType, 1)      // tissue
	s.PutUint32(regionFlags, 2)         // pixels outside are not of higher priority
	s.PutUint32(regionLocationMinX0, uint32(r.Columns/10))
	s.PutUint32(regionLocationMinY0, uint32(r.Rows/20))
	s.PutUint32(regionLocationMaxX1, uint32(r.Columns*9/10))
	s.PutUint32(regionLocationMaxY1, uint32(r.Rows-1))
	s.PutUint16(physicalUnitsXDirecton, centimetres)
	s.PutUint16(physicalUnitsYDirecton, centimetres)
	// The picture is 16 cm high; a division of small integers is exact to the
	// last bit on every machine.
	delta := 16 / float64(r.Rows)
	s.PutFloat64(physicalDeltaX, delta)
	s.PutFloat64(physicalDeltaY, delta)
	return s
}
