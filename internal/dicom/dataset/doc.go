// Package dataset reads, holds, compares and writes DICOM data sets as they are
// on the wire (PS3.5), and the file meta information in front of them (PS3.10).
//
// A [Set] keeps the bytes of every value, padding included, and the form of
// every sequence, so that what was received can be written again unchanged.
// What comes from a peer is bounded by [Limits] in depth, number of elements and
// length before memory is taken, and no input makes the package panic. A data
// set that breaks PS3.5 is refused with a [*FormatError] instead of being
// repaired: a harness that repairs what it judges proves nothing.
//
// [Parse] reads a data set in memory and aliases it; [ScanHeader] reads a stream
// up to the pixels and leaves them to be streamed; [Set.Append] writes; a
// [Template] is a header encoded once and rendered many times; [Compare] says
// how two data sets differ without ever naming a value.
//
// Error texts hold tags, positions and lengths, never values: a value may belong
// to a real patient.
//
// A Set may be read by several goroutines as long as none changes it.
package dataset
