package steps

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

// desk is a recorder with the directory that it writes to.
type desk struct {
	*testing.T
	dir     *rundir.Dir
	stream  *rundir.Stream
	objects *rundir.Objects
	rec     *Recorder
}

func newDesk(t *testing.T, ctx context.Context) *desk {
	t.Helper()
	dir, err := rundir.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	stream, err := dir.Stream("here", "bk.echo", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	objects, err := dir.Objects("here")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = stream.Close(), objects.Close() })
	return &desk{t, dir, stream, objects, NewRecorder(ctx, stream, objects, rundir.NewFence(nil), &Answered{}, "bk.echo", "echo:1", 1)}
}

func (d *desk) records() []rundir.Record {
	d.Helper()
	var all []rundir.Record
	if err := d.dir.Records("here", func(_ string, r *rundir.Record) error { all = append(all, *r); return nil }); err != nil {
		d.Error(err)
	}
	return all
}

func (d *desk) checks() map[string]*rundir.Check {
	checks := map[string]*rundir.Check{}
	for _, r := range d.records() {
		if r.Check != nil {
			checks[r.Check.Name] = r.Check
		}
	}
	return checks
}

func (d *desk) world() *World {
	return &World{rec: d.rec, env: &Env{System: &Target{Name: "bk", limits: Limits{Poll: time.Second, Kept: 5 * time.Second}}}}
}

var holding = rundir.Check{Name: "a", Comparator: rundir.Equal, Limit: rundir.Number(1), Observed: rundir.Number(1), N: 1}

func TestNothingIsRecordedAfterTheEnd(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.Context())
	for _, err := range []error{d.rec.Begin(), d.rec.End(0, 0, "")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	d.rec.Check(holding)
	d.rec.Intent("C-STORE", "bk", "")(rundir.Observation{})
	if err := d.rec.Sending(rundir.Object{}); err == nil {
		t.Error("an object may be sent after the end")
	}
	if n := len(d.records()); n != 2 {
		t.Errorf("%d records", n)
	}
}

func TestNoChecksOnceTheRunHasEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	d := newDesk(t, ctx)
	d.rec.Check(holding)
	cancel()
	d.rec.Check(holding)
	d.rec.Observe(rundir.Observation{Operation: "C-ECHO"}) // evidence is not lost
	if err := d.rec.End(0, 0, ""); err != nil {
		t.Fatal(err)
	}
	checks, observations, end := 0, 0, ""
	for _, r := range d.records() {
		switch {
		case r.Check != nil:
			checks++
		case r.Observation != nil:
			observations++
		case r.End != nil:
			end = r.End.Error
		}
	}
	if checks != 1 || observations != 1 || end == "" {
		t.Errorf("%d checks, %d observations, end %q", checks, observations, end)
	}
}

func TestTheFirstErrorOfWritingSticks(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.Context())
	if err := d.stream.Close(); err != nil { // as a full disk, it takes no more
		t.Fatal(err)
	}
	d.rec.Check(holding)
	var known *Error
	for what, err := range map[string]error{
		"Err": d.rec.Err(), "End": d.rec.End(0, 0, ""), "Sending": d.rec.Sending(rundir.Object{}), "StepEnded": d.rec.StepEnded(0, nil),
	} {
		if !errors.As(err, &known) || known.Cause != rundir.CauseLocal {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// A Then that has nothing to look at is an error, never a check that holds.
func TestNoEvidenceNoCheck(t *testing.T) {
	t.Parallel()
	second := vocab.Args{time.Second}
	for name, test := range map[string]struct {
		before func(*World)
		then   handler
		args   vocab.Args
	}{
		"echo":                      {nil, (*World).echoAnswered, second},
		"echo after associations":   {func(w *World) { w.echo.associations = 3 }, (*World).echoAnswered, second},
		"echo that got no answer":   {func(w *World) { w.echo.asked, w.echo.successes = 2, 1 }, (*World).echoAnswered, second},
		"every echo":                {nil, (*World).echoEvery, nil},
		"implementation after echo": {func(w *World) { w.echo.asked = 3 }, (*World).implementationSame, nil},
		"rejection":                 {nil, refusedFor("nothing", 1, 3), nil},
		"contexts":                  {nil, (*World).contextsAnswered, nil},
		"release after a rejection": {func(w *World) { w.negotiation.requested = true }, (*World).releaseConfirmed, second},
		"contexts after packets":    {func(w *World) { (&packetMeter{n: 1}).into(&w.negotiation, 0) }, (*World).contextsAnswered, nil},
		"packets":                   {func(w *World) { w.negotiation.requested = true }, (*World).packetsAgreed, nil},
		"usable":                    {nil, (*World).stillUsable, nil},
		"many":                      {nil, (*World).eachAnswers, nil},
		"answers":                   {nil, (*World).answersCount, vocab.Args{0}},
		"no answers":                {nil, (*World).answersNothing, nil},
		"own answers":               {nil, (*World).ownAnswers, nil},
		"stored":                    {nil, (*World).storeNamed, nil},
		"stored quickly":            {nil, (*World).storeQuick, second},
		"no warning":                {nil, (*World).storeNoWarning, nil},
		"retrieved":                 {nil, (*World).retrieveSuccess, nil},
		"nothing arrived":           {nil, (*World).arrivedNothing, nil},
		"retrieved half":            {func(w *World) { w.retrieval = newRetrieval(nil) }, (*World).arrivedNothing, nil},
		"cancelled":                 {func(w *World) { w.retrieval = &retrieval{ended: true, status: dimse.StatusCancel} }, (*World).retrieveEndsCancelled, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, t.Context())
			w := d.world()
			if test.before != nil {
				test.before(w)
			}
			if err := test.then(w, t.Context(), test.args); err == nil {
				t.Error("went on")
			}
			if checks := d.checks(); len(checks) > 0 {
				t.Errorf("checked %v", checks)
			}
		})
	}
}

// A list without members gives checks without samples, which judge takes for no
// evidence.
func TestEmptyListsHaveNoSamples(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.Context())
	w := d.world()
	w.question = &question{key: dataset.StudyInstanceUID}
	w.retrieval = newRetrieval(nil)
	w.retrieval.ended = true
	w.checkKeys("bk", "studies", nil, nil)
	for _, err := range []error{
		w.answersImages(t.Context(), nil), w.arrivedExactly(t.Context(), nil), w.arrivedIdentical(t.Context(), nil), w.retrieveOriginator(t.Context(), nil),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	checks := d.checks()
	if len(checks) < 9 {
		t.Errorf("only %d checks", len(checks))
	}
	for name, c := range checks {
		if c.N != 0 {
			t.Errorf("%s has %d samples", name, c.N)
		}
	}
}

func TestLimitsLeaveCensoredChecks(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t, t.Context())
		w := d.world()
		n, took, err := w.poll(t.Context(), 2, 2500*time.Millisecond, func() (int, error) { return 1, nil })
		if n != 1 || took != 2500*time.Millisecond || err != nil {
			t.Errorf("%d after %s: %v", n, took, err)
		}
		w.checkCensored("late", "bk", 2500*time.Millisecond, took, "")
		w.negotiation = negotiation{released: true, releaseLimit: true, releaseError: errSilent, releaseTook: 3 * time.Second}
		if err := w.releaseConfirmed(t.Context(), vocab.Args{time.Second}); err != nil {
			t.Error(err)
		}
		for name, at := range map[string]float64{"late": 2.5, "association.release-duration": 3} {
			if c := d.checks()[name]; c == nil || c.CensoredAt == nil || *c.CensoredAt != at {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if n, took, _ := w.poll(t.Context(), 2, time.Hour, func() (int, error) { return 3, nil }); n != 3 || took != 0 {
			t.Errorf("%d after %s, though more than wanted was there at once", n, took)
		}
	})
}

func TestCounted(t *testing.T) {
	t.Parallel()
	sent := func(uid string) bool { return strings.HasPrefix(uid, "own") }
	for _, test := range []struct {
		name   string
		listed string
		want   int
		got    int
	}{
		{"all", "own1 own2", 2, 2}, {"none", "", 2, 0}, {"one lost", "own1", 2, 1},
		{"one lost, one twice", "own1 own1", 2, 1}, {"one lost, one foreign", "own1 other", 2, 1},
		{"one too many", "own1 own2 other", 2, 3}, {"one twice", "own1 own2 own2", 2, 3}, {"none wanted", "other", 0, 1},
	} {
		if got := counted(strings.Fields(test.listed), sent, test.want); got != test.got {
			t.Errorf("%s: %d, want %d", test.name, got, test.got)
		}
	}
}

func TestLanded(t *testing.T) {
	t.Parallel()
	a, b, c := object{uid: "a"}, object{uid: "b"}, object{uid: "c"}
	r := newRetrieval([]object{a, b, c})
	one, two := newRetrieval([]object{a, b}), newRetrieval([]object{c})
	r.parts = []*retrieval{one, two}
	came := func(p *retrieval, uid string) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.total++
		if p.arrived[uid] == nil {
			p.arrived[uid] = &arrived{}
		}
		p.arrived[uid].times++
	}
	came(one, "a")
	came(two, "a") // the same image with another part is one too many
	came(two, "x")
	two.late, two.foreign = 1, 2
	l := r.landed()
	if l.missing != 2 || l.unasked != 1 || l.doubled != 1 || l.total != 3 || l.late != 1 || l.foreign != 2 {
		t.Errorf("%+v", l)
	}
}

func TestWhatComesAfterTheFinalResponseIsLate(t *testing.T) {
	t.Parallel()
	r := newRetrieval(nil)
	r.take("a", dataset.ImplicitVRLittleEndian, nil)
	r.ended = true
	r.take("a", dataset.ImplicitVRLittleEndian, nil)
	if l := r.landed(); l.late != 1 || l.doubled != 1 || l.unasked != 1 || l.total != 2 {
		t.Errorf("%+v", l)
	}
}

func TestPacketMeter(t *testing.T) {
	t.Parallel()
	p := &packetMeter{}
	for _, e := range []ul.TraceEvent{
		{PDU: []byte{byte(pdu.TypePDataTF), 0}, FullLength: 106},
		{PDU: []byte{byte(pdu.TypePDataTF), 0}, FullLength: 56},
		{PDU: []byte{byte(pdu.TypePDataTF), 0}, FullLength: 5006, Sent: true},
		{PDU: []byte{byte(pdu.TypeAssociateAC), 0}, FullLength: 5006},
		{},
	} {
		p.see(e)
	}
	var n negotiation
	p.into(&n, 0)
	if n.packets != 2 || n.largestPacket != 100 || n.agreedPacket != int64(ul.DefaultMaxPDULength) {
		t.Errorf("%+v", n)
	}
	if p.into(&n, 4096); n.agreedPacket != 4096 {
		t.Errorf("agreed %d", n.agreedPacket)
	}
}

func TestCanceller(t *testing.T) {
	t.Parallel()
	const grace = 300 * time.Millisecond
	for _, test := range []struct {
		name   string
		wanted bool
		sent   bool
		end    bool // the association ends
		took   time.Duration
	}{
		{"no cancel", false, false, false, 0},
		{"sent", true, true, false, time.Second + grace},
		{"never sent", true, false, false, grace + cancelPatience},
		{"association ends", true, false, true, 2 * time.Second},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newCanceller(test.wanted, grace)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if test.end {
					time.AfterFunc(2*time.Second, cancel)
				}
				if test.sent {
					go func() {
						<-c.now
						time.Sleep(time.Second)
						c.sent()
					}()
				}
				start := time.Now()
				c.withhold(ctx)
				if took := time.Since(start); took != test.took {
					t.Errorf("withheld for %s, want %s", took, test.took)
				}
				start = time.Now()
				if c.withhold(ctx); time.Since(start) != 0 {
					t.Error("the second answer was withheld too")
				}
				if c.wasSent() != test.sent {
					t.Errorf("sent: %t", c.wasSent())
				}
			})
		})
	}
}

func TestEverySignOfLifeMovesTheLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		limit, extend, cancel := extendable(t.Context(), time.Minute)
		defer cancel()
		start := time.Now()
		for range 3 {
			time.Sleep(50 * time.Second)
			extend()
		}
		<-limit.Done()
		if took := time.Since(start); took != 210*time.Second || !errors.Is(context.Cause(limit), errSilent) {
			t.Errorf("ended after %s: %v", took, context.Cause(limit))
		}
		over, extend, cancel := extendable(t.Context(), time.Minute)
		cancel()
		extend() // a late sign of life does no harm
		if errors.Is(context.Cause(over), errSilent) {
			t.Error("ended as silent")
		}
	})
}

func TestSameText(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		tag       dataset.Tag
		want, got string
		same      bool
	}{
		{dataset.StudyTime, "101500", "101500.000000", true},
		{dataset.StudyTime, "101500.25", "101500.250", false},
		{dataset.StudyTime, "101500", "101500.5", false},
		{dataset.StudyTime, "101500.1", "101500.9", false},
		{dataset.StudyTime, "101500", "101501", false},
		{dataset.PatientName, "A^B", "A^B^^^", true},
		{dataset.PatientName, "A^B=C", "A^B=C=", true},
		{dataset.PatientName, "A^B=C", "A^B", false},
		{dataset.PatientName, "A^B", "A^b", false},
		{dataset.StudyDescription, "CT", "CT ", false},
		{dataset.StudyDate, "20260101", "20260101", true},
	} {
		if got := sameText(test.tag, test.want, test.got); got != test.same {
			t.Errorf("%s %q %q: %t", test.tag.Keyword(), test.want, test.got, got)
		}
	}
}

func TestStudiesOfOnePatientStayOnes(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.Context())
	w := d.world()
	w.env.AsOf = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	w.identity = synth.NewIdentity("00", "bk.echo", "echo:1", 1, synth.Fence{}.WithDefaults())
	for _, err := range []error{
		w.studiesOfOnePatient(t.Context(), vocab.Args{2, "CT chest", 1}),
		w.studyMade(t.Context(), vocab.Args{"MR knee", 1}),
		w.studyScript(t.Context(), vocab.Args{"Tamil (UTF-8)"}),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	id := func(i int) string { return w.studies[i].request.Patient.ID }
	if id(0) != id(1) || id(1) == id(2) {
		t.Errorf("patients %q, %q, %q", id(0), id(1), id(2))
	}
}

func TestEncodingsAndAccessionsThatCannotBe(t *testing.T) {
	t.Parallel()
	d := newDesk(t, t.Context())
	w := d.world()
	w.env.AsOf = time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
	w.identity = synth.NewIdentity("00", "bk.echo", "echo:1", 1, synth.Fence{}.WithDefaults())
	if err := w.studyMade(t.Context(), vocab.Args{"MR knee", 1}); err != nil {
		t.Fatal(err)
	}
	if err := w.studiesAccessions(t.Context(), vocab.Args{"12345", "1", "2"}); err == nil {
		t.Error("an accession number longer than its stem leaves room for")
	}
	if _, err := w.use(w.studies[0]); err != nil {
		t.Fatal(err)
	}
	if err := w.studySentEncoded(t.Context(), vocab.Args{"Implicit VR Little Endian"}); err == nil {
		t.Error("sent in another encoding than it was made in")
	}
	if err := w.studySentParallel(t.Context(), vocab.Args{0}); err == nil {
		t.Error("sent over no association")
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		written, realistic int
		volume             float64
		want               int
	}{
		{5, 1000, 0.01, 5}, {vocab.Realistic, 1000, 1, 1000}, {vocab.Realistic, 1000, 0.0001, 1},
		{vocab.Realistic, 3, 0.5, 2}, {vocab.Realistic, 100, 2.5, 250},
	} {
		if got := vocab.Images(test.written, test.realistic, test.volume); got != test.want {
			t.Errorf("%+v: %d", test, got)
		}
	}
}
