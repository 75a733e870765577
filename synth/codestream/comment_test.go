package codestream

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"
)

// withComment inserts a comment of 48 binary bytes.
func withComment(t *testing.T, code []byte) []byte {
	t.Helper()
	at, err := CommentAt(code)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(code[:at], comment(), code[at:])
}

// comment is a segment with contents that look like markers: Rcom 0 says that
// they are binary. See ISO/IEC 15444-1 A.9.2.
func comment() []byte {
	segment := []byte{0xFF, 0x64, 0, 52, 0, 0}
	for i := range 24 {
		segment = append(segment, 0xFF, byte(0x90+i))
	}
	return segment
}

func TestCommentAt(t *testing.T) {
	t.Parallel()
	siz := slices.Concat([]byte{0xFF, 0x51, 0, 41}, make([]byte, 39))
	cod := []byte{0xFF, 0x52, 0, 4, 0xFF, 0x90}
	sot := []byte{0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1}
	soc := []byte{0xFF, 0x4F}
	for _, test := range []struct {
		name string
		code []byte
		want int // 0 is an error
	}{
		{"smallest", slices.Concat(soc, siz, sot), 45},
		{"a segment that holds a marker", slices.Concat(soc, siz, cod, sot), 51},
		{"a reserved marker without a segment", slices.Concat(soc, siz, []byte{0xFF, 0x30}, sot), 47},
		{"an empty segment", slices.Concat(soc, siz, []byte{0xFF, 0x64, 0, 2}, sot), 49},
		{"nothing", nil, 0},
		{"SOC alone", soc, 0},
		{"boxes", slices.Concat([]byte("\x00\x00\x00\x0CjP  \r\n\x87\n"), soc, siz, sot), 0},
		{"JPEG", []byte{0xFF, 0xD8, 0xFF, 0xE0, 0, 16}, 0},
		{"no SIZ", slices.Concat(soc, cod, sot), 0},
		{"cut within a segment", slices.Concat(soc, siz[:20]), 0},
		{"no tile-part", slices.Concat(soc, siz, cod), 0},
		{"end instead of a tile-part", slices.Concat(soc, siz, []byte{0xFF, 0xD9, 0, 0}), 0},
		{"data instead of a tile-part", slices.Concat(soc, siz, []byte{0xFF, 0x93, 0, 9}, make([]byte, 20)), 0},
		{"SOC twice", slices.Concat(soc, siz, soc, siz, sot), 0},
		{"a length of 1", slices.Concat(soc, siz, []byte{0xFF, 0x64, 0, 1}, sot), 0},
		{"no marker", slices.Concat(soc, siz, []byte{0x7F, 0x64, 0, 2}, sot), 0},
	} {
		got, err := CommentAt(test.code)
		if (err != nil) != (test.want == 0) || got != test.want {
			t.Errorf("%s: %d, %v; %d was expected", test.name, got, err, test.want)
		}
	}
	for _, s := range videos(t) {
		if at, err := CommentAt(s.Frames[0].Code); err == nil {
			t.Errorf("%s: a comment at %d of a video stream", s.Frames[0].File, at)
		}
	}
}

func FuzzCommentAt(f *testing.F) {
	sets, err := embedded()
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range sets {
		f.Add(s.Frames[0].Code[:min(300, len(s.Frames[0].Code))])
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		at, err := CommentAt(code)
		if err != nil {
			return
		}
		if at < 4 || at+4 > len(code) || binary.BigEndian.Uint16(code[at:]) != markerSOT {
			t.Fatalf("no tile-part begins at %d of %d bytes", at, len(code))
		}
		commented := slices.Concat(code[:at], comment(), code[at:])
		again, err := CommentAt(commented)
		if err != nil || again != at+len(comment()) || !bytes.Equal(commented[again:], code[at:]) {
			t.Fatalf("with a comment at %d the next is at %d: %v", at, again, err)
		}
	})
}
