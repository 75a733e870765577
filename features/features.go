// Package features is the shipped scenario library: Gherkin features in folders
// by service, embedded into the binary. One feature is one row of the matrix.
//
// It is data only. What the sentences mean is in internal/vocab, what they do
// in steps.
package features

import "embed"

// FS holds every shipped feature as folder/name.feature.
//
//go:embed */*.feature
var FS embed.FS
