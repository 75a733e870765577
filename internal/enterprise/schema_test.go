package enterprise

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

func compiled(t *testing.T) *jsonschema.Schema {
	t.Helper()
	b, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("enterprise.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("enterprise.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validateYAML applies the schema to YAML, as an editor does.
func validateYAML(t *testing.T, s *jsonschema.Schema, text []byte) error {
	t.Helper()
	var v any
	if err := yaml.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	v, err = jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return s.Validate(v)
}

func TestSchema(t *testing.T) {
	t.Parallel()
	s := compiled(t)
	for name, text := range map[string][]byte{"example": ExampleYAML, "small": []byte(small)} {
		if err := validateYAML(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	marshalled, err := Example().Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if err := validateYAML(t, s, marshalled); err != nil {
		t.Errorf("the example, marshalled: %v", err)
	}

	// What one file can show an editor, the schema refuses as Parse does.
	refused := 0
	for _, test := range problemTests {
		switch test.name {
		case "unknown key", "suggestion", "simulated", "missing key", "number for text", "text for number", "yes",
			"unknown role", "unknown kind", "unknown link kind", "long AE title", "port 0", "port too large",
			"negative exams", "negative budget", "zero budget", "no reason", "share in percent", "root as a number", "bad root":
			refused++
			if err := validateYAML(t, s, []byte(test.yaml())); err == nil {
				t.Errorf("%s: the schema accepts it", test.name)
			}
		}
	}
	if refused != 20 {
		t.Errorf("%d problems were tried", refused)
	}
	clear := bytes.Replace([]byte(small), []byte("port: 105}"), []byte("port: 105, tls: {key: hunter2}}"), 1)
	if err := validateYAML(t, s, clear); err == nil {
		t.Error("the schema accepts a secret in clear")
	}
}

// TestSchemaDescribesEverything holds every key to a description: it is all that
// an administrator sees in an editor.
func TestSchemaDescribesEverything(t *testing.T) {
	t.Parallel()
	b, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Description string
			Properties  map[string]struct{ Description string }
		} `json:"$defs"`
	}
	if err := json.Unmarshal(b, &schema); err != nil {
		t.Fatal(err)
	}
	if len(schema.Defs) < 15 {
		t.Errorf("only %d types", len(schema.Defs))
	}
	for name, def := range schema.Defs {
		if def.Description == "" {
			t.Errorf("%s has no description", name)
		}
		for key, p := range def.Properties {
			if p.Description == "" {
				t.Errorf("%s.%s has no description", name, key)
			}
		}
	}
}
