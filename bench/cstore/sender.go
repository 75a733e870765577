package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"time"

	"golang.org/x/sync/errgroup"

	"pacsuat/bench/machine"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/synth"
)

// sendArgument makes the program the sender: a process of its own, so that its
// CPU time is its own.
const sendArgument = "send"

// job is what the sender is told, as the first line of its standard input. When
// its base frames are painted it answers with a line, waits for another one,
// sends, and answers with a report.
type job struct {
	work
	Address      string
	CalledAE     string
	Associations int
	Profile      string // file for a CPU profile of sending; "" = none
}

// report is what the sender says of itself.
type report struct {
	Images  int
	Bytes   int64         // of data sets
	Elapsed time.Duration // from before the first A-ASSOCIATE-RQ to after the last A-RELEASE-RP
	CPU     time.Duration // of the process in that time; 0 where it cannot be told
}

// callingAE is the AE title of our sender.
const callingAE = "PACSUAT"

// send is the sender's process.
func send(ctx context.Context, in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	line, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	var j job
	if err := json.Unmarshal(line, &j); err != nil {
		return fmt.Errorf("reading the job: %w", err)
	}
	study, err := j.study()
	if err != nil {
		return err
	}
	for i := range min(study.Len(), study.Recipe.Series[0].Distinct) { // painted on first use
		if _, err := study.Instance(i); err != nil {
			return err
		}
	}
	runtime.GC() // what painting has left is not sending's
	if _, err := io.WriteString(out, "ready\n"); err != nil {
		return err
	}
	if _, err := lines.ReadBytes('\n'); err != nil {
		return fmt.Errorf("waiting for the start: %w", err)
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
	r, err := j.send(ctx, study)
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(r)
}

// send opens the associations, sends each its share and releases it.
func (j job) send(ctx context.Context, study *synth.Study) (report, error) {
	r := report{Images: study.Len()}
	sent := make([]int64, j.Associations)
	cpu, began := machine.CPU(), time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for a := range j.Associations {
		group.Go(func() (err error) {
			from, to := share(study.Len(), j.Associations, a)
			sent[a], err = j.associate(ctx, study, from, to)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return r, err
	}
	r.Elapsed, r.CPU = time.Since(began), machine.CPU()-cpu
	for _, n := range sent {
		r.Bytes += n
	}
	return r, nil
}

// associate sends the images of one association, one after the other.
func (j job) associate(ctx context.Context, study *synth.Study, from, to int) (bytes int64, err error) {
	client, err := scu.Dial(ctx, j.Address, ul.RequestorConfig{
		CallingAETitle: callingAE, CalledAETitle: j.CalledAE,
		MaxPDULength: maxPDU,
		Contexts:     []ul.ProposedContext{{AbstractSyntax: study.Contexts()[0].SOPClassUID, TransferSyntaxes: []string{string(study.TransferSyntax)}}},
		IdleTimeout:  time.Minute,
	})
	if err != nil {
		return 0, err
	}
	defer client.Close()
	for i := from; i < to; i++ {
		in, err := study.Instance(i)
		if err != nil {
			return bytes, err
		}
		rsp, err := client.Store(ctx, scu.StoreRequest{
			SOPClassUID: in.SOPClassUID, SOPInstanceUID: in.SOPInstanceUID,
			TransferSyntax: in.TransferSyntax, DataSet: in.Segments,
		})
		if err != nil {
			return bytes, fmt.Errorf("image %d: %w", i+1, err)
		}
		if rsp.Status != dimse.StatusSuccess {
			return bytes, fmt.Errorf("image %d: C-STORE was answered %s", i+1, rsp.Status)
		}
		bytes += in.Size()
	}
	return bytes, client.Release(ctx)
}

// process is a sender that was started and is ready to send.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr bytes.Buffer
}

// startSender starts a process for the job and waits until it is ready.
func startSender(ctx context.Context, j job) (*process, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.CommandContext(ctx, self, sendArgument)}
	p.cmd.Stderr = &p.stderr
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := json.Marshal(j)
	if err == nil {
		_, err = p.in.Write(append(line, '\n'))
	}
	if err == nil {
		_, err = p.out.ReadString('\n')
	}
	if err != nil {
		return nil, p.failed(err)
	}
	return p, nil
}

// run lets it send, and waits for its report and its end. whole is the CPU time
// of the process from its start, painting included.
func (p *process) run() (r report, whole time.Duration, err error) {
	if _, err := io.WriteString(p.in, "go\n"); err != nil {
		return r, 0, p.failed(err)
	}
	if err := json.NewDecoder(p.out).Decode(&r); err != nil {
		return r, 0, p.failed(err)
	}
	if err := p.cmd.Wait(); err != nil {
		return r, 0, fmt.Errorf("our sender: %w\n%s", err, &p.stderr)
	}
	return r, p.cmd.ProcessState.UserTime() + p.cmd.ProcessState.SystemTime(), nil
}

// failed ends the process and says what it said.
func (p *process) failed(err error) error {
	_ = p.in.Close() // a sender that waits ends by this
	if ended := p.cmd.Wait(); ended != nil {
		err = errors.Join(ended, err)
	}
	return fmt.Errorf("our sender: %w\n%s", err, &p.stderr)
}
