package synth

import (
	"pacsuat/internal/dicom/dataset"
)

// describeUS adds the US Image and US Region Calibration Modules, and for
// multi-frame objects Multi-frame and Cine, PS3.3 C.8.5.6, C.8.5.5, C.7.6.6 and
// C.7.6.5.
func describeUS(h *header) {
	application, modes := "ABDOMINAL", "0001" // 2D
	transducer := "CURVED LINEAR"
	switch h.study.Recipe.BodyPart {
	case "HEART":
		application, transducer = "TTE", "SECTOR_PHASED"
	case "UTERUS":
		application = "OBSTETRICAL"
	}
	doppler := uint16(0)
	if h.series.samples == 3 {
		doppler, modes = 1, "0011" // and colour Doppler
	}
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", application, modes)
	h.type2(dataset.PatientOrientation)
	h.PutUint16(dataset.UltrasoundColorDataPresent, doppler)
	h.PutString(dataset.TransducerType, transducer)
	h.PutSequence(dataset.SequenceOfUltrasoundRegions, usRegion(h.series.Matrix))
	if h.series.object.pixels != multiFrame {
		return
	}
	h.cine("83.3", "12")
	h.PutString(dataset.HeartRate, h.decimal("72"))
}

// cine is the Cine and Multi-frame Module of frames that follow each other in a
// constant time, PS3.3 C.7.6.5 and C.7.6.6: milliseconds a frame, frames a
// second.
func (h *header) cine(frameTime, rate string) {
	h.PutTags(dataset.FrameIncrementPointer, dataset.FrameTime)
	h.PutString(dataset.FrameTime, h.decimal(frameTime))
	h.PutString(dataset.CineRate, h.decimal(rate))
}

// usRegion calibrates the fan: centimetres a pixel, PS3.3 C.8.5.5.
func usRegion(m Matrix) *dataset.Set {
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
	s.PutUint32(regionLocationMinX0, uint32(m.Columns/10))
	s.PutUint32(regionLocationMinY0, uint32(m.Rows/20))
	s.PutUint32(regionLocationMaxX1, uint32(m.Columns*9/10))
	s.PutUint32(regionLocationMaxY1, uint32(m.Rows-1))
	s.PutUint16(physicalUnitsXDirecton, centimetres)
	s.PutUint16(physicalUnitsYDirecton, centimetres)
	// The picture is 16 cm high; a division of small integers is exact to the
	// last bit on every machine.
	delta := 16 / float64(m.Rows)
	s.PutFloat64(physicalDeltaX, delta)
	s.PutFloat64(physicalDeltaY, delta)
	return s
}
