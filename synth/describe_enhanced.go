package synth

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// groups is the header of a multi-frame object while its functional groups are
// written: Multi-frame Functional Groups and Multi-frame Dimension Modules, PS3.3
// C.7.6.16 and C.7.6.17. What the recipe's series says of an attribute that
// stands in a group is put there, not into the data set itself.
type groups struct {
	*header
	layout
	shared *dataset.Set
	frame  []*dataset.Set // one a frame
	taken  []string       // attributes of the recipe that stand in a group
}

// layout is how the frames of an object follow each other: volumes, of each its
// slices. The last volume may have fewer.
type layout struct{ frames, slices, volumes int }

// layoutOf is the layout of so many frames of at most that many volumes.
func layoutOf(frames, volumes int) layout {
	volumes = min(max(1, volumes), frames)
	slices := (frames + volumes - 1) / volumes
	return layout{frames, slices, (frames + slices - 1) / slices}
}

// place says where frame k stands, both from 0.
func (l layout) place(k int) (slice, volume int) { return k % l.slices, k / l.slices }

// whole says that all volumes have all their slices.
func (l layout) whole() bool { return l.slices*l.volumes == l.frames }

// functionalGroups begins the groups of an object with so many volumes.
func (h *header) functionalGroups(volumes int) *groups {
	g := &groups{header: h, layout: layoutOf(h.frames, volumes), shared: dataset.New(), frame: make([]*dataset.Set, h.frames)}
	for k := range g.frame {
		g.frame[k] = dataset.New()
	}
	return g
}

// end puts the groups into the data set, and leaves of the recipe's attributes
// those that do not stand in them.
func (g *groups) end() {
	g.PutSequence(sharedFunctionalGroupsSequence, g.shared)
	g.PutSequence(perFrameFunctionalGroupsSequence, g.frame...)
	if len(g.taken) == 0 {
		return
	}
	rest := map[string]string{}
	for keyword, value := range g.series.Attributes {
		rest[keyword] = value
	}
	for _, keyword := range g.taken {
		delete(rest, keyword)
	}
	own := *g.series // which other headers share
	own.Attributes = rest
	g.series = &own
}

// says returns what the recipe says of an attribute, or what is usual.
func (h *header) says(keyword, usual string) string {
	if v, ok := h.series.Attributes[keyword]; ok {
		return v
	}
	return usual
}

// take is says for an attribute that does not stand in the data set itself.
func (g *groups) take(keyword, usual string) string {
	g.taken = append(g.taken, keyword)
	return g.says(keyword, usual)
}

// macro adds a functional group that all frames share: a sequence with one item
// of these attributes, keyword and value in turn. One that stands in the data set
// itself, too, must have been put there before.
func (g *groups) macro(sequence string, pairs ...string) *dataset.Set {
	item := dataset.New()
	for i := 0; i+1 < len(pairs); i += 2 {
		value := g.says(pairs[i], pairs[i+1])
		if !g.Has(g.tag(pairs[i])) {
			value = g.take(pairs[i], pairs[i+1])
		}
		g.fields(item, pairs[i], value)
	}
	g.shared.PutSequence(g.tag(sequence), item)
	return item
}

// fields puts attributes by keyword and value in turn: several values separated
// by a backslash, numbers as text.
func (h *header) fields(s *dataset.Set, pairs ...string) {
	for i := 0; i+1 < len(pairs); i += 2 {
		t, values := h.tag(pairs[i]), strings.Split(pairs[i+1], `\`)
		if pairs[i+1] == "" {
			s.PutString(t)
			continue
		}
		switch dataset.VROf(t) {
		case dataset.VRDS, dataset.VRIS:
			s.PutString(t, h.decimals(values...)...)
		case dataset.VRFD:
			s.PutFloat64(t, h.numbers(pairs[i], values)...)
		case dataset.VRFL:
			var floats []float32
			for _, f := range h.numbers(pairs[i], values) {
				floats = append(floats, float32(f))
			}
			s.PutFloat32(t, floats...)
		case dataset.VRUS, dataset.VRSS:
			var words []uint16
			for _, f := range h.numbers(pairs[i], values) {
				words = append(words, uint16(int32(f)))
			}
			s.PutUint16(t, words...)
		case dataset.VRUL, dataset.VRSL:
			var words []uint32
			for _, f := range h.numbers(pairs[i], values) {
				words = append(words, uint32(int64(f)))
			}
			s.PutUint32(t, words...)
		default:
			s.PutString(t, values...)
		}
	}
}

// numbers reads the values of a binary attribute. The nearest number of a text is
// the same on every machine.
func (h *header) numbers(keyword string, values []string) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if (err != nil || math.Abs(f) > 1<<31) && h.err == nil {
			h.err = fmt.Errorf("%s is %q, expected a number", keyword, v)
			f = 0
		}
		out[i] = f
	}
	return out
}

// thousandths reads a decimal number as thousandths, 0 where it is none.
func thousandths(text string) int {
	f, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.Abs(f) > 1e9 {
		return 0
	}
	return int(math.Round(f * 1000))
}

// decimalOf formats thousandths as a decimal number.
func decimalOf(thousandths int) string {
	sign := ""
	if thousandths < 0 {
		sign, thousandths = "-", -thousandths
	}
	text := fmt.Sprintf("%s%d.%03d", sign, thousandths/1000, thousandths%1000)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// tags are keywords that were looked up, see knownTags.
var tags sync.Map // of keyword to dataset.Tag

// tag returns the tag of a keyword. One that PS3.6 does not have makes no header.
func (h *header) tag(keyword string) dataset.Tag {
	if t, ok := tags.Load(keyword); ok {
		return t.(dataset.Tag)
	}
	t, err := dataset.ParseTag(keyword)
	if err != nil {
		if h.err == nil {
			h.err = err
		}
		return 0
	}
	tags.Store(keyword, t)
	return t
}

// Tags of functional groups that are written for each frame.
const (
	sharedFunctionalGroupsSequence   dataset.Tag = 0x52009229
	perFrameFunctionalGroupsSequence dataset.Tag = 0x52009230
	frameTypeTag                     dataset.Tag = 0x00089007
	frameAcquisitionDuration         dataset.Tag = 0x00189220
	frameAcquisitionNumber           dataset.Tag = 0x00209156
	temporalPositionIndex            dataset.Tag = 0x00209128
	temporalPositionSequence         dataset.Tag = 0x00209310
	temporalPositionTimeOffset       dataset.Tag = 0x0020930D
	dimensionOrganizationType        dataset.Tag = 0x00209311
	dimensionDescriptionLabel        dataset.Tag = 0x00209421
	acquisitionDuration              dataset.Tag = 0x00189073
	contrastBolusUsageSequence       dataset.Tag = 0x00189341
)

// enhanced adds what the IODs of this family have in common beyond General
// Series and General Equipment: Enhanced General Equipment, PS3.3 C.7.5.2, of
// which nothing may be empty, Acquisition Context, and what the image modules
// share with Common CT/MR Image Description, C.8.16.2. It takes away what stands
// in functional groups or in the Acquisition DateTime.
func (h *header) enhanced(imageType string) {
	h.PutString(dataset.Manufacturer, h.study.Equipment.Manufacturer)
	h.Delete(dataset.Laterality)
	h.Delete(dataset.AcquisitionDate)
	h.Delete(dataset.AcquisitionTime)
	h.fields(h.Set, "ImageType", h.says("ImageType", imageType))
	h.PutString(dataset.AcquisitionNumber, h.decimal(strconv.Itoa(h.number+1)))
	h.PutString(dataset.AcquisitionDateTime, h.content.Format(dateTime))
	h.fields(h.Set, "ContentQualification", "PRODUCT", "PresentationLUTShape", "IDENTITY")
	h.fields(h.Set, imageDescription...)
	h.PutSequence(dataset.AcquisitionContextSequence) // type 2, C.7.6.14
}

// frameType adds a Frame Type Macro, such as PS3.3 C.8.15.3.1: the Image Type and
// its description, which are those of every frame.
func (g *groups) frameType(sequence string) *dataset.Set {
	item := g.macro(sequence, imageDescription...)
	item.PutString(frameTypeTag, g.Strings(dataset.ImageType)...)
	return item
}

// dateTime is a DT.
const dateTime = "20060102150405.000000"

// imageDescription is the Common CT/MR Image Description Macro, PS3.3 C.8.16.2,
// of slices of a volume: in the image module and in the frame type.
var imageDescription = []string{
	"PixelPresentation", "MONOCHROME", "VolumetricProperties", "VOLUME", "VolumeBasedCalculationTechnique", "NONE",
}

// dimension is one that frames differ in beside their place in the stack.
type dimension struct {
	pointer, group dataset.Tag
	label          string
}

// inTime is the dimension of volumes that follow each other.
var inTime = dimension{temporalPositionIndex, dataset.FrameContentSequence, "Temporal position"}

// dimensions adds the Multi-frame Dimension Module, PS3.3 C.7.6.17: the stack,
// the place in it, and what else the volumes differ in. The index values are
// those of content.
func (g *groups) dimensions(volumes ...dimension) {
	uid := g.study.uid("dimension-organization", g.study.index, g.index)
	organization := dataset.New()
	organization.PutString(dataset.DimensionOrganizationUID, uid)
	g.PutSequence(dataset.DimensionOrganizationSequence, organization)
	var items []*dataset.Set
	for _, d := range append([]dimension{
		{dataset.StackID, dataset.FrameContentSequence, "Stack"},
		{dataset.InStackPositionNumber, dataset.FrameContentSequence, "Place in the stack"},
	}, volumes...) {
		item := dataset.New()
		item.PutString(dataset.DimensionOrganizationUID, uid)
		item.PutTags(dataset.DimensionIndexPointer, d.pointer)
		item.PutTags(dataset.FunctionalGroupPointer, d.group)
		item.PutString(dimensionDescriptionLabel, d.label)
		items = append(items, item)
	}
	g.PutSequence(dataset.DimensionIndexSequence, items...)
	switch {
	case len(volumes) == 0:
		g.PutString(dimensionOrganizationType, "3D")
	case volumes[0] == inTime && g.whole():
		g.PutString(dimensionOrganizationType, "3D_TEMPORAL")
	}
}

// frameContent adds Frame Content, PS3.3 C.7.6.16.2.2, to each frame: its place
// in the dimensions, and when it was acquired: from start on, for a duration,
// both in microseconds.
func (g *groups) frameContent(acquired func(slice, volume int) (start, duration int), volumes ...dimension) {
	for k, frame := range g.frame {
		slice, volume := g.place(k)
		start, duration := acquired(slice, volume)
		item := dataset.New()
		index := []uint32{1, uint32(slice + 1)}
		item.PutString(dataset.FrameAcquisitionDateTime, g.after(start))
		item.PutString(dataset.FrameReferenceDateTime, g.after(start+duration/2))
		item.PutString(dataset.StackID, "1")
		item.PutUint32(dataset.InStackPositionNumber, uint32(slice+1))
		if len(volumes) > 0 {
			index = append(index, uint32(volume+1))
			if volumes[0] == inTime {
				item.PutUint32(temporalPositionIndex, uint32(volume+1))
			}
		}
		item.PutUint16(frameAcquisitionNumber, uint16(g.number+1))
		item.PutUint32(dataset.DimensionIndexValues, index...)
		item.PutFloat64(frameAcquisitionDuration, float64(duration)/1000)
		frame.PutSequence(dataset.FrameContentSequence, item)
	}
}

// after is the moment so many microseconds after the acquisition began.
func (g *groups) after(microseconds int) string {
	return g.content.Add(time.Duration(microseconds) * time.Microsecond).Format(dateTime)
}

// temporalPosition adds the Temporal Position Macro, PS3.3 C.7.6.16.2.23, with
// the offset in milliseconds of each volume from the first.
func (g *groups) temporalPosition(offset func(volume int) int) {
	for k, frame := range g.frame {
		_, volume := g.place(k)
		item := dataset.New()
		item.PutFloat64(temporalPositionTimeOffset, float64(offset(volume))/1000)
		frame.PutSequence(temporalPositionSequence, item)
	}
}

// planes adds Pixel Measures, Plane Position and Plane Orientation, PS3.3
// C.7.6.16.2.1, C.7.6.16.2.3 and C.7.6.16.2.4: parallel planes, of which the
// first pixel's centre lies at position.
func (g *groups) planes(orientation []string, position func(slice int) []string) {
	g.frameOfReference()
	spacing, thickness := g.spacing(), millimetres(hundredths(g.series.SpacingMM))
	g.macro("PixelMeasuresSequence", "PixelSpacing", spacing+`\`+spacing, "SliceThickness", thickness, "SpacingBetweenSlices", thickness)
	g.macro("PlaneOrientationSequence", "ImageOrientationPatient", strings.Join(orientation, `\`))
	for k, frame := range g.frame {
		slice, _ := g.place(k)
		item := dataset.New()
		item.PutString(dataset.ImagePositionPatient, g.decimals(position(slice)...)...)
		frame.PutSequence(dataset.PlanePositionSequence, item)
	}
}

// frameAnatomy adds the Frame Anatomy Macro, PS3.3 C.7.6.16.2.8.
func (g *groups) frameAnatomy(laterality string) {
	item := g.macro("FrameAnatomySequence", "FrameLaterality", laterality)
	region := regions[g.study.Recipe.BodyPart]
	if region == nil {
		region = regions[""]
	}
	item.PutSequence(anatomicRegionSequence, code(region[0], "SCT", region[1]))
}

// laterality is that of the recipe's body part, U where it is not paired.
func (h *header) laterality() string {
	if l := h.study.Recipe.Laterality; l != "" {
		return l
	}
	return "U"
}

// transformation adds the Pixel Value Transformation and Frame VOI LUT Macros,
// PS3.3 C.7.6.16.2.9 and C.7.6.16.2.10: the window in which the phantom is looked
// at first, in the units of the rescale.
func (g *groups) transformation(intercept int, unit string) {
	g.macro("PixelValueTransformationSequence", "RescaleIntercept", strconv.Itoa(intercept), "RescaleSlope", "1", "RescaleType", unit)
	f := g.series.format
	centre, width := f.phantom.Window()
	if f.phantom.Air != 0 {
		centre -= f.phantom.Air
	} else {
		centre, width = scaled(centre, f.StoredBits-f.phantom.Bits), scaled(width, f.StoredBits-f.phantom.Bits)
	}
	g.macro("FrameVOILUTSequence", "WindowCenter", strconv.Itoa(centre), "WindowWidth", strconv.Itoa(max(1, width)))
}

// contrast adds the Enhanced Contrast/Bolus Module and the Contrast/Bolus Usage
// Macro, PS3.3 C.7.6.4b and C.7.6.16.2.12, where the recipe names an agent. Of
// several volumes the first are acquired before it is given.
func (g *groups) contrast() {
	agent := g.take("ContrastBolusAgent", "")
	phase := g.take("ContrastBolusAgentPhase", "POST_CONTRAST")
	if agent == "" {
		return
	}
	module := code("SYN100", "99PACSUAT", agent)
	g.fields(module, "ContrastBolusAgentNumber", "1", "ContrastBolusVolume", "", "ContrastBolusIngredientConcentration", "")
	module.PutSequence(g.tag("ContrastBolusAdministrationRouteSequence"), code("47625008", "SCT", "Intravenous route"))
	module.PutSequence(g.tag("ContrastBolusIngredientCodeSequence"))
	g.PutSequence(g.tag("ContrastBolusAgentSequence"), module)
	usage := func(given, phase string) *dataset.Set {
		item := dataset.New()
		g.fields(item, "ContrastBolusAgentNumber", "1", "ContrastBolusAgentAdministered", given, "ContrastBolusAgentDetected", given, "ContrastBolusAgentPhase", phase)
		return item
	}
	if g.volumes == 1 {
		g.shared.PutSequence(contrastBolusUsageSequence, usage("YES", phase))
		return
	}
	for k, frame := range g.frame {
		if _, volume := g.place(k); volume < g.volumes/5 {
			frame.PutSequence(contrastBolusUsageSequence, usage("NO", "PRE_CONTRAST"))
		} else {
			frame.PutSequence(contrastBolusUsageSequence, usage("YES", "DYNAMIC"))
		}
	}
}
