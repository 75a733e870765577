package dataset

import "strings"

// TransferSyntax is the UID of a transfer syntax. See PS3.5 section 10 and
// annex A.
type TransferSyntax string

// Transfer syntaxes of PS3.6 annex A.
const (
	ImplicitVRLittleEndian         TransferSyntax = "1.2.840.10008.1.2"
	ExplicitVRLittleEndian         TransferSyntax = "1.2.840.10008.1.2.1"
	EncapsulatedUncompressed       TransferSyntax = "1.2.840.10008.1.2.1.98"
	DeflatedExplicitVRLittleEndian TransferSyntax = "1.2.840.10008.1.2.1.99"
	ExplicitVRBigEndian            TransferSyntax = "1.2.840.10008.1.2.2" // retired
	JPEGBaseline8Bit               TransferSyntax = "1.2.840.10008.1.2.4.50"
	JPEGExtended12Bit              TransferSyntax = "1.2.840.10008.1.2.4.51"
	JPEGLossless                   TransferSyntax = "1.2.840.10008.1.2.4.57"
	JPEGLosslessSV1                TransferSyntax = "1.2.840.10008.1.2.4.70"
	JPEGLSLossless                 TransferSyntax = "1.2.840.10008.1.2.4.80"
	JPEGLSNearLossless             TransferSyntax = "1.2.840.10008.1.2.4.81"
	JPEG2000Lossless               TransferSyntax = "1.2.840.10008.1.2.4.90"
	JPEG2000                       TransferSyntax = "1.2.840.10008.1.2.4.91"
	JPEG2000MCLossless             TransferSyntax = "1.2.840.10008.1.2.4.92"
	JPEG2000MC                     TransferSyntax = "1.2.840.10008.1.2.4.93"
	JPIPReferenced                 TransferSyntax = "1.2.840.10008.1.2.4.94"
	JPIPReferencedDeflate          TransferSyntax = "1.2.840.10008.1.2.4.95"
	MPEG2MPML                      TransferSyntax = "1.2.840.10008.1.2.4.100"
	MPEG2MPHL                      TransferSyntax = "1.2.840.10008.1.2.4.101"
	MPEG4HP41                      TransferSyntax = "1.2.840.10008.1.2.4.102"
	MPEG4HP41BD                    TransferSyntax = "1.2.840.10008.1.2.4.103"
	HEVCMP51                       TransferSyntax = "1.2.840.10008.1.2.4.107"
	HTJ2KLossless                  TransferSyntax = "1.2.840.10008.1.2.4.201"
	HTJ2KLosslessRPCL              TransferSyntax = "1.2.840.10008.1.2.4.202"
	HTJ2K                          TransferSyntax = "1.2.840.10008.1.2.4.203"
	JPIPHTJ2KReferenced            TransferSyntax = "1.2.840.10008.1.2.4.204"
	JPIPHTJ2KReferencedDeflate     TransferSyntax = "1.2.840.10008.1.2.4.205"
	RLELossless                    TransferSyntax = "1.2.840.10008.1.2.5"
)

// IsKnown reports whether the encoding is known: ts is one of the constants, or
// another compression that the standard defined under 1.2.840.10008.1.2.4 or
// 1.2.840.10008.1.2.8, all of which are explicit and encapsulated.
func (ts TransferSyntax) IsKnown() bool {
	switch ts {
	case ImplicitVRLittleEndian, ExplicitVRLittleEndian, DeflatedExplicitVRLittleEndian,
		ExplicitVRBigEndian, JPIPReferenced, JPIPReferencedDeflate,
		JPIPHTJ2KReferenced, JPIPHTJ2KReferencedDeflate:
		return true
	}
	return ts.IsEncapsulated()
}

// IsExplicit reports whether elements carry their VR. See PS3.5 7.1.2.
func (ts TransferSyntax) IsExplicit() bool { return ts != ImplicitVRLittleEndian }

// IsBigEndian reports whether numbers have their most significant byte first.
func (ts TransferSyntax) IsBigEndian() bool { return ts == ExplicitVRBigEndian }

// IsDeflated reports whether the whole data set is deflated. See PS3.5 A.5.
func (ts TransferSyntax) IsDeflated() bool {
	return ts == DeflatedExplicitVRLittleEndian || ts == JPIPReferencedDeflate || ts == JPIPHTJ2KReferencedDeflate
}

// IsEncapsulated reports whether Pixel Data are fragments. See PS3.5 A.4.
func (ts TransferSyntax) IsEncapsulated() bool {
	switch ts {
	case EncapsulatedUncompressed, RLELossless:
		return true
	case JPIPReferenced, JPIPReferencedDeflate, JPIPHTJ2KReferenced, JPIPHTJ2KReferencedDeflate:
		return false
	}
	return strings.HasPrefix(string(ts), "1.2.840.10008.1.2.4.") || strings.HasPrefix(string(ts), "1.2.840.10008.1.2.8.")
}

// Name returns the name of PS3.6 annex A, or the UID itself when it is not one
// of the constants.
func (ts TransferSyntax) Name() string {
	switch ts {
	case ImplicitVRLittleEndian:
		return "Implicit VR Little Endian"
	case ExplicitVRLittleEndian:
		return "Explicit VR Little Endian"
	case EncapsulatedUncompressed:
		return "Encapsulated Uncompressed Explicit VR Little Endian"
	case DeflatedExplicitVRLittleEndian:
		return "Deflated Explicit VR Little Endian"
	case ExplicitVRBigEndian:
		return "Explicit VR Big Endian"
	case JPEGBaseline8Bit:
		return "JPEG Baseline (Process 1)"
	case JPEGExtended12Bit:
		return "JPEG Extended (Process 2 & 4)"
	case JPEGLossless:
		return "JPEG Lossless (Process 14)"
	case JPEGLosslessSV1:
		return "JPEG Lossless (Process 14, Selection Value 1)"
	case JPEGLSLossless:
		return "JPEG-LS Lossless"
	case JPEGLSNearLossless:
		return "JPEG-LS Near-Lossless"
	case JPEG2000Lossless:
		return "JPEG 2000 Lossless"
	case JPEG2000:
		return "JPEG 2000"
	case JPEG2000MCLossless:
		return "JPEG 2000 Part 2 Multi-component Lossless"
	case JPEG2000MC:
		return "JPEG 2000 Part 2 Multi-component"
	case JPIPReferenced:
		return "JPIP Referenced"
	case JPIPReferencedDeflate:
		return "JPIP Referenced Deflate"
	case MPEG2MPML:
		return "MPEG2 Main Profile / Main Level"
	case MPEG2MPHL:
		return "MPEG2 Main Profile / High Level"
	case MPEG4HP41:
		return "MPEG-4 AVC/H.264 High Profile / Level 4.1"
	case MPEG4HP41BD:
		return "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"
	case HEVCMP51:
		return "HEVC/H.265 Main Profile / Level 5.1"
	case HTJ2KLossless:
		return "High-Throughput JPEG 2000 Lossless"
	case HTJ2KLosslessRPCL:
		return "High-Throughput JPEG 2000 with RPCL Options Lossless"
	case HTJ2K:
		return "High-Throughput JPEG 2000"
	case JPIPHTJ2KReferenced:
		return "JPIP HTJ2K Referenced"
	case JPIPHTJ2KReferencedDeflate:
		return "JPIP HTJ2K Referenced Deflate"
	case RLELossless:
		return "RLE Lossless"
	}
	return string(ts)
}
