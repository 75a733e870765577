package synth

import (
	"slices"
	"strconv"

	"pacsuat/internal/dicom/dataset"
)

// mrWeighting is what a sequence of one contrast usually is: times in
// milliseconds, the echoes of a train, and how echoes come to be.
type mrWeighting struct {
	contrast                string // Acquisition Contrast (0008,9209)
	name                    string // Pulse Sequence Name
	repetition, echo        string
	inversion               string // Inversion Time; empty: none
	flip, train             string
	echoes                  string // SPIN, GRADIENT or BOTH
	planar                  bool   // EPI
	fat                     string // Spectrally Selected Suppression
	bandwidth               string // hertz a pixel
	specificAbsorption, dBt string // of the SAR, W/kg, and of the gradients, T/s
}

// mrWeightings are those that recipes name in AcquisitionContrast. The last one
// is that of a contrast that is not among them.
var mrWeightings = []mrWeighting{
	{"T1", "se2d1", "550", "12", "", "90", "1", "SPIN", false, "NONE", "150", "1.1", "32"},
	{"T2", "tse2d15", "4200", "98", "", "150", "15", "SPIN", false, "NONE", "200", "1.8", "34"},
	{"FLUID_ATTENUATED", "tir2d24", "9000", "120", "2500", "150", "24", "SPIN", false, "FAT", "220", "1.2", "34"},
	{"PROTON_DENSITY", "tse2d5", "2800", "30", "", "150", "5", "SPIN", false, "NONE", "180", "1.6", "34"},
	{"T2_STAR", "fl2d1", "800", "26", "", "20", "1", "GRADIENT", false, "NONE", "120", "0.2", "30"},
	{"DIFFUSION", "ep2d_diff", "5000", "80", "", "90", "128", "BOTH", true, "FAT", "1500", "0.7", "58"},
	{"PERFUSION", "ep2d_perf", "1600", "30", "", "90", "128", "GRADIENT", true, "FAT", "1500", "0.4", "52"},
	{"UNKNOWN", "se2d1", "550", "12", "", "90", "1", "SPIN", false, "NONE", "150", "1.1", "32"},
}

// mrContrasts are the contrasts of the phantoms' views.
var mrContrasts = map[string]string{
	"T1": "T1", "T2": "T2", "T2 FS": "T2", "PD": "PROTON_DENSITY", "FLAIR": "FLUID_ATTENUATED", "DWI": "DIFFUSION",
}

// mrWeighting is that of the series: what is usual for its contrast, changed by
// the recipe.
func (h *header) mrWeighting() mrWeighting {
	usual, ok := mrContrasts[h.view()]
	if !ok {
		usual = "UNKNOWN"
	}
	contrast := h.says("AcquisitionContrast", usual)
	at := slices.IndexFunc(mrWeightings, func(w mrWeighting) bool { return w.contrast == contrast })
	if at < 0 {
		at = len(mrWeightings) - 1
	}
	w := mrWeightings[at]
	w.contrast = contrast
	w.echoes = h.says("EchoPulseSequence", w.echoes)
	w.planar = h.says("EchoPlanarPulseSequence", yes(w.planar)) == "YES"
	w.repetition = h.says("RepetitionTime", w.repetition)
	w.echo = h.says("EchoTime", w.echo)
	w.inversion = h.says("InversionTime", w.inversion)
	w.train = h.says("EchoTrainLength", w.train)
	return w
}

// yes is the CS of a choice.
func yes(b bool) string {
	if b {
		return "YES"
	}
	return "NO"
}

// bValues are those of a diffusion series, in seconds a square millimetre.
var bValues = []float64{0, 1000}

// describeEnhancedMR adds what the Enhanced MR Image IOD wants, PS3.3 A.36 and
// C.8.13. Slices lie as in classic MR. A diffusion series has a volume for each
// b-value, others several in time where the recipe says
// NumberOfTemporalPositions.
func describeEnhancedMR(h *header) {
	w := h.mrWeighting()
	positions, _ := strconv.Atoi(h.says("NumberOfTemporalPositions", "1"))
	diffusion := w.contrast == "DIFFUSION"
	if diffusion {
		positions = len(bValues)
	}
	g := h.functionalGroups(positions)
	for _, keyword := range []string{"NumberOfTemporalPositions", "EchoTime", "InversionTime"} {
		g.take(keyword, "")
	}
	solid := g.says("MRAcquisitionType", "2D") == "3D"
	kind := w.contrast
	if solid || kind == "UNKNOWN" {
		kind = "VOLUME"
	}
	g.enhanced(`ORIGINAL\PRIMARY\` + kind + `\NONE`)
	g.PutString(dataset.PatientPosition, "HFS")
	g.fields(g.Set, "ComplexImageComponent", "MAGNITUDE", "AcquisitionContrast", w.contrast)
	g.mrInstance()
	g.mrPulseSequence(w, solid)

	var volumes []dimension
	switch {
	case diffusion:
		volumes = []dimension{{diffusionBValue, mrDiffusionSequence, "b-value"}}
	case g.volumes > 1:
		volumes = []dimension{inTime}
	}
	g.dimensions(volumes...)
	scan := g.mrTiming(w, solid, volumes)

	region := planes[g.study.Recipe.BodyPart]
	g.planes(region.orientation(), func(slice int) []string { xyz, _ := g.position(slice); return xyz })
	g.frameAnatomy(g.laterality())
	g.transformation(0, "US")
	g.contrast()
	if diffusion {
		g.mrDiffusion()
	} else if g.volumes > 1 {
		g.temporalPosition(func(volume int) int { return volume * scan / 1000 })
	}
	kinds := g.frameType("MRImageFrameTypeSequence")
	g.fields(kinds, "ComplexImageComponent", g.says("ComplexImageComponent", "MAGNITUDE"), "AcquisitionContrast", w.contrast)
	g.mrParameters(w, solid)
	g.mrModifiers(w, solid)
	g.mrCoils()
	g.end()
}

// mrInstance adds the MR Image and Spectroscopy Instance Macro, PS3.3 C.8.13.2.
func (h *header) mrInstance() {
	h.fields(h.Set, "ResonantNucleus", "1H", "KSpaceFiltering", "NONE", "MagneticFieldStrength", "1.5",
		"ApplicableSafetyStandardAgency", "IEC", "ApplicableSafetyStandardDescription", "IEC 60601-2-33")
}

// mrPulseSequence adds the MR Pulse Sequence Module, PS3.3 C.8.13.4.
func (h *header) mrPulseSequence(w mrWeighting, solid bool) {
	steady, traversal := "NONE", "SINGLE"
	switch {
	case w.planar:
		traversal = "FULL"
	case w.train != "1":
		traversal = "PARTIAL"
	}
	if w.echoes == "GRADIENT" && !w.planar {
		steady = "LONGITUDINAL"
	}
	acquisition := "2D"
	if solid {
		acquisition = "3D"
		h.fields(h.Set, "CoverageOfKSpace", "FULL")
	}
	if w.echoes != "GRADIENT" {
		h.fields(h.Set, "MultipleSpinEcho", yes(w.echoes == "SPIN" && w.train != "1"))
	}
	h.fields(h.Set, "PulseSequenceName", w.name, "MRAcquisitionType", acquisition,
		"EchoPulseSequence", w.echoes, "MultiPlanarExcitation", "NO", "PhaseContrast", "NO", "TimeOfFlightContrast", "NO",
		"SteadyStatePulseSequence", steady, "EchoPlanarPulseSequence", yes(w.planar), "SaturationRecovery", "NO",
		"SpectrallySelectedSuppression", w.fat, "OversamplingPhase", "NONE", "GeometryOfKSpaceTraversal", "RECTILINEAR",
		"RectilinearPhaseEncodeReordering", "LINEAR", "SegmentedKSpaceTraversal", traversal,
		"NumberOfKSpaceTrajectories", strconv.Itoa(h.mrShots(w)))
}

// mrReduction is how many times fewer lines parallel acquisition takes, in each
// direction of phase encoding.
const mrReduction = 2

// mrShots is how many excitations a slice takes.
func (h *header) mrShots(w mrWeighting) int {
	if w.planar {
		return 1
	}
	train, err := strconv.Atoi(w.train)
	if err != nil || train < 1 {
		train = 1
	}
	return (h.series.Matrix.Rows/mrReduction + train - 1) / train
}

// mrTiming adds the Acquisition Duration and Frame Content, and returns how long
// a volume takes, in microseconds: the slices of one in 2D are excited in turn,
// again and again, those of EPI once, and one in 3D is acquired as a whole.
func (g *groups) mrTiming(w mrWeighting, solid bool, volumes []dimension) int {
	repetition := thousandths(w.repetition)
	scan := repetition * g.mrShots(w)
	each := repetition / g.slices
	acquired := func(slice, volume int) (int, int) { return volume*scan + slice*each, scan - repetition + each }
	if solid {
		scan *= (g.slices + mrReduction - 1) / mrReduction
		acquired = func(_, volume int) (int, int) { return volume * scan, scan }
	}
	g.PutFloat64(acquisitionDuration, float64(g.volumes*scan)/1_000_000)
	g.frameContent(acquired, volumes...)
	return scan
}

// Tags of the MR Diffusion Macro.
const (
	mrDiffusionSequence     dataset.Tag = 0x00189117
	diffusionBValue         dataset.Tag = 0x00189087
	diffusionDirectionality dataset.Tag = 0x00189075
)

// mrDiffusion adds the MR Diffusion Macro, PS3.3 C.8.13.5.9, to each frame: a
// volume without diffusion, and one of the trace.
func (g *groups) mrDiffusion() {
	for k, frame := range g.frame {
		_, volume := g.place(k)
		directionality := "ISOTROPIC"
		if bValues[volume] == 0 {
			directionality = "NONE"
		}
		item := dataset.New()
		item.PutString(diffusionDirectionality, directionality)
		item.PutFloat64(diffusionBValue, bValues[volume])
		frame.PutSequence(mrDiffusionSequence, item)
	}
}

// mrParameters adds MR Timing and Related Parameters, FOV/Geometry, Echo and
// Averages, PS3.3 C.8.13.5.2 to C.8.13.5.4 and C.8.13.5.10.
func (g *groups) mrParameters(w mrWeighting, solid bool) {
	radio, gradient := w.train, "0" // of RF and of gradient echoes
	switch {
	case w.echoes == "GRADIENT":
		radio, gradient = "0", w.train
	case w.planar:
		radio, gradient = "1", w.train
	}
	item := g.macro("MRTimingAndRelatedParametersSequence",
		"RepetitionTime", w.repetition, "FlipAngle", w.flip, "EchoTrainLength", w.train,
		"RFEchoTrainLength", radio, "GradientEchoTrainLength", gradient,
		"GradientOutputType", "DB_DT", "GradientOutput", w.dBt)
	absorption, mode := dataset.New(), dataset.New()
	g.fields(absorption, "SpecificAbsorptionRateDefinition", "IEC_HEAD", "SpecificAbsorptionRateValue", w.specificAbsorption)
	g.fields(mode, "OperatingModeType", "RF", "OperatingMode", "IEC_NORMAL")
	item.PutSequence(g.tag("SpecificAbsorptionRateSequence"), absorption)
	item.PutSequence(g.tag("OperatingModeSequence"), mode)

	m := g.study.matrix(g.series, g.number)
	geometry := []string{
		"InPlanePhaseEncodingDirection", "COLUMN",
		"MRAcquisitionFrequencyEncodingSteps", strconv.Itoa(m.Columns),
		"MRAcquisitionPhaseEncodingStepsInPlane", strconv.Itoa(m.Rows / mrReduction),
		"PercentSampling", "100", "PercentPhaseFieldOfView", "100",
	}
	if solid {
		geometry = append(geometry, "MRAcquisitionPhaseEncodingStepsOutOfPlane", strconv.Itoa((g.slices+mrReduction-1)/mrReduction))
	}
	g.macro("MRFOVGeometrySequence", geometry...)
	g.macro("MREchoSequence", "EffectiveEchoTime", w.echo)
	g.macro("MRAveragesSequence", "NumberOfAverages", "1")
}

// mrModifiers adds MR Modifier and MR Imaging Modifier, PS3.3 C.8.13.5.5 and
// C.8.13.5.6.
func (g *groups) mrModifiers(w mrWeighting, solid bool) {
	modifiers := []string{
		"InversionRecovery", yes(w.inversion != ""), "FlowCompensation", "NONE", "T2Preparation", "NO",
		"SpectrallySelectedExcitation", "NONE", "SpatialPresaturation", "NONE", "PartialFourier", "NO",
		"ParallelAcquisition", "YES", "ParallelAcquisitionTechnique", "SENSE",
		"ParallelReductionFactorInPlane", strconv.Itoa(mrReduction),
		"ParallelReductionFactorSecondInPlane", "1",
	}
	if w.inversion != "" {
		modifiers = append(modifiers, "InversionTimes", w.inversion)
	}
	if w.echoes != "SPIN" {
		modifiers = append(modifiers, "Spoiling", "RF_AND_GRADIENT")
	}
	out := "1"
	if solid {
		out = strconv.Itoa(mrReduction)
	}
	g.macro("MRModifierSequence", append(modifiers, "ParallelReductionFactorOutOfPlane", out)...)

	// Protons precess with 42.577 MHz a tesla.
	field := thousandths(g.says("MagneticFieldStrength", "1.5"))
	g.macro("MRImagingModifierSequence",
		"MagnetizationTransfer", "NONE", "BloodSignalNulling", "NO", "Tagging", "NONE",
		"TransmitterFrequency", decimalOf(field*42577/1000), "PixelBandwidth", w.bandwidth)
}

// mrCoils adds MR Receive Coil and MR Transmit Coil, PS3.3 C.8.13.5.7 and
// C.8.13.5.8: a coil of eight elements, the body coil.
func (g *groups) mrCoils() {
	maker := g.study.Equipment.Manufacturer
	item := g.macro("MRReceiveCoilSequence", "ReceiveCoilName", "HEAD 8", "ReceiveCoilManufacturerName", maker,
		"ReceiveCoilType", "MULTICOIL", "QuadratureReceiveCoil", "NO")
	var elements []*dataset.Set
	for n := range 8 {
		element := dataset.New()
		g.fields(element, "MultiCoilElementName", "H"+strconv.Itoa(n+1), "MultiCoilElementUsed", "YES")
		elements = append(elements, element)
	}
	item.PutSequence(g.tag("MultiCoilDefinitionSequence"), elements...)
	g.macro("MRTransmitCoilSequence", "TransmitCoilName", "BODY", "TransmitCoilManufacturerName", maker, "TransmitCoilType", "BODY")
}
