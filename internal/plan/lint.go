package plan

import (
	"fmt"
	"strings"

	"github.com/agnivade/levenshtein"
	messages "github.com/cucumber/messages/go/v21"

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

// lint finds what a parser takes and a reader would not mean.
func lint(file string, f *messages.Feature, problems *Problems) {
	if strings.TrimSpace(f.Name) == "" {
		problems.add(file, int(f.Location.Line), "the feature has no name; it is a row of the matrix and needs one")
	}
	lintTags(file, f.Tags, problems)
	for _, c := range f.Children {
		switch {
		case c.Background != nil:
			lintDescription(file, int(c.Background.Location.Line), c.Background.Description, problems)
		case c.Scenario != nil:
			lintScenario(file, c.Scenario, problems)
		case c.Rule != nil:
			lintTags(file, c.Rule.Tags, problems)
			lintDescription(file, int(c.Rule.Location.Line), c.Rule.Description, problems)
			for _, rc := range c.Rule.Children {
				if rc.Background != nil {
					lintDescription(file, int(rc.Background.Location.Line), rc.Background.Description, problems)
				} else if rc.Scenario != nil {
					lintScenario(file, rc.Scenario, problems)
				}
			}
		}
	}
}

func lintScenario(file string, s *messages.Scenario, problems *Problems) {
	line := int(s.Location.Line)
	lintTags(file, s.Tags, problems)
	lintDescription(file, line, s.Description, problems)
	if strings.TrimSpace(s.Name) == "" {
		problems.add(file, line, "the scenario has no name")
	}
	if len(s.Steps) == 0 {
		problems.add(file, line, "the scenario %q has no steps; add Given, When and Then", s.Name)
	}
	rows := 0
	for _, ex := range s.Examples {
		lintTags(file, ex.Tags, problems)
		rows += len(ex.TableBody)
		if len(ex.TableBody) == 0 {
			problems.add(file, int(ex.Location.Line), "these Examples have no rows: the scenario would never run")
		}
	}
	if rows == 0 && len(s.Examples) == 0 && (s.Keyword == "Scenario Outline" || s.Keyword == "Scenario Template") {
		problems.add(file, line, "the Scenario Outline %q has no Examples: it would never run", s.Name)
	}
}

// lintDescription finds steps that became description because their keyword
// was misspelt: a parser takes any text under Scenario: as description.
func lintDescription(file string, line int, description string, problems *Problems) {
	for i, l := range strings.Split(description, "\n") {
		if k := nearKeyword(l); k != "" {
			problems.add(file, line+1+i, "%q is taken for description, not for a step; did you mean %q?", strings.TrimSpace(l), k)
		}
	}
}

func lintTags(file string, tags []*messages.Tag, problems *Problems) {
next:
	for _, t := range tags {
		for _, r := range reservedTags {
			if t.Name == r {
				continue next
			}
		}
		for _, r := range reservedTags {
			if levenshtein.ComputeDistance(strings.ToLower(t.Name), r) <= 2 {
				problems.add(file, int(t.Location.Line), "tag %s is not known; did you mean %s?", t.Name, r)
				continue next
			}
		}
		if strings.HasPrefix(t.Name, tagForLinkPrefix) {
			problems.add(file, int(t.Location.Line), "tag %s names no subject; known are %s and @for- with a kind of link (replicates-to, forwards-to, federates-with, direct-access)", t.Name, tagForSystem)
		}
	}
}

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
	}
	if d.Sends != vocab.SendsNothing && !*made {
		return fmt.Errorf("nothing was made that could be sent; begin with a sentence such as: Given a synthetic \"CT chest\" study of 12 images for a new patient")
	}
	return nil
}
