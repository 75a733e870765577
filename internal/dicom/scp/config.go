package scp

import (
	"context"
	"errors"
	"io"
	"net"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/ul"
)

// Causes of the end of a handler's context (see [context.Cause]).
var (
	// ErrCancelled: C-CANCEL-RQ arrived for the operation.
	ErrCancelled = errors.New("scp: the requestor cancelled the operation")
	// ErrAborted: [Session.Abort] was called.
	ErrAborted = errors.New("scp: the session was aborted by this side")
	// ErrDropped: [Session.Drop] was called.
	ErrDropped = errors.New("scp: the connection was dropped by this side")
	// ErrIdle: nothing was asked for the time of [Session.SetIdleTimeout].
	ErrIdle = errors.New("scp: the association was idle for too long")
)

// Config is what a [Server] does. It is not changed by the server and must not
// be changed after NewServer. Handlers are called concurrently for different
// associations, one at a time for the same one.
//
// A handler that is nil makes the server answer 0x0122, SOP class not
// supported. A handler that returns nil makes it answer nothing, which is for
// simulators.
type Config struct {
	// Acceptor says how the association on conn is negotiated. It is called
	// once per connection, before anything is read. Required.
	Acceptor func(conn net.Conn) ul.AcceptorConfig
	// Wrap replaces an accepted connection, for TLS or faults; nil keeps it.
	Wrap func(net.Conn) net.Conn
	// MaxAssociations is how many associations there may be at once; more are
	// rejected as transient, local limit exceeded (result 2, source 3, reason
	// 2). 0 is no limit.
	MaxAssociations int
	// Limits bound command sets and identifiers.
	Limits dimse.Limits

	// Echo answers a C-ECHO.
	Echo func(ctx context.Context, s *Session, rq *dimse.CEchoRQ) *dimse.CEchoRSP
	// Store takes an instance. What it does not read of the data is
	// discarded; when reading fails, the association has ended and the
	// response is not sent. The server fills Message ID and UIDs of the
	// response where they are empty, here as for every handler.
	Store func(ctx context.Context, s *Session, r *StoreRequest) *dimse.CStoreRSP
	// Find answers a query: it calls send for every match, with
	// dimse.StatusPending or dimse.StatusPendingWithUnsupportedKeys, and
	// returns the final response. When C-CANCEL-RQ arrives, ctx ends with the
	// cause ErrCancelled and send returns it; the handler is then to return
	// dimse.StatusCancel. send is not safe for concurrent use.
	Find func(ctx context.Context, s *Session, r *FindRequest, send func(*dataset.Set, dimse.Status) error) *dimse.CFindRSP
	// Move and Get say what a retrieve consists of; the server runs it. Their
	// context ends on C-CANCEL-RQ as that of Find.
	Move func(ctx context.Context, s *Session, r *RetrieveRequest) *Retrieval
	Get  func(ctx context.Context, s *Session, r *RetrieveRequest) *Retrieval

	// Inspect sees every message that arrives, before its data set is read;
	// false aborts the association. It must not read the data. For
	// simulators.
	Inspect func(s *Session, r *dimse.Received) bool
	// Intercept has the last word on every response: what it returns is sent,
	// nil sends nothing. It may block to delay the response, until ctx ends
	// with the association, not with the operation. For simulators.
	Intercept func(ctx context.Context, s *Session, m dimse.Message) dimse.Message
	// PDU sees every PDU of a session like [ul.TraceFunc], from before the
	// association is established on. s.Abort may be called in it.
	PDU func(s *Session, e ul.TraceEvent)
	// SessionStart and SessionEnd are called once for every association that
	// was established, SessionEnd when its last handler has returned;
	// [Session.Err] then says how it ended.
	SessionStart, SessionEnd func(*Session)
	// OnRelease is asked when the requestor wants to release; false leaves
	// A-RELEASE-RQ unanswered, which is for simulators. nil answers.
	OnRelease func(*Session) bool
	// Logf is told what went wrong and is nobody's answer: nil is silence.
	Logf func(format string, args ...any)
}

// StoreRequest is a C-STORE.
type StoreRequest struct {
	Context ul.NegotiatedContext
	RQ      *dimse.CStoreRQ
	// Data is the data set in the transfer syntax of Context. It fails when
	// the association ends in the middle of it. It also implements
	// io.WriterTo, for io.Copy.
	Data io.Reader
}

// FindRequest is a C-FIND.
type FindRequest struct {
	Context    ul.NegotiatedContext
	RQ         *dimse.CFindRQ
	Identifier *dataset.Set // never nil
}

// RetrieveRequest is a C-MOVE or C-GET.
type RetrieveRequest struct {
	Context     ul.NegotiatedContext
	SOPClassUID string // information model
	MessageID   uint16
	Priority    dimse.Priority
	Destination string       // AE title; "" for C-GET
	Identifier  *dataset.Set // never nil
}

// Retrieval is what a retrieve consists of.
type Retrieval struct {
	// Status, when it is not success and there are no Instances, refuses the
	// retrieve at once. With Instances and not success, it is the final
	// status whatever became of the sub-operations, which is for simulators.
	Status           dimse.Status
	ErrorComment     string
	OffendingElement []dataset.Tag
	// Instances are sent in this order, one sub-operation each.
	Instances []Instance
	// Open opens the association for the sub-operations. When it fails, the
	// answer is 0xA702 and all Instances have failed. For C-GET nil means
	// [Session.GetSender]; for C-MOVE it is required.
	Open func(ctx context.Context) (StoreSender, error)
	// IgnoreCancel makes C-CANCEL-RQ have no effect. For simulators.
	IgnoreCancel bool
}

// Instance is an instance that can be sent.
type Instance struct {
	SOPClassUID, SOPInstanceUID string
	TransferSyntax              dataset.TransferSyntax
	// Open opens the bare data set and tells its length in bytes, -1 if that
	// is not known. The server closes it.
	Open func() (io.ReadCloser, int64, error)
}

// StoreSender performs the sub-operations of a retrieve. Simulators wrap one
// to skip, double or delay.
type StoreSender interface {
	// Store sends one instance and returns the status of the response. An
	// error is a failed sub-operation. originatorAE and originatorID are the
	// Move Originator of a C-MOVE, "" and 0 for C-GET. ctx ends with the
	// requestor's association, not on C-CANCEL-RQ: a sub-operation that has
	// begun is finished.
	Store(ctx context.Context, i Instance, originatorAE string, originatorID uint16) (dimse.Status, error)
	// Close ends the association. The server calls it once, after the final
	// response has been sent; ctx does not end with the requestor's
	// association.
	Close(ctx context.Context) error
}
