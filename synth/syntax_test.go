package synth

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// wanted is one recipe in one transfer syntax, and what the programs said of it.
type wanted struct {
	recipe  Recipe
	syntax  dataset.TransferSyntax
	verdict string // of the cell in docs/syntaxes.md
}

// TestEverySyntax makes every recipe in every transfer syntax that it can have,
// one instance of each object, and has all of them validated by dciodvfy, read by
// dcmdump and gdcminfo, and decoded by the reference decoder to exactly the
// samples that Decoded promises. What they accept is the table in
// docs/syntaxes.md; -update writes it.
func TestEverySyntax(t *testing.T) {
	t.Parallel()
	tools := tools{t: t, dir: t.TempDir()}
	for program, from := range map[string]string{
		"dciodvfy": "dicom3tools", "dcmdump": "dcmtk", "dcmconv": "dcmtk", "dcmdrle": "dcmtk", "dcmdjpeg": "dcmtk", "dcmdjpls": "dcmtk",
		"gdcminfo": "gdcm", "opj_decompress": "openjpeg", "ojph_expand": "openjph", "ffmpeg": "ffmpeg",
	} {
		requirePeer(t, program, from)
	}
	var cells []*wanted
	for _, r := range Recipes() {
		for _, ts := range syntaxes {
			c := &wanted{recipe: r, syntax: ts}
			if !slices.Contains(r.Syntaxes(), ts) {
				c.verdict = "-"
			}
			cells = append(cells, c)
		}
	}
	work := make(chan *wanted)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for c := range work {
				c.verdict = tools.accept(c.recipe, c.syntax)
			}
		})
	}
	for _, c := range cells {
		if c.verdict == "" {
			work <- c
		}
	}
	close(work)
	wg.Wait()
	checkTable(t, cells)
}

// tools runs the reference programs.
type tools struct {
	t   *testing.T
	dir string
}

// accept makes one instance of each object of the recipe and returns what stands
// in the table; whatever is refused is an error of the test.
func (x tools) accept(r Recipe, ts dataset.TransferSyntax) string {
	r = small(r)
	s, err := NewStudy(StudyRequest{Recipe: r, Images: r.LeastSeries(), Series: r.LeastSeries(), Seed: 4, AsOf: testDate, Identity: testIdentity, TransferSyntax: ts})
	if err != nil {
		x.t.Errorf("%s in %s: %v", r.Name, ts.Name(), err)
		return "refused"
	}
	verdict := "same"
	for _, in := range instances(x.t, s) {
		name := fmt.Sprintf("%s in %s, instance %d", r.Name, ts.Name(), in.Index)
		dir, err := os.MkdirTemp(x.dir, "")
		if err != nil {
			x.t.Error(err)
			return "refused"
		}
		file := filepath.Join(dir, "in.dcm")
		var b bytes.Buffer
		if err = WriteFile(&b, in); err == nil {
			err = os.WriteFile(file, b.Bytes(), 0o600)
		}
		if err != nil {
			x.t.Errorf("%s: %v", name, err)
			return "refused"
		}
		if err := x.check(in, file); err != nil {
			x.t.Errorf("%s: %v", name, err)
			verdict = "refused"
		} else if in.Frames > 0 {
			if d, err := in.Decoded(); err == nil && !d.Exact && verdict == "same" {
				verdict = "near"
			}
		}
		_ = os.RemoveAll(dir) // else a run's files pile up
	}
	return verdict
}

// check has one file validated, read and decoded.
func (x tools) check(in *Instance, file string) error {
	if lines := complaints(x.t, "dciodvfy", x.validated(in, file)); len(lines) > 0 {
		return fmt.Errorf("dciodvfy: %s", strings.Join(lines, "; "))
	}
	if out, err := exec.Command("dcmdump", "-q", "+L", file).CombinedOutput(); err != nil || bytes.Contains(out, []byte("\nE: ")) || bytes.Contains(out, []byte("\nW: ")) {
		return fmt.Errorf("dcmdump: %v", err)
	}
	if knownToGDCM(in.TransferSyntax) {
		if out, err := exec.Command("gdcminfo", file).CombinedOutput(); err != nil || !bytes.Contains(out, []byte(in.SOPClassUID)) {
			return fmt.Errorf("gdcminfo: %v: %s", err, out)
		}
	}
	if in.Frames == 0 {
		return nil
	}
	return x.decode(in, file)
}

// knownToGDCM says whether gdcminfo 3.0 knows the transfer syntax: HTJ2K and HEVC
// came later.
func knownToGDCM(ts dataset.TransferSyntax) bool {
	switch ts {
	case dataset.HTJ2KLossless, dataset.HTJ2KLosslessRPCL, dataset.HTJ2K, dataset.HEVCMP51:
		return false
	}
	return true
}

// validated returns the file that dciodvfy is given: it inflates nothing, and
// knows no transfer syntax of after 2015. A deflated file is inflated by dcmconv;
// HTJ2K is given the UID of JPEG 2000 and HEVC that of MPEG-4, which changes
// nothing of what it validates, the data set without its fragments.
func (x tools) validated(in *Instance, file string) string {
	out := file + ".validated"
	switch {
	case in.TransferSyntax.IsDeflated():
		if text, err := exec.Command("dcmconv", "+te", file, out).CombinedOutput(); err != nil {
			x.t.Errorf("dcmconv: %v: %s", err, text)
		}
		return out
	case !knownToGDCM(in.TransferSyntax):
		known := *in
		known.TransferSyntax = dataset.JPEG2000
		if isVideo(in.TransferSyntax) {
			known.TransferSyntax = dataset.MPEG4HP41
		}
		var b bytes.Buffer
		if err := WriteFile(&b, &known); err != nil {
			x.t.Error(err)
		}
		if err := os.WriteFile(out, b.Bytes(), 0o600); err != nil {
			x.t.Error(err)
		}
		return out
	}
	return file
}

// decode has the frames decoded and holds them against what Decoded promises;
// lossy ones that are encoded here against the samples before, with a bound.
func (x tools) decode(in *Instance, file string) error {
	want, err := in.Decoded()
	if err != nil {
		return err
	}
	got, err := x.decoded(in, file)
	if err != nil {
		return err
	}
	if len(got) != len(want.Frames) {
		return fmt.Errorf("%d frames were decoded, %d were sent", len(got), len(want.Frames))
	}
	for k, frame := range got {
		if sha256.Sum256(frame) == want.Frames[k] {
			continue
		}
		if want.Exact || want.Decoder != "" {
			return fmt.Errorf("frame %d of %d was decoded to other samples (%d bytes)", k+1, len(got), len(frame))
		}
		if err := in.alike(k, frame); err != nil {
			return err
		}
	}
	return nil
}

// alike bounds the mean difference of samples that were compressed with loss from
// those that were painted: 2 of near-lossless JPEG-LS, of DCT 1/32 of the range.
func (in *Instance) alike(k int, frame []byte) error {
	se, number := in.study.place(in.Index)
	samples, err := in.samples(se, in.study.frameKey(se, number, k, in.variant), k)
	if err != nil {
		return err
	}
	if len(samples) != len(frame) {
		return fmt.Errorf("frame %d was decoded to %d bytes of %d", k+1, len(frame), len(samples))
	}
	sum, most, n := 0, 0, 0
	step := se.allocated / 8
	at := func(b []byte, i int) int {
		if step == 2 {
			return int(b[i]) | int(b[i+1])<<8
		}
		return int(b[i])
	}
	for i := 0; i+step <= len(frame); i += step {
		d := at(frame, i) - at(samples, i)
		if d < 0 {
			d = -d
		}
		sum, most, n = sum+d, max(most, d), n+1
	}
	limit := 1 << se.StoredBits / 32
	if se.ts == dataset.JPEGLSNearLossless {
		if most > near {
			return fmt.Errorf("frame %d differs by %d, at most %d is allowed", k+1, most, near)
		}
		return nil
	}
	if sum > limit*n {
		return fmt.Errorf("frame %d differs by %d on average, at most %d is allowed", k+1, sum/n, limit)
	}
	return nil
}

// decoded returns the native samples of each frame as the reference decoder of
// the transfer syntax gives them.
func (x tools) decoded(in *Instance, file string) ([][]byte, error) {
	se, _ := in.study.place(in.Index)
	out := file + ".decoded"
	run := func(name string, args ...string) error {
		if text, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w: %s", name, err, text)
		}
		return nil
	}
	var err error
	switch ts := in.TransferSyntax; {
	case !ts.IsEncapsulated():
		err = run("dcmconv", "+te", file, out)
	case ts == dataset.RLELossless:
		err = run("dcmdrle", "+te", file, out)
	case ts == dataset.JPEGLSLossless || ts == dataset.JPEGLSNearLossless:
		err = run("dcmdjpls", "+te", file, out)
	case isVideo(ts):
		code := filepath.Join(filepath.Dir(file), "video")
		if err := os.WriteFile(code, se.set.Frames[0].Code, 0o600); err != nil {
			return nil, err
		}
		if err := fragmentsAre(in, [][]byte{se.set.Frames[0].Code}); err != nil {
			return nil, err
		}
		raw, err := exec.Command("ffmpeg", "-v", "error", "-i", code, "-f", "rawvideo", "-pix_fmt", "yuv420p", "-vsync", "0", "-").Output()
		return [][]byte{raw}, err
	case preEncoded(ts):
		return x.codestreams(in, filepath.Dir(file))
	default:
		err = run("dcmdjpeg", "+te", "+cn", file, out)
		if se.samples == 3 {
			_ = os.Remove(out)
			err = run("dcmdjpeg", "+te", "+px", file, out)
		}
	}
	if err != nil {
		return nil, err
	}
	text, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	_, set, err := dataset.ParseFile(text, dataset.Limits{})
	if err != nil {
		return nil, err
	}
	e, ok := set.Get(dataset.PixelData)
	if !ok {
		return nil, fmt.Errorf("no Pixel Data after decoding")
	}
	m := in.study.matrix(se, in.Number-1)
	size := m.Columns * m.Rows * se.samples * se.allocated / 8
	if len(e.Value) != size*in.Frames && len(e.Value) != size*in.Frames+1 {
		return nil, fmt.Errorf("%d bytes were decoded, %d frames of %d bytes were sent", len(e.Value), in.Frames, size)
	}
	var all [][]byte
	for k := range in.Frames {
		frame := slices.Clone(e.Value[k*size : (k+1)*size])
		all = append(all, frame)
	}
	return all, nil
}

// frameCodes returns the fragments of encapsulated Pixel Data, one a frame.
func frameCodes(in *Instance) ([][]byte, error) {
	set, err := dataset.Parse(bytes.Join(in.Segments, nil), in.TransferSyntax, dataset.Limits{})
	if err != nil {
		return nil, err
	}
	e, ok := set.Get(dataset.PixelData)
	if !ok || len(e.Fragments) < 2 {
		return nil, fmt.Errorf("no fragments")
	}
	return e.Fragments[1:], nil
}

func fragmentsAre(in *Instance, want [][]byte) error {
	got, err := frameCodes(in)
	if err != nil {
		return err
	}
	for i, f := range got {
		if i >= len(want) || !bytes.HasPrefix(f, want[i]) || len(f) > len(want[i])+1 {
			return fmt.Errorf("fragment %d is not what was encoded", i+1)
		}
	}
	return nil
}

// codestreams decodes JPEG 2000 and HTJ2K frames, their stamps with them.
func (x tools) codestreams(in *Instance, dir string) ([][]byte, error) {
	codes, err := frameCodes(in)
	if err != nil {
		return nil, err
	}
	se, _ := in.study.place(in.Index)
	var all [][]byte
	for k, code := range codes {
		stamp, err := StampOfFrame(code)
		if err != nil || stamp.Frame != k || stamp.Number != in.Number-1 {
			return nil, fmt.Errorf("the stamp of frame %d: %s, %v", k+1, stamp, err)
		}
		if err := stamp.VerifyFrame(code); err != nil {
			return nil, err
		}
		name := filepath.Join(dir, fmt.Sprintf("%d.j2c", k))
		if err := os.WriteFile(name, code, 0o600); err != nil {
			return nil, err
		}
		format := ".pgm"
		if se.samples == 3 {
			format = ".ppm"
		}
		program, args := "opj_decompress", []string{"-quiet", "-i", name, "-o", name + format}
		if se.set.Decoder == "ojph_expand" {
			program, args = "ojph_expand", []string{"-i", name, "-o", name + format}
		}
		if text, err := exec.Command(program, args...).CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w: %s", program, err, text)
		}
		text, err := os.ReadFile(name + format)
		if err != nil {
			return nil, err
		}
		size := se.Matrix.Columns * se.Matrix.Rows * se.samples * se.allocated / 8
		if len(text) < size {
			return nil, fmt.Errorf("%s gave %d bytes of %d", program, len(text), size)
		}
		samples := text[len(text)-size:] // behind the header of the format
		if se.allocated == 16 {
			for i := 0; i+1 < len(samples); i += 2 { // PGM is big endian
				samples[i], samples[i+1] = samples[i+1], samples[i]
			}
		}
		all = append(all, samples)
	}
	return all, nil
}

// checkTable holds docs/syntaxes.md against what was found.
func checkTable(t *testing.T, cells []*wanted) {
	var b strings.Builder
	b.WriteString(syntaxesHead)
	b.WriteString("\n| kind of study |")
	for _, ts := range syntaxes {
		fmt.Fprintf(&b, " %s |", SyntaxName(ts))
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(syntaxes)))
	for i, c := range cells {
		if i%len(syntaxes) == 0 {
			fmt.Fprintf(&b, "\n| %s |", c.recipe.Name)
		}
		fmt.Fprintf(&b, " %s |", c.verdict)
	}
	b.WriteString("\n")
	file := filepath.Join("..", "docs", "syntaxes.md")
	if *update {
		if err := os.WriteFile(file, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(have), "\r\n", "\n") != b.String() {
		t.Errorf("%s is not what was found; write it anew: go test ./synth -run EverySyntax -update", file)
	}
}

const syntaxesHead = `# Every kind of study in every transfer syntax

This table is made by a test (` + "`go test ./synth -run EverySyntax -update`" + `), which makes one instance of each object of each
kind in each transfer syntax and gives it to the reference programs:

- **dciodvfy** (dicom3tools) finds no error, and no warning that synth/dciodvfy_test.go does not explain. It inflates
  nothing: deflated files are inflated by dcmconv before. It does not know HTJ2K and HEVC: it is given these under the UIDs of
  JPEG 2000 and MPEG-4, which changes nothing of the data set that it validates.
- **dcmdump** (DCMTK) reads the file without an error or warning, **gdcminfo** (GDCM) names its SOP class. GDCM 3.0 does not
  know HTJ2K and HEVC and is not asked about them.
- **The decoder** of the syntax gives the samples: dcmconv (uncompressed, deflated), dcmdrle, dcmdjpeg, dcmdjpls,
  opj_decompress (JPEG 2000), ojph_expand (HTJ2K), ffmpeg (video).

*same*: decoded to exactly the samples that ` + "`Instance.Decoded`" + ` promises, by hash. *near*: compressed with loss; of frames
that were encoded beforehand the reference decoder's samples, by hash; of those encoded here samples that differ from the
painted ones by no more than the bound of the test. *-*: the syntax cannot carry such pixels, or nobody sends them so.
`

// A decoder's samples are compared: an altered fragment does not pass.
func TestSyntaxTestNotices(t *testing.T) {
	t.Parallel()
	requirePeer(t, "dcmdjpls", "dcmtk")
	s := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, "CT chest")), Images: 1, AsOf: testDate, Identity: testIdentity, TransferSyntax: dataset.JPEGLSLossless})
	in, err := s.Instance(0)
	if err != nil {
		t.Fatal(err)
	}
	x := tools{t: t, dir: t.TempDir()}
	file := filepath.Join(x.dir, "in.dcm")
	var b bytes.Buffer
	if err := WriteFile(&b, in); err != nil {
		t.Fatal(err)
	}
	text := b.Bytes()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := x.decode(in, file); err != nil {
		t.Fatalf("unaltered: %v", err)
	}
	text[len(text)-400] ^= 0x40
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := x.decode(in, file); err == nil {
		t.Errorf("an altered code was decoded to the same samples (%s)", hex.EncodeToString(text[len(text)-400:][:4]))
	}
}
