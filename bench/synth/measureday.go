package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// measureDay sends a day once.
func measureDay(ctx context.Context, w work, o options, out io.Writer) error {
	j := job{work: w, Kind: wholeDay, Connections: dayConnections, Profile: o.profile,
		Day: day{Date: dayDate, Share: o.dayShare, Order: o.dayOrder, Keep: o.dayKeep, Dir: o.dir}}
	plan, err := j.planned()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "The day %s of the shipped cluster, a share of %g of its exams in order of %s: %d exams, %d instances, %.1f GB,\nover %s into a receiver that reads each header and proves each sample by the stamps' sums\n\n",
		j.Day.Date, j.Day.Share, j.Day.Order, plan.exams, plan.images, float64(plan.bytes)/1e9, plural(j.Connections, "connection"))
	r, receiver, err := j.sendDay(ctx)
	if err != nil {
		return err
	}
	one := row{name: "day"}
	one.add(r, receiver)
	s := one.samples[0]
	table := newTable(out, "instances", "frames", "GB", "time", "instances/s", "MB/s", "generator CPU s", "receiver CPU s", "generator's peak memory")
	_ = table.Append(fmt.Sprint(r.Instances), fmt.Sprint(r.Frames), fmt.Sprintf("%.1f", float64(r.Bytes)/1e9), s.elapsed.Round(100*time.Millisecond).String(),
		fmt.Sprintf("%.0f", one.imagesPerSecond(s.elapsed)), fmt.Sprintf("%.0f", one.megabytesPerSecond(s.elapsed)),
		fmt.Sprintf("%.1f", s.cpu.Seconds()), fmt.Sprintf("%.1f", s.receiver.Seconds()), size(r.Peak))
	_ = table.Render()
	fmt.Fprintf(out, "\n%d different SOP Instance UIDs, %d stamps of different instances, as many as were sent.\n", r.Instances, r.Pictures)
	return plan.holds(r)
}

// sendDay lets a process of its own send the day, and verifies what arrives.
func (j job) sendDay(ctx context.Context) (r report, receiver time.Duration, err error) {
	p, err := start(ctx, j)
	if err != nil {
		return r, 0, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	v := &verifier{}
	if r, receiver, err = serveRun(ctx, p, v, j.Connections); err == nil && v.all.frames != r.Frames {
		err = fmt.Errorf("%d frames arrived, %d were sent", v.all.frames, r.Frames)
	}
	return r, receiver, errors.Join(err, v.conclude(r.tally, int(r.Instances), int(r.Pictures)))
}

// holds says whether what was sent is what was planned: exactly as many
// instances, of bytes within 1 %, in the memory that there is.
func (p planned) holds(r report) error {
	var problems []error
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if r.Instances != p.images {
		bad("%d instances were sent, the profile has %d", r.Instances, p.images)
	}
	if math.Abs(float64(r.Bytes-p.bytes)) > 0.01*float64(p.bytes) {
		bad("%d bytes were sent, the profile has %d: more than 1 %% of a difference", r.Bytes, p.bytes)
	}
	if r.Peak >= dayPeak {
		bad("the generator's memory reached %s, it must stay below %s", size(r.Peak), megabytes(dayPeak))
	}
	return errors.Join(problems...)
}
