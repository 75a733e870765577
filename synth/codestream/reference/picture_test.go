package reference

import (
	"bytes"
	"strings"
	"testing"
)

func TestPicture(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		picture Picture
		want    string
	}{
		{"grey", Picture{Columns: 2, Rows: 1, SamplesPerPixel: 1, Bits: 8, Samples: []byte{1, 2}}, "P5\n2 1\n255\n\x01\x02"},
		{"12 bits", Picture{Columns: 1, Rows: 2, SamplesPerPixel: 1, Bits: 12, Samples: []byte{1, 2, 3, 4}}, "P5\n1 2\n4095\n\x02\x01\x04\x03"},
		{"16 bits", Picture{Columns: 1, Rows: 1, SamplesPerPixel: 1, Bits: 16, Samples: []byte{1, 2}}, "P5\n1 1\n65535\n\x02\x01"},
		{"colour", Picture{Columns: 1, Rows: 1, SamplesPerPixel: 3, Bits: 8, Samples: []byte("RGB")}, "P6\n1 1\n255\nRGB"},
	} {
		got, err := test.picture.Append(nil)
		if err != nil || string(got) != test.want {
			t.Errorf("%s: %q, %v; %q was expected", test.name, got, err, test.want)
		}
		again, err := ParsePicture(got)
		if err != nil || !bytes.Equal(again.Samples, test.picture.Samples) || again.Bits != test.picture.Bits ||
			again.Columns != test.picture.Columns || again.Rows != test.picture.Rows || again.SamplesPerPixel != test.picture.SamplesPerPixel {
			t.Errorf("%s: read again it is %+v, %v", test.name, again, err)
		}
	}
	for _, p := range []Picture{
		{},
		{Columns: 1, Rows: 1, SamplesPerPixel: 1, Bits: 8},
		{Columns: 1, Rows: 1, SamplesPerPixel: 2, Bits: 8, Samples: []byte{1, 2}},
		{Columns: 1, Rows: 1, SamplesPerPixel: 1, Bits: 17, Samples: []byte{1, 2}},
		{Columns: 1 << 20, Rows: 1 << 20, SamplesPerPixel: 1, Bits: 8},
	} {
		if got, err := p.Append(nil); err == nil {
			t.Errorf("%+v: %q", p, got)
		}
	}
}

func TestParsePicture(t *testing.T) {
	t.Parallel()
	p, err := ParsePicture([]byte("P5 # a comment\n#another 7\n 2\t1\r\n255\nABthe rest"))
	if err != nil || string(p.Samples) != "AB" {
		t.Errorf("%q, %v", p.Samples, err)
	}
	for _, text := range []string{
		"", "P", "P4\n1 1\nA", "P5", "P5\n", "P5\n2", "P5\n2 1\n255", "P5\n2 1\n255\nA", "P5\n2 1\n0\nAB", "P5\n2 1\n65536\nABCD",
		"P5\n0 1\n255\n", "P5\n-1 1\n255\nA", "P5\n65535 65535\n255\nA", "P5\n99999999999999999999 1\n255\nA", "P5\n1 1\n256\nA",
	} {
		if p, err := ParsePicture([]byte(text)); err == nil {
			t.Errorf("%q is read as %+v", text, p)
		}
	}
}

func FuzzParsePicture(f *testing.F) {
	f.Add([]byte("P5\n2 1\n255\n\x01\x02"))
	f.Add([]byte("P6\n1 1\n4095\n\x01\x02\x03\x04\x05\x06"))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := ParsePicture(b)
		if err != nil {
			return
		}
		again, err := p.Append(nil)
		if err != nil || len(again) < len(p.Samples) || len(p.Samples) > len(b) {
			t.Fatalf("%d bytes of samples of %d: %v", len(p.Samples), len(b), err)
		}
	})
}

func TestMaxDifference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		a, b      string
		allocated int
		want      int
	}{
		{"abc", "abc", 8, 0},
		{"abc", "abd", 8, 1},
		{"\xFFb", "\x00a", 8, 255},
		{"\x00\x01", "\xFF\x00", 16, 1},
		{"\x00\x01", "\x00\x00", 16, 256},
		{"\x00\x01\x07", "\x00\x01\x08", 16, 0},
		{"ab", "a", 8, 255},
		{"ab", "", 16, 65535},
	} {
		if got := MaxDifference([]byte(test.a), []byte(test.b), test.allocated); got != test.want {
			t.Errorf("%q and %q of %d bits differ by %d, expected was %d", test.a, test.b, test.allocated, got, test.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	if _, err := Decode(t.Context(), "sh", nil, 1); err == nil || !strings.Contains(err.Error(), `no decoder "sh"`) {
		t.Errorf("an unknown program: %v", err)
	}
	// Whether they are installed or not, nothing can be decoded.
	for _, program := range []string{"opj_decompress", "ojph_expand", "grk_decompress", "ffmpeg"} {
		for _, code := range []string{"", "\xFF\x4F\xFF\x51\x00\x29", "no code at all"} {
			if b, err := Decode(t.Context(), program, []byte(code), 1); err == nil {
				t.Errorf("%s makes %d bytes of %q", program, len(b), code)
			}
		}
	}
}
