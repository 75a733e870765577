package synth

import (
	"fmt"

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
