// Command cstore measures how fast this project's Storage SCU sends, side by
// side with DCMTK's storescu, and proves in a second pass that what it sends so
// fast is right. See docs/bench.md.
//
//	go run ./bench/cstore
//
// It exits 0 when everything was measured and every image verified, 1 when not,
// 64 on wrong usage and 69 when DCMTK is not installed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"pacsuat/bench/machine"
	"strconv"
	"strings"
	"time"
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
	if len(args) == 1 && args[0] == sendArgument {
		if err := send(ctx, stdin, stdout); err != nil {
			fmt.Fprintln(stderr, "sender:", err)
			return exitFailed
		}
		return exitOK
	}
	o, err := parse(args, stderr)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			fmt.Fprintln(stderr, "cstore:", err)
		}
		return exitUsage
	}
	switch err := measure(ctx, o, stdout); {
	case err == nil:
		return exitOK
	case errors.Is(err, errNoDCMTK):
		fmt.Fprintln(stderr, "cstore:", err)
		return exitUnavailable
	default:
		fmt.Fprintln(stderr, "cstore:", err)
		return exitFailed
	}
}

// options are what a run of the benchmark can be told.
type options struct {
	images       int
	rounds       int
	associations []int
	seed         uint64
	profile      string
}

func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	var associations string
	flags := flag.NewFlagSet("cstore", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.images, "images", 2000, "unique CT images of 512 KiB that are sent each time")
	flags.IntVar(&o.rounds, "rounds", 4, "rounds; each sends twice with either sender, A B B A")
	flags.StringVar(&associations, "associations", "1,4", "how many associations at a time, a comma-separated list")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of the pixels")
	flags.StringVar(&o.profile, "cpuprofile", "", "file for a CPU profile of our sender, of the last time that it sent to storescp")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	for text := range strings.SplitSeq(associations, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			return o, fmt.Errorf("-associations %q: %q is not a positive number", associations, text)
		}
		o.associations = append(o.associations, n)
		if o.images < n || o.images%n != 0 {
			return o, fmt.Errorf("-images %d cannot be divided evenly among %d associations", o.images, n)
		}
	}
	if o.rounds < 1 {
		return o, fmt.Errorf("-rounds %d: at least 1 is needed", o.rounds)
	}
	return o, nil
}

// measure runs the comparison and the verification and prints both.
func measure(ctx context.Context, o options, out io.Writer) error {
	d, err := findDCMTK(ctx)
	if err != nil {
		return err
	}
	w := work{Nonce: fmt.Sprintf("bench-%d", time.Now().UnixNano()), Seed: o.seed, Images: o.images}
	study, err := w.study()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s; %s\n", machine.Name(), d.version)
	fmt.Fprint(out, machine.OtherLoad())
	fmt.Fprintf(out, "%d unique CT images of 512x512x16 (%s) for each figure; medians of %d runs a sender, interleaved A B B A\n\n",
		o.images, megabytes(studyBytes(study)), 2*o.rounds)

	c, err := compare(ctx, d, w, o)
	if err != nil {
		return err
	}
	c.print(out)

	fmt.Fprintln(out, "\nThe same sender into our own Storage SCP, each image verified there:")
	return verifyAll(ctx, w, study, o.associations, out)
}
