package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"time"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/tw"

	"pacsuat/synth"
)

// sample is one time that all images were sent.
type sample struct {
	elapsed  time.Duration
	cpu      time.Duration // of the sender, from its start or from when its images were ready
	whole    time.Duration // of the sender's process from its start
	receiver time.Duration // CPU time of storescp; 0 where it cannot be told
}

// result is what was measured with one number of associations.
type result struct {
	associations int
	images       int
	bytes        int64
	storescu     []sample
	pacsuat      []sample
	startup      sample // of storescu, with one image an association
}

type comparison []result

// compare sends all images from either sender to one storescp for each number
// of associations, A B B A, after a round that is not counted.
func compare(ctx context.Context, d dcmtk, w work, o options) (comparison, error) {
	study, err := w.study()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "cstore-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	var c comparison
	for _, associations := range o.associations {
		r, err := compareWith(ctx, d, w, o, study, dir, associations)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", plural(associations), err)
		}
		c = append(c, r)
	}
	return c, nil
}

func compareWith(ctx context.Context, d dcmtk, w work, o options, study *synth.Study, dir string, associations int) (r result, err error) {
	r = result{associations: associations, images: study.Len()}
	dirs, err := files(study, dir, associations)
	if err != nil {
		return r, err
	}
	defer func() { // room for the next
		for _, d := range dirs {
			_ = os.RemoveAll(d) // the whole directory is removed at the end
		}
	}()
	peer, err := d.receive(ctx, associations)
	if err != nil {
		return r, err
	}
	defer peer.stop()

	storescu := func() (s sample, err error) {
		before, _ := familyCPU(peer.cmd.Process.Pid)
		s.elapsed, s.cpu, err = d.send(ctx, peer.addr, dirs)
		after, _ := familyCPU(peer.cmd.Process.Pid)
		s.receiver, s.whole = after-before, s.cpu
		return s, err
	}
	pacsuat := func() (s sample, err error) {
		p, err := startSender(ctx, job{work: w, Address: peer.addr, CalledAE: storescpAE, Associations: associations, Profile: o.profile})
		if err != nil {
			return s, err
		}
		before, _ := familyCPU(peer.cmd.Process.Pid)
		sent, whole, err := p.run()
		after, _ := familyCPU(peer.cmd.Process.Pid)
		if err == nil && sent.Images != r.images {
			err = fmt.Errorf("our sender sent %d of %d images", sent.Images, r.images)
		}
		r.bytes = sent.Bytes
		return sample{sent.Elapsed, sent.CPU, whole, after - before}, err
	}
	for round := range o.rounds + 1 {
		for _, ours := range []bool{false, true, true, false} {
			send, into := storescu, &r.storescu
			if ours {
				send, into = pacsuat, &r.pacsuat
			}
			s, err := send()
			if err != nil {
				return r, err
			}
			if round > 0 { // the first warms the machine up
				*into = append(*into, s)
			}
		}
	}
	r.startup, err = d.startup(ctx, peer.addr, study, dir, associations, 2*o.rounds)
	return r, err
}

// startup is what storescu spends that does not grow with the images: it sends
// one image on each association.
func (d dcmtk) startup(ctx context.Context, addr string, study *synth.Study, dir string, associations, runs int) (sample, error) {
	short, err := os.MkdirTemp(dir, "startup-")
	if err != nil {
		return sample{}, err
	}
	var dirs []string
	for a := range associations {
		sub := fmt.Sprintf("%s/%d", short, a)
		if err := os.Mkdir(sub, 0o700); err != nil {
			return sample{}, err
		}
		if err := writeFile(study, a, sub+"/image.dcm"); err != nil {
			return sample{}, err
		}
		dirs = append(dirs, sub)
	}
	var samples []sample
	for range runs {
		var s sample
		if s.elapsed, s.cpu, err = d.send(ctx, addr, dirs); err != nil {
			return sample{}, err
		}
		samples = append(samples, s)
	}
	return median(samples), nil
}

// median is that of each figure by itself.
func median(samples []sample) sample {
	of := func(figure func(sample) time.Duration) time.Duration {
		var all []time.Duration
		for _, s := range samples {
			all = append(all, figure(s))
		}
		slices.Sort(all)
		return (all[(len(all)-1)/2] + all[len(all)/2]) / 2
	}
	return sample{
		elapsed:  of(func(s sample) time.Duration { return s.elapsed }),
		cpu:      of(func(s sample) time.Duration { return s.cpu }),
		whole:    of(func(s sample) time.Duration { return s.whole }),
		receiver: of(func(s sample) time.Duration { return s.receiver }),
	}
}

// spread is the slowest and the quickest in images/s.
func (r result) spread(samples []sample) string {
	quick := slices.MinFunc(samples, func(a, b sample) int { return int(a.elapsed - b.elapsed) })
	slow := slices.MaxFunc(samples, func(a, b sample) int { return int(a.elapsed - b.elapsed) })
	return fmt.Sprintf("%.0f-%.0f", r.imagesPerSecond(slow), r.imagesPerSecond(quick))
}

func (r result) imagesPerSecond(s sample) float64 { return float64(r.images) / s.elapsed.Seconds() }
func (r result) megabytesPerSecond(s sample) float64 {
	return float64(r.bytes) / 1e6 / s.elapsed.Seconds()
}
func (r result) perGigabyte(cpu time.Duration) float64 {
	return cpu.Seconds() / (float64(r.bytes) / 1e9)
}

// share says how much of the time a CPU was used.
func (s sample) share(cpu time.Duration) string {
	if cpu == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.0f %%", 100*cpu.Seconds()/s.elapsed.Seconds())
}

// figure formats CPU seconds per GB, which may be unknown.
func figure(v float64) string {
	if v == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.3f", v)
}

func ratio(a, b float64) string {
	if a == 0 || b == 0 {
		return "unknown"
	}
	return fmt.Sprintf("%.2f", a/b)
}

// print writes the table and what it says about the receiver.
func (c comparison) print(out io.Writer) {
	table := tablewriter.NewTable(out, tablewriter.WithHeaderAutoFormat(tw.Off))
	table.Header("associations", "sender", "images/s", "(slowest-quickest)", "MB/s", "sender CPU s/GB", "process CPU s/GB", "storescp CPU s/GB", "storescp busy")
	for _, r := range c {
		theirs, ours := median(r.storescu), median(r.pacsuat)
		row := func(name string, m sample, all []sample) {
			_ = table.Append(fmt.Sprint(r.associations), name, fmt.Sprintf("%.0f", r.imagesPerSecond(m)), r.spread(all),
				fmt.Sprintf("%.0f", r.megabytesPerSecond(m)), figure(r.perGigabyte(m.cpu)), figure(r.perGigabyte(m.whole)),
				figure(r.perGigabyte(m.receiver)), m.share(m.receiver))
		}
		row("storescu", theirs, r.storescu)
		row("pacsuat", ours, r.pacsuat)
		_ = table.Append(fmt.Sprint(r.associations), "ratio", ratio(r.imagesPerSecond(ours), r.imagesPerSecond(theirs)), "",
			ratio(r.megabytesPerSecond(ours), r.megabytesPerSecond(theirs)), ratio(r.perGigabyte(ours.cpu), r.perGigabyte(theirs.cpu)),
			ratio(r.perGigabyte(ours.whole), r.perGigabyte(theirs.whole)), "", "")
	}
	_ = table.Render()
	fmt.Fprintln(out, `sender CPU: of storescu the whole process, of pacsuat from the first A-ASSOCIATE-RQ on; process CPU: from the start, painting included.`)
	for _, r := range c {
		theirs, ours := median(r.storescu), median(r.pacsuat)
		fmt.Fprintf(out, "%s: with storescu, %s.\n", plural(r.associations), theirs.limit(r.associations, runtime.NumCPU()))
		fmt.Fprintf(out, "%s: with pacsuat, %s.\n", plural(r.associations), ours.limit(r.associations, runtime.NumCPU()))
		fmt.Fprintf(out, "%s: starting storescu takes %.0f ms (CPU %.0f ms) of the %.0f ms (CPU %.0f ms) that are counted.\n", plural(r.associations),
			milliseconds(r.startup.elapsed), milliseconds(r.startup.cpu), milliseconds(theirs.elapsed), milliseconds(theirs.cpu))
	}
}

// saturated is the share of the time from which on somebody counts as busy
// throughout.
const saturated = 0.85

// limit says what kept m from being quicker, on a machine with so many cores.
func (s sample) limit(associations, cores int) string {
	if s.receiver == 0 || s.cpu == 0 {
		return "what limits it cannot be told here"
	}
	sender, receiver := s.cpu.Seconds()/s.elapsed.Seconds(), s.receiver.Seconds()/s.elapsed.Seconds()
	text := fmt.Sprintf("sender %.2f and storescp %.2f of %d cores busy: ", sender, receiver, cores)
	most := float64(min(associations, cores))
	switch {
	case receiver >= saturated*most:
		return text + "storescp is the bottleneck"
	case sender >= saturated*most:
		return text + "the sender is the bottleneck"
	case sender+receiver >= saturated*float64(cores):
		return text + "the machine is the bottleneck"
	default:
		return text + "neither is, they wait for each other (an association has one C-STORE at a time)"
	}
}

func milliseconds(d time.Duration) float64 { return d.Seconds() * 1000 }
