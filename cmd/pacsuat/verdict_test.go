package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// verdict.json holds what other programs were promised.
func TestVerdictFields(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "run")
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--systems", "north-bk,east-bk", "--scenario", echoing, "--sim-fault", "north-bk=echo-fails", "--out", dir)...)
	if r.code != 1 {
		t.Fatal(r)
	}
	text, err := os.ReadFile(filepath.Join(dir, "verdict.json"))
	if err != nil {
		t.Fatal(err)
	}
	var v struct {
		Schema   string `json:"schema"`
		Gate     string `json:"gate"`
		Systems  []any  `json:"systems"`
		Features []any  `json:"features"`
		Cells    []struct {
			System    string         `json:"system"`
			Feature   string         `json:"feature"`
			Verdict   string         `json:"verdict"`
			Scenarios map[string]int `json:"scenarios"`
		} `json:"cells"`
		Scenarios []map[string]any `json:"scenarios"`
	}
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	if v.Schema != "pacsuat/verdict/1" || v.Gate != "no-go" || len(v.Systems) != 2 || len(v.Features) != 2 || len(v.Cells) != 4 || len(v.Scenarios) != 4 {
		t.Fatalf("%s", text)
	}
	for _, c := range v.Cells {
		want := "pass"
		if c.System == "north-bk" && c.Feature == "small.feature" {
			want = "fail"
		}
		if c.Verdict != want || c.Scenarios["planned"] != 1 || c.Scenarios[want] != 1 {
			t.Errorf("%+v, want %s", c, want)
		}
	}
	for _, s := range v.Scenarios {
		for _, field := range []string{"id", "system", "feature", "scenario", "verdict", "severity"} {
			if text, ok := s[field].(string); !ok || text == "" {
				t.Errorf("%s is %v in %v", field, s[field], s)
			}
		}
		reason, ok := s["reason"].(string)
		if !ok || (reason == "") != (s["verdict"] == "pass") {
			t.Errorf("a scenario that is %v has the reason %q", s["verdict"], reason)
		}
	}
}
