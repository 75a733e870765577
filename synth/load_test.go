package synth

import (
	"io/fs"
	"strings"
	"testing"
)

// TestShippedRecipes proves that every shipped file is read without a problem,
// that all its recipes are in the catalogue, and each can be made.
func TestShippedRecipes(t *testing.T) {
	t.Parallel()
	files, err := fs.Glob(shipped, "recipes/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	n, names := 0, map[string]bool{}
	for _, f := range files {
		text, err := shipped.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		recipes, err := Load(f, text)
		if err != nil {
			t.Error(err)
		}
		for _, r := range recipes {
			n++
			if names[r.Name] {
				t.Errorf("%q is there twice", r.Name)
			}
			names[r.Name] = true
		}
	}
	if len(Recipes()) != n {
		t.Errorf("%d recipes are in the files and %d in the catalogue", n, len(Recipes()))
	}
	whole, err := Load("all", []byte(ShippedRecipes()))
	if err != nil || len(whole) != n {
		t.Errorf("printed and read again there are %d recipes: %v", len(whole), err)
	}
	if _, err := NewSizes(Recipes()); err != nil {
		t.Error(err)
	}
}

// TestLoadRefuses proves that each mistake is named with its line.
func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	const good = "- name: own\n  images: 2\n  series:\n    - object: CT\n      phantom: chest CT\n"
	if r, err := Load("own.yaml", []byte(good)); err != nil || len(r) != 1 || r[0].Series[0].Phantom != "chest CT" {
		t.Fatalf("%+v, %v", r, err)
	}
	for _, c := range []struct{ text, want string }{
		{"", "own.yaml:1: found no list of recipes"},
		{"a: b\n", "found no list of recipes"},
		{"- name: [own\n", "own.yaml"},
		{good + "      phantum: chest CT\n", `own.yaml:6: unknown key "phantum", did you mean "phantom"?`},
		{good + "      phantom: chest CT\n", "own.yaml:6: \"phantom\" is written a second time"},
		{good + "      matrix: 512\n", "own.yaml:6: matrix: found \"512\", expected columns x rows"},
		{good + "      matrix: 10x512\n", "own.yaml:4: recipe \"own\": series 1: matrix 10x512"},
		{good + "      frames: {from: 2, too: 3}\n", `unknown key "too", did you mean "to"?`},
		{good + "      frames: 3\n", "which has one only"},
		{good + "      signed: perhaps\n", "expected true or false"},
		{good + "      distinct: many\n", "expected a whole number"},
		{good + "      field_mm: wide\n", "expected a number"},
		{good + "      views: PA\n", "expected a list"},
		{good + "      views: [PA]\n", "has no view \"PA\""},
		{good + "      attributes: {KVP: [1]}\n", "KVP: expected a text or number"},
		{good + "      attributes: {Kvp: 120}\n", "no keyword of PS3.6"},
		{good + "      attributes: KVP\n", "expected keywords and values"},
		{good + "  images: {mean: 3, spread: wide}\n", "written a second time"},
		{strings.Replace(good, "images: 2", "images: {mean: 3, spread: wide}", 1), `images: spread "wide"`},
		{strings.Replace(good, "images: 2", "images: 0", 1), "own.yaml:1: recipe \"own\": images 0"},
		{strings.Replace(good, "  images: 2\n", "", 1), "images 0"},
		{strings.Replace(good, "object: CT", "object: CTT", 1), `own.yaml:4: recipe "own": series 1: no object is named "CTT", did you mean "CT"?`},
		{strings.Replace(good, "- name: own\n ", "-", 1), "it has no name"},
		{good + good, `own.yaml:6: recipe "own" has the name of the one in line 1`},
		{good + "  traits: [sparkle]\n", `no trait is named "sparkle"`},
		{good + "  laterality: B\n", "laterality"},
		{good + "  body_part: chest\n", "body_part"},
		{"- name: x\n  images: 1\n  series: [CT]\n", "own.yaml:3"},
		{"- name: x\n  images: 1\n", "it has no series"},
	} {
		_, err := Load("own.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q:\n got %v\nwant %s", c.text, err, c.want)
		}
	}
	// All at once, in the order of their lines.
	_, err := Load("own.yaml", []byte("- name: a\n  images: 0\n  series:\n    - {object: CT, distinct: -1}\n- name: b\n  images: 1\n  series: []\n"))
	if err == nil || strings.Count(err.Error(), "own.yaml:") != 3 || strings.Index(err.Error(), "own.yaml:1") > strings.Index(err.Error(), "own.yaml:5") {
		t.Errorf("not all problems at once: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(ShippedRecipes()))
	f.Add([]byte("- name: own\n  images: {mean: 3, most: 4}\n  series:\n    - {object: CT, matrix: 1x1}\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		recipes, err := Load("fuzz.yaml", text)
		if err == nil && len(recipes) == 0 {
			return // an empty list
		}
		for _, r := range recipes {
			if problems := r.check(); len(problems) > 0 {
				t.Errorf("read without a problem, yet %v", problems)
			}
		}
	})
}
