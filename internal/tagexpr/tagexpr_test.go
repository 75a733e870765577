package tagexpr

import (
	"errors"
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expression string
		tags       string
		want       bool
		wrong      string // part of the error; "" = none
	}{
		{expression: "@storage", tags: "@storage", want: true},
		{expression: "@storage", tags: "@storages"},
		{expression: "@storage and not @slow", tags: "@storage", want: true},
		{expression: "@storage and not @slow", tags: "@storage @slow"},
		{expression: "@a or @b and @c", tags: "@a", want: true},
		{expression: "(@a or @b)\tand\n@c", tags: "@b @c", want: true},
		{expression: "(@a or @b) and @c", tags: "@b"},
		{expression: "not not @a", tags: "@a", want: true},
		{expression: "not @a", want: true},
		{expression: "@REQ-12.3", tags: "@REQ-12.3", want: true},
		{expression: "@a and", wrong: "something is missing beside an operator"},
		{expression: "not", wrong: "something is missing beside an operator"},
		{expression: "(@a and)", wrong: "do not fit"},
		{expression: "(@a", wrong: "do not fit"},
		{expression: "@a)", wrong: "do not fit"},
		{expression: "@a @b", wrong: "do not fit"},
		{expression: "@a not @b", wrong: "do not fit"},
		{expression: "or @a", wrong: "do not fit"},
		{expression: "@a or or @b", wrong: "do not fit"},
		{expression: "@a and ()", wrong: "do not fit"},
		{expression: "", wrong: "names no tag"},
		{expression: " \t", wrong: "names no tag"},
		{expression: "()", wrong: "names no tag"},
		{expression: "not slow", wrong: `"slow" is neither a tag`},
		{expression: "@a AND @b", wrong: `"AND" is neither`},
		{expression: "@a && @b", wrong: `"&&" is neither`},
		{expression: "~@a", wrong: `"~@a" is neither`},
		{expression: "@a,@b", wrong: `"@a,@b" is neither`},
		{expression: `@a\`, wrong: "is neither"},
		{expression: "@", wrong: "is neither"},
		{expression: strings.Repeat("not ", 2000) + "@a", wrong: "longer than"},
	} {
		e, err := Parse(c.expression)
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%.40q: %v, want an error with %q", c.expression, err, c.wrong)
			}
		case err != nil:
			t.Errorf("%q: %v", c.expression, err)
		case e.Matches(strings.Fields(c.tags)) != c.want:
			t.Errorf("%q on %q: %t", c.expression, c.tags, !c.want)
		}
	}
}

func TestWordErrorNamesTheWord(t *testing.T) {
	t.Parallel()
	_, err := Parse("@a and slow")
	var word *WordError
	if !errors.As(err, &word) || word.Word != "slow" {
		t.Errorf("%v, want a WordError of slow", err)
	}
}
