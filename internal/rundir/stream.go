package rundir

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// maxLineBytes bounds one line of a .jsonl file.
const maxLineBytes = 16 << 20

// errClosed is what a closed Stream or Objects answers.
var errClosed = errors.New("is closed")

// appender writes one JSON document per line, each by a single write(2), so
// that a process that is killed loses no line whose write had returned. The
// first error sticks: what follows a lost line would be evidence with a hole.
type appender struct {
	name string
	w    io.WriteCloser
	sync func() error
	err  error
}

func newAppender(name string) (*appender, error) {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return nil, err
	}
	// O_EXCL: one writer a file.
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o644)
	if err != nil {
		return nil, err
	}
	return &appender{name: name, w: f, sync: f.Sync}, nil
}

func (a *appender) append(v any) error {
	if a.err != nil {
		return a.err
	}
	line, err := json.Marshal(v)
	if err == nil && len(line) >= maxLineBytes {
		err = fmt.Errorf("a record of %d bytes is over the limit of %d", len(line), maxLineBytes)
	}
	if err == nil {
		line = append(line, '\n')
		var n int
		if n, err = a.w.Write(line); err == nil && n < len(line) {
			err = io.ErrShortWrite
		}
	}
	if err != nil {
		a.err = fmt.Errorf("evidence can't be kept: %s: %w", a.name, err)
	}
	return a.err
}

func (a *appender) close() error {
	if errors.Is(a.err, errClosed) {
		return nil
	}
	err := a.err
	if err == nil && a.sync != nil {
		err = a.sync()
	}
	if cerr := a.w.Close(); err == nil {
		err = cerr
	}
	a.err = fmt.Errorf("%s: %w", a.name, errClosed)
	if err != nil {
		return fmt.Errorf("%s: %w", a.name, err)
	}
	return nil
}

// Stream is the append-only writer of one file of obs. It is safe for
// concurrent use; records get their sequence numbers in the order in which
// they reach the file. Whoever opened it closes it.
type Stream struct {
	start time.Time
	now   func() time.Time

	mu  sync.Mutex
	seq uint64
	out *appender
}

// Stream creates obs/<machine>/<name>.jsonl. Both names must be safe as file
// names, and the file must not be there: every file has one writer. start is
// when the execution began; take it by time.Now in this process, so that Mono
// is monotonic.
func (d *Dir) Stream(machine, name string, start time.Time) (*Stream, error) {
	if err := errors.Join(safeName("machine", machine), safeName("stream", name)); err != nil {
		return nil, err
	}
	out, err := newAppender(filepath.Join(d.path, obsDir, machine, name+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("evidence can't be kept: %w", err)
	}
	return &Stream{start: start, now: time.Now, out: out}, nil
}

// Append fills Seq, Time and Mono of r and writes it as one line by one
// write(2): when Append has returned nil, a kill of the process doesn't lose
// the record. The first error (a full disk, say) sticks and is returned from
// then on; after it nothing of this stream may be called passed.
func (s *Stream) Append(r Record) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := r.oneKind(); err != nil && s.out.err == nil {
		s.out.err = fmt.Errorf("evidence can't be kept: %s: %w", s.out.name, err)
	}
	now := s.now()
	r.Seq, r.Time, r.Mono = s.seq+1, now.UTC(), now.Sub(s.start)
	if err := s.out.append(&r); err != nil {
		return err
	}
	s.seq++
	return nil
}

// Err returns the error that sticks, nil if every record so far was kept.
func (s *Stream) Err() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(s.out.err, errClosed) {
		return nil
	}
	return s.out.err
}

// Close brings the file to the disk and closes it. It returns the error that
// stuck, if any; a second call does nothing.
func (s *Stream) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.close()
}

// oneKind holds a record to exactly one of its kinds.
func (r *Record) oneKind() error {
	n := 0
	for _, set := range []bool{r.Begin != nil, r.StepEnd != nil, r.Intent != nil, r.Observation != nil,
		r.Check != nil, r.Arrival != nil, r.Answered != nil, r.End != nil, r.InboxEnd != nil} {
		if set {
			n++
		}
	}
	if n != 1 {
		return fmt.Errorf("a record is of exactly one kind, this one of %d", n)
	}
	return nil
}

// Objects is the append-only manifest of the identities that one machine sent:
// what a later clean-up works from. It is safe for concurrent use and keeps
// what Stream.Append promises.
type Objects struct {
	mu  sync.Mutex
	out *appender
}

// Objects creates objects/<machine>.jsonl.
func (d *Dir) Objects(machine string) (*Objects, error) {
	if err := safeName("machine", machine); err != nil {
		return nil, err
	}
	out, err := newAppender(filepath.Join(d.path, objectsDir, machine+".jsonl"))
	if err != nil {
		return nil, fmt.Errorf("manifest can't be kept: %w", err)
	}
	return &Objects{out: out}, nil
}

// Append writes o as one line, before the object is sent. A zero Time becomes
// the present. The first error sticks.
func (m *Objects) Append(o Object) error {
	if o.Time.IsZero() {
		o.Time = time.Now()
	}
	o.Time = o.Time.UTC()
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.out.append(&o)
}

// Close brings the manifest to the disk and closes it. It returns the error
// that stuck, if any; a second call does nothing.
func (m *Objects) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.out.close()
}
