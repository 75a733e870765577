package plan

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/agnivade/levenshtein"
	gherkin "github.com/cucumber/gherkin/go/v26"
	messages "github.com/cucumber/messages/go/v21"

	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// feature is a parsed feature file: its scenarios expanded, its steps matched.
type feature struct {
	source    Source
	name      string
	scenarios []scenario
}

// scenario is one scenario or one example row, as any subject would run it.
type scenario struct {
	id      string
	line    int
	name    string
	tags    []string
	steps   []rundir.Step
	matches []vocab.Match
}

func (s *scenario) has(tag string) bool {
	for _, t := range s.tags {
		if t == tag {
			return true
		}
	}
	return false
}

// parse reads a feature strictly: everything that a runner would let pass in
// silence (a misspelt keyword, a scenario without steps, an outline without
// examples, a sentence nobody knows) is a problem.
func parse(src Source, v *vocab.Vocabulary, problems *Problems) *feature {
	counter := 0
	newID := func() string { counter++; return strconv.Itoa(counter) }
	doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(src.Text), newID)
	if err != nil {
		parseProblems(src.Path, err, problems)
		return nil
	}
	if doc.Feature == nil {
		problems.add(src.Path, 1, "the file holds no Feature; its first line should read \"Feature: what the system must do\"")
		return nil
	}
	f := &feature{source: src, name: strings.TrimSpace(doc.Feature.Name)}
	lint(src.Path, doc.Feature, problems)

	nodes := index(doc.Feature)
	pickles := gherkin.Pickles(*doc, src.Path, newID)
	if len(pickles) == 0 {
		problems.add(src.Path, int(doc.Feature.Location.Line), "the feature holds no scenario with steps: nothing would be tested")
	}
	for _, p := range pickles {
		f.scenarios = append(f.scenarios, expand(src.Path, p, nodes, v, problems))
	}
	return f
}

// nodes finds places in the file by the parser's node IDs.
type nodes struct {
	line  map[string]int // of scenarios and steps
	row   map[string]int // of example rows, from 1 over all examples of a scenario
	steps map[string]*messages.Step
}

func index(f *messages.Feature) nodes {
	n := nodes{line: map[string]int{}, row: map[string]int{}, steps: map[string]*messages.Step{}}
	addSteps := func(steps []*messages.Step) {
		for _, s := range steps {
			n.line[s.Id], n.steps[s.Id] = int(s.Location.Line), s
		}
	}
	addScenario := func(s *messages.Scenario) {
		n.line[s.Id] = int(s.Location.Line)
		addSteps(s.Steps)
		row := 0
		for _, ex := range s.Examples {
			for _, r := range ex.TableBody {
				row++
				n.row[r.Id] = row
			}
		}
	}
	for _, c := range f.Children {
		switch {
		case c.Background != nil:
			addSteps(c.Background.Steps)
		case c.Scenario != nil:
			addScenario(c.Scenario)
		case c.Rule != nil:
			for _, rc := range c.Rule.Children {
				if rc.Background != nil {
					addSteps(rc.Background.Steps)
				} else if rc.Scenario != nil {
					addScenario(rc.Scenario)
				}
			}
		}
	}
	return n
}

var reqTag = regexp.MustCompile(`^@REQ-`)

// expand turns a pickle into a scenario. Its ID is made of places in the
// unsubstituted text, so it stays the same at every site.
func expand(file string, p *messages.Pickle, n nodes, v *vocab.Vocabulary, problems *Problems) scenario {
	s := scenario{name: strings.TrimSpace(p.Name)}
	for _, id := range p.AstNodeIds {
		if l, ok := n.line[id]; ok {
			s.line = l
			s.id = fmt.Sprintf("%s:%d", file, l)
		}
	}
	for _, id := range p.AstNodeIds {
		if r, ok := n.row[id]; ok {
			s.id += ":" + strconv.Itoa(r)
		}
	}
	seen := map[string]bool{}
	for _, t := range p.Tags {
		if !seen[t.Name] {
			seen[t.Name] = true
			s.tags = append(s.tags, t.Name)
			if reqTag.MatchString(t.Name) {
				s.id += t.Name
			}
		}
	}
	made, outcomes := false, 0
	for _, ps := range p.Steps {
		line := s.line
		for _, id := range ps.AstNodeIds {
			if l, ok := n.line[id]; ok {
				line = l
			}
		}
		st := rundir.Step{Text: ps.Text, Keyword: keyword(ps.Type)}
		if a := ps.Argument; a != nil {
			problems.add(file, line, "the sentence %q takes no table and no text block; remove it", ps.Text)
			continue
		}
		m, err := v.Match(ps.Text)
		if err != nil {
			problems.add(file, line, "%v", err)
			continue
		}
		st.Sentence = m.Sentence.Expression
		if st.Keyword == rundir.Then && m.Sentence.Keyword != vocab.Then {
			problems.add(file, line, "%q does something and checks nothing, so it can't stand under Then; put it under Given or When", ps.Text)
		}
		if st.Keyword == rundir.Then {
			outcomes++
		}
		if err := checkArguments(m, &made); err != nil {
			problems.add(file, line, "%v", err)
		}
		s.steps = append(s.steps, st)
		s.matches = append(s.matches, m)
	}
	if outcomes == 0 {
		problems.add(file, s.line, "the scenario %q has no Then: it checks nothing and could never fail", s.name)
	}
	return s
}

func keyword(t messages.PickleStepType) string {
	switch t {
	case messages.PickleStepType_ACTION:
		return rundir.When
	case messages.PickleStepType_OUTCOME:
		return rundir.Then
	}
	return rundir.Given
}

var parserPlace = regexp.MustCompile(`^\((\d+):\d+\): (.*)$`)

// parseProblems turns the parser's errors, one a line, into problems.
func parseProblems(file string, err error, problems *Problems) {
	var lines []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		lines = strings.Split(e.Error(), "\n")
	}
	for _, l := range lines {
		if m := parserPlace.FindStringSubmatch(strings.TrimSpace(l)); m != nil {
			at, _ := strconv.Atoi(m[1])
			problems.add(file, at, "%s", readable(m[2]))
		}
	}
	if len(problems.List) == 0 {
		problems.add(file, 1, "%v", err)
	}
}

// readable puts the parser's "expected: #EOF, #TableRow, … got 'Givn x'" into
// words, with the keyword that was probably meant.
func readable(s string) string {
	_, got, found := strings.Cut(s, "got '")
	if !found {
		return s
	}
	got = strings.TrimSuffix(got, "'")
	if k := nearKeyword(got); k != "" {
		return fmt.Sprintf("%q is no line of a feature; did you mean %q?", got, k)
	}
	return fmt.Sprintf("%q is no line of a feature here; a step begins with Given, When, Then, And or But", got)
}

var keywords = []string{
	"Given", "When", "Then", "And", "But", "Feature:", "Scenario:", "Scenario Outline:", "Examples:", "Background:", "Rule:",
}

// nearKeyword returns the keyword that the first word of a line probably was
// meant to be, or "".
func nearKeyword(line string) string {
	line = strings.TrimSpace(line)
	word, _, _ := strings.Cut(line, " ")
	for _, k := range keywords {
		candidate := word
		if strings.Contains(k, " ") && len(line) >= len(k) {
			candidate = line[:len(k)]
		}
		if candidate == k {
			continue
		}
		d := levenshtein.ComputeDistance(strings.ToLower(candidate), strings.ToLower(k))
		if d <= 1 || d == 2 && len(k) > 4 {
			return k
		}
	}
	return ""
}
