package synth

import (
	"slices"

	"pacsuat/internal/dicom/dataset"
)

// reference is what one object says of another of the study.
type reference struct {
	sopClassUID, sopInstanceUID string
	seriesInstanceUID           string
	index                       int // in the study
	frames                      int
}

// item is the reference as an item of a sequence, PS3.3 table 10-11.
func (r reference) item() *dataset.Set {
	s := dataset.New()
	s.PutString(dataset.ReferencedSOPClassUID, r.sopClassUID)
	s.PutString(dataset.ReferencedSOPInstanceUID, r.sopInstanceUID)
	return s
}

// references returns at most so many images of the study, evenly over its
// series, for documents that speak of them: none where the study has no images.
func (h *header) references(most int) []reference {
	return h.referencesIn(most, func(*series) bool { return true })
}

// referencesIn is references to those series only. Late images are not among
// them, so that a document stays the same when a study is extended.
func (h *header) referencesIn(most int, which func(*series) bool) []reference {
	var images []*series
	for _, se := range h.study.series {
		if se.object.pixels != noPixels && which(se) {
			images = append(images, se)
		}
	}
	var out []reference
	for k := range most {
		if len(images) == 0 {
			break
		}
		se := images[k%len(images)]
		turn, each := k/len(images), (most+len(images)-1)/len(images)
		number := (2*turn + 1) * se.made / (2 * each) // the middle of equal parts
		r := reference{
			sopClassUID: se.object.sopClassUID, sopInstanceUID: h.study.SOPInstanceUID(se.first + number),
			seriesInstanceUID: se.uid, index: se.first + number, frames: h.study.frameCount(se, number),
		}
		if !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return out
}

// evidence is the Hierarchical SOP Instance Reference of references in this
// study, PS3.3 C.17.2.1: the study, its series, their instances.
func (h *header) evidence(to []reference) *dataset.Set {
	var uids []string
	series := map[string][]*dataset.Set{}
	for _, r := range to {
		if series[r.seriesInstanceUID] == nil {
			uids = append(uids, r.seriesInstanceUID)
		}
		series[r.seriesInstanceUID] = append(series[r.seriesInstanceUID], r.item())
	}
	var items []*dataset.Set
	for _, uid := range uids {
		s := dataset.New()
		s.PutString(dataset.SeriesInstanceUID, uid)
		s.PutSequence(dataset.ReferencedSOPSequence, series[uid]...)
		items = append(items, s)
	}
	study := dataset.New()
	study.PutString(dataset.StudyInstanceUID, h.study.StudyInstanceUID)
	study.PutSequence(dataset.ReferencedSeriesSequence, items...)
	return study
}
