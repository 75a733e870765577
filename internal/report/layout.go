package report

import (
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter/pkg/twwidth"

	"pacsuat/internal/rundir"
)

// maxHeader is the widest line of a column's header before it wraps.
const maxHeader = 12

// column is a subject with its header.
type column struct {
	subject rundir.Subject
	site    string // as printed
	header  string // lines
	short   bool   // a link that is headed by its end alone
	width   int
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
			if s.Kind == rundir.SubjectLink && short {
				header = "->" + s.To
			}
			columns = append(columns, column{
				subject: s, short: short,
				site:   strings.Join(wrapName(site, maxHeader)[:1], ""),
				header: strings.Join(wrapName(header, maxHeader), "\n"),
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
// included. A site stays whole unless it alone is too wide; then a system and
// its links stay together as far as they fit.
func split(columns []column, width int) [][]column {
	var tables [][]column
	var table []column
	used := 0
	for i := 0; i < len(columns); {
		j, site := i, 0
		for j < len(columns) && columns[j].subject.Site == columns[i].subject.Site {
			site += columns[j].width + 3
			j++
		}
		if len(table) > 0 && used+site > width {
			tables = append(tables, table)
			table, used = nil, 0
		}
		for _, c := range columns[i:j] {
			if len(table) > 0 && used+c.width+3 > width {
				tables = append(tables, table)
				table, used = nil, 0
			}
			if len(table) == 0 && c.short {
				// Its system is in the table before: name both ends.
				c.header = strings.Join(wrapName(c.subject.Name, maxHeader), "\n")
				c.width = max(c.width, widest(strings.Split(c.header, "\n")))
			}
			table = append(table, c)
			used += c.width + 3
		}
		i = j
	}
	if len(table) > 0 {
		tables = append(tables, table)
	}
	return tables
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
