package enterprise

import (
	_ "embed"
	"fmt"
)

// ExampleYAML is the shipped description of a simulated cluster, with comments
// that teach what to change for a real one.
//
//go:embed example.yaml
var ExampleYAML []byte

// Example returns the shipped cluster, a new copy each time: 4 major hospitals
// with a prod and a bk each, one DR, and 15 facilities that they serve. Being
// simulated, nothing in it is live, and everything is on this machine.
func Example() *Enterprise {
	e, err := Parse("example.yaml", ExampleYAML)
	if err != nil {
		// The text is part of the binary and a test parses it.
		panic(fmt.Sprintf("enterprise: the embedded example: %v", err))
	}
	return e
}
