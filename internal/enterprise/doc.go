// Package enterprise is the description of a cluster of PACS: its sites and
// systems, how they are reached and linked, what they do not offer, and what
// the harness is called there. It is what an administrator writes
// (enterprise.yaml) before anything is tested.
//
// [Load] and [Parse] give a complete, validated description or every problem in
// it ([*Problems]), each with file and line, what was expected and what to do.
// They open no connection and read no file but the description, so that a
// description made at one site parses at every other; [Enterprise.CheckReferences]
// is the separate act that looks for the secrets and files it names.
// [Enterprise.WriteReach] computes which systems a write to one of them reaches.
//
// A description says where systems are and what may be done to them, never that
// they are simulated: only the wiring of an embedded fixture can say that.
//
// An Enterprise is plain data: safe for concurrent reading, not for writing.
//
// # Adding a field
//
// Add it to a struct in types.go with a yaml tag and a comment. That is all the
// parser, Marshal, the JSON Schema and the suggestions for misspelt keys need:
//
//   - a key without omitempty is required;
//   - the comment is the schema's description: write it to an administrator;
//   - limits that a schema can express go into the jsonschema tag, and are
//     checked in validate.go too, where the message says what to do;
//   - a default goes into defaults.go, a relation to other fields into
//     validate.go, and a line that teaches it into example.yaml.
//
// Kinds of fields that are understood: string, int, int64, float64, bool, *bool,
// structs, pointers to structs, and slices of strings and structs. A string type
// with a fixed set of values implements enum.
package enterprise
