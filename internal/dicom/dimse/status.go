package dimse

import "fmt"

// Status is the value of Status (0000,0900) of a response: how the operation
// went. A failure status is an answer, not an error. See PS3.7 Annex C.
type Status uint16

// StatusClass is the class of a status, which is what gates should look at:
// exact codes differ between products. See PS3.7 section C.1.
type StatusClass uint8

// The status classes. The zero value is Failure, so that a status that nobody
// classified is never a success.
const (
	Failure StatusClass = iota
	Success
	Pending
	Warning
	Cancel
)

// String is the class in lower case.
func (c StatusClass) String() string {
	switch c {
	case Success:
		return "success"
	case Pending:
		return "pending"
	case Warning:
		return "warning"
	case Cancel:
		return "cancel"
	}
	return "failure"
}

// Statuses of all services. See PS3.7 Annex C.
const (
	StatusSuccess                  Status = 0x0000
	StatusRequestedOptionalMissing Status = 0x0001 // requested optional attributes are not supported
	StatusAttributeListError       Status = 0x0107
	StatusProcessingFailure        Status = 0x0110
	StatusDuplicateSOPInstance     Status = 0x0111
	StatusNoSuchSOPInstance        Status = 0x0112
	StatusNoSuchSOPClass           Status = 0x0118
	StatusInvalidArgumentValue     Status = 0x0115
	StatusAttributeValueOutOfRange Status = 0x0116
	StatusInvalidSOPInstance       Status = 0x0117
	StatusSOPClassNotSupported     Status = 0x0122
	StatusNotAuthorized            Status = 0x0124
	StatusDuplicateInvocation      Status = 0x0210
	StatusUnrecognizedOperation    Status = 0x0211
	StatusMistypedArgument         Status = 0x0212
	StatusResourceLimitation       Status = 0x0213
)

// Statuses of the composite services: Storage (PS3.4 table B.2-1) and
// Query/Retrieve (PS3.4 tables C.4-1, C.4-2 and C.4-3). A number may mean
// different things in different services: see [Status.Describe].
const (
	StatusPending                          Status = 0xFF00
	StatusPendingWithUnsupportedKeys       Status = 0xFF01 // C-FIND: a match, but optional keys were not supported
	StatusCancel                           Status = 0xFE00
	StatusCoercionOfDataElements           Status = 0xB000 // C-STORE
	StatusSubOperationsFailed              Status = 0xB000 // C-MOVE, C-GET: complete, with failures or warnings
	StatusElementsDiscarded                Status = 0xB006 // C-STORE
	StatusDataSetDoesNotMatchWarning       Status = 0xB007 // C-STORE: kept, though it does not match its SOP class
	StatusOutOfResources                   Status = 0xA700
	StatusOutOfResourcesCannotCount        Status = 0xA701 // C-MOVE, C-GET: the number of matches can't be calculated
	StatusOutOfResourcesCannotPerform      Status = 0xA702 // C-MOVE, C-GET: sub-operations can't be performed
	StatusMoveDestinationUnknown           Status = 0xA801
	StatusDataSetDoesNotMatch              Status = 0xA900 // C-STORE: data set does not match its SOP class
	StatusIdentifierDoesNotMatchSOPClass   Status = 0xA900 // C-FIND, C-MOVE, C-GET
	StatusCannotUnderstand                 Status = 0xC000
	StatusUnableToProcess                  Status = 0xC001
	StatusMoreThanOneMatchForUniqueKey     Status = 0xC100
	StatusUnableToSupportRelationalQueries Status = 0xC200
)

// Class is the class of s by PS3.7 section C.1. Codes that are in no table are
// failures.
func (s Status) Class() StatusClass {
	switch {
	case s == StatusSuccess:
		return Success
	case s == StatusPending || s == StatusPendingWithUnsupportedKeys:
		return Pending
	case s == StatusCancel:
		return Cancel
	case s == StatusRequestedOptionalMissing, s == StatusAttributeListError,
		s == StatusAttributeValueOutOfRange, s&0xF000 == 0xB000:
		return Warning
	}
	return Failure
}

// IsFinal reports whether no other response to the same request follows.
func (s Status) IsFinal() bool { return s.Class() != Pending }

// String is the number with its meaning in words that hold for every service,
// such as "0xA700 out of resources".
func (s Status) String() string { return s.Describe(0) }

// Describe is like String with the meaning that s has in responses to f, a
// request or its response: 0xB000 is "coercion of data elements" for a
// C-STORE and "sub-operations complete with failures or warnings" for a
// C-MOVE.
func (s Status) Describe(f CommandField) string {
	return fmt.Sprintf("0x%04X %s", uint16(s), s.meaning(f&^responseBit))
}

func (s Status) meaning(f CommandField) string {
	for _, table := range [][]statusMeaning{serviceStatuses[f], generalStatuses} {
		for _, m := range table {
			if s&m.mask == m.code {
				return m.words
			}
		}
	}
	return s.Class().String()
}

// statusMeaning is a row of a status table: the statuses that equal code under
// mask ("A7xx" is code A700 under mask FF00).
type statusMeaning struct {
	code, mask Status
	words      string
}

// serviceStatuses are the rows that hold for one service only, by its request.
var serviceStatuses = map[CommandField][]statusMeaning{
	// PS3.4 table B.2-1.
	CommandCStoreRQ: {
		{0xB000, 0xFFFF, "warning: coercion of data elements"},
		{0xB006, 0xFFFF, "warning: elements discarded"},
		{0xB007, 0xFFFF, "warning: data set does not match SOP class"},
		{0xA700, 0xFF00, "refused: out of resources"},
		{0xA900, 0xFF00, "error: data set does not match SOP class"},
		{0xC000, 0xF000, "error: cannot understand"},
	},
	// PS3.4 table C.4-1.
	CommandCFindRQ: {
		{0xFF00, 0xFFFF, "pending"},
		{0xFF01, 0xFFFF, "pending: one or more optional keys were not supported"},
		{0xFE00, 0xFFFF, "matching terminated due to cancel request"},
		{0xA900, 0xFFFF, "error: identifier does not match SOP class"},
		{0xC000, 0xF000, "failed: unable to process"},
	},
	CommandCMoveRQ: retrieveStatuses,
	CommandCGetRQ:  retrieveStatuses,
}

// retrieveStatuses are those of PS3.4 tables C.4-2 and C.4-3.
var retrieveStatuses = []statusMeaning{
	{0xFF00, 0xFFFF, "sub-operations are continuing"},
	{0xFE00, 0xFFFF, "sub-operations terminated due to cancel indication"},
	{0xB000, 0xFFFF, "warning: sub-operations complete, one or more failures or warnings"},
	{0xA701, 0xFFFF, "refused: out of resources, unable to calculate number of matches"},
	{0xA702, 0xFFFF, "refused: out of resources, unable to perform sub-operations"},
	{0xA801, 0xFFFF, "refused: move destination unknown"},
	{0xA900, 0xFFFF, "error: identifier does not match SOP class"},
	{0xAA00, 0xFFFF, "failed: none of the frames requested were found in the SOP instance"},
	{0xAA01, 0xFFFF, "failed: unable to create new object for this SOP class"},
	{0xAA02, 0xFFFF, "failed: unable to extract frames"},
	{0xAA03, 0xFFFF, "failed: time-based request received for a non-time-based original SOP instance"},
	{0xAA04, 0xFFFF, "failed: invalid request"},
	{0xC000, 0xF000, "failed: unable to process"},
}

// generalStatuses hold for every service; see PS3.7 Annex C. Composite codes
// are here with what their services have in common.
var generalStatuses = []statusMeaning{
	{0x0000, 0xFFFF, "success"},
	{0x0001, 0xFFFF, "warning: requested optional attributes are not supported"},
	{0x0105, 0xFFFF, "no such attribute"},
	{0x0106, 0xFFFF, "invalid attribute value"},
	{0x0107, 0xFFFF, "warning: attribute list error"},
	{0x0110, 0xFFFF, "processing failure"},
	{0x0111, 0xFFFF, "duplicate SOP instance"},
	{0x0112, 0xFFFF, "no such SOP instance"},
	{0x0113, 0xFFFF, "no such event type"},
	{0x0114, 0xFFFF, "no such argument"},
	{0x0115, 0xFFFF, "invalid argument value"},
	{0x0116, 0xFFFF, "warning: attribute value out of range"},
	{0x0117, 0xFFFF, "invalid SOP instance"},
	{0x0118, 0xFFFF, "no such SOP class"},
	{0x0119, 0xFFFF, "class-instance conflict"},
	{0x0120, 0xFFFF, "missing attribute"},
	{0x0121, 0xFFFF, "missing attribute value"},
	{0x0122, 0xFFFF, "SOP class not supported"},
	{0x0123, 0xFFFF, "no such action type"},
	{0x0124, 0xFFFF, "not authorized"},
	{0x0210, 0xFFFF, "duplicate invocation"},
	{0x0211, 0xFFFF, "unrecognized operation"},
	{0x0212, 0xFFFF, "mistyped argument"},
	{0x0213, 0xFFFF, "resource limitation"},
	{0xA701, 0xFFFF, "out of resources, unable to calculate number of matches"},
	{0xA702, 0xFFFF, "out of resources, unable to perform sub-operations"},
	{0xA700, 0xFF00, "out of resources"},
	{0xA801, 0xFFFF, "move destination unknown"},
	{0xA900, 0xFF00, "data set or identifier does not match SOP class"},
	{0xC000, 0xF000, "cannot understand or unable to process"},
}
