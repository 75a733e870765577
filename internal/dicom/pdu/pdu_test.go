package pdu

import (
	"bytes"
	"errors"
	"io"
	"math"
	"reflect"
	"strings"
	"testing"
)

// every holds one PDU of each kind, with everything that can be in it.
func every() []PDU {
	full := UserInformation{
		MaxLength:                 16384,
		ImplementationClassUID:    "1.2.3.4",
		ImplementationVersionName: "VERSION_1",
		AsyncOpsWindow:            &AsyncOpsWindow{Invoked: 5, Performed: 0},
		Roles:                     []RoleSelection{{SOPClassUID: "1.2.840.10008.5.1.4.1.1.2", SCP: true}, {SOPClassUID: "1.2", SCU: true}},
		ExtendedNegotiation:       []ExtendedNegotiation{{SOPClassUID: "1.2.840.10008.5.1.4.1.2.2.1", Information: []byte{1, 1, 0, 1}}},
		CommonExtended: []CommonExtended{{SOPClassUID: "1.2.3", ServiceClassUID: "1.2.840.10008.4.2",
			RelatedGeneralSOPClassUID: []string{"1.2.4", "1.2.5"}, Reserved: []byte{9}}},
		Unknown: []Item{{Type: 0x60, Data: []byte("later")}},
	}
	rqUser, acUser := full, full
	rqUser.UserIdentityRQ = &UserIdentityRQ{Type: UserIdentityUsernamePasscode, PositiveResponseRequested: true,
		Primary: []byte("someone"), Secondary: []byte("secret")}
	acUser.UserIdentityAC = &UserIdentityAC{ServerResponse: []byte("ticket")}
	return []PDU{
		&AssociateRQ{ProtocolVersion: 1, CalledAETitle: "PACS", CallingAETitle: "SIXTEEN_BYTES_AE", Reserved: [32]byte{1, 31: 2},
			ApplicationContext: ApplicationContextName,
			PresentationContexts: []PresentationContextRQ{
				{ID: 1, AbstractSyntax: "1.2.840.10008.1.1", TransferSyntaxes: []string{"1.2.840.10008.1.2", "1.2.840.10008.1.2.1"}},
				{ID: 255, AbstractSyntax: "1.2", TransferSyntaxes: []string{"1.3"}}},
			UserInformation: rqUser, Unknown: []Item{{Type: 0x70, Data: []byte{1, 2}}}},
		&AssociateAC{ProtocolVersion: 1, CalledAETitle: "PACS", CallingAETitle: " LEADING",
			ApplicationContext: ApplicationContextName,
			PresentationContexts: []PresentationContextAC{
				{ID: 1, TransferSyntax: "1.2.840.10008.1.2"},
				{ID: 3, Result: AbstractSyntaxNotSupported, TransferSyntax: "1.2.840.10008.1.2"},
				{ID: 5, Result: NoReason}},
			UserInformation: acUser},
		&AssociateRJ{Result: 1, Source: 1, Reason: 7},
		&PDataTF{Items: []PDV{
			{ContextID: 1, Command: true, Last: true, Data: []byte("command")},
			{ContextID: 1, Data: []byte("data")},
			{ContextID: 3, Last: true, Data: []byte{}}}},
		&ReleaseRQ{},
		&ReleaseRP{},
		&Abort{Source: 2, Reason: 6},
	}
}

func encode(t testing.TB, p PDU) []byte {
	t.Helper()
	b, err := p.Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	for _, p := range every() {
		t.Run(p.Type().String(), func(t *testing.T) {
			t.Parallel()
			b := encode(t, p)
			got, exact, err := decode(b, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if !exact || !reflect.DeepEqual(got, p) {
				t.Errorf("exact %v, got %#v, want %#v", exact, got, p)
			}
			prefixed, err := p.Append([]byte("before"))
			if err != nil || !bytes.Equal(prefixed, append([]byte("before"), b...)) {
				t.Errorf("Append does not append: %q, %v", prefixed, err)
			}
		})
	}
}

// Cut anywhere, with the length field corrected or not, a PDU is an error or
// (where a list just gets shorter) a smaller PDU, and never a crash.
func TestCut(t *testing.T) {
	t.Parallel()
	for _, p := range every() {
		b := encode(t, p)
		for n := range len(b) {
			if _, err := Decode(b[:n], Limits{}); err == nil {
				t.Errorf("%s cut at %d was accepted", p.Type(), n)
			}
			if n < HeaderLength {
				continue
			}
			cut := bytes.Clone(b[:n])
			cut[2], cut[3], cut[4], cut[5] = 0, 0, byte((n-HeaderLength)>>8), byte(n-HeaderLength)
			got, err := Decode(cut, Limits{})
			if err == nil && reflect.DeepEqual(got, p) {
				t.Errorf("%s shortened to %d decodes to the whole", p.Type(), n)
			}
			var fe *FormatError
			if err != nil && (!errors.As(err, &fe) || fe.Offset > n) {
				t.Errorf("%s shortened to %d: %v", p.Type(), n, err)
			}
		}
	}
}

func TestRecorded(t *testing.T) {
	t.Parallel()
	user := UserInformation{MaxLength: 16384, ImplementationClassUID: "1.2.276.0.7230010.3.0.3.6.7", ImplementationVersionName: "OFFIS_DCMTK_367"}
	tests := []struct {
		name, hex string
		want      PDU
		exact     bool
	}{
		{"associate request", dcmtkAssociateRQ, &AssociateRQ{ProtocolVersion: 1, CalledAETitle: "ARCHIVE", CallingAETitle: "MODALITY1",
			ApplicationContext: ApplicationContextName, PresentationContexts: []PresentationContextRQ{
				{1, "1.2.840.10008.1.1", []string{"1.2.840.10008.1.2"}}, {3, "1.2.840.10008.1.1", []string{"1.2.840.10008.1.2"}}},
			UserInformation: user}, false},
		{"associate accept", dcmtkAssociateAC, &AssociateAC{ProtocolVersion: 1, CalledAETitle: "ARCHIVE", CallingAETitle: "MODALITY1",
			ApplicationContext: ApplicationContextName, PresentationContexts: []PresentationContextAC{
				{1, Acceptance, "1.2.840.10008.1.2"}, {3, Acceptance, "1.2.840.10008.1.2"}},
			UserInformation: user}, true},
		{"release request", dcmtkReleaseRQ, &ReleaseRQ{}, true},
		{"release response", dcmtkReleaseRP, &ReleaseRP{}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := unhex(t, tt.hex)
			got, exact, err := decode(b, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			if exact != tt.exact || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("exact %v, got %+v\nwant %+v", exact, got, tt.want)
			}
			if again := encode(t, got); exact && !bytes.Equal(again, b) || len(again) != len(b) {
				t.Errorf("encodes to %x", again)
			}
		})
	}
	echo, err := Decode(unhex(t, dcmtkEchoRQ), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if v := echo.(*PDataTF).Items; len(v) != 1 || v[0].ContextID != 1 || !v[0].Command || !v[0].Last || len(v[0].Data) != 68 {
		t.Errorf("echo request: %+v", v)
	}
}

// item is a test's way to write items that Append would not.
func item(kind byte, value ...byte) []byte {
	return append([]byte{kind, 0, byte(len(value) >> 8), byte(len(value))}, value...)
}

// associate wraps variable items in the fixed part of an A-ASSOCIATE PDU.
func associate(kind Type, items ...[]byte) []byte {
	b := append([]byte{byte(kind), 0, 0, 0, 0, 0, 0, 1, 0, 0}, []byte(strings.Repeat(" ", 32)+strings.Repeat("\x00", 32))...)
	b = append(b, bytes.Join(items, nil)...)
	b, err := closePDU(b, 0)
	if err != nil {
		panic(err)
	}
	return b
}

func TestMalformed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		b      []byte
		limits Limits
		field  string
		offset int
	}{
		{"no header", []byte{1, 0, 0}, Limits{}, "header", 3},
		{"length beyond what follows", []byte{4, 0, 0, 0, 0, 9, 1}, Limits{}, "PDU length", 2},
		{"length short of what follows", []byte{7, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0}, Limits{}, "PDU length", 2},
		{"release of another length", []byte{5, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0}, Limits{}, "PDU length", 2},
		{"no PDV", []byte{4, 0, 0, 0, 0, 0}, Limits{}, "PDV item", 6},
		{"PDV header cut", []byte{4, 0, 0, 0, 0, 5, 0, 0, 0, 1, 1}, Limits{}, "PDV item header", 6},
		{"PDV shorter than its header", []byte{4, 0, 0, 0, 0, 6, 0, 0, 0, 1, 1, 3}, Limits{}, "PDV item length", 6},
		{"PDV longer than its PDU", []byte{4, 0, 0, 0, 0, 6, 0xFF, 0xFF, 0xFF, 0xFF, 1, 3}, Limits{}, "PDV item length", 6},
		{"P-DATA above the limit", []byte{4, 0, 0, 0, 0, 9}, Limits{MaxDataBytes: 8}, "PDU length", 2},
		{"associate above the limit", associate(TypeAssociateRQ), Limits{MaxAssociateBytes: 60}, "PDU length", 2},
		{"fixed fields cut", []byte{1, 0, 0, 0, 0, 4, 0, 1, 0, 0}, Limits{}, "called AE title", 10},
		{"item longer than its PDU", associate(TypeAssociateRQ, []byte{0x10, 0, 0, 9}), Limits{}, "item 0x10", 74},
		{"two application contexts", associate(TypeAssociateRQ, item(0x10, '1'), item(0x10, '1')), Limits{}, "application context item", 79},
		{"two user informations", associate(TypeAssociateRQ, item(0x50), item(0x50)), Limits{}, "user information item", 78},
		{"too many items", associate(TypeAssociateRQ, item(0x70), item(0x70), item(0x70)), Limits{MaxItems: 2}, "item", 82},
		{"too many PDVs", []byte{4, 0, 0, 0, 0, 12, 0, 0, 0, 2, 1, 3, 0, 0, 0, 2, 1, 3}, Limits{MaxItems: 1}, "PDV item", 12},
		{"two abstract syntaxes", associate(TypeAssociateRQ, item(0x20, 1, 0, 0, 0, 0x30, 0, 0, 0, 0x30, 0, 0, 0)), Limits{}, "abstract syntax sub-item", 86},
		{"accepted without transfer syntax", associate(TypeAssociateAC, item(0x21, 1, 0, 0, 0)), Limits{}, "transfer syntax sub-item", 82},
		{"accepted with two", associate(TypeAssociateAC, item(0x21, 1, 0, 0, 0, 0x40, 0, 0, 0, 0x40, 0, 0, 0)), Limits{}, "transfer syntax sub-item", 86},
		{"maximum length of 3 bytes", associate(TypeAssociateRQ, item(0x50, item(0x51, 1, 2, 3)...)), Limits{}, "maximum length received", 82},
		{"maximum length of 5 bytes", associate(TypeAssociateRQ, item(0x50, item(0x51, 1, 2, 3, 4, 5)...)), Limits{}, "maximum length sub-item", 86},
		{"two maximum lengths", associate(TypeAssociateRQ, item(0x50, append(item(0x51, 1, 2, 3, 4), item(0x51, 1, 2, 3, 4)...)...)), Limits{}, "user information sub-item 0x51", 86},
		{"role of 2", associate(TypeAssociateRQ, item(0x50, item(0x54, 0, 1, '1', 2, 0)...)), Limits{}, "SCU role", 85},
		{"UID beyond its item", associate(TypeAssociateRQ, item(0x50, item(0x56, 0xFF, 0xFF, '1')...)), Limits{}, "SOP class UID", 84},
		{"related UIDs beyond their item", associate(TypeAssociateRQ, item(0x50, item(0x57, 0, 0, 0, 0, 0, 9)...)), Limits{}, "related general SOP class identification", 88},
		{"related UID beyond the list", associate(TypeAssociateRQ, item(0x50, item(0x57, 0, 0, 0, 0, 0, 3, 0, 2, '1', '2')...)), Limits{}, "related general SOP class UID", 90},
		{"user identity cut", associate(TypeAssociateRQ, item(0x50, item(0x58, 1, 0, 0, 3, 'a')...)), Limits{}, "primary field", 86},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := Decode(tt.b, tt.limits)
			var fe *FormatError
			if !errors.As(err, &fe) {
				t.Fatalf("error %v, want a *FormatError", err)
			}
			if fe.Field != tt.field || fe.Offset != tt.offset {
				t.Errorf("%v; want %s at %d", err, tt.field, tt.offset)
			}
		})
	}
	var unknown *UnknownTypeError
	if _, err := Decode([]byte{8, 0, 0, 0, 0, 0}, Limits{}); !errors.As(err, &unknown) || unknown.Type != 8 {
		t.Errorf("type 8: %v", err)
	}
}

// What the standard tells a receiver to ignore is ignored.
func TestLenient(t *testing.T) {
	t.Parallel()
	context := func(items ...[]byte) []byte {
		return item(0x20, append([]byte{1, 0xAA, 0xBB, 0xCC}, bytes.Join(items, nil)...)...)
	}
	rq := associate(TypeAssociateRQ,
		item(0x50, item(0x52, []byte("1.2.3\x00")...)...), // before the contexts, without maximum length, UID padded
		context(item(0x40, '1'), item(0x77, 9), item(0x30, '2', ' ')),
		item(0x10, '3'))
	p, exact, err := decode(rq, Limits{})
	if err != nil || exact {
		t.Fatalf("exact %v, error %v", exact, err)
	}
	want := &AssociateRQ{ProtocolVersion: 1, ApplicationContext: "3",
		PresentationContexts: []PresentationContextRQ{{1, "2", []string{"1"}}},
		UserInformation:      UserInformation{OmitMaxLength: true, ImplementationClassUID: "1.2.3"}}
	if !reflect.DeepEqual(p, want) {
		t.Errorf("got %+v\nwant %+v", p, want)
	}
	// The transfer syntax of a refused context is not tested: PS3.8 9.3.3.2.
	for _, garbage := range [][]byte{nil, {0x40}, {0x40, 0, 0xFF, 0xFF}, {1, 2, 3, 4, 5}} {
		ac := associate(TypeAssociateAC, item(0x21, append([]byte{1, 0, 4, 0}, garbage...)...))
		p, err := Decode(ac, Limits{})
		if err != nil {
			t.Errorf("refused context with % x: %v", garbage, err)
			continue
		}
		if got := p.(*AssociateAC).PresentationContexts[0]; got != (PresentationContextAC{ID: 1, Result: TransferSyntaxesNotSupported}) {
			t.Errorf("refused context with % x: %+v", garbage, got)
		}
	}
	v, err := Decode([]byte{4, 7, 0, 0, 0, 6, 0, 0, 0, 2, 1, 0xFF}, Limits{})
	if err != nil || !v.(*PDataTF).Items[0].Command || !v.(*PDataTF).Items[0].Last {
		t.Errorf("reserved bits set: %+v, %v", v, err)
	}
}

func TestAppendRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("1", math.MaxUint16+1)
	user := func(u UserInformation) PDU { return &AssociateRQ{UserInformation: u} }
	tests := map[string]PDU{
		"called AE title":       &AssociateRQ{CalledAETitle: "SEVENTEEN_BYTES_A"},
		"calling AE title":      &AssociateAC{CallingAETitle: "SEVENTEEN_BYTES_A"},
		"application context":   &AssociateRQ{ApplicationContext: long},
		"abstract syntax":       &AssociateRQ{PresentationContexts: []PresentationContextRQ{{AbstractSyntax: long}}},
		"sum of context":        &AssociateRQ{PresentationContexts: []PresentationContextRQ{{TransferSyntaxes: []string{long[:40000], long[:40000]}}}},
		"transfer syntax":       &AssociateAC{PresentationContexts: []PresentationContextAC{{TransferSyntax: long}}},
		"class UID":             user(UserInformation{ImplementationClassUID: long}),
		"version name":          user(UserInformation{ImplementationVersionName: long}),
		"role":                  user(UserInformation{Roles: []RoleSelection{{SOPClassUID: long}}}),
		"extended":              user(UserInformation{ExtendedNegotiation: []ExtendedNegotiation{{Information: []byte(long)}}}),
		"extended UID":          user(UserInformation{ExtendedNegotiation: []ExtendedNegotiation{{SOPClassUID: long}}}),
		"common extended":       user(UserInformation{CommonExtended: []CommonExtended{{ServiceClassUID: long}}}),
		"common extended UIDs":  user(UserInformation{CommonExtended: []CommonExtended{{RelatedGeneralSOPClassUID: []string{long[:40000], long[:40000]}}}}),
		"identity":              user(UserInformation{UserIdentityRQ: &UserIdentityRQ{Primary: []byte(long)}}),
		"identity secondary":    user(UserInformation{UserIdentityRQ: &UserIdentityRQ{Secondary: []byte(long)}}),
		"identity response":     user(UserInformation{UserIdentityAC: &UserIdentityAC{ServerResponse: []byte(long)}}),
		"unknown item":          &AssociateRQ{Unknown: []Item{{Data: []byte(long)}}},
		"sum of the sub-items":  user(UserInformation{Unknown: []Item{{Data: []byte(long[:40000])}, {Data: []byte(long[:40000])}}}),
		"unknown item in an AC": &AssociateAC{Unknown: []Item{{Data: []byte(long)}}},
	}
	for name, p := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if b, err := p.Append([]byte("keep")); err == nil || string(b) != "keep" {
				t.Errorf("got %d bytes, %v", len(b), err)
			}
		})
	}
}

func TestReadHeader(t *testing.T) {
	t.Parallel()
	h, err := ReadHeader(strings.NewReader("\x04\x00\x00\x01\x00\x02rest"))
	if err != nil || h != (Header{TypePDataTF, 65538}) {
		t.Errorf("%+v, %v", h, err)
	}
	if _, err := ReadHeader(strings.NewReader("")); err != io.EOF {
		t.Errorf("nothing: %v", err)
	}
	if _, err := ReadHeader(strings.NewReader("\x04\x00")); err != io.ErrUnexpectedEOF {
		t.Errorf("cut: %v", err)
	}
}

func TestAppendDataHeader(t *testing.T) {
	t.Parallel()
	v := PDV{ContextID: 7, Last: true, Data: []byte("fragment")}
	got := append(AppendDataHeader(nil, v, len(v.Data)), v.Data...)
	if want := encode(t, &PDataTF{Items: []PDV{v}}); !bytes.Equal(got, want) {
		t.Errorf("got % x\nwant % x", got, want)
	}
}
