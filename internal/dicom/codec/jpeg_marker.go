package codec

// Markers of ITU-T T.81 table B.1 that are written here.
const (
	jpegSOF0 = 0xC0 // baseline DCT
	jpegSOF1 = 0xC1 // extended sequential DCT
	jpegSOF3 = 0xC3 // lossless, sequential
	jpegDHT  = 0xC4
	jpegSOI  = 0xD8
	jpegEOI  = 0xD9
	jpegSOS  = 0xDA
	jpegDQT  = 0xDB
)

// jpegComponent is what the frame header and the scan header say of a component.
type jpegComponent struct {
	id         byte // component identifier
	horizontal byte // sampling factor; the vertical one is always 1
	table      byte // of quantisation, and of Huffman codes of either class
}

// jpegMarker appends a marker that has no segment.
func jpegMarker(dst []byte, marker byte) []byte { return append(dst, 0xFF, marker) }

// jpegSegment appends a marker and the length of its segment of n bytes, which
// the caller appends. See T.81 B.1.1.4: the length counts itself.
func jpegSegment(dst []byte, marker byte, n int) []byte {
	return append(dst, 0xFF, marker, byte((n+2)>>8), byte(n+2))
}

// jpegFrameHeader appends the frame header. See T.81 B.2.2.
func jpegFrameHeader(dst []byte, sof byte, precision int, f Frame, components []jpegComponent) []byte {
	dst = jpegSegment(dst, sof, 6+3*len(components))
	dst = append(dst, byte(precision), byte(f.Rows>>8), byte(f.Rows), byte(f.Columns>>8), byte(f.Columns), byte(len(components)))
	for _, c := range components {
		table := c.table
		if sof == jpegSOF3 {
			table = 0 // nothing is quantised
		}
		dst = append(dst, c.id, c.horizontal<<4|1, table)
	}
	return dst
}

// jpegScanHeader appends the header of the only scan. See T.81 B.2.3: in the
// lossless process ss is the selection value and se is 0.
func jpegScanHeader(dst []byte, ss, se byte, components []jpegComponent) []byte {
	dst = jpegSegment(dst, jpegSOS, 4+2*len(components))
	dst = append(dst, byte(len(components)))
	for _, c := range components {
		dst = append(dst, c.id, c.table<<4|c.table)
	}
	return append(dst, ss, se, 0)
}
