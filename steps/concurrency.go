package steps

import (
	"context"
	"fmt"
	"sync"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

var concurrencyHandlers = map[string]handler{
	"associations.many":         (*World).manyAssociations,
	"associations.each-answers": (*World).eachAnswers,
	"associations.broken":       (*World).brokenAssociations,
	"associations.new":          (*World).newAssociation,
	"query.parallel":            (*World).askAtOnce,
	"query.own-answers":         (*World).ownAnswers,
	"query.during-store":        (*World).askDuringStore,
	"patient.one":               (*World).patientsOfID,
}

// parallelQuestions counts answers of questions that were asked at once.
type parallelQuestions struct{ questions, wrong int }

func (w *World) manyAssociations(ctx context.Context, a vocab.Args) error {
	n := a.Int(0)
	clients := make([]*scu.Client, n)
	errs := atOnce(n, func(i int) (err error) {
		clients[i], err = w.env.System.dial(ctx, w, store, verification())
		return err
	})
	opened := 0
	var first error
	var others []error
	for i, c := range clients {
		if c != nil {
			opened++
			w.leaveOpen(c)
			continue
		}
		if first == nil {
			first = errs[i]
		}
		if !errorAs[*ul.RejectedError](errs[i]) {
			others = append(others, errs[i])
		}
	}
	// A refusal is an answer, however many there are; what is our own machine's
	// comes before all others.
	if len(others) > 0 {
		return decisive(others)
	}
	detail := fmt.Sprintf("%d of %d associations were accepted", opened, n)
	if first != nil {
		detail += ": " + first.Error()
	}
	w.check("associations.open", w.env.System.Name, rundir.Equal, n, opened, n, "associations", detail)
	return nil
}

func (w *World) eachAnswers(ctx context.Context, _ vocab.Args) error {
	open := w.opened()
	if len(open) == 0 {
		return flow("no association is open")
	}
	answering := 0
	for _, c := range open {
		switch err := w.echoOn(ctx, c); {
		case ours(err):
			return err
		case err == nil && w.echo.status == dimse.StatusSuccess:
			answering++
		}
	}
	w.check("associations.answering", w.env.System.Name, rundir.Equal, len(open), answering, len(open), "associations",
		fmt.Sprintf("%d of %d associations that are open at once answered an echo", answering, len(open)))
	return nil
}

func (w *World) brokenAssociations(ctx context.Context, a vocab.Args) error {
	for range a.Int(0) {
		client, err := w.env.System.dial(ctx, w, store, verification())
		if errorAs[*ul.RejectedError](err) {
			// The system has run out; whether it still answers is judged next.
			return nil
		}
		if err != nil {
			return err
		}
		limit, cancel := limited(ctx, w.env.System.limits.Associate)
		err = client.Abort(limit)
		cancel()
		_ = client.Close()
		if err != nil {
			return failure(limit, w.env.System.Name, "aborting", err)
		}
	}
	return nil
}

func (w *World) newAssociation(ctx context.Context, _ vocab.Args) error {
	client, err := w.env.System.dial(ctx, w, store, verification())
	works, detail := 0, ""
	switch {
	case errorAs[*ul.RejectedError](err):
		detail = err.Error()
	case err != nil:
		return err
	default:
		defer release(ctx, client)
		if err := w.echoOn(ctx, client); err != nil {
			return err
		}
		if detail = "an echo was answered " + w.echo.status.String(); w.echo.status == dimse.StatusSuccess {
			works = 1
		}
	}
	w.check("associations.new", w.env.System.Name, rundir.Equal, 1, works, 1, "associations", "a new association after broken ones: "+detail)
	return nil
}

// askAtOnce keeps one association a patient, all asking at the same time.
func (w *World) askAtOnce(ctx context.Context, a vocab.Args) error {
	t := w.env.System
	clients := make([]*scu.Client, 0, len(w.studies))
	defer func() {
		for _, c := range clients {
			release(ctx, c)
		}
	}()
	for range w.studies {
		c, err := t.dial(ctx, w, query, offerFind(dimse.StudyRootFind))
		if err != nil {
			return err
		}
		clients = append(clients, c)
	}
	uids, err := w.studyUIDs(w.studies)
	if err != nil {
		return err
	}
	var mu sync.Mutex
	return decisive(atOnce(len(w.studies), func(i int) error {
		s := w.studies[i]
		for range a.Int(0) {
			id := identifier("STUDY", studyBack...)
			id.PutString(dataset.PatientID, s.made.Patient.ID)
			q, err := w.ask(ctx, t, clients[i], dimse.StudyRootFind, id)
			if err != nil {
				return err
			}
			c := compareKeys(uids[i:i+1], q.keys())
			mu.Lock()
			w.parallel.questions++
			if c != (compared{}) || q.status != dimse.StatusSuccess {
				w.parallel.wrong++
			}
			mu.Unlock()
		}
		return nil
	}))
}

func (w *World) ownAnswers(context.Context, vocab.Args) error {
	p := w.parallel
	if p.questions == 0 {
		return flow("nothing was asked at the same time")
	}
	w.check("query.wrong-answers", w.env.System.Name, rundir.Equal, 0, p.wrong, p.questions, "questions",
		fmt.Sprintf("%d of %d questions asked at the same time got other answers than their own", p.wrong, p.questions))
	return nil
}

// askDuringStore leaves one association in the middle of an image, asks over
// another, and then breaks the first off: the image must not count as sent.
func (w *World) askDuringStore(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	late := made.Len()
	if err := s.extend(1); err != nil {
		return err
	}
	sender, err := w.dialStore(ctx, between(s, late, late+1), ul.RequestorConfig{MaxSendPDULength: modalityPacket})
	if err != nil {
		return err
	}
	defer func() { _ = sender.Close() }()
	in, err := s.made.Instance(late)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "making an image", Err: err}
	}
	if err := w.sendHalf(ctx, sender, s, in); err != nil {
		return err
	}
	asked := w.pose(ctx, dimse.StudyRootFind, w.patientStudies())
	limit, cancel := limited(ctx, w.env.System.limits.Associate)
	defer cancel()
	if err := sender.Abort(limit); err != nil && asked == nil {
		return failure(limit, w.env.System.Name, "aborting", err)
	}
	return asked
}

func (w *World) patientsOfID(ctx context.Context, a vocab.Args) error {
	t := w.env.System
	client, err := t.dial(ctx, w, query, offerFind(dimse.PatientRootFind))
	if err != nil {
		return err
	}
	defer release(ctx, client)
	q, err := w.ask(ctx, t, client, dimse.PatientRootFind, w.patientIdentifier())
	if err != nil {
		return err
	}
	w.check("patient.matches", t.Name, rundir.Equal, a.Int(0), len(q.matches), 1, "patients",
		fmt.Sprintf("%d patients have this Patient ID, expected %d", len(q.matches), a.Int(0)))
	return nil
}
