package ul

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/pdu"
)

const (
	verification = "1.2.840.10008.1.1"
	ctStorage    = "1.2.840.10008.5.1.4.1.1.2"
	implicitLE   = "1.2.840.10008.1.2"
	explicitLE   = "1.2.840.10008.1.2.1"
	jpegLossless = "1.2.840.10008.1.2.4.70"
)

func TestAssociateRequest(t *testing.T) {
	t.Parallel()
	one := []ProposedContext{{AbstractSyntax: verification, TransferSyntaxes: []string{implicitLE}}}
	tests := []struct {
		name    string
		config  RequestorConfig
		wantIDs []uint8
		wantErr string
	}{
		{"one", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: one}, []uint8{1}, ""},
		{"IDs around given ones", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: slices.Concat(one,
			[]ProposedContext{{ID: 3, AbstractSyntax: "1", TransferSyntaxes: []string{"2"}}}, one, []ProposedContext{{ID: 1, AbstractSyntax: "1", TransferSyntaxes: []string{"2"}}})},
			[]uint8{5, 3, 7, 1}, ""},
		{"128", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: slices.Repeat(one, 128)}, allIDs(), ""},
		{"129", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: slices.Repeat(one, 129)}, nil, "129 presentation contexts"},
		{"none", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B"}, nil, "no presentation context"},
		{"even ID", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: []ProposedContext{{2, "1", []string{"2"}}}}, nil, "not odd"},
		{"ID twice", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: []ProposedContext{{3, "1", []string{"2"}}, {3, "1", []string{"2"}}}}, nil, "twice"},
		{"no abstract syntax", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: []ProposedContext{{3, "", []string{"2"}}}}, nil, "no abstract"},
		{"no transfer syntax", RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: []ProposedContext{{3, "1", nil}}}, nil, "no transfer"},
		{"no calling AE title", RequestorConfig{CallingAETitle: "", CalledAETitle: "B", Contexts: one}, nil, "calling AE title"},
		{"called AE title of spaces", RequestorConfig{CallingAETitle: "A", CalledAETitle: "  ", Contexts: one}, nil, "called AE title"},
		{"AE title of 17", RequestorConfig{CallingAETitle: "SEVENTEEN_BYTES_A", CalledAETitle: "B", Contexts: one}, nil, "17 bytes"},
		{"AE title with backslash", RequestorConfig{CallingAETitle: `A\B`, CalledAETitle: "B", Contexts: one}, nil, "backslash"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rq, err := AssociateRequest(tt.config)
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Fatalf("error %v, want %q", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var ids []uint8
			for _, c := range rq.PresentationContexts {
				ids = append(ids, c.ID)
			}
			if !slices.Equal(ids, tt.wantIDs) {
				t.Errorf("IDs %d, want %d", ids, tt.wantIDs)
			}
			u := rq.UserInformation
			if rq.ApplicationContext != pdu.ApplicationContextName || u.MaxLength != DefaultMaxPDULength ||
				u.ImplementationClassUID != ImplementationClassUID || u.ImplementationVersionName != ImplementationVersionName {
				t.Errorf("defaults: %+v", rq)
			}
		})
	}
	rq, err := AssociateRequest(RequestorConfig{CallingAETitle: "A", CalledAETitle: "B", Contexts: one, MaxPDULength: NoLimit})
	if err != nil || rq.UserInformation.MaxLength != 0 {
		t.Errorf("no limit is announced as %d, %v", rq.UserInformation.MaxLength, err)
	}
}

func allIDs() (ids []uint8) {
	for id := 1; id < 256; id += 2 {
		ids = append(ids, uint8(id))
	}
	return ids
}

func TestNegotiateAcceptor(t *testing.T) {
	t.Parallel()
	rq := &pdu.AssociateRQ{
		PresentationContexts: []pdu.PresentationContextRQ{
			{ID: 1, AbstractSyntax: ctStorage, TransferSyntaxes: []string{implicitLE, explicitLE}},
			{ID: 3, AbstractSyntax: ctStorage, TransferSyntaxes: []string{jpegLossless}},
			{ID: 5, AbstractSyntax: "1.2.3", TransferSyntaxes: []string{implicitLE}},
			{ID: 7, AbstractSyntax: verification, TransferSyntaxes: []string{implicitLE}},
		},
		UserInformation: pdu.UserInformation{Roles: []pdu.RoleSelection{
			{SOPClassUID: ctStorage, SCU: true, SCP: true}, {SOPClassUID: "1.2.3", SCP: true}, {SOPClassUID: verification}}},
	}
	contexts, roles := NegotiateAcceptor(rq, map[string][]string{ctStorage: {explicitLE, implicitLE}, verification: {implicitLE}})
	wantContexts := []pdu.PresentationContextAC{
		{ID: 1, Result: pdu.Acceptance, TransferSyntax: explicitLE}, // the acceptor's preference
		{ID: 3, Result: pdu.TransferSyntaxesNotSupported, TransferSyntax: jpegLossless},
		{ID: 5, Result: pdu.AbstractSyntaxNotSupported, TransferSyntax: implicitLE},
		{ID: 7, Result: pdu.Acceptance, TransferSyntax: implicitLE},
	}
	if !slices.Equal(contexts, wantContexts) {
		t.Errorf("contexts %+v\nwant %+v", contexts, wantContexts)
	}
	if want := rq.UserInformation.Roles[:1]; !slices.Equal(roles, want) {
		t.Errorf("roles %+v, want %+v", roles, want)
	}
}

func TestNegotiated(t *testing.T) {
	t.Parallel()
	propose := func(id uint8) pdu.PresentationContextRQ {
		return pdu.PresentationContextRQ{ID: id, AbstractSyntax: ctStorage, TransferSyntaxes: []string{implicitLE, explicitLE}}
	}
	tests := []struct {
		name    string
		answer  []pdu.PresentationContextAC
		want    NegotiatedContext
		remarks []string
	}{
		{"accepted", []pdu.PresentationContextAC{{ID: 1, TransferSyntax: explicitLE}},
			NegotiatedContext{ID: 1, TransferSyntax: explicitLE}, nil},
		{"refused", []pdu.PresentationContextAC{{ID: 1, Result: pdu.AbstractSyntaxNotSupported, TransferSyntax: explicitLE}},
			NegotiatedContext{ID: 1, Result: pdu.AbstractSyntaxNotSupported}, nil},
		{"not answered", nil, NegotiatedContext{ID: 1, Result: pdu.NoReason}, []string{"context 1 was not answered"}},
		{"another transfer syntax", []pdu.PresentationContextAC{{ID: 1, TransferSyntax: jpegLossless}},
			NegotiatedContext{ID: 1, Result: pdu.NoReason}, []string{"not proposed"}},
		{"unknown result", []pdu.PresentationContextAC{{ID: 1, Result: 5}},
			NegotiatedContext{ID: 1, Result: pdu.NoReason}, []string{"unknown result 5"}},
		{"answered twice", []pdu.PresentationContextAC{{ID: 1, TransferSyntax: implicitLE}, {ID: 1, TransferSyntax: explicitLE}},
			NegotiatedContext{ID: 1, TransferSyntax: implicitLE}, []string{"answered twice"}},
		{"another ID", []pdu.PresentationContextAC{{ID: 1, TransferSyntax: implicitLE}, {ID: 3, TransferSyntax: implicitLE}},
			NegotiatedContext{ID: 1, TransferSyntax: implicitLE}, []string{"context 3 was answered but not proposed"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rq := &pdu.AssociateRQ{PresentationContexts: []pdu.PresentationContextRQ{propose(1)}}
			ac := &pdu.AssociateAC{PresentationContexts: tt.answer, UserInformation: pdu.UserInformation{ImplementationClassUID: "1"}}
			got, remarks := Negotiated(rq, ac)
			tt.want.AbstractSyntax, tt.want.SCU = ctStorage, true
			if !reflect.DeepEqual(got, []NegotiatedContext{tt.want}) {
				t.Errorf("got %+v\nwant %+v", got, tt.want)
			}
			checkRemarks(t, remarks, tt.remarks)
		})
	}
}

func checkRemarks(t *testing.T, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("remarks %q, want %q", got, want)
	}
	for i := range want {
		if !strings.Contains(got[i], want[i]) {
			t.Errorf("remark %q, want %q", got[i], want[i])
		}
	}
}

// The answer can take roles away and never add any: PS3.7 D.3.3.4.
func TestRoles(t *testing.T) {
	t.Parallel()
	role := func(s string) []pdu.RoleSelection {
		if s == "" {
			return nil
		}
		return []pdu.RoleSelection{{SOPClassUID: ctStorage, SCU: s[0] == '1', SCP: s[1] == '1'}}
	}
	tests := []struct {
		proposed, answered string // "SCU SCP" as bits, empty = no item
		scu, scp           bool
		remarks            []string
	}{
		{"", "", true, false, nil},
		{"01", "", true, false, nil},
		{"01", "01", false, true, nil},
		{"11", "11", true, true, nil},
		{"11", "10", true, false, nil},
		{"11", "01", false, true, nil},
		{"11", "00", false, false, nil},
		{"01", "11", false, true, []string{"accepted but not proposed"}},
		{"", "11", true, false, []string{"answered but not proposed"}},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s answered %s", tt.proposed, tt.answered), func(t *testing.T) {
			t.Parallel()
			rq := &pdu.AssociateRQ{PresentationContexts: []pdu.PresentationContextRQ{{ID: 1, AbstractSyntax: ctStorage, TransferSyntaxes: []string{implicitLE}}},
				UserInformation: pdu.UserInformation{Roles: role(tt.proposed)}}
			ac := &pdu.AssociateAC{PresentationContexts: []pdu.PresentationContextAC{{ID: 1, TransferSyntax: implicitLE}},
				UserInformation: pdu.UserInformation{ImplementationClassUID: "1", Roles: role(tt.answered)}}
			got, remarks := Negotiated(rq, ac)
			if got[0].SCU != tt.scu || got[0].SCP != tt.scp {
				t.Errorf("SCU %v SCP %v, want %v %v", got[0].SCU, got[0].SCP, tt.scu, tt.scp)
			}
			checkRemarks(t, remarks, tt.remarks)
		})
	}
}
