package codestream

import (
	"crypto/sha256"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pacsuat/synth/codestream/reference"
)

// peers are the programs that the tests use: the name by which PACSUAT_REQUIRE
// demands them, and Debian's package.
var peers = map[string]struct{ name, pkg string }{
	"opj_decompress": {"openjpeg", "libopenjp2-tools"},
	"ojph_expand":    {"openjph", "openjph-tools"},
	"grk_decompress": {"grok", "grokj2k-tools"},
	"gdcmconv":       {"gdcm", "libgdcm-tools"},
	"ffmpeg":         {"ffmpeg", "ffmpeg"},
	"ffprobe":        {"ffmpeg", "ffmpeg"},
}

// requirePeer skips the test when a program is missing, or fails it when
// PACSUAT_REQUIRE names what it comes with.
func requirePeer(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	peer := peers[program]
	if slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), peer.name) {
		t.Fatalf("%s is not installed and PACSUAT_REQUIRE names %s: apt-get install %s", program, peer.name, peer.pkg)
	}
	t.Skipf("%s is not installed, so it decodes nothing here: apt-get install %s", program, peer.pkg)
}

// decoders returns the programs that can decode a syntax.
func decoders(transferSyntax string) []string {
	switch transferSyntax {
	case "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.91":
		return []string{"opj_decompress", "grk_decompress"}
	case "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203":
		return []string{"ojph_expand", "opj_decompress", "grk_decompress"}
	}
	return []string{"ffmpeg"}
}

func mustSets(t *testing.T) []*Set {
	t.Helper()
	sets, err := embedded()
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

func images(t *testing.T) []*Set {
	return slices.DeleteFunc(slices.Clone(mustSets(t)), func(s *Set) bool { return s.Kind == Video })
}

func videos(t *testing.T) []*Set {
	return slices.DeleteFunc(slices.Clone(mustSets(t)), func(s *Set) bool { return s.Kind != Video })
}

// last is the last component of a UID.
func last(uid string) string { return uid[strings.LastIndex(uid, ".")+1:] }

func mustDecode(t *testing.T, program string, code []byte, samplesPerPixel int) []byte {
	t.Helper()
	decoded, err := reference.Decode(t.Context(), program, code, samplesPerPixel)
	if err != nil {
		t.Fatal(err)
	}
	return decoded
}

// elsewhere is how much decoders of lossy frames may differ from each other, in
// grey values: a rounding in either step of the inverse transforms.
const elsewhere = 2

// verify compares what a program gives with what is known of the frame.
func verify(t *testing.T, s *Set, number int, program string, decoded, original []byte) {
	t.Helper()
	f := s.Frames[number]
	got := Sum(sha256.Sum256(decoded))
	// Compilers fuse floating point differently on other machines.
	if exact := program == s.Decoder && runtime.GOARCH == "amd64"; exact || !s.Lossy {
		if got != f.SHA256 {
			t.Errorf("%s: %s gives samples of the hash %s, %s is known", f.File, program, got, f.SHA256)
		}
	}
	if !s.Lossy {
		return
	}
	allowed := s.MaxError
	if program != s.Decoder || runtime.GOARCH != "amd64" {
		allowed += elsewhere
	}
	if d := reference.MaxDifference(decoded, original, s.BitsAllocated); d > allowed || d == 0 {
		t.Errorf("%s: %s gives samples that differ by %d from those painted, it must be from 1 to %d", f.File, program, d, allowed)
	}
}

// originals returns the painted samples of the frames of a lossy set, by decoding
// the lossless frames of its kind. For other sets they are nil: their hash says
// all.
func originals(t *testing.T, of *Set) [][]byte {
	t.Helper()
	out := make([][]byte, len(of.Frames))
	if !of.Lossy {
		return out
	}
	requirePeer(t, "opj_decompress")
	lossless, ok := For("1.2.840.10008.1.2.4.90", of.SamplesPerPixel, of.BitsStored)
	if !ok || lossless.Kind != of.Kind {
		t.Fatalf("%s has no lossless frames", of.Kind)
	}
	for i, f := range lossless.Frames {
		out[i] = mustDecode(t, "opj_decompress", f.Code, of.SamplesPerPixel)
		if Sum(sha256.Sum256(out[i])) != of.Frames[i].Painted {
			t.Fatalf("%s does not decode to what %s was made of", f.File, of.Frames[i].File)
		}
	}
	return out
}
