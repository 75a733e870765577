// Package synth makes synthetic studies: valid DICOM composite instances of
// patients that do not exist, for proving a PACS without touching a real one.
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
// SYNTHETIC - NOT A PATIENT burnt into the pixels.
//
// Pixels are never copied. Base frames are painted once per (seed, recipe) and
// shared by all instances; what makes an instance's pixels unique is a stamp, a
// block of a few samples in the first row, placed by slicing: Instance.Segments
// is [header][frame head][stamp][frame tail]. VerifyStamp reads it at the
// receiving side.
//
// All exported functions and methods are safe for concurrent use; what they
// return is immutable unless its comment says otherwise.
package synth
