package codestream

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/codestream/reference"
)

// TestImages decodes every image with every program that knows its syntax: as it
// is, and with a comment in it.
func TestImages(t *testing.T) {
	t.Parallel()
	for _, s := range images(t) {
		for _, program := range decoders(s.TransferSyntax) {
			t.Run(fmt.Sprintf("%s %s %s", last(s.TransferSyntax), s.Kind, program), func(t *testing.T) {
				t.Parallel()
				requirePeer(t, program)
				painted := originals(t, s)
				for i, f := range s.Frames {
					plain := mustDecode(t, program, f.Code, s.SamplesPerPixel)
					verify(t, s, i, program, plain, painted[i])
					commented := mustDecode(t, program, withComment(t, f.Code), s.SamplesPerPixel)
					if !bytes.Equal(plain, commented) {
						t.Errorf("%s: %s gives other samples with a comment in the main header", f.File, program)
					}
				}
			})
		}
	}
}

// TestAlteredFrames shows that the hash tells of damage: a few bytes behind the
// middle of each frame, where the entropy-coded data are, are others.
func TestAlteredFrames(t *testing.T) {
	t.Parallel()
	for _, s := range mustSets(t) {
		t.Run(fmt.Sprintf("%s %s", last(s.TransferSyntax), s.Kind), func(t *testing.T) {
			t.Parallel()
			requirePeer(t, s.Decoder)
			f := s.Frames[0]
			code := slices.Clone(f.Code)
			for i := range 8 {
				code[len(code)*2/3+i] ^= 0x55
			}
			decoded, err := reference.Decode(t.Context(), s.Decoder, code, s.SamplesPerPixel)
			if err == nil && Sum(sha256.Sum256(decoded)) == f.SHA256 {
				t.Errorf("%s decodes to the same samples though bytes of it were altered", f.File)
			}
		})
	}
}

// TestGDCM lets GDCM decode the JPEG 2000 frames as the Pixel Data of an object,
// every other one with a comment.
func TestGDCM(t *testing.T) {
	t.Parallel()
	for _, s := range images(t) {
		if !slices.Contains([]string{"90", "91"}, last(s.TransferSyntax)) {
			continue // GDCM knows no HTJ2K
		}
		t.Run(fmt.Sprintf("%s %s", last(s.TransferSyntax), s.Kind), func(t *testing.T) {
			t.Parallel()
			requirePeer(t, "gdcmconv")
			painted := originals(t, s)
			dir := t.TempDir()
			in, out := filepath.Join(dir, "encoded.dcm"), filepath.Join(dir, "native.dcm")
			if err := os.WriteFile(in, part10(t, s), 0o600); err != nil {
				t.Fatal(err)
			}
			if said, err := exec.CommandContext(t.Context(), "gdcmconv", "--raw", in, out).CombinedOutput(); err != nil {
				t.Fatalf("gdcmconv: %v\n%s", err, said)
			}
			b, err := os.ReadFile(out)
			if err != nil {
				t.Fatal(err)
			}
			_, set, err := dataset.ParseFile(b, dataset.Limits{})
			if err != nil {
				t.Fatalf("what gdcmconv wrote: %v", err)
			}
			e, ok := set.Get(dataset.PixelData)
			size := s.Columns * s.Rows * s.SamplesPerPixel * s.BitsAllocated / 8
			if !ok || len(e.Value) != size*len(s.Frames) {
				t.Fatalf("gdcmconv wrote %d bytes of Pixel Data, %d frames have %d", len(e.Value), len(s.Frames), size*len(s.Frames))
			}
			for i := range s.Frames {
				// GDCM has OpenJPEG inside and must agree with it, lossy or not.
				verify(t, s, i, s.Decoder, e.Value[i*size:(i+1)*size], painted[i])
			}
		})
	}
}

// part10 makes a secondary capture of the frames of a set.
func part10(t *testing.T, s *Set) []byte {
	t.Helper()
	set := dataset.New()
	set.PutString(dataset.SOPClassUID, "1.2.840.10008.5.1.4.1.1.7.4")
	set.PutString(dataset.SOPInstanceUID, "2.25.1")
	set.PutUint16(dataset.SamplesPerPixel, uint16(s.SamplesPerPixel))
	set.PutString(dataset.PhotometricInterpretation, s.PhotometricInterpretation)
	if s.SamplesPerPixel == 3 {
		set.PutUint16(dataset.PlanarConfiguration, 0)
	}
	set.PutString(dataset.NumberOfFrames, strconv.Itoa(len(s.Frames)))
	set.PutUint16(dataset.Rows, uint16(s.Rows))
	set.PutUint16(dataset.Columns, uint16(s.Columns))
	set.PutUint16(dataset.BitsAllocated, uint16(s.BitsAllocated))
	set.PutUint16(dataset.BitsStored, uint16(s.BitsStored))
	set.PutUint16(dataset.HighBit, uint16(s.BitsStored-1))
	set.PutUint16(dataset.PixelRepresentation, 0)
	fragments := [][]byte{{}}
	for i, f := range s.Frames {
		code := f.Code
		if i%2 == 1 {
			code = withComment(t, code)
		}
		if len(code)%2 == 1 {
			code = slices.Concat(code, []byte{0})
		}
		fragments = append(fragments, code)
	}
	set.Put(dataset.Element{Tag: dataset.PixelData, VR: dataset.VROB, Fragments: fragments})
	ts := dataset.TransferSyntax(s.TransferSyntax)
	b, err := dataset.AppendFileMeta(nil, dataset.FileMeta{SOPClassUID: set.String(dataset.SOPClassUID),
		SOPInstanceUID: "2.25.1", TransferSyntax: ts, ImplementationClassUID: "2.25.1"})
	if err == nil {
		b, err = set.Append(b, ts)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}
