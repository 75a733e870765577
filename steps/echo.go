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

var echoHandlers = map[string]handler{
	"echo.asked":           (*World).echoAsked,
	"echo.repeated":        (*World).echoRepeated,
	"echo.fragmented":      (*World).echoFragmented,
	"echo.answered":        (*World).echoAnswered,
	"echo.every":           (*World).echoEvery,
	"implementation.noted": (*World).implementationNoted,
	"implementation.same":  (*World).implementationSame,
}

// echoes is what C-ECHOs of a scenario were answered.
type echoes struct {
	asked, successes int
	answered         bool          // the last was
	status           dimse.Status  // of the last
	took             time.Duration // of the last, association included

	associations    int // whose implementation was noted
	implementations map[string]bool
}

// verification is what an association that only echoes offers.
func verification() ul.RequestorConfig {
	return ul.RequestorConfig{Contexts: []ul.ProposedContext{{
		AbstractSyntax:   dimse.VerificationSOPClass,
		TransferSyntaxes: []string{string(dataset.ImplicitVRLittleEndian), string(dataset.ExplicitVRLittleEndian)},
	}}}
}

func (w *World) echoAsked(ctx context.Context, _ vocab.Args) error {
	start := time.Now()
	client, err := w.env.System.dial(ctx, w, store, verification())
	if err != nil {
		return err
	}
	defer release(ctx, client)
	if err := w.echoOn(ctx, client); err != nil {
		return err
	}
	w.echo.took = time.Since(start)
	return nil
}

// echoOn echoes once on an association.
func (w *World) echoOn(ctx context.Context, client *scu.Client) error {
	t := w.env.System
	done := w.rec.Intent("C-ECHO", t.Name, "")
	limit, cancel := limited(ctx, t.limits.Response)
	defer cancel()
	w.echo.asked++
	w.echo.answered = false
	start := time.Now()
	rsp, err := client.Echo(limit)
	w.echo.took = time.Since(start)
	if err != nil {
		done(rundir.Observation{})
		return failure(limit, t.Name, "echoing", err)
	}
	done(rundir.Observation{Status: rsp.Status.String(), Values: w.comment(rsp.ErrorComment)})
	w.echo.answered, w.echo.status = true, rsp.Status
	if rsp.Status == dimse.StatusSuccess {
		w.echo.successes++
	}
	return nil
}

// comment is the Error Comment of an answer as it may be written: that there was
// one, how long it was, and whether it was the same as another's. See PS3.7
// Annex C.
func (w *World) comment(text string) map[string]string {
	const errorComment = 0x00000902
	if text == "" {
		return nil
	}
	return map[string]string{"ErrorComment": w.rec.Reduced(errorComment, text)}
}

func (w *World) echoRepeated(ctx context.Context, a vocab.Args) error {
	client, err := w.env.System.dial(ctx, w, store, verification())
	if err != nil {
		return err
	}
	defer release(ctx, client)
	for range a.Int(0) {
		if err := w.echoOn(ctx, client); err != nil {
			return err
		}
	}
	return nil
}

// echoFragmented sends a C-ECHO-RQ whose command set comes in PDVs of a few
// bytes, several in one PDU and over several PDUs, as PS3.8 Annex E allows.
func (w *World) echoFragmented(ctx context.Context, _ vocab.Args) error {
	t := w.env.System
	start := time.Now()
	client, err := t.dial(ctx, w, store, verification())
	if err != nil {
		return err
	}
	defer release(ctx, client)
	nc, ok := client.Association().Find(dimse.VerificationSOPClass)
	if !ok {
		return failure(ctx, t.Name, "echoing", &scu.NoContextError{AbstractSyntax: dimse.VerificationSOPClass})
	}
	rq := &dimse.CEchoRQ{AffectedSOPClassUID: dimse.VerificationSOPClass, MessageID: client.Conn().NextMessageID()}
	command, err := dimse.Encode(rq)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "encoding a command", Err: err}
	}
	done := w.rec.Intent("C-ECHO", t.Name, "the command in several pieces")
	limit, cancel := limited(ctx, t.limits.Response)
	defer cancel()
	const piece = 20
	var items []pdu.PDV
	for at := 0; at < len(command); at += piece {
		end := min(at+piece, len(command))
		items = append(items, pdu.PDV{ContextID: nc.ID, Command: true, Last: end == len(command), Data: command[at:end]})
	}
	half := len(items) / 2
	w.echo.asked++
	w.echo.answered = false
	for _, p := range [][]pdu.PDV{items[:half], items[half:]} {
		if err := client.Association().WritePDU(limit, &pdu.PDataTF{Items: p}); err != nil {
			done(rundir.Observation{})
			return failure(limit, t.Name, "echoing in pieces", err)
		}
	}
	got, err := client.Conn().Receive(limit)
	if err != nil {
		done(rundir.Observation{})
		return failure(limit, t.Name, "echoing in pieces", err)
	}
	rsp, ok := got.Message.(*dimse.CEchoRSP)
	if !ok || rsp.MessageIDBeingRespondedTo != rq.MessageID {
		done(rundir.Observation{})
		return &Error{Cause: rundir.CauseViolation, System: t.Name, Doing: "echoing in pieces",
			Err: fmt.Errorf("the answer was a %s, or one to another message", got.Message.CommandField())}
	}
	done(rundir.Observation{Status: rsp.Status.String()})
	w.echo.answered, w.echo.status, w.echo.took = true, rsp.Status, time.Since(start)
	if rsp.Status == dimse.StatusSuccess {
		w.echo.successes++
	}
	return nil
}

var errNoEcho = &Error{Cause: rundir.CauseEngine, Doing: "judging an echo", Err: errors.New("the system was not asked whether it is there")}

func (w *World) echoAnswered(_ context.Context, a vocab.Args) error {
	if !w.echo.answered {
		return errNoEcho
	}
	t := w.env.System.Name
	w.checkText("echo.status", t, rundir.Equal, rundir.Text(dimse.StatusSuccess.String()), w.echo.status.String(),
		"the echo was answered "+w.echo.status.String())
	w.checkWithin("echo.duration", t, a.Duration(0), w.echo.took, 1,
		fmt.Sprintf("the echo took %s, expected at most %s", w.echo.took.Round(time.Millisecond), a.Duration(0)))
	return nil
}

func (w *World) echoEvery(context.Context, vocab.Args) error {
	if w.echo.asked == 0 {
		return errNoEcho
	}
	w.check("echo.answers", w.env.System.Name, rundir.Equal, w.echo.asked, w.echo.successes, w.echo.asked, "answers",
		fmt.Sprintf("%d of %d echoes on one association were answered with success", w.echo.successes, w.echo.asked))
	return nil
}

func (w *World) implementationNoted(ctx context.Context, a vocab.Args) error {
	w.echo.implementations, w.echo.associations = map[string]bool{}, 0
	for range a.Int(0) {
		client, err := w.env.System.dial(ctx, w, store, verification())
		if err != nil {
			return err
		}
		ui := client.Association().AC().UserInformation
		w.echo.associations++
		w.echo.implementations[ui.ImplementationClassUID+" "+ui.ImplementationVersionName] = true
		// Which build was tested must be known when it goes live.
		w.rec.Observe(rundir.Observation{Operation: "A-ASSOCIATE", System: w.env.System.Name, Values: map[string]string{
			"implementation_class_uid":    w.rec.Reduced(implementationClassUID, ui.ImplementationClassUID),
			"implementation_version_name": w.rec.Reduced(implementationVersionName, ui.ImplementationVersionName),
		}})
		release(ctx, client)
	}
	return nil
}

// Tags of PS3.10 7.1, under which the fence knows what a system says of its
// build.
const (
	implementationClassUID    = 0x00020012
	implementationVersionName = 0x00020013
)

func (w *World) implementationSame(context.Context, vocab.Args) error {
	n := w.echo.associations
	if n == 0 {
		return errNoRequest
	}
	w.check("association.implementations", w.env.System.Name, rundir.Equal, 1, len(w.echo.implementations), n, "implementations",
		fmt.Sprintf("%d associations named %d different implementations, expected one", n, len(w.echo.implementations)))
	return nil
}
