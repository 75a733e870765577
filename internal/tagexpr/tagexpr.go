// Package tagexpr reads tag expressions ("@storage and not @slow"), which
// selections, exceptions and criteria are written in.
//
// It is the one place that holds the library for them to what people mean: the
// library takes any word for a tag, an empty expression for everything, and
// panics on an operator without its operands.
package tagexpr

import (
	"fmt"
	"strings"
	"unicode"

	tagexpressions "github.com/cucumber/tag-expressions/go/v6"
)

// Example is an expression as messages show it.
const Example = `"@storage and not @slow"`

// maxBytes bounds an expression: its evaluation nests as deep as it does.
const maxBytes = 4096

// Expression is a parsed tag expression, safe for concurrent use.
type Expression struct {
	parsed tagexpressions.Evaluatable
}

// WordError says that a word is neither a tag nor an operator: a tag without
// its @ would match nothing, and "not slow" everything, and nobody be told.
type WordError struct{ Word string }

func (e *WordError) Error() string {
	return fmt.Sprintf("%q is neither a tag (with its @) nor and, or, not", e.Word)
}

// Parse parses an expression. An empty one is an error: it would match
// everything. The error does not repeat the expression, except one word of it.
func Parse(text string) (e *Expression, err error) {
	if len(text) > maxBytes {
		return nil, fmt.Errorf("it is longer than %d bytes", maxBytes)
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == '(' || r == ')' || unicode.IsSpace(r) })
	if len(words) == 0 {
		return nil, fmt.Errorf("it names no tag")
	}
	for _, word := range words {
		if word != "and" && word != "or" && word != "not" && !IsTag(word) {
			return nil, &WordError{word}
		}
	}
	defer func() {
		if recover() != nil { // "@a and" (v6.1.2)
			e, err = nil, fmt.Errorf("something is missing beside an operator")
		}
	}()
	parsed, err := tagexpressions.Parse(text)
	if err != nil {
		return nil, fmt.Errorf("operators and brackets do not fit together")
	}
	return &Expression{parsed}, nil
}

// Matches reports whether a scenario with these tags (with their @) is meant.
func (e *Expression) Matches(tags []string) bool { return e.parsed.Evaluate(tags) }

// IsTag reports whether an expression can name the tag: an @ and then neither
// spaces, brackets, a backslash nor what other languages take for operators.
func IsTag(tag string) bool {
	return len(tag) > 1 && tag[0] == '@' &&
		!strings.ContainsFunc(tag[1:], func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(`@()\,;&|~!`, r) })
}
