package synth

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// decayProblems says what is wrong with the times and factors of a PET slice:
// its decay factor must be that of fluorine 18 from the start of the series to
// its frame reference time, which lies in its own acquisition. See PS3.3 C.8.9.4.
func decayProblems(s *dataset.Set) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	at := func(date, clock dataset.Tag) time.Time {
		v, err := time.Parse("20060102150405", s.String(date)+strings.SplitN(s.String(clock), ".", 2)[0])
		if err != nil {
			bad("%v", err)
		}
		return v
	}
	series, acquired := at(dataset.SeriesDate, dataset.SeriesTime), at(dataset.AcquisitionDate, dataset.AcquisitionTime)
	reference, _ := s.Float(frameReferenceTime)
	duration, _ := s.Float(dataset.ActualFrameDuration)
	if begin := float64(acquired.Sub(series).Milliseconds()); reference <= begin || reference >= begin+duration {
		bad("a frame reference time of %g ms in an acquisition from %g to %g ms", reference, begin, begin+duration)
	}
	drug := s.Items(dataset.RadiopharmaceuticalInformationSequence)
	if len(drug) != 1 {
		return append(out, "not one radiopharmaceutical")
	}
	half, _ := drug[0].Float(radionuclideHalfLife)
	factor, _ := s.Float(decayFactor)
	if want := math.Exp2(reference / 1000 / half); abs64(factor-want) > 2e-6 {
		bad("a decay factor of %g, want %g", factor, want)
	}
	injected, err := time.Parse("20060102150405", drug[0].String(radiopharmaceuticalStartDateTime))
	if err != nil || !injected.Before(series) {
		bad("injected at %q, the series began at %v", drug[0].String(radiopharmaceuticalStartDateTime), series)
	}
	if index, _ := s.Uint16(imageIndex); index < 1 {
		bad("image index %d", index)
	} else if of, _ := s.Uint16(dataset.NumberOfSlices); index > of {
		bad("image index %d of %d", index, of)
	}
	if intercept, ok := s.Float(dataset.RescaleIntercept); !ok || intercept != 0 {
		bad("a rescale intercept of %g", intercept)
	}
	return out
}

func TestDecayProblemsAreSeen(t *testing.T) {
	t.Parallel()
	in := mustInstance(t, StudyRequest{Recipe: small(mustRecipe(t, "PT/CT torso")), Images: 300, AsOf: testDate, Identity: testIdentity}, 70)
	if p := decayProblems(headerSet(t, in)); len(p) > 0 {
		t.Fatalf("as it is made: %v", p)
	}
	for name, spoil := range map[string]func(*dataset.Set){
		"no decay":        func(s *dataset.Set) { s.PutString(decayFactor, "1") },
		"another bed":     func(s *dataset.Set) { s.PutString(frameReferenceTime, "59937") },
		"too many slices": func(s *dataset.Set) { s.PutUint16(dataset.NumberOfSlices, 3) },
		"an intercept":    func(s *dataset.Set) { s.PutString(dataset.RescaleIntercept, "-1024") },
		"no drug":         func(s *dataset.Set) { s.PutSequence(dataset.RadiopharmaceuticalInformationSequence) },
	} {
		s := headerSet(t, in)
		spoil(s)
		if len(decayProblems(s)) == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
}

// TestPETAndCT proves that PET and CT of a study show the same place slice by
// slice, in one frame of reference, and that each PET slice has a slope and, bed
// by bed, a time of its own.
func TestPETAndCT(t *testing.T) {
	t.Parallel()
	r := small(mustRecipe(t, "PT/CT torso"))
	for i := range r.Series {
		r.Series[i].Matrix = Matrix{64, 64} // the same for all, so that corners can be compared
	}
	s := mustStudy(t, StudyRequest{Recipe: r, Images: 400, AsOf: testDate, Identity: testIdentity, Time: "235500"})
	places := map[string][]string{} // by series
	var before *dataset.Set
	times := map[string]bool{}
	for _, in := range instances(t, s) {
		set := headerSet(t, in)
		if set.String(dataset.FrameOfReferenceUID) != s.frameOfReference {
			t.Errorf("instance %d has another frame of reference", in.Index)
		}
		place := strings.Join([]string{
			set.String(dataset.ImagePositionPatient), set.String(dataset.ImageOrientationPatient), set.String(dataset.PixelSpacing), set.String(dataset.SliceThickness),
		}, " ")
		places[in.SeriesInstanceUID] = append(places[in.SeriesInstanceUID], place)
		if set.String(dataset.Modality) != "PT" {
			continue
		}
		for _, p := range decayProblems(set) {
			t.Errorf("instance %d: %s", in.Index, p)
		}
		if index, _ := set.Uint16(imageIndex); int(index) != in.Number {
			t.Errorf("image index %d of slice %d", index, in.Number)
		}
		if before != nil && in.Number > 1 && set.String(dataset.RescaleSlope) == before.String(dataset.RescaleSlope) {
			t.Errorf("slice %d has the slope of the one before", in.Number)
		}
		times[set.String(dataset.AcquisitionTime)] = true
		before = set
	}
	if len(places) != 4 || len(times) < 4 {
		t.Fatalf("%d series, %d acquisition times", len(places), len(times))
	}
	first := places[s.series[0].uid]
	for uid, other := range places {
		for k := range min(len(first), len(other)) {
			if first[k] != other[k] {
				t.Errorf("slice %d of series %s lies at %q, in the first series at %q", k+1, uid, other[k], first[k])
			}
		}
	}
}

func TestPETRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Series){
		"12 bits":          func(s *Series) { s.StoredBits = 12 },
		"inverted":         func(s *Series) { s.Photometric = "MONOCHROME1" },
		"Hounsfield units": func(s *Series) { s.Phantom = "torso CT" },
		"as shipped":       func(*Series) {},
		"signed":           func(s *Series) { s.Signed = true },
	} {
		got := refusal(t, ownRecipe(t, "PT/CT torso", change), "")
		if want := name != "as shipped" && name != "signed"; want != strings.Contains(got, "C.8.9.4") {
			t.Errorf("%s: %q", name, got)
		}
	}
}
