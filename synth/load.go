package synth

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed recipes/*.yaml
var shipped embed.FS

// Recipes returns the shipped catalogue in a fixed order. The slice is the
// caller's; what its recipes hold is shared and must not be changed.
func Recipes() []Recipe { return slices.Clone(catalogue()) }

// WithShipped returns the shipped recipes and those of a user: one that has the
// name of a shipped one stands in its place, the others follow.
func WithShipped(own []Recipe) []Recipe {
	out := Recipes()
	for _, r := range own {
		at := slices.IndexFunc(out, func(s Recipe) bool { return strings.EqualFold(s.Name, r.Name) })
		if at < 0 {
			out = append(out, r)
		} else {
			out[at] = r
		}
	}
	return out
}

// catalogue is read once. That it has no problem is held by a test.
var catalogue = sync.OnceValue(func() []Recipe {
	var out []Recipe
	files, err := fs.Glob(shipped, "recipes/*.yaml")
	if err != nil {
		return nil
	}
	for _, f := range files {
		text, err := shipped.ReadFile(f)
		if err != nil {
			continue
		}
		recipes, err := Load(f, text)
		if err != nil {
			continue
		}
		out = append(out, recipes...)
	}
	return out
})

// ShippedRecipes returns the text of the shipped catalogue, to be copied and
// changed.
func ShippedRecipes() string {
	var b strings.Builder
	files, err := fs.Glob(shipped, "recipes/*.yaml")
	if err != nil {
		return ""
	}
	for _, f := range files {
		text, err := shipped.ReadFile(f)
		if err == nil {
			b.Write(text)
			b.WriteString("\n")
		}
	}
	return b.String()
}

// problem is one thing that is wrong in a file of recipes.
type problem struct {
	line int
	what string
}

// Load reads recipes from YAML, a list whose entries have the keys of Recipe.
// Its error names every problem with file and line. No two recipes may have one
// name.
func Load(file string, text []byte) ([]Recipe, error) {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil {
		return nil, fmt.Errorf("synth: %s: %w", file, err)
	}
	d := decoder{}
	var recipes []Recipe
	if doc.Kind == yaml.DocumentNode && len(doc.Content) == 1 && doc.Content[0].Kind == yaml.SequenceNode {
		for _, n := range doc.Content[0].Content {
			var r Recipe
			d.mapping(n, reflect.ValueOf(&r).Elem())
			r.line = n.Line
			recipes = append(recipes, r)
		}
	} else {
		d.bad(max(1, doc.Line), "found no list of recipes; begin each with \"- name: \"")
	}
	if len(d.problems) == 0 {
		names := map[string]int{}
		for _, r := range recipes {
			d.problems = append(d.problems, r.check()...)
			if first, twice := names[strings.ToLower(r.Name)]; twice {
				d.bad(r.line, "recipe %q has the name of the one in line %d", r.Name, first)
			}
			names[strings.ToLower(r.Name)] = r.line
		}
	}
	if len(d.problems) > 0 {
		return nil, joined(file, d.problems)
	}
	return recipes, nil
}

// joined makes one error of problems, in the order of their lines.
func joined(file string, problems []problem) error {
	slices.SortStableFunc(problems, func(a, b problem) int { return a.line - b.line })
	errs := make([]error, len(problems))
	for i, p := range problems {
		switch {
		case file != "" && p.line > 0:
			errs[i] = fmt.Errorf("synth: %s:%d: %s", file, p.line, p.what)
		default:
			errs[i] = errors.New("synth: " + p.what)
		}
	}
	return errors.Join(errs...)
}

// decoder fills recipes from YAML nodes, strictly: an unknown key, one written
// twice or a value of another type is a problem.
type decoder struct{ problems []problem }

func (d *decoder) bad(line int, format string, args ...any) {
	d.problems = append(d.problems, problem{line, fmt.Sprintf(format, args...)})
}

// mapping fills a struct whose fields have yaml keys.
func (d *decoder) mapping(n *yaml.Node, v reflect.Value) {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	if n.Kind != yaml.MappingNode {
		d.bad(n.Line, "found %q where keys and values were expected", n.Value)
		return
	}
	fields := map[string]int{}
	var keys []string
	for i := range v.NumField() {
		if key := v.Type().Field(i).Tag.Get("yaml"); key != "" {
			fields[key] = i
			keys = append(keys, key)
		}
	}
	written := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		at, ok := fields[key.Value]
		switch {
		case !ok:
			d.bad(key.Line, "unknown key %q%s", key.Value, meant(key.Value, keys))
		case written[key.Value]:
			d.bad(key.Line, "%q is written a second time; remove one", key.Value)
		default:
			written[key.Value] = true
			d.value(value, v.Field(at), key.Value)
		}
	}
}

// value fills one field.
func (d *decoder) value(n *yaml.Node, v reflect.Value, key string) {
	if n.Kind == yaml.AliasNode && n.Alias != nil {
		n = n.Alias
	}
	switch to := v.Addr().Interface().(type) {
	case *Count:
		d.count(n, to)
	case *Matrix:
		d.matrix(n, to)
	case *Range:
		d.span(n, to, key)
	case *[]Series:
		d.series(n, to)
	case *map[string]string:
		d.texts(n, to, key)
	case *[]string:
		*to = d.list(n, key)
	case *[]Trait:
		for _, s := range d.list(n, key) {
			*to = append(*to, Trait(s))
		}
	case *string:
		if n.Kind != yaml.ScalarNode {
			d.bad(n.Line, "%s: expected a text", key)
			return
		}
		*to = n.Value
	case *int:
		*to = d.number(n, key)
	case *float64:
		f, err := strconv.ParseFloat(n.Value, 64)
		if err != nil || n.Kind != yaml.ScalarNode {
			d.bad(n.Line, "%s: found %q, expected a number", key, n.Value)
		}
		*to = f
	case *bool:
		if err := n.Decode(to); err != nil {
			d.bad(n.Line, "%s: found %q, expected true or false", key, n.Value)
		}
	}
}

func (d *decoder) number(n *yaml.Node, key string) int {
	i, err := strconv.Atoi(n.Value)
	if err != nil || n.Kind != yaml.ScalarNode {
		d.bad(n.Line, "%s: found %q, expected a whole number", key, n.Value)
	}
	return i
}

func (d *decoder) list(n *yaml.Node, key string) []string {
	if n.Kind != yaml.SequenceNode {
		d.bad(n.Line, "%s: expected a list in brackets: [a, b]", key)
		return nil
	}
	var out []string
	for _, e := range n.Content {
		if e.Kind != yaml.ScalarNode {
			d.bad(e.Line, "%s: expected texts in the list", key)
			continue
		}
		out = append(out, e.Value)
	}
	return out
}

func (d *decoder) series(n *yaml.Node, to *[]Series) {
	if n.Kind != yaml.SequenceNode {
		d.bad(n.Line, "series: expected a list; begin each with \"- object: \"")
		return
	}
	for _, e := range n.Content {
		var s Series
		d.mapping(e, reflect.ValueOf(&s).Elem())
		s.line = e.Line
		*to = append(*to, s)
	}
}

func (d *decoder) texts(n *yaml.Node, to *map[string]string, key string) {
	if n.Kind != yaml.MappingNode {
		d.bad(n.Line, "%s: expected keywords and values: {KVP: 120}", key)
		return
	}
	*to = map[string]string{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		if v.Kind != yaml.ScalarNode {
			d.bad(v.Line, "%s: %s: expected a text or number", key, k.Value)
			continue
		}
		(*to)[k.Value] = v.Value
	}
}

// count reads 2, {mean: 45, spread: even} or {mean: 800, spread: lognormal, most: 10000}.
func (d *decoder) count(n *yaml.Node, to *Count) {
	if n.Kind == yaml.ScalarNode {
		to.Mean = d.number(n, "images")
		return
	}
	var long struct {
		Mean   int    `yaml:"mean"`
		Spread string `yaml:"spread"`
		Most   int    `yaml:"most"`
	}
	d.mapping(n, reflect.ValueOf(&long).Elem())
	*to = Count{Mean: long.Mean, Spread: Spread(long.Spread), Most: long.Most}
}

// matrix reads 512x640.
func (d *decoder) matrix(n *yaml.Node, to *Matrix) {
	columns, rows, ok := strings.Cut(strings.ReplaceAll(n.Value, " ", ""), "x")
	c, err := strconv.Atoi(columns)
	r, err2 := strconv.Atoi(rows)
	if !ok || err != nil || err2 != nil || n.Kind != yaml.ScalarNode {
		d.bad(n.Line, "matrix: found %q, expected columns x rows: 512x640", n.Value)
		return
	}
	*to = Matrix{c, r}
}

// span reads 60 or {from: 30, to: 120}.
func (d *decoder) span(n *yaml.Node, to *Range, key string) {
	if n.Kind == yaml.ScalarNode {
		i := d.number(n, key)
		*to = Range{i, i}
		return
	}
	var long struct {
		From int `yaml:"from"`
		To   int `yaml:"to"`
	}
	d.mapping(n, reflect.ValueOf(&long).Elem())
	*to = Range{long.From, long.To}
}
