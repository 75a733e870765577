package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

var arrivalHandlers = map[string]handler{
	"arrived.exactly":         (*World).arrivedExactly,
	"arrived.nothing":         (*World).arrivedNothing,
	"arrived.at-most":         (*World).arrivedAtMost,
	"arrived.identical":       (*World).arrivedIdentical,
	"retrieve.success":        (*World).retrieveSuccess,
	"retrieve.no-success":     (*World).retrieveNoSuccess,
	"retrieve.no-error":       (*World).retrieveNoError,
	"retrieve.refused":        (*World).retrieveRefused,
	"retrieve.ends-cancelled": (*World).retrieveEndsCancelled,
	"retrieve.counts":         (*World).retrieveCounts,
	"retrieve.warns":          (*World).retrieveWarns,
	"retrieve.originator":     (*World).retrieveOriginator,
	"image.identical":         lookAt("image.differences", "differ from what was sent", func(dataset.Difference) bool { return true }),
	"image.pixels":            lookAt("image.pixel-differences", "show other pixels than were sent", pixelModule),
	"image.patient":           lookAt("image.patient-differences", "name another patient than was sent", patientModule),
	"image.study":             lookAt("image.study-differences", "describe the study otherwise than was sent", studyModule),
}

// landed is what a retrieval, or its parts together, brought.
type landed struct {
	missing, unasked, doubled, late, total, foreign int
	came                                            map[string]*arrived
}

// landed sums up what has arrived by now.
func (r *retrieval) landed() landed {
	l := landed{came: map[string]*arrived{}}
	for _, p := range append([]*retrieval{r}, r.parts...) {
		p.mu.Lock()
		l.total += p.total
		l.foreign += p.foreign
		l.late += p.late
		for uid, a := range p.arrived {
			copied := *a
			if before := l.came[uid]; before != nil {
				copied.times += before.times
			}
			l.came[uid] = &copied
		}
		p.mu.Unlock()
	}
	for uid := range r.expected {
		if l.came[uid] == nil {
			l.missing++
		}
	}
	for uid, a := range l.came {
		if _, ok := r.expected[uid]; !ok {
			l.unasked++
		}
		if a.times > 1 {
			l.doubled++
		}
	}
	return l
}

// retrieved returns the last retrieval, which must have ended.
func (w *World) retrieved() (*retrieval, error) {
	if w.retrieval == nil {
		return nil, &Error{Cause: rundir.CauseEngine, Doing: "judging a retrieval", Err: errors.New("nothing was retrieved before this step")}
	}
	if !w.retrieval.ended {
		return nil, flow("the retrieval has not ended")
	}
	return w.retrieval, nil
}

// afterQuiet waits until nothing has arrived for the quiet time.
func (w *World) afterQuiet(ctx context.Context, r *retrieval) error {
	for _, c := range r.claims {
		quiet := func() error { return c.Quiet(ctx, r.over, w.env.Limits.Quiet, w.env.Limits.Response) }
		if err := w.idle(quiet, false); err != nil {
			return &Error{Cause: rundir.CauseCancelled, Doing: "waiting for arrivals", Err: context.Cause(ctx)}
		}
	}
	return nil
}

func (w *World) arrivedExactly(ctx context.Context, _ vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	if err := w.afterQuiet(ctx, r); err != nil {
		return err
	}
	t, l, n := w.env.System.Name, r.landed(), len(r.expected)
	w.checkMissing(t, r, l)
	w.check("retrieve.doubled", t, rundir.Equal, 0, l.doubled, n, "images", fmt.Sprintf("%d images arrived more than once", l.doubled))
	w.check("retrieve.late", t, rundir.Equal, 0, l.late, n, "images", fmt.Sprintf("%d images arrived after the system had said that the retrieval was over", l.late))
	w.check("retrieve.unasked", t, rundir.Equal, 0, l.unasked, n, "images", fmt.Sprintf("%d images arrived that were not asked for", l.unasked))
	return nil
}

func (w *World) checkMissing(system string, r *retrieval, l landed) {
	n := len(r.expected)
	w.check("retrieve.missing", system, rundir.Equal, 0, l.missing, n, "images",
		fmt.Sprintf("%d of %d images did not arrive (the retrieval ended with %s)", l.missing, n, r.status))
}

func (w *World) arrivedNothing(ctx context.Context, _ vocab.Args) error { return w.atMost(ctx, 0) }

func (w *World) arrivedAtMost(ctx context.Context, a vocab.Args) error {
	return w.atMost(ctx, a.Int(0))
}

func (w *World) atMost(ctx context.Context, n int) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	if err := w.afterQuiet(ctx, r); err != nil {
		return err
	}
	got := r.landed().total
	w.check("retrieve.arrived", w.env.System.Name, rundir.LessOrEqual, n, got, 1, "images", fmt.Sprintf("%d images arrived, expected at most %d", got, n))
	return nil
}

func (w *World) arrivedIdentical(context.Context, vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	w.checkArrived(w.env.System, r, "image.differences", "differ from what was sent", func(dataset.Difference) bool { return true })
	return nil
}

// lookAt returns a handler that retrieves the study by C-MOVE and holds the
// differences that count against none.
func lookAt(check, what string, counts func(dataset.Difference) bool) handler {
	return func(w *World, ctx context.Context, a vocab.Args) error {
		t, err := w.target(a, 0)
		if err != nil {
			return err
		}
		s, err := w.last()
		if err != nil {
			return err
		}
		if err := w.retrieveWhole(ctx, t, s, mover{method: "C-MOVE"}); err != nil {
			return err
		}
		if w.retrieval.landed().missing > 0 {
			// Some systems send on for a moment after the final response; what
			// comes after the quiet time is late.
			if err := w.afterQuiet(ctx, w.retrieval); err != nil {
				return err
			}
		}
		w.checkArrived(t, w.retrieval, check, what, counts)
		return nil
	}
}

func (w *World) checkArrived(t *Target, r *retrieval, check, what string, counts func(dataset.Difference) bool) {
	l := r.landed()
	w.checkMissing(t.Name, r, l)
	differing, compared, first := 0, 0, ""
	uids := make([]string, 0, len(r.expected))
	for uid := range r.expected {
		uids = append(uids, uid)
	}
	slices.SortFunc(uids, func(a, b string) int { return r.expected[a].index - r.expected[b].index })
	for _, uid := range uids {
		a := l.came[uid]
		if a == nil {
			continue
		}
		compared++
		if found := a.description(counts); found != "" {
			differing++
			if first == "" {
				first = fmt.Sprintf("image %d: %s", r.expected[uid].index+1, found)
			}
		}
	}
	detail := fmt.Sprintf("%d of %d images %s", differing, compared, what)
	if first != "" {
		detail += "; " + first
	}
	w.check(check, t.Name, rundir.Equal, 0, differing, compared, "images", detail)
}

// description names the first few differences that count, without values.
func (a *arrived) description(counts func(dataset.Difference) bool) string {
	if a.broken != "" {
		return a.broken
	}
	const most = 3
	var named []string
	n := 0
	for _, d := range a.differences {
		if !counts(d) {
			continue
		}
		if n++; n <= most {
			named = append(named, d.String())
		}
	}
	if n > most {
		named = append(named, fmt.Sprintf("and %d more", n-most))
	}
	return strings.Join(named, ", ")
}

// topLevel is the tag of the outermost element that a difference lies in.
func topLevel(d dataset.Difference) dataset.Tag {
	path, _, _ := strings.Cut(d.Path, "[")
	if t, err := dataset.ParseTag(path); err == nil {
		return t
	}
	return d.Tag
}

// pixelModule is what makes the picture: PS3.3 C.7.6.3 and Pixel Data.
func pixelModule(d dataset.Difference) bool {
	g := topLevel(d).Group()
	return g == 0x0028 || g == 0x7FE0
}

// patientModule is PS3.3 C.7.1.1.
func patientModule(d dataset.Difference) bool { return topLevel(d).Group() == 0x0010 }

// studyModule is PS3.3 C.7.2.1.
func studyModule(d dataset.Difference) bool {
	switch topLevel(d) {
	case dataset.StudyInstanceUID, dataset.StudyDate, dataset.StudyTime, dataset.StudyID, dataset.AccessionNumber,
		dataset.StudyDescription, dataset.ReferringPhysicianName:
		return true
	}
	return false
}

func (w *World) checkRetrieveStatus(want string, ok bool, r *retrieval) {
	got := r.status.Describe(dimse.CommandCMoveRSP)
	observed, limit := 0, 1
	if ok {
		observed = 1
	}
	w.check("retrieve.status", w.env.System.Name, rundir.Equal, limit, observed, 1, "",
		fmt.Sprintf("the retrieval ended with %s, expected %s", got, want))
}

func (w *World) retrieveSuccess(context.Context, vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	w.checkRetrieveStatus(dimse.StatusSuccess.String(), r.status == dimse.StatusSuccess, r)
	return nil
}

func (w *World) retrieveNoSuccess(context.Context, vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	w.checkText("retrieve.status-class", w.env.System.Name, rundir.NotEqual, rundir.Text(dimse.Success.String()), r.status.Class().String(),
		"the retrieval ended with success although nothing could be delivered")
	return nil
}

func (w *World) retrieveNoError(context.Context, vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	// PS3.4 leaves open how nothing is answered: success without
	// sub-operations is usual, and A900 (identifier does not match SOP class)
	// and Cxxx are not answers to a well-formed question.
	w.checkRetrieveStatus("success with no image", r.status == dimse.StatusSuccess, r)
	return nil
}

// moveDestinationUnknown is PS3.4 table C.4-2, A801.
const moveDestinationUnknown = dimse.Status(0xA801)

func (w *World) retrieveRefused(context.Context, vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	w.checkRetrieveStatus(moveDestinationUnknown.Describe(dimse.CommandCMoveRSP), r.status == moveDestinationUnknown, r)
	return nil
}

func (w *World) retrieveEndsCancelled(context.Context, vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	// Where nothing arrived there was nothing to cancel at, which is the
	// system's; where something did, it must have been told.
	if !r.cancelling || !r.cancelled && r.landed().total > 0 {
		return &Error{Cause: rundir.CauseEngine, Doing: "judging a cancel", Err: errors.New("the retrieval was never cancelled: no C-CANCEL was sent while it lasted")}
	}
	w.checkRetrieveStatus(dimse.StatusCancel.Describe(dimse.CommandCMoveRSP), r.status == dimse.StatusCancel, r)
	return nil
}

func (w *World) retrieveCounts(ctx context.Context, _ vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	if err := w.afterQuiet(ctx, r); err != nil {
		return err
	}
	l := r.landed()
	if r.last.completed < 0 {
		// Optional in a final response with success (PS3.4 C.4.2.1.6).
		w.rec.Observe(rundir.Observation{Operation: "C-MOVE", System: w.env.System.Name, Detail: "the final response gives no counts"})
		return flow("the system gives no counts, which is allowed; declare the scenario not applicable")
	}
	w.check("retrieve.completed", w.env.System.Name, rundir.Equal, l.total, r.last.completed, 1, "images",
		fmt.Sprintf("the system counts %d images as sent, %d arrived", r.last.completed, l.total))
	return nil
}

func (w *World) retrieveWarns(_ context.Context, a vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	t := w.env.System.Name
	w.checkText("retrieve.status-class", t, rundir.OneOf, rundir.Texts(dimse.Warning.String(), dimse.Failure.String()), r.status.Class().String(),
		fmt.Sprintf("the retrieval ended with %s although an image could not be delivered", r.status.Describe(dimse.CommandCMoveRSP)))
	w.check("retrieve.failed", t, rundir.Equal, a.Int(0), max(0, r.last.failed), 1, "images",
		fmt.Sprintf("the system counts %d images as failed, expected %d", max(0, r.last.failed), a.Int(0)))
	return nil
}

func (w *World) retrieveOriginator(ctx context.Context, _ vocab.Args) error {
	r, err := w.retrieved()
	if err != nil {
		return err
	}
	if err := w.afterQuiet(ctx, r); err != nil {
		return err
	}
	l := r.landed()
	w.check("retrieve.foreign-originator", w.env.System.Name, rundir.Equal, 0, l.foreign, l.total, "images",
		fmt.Sprintf("%d of %d images name another than the harness as the one who asked for them", l.foreign, l.total))
	return nil
}
