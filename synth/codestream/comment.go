package codestream

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Markers of ISO/IEC 15444-1 table A.2.
const (
	markerSOC = 0xFF4F
	markerSIZ = 0xFF51
	markerSOT = 0xFF90
	markerSOD = 0xFF93
	markerEOC = 0xFFD9
)

// CommentAt returns the offset in a JPEG 2000 or HTJ2K codestream at which a
// further segment of the main header, such as a comment (COM, FF64), may be
// inserted: behind the last segment, before the first tile-part. Nothing in the
// codestream holds an absolute offset, so that it stays valid. See ISO/IEC
// 15444-1 A.3 and A.9.2.
//
// It fails when code is not a codestream: the boxes of a JP2 file (which PS3.5
// A.4.4 forbids) are refused, as is video. Whether the tile-parts can be decoded
// is not looked at.
func CommentAt(code []byte) (int, error) {
	if len(code) < 4 || binary.BigEndian.Uint16(code) != markerSOC {
		return 0, errors.New("codestream: no JPEG 2000 codestream: it begins with the markers SOC and SIZ (FF4FH FF51H), without the boxes of a file (PS3.5 A.4.4)")
	}
	if m := binary.BigEndian.Uint16(code[2:]); m != markerSIZ {
		return 0, fmt.Errorf("codestream: the marker %04XH follows SOC, it must be SIZ (FF51H; ISO/IEC 15444-1 A.5.1)", m)
	}
	for at := 2; ; {
		if len(code)-at < 4 {
			return 0, fmt.Errorf("codestream: the main header is cut off at byte %d, no tile-part (SOT, FF90H) follows", at)
		}
		marker, length := binary.BigEndian.Uint16(code[at:]), int(binary.BigEndian.Uint16(code[at+2:]))
		switch {
		case marker == markerSOT:
			return at, nil
		case marker < 0xFF00:
			return 0, fmt.Errorf("codestream: %04XH at byte %d of the main header is no marker", marker, at)
		case marker == markerSOC || marker == markerSOD || marker == markerEOC:
			return 0, fmt.Errorf("codestream: the marker %04XH at byte %d does not belong into the main header (ISO/IEC 15444-1 table A.2)", marker, at)
		case marker >= 0xFF30 && marker <= 0xFF3F: // reserved, without a segment
			at += 2
		case length < 2 || length > len(code)-at-2:
			return 0, fmt.Errorf("codestream: the segment of the marker %04XH at byte %d has a length of %d, %d bytes are left", marker, at, length, len(code)-at-2)
		default:
			at += 2 + length
		}
	}
}
