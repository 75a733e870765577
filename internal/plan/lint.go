package plan

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/agnivade/levenshtein"
	messages "github.com/cucumber/messages/go/v21"

	"pacsuat/internal/tagexpr"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

// Tags that mean something to the harness. Others are free.
const (
	tagForSystem        = "@for-system"
	tagDestructive      = "@destructive"
	tagExclusiveSystem  = "@exclusive-system"
	tagExclusiveCluster = "@exclusive-cluster"
	tagForLinkPrefix    = "@for-"
)

var reservedTags = []string{
	"@blocker", "@critical", "@major", "@minor", "@integrity",
	tagForSystem, "@for-replicates-to", "@for-forwards-to", "@for-federates-with", "@for-direct-access",
	tagDestructive, tagExclusiveSystem, tagExclusiveCluster,
}

// linter finds what a parser takes and a reader would not mean.
type linter struct {
	file       string
	lines      []string // of the file
	vocabulary *vocab.Vocabulary
	problems   *Problems
}

// feature reports whether the feature is small enough to be expanded.
func (l *linter) feature(f *messages.Feature) bool {
	if strings.TrimSpace(f.Name) == "" {
		l.problems.add(l.file, int(f.Location.Line), "the feature has no name; it is a row of the matrix and needs one")
	}
	l.tags(f.Tags)
	l.prose(f.Location.Line, f.Description)
	var size size
	for _, c := range f.Children {
		switch {
		case c.Background != nil:
			l.description(c.Background.Location.Line, c.Background.Description)
			size.background += len(c.Background.Steps)
		case c.Scenario != nil:
			l.scenario(c.Scenario, &size)
		case c.Rule != nil:
			l.rule(c.Rule, size.background, &size)
		}
	}
	if size.scenarios > maxScenarios || size.steps > maxSteps {
		l.problems.add(l.file, int(f.Location.Line), "the feature has %d scenarios with %d steps in all, more than a feature may have (%d and %d); divide it", size.scenarios, size.steps, maxScenarios, maxSteps)
		return false
	}
	return true
}

// size counts what a feature expands to.
type size struct{ background, scenarios, steps int }

func (l *linter) rule(r *messages.Rule, background int, total *size) {
	l.tags(r.Tags)
	l.prose(r.Location.Line, r.Description)
	own, scenarios := size{background: background}, 0
	for _, c := range r.Children {
		if c.Background != nil {
			l.description(c.Background.Location.Line, c.Background.Description)
			own.background += len(c.Background.Steps)
		} else if c.Scenario != nil {
			l.scenario(c.Scenario, &own)
			scenarios++
		}
	}
	if scenarios == 0 {
		l.problems.add(l.file, int(r.Location.Line), "the Rule %q holds no scenario", r.Name)
	}
	total.scenarios += own.scenarios
	total.steps += own.steps
}

func (l *linter) scenario(s *messages.Scenario, size *size) {
	line := int(s.Location.Line)
	l.tags(s.Tags)
	l.description(s.Location.Line, s.Description)
	if strings.TrimSpace(s.Name) == "" {
		l.problems.add(l.file, line, "the scenario has no name")
	}
	if len(s.Steps) == 0 {
		l.problems.add(l.file, line, "the scenario %q has no steps; add Given, When and Then", s.Name)
	}
	rows := 0
	for _, ex := range s.Examples {
		l.tags(ex.Tags)
		l.description(ex.Location.Line, ex.Description)
		rows += len(ex.TableBody)
		if len(ex.TableBody) == 0 {
			l.problems.add(l.file, int(ex.Location.Line), "these Examples have no rows: the scenario would never run")
		}
		l.columns(s, ex)
	}
	if len(s.Examples) == 0 {
		rows = 1
		if s.Keyword == "Scenario Outline" || s.Keyword == "Scenario Template" {
			l.problems.add(l.file, line, "the %s %q has no Examples: it would never run", s.Keyword, s.Name)
		} else {
			l.columns(s, nil)
		}
	}
	size.scenarios += rows
	size.steps += rows * (size.background + len(s.Steps))
}

var placeholder = regexp.MustCompile(`<([^<>]+)>`)

// columns holds the placeholders of a scenario and the columns of its examples
// (nil: it has none) to each other: what is not filled in would be taken as it
// stands, and a column that nothing names is a misspelt one.
func (l *linter) columns(s *messages.Scenario, ex *messages.Examples) {
	used, have := map[string]bool{}, map[string]bool{}
	if ex != nil && ex.TableHeader != nil {
		for _, c := range ex.TableHeader.Cells {
			if have[c.Value] {
				l.problems.add(l.file, int(ex.TableHeader.Location.Line), "the column %q is there twice", c.Value)
			}
			have[c.Value] = true
		}
	}
	look := func(line int64, text string) {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			used[m[1]] = true
			if !have[m[1]] && (ex == nil || ex.TableHeader != nil) {
				l.problems.add(l.file, int(line), "nothing fills in <%s>: no column of the Examples has that name%s", m[1], didYouMean(m[1], slices.Sorted(maps.Keys(have))))
			}
		}
	}
	look(s.Location.Line, s.Name)
	for _, st := range s.Steps {
		look(st.Location.Line, st.Text)
	}
	for c := range have {
		if !used[c] {
			l.problems.add(l.file, int(ex.TableHeader.Location.Line), "no step and no name uses the column %q; write <%s> where it belongs, or remove it", c, c)
		}
	}
}

// description finds steps that became description because their keyword was
// misspelt: a parser takes any text under Scenario: as description.
func (l *linter) description(heading int64, text string) {
	l.each(heading, text, func(line int, text string) {
		if k := nearKeyword(text); k != "" {
			l.problems.add(l.file, line, "%q is taken for description, not for a step; did you mean %q?", text, k)
		} else {
			l.sentence(line, text)
		}
	})
}

// prose is description for what stands under Feature: and Rule:, where people
// write freely: a line may begin with a word that is near a keyword ("The"), but
// not with one itself, nor like a heading. A misspelt Scenario: directly under
// Feature: takes all its steps with it.
func (l *linter) prose(heading int64, text string) {
	l.each(heading, text, func(line int, text string) {
		first := strings.Fields(text)[0]
		switch k := nearTitle(text); {
		case k != "":
			l.problems.add(l.file, line, "%q is taken for description, not for a heading; did you mean %q?", text, k)
		case slices.Contains(stepKeywords, strings.TrimRight(first, ":")):
			l.problems.add(l.file, line, "%q is taken for description, not for a step: no Scenario stands above it. If it is description, begin the line with another word", text)
		default:
			l.sentence(line, text)
		}
	})
}

// sentence finds a sentence of the vocabulary in a line of description, with or
// without whatever its keyword has become.
func (l *linter) sentence(line int, text string) {
	_, rest, _ := strings.Cut(text, strings.Fields(text)[0])
	for _, candidate := range []string{text, strings.TrimSpace(rest)} {
		if l.vocabulary.Knows(candidate) {
			l.problems.add(l.file, line, "%q is taken for description, not for a step; begin it with Given, When, Then, And or But", text)
			return
		}
	}
}

// each calls yield for every line of a description that holds a word, with its
// place in the file: the parser leaves out what is empty above it, and comments.
func (l *linter) each(heading int64, description string, yield func(line int, text string)) {
	at := int(heading) // the line below the heading, counted from 0
	for _, text := range strings.Split(description, "\n") {
		text = strings.TrimSpace(text)
		if text == "" {
			continue
		}
		for at < len(l.lines)-1 && strings.TrimSpace(l.lines[at]) != text {
			at++
		}
		at++
		yield(at, text)
	}
}

var reqLike = regexp.MustCompile(`(?i)^@req`)

func (l *linter) tags(tags []*messages.Tag) {
	for _, t := range tags {
		if slices.Contains(reservedTags, t.Name) {
			continue
		}
		wrong := func(format string, args ...any) { l.problems.add(l.file, int(t.Location.Line), format, args...) }
		switch r := nearTag(t.Name); {
		case r != "":
			wrong("tag %s is not known; did you mean %s?", t.Name, r)
		case strings.HasPrefix(t.Name, tagForLinkPrefix):
			wrong("tag %s names no subject; known are %s and @for- with a kind of link (replicates-to, forwards-to, federates-with, direct-access)", t.Name, tagForSystem)
		case reqLike.MatchString(t.Name) && !reqTag.MatchString(t.Name):
			wrong("tag %s looks like a requirement's; write @REQ- and its number", t.Name)
		case !tagexpr.IsTag(t.Name):
			wrong("tag %s holds a character that no tag expression can name; separate tags by spaces", t.Name)
		}
	}
}

// nearTag returns the reserved tag that a tag probably was meant to be, or "".
func nearTag(tag string) string {
	lower := strings.ToLower(tag)
	for _, r := range reservedTags {
		if levenshtein.ComputeDistance(lower, r) <= 2 {
			return r
		}
	}
	for _, stem := range []struct{ stem, tag string }{
		{"@destr", tagDestructive}, {"@exclusive", tagExclusiveSystem}, {"@integr", "@integrity"},
	} {
		if strings.HasPrefix(lower, stem.stem) {
			return stem.tag
		}
	}
	return ""
}

// What one sentence may make.
const (
	maxStudies = 10_000
	maxImages  = 100_000 // in each
)

// checkArguments finds arguments that no run could serve: an unknown kind of
// study, no images, a sentence about a study before one was made.
func checkArguments(m vocab.Match, made *bool) error {
	d := m.Sentence.Demand(m.Args)
	if d.Makes != nil {
		*made = true
		if _, err := synth.RecipeNamed(d.Makes.Kind); err != nil {
			return err
		}
		if d.Makes.Images == 0 || d.Makes.Studies == 0 {
			return fmt.Errorf("a study needs at least one image, and there must be at least one study")
		}
		if d.Makes.Images > maxImages || d.Makes.Studies > maxStudies {
			return fmt.Errorf("%d studies of %d images are more than a scenario may make (%d of %d)", d.Makes.Studies, d.Makes.Images, maxStudies, maxImages)
		}
	}
	if d.Sends != vocab.SendsNothing && d.Associations == 0 {
		return fmt.Errorf("nothing can be sent over no association")
	}
	if d.Sends != vocab.SendsNothing && !*made {
		return fmt.Errorf("nothing was made that could be sent; begin with a sentence such as: Given a synthetic \"CT chest\" study of 12 images for a new patient")
	}
	return nil
}
