package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth"
	"pacsuat/synth/volume"
)

// total is how much there is.
type total struct {
	exams, priors, images int
	bytes                 int64
}

// studies says how many exams there are, and priors if any.
func (t total) studies() string {
	s := count(t.exams, "exam", "exams")
	if t.priors > 0 {
		s += " and " + count(t.priors, "prior", "priors")
	}
	return s
}

// affordable returns about how many bytes the day has. It refuses nothing at all,
// more than --most, and more than the disk of out has room for.
func (d *chosenDay) affordable(ctx context.Context, out string) (int64, error) {
	var t total
	for e := range d.exams {
		t.exams, t.images, t.bytes = t.exams+1, t.images+e.Images, t.bytes+e.Bytes
	}
	if t.exams == 0 {
		return 0, usage("no exam begins then; the whole %s has %s at these sites", d.date, count(d.all, "exam", "exams"))
	}
	free, known := freeSpace(out)
	refused := func(are string) error {
		what := fmt.Sprintf("%s (%s) of %s %s %s", t.studies(), count(t.images, "image", "images"), d.date, are, amount(t.bytes))
		const narrower = "select fewer sites (--sites) or less time (--from, --to)"
		switch {
		case t.bytes > d.most:
			return usage("%s, more than the %s of --most: %s, or raise --most", what, amount(d.most), narrower)
		case known && t.bytes > free:
			return usage("%s, and the disk of %s has %s left: %s, or another --out", what, out, amount(free), narrower)
		}
		return nil
	}
	if err := refused("are"); err != nil || !d.priors {
		return t.bytes, err
	}
	for e := range d.exams {
		priors, err := d.maker.Priors(e)
		if err != nil {
			return 0, configured(err)
		}
		for _, q := range priors {
			s, err := synth.NewStudy(q)
			if err != nil {
				return 0, configured(err)
			}
			n, err := s.Bytes()
			if err != nil {
				return 0, configured(err)
			}
			t.priors, t.images, t.bytes = t.priors+1, t.images+s.Len(), t.bytes+n
		}
		if ctx.Err() != nil {
			return 0, context.Cause(ctx)
		}
		// A day has tens of thousands: counting ends where it is too much already.
		if err := refused("are at least"); err != nil {
			return 0, err
		}
	}
	return t.bytes, nil
}

// writeDay writes each exam into the folder SITE/HHMMSS-INDEX, and priors into
// folders in it.
func (a *app) writeDay(ctx context.Context, f *synthFlags, d *chosenDay, expected int64) error {
	w, err := a.newStudyWriter(f.out, expected)
	if err != nil {
		return err
	}
	var wrote total
	write := func(q synth.StudyRequest, folder string) error {
		q.TransferSyntax = d.syntaxOf(q.Recipe)
		s, err := synth.NewStudy(q)
		if err != nil {
			return err
		}
		wrote.images += s.Len()
		return w.study(ctx, s, folder)
	}
	for e := range d.exams {
		folder := filepath.Join(e.Site, fmt.Sprintf("%s-%d", e.Start.Format("150405"), e.Index))
		if err := d.exam(e, folder, &wrote, write); err != nil {
			return w.fail(err)
		}
	}
	if err := w.close(); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s (%s, %s) of %s, nonce %s, in %s\n", wrote.studies(), count(wrote.images, "image", "images"), amount(w.bytes), d.date, f.nonce, f.out)
	return nil
}

// exam writes one exam, and its priors if they are wanted.
func (d *chosenDay) exam(e volume.Exam, folder string, wrote *total, write func(synth.StudyRequest, string) error) error {
	q, err := d.maker.Request(e)
	if err != nil {
		return err
	}
	wrote.exams++
	if err := write(q, folder); err != nil || !d.priors {
		return err
	}
	priors, err := d.maker.Priors(e)
	if err != nil {
		return err
	}
	for k, q := range priors {
		wrote.priors++
		if err := write(q, filepath.Join(folder, fmt.Sprintf("prior-%02d", k+1))); err != nil {
			return err
		}
	}
	return nil
}

// syntaxOf returns the transfer syntax that was asked for, or explicit little
// endian for studies that can't be sent in it.
func (d *chosenDay) syntaxOf(r synth.Recipe) dataset.TransferSyntax {
	if slices.Contains(r.Syntaxes(), d.syntax) {
		return d.syntax
	}
	return dataset.ExplicitVRLittleEndian
}
