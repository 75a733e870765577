package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pacsuat/synth/codestream"
)

// tilePart is a tile-part with as many bytes of data.
func tilePart(tile byte, data int) []byte {
	return slices.Concat([]byte{0xFF, 0x90, 0, 10, 0, tile, 0, 0, 0, byte(14 + data), 0, 1, 0xFF, 0x93}, make([]byte, data))
}

func TestTilePartLengths(t *testing.T) {
	t.Parallel()
	eoc := []byte{0xFF, 0xD9}
	for _, test := range []struct {
		name  string
		parts []byte
		want  []byte // nil is an error
	}{
		{"one", slices.Concat(tilePart(0, 5), eoc), []byte{0xFF, 0x55, 0, 9, 0, 0x50, 0, 0, 0, 0, 19}},
		{"two", slices.Concat(tilePart(0, 5), tilePart(1, 0), eoc), []byte{0xFF, 0x55, 0, 14, 0, 0x50, 0, 0, 0, 0, 19, 1, 0, 0, 0, 14}},
		{"nothing", nil, nil},
		{"none", eoc, nil},
		{"no end", tilePart(0, 5), nil},
		{"cut", tilePart(0, 5)[:16], nil},
		{"a length of 0", slices.Concat([]byte{0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0x93}, eoc), nil},
		{"tile 255", slices.Concat(tilePart(255, 5), eoc), nil},
	} {
		got, err := tilePartLengths(test.parts)
		if (err != nil) != (test.want == nil) || !bytes.Equal(got, test.want) {
			t.Errorf("%s: % x, %v; % x was expected", test.name, got, err, test.want)
		}
	}
}

func TestInsertLengths(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "a.j2c")
	header := slices.Concat([]byte{0xFF, 0x4F, 0xFF, 0x51, 0, 41}, make([]byte, 39))
	rest := slices.Concat(tilePart(0, 1), []byte{0xFF, 0xD9})
	if err := os.WriteFile(file, slices.Concat(header, rest), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := insertLengths(file); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(file)
	if want := slices.Concat(header, []byte{0xFF, 0x55, 0, 9, 0, 0x50, 0, 0, 0, 0, 15}, rest); err != nil || !bytes.Equal(got, want) {
		t.Errorf("% x, %v; % x was expected", got, err, want)
	}
	if err := os.WriteFile(file, []byte("no codestream"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := insertLengths(file); err == nil {
		t.Error("a file that is no codestream is not refused")
	}
}

// TestSources paints each kind; the clips are large and only named.
func TestSources(t *testing.T) {
	t.Parallel()
	for _, s := range sources {
		var before []byte
		for number := range s.pictures {
			p, err := s.picture(number)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := p.Append(nil); err != nil {
				t.Errorf("%s: %v", s.kind, err)
			}
			if bytes.Equal(p.Samples, before) {
				t.Errorf("%s: picture %d is as the one before", s.kind, number+1)
			}
			before = p.Samples
		}
	}
	for _, c := range clips {
		if _, samples, err := render(c.phantom, 64, 64, 8, 0, c.pictures); err != nil || samples != 3 {
			t.Errorf("%s: %d samples a pixel, %v", c.name, samples, err)
		}
	}
}

// TestResembles shows that video of something else is not taken.
func TestResembles(t *testing.T) {
	t.Parallel()
	set := &codestream.Set{Columns: 2, Rows: 2, FramesInStream: 2}
	rgb := bytes.Repeat([]byte{255, 255, 255}, 8)
	white := bytes.Repeat([]byte{235, 235, 235, 235, 128, 128}, 2)
	if err := resembles(set, rgb, white); err != nil {
		t.Error(err)
	}
	for name, decoded := range map[string][]byte{
		"a frame too few":     white[:6],
		"black":               bytes.Repeat([]byte{16, 16, 16, 16, 128, 128}, 2),
		"a second frame grey": slices.Concat(white[:6], []byte{120, 120, 120, 120, 128, 128}),
	} {
		if err := resembles(set, rgb, decoded); err == nil {
			t.Errorf("%s is taken for white", name)
		}
	}
	if err := resembles(set, rgb[:12], white); err == nil {
		t.Error("a painted frame is missing")
	}
}

// TestRunRefuses gives wrong arguments, and frames that are not there.
func TestRunRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, args := range [][]string{nil, {"paint"}, {"tlm"}, {"index", dir}, {"dump", dir}, {"index", dir, dir}, {"tlm", filepath.Join(dir, "none")}} {
		var out bytes.Buffer
		if err := run(t.Context(), &out, args); err == nil || out.Len() > 0 {
			t.Errorf("%q: %v, %q", args, err, &out)
		}
	}
}
