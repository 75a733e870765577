package codec

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// jpeglsPeers decode JPEG-LS: CharLS 1 is in DCMTK, CharLS 2 is what GDCM uses.
var jpeglsPeers = []struct {
	command []string
	from    string
}{
	{[]string{"dcmdjpls"}, "dcmtk"},
	{[]string{"gdcmconv", "--raw"}, "gdcm"},
}

// samples returns the samples of pixel data in the form of f, without signs.
func (f Frame) samples(pixel []byte) []int {
	out := make([]int, len(pixel)*8/f.BitsAllocated)
	for i := range out {
		out[i] = f.sample(pixel, i)
	}
	return out
}

// jpeglsPeerForms are those that a peer decodes. Both refuse 8 bits and less in 16
// allocated.
func jpeglsPeerForms() []Frame {
	var forms []Frame
	for precision := 2; precision <= 16; precision++ {
		allocated := 8
		if precision > 8 {
			allocated = 16
		}
		forms = append(forms, rleForm(37, 29, 1, allocated, precision, false))
	}
	for _, f := range []Frame{rleForm(0, 0, 1, 8, 8, false), rleForm(0, 0, 1, 16, 12, true), rleForm(0, 0, 1, 16, 16, false), rleForm(0, 0, 3, 8, 8, false)} {
		for _, size := range [][2]int{{1, 1}, {1, 41}, {41, 1}, {2, 2}, {37, 29}, {130, 67}} {
			f.Columns, f.Rows = size[0], size[1]
			forms = append(forms, f)
		}
	}
	return append(forms,
		rleForm(37, 29, 1, 8, 8, true),
		rleForm(37, 29, 1, 16, 9, true),
		rleForm(37, 29, 1, 16, 16, true),
	)
}

// TestJPEGLSPeers: both peers decode every frame to the samples that were encoded,
// or to the same samples within the error.
func TestJPEGLSPeers(t *testing.T) {
	t.Parallel()
	for _, p := range jpeglsPeers {
		requirePeer(t, p.command[0], p.from)
	}
	for _, form := range jpeglsPeerForms() {
		t.Run(form.String(), func(t *testing.T) {
			t.Parallel()
			var frames []Frame
			var nears []int
			var encoded [][]byte
			for _, p := range rlePatterns {
				f := p.frame(form)
				for _, near := range jpeglsNears(form.BitsStored) {
					b, err := JPEGLS(nil, f, near)
					if err != nil && near > 0 && f.Signed { // a sign could turn
						continue
					}
					if err != nil {
						t.Fatal(err)
					}
					frames, nears, encoded = append(frames, f), append(nears, near), append(encoded, b)
				}
			}
			file := rleFile(t, dataset.JPEGLSNearLossless, form, encoded)
			var agreed [][]byte
			for _, peer := range jpeglsPeers {
				if peer.from == "dcmtk" && form.BitsStored < 6 {
					continue // DCMTK 3.6.7 refuses it
				}
				decoded := rleDecode(t, file, len(encoded), peer.command...)
				for i, f := range frames {
					if err := jpeglsCheck(f, nears[i], f.samples(decoded[i][:len(f.Pixel)])); err != nil {
						t.Errorf("near %d: %s: %v", nears[i], peer.command[0], err)
					}
					if agreed != nil && !bytes.Equal(decoded[i], agreed[i]) {
						t.Errorf("near %d: the peers decode different samples", nears[i])
					}
				}
				agreed = decoded
			}
		})
	}
}

// TestJPEGLSPeersLossless: the same in the lossless transfer syntax, with long
// runs.
func TestJPEGLSPeersLossless(t *testing.T) {
	t.Parallel()
	for _, peer := range jpeglsPeers {
		t.Run(peer.command[0], func(t *testing.T) {
			t.Parallel()
			requirePeer(t, peer.command[0], peer.from)
			f := jpeglsLongRuns(512, 256)
			noise := rlePatterns[3].frame(rleForm(512, 256, 1, 16, 12, false))
			var encoded [][]byte
			for _, f := range []Frame{f, noise} {
				b, err := JPEGLS(nil, f, 0)
				if err != nil {
					t.Fatal(err)
				}
				encoded = append(encoded, b)
			}
			decoded := rleDecode(t, rleFile(t, dataset.JPEGLSLossless, f, encoded), 2, peer.command...)
			if !bytes.Equal(decoded[0], f.Pixel) || !bytes.Equal(decoded[1], noise.Pixel) {
				t.Error("other samples came back")
			}
			// A spoilt frame is noticed: its samples are others, or it is refused.
			encoded[1] = slices.Clone(encoded[1])
			encoded[1][len(encoded[1])/2] ^= 0x20
			if decoded, err := rleTryDecode(t, rleFile(t, dataset.JPEGLSLossless, f, encoded), 2, peer.command...); err == nil && bytes.Equal(decoded[1], noise.Pixel) {
				t.Error("a spoilt frame was decoded to the samples that it had")
			}
		})
	}
}

// TestJPEGLSPeersSigned: what becomes of the bits above those stored. Of a frame
// that was encoded with all allocated bits they come back, otherwise zeros do.
func TestJPEGLSPeersSigned(t *testing.T) {
	t.Parallel()
	for _, peer := range jpeglsPeers {
		t.Run(peer.command[0], func(t *testing.T) {
			t.Parallel()
			requirePeer(t, peer.command[0], peer.from)
			f := rlePatterns[3].frame(rleForm(37, 29, 1, 16, 12, true))
			all := f
			all.BitsStored = 16
			var encoded [][]byte
			for _, f := range []Frame{f, all} {
				b, err := JPEGLS(nil, f, 0)
				if err != nil {
					t.Fatal(err)
				}
				encoded = append(encoded, b)
			}
			masked := slices.Clone(f.Pixel)
			for i := 1; i < len(masked); i += 2 {
				masked[i] &= 0x0F
			}
			if bytes.Equal(masked, f.Pixel) {
				t.Fatal("no sample is negative")
			}
			for i, want := range [][]byte{masked, f.Pixel} {
				decoded := rleDecode(t, rleFile(t, dataset.JPEGLSLossless, f, encoded[i:i+1]), 1, peer.command...)
				if got := decoded[0][:len(want)]; !bytes.Equal(got, want) {
					t.Errorf("precision %d: % X..., want % X...", []int{12, 16}[i], got[:8], want[:8])
				}
			}
		})
	}
}

// TestJPEGLSPeersColour says what a decoder makes of each of the three components.
func TestJPEGLSPeersColour(t *testing.T) {
	t.Parallel()
	f := rleForm(3, 2, 3, 8, 8, false)
	for i := range 18 {
		f.Pixel = append(f.Pixel, byte(i*13))
	}
	b, err := JPEGLS(nil, f, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, peer := range jpeglsPeers {
		t.Run(peer.command[0], func(t *testing.T) {
			t.Parallel()
			requirePeer(t, peer.command[0], peer.from)
			decoded := rleDecode(t, rleFile(t, dataset.JPEGLSLossless, f, [][]byte{b}), 1, peer.command...)
			if got := fmt.Sprint(decoded[0]); got != fmt.Sprint(f.Pixel) {
				t.Errorf("%s, want %v", got, f.Pixel)
			}
		})
	}
}
