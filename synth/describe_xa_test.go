package synth

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// cineProblems says what is wrong with the multi-frame and cine modules of a run
// of so many frames, PS3.3 C.7.6.5 and C.7.6.6; one frame has neither.
func cineProblems(s *dataset.Set, frames int) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if frames == 1 {
		for _, tag := range []dataset.Tag{dataset.NumberOfFrames, dataset.FrameIncrementPointer, dataset.FrameTime, dataset.CineRate} {
			if s.Has(tag) {
				bad("a single shot has %s", tag.Keyword())
			}
		}
		return out
	}
	if n, ok := s.Int(dataset.NumberOfFrames); !ok || int(n) != frames {
		bad("Number of Frames %d of %d", n, frames)
	}
	if p := pointers(s); !slices.Equal(p, []dataset.Tag{dataset.FrameTime}) {
		bad("Frame Increment Pointer %v is not Frame Time", p)
	}
	milliseconds, _ := s.Float(dataset.FrameTime)
	rate, ok := s.Int(dataset.CineRate)
	if !ok || abs64(milliseconds*float64(rate)-1000) > 5 {
		bad("%g ms a frame and %d frames a second", milliseconds, rate)
	}
	return out
}

func TestCineProblemsAreSeen(t *testing.T) {
	t.Parallel()
	in := mustInstance(t, StudyRequest{Recipe: small(mustRecipe(t, "XA coronary")), Images: 8, AsOf: testDate, Identity: testIdentity}, 0)
	if p := cineProblems(headerSet(t, in), in.Frames); len(p) > 0 {
		t.Fatalf("as it is made: %v", p)
	}
	for name, spoil := range map[string]func(*dataset.Set){
		"another number of frames": func(s *dataset.Set) { s.PutString(dataset.NumberOfFrames, "2") },
		"another pointer":          func(s *dataset.Set) { s.PutTags(dataset.FrameIncrementPointer, dataset.FrameTimeVector) },
		"another rate":             func(s *dataset.Set) { s.PutString(dataset.CineRate, "30") },
	} {
		s := headerSet(t, in)
		spoil(s)
		if len(cineProblems(s, in.Frames)) == 0 {
			t.Errorf("%s was not seen", name)
		}
	}
	if len(cineProblems(headerSet(t, in), 1)) == 0 {
		t.Error("the cine of a single shot was not seen")
	}
}

// TestAngiography holds runs against what their pictures show and their recipe
// says.
func TestAngiography(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"XA coronary", "RF barium swallow"} {
		r := mustRecipe(t, name)
		for i := range r.Series {
			r.Series = slices.Clone(r.Series)
			r.Series[i].Matrix = Matrix{80, 64}
		}
		s := mustStudy(t, StudyRequest{Recipe: r, Images: 15, Seed: 5, AsOf: testDate, Identity: testIdentity})
		counts := map[int]bool{}
		for _, in := range instances(t, s) {
			se, number := s.place(in.Index)
			set := headerSet(t, in)
			for _, p := range cineProblems(set, in.Frames) {
				t.Errorf("%s, instance %d: %s", name, in.Index, p)
			}
			if in.Frames < se.Frames.From || in.Frames > se.Frames.To {
				t.Errorf("%s: %d frames in series %d", name, in.Frames, in.Series)
			}
			counts[in.Frames] = true
			if ms, ok := set.Int(dataset.ExposureTime); !ok || int(ms) != pulseMS*in.Frames {
				t.Errorf("%s: %d ms of exposure for %d frames", name, ms, in.Frames)
			}
			if se.object.name != "XA" {
				continue
			}
			view := se.phantom.Views[s.frameKey(se, number, 0, 0).view]
			primary, _ := set.Int(dataset.PositionerPrimaryAngle)
			if want := map[string]bool{"LAO": true, "RAO": false}[view]; primary == 0 || primary > 0 != want {
				t.Errorf("%s shows %s at a primary angle of %d degrees", name, view, primary)
			}
			if set.String(positionerMotion) != "STATIC" {
				t.Errorf("%s: a run without Positioner Motion", name)
			}
			masks := set.Items(maskSubtractionSequence)
			if subtracted := strings.Contains(se.Description, "DSA"); subtracted != (len(masks) == 1) || subtracted != (set.String(dataset.RecommendedViewingMode) == "SUB") {
				t.Errorf("%s, %s: %d masks, viewing mode %q", name, se.Description, len(masks), set.String(dataset.RecommendedViewingMode))
			}
			for _, m := range masks {
				if n, ok := m.Uint16(maskFrameNumbers); !ok || int(n) < 1 || int(n) > in.Frames {
					t.Errorf("%s: mask frame %d of %d", name, n, in.Frames)
				}
			}
		}
		if len(counts) < 5 {
			t.Errorf("%s: only %d different numbers of frames", name, len(counts))
		}
	}
}

func TestFluorographRefuses(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*Series){
		"inverted":   func(s *Series) { s.Photometric = "MONOCHROME1" },
		"colour":     func(s *Series) { s.Phantom, s.Views = "abdomen US", nil },
		"signed":     func(s *Series) { s.StoredBits, s.Signed = 12, true },
		"9 bits":     func(s *Series) { s.StoredBits = 9 },
		"a palette":  func(s *Series) { s.Photometric = "PALETTE COLOR" },
		"11 bits":    func(s *Series) { s.StoredBits = 11 },
		"as shipped": func(*Series) {},
	} {
		for _, recipe := range []string{"XA coronary", "RF barium swallow"} {
			got := refusal(t, ownRecipe(t, recipe, change), "")
			if want := name != "as shipped"; want != strings.Contains(got, "PS3.3 C.8.7.1") {
				t.Errorf("%s, %s: %q", recipe, name, got)
			}
		}
	}
}
