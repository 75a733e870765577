package synth

import (
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// TestReferencesResolve proves that whatever an instance refers to is an instance
// of its study, of the class, series and study that the reference says, and that
// those who must refer to something do.
func TestReferencesResolve(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		s := mustStudy(t, StudyRequest{Recipe: small(r), Images: max(9, len(r.Series)), AsOf: testDate, Identity: testIdentity, Seed: 6})
		class, series := map[string]string{}, map[string]string{}
		for _, in := range instances(t, s) {
			class[in.SOPInstanceUID], series[in.SOPInstanceUID] = in.SOPClassUID, in.SeriesInstanceUID
		}
		for _, in := range instances(t, s) {
			n := 0
			resolve(t, r.Name, headerSet(t, in), s.StudyInstanceUID, "", class, series, &n)
			switch in.SOPClassUID {
			case "1.2.840.10008.5.1.4.1.1.88.59", "1.2.840.10008.5.1.4.1.1.11.1": // KOS, GSPS
				if n == 0 {
					t.Errorf("%s: instance %d refers to nothing", r.Name, in.Index)
				}
			}
		}
	}
}

// resolve looks at every reference in a set and its items.
func resolve(t *testing.T, recipe string, set *dataset.Set, study, inSeries string, class, series map[string]string, n *int) {
	t.Helper()
	if uid := set.String(dataset.SeriesInstanceUID); uid != "" && set.Has(dataset.ReferencedSOPSequence) {
		inSeries = uid
	}
	if uid := set.String(dataset.ReferencedSOPInstanceUID); uid != "" {
		*n++
		if want, ok := class[uid]; !ok || want != set.String(dataset.ReferencedSOPClassUID) {
			t.Errorf("%s: a reference to %s of class %s, which the study does not have", recipe, uid, set.String(dataset.ReferencedSOPClassUID))
		}
		if inSeries != "" && series[uid] != inSeries {
			t.Errorf("%s: %s is said to be in series %s", recipe, uid, inSeries)
		}
	}
	for e := range set.All() {
		for _, item := range e.Items {
			if uid := item.String(dataset.StudyInstanceUID); uid != "" && uid != study {
				t.Errorf("%s: a reference into study %s", recipe, uid)
			}
			resolve(t, recipe, item, study, inSeries, class, series, n)
		}
	}
}
