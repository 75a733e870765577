package codec

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// rleFile writes the encoded frames, all of the form of f, as the frames of one
// object, and returns its file.
func rleFile(t *testing.T, ts dataset.TransferSyntax, f Frame, encoded [][]byte) string {
	t.Helper()
	s := dataset.New()
	s.PutString(dataset.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7.3")
	s.PutString(dataset.SOPInstanceUID, "2.25.1")
	s.PutUint16(dataset.SamplesPerPixel, uint16(f.SamplesPerPixel))
	if f.SamplesPerPixel == 1 {
		s.PutString(dataset.PhotometricInterpretation, "MONOCHROME2")
	} else {
		s.PutString(dataset.PhotometricInterpretation, "RGB")
		s.PutUint16(dataset.PlanarConfiguration, 0)
	}
	s.PutString(dataset.NumberOfFrames, strconv.Itoa(len(encoded)))
	s.PutUint16(dataset.Rows, uint16(f.Rows))
	s.PutUint16(dataset.Columns, uint16(f.Columns))
	s.PutUint16(dataset.BitsAllocated, uint16(f.BitsAllocated))
	s.PutUint16(dataset.BitsStored, uint16(f.BitsStored))
	s.PutUint16(dataset.HighBit, uint16(f.BitsStored-1))
	sign := uint16(0)
	if f.Signed {
		sign = 1
	}
	s.PutUint16(dataset.PixelRepresentation, sign)
	fragments := [][]byte{{}}
	for _, e := range encoded {
		if len(e)%2 == 1 {
			e = append(slices.Clone(e), 0)
		}
		fragments = append(fragments, e)
	}
	s.Put(dataset.Element{Tag: dataset.PixelData, VR: dataset.VROB, Fragments: fragments})
	b, err := dataset.AppendFileMeta(nil, dataset.FileMeta{SOPClassUID: s.String(dataset.SOPClassUID),
		SOPInstanceUID: "2.25.1", TransferSyntax: ts, ImplementationClassUID: "2.25.1"})
	if err != nil {
		t.Fatal(err)
	}
	if b, err = s.Append(b, ts); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "encoded.dcm")
	if err := os.WriteFile(name, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// rleDecode lets a program (and its options) decode a file of rleFile into n
// frames.
func rleDecode(t *testing.T, file string, n int, command ...string) [][]byte {
	t.Helper()
	frames, err := rleTryDecode(t, file, n, command...)
	if err != nil {
		t.Fatal(err)
	}
	return frames
}

func rleTryDecode(t *testing.T, file string, n int, command ...string) ([][]byte, error) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "native.dcm")
	args := slices.Concat(command[1:], []string{file, out})
	if b, err := exec.CommandContext(t.Context(), command[0], args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%s %s: %w\n%s", command[0], strings.Join(args, " "), err, b)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	_, s, err := dataset.ParseFile(b, dataset.Limits{})
	if err != nil {
		return nil, fmt.Errorf("what %s wrote: %w", command[0], err)
	}
	e, ok := s.Get(dataset.PixelData)
	if !ok || e.Fragments != nil {
		return nil, fmt.Errorf("%s wrote no native Pixel Data", command[0])
	}
	if planar, _ := s.Uint16(dataset.PlanarConfiguration); planar != 0 {
		return nil, fmt.Errorf("%s wrote colour by plane", command[0])
	}
	size := len(e.Value) / n
	frames := make([][]byte, n)
	for i := range frames {
		frames[i] = e.Value[i*size : (i+1)*size]
	}
	return frames, nil
}

// rleForm returns a frame without samples.
func rleForm(columns, rows, samplesPerPixel, allocated, stored int, signed bool) Frame {
	return Frame{Columns: columns, Rows: rows, SamplesPerPixel: samplesPerPixel, BitsAllocated: allocated, BitsStored: stored, Signed: signed}
}

// rlePattern is a picture: what a sample has, of the bits stored without a sign.
type rlePattern struct {
	name   string
	sample func(f Frame, r *rand.Rand, x, y, c int) int
}

// rlePatterns are what the encoders are tried with.
var rlePatterns = []rlePattern{
	{"zeros", func(f Frame, r *rand.Rand, x, y, c int) int { return 0 }},
	{"greatest", func(f Frame, r *rand.Rand, x, y, c int) int { return -1 }},
	{"constant", func(f Frame, r *rand.Rand, x, y, c int) int { return 1<<(f.BitsStored-1) - 2 + c }},
	{"noise", func(f Frame, r *rand.Rand, x, y, c int) int { return r.IntN(1 << f.BitsStored) }},
	{"extremes", func(f Frame, r *rand.Rand, x, y, c int) int { return -r.IntN(2) }},
	{"board", func(f Frame, r *rand.Rand, x, y, c int) int { return -((x + y + c) & 1) }},
	{"columns", func(f Frame, r *rand.Rand, x, y, c int) int { return -(x & 1) }},
	{"rows", func(f Frame, r *rand.Rand, x, y, c int) int { return -(y & 1) }},
	{"across", func(f Frame, r *rand.Rand, x, y, c int) int { return x<<c + y/3 }},
	{"down", func(f Frame, r *rand.Rand, x, y, c int) int { return 5*y - x/4 + c }},
	{"steep", func(f Frame, r *rand.Rand, x, y, c int) int { return (x*211 + y*377) << (f.BitsStored / 3) }},
	{"speckle", func(f Frame, r *rand.Rand, x, y, c int) int {
		v := 1 << (f.BitsStored - 2)
		if r.IntN(11) == 0 {
			v += r.IntN(9) - 4
		}
		return v
	}},
	{"blocks", func(f Frame, r *rand.Rand, x, y, c int) int {
		return (x/7*(c+3) + y/5*29) << max(0, f.BitsStored-6)
	}},
	{"widths", func(f Frame, r *rand.Rand, x, y, c int) int { return x / (y + 1) * 3 & 7 }},
	{"body", func(f Frame, r *rand.Rand, x, y, c int) int {
		// An ellipse with soft noise in air, with a dense and a hollow part.
		dx, dy := 2*x-f.Columns, 2*y-f.Rows
		most := 1<<f.BitsStored - 1
		d := dx*dx*16/(f.Columns*f.Columns) + dy*dy*20/(f.Rows*f.Rows)
		switch {
		case d >= 14:
			return 0
		case d >= 11:
			return most * 3 / 4
		case d == 3:
			return most / 8
		}
		return min(most, most/2+c*3+r.IntN(1+most/64)+r.IntN(1+most/64))
	}},
	{"mostly", func(f Frame, r *rand.Rand, x, y, c int) int {
		if r.IntN(300) == 0 {
			return r.IntN(1 << f.BitsStored)
		}
		return 3
	}},
}

// frame draws p in the form of f, signs extended.
func (p rlePattern) frame(f Frame) Frame {
	r := rand.New(rand.NewPCG(uint64(f.Columns)<<32|uint64(f.Rows), uint64(f.BitsStored)))
	for y := range f.Rows {
		for x := range f.Columns {
			for c := range f.SamplesPerPixel {
				v := p.sample(f, r, x, y, c) & (1<<f.BitsStored - 1)
				if f.Signed && v>>(f.BitsStored-1) == 1 {
					v -= 1 << f.BitsStored
				}
				f.Pixel = append(f.Pixel, byte(v))
				if f.BitsAllocated == 16 {
					f.Pixel = append(f.Pixel, byte(v>>8))
				}
			}
		}
	}
	return f
}

// sample returns sample i of pixel data in the form of f, without a sign.
func (f Frame) sample(pixel []byte, i int) int {
	if f.BitsAllocated == 16 {
		return (int(pixel[2*i]) | int(pixel[2*i+1])<<8) & (1<<f.BitsStored - 1)
	}
	return int(pixel[i]) & (1<<f.BitsStored - 1)
}

// TestRLEPeers: DCMTK and GDCM decode every frame to the bytes that were encoded,
// also where samples of it were exchanged.
func TestRLEPeers(t *testing.T) {
	t.Parallel()
	for _, peer := range [][]string{{"dcmdrle", "dcmtk"}, {"gdcmconv", "gdcm", "--raw"}} {
		t.Run(peer[0], func(t *testing.T) {
			t.Parallel()
			requirePeer(t, peer[0], peer[1])
			command := slices.Concat(peer[:1], peer[2:])
			for _, form := range rleForms {
				if peer[0] == "gdcmconv" && form.BitsStored < 8 {
					continue // GDCM 3.0.21 ends itself
				}
				var frames []Frame
				var encoded [][]byte
				for _, p := range rlePatterns {
					f := p.frame(form)
					b, err := RLE(nil, f)
					if err != nil {
						t.Fatal(err)
					}
					frames, encoded = append(frames, f), append(encoded, b)
					for _, span := range rleSpans(f.Columns*f.SamplesPerPixel, f.SamplesPerPixel) {
						b, literals, err := RLEPatchable(nil, f, span[0], span[1])
						if err != nil {
							t.Fatal(err)
						}
						for _, native := range rleStamps(f, span[0], span[1]) {
							patched, want := rlePatch(t, f, b, literals, span[0], native)
							frames, encoded = append(frames, want), append(encoded, patched)
						}
					}
				}
				decoded := rleDecode(t, rleFile(t, dataset.RLELossless, form, encoded), len(encoded), command...)
				for i, f := range frames {
					if got := decoded[i]; len(got) < len(f.Pixel) || !bytes.Equal(got[:len(f.Pixel)], f.Pixel) {
						t.Errorf("%v: frame %d: other samples came back", form, i)
					}
				}
			}
		})
	}
}

// TestRLEPeersNotice: a spoilt frame is decoded to other samples, or refused.
func TestRLEPeersNotice(t *testing.T) {
	t.Parallel()
	requirePeer(t, "dcmdrle", "dcmtk")
	f := rlePatterns[3].frame(rleForm(37, 29, 1, 16, 12, false))
	b, literals, err := RLEPatchable(nil, f, 0, 37)
	if err != nil {
		t.Fatal(err)
	}
	b[literals[1].Offset+36]++
	decoded, err := rleTryDecode(t, rleFile(t, dataset.RLELossless, f, [][]byte{b}), 1, "dcmdrle")
	if err == nil && bytes.Equal(decoded[0][:len(f.Pixel)], f.Pixel) {
		t.Error("a spoilt frame was decoded to the samples that it had")
	}
}
