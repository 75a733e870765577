package synth

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"

	"pacsuat/internal/dicom/codec"
	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/codestream"
)

// stampForm says how a stamp stands in a frame.
type stampForm struct {
	wide     bool            // in native samples of two bytes
	literals []codec.Literal // in RLE: one a byte plane
	comment  uint16          // in a comment segment with this marker; 0 = none
	none     bool            // in a video stream
}

// encode makes the encoded form of a frame and finds where its stamps go.
func (b *baseFrame) encode(f *format, key frameKey) {
	if f.set != nil {
		b.preEncoded(f, key)
		return
	}
	native := key
	native.encoded = ""
	base := frames.get(f, native)
	if base.err != nil {
		b.err = base.err
		return
	}
	pixel := make([]byte, 0, base.native)
	pixel = append(pixel, base.parts[0]...)
	pixel = poolStamp(key, base).append(pixel)
	pixel = append(pixel, base.parts[1]...)
	stored := f.StoredBits
	if f.Signed {
		// The sign is encoded with the samples: of a pattern cut to Bits Stored
		// decoders leave the bits above zero.
		stored = f.allocated
	}
	frame := codec.Frame{
		Columns: key.columns, Rows: key.rows, SamplesPerPixel: f.samples,
		BitsAllocated: f.allocated, BitsStored: stored, Signed: f.Signed, Pixel: pixel,
	}
	b.native = base.native
	var code []byte
	var err error
	switch key.encoded {
	case dataset.RLELossless:
		var literals []codec.Literal
		code, literals, err = codec.RLEPatchable(nil, frame, stampStart, stampStart+stampSamples)
		for _, l := range literals { // what every stamp will be patched in by
			if err == nil {
				_, err = l.Append(nil, poolStamp(key, base).append(nil))
			}
		}
		if err == nil {
			b.cutLiterals(code, literals)
			b.form.wide = f.allocated == 16
			b.rest = base.rest
			return
		}
	case dataset.JPEGBaseline8Bit:
		code, err = codec.JPEGBaseline(nil, frame, quality)
	case dataset.JPEGExtended12Bit:
		code, err = codec.JPEGExtended(nil, frame, quality)
	case dataset.JPEGLossless:
		code, err = codec.JPEGLossless(nil, frame, 4) // another selection value than .70 has
	case dataset.JPEGLosslessSV1:
		code, err = codec.JPEGLossless(nil, frame, 1)
	case dataset.JPEGLSLossless:
		code, err = codec.JPEGLS(nil, frame, 0)
	case dataset.JPEGLSNearLossless:
		code, err = codec.JPEGLS(nil, frame, near)
	default:
		err = fmt.Errorf("synth: %s is not made", key.encoded.Name())
	}
	if err != nil {
		b.err = err
		return
	}
	const soi, com = 2, 0xFFFE // bytes of SOI; the marker of a comment, T.81 B.2.4.5
	b.cutComment(code, soi, com)
}

// poolStamp is what stands in the samples of a frame that is encoded once and
// shared by instances.
func poolStamp(key frameKey, native *baseFrame) Stamp {
	return Stamp{
		Seed: key.seed, recipeSum: crc32.Checksum([]byte(key.phantom), castagnoli), Series: key.view, Number: key.slice + key.frame,
		Frames: 1, Variant: key.variant, Pool: true, length: native.native, rest: native.rest, wide: native.form.wide,
	}
}

// preEncoded takes a frame of package codestream.
func (b *baseFrame) preEncoded(f *format, key frameKey) {
	code := f.set.Frames[key.slice%len(f.set.Frames)].Code
	b.native = f.frameBytes()
	if isVideo(key.encoded) {
		b.native *= int64(f.set.FramesInStream)
		b.parts, b.form, b.bytes = [][]byte{code}, stampForm{none: true}, int64(len(code))
		return
	}
	at, err := codestream.CommentAt(code)
	if err != nil {
		b.err = err
		return
	}
	const com = 0xFF64 // ISO/IEC 15444-1 A.9.2
	b.cutComment(code, at, com)
}

// cutComment makes room for a comment at an offset. What is summed is the code
// without it.
func (b *baseFrame) cutComment(code []byte, at int, marker uint16) {
	b.parts = [][]byte{code[:at:at], code[at:len(code):len(code)]}
	b.form = stampForm{comment: marker}
	b.rest = crc32.Checksum(code, castagnoli)
	b.bytes = int64(len(code))
}

// cutLiterals makes room for the stamp's samples in each byte plane.
func (b *baseFrame) cutLiterals(code []byte, literals []codec.Literal) {
	at := 0
	for _, l := range literals {
		b.parts = append(b.parts, code[at:l.Offset:l.Offset])
		at = l.Offset + l.Length
	}
	b.parts = append(b.parts, code[at:len(code):len(code)])
	b.form = stampForm{literals: literals}
	b.bytes = int64(len(code))
}

// commentHead is what a comment segment has before the stamp: marker, length,
// and in JPEG 2000 the registration value of binary contents.
func commentHead(marker uint16) []byte {
	head := binary.BigEndian.AppendUint16(nil, marker)
	if marker == 0xFF64 {
		head = binary.BigEndian.AppendUint16(head, 4+stampSamples)
		return binary.BigEndian.AppendUint16(head, 0)
	}
	return binary.BigEndian.AppendUint16(head, 2+stampSamples)
}

// size is the length of the frame with its stamps, without padding.
func (b *baseFrame) size() int64 {
	n := int64(0)
	for _, p := range b.parts {
		n += int64(len(p))
	}
	switch {
	case b.form.none:
	case b.form.comment != 0:
		n += int64(len(commentHead(b.form.comment)) + stampSamples)
	case b.form.literals != nil:
		for _, l := range b.form.literals {
			n += int64(l.Length)
		}
	case b.form.wide:
		n += 2 * stampSamples
	default:
		n += stampSamples
	}
	return n
}

// appendTo appends the frame's segments, with the stamp where it goes.
func (b *baseFrame) appendTo(segments [][]byte, s Stamp) [][]byte {
	switch {
	case b.form.none:
		return append(segments, b.parts...)
	case b.form.comment != 0:
		raw := s.bytes()
		return append(segments, b.parts[0], append(commentHead(b.form.comment), raw[:]...), b.parts[1])
	case b.form.literals != nil:
		native := s.append(nil)
		for i, l := range b.form.literals {
			patch, err := l.Append(nil, native)
			if err != nil {
				break // not reached: encode has tried it with a stamp of this length
			}
			segments = append(segments, b.parts[i], patch)
		}
		return append(segments, b.parts[len(b.parts)-1])
	}
	return append(segments, b.parts[0], s.append(make([]byte, 0, 2*stampSamples)), b.parts[1])
}
