package synth

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// Trait is something legal about a study's data sets that systems get wrong.
type Trait string

// The traits. All leave the instances valid.
const (
	// PrivateElements adds two private blocks, values of many VRs, one of VR UN,
	// binary values of odd length and a private sequence. See PS3.5 7.8.
	PrivateElements Trait = "private elements"

	// NestedSequences adds sequences five levels deep with several items each.
	NestedSequences Trait = "nested sequences"

	// LongTexts adds an LT of 4 KB, an ST of 1000 characters and a UT of 20 KB.
	LongTexts Trait = "long texts"

	// EmptyType2 leaves attributes of type 2 empty, among them birth date, sex,
	// referring physician and Study ID.
	EmptyType2 Trait = "empty type 2 elements"

	// LongUIDs makes every UID of the study, its series and instances 64
	// characters long.
	LongUIDs Trait = "long UIDs"

	// DecimalText writes DS and IS values with plus signs and zeros before and
	// after: the same numbers in another text.
	DecimalText Trait = "decimal text"

	// OddLengths makes values of odd length, the Pixel Data of 8 bit images
	// included, which are one row, one column and, if cine, one frame smaller.
	OddLengths Trait = "odd lengths"

	// Monochrome1 stores the samples inverted, so that the picture looks the
	// same. Only recipes whose samples have no absolute meaning know it: CR, DX
	// and MR.
	Monochrome1 Trait = "MONOCHROME1"

	// Timezone adds Timezone Offset From UTC (0008,0201), that of AsOf.
	Timezone Trait = "time zone"

	// LeadingSpaces begins texts with spaces.
	LeadingSpaces Trait = "leading spaces"

	// EmptyStudyID leaves Study ID alone empty: systems that take it for an
	// identity then join studies of one day.
	EmptyStudyID Trait = "empty study ID"

	// Overlay adds an overlay plane of graphics, PS3.3 C.9.2: a frame around the
	// middle of the picture.
	Overlay Trait = "overlay"
)

// Traits returns all traits in a fixed order. The slice is the caller's.
func Traits() []Trait {
	return []Trait{PrivateElements, NestedSequences, LongTexts, EmptyType2, LongUIDs, DecimalText, OddLengths, Monochrome1, Timezone, LeadingSpaces, EmptyStudyID, Overlay}
}

// TraitNamed returns the trait of that name, ignoring case.
func TraitNamed(name string) (Trait, error) {
	var names []string
	for _, t := range Traits() {
		if strings.EqualFold(string(t), strings.TrimSpace(name)) {
			return t, nil
		}
		names = append(names, fmt.Sprintf("%q", string(t)))
	}
	return "", fmt.Errorf("synth: no trait is named %q (there are %s)", name, strings.Join(names, ", "))
}

// Allows says whether the recipe can have the trait.
func (r Recipe) Allows(t Trait) bool {
	for _, s := range r.Series {
		o, ok := objectNamed(s.Object)
		if ok && o.pixels != noPixels && !o.allows(t) {
			return false
		}
	}
	switch t {
	case Monochrome1, Overlay:
		return r.HasPixels()
	}
	return slices.Contains(Traits(), t)
}

// allows says whether pictures of the object can have the trait: inverted
// samples only where they have no absolute meaning, an overlay only where the
// IOD has the module.
func (o *object) allows(t Trait) bool {
	switch t {
	case Monochrome1:
		return slices.Contains([]string{"CR", "DX", "MR"}, o.name)
	case Overlay:
		return slices.Contains([]string{"CR", "DX", "CT", "MR"}, o.name)
	}
	return true
}

// traits is a set of traits.
type traits []Trait

func newTraits(with []Trait, r Recipe) (traits, error) {
	for _, t := range with {
		if !slices.Contains(Traits(), t) {
			_, err := TraitNamed(string(t))
			return nil, err
		}
		if !r.Allows(t) {
			return nil, fmt.Errorf("synth: recipe %q cannot have the trait %q", r.Name, string(t))
		}
	}
	return slices.Clone(with), nil
}

func (ts traits) has(t Trait) bool { return slices.Contains(ts, t) }

// adapt changes a series as the traits want it.
func (ts traits) adapt(f *format) {
	if f.object.pixels == noPixels {
		return
	}
	if ts.has(OddLengths) && f.allocated == 8 {
		odd := func(n *int) {
			if *n%2 == 0 && *n > smallestSide {
				*n--
			} else if *n%2 == 0 {
				*n++
			}
		}
		odd(&f.Matrix.Rows)
		odd(&f.Matrix.Columns)
		if f.Frames.From > 1 {
			f.Frames.From -= 1 - f.Frames.From%2
			f.Frames.To = f.Frames.From
		}
	}
	if ts.has(Monochrome1) && f.samples == 1 {
		f.photometric, f.inverted = "MONOCHROME1", true
	}
}

// apply changes a header that is otherwise complete.
func (ts traits) apply(h *header) {
	for _, t := range ts {
		switch t {
		case PrivateElements:
			h.privateElements()
		case NestedSequences:
			h.nestedSequences()
		case LongTexts:
			h.longTexts()
		case OddLengths:
			h.oddLengths()
		case Timezone:
			h.PutString(dataset.TimezoneOffsetFromUTC, offset(h.study.start))
		case LeadingSpaces:
			h.leadingSpaces()
		case Overlay:
			h.overlay()
		}
	}
}

// offset is a time's offset from UTC as (0008,0201) writes it: +0800, and +0000
// for UTC, never -0000.
func offset(t time.Time) string { return t.Format("-0700") }

// privateElements adds two blocks of one private group.
func (h *header) privateElements() {
	const group = 0x0029
	tag := func(block, element uint16) dataset.Tag { return dataset.NewTag(group, block<<8|element) }
	h.PutStringVR(dataset.NewTag(group, 0x10), dataset.VRLO, "PACSUAT SYNTHETIC 1")
	h.PutStringVR(dataset.NewTag(group, 0x11), dataset.VRLO, "PACSUAT SYNTHETIC 2")
	h.privateValues(h.Set, func(e uint16) dataset.Tag { return tag(0x10, e) })
	item := func(n int) *dataset.Set {
		s := dataset.New()
		// A private element of an item needs its creator in the same item.
		s.PutStringVR(dataset.NewTag(group, 0x10), dataset.VRLO, "PACSUAT SYNTHETIC 1")
		h.privateValues(s, func(e uint16) dataset.Tag { return tag(0x10, e) })
		s.PutStringVR(tag(0x10, 0x01), dataset.VRLO, fmt.Sprintf("ITEM %d OF THE PRIVATE SEQUENCE", n))
		return s
	}
	h.PutSequence(tag(0x11, 0x01), item(1), item(2), item(3))
	h.PutStringVR(tag(0x11, 0x02), dataset.VRDT, h.content.Format("20060102150405.000000"))
	h.PutStringVR(tag(0x11, 0x03), dataset.VRUI, h.study.uid("private", h.study.index, h.index))
}

// privateValues adds a value of each of many VRs.
func (h *header) privateValues(s *dataset.Set, tag func(uint16) dataset.Tag) {
	s.PutStringVR(tag(0x01), dataset.VRLO, "PRIVATE TEXT")
	s.PutStringVR(tag(0x02), dataset.VRSH, "ODD")
	s.PutStringVR(tag(0x03), dataset.VRDS, "1.50", "-0.25")
	s.PutStringVR(tag(0x04), dataset.VRIS, "42", "-7")
	s.PutStringVR(tag(0x05), dataset.VRCS, "CODED")
	s.PutStringVR(tag(0x06), dataset.VRDA, h.study.StudyDate)
	s.PutStringVR(tag(0x07), dataset.VRTM, h.study.StudyTime)
	s.PutStringVR(tag(0x08), dataset.VRLT, "Line one\r\nline two of a private text.")
	s.PutStringVR(tag(0x09), dataset.VRPN, h.study.identity.fence.NamePrefix+"-PRIVATE^NAME")
	s.PutBytes(tag(0x10), dataset.VRUS, []byte{1, 0, 0xFF, 0xFF})
	s.PutBytes(tag(0x11), dataset.VRSS, []byte{0xFE, 0xFF})
	s.PutBytes(tag(0x12), dataset.VRUL, []byte{1, 2, 3, 4})
	s.PutBytes(tag(0x13), dataset.VRSL, []byte{0xFF, 0xFF, 0xFF, 0xFF})
	s.PutBytes(tag(0x14), dataset.VRFL, []byte{0, 0, 0x80, 0x3F})             // 1
	s.PutBytes(tag(0x15), dataset.VRFD, []byte{0, 0, 0, 0, 0, 0, 0xF8, 0xBF}) // -1.5
	s.PutBytes(tag(0x16), dataset.VRAT, []byte{0x10, 0x00, 0x20, 0x00})       // (0010,0020)
	s.PutBytes(tag(0x17), dataset.VROB, []byte{0xDE, 0xAD, 0xBE, 0xEF, 0x01}) // odd, padded
	s.PutBytes(tag(0x18), dataset.VROW, []byte{0x34, 0x12, 0x78, 0x56})
	s.PutBytes(tag(0x19), dataset.VRUN, []byte("unknown to everybody"))
	s.PutStringVR(tag(0x1A), dataset.VRUT, strings.Repeat("A private unlimited text. ", 20))
	s.PutStringVR(tag(0x1B), dataset.VRLO) // empty
}

// nestedSequences adds the request that the study answers: two requests, each
// with protocol codes, each of these with a context of several items, modified
// by further ones.
func (h *header) nestedSequences() {
	const (
		protocolContextSequence     dataset.Tag = 0x00400440
		contentItemModifierSequence dataset.Tag = 0x00400441
	)
	modifier := func(n int) *dataset.Set {
		s := dataset.New()
		s.PutString(dataset.ValueType, "TEXT")
		s.PutSequence(dataset.ConceptNameCodeSequence, code(fmt.Sprintf("SYN%03d", 30+n), "99PACSUAT", "Synthetic modifier"))
		s.PutString(dataset.TextValue, fmt.Sprintf("MODIFIER %d", n))
		return s
	}
	context := func(n int) *dataset.Set {
		s := dataset.New()
		s.PutString(dataset.ValueType, "TEXT")
		s.PutSequence(dataset.ConceptNameCodeSequence, code(fmt.Sprintf("SYN%03d", 20+n), "99PACSUAT", "Synthetic parameter"))
		s.PutString(dataset.TextValue, fmt.Sprintf("PARAMETER %d", n))
		s.PutSequence(contentItemModifierSequence, modifier(1), modifier(2))
		return s
	}
	protocol := func(n int) *dataset.Set {
		s := code(fmt.Sprintf("SYN%03d", 10+n), "99PACSUAT", "Synthetic protocol")
		s.PutSequence(protocolContextSequence, context(1), context(2), context(3))
		return s
	}
	request := func(n int) *dataset.Set {
		s := dataset.New()
		s.PutString(dataset.RequestedProcedureID, fmt.Sprintf("RP%d", n))
		s.PutString(dataset.RequestedProcedureDescription, h.study.Recipe.Description)
		s.PutSequence(dataset.RequestedProcedureCodeSequence, code(fmt.Sprintf("SYN%03d", n), "99PACSUAT", "Synthetic procedure"))
		s.PutString(dataset.ScheduledProcedureStepID, fmt.Sprintf("SPS%d", n))
		s.PutString(dataset.ScheduledProcedureStepDescription, fmt.Sprintf("STEP %d", n))
		s.PutSequence(dataset.ScheduledProtocolCodeSequence, protocol(1), protocol(2))
		return s
	}
	h.PutSequence(dataset.RequestAttributesSequence, request(1), request(2))
}

// longTexts fills Additional Patient History (LT), Institution Address (ST) and a
// Text Value (UT): of an item of the acquisition context, or of the first text in
// a document's content, if there is one.
func (h *header) longTexts() {
	h.PutString(dataset.AdditionalPatientHistory, longText(4096))
	h.PutString(dataset.InstitutionAddress, longText(1000))
	if h.frames == 0 {
		if item := firstText(h.Set); item != nil {
			item.PutString(dataset.TextValue, longText(20480))
		}
		return
	}
	long := textItem("121106", "Comment", longText(20480))
	long.Delete(dataset.RelationshipType) // an acquisition context has none
	h.PutSequence(dataset.AcquisitionContextSequence, long)
}

// firstText is the first content item of a document's tree that is a text, nil if
// it has none: templates say where items may be, so none is added.
func firstText(s *dataset.Set) *dataset.Set {
	e, ok := s.Get(dataset.ContentSequence)
	if !ok {
		return nil
	}
	for _, item := range e.Items {
		if item.String(dataset.ValueType) == "TEXT" {
			return item
		}
		if found := firstText(item); found != nil {
			return found
		}
	}
	return nil
}

// longText returns n characters of numbered lines, so that what was cut shows
// where.
func longText(n int) string {
	var b strings.Builder
	for line := 1; b.Len() < n; line++ {
		fmt.Fprintf(&b, "Line %04d of a long synthetic text, so that what is cut shows.\r\n", line)
	}
	text := strings.TrimRight(b.String()[:n], "\r\n ")
	return text + strings.Repeat(".", n-len(text))
}

// oddLengths replaces values by ones of odd length.
func (h *header) oddLengths() {
	h.PutString(dataset.StationName, "ODD")
	h.PutString(dataset.ManufacturerModelName, "SYNTHETIC MODEL WITH AN ODD LENGTH, 43 LONG")
	h.PutString(dataset.SoftwareVersions, "1", "2.0")
	h.PutString(dataset.PatientComments, "Odd, 19 characters.")
	h.PutString(dataset.DeviceSerialNumber, "00007")
}

// overlay adds the Overlay Plane Module, PS3.3 C.9.2: bits of a frame around the
// middle half of the picture.
func (h *header) overlay() {
	if h.frames == 0 {
		return
	}
	const (
		rows          dataset.Tag = 0x60000010
		columns       dataset.Tag = 0x60000011
		description   dataset.Tag = 0x60000022
		overlayType   dataset.Tag = 0x60000040
		origin        dataset.Tag = 0x60000050
		bitsAllocated dataset.Tag = 0x60000100
		bitPosition   dataset.Tag = 0x60000102
		data          dataset.Tag = 0x60003000
	)
	m := h.study.matrix(h.series, h.number)
	bits := make([]byte, (m.Columns*m.Rows+7)/8)
	set := func(x, y int) { at := y*m.Columns + x; bits[at/8] |= 1 << (at % 8) }
	for x := m.Columns / 4; x < m.Columns*3/4; x++ {
		set(x, m.Rows/4)
		set(x, m.Rows*3/4)
	}
	for y := m.Rows / 4; y < m.Rows*3/4; y++ {
		set(m.Columns/4, y)
		set(m.Columns*3/4, y)
	}
	h.PutUint16(rows, uint16(m.Rows))
	h.PutUint16(columns, uint16(m.Columns))
	h.PutStringVR(description, dataset.VRLO, "SYNTHETIC GRAPHICS")
	h.PutStringVR(overlayType, dataset.VRCS, "G")
	h.PutBytes(origin, dataset.VRSS, []byte{1, 0, 1, 0})
	h.PutUint16(bitsAllocated, 1)
	h.PutUint16(bitPosition, 0)
	h.PutBytes(data, dataset.VROW, bits)
}

// leadingSpaces begins texts with spaces: significant in LT and ST, in LO and SH
// legal and often trimmed (PS3.5 table 6.2-1).
func (h *header) leadingSpaces() {
	h.PutString(dataset.PatientComments, "   three spaces before, and two after  ")
	h.PutString(dataset.InstitutionAddress, "  1 Synthetic Road\r\n  Singapore")
	h.PutString(dataset.StationName, "  STATION")
	h.PutString(dataset.ManufacturerModelName, " SYNTHETIC MODEL")
}

// padDecimal writes a DS or IS in another legal form of the same number, of at
// most 12 characters for an integer and 16 for a decimal.
func padDecimal(value string) string {
	if value == "" {
		return value
	}
	sign, digits := "+", value
	if value[0] == '-' {
		sign, digits = "-", value[1:]
	}
	limit := 12
	if strings.Contains(digits, ".") {
		digits += "00"
		limit = 16
	}
	digits = "0" + digits
	if len(sign)+len(digits) > limit {
		return value
	}
	return sign + digits
}
