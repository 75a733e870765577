// Package scu uses the services of a DICOM system: Verification, Storage, and
// Query/Retrieve with C-FIND, C-MOVE and C-GET (PS3.4 Annexes A, B and C).
//
// A [Client] is one association. A failure status is an answer and is
// returned in the response; an error means that there is no usable answer.
// Once a call has returned an error other than a [*NoContextError] the
// association has been aborted, or has ended by itself, and the client is of
// no more use except for Close.
//
// Every call ends with its context: the association is then aborted and the
// error is that of the context.
package scu
