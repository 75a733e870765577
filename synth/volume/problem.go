package volume

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Problem is one thing that is wrong in a profile.
type Problem struct {
	File string // as given to Parse
	Line int    // from 1
	Path string // where, such as modalities.CT.share; may be empty
	Text string // what was found, what was expected, and what to do
}

// String returns "file:line: path: text".
func (p Problem) String() string {
	if p.Path == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Path, p.Text)
}

// Problems is the error of a profile: everything that is wrong in it, in the
// order of its lines. It is never empty.
type Problems struct{ List []Problem }

// Error returns one line for each problem.
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, q := range p.List {
		lines[i] = q.String()
	}
	return strings.Join(lines, "\n")
}

// problems collects what is found in a file.
type problems struct {
	file string
	list []Problem
}

func (c *problems) add(line int, path, format string, args ...any) {
	c.list = append(c.list, Problem{File: c.file, Line: max(line, 1), Path: path, Text: fmt.Sprintf(format, args...)})
}

// err returns *Problems, or nil if there are none.
func (c *problems) err() error {
	if len(c.list) == 0 {
		return nil
	}
	list := slices.Clone(c.list)
	slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &Problems{List: list}
}

// maxSuggest bounds the texts that are compared for a suggestion.
const maxSuggest = 64

// suggest returns "; did you mean ...?", or nothing if no candidate is close.
func suggest(got string, candidates []string) string {
	if len(got) > maxSuggest {
		return ""
	}
	best, distance := "", max(len(got)/3, 1)+1
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(strings.ToLower(got), strings.ToLower(c)); d < distance {
			best, distance = c, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// clip shortens what is repeated in a message.
func clip(s string) string {
	if r := []rune(s); len(r) > maxSuggest {
		return string(r[:maxSuggest]) + "…"
	}
	return s
}
