package steps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/inbox"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

var retrieveHandlers = map[string]handler{
	"retrieve.study":               (*World).retrieveStudy,
	"retrieve.one-study":           (*World).retrieveOneStudy,
	"retrieve.series":              (*World).retrieveSeries,
	"retrieve.image":               (*World).retrieveImage,
	"retrieve.patient":             (*World).retrievePatient,
	"retrieve.list":                (*World).retrieveList,
	"retrieve.encoded":             (*World).retrieveEncoded,
	"retrieve.small-packets":       (*World).retrieveSmallPackets,
	"retrieve.without-role":        (*World).retrieveWithoutRole,
	"retrieve.refusing":            (*World).retrieveRefusing,
	"retrieve.unknown-destination": (*World).retrieveUnknownDestination,
	"retrieve.nothing":             (*World).retrieveNothing,
	"retrieve.cancelled":           (*World).retrieveCancelled,
	"retrieve.parallel":            (*World).retrieveParallel,
}

// retrieval is the last retrieval of a scenario: what was asked for, what
// arrived, and what the system said of it. Arrivals come on goroutines of
// their own.
type retrieval struct {
	expected map[string]object // by SOP Instance UID
	parts    []*retrieval      // of several at the same time, which this one sums up

	status dimse.Status
	ended  bool      // the final response came
	over   time.Time // when it came
	last   progress
	claims []*inbox.Claim

	// cancelling says that this retrieval was to be cancelled, cancelled that
	// C-CANCEL was sent.
	cancelling, cancelled bool

	mu      sync.Mutex
	arrived map[string]*arrived
	total   int
	late    int // arrivals after the final response
	foreign int // arrivals that name another originator
}

// progress is the counters of the final response; -1 = absent.
type progress struct{ completed, failed, warning int }

// arrived is one SOP Instance UID that came, and what differs in it.
type arrived struct {
	times       int
	differences []dataset.Difference
	broken      string // why it could not be compared
}

func newRetrieval(expected []object) *retrieval {
	r := &retrieval{
		expected: map[string]object{}, arrived: map[string]*arrived{},
	}
	for _, o := range expected {
		r.expected[o.uid] = o
	}
	return r
}

// take compares an arrival with what was sent and keeps only the differences.
func (r *retrieval) take(uid string, ts dataset.TransferSyntax, data []byte) {
	a := &arrived{}
	if o, ok := r.expected[uid]; ok {
		a.differences, a.broken = compare(o, ts, data)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.total++
	if r.ended {
		// The answer to this image had not been sent when the final response
		// came, which must wait for it (PS3.4 C.4.2.3.1).
		r.late++
	}
	if before := r.arrived[uid]; before != nil {
		before.times++
		before.differences = append(before.differences, a.differences...)
	} else {
		a.times = 1
		r.arrived[uid] = a
	}
}

func compare(o object, ts dataset.TransferSyntax, data []byte) ([]dataset.Difference, string) {
	got, err := dataset.Parse(data, ts, dataset.Limits{})
	if err != nil {
		return nil, "it can't be read: " + err.Error()
	}
	want, err := o.again()
	if err != nil {
		return nil, "it can't be made again: " + err.Error()
	}
	return dataset.Compare(want, got, dataset.CompareOptions{}), ""
}

// mover is how a retrieval is to be done, where not as usual.
type mover struct {
	method      string // C-MOVE or C-GET
	model       string // without -MOVE or -GET: "STUDY" or "PATIENT" root; "" = study root
	destination string // "" = the harness
	encoding    dataset.TransferSyntax
	maxPDU      uint32
	withoutRole bool
	refuse      string // SOP Instance UID that is answered with out of resources
	cancel      bool   // at the first arrival
}

// retrieve asks for objects and waits for the final response, keeping all as
// the scenario's last retrieval.
func (w *World) retrieve(ctx context.Context, t *Target, m mover, id *dataset.Set, expected []object) error {
	r := newRetrieval(expected)
	w.endRetrieval()
	w.retrieval = r
	return w.retrieveInto(ctx, t, m, id, r)
}

// endRetrieval closes the claims of the retrieval before: what still comes of it
// is late, and no later retrieval's.
func (w *World) endRetrieval() {
	w.mu.Lock()
	claims := w.claims
	w.claims = nil
	w.mu.Unlock()
	for _, c := range claims {
		c.Close()
	}
}

func (w *World) retrieveInto(ctx context.Context, t *Target, m mover, id *dataset.Set, r *retrieval) error {
	if err := t.ownToRetrieve(id); err != nil {
		return err
	}
	if m.method == "C-GET" {
		return w.get(ctx, t, m, id, r)
	}
	return w.move(ctx, t, m, id, r)
}

// scope is what may be routed to a retrieval: every study of the scenario, so
// that what comes without having been asked for is noticed where it belongs.
func (w *World) scope(expected map[string]object) (uids, studies []string) {
	for uid := range expected {
		uids = append(uids, uid)
	}
	for _, s := range w.studies {
		if s.made != nil {
			studies = append(studies, s.made.StudyInstanceUID)
		}
	}
	slices.Sort(uids)
	return uids, studies
}

func (w *World) move(ctx context.Context, t *Target, m mover, id *dataset.Set, r *retrieval) error {
	uids, studies := w.scope(r.expected)
	canceller := newCanceller(m.cancel, t.limits.Grace)
	limit, extend, cancel := extendable(ctx, t.limits.Response)
	defer cancel()
	claim, err := w.env.Inbox.Expect(ctx, inbox.Expectation{
		Cell: w.rec.cell, Scenario: w.rec.scenario, Attempt: w.rec.attempt,
		SOPInstanceUIDs: uids, StudyInstanceUIDs: studies,
		On: func(ctx context.Context, a inbox.Arrival) dimse.Status {
			extend() // pending responses are optional (PS3.4 C.4.2.3.1): this is a sign of life too
			defer extend()
			r.originatorSeen(a, w.env.Inbox.AETitle())
			if a.SOPInstanceUID == m.refuse {
				return dimse.StatusOutOfResources
			}
			r.take(a.SOPInstanceUID, a.TransferSyntax, a.DataSet)
			canceller.withhold(ctx)
			return dimse.StatusSuccess
		},
	})
	if err != nil {
		return failure(ctx, "", "preparing to receive", err)
	}
	r.claims = append(r.claims, claim)
	w.claimed(claim)
	model := dimse.StudyRootMove
	if m.model == "PATIENT" {
		model = dimse.PatientRootMove
	}
	client, err := t.dial(ctx, w, query, offerFind(model))
	if err != nil {
		return err
	}
	defer release(ctx, client)
	if err := t.turn(ctx); err != nil {
		return err
	}
	destination := m.destination
	if destination == "" {
		destination = w.env.Inbox.AETitle()
	}
	done := w.rec.Intent("C-MOVE", t.Name, fmt.Sprintf("%d images", len(r.expected)))
	extend()
	rq := scu.RetrieveRequest{
		SOPClassUID: model, Destination: destination, Identifier: id,
		OnPending: func(scu.Progress) { extend() },
		Cancel:    canceller.now, CancelSent: canceller.sent,
	}
	rsp, _, err := client.Move(limit, rq)
	r.cancelling, r.cancelled = m.cancel, canceller.wasSent()
	if err != nil {
		done(rundir.Observation{})
		return failure(limit, t.Name, "retrieving by C-MOVE", err)
	}
	w.ended(r, done, dimse.CommandCMoveRSP, rsp.Status, rsp.NumberOfCompletedSuboperations, rsp.NumberOfFailedSuboperations, rsp.NumberOfWarningSuboperations)
	return nil
}

func (w *World) ended(r *retrieval, done func(rundir.Observation), command dimse.CommandField, status dimse.Status, completed, failed, warning *uint16) {
	count := func(n *uint16) int {
		if n == nil {
			return -1
		}
		return int(*n)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.status, r.ended, r.over = status, true, time.Now()
	r.last = progress{count(completed), count(failed), count(warning)}
	done(rundir.Observation{Status: status.Describe(command), Count: int64(max(0, r.last.completed))})
}

// originatorSeen notes an arrival whose Move Originator is somebody else.
func (r *retrieval) originatorSeen(a inbox.Arrival, ours string) {
	if a.MoveOriginatorAETitle != "" && a.MoveOriginatorAETitle != ours {
		r.mu.Lock()
		r.foreign++
		r.mu.Unlock()
	}
}

func (w *World) get(ctx context.Context, t *Target, m mover, id *dataset.Set, r *retrieval) error {
	model := dimse.StudyRootGet
	if m.model == "PATIENT" {
		model = dimse.PatientRootGet
	}
	c := offerFind(model)
	c.MaxPDULength = m.maxPDU
	var classes []string
	for _, o := range r.expected {
		if !slices.Contains(classes, o.class) {
			classes = append(classes, o.class)
		}
	}
	slices.Sort(classes)
	for _, class := range classes {
		// A context for each encoding: a system then sends what it keeps
		// without changing it.
		for _, ts := range encodings(m.encoding) {
			c.Contexts = append(c.Contexts, ul.ProposedContext{AbstractSyntax: class, TransferSyntaxes: []string{string(ts)}})
		}
		if !m.withoutRole {
			c.Roles = append(c.Roles, pdu.RoleSelection{SOPClassUID: class, SCU: false, SCP: true})
		}
	}
	packets := &packetMeter{}
	c.Trace = packets.see
	client, err := t.dial(ctx, w, query, c)
	if err != nil {
		return err
	}
	defer release(ctx, client)
	if err := t.turn(ctx); err != nil {
		return err
	}
	canceller := newCanceller(m.cancel, t.limits.Grace)
	done := w.rec.Intent("C-GET", t.Name, fmt.Sprintf("%d images", len(r.expected)))
	limit, extend, cancel := extendable(ctx, t.limits.Response)
	defer cancel()
	rq := scu.RetrieveRequest{
		SOPClassUID: model, Identifier: id, OnPending: func(scu.Progress) { extend() },
		Cancel: canceller.now, CancelSent: canceller.sent,
	}
	rsp, _, err := client.Get(limit, rq, func(ctx context.Context, s *scu.SubOperation) dimse.Status {
		extend()
		data, err := io.ReadAll(io.LimitReader(s.Data, maxRetrievedBytes+1))
		if err != nil || len(data) > maxRetrievedBytes {
			return dimse.StatusOutOfResources
		}
		r.take(s.Request.AffectedSOPInstanceUID, dataset.TransferSyntax(s.Context.TransferSyntax), data)
		canceller.withhold(ctx)
		extend()
		return dimse.StatusSuccess
	})
	r.cancelling, r.cancelled = m.cancel, canceller.wasSent()
	packets.into(&w.negotiation, m.maxPDU)
	var no *scu.NoContextError
	if errors.As(err, &no) {
		done(rundir.Observation{Detail: "the system accepted no presentation context for C-GET"})
		return failure(limit, t.Name, "retrieving by C-GET", err)
	}
	if err != nil {
		done(rundir.Observation{})
		return failure(limit, t.Name, "retrieving by C-GET", err)
	}
	w.ended(r, done, dimse.CommandCGetRSP, rsp.Status, rsp.NumberOfCompletedSuboperations, rsp.NumberOfFailedSuboperations, rsp.NumberOfWarningSuboperations)
	return nil
}

// maxRetrievedBytes bounds one image that is retrieved by C-GET.
const maxRetrievedBytes = 1 << 30

func encodings(only dataset.TransferSyntax) []dataset.TransferSyntax {
	if only != "" {
		return []dataset.TransferSyntax{only}
	}
	return []dataset.TransferSyntax{dataset.ExplicitVRLittleEndian, dataset.ImplicitVRLittleEndian}
}

// studyLevel asks for whole studies.
func studyLevel(uids ...string) *dataset.Set {
	id := identifier("STUDY")
	id.PutString(dataset.StudyInstanceUID, uids...)
	return id
}

func (w *World) retrieveStudy(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: a.Text(0)})
}

func (w *World) retrieveOneStudy(ctx context.Context, a vocab.Args) error {
	s, err := w.nth(a.Ordinal(0))
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: a.Text(1)})
}

func (w *World) retrieveWhole(ctx context.Context, t *Target, s *study, m mover) error {
	expected, err := w.objects(s)
	if err != nil {
		return err
	}
	return w.retrieve(ctx, t, m, studyLevel(s.made.StudyInstanceUID), expected)
}

func (w *World) retrieveSeries(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	all, err := w.objects(s)
	if err != nil {
		return err
	}
	series := s.made.SeriesInstanceUIDs()
	n := a.Ordinal(0)
	if n >= len(series) {
		return &Error{Cause: rundir.CauseEngine, Doing: "retrieving", Err: fmt.Errorf("the study has %d series, not %d", len(series), n+1)}
	}
	expected := slices.DeleteFunc(all, func(o object) bool { return o.series != series[n] })
	id := identifier("SERIES")
	id.PutString(dataset.StudyInstanceUID, s.made.StudyInstanceUID)
	id.PutString(dataset.SeriesInstanceUID, series[n])
	return w.retrieve(ctx, w.env.System, mover{method: a.Text(1)}, id, expected)
}

func (w *World) retrieveImage(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	all, err := w.objects(s)
	if err != nil {
		return err
	}
	o, err := nthObject(all, a.Ordinal(0))
	if err != nil {
		return err
	}
	id := identifier("IMAGE")
	id.PutString(dataset.StudyInstanceUID, s.made.StudyInstanceUID)
	id.PutString(dataset.SeriesInstanceUID, o.series)
	id.PutString(dataset.SOPInstanceUID, o.uid)
	return w.retrieve(ctx, w.env.System, mover{method: a.Text(1)}, id, []object{o})
}

func nthObject(all []object, n int) (object, error) {
	if n >= len(all) {
		return object{}, flow("the system accepted %d images, so there is no image %d to ask for", len(all), n+1)
	}
	return all[n], nil
}

func (w *World) retrievePatient(ctx context.Context, a vocab.Args) error {
	var expected []object
	for _, s := range w.studies {
		objects, err := w.objects(s)
		if err != nil {
			return err
		}
		expected = append(expected, objects...)
	}
	id := identifier("PATIENT")
	id.PutString(dataset.PatientID, w.patientID())
	return w.retrieve(ctx, w.env.System, mover{method: a.Text(0), model: "PATIENT"}, id, expected)
}

func (w *World) retrieveList(ctx context.Context, a vocab.Args) error {
	first, err := w.firstStudies(a.Int(0))
	if err != nil {
		return err
	}
	var expected []object
	for _, s := range first {
		objects, err := w.objects(s)
		if err != nil {
			return err
		}
		expected = append(expected, objects...)
	}
	uids, err := w.studyUIDs(first)
	if err != nil {
		return err
	}
	return w.retrieve(ctx, w.env.System, mover{method: a.Text(1)}, studyLevel(uids...), expected)
}

func (w *World) retrieveEncoded(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: "C-GET", encoding: encoding(a.Text(0))})
}

// smallPacket is the maximum length announced where a scenario asks for small
// packets: 4 KiB, the smallest that PS3.8 D.1 speaks of.
const smallPacket = 4096

func (w *World) retrieveSmallPackets(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: "C-GET", maxPDU: smallPacket})
}

func (w *World) retrieveWithoutRole(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: "C-GET", withoutRole: true})
}

func (w *World) retrieveRefusing(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	all, err := w.objects(s)
	if err != nil {
		return err
	}
	o, err := nthObject(all, a.Ordinal(0))
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: "C-MOVE", refuse: o.uid})
}

func (w *World) retrieveUnknownDestination(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: "C-MOVE", destination: w.unknownAETitle()})
}

func (w *World) retrieveNothing(ctx context.Context, a vocab.Args) error {
	return w.retrieve(ctx, w.env.System, mover{method: a.Text(0)}, studyLevel(w.nobodysUID()), nil)
}

func (w *World) retrieveCancelled(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	return w.retrieveWhole(ctx, w.env.System, s, mover{method: a.Text(0), cancel: true})
}

// retrieveParallel moves every study over an association of its own, at the
// same time, into one retrieval.
func (w *World) retrieveParallel(ctx context.Context, _ vocab.Args) error {
	var expected []object
	for _, s := range w.studies {
		objects, err := w.objects(s)
		if err != nil {
			return err
		}
		expected = append(expected, objects...)
	}
	w.endRetrieval()
	together := newRetrieval(expected)
	w.retrieval = together
	parts := make([]*retrieval, len(w.studies))
	for i, s := range w.studies {
		parts[i] = newRetrieval(slices.DeleteFunc(slices.Clone(expected), func(o object) bool { return o.study != s }))
	}
	errs := atOnce(len(parts), func(i int) error {
		return w.retrieveInto(ctx, w.env.System, mover{method: "C-MOVE"}, studyLevel(w.studies[i].made.StudyInstanceUID), parts[i])
	})
	together.parts = parts
	together.ended = len(parts) > 0
	for _, p := range parts {
		together.claims = append(together.claims, p.claims...)
		if p.status != dimse.StatusSuccess {
			together.status = p.status
		}
		together.ended = together.ended && p.ended
		if p.over.After(together.over) {
			together.over = p.over
		}
	}
	return decisive(errs)
}
