package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pacsuat/synth/volume"
)

// A job is done by this program again, so the test's binary has to be it too.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == workArgument {
		main()
	}
	// A process with the race detector waits a second at its end, each of ours too.
	if err := os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// expectLines checks that each pattern is in the text.
func expectLines(t *testing.T, text string, patterns ...string) {
	t.Helper()
	for _, want := range patterns {
		if !regexp.MustCompile(want).MatchString(text) {
			t.Errorf("%s is missing in\n%s", want, text)
		}
	}
}

func TestMeasureLoopback(t *testing.T) {
	t.Parallel()
	var out, stderr bytes.Buffer
	if code := command([]string{"-images", "4", "-rounds", "1", "-connections", "1,2", "-only", "loopback"}, nil, &out, &stderr); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, &out, &stderr)
	}
	expectLines(t, out.String(), `\| 1 +\| ready messages .*\| 4 +\|`, `\| 1 +\| synth .*\| 4 +\|`, `\| 1 +\| share of the ceiling +\| \d+ %`,
		`\| 2 +\| ready messages`, `\| 2 +\| synth`, `(?m)^1 connection: .* the aim of 80 % is (reached|missed)`, `(?m)^2 connections: `)
}

func TestMeasureDICOM(t *testing.T) {
	t.Parallel()
	var out, stderr bytes.Buffer
	if code := command([]string{"-images", "2", "-rounds", "1", "-only", "dicom"}, nil, &out, &stderr); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, &out, &stderr)
	}
	expectLines(t, out.String(), `\| dicom.Write +\| 2 +\|`, `\| synth +\| 2 +\|`, `(?m)^synth makes and writes \d+ times`)
}

func TestMeasureDisk(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("dd"); err != nil {
		t.Skip("dd is not installed")
	}
	dir := t.TempDir()
	var out, stderr bytes.Buffer
	if code := command([]string{"-rounds", "1", "-only", "disk", "-disk-mb", "2", "-dir", dir}, nil, &out, &stderr); code != exitOK {
		t.Fatalf("exit code %d\n%s%s", code, &out, &stderr)
	}
	expectLines(t, out.String(), `\| dd +\| 1 +\|`, `\| synth, one file +\| 1 +\|`, `\| synth, a file an image +\| 1 +\|`, `(?m)^One file is written with \d+ % .* with \d+ %`)
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
}

// A few exams of the day arrive whole, by a process of its own, in either order.
func TestSendDay(t *testing.T) {
	t.Parallel()
	for order, keep := range map[string]bool{orderTime: true, orderRecipe: false} {
		t.Run(order, func(t *testing.T) {
			t.Parallel()
			j := job{work: work{Nonce: "test", Seed: 1}, Kind: wholeDay, Connections: 2, Day: day{Date: dayDate, Share: 0.0005, Order: order, Keep: keep, Dir: t.TempDir()}}
			plan, err := j.planned()
			if err != nil {
				t.Fatal(err)
			}
			r, _, err := j.sendDay(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if plan.exams < 1 || r.Instances != plan.images || r.Frames < r.Pictures {
				t.Errorf("planned %+v, sent %+v", plan, r)
			}
		})
	}
}

func TestThinned(t *testing.T) {
	t.Parallel()
	all := make([]volume.Exam, 100)
	for i := range all {
		all[i] = volume.Exam{Index: i, Recipe: fmt.Sprint(i % 3)}
	}
	for _, test := range []struct {
		share float64
		want  int
	}{{1, 100}, {0.25, 25}, {0.05, 5}, {0.001, 0}} {
		got := slices.Collect(thinned(slices.Values(all), test.share))
		if len(got) != test.want {
			t.Errorf("a share of %g has %d exams, expected %d", test.share, len(got), test.want)
		}
	}
	byRecipe := slices.Collect(ordered(slices.Values(all), orderRecipe))
	if len(byRecipe) != 100 || byRecipe[0].Index != 0 || byRecipe[1].Index != 3 || byRecipe[99].Recipe != "2" {
		t.Error("exams are not in order of their recipes")
	}
}

func TestPlanHolds(t *testing.T) {
	t.Parallel()
	p := planned{exams: 1, images: 10, bytes: 1000}
	for _, test := range []struct {
		name string
		r    report
		want string
	}{
		{"as planned", report{tally: tally{Instances: 10, Bytes: 1010}, Peak: dayPeak - 1}, ""},
		{"memory unknown", report{tally: tally{Instances: 10, Bytes: 1000}}, ""},
		{"one more", report{tally: tally{Instances: 11, Bytes: 1000}}, "11 instances were sent, the profile has 10"},
		{"too long", report{tally: tally{Instances: 10, Bytes: 1011}}, "more than 1 %"},
		{"memory", report{tally: tally{Instances: 10, Bytes: 1000}, Peak: dayPeak}, "must stay below 100 MB"},
	} {
		if err := p.holds(test.r); (test.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-connections", "0"}, {"-connections", "x"}, {"-connections", "1,"}, {"-images", "3", "-connections", "4"}, {"-images", "0"}, {"-rounds", "0"},
		{"-only", "nothing"}, {"-only", ""}, {"-disk-mb", "0"}, {"-day-share", "0"}, {"-day-share", "1.5"}, {"-day-share", "NaN"}, {"-day-order", "size"},
		{"more"}, {"-unknown"}, {"-help"},
	} {
		var out, stderr bytes.Buffer
		if code := command(args, nil, &out, &stderr); code != exitUsage || stderr.Len() == 0 || out.Len() > 0 {
			t.Errorf("%q: exit code %d, said %q", args, code, &stderr)
		}
	}
	o, err := parse([]string{"-connections", "2,8", "-only", "day,disk", "-day-share", "0.05"}, os.Stderr)
	if err != nil || !slices.Equal(o.connections, []int{2, 8}) || !slices.Equal(o.only, []string{partDay, partDisk}) || o.dayShare != 0.05 {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		err  error
		want int
	}{
		{nil, exitOK},
		{errors.New("image 1 is missing"), exitFailed},
		{fmt.Errorf("disk: %w", errNoDD), exitUnavailable},
	} {
		var stderr bytes.Buffer
		if got := exitCode(test.err, &stderr); got != test.want || (test.err == nil) != (stderr.Len() == 0) {
			t.Errorf("%v is exit code %d, said %q", test.err, got, &stderr)
		}
	}
}

// What a process of ours says when it fails is told.
func TestProcessFails(t *testing.T) {
	t.Parallel()
	if _, err := start(t.Context(), job{Kind: "nonsense"}); err == nil || !strings.Contains(err.Error(), `there is no job "nonsense"`) {
		t.Errorf("got %v", err)
	}
	p, err := start(t.Context(), job{work: work{Nonce: "n", Images: 1}, Kind: generate, Connections: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.run("127.0.0.1:1"); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v where nobody listens", err)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	r := row{images: 100, bytes: 1e9, samples: []sample{
		{elapsed: 5 * time.Second, cpu: 1}, {elapsed: time.Second, cpu: 9}, {elapsed: 3 * time.Second, cpu: 4}, {elapsed: 100 * time.Second, cpu: 2},
	}}
	if got := r.median(); got.elapsed != 4*time.Second || got.cpu != 3*time.Nanosecond {
		t.Errorf("got %+v", got)
	}
	if got := r.spread(r.imagesPerSecond); got != "1-100" {
		t.Errorf("from %s", got)
	}
	if got := r.perGigabyte(2 * time.Second); got != 2 {
		t.Errorf("%g s/GB", got)
	}
	if figure(0) != "unknown" || percent(1, 0) != "unknown" || percent(4, 5) != "80 %" {
		t.Error("figures are not formatted as they should")
	}
}
