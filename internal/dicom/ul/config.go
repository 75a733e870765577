package ul

import (
	"context"
	"crypto/tls"
	"net"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// What this implementation says of itself. See PS3.7 D.3.3.2.
const (
	ImplementationClassUID    = "2.25.177410387302683911573226310849915207213"
	ImplementationVersionName = "PACSUAT"
)

// Maximum lengths of P-DATA-TF bodies that are announced. See PS3.8 D.1.
const (
	DefaultMaxPDULength uint32 = 262144
	// NoLimit as MaxPDULength announces 0, which the standard reads as "no
	// limit". What arrives is still handled in pieces of bounded size.
	NoLimit uint32 = 0xFFFFFFFF
)

// Timers.
const (
	// DefaultARTIM is the Association Request/Reject/Release Timer of PS3.8
	// 9.1.5 where the configuration does not set it.
	DefaultARTIM = 10 * time.Second
	// DefaultDialTimeout bounds the TCP connection and the TLS handshake.
	DefaultDialTimeout = 10 * time.Second
	// grace is how long a write may take to reach the end of a PDU, and an
	// A-ABORT to be sent and noticed, after an association has to end.
	grace = time.Second
)

// ProposedContext is a presentation context that a requestor proposes.
type ProposedContext struct {
	ID               uint8 // odd; 0 = the next free odd number
	AbstractSyntax   string
	TransferSyntaxes []string
}

// RequestorConfig is how an association is requested. Only the AE titles and
// Contexts have no useful zero value. It is not modified and may be shared.
type RequestorConfig struct {
	CallingAETitle, CalledAETitle string
	// ApplicationContext is DICOM's when empty.
	ApplicationContext string
	// MaxPDULength is the largest P-DATA-TF body that the peer may send:
	// 0 = DefaultMaxPDULength, NoLimit = no limit.
	MaxPDULength uint32
	// MaxSendPDULength bounds the P-DATA-TF bodies that are sent where the peer
	// would take larger ones, as modalities do: 0 = the peer's maximum.
	MaxSendPDULength uint32
	// Contexts are at most 128 (PS3.8 9.3.2.2: odd IDs of one byte).
	Contexts            []ProposedContext
	Roles               []pdu.RoleSelection
	ExtendedNegotiation []pdu.ExtendedNegotiation
	CommonExtended      []pdu.CommonExtended
	AsyncOpsWindow      *pdu.AsyncOpsWindow
	UserIdentity        *pdu.UserIdentityRQ
	// ImplementationClassUID and ImplementationVersionName are this
	// package's when empty.
	ImplementationClassUID, ImplementationVersionName string

	// TLS, when set, is spoken by Dial. An empty ServerName becomes the host
	// that is dialled.
	TLS *tls.Config
	// Dialer replaces net.Dialer in Dial.
	Dialer func(ctx context.Context, network, addr string) (net.Conn, error)
	// DialTimeout bounds connecting and the TLS handshake together:
	// 0 = DefaultDialTimeout, negative = the context alone.
	DialTimeout time.Duration
	// ARTIM bounds the wait for the peer to close the connection after the
	// association has ended: 0 = DefaultARTIM.
	ARTIM time.Duration
	// IdleTimeout is the longest silence of the peer in a read and the
	// longest standstill of a write: 0 = the context alone. Running out ends
	// the association with A-ABORT and *TimeoutError.
	IdleTimeout time.Duration
	// Ceiling re-arms TCP_QUICKACK before every read (Linux), which removes
	// the stall of a peer that leaves Nagle's algorithm on. A modality does
	// not do that, so it is off by default; elsewhere it does nothing.
	Ceiling bool
	// Trace sees every PDU, including association negotiation, where the
	// user identity is not masked (pdu.MaskUserIdentity does that).
	Trace TraceFunc
}

// AcceptorConfig is how association requests are answered. The zero value
// accepts everybody and refuses every presentation context. It is not modified
// and may be shared; its functions are called on Accept's goroutine.
type AcceptorConfig struct {
	// Admit may reject the association as a whole: nil, and a nil answer,
	// admit. A wrong protocol version or application context is rejected
	// before.
	Admit func(rq *pdu.AssociateRQ, remote net.Addr) *pdu.AssociateRJ
	// Supported maps abstract syntaxes to the transfer syntaxes accepted for
	// them, in order of preference.
	Supported map[string][]string
	// Negotiate replaces the negotiation by Supported; see
	// NegotiateAcceptor.
	Negotiate func(rq *pdu.AssociateRQ) ([]pdu.PresentationContextAC, []pdu.RoleSelection)
	// AdjustAnswer has the last word on the answer.
	AdjustAnswer func(rq *pdu.AssociateRQ, ac *pdu.AssociateAC)
	// AnswerRelease is asked when the peer wants to release; false leaves
	// A-RELEASE-RQ unanswered. For simulators only; nil answers.
	AnswerRelease func(*Association) bool
	// MaxPDULength is as in RequestorConfig.
	MaxPDULength uint32
	// SendPDULength, when not 0, overrides the peer's maximum length: for
	// simulators only.
	SendPDULength uint32
	// ImplementationClassUID and ImplementationVersionName are this
	// package's when empty.
	ImplementationClassUID, ImplementationVersionName string
	// ARTIM bounds the wait for A-ASSOCIATE-RQ (with the TLS handshake before
	// it) and for the close at the end: 0 = DefaultARTIM.
	ARTIM time.Duration
	// IdleTimeout, Ceiling and Trace are as in RequestorConfig.
	IdleTimeout time.Duration
	Ceiling     bool
	Trace       TraceFunc
}

// TraceEvent is one PDU, sent or received.
type TraceEvent struct {
	Time time.Time // when it was handed to, or had arrived from, the connection
	Sent bool
	// PDU is header and body, valid during the call only. The body of a
	// P-DATA-TF may be cut to a prefix, but holds at least TracePrefix bytes
	// of what has been sent, and of what has been received the first PDV if
	// it is no longer than that.
	PDU []byte
	// FullLength is the length of header and body on the wire.
	FullLength int64
}

// TracePrefix is how many bytes of a longer P-DATA-TF a TraceEvent carries.
const TracePrefix = 16 << 10

// TraceFunc is called once per PDU, on the goroutine that reads or writes: it
// may be called concurrently for the two directions and must be quick.
type TraceFunc func(TraceEvent)

// settings are what requestor and acceptor have in common afterwards.
type settings struct {
	requestor     bool
	maxPDULength  uint32 // as announced: 0 = no limit
	artim, idle   time.Duration
	ceiling       bool
	trace         TraceFunc
	answerRelease func(*Association) bool
}

func announced(maxPDULength uint32) uint32 {
	switch maxPDULength {
	case 0:
		return DefaultMaxPDULength
	case NoLimit:
		return 0
	}
	return maxPDULength
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
