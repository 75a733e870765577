package synth

import (
	"fmt"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// describeSR makes a Basic Text SR document by TID 2000: the SR Document Series,
// SR Document General and SR Document Content Modules, PS3.3 C.17.1 to C.17.3,
// PS3.16 TID 2000. The tree has the language, the observer, the procedure, and
// sections of findings and impression; its texts are drawn by the seed.
func describeSR(h *header) {
	h.PutSequence(dataset.ReferencedPerformedProcedureStepSequence)
	h.PutString(dataset.ContentDate, h.content.Format("20060102"))
	h.PutString(dataset.ContentTime, h.content.Format("150405"))
	h.PutString(dataset.CompletionFlag, "COMPLETE")
	h.PutString(dataset.VerificationFlag, "UNVERIFIED")
	h.PutSequence(dataset.PerformedProcedureCodeSequence)

	h.PutString(dataset.ValueType, "CONTAINER")
	h.PutSequence(dataset.ConceptNameCodeSequence, code("18748-4", "LN", "Diagnostic imaging report"))
	h.PutString(dataset.ContinuityOfContent, "SEPARATE")
	template := dataset.New()
	template.PutString(dataset.MappingResource, "DCMR")
	template.PutString(dataset.TemplateIdentifier, "2000")
	h.PutSequence(dataset.ContentTemplateSequence, template)

	h.PutSequence(dataset.ContentSequence, h.reportTree(h.draw(drawText))...)
}

// reportTree makes the content items below the root.
func (h *header) reportTree(d *draw.Stream) []*dataset.Set {
	s := h.study
	language := item("HAS CONCEPT MOD", "CODE", code("121049", "DCM", "Language of Content Item and Descendants"))
	language.PutSequence(dataset.ConceptCodeSequence, code("en", "RFC5646", "English"))

	observer := item("HAS OBS CONTEXT", "CODE", code("121005", "DCM", "Observer Type"))
	observer.PutSequence(dataset.ConceptCodeSequence, code("121006", "DCM", "Person"))
	name := item("HAS OBS CONTEXT", "PNAME", code("121008", "DCM", "Person Observer Name"))
	name.PutString(dataset.PersonName, s.identity.fence.NamePrefix+"-RADIOLOGIST^SYNTHETIC^^DR")

	procedure := item("HAS CONCEPT MOD", "CODE", code("121058", "DCM", "Procedure reported"))
	procedure.PutSequence(dataset.ConceptCodeSequence, code("399208008", "SCT", "Plain chest X-ray"))

	findings := section("121070", "Findings")
	var items []*dataset.Set
	for _, part := range findingParts {
		text := part.texts[d.Below(len(part.texts))]
		items = append(items, textItem("121071", "Finding", part.title+": "+text))
	}
	findings.PutSequence(dataset.ContentSequence, items...)

	impression := section("121076", "Conclusions")
	impression.PutSequence(dataset.ContentSequence,
		textItem("121077", "Conclusion", fmt.Sprintf("SYNTHETIC REPORT, NOT A PATIENT. %s Reading %d-%d.",
			impressions[d.Below(len(impressions))], h.series.index+1, h.number+1)),
		textItem("121077", "Conclusion", fmt.Sprintf("Content %016X.", d.Uint64())))
	return []*dataset.Set{language, observer, name, procedure, findings, impression}
}

// item begins a content item, PS3.3 C.17.3.
func item(relationship, valueType string, concept *dataset.Set) *dataset.Set {
	s := dataset.New()
	s.PutString(dataset.RelationshipType, relationship)
	s.PutString(dataset.ValueType, valueType)
	s.PutSequence(dataset.ConceptNameCodeSequence, concept)
	return s
}

func section(value, meaning string) *dataset.Set {
	s := item("CONTAINS", "CONTAINER", code(value, "DCM", meaning))
	s.PutString(dataset.ContinuityOfContent, "SEPARATE")
	return s
}

func textItem(value, meaning, text string) *dataset.Set {
	s := item("CONTAINS", "TEXT", code(value, "DCM", meaning))
	s.PutString(dataset.TextValue, text)
	return s
}

var findingParts = []struct {
	title string
	texts []string
}{
	{"Lungs", []string{
		"clear, no consolidation or collapse.",
		"patchy airspace opacity in the right lower zone.",
		"hyperinflated, flattened diaphragm, no focal opacity.",
		"linear atelectasis at the left base.",
	}},
	{"Pleura", []string{"no effusion, no pneumothorax.", "small left pleural effusion.", "blunted right costophrenic angle."}},
	{"Heart and mediastinum", []string{"heart size normal.", "cardiothoracic ratio 0.56, unfolded aorta.", "normal cardiomediastinal contour."}},
	{"Bones", []string{"no fracture seen.", "old healed fracture of the left 6th rib.", "degenerative change of the thoracic spine."}},
}

var impressions = []string{
	"No acute cardiopulmonary abnormality.",
	"Right lower zone changes, clinical correlation advised.",
	"Small effusion, follow-up radiograph suggested.",
}
