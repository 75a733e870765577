package vocab

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"sort"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
	cucumberexpressions "github.com/cucumber/cucumber-expressions/go/v18"
)

// Effect is what a sentence does to the system, mildest first.
type Effect int

const (
	None    Effect = iota // nothing is sent
	Read                  // echoes, queries, retrievals
	Write                 // stores synthetic objects
	Destroy               // may leave damage behind: never where a live system is reached
)

// Keyword is where a sentence belongs.
type Keyword string

const (
	Given Keyword = "Given" // what is there before
	When  Keyword = "When"  // what is done
	Then  Keyword = "Then"  // what must be; only these may stand under Then
)

// Made is synthetic studies that a sentence makes; nothing is sent by it.
type Made struct {
	Kind    string // recipe of synth
	Studies int
	Images  int // in each
}

// Sends says which of the studies made so far a sentence sends.
type Sends int

const (
	SendsNothing Sends = iota
	SendsStudy         // the study made last, whole
	SendsStudies       // all of them
	SendsImages        // Demand.Images more images of the study made last
)

// Demand is what one step asks of the system under test.
type Demand struct {
	Effect       Effect
	Associations int // held at once with the system under test
	Receiving    int // held at once with the system at the other end of the link
	Makes        *Made
	Sends        Sends
	Images       int // for SendsImages
}

// Sentence is one sentence of the vocabulary.
type Sentence struct {
	ID         string
	Keyword    Keyword
	Expression string // Cucumber Expression
	Purpose    string // what it is for, one sentence
	Example    string // a step text that matches
	Section    string // of the standard, "" where it speaks of none
	// Checks are the names of the checks that it can write.
	Checks []string
	// SimulatedOnly: it asks for more than our own and fits only a simulator.
	SimulatedOnly bool
	// Demand of a step with these arguments.
	Demand func(Args) Demand
}

// Match is a sentence that a step's text matched, with its typed arguments.
type Match struct {
	Sentence *Sentence
	Args     Args
}

type compiled struct {
	Sentence
	expression cucumberexpressions.Expression
	regexp     *regexp.Regexp
}

// Vocabulary is a compiled set of sentences, safe for concurrent use.
type Vocabulary struct {
	sentences []compiled
	byID      map[string]int
	hash      string
	// cucumber-expressions keeps state while matching.
	mu sync.Mutex
}

// Default returns the shipped vocabulary.
var Default = sync.OnceValue(func() *Vocabulary {
	var all []Sentence
	for _, part := range [][]Sentence{
		studySentences, sendSentences, echoSentences, associationSentences,
		querySentences, answerSentences, retrieveSentences, arrivalSentences,
		concurrencySentences,
	} {
		all = append(all, part...)
	}
	v, err := Compile(all)
	if err != nil {
		// The shipped sentences are constants that a test compiles.
		panic(err)
	}
	return v
})

// Compile compiles sentences. It fails on a bad expression and on an ID that
// stands twice.
func Compile(sentences []Sentence) (*Vocabulary, error) {
	registry, err := parameterTypes()
	if err != nil {
		return nil, err
	}
	v := &Vocabulary{byID: map[string]int{}}
	sum := sha256.New()
	for _, s := range sentences {
		if _, ok := v.byID[s.ID]; ok {
			return nil, fmt.Errorf("vocabulary: sentence %s stands twice", s.ID)
		}
		e, err := cucumberexpressions.NewCucumberExpression(s.Expression, registry)
		if err != nil {
			return nil, fmt.Errorf("vocabulary: sentence %s: %w", s.ID, err)
		}
		re, err := wholeGroup(e.Regexp())
		if err != nil {
			return nil, fmt.Errorf("vocabulary: sentence %s: %w", s.ID, err)
		}
		v.byID[s.ID] = len(v.sentences)
		v.sentences = append(v.sentences, compiled{Sentence: s, expression: e, regexp: re})
		fmt.Fprintf(sum, "%s\x00%s\x00%s\n", s.ID, s.Expression, strings.Join(s.Checks, ","))
	}
	v.hash = hex.EncodeToString(sum.Sum(nil))
	return v, nil
}

// wholeGroup returns re with its captures made plain and one capture around
// everything: a runner that passes captures to a handler then passes the text
// of the whole step.
func wholeGroup(re *regexp.Regexp) (*regexp.Regexp, error) {
	tree, err := syntax.Parse(re.String(), syntax.Perl)
	if err != nil {
		return nil, err
	}
	var plain func(*syntax.Regexp) *syntax.Regexp
	plain = func(r *syntax.Regexp) *syntax.Regexp {
		for i := range r.Sub {
			r.Sub[i] = plain(r.Sub[i])
		}
		if r.Op == syntax.OpCapture {
			return r.Sub[0]
		}
		return r
	}
	body := plain(tree).String()
	return regexp.Compile("^(" + body + ")$")
}

// Hash identifies the vocabulary: the same sentences, the same hash.
func (v *Vocabulary) Hash() string { return v.hash }

// Sentences lists them in their order.
func (v *Vocabulary) Sentences() []Sentence {
	out := make([]Sentence, len(v.sentences))
	for i := range v.sentences {
		out[i] = v.sentences[i].Sentence
	}
	return out
}

// CheckNames lists every check that the vocabulary can write, sorted.
func (v *Vocabulary) CheckNames() []string {
	seen := map[string]bool{}
	var out []string
	for i := range v.sentences {
		for _, c := range v.sentences[i].Checks {
			if !seen[c] {
				seen[c] = true
				out = append(out, c)
			}
		}
	}
	sort.Strings(out)
	return out
}

// Regexp returns an expression that matches every text that the sentence
// matches and captures the whole of it, compiled once.
func (v *Vocabulary) Regexp(id string) (*regexp.Regexp, bool) {
	i, ok := v.byID[id]
	if !ok {
		return nil, false
	}
	return v.sentences[i].regexp, true
}

// UnknownError says that no sentence matches a text.
type UnknownError struct {
	Text    string
	Nearest []string // examples of the sentences that come nearest
}

func (e *UnknownError) Error() string {
	s := fmt.Sprintf("no sentence of the vocabulary matches %q", e.Text)
	if len(e.Nearest) > 0 {
		s += fmt.Sprintf("; did you mean %q?", e.Nearest[0])
	}
	return s
}

// Match finds the one sentence that matches text. None is an *UnknownError,
// more than one an error that names them.
func (v *Vocabulary) Match(text string) (Match, error) {
	var found []Match
	for i := range v.sentences {
		c := &v.sentences[i]
		if !c.regexp.MatchString(text) {
			continue
		}
		args, err := v.arguments(c, text)
		if err != nil {
			return Match{}, err
		}
		found = append(found, Match{Sentence: &c.Sentence, Args: args})
	}
	switch len(found) {
	case 0:
		return Match{}, &UnknownError{Text: text, Nearest: v.nearest(text)}
	case 1:
		return found[0], nil
	}
	return Match{}, fmt.Errorf("two sentences of the vocabulary match %q: %q and %q",
		text, found[0].Sentence.Expression, found[1].Sentence.Expression)
}

func (v *Vocabulary) arguments(c *compiled, text string) (Args, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	matched, err := c.expression.Match(text)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", text, err)
	}
	args := make(Args, len(matched))
	var problems []error
	for i, m := range matched {
		if args[i], err = value(m); err != nil {
			problems = append(problems, fmt.Errorf("%q: %w", text, err))
		}
	}
	return args, errors.Join(problems...)
}

// maxInt bounds every {int}: nothing is asked, sent or expected more often.
const maxInt = 1_000_000

// value returns a typed argument. The library panics on an {int} that no int
// can hold (v18.0.1), and takes negative ones, which no sentence means.
func value(m *cucumberexpressions.Argument) (v any, err error) {
	defer func() {
		if recover() != nil {
			v, err = nil, errors.New("a number in it is too large")
		}
	}()
	v = m.GetValue()
	switch x := v.(type) {
	case error:
		return nil, x
	case int:
		if x < 0 || x > maxInt {
			return nil, fmt.Errorf("the number %d is out of range; write one from 0 to %d", x, maxInt)
		}
	}
	return v, nil
}

// Knows reports whether a sentence has the form of text, whatever its arguments.
func (v *Vocabulary) Knows(text string) bool {
	for i := range v.sentences {
		if v.sentences[i].regexp.MatchString(text) {
			return true
		}
	}
	return false
}

// maxSuggest bounds the texts that a suggestion is looked for.
const maxSuggest = 300

// nearest returns the examples whose words are nearest to text, best first.
func (v *Vocabulary) nearest(text string) []string {
	if len(text) > maxSuggest {
		return nil
	}
	type scored struct {
		example string
		at      int
	}
	var all []scored
	for i := range v.sentences {
		ex := v.sentences[i].Example
		all = append(all, scored{ex, levenshtein.ComputeDistance(strings.ToLower(text), strings.ToLower(ex))})
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].at < all[j].at })
	var out []string
	for _, s := range all {
		if len(out) == 3 || s.at > len(text)/2+8 {
			break
		}
		out = append(out, s.example)
	}
	return out
}
