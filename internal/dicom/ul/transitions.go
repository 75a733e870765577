package ul

import "fmt"

// Event is one of the nineteen events of the state table. See PS3.8 9.2.3.
type Event uint8

// The events, numbered as in PS3.8 table 9-10.
const (
	Evt1AssociateRequest    Event = 1  // A-ASSOCIATE request (local user)
	Evt2TransportConfirm    Event = 2  // transport connection confirmation
	Evt3AssociateAC         Event = 3  // A-ASSOCIATE-AC PDU
	Evt4AssociateRJ         Event = 4  // A-ASSOCIATE-RJ PDU
	Evt5TransportIndication Event = 5  // transport connection indication
	Evt6AssociateRQ         Event = 6  // A-ASSOCIATE-RQ PDU
	Evt7AssociateAccept     Event = 7  // A-ASSOCIATE response (accept)
	Evt8AssociateReject     Event = 8  // A-ASSOCIATE response (reject)
	Evt9DataRequest         Event = 9  // P-DATA request
	Evt10DataTF             Event = 10 // P-DATA-TF PDU
	Evt11ReleaseRequest     Event = 11 // A-RELEASE request
	Evt12ReleaseRQ          Event = 12 // A-RELEASE-RQ PDU
	Evt13ReleaseRP          Event = 13 // A-RELEASE-RP PDU
	Evt14ReleaseResponse    Event = 14 // A-RELEASE response
	Evt15AbortRequest       Event = 15 // A-ABORT request
	Evt16Abort              Event = 16 // A-ABORT PDU
	Evt17TransportClosed    Event = 17 // transport connection closed
	Evt18ARTIMExpired       Event = 18 // ARTIM timer expired
	Evt19InvalidPDU         Event = 19 // unrecognized or invalid PDU
)

// String returns the standard's name, such as "Evt10".
func (e Event) String() string { return fmt.Sprintf("Evt%d", uint8(e)) }

// State is one of the thirteen states. See PS3.8 9.2.1, tables 9-1 to 9-5.
type State uint8

// The states, numbered as in the standard.
const (
	Sta1Idle                     State = 1
	Sta2AwaitingAssociateRQ      State = 2
	Sta3AwaitingLocalResponse    State = 3
	Sta4AwaitingTransport        State = 4
	Sta5AwaitingAssociateAnswer  State = 5
	Sta6DataTransfer             State = 6
	Sta7AwaitingReleaseRP        State = 7
	Sta8AwaitingReleaseResponse  State = 8
	Sta9CollisionRequestor       State = 9  // awaiting local A-RELEASE response
	Sta10CollisionAcceptor       State = 10 // awaiting A-RELEASE-RP PDU
	Sta11CollisionRequestorAwait State = 11 // awaiting A-RELEASE-RP PDU
	Sta12CollisionAcceptorAnswer State = 12 // awaiting local A-RELEASE response
	Sta13AwaitingClose           State = 13
)

// String returns the standard's name, such as "Sta6".
func (s State) String() string { return fmt.Sprintf("Sta%d", uint8(s)) }

// Action is what the state machine does for an event in a state. See PS3.8
// 9.2.2, tables 9-6 to 9-9.
type Action uint8

// The actions, named as in the standard. None is a blank cell of the table:
// the event can't happen in that state.
const (
	None Action = iota
	AE1         // issue TRANSPORT CONNECT request
	AE2         // send A-ASSOCIATE-RQ
	AE3         // issue A-ASSOCIATE confirmation (accept)
	AE4         // issue A-ASSOCIATE confirmation (reject), close
	AE5         // issue transport connection response, start ARTIM
	AE6         // stop ARTIM, issue A-ASSOCIATE indication (or reject)
	AE7         // send A-ASSOCIATE-AC
	AE8         // send A-ASSOCIATE-RJ, start ARTIM
	DT1         // send P-DATA-TF
	DT2         // issue P-DATA indication
	AR1         // send A-RELEASE-RQ
	AR2         // issue A-RELEASE indication
	AR3         // issue A-RELEASE confirmation, close
	AR4         // send A-RELEASE-RP, start ARTIM
	AR5         // stop ARTIM
	AR6         // issue P-DATA indication
	AR7         // send P-DATA-TF
	AR8         // issue A-RELEASE indication (release collision)
	AR9         // send A-RELEASE-RP
	AR10        // issue A-RELEASE confirmation
	AA1         // send A-ABORT (service user), restart ARTIM
	AA2         // stop ARTIM, close
	AA3         // issue A-ABORT indication, close
	AA4         // issue A-P-ABORT indication
	AA5         // stop ARTIM
	AA6         // ignore PDU
	AA7         // send A-ABORT
	AA8         // send A-ABORT (service provider), issue A-P-ABORT indication, start ARTIM
)

// String returns the standard's name, such as "AE-6", and "-" for None.
func (a Action) String() string {
	switch {
	case a == None:
		return "-"
	case a <= AE8:
		return fmt.Sprintf("AE-%d", a-AE1+1)
	case a <= DT2:
		return fmt.Sprintf("DT-%d", a-DT1+1)
	case a <= AR10:
		return fmt.Sprintf("AR-%d", a-AR1+1)
	case a <= AA8:
		return fmt.Sprintf("AA-%d", a-AA1+1)
	}
	return fmt.Sprintf("Action(%d)", uint8(a))
}

// transitions is PS3.8 table 9-10: a row per event, a column per state.
var transitions = [19][13]Action{
	//                     Sta1  Sta2  Sta3  Sta4  Sta5  Sta6  Sta7  Sta8  Sta9  Sta10 Sta11 Sta12 Sta13
	Evt1AssociateRequest - 1:    {AE1, None, None, None, None, None, None, None, None, None, None, None, None},
	Evt2TransportConfirm - 1:    {None, None, None, AE2, None, None, None, None, None, None, None, None, None},
	Evt3AssociateAC - 1:         {None, AA1, AA8, None, AE3, AA8, AA8, AA8, AA8, AA8, AA8, AA8, AA6},
	Evt4AssociateRJ - 1:         {None, AA1, AA8, None, AE4, AA8, AA8, AA8, AA8, AA8, AA8, AA8, AA6},
	Evt5TransportIndication - 1: {AE5, None, None, None, None, None, None, None, None, None, None, None, None},
	Evt6AssociateRQ - 1:         {None, AE6, AA8, None, AA8, AA8, AA8, AA8, AA8, AA8, AA8, AA8, AA7},
	Evt7AssociateAccept - 1:     {None, None, AE7, None, None, None, None, None, None, None, None, None, None},
	Evt8AssociateReject - 1:     {None, None, AE8, None, None, None, None, None, None, None, None, None, None},
	Evt9DataRequest - 1:         {None, None, None, None, None, DT1, None, AR7, None, None, None, None, None},
	Evt10DataTF - 1:             {None, AA1, AA8, None, AA8, DT2, AR6, AA8, AA8, AA8, AA8, AA8, AA6},
	Evt11ReleaseRequest - 1:     {None, None, None, None, None, AR1, None, None, None, None, None, None, None},
	Evt12ReleaseRQ - 1:          {None, AA1, AA8, None, AA8, AR2, AR8, AA8, AA8, AA8, AA8, AA8, AA6},
	Evt13ReleaseRP - 1:          {None, AA1, AA8, None, AA8, AA8, AR3, AA8, AA8, AR10, AR3, AA8, AA6},
	Evt14ReleaseResponse - 1:    {None, None, None, None, None, None, None, AR4, AR9, None, None, AR4, None},
	Evt15AbortRequest - 1:       {None, None, AA1, AA2, AA1, AA1, AA1, AA1, AA1, AA1, AA1, AA1, None},
	Evt16Abort - 1:              {None, AA2, AA3, None, AA3, AA3, AA3, AA3, AA3, AA3, AA3, AA3, AA2},
	Evt17TransportClosed - 1:    {None, AA5, AA4, AA4, AA4, AA4, AA4, AA4, AA4, AA4, AA4, AA4, AR5},
	Evt18ARTIMExpired - 1:       {None, AA2, None, None, None, None, None, None, None, None, None, None, AA2},
	Evt19InvalidPDU - 1:         {None, AA1, AA8, None, AA8, AA8, AA8, AA8, AA8, AA8, AA8, AA8, AA7},
}

// afterwards is the state that an action leads to, with the choices of AE-6
// (acceptable) and AR-8 (we are the requestor) taken; see Transition.
var afterwards = [...]State{
	AE1: Sta4AwaitingTransport, AE2: Sta5AwaitingAssociateAnswer, AE3: Sta6DataTransfer, AE4: Sta1Idle,
	AE5: Sta2AwaitingAssociateRQ, AE6: Sta3AwaitingLocalResponse, AE7: Sta6DataTransfer, AE8: Sta13AwaitingClose,
	DT1: Sta6DataTransfer, DT2: Sta6DataTransfer,
	AR1: Sta7AwaitingReleaseRP, AR2: Sta8AwaitingReleaseResponse, AR3: Sta1Idle, AR4: Sta13AwaitingClose,
	AR5: Sta1Idle, AR6: Sta7AwaitingReleaseRP, AR7: Sta8AwaitingReleaseResponse, AR8: Sta9CollisionRequestor,
	AR9: Sta11CollisionRequestorAwait, AR10: Sta12CollisionAcceptorAnswer,
	AA1: Sta13AwaitingClose, AA2: Sta1Idle, AA3: Sta1Idle, AA4: Sta1Idle, AA5: Sta1Idle,
	AA6: Sta13AwaitingClose, AA7: Sta13AwaitingClose, AA8: Sta13AwaitingClose,
}

// Transition looks up PS3.8 table 9-10: what to do for an event and the state
// that follows. A blank cell yields None and the same state.
//
// Two actions lead to one of two states. AR-8 leads the association's acceptor
// to Sta10. AE-6 leads to Sta3 here; an unacceptable request is refused by a
// following Evt8, which sends the same A-ASSOCIATE-RJ and leads to Sta13.
func Transition(s State, e Event, requestor bool) (Action, State) {
	if s < Sta1Idle || s > Sta13AwaitingClose || e < Evt1AssociateRequest || e > Evt19InvalidPDU {
		return None, s
	}
	action := transitions[e-1][s-1]
	switch {
	case action == None:
		return None, s
	case action == AR8 && !requestor:
		return action, Sta10CollisionAcceptor
	}
	return action, afterwards[action]
}
