package synth

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// enhancedInstances are headers of objects with functional groups: those of the
// recipes, and some that show what these do not.
func enhancedInstances(t *testing.T) map[string]*dataset.Set {
	t.Helper()
	out := map[string]*dataset.Set{}
	add := func(r Recipe, images int) {
		s := mustStudy(t, StudyRequest{Recipe: r, Images: images, Seed: 3, AsOf: testDate, Identity: testIdentity})
		for i := range s.Len() {
			se, number := s.place(i)
			if se.object.pixels != multiFrame {
				continue
			}
			set, err := s.headerOf(i, 0, nil)
			if err != nil {
				t.Fatal(err)
			}
			out[fmt.Sprintf("%s, series %d (%s), instance %d", r.Name, se.index+1, se.Description, number+1)] = set
		}
	}
	for _, name := range []string{"CT chest enhanced", "MR brain enhanced", "Mammogram with tomosynthesis"} {
		r := mustRecipe(t, name)
		add(r, len(r.Series))
		add(r, len(r.Series)+3) // some series of several instances
	}
	for name, s := range map[string]Series{
		"volumes that do not come out even": {Object: "Enhanced MR", Frames: Range{50, 50}, Attributes: map[string]string{"AcquisitionContrast": "PERFUSION", "NumberOfTemporalPositions": "7"}},
		"more volumes than frames":          {Object: "Enhanced MR", Frames: Range{3, 3}, Attributes: map[string]string{"NumberOfTemporalPositions": "7"}},
		"CT in time":                        {Object: "Enhanced CT", Frames: Range{40, 40}, Signed: true, StoredBits: 16, Attributes: map[string]string{"NumberOfTemporalPositions": "4", "ContrastBolusAgent": "AGENT"}},
		"sagittal":                          {Object: "Enhanced MR", Phantom: "knee MR", Frames: Range{25, 25}},
		"one frame":                         {Object: "Enhanced CT", Frames: Range{1, 1}},
	} {
		part := map[string]string{"sagittal": "KNEE"}[name]
		add(Recipe{Name: name, BodyPart: part, Images: Count{Mean: 1}, Series: []Series{s}}, 1)
	}
	return out
}

// TestFunctionalGroups holds the functional groups and dimensions against what
// PS3.3 C.7.6.16 and C.7.6.17 demand, which dciodvfy does not see.
func TestFunctionalGroups(t *testing.T) {
	t.Parallel()
	all := enhancedInstances(t)
	for name, set := range all {
		for _, problem := range groupProblems(set) {
			t.Errorf("%s: %s", name, problem)
		}
	}
	if len(all) < 25 {
		t.Errorf("only %d instances were looked at", len(all))
	}
}

// TestFunctionalGroupsSpoilt proves that the test above can fail.
func TestFunctionalGroupsSpoilt(t *testing.T) {
	t.Parallel()
	frame := func(s *dataset.Set, k int) *dataset.Set { return s.Items(perFrameFunctionalGroupsSequence)[k] }
	content := func(s *dataset.Set, k int) *dataset.Set {
		return frame(s, k).Items(dataset.FrameContentSequence)[0]
	}
	for name, spoil := range map[string]func(s *dataset.Set){
		"a frame too few": func(s *dataset.Set) {
			frames := s.Items(perFrameFunctionalGroupsSequence)
			s.PutSequence(perFrameFunctionalGroupsSequence, frames[1:]...)
		},
		"a plane out of place": func(s *dataset.Set) {
			frame(s, 2).Items(dataset.PlanePositionSequence)[0].PutString(dataset.ImagePositionPatient, "1", "2", "3")
		},
		"a dimension index that skips": func(s *dataset.Set) {
			content(s, 2).PutUint32(dataset.DimensionIndexValues, 1, 77, 1)
		},
		"an index for another value": func(s *dataset.Set) { content(s, 2).PutUint32(dataset.InStackPositionNumber, 2) },
		"a frame after the end":      func(s *dataset.Set) { content(s, 2).PutString(dataset.FrameAcquisitionDateTime, "20260106000000") },
		"a reference before its frame": func(s *dataset.Set) {
			content(s, 2).PutString(dataset.FrameReferenceDateTime, "20260101000000")
		},
		"a group both shared and per frame": func(s *dataset.Set) {
			frame(s, 0).PutSequence(dataset.PixelMeasuresSequence, dataset.New())
		},
		"a group in some frames only": func(s *dataset.Set) { frame(s, 1).Delete(temporalPositionSequence) },
		"a group of two items": func(s *dataset.Set) {
			frame(s, 1).PutSequence(temporalPositionSequence, dataset.New(), dataset.New())
		},
		"another temporal offset": func(s *dataset.Set) {
			frame(s, 30).Items(temporalPositionSequence)[0].PutFloat64(temporalPositionTimeOffset, 0.5)
		},
		"an organisation that is not listed": func(s *dataset.Set) {
			s.Items(dataset.DimensionIndexSequence)[0].PutString(dataset.DimensionOrganizationUID, "1.2.3")
		},
		"another frame type": func(s *dataset.Set) {
			s.Items(sharedFunctionalGroupsSequence)[0].Items(0x00189226)[0].PutString(frameTypeTag, "DERIVED", "PRIMARY", "PERFUSION", "NONE")
		},
		"another technique": func(s *dataset.Set) {
			s.Items(sharedFunctionalGroupsSequence)[0].Items(0x00189226)[0].PutString(0x00089207, "MPR")
		},
		"another spacing": func(s *dataset.Set) {
			s.Items(sharedFunctionalGroupsSequence)[0].Items(dataset.PixelMeasuresSequence)[0].PutString(dataset.SpacingBetweenSlices, "7")
		},
	} {
		r := mustRecipe(t, "MR brain enhanced")
		r.Series = r.Series[5:6]
		s := mustStudy(t, StudyRequest{Recipe: r, Images: 1, AsOf: testDate, Identity: testIdentity})
		set, err := s.headerOf(0, 0, nil)
		if err != nil {
			t.Fatal(err)
		}
		if problems := groupProblems(set); len(problems) > 0 {
			t.Fatalf("before it was spoilt: %v", problems)
		}
		spoil(set)
		if len(groupProblems(set)) == 0 {
			t.Errorf("%s was not noticed", name)
		}
	}
}

// groupProblems says what is wrong with the functional groups of a header.
func groupProblems(set *dataset.Set) []string {
	p := &groupProof{set: set, frames: set.Items(perFrameFunctionalGroupsSequence)}
	if shared := set.Items(sharedFunctionalGroupsSequence); len(shared) == 1 {
		p.shared = shared[0]
	} else {
		p.bad("%d items of shared groups", len(shared))
		return p.problems
	}
	if n, ok := set.Int(dataset.NumberOfFrames); !ok || int(n) != len(p.frames) || n == 0 {
		p.bad("%d frames, groups of %d", n, len(p.frames))
		return p.problems
	}
	if p.presence() {
		p.types()
		p.dimensions()
		p.places()
		p.times()
	}
	return p.problems
}

// groupProof collects what is wrong with functional groups.
type groupProof struct {
	set, shared *dataset.Set
	frames      []*dataset.Set
	problems    []string
}

func (p *groupProof) bad(format string, args ...any) {
	p.problems = append(p.problems, fmt.Sprintf(format, args...))
}

// of is the item of a group that applies to frame k.
func (p *groupProof) of(k int, group dataset.Tag) *dataset.Set {
	for _, from := range []*dataset.Set{p.frames[k], p.shared} {
		if items := from.Items(group); len(items) > 0 {
			return items[0]
		}
	}
	return dataset.New()
}

// presence proves that each group is either shared or in every frame, with one
// item, and that what every IOD of the family demands is there.
func (p *groupProof) presence() bool {
	ok := true
	count := map[dataset.Tag]int{}
	for _, frame := range append(slices.Clone(p.frames), p.shared) {
		for e := range frame.All() {
			if e.VR != dataset.VRSQ || len(e.Items) != 1 {
				p.bad("group %s has %d items", e.Tag.Keyword(), len(e.Items))
				ok = false
			}
			if frame != p.shared {
				count[e.Tag]++
			}
		}
	}
	for tag, n := range count {
		if n != len(p.frames) || p.shared.Has(tag) {
			p.bad("group %s is in %d of %d frames, shared: %v", tag.Keyword(), n, len(p.frames), p.shared.Has(tag))
			ok = false
		}
	}
	for _, tag := range []dataset.Tag{
		dataset.PixelMeasuresSequence, dataset.FrameContentSequence, dataset.PlanePositionSequence, dataset.PlaneOrientationSequence,
		0x00209071, dataset.PixelValueTransformationSequence, dataset.FrameVOILUTSequence,
	} {
		if p.of(0, tag).Len() == 0 {
			p.bad("there is no %s", tag.Keyword())
			ok = false
		}
	}
	return ok
}

// types proves that the frames are of the type of the image, and described as it
// is: PS3.3 C.8.16.1 and C.8.16.2.
func (p *groupProof) types() {
	for k := range p.frames {
		found := false
		for _, tag := range []dataset.Tag{0x00189329, 0x00189226, 0x00189504} {
			kind := p.of(k, tag)
			found = found || kind.Len() > 0
			if kind.Len() > 0 && !slices.Equal(kind.Strings(frameTypeTag), p.set.Strings(dataset.ImageType)) {
				p.bad("frame %d has the type %q, the image %q", k+1, kind.Strings(frameTypeTag), p.set.Strings(dataset.ImageType))
			}
			for _, described := range []dataset.Tag{0x00089205, 0x00089206, 0x00089207} {
				if kind.Len() > 0 && (kind.String(described) == "" || kind.String(described) != p.set.String(described)) {
					p.bad("frame %d has %s %q, the image %q", k+1, described.Keyword(), kind.String(described), p.set.String(described))
				}
			}
		}
		if !found {
			p.bad("frame %d has no type", k+1)
		}
	}
}

// dimensions proves that the index values count the values of the attributes that
// the dimensions point at, from 1 and without a gap, and that no two frames have
// the same ones. See PS3.3 C.7.6.17.1.
func (p *groupProof) dimensions() {
	organisation := p.set.Items(dataset.DimensionOrganizationSequence)
	dimensions := p.set.Items(dataset.DimensionIndexSequence)
	if len(organisation) != 1 || len(dimensions) < 2 {
		p.bad("%d organisations of %d dimensions", len(organisation), len(dimensions))
		return
	}
	seen := map[string]int{}
	values := make([]map[uint32]float64, len(dimensions)) // of index to value
	for k := range p.frames {
		e, _ := p.of(k, dataset.FrameContentSequence).Get(dataset.DimensionIndexValues)
		if e == nil || len(e.Value) != 4*len(dimensions) {
			p.bad("frame %d has no index for each of %d dimensions", k+1, len(dimensions))
			return
		}
		if other, twice := seen[string(e.Value)]; twice {
			p.bad("frames %d and %d are at one place of the dimensions", other+1, k+1)
		}
		seen[string(e.Value)] = k
		for n, d := range dimensions {
			if d.String(dataset.DimensionOrganizationUID) != organisation[0].String(dataset.DimensionOrganizationUID) {
				p.bad("dimension %d is of no organisation", n+1)
			}
			value, ok := p.number(k, tagIn(d, dataset.FunctionalGroupPointer), tagIn(d, dataset.DimensionIndexPointer))
			if !ok {
				p.bad("dimension %d points at %s, which frame %d does not have", n+1, tagIn(d, dataset.DimensionIndexPointer), k+1)
				return
			}
			index := binary.LittleEndian.Uint32(e.Value[4*n:])
			if values[n] == nil {
				values[n] = map[uint32]float64{}
			}
			if was, ok := values[n][index]; ok && was != value {
				p.bad("dimension %d: index %d is %g and %g", n+1, index, was, value)
			}
			values[n][index] = value
		}
	}
	for n := range dimensions {
		order := slices.Sorted(maps.Keys(values[n]))
		for i, index := range order {
			if int(index) != i+1 || i > 0 && values[n][index] <= values[n][order[i-1]] {
				p.bad("dimension %d: index %d of value %g comes as number %d", n+1, index, values[n][index], i+1)
			}
		}
	}
}

// number is an attribute of a group of frame k.
func (p *groupProof) number(k int, group, tag dataset.Tag) (float64, bool) {
	item := p.of(k, group)
	if f, ok := item.Float(tag); ok {
		return f, true
	}
	f, err := strconv.ParseFloat(item.String(tag), 64) // a Stack ID
	return f, err == nil
}

// tagIn is the value of an AT.
func tagIn(s *dataset.Set, t dataset.Tag) dataset.Tag {
	e, ok := s.Get(t)
	if !ok || len(e.Value) != 4 {
		return 0
	}
	return dataset.NewTag(binary.LittleEndian.Uint16(e.Value), binary.LittleEndian.Uint16(e.Value[2:]))
}

// decimalsOf reads the values of a DS.
func decimalsOf(s *dataset.Set, t dataset.Tag) []float64 {
	var out []float64
	for _, v := range s.Strings(t) {
		f, err := strconv.ParseFloat(strings.TrimSpace(v), 64)
		if err != nil {
			return nil
		}
		out = append(out, f)
	}
	return out
}

// places proves that the planes of a stack are orthonormal, parallel, as far from
// each other as is said, in the order of the stack, and that the same place in
// the stack is the same place in the patient. See PS3.3 C.7.6.16.2.2.4.
func (p *groupProof) places() {
	o := decimalsOf(p.of(0, dataset.PlaneOrientationSequence), dataset.ImageOrientationPatient)
	step, ok := p.of(0, dataset.PixelMeasuresSequence).Float(dataset.SpacingBetweenSlices)
	if len(o) != 6 || !ok || step <= 0 {
		p.bad("orientation %v, spacing %g", o, step)
		return
	}
	normal := cross(o[:3], o[3:])
	if math.Abs(dot(o[:3], o[:3])-1) > 1e-6 || math.Abs(dot(o[3:], o[3:])-1) > 1e-6 || math.Abs(dot(o[:3], o[3:])) > 1e-6 {
		p.bad("orientation %v is not orthonormal", o)
	}
	origin := decimalsOf(p.of(0, dataset.PlanePositionSequence), dataset.ImagePositionPatient)
	direction := 0.0
	for k := range p.frames {
		at := decimalsOf(p.of(k, dataset.PlanePositionSequence), dataset.ImagePositionPatient)
		place, ok := p.of(k, dataset.FrameContentSequence).Int(dataset.InStackPositionNumber)
		if len(at) != 3 || !ok {
			p.bad("frame %d has the position %v", k+1, at)
			return
		}
		d := []float64{at[0] - origin[0], at[1] - origin[1], at[2] - origin[2]}
		along := dot(d, normal)
		across := []float64{d[0] - along*normal[0], d[1] - along*normal[1], d[2] - along*normal[2]}
		if place == 2 && direction == 0 {
			direction = math.Copysign(1, along)
		}
		if want := direction * float64(place-1) * step; math.Abs(along-want) > 0.003 || math.Sqrt(dot(across, across)) > 0.003 {
			p.bad("frame %d, place %d, lies %g mm along the stack, %v mm across", k+1, place, along, across)
		}
	}
}

// times proves that the frames are acquired while the image is, that the time of
// reference lies within, and that offsets of temporal positions are those.
func (p *groupProof) times() {
	begin, err := time.Parse(dateTime, p.set.String(dataset.AcquisitionDateTime))
	if err != nil {
		p.bad("the acquisition begins %v", err)
		return
	}
	end := begin.Add(time.Hour)
	if seconds, ok := p.set.Float(acquisitionDuration); ok {
		end = begin.Add(time.Duration(math.Round(seconds*1e6)) * time.Microsecond)
	}
	first := map[string]time.Time{} // by place in the stack
	for k := range p.frames {
		content := p.of(k, dataset.FrameContentSequence)
		from, err := time.Parse(dateTime, content.String(dataset.FrameAcquisitionDateTime))
		middle, err2 := time.Parse(dateTime, content.String(dataset.FrameReferenceDateTime))
		milliseconds, ok := content.Float(frameAcquisitionDuration)
		to := from.Add(time.Duration(math.Round(milliseconds*1e3)) * time.Microsecond)
		if err != nil || err2 != nil || !ok || milliseconds <= 0 || from.Before(begin) || to.After(end) || middle.Before(from) || middle.After(to) {
			p.bad("frame %d is acquired from %v to %v, refers to %v, the image is acquired from %v to %v", k+1, from, to, middle, begin, end)
		}
		place := fmt.Sprint(content.Int(dataset.InStackPositionNumber))
		if _, ok := first[place]; !ok {
			first[place] = from
		}
		offset, ok := p.of(k, temporalPositionSequence).Float(temporalPositionTimeOffset)
		if got := from.Sub(first[place]).Seconds(); ok && math.Abs(got-offset) > 0.001 {
			p.bad("frame %d is %g s after the first at its place, its temporal position %g s", k+1, got, offset)
		}
	}
}

func dot(a, b []float64) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

func cross(a, b []float64) []float64 {
	return []float64{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}
