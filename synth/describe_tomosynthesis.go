package synth

import (
	"fmt"
	"strconv"

	"pacsuat/internal/dicom/dataset"
)

// The acquisition of the projections of a tomosynthesis.
const (
	projections = 15
	sweepArc    = 15    // degrees
	sweepTime   = 3_700 // milliseconds
)

// tomosynthesisTechnique is how the planes come to be, PS3.3 C.8.21.1.1.3.
const tomosynthesisTechnique = "TOMOSYNTHESIS"

// describeTomosynthesis adds what the Breast Tomosynthesis Image IOD wants, PS3.3
// A.55: planes of one breast from the detector upwards, reconstructed from the
// projections of a sweep.
func describeTomosynthesis(h *header) {
	v, b := h.mammographyView(), h.breast()
	g := h.functionalGroups(1)
	g.enhanced(`DERIVED\PRIMARY\TOMOSYNTHESIS\NONE`)
	g.Delete(dataset.AcquisitionNumber)
	g.fields(g.Set, "PresentationIntentType", "FOR PRESENTATION", "InstitutionAddress", institutionAddress,
		"VolumeBasedCalculationTechnique", tomosynthesisTechnique)
	event := dataset.New()
	event.PutString(g.tag("IrradiationEventUID"), g.study.uid("irradiation-event", g.study.index, g.index))
	g.PutSequence(g.tag("SourceIrradiationEventSequence"), event)
	g.breastView(v)
	g.dimensions()
	g.frameContent(func(int, int) (int, int) { return 0, sweepTime * 1000 })
	g.planes(cosines(v.rows, v.columns), func(slice int) []string { return g.above(v, slice) })
	g.PutString(dataset.FrameOfReferenceUID, g.compression())
	g.frameAnatomy(v.laterality)
	g.transformation(0, "US")
	for _, frame := range g.frame {
		kind := dataset.New()
		g.fields(kind, imageDescription...)
		g.fields(kind, "VolumeBasedCalculationTechnique", tomosynthesisTechnique, "ReconstructionIndex", "1")
		kind.PutString(frameTypeTag, g.Strings(dataset.ImageType)...)
		frame.PutSequence(g.tag("XRay3DFrameTypeSequence"), kind)
	}
	derivation := dataset.New()
	derivation.PutSequence(g.tag("DerivationCodeSequence"), code("113072", "DCM", "Multiplanar reformatting"))
	derivation.PutSequence(dataset.SourceImageSequence)
	g.shared.PutSequence(g.tag("DerivationImageSequence"), derivation)
	g.sources()
	g.sweep(v, b)
	g.reconstruction()
	g.end()
}

// cosines is an Image Orientation (Patient).
func cosines(directions ...[3]int64) []string {
	var out []string
	for _, d := range directions {
		for _, c := range d {
			out = append(out, fraction(c))
		}
	}
	return out
}

// fraction formats 1e-8.
func fraction(n int64) string {
	switch n {
	case 0:
		return "0"
	case straight:
		return "1"
	case -straight:
		return "-1"
	}
	if n < 0 {
		return fmt.Sprintf("-0.%08d", -n)
	}
	return fmt.Sprintf("0.%08d", n)
}

// above is the position of a plane, of which the height is measured against the
// beam: the middle of the chest wall's edge of the lowest one is the origin.
func (h *header) above(v mammographyView, slice int) []string {
	field, m := int64(hundredths(h.series.FieldMM))*10, h.series.Matrix // micrometres
	columns, rows := int64(m.Columns), int64(m.Rows)
	height := int64(slice*hundredths(h.series.SpacingMM)) * 10
	across := -field * (2*columns - 1) / (2 * columns) // rows end at the chest wall
	if v.laterality == "L" {
		across = field / (2 * columns) // they begin there
	}
	down := -field * (rows - 1) / (2 * columns)
	out := make([]string, 3)
	for axis := range out {
		n := across*v.rows[axis] + down*v.columns[axis] - height*v.beam[axis]
		half := int64(straight / 2)
		if n < 0 {
			half = -half
		}
		out[axis] = decimalOf(int((n + half) / straight))
	}
	return out
}

// sources adds the Breast Tomosynthesis Contributing Sources Module, PS3.3
// C.8.21.2.3: the projections, which are not kept.
func (g *groups) sources() {
	e := g.study.Equipment
	item := dataset.New()
	g.fields(item, "Manufacturer", e.Manufacturer, "ManufacturerModelName", e.Model, "DeviceSerialNumber", e.SerialNumber,
		"SoftwareVersions", e.SoftwareVersion, "AcquisitionDateTime", g.content.Format(dateTime),
		"Rows", strconv.Itoa(g.series.Matrix.Rows), "Columns", strconv.Itoa(g.series.Matrix.Columns),
		"BitsStored", strconv.Itoa(g.series.StoredBits), "LossyImageCompression", "00")
	g.detector(item)
	g.PutSequence(g.tag("ContributingSourcesSequence"), item)
}

// sweep adds the Breast Tomosynthesis Acquisition Module, PS3.3 C.8.21.3.4.
func (g *groups) sweep(v mammographyView, b breast) {
	item := dataset.New()
	g.underCompression(item, b)
	g.exposed(item, b)
	g.fieldOfView(item)
	middle, _ := strconv.Atoi(v.angle)
	field, rows, columns := hundredths(g.series.FieldMM)*10, g.series.Matrix.Rows, g.series.Matrix.Columns
	angle := func(n int) string { return decimalOf(middle*1000 - sweepArc*500 + n*sweepArc*1000/(projections-1)) }
	g.fields(item, "StartAcquisitionDateTime", g.content.Format(dateTime), "EndAcquisitionDateTime", g.after(sweepTime*1000),
		"FieldOfViewDimensionsInFloat", decimalOf(field*rows/columns)+`\`+decimalOf(field), "XRayReceptorType", "DIGITAL_DETECTOR", "DetectorTemperature", "28.5",
		"XRayTubeCurrentInmA", strconv.Itoa(tubeCurrent), "ExposureTimeInms", strconv.Itoa(b.charge*1000/tubeCurrent), "ExposureInmAs", strconv.Itoa(b.charge),
		"PrimaryPositionerScanArc", strconv.Itoa(sweepArc), "PrimaryPositionerScanStartAngle", angle(0),
		"PrimaryPositionerIncrement", decimalOf(sweepArc*1000/(projections-1)))
	var items []*dataset.Set
	for n := range projections {
		p := dataset.New()
		g.fields(p, "PositionerPrimaryAngle", angle(n), "RelativeXRayExposure", strconv.Itoa(b.charge*4/projections),
			"ExposureTimeInms", decimalOf(b.charge*1_000_000/tubeCurrent/projections), "ExposureInmAs", decimalOf(b.charge*1000/projections))
		items = append(items, p)
	}
	item.PutSequence(g.tag("PerProjectionAcquisitionSequence"), items...)
	g.PutSequence(g.tag("XRay3DAcquisitionSequence"), item)
}

// reconstruction adds the X-Ray 3D Reconstruction Module, PS3.3 C.8.21.4.
func (g *groups) reconstruction() {
	item := dataset.New()
	g.fields(item, "ApplicationName", "SYNTHETIC RECONSTRUCTION", "ApplicationVersion", g.study.Equipment.SoftwareVersion,
		"ApplicationManufacturer", g.study.Equipment.Manufacturer, "AlgorithmType", "FILTER_BACK_PROJ", "AcquisitionIndex", "1")
	g.PutSequence(g.tag("XRay3DReconstructionSequence"), item)
}
