package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/fatih/color"
	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"pacsuat/internal/judge"
	"pacsuat/internal/report"
	"pacsuat/internal/rundir"
)

func (a *app) judgeCommand() *cobra.Command {
	var criteria, out string
	c := &cobra.Command{
		Use:   "judge DIR...",
		Short: "Judge run directories again, together, with no system running",
		Long: `Gives the verdict of one or more run directories of the same plan again, from
their evidence alone. Parts that were executed at several sites are judged
together: the worst result of a cell counts, and a part that is missing is
inconclusive. Nothing is written unless --out says where.`,
		Example: `  pacsuat judge run-20261123-140500
  pacsuat judge north/ south/ --criteria criteria.yaml --out verdict/`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(_ *cobra.Command, args []string) error { return a.judge(args, criteria, out) },
	}
	c.Flags().StringVar(&criteria, "criteria", "", "what is tolerated (`FILE`)")
	c.Flags().StringVar(&out, "out", "", "folder for verdict.json (`DIR`)")
	return c
}

func (a *app) judge(names []string, criteriaFile, out string) error {
	criteria, err := loadCriteria(criteriaFile)
	if err != nil {
		return err
	}
	var dirs []*rundir.Dir
	for _, n := range names {
		d, err := rundir.Open(n)
		if err != nil {
			return configured(err)
		}
		dirs = append(dirs, d)
	}
	v, err := judge.Judge(dirs, criteria)
	if err != nil {
		return configured(err)
	}
	if out != "" {
		if err := os.MkdirAll(out, 0o777); err != nil {
			return configured(err)
		}
		if err := rundir.WriteVerdict(filepath.Join(out, "verdict.json"), v); err != nil {
			return err
		}
	}
	if err := a.print(v); err != nil {
		return err
	}
	a.code = judge.ExitCode(v.Gate)
	return nil
}

// defaultWidth is the width of the matrix where there is no terminal.
const defaultWidth = 100

// print writes the matrix for whoever reads standard output.
func (a *app) print(v *rundir.Verdict) error {
	o := report.Options{Width: defaultWidth}
	if f, ok := a.stdout.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
		o.Colour = !color.NoColor
		if width, _, err := term.GetSize(int(f.Fd())); err == nil && width > 0 {
			o.Width = width
		}
	}
	fmt.Fprintln(a.stdout)
	return report.Matrix(a.stdout, v, o)
}
