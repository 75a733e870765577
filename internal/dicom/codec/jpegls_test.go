package codec

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestJPEGLSExample: the example of T.87 H.3 becomes the bytes that stand there.
func TestJPEGLSExample(t *testing.T) {
	t.Parallel()
	f := rleForm(4, 4, 1, 8, 8, false)
	f.Pixel = []byte{
		0, 0, 90, 74,
		68, 50, 43, 205,
		64, 145, 145, 145,
		100, 145, 145, 145,
	}
	want := []byte{
		0xFF, 0xD8, 0xFF, 0xF7, 0x00, 0x0B, 0x08, 0x00, 0x04, 0x00, 0x04, 0x01, 0x01, 0x11, 0x00,
		0xFF, 0xDA, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00,
		0xC0, 0x00, 0x00, 0x6C, 0x80, 0x20, 0x8E, 0x01, 0xC0, 0x00, 0x00, 0x57, 0x40, 0x00, 0x00, 0x6E,
		0xE6, 0x00, 0x00, 0x01, 0xBC, 0x18, 0x00, 0x00, 0x05, 0xD8, 0x00, 0x00, 0x91, 0x60, 0xFF, 0xD9,
	}
	got, err := JPEGLS(nil, f, 0)
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("% X, %v, want\n% X", got, err, want)
	}
}

// TestJPEGLSParameters: the thresholds of T.87 table C.3, and of other precisions
// by C.2.4.1.1.
func TestJPEGLSParameters(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ precision, near, rng, qbpp, limit, t1, t2, t3 int }{
		{8, 0, 256, 8, 32, 3, 7, 21},
		{12, 0, 4096, 12, 48, 18, 67, 276},
		{16, 0, 65536, 16, 64, 18, 67, 276},
		{8, 2, 52, 6, 32, 9, 17, 35},
		{10, 0, 1024, 10, 40, 6, 19, 72},
		{7, 0, 128, 7, 30, 2, 3, 10},
		{2, 0, 4, 2, 20, 2, 3, 3},
		{2, 1, 2, 1, 20, 3, 3, 3},
	} {
		p := newJPEGLSParameters(tt.precision, tt.near)
		if p.rng != tt.rng || p.qbpp != tt.qbpp || p.limit != tt.limit || p.t1 != tt.t1 || p.t2 != tt.t2 || p.t3 != tt.t3 {
			t.Errorf("%+v, want %+v", p, tt)
		}
	}
}

// jpeglsCheck says what is wrong with decoded samples of a frame, without signs.
func jpeglsCheck(f Frame, near int, decoded []int) error {
	if want := f.Columns * f.Rows * f.SamplesPerPixel; len(decoded) != want {
		return fmt.Errorf("%d samples, want %d", len(decoded), want)
	}
	for i, v := range decoded {
		if w := f.sample(f.Pixel, i); v-w > near || w-v > near {
			return fmt.Errorf("sample %d is %d, want %d, with an error of at most %d", i, v, w, near)
		}
	}
	return nil
}

// jpeglsBound is the most that JPEGLS can make of a frame: codes of LIMIT bits and
// a bit for a run, seven bits a byte.
func jpeglsBound(f Frame) int {
	limit := 2 * (f.BitsStored + max(8, f.BitsStored))
	return 80 + f.Columns*f.Rows*f.SamplesPerPixel*(limit+1)/7
}

// jpeglsRoundTrip encodes and decodes a frame. It reports false where an error of
// near could turn a sign.
func jpeglsRoundTrip(t *testing.T, f Frame, near int) bool {
	t.Helper()
	b, err := JPEGLS([]byte("before"), f, near)
	if err != nil {
		if near > 0 && f.Signed && strings.Contains(err.Error(), "could turn one into the other") && string(b) == "before" {
			return false
		}
		t.Fatalf("%v, near %d: %v", f, near, err)
	}
	b, ok := bytes.CutPrefix(b, []byte("before"))
	if !ok || len(b) > jpeglsBound(f) {
		t.Errorf("%v, near %d: %d bytes, at most %d are possible, what stood before is there: %t", f, near, len(b), jpeglsBound(f), ok)
	}
	decoded, err := jpeglsDecode(b)
	if err == nil {
		err = jpeglsCheck(f, near, decoded)
	}
	if err != nil {
		t.Fatalf("%v, near %d: %v", f, near, err)
	}
	return true
}

// jpeglsNears are the errors that a precision is tried with.
func jpeglsNears(precision int) []int {
	most := min(255, (1<<precision-1)/2)
	nears := []int{0, 1, 2, 5, 10, most}
	nears = slices.DeleteFunc(nears, func(n int) bool { return n > most })
	slices.Sort(nears)
	return slices.Compact(nears)
}

// TestJPEGLSRoundTrip: every precision, allocated in 8 and 16 bits, with and
// without a sign.
func TestJPEGLSRoundTrip(t *testing.T) {
	t.Parallel()
	for precision := 2; precision <= 16; precision++ {
		t.Run(fmt.Sprint(precision), func(t *testing.T) {
			t.Parallel()
			for _, allocated := range []int{8, 16} {
				for _, signed := range []bool{false, true} {
					if precision > allocated {
						continue
					}
					for _, p := range rlePatterns {
						f := p.frame(rleForm(21, 17, 1, allocated, precision, signed))
						for _, near := range jpeglsNears(precision) {
							jpeglsRoundTrip(t, f, near)
						}
					}
				}
			}
		})
	}
}

// TestJPEGLSForms: single rows and columns, colour, and runs as long as they can
// be.
func TestJPEGLSForms(t *testing.T) {
	t.Parallel()
	for _, form := range []Frame{
		rleForm(1, 1, 1, 8, 8, false),
		rleForm(1, 1, 3, 8, 8, false),
		rleForm(40, 1, 1, 16, 12, false),
		rleForm(1, 40, 1, 16, 12, false),
		rleForm(40, 1, 3, 8, 8, false),
		rleForm(1, 40, 3, 8, 8, false),
		rleForm(23, 19, 3, 8, 8, false),
		rleForm(23, 19, 3, 8, 6, false),
		rleForm(2, 2, 1, 16, 16, true),
		rleForm(400, 3, 1, 16, 16, false),
	} {
		for _, p := range rlePatterns {
			f := p.frame(form)
			for _, near := range []int{0, 1, 3} {
				jpeglsRoundTrip(t, f, near)
			}
		}
	}
	jpeglsRoundTrip(t, jpeglsLongRuns(65535, 3), 0)
	jpeglsRoundTrip(t, jpeglsLongRuns(512, 256), 0)
	jpeglsRoundTrip(t, jpeglsLongRuns(512, 256), 1)
}

// jpeglsLongRuns returns a frame of nothing, with something in its last row.
func jpeglsLongRuns(columns, rows int) Frame {
	f := rleForm(columns, rows, 1, 16, 12, false)
	f.Pixel = make([]byte, 2*columns*rows)
	f.Pixel[len(f.Pixel)-100] = 77
	f.Pixel[len(f.Pixel)-36] = 1
	return f
}

// TestJPEGLSChecks: what the tests above rely on notices a spoilt frame.
func TestJPEGLSChecks(t *testing.T) {
	t.Parallel()
	f := rlePatterns[3].frame(rleForm(21, 17, 1, 16, 12, false))
	for _, near := range []int{0, 5} {
		good, err := JPEGLS(nil, f, near)
		if err != nil {
			t.Fatal(err)
		}
		for at := 40; at < len(good)-2; at += 13 {
			b := slices.Clone(good)
			b[at] ^= 0x10
			decoded, err := jpeglsDecode(b)
			if err == nil {
				err = jpeglsCheck(f, near, decoded)
			}
			if err == nil {
				t.Errorf("near %d: the byte at %d was altered unseen", near, at)
			}
		}
		decoded, err := jpeglsDecode(good)
		if near > 0 && (err != nil || jpeglsCheck(f, near-1, decoded) == nil) {
			t.Errorf("near %d: the error is less than that", near)
		}
	}
}

func TestJPEGLSErrors(t *testing.T) {
	t.Parallel()
	grey := rleForm(4, 1, 1, 16, 12, true)
	grey.Pixel = []byte{0, 0, 1, 0, 2, 0, 3, 0}
	turned := grey // -2048 becomes 2046
	turned.Pixel = []byte{0, 0, 0x00, 0xF8, 0, 0, 0, 0}
	short := grey
	short.Pixel = short.Pixel[2:]
	colour := rleForm(1, 1, 3, 8, 8, true)
	colour.Pixel = []byte{1, 2, 3}
	wide := rleForm(1, 1, 3, 16, 8, false)
	wide.Pixel = make([]byte, 6)
	two := rleForm(1, 1, 1, 8, 2, false)
	two.Pixel = []byte{1}
	for _, tt := range []struct {
		f    Frame
		near int
		want string
	}{
		{grey, -1, "0 to 255 are possible"},
		{grey, 256, "0 to 255 are possible"},
		{two, 2, "0 to 1 are possible"},
		{short, 0, "6 bytes"},
		{colour, 0, "without a sign"},
		{wide, 0, "only 8 bits"},
		{turned, 5, "could turn one into the other"},
	} {
		b, err := JPEGLS([]byte("before"), tt.f, tt.near)
		if err == nil || !strings.Contains(err.Error(), tt.want) || string(b) != "before" {
			t.Errorf("near %d: %q, %v, want %q", tt.near, b, err, tt.want)
		}
	}
	turned.BitsStored = 16 // leaves room
	for _, f := range []Frame{grey, turned} {
		if !jpeglsRoundTrip(t, f, 5) {
			t.Errorf("%v: not encoded", f)
		}
	}
}

func FuzzJPEGLS(f *testing.F) {
	f.Add([]byte{1, 1, 1, 2, 2, 3}, uint8(40), uint8(3), uint8(0), uint8(8), uint8(0))
	f.Add([]byte{0xFF, 0xFF, 0, 0}, uint8(20), uint8(9), uint8(1), uint8(16), uint8(3))
	f.Add([]byte("abbcccdddd"), uint8(255), uint8(7), uint8(2), uint8(7), uint8(1))
	f.Fuzz(func(t *testing.T, data []byte, columns, rows, kind, precision, near uint8) {
		frame := rleFuzzFrame(data, columns, rows, kind)
		frame.BitsStored = 2 + int(precision)%(frame.BitsAllocated-1)
		frame.Signed = kind >= 128 && frame.SamplesPerPixel == 1
		jpeglsRoundTrip(t, frame, int(near)%(min(255, (1<<frame.BitsStored-1)/2)+1))
	})
}
