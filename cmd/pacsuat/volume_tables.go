package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"

	"pacsuat/synth/volume"
)

// printDay prints a day's figures within defaultWidth columns.
func printDay(to io.Writer, cluster string, day *volume.Summary) error {
	w := bufio.NewWriter(to)
	say := func(format string, args ...any) {
		fmt.Fprintln(w, strings.Join(fold(fmt.Sprintf(format, args...), defaultWidth), "\n"))
	}
	say("%s, %s %s, profile %q, seed %d", cluster, day.Weekday, day.Date, day.Profile, day.Seed)
	say("mean: what the profile expects of such a day; drawn: what the seed makes of it. GB and MB are 10^9 and 10^6 bytes.")
	for _, print := range []func(io.Writer, *volume.Summary) error{printHours, printSites, printModalities, printPeaks} {
		fmt.Fprintln(w)
		if err := print(w, day); err != nil {
			return err
		}
	}
	fmt.Fprintln(w)
	sentences(say, day)
	return w.Flush()
}

func printHours(w io.Writer, day *volume.Summary) error {
	t := newTable(w, "hour", "exams\nmean", "\ndrawn", "instances\nmean", "\ndrawn", "GB\nmean", "\ndrawn", "MB/s\nmean", "\ndrawn")
	for _, h := range day.Hours {
		row := append([]string{fmt.Sprintf("%02d", h.Hour)}, counts(h.Pair)...)
		if err := t.Append(append(row, grouped(h.ExpectedFlow.MBPerSecond, 1), grouped(h.DrawnFlow.MBPerSecond, 1))); err != nil {
			return err
		}
	}
	t.Footer(append(append([]string{"day"}, counts(day.Day)...), "", ""))
	return t.Render()
}

func printSites(w io.Writer, day *volume.Summary) error {
	t := newTable(w, "site", "exams\na year", "exams\nmean", "\ndrawn", "instances\nmean", "\ndrawn", "GB\nmean", "\ndrawn")
	served := false
	add := func(s volume.SiteDay) error {
		name := s.Site
		if s.PACS != s.Site {
			name, served = "- "+name, true
		}
		return t.Append(append([]string{shorten(name, widestSite), grouped(float64(s.YearlyExams), 0)}, counts(s.Pair)...))
	}
	for _, s := range day.Sites {
		if s.PACS != s.Site {
			continue
		}
		if err := add(s); err != nil {
			return err
		}
		for _, f := range day.Sites {
			if f.PACS == s.Site && f.Site != s.Site {
				if err := add(f); err != nil {
					return err
				}
			}
		}
	}
	if err := t.Render(); err != nil {
		return err
	}
	if served {
		fmt.Fprintln(w, "-: the studies go to the PACS of the site above.")
	}
	return nil
}

// How many characters of a site's, and of a modality's or PACS's name fit.
const (
	widestSite = 20
	widestName = 16
)

func printModalities(w io.Writer, day *volume.Summary) error {
	t := newTable(w, "modality", "exams\n%", "\nmean", "\ndrawn", "inst/study\nmean", "\ndrawn", "MB/study\nmean", "\ndrawn", "MB/instance\nassumed", "\nmade")
	for _, m := range day.Modalities {
		per, drawn := m.Expected, m.Drawn
		if err := t.Append([]string{shorten(m.Modality, widestName), grouped(m.Share, 1), grouped(per.Exams, 0), grouped(drawn.Exams, 0),
			ratio(per.Instances, per.Exams, 1), ratio(drawn.Instances, drawn.Exams, 1),
			ratio(per.Bytes/1e6, per.Exams, 1), ratio(drawn.Bytes/1e6, drawn.Exams, 1),
			grouped(m.AssumedMBPerInstance, 2), ratio(per.Bytes/1e6, per.Instances, 2)}); err != nil {
			return err
		}
	}
	return t.Render()
}

func printPeaks(w io.Writer, day *volume.Summary) error {
	l := day.Load
	block := "block"
	if len(l.Blocks) > 0 {
		block = minutes(l.Blocks[0].Minutes)
	}
	fmt.Fprintf(w, "Design peak, %s x the mean busiest hour of the week; and what waits after a block of %s then:\n", trimmed(l.OverloadFactor), spaced(block))
	t := newTable(w, "PACS", "peak\nexams/h", "\ninstances/s", "\nMB/s", "block\nexams", "\ninstances", "\nGB", "drain\nMB/s", "link\nMbit/s")
	for i, p := range l.PACS {
		b := l.Blocks[i]
		if err := t.Append([]string{shorten(p.Name, widestName), grouped(p.Design.Exams, 0), grouped(p.DesignFlow.InstancesPerSecond, 1), grouped(p.DesignFlow.MBPerSecond, 1),
			grouped(b.Waiting.Exams, 0), grouped(b.Waiting.Instances, 0), grouped(b.Waiting.Bytes/1e9, 1),
			grouped(b.DrainFlow.MBPerSecond, 1), grouped(8*b.LinkFlow.MBPerSecond, 0)}); err != nil {
			return err
		}
	}
	c := l.Cluster
	t.Footer([]string{"all = DR", grouped(c.Design.Exams, 0), grouped(c.DesignFlow.InstancesPerSecond, 1), grouped(c.DesignFlow.MBPerSecond, 1), "", "", "", "", ""})
	return t.Render()
}

// sentences says what the peaks and backlogs are.
func sentences(say func(string, ...any), day *volume.Summary) {
	var other []string
	for _, m := range day.Modalities {
		if made := m.Expected.Bytes / 1e6 / m.Expected.Instances; math.Abs(made/m.AssumedMBPerInstance-1) > 0.2 {
			other = append(other, fmt.Sprintf("%s (%s MB an instance, %s assumed)", m.Modality, grouped(made, 2), grouped(m.AssumedMBPerInstance, 2)))
		}
	}
	if len(other) > 0 {
		say("Otherwise than the profile assumes by more than 20 %% are studies of %s. All bytes here are those of studies as they are made.", strings.Join(other, ", "))
	}
	l, h, d := day.Load, day.Hours[day.BusiestHour], day.Hours[day.BusiestDrawn]
	say("Busiest hour of the day: %02d to %02d, %s exams, %s instances/s and %s MB/s on average. Most bytes are drawn from %02d to %02d: %s MB/s.",
		h.Hour, h.Hour+1, grouped(h.Expected.Exams, 0), grouped(h.ExpectedFlow.InstancesPerSecond, 1), grouped(h.ExpectedFlow.MBPerSecond, 1),
		d.Hour, d.Hour+1, grouped(d.DrawnFlow.MBPerSecond, 1))
	if day.SeveralZones {
		say("The sites have several time zones. Hours are each site's own, added up; at no moment is there as much as this peak.")
	}
	say("Mean busiest hour of the week: %s exams, %s instances/s, %s MB/s. Design peak: %s exams, %s instances/s, %s MB/s; each object is stored %s times in the cluster, so %s stores/s.",
		grouped(l.Cluster.BusyHour.Exams, 0), grouped(l.Cluster.BusyFlow.InstancesPerSecond, 1), grouped(l.Cluster.BusyFlow.MBPerSecond, 1),
		grouped(l.Cluster.Design.Exams, 0), grouped(l.Cluster.DesignFlow.InstancesPerSecond, 1), grouped(l.Cluster.DesignFlow.MBPerSecond, 1),
		trimmed(l.StoresPerObject), grouped(l.StoresPerObject*l.Cluster.DesignFlow.InstancesPerSecond, 1))
	if len(l.Blocks) > 0 {
		b := l.Blocks[0]
		say("A block of %s at %s, at the design peak: %s wait. To drain them in %s takes %s MB/s beside the %s MB/s of live load, a link of %s Mbit/s.",
			minutes(b.Minutes), b.Name, waiting(b.Waiting), minutes(b.DrainMinutes), grouped(b.DrainFlow.MBPerSecond, 1),
			grouped(l.PACS[0].DesignFlow.MBPerSecond, 1), grouped(8*b.LinkFlow.MBPerSecond, 0))
	}
	for _, o := range []struct {
		when string
		volume.Backlog
	}{{"weekend day", l.DRWeekendDay}, {"weekday", l.DRWeekday}} {
		say("The DR out for %s of a %s: %s wait. To drain them in %s takes %s MB/s beside the %s MB/s of the design peak, a link of %s Mbit/s.",
			minutes(o.Minutes), o.when, waiting(o.Waiting), minutes(o.DrainMinutes), grouped(o.DrainFlow.MBPerSecond, 1),
			grouped(l.Cluster.DesignFlow.MBPerSecond, 1), grouped(8*o.LinkFlow.MBPerSecond, 0))
	}
	r := l.Reading
	say("Reading, at the design peak: %s radiologists at a time (%s in the mean busiest hour; %s min an exam), %s study opens/s (%s MB/s if each were a full retrieve), %s queries/s, %s HL7 messages/s. A patient has %s priors on average, %s %% have none; %s are prefetched in an hour.",
		grouped(r.ReadersDesign, 0), grouped(r.ReadersBusyHour, 0), grouped(r.MeanReadMinutes, 1), grouped(r.OpensPerSecond, 1), grouped(r.OpenMBPerSecond, 0),
		grouped(r.QueriesPerSecond, 1), grouped(r.HL7PerSecond, 1), trimmed(r.PriorsPerExam), trimmed(r.PercentWithoutPrior), grouped(r.PrefetchPerHour, 0))
}

// newTable aligns the first column to the left, and figures to the right.
func newTable(w io.Writer, header ...string) *tablewriter.Table {
	align := []tw.Align{tw.AlignLeft}
	for range header[1:] {
		align = append(align, tw.AlignRight)
	}
	t := tablewriter.NewTable(w,
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithFooterAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithHeaderAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithRowAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithFooterAlignmentConfig(tw.CellAlignment{PerColumn: align}),
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithTrimLine(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
	)
	t.Header(header)
	return t
}

// counts are the columns of exams, instances and gigabytes.
func counts(p volume.Pair) []string {
	return []string{grouped(p.Expected.Exams, 0), grouped(p.Drawn.Exams, 0), grouped(p.Expected.Instances, 0), grouped(p.Drawn.Instances, 0),
		grouped(p.Expected.Bytes/1e9, 1), grouped(p.Drawn.Bytes/1e9, 1)}
}

func waiting(c volume.Count) string {
	return fmt.Sprintf("%s exams, %s instances, %s GB", grouped(c.Exams, 0), grouped(c.Instances, 0), grouped(c.Bytes/1e9, 1))
}

// grouped prints a number with so many decimals, its thousands apart.
func grouped(f float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(f), 'f', decimals, 64)
	whole, rest := s, ""
	if at := strings.IndexByte(s, '.'); at >= 0 {
		whole, rest = s[:at], s[at:]
	}
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "," + whole[at:]
	}
	if f < 0 {
		whole = "-" + whole
	}
	return whole + rest
}

// ratio prints a per b, "-" where there is no b.
func ratio(a, b float64, decimals int) string {
	if b == 0 {
		return "-"
	}
	return grouped(a/b, decimals)
}

func trimmed(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }

// minutes prints a time as people say it.
func minutes(m float64) string {
	if h := m / 60; h >= 1 && h == math.Trunc(h) {
		return trimmed(h) + unbroken + "h"
	}
	return trimmed(m) + unbroken + "min"
}

// unbroken is a space at which no line is broken.
const unbroken = "\u00a0"

func spaced(s string) string { return strings.ReplaceAll(s, unbroken, " ") }

// fold breaks a text at spaces into lines of at most width characters, as far
// as words allow; all but the first are indented.
func fold(s string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Split(s, " ") {
		word = spaced(word)
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= width:
			line += " " + word
		default:
			lines = append(lines, line)
			line = "  " + word
		}
	}
	return append(lines, line)
}
