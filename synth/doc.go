// Package synth makes synthetic studies: valid DICOM composite instances of
// patients that do not exist, for proving a PACS without touching a real one.
//
// A Recipe says what one kind of study is made of: its series, and of each the
// object (IOD), the phantom that its pictures show, the matrix. A StudyRequest
// asks for a study of a recipe, NewStudy checks it, and Study.Instances streams
// its instances, each made when it is asked for.
//
// Two things are kept apart. The content of an instance (its pixels, its
// report text, its geometry) is a pure function of the seed, the recipe, the
// study's index and the instance's place in the study, in integer arithmetic
// only, so every machine makes the same samples. The identity (UIDs, Patient
// ID, accession number) is a pure function of an Identity: run nonce, scope,
// scenario, attempt. Another nonce changes every identity and no pixel; another
// seed changes the pixels and no identity.
//
// Every instance is marked three times as synthetic: a fenced Patient ID, a
// visible prefix in every component group of Patient's Name, and the words
// SYNTHETIC - NOT A PATIENT burnt into the pixels. Nothing leaves them out.
//
// Pixels are never copied. Frames are painted once (or encoded once), kept in a
// bounded cache, and shared by all instances and frames that show the same
// picture; what makes each unique is a stamp, a block of a few samples in the
// first row, placed by slicing: Instance.Segments is the header, and of each
// frame [head][stamp][tail]. An instance of 4 GiB is a list of slices. VerifyStamp
// and StampOfFrame read stamps at the receiving side; Instance.Decoded says what
// a decoder must make of compressed frames.
//
// Cases names what is rare, legal and often handled wrongly. A Manifest lists
// every UID with what it was made from, so that Again makes any instance once
// more.
//
// The pictures are painted by package phantom, frames that only reference codecs
// make are in package codestream, and when how many of which studies are made is
// in package volume.
//
// All exported functions and methods are safe for concurrent use; what they
// return is immutable unless its comment says otherwise.
package synth
