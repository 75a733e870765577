package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
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
	p.conditions()
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
	cells := make(map[[2]string]rundir.CellVerdict, len(p.v.Cells))
	for _, c := range p.v.Cells {
		cells[[2]string{c.System, c.Feature}] = c
	}
	for i := range columns {
		for _, f := range rows {
			columns[i].width = max(columns[i].width, len(cellText(cells[[2]string{columns[i].subject.Name, f.Path}])))
		}
	}
	labels, tables := labelled(rows, columns, p.o.Width)
	links := false
	for _, t := range tables {
		links = links || slices.ContainsFunc(t, func(c column) bool { return c.short })
		if err := p.table(t, rows, labels, cells); err != nil {
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

// table prints one table; rows without a cell in it are left out.
func (p *printer) table(columns []column, rows []rundir.Feature, labels [][]string, cells map[[2]string]rundir.CellVerdict) error {
	t := tablewriter.NewTable(p.w,
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignment(tw.AlignLeft),
		tablewriter.WithRowAlignment(tw.AlignLeft),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithTrimLine(tw.Off), // empty lines hold the sites' names apart
		tablewriter.WithTrimSpace(tw.Off),
	)
	siteLines := 0
	for _, c := range columns {
		siteLines = max(siteLines, len(c.site))
	}
	header := []string{"feature"}
	for _, c := range columns {
		lines := append(slices.Clone(c.site), make([]string, siteLines-len(c.site))...)
		header = append(header, strings.Join(append(lines, c.header...), "\n"))
	}
	t.Header(header)
	for i, f := range rows {
		row, planned := []string{strings.Join(labels[i], "\n")}, false
		for _, c := range columns {
			cell, ok := cells[[2]string{c.subject.Name, f.Path}]
			text := cellText(cell)
			if ok {
				text, planned = p.paint(cell.Verdict, text), true
			}
			row = append(row, text)
		}
		if !planned {
			continue
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
