package synth

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

func caseStudies(t *testing.T, name string) []*Study {
	t.Helper()
	c, err := CaseNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := c.Studies(CaseRequest{Seed: 3, AsOf: testDate, Identity: testIdentity, Index: 20})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func firstHeader(t *testing.T, s *Study) *dataset.Set {
	t.Helper()
	in, err := s.Instance(0)
	if err != nil {
		t.Fatal(err)
	}
	return headerSet(t, in)
}

// TestCases proves of each small case that it is what it is called.
func TestCases(t *testing.T) {
	t.Parallel()
	same := func(t *testing.T, s []*Study, tag dataset.Tag) bool {
		return firstHeader(t, s[0]).String(tag) == firstHeader(t, s[1]).String(tag)
	}
	checks := map[string]func(t *testing.T, s []*Study){
		"10,000 images": func(t *testing.T, s []*Study) {
			if s[0].Len() != 10_000 || s[0].SeriesCount() != 1 {
				t.Errorf("%d images in %d series", s[0].Len(), s[0].SeriesCount())
			}
		},
		"64-character UIDs": func(t *testing.T, s []*Study) {
			h := firstHeader(t, s[0])
			for _, tag := range []dataset.Tag{dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID} {
				if n := len(h.String(tag)); n != 64 {
					t.Errorf("%s has %d characters", tag.Keyword(), n)
				}
			}
		},
		"long names": func(t *testing.T, s []*Study) {
			e, ok := firstHeader(t, s[0]).Get(dataset.PatientName)
			groups := strings.Split(s[0].Patient.Name, "=")
			if !ok || len(e.Value) < 300 || len(groups) != 3 {
				t.Fatalf("a name of %d bytes in %d groups", len(e.Value), len(groups))
			}
			for _, g := range groups {
				if n := len([]rune(g)); n != 64 {
					t.Errorf("a group of %d characters", n)
				}
			}
		},
		"around midnight": func(t *testing.T, s []*Study) {
			var got []string
			for _, one := range s {
				h := firstHeader(t, one)
				got = append(got, h.String(dataset.StudyTime)+h.String(dataset.TimezoneOffsetFromUTC))
			}
			if want := "[000500 235500 000500+0800 235500+0800]"; fmt.Sprint(got) != want || !same(t, s, dataset.PatientID) {
				t.Errorf("studies at %v", got)
			}
		},
		"same UID, other content": func(t *testing.T, s []*Study) {
			a, errA := s[0].Instance(0)
			b, errB := s[1].Instance(0)
			if errA != nil || errB != nil {
				t.Fatal(errA, errB)
			}
			if a.SOPInstanceUID != b.SOPInstanceUID || bytes.Equal(a.PixelData()[200:], b.PixelData()[200:]) {
				t.Error("not the same UID with other pixels")
			}
		},
		"same study UID, another patient": func(t *testing.T, s []*Study) {
			if !same(t, s, dataset.StudyInstanceUID) || same(t, s, dataset.PatientID) || same(t, s, dataset.SOPInstanceUID) || same(t, s, dataset.SeriesInstanceUID) {
				t.Error("not two patients under one Study Instance UID alone")
			}
		},
		"empty Study ID": func(t *testing.T, s []*Study) {
			if firstHeader(t, s[0]).String(dataset.StudyID)+firstHeader(t, s[1]).String(dataset.StudyID) != "" ||
				same(t, s, dataset.StudyInstanceUID) || !same(t, s, dataset.PatientID) || !same(t, s, dataset.StudyDate) {
				t.Error("not two studies of a patient and day with an empty Study ID")
			}
		},
		"palette": func(t *testing.T, s []*Study) {
			h := firstHeader(t, s[0])
			e, ok := h.Get(dataset.NewTag(0x0028, 0x1202))
			if h.String(dataset.PhotometricInterpretation) != "PALETTE COLOR" || !ok || len(e.Value) != 512 {
				t.Error("no palette")
			}
		},
		"empty type 2 elements": trait(EmptyType2), "odd lengths": trait(OddLengths), "nested sequences": trait(NestedSequences),
		"long texts": trait(LongTexts), "MONOCHROME1": trait(Monochrome1), "overlays": trait(Overlay), "private blocks": trait(PrivateElements),
	}
	for _, c := range Cases() {
		if c.Bytes > 0 && c.Name != "10,000 images" {
			continue // see TestLargeCases
		}
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			check := checks[c.Name]
			if check == nil {
				t.Fatal("nothing proves this case")
			}
			check(t, caseStudies(t, c.Name))
		})
	}
	if _, err := CaseNamed("8800 frames"); err == nil || !strings.Contains(err.Error(), `did you mean "8,800 frames"?`) {
		t.Errorf("a misspelt case: %v", err)
	}
}

// trait proves that a case's study has the trait, of which TestTraits proves what
// it does.
func trait(want Trait) func(*testing.T, []*Study) {
	return func(t *testing.T, s []*Study) {
		if !s[0].traits.has(want) {
			t.Errorf("the study does not have the trait %q", want)
		}
	}
}

// TestLargeCases streams each large instance and proves its length, every frame's
// stamp and samples in order, and what stands between the frames. It is a walk
// over 12 GB and holds no frame twice.
func TestLargeCases(t *testing.T) {
	if testing.Short() {
		t.Skip("walks over 12 GB")
	}
	for _, c := range []struct {
		name   string
		frames int
		least  int64 // bytes of the data set
		most   int64
	}{
		{"8,800 frames", 8800, 8800 << 17, 8800<<17 + 16<<20},
		{"2.1 GB", 4100, 1<<31 + 1, 1<<31 + 16<<20},
		{"just under 4 GiB", justUnder4GiBFrames, 1<<32 - 4, 1<<32 + 1<<20},
		{"above 4 GiB", 0, 1<<32 + 1, 6 << 30},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := caseStudies(t, c.name)[0]
			in, err := s.Instance(0)
			if err != nil {
				t.Fatal(err)
			}
			if in.Size() < c.least || in.Size() > c.most || c.frames > 0 && in.Frames != c.frames {
				t.Errorf("%d bytes, %d frames", in.Size(), in.Frames)
			}
			if held := distinctBytes(in); held > 64<<20 {
				t.Errorf("its segments hold %d bytes of memory", held)
			}
			head, pixel, length := untilPixels(t, in)
			if length == 1<<32-1 {
				walkFragments(t, in, head, pixel)
				return
			}
			se, _ := s.place(0)
			if want := se.nativeBytes(in.Frames); int64(length) != want+want%2 || length == 0 {
				t.Errorf("Pixel Data of the length %X, want %X", length, want)
			}
			frame := make([]byte, se.frameBytes())
			for k := range in.Frames {
				if _, err := io.ReadFull(pixel, frame); err != nil {
					t.Fatalf("frame %d: %v", k, err)
				}
				stamp, err := VerifyStamp(frame)
				if err == nil {
					err = stamp.verifyFrame(frame)
				}
				if err != nil || stamp.Frame != k || stamp.Frames != in.Frames {
					t.Fatalf("frame %d: %s, %v", k, stamp, err)
				}
			}
			if n, err := io.Copy(io.Discard, pixel); n > 1 || err != nil {
				t.Errorf("%d bytes behind the last frame, %v", n, err)
			}
		})
	}
}

// distinctBytes is the memory behind the segments, each counted once.
func distinctBytes(in *Instance) int64 {
	seen := map[*byte]bool{}
	n := int64(0)
	for _, s := range in.Segments {
		if len(s) > 0 && !seen[&s[0]] {
			seen[&s[0]] = true
			n += int64(len(s))
		}
	}
	return n
}

// untilPixels reads the data set up to the value of Pixel Data and returns its
// header, the rest, and the length that is stated.
func untilPixels(t *testing.T, in *Instance) (*dataset.Set, io.Reader, uint32) {
	t.Helper()
	r := in.Reader()
	head := bytes.TrimSuffix(in.Segments[0], nil)
	at := bytes.LastIndex(head, []byte{0xE0, 0x7F, 0x10, 0x00, 'O'})
	if at < 0 {
		t.Fatal("the first segment has no Pixel Data")
	}
	if _, err := io.CopyN(io.Discard, r, int64(at+12)); err != nil {
		t.Fatal(err)
	}
	set, err := dataset.Parse(head[:at], in.TransferSyntax, dataset.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return set, r, binary.LittleEndian.Uint32(head[at+8:])
}

// walkFragments proves that each frame's fragment begins where the Extended Offset
// Table says, has the length that it says, and decodes to its stamp.
func walkFragments(t *testing.T, in *Instance, head *dataset.Set, pixel io.Reader) {
	t.Helper()
	table := func(tag dataset.Tag) []uint64 {
		e, ok := head.Get(tag)
		if !ok || len(e.Value) != 8*in.Frames {
			t.Fatalf("%v has no value for each of %d frames", tag, in.Frames)
		}
		var out []uint64
		for i := range in.Frames {
			out = append(out, binary.LittleEndian.Uint64(e.Value[8*i:]))
		}
		return out
	}
	offsets, lengths := table(extendedOffsetTable), table(extendedOffsetTableLengths)
	item := func() (uint32, uint32) {
		var b [8]byte
		if _, err := io.ReadFull(pixel, b[:]); err != nil {
			t.Fatal(err)
		}
		return binary.LittleEndian.Uint32(b[:]), binary.LittleEndian.Uint32(b[4:])
	}
	if tag, n := item(); tag != 0xE000FFFE || n != 0 {
		t.Errorf("a Basic Offset Table of %d bytes beside the extended one (PS3.5 A.4)", n)
	}
	at := uint64(0)
	sums := map[[32]byte]int{}
	for k := range in.Frames {
		tag, n := item()
		if tag != 0xE000FFFE || uint64(n) != lengths[k] || at != offsets[k] {
			t.Fatalf("fragment %d of %d bytes at %d; the table says %d at %d", k, n, at, lengths[k], offsets[k])
		}
		h := sha256.New()
		if _, err := io.CopyN(h, pixel, int64(n)); err != nil {
			t.Fatal(err)
		}
		sums[[32]byte(h.Sum(nil))]++
		at += 8 + uint64(n)
	}
	if at <= 1<<32 || len(sums) != in.Frames {
		t.Errorf("%d different fragments of %d, the last ends at %d", len(sums), in.Frames, at)
	}
	if tag, _ := item(); tag != 0xE0DDFFFE {
		t.Error("no end of the sequence")
	}
}

// TestCasesDciodvfy validates the instances of each small case.
func TestCasesDciodvfy(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	dir := t.TempDir()
	for n, c := range Cases() {
		if c.Bytes > 0 || c.Name == "long names" { // see TestLongNameDciodvfy
			continue
		}
		for k, s := range caseStudies(t, c.Name) {
			in, err := s.Instance(0)
			if err != nil {
				t.Fatal(err)
			}
			var b bytes.Buffer
			if err := WriteFile(&b, in); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, fmt.Sprintf("%d-%d.dcm", n, k))
			if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			for _, line := range complaints(t, program, file) {
				t.Errorf("%s: %s", c.Name, line)
			}
		}
	}
}
