package enterprise

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
)

// Problem is one thing that is wrong in a description.
type Problem struct {
	File       string // as given to Parse; "" for a description made in Go
	Line       int    // from 1; 0 = not known
	Path       string // where, such as systems[3].endpoints.store.port
	What       string // what was found
	Expected   string // what should be there; may be empty
	DidYouMean string // the closest thing that exists; may be empty
	Do         string // what to do; may be empty
}

// String returns "file:line: path: what; expected …; did you mean …?; do". It
// never holds a secret.
func (p Problem) String() string {
	var b strings.Builder
	switch {
	case p.File != "" && p.Line > 0:
		fmt.Fprintf(&b, "%s:%d: ", p.File, p.Line)
	case p.File != "":
		fmt.Fprintf(&b, "%s: ", p.File)
	}
	if p.Path != "" {
		fmt.Fprintf(&b, "%s: ", p.Path)
	}
	b.WriteString(p.What)
	if p.Expected != "" {
		b.WriteString("; expected " + p.Expected)
	}
	if p.DidYouMean != "" {
		fmt.Fprintf(&b, "; did you mean %q?", p.DidYouMean)
	}
	if p.Do != "" {
		b.WriteString("; " + p.Do)
	}
	return b.String()
}

// Problems is the error of a description: everything that is wrong in it, in
// the order of its lines. It is never empty.
type Problems struct{ List []Problem }

// Error returns one line for each problem.
func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, q := range p.List {
		lines[i] = q.String()
	}
	return strings.Join(lines, "\n")
}

// source knows where the values of a parsed description stand.
type source struct {
	file  string
	lines map[string]int // by path
}

// line returns the line of a path, or of the closest thing around it.
func (s *source) line(path string) int {
	for {
		if n, ok := s.lines[path]; ok || path == "" {
			return n
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

// problems collects what is found.
type problems struct {
	src  *source // nil for a description made in Go
	seen map[string]bool
	list []Problem
}

func newProblems(src *source) *problems {
	return &problems{src: src, seen: map[string]bool{}}
}

// add records the problem of a path, unless it already has one: a second would
// only follow from the first.
func (c *problems) add(path string, p Problem) {
	if !c.seen[path] {
		c.seen[path] = true
		c.note(path, p)
	}
}

// note records a problem that says nothing about the path's own value.
func (c *problems) note(path string, p Problem) {
	p.Path = path
	if c.src != nil {
		p.File = c.src.file
		if p.Line == 0 {
			p.Line = c.src.line(path)
		}
	}
	c.list = append(c.list, p)
}

// has reports whether the description states a value for the path itself,
// rather than leaving it out. It is unknown, and false, for one made in Go.
func (c *problems) has(path string) bool {
	if c.src == nil {
		return false
	}
	_, ok := c.src.lines[path]
	return ok
}

// err returns *Problems in the order of lines, or nil if there are none.
func (c *problems) err() error {
	if len(c.list) == 0 {
		return nil
	}
	list := slices.Clone(c.list)
	slices.SortStableFunc(list, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &Problems{List: list}
}

// Suggestions beyond these sizes would cost much and help nobody.
const (
	maxSuggestBytes      = 64
	maxSuggestCandidates = 2000
)

// closest returns the candidate that a person who wrote got most likely meant,
// "" if none is close.
func closest(got string, candidates []string) string {
	if got == "" || len(got) > maxSuggestBytes || len(candidates) > maxSuggestCandidates {
		return ""
	}
	fold := func(s string) string {
		return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(s))
	}
	best, bestDistance := "", max(len(fold(got))/3, 1)+1
	for _, c := range candidates {
		if c == got || len(c) > maxSuggestBytes {
			continue
		}
		d := levenshtein.ComputeDistance(fold(got), fold(c))
		if d == 2 && sameLetters(fold(got), fold(c)) {
			d = 1 // two letters swapped, the commonest slip
		}
		if d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

func sameLetters(a, b string) bool {
	x, y := []rune(a), []rune(b)
	slices.Sort(x)
	slices.Sort(y)
	return slices.Equal(x, y)
}
