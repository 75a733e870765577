package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"

	"pacsuat/internal/rundir"
)

// Options say what the place is like that a report is printed to.
type Options struct {
	Width  int  // characters a line; 0 = 100, and never less than 60
	Colour bool // ANSI colours, for terminals
}

const (
	defaultWidth = 100
	minWidth     = 60
	maxLabel     = 34 // widest name of a feature before it wraps
)

// Matrix prints a verdict for people: the matrix of features (rows, blockers
// first, the inbox last) and subjects (columns, by site; split by site into
// several tables where they don't fit), then the first failure of each red
// cell, what is inconclusive, what was accepted, and last the gate with its
// reasons. It returns the error of writing, if any.
func Matrix(w io.Writer, v *rundir.Verdict, o Options) error {
	if o.Width == 0 {
		o.Width = defaultWidth
	}
	o.Width = max(o.Width, minWidth)
	b := bufio.NewWriter(w)
	p := &printer{w: b, v: v, o: o}
	if err := p.tables(); err != nil {
		return err
	}
	p.failures()
	p.doubts()
	p.accepted()
	p.gate()
	return b.Flush()
}

// printer is one report being written. Errors of writing stay in w until Flush.
type printer struct {
	w *bufio.Writer
	v *rundir.Verdict
	o Options
}

func (p *printer) tables() error {
	title := p.v.Enterprise
	if p.v.Simulated {
		title += " (simulated)"
	}
	if title != "" {
		p.line(title)
	}
	rows := orderedFeatures(p.v)
	columns := orderedSubjects(p.v)
	if len(rows) == 0 || len(columns) == 0 {
		p.line("There is no cell to show.")
		p.line("")
		return nil
	}
	label := 0
	labels := make([]string, len(rows))
	for i, f := range rows {
		lines := wrap(f.Name, maxLabel)
		labels[i] = strings.Join(lines, "\n")
		label = max(label, widest(lines))
	}
	cells := make(map[[2]string]rundir.CellVerdict, len(p.v.Cells))
	for _, c := range p.v.Cells {
		cells[[2]string{c.System, c.Feature}] = c
	}
	links := false
	for i := range columns {
		c := &columns[i]
		c.width = widest(strings.Split(c.header, "\n"))
		for _, f := range rows {
			c.width = max(c.width, len(cellText(cells[[2]string{c.subject.Name, f.Path}])))
		}
		links = links || c.short
	}
	for _, part := range split(columns, p.o.Width-(label+4)) {
		if err := p.table(part, rows, labels, cells); err != nil {
			return err
		}
		p.line("")
	}
	if links {
		p.line("->B is the link to B from the system on its left.")
		p.line("")
	}
	return nil
}

func (p *printer) table(columns []column, rows []rundir.Feature, labels []string, cells map[[2]string]rundir.CellVerdict) error {
	t := tablewriter.NewTable(p.w,
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithEastAsian(tw.Off),
	)
	header := []string{"\nfeature"}
	for i, c := range columns {
		site := ""
		if i == 0 || columns[i-1].subject.Site != c.subject.Site {
			site = c.site
		}
		header = append(header, site+"\n"+c.header)
	}
	t.Header(header)
	for i, f := range rows {
		row := []string{labels[i]}
		for _, c := range columns {
			cell, ok := cells[[2]string{c.subject.Name, f.Path}]
			text := cellText(cell)
			if ok {
				text = p.paint(cell.Verdict, text)
			}
			row = append(row, text)
		}
		if err := t.Append(row); err != nil {
			return fmt.Errorf("matrix: %w", err)
		}
	}
	if err := t.Render(); err != nil {
		return fmt.Errorf("matrix: %w", err)
	}
	return nil
}

// words of the outcomes in a cell.
var words = map[rundir.Outcome]string{
	rundir.Fail:          "FAIL",
	rundir.Inconclusive:  "INC",
	rundir.Pending:       "PEND",
	rundir.Flaky:         "FLAKY",
	rundir.Waived:        "WAIVED",
	rundir.Pass:          "PASS",
	rundir.NotApplicable: "N/A",
}

// cellText is the worst outcome of a cell and how many of its scenarios came
// to it; "-" where nothing is planned.
func cellText(c rundir.CellVerdict) string {
	if c.Verdict == "" {
		return "-"
	}
	word, n := words[c.Verdict], count(c.Scenarios, c.Verdict)
	if word == "" {
		word = string(c.Verdict)
	}
	if n == c.Scenarios.Planned {
		return fmt.Sprintf("%s %d", word, n)
	}
	return fmt.Sprintf("%s %d/%d", word, n, c.Scenarios.Planned)
}

func count(c rundir.Counts, o rundir.Outcome) int {
	switch o {
	case rundir.Fail:
		return c.Fail
	case rundir.Inconclusive:
		return c.Inconclusive
	case rundir.Pending:
		return c.Pending
	case rundir.Flaky:
		return c.Flaky
	case rundir.Waived:
		return c.Waived
	case rundir.Pass:
		return c.Pass
	case rundir.NotApplicable:
		return c.NotApplicable
	}
	return 0
}
