package synth

import (
	"encoding/binary"
	"fmt"
	"io"

	"pacsuat/internal/dicom/dataset"
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
	TransferSyntax    dataset.TransferSyntax

	// Segments is the whole bare data set (no file meta information) in the
	// transfer syntax, to be written one after another: header, frame head, stamp,
	// frame tail; the header alone for a document.
	Segments [][]byte

	study   *Study
	variant int
}

// Instance makes instance i (from 0) of the study, alone and each time anew: it
// differs from an earlier one in nothing.
func (s *Study) Instance(i int) (*Instance, error) { return s.instance(i, 0) }

// Colliding returns an instance with the SOP Instance UID and the header of in,
// but other pixels (another text for a document): what a PACS must not keep
// beside or instead of in without saying so. See PS3.4 B.4.1.2: what an SCP does
// then is in its conformance statement.
func Colliding(in *Instance) (*Instance, error) { return in.study.instance(in.Index, 1-in.variant) }

func (s *Study) instance(i, variant int) (*Instance, error) {
	if i < 0 || i >= s.total {
		return nil, fmt.Errorf("synth: instance %d of a study of %d", i, s.total)
	}
	series, number := s.place(i)
	in := &Instance{
		SOPClassUID:       s.Recipe.SOPClassUID,
		SOPInstanceUID:    s.SOPInstanceUID(i),
		SeriesInstanceUID: s.seriesUIDs[series],
		Index:             i,
		Series:            series,
		Number:            number + 1,
		TransferSyntax:    s.TransferSyntax,
		study:             s,
		variant:           variant,
	}
	header, err := s.encodedHeader(i, variant)
	if err != nil {
		return nil, err
	}
	if !s.Recipe.HasPixels() {
		in.Segments = [][]byte{header}
		return in, nil
	}
	header = s.appendPixelElement(header)
	f, stamp := s.pixels(series, number, variant)
	in.Segments = [][]byte{header, f.head, stamp, f.tail}
	return in, nil
}

// pixelVR is the VR of native Pixel Data, PS3.5 A.1 and A.2.
func (s *Study) pixelVR() dataset.VR {
	if s.Recipe.BitsAllocated == 8 && s.TransferSyntax.IsExplicit() {
		return dataset.VROB
	}
	return dataset.VROW
}

// appendPixelElement appends the tag, VR and length of the Pixel Data.
func (s *Study) appendPixelElement(b []byte) []byte {
	b = binary.LittleEndian.AppendUint16(b, dataset.PixelData.Group())
	b = binary.LittleEndian.AppendUint16(b, dataset.PixelData.Element())
	if s.TransferSyntax.IsExplicit() {
		b = append(b, s.pixelVR()...)
		b = append(b, 0, 0)
	}
	n := s.Recipe.pixelBytes()
	return binary.LittleEndian.AppendUint32(b, uint32(n+n%2))
}

// pixels returns the base frame of an instance and its stamp.
func (s *Study) pixels(series, number, variant int) (*baseFrame, []byte) {
	r := s.Recipe
	view, slice := s.viewAndSlice(series, number)
	if variant != 0 {
		slice = (slice + r.DistinctFrames/2) % r.DistinctFrames
	}
	f := frames.get(r, frameKey{
		seed: s.seed, recipe: r.sum(), columns: r.Columns, rows: r.Rows, frames: r.Frames,
		view: view, slice: slice, inverted: s.traits.has(Monochrome1),
	})
	stamp := Stamp{
		Seed: s.seed, recipeSum: r.sum(), Study: s.index, Series: series, Number: number, Variant: variant,
		length: r.pixelBytes(), rest: f.rest, wide: r.BitsAllocated == 16,
	}
	return f, stamp.append(nil)
}

// viewAndSlice returns which base picture an instance shows. Slices of a volume
// go through it and back, so that neighbours in a series are neighbours in the
// body however many there are.
func (s *Study) viewAndSlice(series, number int) (view, slice int) {
	r := s.Recipe
	switch r.Modality {
	case "DX":
		return (series + number) % r.kind.views, s.index % r.DistinctFrames
	case "CR":
		return 0, (s.index + series + number) % r.DistinctFrames
	default:
		return series % r.kind.views, thereAndBack(number, r.DistinctFrames)
	}
}

// thereAndBack counts 0, 1, ..., n-1, n-2, ..., 1, 0, 1, ...
func thereAndBack(i, n int) int {
	if n < 2 {
		return 0
	}
	i %= 2 * (n - 1)
	return min(i, 2*(n-1)-i)
}

// Size returns the length of the bare data set in bytes.
func (in *Instance) Size() int64 {
	n := int64(0)
	for _, s := range in.Segments {
		n += int64(len(s))
	}
	return n
}

// PixelData returns a copy of the Pixel Data, padding included; nil for a document.
func (in *Instance) PixelData() []byte {
	if len(in.Segments) < 2 {
		return nil
	}
	var b []byte
	for _, s := range in.Segments[1:] {
		b = append(b, s...)
	}
	return b
}

// Header makes the data set without Pixel Data. The set is the caller's.
func (in *Instance) Header() (*dataset.Set, error) { return in.study.headerOf(in.Index, in.variant) }

// DataSet returns the whole data set with a copy of the Pixel Data, for a
// comparison. The set is the caller's.
func (in *Instance) DataSet() (*dataset.Set, error) {
	s, err := in.Header()
	if err != nil {
		return nil, err
	}
	if pixel := in.PixelData(); pixel != nil {
		s.PutBytes(dataset.PixelData, in.study.pixelVR(), pixel)
	}
	return s, nil
}

// implementationClassUID names pacsuat as the writer of Part 10 files, PS3.7
// D.3.3.2. It is a UID derived from a UUID.
const (
	implementationClassUID    = "2.25.177410387302683911573226310849915207213"
	implementationVersionName = "PACSUAT"
)

// WriteFile writes the instance as a file of PS3.10: preamble, file meta
// information, data set.
func WriteFile(w io.Writer, in *Instance) error {
	meta, err := dataset.AppendFileMeta(nil, dataset.FileMeta{
		SOPClassUID:               in.SOPClassUID,
		SOPInstanceUID:            in.SOPInstanceUID,
		TransferSyntax:            in.TransferSyntax,
		ImplementationClassUID:    implementationClassUID,
		ImplementationVersionName: implementationVersionName,
	})
	if err != nil {
		return fmt.Errorf("synth: file meta information of %s: %w", in.SOPInstanceUID, err)
	}
	for _, b := range append([][]byte{meta}, in.Segments...) {
		if _, err := w.Write(b); err != nil {
			return err
		}
	}
	return nil
}

// Size returns how many instances a study of a recipe has and how many bytes
// their data sets take in explicit VR little endian, within 1 %. With 0 images
// it is the recipe's realistic number. It makes one header and no picture.
func Size(r Recipe, images int) (instances int, bytes int64) {
	if images <= 0 {
		images = r.RealisticImages
	}
	s, err := NewStudy(StudyRequest{
		Recipe: r, Images: images, Date: "20000101",
		Identity: NewIdentity("", "size", "", 0, Fence{}),
	})
	if err != nil {
		return 0, 0 // a recipe that cannot be made has no size
	}
	h, err := s.header(images / 2)
	if err != nil {
		return 0, 0
	}
	b, err := h.Append(nil, s.TransferSyntax)
	if err != nil {
		return 0, 0
	}
	each := int64(len(b))
	if n := r.pixelBytes(); n > 0 {
		each = int64(len(s.appendPixelElement(b))) + n + n%2
	}
	return images, int64(images) * each
}
