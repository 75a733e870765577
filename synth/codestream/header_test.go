package codestream

import (
	"encoding/binary"
	"slices"
	"testing"
)

// segments returns the segments of the main header by marker, and the lengths of
// the tile-parts.
func segments(t *testing.T, code []byte) (header map[uint16][]byte, parts []uint32) {
	t.Helper()
	end, err := CommentAt(code)
	if err != nil {
		t.Fatal(err)
	}
	header = map[uint16][]byte{}
	for at := 2; at < end; {
		n := int(binary.BigEndian.Uint16(code[at+2:]))
		header[binary.BigEndian.Uint16(code[at:])] = code[at+4 : at+2+n]
		at += 2 + n
	}
	at := end
	for binary.BigEndian.Uint16(code[at:]) == markerSOT {
		n := binary.BigEndian.Uint32(code[at+6:])
		parts = append(parts, n)
		at += int(n)
	}
	if binary.BigEndian.Uint16(code[at:]) != markerEOC || at+2 != len(code) {
		t.Fatalf("the tile-parts end at %d of %d bytes, EOC must follow and be the end", at, len(code))
	}
	return header, parts
}

// TestHeaders compares what the codestreams say of themselves with the sets and
// with what the syntaxes ask for: PS3.5 8.2.4, 8.2.14, 10.18 and A.4.4; the
// segments are those of ISO/IEC 15444-1 A.5 and A.6.
func TestHeaders(t *testing.T) {
	t.Parallel()
	const siz, capability, cod, tlm = 0xFF51, 0xFF50, 0xFF52, 0xFF55
	const lrcp, rpcl = 0, 2
	for _, s := range images(t) {
		syntax := last(s.TransferSyntax)
		for _, f := range s.Frames {
			header, parts := segments(t, f.Code)
			expect := func(what string, got, want int) {
				t.Helper()
				if got != want {
					t.Errorf("%s: %s is %d, it must be %d", f.File, what, got, want)
				}
			}
			z := header[siz]
			expect("the width", int(binary.BigEndian.Uint32(z[2:])), s.Columns)
			expect("the height", int(binary.BigEndian.Uint32(z[6:])), s.Rows)
			expect("the tile's width", int(binary.BigEndian.Uint32(z[18:])), s.Columns)
			expect("the tile's height", int(binary.BigEndian.Uint32(z[22:])), s.Rows)
			expect("the number of components", int(binary.BigEndian.Uint16(z[34:])), s.SamplesPerPixel)
			for c := range s.SamplesPerPixel {
				expect("the precision, not signed,", int(z[36+3*c])+1, s.BitsStored)
				expect("the subsampling", int(z[37+3*c])<<8|int(z[38+3*c]), 1<<8|1)
			}
			c := header[cod]
			expect("the component transformation", int(c[4]), boolean(s.SamplesPerPixel == 3))
			expect("the wavelet (1 is reversible)", int(c[9]), boolean(!s.Lossy))
			high := syntax[0] == '2'
			expect("the high-throughput block coder", int(c[8])>>6&1, boolean(high))
			_, capable := header[capability]
			expect("CAP of part 15", boolean(capable), boolean(high))
			switch {
			case !s.Lossy && s.SamplesPerPixel == 3:
				expect("YBR_RCT", boolean(s.PhotometricInterpretation == "YBR_RCT"), 1)
			case s.SamplesPerPixel == 3:
				expect("YBR_ICT", boolean(s.PhotometricInterpretation == "YBR_ICT"), 1)
			default:
				expect("MONOCHROME2", boolean(s.PhotometricInterpretation == "MONOCHROME2"), 1)
			}
			switch syntax {
			case "201":
				expect("the progression order", int(c[1]), lrcp)
			case "202":
				expect("the progression order", int(c[1]), rpcl)
				levels := int(c[5])
				expect("the number of tile-parts, one a resolution,", len(parts), levels+1)
				if w, h := s.Columns>>levels, s.Rows>>levels; w > 64 || h > 64 {
					t.Errorf("%s: the base resolution is %d by %d, it must be at most 64", f.File, w, h)
				}
				var listed []uint32
				l := header[tlm]
				if len(l) < 2 || l[0] != 0 || l[1] != 0x50 {
					t.Fatalf("%s: no tile-part lengths of 8 and 32 bits: % x", f.File, l)
				}
				for l = l[2:]; len(l) >= 5; l = l[5:] {
					expect("the tile", int(l[0]), 0)
					listed = append(listed, binary.BigEndian.Uint32(l[1:]))
				}
				if !slices.Equal(listed, parts) {
					t.Errorf("%s: TLM says %d, the tile-parts have %d bytes", f.File, listed, parts)
				}
			}
		}
	}
}

func boolean(b bool) int {
	if b {
		return 1
	}
	return 0
}
