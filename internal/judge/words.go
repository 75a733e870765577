package judge

import (
	"fmt"
	"strings"
	"unicode"

	"pacsuat/internal/rundir"
)

// Longest texts in a sentence, in characters.
const (
	maxDetail = 300
	maxValue  = 80
)

// sentence says what a check expected and what was observed.
func sentence(c *rundir.Check, limit rundir.Value) string {
	observed := "observed " + amount(c.Observed, c.Unit)
	if c.CensoredAt != nil {
		observed += " when the wait was ended"
	}
	s := fmt.Sprintf("%s: %s, %s", c.Name, expected(c, limit), observed)
	switch d := clean(c.Detail); {
	case d == "":
		return s
	case limit.String() == c.Limit.String() && strings.Contains(d, "expected "+limit.String()):
		return d + " (" + c.Name + ")" // the detail has said it
	default:
		return d + " (" + s + ")"
	}
}

func expected(c *rundir.Check, limit rundir.Value) string {
	words := map[rundir.Comparator]string{
		rundir.NotEqual:       "anything but ",
		rundir.LessOrEqual:    "at most ",
		rundir.GreaterOrEqual: "at least ",
	}
	return "expected " + words[c.Comparator] + amount(limit, c.Unit)
}

func amount(v rundir.Value, unit string) string {
	s := shortened(v.String(), maxValue)
	if unit != "" && v.Number != nil {
		s += " " + unit
	}
	return s
}

// stepText is a planned step as people read it; "" outside steps.
func stepText(s *rundir.Scenario, index int) string {
	if index < 1 || index > len(s.Steps) {
		return ""
	}
	return s.Steps[index-1].Keyword + " " + s.Steps[index-1].Text
}

// clean makes one line of a text: reasons go into tables and terminals, and
// control characters of a peer must not reach them.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, s)
	return shortened(strings.Join(strings.Fields(s), " "), maxDetail)
}

func shortened(s string, limit int) string {
	if r := []rune(s); len(r) > limit {
		return string(r[:limit-1]) + "…"
	}
	return s
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// colon joins what somebody did with the text that says it exactly.
func colon(why, words string) string {
	if why == "" {
		return words
	}
	return words + " (" + why + ")"
}

func inBrackets(s string) string {
	if s = clean(s); s != "" {
		return " (" + s + ")"
	}
	return ""
}
