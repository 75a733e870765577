package dimse

import "fmt"

// CommandField is the value of Command Field (0000,0100), which says what
// kind of message a command set is. See PS3.7 section E.1.
type CommandField uint16

// The command fields of PS3.7 section E.1. The composite ones have a type of
// message each; the normalised ones are carried by [*Unknown].
const (
	CommandCStoreRQ       CommandField = 0x0001
	CommandCStoreRSP      CommandField = 0x8001
	CommandCGetRQ         CommandField = 0x0010
	CommandCGetRSP        CommandField = 0x8010
	CommandCFindRQ        CommandField = 0x0020
	CommandCFindRSP       CommandField = 0x8020
	CommandCMoveRQ        CommandField = 0x0021
	CommandCMoveRSP       CommandField = 0x8021
	CommandCEchoRQ        CommandField = 0x0030
	CommandCEchoRSP       CommandField = 0x8030
	CommandNEventReportRQ CommandField = 0x0100
	CommandNGetRQ         CommandField = 0x0110
	CommandNSetRQ         CommandField = 0x0120
	CommandNActionRQ      CommandField = 0x0130
	CommandNCreateRQ      CommandField = 0x0140
	CommandNDeleteRQ      CommandField = 0x0150
	CommandCCancelRQ      CommandField = 0x0FFF
)

// responseBit is set in the command field of every response.
const responseBit CommandField = 0x8000

// IsResponse reports whether f is the command field of a response.
func (f CommandField) IsResponse() bool { return f&responseBit != 0 }

// Response is the command field of the response to f. C-CANCEL-RQ has none;
// the result is then not a command field of the standard.
func (f CommandField) Response() CommandField { return f | responseBit }

// String is the standard's name of the message, "C-STORE-RQ", or the number
// where the standard has none.
func (f CommandField) String() string {
	name, ok := commandNames[f&^responseBit]
	switch {
	case f == CommandCCancelRQ:
		return "C-CANCEL-RQ"
	case !ok:
		return fmt.Sprintf("command 0x%04X", uint16(f))
	case f.IsResponse():
		return name + "-RSP"
	default:
		return name + "-RQ"
	}
}

var commandNames = map[CommandField]string{
	CommandCStoreRQ:       "C-STORE",
	CommandCGetRQ:         "C-GET",
	CommandCFindRQ:        "C-FIND",
	CommandCMoveRQ:        "C-MOVE",
	CommandCEchoRQ:        "C-ECHO",
	CommandNEventReportRQ: "N-EVENT-REPORT",
	CommandNGetRQ:         "N-GET",
	CommandNSetRQ:         "N-SET",
	CommandNActionRQ:      "N-ACTION",
	CommandNCreateRQ:      "N-CREATE",
	CommandNDeleteRQ:      "N-DELETE",
}

// Priority is the value of Priority (0000,0700) of a request. A provider
// need not honour it. The numbers are not in the order of urgency. See PS3.7
// section E.1.
type Priority uint16

// The priorities of PS3.7 section E.1.
const (
	PriorityMedium Priority = 0x0000
	PriorityHigh   Priority = 0x0001
	PriorityLow    Priority = 0x0002
)

// String is the standard's word for p.
func (p Priority) String() string {
	switch p {
	case PriorityMedium:
		return "MEDIUM"
	case PriorityHigh:
		return "HIGH"
	case PriorityLow:
		return "LOW"
	}
	return fmt.Sprintf("priority 0x%04X", uint16(p))
}

// The values of Command Data Set Type (0000,0800): any other value than
// noDataSet says that a data set follows. See PS3.7 section E.1.
const (
	withDataSet uint16 = 0x0001
	noDataSet   uint16 = 0x0101
)

// The element numbers of group 0000 that the composite services use. See
// PS3.7 section E.1.
const (
	elementGroupLength                   uint16 = 0x0000
	elementAffectedSOPClassUID           uint16 = 0x0002
	elementCommandField                  uint16 = 0x0100
	elementMessageID                     uint16 = 0x0110
	elementMessageIDBeingRespondedTo     uint16 = 0x0120
	elementMoveDestination               uint16 = 0x0600
	elementPriority                      uint16 = 0x0700
	elementCommandDataSetType            uint16 = 0x0800
	elementStatus                        uint16 = 0x0900
	elementOffendingElement              uint16 = 0x0901
	elementErrorComment                  uint16 = 0x0902
	elementErrorID                       uint16 = 0x0903
	elementAffectedSOPInstanceUID        uint16 = 0x1000
	elementNumberOfRemainingSuboperation uint16 = 0x1020
	elementNumberOfCompletedSuboperation uint16 = 0x1021
	elementNumberOfFailedSuboperation    uint16 = 0x1022
	elementNumberOfWarningSuboperation   uint16 = 0x1023
	elementMoveOriginatorAETitle         uint16 = 0x1030
	elementMoveOriginatorMessageID       uint16 = 0x1031
)

// elementNames are the keywords of the elements, for error texts.
var elementNames = map[uint16]string{
	elementGroupLength:                   "CommandGroupLength",
	elementAffectedSOPClassUID:           "AffectedSOPClassUID",
	elementCommandField:                  "CommandField",
	elementMessageID:                     "MessageID",
	elementMessageIDBeingRespondedTo:     "MessageIDBeingRespondedTo",
	elementMoveDestination:               "MoveDestination",
	elementPriority:                      "Priority",
	elementCommandDataSetType:            "CommandDataSetType",
	elementStatus:                        "Status",
	elementOffendingElement:              "OffendingElement",
	elementErrorComment:                  "ErrorComment",
	elementErrorID:                       "ErrorID",
	elementAffectedSOPInstanceUID:        "AffectedSOPInstanceUID",
	elementNumberOfRemainingSuboperation: "NumberOfRemainingSuboperations",
	elementNumberOfCompletedSuboperation: "NumberOfCompletedSuboperations",
	elementNumberOfFailedSuboperation:    "NumberOfFailedSuboperations",
	elementNumberOfWarningSuboperation:   "NumberOfWarningSuboperations",
	elementMoveOriginatorAETitle:         "MoveOriginatorApplicationEntityTitle",
	elementMoveOriginatorMessageID:       "MoveOriginatorMessageID",
}

// elementName is the keyword of an element of group 0000, or its tag.
func elementName(element uint16) string {
	if name, ok := elementNames[element]; ok {
		return name
	}
	return fmt.Sprintf("(0000,%04X)", element)
}
