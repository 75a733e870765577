package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"pacsuat/synth"
)

// maxPDU is the longest P-DATA-TF that either receiver announces, the most that
// DCMTK can.
const maxPDU = 131072

// storescpAE is the AE title of the receiver that both senders send to.
const storescpAE = "STORESCP"

var errNoDCMTK = errors.New("DCMTK's storescu and storescp are needed and not installed (Debian package dcmtk)")

// dcmtk is DCMTK's two programs.
type dcmtk struct {
	storescu, storescp string
	version            string
}

func findDCMTK(ctx context.Context) (d dcmtk, err error) {
	if d.storescu, err = exec.LookPath("storescu"); err != nil {
		return d, errNoDCMTK
	}
	if d.storescp, err = exec.LookPath("storescp"); err != nil {
		return d, errNoDCMTK
	}
	out, err := exec.CommandContext(ctx, d.storescu, "--version").Output()
	if err != nil {
		return d, fmt.Errorf("storescu --version: %w", err)
	}
	line, _, _ := strings.Cut(string(out), "\n") // "$dcmtk: storescu v3.6.7 2022-04-22 $"
	d.version = "DCMTK" + strings.Trim(strings.TrimPrefix(line, "$dcmtk: storescu"), "$\r")
	d.version = strings.TrimSpace(d.version)
	return d, nil
}

// environment is that of either program. Without TCP_NODELAY DCMTK leaves
// Nagle's algorithm on and waits 40 ms for an acknowledgement at every image.
func environment() []string { return append(os.Environ(), "TCP_NODELAY=1") }

// receiver is a storescp that is running.
type receiver struct {
	addr   string
	cmd    *exec.Cmd
	cancel context.CancelFunc
	exited chan struct{}
	out    bytes.Buffer // may be read when exited is closed
}

// receive starts storescp, with a process for each association when there will
// be several at a time.
func (d dcmtk) receive(ctx context.Context, associations int) (*receiver, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil { // for storescp to take
		return nil, err
	}
	args := []string{"--ignore", "-pdu", strconv.Itoa(maxPDU), "-aet", storescpAE}
	if associations > 1 {
		args = append(args, "--fork")
	}
	ctx, cancel := context.WithCancel(ctx)
	r := &receiver{addr: addr.String(), cancel: cancel, exited: make(chan struct{}),
		cmd: exec.CommandContext(ctx, d.storescp, append(args, strconv.Itoa(addr.Port))...)}
	r.cmd.Env = environment()
	r.cmd.Stdout, r.cmd.Stderr = &r.out, &r.out
	if err := r.cmd.Start(); err != nil {
		cancel()
		return nil, err
	}
	go func() {
		defer close(r.exited)
		_ = r.cmd.Wait() // it is killed: its error says nothing
	}()
	// Another process can only be asked whether it listens yet.
	for patience := time.After(10 * time.Second); ; {
		conn, err := net.Dial("tcp", r.addr)
		if err == nil {
			return r, conn.Close()
		}
		select {
		case <-r.exited:
			cancel()
			return nil, fmt.Errorf("storescp ended at once:\n%s", &r.out)
		case <-patience:
			r.stop()
			return nil, fmt.Errorf("storescp does not listen on %s: %w", r.addr, err)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// stop ends storescp and waits for it.
func (r *receiver) stop() {
	r.cancel()
	<-r.exited
}

// files writes the images as Part 10 files, the share of each association into
// a directory of its own, and returns these.
func files(study *synth.Study, dir string, associations int) ([]string, error) {
	var dirs []string
	for a := range associations {
		sub := filepath.Join(dir, fmt.Sprintf("%d-%d", associations, a))
		if err := os.Mkdir(sub, 0o700); err != nil {
			return nil, err
		}
		dirs = append(dirs, sub)
		from, to := share(study.Len(), associations, a)
		for i := from; i < to; i++ {
			if err := writeFile(study, i, filepath.Join(sub, fmt.Sprintf("%06d.dcm", i))); err != nil {
				return nil, err
			}
		}
	}
	return dirs, nil
}

func writeFile(study *synth.Study, i int, name string) (err error) {
	in, err := study.Instance(i)
	if err != nil {
		return err
	}
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return synth.WriteFile(f, in)
}

// send runs one storescu for each directory, all at the same time, and waits
// for them. elapsed is from before the first is started until the last has
// ended; cpu is that of all of them.
func (d dcmtk) send(ctx context.Context, addr string, dirs []string) (elapsed, cpu time.Duration, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	used := make([]time.Duration, len(dirs))
	for i, dir := range dirs {
		group.Go(func() error {
			// -R proposes what the files need only, which is the quickest.
			cmd := exec.CommandContext(ctx, d.storescu, "-R", "-pdu", strconv.Itoa(maxPDU), "-aec", storescpAE, "+sd", host, port, dir)
			cmd.Env = environment()
			if out, err := cmd.CombinedOutput(); err != nil {
				return fmt.Errorf("storescu: %w\n%s", err, out)
			}
			used[i] = cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return 0, 0, err
	}
	for _, u := range used {
		cpu += u
	}
	return time.Since(began), cpu, nil
}
