// Package codestream holds frames of our own phantoms that reference codecs
// encoded, for the transfer syntaxes that this project does not encode itself.
// What a system makes of them, unchanged or transcoded, can be judged by the
// SHA-256 of the decoded samples that is known beforehand.
//
//	syntax                     UID ends in   encoder         hash by          PS3.5
//	JPEG 2000 (Lossless Only)  .4.90         opj_compress    opj_decompress   8.2.4
//	JPEG 2000                  .4.91         opj_compress    opj_decompress   8.2.4
//	HTJ2K (Lossless Only)      .4.201        ojph_compress   ojph_expand      8.2.14
//	HTJ2K (Lossless RPCL)      .4.202        grk_compress    ojph_expand      8.2.14
//	HTJ2K                      .4.203        ojph_compress   opj_decompress   8.2.14
//	MPEG2 MP@ML                .4.100        mpeg2video      ffmpeg           8.2.5
//	MPEG2 MP@HL                .4.101        mpeg2video      ffmpeg           8.2.6
//	H.264 HP@L4.1              .4.102        libx264         ffmpeg           8.2.7
//	H.264 BD-compatible        .4.103        libx264         ffmpeg           8.2.7
//	HEVC MP@L5.1               .4.107        libx265         ffmpeg           8.2.10
//
// # Images
//
// Each syntax of the JPEG 2000 family has the kinds Grey8, Grey12, Grey16 and
// Colour. A frame is a codestream without the boxes of a JP2 file (PS3.5 A.4.4),
// one tile, and colour is transformed: YBR_RCT where nothing is lost, else
// YBR_ICT. The lossless syntaxes hold the same pictures; the lossy ones too, so
// that a lossless frame is the original of the lossy one of the same number.
//
// The codestreams of the RPCL syntax have what PS3.5 10.18 asks for: the
// progression order RPCL, a base resolution of at most 64 by 64, and tile-part
// lengths (TLM), of one tile-part for each resolution. The encoder writes no TLM
// segment; the script puts it into the finished codestream. In .4.201 the order
// is LRCP.
//
// Decoders may differ in the last bit of lossy samples, because ISO/IEC 15444-1
// leaves the arithmetic of the irreversible transforms to them. The hash is of
// what the named decoder gives (on amd64: compilers fuse floating point differently
// on other machines); others keep within Set.MaxError of the original and two grey
// values.
//
// # Video
//
// A stream is one fragment and holds all frames (YBR_PARTIAL_420, of ITU-R BT.601
// colour and square pixels); none is fragmented and none has sound.
//
//	syntax  matrix     frames/s  stream                    why so
//	.4.100  352 x 288  25        MPEG-2 elementary stream  "half" PAL, which every decoder takes (8.2.5 note 2)
//	.4.101  1280 x 720 25        MPEG-2 elementary stream  the smaller matrix of 8.2.6; 16:9, progressive
//	.4.102  352 x 288  25        MP4                       any matrix of square pixels within level 4.1
//	.4.103  1280 x 720 24        MPEG-2 transport stream   the smaller matrix of table 8-4; progressive
//	.4.107  352 x 288  25        MP4                       any matrix of square pixels within level 5.1, Main tier
//
// H.264 and HEVC define every decoded sample. MPEG-2 leaves the precision of the
// inverse DCT to the decoder (ISO/IEC 13818-2 Annex A), so that other decoders
// differ slightly from the hash.
//
// # What is not here
//
// The JPIP syntaxes (.4.94, .4.95, .4.204, .4.205) refer to a server and have no
// codestream in the object. JPEG 2000 Part 2 multi-component (.4.92, .4.93) puts
// several frames into one codestream, and stereo H.264 (.4.106) two views into one
// stream, which the encoders here do not make. H.264 level 4.2 (.4.104, .4.105),
// HEVC Main 10 (.4.108) and the fragmentable video syntaxes (.4.100.1 to .4.106.1)
// differ from those here by a level, by 10 bits, or by how the stream is cut into
// fragments. Grey video, which .4.101 permits, is not made either.
//
// # Making them again
//
// make.sh paints, encodes, decodes and writes frames/ and index.json. Phantoms
// may have changed since: the hash of the painted samples in the index says of
// which picture a frame was made.
package codestream
