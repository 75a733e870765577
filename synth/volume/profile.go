package volume

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"time"
)

// Catalogue knows the kinds of studies; synth's recipes implement it. Its
// methods are called once for each exam, and must be safe for concurrent use.
type Catalogue interface {
	// Modality returns the DICOM modality of the recipe (0008,0060), false if
	// there is none of that name.
	Modality(recipe string) (string, bool)

	// Images returns the realistic number of instances of a study of the recipe:
	// fixed is true where its structure says it exactly, otherwise it is a mean.
	Images(recipe string) (mean int, fixed bool)

	// Bytes returns the bytes of the data sets of a study with that many
	// instances, as generated.
	Bytes(recipe string, images int) int64
}

//go:embed profile.yaml
var shipped []byte

// Text returns the shipped profile, with its comments, to copy and change.
func Text() []byte { return append([]byte(nil), shipped...) }

// Default returns the shipped profile. It is an error if the catalogue lacks
// one of its recipes, or has them with other fixed numbers of instances.
func Default(c Catalogue) (*Profile, error) { return Parse("profile.yaml", shipped, c) }

// Profile says how exams are spread over days, hours, modalities and kinds of
// studies. It is immutable, and safe for concurrent use.
type Profile struct {
	name    string
	days    [7]decimal // by time.Weekday
	daysSum decimal
	hours   struct{ weekday, weekend [24]decimal }

	overload   decimal
	perRoom    decimal // exams a year
	modalities []modality
	shareSum   decimal

	priors          priors
	prefetched      decimal
	storesPerObject decimal
	block, weekend  outage // weekend and weekday: of the DR
	weekday         outage
	reading         reading

	catalogue Catalogue
}

// modality is a group of kinds of studies, named by the DICOM modalities in it.
type modality struct {
	name       string
	seed       uint64
	share      decimal
	recipes    []recipe
	weightSum  decimal
	mean       decimal // instances a study, as stated
	spread     spread
	pace       [2]decimal // instances a second, least and most
	channels   []decimal  // share of exams on 1, 2, ... associations
	channelSum decimal
	mb         decimal // megabytes an instance, assumed
	read       decimal // minutes
}

// recipe is a kind of study with its weight and how many instances it has.
type recipe struct {
	name   string
	line   int
	weight decimal
	images images
}

// outage is how long something is out and in which time the rest must follow.
type outage struct{ minutes, drainMinutes decimal }

// reading is what is done about an exam besides storing it.
type reading struct{ opens, priorOpens, queriesPerOpen, hl7 decimal }

// Name returns the name that the profile gives itself.
func (p *Profile) Name() string { return p.name }

// Modalities returns the names of the groups of modalities, in the profile's
// order.
func (p *Profile) Modalities() []string {
	names := make([]string, len(p.modalities))
	for i, m := range p.modalities {
		names[i] = m.name
	}
	return names
}

// curve returns the shares of the hours of a day of the week.
func (p *Profile) curve(d time.Weekday) *[24]decimal {
	if d == time.Saturday || d == time.Sunday {
		return &p.hours.weekend
	}
	return &p.hours.weekday
}

// nameSeed returns a number for a name, to make seeds from.
func nameSeed(name string) uint64 {
	h := fnv.New64a()
	fmt.Fprint(h, name)
	return h.Sum64()
}
