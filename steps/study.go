package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

var studyHandlers = map[string]handler{
	"study.made":            (*World).studyMade,
	"study.realistic":       (*World).studyRealistic,
	"study.another":         (*World).studyAnother,
	"studies.one-patient":   (*World).studiesOfOnePatient,
	"studies.many-patients": (*World).studiesOfManyPatients,
	"study.series":          (*World).studySeries,
	"study.trait":           (*World).studyTrait,
	"study.script":          (*World).studyScript,
	"studies.days":          (*World).studiesDays,
	"studies.times":         (*World).studiesTimes,
	"studies.accessions":    (*World).studiesAccessions,
}

// study is a study of the scenario: a request while it is being described, a
// synth.Study from its first use on.
type study struct {
	request synth.StudyRequest
	made    *synth.Study
	// sent are the images that the system under test accepted, by index.
	sent map[int]bool
	// absent says that the system was asked before the first store.
	absent bool
}

func (w *World) studyMade(_ context.Context, a vocab.Args) error {
	return w.add(a.Text(0), 1, a.Int(1), newPatient)
}

func (w *World) studyRealistic(_ context.Context, a vocab.Args) error {
	return w.add(a.Text(0), 1, vocab.Realistic, newPatient)
}

func (w *World) studyAnother(_ context.Context, a vocab.Args) error {
	if len(w.studies) == 0 {
		return w.add(a.Text(0), 1, a.Int(1), newPatient)
	}
	return w.add(a.Text(0), 1, a.Int(1), samePatient)
}

func (w *World) studiesOfOnePatient(_ context.Context, a vocab.Args) error {
	return w.add(a.Text(1), a.Int(0), a.Int(2), onePatient)
}

func (w *World) studiesOfManyPatients(_ context.Context, a vocab.Args) error {
	return w.add(a.Text(1), a.Int(0), a.Int(2), newPatient)
}

// whose says which patients the studies of a sentence have.
type whose int

const (
	newPatient  whose = iota // each study another
	onePatient               // one, whom no study had before
	samePatient              // that of the study before
)

func (w *World) add(kind string, studies, images int, of whose) error {
	recipe, err := synth.Acceptance(kind)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "making a study", Err: err}
	}
	if most := w.env.MaxMatrix; most > 0 {
		recipe = recipe.Within(most)
	}
	number := vocab.Images(images, recipe.Images.Mean, w.env.Volume)
	patient := w.identity.Patient(len(w.studies))
	if of == samePatient {
		patient = w.studies[len(w.studies)-1].request.Patient
	}
	for range studies {
		index := len(w.studies)
		if of == newPatient {
			patient = w.identity.Patient(index)
		}
		w.studies = append(w.studies, &study{
			request: synth.StudyRequest{
				Recipe: recipe, Images: number, Series: min(number, recipe.LeastSeries()), Seed: w.env.Seed, AsOf: w.env.AsOf,
				Identity: w.identity, Index: index, Patient: patient,
			},
			sent: map[int]bool{},
		})
	}
	return nil
}

// describe changes the requests of all studies; it must come before they are
// used.
func (w *World) describe(change func(i int, q *synth.StudyRequest)) error {
	if len(w.studies) == 0 {
		return errNoStudy
	}
	for i, s := range w.studies {
		if s.made != nil {
			return &Error{Cause: rundir.CauseEngine, Doing: "describing a study",
				Err: errors.New("the study has been used already; say what it is like before it is sent")}
		}
		change(i, &s.request)
	}
	return nil
}

var errNoStudy = &Error{Cause: rundir.CauseEngine, Doing: "taking a study", Err: errors.New("no study was made before this step")}

func (w *World) studySeries(_ context.Context, a vocab.Args) error {
	return w.describe(func(_ int, q *synth.StudyRequest) { q.Series = a.Int(0) })
}

var traits = map[string]synth.Trait{
	"private elements":                   synth.PrivateElements,
	"nested sequences":                   synth.NestedSequences,
	"long texts":                         synth.LongTexts,
	"empty optional values":              synth.EmptyType2,
	"identifiers of the greatest length": synth.LongUIDs,
	"exact decimal numbers":              synth.DecimalText,
	"inverted grey values":               synth.Monochrome1,
	"a time zone":                        synth.Timezone,
	"leading spaces":                     synth.LeadingSpaces,
}

func (w *World) studyTrait(_ context.Context, a vocab.Args) error {
	trait, ok := traits[a.Text(0)]
	if !ok {
		return &Error{Cause: rundir.CauseEngine, Doing: "describing a study", Err: fmt.Errorf("images can't carry %q", a.Text(0))}
	}
	return w.describe(func(_ int, q *synth.StudyRequest) { q.With = append(q.With, trait) })
}

func (w *World) studyScript(_ context.Context, a vocab.Args) error {
	for _, s := range vocab.Scripts {
		if s.Name != a.Text(0) {
			continue
		}
		renamed := map[string]synth.Patient{} // who was one stays one
		return w.describe(func(i int, q *synth.StudyRequest) {
			q.CharacterSet = s.CharacterSet
			p, ok := renamed[q.Patient.ID]
			if !ok {
				p = w.patientIn(i, s.Name, s.CharacterSet)
				renamed[q.Patient.ID] = p
			}
			q.Patient = p
		})
	}
	return &Error{Cause: rundir.CauseEngine, Doing: "describing a study", Err: fmt.Errorf("names can't be written in %q", a.Text(0))}
}

// patientIn returns a patient whose name is written in the script: UTF-8 can
// carry every script, so the patients of the identity are gone through until
// one has it.
func (w *World) patientIn(index int, script string, characterSet []string) synth.Patient {
	table := map[string]*unicode.RangeTable{"Chinese": unicode.Han, "Tamil": unicode.Tamil}
	want := table[strings.Fields(script)[0]]
	const enough = 200 // each has at least one chance in four
	for try := range enough {
		p := w.identity.Patient(index+try*1000, characterSet...)
		if want == nil || strings.ContainsFunc(p.Name, func(r rune) bool { return unicode.Is(want, r) }) {
			return p
		}
	}
	return w.identity.Patient(index, characterSet...)
}

func (w *World) studiesDays(_ context.Context, a vocab.Args) error {
	clock, err := time.Parse("15:04", a.Text(3))
	if err != nil {
		return badTime(a.Text(3))
	}
	return w.describe(func(i int, q *synth.StudyRequest) {
		if i < 3 {
			q.Date = w.daysAgo(a.Int(i))
			q.Time = clock.Format("150405")
		}
	})
}

func (w *World) studiesTimes(_ context.Context, a vocab.Args) error {
	for i := range 2 {
		if _, err := time.Parse("15:04", a.Text(i)); err != nil {
			return badTime(a.Text(i))
		}
	}
	return w.describe(func(i int, q *synth.StudyRequest) {
		if i < 2 {
			q.Time = strings.ReplaceAll(a.Text(i), ":", "") + "00"
		}
	})
}

func badTime(s string) error {
	return &Error{Cause: rundir.CauseEngine, Doing: "reading a time", Err: fmt.Errorf("%q is no time of day; write it like \"09:15\"", s)}
}

// daysAgo is a DA: that many days before the run's date.
func (w *World) daysAgo(n int) string { return w.env.AsOf.AddDate(0, 0, -n).Format("20060102") }

func (w *World) studiesAccessions(_ context.Context, a vocab.Args) error {
	// SH holds 16 characters, so what is common is cut to leave room.
	const room = 16
	for i := range 3 {
		if len(a.Text(i)) > room-accessionStemLength {
			return &Error{Cause: rundir.CauseEngine, Doing: "describing a study",
				Err: fmt.Errorf("%q is too long to end an accession number; %d characters are left", a.Text(i), room-accessionStemLength)}
		}
	}
	return w.describe(func(i int, q *synth.StudyRequest) {
		if i < 3 {
			common := w.accessionStem()
			end := a.Text(i)
			q.Accession = common[:min(len(common), max(0, room-len(end)))] + end
		}
	})
}

// accessionStemLength leaves room in an SH of 16 characters.
const accessionStemLength = 12

// accessionStem is what the accession numbers of the scenario have in common
// when only their ends differ.
func (w *World) accessionStem() string {
	stem := w.identity.Accession(0)
	return stem[:min(len(stem), accessionStemLength)]
}

// use returns the study, made on its first use; what it made is then known as
// ours.
func (w *World) use(s *study) (*synth.Study, error) {
	if s.made != nil {
		return s.made, nil
	}
	made, err := synth.NewStudy(s.request)
	if err != nil {
		return nil, &Error{Cause: rundir.CauseEngine, Doing: "making a study", Err: err}
	}
	s.made = made
	w.rec.Own(made.StudyInstanceUID, made.Patient.ID, made.Patient.Name, made.AccessionNumber, made.Description)
	w.rec.Own(made.SeriesInstanceUIDs()...)
	return made, nil
}

// extend adds late images to a study that is in use.
func (s *study) extend(n int) error {
	later, err := s.made.Extend(n)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "making images", Err: err}
	}
	s.made = later
	return nil
}

// last returns the study made last: "the study" of a sentence.
func (w *World) last() (*study, error) {
	if len(w.studies) == 0 {
		return nil, errNoStudy
	}
	return w.studies[len(w.studies)-1], nil
}

// nth returns a study by its ordinal, from 0.
func (w *World) nth(i int) (*study, error) {
	if i < 0 || i >= len(w.studies) {
		return nil, &Error{Cause: rundir.CauseEngine, Doing: "taking a study", Err: fmt.Errorf("the scenario made %d studies, not %d", len(w.studies), i+1)}
	}
	return w.studies[i], nil
}

// patientID is that of the scenario's first patient, a new one if it made no
// study.
func (w *World) patientID() string {
	id := w.identity.Patient(0).ID
	if len(w.studies) > 0 {
		id = w.studies[len(w.studies)-1].request.Patient.ID
	}
	w.rec.Own(id)
	return id
}

// studyUIDs returns the Study Instance UIDs of studies.
func (w *World) studyUIDs(of []*study) ([]string, error) {
	uids := make([]string, len(of))
	for i, s := range of {
		made, err := w.use(s)
		if err != nil {
			return nil, err
		}
		uids[i] = made.StudyInstanceUID
	}
	return uids, nil
}

// object is what is kept of an instance that was made: enough to ask for it,
// to expect it and to make it again.
type object struct {
	study      *study
	index      int
	class, uid string
	series     string
}

// objects returns the instances of a study that the system accepted.
func (w *World) objects(s *study) ([]object, error) {
	made, err := w.use(s)
	if err != nil {
		return nil, err
	}
	var out []object
	for i := range made.Len() {
		if !s.sent[i] {
			continue
		}
		in, err := made.Instance(i)
		if err != nil {
			return nil, &Error{Cause: rundir.CauseEngine, Doing: "making an image", Err: err}
		}
		out = append(out, object{study: s, index: i, class: in.SOPClassUID, uid: in.SOPInstanceUID, series: in.SeriesInstanceUID})
	}
	return out, nil
}

// again makes the whole data set of an object again, for comparing.
func (o object) again() (*dataset.Set, error) {
	in, err := o.study.made.Instance(o.index)
	if err != nil {
		return nil, err
	}
	return in.DataSet()
}
