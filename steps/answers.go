package steps

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

var answerHandlers = map[string]handler{
	"answers.count":      (*World).answersCount,
	"answers.all":        (*World).answersAll,
	"answers.first":      (*World).answersFirst,
	"answers.one":        (*World).answersOne,
	"answers.nothing":    (*World).answersNothing,
	"answers.quick":      (*World).answersQuick,
	"answers.cancelled":  (*World).answersCancelled,
	"answers.images":     (*World).answersImages,
	"answers.series":     (*World).answersSeries,
	"answers.modalities": (*World).answersModalities,
	"answers.level":      (*World).answersLevel,
	"answers.attribute":  (*World).answersAttribute,
}

// answered returns the last question.
func (w *World) answered() (*question, error) {
	if w.question == nil {
		return nil, &Error{Cause: rundir.CauseEngine, Doing: "judging answers", Err: errors.New("the system was asked nothing before this step")}
	}
	return w.question, nil
}

// keys returns the unique keys of the answers in their order.
func (q *question) keys() []string {
	keys := make([]string, len(q.matches))
	for i, m := range q.matches {
		keys[i] = m.String(q.key)
	}
	return keys
}

// compared is what is missing from, unasked among and repeated in a list.
type compared struct{ missing, unasked, repeated int }

// compareKeys holds what came against what was wanted, as multisets.
func compareKeys(want, got []string) compared {
	var c compared
	seen := map[string]int{}
	for _, g := range got {
		if seen[g]++; seen[g] > 1 {
			c.repeated++
		}
	}
	wanted := map[string]bool{}
	for _, k := range want {
		wanted[k] = true
		if seen[k] == 0 {
			c.missing++
		}
	}
	for g := range seen {
		if !wanted[g] {
			c.unasked++
		}
	}
	return c
}

// checkKeys writes the three checks of a list.
func (w *World) checkKeys(system, what string, want, got []string) {
	c := compareKeys(want, got)
	w.check("query.missing", system, rundir.Equal, 0, c.missing, len(want), what,
		fmt.Sprintf("%d of %d %s are missing from the answers", c.missing, len(want), what))
	w.check("query.unasked", system, rundir.Equal, 0, c.unasked, len(want), what,
		fmt.Sprintf("%d %s were given that were not asked for", c.unasked, what))
	w.check("query.repeated", system, rundir.Equal, 0, c.repeated, len(want), what,
		fmt.Sprintf("%d %s were given more than once", c.repeated, what))
}

func (w *World) answersCount(_ context.Context, a vocab.Args) error {
	q, err := w.answered()
	if err != nil {
		return err
	}
	t := w.env.System.Name
	// What this run did not make stands in for nothing that is missing.
	n := counted(q.keys(), w.rec.fence.IsOwn, a.Int(0))
	w.check("query.matches", t, rundir.Equal, a.Int(0), n, 1, "answers",
		fmt.Sprintf("the system gave %d answers that fit, expected %d", n, a.Int(0)))
	w.check("query.repeated", t, rundir.Equal, 0, compareKeys(nil, q.keys()).repeated, 1, "answers", "answers were given more than once")
	return nil
}

func (w *World) answersAll(context.Context, vocab.Args) error { return w.answersAre(w.studies) }

func (w *World) answersFirst(_ context.Context, a vocab.Args) error {
	first, err := w.firstStudies(a.Int(0))
	if err != nil {
		return err
	}
	return w.answersAre(first)
}

func (w *World) answersOne(_ context.Context, a vocab.Args) error {
	s, err := w.nth(a.Ordinal(0))
	if err != nil {
		return err
	}
	return w.answersAre([]*study{s})
}

func (w *World) answersAre(studies []*study) error {
	q, err := w.answered()
	if err != nil {
		return err
	}
	want, err := w.studyUIDs(studies)
	if err != nil {
		return err
	}
	w.checkKeys(w.env.System.Name, "studies", want, q.keys())
	return nil
}

func (w *World) answersNothing(context.Context, vocab.Args) error {
	q, err := w.answered()
	if err != nil {
		return err
	}
	t := w.env.System.Name
	w.checkQueryStatus(t, dimse.StatusSuccess)
	w.check("query.matches", t, rundir.Equal, 0, len(q.matches), 1, "answers",
		fmt.Sprintf("the system gave %d answers to a question that nothing fits", len(q.matches)))
	return nil
}

func (w *World) answersQuick(_ context.Context, a vocab.Args) error {
	q, err := w.answered()
	if err != nil {
		return err
	}
	w.checkWithin("query.duration", w.env.System.Name, a.Duration(0), q.took, 1,
		fmt.Sprintf("the answer took %s, expected at most %s", q.took.Round(time.Millisecond), a.Duration(0)))
	return nil
}

func (w *World) answersCancelled(context.Context, vocab.Args) error {
	if _, err := w.answered(); err != nil {
		return err
	}
	w.checkQueryStatus(w.env.System.Name, dimse.StatusCancel, dimse.StatusSuccess)
	return nil
}

// eachAnswer holds every answer against the study that it names. Without an
// answer there is nothing to hold, and the check has no sample.
func (w *World) eachAnswer(check string, what string, wrong func(m *dataset.Set, s *synth.Study) bool) error {
	q, err := w.answered()
	if err != nil {
		return err
	}
	bad, known := 0, 0
	for _, m := range q.matches {
		s := w.studyNamed(m.String(dataset.StudyInstanceUID))
		if s == nil {
			continue
		}
		known++
		if wrong(m, s.made) {
			bad++
		}
	}
	w.check(check, w.env.System.Name, rundir.Equal, 0, bad, known, "answers",
		fmt.Sprintf("%d of %d answers %s", bad, known, what))
	return nil
}

func (w *World) studyNamed(uid string) *study {
	for _, s := range w.studies {
		if s.made != nil && s.made.StudyInstanceUID == uid {
			return s
		}
	}
	return nil
}

func (w *World) answersImages(context.Context, vocab.Args) error {
	return w.eachAnswer("query.images", "give another number of images than was sent", func(m *dataset.Set, s *synth.Study) bool {
		n, ok := m.Int(dataset.NumberOfStudyRelatedInstances)
		return !ok || n != int64(s.Len())
	})
}

func (w *World) answersSeries(context.Context, vocab.Args) error {
	return w.eachAnswer("query.series", "give another number of series than was sent", func(m *dataset.Set, s *synth.Study) bool {
		n, ok := m.Int(dataset.NumberOfStudyRelatedSeries)
		return !ok || n != int64(len(s.SeriesInstanceUIDs()))
	})
}

func (w *World) answersModalities(context.Context, vocab.Args) error {
	return w.eachAnswer("query.modalities", "do not name the modalities of the study", func(m *dataset.Set, s *synth.Study) bool {
		got, want := m.Strings(dataset.ModalitiesInStudy), s.Modalities()
		slices.Sort(got)
		slices.Sort(want)
		return !slices.Equal(got, want)
	})
}

func (w *World) answersLevel(context.Context, vocab.Args) error {
	err := w.eachAnswer("query.level", "do not say their level", func(m *dataset.Set, _ *synth.Study) bool {
		return m.String(dataset.QueryRetrieveLevel) != "STUDY"
	})
	if err != nil {
		return err
	}
	return w.eachAnswer("query.retrieve-ae", "do not say where the study can be retrieved", func(m *dataset.Set, _ *synth.Study) bool {
		return !saysWhereToRetrieve(m)
	})
}

// saysWhereToRetrieve reports whether an answer above the lowest level holds
// Retrieve AE Title or the storage media's identifiers. They may be empty there.
// See PS3.4 C.4.1.1.3.2.
func saysWhereToRetrieve(answer *dataset.Set) bool {
	_, ae := answer.Get(dataset.RetrieveAETitle)
	_, id := answer.Get(dataset.StorageMediaFileSetID)
	_, uid := answer.Get(dataset.StorageMediaFileSetUID)
	return ae || id && uid
}

// attributes of answers that are compared, by their words.
var attributes = map[string]struct {
	tag  dataset.Tag
	sent func(*synth.Study) string
}{
	"the patient's name":    {dataset.PatientName, func(s *synth.Study) string { return s.Patient.Name }},
	"the study description": {dataset.StudyDescription, func(s *synth.Study) string { return s.Description }},
	"the study date":        {dataset.StudyDate, func(s *synth.Study) string { return s.StudyDate }},
	"the study time":        {dataset.StudyTime, func(s *synth.Study) string { return s.StudyTime }},
	"the accession number":  {dataset.AccessionNumber, func(s *synth.Study) string { return s.AccessionNumber }},
}

func (w *World) answersAttribute(_ context.Context, a vocab.Args) error {
	at, ok := attributes[a.Text(0)]
	if !ok {
		return &Error{Cause: rundir.CauseEngine, Doing: "judging answers", Err: fmt.Errorf("answers can't be compared in %q", a.Text(0))}
	}
	return w.eachAnswer("query.attribute", "give "+a.Text(0)+" otherwise than it was sent, read in their own character set",
		func(m *dataset.Set, s *synth.Study) bool {
			return !sameText(at.tag, at.sent(s), m.Text(at.tag))
		})
}

// sameText compares what an answer says with what was sent: a TM may leave out
// a fraction of zero, a PN trailing delimiters (PS3.5 6.2).
func sameText(tag dataset.Tag, want, got string) bool {
	switch dataset.VROf(tag) {
	case dataset.VRTM:
		trim := func(s string) string {
			if whole, fraction, ok := strings.Cut(s, "."); ok && strings.Trim(fraction, "0") == "" {
				return whole
			}
			return s
		}
		return trim(want) == trim(got)
	case dataset.VRPN:
		groups := func(s string) []string {
			g := strings.Split(s, "=")
			for i := range g {
				g[i] = strings.TrimRight(g[i], "^ ")
			}
			for len(g) > 0 && g[len(g)-1] == "" {
				g = g[:len(g)-1]
			}
			return g
		}
		return slices.Equal(groups(want), groups(got))
	}
	return want == got
}
