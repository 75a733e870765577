package volume

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"testing"

	"pacsuat/synth"
)

// small is a profile of two modalities, with recipes of few and small images.
const smallProfile = `
name: Small
days: { value: { monday: 16, tuesday: 14, wednesday: 14, thursday: 14, friday: 14, saturday: 14, sunday: 14 }, source: x }
hours: { weekday: { value: [0,0,0,0,0,0,0,0,10,10,10,10,10,10,10,10,10,10,0,0,0,0,0,0], source: x } }
overload_factor: { value: 1.5, source: x }
exams_per_room: { value: 1000, source: x }
modalities:
  CT:
    share: { value: 40, source: x }
    recipes: { value: { small CT: 100 }, source: x }
    instances_per_study: { value: 12, source: x }
    spread: { shape: lognormal, median: 0.6, most: 100, source: x }
    pace: { instances_per_second: [20, 100], associations: { 1: 50, 2: 50 }, source: x }
    mb_per_instance: { value: 0.01, source: x }
    read_minutes: { value: 1, source: x }
  CR/DX:
    share: { value: 60, source: x }
    recipes: { value: { small DX: 100 }, source: x }
    instances_per_study: { value: 2, source: x }
    spread: { shape: fixed, source: x }
    pace: { instances_per_second: [1, 2], associations: { 1: 100 }, source: x }
    mb_per_instance: { value: 0.03, source: x }
    read_minutes: { value: 1, source: x }
priors: { mean: { value: 2, source: x }, none: { value: 20, source: x }, prefetched: { value: 1, source: x } }
stores_per_object: { value: 3, source: x }
outages:
  block: { minutes: { value: 15, source: x }, drain_minutes: { value: 30, source: x } }
  dr_weekend_day: { minutes: { value: 1440, source: x }, drain_minutes: { value: 720, source: x } }
  dr_weekday: { minutes: { value: 1440, source: x }, drain_minutes: { value: 720, source: x } }
reading:
  opens_per_exam: { value: 3, source: x }
  prior_opens_per_exam: { value: 2, source: x }
  queries_per_open: { value: 2, source: x }
  hl7_messages_per_exam: { value: 8, source: x }
`

func smallRecipes(t testing.TB) []synth.Recipe {
	t.Helper()
	recipes, err := synth.Load("small.yaml", []byte(`
- {name: small CT, description: CT, body_part: CHEST, images: {mean: 12, spread: lognormal, most: 100}, series: [{object: CT, phantom: chest CT, matrix: 64x64, distinct: 4}, {object: CT, phantom: chest CT, matrix: 64x64, distinct: 4}]}
- {name: small DX, description: DX, body_part: CHEST, images: 2, series: [{object: DX, phantom: chest radiograph, matrix: 128x128}]}
`))
	if err != nil {
		t.Fatal(err)
	}
	return recipes
}

// smallDay returns the exams of a date at those sites.
func smallDay(t testing.TB, day string, sites ...Site) []Exam {
	t.Helper()
	sizes, err := synth.NewSizes(smallRecipes(t))
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse("small.yaml", []byte(smallProfile), sizes)
	if err != nil {
		t.Fatal(err)
	}
	return collect(t, p, date(t, day), sites, 1)
}

func smallSites(t testing.TB) []Site {
	t.Helper()
	return []Site{
		{Name: "north", Number: 0, YearlyExams: 8_000, Location: zone(t, "Europe/Zurich")},
		{Name: "east", Number: 1, YearlyExams: 6_000, Location: zone(t, "Europe/London"), ServedBy: "north"},
	}
}

func study(t testing.TB, m *Maker, e Exam) *synth.Study {
	t.Helper()
	q, err := m.Request(e)
	if err != nil {
		t.Fatal(err)
	}
	s, err := synth.NewStudy(q)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// dataSet returns the bytes of an instance.
func dataSet(t testing.TB, s *synth.Study, i int) []byte {
	t.Helper()
	in, err := s.Instance(i)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Concat(in.Segments...)
}

// TestRequest: studies are what their exams say.
func TestRequest(t *testing.T) {
	t.Parallel()
	m := &Maker{Recipes: smallRecipes(t), Seed: 1, Nonce: "00", Fence: func(site string) synth.Fence {
		return synth.Fence{PatientIDPrefix: "ZZ" + strings.ToUpper(site)}
	}}
	uids := map[string]bool{}
	var made, expected float64
	exams := smallDay(t, "2026-11-04", smallSites(t)...)
	if len(exams) < 20 {
		t.Fatalf("%d exams", len(exams))
	}
	for _, e := range exams {
		s := study(t, m, e)
		if s.Len() != e.Images || s.Recipe.Name != e.Recipe || s.StudyDate != e.Start.Format("20060102") || s.StudyTime != e.Start.Format("150405") {
			t.Errorf("%+v becomes %d of %s at %s %s", e, s.Len(), s.Recipe.Name, s.StudyDate, s.StudyTime)
		}
		if !strings.HasPrefix(s.Patient.ID, "ZZ"+strings.ToUpper(e.Site)) || !strings.HasSuffix(s.Equipment.Institution, strings.ToUpper(e.Site)) {
			t.Errorf("at %s: patient %s, equipment %+v", e.Site, s.Patient.ID, s.Equipment)
		}
		for _, id := range []string{s.StudyInstanceUID, s.AccessionNumber, s.Patient.ID} {
			if uids[id] {
				t.Errorf("%s is there twice", id)
			}
			uids[id] = true
		}
		n, err := s.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		made, expected = made+float64(n), expected+float64(e.Bytes)
	}
	if math.Abs(made/expected-1) > 0.01 {
		t.Errorf("%.0f bytes, the model says %.0f", made, expected)
	}
	if _, err := m.Request(Exam{Site: "north", Recipe: "smal CT"}); err == nil || !strings.Contains(err.Error(), `did you mean "small CT"?`) {
		t.Errorf("an unknown recipe: %v", err)
	}
}

// TestRequestAlone: an exam is the same study, byte for byte, whichever sites are
// generated with it; another nonce changes whose it is, another date the pixels.
func TestRequestAlone(t *testing.T) {
	t.Parallel()
	sites := smallSites(t)
	m := &Maker{Recipes: smallRecipes(t), Seed: 1, Nonce: "00"}
	all := map[int]Exam{}
	for _, e := range smallDay(t, "2026-11-04", sites...) {
		all[e.Index] = e
	}
	alone := smallDay(t, "2026-11-04", sites[1])
	if len(alone) == 0 || len(alone) == len(all) {
		t.Fatalf("%d exams of %d", len(alone), len(all))
	}
	other := &Maker{Recipes: m.Recipes, Seed: 1, Nonce: "01"}
	for _, e := range alone {
		a, b := study(t, m, all[e.Index]), study(t, m, e)
		for i := range e.Images {
			if !bytes.Equal(dataSet(t, a, i), dataSet(t, b, i)) {
				t.Fatalf("exam %d, instance %d: another when %s is alone", e.Index, i, e.Site)
			}
		}
		c := study(t, other, e)
		if c.StudyInstanceUID == a.StudyInstanceUID || c.Patient.ID == a.Patient.ID || bytes.Equal(dataSet(t, a, 0), dataSet(t, c, 0)) {
			t.Errorf("exam %d is the same study under another nonce", e.Index)
		}
	}
	// The same exam a day later, of another: all of it is another.
	e := alone[0]
	later := e
	later.Start = e.Start.AddDate(0, 0, 1)
	a, b := dataSet(t, study(t, m, e), 0), dataSet(t, study(t, m, later), 0)
	if bytes.Equal(a[len(a)-4096:], b[len(b)-4096:]) {
		t.Error("the pixels of the next day are the same")
	}
	if study(t, m, e).Patient.ID == study(t, m, later).Patient.ID {
		t.Error("the patient of the next day is the same")
	}
}

// TestMadeBytes: what the model counts is what is made of the shipped recipes. The
// bytes of each modality are within 1 %; within 6 % where the frames of clips and
// runs are drawn.
func TestMadeBytes(t *testing.T) {
	t.Parallel()
	p, _ := made(t)
	m := &Maker{Recipes: synth.Recipes(), Seed: 1, Nonce: "00"}
	site := Site{Name: "north", YearlyExams: 80_000, Location: zone(t, "Europe/Zurich")}
	counted, sums := map[string]float64{}, map[string]float64{}
	for _, e := range collect(t, p, date(t, "2026-11-04"), []Site{site}, 3) {
		s := study(t, m, e)
		if s.Len() != e.Images {
			t.Fatalf("%d images of %+v", s.Len(), e)
		}
		n, err := s.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		counted[e.Modality] += float64(e.Bytes)
		sums[e.Modality] += float64(n)
	}
	if len(sums) < 7 {
		t.Errorf("modalities %v", sums)
	}
	for name, sum := range sums {
		tolerance := 0.01
		if slices.Contains([]string{"US", "MG", "XA/RF"}, name) {
			tolerance = 0.06
		}
		if math.Abs(sum/counted[name]-1) > tolerance {
			t.Errorf("%s: %.2f MB are made, the model says %.2f", name, sum/1e6, counted[name]/1e6)
		}
	}
}
