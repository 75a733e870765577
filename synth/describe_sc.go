package synth

import (
	"strconv"

	"pacsuat/internal/dicom/dataset"
)

// Tags of the modules of secondary capture.
const (
	conversionType         dataset.Tag = 0x00080064
	dateOfSecondaryCapture dataset.Tag = 0x00181012
	timeOfSecondaryCapture dataset.Tag = 0x00181014
	pageNumberVector       dataset.Tag = 0x00182001
)

// describeSC adds the SC Equipment and SC Image Modules, PS3.3 C.8.6.1 and
// C.8.6.2: a page that a workstation made, unless the recipe says otherwise.
func describeSC(h *header) {
	h.capture()
	if h.series.samples == 1 && h.series.photometric != "PALETTE COLOR" {
		h.phantomWindow()
	}
}

// capture is what all secondary captures share.
func (h *header) capture() {
	h.PutString(dataset.ImageType, "DERIVED", "SECONDARY")
	h.PutString(conversionType, "WSD")
	h.PutString(dataset.SecondaryCaptureDeviceManufacturer, h.study.Equipment.Manufacturer)
	h.PutString(dateOfSecondaryCapture, h.content.Format("20060102"))
	h.PutString(timeOfSecondaryCapture, h.content.Format("150405"))
	h.type2(dataset.PatientOrientation)
}

// describeSCMultiFrame adds the SC Equipment, SC Image, SC Multi-frame Image and
// SC Multi-frame Vector Modules, PS3.3 C.8.6.1 to C.8.6.4: captured clips follow
// each other in time, other frames are the pages of a document.
func describeSCMultiFrame(h *header) {
	se := h.series
	switch {
	case se.Signed || se.photometric != "MONOCHROME2" && se.samples == 1:
		h.refuse("grey pictures are MONOCHROME2 and unsigned (PS3.3 A.8.3.4, A.8.4.4)")
	case se.object.sopClassUID == grayscaleByteSC && (se.samples != 1 || se.StoredBits != 8):
		h.refuse("its pictures are grey, of 8 bits (PS3.3 A.8.3.4)")
	case se.object.sopClassUID == grayscaleWordSC && (se.samples != 1 || se.StoredBits < 9):
		h.refuse("its pictures are grey, of 9 to 16 bits (PS3.3 A.8.4.4)")
	case se.object.sopClassUID == trueColorSC && se.samples != 3:
		h.refuse("its pictures are coloured (PS3.3 A.8.5.4)")
	}
	h.capture()
	if se.samples == 1 { // an identity, but for the window
		h.PutString(dataset.RescaleIntercept, h.decimal("0"))
		h.PutString(dataset.RescaleSlope, h.decimal("1"))
		h.PutString(dataset.RescaleType, "US")
		h.PutString(dataset.PresentationLUTShape, "IDENTITY")
		h.phantomWindow()
	}
	switch {
	case h.frames == 1: // C.8.6.3: the pointer is for more
	case se.phantom.Moves || h.frames > mostPages:
		h.cine("100", "10")
	default:
		pages := make([]string, h.frames)
		for k := range pages {
			pages[k] = h.decimal(strconv.Itoa(k + 1))
		}
		h.PutTags(dataset.FrameIncrementPointer, pageNumberVector)
		h.PutString(pageNumberVector, pages...)
	}
}

// The multi-frame classes of secondary capture, PS3.4 B.5.
const (
	grayscaleByteSC = "1.2.840.10008.5.1.4.1.1.7.2"
	grayscaleWordSC = "1.2.840.10008.5.1.4.1.1.7.3"
	trueColorSC     = "1.2.840.10008.5.1.4.1.1.7.4"
)

// mostPages bounds the Page Number Vector: an IS of 12 characters and a backslash
// for each frame must fit into the 16 bits of its length. See PS3.5 7.1.2.
const mostPages = 65534 / 13
