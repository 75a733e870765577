package codec

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// jpegPeer is a program that decodes the pixel data of a Part 10 file into
// another one.
type jpegPeer struct {
	program, from string
	option        string
	colour        string // the photometric interpretation that it makes of YBR_FULL_422
}

var (
	jpegDCMTK = jpegPeer{"dcmdjpeg", "dcmtk", "--quiet", "RGB"}
	jpegGDCM  = jpegPeer{"gdcmconv", "gdcm", "--raw", "YBR_FULL"}
)

func (p jpegPeer) require(t *testing.T) {
	t.Helper()
	requirePeer(t, p.program, p.from)
}

// jpegObject is a multi-frame object of frames of the same kind.
type jpegObject struct {
	ts          dataset.TransferSyntax
	photometric string
	bitsStored  int
	kind        Frame // without pixels
	streams     [][]byte
}

func (o *jpegObject) write(t *testing.T, file string) {
	t.Helper()
	s := dataset.New()
	s.PutString(dataset.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7.3")
	s.PutString(dataset.SOPInstanceUID, "2.25.5")
	s.PutUint16(dataset.SamplesPerPixel, uint16(o.kind.SamplesPerPixel))
	s.PutString(dataset.PhotometricInterpretation, o.photometric)
	if o.kind.SamplesPerPixel > 1 {
		s.PutUint16(dataset.PlanarConfiguration, 0)
	}
	s.PutString(dataset.NumberOfFrames, fmt.Sprint(len(o.streams)))
	s.PutUint16(dataset.Rows, uint16(o.kind.Rows))
	s.PutUint16(dataset.Columns, uint16(o.kind.Columns))
	s.PutUint16(dataset.BitsAllocated, uint16(o.kind.BitsAllocated))
	s.PutUint16(dataset.BitsStored, uint16(o.bitsStored))
	s.PutUint16(dataset.HighBit, uint16(o.bitsStored-1))
	representation := uint16(0)
	if o.kind.Signed {
		representation = 1
	}
	s.PutUint16(dataset.PixelRepresentation, representation)
	var offsets []byte
	fragments := [][]byte{nil}
	offset := 0
	for _, stream := range o.streams {
		if len(stream)%2 == 1 {
			stream = append(stream[:len(stream):len(stream)], 0)
		}
		offsets = binary.LittleEndian.AppendUint32(offsets, uint32(offset))
		offset += len(stream) + 8
		fragments = append(fragments, stream)
	}
	fragments[0] = offsets
	s.Put(dataset.Element{Tag: dataset.PixelData, VR: dataset.VROB, Fragments: fragments})
	b, err := dataset.AppendFileMeta(nil, dataset.FileMeta{
		SOPClassUID: "1.2.840.10008.5.1.4.1.1.7.3", SOPInstanceUID: "2.25.5",
		TransferSyntax: o.ts, ImplementationClassUID: "2.25.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	if b, err = s.Append(b, o.ts); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// decode returns the frames that the program decodes, or what it said.
func (p jpegPeer) decode(t *testing.T, o *jpegObject) ([]Frame, error) {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.dcm"), filepath.Join(dir, "out.dcm")
	o.write(t, in)
	said, err := exec.CommandContext(t.Context(), p.program, p.option, in, out).CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %s", p.program, err, said)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		return nil, fmt.Errorf("%s wrote nothing, and said: %s", p.program, said)
	}
	m, s, err := dataset.ParseFile(b, dataset.Limits{})
	if err != nil {
		return nil, fmt.Errorf("what %s wrote: %w", p.program, err)
	}
	e, ok := s.Get(dataset.PixelData)
	if !ok || m.TransferSyntax.IsEncapsulated() {
		return nil, fmt.Errorf("%s left the transfer syntax %s", p.program, m.TransferSyntax.Name())
	}
	kind := o.kind
	for tag, to := range map[dataset.Tag]*int{
		dataset.Columns: &kind.Columns, dataset.Rows: &kind.Rows, dataset.SamplesPerPixel: &kind.SamplesPerPixel,
		dataset.BitsAllocated: &kind.BitsAllocated, dataset.BitsStored: &kind.BitsStored,
	} {
		n, _ := s.Uint16(tag)
		*to = int(n)
	}
	representation, _ := s.Uint16(dataset.PixelRepresentation)
	kind.Signed = representation == 1
	want := o.kind
	want.BitsStored = o.bitsStored
	if p == jpegDCMTK && want.BitsAllocated == 16 && want.BitsStored <= 8 {
		want.BitsAllocated = 8 // dcmdjpeg allocates what the precision needs
	}
	if jpegKindName(kind) != jpegKindName(want) {
		return nil, fmt.Errorf("%s made a frame of %s", p.program, jpegKindName(kind))
	}
	n := kind.Columns * kind.Rows * kind.SamplesPerPixel * kind.BitsAllocated / 8
	if want := (n*len(o.streams) + 1) &^ 1; len(e.Value) != want {
		return nil, fmt.Errorf("%s made %d bytes of pixels, %d frames have %d", p.program, len(e.Value), len(o.streams), want)
	}
	if planar, _ := s.Uint16(dataset.PlanarConfiguration); planar != 0 {
		return nil, fmt.Errorf("%s made the planar configuration %d", p.program, planar)
	}
	photometric := s.String(dataset.PhotometricInterpretation)
	if wanted := map[bool]string{true: p.colour, false: o.photometric}[o.photometric == "YBR_FULL_422"]; photometric != wanted {
		return nil, fmt.Errorf("%s made the photometric interpretation %q, want %q", p.program, photometric, wanted)
	}
	var frames []Frame
	for i := range o.streams {
		f := kind
		f.Pixel = e.Value[i*n:][:n]
		if photometric == "YBR_FULL" {
			f.Pixel = jpegRGB(f.Pixel)
		}
		frames = append(frames, f)
	}
	return frames, nil
}

// jpegRGB converts YCbCr of full range as T.871 clause 7 has it.
func jpegRGB(ybr []byte) []byte {
	clamp := func(v float64) byte { return byte(min(max(math.Floor(v+0.5), 0), 255)) }
	rgb := make([]byte, 0, len(ybr))
	for i := 0; i < len(ybr); i += 3 {
		y, cb, cr := float64(ybr[i]), float64(ybr[i+1])-128, float64(ybr[i+2])-128
		r, b := y+1.402*cr, y+1.772*cb
		rgb = append(rgb, clamp(r), clamp((y-0.299*r-0.114*b)/0.587), clamp(b))
	}
	return rgb
}
