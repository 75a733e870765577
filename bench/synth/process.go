package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"time"

	"pacsuat/bench/machine"
)

// workArgument makes the program one that does a job: a process of its own, so
// that its CPU time and its memory are its own.
const workArgument = "work"

// job is what such a process is told, as the first line of its standard input.
// When it is prepared it answers with a report of what that took. Then for each
// further line, an address to send to, it does its job once and answers with a
// report; it ends with its standard input.
type job struct {
	work
	Kind        kind
	Connections int
	Profile     string // file for a CPU profile of all that follows the preparation; "" = none
	Day         day
}

type kind string

const (
	generate    kind = "generate"  // sends instances that it makes
	repeat      kind = "repeat"    // sends messages that it made beforehand, again and again
	dicomMemory kind = "dicom"     // writes Part 10 files into memory with suyashkumar/dicom
	synthMemory kind = "synth"     // the same with synth
	oneFile     kind = "one file"  // writes a large multi-frame instance into a Part 10 file on the disk
	files       kind = "files"     // writes Part 10 files to the disk
	wholeDay    kind = "whole day" // sends the day of a cluster
)

// report is what a process says of one run.
type report struct {
	tally
	Pictures int64         // instances with pixels
	Frames   int64         // of them
	Elapsed  time.Duration // until the receiver has looked at everything
	CPU      time.Duration // of the process in that time; 0 where it cannot be told
	Peak     int64         // most bytes of memory resident since its start; 0 where it cannot be told
}

// runner does a job once, sending to an address if it sends.
type runner func(ctx context.Context, address string) (report, error)

// prepare makes what is not measured.
func (j job) prepare() (runner, error) {
	switch j.Kind {
	case generate:
		return j.generator()
	case repeat:
		return j.repeater()
	case dicomMemory:
		return j.dicomWriter()
	case synthMemory:
		return j.synthWriter()
	case oneFile:
		return j.fileWriter(work.large)
	case files:
		return j.fileWriter(work.painted)
	case wholeDay:
		return j.dayGenerator()
	}
	return nil, fmt.Errorf("there is no job %q", j.Kind)
}

// serve is the process of a job.
func serve(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	var j job
	if err := json.Unmarshal(line, &j); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	began := time.Now()
	run, err := j.prepare()
	if err != nil {
		return err
	}
	answers := json.NewEncoder(out)
	if err := answers.Encode(report{Elapsed: time.Since(began), CPU: machine.CPU()}); err != nil {
		return err
	}
	if j.Profile != "" {
		f, err := os.Create(j.Profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	for {
		address, err := lines.ReadString('\n')
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		runtime.GC() // what came before is not this run's
		cpu, began := machine.CPU(), time.Now()
		r, err := run(ctx, strings.TrimSuffix(address, "\n"))
		if err != nil {
			return err
		}
		r.Elapsed, r.CPU, r.Peak = time.Since(began), machine.CPU()-cpu, machine.PeakMemory()
		if err := answers.Encode(r); err != nil {
			return err
		}
	}
}

// process is a job that was started.
type process struct {
	cmd      *exec.Cmd
	in       io.WriteCloser
	answers  *json.Decoder
	stderr   bytes.Buffer // may be read when it has ended
	prepared report

	once  sync.Once
	ended error
}

// start starts a process for the job and waits until it is prepared.
func start(ctx context.Context, j job) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, self, workArgument)}
	p.cmd.Stderr = &p.stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.answers = json.NewDecoder(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := json.Marshal(j)
	if err == nil {
		_, err = p.in.Write(append(line, '\n'))
	}
	if err == nil {
		err = p.answers.Decode(&p.prepared)
	}
	if err != nil {
		return nil, p.failed(err)
	}
	return p, nil
}

// run lets it do its job once.
func (p *process) run(address string) (r report, err error) {
	if _, err = io.WriteString(p.in, address+"\n"); err == nil {
		err = p.answers.Decode(&r)
	}
	if err != nil {
		return r, p.failed(err)
	}
	return r, nil
}

// stop lets it end and waits for that.
func (p *process) stop() error {
	p.once.Do(func() {
		_ = p.in.Close() // that is what ends it
		p.ended = p.cmd.Wait()
	})
	if p.ended != nil {
		return fmt.Errorf("%w\n%s", p.ended, &p.stderr)
	}
	return nil
}

// failed ends the process and says what it said.
func (p *process) failed(err error) error {
	if ended := p.stop(); ended != nil {
		return ended
	}
	return err
}
