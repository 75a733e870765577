package codec

import "testing"

// rleBenchmarkFrames are like what modalities make: a body with noise, in air.
// Noise alone is the worst that there is.
func rleBenchmarkFrames() []rleBenchmarkFrame {
	body, noise := rlePatterns[len(rlePatterns)-2], rlePatterns[3]
	return []rleBenchmarkFrame{
		{"CT512x512of12", body.frame(rleForm(512, 512, 1, 16, 12, false))},
		{"CT512x512of16signed", body.frame(rleForm(512, 512, 1, 16, 16, true))},
		{"CR1760x2140of12", body.frame(rleForm(1760, 2140, 1, 16, 12, false))},
		{"US800x600RGB", body.frame(rleForm(800, 600, 3, 8, 8, false))},
		{"noise512x512of16", noise.frame(rleForm(512, 512, 1, 16, 16, false))},
	}
}

type rleBenchmarkFrame struct {
	name string
	Frame
}

func BenchmarkRLE(b *testing.B) {
	for _, f := range rleBenchmarkFrames() {
		b.Run(f.name, func(b *testing.B) { rleBenchmark(b, f.Frame, RLE) })
	}
}

func BenchmarkJPEGLS(b *testing.B) {
	for _, f := range rleBenchmarkFrames() {
		b.Run(f.name, func(b *testing.B) {
			rleBenchmark(b, f.Frame, func(dst []byte, f Frame) ([]byte, error) { return JPEGLS(dst, f, 0) })
		})
		if f.Signed {
			continue
		}
		b.Run(f.name+"/near2", func(b *testing.B) {
			rleBenchmark(b, f.Frame, func(dst []byte, f Frame) ([]byte, error) { return JPEGLS(dst, f, 2) })
		})
	}
}

func rleBenchmark(b *testing.B, f Frame, encode func([]byte, Frame) ([]byte, error)) {
	b.SetBytes(int64(len(f.Pixel)))
	b.ReportAllocs()
	var out []byte
	var err error
	for b.Loop() {
		if out, err = encode(out[:0], f); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(len(f.Pixel))/float64(len(out)), "ratio")
}
