package pdu

import "fmt"

// AssociateRJ is the A-ASSOCIATE-RJ PDU. See PS3.8 9.3.4, table 9-21.
type AssociateRJ struct{ Result, Source, Reason uint8 }

// Results of AssociateRJ.
const (
	RejectedPermanent uint8 = 1
	RejectedTransient uint8 = 2
)

// Sources of AssociateRJ: who rejected.
const (
	RejectServiceUser          uint8 = 1
	RejectProviderACSE         uint8 = 2
	RejectProviderPresentation uint8 = 3
)

// Reasons of AssociateRJ; their meaning depends on the source.
const (
	RejectUserNoReason                       uint8 = 1
	RejectUserApplicationContextNotSupported uint8 = 2
	RejectUserCallingAETitleNotRecognized    uint8 = 3
	RejectUserCalledAETitleNotRecognized     uint8 = 7

	RejectACSENoReason                    uint8 = 1
	RejectACSEProtocolVersionNotSupported uint8 = 2

	RejectPresentationTemporaryCongestion uint8 = 1
	RejectPresentationLocalLimitExceeded  uint8 = 2
)

// Type is TypeAssociateRJ.
func (*AssociateRJ) Type() Type { return TypeAssociateRJ }

// Append implements PDU; it never fails.
func (p *AssociateRJ) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeAssociateRJ), 0, 0, 0, 0, 4, 0, p.Result, p.Source, p.Reason), nil
}

// String tells result, source and reason in the standard's words, followed by
// the three numbers. See PS3.8 table 9-21.
func (p AssociateRJ) String() string {
	result := "rejected"
	switch p.Result {
	case RejectedPermanent:
		result = "rejected permanently"
	case RejectedTransient:
		result = "rejected transiently"
	}
	source, reason := "unknown source", "unknown reason"
	switch p.Source {
	case RejectServiceUser:
		source = "service user"
		switch p.Reason {
		case RejectUserNoReason:
			reason = "no reason given"
		case RejectUserApplicationContextNotSupported:
			reason = "application context name not supported"
		case RejectUserCallingAETitleNotRecognized:
			reason = "calling AE title not recognized"
		case RejectUserCalledAETitleNotRecognized:
			reason = "called AE title not recognized"
		}
	case RejectProviderACSE:
		source = "service provider (ACSE)"
		switch p.Reason {
		case RejectACSENoReason:
			reason = "no reason given"
		case RejectACSEProtocolVersionNotSupported:
			reason = "protocol version not supported"
		}
	case RejectProviderPresentation:
		source = "service provider (presentation)"
		switch p.Reason {
		case RejectPresentationTemporaryCongestion:
			reason = "temporary congestion"
		case RejectPresentationLocalLimitExceeded:
			reason = "local limit exceeded"
		}
	}
	return fmt.Sprintf("%s by %s: %s (%d/%d/%d)", result, source, reason, p.Result, p.Source, p.Reason)
}

func decodeAssociateRJ(d cursor) *AssociateRJ {
	d.reserved("reserved", 1)
	return &AssociateRJ{Result: d.uint8("result"), Source: d.uint8("source"), Reason: d.uint8("reason")}
}

// ReleaseRQ is the A-RELEASE-RQ PDU. See PS3.8 9.3.6.
type ReleaseRQ struct{}

// Type is TypeReleaseRQ.
func (*ReleaseRQ) Type() Type { return TypeReleaseRQ }

// Append implements PDU; it never fails.
func (*ReleaseRQ) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeReleaseRQ), 0, 0, 0, 0, 4, 0, 0, 0, 0), nil
}

// ReleaseRP is the A-RELEASE-RP PDU. See PS3.8 9.3.7.
type ReleaseRP struct{}

// Type is TypeReleaseRP.
func (*ReleaseRP) Type() Type { return TypeReleaseRP }

// Append implements PDU; it never fails.
func (*ReleaseRP) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeReleaseRP), 0, 0, 0, 0, 4, 0, 0, 0, 0), nil
}

// Abort is the A-ABORT PDU. The reason is significant only when the service
// provider is the source. See PS3.8 9.3.8, table 9-26.
type Abort struct{ Source, Reason uint8 }

// Sources of Abort.
const (
	AbortServiceUser     uint8 = 0
	AbortServiceProvider uint8 = 2
)

// Reasons of Abort by the service provider.
const (
	AbortReasonNotSpecified    uint8 = 0
	AbortUnrecognizedPDU       uint8 = 1
	AbortUnexpectedPDU         uint8 = 2
	AbortUnrecognizedParameter uint8 = 4
	AbortUnexpectedParameter   uint8 = 5
	AbortInvalidParameterValue uint8 = 6
)

// Type is TypeAbort.
func (*Abort) Type() Type { return TypeAbort }

// Append implements PDU; it never fails.
func (p *Abort) Append(dst []byte) ([]byte, error) {
	return append(dst, byte(TypeAbort), 0, 0, 0, 0, 4, 0, 0, p.Source, p.Reason), nil
}

// String tells source and reason in the standard's words, followed by the two
// numbers. See PS3.8 table 9-26.
func (p Abort) String() string {
	switch p.Source {
	case AbortServiceUser:
		return fmt.Sprintf("aborted by service user (%d/%d)", p.Source, p.Reason)
	case AbortServiceProvider:
	default:
		return fmt.Sprintf("aborted by unknown source (%d/%d)", p.Source, p.Reason)
	}
	reason := "unknown reason"
	switch p.Reason {
	case AbortReasonNotSpecified:
		reason = "reason not specified"
	case AbortUnrecognizedPDU:
		reason = "unrecognized PDU"
	case AbortUnexpectedPDU:
		reason = "unexpected PDU"
	case AbortUnrecognizedParameter:
		reason = "unrecognized PDU parameter"
	case AbortUnexpectedParameter:
		reason = "unexpected PDU parameter"
	case AbortInvalidParameterValue:
		reason = "invalid PDU parameter value"
	}
	return fmt.Sprintf("aborted by service provider: %s (%d/%d)", reason, p.Source, p.Reason)
}

func decodeAbort(d cursor) *Abort {
	d.reserved("reserved", 2)
	return &Abort{Source: d.uint8("source"), Reason: d.uint8("reason")}
}
