package steps

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

var associationHandlers = map[string]handler{
	"association.unknown-calling":      (*World).unknownCalling,
	"association.unknown-called":       (*World).unknownCalled,
	"association.unknown-context":      (*World).unknownApplicationContext,
	"association.refused-calling":      refusedFor("the calling AE title", pdu.RejectServiceUser, pdu.RejectUserCallingAETitleNotRecognized),
	"association.refused-called":       refusedFor("the called AE title", pdu.RejectServiceUser, pdu.RejectUserCalledAETitleNotRecognized),
	"association.refused-context":      refusedFor("the application context", pdu.RejectServiceUser, pdu.RejectUserApplicationContextNotSupported),
	"association.no-such-service":      (*World).noSuchService,
	"association.service-not-accepted": (*World).serviceNotAccepted,
	"association.one-encoding":         (*World).oneEncoding,
	"association.encoding-offered":     (*World).encodingOffered,
	"association.contexts":             (*World).manyContexts,
	"association.contexts-answered":    (*World).contextsAnswered,
	"association.window":               (*World).windowOffered,
	"association.window-kept":          (*World).windowKept,
	"association.idle":                 (*World).stayIdle,
	"association.usable":               (*World).stillUsable,
	"association.released":             (*World).openedAndReleased,
	"association.release-confirmed":    (*World).releaseConfirmed,
	"association.packets":              (*World).packetsAgreed,
}

// negotiation is how the last association request of a scenario was answered.
type negotiation struct {
	requested bool
	rejection *ul.RejectedError // nil: not rejected
	accepted  bool
	rq        *pdu.AssociateRQ
	ac        *pdu.AssociateAC

	released     bool // asked for; what came of it follows
	releaseTook  time.Duration
	releaseError error
	releaseLimit bool

	// Largest P-DATA-TF body that the system sent, and what it was told.
	largestPacket, agreedPacket int64
	packets                     int
}

// request asks for an association and keeps the answer, whichever it is. A
// rejection is an answer and no error.
func (w *World) request(ctx context.Context, c ul.RequestorConfig) (*scu.Client, error) {
	w.negotiation = negotiation{} // an answer to another request is none to this
	n := &w.negotiation
	client, err := w.env.System.dial(ctx, w, store, c)
	var rejected *ul.RejectedError
	if errors.As(err, &rejected) {
		n.requested, n.rejection = true, rejected
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	n.requested, n.accepted, n.rq, n.ac = true, true, client.Association().RQ(), client.Association().AC()
	return client, nil
}

// requestOnly does the same and ends an association that was accepted.
func (w *World) requestOnly(ctx context.Context, c ul.RequestorConfig) error {
	client, err := w.request(ctx, c)
	if client != nil {
		release(ctx, client)
	}
	return err
}

// unknownAETitle is registered nowhere: the description may name another.
func (w *World) unknownAETitle() string { return w.env.Enterprise.Harness.UnknownAETitle }

func (w *World) unknownCalling(ctx context.Context, _ vocab.Args) error {
	c := verification()
	c.CallingAETitle = w.unknownAETitle()
	return w.requestOnly(ctx, c)
}

func (w *World) unknownCalled(ctx context.Context, _ vocab.Args) error {
	c := verification()
	c.CalledAETitle = w.unknownAETitle()
	return w.requestOnly(ctx, c)
}

func (w *World) unknownApplicationContext(ctx context.Context, _ vocab.Args) error {
	c := verification()
	c.ApplicationContext = w.identity.UID("application-context")
	return w.requestOnly(ctx, c)
}

var errNoRequest = &Error{Cause: rundir.CauseEngine, Doing: "judging an association", Err: errors.New("no association was requested before this step")}

// refusedFor returns a handler that expects a rejection for a reason. Whether it
// is permanent or transient is the acceptor's to say: PS3.8 9.3.4 ties no reason
// to either.
func refusedFor(what string, source, reason uint8) handler {
	want := []string{
		pdu.AssociateRJ{Result: pdu.RejectedPermanent, Source: source, Reason: reason}.String(),
		pdu.AssociateRJ{Result: pdu.RejectedTransient, Source: source, Reason: reason}.String(),
	}
	return func(w *World, _ context.Context, _ vocab.Args) error {
		n := &w.negotiation
		if !n.requested {
			return errNoRequest
		}
		got := "accepted"
		if n.rejection != nil {
			got = pdu.AssociateRJ{Result: n.rejection.Result, Source: n.rejection.Source, Reason: n.rejection.Reason}.String()
		}
		w.checkText("association.rejection", w.env.System.Name, rundir.OneOf, rundir.Texts(want...), got,
			fmt.Sprintf("the request should have been refused because of %s; it was answered: %s", what, got))
		return nil
	}
}

func (w *World) noSuchService(ctx context.Context, _ vocab.Args) error {
	c := verification()
	c.Contexts = append(c.Contexts, ul.ProposedContext{
		AbstractSyntax: w.identity.UID("service"), TransferSyntaxes: []string{string(dataset.ImplicitVRLittleEndian)},
	})
	return w.requestOnly(ctx, c)
}

// acceptedContexts needs an answer in which contexts can be looked at.
func (w *World) acceptedContexts() (map[uint8]pdu.PresentationContextAC, error) {
	n := &w.negotiation
	if !n.requested {
		return nil, errNoRequest
	}
	if n.rejection != nil {
		return nil, &Error{Cause: rundir.CauseRefused, System: w.env.System.Name, Doing: "requesting an association", Err: n.rejection}
	}
	answered := map[uint8]pdu.PresentationContextAC{}
	for _, c := range n.ac.PresentationContexts {
		answered[c.ID] = c
	}
	return answered, nil
}

func (w *World) serviceNotAccepted(context.Context, vocab.Args) error {
	answered, err := w.acceptedContexts()
	if err != nil {
		return err
	}
	offered := w.negotiation.rq.PresentationContexts
	known, unknown := answered[offered[0].ID], answered[offered[1].ID]
	t := w.env.System.Name
	w.checkText("association.verification-context", t, rundir.Equal, rundir.Text(pdu.Acceptance.String()), known.Result.String(),
		"Verification was answered: "+known.Result.String())
	w.checkText("association.unknown-context", t, rundir.NotEqual, rundir.Text(pdu.Acceptance.String()), unknown.Result.String(),
		"a service that does not exist was answered: "+unknown.Result.String())
	return nil
}

func (w *World) oneEncoding(ctx context.Context, a vocab.Args) error {
	c := verification()
	c.Contexts[0].TransferSyntaxes = []string{string(encoding(a.Text(0)))}
	return w.requestOnly(ctx, c)
}

func (w *World) encodingOffered(context.Context, vocab.Args) error {
	answered, err := w.acceptedContexts()
	if err != nil {
		return err
	}
	foreign := 0
	for _, o := range w.negotiation.rq.PresentationContexts {
		got := answered[o.ID]
		if got.Result != pdu.Acceptance {
			continue
		}
		offered := false
		for _, ts := range o.TransferSyntaxes {
			offered = offered || ts == got.TransferSyntax
		}
		if !offered {
			foreign++
		}
	}
	w.check("association.foreign-encodings", w.env.System.Name, rundir.Equal, 0, foreign, len(answered), "presentation contexts",
		fmt.Sprintf("%d presentation contexts were accepted in an encoding that had not been offered", foreign))
	return nil
}

func (w *World) manyContexts(ctx context.Context, a vocab.Args) error {
	var c ul.RequestorConfig
	classes := dimse.StorageClasses()
	for i := range a.Int(0) {
		c.Contexts = append(c.Contexts, ul.ProposedContext{
			AbstractSyntax:   classes[i%len(classes)].UID,
			TransferSyntaxes: []string{string([]dataset.TransferSyntax{dataset.ExplicitVRLittleEndian, dataset.ImplicitVRLittleEndian}[i/len(classes)%2])},
		})
	}
	return w.requestOnly(ctx, c)
}

func (w *World) contextsAnswered(context.Context, vocab.Args) error {
	answered, err := w.acceptedContexts()
	if err != nil {
		return err
	}
	offered := w.negotiation.rq.PresentationContexts
	with := 0
	for _, o := range offered {
		if _, ok := answered[o.ID]; ok {
			with++
		}
	}
	w.check("association.contexts-answered", w.env.System.Name, rundir.Equal, len(offered), with, len(offered), "presentation contexts",
		fmt.Sprintf("%d presentation contexts were offered and %d answered", len(offered), with))
	return nil
}

func (w *World) windowOffered(ctx context.Context, a vocab.Args) error {
	c := verification()
	c.AsyncOpsWindow = &pdu.AsyncOpsWindow{Invoked: uint16(a.Int(0)), Performed: uint16(a.Int(0))}
	return w.requestOnly(ctx, c)
}

func (w *World) windowKept(_ context.Context, a vocab.Args) error {
	if _, err := w.acceptedContexts(); err != nil {
		return err
	}
	// Absent means one; 0 means without limit, which is more than was offered.
	agreed := 1
	if win := w.negotiation.ac.UserInformation.AsyncOpsWindow; win != nil {
		agreed = int(max(win.Invoked, win.Performed))
		if win.Invoked == 0 || win.Performed == 0 {
			agreed = 1 << 16
		}
	}
	w.check("association.window", w.env.System.Name, rundir.LessOrEqual, a.Int(0), agreed, 1, "operations",
		fmt.Sprintf("%d operations at once were agreed, at most %d had been offered", agreed, a.Int(0)))
	return nil
}

func (w *World) stayIdle(ctx context.Context, a vocab.Args) error {
	client, err := w.env.System.dial(ctx, w, store, verification())
	if err != nil {
		return err
	}
	w.leaveOpen(client)
	return w.pause(ctx, a.Duration(0))
}

func (w *World) stillUsable(ctx context.Context, _ vocab.Args) error {
	open := w.opened()
	if len(open) == 0 {
		return errNoRequest
	}
	err := w.echoOn(ctx, open[len(open)-1])
	if ours(err) {
		return err
	}
	usable, detail := 1, ""
	switch {
	case err != nil:
		usable, detail = 0, err.Error()
	case w.echo.status != dimse.StatusSuccess:
		usable, detail = 0, "an echo on it was answered "+w.echo.status.String()
	}
	w.check("association.usable", w.env.System.Name, rundir.Equal, 1, usable, 1, "associations", "the association is not usable any more: "+detail)
	return nil
}

func (w *World) openedAndReleased(ctx context.Context, _ vocab.Args) error {
	client, err := w.env.System.dial(ctx, w, store, verification())
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	if err := w.echoOn(ctx, client); err != nil {
		return err
	}
	n := &w.negotiation
	n.released = true
	limit, cancel := limited(ctx, w.env.System.limits.Release)
	defer cancel()
	start := time.Now()
	n.releaseError = client.Release(limit)
	n.releaseTook = time.Since(start)
	n.releaseLimit = n.releaseError != nil && errors.Is(context.Cause(limit), errSilent)
	return nil
}

func (w *World) releaseConfirmed(_ context.Context, a vocab.Args) error {
	n := &w.negotiation
	if !n.released {
		return errNoRequest
	}
	t, name := w.env.System.Name, "association.release-duration"
	switch {
	case n.releaseLimit:
		w.checkCensored(name, t, a.Duration(0), n.releaseTook, fmt.Sprintf("the release was not confirmed within %s", n.releaseTook.Round(time.Millisecond)))
	case n.releaseError != nil:
		return failure(context.Background(), t, "releasing", n.releaseError)
	default:
		w.checkWithin(name, t, a.Duration(0), n.releaseTook, 1,
			fmt.Sprintf("the release was confirmed after %s, expected at most %s", n.releaseTook.Round(time.Millisecond), a.Duration(0)))
	}
	return nil
}

func (w *World) packetsAgreed(context.Context, vocab.Args) error {
	n := &w.negotiation
	if n.packets == 0 {
		return errNoRequest
	}
	w.rec.Check(rundir.Check{
		Name: "association.largest-packet", System: w.env.System.Name, Comparator: rundir.LessOrEqual,
		Limit: rundir.Number(float64(n.agreedPacket)), Observed: rundir.Number(float64(n.largestPacket)), Unit: "bytes", N: int64(n.packets),
		Detail: fmt.Sprintf("the largest of %d packets had %d bytes, at most %d had been agreed", n.packets, n.largestPacket, n.agreedPacket),
	})
	return nil
}
