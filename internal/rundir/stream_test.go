package rundir

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func observation(detail string) Record {
	return Record{Observation: &Observation{Operation: "C-ECHO", Detail: detail}}
}

func records(t *testing.T, d *Dir, machine string) []string {
	t.Helper()
	var got []string
	err := d.Records(machine, func(stream string, r *Record) error {
		got = append(got, fmt.Sprintf("%s %d", stream, r.Seq))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestStreamFillsAndKeepsOrder(t *testing.T) {
	t.Parallel()
	d := create(t)
	start := time.Now()
	s, err := d.Stream("laptop", "cell", start)
	if err != nil {
		t.Fatal(err)
	}
	s.now = func() time.Time { return start.Add(1500 * time.Millisecond) }
	limit := 30.0
	want := Record{
		Cell: "cell", Scenario: "f:1", Attempt: 1, StepIndex: 2,
		Check: &Check{Name: "study.images", Comparator: Equal, Limit: Number(120), Observed: Number(119), Unit: "images", N: 1, CensoredAt: &limit},
	}
	// What a caller sets in these fields doesn't count.
	given := want
	given.Seq, given.Mono = 99, time.Hour
	if err := s.Append(given); err != nil {
		t.Fatal(err)
	}
	want.Seq, want.Time, want.Mono = 1, start.Add(1500*time.Millisecond).UTC(), 1500*time.Millisecond
	var got []Record
	if err := d.Records("laptop", func(_ string, r *Record) error { got = append(got, *r); return nil }); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Record{want}, got); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Error(err)
	}
	if err := s.Append(want); !errors.Is(err, errClosed) {
		t.Errorf("after Close: %v", err)
	}
}

func TestStreamIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	d := create(t)
	s, err := d.Stream("laptop", "cell", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if err := s.Append(observation("x")); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if n := len(records(t, d, "laptop")); n != 400 {
		t.Errorf("%d records, expected 400", n)
	}
}

func TestStreamHasOneWriter(t *testing.T) {
	t.Parallel()
	d := create(t)
	s, err := d.Stream("laptop", "cell", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := d.Stream("laptop", "cell", time.Now()); !errors.Is(err, os.ErrExist) {
		t.Errorf("a second writer: %v", err)
	}
	if _, err := d.Stream("..", "cell", time.Now()); err == nil {
		t.Error("a machine named .. was taken")
	}
	if _, err := d.Stream("laptop", "../x", time.Now()); err == nil {
		t.Error("a stream named ../x was taken")
	}
}

// writes counts write(2) calls, and fails from one on.
type writes struct {
	lines  []string
	failAt int
	err    error
	short  bool
}

func (w *writes) Write(b []byte) (int, error) {
	if w.failAt > 0 && len(w.lines)+1 >= w.failAt {
		if w.short {
			return len(b) / 2, nil
		}
		return 0, w.err
	}
	w.lines = append(w.lines, string(b))
	return len(b), nil
}

func (w *writes) Close() error { return nil }

func TestAppendWritesOnceALine(t *testing.T) {
	t.Parallel()
	w := &writes{}
	s := &Stream{now: time.Now, out: &appender{name: "x", w: w}}
	for range 3 {
		if err := s.Append(observation("a\nb")); err != nil {
			t.Fatal(err)
		}
	}
	if len(w.lines) != 3 {
		t.Fatalf("%d writes for 3 records", len(w.lines))
	}
	for _, l := range w.lines {
		if strings.Count(l, "\n") != 1 || !strings.HasSuffix(l, "\n") {
			t.Errorf("not one line: %q", l)
		}
	}
}

func TestAppendFirstErrorSticks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		w    *writes
		r    Record
		want error
	}{
		{"full disk", &writes{failAt: 2, err: syscall.ENOSPC}, observation("x"), syscall.ENOSPC},
		{"short write", &writes{failAt: 2, short: true}, observation("x"), io.ErrShortWrite},
		{"no kind", &writes{}, Record{}, nil},
		{"two kinds", &writes{}, Record{Begin: &Begin{}, End: &End{}}, nil},
		{"too long", &writes{}, observation(strings.Repeat("x", maxLineBytes)), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			s := &Stream{now: time.Now, out: &appender{name: "cell.jsonl", w: test.w}}
			if err := s.Append(observation("x")); err != nil {
				t.Fatal(err)
			}
			err := s.Append(test.r)
			if err == nil || test.want != nil && !errors.Is(err, test.want) {
				t.Fatalf("got %v, expected %v", err, test.want)
			}
			test.w.failAt = 0 // there is room again: still nothing more is kept
			for range 2 {
				if again := s.Append(observation("x")); again == nil || again.Error() != err.Error() {
					t.Errorf("got %v, expected %v again", again, err)
				}
			}
			if len(test.w.lines) != 1 {
				t.Errorf("%d lines were written, expected 1", len(test.w.lines))
			}
			if s.Err() == nil || s.Close() == nil {
				t.Error("Err or Close hides the error")
			}
		})
	}
}

func TestReadingDamage(t *testing.T) {
	t.Parallel()
	line := func(seq int) string {
		return fmt.Sprintf(`{"seq":%d,"time":"2026-01-02T03:04:05Z","mono":1,"begin":{}}`+"\n", seq)
	}
	for _, test := range []struct {
		name, in string
		records  int
		line     int // of the damage; 0 = none
	}{
		{"nothing", "", 0, 0},
		{"whole", line(1) + line(2), 2, 0},
		{"torn", line(1) + line(2)[:20], 1, 0},
		{"torn before its end", line(1) + strings.TrimSuffix(line(2), "\n"), 1, 0},
		{"torn alone", line(1)[:5], 0, 0},
		{"gap", line(1) + line(3), 1, 2},
		{"gap at the start", line(2), 0, 1},
		{"twice", line(1) + line(1), 1, 2},
		{"damaged in the middle", line(1) + line(2)[:20] + "\n" + line(3), 1, 2},
		{"damaged at the end", line(1) + "{}\n", 1, 2},
		{"empty line", line(1) + "\n" + line(2), 1, 2},
		{"unknown field", `{"seq":1,"begin":{},"verdict":"pass"}` + "\n", 0, 1},
		{"no kind", `{"seq":1}` + "\n", 0, 1},
		{"zeroes", line(1) + strings.Repeat("\x00", 10) + "\n", 1, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := create(t)
			file := filepath.Join(d.Path(), obsDir, "laptop", "cell.jsonl")
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, []byte(test.in), 0o644); err != nil {
				t.Fatal(err)
			}
			n := 0
			err := d.Records("laptop", func(string, *Record) error { n++; return nil })
			var damage *DamageError
			switch {
			case test.line == 0 && err != nil:
				t.Errorf("got %v, expected no error", err)
			case test.line != 0 && (!errors.As(err, &damage) || damage.Line != test.line || damage.File != file):
				t.Errorf("got %v, expected damage at line %d of %s", err, test.line, file)
			}
			if n != test.records {
				t.Errorf("%d records, expected %d", n, test.records)
			}
		})
	}
}

func TestReadingLongLines(t *testing.T) {
	t.Parallel()
	d := create(t)
	s, err := d.Stream("laptop", "cell", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", 200<<10) // several buffers of the reader
	for range 3 {
		if err := s.Append(observation(long)); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	err = d.Records("laptop", func(_ string, r *Record) error {
		if r.Observation.Detail != long {
			t.Errorf("record %d came back with %d bytes, expected %d", r.Seq, len(r.Observation.Detail), len(long))
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	file := filepath.Join(d.Path(), obsDir, "laptop", "endless.jsonl")
	if err := os.WriteFile(file, make([]byte, maxLineBytes+100<<10), 0o644); err != nil {
		t.Fatal(err)
	}
	var damage *DamageError
	if err := d.Records("laptop", func(string, *Record) error { return nil }); !errors.As(err, &damage) {
		t.Errorf("an endless line: %v", err)
	}
}

func TestRecordsOfSeveralStreamsAndMachines(t *testing.T) {
	t.Parallel()
	d := create(t)
	for _, name := range []string{"b", "a", InboxStream} {
		s, err := d.Stream("laptop", name, time.Now())
		if err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := s.Append(observation("x")); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	other, err := d.Stream("desktop", "a", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"a 1", "a 2", "b 1", "b 2", "inbox 1", "inbox 2"}, records(t, d, "laptop")); diff != "" {
		t.Errorf("-expected +got:\n%s", diff)
	}
	if got := append(records(t, d, "desktop"), records(t, d, "unheard-of")...); len(got) != 0 {
		t.Errorf("got %v, expected nothing", got)
	}
	machines, err := d.Machines()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"desktop", "laptop"}, machines); diff != "" {
		t.Errorf("-expected +got:\n%s", diff)
	}
	stop := errors.New("stop")
	if err := d.Records("laptop", func(string, *Record) error { return stop }); err != stop {
		t.Errorf("got %v, expected what yield returned", err)
	}
}

func TestObjects(t *testing.T) {
	t.Parallel()
	d := create(t)
	if err := d.ReadObjects("laptop", func(*Object) error { t.Error("there is none"); return nil }); err != nil {
		t.Error(err)
	}
	o, err := d.Objects("laptop")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	if err := errors.Join(o.Append(Object{Time: at, SOPInstanceUID: "2.25.1"}), o.Append(Object{SOPInstanceUID: "2.25.2"}), o.Close()); err != nil {
		t.Fatal(err)
	}
	var got []Object
	if err := d.ReadObjects("laptop", func(o *Object) error { got = append(got, *o); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || !got[0].Time.Equal(at) || got[0].Time.Location() != time.UTC || got[1].Time.IsZero() || got[1].SOPInstanceUID != "2.25.2" {
		t.Errorf("got %+v", got)
	}
	full := &Objects{out: &appender{name: "x", w: &writes{failAt: 1, err: syscall.ENOSPC}}}
	for range 2 {
		if err := full.Append(Object{}); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("got %v, expected %v", err, syscall.ENOSPC)
		}
	}
}
