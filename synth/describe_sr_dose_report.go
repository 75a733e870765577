package synth

import (
	"fmt"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// doseTemplate is what the templates of dose reports, PS3.16 TID 10001 and 10011,
// are filled with.
type doseTemplate struct {
	id          string
	procedure   *dataset.Set
	images      []reference
	context     []*dataset.Set // of the observation, beside device and scope
	accumulated *dataset.Set
	events      []*dataset.Set
}

// doseReport writes the document. Its scope is the study, its observer the
// equipment that irradiated.
func (h *header) doseReport(d *draw.Stream, t doseTemplate) {
	procedure := codeItem(hasConceptMod, code("121058", "DCM", "Procedure reported"), t.procedure)
	holding(procedure, codeItem(hasConceptMod, code("363703001", "SCT", "Has Intent"), code("261004008", "SCT", "Diagnostic Intent")))
	scope := codeItem(hasObsContext, code("113705", "DCM", "Scope of Accumulation"), code("113014", "DCM", "Study"))
	holding(scope, uidItem(hasProperties, code("110180", "DCM", "Study Instance UID"), h.study.StudyInstanceUID))

	tree := []*dataset.Set{english(), procedure}
	tree = append(tree, h.device(code("113859", "DCM", "Irradiating Device"))...)
	tree = append(append(tree, t.context...), scope, t.accumulated)
	tree = append(append(tree, t.events...),
		textItem("121106", "Comment", fmt.Sprintf("SYNTHETIC, NOT A PATIENT. Content %016X.", d.Uint64())),
		codeItem(contains, code("113854", "DCM", "Source of Dose Information"), code("113856", "DCM", "Automated Data Collection")))
	h.srDocument(code("113701", "DCM", "X-Ray Radiation Dose Report"), t.id, t.images, tree...)
}
