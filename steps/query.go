package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

var queryHandlers = map[string]handler{
	"query.patient":              (*World).askPatient,
	"query.studies":              (*World).askStudies,
	"query.studies-patient-root": (*World).askStudiesPatientRoot,
	"query.accession":            (*World).askAccession,
	"query.uid-list":             (*World).askUIDList,
	"query.accession-pattern":    (*World).askAccessionPattern,
	"query.between-days":         (*World).askBetweenDays,
	"query.since-day":            (*World).askSinceDay,
	"query.between-times":        (*World).askBetweenTimes,
	"query.modality":             (*World).askModality,
	"query.other-name":           (*World).askOtherName,
	"query.nothing":              (*World).askNothing,
	"query.series":               (*World).askSeries,
	"query.images":               (*World).askImages,
	"query.cancelled":            (*World).askCancelled,
	"query.everything":           (*World).askEverything,
}

// question is the last query of a scenario and its answers.
type question struct {
	key     dataset.Tag // the unique key of the level that was asked
	matches []*dataset.Set
	status  dimse.Status // of the final response
	took    time.Duration
}

// maxMatches bounds how many answers of one query are kept: more than any
// scenario asks for, so that a system that never ends can't fill the memory.
const maxMatches = 100_000

var errTooMany = fmt.Errorf("more than %d answers to one question", maxMatches)

// identifier starts a query identifier: the keys that are asked back, empty, and
// the level. See PS3.4 C.2.2.2.
//
// PS3.4 C.4.1.1.3.1 says what else a request may hold: Specific Character Set
// only where a key needs one (none of ours does), Instance Availability never.
// Retrieve AE Title is no key of the information models: it comes unasked.
func identifier(level string, back ...dataset.Tag) *dataset.Set {
	id := dataset.New()
	for _, t := range back {
		id.PutString(t)
	}
	id.PutString(dataset.QueryRetrieveLevel, level)
	return id
}

// studyBack are the attributes that a study query asks back.
var studyBack = []dataset.Tag{
	dataset.StudyDate, dataset.StudyTime, dataset.AccessionNumber, dataset.ModalitiesInStudy, dataset.StudyDescription, dataset.PatientName, dataset.PatientID,
	dataset.StudyInstanceUID, dataset.StudyID, dataset.NumberOfStudyRelatedSeries, dataset.NumberOfStudyRelatedInstances,
}

// patientStudies asks for the studies of the scenario's patient.
func (w *World) patientStudies() *dataset.Set {
	id := identifier("STUDY", studyBack...)
	id.PutString(dataset.PatientID, w.patientID())
	return id
}

// studyIdentifier asks for one study.
func (w *World) studyIdentifier(s *study) (*dataset.Set, error) {
	made, err := w.use(s)
	if err != nil {
		return nil, err
	}
	id := identifier("STUDY", studyBack...)
	id.PutString(dataset.PatientID, made.Patient.ID)
	id.PutString(dataset.StudyInstanceUID, made.StudyInstanceUID)
	return id, nil
}

// offerFind is an association for queries.
func offerFind(models ...string) ul.RequestorConfig {
	c := verification()
	for _, m := range models {
		c.Contexts = append(c.Contexts, ul.ProposedContext{
			AbstractSyntax:   m,
			TransferSyntaxes: []string{string(dataset.ExplicitVRLittleEndian), string(dataset.ImplicitVRLittleEndian)},
		})
	}
	return c
}

// asking opens an association for queries and gives it to f.
func (w *World) asking(ctx context.Context, t *Target, f func(*scu.Client) error) error {
	client, err := t.dial(ctx, w, query, offerFind(dimse.StudyRootFind))
	if err != nil {
		return err
	}
	defer release(ctx, client)
	return f(client)
}

// ask sends one query and returns its answers.
func (w *World) ask(ctx context.Context, t *Target, client *scu.Client, model string, id *dataset.Set) (*question, error) {
	return w.askUntil(ctx, t, client, model, id, nil)
}

// askUntil does the same; on may return scu.Cancel.
func (w *World) askUntil(ctx context.Context, t *Target, client *scu.Client, model string, id *dataset.Set, on func() error) (*question, error) {
	if err := t.ownOnly(id); err != nil {
		return nil, err
	}
	if err := t.turn(ctx); err != nil {
		return nil, err
	}
	level := id.String(dataset.QueryRetrieveLevel)
	done := w.rec.Intent("C-FIND", t.Name, level)
	q := &question{key: uniqueKey[level]}
	limit, extend, cancel := extendable(ctx, t.limits.Response)
	defer cancel()
	start := time.Now()
	rsp, err := client.Find(limit, scu.FindRequest{SOPClassUID: model, Identifier: id}, func(m *scu.FindMatch) error {
		extend()
		if len(q.matches) >= maxMatches {
			return errTooMany
		}
		q.matches = append(q.matches, m.Identifier)
		if on != nil {
			return on()
		}
		return nil
	})
	q.took = time.Since(start)
	if errors.Is(err, errTooMany) {
		err = &Error{Cause: rundir.CauseViolation, System: t.Name, Doing: "asking", Err: err}
	}
	if err != nil {
		done(rundir.Observation{Count: int64(len(q.matches))})
		return nil, failure(limit, t.Name, "asking at "+level+" level", err)
	}
	q.status = rsp.Status
	done(rundir.Observation{Count: int64(len(q.matches)), Status: rsp.Status.Describe(dimse.CommandCFindRSP)})
	return q, nil
}

// uniqueKey of each level. See PS3.4 C.6.1.1.
var uniqueKey = map[string]dataset.Tag{
	"PATIENT": dataset.PatientID, "STUDY": dataset.StudyInstanceUID,
	"SERIES": dataset.SeriesInstanceUID, "IMAGE": dataset.SOPInstanceUID,
}

// pose asks on an association of its own and keeps the answers as the
// scenario's; that the final status is success is checked.
func (w *World) pose(ctx context.Context, model string, id *dataset.Set) error {
	t := w.env.System
	client, err := t.dial(ctx, w, query, offerFind(model))
	if err != nil {
		return err
	}
	defer release(ctx, client)
	if w.question, err = w.ask(ctx, t, client, model, id); err != nil {
		return err
	}
	w.checkQueryStatus(t.Name, dimse.StatusSuccess)
	return nil
}

func (w *World) checkQueryStatus(system string, allowed ...dimse.Status) {
	var want []string
	for _, s := range allowed {
		want = append(want, s.Describe(dimse.CommandCFindRSP))
	}
	got := w.question.status.Describe(dimse.CommandCFindRSP)
	w.checkText("query.status", system, rundir.OneOf, rundir.Texts(want...), got,
		fmt.Sprintf("the question ended with %s, expected %s", got, strings.Join(want, " or ")))
}

func (w *World) askPatient(ctx context.Context, _ vocab.Args) error {
	return w.pose(ctx, dimse.PatientRootFind, w.patientIdentifier())
}

func (w *World) patientIdentifier() *dataset.Set {
	id := identifier("PATIENT", dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate, dataset.PatientSex)
	id.PutString(dataset.PatientID, w.patientID())
	return id
}

func (w *World) askStudies(ctx context.Context, _ vocab.Args) error {
	return w.pose(ctx, dimse.StudyRootFind, w.patientStudies())
}

func (w *World) askStudiesPatientRoot(ctx context.Context, _ vocab.Args) error {
	return w.pose(ctx, dimse.PatientRootFind, w.patientStudies())
}

func (w *World) askAccession(ctx context.Context, a vocab.Args) error {
	s, err := w.nth(a.Ordinal(0))
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	id := w.patientStudies()
	id.PutString(dataset.AccessionNumber, made.AccessionNumber)
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askUIDList(ctx context.Context, a vocab.Args) error {
	first, err := w.firstStudies(a.Int(0))
	if err != nil {
		return err
	}
	uids, err := w.studyUIDs(first)
	if err != nil {
		return err
	}
	id := w.patientStudies()
	id.PutString(dataset.StudyInstanceUID, uids...)
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) firstStudies(n int) ([]*study, error) {
	if _, err := w.nth(n - 1); err != nil {
		return nil, err
	}
	return w.studies[:n], nil
}

func (w *World) askAccessionPattern(ctx context.Context, a vocab.Args) error {
	id := w.patientStudies()
	id.PutString(dataset.AccessionNumber, w.accessionStem()+a.Text(0))
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askBetweenDays(ctx context.Context, a vocab.Args) error {
	id := w.patientStudies()
	id.PutString(dataset.StudyDate, w.daysAgo(a.Int(0))+"-"+w.daysAgo(a.Int(1)))
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askSinceDay(ctx context.Context, a vocab.Args) error {
	id := w.patientStudies()
	id.PutString(dataset.StudyDate, w.daysAgo(a.Int(0))+"-")
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askBetweenTimes(ctx context.Context, a vocab.Args) error {
	for i := range 2 {
		if _, err := time.Parse("15:04", a.Text(i)); err != nil {
			return badTime(a.Text(i))
		}
	}
	id := w.patientStudies()
	id.PutString(dataset.StudyTime, strings.ReplaceAll(a.Text(0), ":", "")+"00-"+strings.ReplaceAll(a.Text(1), ":", "")+"00")
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askModality(ctx context.Context, a vocab.Args) error {
	id := w.patientStudies()
	id.PutString(dataset.ModalitiesInStudy, a.Text(0))
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askOtherName(ctx context.Context, _ vocab.Args) error {
	id := w.patientStudies()
	// No name of the recipes; behind the fence's prefix like all of ours.
	id.PutString(dataset.PatientName, fence(w.env.Enterprise.FenceOf(w.env.System.description.Site)).WithDefaults().NamePrefix+"-NOBODY^NEVER")
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) askNothing(ctx context.Context, _ vocab.Args) error {
	id := w.patientStudies()
	id.PutString(dataset.StudyInstanceUID, w.nobodysUID())
	return w.pose(ctx, dimse.StudyRootFind, id)
}

// nobodysUID is a Study Instance UID that nobody sends.
func (w *World) nobodysUID() string {
	uid := w.identity.UID("nobody")
	w.rec.Own(uid)
	return uid
}

func (w *World) askSeries(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	id, err := w.seriesIdentifier(s)
	if err != nil {
		return err
	}
	return w.pose(ctx, dimse.StudyRootFind, id)
}

func (w *World) seriesIdentifier(s *study) (*dataset.Set, error) {
	made, err := w.use(s)
	if err != nil {
		return nil, err
	}
	id := identifier("SERIES", dataset.Modality, dataset.SeriesInstanceUID, dataset.SeriesNumber, dataset.NumberOfSeriesRelatedInstances)
	id.PutString(dataset.StudyInstanceUID, made.StudyInstanceUID)
	return id, nil
}

func imageIdentifier(studyUID, seriesUID string) *dataset.Set {
	id := identifier("IMAGE", dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.InstanceNumber)
	id.PutString(dataset.StudyInstanceUID, studyUID)
	id.PutString(dataset.SeriesInstanceUID, seriesUID)
	return id
}

// askImages asks at IMAGE level once a series, as a hierarchical query must
// (PS3.4 C.4.1.2.1): the answers of all are kept together.
func (w *World) askImages(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	t := w.env.System
	return w.asking(ctx, t, func(client *scu.Client) error {
		together := &question{key: dataset.SOPInstanceUID}
		for _, series := range made.SeriesInstanceUIDs() {
			q, err := w.ask(ctx, t, client, dimse.StudyRootFind, imageIdentifier(made.StudyInstanceUID, series))
			if err != nil {
				return err
			}
			together.matches = append(together.matches, q.matches...)
			together.took += q.took
			together.status = q.status
			w.question = together
			w.checkQueryStatus(t.Name, dimse.StatusSuccess)
		}
		return nil
	})
}

func (w *World) askCancelled(ctx context.Context, _ vocab.Args) error {
	t := w.env.System
	client, err := t.dial(ctx, w, query, offerFind(dimse.StudyRootFind))
	if err != nil {
		return err
	}
	w.leaveOpen(client)
	w.question, err = w.askUntil(ctx, t, client, dimse.StudyRootFind, w.patientStudies(), func() error { return scu.Cancel })
	return err
}

// askEverything asks without any key: a sentence for the embedded simulated
// cluster only, which the plan and the target's fence both enforce.
func (w *World) askEverything(ctx context.Context, _ vocab.Args) error {
	return w.pose(ctx, dimse.StudyRootFind, identifier("STUDY", studyBack...))
}
