package steps

import (
	"context"
	"fmt"
	"time"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// Sentinel sends one small image to the system under test and looks for it at
// the receiving one for as long as wait: env's subject is a link on the way that
// is declared suspended. found means that the link is not suspended at all.
func Sentinel(ctx context.Context, env *Env, rec *Recorder, wait time.Duration) (found bool, err error) {
	// Several systems may send towards one link: each sends an object of its own.
	w := NewWorld(env, rec, "sentinel "+env.Subject.From+" "+env.Subject.Name, 1)
	defer w.Close(ctx)
	if err := w.add("MR knee", 1, 1, newPatient); err != nil {
		return false, err
	}
	if err := w.studySent(ctx, vocab.Args{}); err != nil {
		return false, err
	}
	s := w.studies[0]
	if len(s.sent) == 0 {
		return false, flow("%s refused the sentinel, so nothing is known of the link", env.System.Name)
	}
	deadline := time.Now().Add(wait)
	for {
		err := w.asking(ctx, env.Receiving, func(client *scu.Client) error {
			id, err := w.studyIdentifier(s)
			if err != nil {
				return err
			}
			q, err := w.ask(ctx, env.Receiving, client, dimse.StudyRootFind, id)
			if err != nil {
				return err
			}
			if q.status != dimse.StatusSuccess {
				return flow("%s answered %s when asked for the sentinel", env.Receiving.Name, q.status)
			}
			found = len(q.matches) > 0
			return nil
		})
		if err == nil {
			err = rec.Err() // what was sent must be on record
		}
		if err != nil || found || time.Now().After(deadline) {
			rec.Observe(rundir.Observation{Operation: "sentinel", System: env.Receiving.Name, Detail: fmt.Sprintf("found beyond %s: %t", env.Subject.Name, found)})
			return found, err
		}
		if err := w.pause(ctx, env.Limits.Poll); err != nil {
			return false, err
		}
	}
}
