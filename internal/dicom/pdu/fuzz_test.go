package pdu

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"pacsuat/internal/dicom/dicomtest"
)

// What is accepted encodes to the same bytes or, where the peer's form was not
// ours, to the same values.
func FuzzDecode(f *testing.F) {
	for _, p := range every() {
		f.Add(encode(f, p))
	}
	for _, h := range []string{dcmtkAssociateRQ, dcmtkAssociateAC, dcmtkEchoRQ, dcmtkReleaseRQ, dcmtkReleaseRP} {
		f.Add(unhex(f, h))
	}
	recorded, err := dicomtest.RecordedSeeds()
	if err != nil {
		f.Fatal(err)
	}
	for _, b := range recorded.PDUs {
		if _, err := Decode(b, Limits{}); err != nil {
			f.Errorf("a recorded PDU is refused: %v", err)
		}
		f.Add(b)
	}
	f.Add([]byte{8, 0, 0, 0, 0, 0})
	f.Add(associate(TypeAssociateAC, item(0x21, 1, 0, 4, 0, 9)))
	f.Fuzz(func(t *testing.T, b []byte) {
		masked := MaskUserIdentity(b)
		if len(masked) != len(b) {
			t.Fatalf("masking changed the length from %d to %d", len(b), len(masked))
		}
		input := bytes.Clone(b)
		p, exact, err := decode(b, Limits{})
		if !bytes.Equal(b, input) {
			t.Fatal("decoding changed its input")
		}
		if err != nil {
			var fe *FormatError
			var unknown *UnknownTypeError
			if !errors.As(err, &fe) && !errors.As(err, &unknown) {
				t.Fatalf("error of another type: %v", err)
			}
			if fe != nil && (fe.Offset < 0 || fe.Offset > len(b)) {
				t.Fatalf("offset outside the PDU: %v", err)
			}
			return
		}
		again, err := p.Append(nil)
		if err != nil {
			t.Fatalf("accepted but not encodable: %v", err)
		}
		if exact && !bytes.Equal(again, b) {
			t.Fatalf("encodes to\n% x, was\n% x", again, b)
		}
		second, ours, err := decode(again, Limits{})
		if err != nil {
			t.Fatalf("our own form is refused: %v", err)
		}
		if !ours || !reflect.DeepEqual(second, p) {
			t.Fatalf("exact %v; became\n%#v, was\n%#v", ours, second, p)
		}
	})
}
