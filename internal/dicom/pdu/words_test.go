package pdu

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	t.Parallel()
	tests := []struct {
		got  fmt.Stringer
		want string
	}{
		{AssociateRJ{1, 1, 1}, "rejected permanently by service user: no reason given (1/1/1)"},
		{AssociateRJ{1, 1, 2}, "rejected permanently by service user: application context name not supported (1/1/2)"},
		{AssociateRJ{1, 1, 3}, "rejected permanently by service user: calling AE title not recognized (1/1/3)"},
		{AssociateRJ{1, 1, 7}, "rejected permanently by service user: called AE title not recognized (1/1/7)"},
		{AssociateRJ{1, 2, 1}, "rejected permanently by service provider (ACSE): no reason given (1/2/1)"},
		{AssociateRJ{1, 2, 2}, "rejected permanently by service provider (ACSE): protocol version not supported (1/2/2)"},
		{AssociateRJ{2, 3, 1}, "rejected transiently by service provider (presentation): temporary congestion (2/3/1)"},
		{AssociateRJ{2, 3, 2}, "rejected transiently by service provider (presentation): local limit exceeded (2/3/2)"},
		{AssociateRJ{9, 1, 9}, "rejected by service user: unknown reason (9/1/9)"},
		{AssociateRJ{1, 9, 1}, "rejected permanently by unknown source: unknown reason (1/9/1)"},
		{Abort{0, 3}, "aborted by service user (0/3)"},
		{Abort{1, 0}, "aborted by unknown source (1/0)"},
		{Abort{2, 0}, "aborted by service provider: reason not specified (2/0)"},
		{Abort{2, 1}, "aborted by service provider: unrecognized PDU (2/1)"},
		{Abort{2, 2}, "aborted by service provider: unexpected PDU (2/2)"},
		{Abort{2, 3}, "aborted by service provider: unknown reason (2/3)"},
		{Abort{2, 4}, "aborted by service provider: unrecognized PDU parameter (2/4)"},
		{Abort{2, 5}, "aborted by service provider: unexpected PDU parameter (2/5)"},
		{Abort{2, 6}, "aborted by service provider: invalid PDU parameter value (2/6)"},
		{Acceptance, "acceptance (0)"},
		{UserRejection, "user rejection (1)"},
		{NoReason, "no reason (provider rejection) (2)"},
		{AbstractSyntaxNotSupported, "abstract syntax not supported (3)"},
		{TransferSyntaxesNotSupported, "transfer syntaxes not supported (4)"},
		{ContextResult(5), "unknown result (5)"},
		{Type(0x99), "PDU type 0x99"},
	}
	for _, tt := range tests {
		if got := tt.got.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
	const want = "P-DATA-TF: PDV item at byte 6: holds none"
	if _, err := Decode([]byte{4, 0, 0, 0, 0, 0}, Limits{}); err.Error() != want {
		t.Errorf("got %q, want %q", err, want)
	}
}

// A user identity is in no printed form and in no masked bytes.
func TestUserIdentityIsMasked(t *testing.T) {
	t.Parallel()
	secrets := []string{"someone", "secret", "ticket"}
	for _, p := range every() {
		b := encode(t, p)
		masked := MaskUserIdentity(b)
		if len(masked) != len(b) {
			t.Fatalf("%s: %d bytes became %d", p.Type(), len(b), len(masked))
		}
		for _, s := range secrets {
			if bytes.Contains(masked, []byte(s)) {
				t.Errorf("%s: %q is not masked", p.Type(), s)
			}
			for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
				for _, part := range identities(p) {
					if strings.Contains(fmt.Sprintf(verb, part), s) {
						t.Errorf("%s: %q is printed by %s", p.Type(), s, verb)
					}
				}
			}
		}
		if got, err := Decode(masked, Limits{}); err != nil || got.Type() != p.Type() {
			t.Errorf("%s: masked bytes do not decode: %v", p.Type(), err)
		}
		if identities(p) == nil && !bytes.Equal(masked, b) {
			t.Errorf("%s: changed without a user identity in it", p.Type())
		}
		// Damaged anywhere, nothing leaks either.
		for n := range b {
			for _, s := range secrets {
				if bytes.Contains(MaskUserIdentity(b[:n]), []byte(s)) {
					t.Errorf("%s cut at %d: %q is not masked", p.Type(), n, s)
				}
			}
		}
	}
}

func identities(p PDU) []any {
	switch p := p.(type) {
	case *AssociateRQ:
		return []any{p.UserInformation.UserIdentityRQ, *p.UserInformation.UserIdentityRQ}
	case *AssociateAC:
		return []any{p.UserInformation.UserIdentityAC, *p.UserInformation.UserIdentityAC}
	}
	return nil
}
