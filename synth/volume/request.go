package volume

import (
	"fmt"

	"pacsuat/synth"
	"pacsuat/synth/draw"
)

// Maker says which study an exam is: its recipe, its images, whose it is and
// where it was made. It may be used concurrently, and must not be changed
// meanwhile. The same exam is the same study whichever other exams are made.
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
}

// scope is that of identities that all sites share.
const scope = "cluster"

// Request returns the study that the exam is: of Images instances, begun at
// Start. Its Index is the exam's, so that identities of a date are shared by
// nothing. The error is of an exam of a recipe that the Maker lacks.
func (m *Maker) Request(e Exam) (synth.StudyRequest, error) {
	recipe, err := synth.Named(m.Recipes, e.Recipe)
	if err != nil {
		return synth.StudyRequest{}, fmt.Errorf("volume: exam %d at %s: %w", e.Index, e.Site, err)
	}
	var fence synth.Fence
	if m.Fence != nil {
		fence = m.Fence(e.Site)
	}
	date := DateOf(e.Start)
	return synth.StudyRequest{
		Recipe: recipe, Images: e.Images, Index: e.Index,
		Seed:      contentSeed(m.Seed, date),
		AsOf:      e.Start,
		Time:      e.Start.Format("150405"),
		Identity:  synth.NewIdentity(m.Nonce, scope, "day "+date.String(), 1, fence),
		Equipment: synth.EquipmentAt(e.Site, recipe.Modalities()[0], e.Room),
	}, nil
}

// contentSeed is another for each date, of 53 bits: every reader of JSON reads it
// exactly from a manifest.
func contentSeed(seed uint64, date Date) uint64 {
	return draw.From(seed, date.number()).Uint64() >> 11
}
