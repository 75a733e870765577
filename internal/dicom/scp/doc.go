// Package scp provides the services of a DICOM system: Verification, Storage,
// and Query/Retrieve with C-FIND, C-MOVE and C-GET (PS3.4 Annexes A, B and C).
//
// A [Server] does the protocol: it accepts associations, reads requests, runs
// one operation at a time per association, sees C-CANCEL-RQ and the end of the
// association while an operation runs, performs the sub-operations of
// retrieves and keeps their counters. What the system knows and does is in the
// handlers of its [Config].
//
// The server can also be made to misbehave, for simulators: every response
// passes [Config.Intercept], a handler may read half of a data set and abort,
// and so on. What is not the default is marked "for simulators".
package scp
