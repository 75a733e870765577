package enterprise

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFileBytes bounds a description.
const maxFileBytes = 4 << 20

// Load reads, parses and validates a description. The error is *Problems unless
// the file can't be read.
func Load(file string) (*Enterprise, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	return Parse(file, data)
}

// Parse parses and validates a description, and fills in defaults. The name is
// the file's, for messages. The error is *Problems and lists everything that is
// wrong, unless the text is no YAML at all: then it says where it ceases to be.
func Parse(name string, data []byte) (*Enterprise, error) {
	src := &source{file: name, lines: map[string]int{}}
	c := newProblems(src)
	root := document(c, data)
	if root == nil {
		return nil, c.err()
	}
	e := &Enterprise{source: src}
	d := &decoder{problems: c}
	d.value(root, root.Line, reflect.ValueOf(e).Elem(), "")
	if root.Kind == yaml.MappingNode {
		e.validate(c)
	}
	if err := c.err(); err != nil {
		return nil, err
	}
	e.ApplyDefaults()
	return e, nil
}

// document returns the root of the one YAML document in data, or nil with the
// problem recorded.
func document(c *problems, data []byte) *yaml.Node {
	if len(data) > maxFileBytes {
		c.add("", Problem{What: fmt.Sprintf("longer than %d bytes", maxFileBytes), Expected: "the description of a cluster"})
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) || err == nil && (len(doc.Content) == 0 || isNull(doc.Content[0])) {
		c.add("", Problem{Line: 1, What: "holds nothing", Expected: "the description of a cluster", Do: "begin with the shipped example"})
		return nil
	}
	if err == nil {
		if err = dec.Decode(&more); errors.Is(err, io.EOF) {
			return doc.Content[0]
		}
		if err == nil {
			c.add("", Problem{Line: more.Line, What: "a second document (---) begins", Expected: "one", Do: "remove the line ---, or what follows it"})
			return nil
		}
	}
	c.add("", syntaxProblem(err))
	return nil
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): `)

// syntaxProblem turns the YAML library's error into ours.
func syntaxProblem(err error) Problem {
	text := err.Error()
	p := Problem{Do: "look at this line and the one before: spaces in front (never tabs), colons followed by a space, closed quotes"}
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		p.Line, _ = strconv.Atoi(m[1])
		text = text[len(m[0]):]
	}
	p.What = "not YAML: " + strings.TrimPrefix(text, "yaml: ")
	return p
}

// Validate checks a description made in Go as Parse checks a file. Apply
// defaults first. The error is *Problems, without lines.
func (e *Enterprise) Validate() error {
	c := newProblems(nil) // it may have been changed since it was parsed
	e.validate(c)
	return c.err()
}

// Marshal returns the description as YAML that parses back to the same value.
// Comments are not kept. A description that is not valid is an error.
func (e *Enterprise) Marshal() ([]byte, error) {
	if err := e.Validate(); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	enc := yaml.NewEncoder(&b)
	enc.SetIndent(2)
	if err := enc.Encode(e); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// Equal reports whether two descriptions say the same, wherever they were read.
func (e *Enterprise) Equal(o *Enterprise) bool {
	if e == nil || o == nil {
		return e == o
	}
	a, b := *e, *o
	a.source, b.source = nil, nil
	return reflect.DeepEqual(a, b)
}

// Clone returns a deep copy, which may be changed without changing e. It knows
// no lines of a file: what is changed is no longer what was read.
func (e *Enterprise) Clone() *Enterprise {
	c := *e
	c.source = nil
	v := reflect.ValueOf(&c).Elem()
	for i := range v.NumField() {
		if f := v.Field(i); f.CanSet() {
			f.Set(deepCopy(f))
		}
	}
	return &c
}

func deepCopy(v reflect.Value) reflect.Value {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return v
		}
		p := reflect.New(v.Type().Elem())
		p.Elem().Set(deepCopy(v.Elem()))
		return p
	case reflect.Slice:
		if v.IsNil() {
			return v
		}
		s := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		for i := range v.Len() {
			s.Index(i).Set(deepCopy(v.Index(i)))
		}
		return s
	case reflect.Struct:
		s := reflect.New(v.Type()).Elem()
		for i := range v.NumField() {
			s.Field(i).Set(deepCopy(v.Field(i)))
		}
		return s
	}
	return v
}
