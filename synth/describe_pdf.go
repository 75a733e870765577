package synth

import (
	"fmt"
	"strings"

	"pacsuat/internal/dicom/dataset"
)

// describePDF makes an Encapsulated PDF, PS3.3 A.45.1, C.24.1 and C.24.2: a report
// of two pages whose first shows who, which study and the findings, the second the
// images that it is of.
//
// Burned In Annotation is YES: name and Patient ID are on the page, as on those of
// real reports.
func describePDF(h *header) {
	images := h.references(reportedImages)
	h.PutString(dataset.ConversionType, "WSD") // made at a workstation
	h.PutString(dataset.ContentDate, h.content.Format("20060102"))
	h.PutString(dataset.ContentTime, h.content.Format("150405"))
	h.type2(dataset.AcquisitionDateTime, h.content.Format("20060102150405"))
	h.PutString(dataset.BurnedInAnnotation, "YES")
	if len(images) > 0 {
		const sourceInstanceSequence dataset.Tag = 0x00420013
		items := make([]*dataset.Set, len(images))
		for i, r := range images {
			items[i] = r.item()
		}
		h.PutSequence(sourceInstanceSequence, items...)
	}
	h.type2(dataset.DocumentTitle, "SYNTHETIC RADIOLOGY REPORT")
	h.PutSequence(dataset.ConceptNameCodeSequence, reportTitle())
	h.PutString(dataset.MIMETypeOfEncapsulatedDocument, "application/pdf")
	b := h.reportPages(images).bytes()
	h.PutBytes(dataset.EncapsulatedDocument, dataset.VROB, b)
	h.PutUint32(dataset.EncapsulatedDocumentLength, uint32(len(b)))
}

const notAPatient = "SYNTHETIC - NOT A PATIENT"

// reportPages writes the two pages.
func (h *header) reportPages(images []reference) *pdf {
	s := h.study
	read := h.reading(h.draw(drawText))
	p := &pdf{title: "SYNTHETIC RADIOLOGY REPORT " + s.AccessionNumber, created: h.content}

	page := p.page()
	page.watermark(notAPatient)
	y := pdfHeight - pdfMargin
	page.text(pdfBold, 16, pdfMargin, y, notAPatient)
	y -= 24
	page.text(pdfBold, 12, pdfMargin, y, "RADIOLOGY REPORT")
	y -= 12
	page.rule(y)
	name, _, _ := strings.Cut(s.Patient.Name, "=") // the alphabetic group
	for _, line := range [][2]string{
		{"Name", strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == '^' }), " ")},
		{"Patient ID", s.Patient.ID},
		{"Born", s.Patient.BirthDate},
		{"Sex", s.Patient.Sex},
		{"Accession", s.AccessionNumber},
		{"Study", s.Description},
		{"Study date", s.StudyDate},
		{"Institution", s.Equipment.Institution},
	} {
		y -= pdfLeading
		page.text(pdfBold, 10, pdfMargin, y, line[0])
		page.text(pdfRegular, 10, pdfMargin+90, y, line[1])
	}
	y -= pdfLeading
	page.text(pdfBold, 10, pdfMargin, y, "Study UID")
	page.text(pdfRegular, 8, pdfMargin+90, y, s.StudyInstanceUID)
	y -= 10
	page.rule(y)
	y = page.paragraphs("FINDINGS", read.findings, y)
	y = page.paragraphs("CONCLUSION", []string{read.impression, read.content}, y)
	page.text(pdfRegular, 9, pdfMargin, y-2*pdfLeading, fmt.Sprintf("Reading %d-%d. Page 1 of 2", h.series.index+1, h.number+1))

	page = p.page()
	page.watermark(notAPatient)
	y = pdfHeight - pdfMargin
	page.text(pdfBold, 12, pdfMargin, y, "IMAGES REPORTED, accession "+s.AccessionNumber)
	y -= 12
	page.rule(y)
	if len(images) == 0 {
		y -= pdfLeading
		page.text(pdfRegular, 10, pdfMargin, y, "No images are kept with this study.")
	}
	for _, r := range images {
		se, number := s.place(r.index)
		y -= pdfLeading
		page.text(pdfRegular, 10, pdfMargin, y, fmt.Sprintf("%s, series %d, image %d", se.Modality, se.index+1, number+1))
		y -= pdfLeading
		page.text(pdfRegular, 8, pdfMargin+12, y, r.sopInstanceUID)
	}
	page.text(pdfRegular, 9, pdfMargin, pdfMargin, "Page 2 of 2")
	return p
}

// paragraphs writes a heading and texts below it and returns where they end.
func (p *pdfPage) paragraphs(heading string, texts []string, y int) int {
	const mostCharacters = 84 // of 10 points, on a line
	y -= 2 * pdfLeading
	p.text(pdfBold, 11, pdfMargin, y, heading)
	for _, t := range texts {
		for _, line := range wrapped(t, mostCharacters) {
			y -= pdfLeading
			p.text(pdfRegular, 10, pdfMargin, y, line)
		}
	}
	return y
}
