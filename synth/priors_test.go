package synth

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

func priorsOf(t *testing.T, q StudyRequest, n, first int) []StudyRequest {
	t.Helper()
	out, err := Priors(q, n, first)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// unlike counts the priors that share neither modality nor body part with q.
func unlike(q StudyRequest, priors []StudyRequest) int {
	n := 0
	for _, p := range priors {
		if p.Recipe.BodyPart != q.Recipe.BodyPart && !slices.Contains(p.Recipe.Modalities(), q.Recipe.Modalities()[0]) {
			n++
		}
	}
	return n
}

// TestPriors proves that priors are earlier studies of the same patient with
// identities of their own, the newest first, half of them alike, and that each can
// be made.
func TestPriors(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		q := StudyRequest{Recipe: mustRecipe(t, "CT chest"), Images: 3, Seed: seed, AsOf: testDate, Identity: testIdentity, Index: 7, CharacterSet: []string{"ISO_IR 192"}}
		study := mustStudy(t, q)
		priors := priorsOf(t, q, 11, 100)
		if len(priors) != 11 {
			t.Fatalf("%d priors", len(priors))
		}
		if n := unlike(q, priors); n > 6 {
			t.Errorf("seed %d: %d of 11 priors are of another kind", seed, n)
		}
		before := study.StudyDate
		for k, p := range priors {
			p.Recipe, p.Images = small(p.Recipe), p.Recipe.LeastSeries()
			s := mustStudy(t, p)
			if s.StudyDate > before || s.StudyDate >= study.StudyDate || s.StudyDate < study.StudyDate[:2]+fmt.Sprintf("%02d", 26-11) {
				t.Errorf("seed %d: prior %d is of %s, the one before of %s", seed, k, s.StudyDate, before)
			}
			before = s.StudyDate
			if s.Patient != study.Patient || s.StudyInstanceUID == study.StudyInstanceUID || s.AccessionNumber == study.AccessionNumber || p.Index != 100+k {
				t.Errorf("seed %d: prior %d is of %+v, index %d", seed, k, s.Patient, p.Index)
			}
		}
		again := priorsOf(t, q, 11, 100)
		for k := range priors {
			if priors[k].Recipe.Name != again[k].Recipe.Name || !priors[k].AsOf.Equal(again[k].AsOf) {
				t.Errorf("seed %d: prior %d differs the second time", seed, k)
			}
		}
	}
}

// TestPriorsShare proves over many studies that half of the priors are alike, at
// least, and how old they are: from days to ten years, most within a year.
func TestPriorsShare(t *testing.T) {
	t.Parallel()
	all, other, ages := 0, 0, map[string]int{}
	kinds := map[string]bool{}
	for index := range 500 {
		q := StudyRequest{Recipe: mustRecipe(t, "MR brain"), Images: 3, Seed: 5, AsOf: testDate, Identity: testIdentity, Index: index}
		for _, p := range priorsOf(t, q, 7, 1000) {
			all++
			kinds[p.Recipe.Name] = true
			switch days := int(testDate.Sub(p.AsOf.Truncate(24*time.Hour)) / (24 * time.Hour)); {
			case days <= 8:
				ages["a week"]++
			case days <= 366:
				ages["a year"]++
			case days <= 3653:
				ages["ten years"]++
			default:
				t.Errorf("a prior %d days ago", days)
			}
		}
		other += unlike(q, priorsOf(t, q, 7, 1000))
	}
	if other*100/all < 30 || other*100/all > 50 { // of the other half some are alike by chance
		t.Errorf("%d %% of the priors are of another kind", other*100/all)
	}
	if week, year, long := ages["a week"]*100/all, ages["a year"]*100/all, ages["ten years"]*100/all; week < 4 || week > 14 || year < 50 || year > 65 || long < 28 || long > 42 {
		t.Errorf("ages %v of %d", ages, all)
	}
	if len(kinds) < 8 || kinds["SR basic text report"] {
		t.Errorf("kinds %v", kinds)
	}
}

// TestPriorsSuit proves that nobody has priors from before birth, nor what does
// not suit the sex.
func TestPriorsSuit(t *testing.T) {
	t.Parallel()
	for index := range 300 {
		q := StudyRequest{Recipe: mustRecipe(t, "CR chest"), Images: 1, Seed: 5, AsOf: testDate, Identity: testIdentity, Index: index}
		q.Patient = Patient{ID: "ZZTEST1", Name: "ZZTEST-CHILD", BirthDate: "20251220", Sex: "M"}
		for _, p := range priorsOf(t, q, 10, 1000) {
			if p.AsOf.Format("20060102") < "20251220" || p.AsOf.Format("20060102") >= "20260105" {
				t.Errorf("a child born on 20251220 was examined on %s", p.AsOf.Format("20060102"))
			}
			if p.Recipe.BodyPart == "BREAST" || p.Recipe.BodyPart == "UTERUS" {
				t.Errorf("%s of a boy", p.Recipe.Name)
			}
		}
		q.Patient.BirthDate = "20260105"
		if got := priorsOf(t, q, 10, 1000); len(got) != 0 {
			t.Errorf("%d priors of a newborn", len(got))
		}
	}
}

func TestPriorsRefuse(t *testing.T) {
	t.Parallel()
	good := StudyRequest{Recipe: mustRecipe(t, "CR chest"), Images: 1, AsOf: testDate, Identity: testIdentity, Index: 5}
	for _, c := range []struct {
		change   func(*StudyRequest)
		n, first int
		want     string
	}{
		{nil, -1, 10, "from 0 to"},
		{nil, 1 << 20, 10, "from 0 to"},
		{nil, 3, -1, "from 0 to"},
		{nil, 3, 3, "identity of the study itself"},
		{func(q *StudyRequest) { q.Identity = nil }, 3, 10, "Identity"},
		{func(q *StudyRequest) { q.AsOf = time.Time{} }, 3, 10, "date"},
		{func(q *StudyRequest) { q.Recipe = Recipe{} }, 3, 10, "no name"},
	} {
		q := good
		if c.change != nil {
			c.change(&q)
		}
		if _, err := Priors(q, c.n, c.first); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%d from %d: %v, want %q", c.n, c.first, err, c.want)
		}
	}
	if got := priorsOf(t, good, 0, 5); len(got) != 0 {
		t.Errorf("%d priors, none were asked for", len(got))
	}
	// A syntax that is not possible for a prior's kind is not asked of it.
	good.TransferSyntax = dataset.RLELossless
	for _, p := range priorsOf(t, good, 30, 10) {
		if p.TransferSyntax != "" && !slices.Contains(p.Recipe.Syntaxes(), p.TransferSyntax) {
			t.Errorf("%s in %s", p.Recipe.Name, p.TransferSyntax)
		}
	}
}
