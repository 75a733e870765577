package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"pacsuat/internal/rundir"
)

// Widest texts before they wrap, in characters.
const (
	maxLabel  = 34 // name of a feature
	minLabel  = 20 // where that saves a table
	maxHeader = 10 // a line of a column's header
)

// column is a subject with its header.
type column struct {
	subject rundir.Subject
	site    []string // lines that name the site; nil unless the first of its site in its table
	header  []string // lines
	short   bool     // a link that is headed by its end alone
	width   int      // of the header and the cells
}

// placed returns the column as it stands after table: the first of its site
// names the site, and a link that its system doesn't precede names both ends.
func (c column) placed(table []column) column {
	var before *column
	if len(table) > 0 {
		before = &table[len(table)-1]
	}
	if before == nil || before.subject.Site != c.subject.Site {
		c.site = wrapName(c.subject.Site, maxHeader)
	}
	if c.short && before == nil {
		c.short = false
		c.header = wrapName(c.subject.Name, maxHeader)
	}
	c.width = max(c.width, widest(c.header), widest(c.site))
	return c
}

// orderedSubjects groups the subjects by site, in the order in which sites
// first appear; within a site each system is followed by the links that start
// at it, then come the links from elsewhere. Subjects without a cell have no
// column.
func orderedSubjects(v *rundir.Verdict) []column {
	planned := make(map[string]bool)
	for _, c := range v.Cells {
		planned[c.System] = true
	}
	var sites []string
	bySite := make(map[string][]rundir.Subject)
	for _, s := range v.Systems {
		if !planned[s.Name] {
			continue
		}
		if bySite[s.Site] == nil {
			sites = append(sites, s.Site)
		}
		bySite[s.Site] = append(bySite[s.Site], s)
	}
	var columns []column
	for _, site := range sites {
		subjects := bySite[site]
		add := func(s rundir.Subject, short bool) {
			header := s.Name
			if short {
				header = "->" + s.To
			}
			columns = append(columns, column{
				subject: s, short: short, header: wrapName(header, maxHeader),
			})
		}
		taken := make(map[string]bool)
		for _, s := range subjects {
			if s.Kind == rundir.SubjectLink {
				continue
			}
			add(s, false)
			for _, l := range subjects {
				if l.Kind == rundir.SubjectLink && l.From == s.Name {
					add(l, true)
					taken[l.Name] = true
				}
			}
		}
		for _, l := range subjects {
			if l.Kind == rundir.SubjectLink && !taken[l.Name] {
				add(l, false)
			}
		}
	}
	return columns
}

// orderedFeatures sorts rows: by the worst severity among their scenarios, the
// inbox last, otherwise as planned. Features without a cell have no row.
func orderedFeatures(v *rundir.Verdict) []rundir.Feature {
	severity := make(map[string]int)
	for _, s := range v.Scenarios {
		n := slices.Index(rundir.Severities, s.Severity)
		if was, ok := severity[s.Feature]; !ok || n < was {
			severity[s.Feature] = n
		}
	}
	rows := slices.DeleteFunc(slices.Clone(v.Features), func(f rundir.Feature) bool {
		return !slices.ContainsFunc(v.Cells, func(c rundir.CellVerdict) bool { return c.Feature == f.Path })
	})
	key := func(f rundir.Feature) int {
		if f.Path == rundir.InboxFeature {
			return len(rundir.Severities)
		}
		return severity[f.Path]
	}
	slices.SortStableFunc(rows, func(a, b rundir.Feature) int { return key(a) - key(b) })
	return rows
}

// split packs columns into tables of at most width characters, borders
// included. A site stays whole unless it alone is too wide; then it is split
// where it must be.
func split(columns []column, width int) [][]column {
	var tables [][]column
	var table []column
	for i := 0; i < len(columns); {
		j := i
		for j < len(columns) && columns[j].subject.Site == columns[i].subject.Site {
			j++
		}
		if whole := place(table, columns[i:j]); len(table) > 0 && tableWidth(whole) > width {
			tables = append(tables, table)
			table = nil
		}
		for k := i; k < j; k++ {
			longer := place(table, columns[k:k+1])
			if len(table) > 0 && tableWidth(longer) > width {
				tables = append(tables, table)
				longer = place(nil, columns[k:k+1])
			}
			table = longer
		}
		i = j
	}
	if len(table) > 0 {
		tables = append(tables, table)
	}
	return tables
}

// place returns a table with more columns after those that it has.
func place(table, more []column) []column {
	table = slices.Clone(table)
	for _, c := range more {
		table = append(table, c.placed(table))
	}
	return table
}

// tableWidth is the width of columns with their padding and right borders.
func tableWidth(table []column) int {
	n := 0
	for _, c := range table {
		n += c.width + 3
	}
	return n
}

// labelled wraps the names of the rows as wide as is possible without another
// table, and splits the columns beside them.
func labelled(rows []rundir.Feature, columns []column, width int) (labels [][]string, tables [][]column) {
	for limit := maxLabel; limit >= minLabel; limit-- {
		var narrower [][]string
		used := 0
		for _, f := range rows {
			lines := wrap(f.Name, limit)
			narrower = append(narrower, lines)
			used = max(used, widest(lines))
		}
		if t := split(columns, width-(used+4)); tables == nil || len(t) < len(tables) {
			labels, tables = narrower, t
		}
	}
	return labels, tables
}

// wrap breaks a text at spaces into lines of at most width characters; words
// that are longer are broken where they must be.
func wrap(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for {
			switch {
			case line == "" && twwidth.Width(word) <= width:
				line = word
			case line != "" && twwidth.Width(line)+1+twwidth.Width(word) <= width:
				line += " " + word
			case line != "":
				lines = append(lines, line)
				line = ""
				continue
			default:
				head, tail := cut(word, width)
				lines = append(lines, head)
				word = tail
				continue
			}
			break
		}
	}
	if line != "" || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// wrapName is wrap for names, which break after hyphens and dots too, and
// before an arrow.
func wrapName(s string, width int) []string {
	if twwidth.Width(s) <= width {
		return []string{s}
	}
	var pieces []string
	start := 0
	for i := 1; i < len(s); i++ {
		after := strings.ContainsRune("-._ ", rune(s[i-1])) && s[i] != '>' && s[i] != '-'
		if after || strings.HasPrefix(s[i:], "->") {
			pieces = append(pieces, s[start:i])
			start = i
		}
	}
	pieces = append(pieces, s[start:])
	var lines []string
	line := ""
	for _, piece := range pieces {
		if line != "" && twwidth.Width(line+strings.TrimRight(piece, " ")) > width {
			lines = append(lines, strings.TrimSpace(line))
			line = ""
		}
		for line == "" && twwidth.Width(strings.TrimRight(piece, " ")) > width {
			var head string
			head, piece = cut(piece, width)
			lines = append(lines, head)
		}
		line += piece
	}
	return append(lines, strings.TrimSpace(line))
}

// cut splits a word after as many characters as fit, at least one.
func cut(word string, width int) (head, tail string) {
	end := 0
	for i, r := range word {
		if i > 0 && twwidth.Width(word[:i]+string(r)) > width {
			break
		}
		end = i + len(string(r))
	}
	return word[:end], word[end:]
}

func widest(lines []string) int {
	n := 0
	for _, l := range lines {
		n = max(n, twwidth.Width(l))
	}
	return n
}
