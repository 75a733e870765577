package enterprise

import (
	_ "embed"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"strings"

	"github.com/invopop/jsonschema"
)

// typesSource is types.go, whose comments are the schema's descriptions: what
// an editor shows an administrator and what a developer reads are one text.
//
//go:embed types.go
var typesSource string

// Schema returns the JSON Schema (draft 2020-12) of a description, for editors.
// What it can't express, Parse checks: names that must exist, addresses that
// must differ.
func Schema() ([]byte, error) {
	comments, err := fieldComments()
	if err != nil {
		return nil, err
	}
	r := jsonschema.Reflector{
		Anonymous:     true,
		FieldNameTag:  "yaml",
		LookupComment: func(t reflect.Type, field string) string { return comments[t.Name()+"."+field] },
		Mapper:        mapType,
	}
	s := r.Reflect(&Enterprise{})
	s.Title = "pacsuat enterprise description"
	b, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}

// mapType returns the schema of the types that are not what they look like.
func mapType(t reflect.Type) *jsonschema.Schema {
	if t == reflect.TypeFor[Secret]() {
		return &jsonschema.Schema{Type: "string", Pattern: "^(env|file):.*\\S"}
	}
	if e, ok := reflect.Zero(t).Interface().(enum); ok {
		s := &jsonschema.Schema{Type: "string"}
		for _, v := range e.values() {
			s.Enum = append(s.Enum, v)
		}
		return s
	}
	return nil
}

// fieldComments returns the comments of types.go by "Type.Field", and those of
// the types themselves by "Type.".
func fieldComments() (map[string]string, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "types.go", typesSource, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	comments := map[string]string{}
	text := func(g *ast.CommentGroup) string { return strings.Join(strings.Fields(g.Text()), " ") }
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.TYPE {
			continue
		}
		for _, spec := range gen.Specs {
			typ, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			comments[typ.Name.Name+"."] = text(gen.Doc)
			st, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range st.Fields.List {
				for _, name := range f.Names {
					comments[typ.Name.Name+"."+name.Name] = text(f.Doc)
				}
			}
		}
	}
	return comments, nil
}
