package volume

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxProfileBytes bounds a profile.
const maxProfileBytes = 1 << 20

// reader takes values out of YAML nodes and records what is wrong with them.
// What is asked of a node that is missing (nil) has been recorded before.
type reader struct{ problems }

// pair is one entry of a mapping.
type pair struct {
	key   string
	line  int
	value *yaml.Node
}

// document returns the root of the one document in text, nil if there is none.
func (r *reader) document(text []byte) *yaml.Node {
	if len(text) > maxProfileBytes {
		r.add(1, "", "longer than %d bytes; expected a profile of the volume", maxProfileBytes)
		return nil
	}
	d := yaml.NewDecoder(bytes.NewReader(text))
	var doc, more yaml.Node
	switch err := d.Decode(&doc); {
	case errors.Is(err, io.EOF) || err == nil && len(doc.Content) == 0:
		r.add(1, "", "holds nothing; begin with the shipped profile (pacsuat volume --print-profile)")
		return nil
	case err != nil:
		r.syntax(err)
		return nil
	}
	switch err := d.Decode(&more); {
	case err == nil:
		r.add(more.Line, "", "a second document (---) begins; remove the line ---, or what follows it")
	case !errors.Is(err, io.EOF):
		r.syntax(err)
	}
	return doc.Content[0]
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

func (r *reader) syntax(err error) {
	text, line := err.Error(), 1
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	r.add(line, "", "not YAML: %s; look at this line and the one before: spaces in front (never tabs), colons followed by a space, closed quotes and braces",
		strings.TrimPrefix(text, "yaml: "))
}

func plain(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// pairs returns the entries of a mapping, without those that are there twice.
func (r *reader) pairs(n *yaml.Node, path, what string) []pair {
	if n = plain(n); n == nil {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		r.add(n.Line, path, "found %s; expected %s", describe(n), what)
		return nil
	}
	var out []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode || k.ShortTag() == "!!merge" {
			r.add(k.Line, path, "found %s as a key; write every key out", describe(k))
			continue
		}
		if slices.ContainsFunc(out, func(p pair) bool { return p.key == k.Value }) {
			r.add(k.Line, join(path, k.Value), "written a second time; remove one of them")
			continue
		}
		out = append(out, pair{k.Value, k.Line, n.Content[i+1]})
	}
	return out
}

// fields returns the values of a mapping by their keys, which are those
// required and, where they are there, the optional ones.
func (r *reader) fields(n *yaml.Node, path string, required []string, optional ...string) map[string]*yaml.Node {
	if n = plain(n); n == nil {
		return nil
	}
	known := slices.Concat(required, optional)
	found := r.pairs(n, path, "keys and values: "+strings.Join(known, ", "))
	if n.Kind != yaml.MappingNode {
		return nil
	}
	out := map[string]*yaml.Node{}
	for _, p := range found {
		if !slices.Contains(known, p.key) {
			r.add(p.line, path, "unknown key %q; expected %s%s", clip(p.key), strings.Join(known, ", "), suggest(p.key, known))
			continue
		}
		out[p.key] = p.value
	}
	for _, key := range required {
		if out[key] == nil {
			hint := "write it"
			if key == "source" {
				hint = "write where the number is from, \"[A]\" if it is an assumption"
			}
			r.add(n.Line, join(path, key), "is missing; %s", hint)
		}
	}
	return out
}

// sourced returns the fields of a parameter that stands beside its source.
func (r *reader) sourced(n *yaml.Node, path string, required []string, optional ...string) map[string]*yaml.Node {
	f := r.fields(n, path, append(slices.Clone(required), "source"), optional...)
	if s := f["source"]; s != nil {
		if r.text(s, join(path, "source")) == "" {
			r.add(s.Line, join(path, "source"), "is empty; write where the number is from, \"[A]\" if it is an assumption")
		}
	}
	return f
}

// parameter returns the node of a parameter's value.
func (r *reader) parameter(n *yaml.Node, path string) *yaml.Node {
	return r.sourced(n, path, []string{"value"})["value"]
}

// text returns a text of one line, "" if it is none.
func (r *reader) text(n *yaml.Node, path string) string {
	if n = plain(n); n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!str" {
		r.add(n.Line, path, "found %s; expected a text in quotes", describe(n))
		return "?" // so that it is not reported as empty too
	}
	return strings.Join(strings.Fields(n.Value), " ")
}

// number returns a number from low to high.
func (r *reader) number(n *yaml.Node, path string, low, high decimal) decimal {
	if n = plain(n); n == nil {
		return 0
	}
	expected := fmt.Sprintf("expected a number from %s to %s", low, high)
	if n.Kind != yaml.ScalarNode || n.ShortTag() != "!!int" && n.ShortTag() != "!!float" {
		r.add(n.Line, path, "found %s; %s", describe(n), expected)
		return 0
	}
	v, err := parseDecimal(n.Value)
	switch {
	case err != nil:
		r.add(n.Line, path, "%s is %v; %s", clip(n.Value), err, expected)
		return 0
	case v < low || v > high:
		r.add(n.Line, path, "is %s; %s", v, expected)
		return 0
	}
	return v
}

// value returns the number of a parameter.
func (r *reader) value(n *yaml.Node, path string, low, high decimal) decimal {
	return r.number(r.parameter(n, path), path, low, high)
}

// numbers returns a list of numbers; nil if it is not one.
func (r *reader) numbers(n *yaml.Node, path string, length int, low, high decimal) []decimal {
	if n = plain(n); n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode || len(n.Content) != length {
		found := describe(n)
		if n.Kind == yaml.SequenceNode {
			found = fmt.Sprintf("%d numbers", len(n.Content))
		}
		r.add(n.Line, path, "found %s; expected a list of %d numbers: [..., ...]", found, length)
		return nil
	}
	out := make([]decimal, length)
	before := len(r.list)
	for i, item := range n.Content {
		out[i] = r.number(item, fmt.Sprintf("%s[%d]", path, i), low, high)
	}
	if len(r.list) > before {
		return nil
	}
	return out
}

// share returns one share in per cent.
func (r *reader) share(n *yaml.Node, path string) decimal { return r.number(n, path, 0, hundred) }

// sum demands that shares add up to 100 within 0.1, as rounded ones may. All
// draws go by what they add up to.
func (r *reader) sum(line int, path string, shares ...decimal) decimal {
	var sum decimal
	for _, s := range shares {
		sum += s
	}
	if sum < hundred-percent/10 || sum > hundred+percent/10 {
		r.add(line, path, "the shares add up to %s; expected 100 (within 0.1): change them by %s in all", sum, hundred-sum)
	}
	return sum
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// describe says in words what a node holds.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "keys and values"
	case yaml.SequenceNode:
		return "a list"
	}
	switch n.ShortTag() {
	case "!!null":
		return "nothing"
	case "!!str":
		return fmt.Sprintf("the text %q", clip(n.Value))
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	}
	return fmt.Sprintf("the value %q", clip(n.Value))
}
