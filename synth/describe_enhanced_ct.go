package synth

import (
	"strconv"

	"pacsuat/internal/dicom/dataset"
)

// spiral is the acquisition from which all series of an enhanced CT study are
// reconstructed: 64 rows of 0.6 mm, pitch 1, half a second a revolution.
var spiral = struct{ single, total, feed, pitch, revolution, speed string }{"0.6", "38.4", "38.4", "1", "0.5", "76.8"}

const (
	spiralRevolution = 500_000 // microseconds
	spiralSpeed      = 7680    // hundredths of a millimetre in a second
)

// describeEnhancedCT adds what the Enhanced CT Image IOD wants, PS3.3 A.38 and
// C.8.15: axial slices of one spiral, several of these where the recipe says
// NumberOfTemporalPositions.
func describeEnhancedCT(h *header) {
	positions, _ := strconv.Atoi(h.says("NumberOfTemporalPositions", "1"))
	g := h.functionalGroups(positions)
	g.take("NumberOfTemporalPositions", "1")
	g.enhanced(`ORIGINAL\PRIMARY\VOLUME\NONE`)
	g.PutString(dataset.PatientPosition, "HFS")

	var volumes []dimension
	constant := "NO"
	if g.volumes > 1 {
		volumes, constant = []dimension{inTime}, "YES"
	}
	spacing := hundredths(g.series.SpacingMM)
	after := func(slices int) int { return slices * spacing * 1_000_000 / spiralSpeed } // microseconds
	scan := after(g.slices) + spiralRevolution
	every := scan + 1_000_000
	g.PutFloat64(acquisitionDuration, float64((g.volumes-1)*every+scan)/1_000_000)
	g.dimensions(volumes...)
	g.frameContent(func(slice, volume int) (int, int) { return volume*every + after(slice), spiralRevolution }, volumes...)
	if g.volumes > 1 {
		g.temporalPosition(func(volume int) int { return volume * every / 1000 })
	}

	left, top := g.corner()
	step := -spacing // as in classic CT, see placeCT
	if planes[g.study.Recipe.BodyPart] == axialUpwards {
		step = spacing
	}
	g.planes(axial.orientation(), func(slice int) []string {
		return []string{millimetres(left), millimetres(top), millimetres(firstSlice + slice*step)}
	})
	g.ctPosition(step)
	g.frameAnatomy(g.laterality())
	g.transformation(g.series.intercept(), "HU")
	g.contrast()

	g.frameType("CTImageFrameTypeSequence")
	g.macro("IrradiationEventIdentificationSequence", "IrradiationEventUID", g.study.uid("irradiation-event", g.study.index, g.number))
	g.macro("CTAcquisitionTypeSequence", "AcquisitionType", "SPIRAL", "ConstantVolumeFlag", constant, "FluoroscopyFlag", "NO")
	g.macro("CTAcquisitionDetailsSequence",
		"RotationDirection", "CW", "RevolutionTime", spiral.revolution,
		"SingleCollimationWidth", spiral.single, "TotalCollimationWidth", spiral.total,
		"TableHeight", "150", "GantryDetectorTilt", "0", "DataCollectionDiameter", "500")
	g.macro("CTTableDynamicsSequence",
		"TableSpeed", spiral.speed, "TableFeedPerRotation", spiral.feed, "SpiralPitchFactor", spiral.pitch)
	g.macro("CTGeometrySequence", "DistanceSourceToDetector", "1040", "DistanceSourceToDataCollectionCenter", "570")
	g.macro("CTReconstructionSequence",
		"ReconstructionAlgorithm", "FILTER_BACK_PROJ", "ConvolutionKernel", "B30F", "ConvolutionKernelGroup", "SOFT_TISSUE",
		"ReconstructionDiameter", millimetres(hundredths(g.series.FieldMM)),
		"ReconstructionPixelSpacing", g.spacing()+`\`+g.spacing(), "ReconstructionAngle", "360", "ImageFilter", "NONE")
	g.ctExposure()
	g.macro("CTXRayDetailsSequence", "KVP", "120", "FocalSpots", "1.2", "FilterType", "WEDGE", "FilterMaterial", "ALUMINUM")
	g.end()
}

// firstSlice is where the first slice lies, in hundredths of a millimetre.
const firstSlice = 30000

// ctPosition adds the CT Position Macro, PS3.3 C.8.15.3.5, to each frame: the
// table goes with the slices, into the gantry from head to feet, and data are
// collected around the isocentre.
func (g *groups) ctPosition(step int) {
	var (
		sequence = g.tag("CTPositionSequence")
		table    = g.tag("TablePosition")
		centre   = g.tag("DataCollectionCenterPatient")
		target   = g.tag("ReconstructionTargetCenterPatient")
	)
	for k, frame := range g.frame {
		slice, _ := g.place(k)
		z := float64(firstSlice+slice*step) / 100
		item := dataset.New()
		item.PutFloat64(centre, 0, 0, z)
		item.PutFloat64(target, 0, 0, z)
		item.PutFloat64(table, float64(slice*step)/100)
		frame.PutSequence(sequence, item)
	}
}

// ctExposure adds the CT Exposure Macro, PS3.3 C.8.15.3.8. The recipe says the
// current in XRayTubeCurrent; a frame is exposed for one revolution at pitch 1.
func (g *groups) ctExposure() {
	current := g.take("XRayTubeCurrent", "180")
	item := g.macro("CTExposureSequence",
		"ExposureTimeInms", strconv.Itoa(spiralRevolution/1000), "XRayTubeCurrentInmA", current,
		"ExposureInmAs", decimalOf(thousandths(current)*(spiralRevolution/1000)/1000),
		"ExposureModulationType", "NONE", "CTDIvol", "6.8")
	phantom := code("113691", "DCM", "IEC Body Dosimetry Phantom")
	if part := g.study.Recipe.BodyPart; part == "HEAD" || part == "BRAIN" {
		phantom = code("113690", "DCM", "IEC Head Dosimetry Phantom")
	}
	item.PutSequence(g.tag("CTDIPhantomTypeCodeSequence"), phantom)
}
