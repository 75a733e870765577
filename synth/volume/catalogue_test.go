package volume

import (
	"testing"
	"time"
)

// kind is a recipe of the tests.
type kind struct {
	modality string
	images   int
	fixed    bool
	kB       int64 // an instance
}

// kinds are the shipped profile's recipes, with the sizes that make the means of
// the profile.
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
	"CT chest enhanced":            {"CT", 6, true, 70_000},
	"US abdomen with clips":        {"US", 45, false, 750},
	"US pregnancy":                 {"US", 40, false, 750},
	"US doppler":                   {"US", 40, false, 750},
	"US heart":                     {"US", 60, false, 750},
	"MR knee":                      {"MR", 500, false, 250},
	"MR brain":                     {"MR", 500, false, 250},
	"MR lumbar spine":              {"MR", 500, false, 250},
	"MR brain enhanced":            {"MR", 10, true, 12_500},
	"Mammogram":                    {"MG", 4, true, 27_000},
	"Mammogram with tomosynthesis": {"MG", 8, true, 53_000},
	"XA coronary":                  {"XA", 15, false, 12_000},
	"RF barium swallow":            {"RF", 15, false, 12_000},
	"NM bone scan":                 {"NM", 2, true, 530},
	"NM heart":                     {"NM", 4, true, 100},
	"PT/CT torso":                  {"PT/CT", 620, false, 350},
	"BMD":                          {"BMD", 2, true, 1_000},
	"SC photos":                    {"OT", 4, true, 1_000},
	"SR dose report":               {"SR", 1, true, 1_000},
	"KO and PR":                    {"KO", 2, true, 1_000},
	"PDF report":                   {"DOC", 1, true, 1_000},
}

// tests implements Catalogue.
type tests map[string]kind

func (t tests) Modality(recipe string) (string, bool) {
	k, ok := t[recipe]
	return k.modality, ok
}

func (t tests) Images(recipe string) (int, bool) { return t[recipe].images, t[recipe].fixed }

func (t tests) Bytes(recipe string, images int) int64 { return t[recipe].kB * 1000 * int64(images) }

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
