// Package inbox is the harness's own Storage SCP: the independent observer of
// every C-MOVE. One is shared by all cells of a run and is listening before
// anything else begins.
//
// Who expects something says so before asking for it:
//
//	claim, err := box.Expect(ctx, inbox.Expectation{..., SOPInstanceUIDs: uids, On: compare})
//	// C-MOVE
//	defer claim.Close()
//
// An arrival is routed by its SOP Instance UID, then by its Study Instance UID,
// then, where a claim has named one, by its Move Originator (senders may share an
// AE title, and the originator is optional in C-STORE-RQ, PS3.7 9.3.1.1). One claim at a time may
// be open for a SOP Instance UID: a second waits.
//
// Everything that arrives is written to the inbox's own file, reduced by the
// run's fence. What comes for a claim after it was closed is late and belongs
// to whom it was for; what nobody ever expected is unclaimed, refused and
// forgotten: it may be a real patient's.
package inbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime/debug"
	"sync"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
)

// Config says who the inbox is and where it writes.
type Config struct {
	AETitle string
	Listen  string // host:port; port 0 = any free one
	Log     *rundir.Stream
	Fence   *rundir.Fence
	// Systems names the systems that call under an AE title: several may share
	// one. nil = unknown.
	Systems func(callingAETitle string) []string
	// Failed is told, at most once, that the inbox can't receive or write any
	// more: what is missing from then on is not its sender's fault. It must
	// not call Close. nil = nobody is told before Close.
	Failed func(error)
}

// Inbox receives. Its methods are safe for concurrent use.
type Inbox struct {
	config   Config
	listener net.Listener
	stop     context.CancelFunc
	served   chan error

	mu       sync.Mutex
	changed  chan struct{} // closed and replaced whenever a claim is closed
	byUID    map[string]*Claim
	byStudy  map[string][]*Claim // the last one registered is asked first
	byMove   map[originator]*Claim
	was      map[string]owner // whose a UID was when its claim was closed
	wasStudy map[string]owner
	arrivals int64
	arriving int       // instances that are being received or handled
	last     time.Time // when the last one began or ended
	settled  chan struct{}
	ending   bool  // Close has waited and ends the inbox
	cut      bool  // an instance was on its way when the inbox was ended
	err      error // the first error of receiving or writing
}

type originator struct {
	aeTitle string
	id      uint16
}

// owner is a scenario's attempt.
type owner struct {
	cell, scenario string
	attempt        int
}

// What is expected is far smaller, and a peer that never ends must not fill the
// memory: maxInstanceBytes bounds one instance, maxHeaderBytes what is read of
// one that is unknown until it can be told whose study it is of.
const (
	maxInstanceBytes = 1 << 30
	maxHeaderBytes   = 16 << 20
)

// NotAuthorised is the answer to an instance that nobody asked for: its sender
// must not believe that it is kept. See PS3.7 C.5.14.
const NotAuthorised = dimse.Status(0x0124)

// Listen opens the port and begins to receive. Close ends it.
func Listen(ctx context.Context, c Config) (*Inbox, error) {
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return nil, fmt.Errorf("the harness can't listen at %s, where the systems send what it asks for: %w; end the program that uses the port, or give the harness another one (harness: listen) and have it registered", c.Listen, err)
	}
	ctx, stop := context.WithCancel(ctx)
	b := &Inbox{
		config: c, listener: listener, stop: stop, served: make(chan error, 1), changed: make(chan struct{}),
		byUID: map[string]*Claim{}, byStudy: map[string][]*Claim{}, byMove: map[originator]*Claim{},
		was: map[string]owner{}, wasStudy: map[string]owner{}, last: time.Now(), settled: make(chan struct{}),
	}
	server := scp.NewServer(scp.Config{
		Acceptor: func(net.Conn) ul.AcceptorConfig { return ul.AcceptorConfig{Supported: supported()} },
		Echo: func(context.Context, *scp.Session, *dimse.CEchoRQ) *dimse.CEchoRSP {
			return &dimse.CEchoRSP{Status: dimse.StatusSuccess}
		},
		Store: b.store,
	})
	go func() {
		err := server.Serve(ctx, listener)
		if ctx.Err() == nil && err != nil {
			b.fail(fmt.Errorf("the harness can't receive any more: %w", err))
		}
		b.served <- err
	}()
	return b, nil
}

// supported is every storage class in every transfer syntax: the inbox takes
// what a system sends as it sends it.
func supported() map[string][]string {
	syntaxes := []string{
		string(dataset.ExplicitVRLittleEndian), string(dataset.ImplicitVRLittleEndian),
		string(dataset.DeflatedExplicitVRLittleEndian), string(dataset.ExplicitVRBigEndian),
		string(dataset.RLELossless), string(dataset.JPEGBaseline8Bit), string(dataset.JPEGLosslessSV1),
		string(dataset.JPEGLossless), string(dataset.JPEGLSLossless), string(dataset.JPEG2000Lossless), string(dataset.JPEG2000),
	}
	m := map[string][]string{dimse.VerificationSOPClass: syntaxes[:2]}
	for _, class := range dimse.StorageClasses() {
		m[class.UID] = syntaxes
	}
	return m
}

// Addr is where the inbox listens.
func (b *Inbox) Addr() net.Addr { return b.listener.Addr() }

// AETitle is the destination that a C-MOVE names.
func (b *Inbox) AETitle() string { return b.config.AETitle }

// Close waits until nothing has arrived for quiet and nothing is on its way, for
// ten times quiet at the most, ends the inbox and writes that it was listening
// to the end. That is not written where nobody knows what would still have
// arrived: the run has not come to its end (whole is false), an instance was cut
// short, receiving or writing failed. The error is the first of these two.
func (b *Inbox) Close(ctx context.Context, quiet time.Duration, whole bool) error {
	const patience = 10
	if b.drain(ctx, quiet, patience*quiet) != nil {
		whole = false
	}
	b.mu.Lock()
	b.ending = true
	b.mu.Unlock()
	b.stop()
	err := <-b.served
	if errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.err != nil {
		err = b.err // receiving that failed is among them
	}
	if err != nil || !whole || b.cut {
		return err
	}
	return b.config.Log.Append(rundir.Record{InboxEnd: &rundir.InboxEnd{Arrivals: b.arrivals}})
}

// drain waits until nothing has arrived for quiet, at the most limit.
func (b *Inbox) drain(ctx context.Context, quiet, limit time.Duration) error {
	began := time.Now()
	for {
		b.mu.Lock()
		arriving, settled := b.arriving, b.settled
		since := b.last
		b.mu.Unlock()
		if since.Before(began) {
			since = began
		}
		left := limit - time.Since(began)
		wait := min(quiet-time.Since(since), left)
		if arriving > 0 {
			wait = left
		}
		if wait <= 0 {
			return ctx.Err()
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-settled:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// began and ended count what is on its way.
func (b *Inbox) began() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.arriving++
	b.last = time.Now()
}

func (b *Inbox) ended() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.arriving--
	b.last = time.Now()
	if b.arriving == 0 {
		close(b.settled)
		b.settled = make(chan struct{})
	}
}

// incomplete notes an instance that could not be read to its end. If it was this
// side that ended it, nobody can say what it would have been.
func (b *Inbox) incomplete() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut = b.cut || b.ending
}

// fail notes an error after which the inbox is no observer any more.
func (b *Inbox) fail(err error) {
	b.mu.Lock()
	first := b.err == nil
	if first {
		b.err = err
	}
	b.mu.Unlock()
	if first && b.config.Failed != nil {
		b.config.Failed(err)
	}
}

func (b *Inbox) store(ctx context.Context, s *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
	b.began()
	defer b.ended()
	claim, whose := b.route(r.RQ, "")
	if claim == nil && whose == nil {
		return b.storeUnknown(ctx, s, r)
	}
	if claim == nil {
		n, err := discard(r.Data)
		if err != nil {
			b.incomplete()
			return nil
		}
		return b.late(s, r, *whose, n)
	}
	return b.receive(ctx, claim, s, r, r.Data)
}

// receive reads an instance for its claim.
func (b *Inbox) receive(ctx context.Context, c *Claim, s *scp.Session, r *scp.StoreRequest, from io.Reader) *dimse.CStoreRSP {
	data, err := readAll(from)
	if errors.Is(err, dimse.ErrTooLarge) {
		return b.tooLarge(c, s, r)
	}
	if err != nil {
		b.incomplete()
		return nil // the association is at its end: there is nobody to answer
	}
	return b.deliver(ctx, c, s, r, data)
}

// tooLarge refuses an instance that is larger than anything that was sent.
func (b *Inbox) tooLarge(c *Claim, s *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
	rest, err := discard(r.Data)
	if err != nil {
		b.incomplete()
		return nil
	}
	b.write(rundir.Record{
		Cell: c.owner.cell, Scenario: c.owner.scenario, Attempt: c.owner.attempt,
		Arrival: b.arrival(s, r, maxInstanceBytes+1+rest, dimse.StatusOutOfResources, func(*rundir.Arrival) {}),
	})
	return &dimse.CStoreRSP{Status: dimse.StatusOutOfResources}
}

// storeUnknown takes an instance that is not known by its UID: its study or its
// originator may be. No more of it is kept than it takes to see that.
func (b *Inbox) storeUnknown(ctx context.Context, s *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
	var head bytes.Buffer
	study := ""
	header := io.TeeReader(io.LimitReader(r.Data, maxHeaderBytes), &head)
	set, _, err := dataset.ScanHeader(header, dataset.TransferSyntax(r.Context.TransferSyntax), dataset.Limits{MaxInflatedBytes: maxHeaderBytes})
	if err == nil {
		study = set.String(dataset.StudyInstanceUID)
	}
	claim, whose := b.route(r.RQ, study)
	if claim != nil {
		return b.receive(ctx, claim, s, r, io.MultiReader(&head, r.Data))
	}
	rest, err := discard(r.Data)
	if err != nil {
		b.incomplete()
		return nil
	}
	size := int64(head.Len()) + rest
	if whose != nil {
		return b.late(s, r, *whose, size)
	}
	b.write(rundir.Record{Arrival: b.arrival(s, r, size, NotAuthorised, func(a *rundir.Arrival) { a.Unclaimed = true })})
	return &dimse.CStoreRSP{Status: NotAuthorised}
}

// route finds the open claim that an arrival is for, or else whose it was.
// Only with its study it can be routed by more than its own UID.
func (b *Inbox) route(rq *dimse.CStoreRQ, study string) (*Claim, *owner) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if c := b.byUID[rq.AffectedSOPInstanceUID]; c != nil {
		return c, nil
	}
	if o, ok := b.was[rq.AffectedSOPInstanceUID]; ok {
		return nil, &o
	}
	if study != "" {
		if open := b.byStudy[study]; len(open) > 0 {
			return open[len(open)-1], nil
		}
		if o, ok := b.wasStudy[study]; ok {
			return nil, &o
		}
	}
	if rq.MoveOriginatorMessageID != nil {
		if c := b.byMove[originator{rq.MoveOriginatorAETitle, *rq.MoveOriginatorMessageID}]; c != nil {
			return c, nil
		}
	}
	return nil, nil
}

// deliver hands an arrival to its claim and answers what the claim says.
func (b *Inbox) deliver(ctx context.Context, c *Claim, s *scp.Session, r *scp.StoreRequest, data []byte) *dimse.CStoreRSP {
	a := Arrival{
		SOPClassUID: r.RQ.AffectedSOPClassUID, SOPInstanceUID: r.RQ.AffectedSOPInstanceUID,
		TransferSyntax: dataset.TransferSyntax(r.Context.TransferSyntax), DataSet: data,
		MoveOriginatorAETitle: r.RQ.MoveOriginatorAETitle, MoveOriginatorMessageID: r.RQ.MoveOriginatorMessageID,
		Sender: s.Association().CallingAETitle(), At: time.Now(),
	}
	open := c.take(&a)
	if !open {
		return b.late(s, r, c.owner, int64(len(data)))
	}
	defer c.done()
	status := b.ask(ctx, c, a)
	if class := status.Class(); class != dimse.Success && class != dimse.Warning {
		c.uncount(a.SOPInstanceUID)
	}
	b.write(rundir.Record{
		Cell: c.owner.cell, Scenario: c.owner.scenario, Attempt: c.owner.attempt,
		Arrival: b.arrival(s, r, int64(len(data)), status, func(x *rundir.Arrival) { x.Ordinal = a.Ordinal }),
	})
	return &dimse.CStoreRSP{Status: status}
}

// ask lets the claim look at an arrival. A panic there ends neither the process
// nor unnoticed: the inbox is no observer any more.
func (b *Inbox) ask(ctx context.Context, c *Claim, a Arrival) (status dimse.Status) {
	defer func() {
		if v := recover(); v != nil {
			b.fail(fmt.Errorf("looking at what arrived panicked: %v\n%s", v, debug.Stack()))
			status = dimse.StatusProcessingFailure
		}
	}()
	if c.on == nil {
		return dimse.StatusSuccess
	}
	return c.on(ctx, a)
}

// late notes an arrival whose claim was closed. It is accepted: its sender does
// what it was asked, only too late.
func (b *Inbox) late(s *scp.Session, r *scp.StoreRequest, o owner, bytes int64) *dimse.CStoreRSP {
	b.write(rundir.Record{
		Cell: o.cell, Scenario: o.scenario, Attempt: o.attempt,
		Arrival: b.arrival(s, r, bytes, dimse.StatusSuccess, func(a *rundir.Arrival) { a.Late = true }),
	})
	return &dimse.CStoreRSP{Status: dimse.StatusSuccess}
}

func (b *Inbox) arrival(s *scp.Session, r *scp.StoreRequest, bytes int64, status dimse.Status, more func(*rundir.Arrival)) *rundir.Arrival {
	const sopInstanceUID, callingAETitle = 0x00080018, 0
	sender := s.Association().CallingAETitle()
	a := &rundir.Arrival{
		SOPInstanceUID: b.config.Fence.Value(sopInstanceUID, r.RQ.AffectedSOPInstanceUID),
		Sender:         b.config.Fence.Value(callingAETitle, sender),
		Bytes:          bytes, Status: status.Describe(dimse.CommandCStoreRSP),
	}
	if b.config.Systems != nil {
		a.Systems = b.config.Systems(sender)
	}
	more(a)
	return a
}

func (b *Inbox) write(r rundir.Record) {
	if err := b.config.Log.Append(r); err != nil {
		b.fail(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.arrivals++
}
