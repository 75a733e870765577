package codec

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"slices"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

var jpegQualities = []int{1, 25, 50, 75, 90, 100}

// jpegLossyBatch has patterns, or every one if none is given, with every quality.
func jpegLossyBatch(t *testing.T, kind Frame, ts dataset.TransferSyntax, patterns ...int) *jpegBatch {
	t.Helper()
	b := &jpegBatch{jpegObject: jpegObject{ts: ts, photometric: "MONOCHROME2", bitsStored: 8, kind: kind}}
	if kind.SamplesPerPixel == 3 {
		b.photometric = "YBR_FULL_422"
	}
	if kind.BitsAllocated == 16 {
		b.bitsStored = 12
	}
	if patterns == nil {
		for pattern := range jpegPatterns {
			patterns = append(patterns, pattern)
		}
	}
	for _, pattern := range patterns {
		for _, quality := range jpegQualities {
			f := jpegTestFrame(kind, pattern, uint64(quality))
			encode := JPEGBaseline
			if ts == dataset.JPEGExtended12Bit {
				encode = JPEGExtended
			}
			stream, err := encode(nil, f, quality)
			if err != nil {
				t.Fatal(err)
			}
			b.add(fmt.Sprintf("%s, quality %d", jpegPatterns[pattern].name, quality), f, stream)
		}
	}
	return b
}

// jpegBlockBound returns the greatest root mean square error that quantisation
// can make in a block, whatever is in it: each coefficient is wrong by half of its
// divisor at most, and the transform is orthonormal. A decoder's rounding and
// this encoder's are allowed for by slack.
func jpegBlockBound(base *[64]uint8, quality int) float64 {
	const slack = 0.75
	sum := 0.0
	for _, v := range newJPEGQuantisation(base, quality).values {
		sum += float64(v) * float64(v) / 4
	}
	return math.Sqrt(sum/64) + slack
}

// jpegWorstBlock returns the greatest root mean square difference of a block of a
// plane, as if what is missing of blocks at the edges were without any.
func jpegWorstBlock(want, got []int, columns int) float64 {
	across := (columns + 7) / 8
	sums := make([]int, across*(len(want)/columns/8+1))
	for i := range want {
		d := want[i] - got[i]
		sums[i/columns/8*across+i%columns/8] += d * d
	}
	return math.Sqrt(float64(slices.Max(sums)) / 64)
}

// jpegPSNR returns the peak signal-to-noise ratio in dB, and the greatest
// difference.
func jpegPSNR(want, got []int, highest int) (psnr float64, greatest int) {
	sum := 0
	for i := range want {
		d := want[i] - got[i]
		sum += d * d
		greatest = max(greatest, d, -d)
	}
	if sum == 0 {
		return 100, 0
	}
	return 10 * math.Log10(float64(highest*highest)*float64(len(want))/float64(sum)), greatest
}

// TestJPEGGreyPeers: DCMTK and GDCM decode grey frames of 8 and of 12 bits to what
// was encoded, with no greater error than quantisation makes.
func TestJPEGGreyPeers(t *testing.T) {
	t.Parallel()
	sizes := append([][2]int{{64, 56}, {61, 59}}, jpegSizes...)
	for _, tt := range []struct {
		ts        dataset.TransferSyntax
		allocated int
	}{{dataset.JPEGBaseline8Bit, 8}, {dataset.JPEGExtended12Bit, 8}, {dataset.JPEGExtended12Bit, 16}} {
		for _, peer := range []jpegPeer{jpegDCMTK, jpegGDCM} {
			t.Run(fmt.Sprintf("%s of %d, %s", tt.ts.Name(), tt.allocated, peer.program), func(t *testing.T) {
				t.Parallel()
				peer.require(t)
				for _, size := range sizes {
					kind := Frame{Columns: size[0], Rows: size[1], SamplesPerPixel: 1, BitsAllocated: tt.allocated, BitsStored: min(tt.allocated, 12)}
					b := jpegLossyBatch(t, kind, tt.ts)
					got, err := peer.decode(t, &b.jpegObject)
					if err != nil {
						t.Errorf("%s: %v", jpegKindName(kind), err)
						continue
					}
					for i, f := range b.frames {
						jpegCheckGrey(t, b.names[i], i, f, jpegSamples(got[i]))
					}
				}
			})
		}
	}
}

// jpegCheckGrey holds frame i of a jpegLossyBatch to its bounds.
func jpegCheckGrey(t *testing.T, name string, i int, f Frame, got []int) {
	t.Helper()
	want := jpegSamples(f)
	if len(got) != len(want) {
		t.Fatalf("%s: %d samples, want %d", name, len(got), len(want))
	}
	quality := jpegQualities[i%len(jpegQualities)]
	if worst, bound := jpegWorstBlock(want, got, f.Columns), jpegBlockBound(&jpegLuminance, quality); worst > bound {
		t.Errorf("%s: the root mean square error of a block is %.2f, quantisation makes at most %.2f", name, worst, bound)
	}
	if _, greatest := jpegPSNR(want, got, 255); quality == 100 && greatest > 2 {
		t.Errorf("%s: a sample differs by %d", name, greatest)
	}
}

// TestJPEGStandardLibrary: Go's own decoder, which gives Y, Cb and Cr as they are
// in the stream, agrees about grey frames, about every plane of colour frames, and
// about the subsampling.
func TestJPEGStandardLibrary(t *testing.T) {
	t.Parallel()
	for _, size := range append([][2]int{{64, 56}, {61, 59}}, jpegSizes...) {
		for _, samples := range []int{1, 3} {
			kind := Frame{Columns: size[0], Rows: size[1], SamplesPerPixel: samples, BitsAllocated: 8, BitsStored: 8}
			b := jpegLossyBatch(t, kind, dataset.JPEGBaseline8Bit)
			for i, stream := range b.streams {
				picture, err := jpeg.Decode(bytes.NewReader(stream))
				if err != nil {
					t.Errorf("%s: %v", b.names[i], err)
					continue
				}
				switch p := picture.(type) {
				case *image.Gray:
					jpegCheckGrey(t, b.names[i], i, b.frames[i], jpegPlane(p.Pix, p.Stride, size[0], size[1]))
				case *image.YCbCr:
					if p.SubsampleRatio != image.YCbCrSubsampleRatio422 || p.Rect.Dx() != size[0] || p.Rect.Dy() != size[1] {
						t.Fatalf("%s: %v of %v", b.names[i], p.SubsampleRatio, p.Rect)
					}
					quality := jpegQualities[i%len(jpegQualities)]
					half := (size[0] + 1) / 2
					for c, plane := range jpegYCbCr422(b.frames[i]) {
						got, columns, base := jpegPlane(p.Y, p.YStride, size[0], size[1]), size[0], &jpegLuminance
						if c > 0 {
							got, columns, base = jpegPlane([][]uint8{p.Cb, p.Cr}[c-1], p.CStride, half, size[1]), half, &jpegChrominance
						}
						if worst, bound := jpegWorstBlock(plane, got, columns), jpegBlockBound(base, quality); worst > bound {
							t.Errorf("%s: the root mean square error of a block of component %d is %.2f, quantisation makes at most %.2f", b.names[i], c, worst, bound)
						}
					}
				default:
					t.Fatalf("%s: %T", b.names[i], picture)
				}
			}
		}
	}
}

func jpegPlane(pix []uint8, stride, columns, rows int) []int {
	var plane []int
	for y := range rows {
		for _, v := range pix[y*stride:][:columns] {
			plane = append(plane, int(v))
		}
	}
	return plane
}

// jpegYCbCr422 is the conversion of T.871 clause 7 in floating point.
func jpegYCbCr422(f Frame) [3][]int {
	round := func(v float64) int { return min(max(int(math.Floor(v+0.5)), 0), 255) }
	var planes [3][]int
	for y := range f.Rows {
		for x := 0; x < f.Columns; x += 2 {
			var cb, cr float64
			for i := range 2 {
				p := f.Pixel[3*(y*f.Columns+min(x+i, f.Columns-1)):]
				r, g, b := float64(p[0]), float64(p[1]), float64(p[2])
				luma := 0.299*r + 0.587*g + 0.114*b
				if x+i < f.Columns {
					planes[0] = append(planes[0], round(luma))
				}
				cb += (b-luma)/1.772/2 + 64
				cr += (r-luma)/1.402/2 + 64
			}
			planes[1], planes[2] = append(planes[1], round(cb)), append(planes[2], round(cr))
		}
	}
	return planes
}

// TestJPEGErrorByQuality states how well a picture of anatomy, of 256 by 256,
// survives: the noise and the hard edges in it are what is lost. Of colour frames
// the subsampling loses some at any quality.
func TestJPEGErrorByQuality(t *testing.T) {
	t.Parallel()
	grey := Frame{Columns: 256, Rows: 256, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 8}
	twelve := Frame{Columns: 256, Rows: 256, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12}
	colour := Frame{Columns: 256, Rows: 256, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8}
	for _, tt := range []struct {
		ts       dataset.TransferSyntax
		kind     Frame
		psnr     []float64 // at least, by quality
		greatest []int     // at most
	}{
		{dataset.JPEGBaseline8Bit, grey, []float64{26, 33, 35.5, 38.5, 43.5, 58}, []int{145, 85, 62, 44, 18, 2}},
		{dataset.JPEGExtended12Bit, grey, []float64{26, 33, 35.5, 38.5, 43.5, 58}, []int{145, 85, 62, 44, 18, 2}},
		{dataset.JPEGExtended12Bit, twelve, []float64{42, 45.5, 48.5, 52.5, 60, 82}, []int{280, 172, 84, 47, 19, 2}},
		{dataset.JPEGBaseline8Bit, colour, []float64{25, 32, 35, 38, 42, 46}, []int{165, 94, 70, 54, 27, 17}},
	} {
		for _, peer := range []jpegPeer{jpegDCMTK, jpegGDCM} {
			t.Run(fmt.Sprintf("%s, %s, %s", tt.ts.Name(), jpegKindName(tt.kind), peer.program), func(t *testing.T) {
				t.Parallel()
				peer.require(t)
				b := jpegLossyBatch(t, tt.kind, tt.ts, jpegAnatomyPattern)
				got, err := peer.decode(t, &b.jpegObject)
				if err != nil {
					t.Fatal(err)
				}
				for i, quality := range jpegQualities {
					psnr, greatest := jpegPSNR(jpegSamples(b.frames[i]), jpegSamples(got[i]), 1<<tt.kind.BitsStored-1)
					if psnr < tt.psnr[i] || greatest > tt.greatest[i] {
						t.Errorf("quality %d: PSNR %.1f dB, at least %.1f are due; greatest difference %d, at most %d are due", quality, psnr, tt.psnr[i], greatest, tt.greatest[i])
					}
				}
			})
		}
	}
}

// TestJPEGSequentialSpoilt: what is wrong in a stream is seen by the comparison
// with each peer.
func TestJPEGSequentialSpoilt(t *testing.T) {
	t.Parallel()
	kind := Frame{Columns: 61, Rows: 59, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12}
	f := jpegTestFrame(kind, jpegAnatomyPattern, 1)
	stream, err := JPEGExtended(nil, f, 90)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(s []byte){
		"some bytes amid the data":       func(s []byte) { clear(s[len(s)/2:][:8]) },
		"the divisor of a low frequency": func(s []byte) { s[2+5+1] += 8 },
	} {
		for _, peer := range []jpegPeer{jpegDCMTK, jpegGDCM} {
			t.Run(name+", "+peer.program, func(t *testing.T) {
				t.Parallel()
				peer.require(t)
				s := bytes.Clone(stream)
				spoil(s)
				got, err := peer.decode(t, &jpegObject{ts: dataset.JPEGExtended12Bit, photometric: "MONOCHROME2", bitsStored: 12, kind: kind, streams: [][]byte{s}})
				if err == nil && jpegWorstBlock(jpegSamples(f), jpegSamples(got[0]), f.Columns) <= jpegBlockBound(&jpegLuminance, 90) {
					t.Error("not noticed")
				}
			})
		}
	}
}

// FuzzJPEGSequential: whatever is asked for, there is no panic, and what is
// encoded in baseline is decoded by the standard library with no greater error
// than quantisation makes.
func FuzzJPEGSequential(f *testing.F) {
	f.Add(uint16(3), uint16(2), uint8(1), uint8(16), uint8(12), false, uint8(90), true, []byte("some samples"))
	f.Add(uint16(1), uint16(4), uint8(3), uint8(8), uint8(8), false, uint8(100), false, []byte("some colours"))
	f.Add(uint16(65535), uint16(0), uint8(2), uint8(9), uint8(1), true, uint8(0), true, []byte{})
	f.Fuzz(func(t *testing.T, columns, rows uint16, samples, allocated, stored uint8, signed bool, quality uint8, extended bool, pixel []byte) {
		frame := Frame{Columns: int(columns), Rows: int(rows), SamplesPerPixel: int(samples), BitsAllocated: int(allocated), BitsStored: int(stored), Signed: signed, Pixel: pixel}
		if n := frame.Columns * frame.SamplesPerPixel * frame.BitsAllocated / 8; n > 0 && rows != 0 {
			frame.Rows = len(pixel) / n
			frame.Pixel = pixel[:n*frame.Rows]
		}
		encode := JPEGBaseline
		if extended {
			encode = JPEGExtended
		}
		dst := []byte("before")
		stream, err := encode(dst, frame, int(quality))
		if !bytes.HasPrefix(stream, dst) {
			t.Fatal("what was before is gone")
		}
		if err != nil {
			if len(stream) != len(dst) {
				t.Fatalf("%v, and %d bytes appended", err, len(stream)-len(dst))
			}
			return
		}
		if extended && frame.BitsAllocated == 16 {
			return // the standard library decodes 8 bits
		}
		picture, err := jpeg.Decode(bytes.NewReader(stream[len(dst):]))
		if err != nil {
			t.Fatal(err)
		}
		if grey, ok := picture.(*image.Gray); ok {
			got := jpegPlane(grey.Pix, grey.Stride, frame.Columns, frame.Rows)
			if worst, bound := jpegWorstBlock(jpegSamples(frame), got, frame.Columns), jpegBlockBound(&jpegLuminance, int(quality)); worst > bound {
				t.Fatalf("the root mean square error of a block is %.2f, quantisation makes at most %.2f", worst, bound)
			}
		}
	})
}
