package synth

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"

	"pacsuat/internal/dicom/codec"
	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/codestream"
)

// Syntaxes returns the transfer syntaxes in which studies of the recipe can be
// made, in a fixed order: those that every series with pixels can have.
func (r Recipe) Syntaxes() []dataset.TransferSyntax {
	var out []dataset.TransferSyntax
	for _, ts := range syntaxes {
		ok := r.HasPixels() || !ts.IsEncapsulated()
		for _, s := range r.Series {
			f, err := s.completed()
			if err == nil {
				_, err = f.syntax(ts)
			}
			ok = ok && err == nil
		}
		if ok {
			out = append(out, ts)
		}
	}
	return out
}

// syntaxes are those that this package knows to make.
var syntaxes = []dataset.TransferSyntax{
	dataset.ImplicitVRLittleEndian,
	dataset.ExplicitVRLittleEndian,
	dataset.DeflatedExplicitVRLittleEndian,
	dataset.RLELossless,
	dataset.JPEGBaseline8Bit,
	dataset.JPEGExtended12Bit,
	dataset.JPEGLossless,
	dataset.JPEGLosslessSV1,
	dataset.JPEGLSLossless,
	dataset.JPEGLSNearLossless,
	dataset.JPEG2000Lossless,
	dataset.JPEG2000,
	dataset.HTJ2KLossless,
	dataset.HTJ2KLosslessRPCL,
	dataset.HTJ2K,
	dataset.MPEG2MPML,
	dataset.MPEG2MPHL,
	dataset.MPEG4HP41,
	dataset.MPEG4HP41BD,
	dataset.HEVCMP51,
}

// preEncoded says whether frames of the syntax come from package codestream.
func preEncoded(ts dataset.TransferSyntax) bool {
	switch ts {
	case dataset.JPEG2000Lossless, dataset.JPEG2000, dataset.HTJ2KLossless, dataset.HTJ2KLosslessRPCL, dataset.HTJ2K:
		return true
	}
	return isVideo(ts)
}

// isVideo says whether one stream holds all frames. See PS3.5 8.2.5 to 8.2.12.
func isVideo(ts dataset.TransferSyntax) bool {
	switch ts {
	case dataset.MPEG2MPML, dataset.MPEG2MPHL, dataset.MPEG4HP41, dataset.MPEG4HP41BD, dataset.HEVCMP51:
		return true
	}
	return false
}

// quality is that of the lossy members of the JPEG family made here, and near the
// largest difference in near-lossless JPEG-LS.
const (
	quality = 90
	near    = 2
)

// encode makes the format one of the syntax, or says why it can't be.
func (f *format) encode(ts dataset.TransferSyntax) error {
	no := func(why string) error {
		return fmt.Errorf("%q of %s, %d bits, can't be sent as %s: %s", f.Object, f.photometric, f.StoredBits, ts.Name(), why)
	}
	if f.object.pixels == noPixels {
		return nil
	}
	switch ts {
	case dataset.ImplicitVRLittleEndian, dataset.ExplicitVRLittleEndian:
		if f.nativeBytes(f.Frames.To) > maxNativeBytes {
			return no(fmt.Sprintf("%d frames of %s are more than the %d bytes that a defined length can say (PS3.5 7.1.1)", f.Frames.To, f.Matrix, int64(maxNativeBytes)))
		}
		return nil
	case dataset.RLELossless:
		return nil
	case dataset.DeflatedExplicitVRLittleEndian:
		if f.nativeBytes(f.Frames.To) > maxDeflated {
			return no(fmt.Sprintf("it is deflated in memory, at most %d bytes", int64(maxDeflated)))
		}
		return nil
	case dataset.JPEGLossless, dataset.JPEGLosslessSV1, dataset.JPEGLSLossless:
		if f.photometric == "PALETTE COLOR" {
			return no("indexes of a palette are sent in it by nobody")
		}
		return nil
	case dataset.JPEGLSNearLossless:
		if f.photometric == "PALETTE COLOR" || f.Signed {
			return no("a difference in an index or a sign is no small one")
		}
		f.lossyMethod = "ISO_14495_1"
		return nil
	case dataset.JPEGBaseline8Bit:
		if f.StoredBits != 8 || f.photometric == "PALETTE COLOR" {
			return no("its samples are grey or coloured ones of 8 bits")
		}
		f.lossyMethod = "ISO_10918_1"
		if f.samples == 3 {
			f.photometric = "YBR_FULL_422"
		}
		return nil
	case dataset.JPEGExtended12Bit:
		if f.StoredBits > 12 || f.samples != 1 || f.Signed || f.photometric == "PALETTE COLOR" {
			return no("its samples are grey, unsigned, of at most 12 bits")
		}
		f.lossyMethod = "ISO_10918_1"
		if f.allocated == 16 {
			f.StoredBits = 12 // the precision that process 4 knows besides 8
		}
		return nil
	}
	if preEncoded(ts) {
		return f.canonical(ts, no)
	}
	return no("this syntax is not made")
}

// canonical makes the format that of the pre-encoded frames that fit it.
func (f *format) canonical(ts dataset.TransferSyntax, no func(string) error) error {
	if f.inverted || f.photometric == "PALETTE COLOR" {
		return no("the frames encoded beforehand are MONOCHROME2 or coloured")
	}
	if isVideo(ts) && (f.object.pixels != multiFrame || f.samples != 3) {
		return no("video is of coloured multi-frame objects")
	}
	set, ok := codestream.For(string(ts), f.samples, f.StoredBits)
	if !ok {
		return no("no frames were encoded beforehand for it")
	}
	f.set = set
	f.Matrix = Matrix{set.Columns, set.Rows}
	f.StoredBits, f.allocated, f.Signed, f.offset = set.BitsStored, set.BitsAllocated, false, 0
	f.photometric = set.PhotometricInterpretation
	f.Distinct = len(set.Frames)
	if isVideo(ts) {
		f.Frames = Range{set.FramesInStream, set.FramesInStream}
	}
	if set.Lossy {
		f.lossyMethod = map[dataset.TransferSyntax]string{
			dataset.MPEG2MPML: "ISO_13818_2", dataset.MPEG2MPHL: "ISO_13818_2",
			dataset.MPEG4HP41: "ISO_14496_10", dataset.MPEG4HP41BD: "ISO_14496_10", dataset.HEVCMP51: "ISO_23008_2",
			dataset.HTJ2K: "ISO_15444_15", dataset.JPEG2000: "ISO_15444_1",
		}[ts]
	}
	return nil
}

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
				break // the literals were made for as many samples
			}
			segments = append(segments, b.parts[i], patch)
		}
		return append(segments, b.parts[len(b.parts)-1])
	}
	return append(segments, b.parts[0], s.append(make([]byte, 0, 2*stampSamples)), b.parts[1])
}

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

// fragments are the pieces of encapsulated Pixel Data, PS3.5 A.4: the items of
// one fragment a frame.
type fragments struct {
	frames  []*baseFrame
	lengths []uint64 // of the fragments, padding included
	total   uint64   // bytes from the first item of a frame to the end of the last
}

func newFragments(all []*baseFrame) (fragments, error) {
	fs := fragments{frames: all, lengths: make([]uint64, len(all))}
	for i, b := range all {
		if b.err != nil {
			return fs, b.err
		}
		n := uint64(b.size())
		n += n % 2
		if n > math.MaxUint32-1 {
			return fs, errors.New("synth: an encoded frame is longer than a fragment can be")
		}
		fs.lengths[i] = n
		fs.total += itemHead + n
	}
	return fs, nil
}

const itemHead = 8 // bytes of the tag and length of an item

// extended says whether the offsets need an Extended Offset Table, because those
// of the Basic one have 32 bits. See PS3.5 A.4 and PS3.3 C.7.6.3.1.8.
func (fs fragments) extended() bool { return fs.total > math.MaxUint32 && len(fs.frames) > 1 }

// extendedTable puts the Extended Offset Table and its lengths.
func (fs fragments) extendedTable(s *dataset.Set) {
	offsets := make([]uint64, len(fs.lengths))
	at := uint64(0)
	for i, n := range fs.lengths {
		offsets[i] = at
		at += itemHead + n
	}
	s.PutUint64(extendedOffsetTable, offsets...)
	s.PutUint64(extendedOffsetTableLengths, fs.lengths...)
}

const (
	extendedOffsetTable        dataset.Tag = 0x7FE00001
	extendedOffsetTableLengths dataset.Tag = 0x7FE00002
)

// appendHead appends the header of the Pixel Data and the Basic Offset Table,
// which is empty where there is an extended one, or a single fragment of video.
func (fs fragments) appendHead(b []byte, video bool) []byte {
	b = appendTag(b, dataset.PixelData)
	b = append(b, "OB\x00\x00\xFF\xFF\xFF\xFF"...)
	b = appendTag(b, dataset.Item)
	if fs.extended() || video {
		return append(b, 0, 0, 0, 0)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(4*len(fs.lengths)))
	at := uint64(0)
	for _, n := range fs.lengths {
		b = binary.LittleEndian.AppendUint32(b, uint32(at))
		at += itemHead + n
	}
	return b
}

func appendTag(b []byte, t dataset.Tag) []byte {
	b = binary.LittleEndian.AppendUint16(b, t.Group())
	return binary.LittleEndian.AppendUint16(b, t.Element())
}

// sequenceEnd closes encapsulated Pixel Data.
var sequenceEnd = []byte{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0}

// onePad is the byte that makes a length even.
var onePad = []byte{0}
