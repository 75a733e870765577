package enterprise

import (
	"strings"
	"testing"
)

func TestParseTagsDoesNotPanic(t *testing.T) {
	t.Parallel()
	for _, expression := range []string{"@a and", "not", "or", "@a or or @b", "(@a and)"} {
		if _, err := parseTags(expression); err == nil || strings.Contains(err.Error(), "panic") {
			t.Errorf("%q: %v, want an error", expression, err)
		}
	}
}
