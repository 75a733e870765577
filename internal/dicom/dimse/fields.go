package dimse

import "pacsuat/internal/dicom/dataset"

// visitor is given the fields of a message. The encoder writes what it is
// pointed at, the decoder fills it.
//
// required says that a command set without the element can't be understood
// and is refused by the decoder; elements that the standard requires but that
// peers leave out without ambiguity (such as the Affected SOP Class UID of a
// response) are not required in this sense.
type visitor interface {
	uid(element uint16, p *string)
	text(element uint16, p *string)
	uint16(element uint16, p *uint16, required bool)
	optionalUint16(element uint16, p **uint16)
	tags(element uint16, p *[]dataset.Tag)
	// rest is every element that is not part of the frame of a command set.
	rest(p *[]CommandElement)
}

// responseStatus visits the elements of every response that say how the
// operation went. See PS3.7 Annex C.
func responseStatus(v visitor, status *Status, offending *[]dataset.Tag, comment *string, id **uint16) {
	v.uint16(elementStatus, (*uint16)(status), true)
	v.tags(elementOffendingElement, offending)
	v.text(elementErrorComment, comment)
	v.optionalUint16(elementErrorID, id)
}

func (m *CEchoRQ) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageID, &m.MessageID, true)
}

func (m *CEchoRSP) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageIDBeingRespondedTo, &m.MessageIDBeingRespondedTo, true)
	responseStatus(v, &m.Status, &m.OffendingElement, &m.ErrorComment, &m.ErrorID)
}

func (m *CStoreRQ) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageID, &m.MessageID, true)
	v.uint16(elementPriority, (*uint16)(&m.Priority), false)
	v.uid(elementAffectedSOPInstanceUID, &m.AffectedSOPInstanceUID)
	v.text(elementMoveOriginatorAETitle, &m.MoveOriginatorAETitle)
	v.optionalUint16(elementMoveOriginatorMessageID, &m.MoveOriginatorMessageID)
}

func (m *CStoreRSP) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageIDBeingRespondedTo, &m.MessageIDBeingRespondedTo, true)
	responseStatus(v, &m.Status, &m.OffendingElement, &m.ErrorComment, &m.ErrorID)
	v.uid(elementAffectedSOPInstanceUID, &m.AffectedSOPInstanceUID)
}

func (m *CFindRQ) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageID, &m.MessageID, true)
	v.uint16(elementPriority, (*uint16)(&m.Priority), false)
}

func (m *CFindRSP) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageIDBeingRespondedTo, &m.MessageIDBeingRespondedTo, true)
	responseStatus(v, &m.Status, &m.OffendingElement, &m.ErrorComment, &m.ErrorID)
}

func (m *CMoveRQ) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageID, &m.MessageID, true)
	v.text(elementMoveDestination, &m.MoveDestination)
	v.uint16(elementPriority, (*uint16)(&m.Priority), false)
}

func (m *CMoveRSP) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageIDBeingRespondedTo, &m.MessageIDBeingRespondedTo, true)
	responseStatus(v, &m.Status, &m.OffendingElement, &m.ErrorComment, &m.ErrorID)
	v.optionalUint16(elementNumberOfRemainingSuboperation, &m.NumberOfRemainingSuboperations)
	v.optionalUint16(elementNumberOfCompletedSuboperation, &m.NumberOfCompletedSuboperations)
	v.optionalUint16(elementNumberOfFailedSuboperation, &m.NumberOfFailedSuboperations)
	v.optionalUint16(elementNumberOfWarningSuboperation, &m.NumberOfWarningSuboperations)
}

func (m *CGetRQ) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageID, &m.MessageID, true)
	v.uint16(elementPriority, (*uint16)(&m.Priority), false)
}

func (m *CGetRSP) fields(v visitor) {
	v.uid(elementAffectedSOPClassUID, &m.AffectedSOPClassUID)
	v.uint16(elementMessageIDBeingRespondedTo, &m.MessageIDBeingRespondedTo, true)
	responseStatus(v, &m.Status, &m.OffendingElement, &m.ErrorComment, &m.ErrorID)
	v.optionalUint16(elementNumberOfRemainingSuboperation, &m.NumberOfRemainingSuboperations)
	v.optionalUint16(elementNumberOfCompletedSuboperation, &m.NumberOfCompletedSuboperations)
	v.optionalUint16(elementNumberOfFailedSuboperation, &m.NumberOfFailedSuboperations)
	v.optionalUint16(elementNumberOfWarningSuboperation, &m.NumberOfWarningSuboperations)
}

func (m *CCancelRQ) fields(v visitor) {
	v.uint16(elementMessageIDBeingRespondedTo, &m.MessageIDBeingRespondedTo, true)
}

func (m *Unknown) fields(v visitor) { v.rest(&m.Elements) }
