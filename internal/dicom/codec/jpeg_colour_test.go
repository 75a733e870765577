package codec

import (
	"bytes"
	"fmt"
	"image/jpeg"
	"os/exec"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// jpegPureColours are the corners of the cube and something within.
var jpegPureColours = [][3]byte{{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 0}, {0, 255, 255}, {255, 0, 255}, {255, 255, 255}, {0, 0, 0}, {200, 100, 50}}

// jpegColours is a frame of colours side by side, each of some columns.
func jpegColours(columns, rows, each int, colours [][3]byte) Frame {
	f := Frame{Columns: columns, Rows: rows, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8}
	for range rows {
		for x := range columns {
			c := colours[x/each%len(colours)]
			f.Pixel = append(f.Pixel, c[:]...)
		}
	}
	return f
}

// TestJPEGColours: red is red to decoders, who take three components for YCbCr
// without being told by a JFIF or an Adobe segment.
func TestJPEGColours(t *testing.T) {
	t.Parallel()
	f := jpegColours(9*16-5, 21, 16, jpegPureColours)
	stream, err := JPEGBaseline(nil, f, 95)
	if err != nil {
		t.Fatal(err)
	}
	check := func(t *testing.T, rgb []byte) {
		if len(rgb) != len(f.Pixel) {
			t.Fatalf("%d bytes, want %d", len(rgb), len(f.Pixel))
		}
		for i, v := range rgb {
			// At the border of two fields decoders interpolate the colours, some
			// over four pixels.
			if x := i / 3 % f.Columns % 16; x < 4 || x > 11 {
				continue
			}
			if d := int(v) - int(f.Pixel[i]); d < -5 || d > 5 {
				t.Fatalf("row %d, column %d, sample %d: %d, want %d", i/3/f.Columns, i/3%f.Columns, i%3, v, f.Pixel[i])
			}
		}
	}
	t.Run("image/jpeg", func(t *testing.T) {
		t.Parallel()
		picture, err := jpeg.Decode(bytes.NewReader(stream))
		if err != nil {
			t.Fatal(err)
		}
		var rgb []byte
		for y := range f.Rows {
			for x := range f.Columns {
				r, g, b, _ := picture.At(x, y).RGBA()
				rgb = append(rgb, byte(r>>8), byte(g>>8), byte(b>>8))
			}
		}
		check(t, rgb)
	})
	for _, peer := range []jpegPeer{jpegDCMTK, jpegGDCM} {
		t.Run(peer.program, func(t *testing.T) {
			t.Parallel()
			peer.require(t)
			kind := f
			kind.Pixel = nil
			got, err := peer.decode(t, &jpegObject{ts: dataset.JPEGBaseline8Bit, photometric: "YBR_FULL_422", bitsStored: 8, kind: kind, streams: [][]byte{stream}})
			if err != nil {
				t.Fatal(err)
			}
			check(t, got[0].Pixel)
		})
	}
	for _, tt := range []struct {
		program, from string
		args          []string
	}{
		{"ffmpeg", "ffmpeg", []string{"-v", "error", "-f", "jpeg_pipe", "-i", "-", "-f", "rawvideo", "-pix_fmt", "rgb24", "-"}},
	} {
		t.Run(tt.program, func(t *testing.T) {
			t.Parallel()
			requirePeer(t, tt.program, tt.from)
			cmd := exec.CommandContext(t.Context(), tt.program, tt.args...)
			cmd.Stdin = bytes.NewReader(jpegStamped(stream, 40))
			var said bytes.Buffer
			cmd.Stderr = &said
			rgb, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v: %s", err, said.Bytes())
			}
			check(t, rgb)
		})
	}
}

// TestJPEGColourSizes: frames of one colour keep it, whatever is to be completed
// to units of 16 by 8.
func TestJPEGColourSizes(t *testing.T) {
	t.Parallel()
	for _, peer := range []jpegPeer{jpegDCMTK, jpegGDCM} {
		t.Run(peer.program, func(t *testing.T) {
			t.Parallel()
			peer.require(t)
			for _, size := range jpegSizes {
				kind := Frame{Columns: size[0], Rows: size[1], SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8}
				b := &jpegBatch{jpegObject: jpegObject{ts: dataset.JPEGBaseline8Bit, photometric: "YBR_FULL_422", bitsStored: 8, kind: kind}}
				for i, c := range jpegPureColours {
					f := jpegColours(size[0], size[1], 1, jpegPureColours[i:i+1])
					stream, err := JPEGBaseline(nil, f, 90)
					if err != nil {
						t.Fatal(err)
					}
					b.add(fmt.Sprint(c), f, stream)
				}
				got, err := peer.decode(t, &b.jpegObject)
				if err != nil {
					t.Errorf("%s: %v", jpegKindName(kind), err)
					continue
				}
				for i, f := range b.frames {
					if _, greatest := jpegPSNR(jpegSamples(f), jpegSamples(got[i]), 255); greatest > 6 {
						t.Errorf("%s: a sample differs by %d", b.names[i], greatest)
					}
				}
			}
		})
	}
}
