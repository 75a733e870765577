package synth

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// Instance is one composite SOP instance. It is immutable: its segments are
// shared with other instances.
type Instance struct {
	SOPClassUID       string
	SOPInstanceUID    string
	SeriesInstanceUID string
	Index             int // in the study, from 0
	Series            int // series in the study, from 0
	Number            int // Instance Number: place in the series, from 1
	Frames            int // Number of Frames; 1 unless multi-frame, 0 without Pixel Data
	TransferSyntax    dataset.TransferSyntax

	// Segments is the whole bare data set (no file meta information) in the
	// transfer syntax, to be written one after another: the header, and of each
	// frame what stands around its stamp and the stamp. The header alone for a
	// document, one piece for a deflated data set. Frames are shared, so an
	// instance of 4 GiB takes no more memory than its distinct frames.
	Segments [][]byte

	study   *Study
	variant int
	header  int // how many of the segments precede the first frame
}

// Instance makes instance i (from 0) of the study, alone and each time anew: it
// differs from an earlier one in nothing.
func (s *Study) Instance(i int) (*Instance, error) { return s.instance(i, s.variant) }

// Colliding returns an instance with the SOP Instance UID and the header of in,
// but other pixels (another text for a document): what a PACS must not keep
// beside or instead of in without saying so. See PS3.4 B.4.1.2: what an SCP does
// then is in its conformance statement.
func Colliding(in *Instance) (*Instance, error) { return in.study.instance(in.Index, 1-in.variant) }

func (s *Study) instance(i, variant int) (*Instance, error) {
	if i < 0 || i >= s.total {
		return nil, fmt.Errorf("synth: instance %d of a study of %d", i, s.total)
	}
	se, number := s.place(i)
	in := &Instance{
		SOPClassUID:       se.object.sopClassUID,
		SOPInstanceUID:    s.SOPInstanceUID(i),
		SeriesInstanceUID: se.uid,
		Index:             i,
		Series:            se.index,
		Number:            number + 1,
		TransferSyntax:    se.ts,
		study:             s,
		variant:           variant,
		header:            1,
	}
	if se.object.pixels == noPixels {
		header, err := s.encodedHeader(i, variant, nil)
		in.Segments = [][]byte{header}
		if err == nil && se.ts.IsDeflated() {
			in.Segments, err = deflated(in.Segments)
		}
		return in, err
	}
	in.Frames = s.frameCount(se, number)
	shared, err := s.sharedFrames(se, number, variant)
	if err != nil {
		return nil, err
	}
	if se.ts.IsEncapsulated() {
		return in, in.encapsulate(se, shared)
	}
	header, err := s.encodedHeader(i, variant, nil)
	if err != nil {
		return nil, err
	}
	n := s.matrix(se, number)
	native := int64(n.Columns) * int64(n.Rows) * int64(se.samples*se.allocated/8) * int64(in.Frames)
	in.Segments = make([][]byte, 1, 2+3*in.Frames)
	in.Segments[0] = se.appendPixelElement(header, native)
	stamp := s.stamp(se, number, variant, in.Frames)
	for k, b := range shared {
		stamp.Frame, stamp.rest, stamp.length = k, b.rest, b.native
		in.Segments = b.appendTo(in.Segments, stamp)
	}
	if native%2 == 1 { // PS3.5 8.1.1: padded to an even length
		in.Segments = append(in.Segments, onePad)
	}
	if se.ts.IsDeflated() {
		in.Segments, err = deflated(in.Segments)
	}
	return in, err
}

// encapsulate makes the segments of an instance whose frames are encoded.
func (in *Instance) encapsulate(se *series, shared []*baseFrame) error {
	s := in.study
	video := isVideo(se.ts)
	if video {
		shared = shared[:1] // one stream holds all frames
	}
	fs, err := newFragments(shared)
	if err != nil {
		return err
	}
	header, err := s.encodedHeader(in.Index, in.variant, &fs)
	if err != nil {
		return err
	}
	in.Segments = make([][]byte, 1, 2+5*len(shared))
	in.Segments[0] = fs.appendHead(header, video)
	stamp := s.stamp(se, in.Number-1, in.variant, in.Frames)
	for k, b := range shared {
		item := appendTag(make([]byte, 0, itemHead), dataset.Item)
		in.Segments = append(in.Segments, binary.LittleEndian.AppendUint32(item, uint32(fs.lengths[k])))
		stamp.Frame, stamp.rest, stamp.length = k, b.rest, b.native
		in.Segments = b.appendTo(in.Segments, stamp)
		if b.size()%2 == 1 {
			in.Segments = append(in.Segments, onePad)
		}
	}
	in.Segments = append(in.Segments, sequenceEnd)
	return nil
}

// stamp is that of an instance, without what is different in each frame.
func (s *Study) stamp(se *series, number, variant, frames int) Stamp {
	return Stamp{
		Seed: s.seed, recipeSum: s.Recipe.sum(), Study: s.index, Series: se.index, Number: number,
		Frames: frames, Variant: variant, wide: se.allocated == 16,
	}
}

// frameCount is how many frames an instance has.
func (s *Study) frameCount(se *series, number int) int {
	r := se.Frames
	if r.From == r.To {
		return r.From
	}
	return draw.From(s.seed, uint64(s.Recipe.sum()), uint64(s.index), drawFrames, uint64(se.index), uint64(number)).Between(r.From, r.To)
}

// sharedFrames returns the frames of an instance, of which many may be the same.
func (s *Study) sharedFrames(se *series, number, variant int) ([]*baseFrame, error) {
	n := s.frameCount(se, number)
	out := make([]*baseFrame, n)
	var have map[frameKey]*baseFrame
	if n > 1 {
		have = map[frameKey]*baseFrame{}
	}
	for k := range n {
		key := s.frameKey(se, number, k, variant)
		b, ok := have[key]
		if !ok {
			b = frames.get(&se.format, key)
			if b.err != nil {
				return nil, fmt.Errorf("synth: frame %d of %q: %w", k+1, s.Recipe.Name, b.err)
			}
			if n > 1 {
				have[key] = b
			}
		}
		out[k] = b
	}
	return out, nil
}

// frameKey says which shared frame stands at place k of an instance. Slices of a
// volume are gone through and back, so that neighbours in a series are
// neighbours in the body however many there are.
func (s *Study) frameKey(se *series, number, k, variant int) frameKey {
	m := s.matrix(se, number)
	key := frameKey{
		seed: s.seed, phantom: se.phantom.Name, columns: m.Columns, rows: m.Rows, stored: se.StoredBits,
		offset: se.offset, signed: se.Signed, inverted: se.inverted, variant: variant,
		view: se.views[number%len(se.views)], of: 1, span: 1,
	}
	if se.ts.IsEncapsulated() {
		key.encoded = se.ts
	}
	n := se.Distinct
	switch {
	case se.object.pixels == multiFrame && se.phantom.Moves && se.set == nil:
		key.frame, key.span = k%n, n
	case se.object.frameViews && len(se.views) > 1:
		key.view = se.views[k%len(se.views)]
		key.slice, key.of = (s.index+k/len(se.views))%n, n
	case se.object.pixels == multiFrame:
		key.slice, key.of = thereAndBack(k, n), n
	case se.object.volume:
		key.view = se.views[se.index%len(se.views)]
		key.slice, key.of = thereAndBack(number, n), n
	default:
		key.slice, key.of = (s.index+number/len(se.views))%n, n
	}
	return key
}

// thereAndBack counts 0, 1, ..., n-1, n-2, ..., 1, 0, 1, ...
func thereAndBack(i, n int) int {
	if n < 2 {
		return 0
	}
	i %= 2 * (n - 1)
	return min(i, 2*(n-1)-i)
}

// pixelVR is the VR of native Pixel Data, PS3.5 A.1 and A.2.
func (se *series) pixelVR() dataset.VR {
	if se.allocated == 8 && se.ts.IsExplicit() || se.ts.IsEncapsulated() {
		return dataset.VROB
	}
	return dataset.VROW
}

// appendPixelElement appends the tag, VR and length of native Pixel Data.
func (se *series) appendPixelElement(b []byte, n int64) []byte {
	b = appendTag(b, dataset.PixelData)
	if se.ts.IsExplicit() {
		b = append(b, se.pixelVR()...)
		b = append(b, 0, 0)
	}
	return binary.LittleEndian.AppendUint32(b, uint32(n+n%2))
}

// PixelData returns a copy of native Pixel Data, padding included; nil for a
// document, and for encapsulated and deflated instances.
func (in *Instance) PixelData() []byte {
	if len(in.Segments) < 2 || in.TransferSyntax.IsEncapsulated() {
		return nil
	}
	return bytes.Join(in.Segments[in.header:], nil)
}

// Header makes the data set without Pixel Data. The set is the caller's.
func (in *Instance) Header() (*dataset.Set, error) {
	fs, err := in.fragments()
	if err != nil {
		return nil, err
	}
	return in.study.headerOf(in.Index, in.variant, fs)
}

// fragments are those of an encapsulated instance, nil for others.
func (in *Instance) fragments() (*fragments, error) {
	se, number := in.study.place(in.Index)
	if se.object.pixels == noPixels || !se.ts.IsEncapsulated() {
		return nil, nil
	}
	shared, err := in.study.sharedFrames(se, number, in.variant)
	if err != nil {
		return nil, err
	}
	if isVideo(se.ts) {
		shared = shared[:1]
	}
	fs, err := newFragments(shared)
	return &fs, err
}

// DataSet returns the whole data set with a copy of the Pixel Data, for a
// comparison. The set is the caller's. An instance that does not fit into memory
// has none to be had.
func (in *Instance) DataSet() (*dataset.Set, error) {
	if in.TransferSyntax.IsEncapsulated() || in.TransferSyntax.IsDeflated() {
		return dataset.Parse(bytes.Join(in.Segments, nil), in.TransferSyntax, dataset.Limits{})
	}
	s, err := in.Header()
	if err != nil {
		return nil, err
	}
	if pixel := in.PixelData(); pixel != nil {
		se, _ := in.study.place(in.Index)
		s.PutBytes(dataset.PixelData, se.pixelVR(), pixel)
	}
	return s, nil
}
