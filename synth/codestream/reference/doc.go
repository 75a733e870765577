// Package reference lets the programs of the reference codecs decode a frame, and
// gives its samples in native form: for tests, and for the script that writes the
// hashes of package codestream. The programs are Debian's libopenjp2-tools,
// openjph-tools, grokj2k-tools and ffmpeg.
package reference
