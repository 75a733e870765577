package codestream

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// TestSets looks at the index as a whole; the decoders look at the frames.
func TestSets(t *testing.T) {
	t.Parallel()
	sets := mustSets(t)
	if len(Sets()) != len(sets) {
		t.Fatalf("Sets returns %d, there are %d", len(Sets()), len(sets))
	}
	matrix := map[Kind]string{
		Grey8:  "256x192, 1 of 8 in 8 bits, 4 frames",
		Grey12: "256x256, 1 of 12 in 16 bits, 4 frames",
		Grey16: "128x128, 1 of 16 in 16 bits, 2 frames",
		Colour: "320x240, 3 of 8 in 8 bits, 2 frames",
	}
	seen := map[string]bool{}
	painted := map[string]Sum{}
	bytes := 0
	for _, s := range sets {
		name := last(s.TransferSyntax) + " " + string(s.Kind)
		if seen[name] {
			t.Errorf("%s is there twice", name)
		}
		seen[name] = true
		form := fmt.Sprintf("%dx%d, %d of %d in %d bits, %d frames", s.Columns, s.Rows, s.SamplesPerPixel, s.BitsStored, s.BitsAllocated, len(s.Frames))
		if want := matrix[s.Kind]; s.Kind != Video && form != want {
			t.Errorf("%s: %s, expected was %s", name, form, want)
		}
		if s.Kind == Video && (len(s.Frames) != 1 || s.FramesInStream < 20 || s.CineRate < 20) || s.Kind != Video && (s.FramesInStream != 1 || s.CineRate != 0) {
			t.Errorf("%s: %d frames in the stream, %d a second", name, s.FramesInStream, s.CineRate)
		}
		if s.Lossy != (s.MaxError > 0) && s.Kind != Video {
			t.Errorf("%s: lossy is %t, the largest error is %d", name, s.Lossy, s.MaxError)
		}
		for i, f := range s.Frames {
			bytes += len(f.Code)
			if (f.SHA256 == f.Painted) == s.Lossy {
				t.Errorf("%s: lossy is %t, the hashes are %s and %s", f.File, s.Lossy, f.SHA256, f.Painted)
			}
			if s.Kind == Video {
				continue
			}
			picture := fmt.Sprint(s.Kind, i)
			if p, ok := painted[picture]; ok && p != f.Painted {
				t.Errorf("%s was made of another picture than those of other syntaxes", f.File)
			}
			painted[picture] = f.Painted
		}
	}
	if len(seen) != 5*4+5 {
		t.Errorf("%d sets, there are 4 kinds in 5 syntaxes and 5 videos", len(seen))
	}
	distinct := map[Sum]bool{}
	for _, p := range painted {
		distinct[p] = true
	}
	if len(distinct) != 4+4+2+2 {
		t.Errorf("%d different pictures, 12 were painted", len(distinct))
	}
	if bytes > 3<<20 {
		t.Errorf("%d bytes are embedded, at most 3 MiB are meant to be", bytes)
	}
}

func TestFor(t *testing.T) {
	t.Parallel()
	const lossless, htj2k, mpeg2 = "1.2.840.10008.1.2.4.90", "1.2.840.10008.1.2.4.203", "1.2.840.10008.1.2.4.100"
	for _, test := range []struct {
		transferSyntax  string
		samples, stored int
		want            Kind // "" is none
	}{
		{lossless, 1, 1, Grey8},
		{lossless, 1, 8, Grey8},
		{lossless, 1, 9, Grey12},
		{htj2k, 1, 12, Grey12},
		{htj2k, 1, 13, Grey16},
		{htj2k, 1, 16, Grey16},
		{lossless, 3, 8, Colour},
		{mpeg2, 3, 8, Video},
		{mpeg2, 1, 8, ""},
		{lossless, 1, 17, ""},
		{lossless, 1, 0, ""},
		{lossless, 3, 9, ""},
		{lossless, 2, 8, ""},
		{"1.2.840.10008.1.2.4.92", 1, 8, ""},
		{"1.2.840.10008.1.2.1", 1, 8, ""},
		{"", 0, 0, ""},
	} {
		s, ok := For(test.transferSyntax, test.samples, test.stored)
		switch {
		case ok != (test.want != "") || ok != (s != nil):
			t.Errorf("%+v: %v, %t", test, s, ok)
		case ok && (s.Kind != test.want || s.TransferSyntax != test.transferSyntax):
			t.Errorf("%+v: %s of %s", test, s.Kind, s.TransferSyntax)
		}
	}
}

// TestRead spoils an index in several ways.
func TestRead(t *testing.T) {
	t.Parallel()
	const sum = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	const good = `[{"transferSyntax":"1.2","frames":[{"file":"a","sha256":"` + sum + `","painted":"` + sum + `"}]}]`
	for _, test := range []struct{ name, from, to, want string }{
		{name: "unspoilt"},
		{"no list", "[{", "{", "index.json"},
		{"an unknown member", "transferSyntax", "transferSyntaxes", "unknown field"},
		{"a missing file", `"a"`, `"b"`, "frames/b"},
		{"a short sum", sum, sum[2:], "62 digits"},
		{"no sum", sum, "z" + sum[1:], "invalid byte"},
		{"no frames", `"file"`, `"files"`, "unknown field"},
		{"an empty set", good, `[{"transferSyntax":"1.2"}]`, "no frames"},
		{"null", good, "[null]", "no frames"},
		{"a way out", `"a"`, `"../index.json"`, "frames/.."},
	} {
		text := good
		if test.name != "unspoilt" {
			text = strings.Replace(good, test.from, test.to, 1)
		}
		sets, err := read(fstest.MapFS{"index.json": {Data: []byte(text)}, "frames/a": {Data: []byte("code")}})
		switch {
		case test.want == "":
			if err != nil || len(sets) != 1 || string(sets[0].Frames[0].Code) != "code" || sets[0].Frames[0].Painted.String() != sum {
				t.Errorf("%s: %v, %v", test.name, sets, err)
			}
		case err == nil || !strings.Contains(err.Error(), test.want):
			t.Errorf("%s: %v, expected was an error with %q", test.name, err, test.want)
		}
	}
	if _, err := read(fstest.MapFS{}); err == nil {
		t.Error("no index, and no error")
	}
}
