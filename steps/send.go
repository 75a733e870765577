package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

var sendHandlers = map[string]handler{
	"study.kept":            (*World).studyKept,
	"studies.kept":          (*World).studiesKept,
	"study.sent":            (*World).studySent,
	"studies.sent":          (*World).studiesSent,
	"study.sent-encoded":    (*World).studySentEncoded,
	"study.sent-again":      (*World).studySentAgain,
	"study.sent-more":       (*World).studySentMore,
	"study.sent-parallel":   (*World).studySentParallel,
	"studies.sent-parallel": (*World).studiesSentParallel,
	"study.sent-largest":    (*World).studySentLargest,
	"study.broken-off":      (*World).studyBrokenOff,
	"image.collided":        (*World).imageCollided,
	"store.named":           (*World).storeNamed,
	"store.quick":           (*World).storeQuick,
	"store.no-warning":      (*World).storeNoWarning,
}

// modalityPacket is the largest P-DATA-TF body that is sent unless a scenario
// asks for the largest possible: as modalities do, whatever the system offers.
const modalityPacket = 32 << 10

// storeResponses is what the C-STOREs of a scenario were answered.
type storeResponses struct {
	mu       sync.Mutex
	n        int
	misnamed int // Affected SOP Instance UID of another
	warnings int
	slowest  time.Duration
}

func (r *storeResponses) add(rsp *dimse.CStoreRSP, uid string, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.n++
	// The UID is optional in the response (PS3.7 9.3.1.2); a wrong one is not.
	if rsp.AffectedSOPInstanceUID != "" && rsp.AffectedSOPInstanceUID != uid {
		r.misnamed++
	}
	if rsp.Status.Class() == dimse.Warning {
		r.warnings++
	}
	r.slowest = max(r.slowest, took)
}

func (w *World) studyKept(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.keep(ctx, []*study{s})
}

func (w *World) studiesKept(ctx context.Context, _ vocab.Args) error { return w.keep(ctx, w.studies) }

// keep sends studies over one association and waits until the system lists
// them.
func (w *World) keep(ctx context.Context, studies []*study) error {
	if err := w.sendAll(ctx, studies); err != nil {
		return err
	}
	return w.waitListed(ctx, studies)
}

func (w *World) studySent(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.sendAll(ctx, []*study{s})
}

func (w *World) studiesSent(ctx context.Context, _ vocab.Args) error {
	for _, s := range w.studies {
		if err := w.sendAll(ctx, []*study{s}); err != nil {
			return err
		}
	}
	return nil
}

// sendAll sends all images of the studies over one association.
func (w *World) sendAll(ctx context.Context, studies []*study) error {
	var batch []outgoing
	for _, s := range studies {
		made, err := w.use(s)
		if err != nil {
			return err
		}
		batch = append(batch, all(s, made.Len())...)
	}
	return w.send(ctx, batch, ul.RequestorConfig{MaxSendPDULength: modalityPacket})
}

// outgoing is one image that is to be sent.
type outgoing struct {
	study *study
	index int
}

func all(s *study, n int) []outgoing { return between(s, 0, n) }

func between(s *study, from, to int) []outgoing {
	out := make([]outgoing, 0, to-from)
	for i := from; i < to; i++ {
		out = append(out, outgoing{s, i})
	}
	return out
}

// send proves that the studies are absent, opens an association and sends the
// images in their order.
func (w *World) send(ctx context.Context, batch []outgoing, c ul.RequestorConfig) error {
	if err := w.proveAbsent(ctx, batch); err != nil {
		return err
	}
	client, err := w.dialStore(ctx, batch, c)
	if err != nil {
		return err
	}
	defer release(ctx, client)
	return w.sendOver(ctx, client, batch)
}

// dialStore opens an association that offers what the images need.
func (w *World) dialStore(ctx context.Context, batch []outgoing, c ul.RequestorConfig) (*scu.Client, error) {
	var contexts []ul.ProposedContext
	for _, o := range batch {
		made, err := w.use(o.study)
		if err != nil {
			return nil, err
		}
		for _, c := range made.Contexts() {
			p := ul.ProposedContext{AbstractSyntax: c.SOPClassUID, TransferSyntaxes: []string{string(c.TransferSyntax)}}
			known := slices.ContainsFunc(contexts, func(q ul.ProposedContext) bool {
				return q.AbstractSyntax == p.AbstractSyntax && slices.Equal(q.TransferSyntaxes, p.TransferSyntaxes)
			})
			if !known {
				contexts = append(contexts, p)
			}
		}
	}
	c.Contexts = contexts
	return w.env.System.dial(ctx, w, store, c)
}

// sendOver sends images over an association. Images that are answered with a
// failure, or for which no context was accepted, are refused; the others count
// as sent. A check says how many were refused; an association that ends is an
// error.
func (w *World) sendOver(ctx context.Context, client *scu.Client, batch []outgoing) error {
	t := w.env.System
	done := w.rec.Intent("C-STORE", t.Name, fmt.Sprintf("%d images", len(batch)))
	var sentBytes int64
	refused, first, accepted := 0, "", 0
	var ended error
	for _, o := range batch {
		in, err := o.study.made.Instance(o.index)
		if err != nil {
			ended = &Error{Cause: rundir.CauseEngine, Doing: "making an image", Err: err}
			break
		}
		status, err := w.storeOne(ctx, client, o.study, in)
		if err != nil {
			ended = err
			break
		}
		sentBytes += in.Size()
		if status.Class() == dimse.Success || status.Class() == dimse.Warning {
			accepted++
			w.mark(o)
			continue
		}
		if refused++; first == "" {
			first = fmt.Sprintf("image %d was answered %s", o.index+1, status.Describe(dimse.CommandCStoreRSP))
		}
	}
	done(rundir.Observation{Count: int64(accepted), Bytes: sentBytes, Detail: first})
	if n := accepted + refused; n > 0 {
		w.check("store.refused", t.Name, rundir.Equal, 0, refused, n, "images", first)
	}
	return ended
}

func (w *World) mark(o outgoing) {
	w.storeResponses.mu.Lock()
	defer w.storeResponses.mu.Unlock()
	o.study.sent[o.index] = true
}

// noContext stands for an image for which the system accepted no presentation
// context: it refused the class or the encoding.
const noContext = dimse.Status(0x0122) // Refused: SOP class not supported

// storeOne sends one image, noting its identity before.
func (w *World) storeOne(ctx context.Context, client *scu.Client, s *study, in *synth.Instance) (dimse.Status, error) {
	t := w.env.System
	w.rec.Own(in.SOPInstanceUID, in.SeriesInstanceUID)
	err := w.rec.Sending(rundir.Object{
		System: t.Name, PatientID: s.made.Patient.ID, StudyInstanceUID: s.made.StudyInstanceUID,
		SeriesInstanceUID: in.SeriesInstanceUID, SOPInstanceUID: in.SOPInstanceUID, SOPClassUID: in.SOPClassUID,
	})
	if err != nil {
		return 0, err
	}
	if err := t.turn(ctx); err != nil {
		return 0, err
	}
	limit, cancel := limited(ctx, t.limits.Response+transfer(in.Size()))
	defer cancel()
	start := time.Now()
	rsp, err := client.Store(limit, scu.StoreRequest{
		SOPClassUID: in.SOPClassUID, SOPInstanceUID: in.SOPInstanceUID,
		TransferSyntax: in.TransferSyntax, DataSet: in.Segments,
	})
	if errorAs[*scu.NoContextError](err) {
		return noContext, nil
	}
	if err != nil {
		return 0, failure(limit, t.Name, fmt.Sprintf("storing image %d", in.Number), err)
	}
	w.storeResponses.add(rsp, in.SOPInstanceUID, time.Since(start))
	return rsp.Status, nil
}

// transfer is how long sending so much may take before the answer is waited for:
// a slow line is no silent system.
func transfer(bytes int64) time.Duration {
	const slowest = 1 << 20 // bytes a second
	return time.Duration(float64(bytes) / slowest * float64(time.Second))
}

// proveAbsent asks once a study, before its first store, whether the system has
// it already: then a later answer could be about another's objects.
func (w *World) proveAbsent(ctx context.Context, batch []outgoing) error {
	var unproven []*study
	for _, o := range batch {
		if !o.study.absent && !slices.Contains(unproven, o.study) {
			unproven = append(unproven, o.study)
		}
	}
	if len(unproven) == 0 {
		return nil
	}
	found := 0
	t := w.env.System
	err := w.asking(ctx, t, func(client *scu.Client) error {
		listed, err := w.listedOf(ctx, t, client, unproven)
		for _, s := range unproven {
			s.absent = err == nil
			found += len(listed[s])
		}
		return err
	})
	if err != nil {
		return err
	}
	w.check("study.absent-before", t.Name, rundir.Equal, 0, found, len(unproven), "studies",
		"studies with new identifiers that the system says it has, before they were sent")
	if found > 0 {
		for _, s := range unproven {
			s.absent = false
		}
		return flow("%s says that it has what was not sent yet, so nothing was sent", t.Name)
	}
	return nil
}

func (w *World) studySentEncoded(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	want := encoding(a.Text(0))
	if s.made == nil {
		s.request.TransferSyntax = want
	} else if s.made.TransferSyntax != want {
		return &Error{Cause: rundir.CauseEngine, Doing: "sending",
			Err: errors.New("the study has been used already in another encoding; say how it is sent when it is sent first")}
	}
	return w.sendAll(ctx, []*study{s})
}

func encoding(name string) dataset.TransferSyntax {
	if name == "Implicit VR Little Endian" {
		return dataset.ImplicitVRLittleEndian
	}
	return dataset.ExplicitVRLittleEndian
}

func (w *World) studySentAgain(ctx context.Context, _ vocab.Args) error { return w.studySent(ctx, nil) }

func (w *World) studySentMore(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	before := made.Len()
	if err := s.extend(a.Int(0)); err != nil {
		return err
	}
	return w.send(ctx, between(s, before, s.made.Len()), ul.RequestorConfig{MaxSendPDULength: modalityPacket})
}

func (w *World) studySentParallel(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	if a.Int(0) < 1 {
		return &Error{Cause: rundir.CauseEngine, Doing: "sending", Err: errors.New("no association to send over")}
	}
	batches := make([][]outgoing, a.Int(0))
	for i, o := range all(s, made.Len()) {
		n := i % len(batches)
		batches[n] = append(batches[n], o)
	}
	return w.sendAtOnce(ctx, batches)
}

func (w *World) studiesSentParallel(ctx context.Context, _ vocab.Args) error {
	batches := make([][]outgoing, len(w.studies))
	for i, s := range w.studies {
		made, err := w.use(s)
		if err != nil {
			return err
		}
		batches[i] = all(s, made.Len())
	}
	return w.sendAtOnce(ctx, batches)
}

// sendAtOnce opens an association a batch, and when all are open sends on all
// of them at the same time.
func (w *World) sendAtOnce(ctx context.Context, batches [][]outgoing) error {
	var together []outgoing
	for _, b := range batches {
		together = append(together, b...)
	}
	if err := w.proveAbsent(ctx, together); err != nil {
		return err
	}
	clients := make([]*scu.Client, 0, len(batches))
	defer func() {
		for _, c := range clients {
			release(ctx, c)
		}
	}()
	for _, b := range batches {
		c, err := w.dialStore(ctx, b, ul.RequestorConfig{MaxSendPDULength: modalityPacket})
		if err != nil {
			return err
		}
		clients = append(clients, c)
	}
	return decisive(atOnce(len(batches), func(i int) error { return w.sendOver(ctx, clients[i], batches[i]) }))
}

func (w *World) studySentLargest(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	// No bound of our own: the system's announced maximum is filled.
	return w.send(ctx, all(s, made.Len()), ul.RequestorConfig{})
}

var errNothingSent = &Error{Cause: rundir.CauseEngine, Doing: "judging what was sent", Err: errors.New("nothing was sent before this step")}

func (w *World) storeNamed(context.Context, vocab.Args) error {
	r := &w.storeResponses
	if r.n == 0 {
		return errNothingSent
	}
	w.check("store.affected-instance", w.env.System.Name, rundir.Equal, 0, r.misnamed, r.n, "answers",
		fmt.Sprintf("%d of %d answers named another image than the one that they answered", r.misnamed, r.n))
	return nil
}

func (w *World) storeQuick(_ context.Context, a vocab.Args) error {
	r := &w.storeResponses
	if r.n == 0 {
		return errNothingSent
	}
	w.checkWithin("store.duration", w.env.System.Name, a.Duration(0), r.slowest, r.n,
		fmt.Sprintf("the slowest of %d answers took %s, expected at most %s", r.n, r.slowest.Round(time.Millisecond), a.Duration(0)))
	return nil
}

func (w *World) storeNoWarning(context.Context, vocab.Args) error {
	r := &w.storeResponses
	if r.n == 0 {
		return errNothingSent
	}
	w.check("store.warnings", w.env.System.Name, rundir.Equal, 0, r.warnings, r.n, "answers",
		fmt.Sprintf("%d of %d images were accepted with a warning: the system says that it changed them", r.warnings, r.n))
	return nil
}
