package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/judge"
	"pacsuat/internal/plan"
	"pacsuat/internal/run"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/steps"
)

type runFlags struct {
	selection
	criteria string
	out      string
	plan     string
	machine  string
	vantage  string
	// realPatients seeds the embedded cluster, to show that nothing of what its
	// systems answer about them is kept.
	realPatients int
	sentinelWait time.Duration
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run",
		Short: "Run the features against the systems and print the go/no-go matrix",
		Long: `Runs every selected scenario against every selected system at the same time,
leaves the evidence in a new folder, judges it and prints the matrix.

Without --enterprise a simulated cluster of 4 hospitals and a DR is started on
this machine for the time of the run; nothing else is touched.

With --plan a plan that "pacsuat plan --export" wrote is executed, or the part of
it that --sites, --systems or --scenario name; the parts that several machines
executed are judged together by "pacsuat judge DIR DIR...".`,
		Example: `  pacsuat run
  pacsuat run --enterprise our-cluster.yaml --sites north --tags "@storage or @query"
  pacsuat run --sim-fault north-bk=pixel-altered`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.run(c.Context(), c.Flags(), &f) },
	}
	f.register(c.Flags())
	c.Flags().StringVar(&f.criteria, "criteria", "", "what is tolerated (`FILE`); without it only @minor scenarios are")
	c.Flags().StringVar(&f.out, "out", "", "new folder for the evidence (`DIR`; default run-DATE-TIME)")
	c.Flags().StringVar(&f.plan, "plan", "", "execute this plan (`FILE`) instead of making one")
	c.Flags().StringVar(&f.machine, "machine", "", "name of this machine in the evidence (default: its host name)")
	c.Flags().StringVar(&f.vantage, "vantage", "", "which site's network this machine is in, for the evidence")
	c.Flags().IntVar(&f.realPatients, "sim-real-patients", 0, "seed the simulated cluster with so many patients that stand for real ones")
	c.Flags().DurationVar(&f.sentinelWait, "sentinel-wait", run.DefaultSentinelWait, "how long the object that tests a suspended link is looked for beyond it: longer than the link ever takes")
	return c
}

func (a *app) run(ctx context.Context, flags *pflag.FlagSet, f *runFlags) error {
	criteria, err := loadCriteria(f.criteria)
	if err != nil {
		return err
	}
	p, e, part, err := f.obtain(flags)
	if err != nil {
		return err
	}
	if err := e.CheckReferences(); err != nil {
		return configured(err)
	}
	if err := criteria.Validate(p); err != nil {
		return configured(err)
	}
	if err := f.check(p.Simulated); err != nil {
		return err
	}
	listening := func(net.Addr) {}
	if p.Simulated {
		cluster, err := startSimulated(ctx, e, f.realPatients, p.SimFaults)
		if err != nil {
			return err
		}
		defer func() { _ = cluster.Close() }()
		e = cluster.Enterprise()
		listening = func(addr net.Addr) { cluster.SetHarness(addr.String()) }
	}
	dir, sha, err := create(f.out, p)
	if err != nil {
		return err
	}
	if p.Simulated {
		fmt.Fprintf(a.stderr, "A simulated cluster was started on this machine: %d systems.\n", len(e.Systems))
	}
	library, err := steps.NewLibrary(vocab.Default())
	if err != nil {
		return err
	}
	nonce, err := newNonce()
	if err != nil {
		return err
	}
	progress := a.progress(p)
	failed := run.Run(ctx, run.Options{
		Plan: p, PlanSHA256: sha, Dir: dir, Enterprise: e, Library: library,
		Nonce: nonce, Machine: machineName(f.machine), Vantage: f.vantage, Binary: thisBinary(),
		Simulated: p.Simulated, Part: part, SentinelWait: f.sentinelWait,
		Listening: listening, Progress: progress,
	})
	progress.wait()
	if failed != nil {
		fmt.Fprintf(a.stderr, "pacsuat: the run did not come to its end: %v\n", failed)
	}
	v, err := judge.Judge([]*rundir.Dir{dir}, criteria)
	if err != nil {
		return errors.Join(failed, err)
	}
	if err := rundir.WriteVerdict(filepath.Join(dir.Path(), "verdict.json"), v); err != nil {
		fmt.Fprintf(a.stderr, "pacsuat: the verdict could not be written: %v\n", err)
	}
	if err := a.print(v); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "\nEvidence: %s\n", dir.Path())
	a.code = judge.ExitCode(v.Gate)
	if failed != nil && a.code == exitOK {
		a.code = exitInconclusive
	}
	return nil
}

// obtain makes the plan, or reads it and says which part of it is meant.
func (f *runFlags) obtain(flags *pflag.FlagSet) (*rundir.Plan, *enterprise.Enterprise, run.Part, error) {
	var none run.Part
	if f.plan == "" {
		p, e, err := f.build()
		return p, e, none, err
	}
	for _, name := range []string{"enterprise", "features", "roles", "tags", "seed", "volume", "sim-fault", "allow-prod", "allow-live"} {
		if flags.Changed(name) {
			return nil, nil, none, usage("--%s was settled when the plan was made; with --plan only --sites, --systems and --scenario choose a part of it", name)
		}
	}
	text, err := os.ReadFile(f.plan)
	if err != nil {
		return nil, nil, none, configured(err)
	}
	p, _, err := rundir.ParsePlan(text)
	if err != nil {
		return nil, nil, none, configured(fmt.Errorf("%s: %w", f.plan, err))
	}
	if p.VocabularyHash != vocab.Default().Hash() {
		return nil, nil, none, usage("%s was made by another version of pacsuat (%s), whose sentences may mean something else; execute it with that version", f.plan, p.Binary.Version)
	}
	e := embedded()
	if !p.Simulated {
		if e, err = enterprise.Parse(f.plan+" (enterprise)", []byte(p.EnterpriseYAML)); err != nil {
			return nil, nil, none, configured(err)
		}
	}
	// The plan may have been edited: what it reaches is computed again.
	if err := plan.CheckClosure(p, e); err != nil {
		return nil, nil, none, configured(err)
	}
	part := run.Part{Sites: f.sites, Systems: f.systems, Scenarios: f.scenarios}
	return p, e, part, configured(part.Check(p))
}

func (f *runFlags) check(simulated bool) error {
	switch {
	case f.sentinelWait < time.Second:
		return usage("--sentinel-wait is %s: a link needs at least a second", f.sentinelWait)
	case f.realPatients < 0:
		return usage("--sim-real-patients is %d: a number of patients is expected", f.realPatients)
	case f.realPatients > 0 && !simulated:
		return usage("--sim-real-patients works on the embedded simulated cluster only, so not together with --enterprise")
	}
	return nil
}

// create makes the run directory and writes the plan into it.
func create(out string, p *rundir.Plan) (*rundir.Dir, string, error) {
	if out == "" {
		out = newName("run-" + time.Now().Format("20060102-150405"))
	}
	dir, err := rundir.Create(out)
	if err != nil {
		return nil, "", configured(err)
	}
	sha, err := dir.WritePlan(p)
	if err != nil {
		return nil, "", configured(err)
	}
	return dir, sha, nil
}

// newName returns name, or where something has that name already (a run that
// began in the same second) name-2, name-3 and so on.
func newName(name string) string {
	for i, candidate := 2, name; ; i++ {
		if _, err := os.Lstat(candidate); err != nil {
			return candidate
		}
		candidate = fmt.Sprintf("%s-%d", name, i)
	}
}

func loadCriteria(file string) (*judge.Criteria, error) {
	if file == "" {
		return &judge.Criteria{}, nil
	}
	c, err := judge.LoadCriteria(file)
	return c, configured(err)
}
