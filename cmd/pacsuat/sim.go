package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/enterprise"
)

type simFlags struct {
	enterprise, data, print string
	realPatients            int
	faults                  []string
	list                    bool
}

func (a *app) simCommand() *cobra.Command {
	var f simFlags
	c := &cobra.Command{
		Use:   "sim",
		Short: "Run a simulated cluster in the foreground, for practice",
		Long: `Runs a simulated cluster until it is interrupted (Ctrl-C). While it runs, lines on
standard input switch faults:

  north-bk=pixel-altered on
  north-bk=pixel-altered off

--print-enterprise writes the description that reaches it, for
"pacsuat run --enterprise FILE" in another window. Without --enterprise the
shipped example is simulated at free ports; with it, the described ports are
used, which must be on this machine.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.sim(c.Context(), &f) },
	}
	c.Flags().StringVar(&f.enterprise, "enterprise", "", "description of the cluster to simulate (`FILE`)")
	c.Flags().StringVar(&f.data, "data", "", "keep what the systems store in this folder (`DIR`)")
	c.Flags().IntVar(&f.realPatients, "real-patients", 0, "seed every system with so many patients that stand for real ones")
	c.Flags().StringArrayVar(&f.faults, "sim-fault", nil, "switch a fault on from the start: `SUBJECT=FAULT[:VALUE]`; repeatable")
	c.Flags().StringVar(&f.print, "print-enterprise", "", "write the description that reaches the cluster to this `FILE`")
	c.Flags().BoolVar(&f.list, "list-faults", false, "list the faults, one a line: NAME, tab, what it does")
	return c
}

func (a *app) sim(ctx context.Context, f *simFlags) error {
	if f.list {
		for _, fault := range sim.Faults() {
			fmt.Fprintf(a.stdout, "%s\t%s\n", fault.Name, fault.Does)
		}
		return nil
	}
	if f.realPatients < 0 {
		return usage("--real-patients is %d: a number of patients is expected", f.realPatients)
	}
	o := sim.Options{Dir: f.data, RealPatients: f.realPatients, Faults: f.faults}
	if f.enterprise == "" {
		o.FreePorts = true
		o.Enterprise = enterprise.Example().Clone()
		free, err := freePort()
		if err != nil {
			return err
		}
		o.Enterprise.Harness.Listen = free
	} else {
		e, err := enterprise.Load(f.enterprise)
		if err != nil {
			return configured(err)
		}
		o.Enterprise = e
	}
	cluster, err := sim.Start(ctx, o)
	if err != nil {
		return configured(err)
	}
	defer func() { _ = cluster.Close() }()
	if f.print != "" {
		text, err := cluster.Enterprise().Marshal()
		if err != nil {
			return err
		}
		if err := os.WriteFile(f.print, text, 0o666); err != nil {
			return configured(err)
		}
	}
	e := cluster.Enterprise()
	fmt.Fprintf(a.stdout, "%s: %d simulated systems are running; Ctrl-C ends them.\n", e.Name, len(e.Systems))
	if f.print != "" {
		fmt.Fprintf(a.stdout, "To test them, in another window: pacsuat run --enterprise %s\n", f.print)
	} else {
		fmt.Fprintln(a.stdout, "To test them, start them with --print-enterprise FILE, which writes the description that reaches them.")
	}
	go a.switchFaults(cluster)
	<-ctx.Done()
	return nil
}

// switchFaults obeys lines of standard input until it ends.
func (a *app) switchFaults(c *sim.Cluster) {
	lines := bufio.NewScanner(a.stdin)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" {
			continue
		}
		if err := switchFault(c, line); err != nil {
			fmt.Fprintf(a.stderr, "pacsuat: %v\n", err)
			continue
		}
		fmt.Fprintln(a.stdout, line)
	}
}

func switchFault(c *sim.Cluster, line string) error {
	what, state, _ := strings.Cut(line, " ")
	state = strings.TrimSpace(state)
	subject, fault, ok := strings.Cut(what, "=")
	if !ok || state != "on" && state != "off" {
		return fmt.Errorf("%q: expected SYSTEM=FAULT[:VALUE] on, or off", line)
	}
	name, value, _ := strings.Cut(fault, ":")
	return c.Switch(subject, name, value, state == "on")
}

// freePort returns an address of this machine that nobody listens at now. It is
// below the ports that systems hand out for connections, so that none of these
// takes it before a run listens there.
func freePort() (string, error) {
	const first, ports, tries = 20000, 10000, 100
	var err error
	for range tries {
		var l net.Listener
		if l, err = net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(first+rand.IntN(ports)))); err == nil {
			return l.Addr().String(), l.Close()
		}
	}
	return "", err
}
