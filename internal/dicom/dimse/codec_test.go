package dimse

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dicomtest"
)

// messages has every message type with every field set, and the forms that
// leave fields out.
func messages() []Message {
	offending := []dataset.Tag{0x00100020, 0x0020000D}
	return []Message{
		&CEchoRQ{AffectedSOPClassUID: VerificationSOPClass, MessageID: 1},
		&CEchoRSP{VerificationSOPClass, 1, StatusProcessingFailure, offending, "out of order", Uint16(7), false},
		&CStoreRQ{CTImageStorage, 0xFFFF, PriorityLow, "2.25.1", "MODALITY", Uint16(9), true},
		&CStoreRQ{AffectedSOPClassUID: MRImageStorage, MessageID: 2, AffectedSOPInstanceUID: "2.25.12", HasDataSet: true},
		&CStoreRSP{CTImageStorage, 3, StatusOutOfResources, offending[:1], "disk full", Uint16(0), "2.25.1", false},
		&CFindRQ{StudyRootFind, 4, PriorityHigh, true},
		&CFindRSP{StudyRootFind, 4, StatusPending, nil, "", nil, true},
		&CMoveRQ{StudyRootMove, 5, PriorityMedium, "INBOX", true},
		&CMoveRSP{StudyRootMove, 5, StatusCancel, offending, "cancelled", Uint16(1), Uint16(1), Uint16(2), Uint16(3), Uint16(4), true},
		&CMoveRSP{MessageIDBeingRespondedTo: 5},
		&CGetRQ{PatientRootGet, 6, PriorityLow, true},
		&CGetRSP{PatientRootGet, 6, StatusSubOperationsFailed, offending, "failed", Uint16(1), nil, Uint16(2), Uint16(3), Uint16(4), false},
		&CCancelRQ{MessageIDBeingRespondedTo: 6},
		&Unknown{Command: CommandNActionRQ, Elements: []CommandElement{{elementMessageID, []byte{1, 0}}, {0x1008, []byte{1, 0}}}, HasDataSet: true},
	}
}

func TestEncodeDecode(t *testing.T) {
	t.Parallel()
	for _, want := range messages() {
		b, err := Encode(want)
		if err != nil {
			t.Errorf("%s: %v", want.CommandField(), err)
			continue
		}
		if len(b)%2 != 0 {
			t.Errorf("%s: odd length %d", want.CommandField(), len(b))
		}
		got, err := Decode(b)
		if err != nil {
			t.Errorf("%s: %v", want.CommandField(), err)
			continue
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", want.CommandField(), got, want)
		}
	}
}

// TestWire holds the bytes of a C-ECHO-RQ and a C-STORE-RQ against ones that
// were put together by hand from PS3.7 tables 9.3-12 and 9.3-1.
func TestWire(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		m    Message
		wire string
	}{
		{"C-ECHO-RQ", &CEchoRQ{AffectedSOPClassUID: VerificationSOPClass, MessageID: 7}, `
			0000 0000 04000000 38000000
			0000 0200 12000000 312e322e3834302e31303030382e312e3100
			0000 0001 02000000 3000
			0000 1001 02000000 0700
			0000 0008 02000000 0101`},
		{"C-STORE-RQ", &CStoreRQ{AffectedSOPClassUID: "1.2", MessageID: 1, AffectedSOPInstanceUID: "1.2.3", MoveOriginatorAETitle: "PACS1",
			MoveOriginatorMessageID: Uint16(258), HasDataSet: true}, `
			0000 0000 04000000 5a000000
			0000 0200 04000000 312e3200
			0000 0001 02000000 0100
			0000 1001 02000000 0100
			0000 0007 02000000 0000
			0000 0008 02000000 0100
			0000 0010 06000000 312e322e3300
			0000 3010 06000000 504143533120
			0000 3110 02000000 0201`},
	} {
		want, err := hex.DecodeString(strings.Join(strings.Fields(test.wire), ""))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Encode(test.m)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n got %x\nwant %x", test.name, err, got, want)
		}
	}
}

// element is an element of group 0000 for hand-made command sets.
func element(number uint16, value string) string {
	return string(appendElement(nil, number, []byte(value)))
}

func TestDecodeTolerates(t *testing.T) {
	t.Parallel()
	rsp := element(0x0100, "\x30\x80") + element(0x0120, "\x05\x00") + element(0x0800, "\x01\x01") + element(0x0900, "\x00\x00")
	for _, test := range []struct {
		name, wire string
		want       Message
	}{
		{"no group length", rsp, &CEchoRSP{MessageIDBeingRespondedTo: 5}},
		{"unknown elements", rsp + element(0x0905, "x") + element(0x5010, "abc"), &CEchoRSP{MessageIDBeingRespondedTo: 5}},
		{"empty optional elements", rsp + element(0x0901, "") + element(0x0902, "") + element(0x0903, ""), &CEchoRSP{MessageIDBeingRespondedTo: 5}},
		{"comment longer than 64", rsp + element(0x0902, strings.Repeat("x", 100)), &CEchoRSP{MessageIDBeingRespondedTo: 5, ErrorComment: strings.Repeat("x", 100)}},
		{"padding of every kind", element(0x0002, "1.2 ") + element(0x0100, "\x21\x00") + element(0x0110, "\x05\x00") +
			element(0x0600, " AE\x00") + element(0x0800, "\x00\x00"),
			&CMoveRQ{AffectedSOPClassUID: "1.2", MessageID: 5, MoveDestination: "AE", HasDataSet: true}},
		{"any data set type", element(0x0100, "\xff\x0f") + element(0x0120, "\x05\x00") + element(0x0800, "\x02\x01"),
			&CCancelRQ{MessageIDBeingRespondedTo: 5, HasDataSet: true}},
	} {
		if got, err := Decode([]byte(test.wire)); err != nil || !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s: got %+v, %v, want %+v", test.name, got, err, test.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	echo := element(0x0100, "\x30\x00") + element(0x0110, "\x05\x00") + element(0x0800, "\x01\x01")
	for _, test := range []struct{ name, wire, field, reason string }{
		{"nothing", "", "CommandField", "absent"},
		{"cut header", echo[:len(echo)-7], "", "cut in the header"},
		{"cut value", echo[:len(echo)-1], "CommandDataSetType", "beyond the end"},
		{"huge length", element(0x0100, "\x30\x00") + "\x00\x00\x10\x01\xff\xff\xff\xff", "MessageID", "beyond the end"},
		{"other group", echo + "\x08\x00\x05\x00\x00\x00\x00\x00", "", "not of group 0000"},
		{"descending", echo + element(0x0110, "\x05\x00"), "MessageID", "ascending"},
		{"twice", echo + element(0x0800, "\x01\x01"), "CommandDataSetType", "ascending"},
		{"group length of 2 bytes", element(0, "\x1e\x00") + echo, "CommandGroupLength", "4 bytes"},
		{"wrong group length", element(0, "\x1f\x00\x00\x00") + echo, "CommandGroupLength", "says 31 bytes, but 30 follow"},
		{"no command field", echo[10:], "CommandField", "absent"},
		{"no data set type", echo[:20], "CommandDataSetType", "absent"},
		{"no message ID", echo[:10] + echo[20:], "MessageID", "absent"},
		{"message ID of 4 bytes", element(0x0100, "\x30\x00") + element(0x0110, "\x05\x00\x00\x00") + element(0x0800, "\x01\x01"), "MessageID", "4 bytes"},
		{"no status", element(0x0100, "\x30\x80") + element(0x0120, "\x05\x00") + element(0x0800, "\x01\x01"), "Status", "absent"},
		{"torn offending element", element(0x0100, "\x30\x80") + element(0x0120, "\x05\x00") + element(0x0800, "\x01\x01") +
			element(0x0900, "\x00\x00") + element(0x0901, "\x10\x00\x20"), "OffendingElement", "multiple of 4"},
		{"too long", echo + element(0x5010, strings.Repeat("x", MaxCommandBytes)), "", "at most"},
	} {
		_, err := Decode([]byte(test.wire))
		var format *FormatError
		if !errors.As(err, &format) || format.Field != test.field || !strings.Contains(format.Reason, test.reason) {
			t.Errorf("%s: got %v, want field %q, reason %q", test.name, err, test.field, test.reason)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	t.Parallel()
	for name, m := range map[string]Message{
		"too long":                &CEchoRSP{ErrorComment: strings.Repeat("x", MaxCommandBytes)},
		"element given twice":     &Unknown{Command: CommandNActionRQ, Elements: []CommandElement{{elementMessageID, nil}, {elementMessageID, nil}}},
		"command field as other":  &Unknown{Command: CommandNActionRQ, Elements: []CommandElement{{elementCommandField, []byte{1, 0}}}},
		"group length as another": &Unknown{Command: CommandNActionRQ, Elements: []CommandElement{{elementGroupLength, []byte{1, 0, 0, 0}}}},
	} {
		if b, err := Encode(m); err == nil {
			t.Errorf("%s: encoded to %x", name, b)
		}
	}
}

// FuzzDecode: what is accepted encodes to a command set of the same values.
func FuzzDecode(f *testing.F) {
	for _, m := range messages() {
		b, err := Encode(m)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(b[12:]) // without group length
	}
	recorded, err := dicomtest.RecordedSeeds()
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range recorded.Commands {
		if _, err := Decode(b); err != nil {
			f.Errorf("a recorded command set is refused: %v", err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		m, err := Decode(b)
		if err != nil {
			return
		}
		again, err := Encode(m)
		if err != nil {
			if len(b) > MaxCommandBytes-64 {
				return // the elements that Encode adds may not fit
			}
			t.Fatalf("accepted, but can't be encoded: %v", err)
		}
		got, err := Decode(again)
		if err != nil {
			t.Fatalf("own encoding refused: %v", err)
		}
		if !reflect.DeepEqual(m, got) {
			t.Fatalf("%+v became %+v", m, got)
		}
	})
}
