package main

import (
	"context"

	"golang.org/x/sync/errgroup"
)

// generator sends instances that it makes while it sends.
func (j job) generator() (runner, error) {
	study, err := j.painted()
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, address string) (report, error) {
		return j.connect(ctx, address, func(to *sendingEnd, i int) error {
			in, err := study.Instance(i)
			if err != nil {
				return err
			}
			return to.instance(in.Segments)
		})
	}, nil
}

// repeater sends a ring of messages that were made beforehand: nothing can be
// sent in less time.
func (j job) repeater() (runner, error) {
	study, err := work{j.Nonce, j.Seed, min(j.Images, ringSize)}.study()
	if err != nil {
		return nil, err
	}
	ring := make([]message, study.Len())
	for i := range ring {
		in, err := study.Instance(i)
		if err != nil {
			return nil, err
		}
		ring[i] = newMessage(in.Segments)
	}
	return func(ctx context.Context, address string) (report, error) {
		return j.connect(ctx, address, func(to *sendingEnd, i int) error {
			return to.write(ring[i%len(ring)])
		})
	}, nil
}

// connect sends each connection's share of the images, at the same time.
func (j job) connect(ctx context.Context, address string, image func(to *sendingEnd, i int) error) (report, error) {
	ends := make([]*sendingEnd, j.Connections)
	group, ctx := errgroup.WithContext(ctx)
	for c := range ends {
		group.Go(func() (err error) {
			if ends[c], err = dial(ctx, address); err != nil {
				return err
			}
			stop := context.AfterFunc(ctx, func() { _ = ends[c].conn.Close() })
			defer stop()
			defer ends[c].conn.Close()
			for i, to := share(j.Images, j.Connections, c); i < to; i++ {
				if err := image(ends[c], i); err != nil {
					return err
				}
			}
			return ends[c].finish()
		})
	}
	var r report
	if err := group.Wait(); err != nil {
		return r, err
	}
	for _, end := range ends {
		r.add(end.tally)
	}
	r.Pictures, r.Frames = r.Instances, r.Instances
	return r, nil
}
