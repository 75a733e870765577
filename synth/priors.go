package synth

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"pacsuat/synth/draw"
)

// maxPriors is the most earlier studies that are made of one study.
const maxPriors = 10_000

// drawPriors is what the draws of priors are for, beside those in study.go.
const drawPriors uint64 = 1 << 16

// Priors returns the requests of n earlier studies of the patient of q, the newest
// first, with the indexes first, first+1, ... of the same identity. Half of them
// are of q's modality or body part, all of kinds that the catalogue ships and that
// suit the patient's sex and age. They were made between a day and ten years before
// q's date, most of them in the last year, and none before the patient was born: of
// one who was born that day there are none.
//
// Everything else is as in a new request: give Images, or reduce the recipes, where
// the realistic numbers are too much.
func Priors(q StudyRequest, n int, first int) ([]StudyRequest, error) {
	if n < 0 || n > maxPriors || first < 0 || first > 1<<31-1-n {
		return nil, fmt.Errorf("synth: %d priors from index %d: from 0 to %d are possible, with indexes below 1<<31", n, first, maxPriors)
	}
	if q.Index >= first && q.Index < first+n {
		return nil, fmt.Errorf("synth: the priors with the indexes %d to %d would have the identity of the study itself, whose index is %d", first, first+n-1, q.Index)
	}
	if err := q.complete(); err != nil {
		return nil, err
	}
	start, err := q.start()
	if err != nil {
		return nil, err
	}
	d := draw.From(q.Seed, uint64(q.Recipe.sum()), uint64(q.Index), drawPriors)
	days := earlierDays(d, n, daysSinceBirth(q.Patient, start))
	alike := len(days) / 2
	if len(days)%2 == 1 {
		alike += d.Below(2)
	}
	out := make([]StudyRequest, 0, len(days))
	for k, ago := range days {
		prior := StudyRequest{
			Seed: q.Seed, AsOf: start.AddDate(0, 0, -ago), Identity: q.Identity, Index: first + k,
			Patient: q.Patient, CharacterSet: slices.Clone(q.CharacterSet),
		}
		like := d.Below(len(days)-k) < alike // so many of those that are left
		if like {
			alike--
		}
		kinds := priorRecipes(&q, like, prior.AsOf)
		prior.Recipe = kinds[d.Below(len(kinds))]
		if !q.TransferSyntax.IsEncapsulated() || slices.Contains(prior.Recipe.Syntaxes(), q.TransferSyntax) {
			prior.TransferSyntax = q.TransferSyntax
		}
		out = append(out, prior)
	}
	return out, nil
}

// priorAges is how long ago earlier studies were made: shares in per cent, and from
// how many days to how many.
var priorAges = []struct{ share, from, to int }{
	{8, 1, 7}, {12, 8, 30}, {25, 31, 180}, {20, 181, 365}, {20, 366, 1095}, {9, 1096, 1826}, {6, 1827, 3652},
}

// earlierDays draws how many days ago n studies were made, the last first; none
// longer ago than most days, and none at all where most is 0.
func earlierDays(d *draw.Stream, n, most int) []int {
	if most < 1 {
		return nil
	}
	out := make([]int, n)
	for k := range out {
		left := d.Below(100)
		for _, a := range priorAges {
			if left < a.share {
				out[k] = d.Between(a.from, a.to)
				break
			}
			left -= a.share
		}
		if out[k] > most {
			out[k] = d.Between(1, most)
		}
	}
	slices.Sort(out)
	return out
}

// daysSinceBirth is how old the patient is in days; a life's where it is not known.
func daysSinceBirth(p Patient, at time.Time) int {
	birth, err := time.Parse("20060102", p.BirthDate)
	if err != nil {
		return priorAges[len(priorAges)-1].to
	}
	day := time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	return max(0, int(day.Sub(birth)/(24*time.Hour)))
}

// pictured are the shipped recipes of images, with their modalities.
var pictured = sync.OnceValue(func() []pictureRecipe {
	var out []pictureRecipe
	for _, r := range catalogue() {
		if r.HasPixels() {
			out = append(out, pictureRecipe{r, r.Modalities()})
		}
	}
	return out
})

type pictureRecipe struct {
	Recipe
	modalities []string
}

// priorRecipes returns the kinds of studies that the patient may have had at a
// time, q's own among them: only those of its modality or body part, or all.
func priorRecipes(q *StudyRequest, like bool, at time.Time) []Recipe {
	out := []Recipe{q.Recipe}
	modality := q.Recipe.Modalities()[0]
	for _, r := range pictured() {
		if like && !slices.Contains(r.modalities, modality) && (r.BodyPart != q.Recipe.BodyPart || r.BodyPart == "") {
			continue
		}
		if !strings.EqualFold(r.Name, q.Recipe.Name) && r.SuitsAt(q.Patient, at) {
			out = append(out, r.Recipe)
		}
	}
	return out
}

// SuitsAt says whether a study of the recipe can have been made of the patient at
// a time: no mammogram of a child, no pregnancy of an old woman, nothing of the
// other sex or of who was not born.
func (r Recipe) SuitsAt(p Patient, at time.Time) bool {
	if !r.Suits(p) {
		return false
	}
	age := 40
	if birth, err := time.Parse("20060102", p.BirthDate); err == nil {
		if age = years(birth, at); age < 0 {
			return false
		}
	}
	switch r.BodyPart {
	case "BREAST":
		return age >= 30
	case "UTERUS":
		return age >= 18 && age <= 48
	}
	return true
}
