package plan

import (
	"strings"
	"testing"
)

func TestParseTags(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		expression string
		tags       string
		want       bool
		wrong      string // part of the error; "" = none
	}{
		{expression: "@storage", tags: "@storage", want: true},
		{expression: "@storage and not @slow", tags: "@storage", want: true},
		{expression: "@storage and not @slow", tags: "@storage @slow"},
		{expression: "(@a or @b)\tand @c", tags: "@b @c", want: true},
		{expression: "@a and", wrong: "something is missing beside an operator"},
		{expression: "or @a", wrong: "no tag expression"},
		{expression: "not", wrong: "something is missing beside an operator"},
		{expression: "(@a", wrong: "no tag expression"},
		{expression: "@a @b", wrong: "no tag expression"},
		{expression: "not slow", wrong: `"slow" in "not slow" is neither a tag`},
		{expression: "@", wrong: "neither a tag"},
	} {
		e, err := parseTags(c.expression)
		switch {
		case c.wrong != "":
			if err == nil || !strings.Contains(err.Error(), c.wrong) || !strings.Contains(err.Error(), "@storage and not @slow") {
				t.Errorf("%q: %v, want an error with %q and an example", c.expression, err, c.wrong)
			}
		case err != nil:
			t.Errorf("%q: %v", c.expression, err)
		case e.Evaluate(strings.Fields(c.tags)) != c.want:
			t.Errorf("%q on %s: %t", c.expression, c.tags, !c.want)
		}
	}
}
