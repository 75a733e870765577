package plan

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"pacsuat/features"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// sound is a feature in which tests change one thing. The lines matter.
const sound = `@storage
Feature: Images are kept
  What is sent is there.

  @critical
  Scenario: One is kept
    Given a synthetic "CT chest" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the system reports 2 images in the study within 30 seconds
    And the system lists exactly the images that were sent

  Scenario Outline: A <kind> is kept
    Given a synthetic "<kind>" study of <n> images for a new patient
    When the study is sent to the system under test
    Then the system reports <n> images in the study within 30 seconds

    Examples:
      | kind     | n |
      | CR chest | 1 |
      | MR knee  | 3 |
`

// read parses one feature and returns what is wrong with it, one a line.
func read(text string) (*feature, string) {
	all, err := parseAll([]Source{{Path: "a.feature", Text: []byte(text)}}, vocab.Default())
	if err != nil {
		return nil, err.Error()
	}
	return all[0], ""
}

func changed(t *testing.T, old, now string) string {
	t.Helper()
	if strings.Count(sound, old) < 1 {
		t.Fatalf("%q is not in the feature", old)
	}
	return strings.Replace(sound, old, now, 1)
}

func TestSoundFeature(t *testing.T) {
	t.Parallel()
	f, wrong := read(sound)
	if wrong != "" {
		t.Fatal(wrong)
	}
	var got []string
	for _, s := range f.scenarios {
		line := s.id + " " + s.name + " " + strings.Join(s.tags, "")
		for _, st := range s.steps {
			line += " " + st.Keyword
		}
		got = append(got, line)
	}
	want := []string{
		"a.feature:6 One is kept @storage@critical Given When Then Then",
		"a.feature:12:1 A CR chest is kept @storage Given When Then",
		"a.feature:12:2 A MR knee is kept @storage Given When Then",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if s := f.scenarios[0].steps[0]; s.Sentence != "a synthetic {string} study of {int} image(s) for a new patient" {
		t.Errorf("the sentence is %q", s.Sentence)
	}
}

// Everything that a runner lets pass in silence is refused, with its line and
// what was meant.
func TestRefusedFeatures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, now string
		want           string // part of the problems
	}{
		{"misspelt step directly under Scenario", "    Given a synth", "    Givn a synth", `a.feature:7: "Givn a synthetic \"CT chest\" study of 2 images for a new patient" is taken for description, not for a step; did you mean "Given"?`},
		{"two letters swapped there", "    Given a synth", "    Wehn a synth", `did you mean "When"?`},
		{"lower case there", "    Given a synth", "    given a synth", `a.feature:7: "given a`},
		{"a colon behind the keyword", "    Given a synth", "    Given: a synth", `did you mean "Given"?`},
		{"a tab behind the keyword", "    Given a synth", "    Given\ta synth", `did you mean "Given"?`},
		{"a space that is none before the keyword", "    Given a synth", "    \u00a0Given a synth", `did you mean "Given"?`},
		{"a keyword that nobody knows", "    Given a synth", "    Provided a synth", `a.feature:7: "Provided a synthetic`},
		{"no keyword", "    Given a synth", "    a synth", `is taken for description, not for a step; begin it with Given`},
		{"below an empty line", "    Given a synth", "\n\n    Givn a synth", `a.feature:9: "Givn`},
		{"below a comment", "    Given a synth", "    # why\n    Givn a synth", `a.feature:8: "Givn`},
		{"misspelt step in the middle", "    When the study", "    Whan the study", `a.feature:8: "Whan the study is sent to the system under test" is no line of a feature; did you mean "When"?`},
		{"misspelt Then", "    Then the system reports 2", "    Than the system reports 2", `a.feature:9: "Than the system reports 2 images in the study within 30 seconds" is no line of a feature; did you mean "Then"?`},
		{"misspelt And at the end", "    And the system lists", "    Amd the system lists", `did you mean "And"?`},
		{"misspelt Feature", "Feature:", "Featur:", `a.feature:2: "Featur: Images are kept" is no line of a feature; did you mean "Feature:"?`},
		{"no Feature", sound, "Scenario: x\n  Then it answers every time\n", "a.feature:1:"},
		{"first Scenario misspelt", "  @critical\n  Scenario: One", "\n  Scenari: One", `a.feature:6: "Scenari: One is kept" is taken for description, not for a heading; did you mean "Scenario:"?`},
		{"first Scenario without its colon", "  @critical\n  Scenario: One", "\n  Scenario One", `did you mean "Scenario:"?`},
		{"first Scenario under another name", "  @critical\n  Scenario: One", "\n  Test: One", `a.feature:7: "Given a synthetic \"CT chest\" study of 2 images for a new patient" is taken for description, not for a step: no Scenario stands above it`},
		{"second Scenario misspelt", "  Scenario Outline: A", "  Scenari Outline: A", `a.feature:12: "Scenari Outline: A <kind> is kept" is no line of a feature; did you mean "Scenario Outline:"?`},
		{"second Scenario misspelt, first empty", "    Given a synthetic \"CT chest\" study of 2 images for a new patient", "  Senario: B\n    Given a synthetic \"CT chest\" study of 2 images for a new patient", `a.feature:7: "Senario: B" is taken for description, not for a step; did you mean "Scenario:"?`},
		{"Examples misspelt", "    Examples:", "    Exampels:", `a.feature:17: "Exampels:" is no line of a feature; did you mean "Examples:"?`},
		{"no steps", sound, "Feature: x\n  Scenario: y\n", `a.feature:2: the scenario "y" has no steps`},
		{"no steps beside a sound scenario", "  @critical", "  Scenario: empty\n\n  @critical", `the scenario "empty" has no steps`},
		{"no scenario", sound, "Feature: x\n", "a.feature:1: the feature holds no scenario with steps"},
		{"no scenario but a Background", sound, "Feature: x\n  Background:\n    When the system is asked whether it is there\n", "no scenario with steps"},
		{"Examples without rows", "      | CR chest | 1 |\n      | MR knee  | 3 |\n", "", "a.feature:17: these Examples have no rows"},
		{"Examples without a table", "      | kind     | n |\n      | CR chest | 1 |\n      | MR knee  | 3 |\n", "", "a.feature:17: these Examples have no rows"},
		{"outline without Examples", "\n    Examples:\n      | kind     | n |\n      | CR chest | 1 |\n      | MR knee  | 3 |\n", "", `a.feature:12: the Scenario Outline "A <kind> is kept" has no Examples`},
		{"rows of two lengths", "| MR knee  | 3 |", "| MR knee  |", "a.feature:20:"},
		{"placeholder without a column", "<n> images for", "<m> images for", `a.feature:13: nothing fills in <m>`},
		{"column that nobody names", "| kind     | n |\n      | CR chest | 1 |\n      | MR knee  | 3 |", "| kind     | n | why |\n      | CR chest | 1 | a |\n      | MR knee  | 3 | b |", `a.feature:18: no step and no name uses the column "why"`},
		{"column twice", "| kind     | n |\n      | CR chest | 1 |\n      | MR knee  | 3 |", "| kind     | n | n |\n      | CR chest | 1 | 2 |\n      | MR knee  | 3 | 4 |", `the column "n" is there twice`},
		{"placeholder without Examples", "One is kept", "A <kind> is kept", `a.feature:6: nothing fills in <kind>`},
		{"no Then", "    Then the system reports 2 images in the study within 30 seconds\n    And the system lists exactly the images that were sent\n", "", `a.feature:6: the scenario "One is kept" has no Then`},
		{"a doing sentence under Then", "    When the study is sent to the system under test\n    Then the system reports 2", "    Then the study is sent to the system under test\n    And the system reports 2", `a.feature:8: "the study is sent to the system under test" does something and checks nothing`},
		{"a doing sentence under And after Then", "    And the system lists exactly the images that were sent", "    And the study is sent again", `a.feature:10: "the study is sent again" does something`},
		{"a checking sentence under When", "    Then the system reports 2", "    And the system reports 2", `a.feature:9: "the system reports 2 images in the study within 30 seconds" checks something, so it must stand under Then, not under When`},
		{"a check in a Background", "  @critical\n", "  Background:\n    When the system is asked whether it is there\n    Then it answers every time\n\n  @critical\n", `a.feature:7: "it answers every time" checks something; a Background prepares`},
		{"unknown sentence", "the system reports 2 images in", "the sistem reports 2 images in", `a.feature:9: no sentence of the vocabulary matches "the sistem reports 2 images in the study within 30 seconds"; did you mean`},
		{"table", "    And the system lists exactly the images that were sent", "    And the system lists exactly the images that were sent\n      | a |", `a.feature:10: the sentence "the system lists exactly the images that were sent" takes no table`},
		{"doc string", "    And the system lists exactly the images that were sent", "    And the system lists exactly the images that were sent\n      \"\"\"\n      a\n      \"\"\"", `takes no table and no text block`},
		{"doc string that never ends", "    And the system lists exactly the images that were sent", "    And the system lists exactly the images that were sent\n      \"\"\"\n", `a.feature:`},
		{"unknown kind of study", `"CT chest"`, `"CT chst"`, `a.feature:7: `},
		{"no images", "study of 2 images", "study of 0 images", "a study needs at least one image"},
		{"fewer than none", "study of 2 images", "study of -1 images", "out of range"},
		{"more than any number", "study of 2 images", "study of 99999999999999999999999 images", "too large"},
		{"more than anybody has", "study of 2 images", "study of 900000 images", "more than"},
		{"nothing made", "    Given a synthetic \"CT chest\" study of 2 images for a new patient\n", "", "nothing was made that could be sent"},
		{"nothing to send over", "the study is sent to the system under test", "the study is sent over 0 associations at once", "nothing can be sent over no association"},
		{"no name of the feature", "Feature: Images are kept", "Feature:", "a.feature:2: the feature has no name"},
		{"no name of a scenario", "Scenario: One is kept", "Scenario:", "a.feature:6: the scenario has no name"},
		{"empty rule", "  Scenario Outline: A", "  Rule: nothing\n\n  Rule: something\n  Scenario Outline: A", `the Rule "nothing" holds no scenario`},
		{"scenario misspelt under Rule", "  @critical\n  Scenario: One", "  Rule: r\n  Scenaro: One", `did you mean "Scenario:"?`},
		{"severity misspelt", "@critical", "@critcal", `a.feature:5: tag @critcal is not known; did you mean @critical?`},
		{"severity in capitals", "@critical", "@Critical", "did you mean @critical?"},
		{"another word for destructive", "@critical", "@destroys", "did you mean @destructive?"},
		{"exclusive of what", "@critical", "@exclusive", "did you mean @exclusive-system?"},
		{"subject misspelt", "@critical", "@for-replicates", "a.feature:5: tag @for-replicates"},
		{"no such subject", "@critical", "@for-workstations", "names no subject"},
		{"tags joined by a comma", "@critical", "@slow,@critical", "a.feature:5: tag @slow, holds a character"},
		{"requirement misspelt", "@critical", "@req-12", "looks like a requirement's"},
		{"requirement without a number", "@critical", "@REQ-", "looks like a requirement's"},
		{"a tag of two words", "@critical", "@very slow", "a.feature:5:"},
		{"a receiving system where there is none", "the system reports 2 images", "the receiving system reports 2 images", "speaks of a receiving system, which only a link has"},
		{"another language", "@storage\nFeature:", "# language: zh-CN\n@storage\n功能:", `a.feature:1: the keywords are of language "zh-CN"`},
		{"a dialect of English", "@storage\nFeature:", "# language: en-au\n@storage\nPretty much:", `language "en-au"`},
		{"no language", "@storage\nFeature:", "# language: xx\n@storage\nFeature:", `a.feature:1: the keywords are of language "xx"`},
		{"not UTF-8", "One is kept", "One is k\xe4pt", "a.feature:6: the file is not UTF-8"},
		{"UTF-16", sound, "\xff\xfeF\x00e\x00", "a.feature:1: the file is not UTF-8"},
		{"a control character", "One is kept", "One \x1b[2J is kept", "a.feature:6: a control character"},
		{"a line that the parser takes for the end", "  What is sent is there.", strings.Repeat("x", 70_000), "a.feature:3: the line has 70000 bytes"},
		{"a huge file", sound, strings.Repeat("# a comment\n", 400_000), "more than a feature file may have"},
		{"more scenarios than anybody runs", "      | CR chest | 1 |\n", strings.Repeat("      | CR chest | 1 |\n", 20_000), "the feature has 20002 scenarios"},
		{"an empty file", sound, "", "a.feature:1: the file holds no Feature"},
		{"two features", "  Scenario Outline: A", "Feature: b\n  Scenario Outline: A", "a.feature:12:"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if _, wrong := read(changed(t, c.old, c.now)); !strings.Contains(wrong, c.want) {
				t.Errorf("got\n%.2000s\nwant\n%s", wrong, c.want)
			}
		})
	}
}

func TestAcceptedFeatures(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, old, now string
		want           string // of the first scenario: its ID, tags and keywords
	}{
		{"as Windows writes it", sound, "\ufeff" + strings.ReplaceAll(sound, "\n", "\r\n"), "a.feature:6 @storage @critical Given When Then Then"},
		{"keywords resolved by the one before", "    Given a synthetic", "    Given a synthetic \"CR chest\" study of 1 image for a new patient\n    And a synthetic", "a.feature:6 @storage @critical Given Given When Then Then"},
		{"And, But", "    And the system lists", "    But the system lists", "a.feature:6 @storage @critical Given When Then Then"},
		{"a star checks what its sentence checks", "    And the system lists", "    * the system lists", "a.feature:6 @storage @critical Given When Then Then"},
		{"a Background", "  @critical\n", "  Background:\n    When the system is asked whether it is there\n\n  @critical\n", "a.feature:9 @storage @critical When Given When Then Then"},
		{"a Rule passes its tags on", "  @critical\n", "  @slow\n  Rule: r\n\n  @critical\n", "a.feature:9 @storage @slow @critical Given When Then Then"},
		{"a requirement is part of the ID", "@critical", "@critical @REQ-4.2", "a.feature:6@REQ-4.2 @storage @critical @REQ-4.2 Given When Then Then"},
		{"a comment is none of it", "    Given a synthetic", "    # Then nothing\n    Given a synthetic", "a.feature:6 @storage @critical Given When Then Then"},
		{"description that begins with The", "  What is sent is there.", "  The images are there,\n  whenever they come.", ""},
		{"description of a scenario", "  Scenario: One is kept\n", "  Scenario: One is kept\n    Nothing else is asked.\n", "a.feature:6 @storage @critical Given When Then Then"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f, wrong := read(changed(t, c.old, c.now))
			if wrong != "" {
				t.Fatal(wrong)
			}
			s := f.scenarios[0]
			got := s.id + " " + strings.Join(s.tags, " ")
			for _, st := range s.steps {
				got += " " + st.Keyword
			}
			if c.want != "" && got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestExamplesOfSeveralTablesAreCountedOn(t *testing.T) {
	t.Parallel()
	f, wrong := read(sound + `
    @slow @REQ-7
    Examples: large ones
      | kind     | n |
      | CT chest | 9 |
`)
	if wrong != "" {
		t.Fatal(wrong)
	}
	last := f.scenarios[len(f.scenarios)-1]
	if last.id != "a.feature:12:3@REQ-7" || !last.has("@slow") || last.matches[0].Args.Int(1) != 9 {
		t.Errorf("%s %v %v", last.id, last.tags, last.matches[0].Args)
	}
}

// All problems of all files are listed, each once, in order.
func TestProblemsAreListedTogether(t *testing.T) {
	t.Parallel()
	background := strings.Replace(sound, "  @critical\n", "  Background:\n    When the sistem is asked whether it is there\n\n  @critical\n", 1)
	_, err := parseAll([]Source{
		{Path: "b.feature", Text: []byte("nothing")},
		{Path: "a.feature", Text: []byte(background)},
		{Path: "c.feature", Text: []byte("# language: xx\n")},
	}, vocab.Default())
	var p *Problems
	if !errors.As(err, &p) {
		t.Fatalf("%v", err)
	}
	var at []string
	for _, one := range p.List {
		at = append(at, fmt.Sprintf("%s:%d", one.File, one.Line))
	}
	if got := strings.Join(at, " "); got != "a.feature:6 b.feature:1 c.feature:1" {
		t.Errorf("%s\n%v", got, err)
	}
}

func TestTheSamePathTwice(t *testing.T) {
	t.Parallel()
	for _, other := range []string{"a.feature", "A.Feature"} {
		_, err := parseAll([]Source{{Path: "a.feature", Text: []byte(sound)}, {Path: other, Text: []byte(sound)}}, vocab.Default())
		if err == nil || !strings.Contains(err.Error(), "twice") {
			t.Errorf("%s: %v", other, err)
		}
	}
}

func TestReadFS(t *testing.T) {
	t.Parallel()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	got, err := ReadFS(fstest.MapFS{"b/x.feature": file("1"), "a.feature": file("2"), "notes.txt": file("3")})
	if err != nil || len(got) != 2 || got[0].Path != "a.feature" || got[1].Path != "b/x.feature" || string(got[1].Text) != "1" {
		t.Errorf("%v, %v", got, err)
	}
	for want, fsys := range map[string]fstest.MapFS{
		"no file that ends in .feature":   {"notes.txt": file("")},
		"more than a feature file may":    {"a.feature": {Data: make([]byte, maxFeatureBytes+1)}},
		"ends in .Feature; rename it":     {"a.feature": file(sound), "b.Feature": file(sound)},
		"ends in .feature.txt; rename it": {"a.feature": file(sound), "b.feature.txt": file(sound)},
	} {
		if _, err := ReadFS(fsys); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestShippedFeatures(t *testing.T) {
	t.Parallel()
	sources, err := ReadFS(features.FS)
	if err != nil {
		t.Fatal(err)
	}
	all, err := parseAll(sources, vocab.Default())
	if err != nil {
		t.Fatal(err)
	}
	ids, systems := map[string]bool{}, 0
	for _, f := range all {
		for i := range f.scenarios {
			s := &f.scenarios[i]
			if ids[s.id] {
				t.Errorf("%s is there twice", s.id)
			}
			ids[s.id] = true
			if forSystems(s) {
				systems++
			}
			if last := s.steps[len(s.steps)-1]; last.Keyword != rundir.Then {
				t.Errorf("%s ends with %s", s.id, last.Keyword)
			}
		}
	}
	if systems < 60 {
		t.Errorf("%d scenarios a system, at least 60 were promised", systems)
	}
}
