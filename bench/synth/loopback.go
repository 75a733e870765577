package main

import (
	"context"
	"errors"
	"fmt"
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
	group, ctx := errgroup.WithContext(ctx)
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
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
	receiver = machine.CPU() - cpu
	if closed := l.Close(); err == nil {
		err = closed
	}
	return r, receiver, err
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
