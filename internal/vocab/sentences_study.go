package vocab

import "math"

func makes(a Args, kind, studies, images int) Demand {
	m := &Made{Kind: a.Text(kind), Studies: 1, Images: a.Int(images)}
	if studies >= 0 {
		m.Studies = a.Int(studies)
	}
	return Demand{Makes: m}
}

func nothing(Args) Demand { return Demand{} }

// studySentences make synthetic studies and say what they are like. Nothing is
// sent by them.
var studySentences = []Sentence{
	{
		ID: "study.made", Keyword: Given,
		Expression: "a synthetic {string} study of {int} image(s) for a new patient",
		Purpose:    "Makes a synthetic study of a patient that no system has seen.",
		Example:    `a synthetic "CT chest" study of 12 images for a new patient`,
		Demand:     func(a Args) Demand { return makes(a, 0, -1, 1) },
	},
	{
		ID: "study.realistic", Keyword: Given,
		Expression: "a synthetic {string} study of realistic size for a new patient",
		Purpose:    "Makes a study with as many images as such studies have, times the run's share of realistic volume.",
		Example:    `a synthetic "CT chest" study of realistic size for a new patient`,
		Demand: func(a Args) Demand {
			return Demand{Makes: &Made{Kind: a.Text(0), Studies: 1, Images: Realistic}}
		},
	},
	{
		ID: "study.another", Keyword: Given,
		Expression: "another synthetic {string} study of {int} image(s) for the same patient",
		Purpose:    "Makes one more study of the patient of the study before.",
		Example:    `another synthetic "MR knee" study of 1 image for the same patient`,
		Demand:     func(a Args) Demand { return makes(a, 0, -1, 1) },
	},
	{
		ID: "studies.one-patient", Keyword: Given,
		Expression: "{int} synthetic {string} studies of {int} image(s) each for the same new patient",
		Purpose:    "Makes several studies of one patient that no system has seen.",
		Example:    `3 synthetic "CR chest" studies of 1 image each for the same new patient`,
		Demand:     func(a Args) Demand { return makes(a, 1, 0, 2) },
	},
	{
		ID: "studies.many-patients", Keyword: Given,
		Expression: "{int} synthetic {string} studies of {int} image(s) each for different new patients",
		Purpose:    "Makes one study each of several patients that no system has seen.",
		Example:    `4 synthetic "CR chest" studies of 1 image each for different new patients`,
		Demand:     func(a Args) Demand { return makes(a, 1, 0, 2) },
	},
	{
		ID: "study.series", Keyword: Given,
		Expression: "the images are divided into {int} series",
		Purpose:    "Divides the images of the study evenly into series.",
		Example:    "the images are divided into 3 series",
		Demand:     nothing,
	},
	{
		ID: "study.trait", Keyword: Given,
		Expression: "the images carry {trait}",
		Purpose:    "Adds to the images what real ones carry and systems lose.",
		Example:    "the images carry private elements",
		Section:    "PS3.5 7.8 (private elements), 7.5 (sequences), 6.2 (value representations)",
		Demand:     nothing,
	},
	{
		ID: "study.script", Keyword: Given,
		Expression: "the patient's name is written in {script}",
		Purpose:    "Gives the patient a name in that script and character set.",
		Example:    "the patient's name is written in Chinese (GB18030)",
		Section:    "PS3.3 C.12.1.1.2, PS3.5 6.1",
		Demand:     nothing,
	},
	{
		ID: "studies.days", Keyword: Given,
		Expression: "the studies were made {int}, {int} and {int} days ago at {string}",
		Purpose:    "Dates three studies.",
		Example:    `the studies were made 10, 5 and 1 days ago at "10:00"`,
		Demand:     nothing,
	},
	{
		ID: "studies.times", Keyword: Given,
		Expression: "the studies were made at {string} and {string}",
		Purpose:    "Gives two studies of the same day their times.",
		Example:    `the studies were made at "09:15" and "15:40"`,
		Demand:     nothing,
	},
	{
		ID: "studies.accessions", Keyword: Given,
		Expression: "the accession numbers of the studies end in {string}, {string} and {string}",
		Purpose:    "Gives three studies accession numbers that are alike up to their ends.",
		Example:    `the accession numbers of the studies end in "A1", "A2" and "B1"`,
		Demand:     nothing,
	},
}

// Realistic stands in Made.Images for as many images as the recipe has in
// reality, times the run's share of volume.
const Realistic = -1

// Images returns how many images a study gets: what a scenario writes out, or
// for Realistic the kind's realistic number times the run's share of volume, at
// least one.
func Images(written, realistic int, volume float64) int {
	if written != Realistic {
		return written
	}
	return max(1, int(math.Round(float64(realistic)*volume)))
}
