package volume

import (
	"testing"
	"time"

	"pacsuat/synth"
)

// kind is a recipe of the tests.
type kind struct {
	modality string
	images   int
	fixed    bool
	kB       int64 // an instance
}

// kinds are the shipped profile's recipes, with fixed structures as they are and
// otherwise round sizes that make the means of the profile: what is drawn does not
// change where a header grows by a few bytes.
var kinds = map[string]kind{
	"CR chest":                     {"CR", 1, true, 7_533},
	"DX chest PA+LAT":              {"DX", 2, true, 18_000},
	"DX hand":                      {"DX", 3, true, 8_177},
	"DX foot":                      {"DX", 3, true, 8_177},
	"DX pelvis":                    {"DX", 1, true, 18_000},
	"DX abdomen":                   {"DX", 2, true, 18_000},
	"CT chest":                     {"CT", 800, false, 526},
	"CT head":                      {"CT", 800, false, 526},
	"CT abdomen":                   {"CT", 800, false, 526},
	"CT chest enhanced":            {"CT", 5, true, 84_000},
	"US abdomen with clips":        {"US", 45, false, 750},
	"US pregnancy":                 {"US", 40, false, 750},
	"US doppler":                   {"US", 40, false, 750},
	"US heart":                     {"US", 60, false, 750},
	"MR knee":                      {"MR", 500, false, 250},
	"MR brain":                     {"MR", 500, false, 250},
	"MR lumbar spine":              {"MR", 500, false, 250},
	"MR brain enhanced":            {"MR", 8, true, 15_600},
	"Mammogram":                    {"MG", 4, true, 27_000},
	"Mammogram with tomosynthesis": {"MG", 8, true, 53_000},
	"XA coronary":                  {"XA", 15, false, 12_000},
	"RF barium swallow":            {"RF", 15, false, 12_000},
	"NM bone scan":                 {"NM", 2, true, 530},
	"NM heart":                     {"NM", 4, true, 100},
	"PT/CT torso":                  {"PT/CT", 620, false, 350},
	"KO and PR":                    {"CR", 3, true, 2_500},
	"BMD":                          {"BMD", 2, true, 1_000},
	"SC photos":                    {"XC", 3, true, 1_000},
	"SR basic text report":         {"SR", 1, true, 1_000},
	"SR dose report":               {"SR", 2, true, 1_000},
	"PDF report":                   {"SR", 2, true, 1_000},
}

// tests implements Catalogue.
type tests map[string]kind

func (t tests) Modality(recipe string) (string, bool) {
	k, ok := t[recipe]
	return k.modality, ok
}

func (t tests) Images(recipe string) (int, bool) { return t[recipe].images, t[recipe].fixed }

func (t tests) Bytes(recipe string, images int) int64 { return t[recipe].kB * 1000 * int64(images) }

// made returns the shipped profile with the sizes of the shipped recipes.
func made(t testing.TB) (*Profile, *synth.Sizes) {
	t.Helper()
	sizes, err := synth.NewSizes(synth.Recipes())
	if err != nil {
		t.Fatal(err)
	}
	p, err := Default(sizes)
	if err != nil {
		t.Fatal(err)
	}
	return p, sizes
}

// TestKinds holds the recipes of the tests against the shipped ones.
func TestKinds(t *testing.T) {
	t.Parallel()
	_, sizes := made(t)
	for name, k := range kinds {
		modality, ok := sizes.Modality(name)
		if (modality != k.modality && modality+"/CT" != k.modality) || !ok {
			t.Errorf("%s is of modality %q, %v; the tests have %q", name, modality, ok, k.modality)
		}
		if images, fixed := sizes.Images(name); fixed != k.fixed || fixed && images != k.images {
			t.Errorf("%s has %d images, fixed %v; the tests have %d, %v", name, images, fixed, k.images, k.fixed)
		}
	}
}

func defaultProfile(t testing.TB) *Profile {
	t.Helper()
	p, err := Default(tests(kinds))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	l, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// cluster is one of 1.6 million exams a year whose largest site has 37.5 %.
func cluster(t testing.TB) []Site {
	zurich := zone(t, "Europe/Zurich")
	return []Site{
		{Name: "north", Number: 0, YearlyExams: 500_000, Location: zurich},
		{Name: "east", Number: 1, YearlyExams: 400_000, Location: zurich},
		{Name: "south", Number: 2, YearlyExams: 350_000, Location: zurich},
		{Name: "west", Number: 3, YearlyExams: 250_000, Location: zurich},
		{Name: "lakeside", Number: 4, YearlyExams: 100_000, Location: zurich, ServedBy: "north"},
		{Name: "dr-site", Number: 5, Location: zurich},
	}
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
