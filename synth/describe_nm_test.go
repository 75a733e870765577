package synth

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// nmIndexes are the index vectors of NM, and which attribute says how many
// indexes each has (0: as many frames as a part of the acquisition has).
var nmIndexes = map[dataset.Tag]dataset.Tag{
	dataset.EnergyWindowVector: dataset.NumberOfEnergyWindows,
	dataset.DetectorVector:     dataset.NumberOfDetectors,
	phaseVector:                numberOfPhases,
	dataset.RotationVector:     numberOfRotations,
	sliceVector:                dataset.NumberOfSlices,
	angularViewVector:          0,
	timeSliceVector:            0,
}

// nmPointers are the values of Frame Increment Pointer, PS3.3 table C.8-8.
var nmPointers = map[string][]dataset.Tag{
	"STATIC":     {dataset.EnergyWindowVector, dataset.DetectorVector},
	"WHOLE BODY": {dataset.EnergyWindowVector, dataset.DetectorVector},
	"DYNAMIC":    {dataset.EnergyWindowVector, dataset.DetectorVector, phaseVector, timeSliceVector},
	"TOMO":       {dataset.EnergyWindowVector, dataset.DetectorVector, dataset.RotationVector, angularViewVector},
	"RECON TOMO": {sliceVector},
}

// words are the values of a US.
func words(s *dataset.Set, t dataset.Tag) []int {
	e, ok := s.Get(t)
	if !ok {
		return nil
	}
	var out []int
	for at := 0; at+1 < len(e.Value); at += 2 {
		out = append(out, int(binary.LittleEndian.Uint16(e.Value[at:])))
	}
	return out
}

// nmProblems says what is wrong with the frames' indexes: every combination must
// be there once, the last one that the pointer names changing first, and as many
// as the sequences describe. See PS3.3 C.8.4.8.
func nmProblems(s *dataset.Set) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	values := s.Strings(dataset.ImageType)
	frames, _ := s.Int(dataset.NumberOfFrames)
	pointed := pointers(s)
	if len(pointed) == 0 || len(values) != 4 {
		return []string{"no Frame Increment Pointer, or an Image Type of other than 4 values"}
	}
	if want := nmPointers[values[2]]; !slices.Equal(pointed, want) {
		bad("%s points to %v, not %v", values[2], pointed, want)
	}
	each := int(frames)
	for _, tag := range pointed {
		v := words(s, tag)
		if len(v) != int(frames) {
			bad("%s has %d values for %d frames", tag, len(v), frames)
			return out
		}
		n := 0
		for _, index := range v {
			n = max(n, index)
		}
		if n == 0 || each%n != 0 {
			bad("%s counts to %d, which does not divide %d frames", tag, n, each)
			return out
		}
		if counted := nmIndexes[tag]; counted != 0 {
			if got := words(s, counted); len(got) != 1 || got[0] != n {
				bad("%s counts to %d, %s is %v", tag, n, counted.Keyword(), got)
			}
		}
		each /= n
		for k, index := range v {
			if index != k/each%n+1 {
				bad("%s of frame %d is %d", tag, k+1, index)
				break
			}
		}
	}
	if each != 1 {
		bad("%d frames have one combination of indexes", each)
	}
	for number, sequence := range map[dataset.Tag]dataset.Tag{
		dataset.NumberOfEnergyWindows: energyWindowInformationSequence,
		dataset.NumberOfDetectors:     detectorInformationSequence,
		numberOfRotations:             rotationInformationSequence,
		numberOfPhases:                phaseInformationSequence,
	} {
		got, items := words(s, number), len(s.Items(sequence))
		if len(got) == 0 && items == 0 && number != dataset.NumberOfEnergyWindows && number != dataset.NumberOfDetectors {
			continue
		}
		if len(got) != 1 || got[0] != items {
			bad("%s is %v, %d are described", number.Keyword(), got, items)
		}
	}
	return out
}

// ofKind is the bone scan with another acquisition and number of frames.
func ofKind(t *testing.T, kind string, frames int) Recipe {
	return ownRecipe(t, "NM bone scan", func(s *Series) {
		s.Matrix, s.Frames = Matrix{64, 64}, Range{frames, frames}
		s.Attributes = map[string]string{"ImageType": `ORIGINAL\PRIMARY\` + kind + `\EMISSION`}
	})
}

// TestNMVectors holds for every number of frames that a recipe may draw.
func TestNMVectors(t *testing.T) {
	t.Parallel()
	for kind := range nmPointers {
		for frames := 1; frames <= 130; frames++ {
			in := mustInstance(t, StudyRequest{Recipe: ofKind(t, kind, frames), Images: 1, AsOf: testDate, Identity: testIdentity}, 0)
			for _, p := range nmProblems(headerSet(t, in)) {
				t.Errorf("%s of %d frames: %s", kind, frames, p)
			}
		}
	}
	for _, name := range []string{"NM bone scan", "NM heart", "NM thyroid"} {
		r := mustRecipe(t, name)
		for seed := range uint64(5) {
			s := mustStudy(t, StudyRequest{Recipe: r, Seed: seed, AsOf: testDate, Identity: testIdentity})
			for i := range s.Len() {
				h, err := s.headerOf(i, 0, nil)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range nmProblems(h) {
					t.Errorf("%s, instance %d: %s", name, i, p)
				}
			}
		}
	}
}

func TestNMProblemsAreSeen(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*dataset.Set){
		"a frame less":        func(s *dataset.Set) { s.PutString(dataset.NumberOfFrames, "7") },
		"a pointer too few":   func(s *dataset.Set) { s.PutTags(dataset.FrameIncrementPointer, dataset.EnergyWindowVector) },
		"frames in disorder":  func(s *dataset.Set) { s.PutUint16(dataset.DetectorVector, 2, 1, 2, 1, 2, 1, 2, 1) },
		"a detector more":     func(s *dataset.Set) { s.PutUint16(dataset.NumberOfDetectors, 3) },
		"an energy window":    func(s *dataset.Set) { s.PutSequence(energyWindowInformationSequence) },
		"another acquisition": func(s *dataset.Set) { s.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "TOMO", "EMISSION") },
		"a rotation":          func(s *dataset.Set) { s.PutUint16(numberOfRotations, 1) },
	} {
		set := headerSet(t, mustInstance(t, StudyRequest{Recipe: ofKind(t, "STATIC", 8), Images: 1, AsOf: testDate, Identity: testIdentity}, 0))
		spoil(set)
		if len(nmProblems(set)) == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
}

// TestNMDetectorsSeeWhatIsShown holds the view codes of the detectors against the
// pictures of their frames.
func TestNMDetectorsSeeWhatIsShown(t *testing.T) {
	t.Parallel()
	s := mustStudy(t, StudyRequest{Recipe: mustRecipe(t, "NM bone scan"), AsOf: testDate, Identity: testIdentity})
	for i := range s.Len() {
		set, err := s.headerOf(i, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		se, number := s.place(i)
		views := map[string]bool{}
		for k, detector := range words(set, dataset.DetectorVector) {
			shown := se.phantom.Views[s.frameKey(se, number, k, 0).view]
			views[shown] = true
			said := set.Items(detectorInformationSequence)[detector-1].Items(viewCodeSequence)
			if len(said) != 1 || said[0].String(dataset.CodeMeaning) != nmViews[shown][1] || said[0].String(dataset.CodeValue) != nmViews[shown][0] {
				t.Errorf("instance %d, frame %d shows the %s view, its detector says otherwise", i, k+1, shown)
			}
		}
		if len(views) != 2 {
			t.Errorf("instance %d shows %v, not the body from both sides", i, views)
		}
		length, _ := set.Float(scanLength)
		spacing, _ := set.Float(dataset.PixelSpacing)
		if rows, _ := set.Uint16(dataset.Rows); abs64(length-spacing*float64(rows)) > 1 {
			t.Errorf("a scan of %g mm, %d rows of %g mm", length, rows, spacing)
		}
		velocity, _ := set.Float(scanVelocity)
		if ms, _ := set.Int(dataset.ActualFrameDuration); abs64(velocity*float64(ms)/1000-length) > 1 {
			t.Errorf("%g mm at %g mm/s in %d ms", length, velocity, ms)
		}
	}
}

// TestNMSlices proves that reconstructed slices have orthogonal unit vectors,
// and that the heart's follow each other from the apex (left, in front, below) to
// the base, those of others to the feet.
func TestNMSlices(t *testing.T) {
	t.Parallel()
	for part, towards := range map[string][3]float64{"HEART": {-0.6, 0.64, 0.48}, "NECK": {0, 0, -1}} {
		r := ofKind(t, "RECON TOMO", 20)
		r.BodyPart = part
		set := headerSet(t, mustInstance(t, StudyRequest{Recipe: r, Images: 1, AsOf: testDate, Identity: testIdentity}, 0))
		var o []float64
		for _, v := range set.Items(detectorInformationSequence)[0].Strings(dataset.ImageOrientationPatient) {
			var f float64
			if _, err := fmt.Sscan(v, &f); err != nil {
				t.Fatal(err)
			}
			o = append(o, f)
		}
		if len(o) != 6 {
			t.Fatalf("%s: orientation %v", part, o)
		}
		if dot := o[0]*o[3] + o[1]*o[4] + o[2]*o[5]; abs64(dot) > 1e-5 || abs64(math.Hypot(math.Hypot(o[0], o[1]), o[2])-1) > 1e-5 || abs64(math.Hypot(math.Hypot(o[3], o[4]), o[5])-1) > 1e-5 {
			t.Errorf("%s: %v are no orthogonal unit vectors", part, o)
		}
		spacing, _ := set.Float(dataset.SpacingBetweenSlices)
		normal := [3]float64{o[1]*o[5] - o[2]*o[4], o[2]*o[3] - o[0]*o[5], o[0]*o[4] - o[1]*o[3]}
		for axis := range 3 {
			if step := normal[axis] * spacing / abs64(spacing); spacing == 0 || abs64(step-towards[axis]) > 1e-4 {
				t.Errorf("%s: slices follow each other to %g on axis %d, want %g", part, step, axis, towards[axis])
			}
		}
	}
}

func TestNMRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		r    Recipe
		want string
	}{
		"an acquisition that is not made": {ofKind(t, "GATED", 8), `"GATED"`},
		"more frames than indexes":        {ofKind(t, "TOMO", 40_000), "40000 frames"},
		"12 bits":                         {ownRecipe(t, "NM bone scan", func(s *Series) { s.StoredBits = 12 }), "C.8.4.7"},
		"colour":                          {ownRecipe(t, "NM bone scan", func(s *Series) { s.Phantom, s.StoredBits = "abdomen US", 8 }), "C.8.4.7"},
		"nothing":                         {ofKind(t, "DYNAMIC", 9), ""},
	} {
		got := refusal(t, c.r, "")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
