package judge

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"go.yaml.in/yaml/v3"

	"pacsuat/internal/rundir"
	"pacsuat/internal/tagexpr"
)

// maxCriteriaBytes bounds a criteria file.
const maxCriteriaBytes = 4 << 20

// CriteriaError lists everything that is wrong with criteria, not only the
// first.
type CriteriaError struct{ Problems []Problem }

// Problem is one thing that is wrong with criteria.
type Problem struct {
	File string
	Line int // from 1; 0 where there is none
	Text string
}

func (p Problem) String() string {
	switch {
	case p.File == "":
		return "criteria: " + p.Text
	case p.Line == 0:
		return p.File + ": " + p.Text
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
}

func (e *CriteriaError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// LoadCriteria reads a criteria file:
//
//	entries:
//	  - check: find.duration
//	    tags: "@query and not @slow"
//	    subject: North-BK
//	    limit: 5
//	    reason: ticket 4711, index is rebuilt in May
//
// Everything that is wrong with its form is reported together, as a
// *CriteriaError. Whether its names exist is known only with a plan: see
// Validate.
func LoadCriteria(file string) (*Criteria, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, fmt.Errorf("criteria: %w", err)
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxCriteriaBytes+1))
	if err != nil {
		return nil, fmt.Errorf("criteria: %w", err)
	}
	if len(b) > maxCriteriaBytes {
		return nil, fmt.Errorf("criteria: %s is over %d bytes", file, maxCriteriaBytes)
	}
	return ParseCriteria(file, b)
}

// ParseCriteria is LoadCriteria for bytes; name stands for the file in errors.
func ParseCriteria(name string, b []byte) (*Criteria, error) {
	l := &loader{file: name}
	var doc yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(b))
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF):
		l.problem(1, "it holds no entries: leave it away to judge by the defaults")
	case err != nil:
		l.problem(0, "%s", strings.TrimPrefix(err.Error(), "yaml: "))
	default:
		l.document(&doc)
		if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
			l.problem(0, "it holds more than one YAML document")
		}
	}
	if len(l.problems) > 0 {
		return nil, &CriteriaError{l.problems}
	}
	return &Criteria{Entries: l.entries, file: name}, nil
}

// loader reads a criteria file node by node, so that every problem has a line.
type loader struct {
	file     string
	entries  []Entry
	problems []Problem
}

func (l *loader) problem(line int, format string, args ...any) {
	l.problems = append(l.problems, Problem{l.file, line, fmt.Sprintf(format, args...)})
}

func (l *loader) document(doc *yaml.Node) {
	if len(doc.Content) != 1 {
		l.problem(1, "it holds no entries: leave it away to judge by the defaults")
		return
	}
	root := doc.Content[0]
	if root.Kind == yaml.SequenceNode {
		l.list(root)
		return
	}
	seen := false
	l.mapping(root, []string{"entries"}, func(_ string, v *yaml.Node) {
		seen = true
		l.list(v)
	})
	if root.Kind == yaml.MappingNode && !seen {
		l.problem(root.Line, "entries is missing")
	}
}

func (l *loader) list(n *yaml.Node) {
	if n.Kind != yaml.SequenceNode {
		l.problem(n.Line, "entries: a list was expected, got %s", nodeKind(n))
		return
	}
	for _, item := range n.Content {
		l.entry(item)
	}
}

// mapping calls yield for every known key of a mapping; unknown and repeated
// keys, and everything that is no mapping, are problems.
func (l *loader) mapping(n *yaml.Node, known []string, yield func(key string, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		l.problem(n.Line, "keys were expected (%s), got %s", strings.Join(known, ", "), nodeKind(n))
		return
	}
	seen := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		switch {
		case seen[k.Value]:
			l.problem(k.Line, "key %q is there twice", k.Value)
		case !contains(known, k.Value):
			l.problem(k.Line, "unknown key %q%s; known are %s", k.Value, didYouMean(k.Value, known), strings.Join(known, ", "))
		default:
			yield(k.Value, v)
		}
		seen[k.Value] = true
	}
}

var entryKeys = []string{"check", "scenario", "tags", "subject", "limit", "tolerate", "accept_flaky", "reason"}

func (l *loader) entry(n *yaml.Node) {
	e := Entry{line: n.Line}
	before := len(l.problems)
	l.mapping(n, entryKeys, func(key string, v *yaml.Node) {
		switch key {
		case "check":
			e.Check = l.text(key, v)
		case "scenario":
			e.Scenario = l.text(key, v)
		case "tags":
			e.Tags = l.text(key, v)
		case "subject":
			e.Subject = l.text(key, v)
		case "limit":
			e.Limit = l.limit(v)
		case "tolerate":
			e.Tolerate = l.yes(key, v)
		case "accept_flaky":
			e.AcceptFlaky = l.yes(key, v)
		case "reason":
			e.Reason = l.text(key, v)
		}
	})
	if len(l.problems) == before {
		for _, p := range e.problems() {
			l.problem(n.Line, "%s", p)
		}
	}
	if e.Tags != "" {
		e.tags, _ = tagexpr.Parse(e.Tags) // problems has complained
	}
	l.entries = append(l.entries, e)
}

// problems says what is wrong with an entry by itself.
func (e *Entry) problems() []string {
	var out []string
	does := 0
	for _, set := range []bool{e.Limit != nil, e.Tolerate, e.AcceptFlaky} {
		if set {
			does++
		}
	}
	if does != 1 {
		out = append(out, "an entry has exactly one of limit, tolerate: true and accept_flaky: true")
	}
	if strings.TrimSpace(e.Reason) == "" {
		out = append(out, "reason is missing: whoever reads the verdict must know why")
	}
	if e.Limit != nil && e.Check == "" {
		out = append(out, "a limit needs the check that it is for")
	}
	if e.Tolerate && e.Check == "" && e.Scenario == "" && e.Tags == "" && e.Subject == "" {
		out = append(out, "it would tolerate everything: name a check, scenario, tags or subject")
	}
	if e.AcceptFlaky && (e.Scenario == "" || e.Check != "") {
		out = append(out, "accept_flaky is for a scenario that is named, and for no check")
	}
	if e.Tags != "" {
		switch tags, err := tagexpr.Parse(e.Tags); {
		case err != nil:
			out = append(out, fmt.Sprintf("tags: %q is no tag expression: %v; write it as in %s", e.Tags, err, tagexpr.Example))
		case e.Tolerate && e.Check == "" && e.Scenario == "" && e.Subject == "" && tags.Matches(nil):
			out = append(out, "it would tolerate nearly everything, as scenarios with none of its tags match: name a tag that must be there, a check, scenario or subject")
		}
	}
	return out
}

func (l *loader) text(key string, n *yaml.Node) string {
	if n.Kind != yaml.ScalarNode || n.Tag != "!!str" || strings.TrimSpace(n.Value) == "" {
		l.problem(n.Line, "%s: a text was expected, got %s", key, nodeKind(n))
		return ""
	}
	return n.Value
}

func (l *loader) yes(key string, n *yaml.Node) bool {
	var b bool
	if n.Tag != "!!bool" || n.Decode(&b) != nil || !b {
		l.problem(n.Line, "%s: true was expected, or leave it away, got %s", key, nodeKind(n))
		return false
	}
	return true
}

func (l *loader) limit(n *yaml.Node) *rundir.Value {
	var v rundir.Value
	switch {
	case n.Kind == yaml.ScalarNode && (n.Tag == "!!int" || n.Tag == "!!float"):
		var f float64
		if n.Decode(&f) == nil {
			v = rundir.Number(f)
		}
	case n.Kind == yaml.ScalarNode && n.Tag == "!!str" && n.Value != "":
		v = rundir.Text(n.Value)
	case n.Kind == yaml.SequenceNode && len(n.Content) > 0:
		var texts []string
		for _, item := range n.Content {
			texts = append(texts, l.text("limit", item))
		}
		v = rundir.Texts(texts...)
	}
	if bad := badLimit(&v); bad != "" {
		l.problem(n.Line, "limit: a number, a text or a list of texts was expected, got %s", nodeKind(n))
		return nil
	}
	return &v
}

func nodeKind(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys"
	case yaml.SequenceNode:
		return "a list"
	case yaml.AliasNode:
		return "an alias"
	}
	if n.Value == "" || n.Tag == "!!null" {
		return "nothing"
	}
	return fmt.Sprintf("%q", n.Value)
}
