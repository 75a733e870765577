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
// then by its Move Originator (senders may share an AE title, and the
// originator is optional in C-STORE-RQ, PS3.7 9.3.1.1). One claim at a time may
// be open for a SOP Instance UID: a second waits.
//
// Everything that arrives is written to the inbox's own file, reduced by the
// run's fence. What comes for a claim after it was closed is late and belongs
// to whom it was for; what nobody ever expected is unclaimed, refused and
// forgotten: it may be a real patient's.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"net"
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
	byStudy  map[string]*Claim
	byMove   map[originator]*Claim
	was      map[string]owner // whose a UID was when its claim was closed
	wasStudy map[string]owner
	arrivals int64
	err      error // the first error of writing
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

// maxInstanceBytes bounds one instance that is received: what is expected is
// far smaller, and a peer that never ends must not fill the memory.
const maxInstanceBytes = 1 << 30

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
		byUID: map[string]*Claim{}, byStudy: map[string]*Claim{}, byMove: map[originator]*Claim{},
		was: map[string]owner{}, wasStudy: map[string]owner{},
	}
	server := scp.NewServer(scp.Config{
		Acceptor: func(net.Conn) ul.AcceptorConfig { return ul.AcceptorConfig{Supported: supported()} },
		Echo: func(context.Context, *scp.Session, *dimse.CEchoRQ) *dimse.CEchoRSP {
			return &dimse.CEchoRSP{Status: dimse.StatusSuccess}
		},
		Store: b.store,
	})
	go func() { b.served <- server.Serve(ctx, listener) }()
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

// Close waits quiet for what may still arrive, ends the inbox and writes that
// it was listening to the end, if the run has come to its end (whole): nobody
// knows what would have arrived in the rest of another. The error is the first
// of receiving or writing; there is then no such record, and nothing can be said
// of what arrived.
func (b *Inbox) Close(ctx context.Context, quiet time.Duration, whole bool) error {
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		whole = false
	}
	b.stop()
	err := <-b.served
	if errors.Is(err, context.Canceled) || errors.Is(err, net.ErrClosed) {
		err = nil
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if err = errors.Join(err, b.err); err != nil || !whole {
		return err
	}
	return b.config.Log.Append(rundir.Record{InboxEnd: &rundir.InboxEnd{Arrivals: b.arrivals}})
}

func (b *Inbox) store(ctx context.Context, s *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
	claim, whose := b.route(r.RQ, "")
	if claim == nil && whose == nil {
		// Not known by its UID: its study or its originator may be.
		if data, err := readAll(r.Data); err == nil {
			return b.storeUnknown(ctx, s, r, data)
		}
		return &dimse.CStoreRSP{Status: NotAuthorised}
	}
	if claim == nil {
		return b.late(s, r, *whose, discard(r.Data))
	}
	data, err := readAll(r.Data)
	if err != nil {
		return &dimse.CStoreRSP{Status: dimse.StatusOutOfResources}
	}
	return b.deliver(ctx, claim, s, r, data)
}

func (b *Inbox) storeUnknown(ctx context.Context, s *scp.Session, r *scp.StoreRequest, data []byte) *dimse.CStoreRSP {
	study := ""
	if set, err := dataset.Parse(data, dataset.TransferSyntax(r.Context.TransferSyntax), dataset.Limits{}); err == nil {
		study = set.String(dataset.StudyInstanceUID)
	}
	claim, whose := b.route(r.RQ, study)
	switch {
	case claim != nil:
		return b.deliver(ctx, claim, s, r, data)
	case whose != nil:
		return b.late(s, r, *whose, int64(len(data)))
	}
	b.write(rundir.Record{Arrival: b.arrival(s, r, int64(len(data)), NotAuthorised, func(a *rundir.Arrival) { a.Unclaimed = true })})
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
		if c := b.byStudy[study]; c != nil {
			return c, nil
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
	status := dimse.StatusSuccess
	if c.on != nil {
		status = c.on(ctx, a)
	}
	if class := status.Class(); class != dimse.Success && class != dimse.Warning {
		c.uncount(a.SOPInstanceUID)
	}
	b.write(rundir.Record{
		Cell: c.owner.cell, Scenario: c.owner.scenario, Attempt: c.owner.attempt,
		Arrival: b.arrival(s, r, int64(len(data)), status, func(x *rundir.Arrival) { x.Ordinal = a.Ordinal }),
	})
	return &dimse.CStoreRSP{Status: status}
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
	err := b.config.Log.Append(r)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.arrivals++
	if b.err == nil {
		b.err = err
	}
}
