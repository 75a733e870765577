package synth

import (
	"errors"
	"fmt"

	"pacsuat/internal/dicom/dataset"
)

var errNoKeyObjects = errors.New("a Key Object Selection refers to images, and the study has none; give the recipe a series of them before it")

// describeKeyObjects makes a Key Object Selection Document titled "Of Interest",
// PS3.3 A.35.4, C.17.6.1 and C.17.6.2, PS3.16 TID 2010: a description and some
// images of every series.
func describeKeyObjects(h *header) {
	images := h.references(keyImages)
	if len(images) == 0 {
		h.err = errNoKeyObjects
		return
	}
	d := h.draw(drawText)
	text := fmt.Sprintf("SYNTHETIC, NOT A PATIENT. %s Content %016X.", keyReasons[d.Below(len(keyReasons))], d.Uint64())
	tree := append([]*dataset.Set{english()}, h.radiologist()...)
	tree = append(tree, textItem("113012", "Key Object Description", text))
	for _, r := range images {
		tree = append(tree, imageItem(contains, nil, r))
	}
	h.PutSequence(dataset.ReferencedPerformedProcedureStepSequence)
	h.contentTree(code("113000", "DCM", "Of Interest"), "2010", images, tree...)
}

// keyImages is how many images a selection has.
const keyImages = 4

var keyReasons = []string{"For discussion.", "Main finding.", "For the referring physician.", "To compare at follow-up."}
