package volume

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"pacsuat/synth"
)

// hospitals are three sites, of which two share their form of Patient IDs.
func hospitals(t testing.TB) ([]Site, func(string) synth.Fence) {
	t.Helper()
	place := zone(t, "Asia/Singapore")
	return []Site{
			{Name: "north", Number: 0, YearlyExams: 60_000, Location: place},
			{Name: "east", Number: 1, YearlyExams: 40_000, Location: place},
			{Name: "other", Number: 2, YearlyExams: 20_000, Location: place},
			{Name: "dr-site", Number: 3, Location: place},
		}, func(site string) synth.Fence {
			switch site {
			case "other":
				return synth.Fence{PatientIDPrefix: "ZZOTHER"}
			case "east":
				return synth.Fence{Issuer: "EAST"}
			}
			return synth.Fence{}
		}
}

// populated returns a Maker with the people of all hospitals.
func populated(t testing.TB, nonce string) (*Maker, []Site) {
	t.Helper()
	sites, fence := hospitals(t)
	m := &Maker{Recipes: smallRecipes(t), Seed: 1, Nonce: nonce, Fence: fence}
	if err := m.Populate(sites); err != nil {
		t.Fatal(err)
	}
	return m, sites
}

// TestPatients: most patients belong to the site, some come from another one with
// their own Patient ID, where that is of the same form; some come twice; names are
// in several character sets.
func TestPatients(t *testing.T) {
	t.Parallel()
	m, sites := populated(t, "00")
	exams, guests := map[string]int{}, map[string]int{}
	seen, sets := map[string]int{}, map[string]int{}
	again := 0
	for d := range 8 {
		day := date(t, "2026-11-02")
		for range d {
			day = day.Next()
		}
		for _, e := range smallDay(t, day.String(), sites...) {
			q, err := m.Request(e)
			if err != nil {
				t.Fatal(err)
			}
			exams[e.Site]++
			switch p := q.Patient; {
			case strings.HasPrefix(p.ID, "ZZOTHER") != (e.Site == "other"):
				t.Errorf("%s is examined at %s", p.ID, e.Site)
			case e.Site != "other" && (p.Issuer == "EAST") != (e.Site == "east"):
				guests[e.Site]++
			}
			if seen[q.Patient.ID]++; seen[q.Patient.ID] == 2 {
				again++
			}
			sets[strings.Join(q.CharacterSet, `\`)]++
			if q.Patient.BirthDate > e.Start.Format("20060102") {
				t.Errorf("%s is born on %s, after the exam", q.Patient.ID, q.Patient.BirthDate)
			}
		}
	}
	// A tenth may be of anywhere: at north 40 % of them are of east, at east 60 % of
	// north; who is of the third cannot come.
	for site, want := range map[string]float64{"north": 0.04, "east": 0.06} {
		if share := float64(guests[site]) / float64(exams[site]); share < want*0.6 || share > want*1.4 {
			t.Errorf("%d of %d patients at %s are guests, want about %.0f %%", guests[site], exams[site], site, 100*want)
		}
	}
	if again < 20 || again > 150 {
		t.Errorf("%d of %d patients come again within 8 days", again, len(seen))
	}
	if len(sets) < 5 {
		t.Errorf("names are in %v", sets)
	}
}

// TestPatientsSuit: nobody has an exam that is not for them.
func TestPatientsSuit(t *testing.T) {
	t.Parallel()
	m, sites := populated(t, "00")
	m.Recipes = synth.Recipes()
	sexes, years := map[string]map[string]int{}, map[string][2]int{"US pregnancy": {18, 48}, "Mammogram": {30, 120}}
	for recipe, ages := range years {
		sexes[recipe] = map[string]int{}
		for i := range 60 {
			q, err := m.Request(Exam{Site: sites[i%3].Name, Recipe: recipe, Start: time.Date(2026, 11, 4, 10, i, 0, 0, time.UTC), Images: 4, Index: i})
			if err != nil {
				t.Fatal(err)
			}
			sexes[recipe][q.Patient.Sex]++
			birth, err := time.Parse("20060102", q.Patient.BirthDate)
			if err != nil {
				t.Fatal(err)
			}
			if at := 2026 - birth.Year(); at < ages[0] || at > ages[1]+1 {
				t.Errorf("%s of one born %s", recipe, q.Patient.BirthDate)
			}
		}
		if sexes[recipe]["M"] > 0 {
			t.Errorf("%s of %v", recipe, sexes[recipe])
		}
	}
}

// TestPatientsRefuse: a site that nobody belongs to, and people who cannot be.
func TestPatientsRefuse(t *testing.T) {
	t.Parallel()
	m, sites := populated(t, "00")
	for site, want := range map[string]string{"dr-site": "", "nowhere": `nobody of the population belongs to the site and can have "small CT"`} {
		failed := false
		for i := range 4 { // a visitor may come anywhere
			_, err := m.Request(Exam{Site: site, Recipe: "small CT", Start: time.Date(2026, 11, 4, 10, 0, 0, 0, time.UTC), Images: 1, Index: i})
			failed = failed || err != nil && strings.Contains(err.Error(), "nobody of the population") && strings.Contains(err.Error(), want)
		}
		if !failed {
			t.Errorf("patients are found at %s", site)
		}
	}
	if err := (&Maker{Fence: func(string) synth.Fence { return synth.Fence{UIDRoot: "x"} }}).Populate(sites); err == nil {
		t.Error("a fence that cannot be used")
	}
	if err := new(Maker).Populate(sites[3:]); err == nil {
		t.Error("people of nowhere")
	}
	if err := new(Maker).Populate(append(sites, sites[0])); err == nil {
		t.Error("a site twice")
	}
	big := slices.Clone(sites)
	for i := range big {
		big[i].YearlyExams = MaxYearlyExams
	}
	for i := 4; i < MaxSites; i++ {
		big = append(big, Site{Name: strings.Repeat("x", i), Number: i, YearlyExams: MaxYearlyExams, Location: time.UTC})
	}
	if err := new(Maker).Populate(big); err != nil {
		t.Errorf("the largest cluster: %v", err)
	}
}

// TestPriors: as many earlier studies as the exam says, of the same patient, that
// share no identity with any other study of the day.
func TestPriors(t *testing.T) {
	t.Parallel()
	m, sites := populated(t, "00")
	exams := smallDay(t, "2026-11-04", sites...)
	ids := map[string]bool{}
	unique := func(s *synth.Study) {
		t.Helper()
		for _, id := range []string{s.StudyInstanceUID, s.AccessionNumber, s.SOPInstanceUID(0)} {
			if ids[id] {
				t.Fatalf("%s is there twice", id)
			}
			ids[id] = true
		}
	}
	total, want := 0, 0
	for _, e := range exams[:40] {
		s := study(t, m, e)
		unique(s)
		priors, err := m.Priors(e)
		if err != nil {
			t.Fatal(err)
		}
		total, want = total+len(priors), want+e.Priors
		for _, q := range priors {
			q.Images = q.Recipe.LeastSeries()
			p, err := synth.NewStudy(q)
			if err != nil {
				t.Fatal(err)
			}
			unique(p)
			if p.Patient != s.Patient || p.StudyDate >= s.StudyDate {
				t.Errorf("a prior of %s on %s, the study is of %s on %s", p.Patient.ID, p.StudyDate, s.Patient.ID, s.StudyDate)
			}
			if !strings.HasSuffix(p.Equipment.Institution, strings.ToUpper(e.Site)) {
				t.Errorf("a prior at %s of a patient at %s", p.Equipment.Institution, e.Site)
			}
		}
	}
	// Newborns have none.
	if total > want || total < want*95/100 || total < 20 {
		t.Errorf("%d priors, want %d", total, want)
	}
	if _, err := m.Priors(Exam{Site: "north", Recipe: "small CT", Priors: 3, PriorsBefore: 999_998}); err == nil || !strings.Contains(err.Error(), "1000001 priors") {
		t.Errorf("too many priors: %v", err)
	}
	// Whoever makes them, and with whatever other sites.
	alone := smallDay(t, "2026-11-04", sites[1])
	for _, e := range exams {
		if e.Site != "east" || e.Priors == 0 {
			continue
		}
		at := slices.IndexFunc(alone, func(x Exam) bool { return x.Index == e.Index })
		a, err := m.Priors(e)
		if err != nil {
			t.Fatal(err)
		}
		b, err := m.Priors(alone[at])
		if err != nil || len(a) != len(b) || len(a) == 0 {
			t.Fatalf("%d priors, alone %d: %v", len(a), len(b), err)
		}
		for i := range a {
			a[i].Images, b[i].Images = a[i].Recipe.LeastSeries(), b[i].Recipe.LeastSeries()
			x, err := synth.NewStudy(a[i])
			if err != nil {
				t.Fatal(err)
			}
			y, err := synth.NewStudy(b[i])
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(dataSet(t, x, 0), dataSet(t, y, 0)) {
				t.Errorf("prior %d of exam %d is another when %s is alone", i, e.Index, e.Site)
			}
		}
		break
	}
}
