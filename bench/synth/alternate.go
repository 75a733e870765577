package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// side is one of those that are compared.
type side struct {
	row *row
	job *job // that a process of its own does; nil: there is none

	// run measures it once, with that process. receiver is the CPU time of who
	// receives, if somebody does.
	run func(ctx context.Context, p *process) (r report, receiver time.Duration, err error)
}

// alternate measures all in turn, there and back in each round (A B B A), after a
// round that is not counted, so that a drift of the machine meets all alike.
// Processes are prepared beforehand and last through all rounds.
func alternate(ctx context.Context, rounds int, sides ...side) (err error) {
	processes := map[*row]*process{}
	for _, s := range sides {
		if s.job == nil {
			continue
		}
		p, err := start(ctx, *s.job)
		if err != nil {
			return fmt.Errorf("%s: %w", s.row.name, err)
		}
		defer func() { err = errors.Join(err, p.stop()) }()
		processes[s.row] = p
	}
	turns := slices.Clone(sides)
	slices.Reverse(turns)
	turns = append(slices.Clone(sides), turns...)
	for round := range rounds + 1 {
		for _, s := range turns {
			r, receiver, err := s.run(ctx, processes[s.row])
			if err != nil {
				return fmt.Errorf("%s: %w", s.row.name, err)
			}
			if round > 0 {
				s.row.add(r, receiver)
			}
		}
	}
	return nil
}
