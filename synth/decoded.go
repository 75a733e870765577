package synth

import (
	"crypto/sha256"
	"fmt"

	"pacsuat/internal/dicom/dataset"
)

// Decoded says what a decoder must make of an instance's Pixel Data.
type Decoded struct {
	// Frames are the SHA-256 of the native samples of each frame: little endian,
	// rows from the top, one byte each where Bits Allocated is 8 and two where it is
	// 16, colour by pixel as RGB, without padding. Of signed samples the bits above
	// Bits Stored are the sign. Of video there is one, of the planes Y, Cb and Cr of
	// all frames one after another.
	Frames [][sha256.Size]byte

	// Exact says that every decoder gives these samples. Otherwise they are those
	// that the reference decoder named gives, and others may differ a little; with
	// no decoder named they are those before they were encoded.
	Exact   bool
	Decoder string
}

// Decoded returns what a decoder must make of the instance, so that a system's
// transcoding can be judged without a decoder here: retrieve it uncompressed, and
// hash. It paints the frames if need be, and costs one pass over them. A document
// has nothing to decode, which is an error.
func (in *Instance) Decoded() (Decoded, error) {
	var d Decoded
	se, number := in.study.place(in.Index)
	if se.object.pixels == noPixels {
		return d, fmt.Errorf("synth: instance %d of %q has no pixels", in.Index, in.study.Recipe.Name)
	}
	d.Exact = se.lossyMethod == ""
	if se.set != nil {
		d.Decoder = se.set.Decoder
	}
	if isVideo(se.ts) {
		d.Frames = [][sha256.Size]byte{se.set.Frames[0].SHA256}
		return d, nil
	}
	for k := range in.Frames {
		key := in.study.frameKey(se, number, k, in.variant)
		if se.set != nil {
			d.Frames = append(d.Frames, se.set.Frames[key.slice%len(se.set.Frames)].SHA256)
			continue
		}
		samples, err := in.samples(se, key, k)
		if err != nil {
			return d, err
		}
		d.Frames = append(d.Frames, sha256.Sum256(samples))
	}
	return d, nil
}

// samples are the native samples of one frame that is made here, with the stamp
// that they carry on the wire.
func (in *Instance) samples(se *series, key frameKey, k int) ([]byte, error) {
	key.encoded = ""
	b := frames.get(&se.format, key)
	if b.err != nil {
		return nil, b.err
	}
	stamp := in.study.stamp(se, in.Number-1, in.variant, in.Frames)
	stamp.Frame, stamp.rest, stamp.length = k, b.rest, b.native
	if se.ts.IsEncapsulated() && se.ts != dataset.RLELossless { // RLE has them in the samples too
		stamp = poolStamp(key, b)
	}
	out := make([]byte, 0, b.native)
	out = append(out, b.parts[0]...)
	out = stamp.append(out)
	return append(out, b.parts[1]...), nil
}
