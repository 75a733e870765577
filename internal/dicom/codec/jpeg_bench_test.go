package codec

import "testing"

// jpegBenchmarkFrames are as large as those of modalities.
var jpegBenchmarkFrames = []struct {
	name string
	kind Frame
}{
	{"CT512x512of12", Frame{Columns: 512, Rows: 512, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12}},
	{"CT512x512of16signed", Frame{Columns: 512, Rows: 512, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 16, Signed: true}},
	{"US1024x768", Frame{Columns: 1024, Rows: 768, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 8}},
	{"US1024x768RGB", Frame{Columns: 1024, Rows: 768, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8}},
}

func jpegBenchmark(b *testing.B, f Frame, encode func(dst []byte, f Frame) ([]byte, error)) {
	var dst []byte
	b.SetBytes(int64(len(f.Pixel)))
	b.ReportAllocs()
	for b.Loop() {
		var err error
		if dst, err = encode(dst[:0], f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(f.Pixel))/float64(len(dst)), "ratio")
}

const jpegAnatomyPattern = 9 // of jpegPatterns

func BenchmarkJPEGLossless(b *testing.B) {
	for _, bf := range jpegBenchmarkFrames {
		f := jpegTestFrame(bf.kind, jpegAnatomyPattern, 1)
		for _, sv := range []int{1, 4, 7} {
			b.Run(bf.name+"/SV"+string(rune('0'+sv)), func(b *testing.B) {
				jpegBenchmark(b, f, func(dst []byte, f Frame) ([]byte, error) { return JPEGLossless(dst, f, sv) })
			})
		}
	}
}

func BenchmarkJPEGBaseline(b *testing.B) {
	for _, bf := range jpegBenchmarkFrames {
		if bf.kind.BitsAllocated != 8 {
			continue
		}
		f := jpegTestFrame(bf.kind, jpegAnatomyPattern, 1)
		for name, quality := range map[string]int{"quality75": 75, "quality95": 95} {
			b.Run(bf.name+"/"+name, func(b *testing.B) {
				jpegBenchmark(b, f, func(dst []byte, f Frame) ([]byte, error) { return JPEGBaseline(dst, f, quality) })
			})
		}
	}
}

func BenchmarkJPEGExtended(b *testing.B) {
	f := jpegTestFrame(jpegBenchmarkFrames[0].kind, jpegAnatomyPattern, 1)
	for name, quality := range map[string]int{"quality75": 75, "quality95": 95} {
		b.Run("CT512x512of12/"+name, func(b *testing.B) {
			jpegBenchmark(b, f, func(dst []byte, f Frame) ([]byte, error) { return JPEGExtended(dst, f, quality) })
		})
	}
}
