package main

import "pacsuat/synth/volume"

// volumeCatalogue is where the volume model has its kinds of studies from.
func volumeCatalogue() volume.Catalogue { return statedStudies }

// statedStudy is a kind of study in stated figures.
type statedStudy struct {
	modality string
	images   int   // a mean, unless fixed
	fixed    bool  // the structure of the study says how many images there are
	kB       int64 // 1000 bytes an image
}

// studies are kinds of studies by their names.
type studies map[string]statedStudy

func (s studies) Modality(recipe string) (string, bool) {
	k, ok := s[recipe]
	return k.modality, ok
}

func (s studies) Images(recipe string) (mean int, fixed bool) {
	return s[recipe].images, s[recipe].fixed
}

func (s studies) Bytes(recipe string, images int) int64 { return s[recipe].kB * 1000 * int64(images) }

// statedStudies are the recipes of the shipped profile at their real matrices,
// not compressed unless they usually are.
var statedStudies = studies{
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
