package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"pacsuat/internal/rundir"
)

func (a *app) planCommand() *cobra.Command {
	var s selection
	var export string
	c := &cobra.Command{
		Use:   "plan",
		Short: "Show what a run would do, without connecting to anything",
		Long: `Makes the plan of a run and prints it: scenarios, images, bytes and associations
of each system and link, and every system that the writes would reach. Nothing
is connected to. --export writes the plan, so that several machines can execute
parts of it ("pacsuat run --plan FILE --sites ...").`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			p, _, err := s.build()
			if err != nil {
				return err
			}
			if export != "" {
				text, err := rundir.MarshalPlan(p)
				if err != nil {
					return err
				}
				if err := os.WriteFile(export, text, 0o666); err != nil {
					return configured(err)
				}
			}
			if err := printPlan(a.stdout, p); err != nil {
				return err
			}
			return printMasked(a.stdout, p)
		},
	}
	s.register(c.Flags())
	c.Flags().StringVar(&export, "export", "", "write the plan to this `FILE`")
	return c
}

func printPlan(w io.Writer, p *rundir.Plan) error {
	fmt.Fprintf(w, "%s: %s, %s\n\n", p.EnterpriseName, count(len(p.Subjects), "system or link", "systems and links"), count(len(p.Features)-1, "feature", "features"))
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SYSTEM OR LINK\tSCENARIOS\tNOT APPLICABLE\tNOT ALLOWED\tIMAGES\tBYTES\tASSOCIATIONS")
	var blocked []string
	for _, s := range p.Subjects {
		n, na, no, most := 0, 0, 0, 0
		var images, bytes int64
		for _, c := range p.Cells {
			if c.Subject != s.Name || c.Feature == rundir.InboxFeature {
				continue
			}
			for _, sc := range c.Scenarios {
				n++
				switch {
				case sc.NotApplicable != "":
					na++
					continue
				case sc.Blocked != "":
					no++
					blocked = append(blocked, fmt.Sprintf("  %s  %s: %s", s.Name, sc.ID, sc.Blocked))
					continue
				}
				images += sc.Instances
				bytes += sc.Bytes
				most = max(most, sc.Associations)
			}
		}
		fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%s\t%d\n", s.Name, n, na, no, images, amount(bytes), most)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w, "\nWhat is written reaches:")
	if len(p.Closure.Reaches) == 0 {
		fmt.Fprintln(w, "  nothing but the systems themselves")
	}
	for _, r := range p.Closure.Reaches {
		fmt.Fprintf(w, "  %s\n", reach(r))
	}
	if len(blocked) > 0 {
		fmt.Fprintf(w, "\nNot allowed or not possible, so inconclusive:\n%s\n", strings.Join(blocked, "\n"))
	}
	return nil
}

func reach(r rundir.Reach) string {
	s := fmt.Sprintf("%s (%s)", strings.Join(r.Path, " -> "), amount(r.Bytes))
	switch {
	case r.Stopped != "":
		return s + ": stopped at the suspended link " + r.Stopped + ", which one object tests first"
	case r.Live && r.Allowed:
		return s + ": LIVE, allowed for this run"
	case r.Live:
		return s + ": LIVE"
	}
	return s + ": not live"
}

// printMasked names the links that a column can't speak for: a pass of theirs
// says that objects arrive, not by which way.
func printMasked(w io.Writer, p *rundir.Plan) error {
	if len(p.Masked) == 0 {
		return nil
	}
	var b strings.Builder
	b.WriteString("\nLinks that could be down without a failure, as objects also come by another way\n(suspend that way for the test, to see the link alone):\n")
	for _, m := range p.Masked {
		fmt.Fprintf(&b, "  %s: %s\n", m.Link, strings.Join(m.Path, " -> "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

func amount(bytes int64) string {
	switch {
	case bytes >= 1e9:
		return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
	case bytes >= 1e6:
		return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
	}
	return fmt.Sprintf("%d B", bytes)
}
