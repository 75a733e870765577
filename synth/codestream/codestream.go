package codestream

import (
	"slices"
	"sync"
)

// Kind is what a set shows and in which form.
type Kind string

// The kinds. Samples are unsigned.
const (
	Grey8  Kind = "grey8"  // 8 bits
	Grey12 Kind = "grey12" // 12 bits stored in 16: CT, Hounsfield units + 1024
	Grey16 Kind = "grey16" // 16 bits
	Colour Kind = "colour" // 8 bits, 3 samples a pixel
	Video  Kind = "video"  // 8 bits, 3 samples a pixel, one stream
)

// Set is the frames of one kind in one transfer syntax, and what the Image Pixel
// Module (PS3.3 C.7.6.3) says of them; beyond what stands here, Pixel
// Representation is 0, High Bit is BitsStored - 1, and the Planar Configuration of
// colour is 0. A Set is shared and must not be changed.
type Set struct {
	TransferSyntax            string `json:"transferSyntax"` // its UID
	Kind                      Kind   `json:"kind"`
	Columns                   int    `json:"columns"`
	Rows                      int    `json:"rows"`
	SamplesPerPixel           int    `json:"samplesPerPixel"` // 1 or 3
	BitsAllocated             int    `json:"bitsAllocated"`
	BitsStored                int    `json:"bitsStored"`
	PhotometricInterpretation string `json:"photometricInterpretation"` // of the encoded form: MONOCHROME2, YBR_RCT, YBR_ICT, YBR_PARTIAL_420

	// Lossy says that the decoded samples are not those that were painted.
	Lossy bool `json:"lossy,omitempty"`

	// MaxError is the largest difference of a decoded sample from the painted
	// one, in grey values. It is 0 where nothing is lost, and not known of video.
	MaxError int `json:"maxError,omitempty"`

	// Decoder is the program that gave the decoded samples: opj_decompress,
	// ojph_expand or ffmpeg.
	Decoder string `json:"decoder"`

	FramesInStream int `json:"framesInStream"`     // of video; 1 for images
	CineRate       int `json:"cineRate,omitempty"` // frames a second of video, exactly: Frame Time (0018,1063) is 1000/CineRate ms

	// Frames are different pictures of the same body, at least two. Video has
	// one, which is the whole stream.
	Frames []Frame `json:"frames"`
}

// Frame is one encoded frame, or one stream of video.
type Frame struct {
	File string `json:"file"` // in the directory frames
	Code []byte `json:"-"`    // must not be changed; its length may be odd

	// SHA256 is that of the decoded samples: native, little endian, rows from the
	// top, a byte for each sample of 8 bits and two for more, colour by pixel and
	// as RGB. For video it is that of all frames one after another, each the
	// planes Y, Cb and Cr, the latter two of a quarter of the samples.
	SHA256 Sum `json:"sha256"`

	// Painted is that of the samples that were encoded: it equals SHA256 where
	// nothing is lost. For video it is that of the RGB frames.
	Painted Sum `json:"painted"`
}

// Sets returns all sets in a fixed order. The slice is the caller's.
func Sets() []*Set {
	sets, err := embedded()
	if err != nil {
		return nil // the tests read the same files
	}
	return slices.Clone(sets)
}

// For returns the set of a transfer syntax, named by its UID, that fits pixels of
// so many samples and bits best: the one of the fewest bits that hold them. It
// returns false when there is none: video has 3 samples, colour has 8 bits.
func For(transferSyntax string, samplesPerPixel, bitsStored int) (*Set, bool) {
	var best *Set
	for _, s := range Sets() {
		if s.TransferSyntax == transferSyntax && s.SamplesPerPixel == samplesPerPixel &&
			bitsStored > 0 && bitsStored <= s.BitsStored && (best == nil || s.BitsStored < best.BitsStored) {
			best = s
		}
	}
	return best, best != nil
}

// embedded is read once. The files are part of the program: reading them fails
// for everybody or for nobody.
var embedded = sync.OnceValues(func() ([]*Set, error) { return read(files) })
