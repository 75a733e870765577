// Package phantom paints the pictures of synthetic studies: bodies as an
// examination shows them, and the pages that machines and people add. A picture
// looks like its examination at first sight, has noise, and has the words
// SYNTHETIC and NOT A PATIENT burnt in.
//
// Pictures are pure functions of what is asked for. All arithmetic is integer and
// all draws are of the package draw, so that every machine paints the same
// samples. Everything here may be used by several goroutines at once.
package phantom
