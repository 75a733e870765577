// Package pdu encodes and decodes the Protocol Data Units of the DICOM Upper
// Layer (PS3.8 9.3) and the user information items of the association
// negotiation (PS3.7 Annex D.3.3, PS3.8 Annex D).
//
// There is one struct per PDU, named as the standard names it. The package
// does no negotiation and keeps no state: a PDU that is well formed but makes
// no sense (an even presentation context ID, say) can be encoded and decoded,
// because a harness must be able to send it and to report it.
//
//	b, err := rq.Append(nil)             // header and body
//	h, err := pdu.ReadHeader(conn)       // six bytes
//	err = limits.Check(h)                // before any memory is taken
//	p, err := pdu.Decode(b, limits)      // header and body again
//
// Decode followed by Append yields the same bytes, except where the standard
// lets a sender choose a form that carries no meaning: reserved bytes that are
// not zero, sub-items in another order, padded UIDs, the transfer syntax of a
// refused presentation context. There it yields the same values.
//
// Nothing here is safe for concurrent modification; values may be read
// concurrently.
package pdu
