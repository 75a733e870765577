package vocab

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pacsuat/synth"
)

var update = flag.Bool("update", false, "write docs/sentences.md anew")

const sentencesHead = `# The sentences of a feature

A step of a feature is one of these sentences; anything else is refused before a run begins, with the nearest sentence as
a suggestion. ` + "`{...}`" + ` stands for what you fill in, ` + "`a/b`" + ` for either word, ` + "`(s)`" + ` for a letter that may be there.
Only a sentence marked *Then* judges; every scenario needs one. *Given* and *When* mark where a sentence reads best.

*Reads* asks a system about this run's own patients, *writes* stores synthetic images, *may leave damage* is never run
where a live system is reached. The *checks* are the names by which a
[criteria file](criteria.md) sets limits.

This file is written by ` + "`go test ./internal/vocab -run Docs -update`" + ` from ` + "`internal/vocab`" + `, and a test holds it to that.
`

// documented are the sentences in the order in which a scenario tells its story.
var documented = []struct {
	title     string
	sentences []Sentence
}{
	{"Studies and what they are like", studySentences},
	{"Sending (C-STORE)", sendSentences},
	{"Calling (C-ECHO)", echoSentences},
	{"Rules of an association", associationSentences},
	{"Asking (C-FIND)", querySentences},
	{"Answers, and what a system lists", answerSentences},
	{"Retrieving (C-MOVE, C-GET)", retrieveSentences},
	{"What arrived", arrivalSentences},
	{"Many at once", concurrencySentences},
}

var effects = map[Effect]string{None: "sends nothing", Read: "reads", Write: "writes", Destroy: "may leave damage"}

func TestDocsAreUpToDate(t *testing.T) {
	t.Parallel()
	text := sentencesText(t)
	file := filepath.Join("..", "..", "docs", "sentences.md")
	if *update {
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ReplaceAll(string(got), "\r\n", "\n") != text {
		t.Error("docs/sentences.md is not what the vocabulary says; write it anew: go test ./internal/vocab -run Docs -update")
	}
}

func sentencesText(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(sentencesHead)
	writeValues(&b)
	v := Default()
	written := 0
	for _, part := range documented {
		fmt.Fprintf(&b, "\n## %s\n", part.title)
		for _, s := range part.sentences {
			m, err := v.Match(s.Example)
			if err != nil {
				t.Fatalf("%s: %v", s.ID, err)
			}
			writeSentence(&b, s, s.Demand(m.Args).Effect)
			written++
		}
	}
	if all := len(v.Sentences()); written != all {
		t.Errorf("%d of %d sentences are documented: put the new part into the list", written, all)
	}
	return b.String()
}

func writeSentence(b *strings.Builder, s Sentence, e Effect) {
	fmt.Fprintf(b, "\n### %s\n\n%s\n\n", s.Expression, s.Purpose)
	fmt.Fprintf(b, "    %s %s\n\n", s.Keyword, s.Example)
	marks := []string{fmt.Sprintf("*%s*", s.Keyword), effects[e]}
	if s.SimulatedOnly {
		marks = append(marks, "only against the simulated cluster")
	}
	if s.Section != "" {
		marks = append(marks, s.Section)
	}
	if len(s.Checks) > 0 {
		marks = append(marks, "checks: `"+strings.Join(s.Checks, "`, `")+"`")
	}
	b.WriteString(strings.Join(marks, " · ") + "\n")
}

// writeValues lists what a sentence can be filled in with.
func writeValues(b *strings.Builder) {
	var kinds, scripts []string
	for _, r := range synth.Recipes() {
		kinds = append(kinds, fmt.Sprintf("`%s` (%d)", r.Name, r.Images.Mean))
	}
	for _, s := range Scripts {
		scripts = append(scripts, s.Name)
	}
	fmt.Fprint(b, "\n## What is filled in\n\n| | |\n|---|---|\n")
	for _, row := range [][2]string{
		{"`{string}`", "a text in quotes; of a study its kind (in brackets the images of a realistic one): " + strings.Join(kinds, ", ")},
		{"`{int}`", "a number"},
		{"`{duration}`", "`30 seconds`, `2 minutes`, `500 milliseconds`, `1 hour`"},
		{"`{ordinal}`", "`" + strings.Join(ordinals, "`, `") + "`"},
		{"`{system}`", "`the system`, `the system under test`; in features for links also `the receiving system`"},
		{"`{script}`", "`" + strings.Join(scripts, "`, `") + "`"},
		{"`{trait}`", "`" + strings.Join(Traits, "`, `") + "`"},
		{"`{attribute}`", "`" + strings.Join(Attributes, "`, `") + "`"},
		{"`{retrieve}`", "`C-MOVE`, `C-GET`"},
		{"`{encoding}`", "`Implicit VR Little Endian`, `Explicit VR Little Endian`"},
		{"`{modality}`", "two capital letters: `CT`"},
	} {
		fmt.Fprintf(b, "| %s | %s |\n", row[0], row[1])
	}
}
