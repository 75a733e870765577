package rundir

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// DamageError says that a file of evidence is not what a writer left: judging
// it would be guessing.
type DamageError struct {
	File   string
	Line   int // from 1
	Reason string
}

func (e *DamageError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Machines lists the machines that left evidence here, sorted.
func (d *Dir) Machines() ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(d.path, obsDir))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("run directory: %w", err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && safeName("machine", e.Name()) == nil {
			names = append(names, e.Name())
		}
	}
	return names, nil
}

// Records calls yield for every record of a machine, file by file in the order
// of their names and within a file in the order of writing. stream is the
// file's name without .jsonl. A machine or file without anything is fine.
//
// Only a last line without its end (a process killed while writing, a full
// disk) is left out; any other damage, a gap in the sequence numbers included,
// is a *DamageError. An error of yield ends the reading and is returned as it
// is.
func (d *Dir) Records(machine string, yield func(stream string, r *Record) error) error {
	if err := safeName("machine", machine); err != nil {
		return err
	}
	dir := filepath.Join(d.path, obsDir, machine)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("evidence: %w", err)
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	for _, e := range entries {
		stream, ok := strings.CutSuffix(e.Name(), ".jsonl")
		if !ok || e.IsDir() {
			continue
		}
		name := filepath.Join(dir, e.Name())
		next := uint64(1)
		err := eachLine(name, func(line int, b []byte) error {
			r := new(Record)
			err := decodeStrictly(b, r)
			if err == nil {
				err = r.oneKind()
			}
			if err == nil && r.Seq != next {
				err = fmt.Errorf("the record's number is %d, expected %d: records are missing or were moved", r.Seq, next)
			}
			if err != nil {
				return &DamageError{name, line, err.Error()}
			}
			next++
			return yield(stream, r)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// ReadObjects calls yield for every line of a machine's manifest, in the order
// of writing; a machine without one is fine. Damage is treated as by Records.
func (d *Dir) ReadObjects(machine string, yield func(o *Object) error) error {
	if err := safeName("machine", machine); err != nil {
		return err
	}
	name := filepath.Join(d.path, objectsDir, machine+".jsonl")
	if _, err := os.Stat(name); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return eachLine(name, func(line int, b []byte) error {
		o := new(Object)
		if err := decodeStrictly(b, o); err != nil {
			return &DamageError{name, line, err.Error()}
		}
		return yield(o)
	})
}

// eachLine calls yield for every ended line; what follows the last line's end
// is left out.
func eachLine(name string, yield func(line int, b []byte) error) error {
	f, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("evidence: %w", err)
	}
	defer f.Close()
	r := bufio.NewReaderSize(f, 64<<10)
	var long []byte
	for n := 1; ; {
		part, err := r.ReadSlice('\n')
		switch {
		case err == nil:
			b := part
			if len(long) > 0 {
				b = append(long, part...)
			}
			if err := yield(n, bytes.TrimSuffix(b, []byte("\n"))); err != nil {
				return err
			}
			long = long[:0]
			n++
		case errors.Is(err, bufio.ErrBufferFull):
			long = append(long, part...)
			if len(long) > maxLineBytes {
				return &DamageError{name, n, fmt.Sprintf("the line is over %d bytes", maxLineBytes)}
			}
		case errors.Is(err, io.EOF):
			return nil // part, if any, is torn
		default:
			return fmt.Errorf("evidence: %s: %w", name, err)
		}
	}
}
