package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"time"

	"golang.org/x/sync/errgroup"

	"pacsuat/bench/machine"
)

// serveRun receives what a process sends in one run, on so many connections, and
// looks at it. receiver is the CPU time of that.
func serveRun(ctx context.Context, p *process, v *verifier, connections int) (r report, receiver time.Duration, err error) {
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		return r, 0, err
	}
	defer l.Close()
	group, ctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // nobody will connect
	defer stop()
	cpu := machine.CPU()
	for range connections {
		group.Go(func() error {
			conn, err := l.AcceptTCP()
			if err != nil {
				return fmt.Errorf("the sender did not connect: %w", err)
			}
			defer conn.Close()
			t := &taker{v: v}
			defer t.done()
			return receive(conn, t.take)
		})
	}
	group.Go(func() (err error) {
		r, err = p.run(l.Addr().String())
		return err
	})
	err = group.Wait()
	return r, machine.CPU() - cpu, err
}

// aim is the share of the ceiling that synth should reach.
const aim = 0.8

// measureLoopback compares what is sent over each number of connections.
func measureLoopback(ctx context.Context, w work, o options, out io.Writer) error {
	fmt.Fprintf(out, "%d CT images of 512x512x16 for each figure, into a receiver that reads each header, proves each sample by the stamp's sum\nand hashes all pixels; medians of %d runs a sender, interleaved A B B A\n\n", w.Images, 2*o.rounds)
	table := newTable(out, "connections", "sender", "images/s", "(slowest-quickest)", "MB/s", "sender CPU s/GB", "receiver CPU s/GB", "different UIDs and pixel hashes")
	var verdicts []string
	for _, connections := range o.connections {
		ceiling, generator, err := loopback(ctx, w, o, connections)
		if err != nil {
			return err
		}
		for _, r := range []*row{ceiling, generator} {
			m := r.median()
			_ = table.Append(fmt.Sprint(connections), r.name, fmt.Sprintf("%.0f", r.imagesPerSecond(m.elapsed)), r.spread(r.imagesPerSecond),
				fmt.Sprintf("%.0f", r.megabytesPerSecond(m.elapsed)), figure(r.perGigabyte(m.cpu)), figure(r.perGigabyte(m.receiver)), fmt.Sprint(r.different))
		}
		most, made := ceiling.median(), generator.median()
		reached := generator.imagesPerSecond(made.elapsed) / ceiling.imagesPerSecond(most.elapsed)
		_ = table.Append(fmt.Sprint(connections), "share of the ceiling", percent(reached, 1), "", percent(reached, 1),
			percent(generator.perGigabyte(made.cpu), ceiling.perGigabyte(most.cpu)), percent(generator.perGigabyte(made.receiver), ceiling.perGigabyte(most.receiver)), "")
		verdict := "reached"
		if reached < aim {
			verdict = "missed"
		}
		verdicts = append(verdicts, fmt.Sprintf("%s: %s of what ready messages reach; the aim of %.0f %% is %s. %s.",
			plural(connections, "connection"), percent(reached, 1), 100*aim, verdict, made.busy()))
	}
	_ = table.Render()
	fmt.Fprintln(out)
	for _, v := range verdicts {
		fmt.Fprintln(out, v)
	}
	return nil
}

// loopback measures both senders over so many connections: one has its messages
// ready, which is the most that there can be, the other makes instances.
func loopback(ctx context.Context, w work, o options, connections int) (ceiling, generator *row, err error) {
	few := work{w.Nonce, w.Seed, min(w.Images, ringSize)}
	ceiling, generator = &row{name: "ready messages"}, &row{name: "synth"}
	a, err := sender(few, ceiling, job{work: w, Kind: repeat, Connections: connections})
	if err != nil {
		return nil, nil, err
	}
	b, err := sender(w, generator, job{work: w, Kind: generate, Connections: connections, Profile: o.profile})
	if err != nil {
		return nil, nil, err
	}
	return ceiling, generator, alternate(ctx, o.rounds, a, b)
}

// sender is the side of a process that sends the instances of a study, of which
// all must arrive.
func sender(different work, r *row, j job) (side, error) {
	study, err := different.study()
	if err != nil {
		return side{}, err
	}
	e := expect(study, j.Images)
	r.different = study.Len()
	return side{row: r, job: &j, run: func(ctx context.Context, p *process) (report, time.Duration, error) {
		v := &verifier{expected: e, hashPixels: true}
		sent, receiver, err := serveRun(ctx, p, v, j.Connections)
		return sent, receiver, errors.Join(err, v.conclude(sent.tally, r.different, r.different))
	}}, nil
}
