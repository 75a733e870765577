package phantom

import (
	"strings"
	"testing"
)

// matrices are the usual ones of the phantoms: columns and rows.
func matrix(name string) (columns, rows int) {
	switch {
	case name == "hand radiograph" || name == "ankle radiograph":
		return 2000, 2500
	case strings.Contains(name, "radiograph"):
		return 2500, 3000
	case name == "mammogram":
		return 2560, 3328
	case name == "breast tomosynthesis":
		return 1996, 2457
	case strings.HasSuffix(name, "MR"):
		return 320, 320
	case strings.HasSuffix(name, "CT"):
		return 512, 512
	case strings.Contains(name, "page"):
		return 1024, 1280
	case strings.Contains(name, "photo"):
		return 1600, 1200
	case name == "bone scan":
		return 256, 1024
	case strings.HasSuffix(name, "SPECT"):
		return 64, 64
	case name == "thyroid scan":
		return 128, 128
	case strings.HasSuffix(name, "PT"):
		return 200, 200
	case name == "coronary angiogram":
		return 512, 512
	case name == "barium swallow":
		return 1024, 1024
	}
	return 1024, 768
}

// BenchmarkAppendSamples paints the middle picture of each phantom's first view.
func BenchmarkAppendSamples(b *testing.B) {
	for _, p := range All() {
		b.Run(strings.ReplaceAll(p.Name, " ", "_"), func(b *testing.B) {
			columns, rows := matrix(p.Name)
			var samples []byte
			b.ReportAllocs()
			for i := range b.N {
				var err error
				samples, err = p.AppendSamples(samples[:0], Picture{
					Columns: columns, Rows: rows, Slice: 30, Of: 60, Span: 30, Frame: i % 30, Anatomy: 1, Grain: uint64(i),
				}, p.Bits, 0, false)
				if err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(columns*rows), "ns/pixel")
		})
	}
}
