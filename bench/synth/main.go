// Command synth measures how fast package synth makes and sends instances, side
// by side with what the connection and a receiver that looks at everything can
// take at most, and with other ways to write DICOM. See docs/bench.md.
//
//	go run ./bench/synth
//	go run ./bench/synth -only day
//
// It exits 0 when everything was measured and all that arrived was right, 1 when
// not, 64 on wrong usage and 69 when dd is not installed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strconv"
	"strings"
	"time"

	"pacsuat/bench/machine"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailed      = 1
	exitUsage       = 64
	exitUnavailable = 69
)

func main() { os.Exit(command(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// command is the program but for the process that it runs in.
func command(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if len(args) == 1 && args[0] == workArgument {
		if err := serve(ctx, stdin, stdout); err != nil {
			fmt.Fprintln(stderr, err)
			return exitFailed
		}
		return exitOK
	}
	o, err := parse(args, stderr)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(stderr, "synth:", err)
		}
		return exitUsage
	}
	return exitCode(measure(ctx, o, stdout), stderr)
}

// exitCode says what was wrong and returns the code of it.
func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errNoDD):
		fmt.Fprintln(stderr, "synth:", err)
		return exitUnavailable
	default:
		fmt.Fprintln(stderr, "synth:", err)
		return exitFailed
	}
}

// Parts of the benchmark, as -only names them.
const (
	partLoopback = "loopback"
	partDICOM    = "dicom"
	partDisk     = "disk"
	partDay      = "day"
)

var parts = []string{partLoopback, partDICOM, partDisk, partDay}

// options are what a run of the benchmark can be told.
type options struct {
	images      int
	rounds      int
	connections []int
	seed        uint64
	only        []string
	profile     string
	dir         string
	diskMB      int
	dayShare    float64
	dayOrder    string
	dayKeep     bool
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	var connections, only string
	flags := flag.NewFlagSet("synth", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.images, "images", 4000, "unique CT images of 512 KiB that are sent each time")
	flags.IntVar(&o.rounds, "rounds", 4, "rounds; each measures both sides twice, A B B A")
	flags.StringVar(&connections, "connections", "1,4", "how many connections at a time, a comma-separated list")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the pixels")
	flags.StringVar(&only, "only", "loopback,dicom,disk", "what is measured, a comma-separated list of "+strings.Join(parts, ", "))
	flags.StringVar(&o.profile, "cpuprofile", "", "file for a CPU profile of the process that makes instances, of the part that was measured last")
	flags.StringVar(&o.dir, "dir", "", "folder in which files are written, on the disk that is measured (default that for temporary files)")
	flags.IntVar(&o.diskMB, "disk-mb", 2000, "megabytes that are written to the disk each time")
	flags.Float64Var(&o.dayShare, "day-share", 1, "share of the day's exams that are sent, more than 0 and at most 1")
	flags.StringVar(&o.dayOrder, "day-order", orderTime, "order of the day's exams: "+orderTime+", or "+orderRecipe+" (all of one kind together)")
	flags.BoolVar(&o.dayKeep, "day-keep", true, "keep the day's frames in a file, instead of painting them again")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	for text := range strings.SplitSeq(connections, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-connections %q: %q is not a positive number", connections, text)
		}
		o.connections = append(o.connections, n)
	}
	o.only = strings.Split(only, ",")
	for _, part := range o.only {
		if !slices.Contains(parts, part) {
			return o, fmt.Errorf("-only %q: there is no part %q, expected some of %s", only, part, strings.Join(parts, ", "))
		}
	}
	switch most := slices.Max(o.connections); {
	case o.images < 1 || slices.Contains(o.only, partLoopback) && o.images < most:
		return o, fmt.Errorf("-images %d are too few for %s", o.images, plural(most, "connection"))
	case o.rounds < 1:
		return o, fmt.Errorf("-rounds %d: at least 1 is needed", o.rounds)
	case o.diskMB < 1 || o.diskMB > 4000: // one instance has less than 4 GiB
		return o, fmt.Errorf("-disk-mb %d: expected 1 to 4000", o.diskMB)
	case !(o.dayShare > 0 && o.dayShare <= 1):
		return o, fmt.Errorf("-day-share %g: expected more than 0 and at most 1", o.dayShare)
	case o.dayOrder != orderTime && o.dayOrder != orderRecipe:
		return o, fmt.Errorf("-day-order %q: expected %s or %s", o.dayOrder, orderTime, orderRecipe)
	}
	return o, nil
}

// measure runs the parts and prints what they say.
func measure(ctx context.Context, o options, out io.Writer) error {
	w := work{Nonce: fmt.Sprintf("bench-%d", time.Now().UnixNano()), Seed: o.seed, Images: o.images}
	fmt.Fprintln(out, machine.Name())
	fmt.Fprint(out, machine.OtherLoad())
	for _, part := range []struct {
		name string
		run  func(context.Context, work, options, io.Writer) error
	}{
		{partLoopback, measureLoopback},
		{partDICOM, measureDICOM},
		{partDisk, measureDisk},
		{partDay, measureDay},
	} {
		if !slices.Contains(o.only, part.name) {
			continue
		}
		fmt.Fprintln(out)
		if err := part.run(ctx, w, o, out); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}
