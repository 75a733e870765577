package plan

import (
	"strings"
	"testing"

	"pacsuat/features"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// FuzzParse: reading a feature never panics, and what is accepted checks
// something: every scenario has a Then, every sentence under it checks, and no
// step was lost between the text and the plan.
func FuzzParse(f *testing.F) {
	sources, err := ReadFS(features.FS)
	if err != nil {
		f.Fatal(err)
	}
	for _, s := range sources {
		f.Add(string(s.Text))
	}
	for _, s := range []string{sound, forSystemsText, forLinksText, "# language: zh-CN\n", "Feature: a\n  Rule: b\n  Scenario: c\n    * d\n"} {
		f.Add(s)
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
