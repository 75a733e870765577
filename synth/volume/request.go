package volume

import (
	"fmt"

	"pacsuat/synth"
	"pacsuat/synth/draw"
)

// Maker says which study an exam is: its recipe, its images, whose it is and
// where it was made. It may be used concurrently, and must not be changed
// meanwhile. The same exam is the same study whichever other exams are made.
//
// Without people, see Populate, each exam has a patient of its own whose name is
// ASCII.
type Maker struct {
	// Recipes hold those of the profile: what its Catalogue was made from.
	Recipes []synth.Recipe

	// Seed is that of the content. Studies of one date share their pictures, and
	// differ in the stamps; those of another date have other ones.
	Seed uint64

	// Nonce is that of the identities. See synth.NewIdentity.
	Nonce string

	// Fence returns the fence of a site's patients; nil means the default
	// everywhere.
	Fence func(site string) synth.Fence

	population *synth.Population // nil: each exam has a patient of its own
	people     int
}

// scope is that of identities that all sites share.
const scope = "cluster"

// What the draws and seeds of a Maker are for, so that no two share their numbers.
const (
	contentStream = iota + 1
	priorStream
	patientStream
)

// Request returns the study that the exam is: of Images instances, begun at
// Start. Its Index is the exam's, so that identities of a date are shared by
// nothing. The error is of an exam of a recipe that the Maker lacks, or of a site
// that nobody can be examined at.
func (m *Maker) Request(e Exam) (synth.StudyRequest, error) {
	recipe, err := synth.Named(m.Recipes, e.Recipe)
	if err != nil {
		return synth.StudyRequest{}, fmt.Errorf("volume: exam %d at %s: %w", e.Index, e.Site, err)
	}
	date := DateOf(e.Start)
	q := synth.StudyRequest{
		Recipe: recipe, Images: e.Images, Index: e.Index,
		Seed:      m.contentSeed(contentStream, date),
		AsOf:      e.Start,
		Time:      e.Start.Format("150405"),
		Identity:  synth.NewIdentity(m.Nonce, scope, "day "+date.String(), 1, m.fence(e.Site)),
		Equipment: synth.EquipmentAt(e.Site, recipe.Modalities()[0], e.Room),
	}
	return q, m.choosePatient(&q, e)
}

// Priors returns the earlier studies of the exam's patient, the newest first:
// e.Priors of them, none of who was born that day. They have identities and
// pictures of their own; their instances are as many as realistic studies have.
// Errors are those of Request, and of a site with a million priors on a day.
func (m *Maker) Priors(e Exam) ([]synth.StudyRequest, error) {
	if e.PriorsBefore+e.Priors >= indexesPerSite {
		return nil, fmt.Errorf("volume: the patients of a day at %s have %d priors, which is more than there are indexes for (%d)", e.Site, e.PriorsBefore+e.Priors, indexesPerSite)
	}
	q, err := m.Request(e)
	if err != nil || e.Priors == 0 {
		return nil, err
	}
	date := DateOf(e.Start)
	first := e.Index/indexesPerSite*indexesPerSite + e.PriorsBefore
	q.Identity = synth.NewIdentity(m.Nonce, scope, "priors of day "+date.String(), 1, m.fence(e.Site))
	q.Seed = m.contentSeed(priorStream, date)
	q.Index = first + e.Priors // which of its priors is first is drawn by it
	priors, err := synth.Priors(q, e.Priors, first)
	if err != nil {
		return nil, fmt.Errorf("volume: exam %d at %s: %w", e.Index, e.Site, err)
	}
	for i := range priors {
		priors[i].Equipment = synth.EquipmentAt(e.Site, priors[i].Recipe.Modalities()[0], 1)
	}
	return priors, nil
}

func (m *Maker) fence(site string) synth.Fence {
	if m.Fence == nil {
		return synth.Fence{}.WithDefaults()
	}
	return m.Fence(site).WithDefaults()
}

// contentSeed is another for each date, of 53 bits: every reader of JSON reads it
// exactly from a manifest.
func (m *Maker) contentSeed(stream uint64, date Date) uint64 {
	return draw.From(m.Seed, date.number(), stream).Uint64() >> 11
}
