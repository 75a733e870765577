// Package dicomtest holds recorded exchanges with real peers: every PDU of an
// association, both ways, and what records, reads and replays them. For tests
// only.
//
// It stands on the standard library alone, so that the tests of every protocol
// package can use it, and so that what frames a recording is not the code that
// is tested with it.
//
//	recorder := dicomtest.NewRecorder("Orthanc 1.10.1 answers an echo")
//	conn = recorder.Requestor(conn)   // our side requests: its conn, wrapped
//	...
//	recording, err := recorder.Recording()
//
// A replay is the peer's side of a recording: it sends what the peer sent, in the
// recorded order, and demands that what comes is what came.
//
//	err := recording.ReplayAcceptor(conn)
//
// The recordings are made anew from the real peers by
//
//	go test ./fixtures/peers -run TestExchanges -update
package dicomtest
