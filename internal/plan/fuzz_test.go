package plan

import (
	"strings"
	"testing"

	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// FuzzParse: reading a feature never panics, and what is accepted checks
// something: every scenario has a Then, every sentence under it checks, and no
// step was lost between the text and the plan.
func FuzzParse(f *testing.F) {
	// Short seeds: what the engine finds it makes shorter, which takes it a
	// minute where a seed is as long as a shipped feature.
	for _, text := range []string{
		"Feature: a\n  Scenario: b\n    When the system is asked whether it is there\n    Then it answers within 2 seconds\n",
		"@storage\nFeature: a\n  Background:\n    Given a synthetic \"CR chest\" study of 1 image for a new patient\n\n  @minor @REQ-1\n  Scenario: b\n    When the study is sent again\n    Then every answer names the image that it answers\n",
		"Feature: a\n  Scenario Outline: b\n    When the system is asked <n> times on one association whether it is there\n    Then it answers every time\n    Examples:\n      | n |\n      | 2 |\n      | 3 |\n",
		"@for-forwards-to\nFeature: a\n  c\n  Rule: b\n    Scenario: c\n      * it answers every time\n",
		"# language: zh-CN\n功能: a\n", "Feature: a\n  Scenari: b\n    Givn c\n      \"\"\"\n", "\ufeffFeature:\r\n",
	} {
		f.Add(text)
	}
	v := vocab.Default()
	f.Fuzz(func(t *testing.T, text string) {
		var problems Problems
		feature := parse(Source{Path: "a.feature", Text: []byte(text)}, v, &problems)
		if problems.err() != nil {
			_ = problems.Error()
			return
		}
		if feature == nil || len(feature.scenarios) == 0 {
			t.Fatal("accepted, and nothing to test")
		}
		ids := map[string]bool{}
		for i := range feature.scenarios {
			s := &feature.scenarios[i]
			if ids[s.id] || s.line == 0 {
				t.Errorf("%q at line %d is there twice or nowhere", s.id, s.line)
			}
			ids[s.id] = true
			checks := 0
			for j, st := range s.steps {
				if st.Keyword == rundir.Then != (s.matches[j].Sentence.Keyword == vocab.Then) {
					t.Errorf("%q stands under %s", st.Text, st.Keyword)
				}
				if st.Keyword == rundir.Then {
					checks++
				}
			}
			if checks == 0 {
				t.Errorf("%s checks nothing", s.id)
			}
			demand(s, 1)
		}
		// Every line that reads as a step is one, or comes from a row.
		lines := 0
		for _, l := range strings.Split(text, "\n") {
			words := strings.Fields(l)
			if len(words) > 1 && nearest(words[0], stepKeywords) != "" && v.Knows(strings.Join(words[1:], " ")) {
				lines++
			}
		}
		steps := 0
		for _, s := range feature.scenarios {
			steps += len(s.steps)
		}
		if steps < lines {
			t.Errorf("%d lines read as steps, and %d steps are planned", lines, steps)
		}
	})
}
