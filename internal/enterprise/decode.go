package enterprise

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"
)

// maxNodes bounds what a description may hold with its aliases followed, so
// that aliases of aliases don't multiply without end.
const maxNodes = 200_000

// decoder turns YAML nodes into the types of this package. Unlike yaml's own it
// knows the line of every value, lists every problem, and takes nothing for
// something else (a number for a text, a key written twice).
type decoder struct {
	*problems
	nodes int
}

// value fills v from n, which stands at the line. What has a problem is left as
// it was. The depth is that of the types, whatever the aliases.
func (d *decoder) value(n *yaml.Node, line int, v reflect.Value, path string) {
	for n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	d.src.lines[path] = line
	if d.nodes++; d.nodes > maxNodes {
		d.add("", Problem{Line: line, What: fmt.Sprintf("more than %d values, aliases followed", maxNodes), Do: "split the cluster"})
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		d.mapping(n, v, path)
	case reflect.Slice:
		d.sequence(n, v, path)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		d.value(n, line, p.Elem(), path)
		v.Set(p)
	default:
		d.scalar(n, v, path)
	}
}

// mapping fills the fields of a struct.
func (d *decoder) mapping(n *yaml.Node, v reflect.Value, path string) {
	keys := fieldsOf(v.Type())
	if n.Kind != yaml.MappingNode {
		d.add(path, Problem{What: "found " + describe(n), Expected: "keys and values: " + strings.Join(keyNames(keys), ", ")})
		return
	}
	written := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		name, ok := keyName(key)
		if !ok {
			d.note(path, Problem{Line: key.Line, What: "found " + describe(key) + " as a key", Expected: "one of " + strings.Join(keyNames(keys), ", "), Do: "write every key out, without merging"})
			continue
		}
		at := slices.IndexFunc(keys, func(f field) bool { return f.key == name })
		if at < 0 {
			d.note(path, d.unknownKey(name, key.Line, keys))
			continue
		}
		if first, twice := written[name]; twice {
			d.note(join(path, name), Problem{Line: key.Line, What: fmt.Sprintf("written a second time; the first is in line %d", first), Do: "remove one of them"})
			continue
		}
		written[name] = key.Line
		d.value(val, key.Line, v.Field(keys[at].index), join(path, name))
	}
	for _, f := range keys {
		if _, ok := written[f.key]; f.required && !ok {
			d.add(join(path, f.key), Problem{What: "is missing", Do: "write it; " + f.key + " is required"})
		}
	}
}

func (d *decoder) unknownKey(name string, line int, keys []field) Problem {
	p := Problem{Line: line, What: fmt.Sprintf("unknown key %q", clip(name)), Expected: "one of " + strings.Join(keyNames(keys), ", ")}
	p.DidYouMean = closest(name, keyNames(keys))
	switch {
	case name == "simulated":
		p.Do = "remove it: a description can't declare a system simulated, only the harness's own simulator is; what patients don't depend on is live: false"
	case p.DidYouMean == "":
		p.Do = "remove it"
	}
	return p
}

// sequence fills a slice. A key with nothing behind it is an empty list, since
// that is what is left when all entries are commented out.
func (d *decoder) sequence(n *yaml.Node, v reflect.Value, path string) {
	if isNull(n) {
		return
	}
	if n.Kind != yaml.SequenceNode {
		d.add(path, Problem{What: "found " + describe(n), Expected: "a list", Do: "begin each entry with \"- \""})
		return
	}
	if len(n.Content) == 0 || len(n.Content) > maxNodes-d.nodes {
		d.nodes += len(n.Content)
		if len(n.Content) > 0 {
			d.add(path, Problem{What: fmt.Sprintf("more than %d values, aliases followed", maxNodes), Do: "split the cluster"})
		}
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.Content), len(n.Content)))
	for i, item := range n.Content {
		d.value(item, item.Line, v.Index(i), fmt.Sprintf("%s[%d]", path, i))
	}
}

// scalar fills a text, number or truth value.
func (d *decoder) scalar(n *yaml.Node, v reflect.Value, path string) {
	if v.Type() == reflect.TypeFor[Secret]() {
		d.secret(n, v, path)
		return
	}
	wrong := func(expected, do string) {
		d.add(path, Problem{What: "found " + describe(n), Expected: expected, Do: do})
	}
	tag := n.ShortTag()
	if n.Kind != yaml.ScalarNode {
		tag = "" // fits nothing
	}
	switch v.Kind() {
	case reflect.String:
		if tag != "!!str" {
			do := ""
			if isNull(n) {
				do = "put it in quotes if it begins with #"
			} else if n.Kind == yaml.ScalarNode && n.Style == 0 {
				do = fmt.Sprintf("put it in quotes: %q", clip(n.Value))
			}
			wrong("a text", do)
			return
		}
		s := plainText(n)
		if i := strings.IndexFunc(s, unprintable); i >= 0 {
			d.add(path, Problem{What: fmt.Sprintf("holds a character that can't be printed, at position %d", i+1), Expected: "one line of text"})
			return
		}
		if e, ok := v.Interface().(enum); ok && !slices.Contains(e.values(), s) {
			p := Problem{What: fmt.Sprintf("%q is not known", clip(s)), Expected: "one of " + strings.Join(e.values(), ", ")}
			p.DidYouMean = closest(s, e.values())
			d.add(path, p)
			return
		}
		v.SetString(s)
	case reflect.Bool:
		if tag != "!!bool" || n.Value != "true" && n.Value != "false" {
			wrong("true or false", "")
			return
		}
		v.SetBool(n.Value == "true")
	case reflect.Int, reflect.Int64:
		i, err := strconv.ParseInt(strings.ReplaceAll(n.Value, "_", ""), 10, 64)
		// 010 is ten to a person and eight to YAML.
		if tag != "!!int" || err != nil || v.OverflowInt(i) || leadingZero(n.Value) {
			wrong("a whole number", "write it in decimal digits, without quotes and leading zeros")
			return
		}
		v.SetInt(i)
	case reflect.Float64:
		f, err := strconv.ParseFloat(strings.ReplaceAll(n.Value, "_", ""), 64)
		finite := err == nil && f-f == 0
		if tag != "!!int" && tag != "!!float" || !finite || leadingZero(n.Value) {
			wrong("a number", "write it in decimal digits, without quotes and leading zeros")
			return
		}
		v.SetFloat(f)
	default: // a field of a kind that doc.go does not list
		wrong("nothing: this key can't be read by this version", "report this to the developers")
	}
}

// secret fills a reference. What is there instead of one may be the secret
// itself, so it is not repeated.
func (d *decoder) secret(n *yaml.Node, v reflect.Value, path string) {
	s := Secret(strings.TrimSpace(n.Value))
	_, _, ok := s.parts()
	if n.Kind != yaml.ScalarNode || !ok || strings.IndexFunc(string(s), unprintable) >= 0 {
		d.add(path, badSecret())
		return
	}
	v.SetString(string(s))
}

func badSecret() Problem {
	return Problem{
		What:     "not a reference to a secret (what is there is not shown)",
		Expected: "env:NAME or file:PATH",
		Do:       "move the secret into an environment variable or a file and name that; if it was a real one, change it",
	}
}

// field is one key of a mapping.
type field struct {
	key      string
	index    int
	required bool
}

func fieldsOf(t reflect.Type) []field {
	var fields []field
	for i := range t.NumField() {
		f := t.Field(i)
		if !f.IsExported() {
			continue
		}
		key, options, _ := strings.Cut(f.Tag.Get("yaml"), ",")
		fields = append(fields, field{key: key, index: i, required: options != "omitempty"})
	}
	return fields
}

func keyNames(fields []field) []string {
	names := make([]string, len(fields))
	for i, f := range fields {
		names[i] = f.key
	}
	return names
}

func keyName(n *yaml.Node) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.ShortTag() == "!!merge" {
		return "", false
	}
	return n.Value, true
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// plainText returns the value of a text. A block (> or |) is one line: its
// breaks are the writer's, not the text's.
func plainText(n *yaml.Node) string {
	if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		return strings.Join(strings.Fields(n.Value), " ")
	}
	return n.Value
}

func unprintable(r rune) bool { return !unicode.IsPrint(r) }

func leadingZero(s string) bool {
	s = strings.TrimLeft(s, "+-")
	return len(s) > 1 && s[0] == '0' && s[1] != '.' && s[1] != 'e' && s[1] != 'E'
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// describe says in words what a node holds.
func describe(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "keys and values"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	case isNull(n):
		return "nothing"
	}
	switch n.ShortTag() {
	case "!!str":
		return fmt.Sprintf("the text %q", clip(n.Value))
	case "!!int", "!!float":
		return "the number " + clip(n.Value)
	case "!!merge":
		return "<<"
	}
	return fmt.Sprintf("the value %q", clip(n.Value))
}

// clip shortens what is repeated in a message.
func clip(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
