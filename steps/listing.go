package steps

import (
	"context"
	"fmt"
	"slices"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// What a system lists is counted by the harness itself, instance by instance:
// the numbers that a system gives of itself are a scenario of their own.

var listingHandlers = map[string]handler{
	"listed.images-reported": (*World).imagesReported,
	"listed.images-stay":     (*World).imagesStay,
	"listed.studies-counted": (*World).studiesCounted,
	"listed.studies":         (*World).studiesListed,
	"listed.series":          (*World).seriesListed,
	"listed.images":          (*World).imagesListed,
}

// waitListed waits until a system lists what was sent, so that what follows is
// not about its index. What it says of the number of instances is only waited
// for, never believed.
func (w *World) waitListed(ctx context.Context, studies []*study) error {
	t := w.env.System
	deadline := time.Now().Add(t.limits.Kept)
	for {
		listed := 0
		err := w.asking(ctx, t, func(client *scu.Client) error {
			answers, err := w.listedOf(ctx, t, client, studies)
			for _, s := range studies {
				if slices.ContainsFunc(answers[s], s.isWhole) {
					listed++
				}
			}
			return err
		})
		if err != nil {
			return err
		}
		if listed == len(studies) || time.Now().After(deadline) {
			w.check("study.listed", t.Name, rundir.Equal, len(studies), listed, len(studies), "studies",
				fmt.Sprintf("%d of %d studies were listed within %s after they had been sent", listed, len(studies), t.limits.Kept))
			if listed < len(studies) {
				return flow("the system does not list what was sent")
			}
			return nil
		}
		// Nothing here is timed: a look that comes late proves no less.
		if err := w.idle(func() error { return sleep(ctx, t.limits.Poll) }, true); err != nil {
			return err
		}
	}
}

// isWhole reports whether an answer about the study gives no fewer images than
// were sent, where it gives a number.
func (s *study) isWhole(answer *dataset.Set) bool {
	n, given := answer.Int(dataset.NumberOfStudyRelatedInstances)
	return !given || n >= int64(len(s.sent))
}

// listedOf returns what a system answers about each of the studies, asking once
// a patient. A status other than success leaves nothing to go on with.
func (w *World) listedOf(ctx context.Context, t *Target, client *scu.Client, studies []*study) (map[*study][]*dataset.Set, error) {
	byUID := map[string]*study{}
	var patients []string
	for _, s := range studies {
		made, err := w.use(s)
		if err != nil {
			return nil, err
		}
		byUID[made.StudyInstanceUID] = s
		if !slices.Contains(patients, made.Patient.ID) {
			patients = append(patients, made.Patient.ID)
		}
	}
	answers := map[*study][]*dataset.Set{}
	for _, patient := range patients {
		id := identifier("STUDY", studyBack...)
		id.PutString(dataset.PatientID, patient)
		q, err := w.ask(ctx, t, client, dimse.StudyRootFind, id)
		if err != nil {
			return nil, err
		}
		if q.status != dimse.StatusSuccess {
			return nil, flow("what %s has of a synthetic patient was answered %s", t.Name, q.status.Describe(dimse.CommandCFindRSP))
		}
		for _, m := range q.matches {
			if s := byUID[m.String(dataset.StudyInstanceUID)]; s != nil {
				answers[s] = append(answers[s], m)
			}
		}
	}
	return answers, nil
}

// listImages returns the SOP Instance UIDs that a system lists of a study, with
// repetitions: it asks for the series, then for the images of each.
func (w *World) listImages(ctx context.Context, t *Target, s *study) ([]string, error) {
	var uids []string
	err := w.asking(ctx, t, func(client *scu.Client) error {
		series, err := w.listSeriesOn(ctx, t, client, s)
		if err != nil {
			return err
		}
		for _, uid := range unique(series) {
			if !w.rec.fence.IsOwn(uid) {
				// A series of somebody else's is not asked about. It counts as one
				// image that was not sent.
				uids = append(uids, uid)
				continue
			}
			q, err := w.ask(ctx, t, client, dimse.StudyRootFind, imageIdentifier(s.made.StudyInstanceUID, uid))
			if err != nil {
				return err
			}
			uids = append(uids, q.keys()...)
		}
		return nil
	})
	return uids, err
}

func (w *World) listSeriesOn(ctx context.Context, t *Target, client *scu.Client, s *study) ([]string, error) {
	id, err := w.seriesIdentifier(s)
	if err != nil {
		return nil, err
	}
	q, err := w.ask(ctx, t, client, dimse.StudyRootFind, id)
	if err != nil {
		return nil, err
	}
	return q.keys(), nil
}

func unique(s []string) []string {
	seen := map[string]bool{}
	var out []string
	for _, v := range s {
		if !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// poll asks until got returns the wanted number, more than it, or the limit
// fires. It returns the last number and how long it took.
func (w *World) poll(ctx context.Context, want int, limit time.Duration, got func() (int, error)) (n int, took time.Duration, err error) {
	start := time.Now()
	for {
		n, err = got()
		took = time.Since(start)
		if err != nil || n >= want || took >= limit {
			return n, took, err
		}
		if err := w.pause(ctx, min(w.env.System.limits.Poll, limit-took)); err != nil {
			return n, took, err
		}
	}
}

// counted is how many of a list count towards what is wanted: all that are
// listed, but while fewer than wanted of those that were sent are among them,
// those only. One that is there twice or was never sent stands in for none.
func counted(listed []string, sent func(string) bool, want int) int {
	own := 0
	for _, uid := range unique(listed) {
		if sent(uid) {
			own++
		}
	}
	if own < want {
		return own
	}
	return len(listed)
}

// wasSent returns what tells the images of a study that the system accepted.
func (w *World) wasSent(s *study) (func(uid string) bool, error) {
	objects, err := w.objects(s)
	if err != nil {
		return nil, err
	}
	uids := map[string]bool{}
	for _, o := range objects {
		uids[o.uid] = true
	}
	return func(uid string) bool { return uids[uid] }, nil
}

func (w *World) imagesReported(ctx context.Context, a vocab.Args) error {
	t, err := w.target(a, 0)
	if err != nil {
		return err
	}
	s, err := w.last()
	if err != nil {
		return err
	}
	sent, err := w.wasSent(s)
	if err != nil {
		return err
	}
	want, limit := a.Int(1), a.Duration(2)
	n, took, err := w.poll(ctx, want, limit, func() (int, error) {
		uids, err := w.listImages(ctx, t, s)
		return counted(uids, sent, want), err
	})
	if err != nil {
		return err
	}
	w.checkImages(t.Name, want, n, fmt.Sprintf(" after %s", took.Round(time.Millisecond)))
	if n < want {
		w.checkCensored("study.listed-after", t.Name, limit, took, fmt.Sprintf("the images were not all listed after %s", took.Round(time.Millisecond)))
	} else {
		w.checkWithin("study.listed-after", t.Name, limit, took, 1, fmt.Sprintf("the images were listed after %s, expected at most %s", took.Round(time.Millisecond), limit))
	}
	return nil
}

func (w *World) checkImages(system string, want, got int, when string) {
	w.check("study.images", system, rundir.Equal, want, got, 1, "images",
		fmt.Sprintf("%s reports %d images in the study%s, expected %d", system, got, when, want))
}

func (w *World) imagesStay(ctx context.Context, a vocab.Args) error {
	t, err := w.target(a, 0)
	if err != nil {
		return err
	}
	s, err := w.last()
	if err != nil {
		return err
	}
	sent, err := w.wasSent(s)
	if err != nil {
		return err
	}
	if err := w.pause(ctx, a.Duration(2)); err != nil {
		return err
	}
	uids, err := w.listImages(ctx, t, s)
	if err != nil {
		return err
	}
	w.checkImages(t.Name, a.Int(1), counted(uids, sent, a.Int(1)), fmt.Sprintf(" after another %s", a.Duration(2)))
	return nil
}

// listStudies returns the Study Instance UIDs that a system lists for the
// scenario's patient, with repetitions.
func (w *World) listStudies(ctx context.Context, t *Target) ([]string, error) {
	var uids []string
	err := w.asking(ctx, t, func(client *scu.Client) error {
		q, err := w.ask(ctx, t, client, dimse.StudyRootFind, w.patientStudies())
		if err == nil {
			uids = q.keys()
		}
		return err
	})
	return uids, err
}

func (w *World) studiesCounted(ctx context.Context, a vocab.Args) error {
	t, err := w.target(a, 0)
	if err != nil {
		return err
	}
	want, limit := a.Int(1), a.Duration(2)
	n, took, err := w.poll(ctx, want, limit, func() (int, error) {
		uids, err := w.listStudies(ctx, t)
		return counted(uids, func(uid string) bool { return w.studyNamed(uid) != nil }, want), err
	})
	if err != nil {
		return err
	}
	w.check("patient.studies", t.Name, rundir.Equal, want, n, 1, "studies",
		fmt.Sprintf("%s lists %d studies of the patient after %s, expected %d", t.Name, n, took.Round(time.Millisecond), want))
	return nil
}

func (w *World) studiesListed(ctx context.Context, a vocab.Args) error {
	t, err := w.target(a, 0)
	if err != nil {
		return err
	}
	want, err := w.studyUIDs(w.studies)
	if err != nil {
		return err
	}
	var got []string
	_, _, err = w.poll(ctx, len(want), a.Duration(1), func() (int, error) {
		var err error
		got, err = w.listStudies(ctx, t)
		return len(got), err
	})
	if err != nil {
		return err
	}
	w.checkKeys(t.Name, "studies", want, got)
	return nil
}

func (w *World) seriesListed(ctx context.Context, a vocab.Args) error {
	t, err := w.target(a, 0)
	if err != nil {
		return err
	}
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	var got []string
	want := made.SeriesInstanceUIDs()
	_, _, err = w.poll(ctx, len(want), t.limits.Kept, func() (int, error) {
		err := w.asking(ctx, t, func(client *scu.Client) (err error) {
			got, err = w.listSeriesOn(ctx, t, client, s)
			return err
		})
		return len(got), err
	})
	if err != nil {
		return err
	}
	w.checkKeys(t.Name, "series", want, got)
	return nil
}

func (w *World) imagesListed(ctx context.Context, a vocab.Args) error {
	t, err := w.target(a, 0)
	if err != nil {
		return err
	}
	s, err := w.last()
	if err != nil {
		return err
	}
	sent, err := w.objects(s)
	if err != nil {
		return err
	}
	want := make([]string, len(sent))
	for i, o := range sent {
		want[i] = o.uid
	}
	var got []string
	_, _, err = w.poll(ctx, len(want), t.limits.Kept, func() (int, error) {
		var err error
		got, err = w.listImages(ctx, t, s)
		return len(got), err
	})
	if err != nil {
		return err
	}
	w.checkKeys(t.Name, "images", want, got)
	return nil
}
