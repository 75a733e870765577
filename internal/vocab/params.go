package vocab

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	cucumberexpressions "github.com/cucumber/cucumber-expressions/go/v18"
)

// Args are the typed arguments of a matched sentence, in the order of its
// parameters. The accessors panic on a wrong index or type: the expression
// beside the handler says which they are, and a test runs every example.
type Args []any

// Int returns argument i of type {int}.
func (a Args) Int(i int) int { return a[i].(int) }

// Text returns argument i of a textual type.
func (a Args) Text(i int) string { return a[i].(string) }

// Duration returns argument i of type {duration}.
func (a Args) Duration(i int) time.Duration { return a[i].(time.Duration) }

// Ordinal returns argument i of type {ordinal}, counted from 0.
func (a Args) Ordinal(i int) int { return a[i].(int) }

// Receiving reports whether argument i of type {system} is the receiving
// system of a link.
func (a Args) Receiving(i int) bool { return strings.Contains(a[i].(string), "receiving") }

var ordinals = []string{"first", "second", "third", "fourth", "fifth"}

// Scripts are the values of {script} with the Specific Character Set each
// stands for (PS3.3 C.12.1.1.2).
var Scripts = []struct {
	Name         string
	CharacterSet []string
}{
	{"Latin with accents", []string{"ISO_IR 100"}},
	{"Chinese (UTF-8)", []string{"ISO_IR 192"}},
	{"Chinese (GB18030)", []string{"GB18030"}},
	{"Chinese (ISO 2022)", []string{"", "ISO 2022 IR 58"}},
	{"Tamil (UTF-8)", []string{"ISO_IR 192"}},
}

// Traits are the values of {trait}: what images can carry beside the ordinary.
var Traits = []string{
	"private elements", "nested sequences", "long texts", "empty optional values",
	"identifiers of the greatest length", "exact decimal numbers", "inverted grey values",
	"a time zone", "leading spaces",
}

// Attributes are the values of {attribute}: what an answer is compared in.
var Attributes = []string{
	"the patient's name", "the study description", "the study date", "the study time", "the accession number",
}

func parameterTypes() (*cucumberexpressions.ParameterTypeRegistry, error) {
	registry := cucumberexpressions.NewParameterTypeRegistry()
	var scripts []string
	for _, s := range Scripts {
		scripts = append(scripts, s.Name)
	}
	for _, p := range []struct {
		name, pattern string
		value         func(string) any
	}{
		{"duration", `\d+ (?:milliseconds?|seconds?|minutes?|hours?)`, duration},
		{"ordinal", strings.Join(ordinals, "|"), ordinal},
		{"script", oneOf(scripts), nil},
		{"trait", oneOf(Traits), nil},
		{"attribute", oneOf(Attributes), nil},
		{"retrieve", `C-MOVE|C-GET`, nil},
		{"encoding", `Implicit VR Little Endian|Explicit VR Little Endian`, nil},
		{"system", `the receiving system|the system under test|the system`, nil},
		{"modality", `[A-Z]{2}`, nil},
	} {
		value := p.value
		t, err := cucumberexpressions.NewParameterType(p.name, []*regexp.Regexp{regexp.MustCompile(p.pattern)}, "string",
			func(groups ...*string) any {
				if value == nil {
					return *groups[0]
				}
				return value(*groups[0])
			}, false, false, false)
		if err != nil {
			return nil, err
		}
		if err := registry.DefineParameterType(t); err != nil {
			return nil, err
		}
	}
	return registry, nil
}

func oneOf(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = regexp.QuoteMeta(v)
	}
	return strings.Join(quoted, "|")
}

func ordinal(s string) any {
	for i, o := range ordinals {
		if o == s {
			return i
		}
	}
	return fmt.Errorf("unknown ordinal %q", s)
}

// duration reads "30 seconds". A number too large for a time is an error value.
func duration(s string) any {
	number, unit, _ := strings.Cut(s, " ")
	n, err := strconv.ParseInt(number, 10, 32)
	if err != nil {
		return fmt.Errorf("%s is too long a time", s)
	}
	units := map[string]time.Duration{
		"millisecond": time.Millisecond, "second": time.Second, "minute": time.Minute, "hour": time.Hour,
	}
	return time.Duration(n) * units[strings.TrimSuffix(unit, "s")]
}
