package synth

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"pacsuat/internal/dicom/dataset"
)

// knownTags are keywords that were looked up: that walks through the whole
// dictionary, and a day has thousands of studies. It caches a pure function.
var knownTags sync.Map // of keyword to dataset.Tag

// attributeTag returns the tag of an attribute that a recipe may set.
func attributeTag(keyword string) (dataset.Tag, error) {
	if t, ok := knownTags.Load(keyword); ok {
		return t.(dataset.Tag), nil
	}
	t, err := dataset.ParseTag(keyword)
	if err != nil || t.Keyword() != keyword {
		return 0, fmt.Errorf("%q is no keyword of PS3.6, such as KVP or ConvolutionKernel", keyword)
	}
	switch vr := dataset.VROf(t); vr {
	case dataset.VRSQ, dataset.VROB, dataset.VROW, dataset.VROF, dataset.VROD, dataset.VROL, dataset.VROV, dataset.VRUN, dataset.VRAT,
		dataset.VRUS, dataset.VRSS, dataset.VRUL, dataset.VRSL, dataset.VRFL, dataset.VRFD, dataset.VRUV, dataset.VRSV:
		return 0, fmt.Errorf("%s has the VR %s; only texts, dates, DS and IS can be set", keyword, vr)
	case dataset.VRUI, dataset.VRPN:
		return 0, fmt.Errorf("%s is an identity (VR %s), which recipes do not set", keyword, vr)
	}
	if t.Group() == 0x0002 || slices.Contains(generated, t) {
		return 0, fmt.Errorf("%s is made by the generator, recipes do not set it", keyword)
	}
	knownTags.Store(keyword, t)
	return t, nil
}

// generated are attributes whose values follow from something else.
var generated = []dataset.Tag{
	dataset.PatientID, dataset.IssuerOfPatientID, dataset.AccessionNumber, dataset.SpecificCharacterSet,
	dataset.StudyDate, dataset.StudyTime, dataset.StudyID, dataset.InstanceNumber, dataset.Modality,
	dataset.PhotometricInterpretation, dataset.NumberOfFrames, dataset.LossyImageCompression,
	dataset.PatientBirthDate, dataset.PatientSex, dataset.PatientAge, dataset.SeriesDescription, dataset.StudyDescription,
}

// attributes puts what the recipe's series says.
func (h *header) attributes() {
	for _, keyword := range sortedKeys(h.series.Attributes) {
		t, err := attributeTag(keyword)
		if err != nil {
			continue // check has refused it
		}
		values := strings.Split(h.series.Attributes[keyword], `\`)
		switch dataset.VROf(t) {
		case dataset.VRDS, dataset.VRIS:
			h.PutString(t, h.decimals(values...)...)
		default:
			h.text(t, values...)
		}
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
