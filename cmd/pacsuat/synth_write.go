package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/mattn/go-isatty"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"pacsuat/synth"
)

// studyWriter writes studies as files below a folder, with a manifest.
type studyWriter struct {
	dir      string
	manifest *synth.Manifest
	file     *os.File
	bar      *mpb.Bar // nil off a terminal
	progress *mpb.Progress
	bytes    int64
}

// newStudyWriter makes the folder and the manifest. expected is about how many
// bytes will come, for the progress bar.
func (a *app) newStudyWriter(dir string, expected int64) (*studyWriter, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, configured(err)
	}
	// One that is there already is added to: it lists what is beside it.
	file, err := os.OpenFile(filepath.Join(dir, "manifest.jsonl"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
	if err != nil {
		return nil, configured(err)
	}
	w := &studyWriter{dir: dir, file: file, manifest: synth.NewManifest(file)}
	if f, ok := a.stderr.(*os.File); ok && isatty.IsTerminal(f.Fd()) && expected > barBytes {
		w.progress = mpb.New(mpb.WithOutput(f), mpb.WithAutoRefresh())
		// With a total it would end there; what is expected is only nearly right.
		w.bar = w.progress.AddBar(-1,
			mpb.PrependDecorators(decor.Name(filepath.Base(dir)+" "), decor.Counters(decor.SizeB1000(0), "% .1f of % .1f")),
			mpb.AppendDecorators(decor.Percentage(), decor.Name("  "), decor.AverageSpeed(decor.SizeB1000(0), "% .0f"), decor.Name("  "), decor.AverageETA(decor.ET_STYLE_GO)),
		)
		w.bar.SetTotal(expected, false)
	}
	return w, nil
}

// barBytes is how much is written before a progress bar is worth it.
const barBytes = 50_000_000

// study writes the instances of a study into a folder below the writer's.
func (w *studyWriter) study(ctx context.Context, s *synth.Study, folder string) error {
	if err := os.MkdirAll(filepath.Join(w.dir, folder), 0o777); err != nil {
		return err
	}
	if err := w.manifest.Study(s); err != nil {
		return err
	}
	for i := range s.Len() {
		in, err := s.Instance(i)
		if err != nil {
			return err
		}
		name := filepath.Join(folder, fmt.Sprintf("%06d.dcm", i+1))
		if err := writeInstance(filepath.Join(w.dir, name), in, w.count(ctx)); err != nil {
			return err
		}
		w.bytes += in.Size()
		if err := w.manifest.Instance(in, filepath.ToSlash(name)); err != nil {
			return err
		}
	}
	return nil
}

// count returns what is called after each piece that was written.
func (w *studyWriter) count(ctx context.Context) func(int) error {
	return func(n int) error {
		if w.bar != nil {
			w.bar.IncrBy(n)
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return nil
	}
}

// fail ends the bar and closes the manifest, which lists what was written until
// then.
func (w *studyWriter) fail(err error) error {
	if w.bar != nil {
		w.bar.Abort(false)
		w.bar = nil
	}
	return errors.Join(configured(err), w.close())
}

func (w *studyWriter) close() error {
	if w.bar != nil {
		w.bar.SetTotal(-1, true)
	}
	if w.progress != nil {
		w.progress.Wait()
	}
	return configured(errors.Join(w.manifest.Flush(), w.file.Close()))
}

// writeInstance writes one instance into a file that is not there yet. wrote,
// if not nil, is called after each piece, and ends the writing by an error. A file
// that could not be written whole is removed.
func writeInstance(name string, in *synth.Instance, wrote func(int) error) (err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
		if err != nil {
			_ = os.Remove(name) // half an instance is none
		}
	}()
	return synth.WriteFile(counted{file, wrote}, in)
}

// counted tells of each piece that was written.
type counted struct {
	io.Writer
	wrote func(int) error
}

func (c counted) Write(p []byte) (int, error) {
	n, err := c.Writer.Write(p)
	if err == nil && c.wrote != nil {
		err = c.wrote(n)
	}
	return n, err
}
