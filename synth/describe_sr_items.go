package synth

import (
	"strconv"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// Relationships of content items, PS3.3 table C.17.3-8.
const (
	contains      = "CONTAINS"
	hasConceptMod = "HAS CONCEPT MOD"
	hasObsContext = "HAS OBS CONTEXT"
	hasProperties = "HAS PROPERTIES"
	inferredFrom  = "INFERRED FROM"
	selectedFrom  = "SELECTED FROM"
)

// Tags of graphics, of coordinates and of presentation states, PS3.3 C.18.6 and
// C.10.5.
const (
	graphicData dataset.Tag = 0x00700022
	graphicType dataset.Tag = 0x00700023
)

// srDocument adds what the SR documents have in common: the SR Document Series,
// SR Document General and SR Document Content Modules, PS3.3 C.17.1 to C.17.3,
// with the content items below the root. What they refer to is evidence,
// C.17.2.3; with no reference there is none.
func (h *header) srDocument(title *dataset.Set, template string, to []reference, content ...*dataset.Set) {
	h.PutSequence(dataset.ReferencedPerformedProcedureStepSequence)
	h.PutString(dataset.CompletionFlag, "COMPLETE")
	h.PutString(dataset.VerificationFlag, "UNVERIFIED")
	h.PutSequence(dataset.PerformedProcedureCodeSequence)
	h.contentTree(title, template, to, content...)
}

// contentTree adds the dates, the evidence and the root of a tree of content,
// which key objects have too.
func (h *header) contentTree(title *dataset.Set, template string, to []reference, content ...*dataset.Set) {
	h.PutString(dataset.ContentDate, h.content.Format("20060102"))
	h.PutString(dataset.ContentTime, h.content.Format("150405"))
	if len(to) > 0 {
		h.PutSequence(dataset.CurrentRequestedProcedureEvidenceSequence, h.evidence(to))
	}
	h.PutString(dataset.ValueType, "CONTAINER")
	h.PutSequence(dataset.ConceptNameCodeSequence, title)
	h.PutString(dataset.ContinuityOfContent, "SEPARATE")
	s := dataset.New()
	s.PutString(dataset.MappingResource, "DCMR")
	s.PutString(dataset.TemplateIdentifier, template)
	h.PutSequence(dataset.ContentTemplateSequence, s)
	h.PutSequence(dataset.ContentSequence, content...)
}

// item begins a content item, PS3.3 C.17.3. A concept of nil is left out.
func item(relationship, valueType string, concept *dataset.Set) *dataset.Set {
	s := dataset.New()
	s.PutString(dataset.RelationshipType, relationship)
	s.PutString(dataset.ValueType, valueType)
	if concept != nil {
		s.PutSequence(dataset.ConceptNameCodeSequence, concept)
	}
	return s
}

// holding puts content items below s.
func holding(s *dataset.Set, content ...*dataset.Set) *dataset.Set {
	s.PutSequence(dataset.ContentSequence, content...)
	return s
}

func section(value, meaning string, content ...*dataset.Set) *dataset.Set {
	s := item(contains, "CONTAINER", code(value, "DCM", meaning))
	s.PutString(dataset.ContinuityOfContent, "SEPARATE")
	return holding(s, content...)
}

func textItem(value, meaning, text string) *dataset.Set {
	s := item(contains, "TEXT", code(value, "DCM", meaning))
	s.PutString(dataset.TextValue, text)
	return s
}

func codeItem(relationship string, concept, value *dataset.Set) *dataset.Set {
	s := item(relationship, "CODE", concept)
	s.PutSequence(dataset.ConceptCodeSequence, value)
	return s
}

func uidItem(relationship string, concept *dataset.Set, uid string) *dataset.Set {
	s := item(relationship, "UIDREF", concept)
	s.PutString(dataset.UID, uid)
	return s
}

func dateTimeItem(relationship string, concept *dataset.Set, t time.Time) *dataset.Set {
	s := item(relationship, "DATETIME", concept)
	s.PutString(dataset.DateTime, t.Format("20060102150405"))
	return s
}

// unit is a unit of UCUM with what it is called in templates, PS3.16.
type unit struct{ symbol, name string }

// numItem is a number with its unit, PS3.3 C.18.1.
func (h *header) numItem(concept *dataset.Set, value string, in unit) *dataset.Set {
	measured := dataset.New()
	measured.PutString(dataset.NumericValue, h.decimal(value))
	measured.PutSequence(dataset.MeasurementUnitsCodeSequence, code(in.symbol, "UCUM", in.name))
	s := item(contains, "NUM", concept)
	s.PutSequence(dataset.MeasuredValueSequence, measured)
	return s
}

// imageItem refers to an image as a whole. See PS3.3 C.18.4.
func imageItem(relationship string, concept *dataset.Set, r reference) *dataset.Set {
	return itemOfImage(relationship, concept, r.item())
}

// frameItem refers to one frame of an image, which count from 1; an image of one
// frame is referred to as a whole.
func frameItem(relationship string, concept *dataset.Set, r reference, frame int) *dataset.Set {
	to := r.item()
	if r.frames > 1 {
		to.PutString(dataset.ReferencedFrameNumber, strconv.Itoa(frame))
	}
	return itemOfImage(relationship, concept, to)
}

func itemOfImage(relationship string, concept, to *dataset.Set) *dataset.Set {
	s := item(relationship, "IMAGE", concept)
	s.PutSequence(dataset.ReferencedSOPSequence, to)
	return s
}

// graphicItem is spatial coordinates on an image, in pairs of column and row,
// PS3.3 C.18.6.
func graphicItem(concept *dataset.Set, kind string, points []int, r reference) *dataset.Set {
	s := item(inferredFrom, "SCOORD", concept)
	s.PutString(graphicType, kind)
	s.PutFloat32(graphicData, floats(points)...)
	return holding(s, frameItem(selectedFrom, nil, r, 1))
}

// floats converts whole numbers, which float32 holds exactly up to 1<<24.
func floats(numbers []int) []float32 {
	out := make([]float32, len(numbers))
	for i, n := range numbers {
		out[i] = float32(n)
	}
	return out
}

// english is the language of all documents, PS3.16 TID 1204.
func english() *dataset.Set {
	return codeItem(hasConceptMod, code("121049", "DCM", "Language of Content Item and Descendants"), code("en", "RFC5646", "English"))
}

// radiologist is a person as the observer, PS3.16 TID 1002 and 1003.
func (h *header) radiologist() []*dataset.Set {
	name := item(hasObsContext, "PNAME", code("121008", "DCM", "Person Observer Name"))
	name.PutString(dataset.PersonName, h.radiologistName())
	return []*dataset.Set{codeItem(hasObsContext, code("121005", "DCM", "Observer Type"), code("121006", "DCM", "Person")), name}
}

func (h *header) radiologistName() string {
	return h.study.identity.fence.NamePrefix + "-RADIOLOGIST^SYNTHETIC^^DR"
}

// device is the equipment as the observer, PS3.16 TID 1002 and 1004.
func (h *header) device(role *dataset.Set) []*dataset.Set {
	text := func(value, meaning, text string) *dataset.Set {
		s := textItem(value, meaning, text)
		s.PutString(dataset.RelationshipType, hasObsContext)
		return s
	}
	e := h.study.Equipment
	return []*dataset.Set{
		codeItem(hasObsContext, code("121005", "DCM", "Observer Type"), code("121007", "DCM", "Device")),
		uidItem(hasObsContext, code("121012", "DCM", "Device Observer UID"), h.study.uid("device")),
		text("121013", "Device Observer Name", e.Station),
		text("121014", "Device Observer Manufacturer", e.Manufacturer),
		text("121015", "Device Observer Model Name", e.Model),
		text("121016", "Device Observer Serial Number", e.SerialNumber),
		codeItem(hasObsContext, code("113876", "DCM", "Device Role in Procedure"), role),
	}
}
