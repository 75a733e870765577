package main

import (
	"context"
	"fmt"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/enterprise"
)

func (a *app) systemsCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "systems",
		Short: "List the systems of the cluster, with an echo of each",
		Long: `Lists every system and endpoint of the description and asks each DICOM endpoint
whether it is there (C-ECHO). Exits 2 if one does not answer.`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error { return a.systems(c.Context(), file) },
	}
	c.Flags().StringVar(&file, "enterprise", "", "description of the cluster (`FILE`); without it the simulated cluster")
	return c
}

// echoed is one endpoint and what became of the echo.
type echoed struct {
	system   *enterprise.System
	service  enterprise.ServiceEndpoint
	answer   string
	answered bool
}

func (a *app) systems(ctx context.Context, file string) error {
	s := selection{enterprise: file}
	e, _, simulated, err := s.describe()
	if err != nil {
		return err
	}
	if simulated {
		cluster, err := startSimulated(ctx, e, 0, nil)
		if err != nil {
			return err
		}
		defer func() { _ = cluster.Close() }()
		e = cluster.Enterprise()
	}
	var rows []*echoed
	for i := range e.Systems {
		for _, ep := range e.Systems[i].Endpoints.DICOM() {
			rows = append(rows, &echoed{system: &e.Systems[i], service: ep})
		}
	}
	var group errgroup.Group
	const atOnce = 16
	group.SetLimit(atOnce)
	for _, r := range rows {
		group.Go(func() error { r.echo(ctx, e.Harness.AETitle); return nil })
	}
	_ = group.Wait() // the answers are in the rows
	t := tabwriter.NewWriter(a.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "SYSTEM\tSITE\tROLE\tLIVE\tSERVICE\tAE TITLE\tADDRESS\tECHO")
	for _, r := range rows {
		live := "no"
		if r.system.IsLive() {
			live = "LIVE"
		}
		if !r.answered {
			a.code = exitInconclusive
		}
		ep := r.service.Endpoint
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", r.system.Name, r.system.Site, r.system.Role, live, r.service.Service, ep.AETitle, ep.Address(), r.answer)
	}
	return t.Flush()
}

// echoLimit bounds one echo with its association.
const echoLimit = 10 * time.Second

func (r *echoed) echo(ctx context.Context, calling string) {
	ctx, cancel := context.WithTimeout(ctx, echoLimit)
	defer cancel()
	ep := r.service.Endpoint
	tls, err := ep.TLS.Config(ep.Host)
	if err != nil {
		r.answer = err.Error()
		return
	}
	start := time.Now()
	client, err := scu.Dial(ctx, ep.Address(), ul.RequestorConfig{
		CallingAETitle: calling, CalledAETitle: ep.AETitle, TLS: tls,
		Contexts: []ul.ProposedContext{{AbstractSyntax: dimse.VerificationSOPClass, TransferSyntaxes: []string{string(dataset.ImplicitVRLittleEndian)}}},
	})
	if err != nil {
		r.answer = err.Error()
		return
	}
	defer func() { _ = client.Close() }()
	rsp, err := client.Echo(ctx)
	if err != nil {
		r.answer = err.Error()
		return
	}
	r.answered = rsp.Status == dimse.StatusSuccess
	r.answer = fmt.Sprintf("%s in %s", rsp.Status, time.Since(start).Round(time.Millisecond))
	_ = client.Release(ctx)
}
