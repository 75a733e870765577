package vocab

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestEveryExampleMatchesItsSentenceAlone(t *testing.T) {
	t.Parallel()
	v := Default()
	for _, s := range v.Sentences() {
		m, err := v.Match(s.Example)
		if err != nil {
			t.Errorf("%s: %v", s.ID, err)
			continue
		}
		if m.Sentence.ID != s.ID {
			t.Errorf("the example of %s matches %s", s.ID, m.Sentence.ID)
		}
		if s.Demand == nil {
			t.Errorf("%s has no demand", s.ID)
			continue
		}
		s.Demand(m.Args) // must not panic on its own arguments
		re, ok := v.Regexp(s.ID)
		if !ok {
			t.Errorf("%s has no expression", s.ID)
			continue
		}
		got := re.FindStringSubmatch(s.Example)
		if len(got) != 2 || got[1] != s.Example {
			t.Errorf("%s: the runner's expression captures %q, want the whole text once", s.ID, got)
		}
	}
}

func TestSentencesAreDescribed(t *testing.T) {
	t.Parallel()
	for _, s := range Default().Sentences() {
		if s.Purpose == "" || !strings.HasSuffix(s.Purpose, ".") {
			t.Errorf("%s: the purpose %q is not a sentence", s.ID, s.Purpose)
		}
		if s.Keyword == Then && len(s.Checks) == 0 {
			t.Errorf("%s stands under Then and checks nothing", s.ID)
		}
	}
}

func TestTypedArguments(t *testing.T) {
	t.Parallel()
	m, err := Default().Match("the receiving system reports 6 images in the study within 20 seconds")
	if err != nil {
		t.Fatal(err)
	}
	if !m.Args.Receiving(0) || m.Args.Int(1) != 6 || m.Args.Duration(2) != 20*time.Second {
		t.Errorf("arguments are %v", m.Args)
	}
	d := m.Sentence.Demand(m.Args)
	if d.Receiving != 1 || d.Associations != 0 || d.Effect != Read {
		t.Errorf("demand is %+v", d)
	}
}

func TestUnknownTextNamesTheNearestSentence(t *testing.T) {
	t.Parallel()
	_, err := Default().Match("the sistem answers with exactly 1 match")
	var unknown *UnknownError
	if !errors.As(err, &unknown) || len(unknown.Nearest) == 0 {
		t.Fatalf("error is %v, want an UnknownError with a suggestion", err)
	}
	if want := "the system answers with exactly 1 match"; unknown.Nearest[0] != want {
		t.Errorf("suggests %q, want %q", unknown.Nearest[0], want)
	}
}

func TestArgumentOutOfRangeIsAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"the answer comes within 99999999999999999999 seconds",
		`a synthetic "CT chest" study of 99999999999999999999 images for a new patient`,
		`a synthetic "CT chest" study of 1000001 images for a new patient`,
		`a synthetic "CT chest" study of -1 images for a new patient`, // -1 is Realistic inside
		"the study is sent over -1 associations at once",              // and EachStudy
	} {
		if m, err := Default().Match(text); err == nil {
			t.Errorf("%q was taken, as %v", text, m.Args)
		}
		if !Default().Knows(text) {
			t.Errorf("%q has the form of no sentence", text)
		}
	}
}

func TestCompileRefusesTwoOfOneID(t *testing.T) {
	t.Parallel()
	s := Sentence{ID: "a", Expression: "x", Demand: nothing}
	if _, err := Compile([]Sentence{s, s}); err == nil {
		t.Error("two sentences of one ID were taken")
	}
}
