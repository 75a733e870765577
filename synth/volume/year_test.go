package volume

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// critical holds the values that chi-squared exceeds with a probability of
// 0.001 where the shares are the expected ones, by degrees of freedom.
var critical = map[int]float64{
	1: 10.828, 2: 13.816, 3: 16.266, 4: 18.467, 5: 20.515, 6: 22.458, 7: 24.322, 23: 49.728,
}

// sizeTolerance is how far a year's mean number of instances may be from the
// profile's: five times what chance makes of the heaviest tail.
const sizeTolerance = 0.025

// year is what was counted in a generated year.
type year struct {
	exams   float64
	days    [7]float64
	hours   [24]float64 // of weekdays
	mix     []float64   // by modality
	recipes [][]float64
	images  []float64
	sizes   []map[int]int // by modality: how many exams have so many instances
	priors  float64
	without float64 // priors
	pairs   float64 // exams on two associations
}

// generate counts the year 2026 of one site, in UTC so that no day lacks an hour.
func generate(t *testing.T, p *Profile, yearly int64, seed uint64) *year {
	t.Helper()
	y := &year{mix: make([]float64, len(p.modalities)), images: make([]float64, len(p.modalities))}
	at, recipeAt := map[string]int{}, map[string]int{}
	for i, m := range p.modalities {
		at[m.name] = i
		y.recipes = append(y.recipes, make([]float64, len(m.recipes)))
		y.sizes = append(y.sizes, map[int]int{})
		for k, r := range m.recipes {
			recipeAt[r.name] = k
		}
	}
	site := []Site{{Name: "all", YearlyExams: yearly, Location: time.UTC}}
	for d := (Date{2026, time.January, 1}); d.Year == 2026; d = d.Next() {
		exams, err := p.Day(d, site, seed)
		if err != nil {
			t.Fatal(err)
		}
		weekday := d.Weekday()
		for e := range exams {
			y.exams++
			y.days[weekday]++
			if weekday != time.Saturday && weekday != time.Sunday {
				y.hours[e.Start.Hour()]++
			}
			k := at[e.Modality]
			y.mix[k]++
			y.recipes[k][recipeAt[e.Recipe]]++
			y.images[k] += float64(e.Images)
			y.sizes[k][e.Images]++
			y.priors += float64(e.Priors)
			if e.Priors == 0 {
				y.without++
			}
			if e.Associations == 2 {
				y.pairs++
			}
		}
	}
	return y
}

// against lists how a year differs from what a profile says: chi-squared on
// shares with p < 0.001, and sizes beyond the tolerance.
func (y *year) against(p *Profile) []string {
	var wrong []string
	chi := func(what string, counts, shares []float64) {
		total, sum := 0.0, 0.0
		for i := range counts {
			total, sum = total+counts[i], sum+shares[i]
		}
		x2 := 0.0
		for i, c := range counts {
			e := total * shares[i] / sum
			x2 += (c - e) * (c - e) / e
		}
		df := len(counts) - 1
		if limit, ok := critical[df]; !ok || !(x2 <= limit) {
			wrong = append(wrong, fmt.Sprintf("%s: chi-squared %.1f, %.1f at most (%d degrees of freedom)", what, x2, limit, df))
		}
	}
	days := make([]float64, 7)
	for d := (Date{2026, time.January, 1}); d.Year == 2026; d = d.Next() {
		days[d.Weekday()] += p.days[d.Weekday()].float()
	}
	chi("days", y.days[:], days)
	chi("hours", y.hours[:], floats(p.hours.weekday[:]))
	var mix []float64
	for k, m := range p.modalities {
		mix = append(mix, m.share.float())
		var weights []float64
		expected := 0.0
		for _, r := range m.recipes {
			weights = append(weights, r.weight.float())
			expected += r.weight.float() / m.weightSum.float() * r.images.expected()
		}
		chi("recipes of "+m.name, y.recipes[k], weights)
		if got := y.images[k] / y.mix[k]; math.Abs(got/expected-1) > sizeTolerance {
			wrong = append(wrong, fmt.Sprintf("sizes of %s: %.1f instances on average, %.1f within %g %% expected", m.name, got, expected, 100*sizeTolerance))
		}
	}
	chi("modalities", y.mix, mix)
	return wrong
}

func floats(d []decimal) []float64 {
	out := make([]float64, len(d))
	for i := range d {
		out[i] = d[i].float()
	}
	return out
}

func changed(t *testing.T, pairs ...string) *Profile {
	t.Helper()
	text := string(shipped)
	for i := 0; i < len(pairs); i += 2 {
		if strings.Count(text, pairs[i]) != 1 {
			t.Fatalf("%q is %d times in the profile", pairs[i], strings.Count(text, pairs[i]))
		}
		text = strings.Replace(text, pairs[i], pairs[i+1], 1)
	}
	p, err := Parse("changed.yaml", []byte(text), tests(kinds))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// quantile returns the number of instances that a part of exams does not exceed.
func quantile(sizes map[int]int, part float64) int {
	var all []int
	total := 0
	for n, count := range sizes {
		all = append(all, n)
		total += count
	}
	slices.Sort(all)
	seen := 0
	for _, n := range all {
		if seen += sizes[n]; float64(seen) >= part*float64(total) {
			return n
		}
	}
	return 0
}

// TestYear generates a year of 1.6 million exams.
func TestYear(t *testing.T) {
	t.Parallel()
	p := defaultProfile(t)
	const yearly = 1_600_000
	y := generate(t, p, yearly, 1)
	for _, w := range y.against(p) {
		t.Error(w)
	}
	// 365 days are 52 weeks and a Thursday more than the profile's 365/7 weeks.
	if want := yearly * 7.0 / 365 * (52 + 0.17); math.Abs(y.exams-want) > 5*math.Sqrt(want) {
		t.Errorf("%.0f exams in the year, want %.0f within 5 deviations", y.exams, want)
	}
	near := func(what string, got, want, part float64) {
		t.Helper()
		if math.Abs(got/want-1) > part {
			t.Errorf("%s: %.4g, want %.4g within %g %%", what, got, want, 100*part)
		}
	}
	near("priors per exam", y.priors/y.exams, 10.2, 0.005)
	near("exams without priors", y.without/y.exams, 0.11, 0.01)
	near("exams on two associations", y.pairs/y.exams, 0.13*0.5+0.06*0.3, 0.02)
	for k, m := range p.modalities {
		if m.spread.shape != shapeLognormal {
			continue
		}
		// Of the recipe of a fixed structure there is so little that it moves no
		// quantile by more than the tolerance.
		mean := m.mean.float()
		near(m.name+" median", float64(quantile(y.sizes[k], 0.5)), 0.6*mean, 0.04)
		near(m.name+" 95th percentile", float64(quantile(y.sizes[k], 0.95)), 3.16*mean, 0.04)
		near(m.name+" p95 of the median", float64(quantile(y.sizes[k], 0.95))/float64(quantile(y.sizes[k], 0.5)), math.Exp(1.6449*1.0108), 0.03)
		if most := quantile(y.sizes[k], 1); most != 10_000 {
			t.Errorf("%s: the largest study has %d instances; 10,000 are the most", m.name, most)
		}
		if least := quantile(y.sizes[k], 0); least < 1 {
			t.Errorf("%s: a study of %d instances", m.name, least)
		}
	}
	t.Run("each share", func(t *testing.T) {
		t.Parallel()
		y.noticesEachShare(t, p)
	})
}

// noticesEachShare expects each share in turn to be 10 % larger than it was when
// the year was made.
func (y *year) noticesEachShare(t *testing.T, p *Profile) {
	t.Helper()
	notices := func(what string, change func(*Profile)) {
		t.Helper()
		q := *p
		q.modalities = slices.Clone(p.modalities)
		change(&q)
		if len(y.against(&q)) == 0 {
			t.Errorf("%s: a share that is 10 %% off is not noticed", what)
		}
	}
	more := func(d *decimal) { *d += *d / 10 }
	for i := range p.days {
		notices(dayNames[i], func(q *Profile) { more(&q.days[i]) })
	}
	for i := range p.hours.weekday {
		notices(fmt.Sprintf("hour %d", i), func(q *Profile) { more(&q.hours.weekday[i]) })
	}
	for i, m := range p.modalities {
		notices(m.name, func(q *Profile) { more(&q.modalities[i].share) })
	}
}

// TestYearNotices makes years from profiles in which one share is shifted by
// 10 %, while the shipped one is expected: the same test must fail, and for the
// right reason.
func TestYearNotices(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, noticed string
		change        []string
	}{
		{"nothing", "", nil},
		{"CT exams", "modalities", []string{"share: { value: 62,", "share: { value: 60.7,", "share: { value: 13,", "share: { value: 14.3,"}},
		{"busiest hour", "hours", []string{"9.8, 10.1,", "8.79, 11.11,"}},
		{"Mondays", "days", []string{"monday: 17, tuesday: 17", "monday: 18.7, tuesday: 15.3"}},
		{"tomosynthesis", "recipes of MG", []string{"Mammogram: 60, Mammogram with tomosynthesis: 40", "Mammogram: 56, Mammogram with tomosynthesis: 44"}},
		{"instances of CT", "sizes of CT", []string{"instances_per_study: { value: 800", "instances_per_study: { value: 880"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			const yearly = 400_000
			wrong := generate(t, changed(t, c.change...), yearly, 5).against(defaultProfile(t))
			if c.noticed == "" {
				if len(wrong) > 0 {
					t.Errorf("%q", wrong)
				}
				return
			}
			if !slices.ContainsFunc(wrong, func(w string) bool { return strings.HasPrefix(w, c.noticed+":") }) {
				t.Errorf("%q is not noticed: %q", c.noticed, wrong)
			}
		})
	}
}
