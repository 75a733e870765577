package report

import (
	"strings"

	"pacsuat/internal/rundir"
)

// colours by outcome, as SGR parameters (ECMA-48 8.3.117). The word is always
// there too: colour alone tells nobody anything.
var colours = map[rundir.Outcome]string{
	rundir.Fail:          "1;31",
	rundir.Inconclusive:  "1;33",
	rundir.Pending:       "33",
	rundir.Flaky:         "33",
	rundir.Waived:        "36",
	rundir.Pass:          "32",
	rundir.NotApplicable: "2",
}

const (
	csi   = "\x1b["
	reset = csi + "0m"
)

// paint colours a text by an outcome, where colours are wanted.
func (p *printer) paint(o rundir.Outcome, s string) string {
	if code := colours[o]; p.o.Colour && code != "" {
		return csi + code + "m" + s + reset
	}
	return s
}

// uncoloured takes away what paint added.
func uncoloured(s string) string {
	if rest, ok := strings.CutPrefix(s, csi); ok {
		if _, rest, ok = strings.Cut(rest, "m"); ok {
			return strings.TrimSuffix(rest, reset)
		}
	}
	return s
}
