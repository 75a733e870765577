package synth

import (
	"fmt"
	"strings"

	"pacsuat/synth/codestream"
	"pacsuat/synth/phantom"
)

// object is what instances of one IOD have in common, whatever the recipe.
type object struct {
	name        string // as recipes write it
	modality    string // (0008,0060) unless the recipe says another
	sopClassUID string // PS3.4 B.5
	pixels      pixelKind

	// standard is what a series of it is unless the recipe says otherwise.
	standard Series

	// volume says that pictures are slices, gone through there and back;
	// otherwise each study shows another of the distinct pictures.
	volume bool

	// frameViews says that the frames of an instance are the phantom's views in
	// turn, as those of several detectors, where it has several; otherwise each
	// instance shows the next view.
	frameViews bool

	// describe adds what the IOD wants beyond the common modules.
	describe func(*header)

	// instance adds what of it is different in each instance of a series. With it,
	// describe must depend on the series only: see pattern. Without it (nil)
	// describe does all.
	instance func(*header)
}

// pixelKind says what Pixel Data instances of an object have.
type pixelKind int

const (
	noPixels pixelKind = iota
	singleFrame
	multiFrame
)

// Objects returns the names of the objects that series of recipes can be made
// of, in a fixed order.
func Objects() []string {
	names := make([]string, len(objects))
	for i, o := range objects {
		names[i] = o.name
	}
	return names
}

func objectNamed(name string) (*object, bool) {
	for i := range objects {
		if strings.EqualFold(objects[i].name, name) {
			return &objects[i], true
		}
	}
	return nil, false
}

// format is a series of a recipe with everything that it leaves out filled in,
// and what its pixels then are.
type format struct {
	Series
	object  *object
	phantom phantom.Phantom
	views   []int // indexes of the phantom's

	samples     int // Samples per Pixel
	allocated   int // Bits Allocated
	photometric string
	inverted    bool // MONOCHROME1: the picture looks the same
	offset      int  // added to the phantom's values: signed CT is in Hounsfield units

	// What the transfer syntax makes of it, see encode.
	set         *codestream.Set // pre-encoded frames; nil for those made here
	lossyMethod string          // (0028,2114) where samples are changed
}

// completed fills in what the series leaves out.
func (s Series) completed() (format, error) {
	o, ok := objectNamed(s.Object)
	if !ok {
		return format{}, fmt.Errorf("no object is named %q%s", s.Object, meant(s.Object, Objects()))
	}
	f := format{Series: s, object: o}
	std := o.standard
	if f.Modality == "" {
		f.Modality = o.modality
	}
	fill(&f.Weight, 1)
	fill(&f.IntervalMS, std.IntervalMS, 1000)
	if o.pixels == noPixels {
		return f, nil
	}
	if f.Phantom == "" {
		f.Phantom = std.Phantom
	}
	var err error
	if f.phantom, err = phantom.Named(f.Phantom); err != nil {
		return format{}, err
	}
	if f.Matrix == (Matrix{}) {
		f.Matrix = std.Matrix
	}
	if f.Frames == (Range{}) {
		f.Frames = std.Frames
	}
	if f.Frames == (Range{}) {
		f.Frames = Range{1, 1}
	}
	fill(&f.Distinct, std.Distinct, 1)
	if f.FieldMM == 0 {
		f.FieldMM = std.FieldMM
	}
	if f.FieldMM == 0 {
		f.FieldMM = 200
	}
	if f.SpacingMM == 0 {
		f.SpacingMM = std.SpacingMM
	}
	fill(&f.StoredBits, std.StoredBits, f.phantom.Bits)
	if f.views, err = viewsOf(f.phantom, f.Views); err != nil {
		return format{}, err
	}
	return f, f.pixelModule()
}

// fill sets v, where it is zero, to the first of the values that is not.
func fill(v *int, values ...int) {
	for _, n := range values {
		if *v == 0 {
			*v = n
		}
	}
}

func viewsOf(p phantom.Phantom, names []string) ([]int, error) {
	var out []int
	for _, name := range names {
		at := -1
		for i, v := range p.Views {
			if strings.EqualFold(v, name) {
				at = i
			}
		}
		if at < 0 {
			return nil, fmt.Errorf("%q has no view %q%s", p.Name, name, meant(name, p.Views))
		}
		out = append(out, at)
	}
	if len(out) == 0 {
		for i := range p.Views {
			out = append(out, i)
		}
	}
	return out, nil
}

// pixelModule derives the Image Pixel Module, PS3.3 C.7.6.3.
func (f *format) pixelModule() error {
	f.samples, f.photometric = 1, "MONOCHROME2"
	if f.phantom.Colour {
		f.samples, f.photometric = 3, "RGB"
	}
	switch want := f.Photometric; {
	case want == "" || want == f.photometric:
	case want == "MONOCHROME1" && f.samples == 1:
		f.photometric, f.inverted = want, true
	case want == "PALETTE COLOR" && f.samples == 1 && f.StoredBits == 8:
		f.photometric = want
	default:
		return fmt.Errorf("photometric %q: pictures of %q are %s, of %d bits; MONOCHROME1 is possible where they are grey, PALETTE COLOR where these are 8", want, f.Phantom, f.photometric, f.StoredBits)
	}
	if f.StoredBits < 8 || f.StoredBits > 16 || f.samples == 3 && f.StoredBits != 8 {
		return fmt.Errorf("stored_bits %d: grey pictures have 8 to 16, coloured ones 8", f.StoredBits)
	}
	f.allocated = 16
	if f.StoredBits == 8 {
		f.allocated = 8
	}
	if f.Signed {
		if f.samples == 3 || f.inverted || f.photometric == "PALETTE COLOR" || f.StoredBits < 9 {
			return fmt.Errorf("signed: only grey MONOCHROME2 pictures of more than 8 bits can be")
		}
		f.offset = -f.phantom.Air
	}
	return nil
}

// frameBytes is the length of one native frame.
func (f *format) frameBytes() int64 {
	return int64(f.Matrix.Rows) * int64(f.Matrix.Columns) * int64(f.samples) * int64(f.allocated/8)
}

// nativeBytes is the length of native Pixel Data of so many frames, without
// padding.
func (f *format) nativeBytes(frames int) int64 { return f.frameBytes() * int64(frames) }
