package phantom

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"

	"pacsuat/synth/draw"
)

// Phantom is a body, or a page, of which pictures are painted. Take one from All
// or Named.
type Phantom struct {
	Name   string   // as recipes write it: "chest CT"
	Views  []string // projections or weightings, at least one: "PA", "lateral"; must not be changed
	Colour bool     // pictures are RGB of 8 bits
	Bits   int      // grey values are from 0 to 1<<Bits - 1 (8, 10, 12, 14 or 16); 8 for colour

	// Air is what was added to the Hounsfield units of CT so that they are not
	// negative: 1024, the value of water. It is 0 where values have no unit.
	Air int

	Moves bool // Picture.Frame matters: a cine

	look look
}

// look is how a phantom's pictures come to be.
type look struct {
	paint  func(*canvas, scene)
	height int  // units that a picture shows at least from top to bottom; 0 is across
	middle bool // what a picture shows beyond that is above and below alike, else below
	depth  int  // bits of the values that are painted; 0 is Phantom.Bits
	sharp  bool // painted in the picture's own matrix, however large it is
	centre int  // of the window, see Window
	width  int
}

// Picture says which picture of a phantom is wanted.
type Picture struct {
	Columns, Rows int // from 64 to 65535, and at most 1<<28 pixels
	View          int // index into Phantom.Views, taken modulo their number

	// Slice is which of Of distinct pictures of this view, from 0: a volume is
	// gone through from one end to the other, of a projection they are exposures
	// in slightly other positions. Of less than 1 counts as 1.
	Slice, Of int

	// Frame is the time within a multi-frame clip, from 0, of Span frames. It is
	// ignored unless the phantom Moves. Span less than 1 counts as 1.
	Frame, Span int

	Anatomy uint64 // seed of what all pictures of a study have in common
	Grain   uint64 // seed of this picture's noise
}

// scene is what painters know of a picture.
type scene struct {
	view, slice, of, frame, span int

	seed    uint64       // Picture.Anatomy
	anatomy *draw.Stream // what all pictures of a study have in common
	pose    *draw.Stream // what all frames of one view and slice have in common
	grain   *draw.Stream // this picture's noise
}

// scene returns the scene of a picture that check has accepted.
func (p Phantom) scene(q Picture) scene {
	s := scene{view: q.View % len(p.Views), slice: q.Slice, of: max(1, q.Of), seed: q.Anatomy, span: 1}
	if s.view < 0 {
		s.view += len(p.Views)
	}
	if p.Moves {
		s.frame, s.span = q.Frame, max(1, q.Span)
	}
	s.anatomy = draw.From(q.Anatomy)
	s.pose = draw.From(q.Anatomy, uint64(s.view), uint64(s.slice))
	s.grain = draw.From(q.Grain, uint64(s.view), uint64(s.slice), uint64(s.frame))
	return s
}

// along is how far the slice lies on the way through the volume, from 0 at the
// first to n at the last.
func (s scene) along(n int) int { return s.slice * n / max(1, s.of-1) }

// phase is the time within the clip in 1/1024 of it, from 0.
func (s scene) phase() int { return s.frame % s.span * 1024 / s.span }

// All returns the phantoms in a fixed order. The slice is the caller's.
func All() []Phantom { return slices.Clone(catalogue()) }

// Named returns the phantom of that name, ignoring case. The error of an unknown
// name lists the names and says which one may have been meant.
func Named(name string) (Phantom, error) {
	var names []string
	best, distance := "", 1<<30
	wanted := strings.ToLower(strings.TrimSpace(name))
	for _, p := range catalogue() {
		if strings.ToLower(p.Name) == wanted {
			return p, nil
		}
		names = append(names, fmt.Sprintf("%q", p.Name))
		if len(wanted) > longestName {
			continue
		}
		if d := levenshtein.ComputeDistance(wanted, strings.ToLower(p.Name)); d < distance {
			best, distance = p.Name, d
		}
	}
	hint := ""
	if distance <= max(3, len(wanted)/2) {
		hint = fmt.Sprintf(", did you mean %q?", best)
	}
	if len(name) > longestName {
		name = name[:longestName] + "..."
	}
	return Phantom{}, fmt.Errorf("phantom: none is named %q%s (there are %s)", name, hint, strings.Join(names, ", "))
}

// longestName is how much of an unknown name is looked at and repeated.
const longestName = 64

// maxPixels bounds what one picture may take in memory.
const maxPixels = 1 << 28

// check refuses what cannot be painted.
func (p Phantom) check(q Picture) error {
	switch {
	case p.look.paint == nil:
		return fmt.Errorf("phantom: %q was not taken from All or Named", p.Name)
	case q.Columns < 64 || q.Rows < 64 || q.Columns > 65535 || q.Rows > 65535:
		return fmt.Errorf("phantom: %q of %d columns and %d rows cannot be painted, each is from 64 to 65535", p.Name, q.Columns, q.Rows)
	case q.Columns*q.Rows > maxPixels:
		return fmt.Errorf("phantom: %q of %d columns and %d rows cannot be painted, they are more than %d pixels", p.Name, q.Columns, q.Rows, maxPixels)
	case q.Slice < 0 || q.Slice >= max(1, q.Of):
		return fmt.Errorf("phantom: %q has no picture %d of %d, they are counted from 0", p.Name, q.Slice, q.Of)
	case q.Of > maxCount || q.Span > maxCount:
		return fmt.Errorf("phantom: %q of %d pictures and %d frames cannot be painted, each is at most %d", p.Name, q.Of, q.Span, maxCount)
	case q.Frame < 0 || p.Moves && q.Frame >= max(1, q.Span):
		return fmt.Errorf("phantom: %q has no frame %d of %d, they are counted from 0", p.Name, q.Frame, q.Span)
	}
	return nil
}

// maxCount is the most slices or frames: products with them stay small.
const maxCount = 1 << 24

// Window returns the centre and width, in values of p.Bits bits, with which a
// person would look at the pictures first. See PS3.3 C.11.2.1.2.
func (p Phantom) Window() (centre, width int) {
	if p.look.width > 0 {
		return p.look.centre, p.look.width
	}
	return 1 << (p.Bits - 1), 1 << p.Bits
}

// catalogue is made once, see All.
var catalogue = sync.OnceValue(func() []Phantom {
	still := []string{"standard"}
	return []Phantom{
		{Name: "chest radiograph", Views: []string{"PA", "lateral"}, Bits: 12,
			look: look{paint: paintChestRadiograph, height: across, centre: 1800, width: 3500}},
		{Name: "chest CT", Views: still, Bits: 12, Air: ctWater,
			look: look{paint: paintChestCT, height: across, middle: true, centre: ctWater + 40, width: 400}},
		{Name: "hand radiograph", Views: []string{"PA", "oblique"}, Bits: 12,
			look: look{paint: paintHand, height: across * 4 / 3, centre: 2000, width: 3900}},
		{Name: "ankle radiograph", Views: []string{"AP", "lateral"}, Bits: 12,
			look: look{paint: paintAnkle, height: across * 4 / 3, centre: 2000, width: 3900}},
		{Name: "pelvis radiograph", Views: []string{"AP"}, Bits: 12,
			look: look{paint: paintPelvis, height: across * 5 / 6, centre: 2000, width: 3900}},
		{Name: "abdomen radiograph", Views: []string{"AP"}, Bits: 12,
			look: look{paint: paintAbdomenRadiograph, height: across * 6 / 5, centre: 2000, width: 3900}},
		{Name: "mammogram", Views: mammogramViews, Bits: 12,
			look: look{paint: paintMammogram, height: across * 13 / 10, middle: true, centre: 1700, width: 3200}},
		{Name: "breast tomosynthesis", Views: mammogramViews, Bits: 10,
			look: look{paint: paintTomosynthesis, depth: 12, height: across * 13 / 10, middle: true, centre: 380, width: 640}},
		{Name: "coronary angiogram", Views: []string{"LAO", "RAO"}, Bits: 8, Moves: true,
			look: look{paint: paintAngiogram, depth: 12, height: across, middle: true}},
		{Name: "barium swallow", Views: []string{"lateral"}, Bits: 10, Moves: true,
			look: look{paint: paintSwallow, depth: 12, height: across, middle: true}},
		{Name: "bone scan", Views: []string{"anterior", "posterior"}, Bits: 16,
			look: look{paint: paintBoneScan, height: boneScanHeight, middle: true, centre: 50, width: 100}},
		{Name: "heart SPECT", Views: heartSPECTViews, Bits: 16,
			look: look{paint: paintHeartSPECT, height: across, middle: true, centre: 5000, width: 10000}},
		{Name: "thyroid scan", Views: []string{"anterior"}, Bits: 16,
			look: look{paint: paintThyroid, height: across, middle: true, centre: 90, width: 180}},
		{Name: "torso PT", Views: still, Bits: 16,
			look: look{paint: paintTorsoPT, height: across, middle: true, centre: 3500, width: 7000}},
		{Name: "torso CT", Views: still, Bits: 12, Air: ctWater,
			look: look{paint: paintTorsoCT, height: across, middle: true, centre: ctWater + 40, width: 400}},
		{Name: "pregnancy US", Views: still, Bits: 8, Colour: true,
			look: look{paint: paintPregnancy, height: across * 3 / 4}},
		{Name: "doppler US", Views: still, Bits: 8, Colour: true,
			look: look{paint: paintDoppler, height: across * 3 / 4}},
		{Name: "liver US clip", Views: still, Bits: 8, Colour: true, Moves: true,
			look: look{paint: paintLiverClip, height: across * 3 / 4}},
		{Name: "dose page", Views: still, Bits: 8, Colour: true, look: look{paint: paintDosePage, sharp: true}},
		{Name: "ECG page", Views: still, Bits: 8, Colour: true, look: look{paint: paintECG, sharp: true}},
		{Name: "bone densitometry page", Views: still, Bits: 8, Colour: true, look: look{paint: paintDensitometry, sharp: true}},
		{Name: "skin photo", Views: still, Bits: 8, Colour: true, look: look{paint: paintSkinPhoto, height: across * 3 / 4, middle: true}},
		{Name: "retina photo", Views: []string{"R", "L"}, Bits: 8, Colour: true, look: look{paint: paintRetinaPhoto, height: across, middle: true}},
		{Name: "abdomen CT", Views: still, Bits: 12, Air: ctWater,
			look: look{paint: paintAbdomenCT, height: across, middle: true, centre: ctWater + 50, width: 400}},
		{Name: "head CT", Views: still, Bits: 12, Air: ctWater,
			look: look{paint: paintHeadCT, height: across, middle: true, centre: ctWater + 38, width: 90}},
		{Name: "brain MR", Views: []string{"T1", "T2", "FLAIR", "DWI"}, Bits: 12,
			look: look{paint: paintBrainMR, height: across, middle: true, centre: 700, width: 1400}},
		{Name: "knee MR", Views: []string{"PD", "T1", "T2 FS"}, Bits: 12,
			look: look{paint: paintKneeMR, height: across, middle: true, centre: 650, width: 1300}},
		{Name: "lumbar spine MR", Views: []string{"T1", "T2"}, Bits: 12,
			look: look{paint: paintLumbarMR, height: across, middle: true, centre: 700, width: 1400}},
		{Name: "abdomen US", Views: still, Bits: 8, Colour: true,
			look: look{paint: paintAbdomenUS, height: across * 3 / 4}},
		{Name: "heart US", Views: still, Bits: 8, Moves: true,
			look: look{paint: paintHeartCine, height: across * 3 / 4}},
	}
})
