package synth

import (
	"bytes"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// breastProblems says where the header of a mammogram or of a tomosynthesis
// contradicts its view, or itself.
func breastProblems(set *dataset.Set, view string) []string {
	var out []string
	want := func(what, got, want string) {
		if got != want {
			out = append(out, what+" is "+got+", want "+want)
		}
	}
	side, position, _ := strings.Cut(view, " ")
	codes := map[string]string{"CC": "399162004 SCT cranio-caudal", "MLO": "399368009 SCT medio-lateral oblique"}
	// PS3.3 C.7.6.1.1.1: rows run to the chest wall in the pictures of the right
	// breast, away from it in those of the left; columns from the axilla down.
	orientations := map[string][]string{"R CC": {"P", "L"}, "L CC": {"A", "R"}, "R MLO": {"P", "FL"}, "L MLO": {"A", "FR"}}
	angles := map[string]float64{"R CC": 0, "L CC": 0, "R MLO": 45, "L MLO": -45} // to the patient's left

	views := set.Items(viewCodeSequence)
	if len(views) != 1 {
		return append(out, "there is no view")
	}
	v := views[0]
	want("the view", strings.Join([]string{v.String(dataset.CodeValue), v.String(dataset.CodingSchemeDesignator), v.String(dataset.CodeMeaning)}, " "), codes[position])
	if set.Has(dataset.Laterality) {
		out = append(out, "the series has a laterality")
	}
	if shared := set.Items(sharedFunctionalGroupsSequence); len(shared) == 1 {
		anatomy := shared[0].Items(0x00209071)
		want("Frame Laterality", anatomy[0].String(0x00209072), side)
		want("the anatomic region", anatomy[0].Items(anatomicRegionSequence)[0].String(dataset.CodeValue), "76752008")
		o := decimalsOf(shared[0].Items(dataset.PlaneOrientationSequence)[0], dataset.ImageOrientationPatient)
		want("the orientation of rows", letters(o[:3]), orientations[view][0])
		want("the orientation of columns", letters(o[3:]), orientations[view][1])
		return append(out, planeProblems(set, o, side, angles[view])...)
	}
	want("View Position", set.String(dataset.ViewPosition), position)
	want("Image Laterality", set.String(dataset.ImageLaterality), side)
	want("Patient Orientation", strings.Join(set.Strings(dataset.PatientOrientation), `\`), strings.Join(orientations[view], `\`))
	want("the anatomic region", set.Items(anatomicRegionSequence)[0].String(dataset.CodeValue), "76752008")
	if angle, ok := set.Float(dataset.PositionerPrimaryAngle); !ok || angle != angles[view] {
		out = append(out, "the positioner stands elsewhere")
	}
	return out
}

// letters is the orientation of a direction, PS3.3 C.7.6.1.1.1: of equal parts the
// one along the body first.
func letters(d []float64) string {
	out := ""
	for _, axis := range []struct {
		cosine             float64
		positive, negative string
	}{{d[2], "H", "F"}, {d[0], "L", "R"}, {d[1], "P", "A"}} {
		switch {
		case axis.cosine > 1e-4:
			out += axis.positive
		case axis.cosine < -1e-4:
			out += axis.negative
		}
	}
	return out
}

// planeProblems proves that the planes of a tomosynthesis are stacked from the
// detector against the beam, which comes from where the positioner stands.
func planeProblems(set *dataset.Set, o []float64, side string, angle float64) []string {
	var out []string
	p := &groupProof{shared: set.Items(sharedFunctionalGroupsSequence)[0], frames: set.Items(perFrameFunctionalGroupsSequence)}
	position := func(k int) []float64 {
		return decimalsOf(p.of(k, dataset.PlanePositionSequence), dataset.ImagePositionPatient)
	}
	// From the detector to the tube, which stands so many degrees to the patient's
	// left of above.
	tube := []float64{math.Sin(angle * math.Pi / 180), 0, math.Cos(angle * math.Pi / 180)}
	if math.Abs(dot(cross(o[:3], o[3:]), tube)+1) > 1e-6 {
		out = append(out, "the planes are not normal to the beam")
	}
	first, last := position(0), position(len(p.frames)-1)
	rise := []float64{last[0] - first[0], last[1] - first[1], last[2] - first[2]}
	if len(p.frames) > 1 && dot(rise, tube) <= 0 {
		out = append(out, "the planes are not stacked towards the tube")
	}
	// The chest wall is the plane y = 0, the nipple in front of it (-y).
	spacing, _ := p.of(0, dataset.PixelMeasuresSequence).Float(dataset.PixelSpacing)
	columns, _ := set.Int(dataset.Columns)
	end := first[1] + o[1]*spacing*float64(columns-1)
	wall, front := end, first[1]
	if side == "L" {
		wall, front = front, wall
	}
	if math.Abs(wall+spacing/2) > 0.2 || front > -100 {
		out = append(out, "the chest wall is not at its edge")
	}
	arc := set.Items(0x00189507)
	if len(arc) != 1 {
		return append(out, "there is no acquisition")
	}
	start, _ := arc[0].Float(0x00189510)
	sweep, _ := arc[0].Float(0x00189508)
	if math.Abs(start+sweep/2-angle) > 1e-3 {
		out = append(out, "the middle of the sweep is not the view's angle")
	}
	return out
}

// breastStudies are the mammograms with and without planes, of several seeds.
func breastStudies(t *testing.T) []*Study {
	t.Helper()
	var out []*Study
	for _, name := range []string{"Mammogram", "Mammogram with tomosynthesis"} {
		r := mustRecipe(t, name)
		for seed := range uint64(3) {
			out = append(out, mustStudy(t, StudyRequest{Recipe: r, Images: r.Images.Mean, Seed: seed, AsOf: testDate, Identity: testIdentity}))
		}
	}
	return out
}

// TestBreastViews proves that every image of a mammogram has the four views once
// and says of each what the picture shows.
func TestBreastViews(t *testing.T) {
	t.Parallel()
	for _, s := range breastStudies(t) {
		seen := map[string]int{}
		for i := range s.Len() {
			h := s.emptyHeader(i, 0)
			set, err := s.headerOf(i, 0, nil)
			if err != nil {
				t.Fatal(err)
			}
			for _, problem := range breastProblems(set, h.view()) {
				t.Errorf("%s, %s of %s: %s", s.Recipe.Name, h.series.Object, h.view(), problem)
			}
			seen[h.series.Object+" "+h.view()]++
		}
		if len(seen) != s.Len() || s.Len() < 4 {
			t.Errorf("%s: %v", s.Recipe.Name, seen)
		}
	}
}

// TestBreastViewsSpoilt proves that the test above can fail.
func TestBreastViewsSpoilt(t *testing.T) {
	t.Parallel()
	r := mustRecipe(t, "Mammogram with tomosynthesis")
	s := mustStudy(t, StudyRequest{Recipe: r, Images: 8, AsOf: testDate, Identity: testIdentity})
	for i := range s.Len() {
		own := s.emptyHeader(i, 0).view()
		set, err := s.headerOf(i, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, view := range []string{"R CC", "L CC", "R MLO", "L MLO"} {
			if problems := breastProblems(set, view); (len(problems) == 0) != (view == own) {
				t.Errorf("the header of %s is taken for one of %s: %v", own, view, problems)
			}
		}
	}
	set, err := s.headerOf(1, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	frames := set.Items(perFrameFunctionalGroupsSequence)
	slices.Reverse(frames)
	if len(breastProblems(set, "R CC")) == 0 {
		t.Error("planes from the tube downwards were not noticed")
	}
}

// TestChestWall proves that the pictures show the chest wall where the orientation
// has it: at the right edge of the right breast.
func TestChestWall(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Mammogram", "Mammogram with tomosynthesis"} {
		r := small(mustRecipe(t, name))
		s := mustStudy(t, StudyRequest{Recipe: r, Images: r.Images.Mean, Seed: 4, AsOf: testDate, Identity: testIdentity})
		for i, in := range instances(t, s) {
			h := s.emptyHeader(i, 0)
			pixel := in.PixelData()
			m := h.series.Matrix
			edge := func(column int) (sum int) {
				for row := m.Rows * 2 / 5; row < m.Rows*3/5; row++ {
					at := 2 * (row*m.Columns + column)
					sum += int(pixel[at]) | int(pixel[at+1])<<8
				}
				return sum
			}
			left, right := edge(0), edge(m.Columns-1)
			if v := h.view(); (right > left) != strings.HasPrefix(v, "R") || min(left, right) > 0 {
				t.Errorf("%s, %s of %s: %d at the left edge, %d at the right", name, h.series.Object, v, left, right)
			}
		}
	}
}

// TestOneCompression proves that the mammogram and the planes of a view are of one
// breast under one compression, those of different views not, and that without
// planes there is no frame of reference.
func TestOneCompression(t *testing.T) {
	t.Parallel()
	for _, s := range breastStudies(t) {
		frames := map[string][]string{} // of reference, by view
		for i := range s.Len() {
			h := s.emptyHeader(i, 0)
			set, err := s.headerOf(i, 0, nil)
			if err != nil {
				t.Fatal(err)
			}
			item := set
			if h.series.object.pixels == multiFrame {
				item = set.Items(0x00189507)[0]
				if thickness, _ := item.Float(dataset.BodyPartThickness); int(thickness) != h.frames {
					t.Errorf("%s: %d planes of 1 mm of a breast of %g mm", h.view(), h.frames, thickness)
				}
			}
			frames[h.view()] = append(frames[h.view()], strings.Join([]string{
				set.String(dataset.FrameOfReferenceUID), item.String(dataset.BodyPartThickness), item.String(dataset.CompressionForce), item.String(dataset.KVP),
			}, " "))
		}
		uids := map[string]bool{}
		for view, list := range frames {
			if len(slices.Compact(list)) != 1 {
				t.Errorf("%s, %s: %v", s.Recipe.Name, view, list)
			}
			uid, _, _ := strings.Cut(list[0], " ")
			uids[uid] = true
		}
		if planes := s.Recipe.Name != "Mammogram"; planes && len(uids) != 4 || !planes && (len(uids) != 1 || !uids[""]) {
			t.Errorf("%s: frames of reference %v", s.Recipe.Name, uids)
		}
	}
}

// TestInvertedMammogram proves that a MONOCHROME1 mammogram says so wherever the
// sense of its values matters.
func TestInvertedMammogram(t *testing.T) {
	t.Parallel()
	for photometric, want := range map[string][]int64{"MONOCHROME2": {-1, 0}, "MONOCHROME1": {1, 4095}} {
		r := mustRecipe(t, "Mammogram")
		r.Series = slices.Clone(r.Series)
		r.Series[0].Photometric = photometric
		s := mustStudy(t, StudyRequest{Recipe: r, Images: 1, AsOf: testDate, Identity: testIdentity})
		set, err := s.headerOf(0, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		sign, _ := set.Int(dataset.PixelIntensityRelationshipSign)
		padding, _ := set.Int(dataset.PixelPaddingValue)
		shape := map[int64]string{-1: "IDENTITY", 1: "INVERSE"}[sign]
		if !slices.Equal([]int64{sign, padding}, want) || set.String(dataset.PresentationLUTShape) != shape {
			t.Errorf("%s: sign %d, padding %d, shape %s", photometric, sign, padding, set.String(dataset.PresentationLUTShape))
		}
	}
}

// TestBreastProfiles validates against the IHE profiles of mammography, which
// demand more than the IODs. What a mammogram lacks is the reference to its image
// for processing, which is not in the study.
func TestBreastProfiles(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	r := small(mustRecipe(t, "Mammogram with tomosynthesis"))
	s := mustStudy(t, StudyRequest{Recipe: r, Images: 8, AsOf: testDate, Identity: testIdentity})
	for i, in := range instances(t, s) {
		profile, lacks := "IHEDBT", 0
		if s.emptyHeader(i, 0).series.Object == "MG" {
			profile, lacks = "IHEMammo", 1
		}
		var b bytes.Buffer
		if err := WriteFile(&b, in); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "instance.dcm")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(program, "-profile", profile, file).CombinedOutput()
		if err != nil && !strings.Contains(string(out), "Error") || !strings.Contains(string(out), profile) {
			t.Fatalf("instance %d: %v, %s", i, err, out)
		}
		var lines []string
		for line := range strings.Lines(string(out)) {
			if strings.HasPrefix(line, "Error") {
				lines = append(lines, line)
			}
		}
		for _, line := range lines {
			if lacks == 0 || !strings.Contains(line, "SourceImageSequence") {
				t.Errorf("instance %d: %s", i, line)
			}
		}
		if len(lines) != lacks {
			t.Errorf("instance %d: %d complaints, expected %d", i, len(lines), lacks)
		}
	}
}
