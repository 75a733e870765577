// Package vocab is the vocabulary: every sentence that a feature may use, in
// the words of the hospital, with its purpose, an example, the section of the
// standard that it rests on and what it demands of the system under test.
//
// It holds no handler and opens no connection, so a plan can be made, checked
// and costed from it alone. Package steps binds handlers to the sentences by
// their ID.
//
//	v := vocab.Default()
//	m, err := v.Match("a synthetic \"CT chest\" study of 12 images for a new patient")
//	m.Sentence.ID      // study.made
//	m.Args.Int(1)      // 12
//
// A sentence is a Cucumber Expression. Adding one: put it into the file of its
// service (sentences_*.go) and bind a handler of the same ID in steps; a test
// fails while either is missing.
package vocab
