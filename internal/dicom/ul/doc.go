// Package ul is the DICOM Upper Layer: associations over TCP and TLS, from
// both ends (PS3.8).
//
//	a, err := ul.Dial(ctx, "pacs:104", ul.RequestorConfig{CallingAETitle: "UAT", CalledAETitle: "PACS", Contexts: contexts})
//	err = a.WriteMessage(ctx, id, command, nil)
//	v, err := a.ReadPDV(ctx)
//	err = a.Release(ctx)
//
// Dial and Request open an association, Accept answers one; all three return
// an *Association in data transfer (Sta6) or an error that says how it ended.
// What may happen when is the state table of PS3.8 9.2, kept as data in
// transitions.go and consulted for every primitive and every PDU.
//
// # Concurrency
//
// An Association has no goroutine of its own. One goroutine may read while
// others write; messages written concurrently go out one after the other.
// Abort, Close and the accessors may be called at any time from anywhere.
//
// # Contexts
//
// A call whose context has ended before it does nothing. A context that ends
// during a call ends the association: a read is interrupted at once, a write
// between two chunks of whole PDUs, and then A-ABORT is sent. When a chunk
// can't be finished within a second the connection is closed instead, because
// an A-ABORT inside a PDU would be read as data. The error then is the
// context's (errors.Is).
//
// # How an association ends
//
// The first ending is final, and every later call returns its error:
// *RejectedError, *AbortedError, ErrReleased, ErrClosed (the peer closed the
// connection without saying why), ErrLocalClose, *TimeoutError, or an error
// that wraps the context's. Malformed and unexpected PDUs are answered with
// A-ABORT by the service provider; the *AbortedError then is not ByPeer and
// wraps the *pdu.FormatError, *pdu.UnknownTypeError or *UnexpectedPDUError.
package ul
