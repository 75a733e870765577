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

// language finds the comment that changes the keywords, above the first line
// that is none.
var language = regexp.MustCompile(`^(?:[ \t]*(?:#.*)?\r?\n)*?[ \t]*#[ \t]*language[ \t]*:[ \t]*([^\s]+)`)

// parse reads a feature strictly: everything that a runner would let pass in
// silence (a misspelt keyword, a scenario without steps, an outline without
// examples, a sentence nobody knows) is a problem.
func parse(src Source, v *vocab.Vocabulary, problems *Problems) *feature {
	text := src.text(problems)
	if text == nil {
		return nil
	}
	if m := language.FindSubmatchIndex(text); m != nil && string(text[m[2]:m[3]]) != gherkin.DefaultDialect {
		line := bytes.Count(text[:m[2]], []byte("\n")) + 1
		problems.add(src.Path, line, "the keywords are of language %q; the sentences are English, and only English keywords are guarded against misspelling: remove this line and write Feature, Scenario, Given, When, Then", text[m[2]:m[3]])
		return nil
	}
	counter := 0
	newID := func() string { counter++; return strconv.Itoa(counter) }
	doc, err := gherkin.ParseGherkinDocument(bytes.NewReader(text), newID)
	if err != nil {
		parseProblems(src.Path, err, problems)
		return nil
	}
	if doc.Feature == nil {
		problems.add(src.Path, 1, "the file holds no Feature; its first line should read \"Feature: what the system must do\"")
		return nil
	}
	f := &feature{source: src, name: strings.TrimSpace(doc.Feature.Name)}
	l := linter{file: src.Path, lines: strings.Split(string(text), "\n"), vocabulary: v, problems: problems}
	if !l.feature(doc.Feature) {
		return nil
	}

	nodes := index(doc.Feature)
	pickles := gherkin.Pickles(*doc, src.Path, newID)
	if len(pickles) == 0 { // the linter has named scenarios without steps
		problems.add(src.Path, int(doc.Feature.Location.Line), "the feature holds no scenario with steps: nothing would be tested")
	}
	found := len(problems.List)
	for _, p := range pickles {
		if len(problems.List)-found > maxProblems {
			problems.add(src.Path, bytes.Count(text, []byte("\n"))+1, "and more: what follows was not looked at")
			break
		}
		f.scenarios = append(f.scenarios, expand(src.Path, p, nodes, v, problems))
	}
	return f
}

// nodes finds places in the file by the parser's node IDs.
type nodes struct {
	line       map[string]int  // of scenarios and steps
	row        map[string]int  // of example rows, from 1 over all examples of a scenario
	background map[string]bool // steps of a Background
}

func index(f *messages.Feature) nodes {
	n := nodes{line: map[string]int{}, row: map[string]int{}, background: map[string]bool{}}
	addSteps := func(steps []*messages.Step) {
		for _, s := range steps {
			n.line[s.Id] = int(s.Location.Line)
		}
	}
	addBackground := func(b *messages.Background) {
		addSteps(b.Steps)
		for _, s := range b.Steps {
			n.background[s.Id] = true
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
			addBackground(c.Background)
		case c.Scenario != nil:
			addScenario(c.Scenario)
		case c.Rule != nil:
			for _, rc := range c.Rule.Children {
				if rc.Background != nil {
					addBackground(rc.Background)
				} else if rc.Scenario != nil {
					addScenario(rc.Scenario)
				}
			}
		}
	}
	return n
}

var reqTag = regexp.MustCompile(`^@REQ-[A-Za-z0-9._-]+$`)

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
		line, prepares := s.line, false
		for _, id := range ps.AstNodeIds {
			if l, ok := n.line[id]; ok {
				line = l
			}
			prepares = prepares || n.background[id]
		}
		if a := ps.Argument; a != nil {
			problems.add(file, line, "the sentence %q takes no table and no text block; remove it", ps.Text)
			continue
		}
		m, err := v.Match(ps.Text)
		if err != nil {
			problems.add(file, line, "%v", err)
			continue
		}
		st := rundir.Step{Text: ps.Text, Keyword: keyword(ps.Type, m.Sentence), Sentence: m.Sentence.Expression}
		checks := m.Sentence.Keyword == vocab.Then
		switch {
		case st.Keyword == rundir.Then && !checks:
			problems.add(file, line, "%q does something and checks nothing, so it can't stand under Then; put it under Given or When", ps.Text)
		case st.Keyword != rundir.Then && checks:
			// Only a Then must have left a check: here it could pass without one.
			problems.add(file, line, "%q checks something, so it must stand under Then, not under %s", ps.Text, st.Keyword)
		case checks && prepares:
			problems.add(file, line, "%q checks something; a Background prepares, and every scenario needs a Then of its own", ps.Text)
		case checks:
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

// keyword resolves the keyword of a step: And and But are what the step before
// them is, and what nothing says (*) is as the sentence itself.
func keyword(t messages.PickleStepType, s *vocab.Sentence) string {
	switch t {
	case messages.PickleStepType_CONTEXT:
		return rundir.Given
	case messages.PickleStepType_ACTION:
		return rundir.When
	case messages.PickleStepType_OUTCOME:
		return rundir.Then
	}
	return string(s.Keyword)
}

var parserPlace = regexp.MustCompile(`^\((\d+):\d+\): (.*)$`)

// parseProblems turns the parser's errors, one a line, into problems.
func parseProblems(file string, err error, problems *Problems) {
	var lines []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		lines = strings.Split(e.Error(), "\n")
	}
	before := len(problems.List)
	for _, l := range lines {
		if m := parserPlace.FindStringSubmatch(strings.TrimSpace(l)); m != nil {
			at, _ := strconv.Atoi(m[1])
			problems.add(file, at, "%s", readable(m[2]))
		}
	}
	if len(problems.List) == before {
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
	got = strings.TrimSpace(strings.TrimSuffix(got, "'"))
	if k := nearKeyword(got); k != "" && !strings.HasPrefix(got, k) {
		return fmt.Sprintf("%q is no line of a feature; did you mean %q?", got, k)
	}
	return fmt.Sprintf("%q is no line of a feature here; a step begins with Given, When, Then, And or But", got)
}

var (
	stepKeywords  = []string{"Given", "When", "Then", "And", "But"}
	titleKeywords = []string{"Scenario Outline:", "Feature:", "Scenario:", "Examples:", "Background:", "Rule:"}
)

// nearKeyword returns the keyword that a line probably was meant to begin with,
// or "". A line that begins with one as it is written counts too: where it is
// asked for, it was not read as one.
func nearKeyword(line string) string {
	if k := nearTitle(line); k != "" {
		return k
	}
	words := strings.Fields(line)
	if len(words) == 0 {
		return ""
	}
	return nearest(strings.TrimRight(words[0], ":,."), stepKeywords)
}

// nearTitle is nearKeyword for what ends in a colon.
func nearTitle(line string) string {
	words := strings.Fields(line)
	if len(words) == 0 {
		return ""
	}
	if len(words) > 1 {
		if k := nearest(untilColon(words[0]+" "+words[1]), titleKeywords[:1]); k != "" {
			return k
		}
	}
	return nearest(untilColon(words[0]), titleKeywords[1:])
}

func untilColon(s string) string {
	if head, _, ok := strings.Cut(s, ":"); ok {
		return head + ":"
	}
	return s
}

// nearest returns the keyword that a word is but for a slip of the pen, or "".
func nearest(word string, keywords []string) string {
	best, at := "", 3
	for _, k := range keywords {
		if len(word) > 2*len(k) {
			continue
		}
		a, b := strings.ToLower(word), strings.ToLower(k)
		d := levenshtein.ComputeDistance(a, b)
		if d < at && (d <= 1 || len(k) > 4 || swapped(a, b)) {
			best, at = k, d
		}
	}
	return best
}

// swapped reports whether two neighbouring letters of b are swapped in a.
func swapped(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:]
}
