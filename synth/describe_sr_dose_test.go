package synth

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// numbers returns the values of all NUM items of a concept below s, as written.
func numbers(s *dataset.Set, concept string) []string {
	var out []string
	content(s, func(valueType, c string, item *dataset.Set) {
		if valueType == "NUM" && c == concept {
			for _, m := range item.Items(dataset.MeasuredValueSequence) {
				out = append(out, m.String(dataset.NumericValue))
			}
		}
	})
	return out
}

// units returns the units of all NUM items below s, by concept.
func units(s *dataset.Set) map[string]string {
	out := map[string]string{}
	content(s, func(valueType, c string, item *dataset.Set) {
		if valueType != "NUM" {
			return
		}
		for _, m := range item.Items(dataset.MeasuredValueSequence) {
			for _, u := range m.Items(dataset.MeasurementUnitsCodeSequence) {
				out[c] = u.String(dataset.CodeValue) + " " + u.String(dataset.CodingSchemeDesignator)
			}
		}
	})
	return out
}

// parsed reads a number with at most so many decimals, in units of the last one.
func parsed(t *testing.T, s string, decimals int) int {
	t.Helper()
	whole, part, _ := strings.Cut(s, ".")
	n := 0
	if _, err := fmt.Sscanf(whole+(part + strings.Repeat("0", decimals))[:decimals], "%d", &n); err != nil || len(part) > decimals {
		t.Fatalf("%q is not a number of at most %d decimals", s, decimals)
	}
	return n
}

// below returns the containers of a concept.
func below(s *dataset.Set, concept string) []*dataset.Set {
	var out []*dataset.Set
	content(s, func(valueType, c string, item *dataset.Set) {
		if valueType == "CONTAINER" && c == concept {
			out = append(out, item)
		}
	})
	return out
}

// inconsistentCT says what does not add up in a CT dose report.
func inconsistentCT(t *testing.T, set *dataset.Set) []string {
	t.Helper()
	var wrong []string
	events := below(set, "113819")
	if got := numbers(set, "113812"); len(got) != 1 || got[0] != fmt.Sprint(len(events)) {
		wrong = append(wrong, fmt.Sprintf("%d events, and the total says %v", len(events), got))
	}
	sum := 0
	for _, e := range events {
		dose, dlp := numbers(e, "113830"), numbers(e, "113838")
		if len(dose) == 0 {
			continue // a localizer
		}
		length := parsed(t, numbers(e, "113825")[0], 2)
		product := parsed(t, dlp[0], 2)
		if product != parsed(t, dose[0], 2)*length/1000 {
			wrong = append(wrong, fmt.Sprintf("DLP %s is not CTDIvol %s times %d.%02d mm", dlp[0], dose[0], length/100, length%100))
		}
		sum += product
	}
	if total := numbers(set, "113813"); sum == 0 || len(total) != 1 || parsed(t, total[0], 2) != sum {
		wrong = append(wrong, fmt.Sprintf("the events have %d, the total DLP is %v", sum, total))
	}
	return wrong
}

// TestCTDose proves that the dose report of a CT adds up and is of the series of
// its study, and that a spoilt one is noticed.
func TestCTDose(t *testing.T) {
	t.Parallel()
	r := small(mustRecipe(t, "CT chest"))
	r.Series = append(slices.Clone(r.Series), Series{Object: "X-Ray Radiation Dose SR", Images: 1})
	s := mustStudy(t, StudyRequest{Recipe: r, Images: 61, Seed: 4, AsOf: testDate, Identity: testIdentity})
	set := documents(t, s)["X-Ray Radiation Dose SR"]
	for _, what := range inconsistentCT(t, set) {
		t.Error(what)
	}

	// With contrast, and native: two scans, and the localizer.
	longest := map[string]int{}
	for _, se := range s.series {
		if se.Modality == "CT" {
			agent := se.Attributes["ContrastBolusAgent"]
			longest[agent] = max(longest[agent], se.made*int(se.SpacingMM*100))
		}
	}
	events := below(set, "113819")
	if len(longest) != 2 || len(events) != 3 {
		t.Fatalf("%d kinds of series, %d events", len(longest), len(events))
	}
	for _, e := range events[1:] {
		volume := parsed(t, numbers(e, "113893")[0], 2)
		if volume != longest["SYNTHETIC CONTRAST"] && volume != longest[""] || parsed(t, numbers(e, "113825")[0], 2) <= volume {
			t.Errorf("a scan of %d/100 mm, the series are %v", volume, longest)
		}
		image, err := s.Instance(0)
		if err != nil {
			t.Fatal(err)
		}
		if kVP := numbers(e, "113733"); len(kVP) != 1 || kVP[0] != headerSet(t, image).String(dataset.KVP) {
			t.Errorf("kVP %v, the images have %s", kVP, headerSet(t, image).String(dataset.KVP))
		}
	}
	if u := units(set); u["113830"] != "mGy UCUM" || u["113838"] != "mGy.cm UCUM" || u["113825"] != "mm UCUM" || u["113824"] != "s UCUM" {
		t.Errorf("units %v", u)
	}
	uids := map[string]bool{}
	content(set, func(_, concept string, item *dataset.Set) {
		if concept == "113769" {
			uids[item.String(dataset.UID)] = true
		}
	})
	if len(uids) != len(events) {
		t.Errorf("%d different irradiation event UIDs of %d events", len(uids), len(events))
	}

	spoilt := set.Clone()
	content(spoilt, func(_, concept string, item *dataset.Set) {
		if concept == "113838" {
			item.Items(dataset.MeasuredValueSequence)[0].PutString(dataset.NumericValue, "1.00")
		}
	})
	if len(inconsistentCT(t, spoilt)) < 2 {
		t.Error("a dose length product that is not the product was not noticed")
	}
}

// TestDoseAlone proves that a dose report in a study without images adds up too,
// and that a head has the phantom and the doses of one.
func TestDoseAlone(t *testing.T) {
	t.Parallel()
	for part, phantom := range map[string]string{"HEAD": "113690", "ABDOMEN": "113691"} {
		for seed := range uint64(20) {
			r := Recipe{Name: "dose", Description: "DOSE", BodyPart: part, Images: Count{Mean: 1}, Series: []Series{{Object: "X-Ray Radiation Dose SR"}}}
			set := documents(t, mustStudy(t, StudyRequest{Recipe: r, Images: 1, Seed: seed, AsOf: testDate, Identity: testIdentity}))["X-Ray Radiation Dose SR"]
			for _, what := range inconsistentCT(t, set) {
				t.Errorf("%s, seed %d: %s", part, seed, what)
			}
			content(set, func(_, concept string, item *dataset.Set) {
				if concept == "113835" && item.Items(dataset.ConceptCodeSequence)[0].String(dataset.CodeValue) != phantom {
					t.Errorf("%s: another phantom than %s", part, phantom)
				}
			})
			for _, v := range numbers(set, "113830") {
				if dose := parsed(t, v, 2); (dose >= 2000) != (part == "HEAD") {
					t.Errorf("%s: CTDIvol %s mGy", part, v)
				}
			}
		}
	}
}

// TestProjectionDose proves that a dose report of projection X-ray has one event
// an image, which it names, and that its totals are their sums.
func TestProjectionDose(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ modality, total, each string }{
		{"DX", "113722", "122130"}, {"XA", "113722", "122130"}, {"RF", "113726", "122130"}, {"CR", "", "122130"}, {"MG", "111637", "111631"},
	} {
		s, set := withDocument(t, Series{Object: "DX", Modality: c.modality}, "X-Ray Radiation Dose SR", 5)
		events := below(set, "113706")
		if len(events) != 5 || len(numbers(set, c.each)) != 5 {
			t.Fatalf("%s: %d events of 5 images", c.modality, len(events))
		}
		named := map[string]bool{}
		content(set, func(valueType, concept string, item *dataset.Set) {
			if valueType == "IMAGE" && concept == "113795" {
				named[item.Items(dataset.ReferencedSOPSequence)[0].String(dataset.ReferencedSOPInstanceUID)] = true
			}
		})
		if len(named) != 5 {
			t.Errorf("%s: %d images are named", c.modality, len(named))
		}
		if wrong := unresolved(s, set); len(wrong) > 0 {
			t.Errorf("%s: %v", c.modality, wrong)
		}
		sum, total := 0, 0
		for _, v := range numbers(set, c.each) {
			sum += parsed(t, v, 8)
		}
		for _, v := range numbers(set, c.total) {
			total += parsed(t, v, 8)
		}
		if c.total != "" && (sum == 0 || total != sum) {
			t.Errorf("%s: the events have %d, the total is %d", c.modality, sum, total)
		}
		if c.modality == "CR" && !slices.Equal(numbers(set, "113731"), []string{"5"}) {
			t.Errorf("CR: %v frames of 5 images", numbers(set, "113731"))
		}
	}
	if _, set := withDocument(t, Series{Object: "DX"}, "X-Ray Radiation Dose SR", mostExposures+20); len(below(set, "113706")) != mostExposures {
		t.Errorf("%d events, at most %d are told", len(below(set, "113706")), mostExposures)
	}
}
