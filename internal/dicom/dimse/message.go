package dimse

import "pacsuat/internal/dicom/dataset"

// Message is a DIMSE command set: one of the message types of this package,
// always as a pointer. Messages are plain values, not safe for concurrent
// change.
type Message interface {
	// CommandField says which message it is.
	CommandField() CommandField
	// fields hands every field to v, in ascending order of the elements. It
	// is the one description of the message that both directions use.
	fields(v visitor)
	// dataSet is the message's HasDataSet.
	dataSet() *bool
}

// Request is a message that is answered. C-CANCEL-RQ is not one: it has no
// response.
type Request interface {
	Message
	// ID is the Message ID (0000,0110) of the request.
	ID() uint16
}

// Response is a message that answers a request.
type Response interface {
	Message
	// RespondsTo is the Message ID Being Responded To (0000,0120).
	RespondsTo() uint16
	// ResponseStatus is the Status (0000,0900).
	ResponseStatus() Status
}

// Every message has HasDataSet: Command Data Set Type (0000,0800) says that a
// data set follows. [Decode] sets it, [Encode] writes it, [Conn.Send] ignores
// it and writes whether there is data.

// CEchoRQ is the C-ECHO-RQ of PS3.7 section 9.3.5.1.
type CEchoRQ struct {
	AffectedSOPClassUID string
	MessageID           uint16
	HasDataSet          bool
}

// CEchoRSP is the C-ECHO-RSP of PS3.7 section 9.3.5.2.
type CEchoRSP struct {
	AffectedSOPClassUID       string
	MessageIDBeingRespondedTo uint16
	Status                    Status
	OffendingElement          []dataset.Tag
	ErrorComment              string
	ErrorID                   *uint16
	HasDataSet                bool
}

// CStoreRQ is the C-STORE-RQ of PS3.7 section 9.3.1.1.
//
// MoveOriginatorAETitle and MoveOriginatorMessageID are optional even in a
// sub-operation of a C-MOVE: the title is absent when empty, the Message ID
// when nil.
type CStoreRQ struct {
	AffectedSOPClassUID     string
	MessageID               uint16
	Priority                Priority
	AffectedSOPInstanceUID  string
	MoveOriginatorAETitle   string
	MoveOriginatorMessageID *uint16
	HasDataSet              bool
}

// CStoreRSP is the C-STORE-RSP of PS3.7 section 9.3.1.2.
type CStoreRSP struct {
	AffectedSOPClassUID       string
	MessageIDBeingRespondedTo uint16
	Status                    Status
	OffendingElement          []dataset.Tag
	ErrorComment              string
	ErrorID                   *uint16
	AffectedSOPInstanceUID    string
	HasDataSet                bool
}

// CFindRQ is the C-FIND-RQ of PS3.7 section 9.3.2.1.
type CFindRQ struct {
	AffectedSOPClassUID string
	MessageID           uint16
	Priority            Priority
	HasDataSet          bool
}

// CFindRSP is the C-FIND-RSP of PS3.7 section 9.3.2.2. Pending ones carry an
// identifier, the final one does not.
type CFindRSP struct {
	AffectedSOPClassUID       string
	MessageIDBeingRespondedTo uint16
	Status                    Status
	OffendingElement          []dataset.Tag
	ErrorComment              string
	ErrorID                   *uint16
	HasDataSet                bool
}

// CMoveRQ is the C-MOVE-RQ of PS3.7 section 9.3.4.1.
type CMoveRQ struct {
	AffectedSOPClassUID string
	MessageID           uint16
	Priority            Priority
	MoveDestination     string
	HasDataSet          bool
}

// CMoveRSP is the C-MOVE-RSP of PS3.7 section 9.3.4.2. The counters are nil
// where the element is absent. A final response may carry an identifier with
// the Failed SOP Instance UID List (PS3.4 section C.4.2.1.4.2).
type CMoveRSP struct {
	AffectedSOPClassUID            string
	MessageIDBeingRespondedTo      uint16
	Status                         Status
	OffendingElement               []dataset.Tag
	ErrorComment                   string
	ErrorID                        *uint16
	NumberOfRemainingSuboperations *uint16
	NumberOfCompletedSuboperations *uint16
	NumberOfFailedSuboperations    *uint16
	NumberOfWarningSuboperations   *uint16
	HasDataSet                     bool
}

// CGetRQ is the C-GET-RQ of PS3.7 section 9.3.3.1.
type CGetRQ struct {
	AffectedSOPClassUID string
	MessageID           uint16
	Priority            Priority
	HasDataSet          bool
}

// CGetRSP is the C-GET-RSP of PS3.7 section 9.3.3.2; see [CMoveRSP].
type CGetRSP struct {
	AffectedSOPClassUID            string
	MessageIDBeingRespondedTo      uint16
	Status                         Status
	OffendingElement               []dataset.Tag
	ErrorComment                   string
	ErrorID                        *uint16
	NumberOfRemainingSuboperations *uint16
	NumberOfCompletedSuboperations *uint16
	NumberOfFailedSuboperations    *uint16
	NumberOfWarningSuboperations   *uint16
	HasDataSet                     bool
}

// CCancelRQ is the C-CANCEL-FIND-RQ, C-CANCEL-GET-RQ and C-CANCEL-MOVE-RQ of
// PS3.7 sections 9.3.2.3, 9.3.3.3 and 9.3.4.3, which are the same on the
// wire. It has no response of its own.
type CCancelRQ struct {
	MessageIDBeingRespondedTo uint16
	HasDataSet                bool
}

// Unknown is a message of a command field that this package has no type for,
// such as those of the normalised services. Elements are all elements of the
// command set but group length, Command Field and Command Data Set Type, in
// ascending order, values as on the wire.
type Unknown struct {
	Command    CommandField
	Elements   []CommandElement
	HasDataSet bool
}

// CommandElement is one element (0000,Element) of a command set.
type CommandElement struct {
	Element uint16
	Value   []byte
}

// Uint16 is a pointer to n, for the optional fields of messages.
func Uint16(n uint16) *uint16 { return &n }

// CommandField implements [Message].
func (*CEchoRQ) CommandField() CommandField { return CommandCEchoRQ }

// CommandField implements [Message].
func (*CEchoRSP) CommandField() CommandField { return CommandCEchoRSP }

// CommandField implements [Message].
func (*CStoreRQ) CommandField() CommandField { return CommandCStoreRQ }

// CommandField implements [Message].
func (*CStoreRSP) CommandField() CommandField { return CommandCStoreRSP }

// CommandField implements [Message].
func (*CFindRQ) CommandField() CommandField { return CommandCFindRQ }

// CommandField implements [Message].
func (*CFindRSP) CommandField() CommandField { return CommandCFindRSP }

// CommandField implements [Message].
func (*CMoveRQ) CommandField() CommandField { return CommandCMoveRQ }

// CommandField implements [Message].
func (*CMoveRSP) CommandField() CommandField { return CommandCMoveRSP }

// CommandField implements [Message].
func (*CGetRQ) CommandField() CommandField { return CommandCGetRQ }

// CommandField implements [Message].
func (*CGetRSP) CommandField() CommandField { return CommandCGetRSP }

// CommandField implements [Message].
func (*CCancelRQ) CommandField() CommandField { return CommandCCancelRQ }

// CommandField implements [Message].
func (m *Unknown) CommandField() CommandField { return m.Command }

func (m *CEchoRQ) dataSet() *bool   { return &m.HasDataSet }
func (m *CEchoRSP) dataSet() *bool  { return &m.HasDataSet }
func (m *CStoreRQ) dataSet() *bool  { return &m.HasDataSet }
func (m *CStoreRSP) dataSet() *bool { return &m.HasDataSet }
func (m *CFindRQ) dataSet() *bool   { return &m.HasDataSet }
func (m *CFindRSP) dataSet() *bool  { return &m.HasDataSet }
func (m *CMoveRQ) dataSet() *bool   { return &m.HasDataSet }
func (m *CMoveRSP) dataSet() *bool  { return &m.HasDataSet }
func (m *CGetRQ) dataSet() *bool    { return &m.HasDataSet }
func (m *CGetRSP) dataSet() *bool   { return &m.HasDataSet }
func (m *CCancelRQ) dataSet() *bool { return &m.HasDataSet }
func (m *Unknown) dataSet() *bool   { return &m.HasDataSet }

// ID implements [Request].
func (m *CEchoRQ) ID() uint16 { return m.MessageID }

// ID implements [Request].
func (m *CStoreRQ) ID() uint16 { return m.MessageID }

// ID implements [Request].
func (m *CFindRQ) ID() uint16 { return m.MessageID }

// ID implements [Request].
func (m *CMoveRQ) ID() uint16 { return m.MessageID }

// ID implements [Request].
func (m *CGetRQ) ID() uint16 { return m.MessageID }

// RespondsTo implements [Response].
func (m *CEchoRSP) RespondsTo() uint16 { return m.MessageIDBeingRespondedTo }

// RespondsTo implements [Response].
func (m *CStoreRSP) RespondsTo() uint16 { return m.MessageIDBeingRespondedTo }

// RespondsTo implements [Response].
func (m *CFindRSP) RespondsTo() uint16 { return m.MessageIDBeingRespondedTo }

// RespondsTo implements [Response].
func (m *CMoveRSP) RespondsTo() uint16 { return m.MessageIDBeingRespondedTo }

// RespondsTo implements [Response].
func (m *CGetRSP) RespondsTo() uint16 { return m.MessageIDBeingRespondedTo }

// ResponseStatus implements [Response].
func (m *CEchoRSP) ResponseStatus() Status { return m.Status }

// ResponseStatus implements [Response].
func (m *CStoreRSP) ResponseStatus() Status { return m.Status }

// ResponseStatus implements [Response].
func (m *CFindRSP) ResponseStatus() Status { return m.Status }

// ResponseStatus implements [Response].
func (m *CMoveRSP) ResponseStatus() Status { return m.Status }

// ResponseStatus implements [Response].
func (m *CGetRSP) ResponseStatus() Status { return m.Status }
