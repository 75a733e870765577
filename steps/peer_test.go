package steps_test

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/inbox"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/steps"
)

// peer is a simulated system with all that a scenario is given.
type peer struct {
	*testing.T
	ctx       context.Context
	cluster   *sim.Cluster
	box       *inbox.Inbox
	dir       *rundir.Dir
	streams   []*rundir.Stream
	objects   *rundir.Objects
	fence     *rundir.Fence
	answered  steps.Answered
	library   *steps.Library
	simulated bool
}

func start(t *testing.T, o sim.Options) *peer {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 20*time.Second)
	t.Cleanup(cancel)
	live := false
	ep := &enterprise.DICOMEndpoint{AETitle: "BK", Host: "127.0.0.1", Port: 20001}
	o.Enterprise = &enterprise.Enterprise{
		Name: "test", Harness: enterprise.Harness{AETitle: "PACSUAT", Listen: "127.0.0.1:0"},
		Sites: []enterprise.Site{{Name: "north", Kind: enterprise.MajorHospital, TimeZone: "UTC"}},
		Systems: []enterprise.System{{Name: "bk", Site: "north", Role: enterprise.BK, Live: &live,
			Endpoints: enterprise.Endpoints{Store: ep, QueryRetrieve: ep}, Budget: enterprise.Budget{MaxAssociations: 5}}},
	}
	o.Enterprise.ApplyDefaults()
	o.FreePorts, o.Dir = true, t.TempDir()
	cluster, err := sim.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cluster.Close() })
	p := &peer{T: t, ctx: ctx, cluster: cluster, fence: rundir.NewFence(nil), simulated: true}
	if p.dir, err = rundir.Create(t.TempDir() + "/run"); err != nil {
		t.Fatal(err)
	}
	if p.objects, err = p.dir.Objects("here"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.objects.Close()
		for _, s := range p.streams {
			_ = s.Close()
		}
	})
	p.box, err = inbox.Listen(ctx, inbox.Config{AETitle: "PACSUAT", Listen: "127.0.0.1:0", Log: p.stream("inbox"), Fence: p.fence})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.box.Close(ctx, time.Millisecond, false) })
	cluster.SetHarness(p.box.Addr().String())
	if p.library, err = steps.NewLibrary(vocab.Default()); err != nil {
		t.Fatal(err)
	}
	return p
}

func (p *peer) stream(name string) *rundir.Stream {
	p.Helper()
	s, err := p.dir.Stream("here", name, time.Now())
	if err != nil {
		p.Fatal(err)
	}
	p.streams = append(p.streams, s)
	return s
}

// world of a scenario whose evidence goes to a file of that name. The scenario
// is always the same, so that two worlds make the same identities.
func (p *peer) world(name string) *steps.World {
	p.Helper()
	e := p.cluster.Enterprise()
	limits := steps.DefaultLimits
	limits.Quiet, limits.Poll, limits.Kept = 5*time.Millisecond, 5*time.Millisecond, time.Second
	target, err := steps.NewTarget(e, "bk", steps.NewBudgets(e), p.fence, limits, p.simulated)
	if err != nil {
		p.Fatal(err)
	}
	env := &steps.Env{
		Subject: rundir.Subject{Name: "bk", Kind: rundir.SubjectSystem}, Cell: "bk.x", System: target, Enterprise: e, Inbox: p.box,
		Nonce: "00", Seed: 1, AsOf: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), Volume: 1, MaxMatrix: 64, Limits: limits,
	}
	rec := steps.NewRecorder(p.ctx, p.stream(name), p.objects, p.fence, &p.answered, "bk.x", "x:1", 1)
	return steps.NewWorld(env, rec, "x:1", 1)
}

// perform returns the error of the first step that has one.
func (p *peer) perform(w *steps.World, texts ...string) error {
	for _, text := range texts {
		if err := p.library.Perform(p.ctx, w, text); err != nil {
			return err
		}
	}
	return nil
}

func (p *peer) records(stream string) (all []rundir.Record) {
	p.Helper()
	err := p.dir.Records("here", func(name string, r *rundir.Record) error {
		if name == stream {
			all = append(all, *r)
		}
		return nil
	})
	if err != nil {
		p.Error(err)
	}
	return all
}

// broken names the checks that did not hold.
func (p *peer) broken(stream string) (names []string, checks int) {
	for _, r := range p.records(stream) {
		if r.Check == nil {
			continue
		}
		checks++
		if ok, err := r.Check.Holds(); err != nil || !ok {
			names = append(names, r.Check.Name)
		}
	}
	return names, checks
}

const (
	made     = `a synthetic "MR knee" study of 2 images for a new patient`
	sent     = "the study is sent to the system under test"
	moved    = "the study is retrieved by C-MOVE"
	arrived  = "everything that was asked for arrives exactly once and nothing else"
	unknown  = "an association is requested under a calling AE title that the system does not know"
	refused  = "the request is refused because of the calling AE title"
	accepted = "an association offers Verification in Implicit VR Little Endian only"
)

// An answer to an earlier request is none to a later one.
func TestAnEarlierRejectionProvesNothing(t *testing.T) {
	t.Parallel()
	p := start(t, sim.Options{})
	w := p.world("x")
	defer w.Close(p.ctx)
	if err := p.perform(w, unknown, refused, accepted, refused); err != nil {
		t.Fatal(err)
	}
	if names, n := p.broken("x"); n != 2 || !slices.Equal(names, []string{"association.rejection"}) {
		t.Errorf("%d checks, broken: %v", n, names)
	}
}

// Identities that the system has already are not sent, and the scenario is red.
func TestWhatIsThereAlreadyIsNotSent(t *testing.T) {
	t.Parallel()
	p := start(t, sim.Options{})
	first := p.world("first")
	defer first.Close(p.ctx)
	if err := p.perform(first, made, sent); err != nil {
		t.Fatal(err)
	}
	second := p.world("second") // the same identities
	defer second.Close(p.ctx)
	err := p.perform(second, made, sent)
	var known *steps.Error
	if !errors.As(err, &known) || known.Cause != rundir.CauseFlow {
		t.Errorf("went on: %v", err)
	}
	if names, _ := p.broken("second"); !slices.Equal(names, []string{"study.absent-before"}) {
		t.Errorf("broken: %v", names)
	}
	for _, r := range p.records("second") {
		if r.Intent != nil && r.Intent.Operation == "C-STORE" {
			t.Error("it was sent")
		}
	}
}

// The end of a scenario ends its claims: what comes from then on is late.
func TestTheEndOfAScenarioEndsItsClaims(t *testing.T) {
	t.Parallel()
	p := start(t, sim.Options{})
	w := p.world("x")
	if err := p.perform(w, made, sent, moved, arrived); err != nil {
		t.Fatal(err)
	}
	if names, _ := p.broken("x"); len(names) > 0 {
		t.Fatalf("broken: %v", names)
	}
	var uid string
	for _, r := range p.records("inbox") {
		uid = r.Arrival.SOPInstanceUID
	}
	before := len(p.records("inbox"))
	w.Close(p.ctx)
	w.Close(p.ctx) // twice does no harm
	c, err := scu.Dial(p.ctx, p.box.Addr().String(), ul.RequestorConfig{
		CallingAETitle: "BK", CalledAETitle: "PACSUAT",
		Contexts: []ul.ProposedContext{{AbstractSyntax: dimse.MRImageStorage, TransferSyntaxes: []string{string(dataset.ImplicitVRLittleEndian)}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	s := dataset.New()
	s.PutString(dataset.SOPInstanceUID, uid)
	data, err := s.Append(nil, dataset.ImplicitVRLittleEndian)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Store(p.ctx, scu.StoreRequest{SOPClassUID: dimse.MRImageStorage, SOPInstanceUID: uid, TransferSyntax: dataset.ImplicitVRLittleEndian, DataSet: [][]byte{data}}); err != nil {
		t.Fatal(err)
	}
	after := p.records("inbox")[before:]
	if len(after) != 1 || !after[0].Arrival.Late || after[0].Scenario != "x:1" {
		t.Errorf("%+v", after)
	}
}

// A cancel leaves its evidence: FE00, and no more images than the one withheld.
func TestACancelledRetrieval(t *testing.T) {
	t.Parallel()
	for _, method := range []string{"C-MOVE", "C-GET"} {
		p := start(t, sim.Options{})
		w := p.world("x")
		if err := p.perform(w, strings.Replace(made, "2 images", "5 images", 1), sent,
			"the retrieval of the study by "+method+" is cancelled at the first image", "the retrieval ends as cancelled", "no more than 2 images arrive"); err != nil {
			t.Fatalf("%s: %v", method, err)
		}
		if names, n := p.broken("x"); len(names) > 0 || n < 3 {
			t.Errorf("%s: %d checks, broken: %v", method, n, names)
		}
		w.Close(p.ctx)
	}
}

// What a system answers about others is counted, and its values are kept
// nowhere; where it is not simulated it is not even asked for.
func TestForeignAnswersAreCountedNotKept(t *testing.T) {
	t.Parallel()
	p := start(t, sim.Options{RealPatients: 5})
	const everything, each = "the system is asked for everything that it has", "each answer names the modalities of the study"
	w := p.world("x")
	defer w.Close(p.ctx)
	if err := p.perform(w, made, everything, each); err != nil {
		t.Fatal(err)
	}
	answers, samples := int64(0), int64(-1)
	for _, r := range p.records("x") {
		if r.Observation != nil && r.Observation.Operation == "C-FIND" {
			answers = r.Observation.Count
		}
		if r.Check != nil && r.Check.Name == "query.modalities" {
			samples = r.Check.N
		}
		if r.Observation != nil && len(r.Observation.Values) > 0 {
			t.Errorf("values are written: %v", r.Observation.Values)
		}
	}
	if answers < 5 || samples != 0 {
		t.Errorf("%d answers, %d samples", answers, samples)
	}
	p.simulated = false
	real := p.world("real")
	defer real.Close(p.ctx)
	if err := p.perform(real, everything); err == nil || !strings.Contains(err.Error(), "not sent") {
		t.Errorf("asked: %v", err)
	}
	for _, r := range p.records("real") {
		if r.Intent != nil {
			t.Errorf("it was sent: %+v", r.Intent)
		}
	}
}

// A system that is not there leaves no check, and a cause that judge can weigh.
func TestASystemThatIsNotThere(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		serve func(net.Conn)
		cause rundir.Cause
		said  bool // the system has answered
	}{
		{"closes at once", func(c net.Conn) { _ = c.Close() }, rundir.CauseDropped, false},
		{"speaks another protocol", func(c net.Conn) {
			_, _ = c.Write([]byte("220 ready\r\n220 ready\r\n"))
			_ = c.(*net.TCPConn).CloseWrite()
		}, rundir.CauseViolation, false},
		{"rejects", func(c net.Conn) { _, _ = c.Write([]byte{3, 0, 0, 0, 0, 4, 0, 2, 3, 1}) }, rundir.CauseRefused, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := start(t, sim.Options{})
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			var served sync.WaitGroup
			served.Go(func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					test.serve(c)
					served.Go(func() {
						defer c.Close()
						_, _ = c.Read(make([]byte, 1<<16)) // until the harness has had its say
						_, _ = c.Read(make([]byte, 1<<16))
					})
				}
			})
			defer func() { _ = l.Close(); served.Wait() }()
			ep := p.cluster.Enterprise().System("bk").Endpoints.Store
			ep.Port = l.Addr().(*net.TCPAddr).Port
			w := p.world("x")
			defer w.Close(p.ctx)
			err = p.perform(w, "the system is asked whether it is there")
			var known *steps.Error
			if !errors.As(err, &known) || known.Cause != test.cause || known.System != "bk" {
				t.Errorf("%v", err)
			}
			said := slices.ContainsFunc(p.records("x"), func(r rundir.Record) bool { return r.Answered != nil })
			if _, n := p.broken("x"); n != 0 || said != test.said {
				t.Errorf("%d checks; answered: %t", n, said)
			}
		})
	}
}
