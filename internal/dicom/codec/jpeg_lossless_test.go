package codec

import (
	"fmt"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// jpegStamped returns the stream with a COM segment of n bytes right after SOI,
// which is where callers put what makes an instance unique.
func jpegStamped(stream []byte, n int) []byte {
	out := append([]byte{}, stream[:2]...)
	out = append(out, 0xFF, 0xFE, byte((n+2)>>8), byte(n+2))
	for i := range n {
		out = append(out, byte(0xFF-i))
	}
	return append(out, stream[2:]...)
}

// jpegBatch is an object with the frames that its streams were made of, of which
// every second stream is stamped.
type jpegBatch struct {
	jpegObject
	frames []Frame
	names  []string
}

func (b *jpegBatch) add(name string, f Frame, stream []byte) {
	if n := len(b.streams); n%2 == 1 {
		stream = jpegStamped(stream, n*7)
	}
	b.streams, b.frames, b.names = append(b.streams, stream), append(b.frames, f), append(b.names, jpegKindName(f)+", "+name)
}

// jpegLosslessBatch has every pattern with every selection value.
func jpegLosslessBatch(t *testing.T, kind Frame) *jpegBatch {
	t.Helper()
	b := &jpegBatch{jpegObject: jpegObject{ts: dataset.JPEGLossless, photometric: "MONOCHROME2", bitsStored: kind.BitsStored, kind: kind}}
	if kind.SamplesPerPixel == 3 {
		b.photometric = "RGB"
	}
	for pattern, p := range jpegPatterns {
		for selectionValue := 1; selectionValue <= 7; selectionValue++ {
			f := jpegTestFrame(kind, pattern, uint64(selectionValue))
			stream, err := JPEGLossless(nil, f, selectionValue)
			if err != nil {
				t.Fatal(err)
			}
			b.add(fmt.Sprintf("%s, selection value %d", p.name, selectionValue), f, stream)
		}
	}
	return b
}

// jpegSizes are where lines, columns and blocks begin and end.
var jpegSizes = [][2]int{{1, 1}, {1, 23}, {23, 1}, {2, 2}, {7, 9}, {8, 8}, {9, 7}, {16, 8}, {17, 25}, {31, 16}, {130, 3}}

// jpegLosslessKinds are all precisions, signed and unsigned, and all sizes.
func jpegLosslessKinds() []Frame {
	var kinds []Frame
	for bits := 2; bits <= 16; bits++ {
		for _, signed := range []bool{false, true} {
			kinds = append(kinds, Frame{Columns: 37, Rows: 29, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: bits, Signed: signed})
			if bits <= 8 {
				kinds = append(kinds, Frame{Columns: 37, Rows: 29, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: bits, Signed: signed})
			}
		}
	}
	for _, size := range jpegSizes {
		kinds = append(kinds, Frame{Columns: size[0], Rows: size[1], SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 16},
			Frame{Columns: size[0], Rows: size[1], SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8})
	}
	return append(kinds, Frame{Columns: 37, Rows: 29, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8})
}

// TestJPEGLosslessPeers: DCMTK and GDCM decode exactly the samples.
func TestJPEGLosslessPeers(t *testing.T) {
	t.Parallel()
	for _, peer := range []jpegPeer{jpegDCMTK, jpegGDCM} {
		t.Run(peer.program, func(t *testing.T) {
			t.Parallel()
			peer.require(t)
			for _, kind := range jpegLosslessKinds() {
				if peer == jpegGDCM && kind.BitsAllocated == 8 && kind.BitsStored < 8 {
					continue // GDCM 3.0 stops at an assertion of its own before any such frame
				}
				b := jpegLosslessBatch(t, kind)
				got, err := peer.decode(t, &b.jpegObject)
				if err != nil {
					t.Errorf("%s: %v", jpegKindName(kind), err)
					continue
				}
				for i, want := range b.frames {
					if err := jpegDifference(want, got[i]); err != nil {
						t.Errorf("%s: %s: %v", peer.program, b.names[i], err)
					}
				}
			}
		})
	}
}
