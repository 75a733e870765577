package synth

import (
	"strconv"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// Tags of the modules of positron emission tomography.
const (
	radionuclideHalfLife         dataset.Tag = 0x00181075
	radionuclidePositronFraction dataset.Tag = 0x00181076
	correctedImage               dataset.Tag = 0x00280051
	seriesType                   dataset.Tag = 0x00541000
	randomsCorrectionMethod      dataset.Tag = 0x00541100
	attenuationCorrectionMethod  dataset.Tag = 0x00541101
	reconstructionMethod         dataset.Tag = 0x00541103
	frameReferenceTime           dataset.Tag = 0x00541300
	decayFactor                  dataset.Tag = 0x00541321
	imageIndex                   dataset.Tag = 0x00541330
)

// describePT adds the PET Series, PET Isotope, PET Image, NM/PET Patient
// Orientation, Frame of Reference and Image Plane Modules, PS3.3 C.8.9.1,
// C.8.9.2, C.8.9.4, C.8.4.6, C.7.4.1 and C.7.6.2: activity of fluorine 18 in
// Bq/ml, acquired in bed positions one after another. Slices lie where those of
// a CT of the same study and spacing lie.
func describePT(h *header) {
	se := h.series
	if se.samples != 1 || se.inverted || se.StoredBits != 16 || se.phantom.Air != 0 {
		h.refuse("its pictures are MONOCHROME2, of 16 bits stored, and no Hounsfield units (PS3.3 C.8.9.4)")
	}
	h.PutString(dataset.PatientWeight, h.decimal("70"))
	h.PutString(dataset.PatientSize, h.decimal("1.70"))
	h.lying(headFirst)

	h.PutString(seriesType, "WHOLE BODY", "IMAGE")
	h.PutString(dataset.Units, "BQML")
	h.PutString(dataset.CountsSource, "EMISSION")
	h.PutUint16(dataset.NumberOfSlices, uint16(min(se.made, 1<<16-1)))
	h.type2(correctedImage, "DECY", "ATTN", "SCAT", "DTIM", "RAN", "NORM")
	h.PutString(randomsCorrectionMethod, "DLYD")
	h.PutString(attenuationCorrectionMethod, "MEASURED, CT")
	h.PutString(dataset.DecayCorrection, "START")
	h.PutString(reconstructionMethod, "3D OSEM 3I21S")
	h.PutString(dataset.ConvolutionKernel, "GAUSS 4.0")
	h.type2(collimatorType, "NONE")
	h.PutSequence(energyWindowRangeSequence, h.energyRange(435, 650))

	item := h.administration([2]string{"35321007", "Fluorodeoxyglucose F^18^"}, [2]string{"77004003", "^18^Fluorine"}, "350000000")
	injected := h.study.start.Add(-time.Hour)
	item.PutString(radiopharmaceuticalStartTime, injected.Format("150405"))
	item.PutString(radiopharmaceuticalStartDateTime, injected.Format("20060102150405"))
	item.PutString(radionuclideHalfLife, h.decimal("6586.2"))
	item.PutString(radionuclidePositronFraction, h.decimal("0.967"))
	h.PutSequence(dataset.RadiopharmaceuticalInformationSequence, item)

	h.type2(dataset.ActualFrameDuration, h.decimal(strconv.Itoa(bedSeconds*1000)))
	h.PutString(dataset.RescaleIntercept, h.decimal("0"))
	centre, width := se.phantom.Window()
	becquerel := func(stored int) string {
		return h.decimal(strconv.Itoa(max(1, scaled(stored, se.StoredBits-se.phantom.Bits)*leastSlope/1_000_000)))
	}
	h.PutString(dataset.WindowCenter, becquerel(centre))
	h.PutString(dataset.WindowWidth, becquerel(width))
	h.plane([]string{"1", "0", "0", "0", "1", "0"})
}

// What placePT computes with.
const (
	bedSeconds = 120
	bedLength  = 15000 // 1/100 mm from one bed position to the next
	mostBeds   = 20

	leastSlope = 420_000 // Bq/ml of a stored value, in millionths
	slopeStep  = 731     // from one slice to the next

	// Activity counts for the moment at which half of the counts were taken: of
	// 120 s and a half life of 6586.2 s that is after 59.937 s. Until then it has
	// fallen by the first factor, in a bed position by the second, in 1e-9.
	halfCountsMS = 59_937
	firstFactor  = 1_006_327_832
	bedFactor    = 1_012_709_166
)

// placePT puts where the slice lies, as placeCT does, and what of it depends on
// when it was acquired and on its activity. See PS3.3 C.8.9.4.1.5.
func placePT(h *header) {
	placeCT(h)
	bed := min(h.number*hundredths(h.series.SpacingMM)/bedLength, mostBeds-1)
	acquired := h.series.begin.Add(time.Duration(bed*bedSeconds) * time.Second)
	h.PutString(dataset.AcquisitionDate, acquired.Format("20060102"))
	h.PutString(dataset.AcquisitionTime, acquired.Format("150405.000000"))
	h.PutString(frameReferenceTime, h.decimal(strconv.Itoa(bed*bedSeconds*1000+halfCountsMS)))
	factor := int64(firstFactor)
	for range bed {
		factor = factor * bedFactor / 1_000_000_000
	}
	h.PutString(decayFactor, h.decimal(millionths(int(factor/1000))))
	slope := leastSlope + slopeStep*thereAndBack(h.number, 200)
	h.PutString(dataset.RescaleSlope, h.decimal(millionths(slope)))
	h.PutUint16(imageIndex, uint16(min(h.number+1, 1<<16-1)))
}
