package ul

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"pacsuat/internal/dicom/pdu"
)

// NegotiatedContext is a presentation context as proposed and answered.
type NegotiatedContext struct {
	ID             uint8
	AbstractSyntax string
	TransferSyntax string // empty unless Result is pdu.Acceptance
	Result         pdu.ContextResult
	// SCU and SCP are the roles of the association's requestor for this
	// abstract syntax, as agreed. See PS3.7 D.3.3.4.
	SCU, SCP bool
}

// MaxContexts is how many odd IDs fit one byte. See PS3.8 9.3.2.2.
const MaxContexts = 128

// AssociateRequest builds the A-ASSOCIATE-RQ that Request sends. It is pure.
// It fails for what the standard forbids: no AE title, no or too many
// presentation contexts, an ID that is even or used twice, a context without
// abstract or transfer syntax.
func AssociateRequest(c RequestorConfig) (*pdu.AssociateRQ, error) {
	for _, t := range []struct{ name, title string }{{"called", c.CalledAETitle}, {"calling", c.CallingAETitle}} {
		if err := checkAETitle(t.title); err != nil {
			return nil, fmt.Errorf("%s AE title %q: %w", t.name, t.title, err)
		}
	}
	rq := &pdu.AssociateRQ{
		ProtocolVersion:    pdu.ProtocolVersion1,
		CalledAETitle:      c.CalledAETitle,
		CallingAETitle:     c.CallingAETitle,
		ApplicationContext: orDefault(c.ApplicationContext, pdu.ApplicationContextName),
		UserInformation: pdu.UserInformation{
			MaxLength:                 announced(c.MaxPDULength),
			ImplementationClassUID:    orDefault(c.ImplementationClassUID, ImplementationClassUID),
			ImplementationVersionName: orDefault(c.ImplementationVersionName, ImplementationVersionName),
			AsyncOpsWindow:            c.AsyncOpsWindow,
			Roles:                     c.Roles,
			ExtendedNegotiation:       c.ExtendedNegotiation,
			CommonExtended:            c.CommonExtended,
			UserIdentityRQ:            c.UserIdentity,
		},
	}
	if len(c.Contexts) > MaxContexts {
		return nil, fmt.Errorf("%d presentation contexts proposed, %d fit one association: use several", len(c.Contexts), MaxContexts)
	}
	var used [256]bool
	for _, p := range c.Contexts {
		used[p.ID] = true
	}
	next := 1
	for _, p := range c.Contexts {
		id := p.ID
		if id == 0 {
			for next < len(used) && used[next] {
				next += 2
			}
			if next >= len(used) {
				return nil, errors.New("no odd presentation context ID is left")
			}
			id = uint8(next)
			used[next] = true
		}
		rq.PresentationContexts = append(rq.PresentationContexts,
			pdu.PresentationContextRQ{ID: id, AbstractSyntax: p.AbstractSyntax, TransferSyntaxes: p.TransferSyntaxes})
	}
	return rq, checkContexts(rq)
}

func checkAETitle(title string) error {
	switch {
	case len(title) > 16:
		return fmt.Errorf("has %d bytes, 16 fit", len(title))
	case strings.Trim(title, " ") == "":
		return errors.New("must not be empty or all spaces")
	case strings.ContainsFunc(title, func(r rune) bool { return r < 0x20 || r > 0x7E || r == '\\' }):
		return errors.New("holds a control character, a backslash or a character outside ISO IR 6")
	}
	return nil
}

// checkContexts holds a request to PS3.8 9.3.2.2.
func checkContexts(rq *pdu.AssociateRQ) error {
	if len(rq.PresentationContexts) == 0 {
		return errors.New("no presentation context is proposed")
	}
	var used [256]bool
	for _, p := range rq.PresentationContexts {
		switch {
		case p.ID%2 == 0:
			return fmt.Errorf("presentation context ID %d is not odd", p.ID)
		case used[p.ID]:
			return fmt.Errorf("presentation context ID %d is used twice", p.ID)
		case p.AbstractSyntax == "":
			return fmt.Errorf("presentation context %d has no abstract syntax", p.ID)
		case len(p.TransferSyntaxes) == 0:
			return fmt.Errorf("presentation context %d has no transfer syntax", p.ID)
		}
		used[p.ID] = true
	}
	return nil
}

// NegotiateAcceptor answers the presentation contexts and roles of a request.
// It is pure. Every proposed context gets an answer, in the order proposed:
// the first transfer syntax of supported's list that was proposed too, or
// abstract-syntax-not-supported (3), or transfer-syntaxes-not-supported (4).
// Roles proposed for supported abstract syntaxes are accepted as proposed,
// except none at all; other role selections are not answered, which means the
// default roles (PS3.7 D.3.3.4).
func NegotiateAcceptor(rq *pdu.AssociateRQ, supported map[string][]string) ([]pdu.PresentationContextAC, []pdu.RoleSelection) {
	contexts := make([]pdu.PresentationContextAC, 0, len(rq.PresentationContexts))
	for _, p := range rq.PresentationContexts {
		c := pdu.PresentationContextAC{ID: p.ID, Result: pdu.AbstractSyntaxNotSupported}
		if len(p.TransferSyntaxes) > 0 {
			// Not significant in a refusal, but some item has to be there.
			c.TransferSyntax = p.TransferSyntaxes[0]
		}
		if preferred, ok := supported[p.AbstractSyntax]; ok {
			c.Result = pdu.TransferSyntaxesNotSupported
			for _, ts := range preferred {
				if slices.Contains(p.TransferSyntaxes, ts) {
					c.Result, c.TransferSyntax = pdu.Acceptance, ts
					break
				}
			}
		}
		contexts = append(contexts, c)
	}
	var roles []pdu.RoleSelection
	for _, r := range rq.UserInformation.Roles {
		if _, ok := supported[r.SOPClassUID]; ok && (r.SCU || r.SCP) {
			roles = append(roles, r)
		}
	}
	return contexts, roles
}

// Negotiated joins a request and its answer. It is pure. The result has one
// entry per proposed context, in the order proposed. The remarks say, one
// sentence each, where the answer departs from the standard; such a context
// counts as refused (no reason), so that nothing is sent in it.
func Negotiated(rq *pdu.AssociateRQ, ac *pdu.AssociateAC) (contexts []NegotiatedContext, remarks []string) {
	remark := func(format string, args ...any) { remarks = append(remarks, fmt.Sprintf(format, args...)) }
	answers := make(map[uint8]pdu.PresentationContextAC, len(ac.PresentationContexts))
	for _, c := range ac.PresentationContexts {
		if _, double := answers[c.ID]; double {
			remark("presentation context %d was answered twice; the first answer counts", c.ID)
			continue
		}
		answers[c.ID] = c
	}
	for _, p := range rq.PresentationContexts {
		n := NegotiatedContext{ID: p.ID, AbstractSyntax: p.AbstractSyntax, Result: pdu.NoReason, SCU: true}
		answer, ok := answers[p.ID]
		delete(answers, p.ID)
		switch {
		case !ok:
			remark("presentation context %d was not answered", p.ID)
		case answer.Result > pdu.TransferSyntaxesNotSupported:
			remark("presentation context %d was answered with the unknown result %d", p.ID, answer.Result)
		case answer.Result == pdu.Acceptance && !slices.Contains(p.TransferSyntaxes, answer.TransferSyntax):
			remark("presentation context %d was accepted with a transfer syntax that was not proposed: %q", p.ID, answer.TransferSyntax)
		case answer.Result == pdu.Acceptance:
			n.Result, n.TransferSyntax = pdu.Acceptance, answer.TransferSyntax
		default:
			n.Result = answer.Result
		}
		n.SCU, n.SCP = agreedRoles(p.AbstractSyntax, rq, ac)
		contexts = append(contexts, n)
	}
	for _, c := range ac.PresentationContexts {
		if _, left := answers[c.ID]; left {
			remark("presentation context %d was answered but not proposed", c.ID)
			delete(answers, c.ID)
		}
	}
	if ac.ApplicationContext != rq.ApplicationContext {
		remark("the application context of the answer is %q", ac.ApplicationContext)
	}
	if ac.UserInformation.OmitMaxLength {
		remark("the answer has no maximum length")
	}
	if ac.UserInformation.ImplementationClassUID == "" {
		remark("the answer has no implementation class UID")
	}
	for _, r := range ac.UserInformation.Roles {
		proposed, ok := roleFor(r.SOPClassUID, rq.UserInformation.Roles)
		if !ok {
			remark("roles were answered but not proposed for %s", r.SOPClassUID)
		} else if r.SCU && !proposed.SCU || r.SCP && !proposed.SCP {
			remark("a role was accepted but not proposed for %s", r.SOPClassUID)
		}
	}
	return contexts, remarks
}

// agreedRoles is PS3.7 D.3.3.4: without an answer the defaults hold, and an
// answer can only take away from what was proposed.
func agreedRoles(sopClassUID string, rq *pdu.AssociateRQ, ac *pdu.AssociateAC) (scu, scp bool) {
	proposed, ok := roleFor(sopClassUID, rq.UserInformation.Roles)
	if !ok {
		return true, false
	}
	answer, ok := roleFor(sopClassUID, ac.UserInformation.Roles)
	if !ok {
		return true, false
	}
	return proposed.SCU && answer.SCU, proposed.SCP && answer.SCP
}

func roleFor(sopClassUID string, roles []pdu.RoleSelection) (pdu.RoleSelection, bool) {
	for _, r := range roles {
		if r.SOPClassUID == sopClassUID {
			return r, true
		}
	}
	return pdu.RoleSelection{}, false
}

// reject returns the rejection that PS3.8 demands before the service user is
// asked, or nil.
func reject(rq *pdu.AssociateRQ) *pdu.AssociateRJ {
	switch {
	case rq.ProtocolVersion&pdu.ProtocolVersion1 == 0:
		return &pdu.AssociateRJ{Result: pdu.RejectedPermanent, Source: pdu.RejectProviderACSE,
			Reason: pdu.RejectACSEProtocolVersionNotSupported}
	case rq.ApplicationContext != pdu.ApplicationContextName:
		return &pdu.AssociateRJ{Result: pdu.RejectedPermanent, Source: pdu.RejectServiceUser,
			Reason: pdu.RejectUserApplicationContextNotSupported}
	}
	return nil
}

// answer builds the A-ASSOCIATE-AC. It is pure but for the functions of c.
func answer(rq *pdu.AssociateRQ, c AcceptorConfig) *pdu.AssociateAC {
	ac := &pdu.AssociateAC{
		ProtocolVersion:    pdu.ProtocolVersion1,
		CalledAETitle:      rq.CalledAETitle,
		CallingAETitle:     rq.CallingAETitle,
		Reserved:           rq.Reserved,
		ApplicationContext: rq.ApplicationContext,
		UserInformation: pdu.UserInformation{
			MaxLength:                 announced(c.MaxPDULength),
			ImplementationClassUID:    orDefault(c.ImplementationClassUID, ImplementationClassUID),
			ImplementationVersionName: orDefault(c.ImplementationVersionName, ImplementationVersionName),
		},
	}
	if c.Negotiate != nil {
		ac.PresentationContexts, ac.UserInformation.Roles = c.Negotiate(rq)
	} else {
		ac.PresentationContexts, ac.UserInformation.Roles = NegotiateAcceptor(rq, c.Supported)
	}
	if c.AdjustAnswer != nil {
		c.AdjustAnswer(rq, ac)
	}
	return ac
}
