package codec

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// rleDecodeFrame decodes what RLE made of a frame of the form of f, and is strict:
// rows begin with a run, segments are even and nothing stands between them.
func rleDecodeFrame(b []byte, f Frame) ([]byte, error) {
	size := f.BitsAllocated / 8
	planes := f.SamplesPerPixel * size
	if len(b) < rleHeaderBytes || len(b)%2 == 1 {
		return nil, fmt.Errorf("%d bytes", len(b))
	}
	if n := binary.LittleEndian.Uint32(b); n != uint32(planes) {
		return nil, fmt.Errorf("%d segments, want %d", n, planes)
	}
	out := make([]byte, f.Columns*f.Rows*planes)
	at := rleHeaderBytes
	for p := range 15 {
		offset := int(binary.LittleEndian.Uint32(b[4+4*p:]))
		if p >= planes {
			if offset != 0 {
				return nil, fmt.Errorf("segment %d at %d, there is none", p+1, offset)
			}
			continue
		}
		if offset != at {
			return nil, fmt.Errorf("segment %d at %d, the one before ends at %d", p+1, offset, at)
		}
		for y := range f.Rows {
			for x := 0; x < f.Columns; {
				if at >= len(b) {
					return nil, errors.New("the frame ends within a row")
				}
				n := int(int8(b[at]))
				if n == -128 {
					return nil, errors.New("-128")
				}
				literal := n >= 0
				if n = max(n+1, 1-n); x+n > f.Columns || literal && at+1+n > len(b) || at+2 > len(b) {
					return nil, fmt.Errorf("a run of %d at %d crosses the end of the row or the frame", n, at)
				}
				at++
				for i := range n {
					v := b[at]
					if literal {
						v = b[at+i]
					}
					out[((y*f.Columns+x+i)*f.SamplesPerPixel+p/size)*size+size-1-p%size] = v
				}
				if at++; literal {
					at += n - 1
				}
				x += n
			}
		}
		if at%2 == 1 {
			if at++; b[at-1] != 0 {
				return nil, errors.New("padded with another byte than 0")
			}
		}
	}
	if at != len(b) {
		return nil, fmt.Errorf("%d bytes behind the last segment", len(b)-at)
	}
	return out, nil
}

// rleForms are what the RLE encoder is tried with.
var rleForms = []Frame{
	rleForm(1, 1, 1, 8, 8, false),
	rleForm(1, 1, 1, 16, 12, true),
	rleForm(1, 1, 3, 8, 8, false),
	rleForm(37, 29, 1, 8, 8, false),
	rleForm(37, 29, 1, 8, 5, true),
	rleForm(37, 29, 1, 16, 12, false),
	rleForm(37, 29, 1, 16, 12, true),
	rleForm(37, 29, 3, 8, 8, false),
	rleForm(1, 41, 1, 16, 16, true),
	rleForm(1, 41, 3, 8, 8, false),
	rleForm(129, 1, 1, 16, 16, false),
	rleForm(130, 2, 3, 8, 8, false),
	rleForm(300, 31, 1, 8, 8, false),
	rleForm(515, 17, 1, 16, 14, false),
}

func (f Frame) String() string {
	return fmt.Sprintf("%dx%d, %d samples, %d of %d bits, signed %t", f.Columns, f.Rows, f.SamplesPerPixel, f.BitsStored, f.BitsAllocated, f.Signed)
}

// rleBound is the most that RLE can make of a frame.
func rleBound(f Frame) int {
	planes := f.SamplesPerPixel * f.BitsAllocated / 8
	return rleHeaderBytes + planes*(f.Rows*(f.Columns+(f.Columns+rleMaxRun-1)/rleMaxRun)+1)
}

func rleRoundTrip(t *testing.T, f Frame) []byte {
	t.Helper()
	prefix := []byte("before")
	b, err := RLE(prefix, f)
	if err != nil {
		t.Fatalf("%v: %v", f, err)
	}
	b, ok := bytes.CutPrefix(b, prefix)
	if !ok {
		t.Fatalf("%v: what stood before was overwritten", f)
	}
	if len(b) > rleBound(f) {
		t.Errorf("%v: %d bytes, more than %d", f, len(b), rleBound(f))
	}
	got, err := rleDecodeFrame(b, f)
	if err != nil {
		t.Fatalf("%v: %v", f, err)
	}
	if !bytes.Equal(got, f.Pixel) {
		t.Fatalf("%v: other samples came back", f)
	}
	return b
}

func TestRLERoundTrip(t *testing.T) {
	t.Parallel()
	for _, form := range rleForms {
		for _, p := range rlePatterns {
			rleRoundTrip(t, p.frame(form))
		}
	}
}

// TestRLERuns: each row of bytes becomes the runs that PS3.5 G.3.1 asks for.
func TestRLERuns(t *testing.T) {
	t.Parallel()
	repeat := func(b byte, n int) []byte { return bytes.Repeat([]byte{b}, n) }
	counting := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(i)
		}
		return b
	}
	for _, tt := range []struct {
		name      string
		row, want []byte
	}{
		{"one byte", []byte{7}, []byte{0, 7}},
		{"two equal", []byte{7, 7}, []byte{0xFF, 7}},
		{"three equal", []byte{7, 7, 7}, []byte{0xFE, 7}},
		{"two equal within a literal run", []byte{1, 7, 7, 2}, []byte{3, 1, 7, 7, 2}},
		{"three equal end a literal run", []byte{1, 7, 7, 7, 2}, []byte{0, 1, 0xFE, 7, 0, 2}},
		{"the longest replicate run", repeat(9, 128), []byte{0x81, 9}},
		{"a byte more", repeat(9, 129), []byte{0x81, 9, 0, 9}},
		{"the longest literal run", counting(128), slices.Concat([]byte{127}, counting(128))},
		{"bytes more", counting(131), slices.Concat([]byte{127}, counting(128), []byte{2, 128, 129, 130})},
		{"three equal at its end", slices.Concat(counting(126), repeat(200, 3)), slices.Concat([]byte{125}, counting(126), []byte{0xFE, 200})},
		{"three equal across it", slices.Concat(counting(127), repeat(200, 3)), slices.Concat([]byte{126}, counting(127), []byte{0xFE, 200})},
		{"three equal behind it", slices.Concat(counting(128), repeat(200, 3)), slices.Concat([]byte{127}, counting(128), []byte{0xFE, 200})},
	} {
		f := rleForm(len(tt.row), 2, 1, 8, 8, false)
		f.Pixel = slices.Concat(tt.row, tt.row) // equal rows must not grow together
		b := rleRoundTrip(t, f)[rleHeaderBytes:]
		if want := slices.Concat(tt.want, tt.want); !bytes.Equal(b[:len(want)], want) || len(b)-len(want) > 1 {
			t.Errorf("%s: % X, want % X", tt.name, b, want)
		}
	}
}

// TestRLEHeader: the byte planes come in the order of PS3.5 G.2.
func TestRLEHeader(t *testing.T) {
	t.Parallel()
	grey := rleForm(2, 1, 1, 16, 16, false)
	grey.Pixel = []byte{0x34, 0x12, 0x78, 0x56}
	colour := rleForm(2, 1, 3, 8, 8, false)
	colour.Pixel = []byte{1, 2, 3, 4, 5, 6}
	for _, tt := range []struct {
		f    Frame
		want []byte
	}{
		{grey, []byte{1, 0x12, 0x56, 0, 1, 0x34, 0x78, 0}},
		{colour, []byte{1, 1, 4, 0, 1, 2, 5, 0, 1, 3, 6, 0}},
	} {
		header := make([]byte, rleHeaderBytes)
		header[0] = byte(len(tt.want) / 4)
		for i := range len(tt.want) / 4 {
			header[4+4*i] = byte(rleHeaderBytes + 4*i)
		}
		if b := rleRoundTrip(t, tt.f); !bytes.Equal(b, slices.Concat(header, tt.want)) {
			t.Errorf("%v: % X", tt.f, b)
		}
	}
}

// rlePatch replaces the samples between two positions of a frame and in its
// encoded form.
func rlePatch(t *testing.T, f Frame, encoded []byte, literals []Literal, from int, native []byte) ([]byte, Frame) {
	t.Helper()
	encoded = slices.Clone(encoded)
	for _, l := range literals {
		b, err := l.Append(nil, native)
		if err != nil {
			t.Fatal(err)
		}
		copy(encoded[l.Offset:l.Offset+l.Length], b)
	}
	f.Pixel = slices.Clone(f.Pixel)
	copy(f.Pixel[from*f.BitsAllocated/8:], native)
	return encoded, f
}

// rleStamps are samples to exchange: random ones, zeros, equal ones; of 8 bits, as
// in 16 allocated more would be none of the bits stored.
func rleStamps(f Frame, from, to int) [][]byte {
	r := rand.New(rand.NewPCG(uint64(from), uint64(to)))
	stamps := make([][]byte, 3)
	for range to - from {
		for i, v := range []byte{byte(r.Uint32()), 0, 0x5A} {
			stamps[i] = append(stamps[i], v)
			if f.BitsAllocated == 16 {
				stamps[i] = append(stamps[i], 0)
			}
		}
	}
	return stamps
}

// rleSpans are positions to exchange in a row of n samples.
func rleSpans(n, samplesPerPixel int) [][2]int {
	var spans [][2]int
	for _, s := range [][2]int{{0, 1}, {0, n}, {n - 1, n}, {0, 44}, {16, 60}, {5, 49}, {n / 3, n}, {n/2 - 22, n/2 + 38}, {2, 4}, {1, 2}} {
		if s[0] >= 0 && s[0] < s[1] && s[1] <= n && s[1]-s[0] <= rleMaxRun*samplesPerPixel {
			spans = append(spans, s)
		}
	}
	return spans
}

func TestRLEPatchable(t *testing.T) {
	t.Parallel()
	for _, form := range rleForms {
		for _, p := range rlePatterns {
			f := p.frame(form)
			plain, err := RLE(nil, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, span := range rleSpans(f.Columns*f.SamplesPerPixel, f.SamplesPerPixel) {
				b, literals, err := RLEPatchable([]byte("before"), f, span[0], span[1])
				if err != nil {
					t.Fatalf("%v, %v: %v", f, span, err)
				}
				b = b[len("before"):]
				if len(literals) != f.SamplesPerPixel*f.BitsAllocated/8 {
					t.Fatalf("%v: %d literals", f, len(literals))
				}
				sum, last := 0, 0
				for _, l := range literals {
					if l.Offset < last {
						t.Errorf("%v, %v: literals %v are not in ascending order", f, span, literals)
					}
					last = l.Offset + l.Length
					sum += l.Length
				}
				if sum != (span[1]-span[0])*f.BitsAllocated/8 {
					t.Errorf("%v, %v: the literals have %d bytes", f, span, sum)
				}
				if got, err := rleDecodeFrame(b, f); err != nil || !bytes.Equal(got, f.Pixel) {
					t.Fatalf("%v, %v: not patched: %v", f, span, err)
				}
				for _, native := range rleStamps(f, span[0], span[1]) {
					patched, want := rlePatch(t, f, b, literals, span[0], native)
					if got, err := rleDecodeFrame(patched, f); err != nil || !bytes.Equal(got, want.Pixel) {
						t.Fatalf("%v, %v: patched: %v", f, span, err)
					}
				}
				if len(b) > len(plain)+len(literals)*(span[1]-span[0]+4) {
					t.Errorf("%v, %v: %d bytes, %d without literals", f, span, len(b), len(plain))
				}
			}
		}
	}
}

func TestRLEErrors(t *testing.T) {
	t.Parallel()
	grey := rleForm(300, 2, 1, 8, 8, false)
	grey.Pixel = make([]byte, 600)
	colour := rleForm(300, 1, 3, 8, 8, false)
	colour.Pixel = make([]byte, 900)
	short := grey
	short.Pixel = short.Pixel[1:]
	dst := []byte("before")
	for name, f := range map[string]Frame{"short": short, "none": {}} {
		if b, err := RLE(dst, f); err == nil || string(b) != "before" {
			t.Errorf("%s: %q, %v", name, b, err)
		}
	}
	for _, tt := range []struct {
		f        Frame
		from, to int
		want     string
	}{
		{grey, -1, 20, "samples 0 to 299"},
		{grey, 290, 301, "samples 0 to 299"},
		{grey, 20, 20, "samples 0 to 299"},
		{grey, 21, 20, "samples 0 to 299"},
		{grey, 0, 129, "129 samples of a plane"},
		{colour, 0, 385, "129 samples of a plane"},
		{colour, 0, 901, "samples 0 to 899"},
		{short, 0, 44, "599 bytes"},
	} {
		b, l, err := RLEPatchable(dst, tt.f, tt.from, tt.to)
		if err == nil || !strings.Contains(err.Error(), tt.want) || string(b) != "before" || l != nil {
			t.Errorf("%d to %d: %q, %v, %v", tt.from, tt.to, b, l, err)
		}
	}
	_, l, err := RLEPatchable(nil, grey, 16, 60)
	if err != nil || len(l) != 1 {
		t.Fatal(l, err)
	}
	if b, err := l[0].Append(dst, make([]byte, 43)); err == nil || string(b) != "before" {
		t.Errorf("43 bytes for 44: %q, %v", b, err)
	}
	for _, l := range []Literal{{Length: -1, Step: 1}, {Length: 1}, {Length: 2, First: -1, Step: 1}} {
		if _, err := l.Append(nil, make([]byte, 9)); err == nil {
			t.Errorf("%+v", l)
		}
	}
}

// rleFuzzFrame makes a frame of any bytes.
func rleFuzzFrame(data []byte, columns, rows uint8, kind uint8) Frame {
	f := rleForm(int(columns)+1, int(rows)%24+1, 1, 8, 8, false)
	switch kind % 3 {
	case 1:
		f.BitsAllocated, f.BitsStored = 16, 16
	case 2:
		f.SamplesPerPixel = 3
	}
	f.Pixel = make([]byte, f.Columns*f.Rows*f.SamplesPerPixel*f.BitsAllocated/8)
	if len(data) > 0 {
		for i := 0; i < len(f.Pixel); i += len(data) {
			copy(f.Pixel[i:], data)
		}
	}
	return f
}

func FuzzRLE(f *testing.F) {
	f.Add([]byte{1, 1, 1, 2, 2, 3}, uint8(40), uint8(3), uint8(0), uint8(2), uint8(9))
	f.Add([]byte{}, uint8(200), uint8(1), uint8(1), uint8(0), uint8(128))
	f.Add([]byte("abbcccdddd"), uint8(255), uint8(7), uint8(2), uint8(7), uint8(44))
	f.Fuzz(func(t *testing.T, data []byte, columns, rows, kind, from, n uint8) {
		frame := rleFuzzFrame(data, columns, rows, kind)
		rleRoundTrip(t, frame)
		lo, hi := int(from), int(from)+int(n)
		b, literals, err := RLEPatchable(nil, frame, lo, hi)
		if possible := n > 0 && hi <= frame.Columns*frame.SamplesPerPixel && int(n) <= rleMaxRun*frame.SamplesPerPixel; possible != (err == nil) {
			t.Fatalf("%v, %d to %d: %v", frame, lo, hi, err)
		}
		if err != nil {
			return
		}
		native := make([]byte, int(n)*frame.BitsAllocated/8)
		copy(native, data)
		patched, want := rlePatch(t, frame, b, literals, lo, native)
		if got, err := rleDecodeFrame(patched, frame); err != nil || !bytes.Equal(got, want.Pixel) {
			t.Fatalf("%v, %d to %d: %v", frame, lo, hi, err)
		}
	})
}
