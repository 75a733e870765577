package synth

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// requirePeer skips the test when a program is missing, or fails it when
// PACSUAT_REQUIRE names the package that the program comes with.
func requirePeer(t *testing.T, program, from string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	if slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), from) {
		t.Fatalf("%s is not installed and PACSUAT_REQUIRE names %s: apt-get install %s", program, from, from)
	}
	t.Skipf("%s is not installed, so the instances are not validated: apt-get install %s", program, from)
	return ""
}

// characterSets are those that the patients' names are made in.
var characterSets = [][]string{
	nil,
	{"ISO_IR 100"},
	{"ISO_IR 192"},
	{"GB18030"},
	{"", "ISO 2022 IR 58"},
}

// explained are dciodvfy's warnings that are meant to be, and why.
var explained = []struct{ warning, why string }{
	{"Retired Person Name form", "names of one component (Malay, Indian) are what clerks enter; dciodvfy takes a space without ^ for the form of ACR-NEMA"},
	{"Unrecognized defined term <99PACSUAT>", "99 begins the designator of a private coding scheme (PS3.3 table 8.8-1)"},
	{"Missing attribute or value that would be needed to build DICOMDIR - Study ID", "the trait EmptyType2: Study ID is type 2 in an image, type 1 in a DICOMDIR only"},
	{"(0x0029,", "private elements are unknown to dciodvfy"},
	{"Unrecognized defined term <ISO_15444_15>", "High-Throughput JPEG 2000 is younger than dciodvfy (PS3.3 C.7.6.1.1.5.2)"},
	{"Unrecognized defined term <YBR_PARTIAL_420>", "video (PS3.5 8.2.5 and later); dciodvfy's list for ultrasound is older"},
	{"Unrecognized defined term <ISO_23008_2>", "HEVC is younger than dciodvfy (PS3.3 C.7.6.1.1.5.2)"},
	{"Dicom dataset contains attributes not present in standard DICOM IOD - this is a Standard Extended SOP Class", "private elements, or attributes that other IODs define, are a legal extension (PS3.2 3.11.1)"},
	{"Attribute is not present in standard DICOM IOD", "the same, by attribute"},
	{"Unrecognized defined term <CC> for value 1 of attribute <View Position>", "the terms that dciodvfy knows are those of CR (PS3.3 C.8.1.1); mammography writes its views' abbreviations there, of PS3.16 CID 4014, beside the View Code Sequence, as hanging protocols expect"},
	{"Unrecognized defined term <MLO> for value 1 of attribute <View Position>", "the same"},
}

// TestDciodvfy validates every recipe with every trait in every character set,
// in both transfer syntaxes; further, all traits of a recipe at once, the last
// of several series, late images and colliding instances.
func TestDciodvfy(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	dir := t.TempDir()
	var files []string
	names := map[string]string{}
	add := func(name string, in *Instance) {
		file := filepath.Join(dir, fmt.Sprintf("%05d.dcm", len(files)))
		var b bytes.Buffer
		if err := WriteFile(&b, in); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		names[file] = name
	}
	for _, r := range Recipes() {
		r = small(r) // what is validated does not depend on the matrix, time does
		var all []Trait
		for _, trait := range Traits() {
			if r.Allows(trait) {
				all = append(all, trait)
			}
		}
		for c, characterSet := range characterSets {
			q := StudyRequest{Recipe: r, Images: max(4, r.LeastSeries()), Series: max(2, r.LeastSeries()), Seed: 3, AsOf: testDate, Identity: testIdentity, Index: c, CharacterSet: characterSet}
			if c%2 == 1 {
				q.TransferSyntax = dataset.ImplicitVRLittleEndian
			}
			for _, trait := range all {
				q.With = []Trait{trait}
				add(fmt.Sprintf("%s, %q, %s", r.Name, characterSet, trait), mustInstance(t, q, 0))
			}
			for _, ts := range []dataset.TransferSyntax{dataset.ExplicitVRLittleEndian, dataset.ImplicitVRLittleEndian} {
				q.TransferSyntax = ts
				q.With = nil
				add(fmt.Sprintf("%s, %q, %s", r.Name, characterSet, ts), mustInstance(t, q, 3))
				q.With = all
				add(fmt.Sprintf("%s, %q, %s, all traits", r.Name, characterSet, ts), mustInstance(t, q, 1))
			}
		}
		s := mustStudy(t, StudyRequest{Recipe: r, Images: r.LeastSeries(), Seed: 3, AsOf: testDate, Identity: testIdentity})
		later, err := s.Extend(1)
		if err != nil {
			t.Fatal(err)
		}
		late, err := later.Instance(s.Len())
		if err != nil {
			t.Fatal(err)
		}
		add(r.Name+", late image", late)
		other, err := Colliding(late)
		if err != nil {
			t.Fatal(err)
		}
		add(r.Name+", colliding", other)
		if r.HasPixels() { // what follows is tried with one recipe
			continue
		}
		for c, characterSet := range characterSets { // many names
			for n := range 12 {
				q := StudyRequest{Recipe: r, Images: 1, AsOf: testDate, Identity: testIdentity, Index: 100 + n*len(Recipes()) + c, CharacterSet: characterSet}
				add(fmt.Sprintf("%s, %q, name %d", r.Name, characterSet, n), mustInstance(t, q, 0))
			}
		}
	}
	var wg sync.WaitGroup
	work := make(chan string)
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for file := range work {
				for _, line := range complaints(t, program, file) {
					t.Errorf("%s: %s", names[file], line)
				}
			}
		})
	}
	for _, file := range files {
		work <- file
	}
	close(work)
	wg.Wait()
	t.Logf("%d instances", len(files))
}

// TestDciodvfyComplains proves that the validation above can fail.
func TestDciodvfyComplains(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	for name, spoil := range map[string]func(s *dataset.Set){
		"a missing type 1 attribute": func(s *dataset.Set) { s.Delete(dataset.BitsStored) },
		"a wrong enumerated value":   func(s *dataset.Set) { s.PutString(dataset.PatientSex, "X") },
		"a value too long":           func(s *dataset.Set) { s.PutString(dataset.StationName, "SEVENTEEN LETTERS") },
		"an undefined term":          func(s *dataset.Set) { s.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY", "SIDEWAYS") },
	} {
		in := *mustInstance(t, StudyRequest{Recipe: small(mustRecipe(t, "CT chest")), Images: 1, AsOf: testDate, Identity: testIdentity}, 0)
		set, err := in.DataSet()
		if err != nil {
			t.Fatal(err)
		}
		spoil(set)
		b, err := set.Append(nil, in.TransferSyntax)
		if err != nil {
			t.Fatal(err)
		}
		in.Segments = [][]byte{b}
		var part10 bytes.Buffer
		if err := WriteFile(&part10, &in); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "spoilt.dcm")
		if err := os.WriteFile(file, part10.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		if len(complaints(t, program, file)) == 0 {
			t.Errorf("%s was not complained of", name)
		}
	}
}

// complaints returns dciodvfy's errors, and its warnings that nothing explains.
func complaints(t *testing.T, program, file string) []string {
	out, err := exec.Command(program, file).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Errorf("run %s: %v", program, err)
		return nil
	}
	var lines []string
	recognised := false
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "Error"):
			lines = append(lines, line)
		case strings.HasPrefix(line, "Warning"):
			if !slices.ContainsFunc(explained, func(e struct{ warning, why string }) bool { return strings.Contains(line, e.warning) }) {
				lines = append(lines, line)
			}
		case line != "":
			recognised = true // the name of the IOD
		}
	}
	if !recognised {
		lines = append(lines, "dciodvfy did not name the IOD, so it validated nothing")
	}
	return lines
}

// testDate and testIdentity are fixed, so that a test sees the same objects each
// time.
var (
	testDate     = time.Date(2026, 1, 5, 0, 0, 0, 0, time.FixedZone("SGT", 8*3600))
	testIdentity = NewIdentity("golden nonce", "cell", "scenario", 1, Fence{})
)

// small returns the recipe with small matrices and few frames, for tests that do
// not judge the picture.
func small(r Recipe) Recipe {
	r.Series = slices.Clone(r.Series)
	for i := range r.Series {
		s := &r.Series[i]
		if f, err := s.completed(); err == nil && f.object.pixels != noPixels {
			s.Matrix, s.Distinct = Matrix{80, 66}, min(f.Distinct, 4)
			if strings.HasSuffix(f.phantom.Name, " page") {
				s.Matrix = Matrix{320, 240} // for letters and digits
			}
			if f.object.pixels == multiFrame {
				s.Frames = Range{min(f.Frames.From, 3), min(f.Frames.From, 3)}
			}
		}
	}
	return r
}

func mustStudy(t testing.TB, q StudyRequest) *Study {
	t.Helper()
	s, err := NewStudy(q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustInstance(t testing.TB, q StudyRequest, i int) *Instance {
	t.Helper()
	in, err := mustStudy(t, q).Instance(i)
	if err != nil {
		t.Fatal(err)
	}
	return in
}
