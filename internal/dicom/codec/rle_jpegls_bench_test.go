package codec

import (
	"math/rand/v2"
	"testing"
)

// benchmarkFrames are like what modalities make: a body with noise in air, and an
// ultrasound sector in colour.
func benchmarkFrames() map[string]Frame {
	body := rlePatterns[len(rlePatterns)-2]
	ct := body.frame(rleForm(512, 512, 1, 16, 12, false))
	noise := rlePattern{"noise", func(f Frame, r *rand.Rand, x, y, c int) int { return r.IntN(1 << f.BitsStored) }}
	return map[string]Frame{
		"CT 512x512 12 bit":    ct,
		"noise 512x512 16 bit": noise.frame(rleForm(512, 512, 1, 16, 16, false)),
		"CR 1760x2140 12 bit":  body.frame(rleForm(1760, 2140, 1, 16, 12, false)),
		"US 800x600 RGB":       body.frame(rleForm(800, 600, 3, 8, 8, false)),
	}
}

func BenchmarkRLE(b *testing.B) {
	for name, f := range benchmarkFrames() {
		b.Run(name, func(b *testing.B) {
			rleBenchmark(b, f, RLE)
		})
	}
}

func BenchmarkJPEGLS(b *testing.B) {
	for name, f := range benchmarkFrames() {
		b.Run(name, func(b *testing.B) {
			rleBenchmark(b, f, func(dst []byte, f Frame) ([]byte, error) { return JPEGLS(dst, f, 0) })
		})
		b.Run(name+" near 2", func(b *testing.B) {
			rleBenchmark(b, f, func(dst []byte, f Frame) ([]byte, error) { return JPEGLS(dst, f, 2) })
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
