package synth

import (
	"fmt"
	"hash/crc32"

	"pacsuat/synth/codestream"
)

// StampOfFrame reads the stamp that stands beside the samples of one encoded
// frame, in a comment of a JPEG, JPEG-LS or JPEG 2000 stream: which instance it
// was sent in. It returns ErrNoStamp where there is none, as after a system has
// encoded the frame anew.
func StampOfFrame(code []byte) (Stamp, error) {
	at := commentAt(code)
	if at < 0 || at+stampSamples > len(code) {
		return Stamp{}, ErrNoStamp
	}
	var b [stampSamples]byte
	copy(b[:], code[at:])
	return decodeStamp(b)
}

// VerifyFrame proves by CRC-32C that the encoded frame, whose stamp s is, is the
// one that was made, to the last byte but for padding.
func (s Stamp) VerifyFrame(code []byte) error {
	at := commentAt(code)
	if at < 0 || at+stampSamples > len(code) {
		return ErrNoStamp
	}
	head := len(commentHead(uint16(code[at-4])<<8 | uint16(code[at-3])))
	if code[at-4] != 0xFF {
		head = len(commentHead(0xFF64))
	}
	rest := func(code []byte) uint32 {
		return crc32.Update(crc32.Checksum(code[:at-head], castagnoli), castagnoli, code[at+stampSamples:])
	}
	if rest(code) == s.rest || rest(code[:len(code)-1]) == s.rest {
		return nil
	}
	return fmt.Errorf("synth: the encoded frame of %s was altered", s)
}

// commentAt returns where the stamp in a comment begins, or -1.
func commentAt(code []byte) int {
	const jpegHead = 2 + 4 // SOI, then marker and length
	if len(code) > jpegHead+stampSamples && string(code[jpegHead:jpegHead+len(stampMagic)]) == stampMagic {
		return jpegHead
	}
	at, err := codestream.CommentAt(code)
	if err != nil {
		return -1
	}
	// The comment is the last segment of the main header.
	if at -= stampSamples; at > 6 && string(code[at:at+len(stampMagic)]) == stampMagic {
		return at
	}
	return -1
}
