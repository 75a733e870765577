package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"runtime/debug"
	"slices"

	"golang.org/x/sync/errgroup"

	"pacsuat/internal/enterprise"
	"pacsuat/synth"
	"pacsuat/synth/volume"
)

// day says which exams of the shipped example of a cluster are sent.
type day struct {
	Date  string
	Share float64 // of the exams, evenly over the day
	Order string
	Keep  bool   // frames in a file
	Dir   string // of that
}

// Orders of a day's exams.
const (
	orderTime   = "time"
	orderRecipe = "recipe"
)

// dayDate is a Monday on which seed 1 draws somewhat more instances than the
// 750,000 of the mean day.
const dayDate = "2026-11-02"

// Memory of the process that makes a day, in bytes. Go keeps to its limit where it
// can; what it doesn't count, above all the program itself, is some 12 MB, and a
// picture of 18 MB that is painted takes as much again meanwhile.
const (
	dayMemory  = 56 << 20
	dayFrames  = 24 << 20 // for frames between uses
	dayGarbage = 25       // per cent of what is in use, at which it is collected: frames are large
	dayPeak    = 100_000_000
)

// dayConnections is how many exams are sent at a time: the more, the more frames
// are in use.
const dayConnections = 1

// exams returns those of the day, in order of time, and what makes studies of
// them.
func (j job) exams() (iter.Seq[volume.Exam], *volume.Maker, error) {
	date, err := volume.ParseDate(j.Day.Date)
	if err != nil {
		return nil, nil, err
	}
	recipes := synth.Recipes()
	sizes, err := synth.NewSizes(recipes)
	if err != nil {
		return nil, nil, err
	}
	profile, err := volume.Default(sizes)
	if err != nil {
		return nil, nil, err
	}
	cluster := enterprise.Example()
	var sites []volume.Site
	for i := range cluster.Sites {
		s := &cluster.Sites[i]
		place, err := s.Location()
		if err != nil {
			return nil, nil, err
		}
		sites = append(sites, volume.Site{Name: s.Name, Number: i, YearlyExams: cluster.ExamsOf(s), Location: place, ServedBy: s.ServedBy})
	}
	all, err := profile.Day(date, sites, j.Seed)
	if err != nil {
		return nil, nil, err
	}
	return thinned(all, j.Day.Share), &volume.Maker{Recipes: recipes, Seed: j.Seed, Nonce: j.Nonce}, nil
}

// thinned leaves a share of the exams, evenly.
func thinned(all iter.Seq[volume.Exam], share float64) iter.Seq[volume.Exam] {
	return func(yield func(volume.Exam) bool) {
		k := 0
		for e := range all {
			k++
			if int(float64(k)*share) > int(float64(k-1)*share) && !yield(e) {
				return
			}
		}
	}
}

// ordered brings exams into the order that was asked for. By recipe, exams of one
// kind follow one another, so that their frames are in memory.
func ordered(all iter.Seq[volume.Exam], order string) iter.Seq[volume.Exam] {
	if order != orderRecipe {
		return all
	}
	exams := slices.Collect(all)
	slices.SortStableFunc(exams, func(a, b volume.Exam) int { return cmp.Compare(a.Recipe, b.Recipe) })
	return slices.Values(exams)
}

// dayGenerator sends a day, each exam on one of the connections, in little
// memory.
func (j job) dayGenerator() (runner, error) {
	exams, maker, err := j.exams()
	if err != nil {
		return nil, err
	}
	debug.SetGCPercent(dayGarbage)
	debug.SetMemoryLimit(dayMemory)
	synth.LimitFrames(dayFrames)
	return func(ctx context.Context, address string) (r report, err error) {
		if j.Day.Keep {
			stop, failed := synth.KeepFrames(j.Day.Dir)
			if failed != nil {
				return r, failed
			}
			defer func() { err = errors.Join(err, stop()) }()
		}
		queue := make(chan volume.Exam)
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error {
			defer close(queue)
			for e := range ordered(exams, j.Day.Order) {
				select {
				case queue <- e:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
		sent := make([]report, j.Connections)
		for c := range sent {
			group.Go(func() error { return sent[c].exams(ctx, address, queue, maker) })
		}
		err = group.Wait()
		for _, s := range sent {
			r.add(s.tally)
			r.Pictures += s.Pictures
			r.Frames += s.Frames
		}
		return r, err
	}, nil
}

// exams sends exams on a connection of their own and counts them.
func (r *report) exams(ctx context.Context, address string, queue <-chan volume.Exam, maker *volume.Maker) error {
	to, err := dial(ctx, address)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = to.conn.Close() })
	defer stop()
	defer to.conn.Close()
	for e := range queue {
		q, err := maker.Request(e)
		if err != nil {
			return err
		}
		study, err := synth.NewStudy(q)
		if err != nil {
			return fmt.Errorf("exam %d, %q of %d images: %w", e.Index, e.Recipe, e.Images, err)
		}
		if study.Len() != e.Images {
			return fmt.Errorf("exam %d, %q: a study of %d images, %d were asked for", e.Index, e.Recipe, study.Len(), e.Images)
		}
		for i := range study.Len() {
			in, err := study.Instance(i)
			if err != nil {
				return fmt.Errorf("exam %d, %q, image %d: %w", e.Index, e.Recipe, i+1, err)
			}
			if err := to.instance(in.Segments); err != nil {
				return err
			}
			if in.Frames > 0 {
				r.Pictures++
				r.Frames += int64(in.Frames)
			}
		}
	}
	r.tally = to.tally
	return to.finish()
}

// planned is what a day must amount to, by the profile alone.
type planned struct {
	exams, images int64
	bytes         int64
}

func (j job) planned() (planned, error) {
	var p planned
	exams, _, err := j.exams()
	if err != nil {
		return p, err
	}
	for e := range exams {
		p.exams++
		p.images += int64(e.Images)
		p.bytes += e.Bytes
	}
	return p, nil
}
