package volume

import (
	"fmt"

	"pacsuat/synth"
	"pacsuat/synth/draw"
)

// Populate gives the Maker the people of a cluster. Each belongs to a site, has a
// name in a character set of their own, and keeps the Patient ID from day to day
// and at every site. All sites of the cluster must be given, whichever exams are
// made, so that people are the same. Fence and Nonce must have been set. Errors are
// those of synth.NewPopulation, which names what is wrong with a fence.
func (m *Maker) Populate(sites []Site) error {
	if err := checkSites(sites); err != nil {
		return err
	}
	var exams int64
	for _, s := range sites {
		exams += s.YearlyExams
	}
	per := exams>>28 + 1 // weights together are bounded
	var homes []synth.Home
	for _, s := range sites {
		homes = append(homes, synth.Home{Site: s.Name, Weight: int((s.YearlyExams + per - 1) / per), Fence: m.fence(s.Name)})
	}
	population, err := synth.NewPopulation(m.Nonce, scope, homes)
	if err != nil {
		return err
	}
	m.population, m.people = population, int(min(max(exams/examsOfPerson, fewestPeople), 1<<30))
	return nil
}

const (
	// examsOfPerson is how many exams a person has in a year on average; there are
	// a thousand people at least.
	examsOfPerson = 2
	fewestPeople  = 1000

	// visitors is the share of exams, in per cent, whose patient may belong to any
	// site; all others are of the site's own.
	visitors = 10

	// mostTried bounds the search for a patient: enough for a site that one person
	// in ten thousand belongs to.
	mostTried = 100_000
)

// choosePatient draws who is examined: somebody whom the recipe suits, and whose
// identity lies in the fence of the site.
func (m *Maker) choosePatient(q *synth.StudyRequest, e Exam) error {
	if m.population == nil {
		return nil
	}
	fence := m.fence(e.Site)
	admitted := map[string]bool{}
	s := draw.From(m.Seed, DateOf(e.Start).number(), patientStream, uint64(e.Index))
	visitor := s.Below(100) < visitors
	for range mostTried {
		p := m.population.Person(s.Below(m.people))
		if p.Site != e.Site {
			if !visitor {
				continue
			}
			ok, known := admitted[p.Site]
			if !known {
				home := m.fence(p.Site)
				ok = home.PatientIDPrefix == fence.PatientIDPrefix && home.NamePrefix == fence.NamePrefix
				admitted[p.Site] = ok
			}
			if !ok {
				continue
			}
		}
		if q.Recipe.SuitsAt(p.Patient, e.Start) {
			q.Patient, q.CharacterSet = p.Patient, p.CharacterSet
			return nil
		}
	}
	return fmt.Errorf("volume: exam %d at %s: nobody of the population belongs to the site and can have %q", e.Index, e.Site, e.Recipe)
}
