package synth

import (
	"fmt"
	"strings"

	"pacsuat/internal/dicom/dataset"
)

// syntaxNames are short names of the transfer syntaxes that are made, for people.
var syntaxNames = map[dataset.TransferSyntax]string{
	dataset.ImplicitVRLittleEndian:         "implicit",
	dataset.ExplicitVRLittleEndian:         "explicit",
	dataset.DeflatedExplicitVRLittleEndian: "deflated",
	dataset.RLELossless:                    "rle",
	dataset.JPEGBaseline8Bit:               "jpeg-baseline",
	dataset.JPEGExtended12Bit:              "jpeg-extended",
	dataset.JPEGLossless:                   "jpeg-lossless-57",
	dataset.JPEGLosslessSV1:                "jpeg-lossless",
	dataset.JPEGLSLossless:                 "jpeg-ls",
	dataset.JPEGLSNearLossless:             "jpeg-ls-near",
	dataset.JPEG2000Lossless:               "jpeg-2000-lossless",
	dataset.JPEG2000:                       "jpeg-2000",
	dataset.HTJ2KLossless:                  "htj2k-lossless",
	dataset.HTJ2KLosslessRPCL:              "htj2k-rpcl",
	dataset.HTJ2K:                          "htj2k",
	dataset.MPEG2MPML:                      "mpeg-2",
	dataset.MPEG2MPHL:                      "mpeg-2-hl",
	dataset.MPEG4HP41:                      "mpeg-4",
	dataset.MPEG4HP41BD:                    "mpeg-4-bd",
	dataset.HEVCMP51:                       "hevc",
}

// SyntaxName returns the short name of a transfer syntax that can be made, else
// the name of PS3.6.
func SyntaxName(ts dataset.TransferSyntax) string {
	if name, ok := syntaxNames[ts]; ok {
		return name
	}
	return ts.Name()
}

// Syntaxes returns the transfer syntaxes that can be made, in a fixed order. The
// slice is the caller's.
func Syntaxes() []dataset.TransferSyntax { return append([]dataset.TransferSyntax(nil), syntaxes...) }

// SyntaxNamed returns the transfer syntax of a short name, the name of PS3.6, or
// a UID, ignoring case.
func SyntaxNamed(name string) (dataset.TransferSyntax, error) {
	names := make([]string, len(syntaxes))
	for i, ts := range syntaxes {
		names[i] = syntaxNames[ts]
		if strings.EqualFold(name, names[i]) || strings.EqualFold(name, ts.Name()) || name == string(ts) {
			return ts, nil
		}
	}
	return "", fmt.Errorf("synth: no transfer syntax that can be made is named %q%s", name, meant(name, names))
}
