package synth

import (
	"strconv"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// TestGeometry proves that the slices of a series are parallel, equally spaced
// along the normal of their orientation, in one frame of reference, and that the
// field is centred: PS3.3 C.7.6.2.1.
func TestGeometry(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"CT chest", "MR knee"} {
		s := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, name)), Images: 12, Series: 2, AsOf: testDate, Identity: testIdentity})
		floats := func(in *Instance, tag dataset.Tag, n int) []float64 {
			var values []float64
			for _, v := range headerSet(t, in).Strings(tag) {
				f, err := strconv.ParseFloat(v, 64)
				if err != nil {
					t.Fatal(err)
				}
				values = append(values, f)
			}
			if len(values) != n {
				t.Fatalf("%s: %s has %d values", name, tag.Keyword(), len(values))
			}
			return values
		}
		first, err := s.Instance(0)
		if err != nil {
			t.Fatal(err)
		}
		m := s.series[0].Matrix
		o := floats(first, dataset.ImageOrientationPatient, 6)
		normal := []float64{o[1]*o[5] - o[2]*o[4], o[2]*o[3] - o[0]*o[5], o[0]*o[4] - o[1]*o[3]}
		origin := floats(first, dataset.ImagePositionPatient, 3)
		thickness := floats(first, dataset.SliceThickness, 1)[0]
		spacing := floats(first, dataset.PixelSpacing, 2)
		for _, in := range instances(t, s) {
			if headerSet(t, in).String(dataset.FrameOfReferenceUID) != headerSet(t, first).String(dataset.FrameOfReferenceUID) {
				t.Errorf("%s: another frame of reference", name)
			}
			p := floats(in, dataset.ImagePositionPatient, 3)
			along, across := 0.0, 0.0
			for axis := range 3 {
				along += (p[axis] - origin[axis]) * normal[axis]
				across += abs64((p[axis] - origin[axis]) * (1 - abs64(normal[axis])))
			}
			if want := float64(in.Number-1) * thickness; abs64(abs64(along)-want) > 0.001 || across > 0.001 {
				t.Errorf("%s: slice %d lies %g mm along and %g mm across from the first, want %g", name, in.Number, along, across, want)
			}
			for axis := range 3 { // the middle of the field lies on the isocentre, in the plane
				middle := p[axis] + o[axis]*spacing[1]*float64(m.Columns-1)/2 + o[3+axis]*spacing[0]*float64(m.Rows-1)/2
				if normal[axis] == 0 && abs64(middle) > 0.02 {
					t.Errorf("%s: the middle of the field lies at %g mm on axis %d", name, middle, axis)
				}
			}
			for n, pixels := range []uint16{uint16(m.Rows), uint16(m.Columns)} {
				if field := spacing[n] * float64(pixels); field < 100 || field > 500 {
					t.Errorf("%s: a field of %g mm", name, field)
				}
			}
		}
	}
}

func abs64(f float64) float64 { return max(f, -f) }
