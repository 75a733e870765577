package synth

import (
	"fmt"
	"slices"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// reportTitle is the title of radiology reports, PS3.16 CID 7000.
func reportTitle() *dataset.Set { return code("18748-4", "LN", "Diagnostic imaging report") }

// describeSR makes a Basic Text SR document by TID 2000, PS3.3 A.35.1 and PS3.16.
// The tree has the language, the observer, the procedure, and sections of
// findings and impression; its texts are drawn by the seed. In a study with
// images the first findings say which of them show it best.
func describeSR(h *header) {
	images := h.references(reportedImages)
	h.srDocument(reportTitle(), "2000", images, h.reportTree(h.draw(drawText), images)...)
}

// reportedImages is to how many images a report refers.
const reportedImages = 3

// reportTree makes the content items below the root.
func (h *header) reportTree(d *draw.Stream, images []reference) []*dataset.Set {
	read := h.reading(d)
	var findings []*dataset.Set
	for k, f := range read.findings {
		s := textItem("121071", "Finding", f)
		if k < len(images) {
			holding(s, imageItem(inferredFrom, code("121080", "DCM", "Best illustration of finding"), images[k]))
		}
		findings = append(findings, s)
	}
	tree := append([]*dataset.Set{english()}, h.radiologist()...)
	return append(tree, h.procedureReported(),
		section("121070", "Findings", findings...),
		section("121076", "Conclusions",
			textItem("121077", "Conclusion", fmt.Sprintf("SYNTHETIC REPORT, NOT A PATIENT. %s Reading %d-%d.", read.impression, h.series.index+1, h.number+1)),
			textItem("121077", "Conclusion", read.content)))
}

// reading is what a radiologist writes of a study.
type reading struct {
	findings   []string
	impression string
	content    string // tells every document from every other
}

// reading draws the texts of a report on the body part.
func (h *header) reading(d *draw.Stream) reading {
	from, ok := reports[h.study.Recipe.BodyPart]
	if !ok {
		from = reports[""]
	}
	var r reading
	for _, part := range from.parts {
		r.findings = append(r.findings, part.title+": "+part.texts[d.Below(len(part.texts))])
	}
	r.impression = from.impressions[d.Below(len(from.impressions))]
	r.content = fmt.Sprintf("Content %016X.", d.Uint64())
	return r
}

// procedureReported names the procedure by the modality of the first images. A
// report alone is on a chest radiograph, one beside a dose report alone on a CT.
func (h *header) procedureReported() *dataset.Set {
	procedure := code("363679005", "SCT", "Imaging procedure")
	modality := h.imageModality()
	if modality == "" && slices.ContainsFunc(h.study.series, func(se *series) bool { return se.object.sopClassUID == doseSOPClassUID }) {
		modality = "CT"
	}
	switch modality {
	case "":
		procedure = code("399208008", "SCT", "Plain chest X-ray")
	case "CR", "DX":
		if h.study.Recipe.BodyPart == "CHEST" {
			procedure = code("399208008", "SCT", "Plain chest X-ray")
		}
	case "CT":
		procedure = code("77477000", "SCT", "Computed Tomography X-Ray")
	case "MG":
		procedure = code("71651007", "SCT", "Mammography")
	case "RF":
		procedure = code("44491008", "SCT", "Fluoroscopy")
	case "US":
		procedure = code("16310003", "SCT", "Diagnostic ultrasonography")
	}
	return codeItem(hasConceptMod, code("121058", "DCM", "Procedure reported"), procedure)
}

// imageModality is the modality of the first series of images, empty where the
// study has none.
func (h *header) imageModality() string {
	for _, se := range h.study.series {
		if se.object.pixels != noPixels {
			return se.Modality
		}
	}
	return ""
}

// report is what reports on one body part are made of.
type report struct {
	parts       []reportPart
	impressions []string
}

type reportPart struct {
	title string
	texts []string
}

// reports are by Body Part Examined; "" is for all others.
var reports = map[string]report{
	"CHEST": {
		parts: []reportPart{
			{"Lungs", []string{
				"clear, no consolidation or collapse.",
				"patchy airspace opacity in the right lower zone.",
				"hyperinflated, flattened diaphragm, no focal opacity.",
				"linear atelectasis at the left base.",
			}},
			{"Pleura", []string{"no effusion, no pneumothorax.", "small left pleural effusion.", "blunted right costophrenic angle."}},
			{"Heart and mediastinum", []string{"heart size normal.", "cardiothoracic ratio 0.56, unfolded aorta.", "normal cardiomediastinal contour."}},
			{"Bones", []string{"no fracture seen.", "old healed fracture of the left 6th rib.", "degenerative change of the thoracic spine."}},
		},
		impressions: []string{
			"No acute cardiopulmonary abnormality.",
			"Right lower zone changes, clinical correlation advised.",
			"Small effusion, follow-up radiograph suggested.",
		},
	},
	"ABDOMEN": {
		parts: []reportPart{
			{"Liver", []string{"normal size, no focal lesion.", "mildly fatty, no focal lesion.", "two cysts in the right lobe, the larger of 14 mm."}},
			{"Gallbladder and bile ducts", []string{"no stone, ducts not dilated.", "several stones, wall not thickened.", "status post cholecystectomy."}},
			{"Pancreas and spleen", []string{"normal.", "pancreas atrophic, spleen normal.", "spleen of 13 cm."}},
			{"Kidneys", []string{"no hydronephrosis.", "simple cyst at the left lower pole.", "stone of 5 mm in the right kidney, not obstructing."}},
			{"Bowel", []string{"not dilated, no free air.", "diverticula of the sigmoid, not inflamed.", "faecal loading of the right colon."}},
		},
		impressions: []string{"No acute abdominal abnormality.", "Gallstones, no cholecystitis.", "Incidental findings as described, no follow-up needed."},
	},
	"": {
		parts: []reportPart{
			{"Technique", []string{"diagnostic quality.", "limited by motion, diagnostic.", "standard protocol."}},
			{"Bones and joints", []string{"no fracture, no dislocation.", "degenerative change, no fracture.", "alignment normal."}},
			{"Soft tissues", []string{"unremarkable.", "mild swelling.", "no mass, no collection."}},
			{"Comparison", []string{"no earlier study at hand.", "unchanged.", "slightly improved."}},
		},
		impressions: []string{"No significant abnormality.", "Degenerative changes, clinical correlation advised.", "Unchanged from before."},
	},
}
