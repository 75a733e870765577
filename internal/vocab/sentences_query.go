package vocab

var queryChecks = []string{"query.status"}

func query(id, expression, purpose, example string) Sentence {
	return Sentence{
		ID: id, Keyword: When, Expression: expression, Purpose: purpose, Example: example,
		Section: "PS3.4 C.2.2.2, C.4.1", Checks: queryChecks, Demand: reads(1),
	}
}

// querySentences ask the system (C-FIND). Each of them keeps its Patient ID or
// the identifiers of this run among the keys.
var querySentences = []Sentence{
	query("query.patient", "the system is asked for the patient",
		"A query at PATIENT level by Patient ID.",
		"the system is asked for the patient"),
	query("query.studies", "the system is asked for the studies of the patient",
		"A query at STUDY level by Patient ID, study root.",
		"the system is asked for the studies of the patient"),
	query("query.studies-patient-root", "the system is asked for the studies of the patient in the patient root model",
		"The same query in the patient root information model.",
		"the system is asked for the studies of the patient in the patient root model"),
	query("query.accession", "the system is asked for the {ordinal} study by its accession number",
		"A query by Accession Number (and Patient ID).",
		"the system is asked for the second study by its accession number"),
	query("query.uid-list", "the system is asked for the first {int} studies by a list of identifiers",
		"A query by a list of Study Instance UIDs.",
		"the system is asked for the first 2 studies by a list of identifiers"),
	query("query.accession-pattern", "the system is asked for the accession numbers that end in {string}",
		"A query by an Accession Number with wildcards at its end: * any characters, ? one character.",
		`the system is asked for the accession numbers that end in "A*"`),
	query("query.between-days", "the system is asked for the patient's studies made between {int} and {int} days ago",
		"A query by a range of Study Dates.",
		"the system is asked for the patient's studies made between 6 and 4 days ago"),
	query("query.since-day", "the system is asked for the patient's studies made since {int} days ago",
		"A query by a range of Study Dates that is open at its end.",
		"the system is asked for the patient's studies made since 3 days ago"),
	query("query.between-times", "the system is asked for the patient's studies made between {string} and {string}",
		"A query by a range of Study Times.",
		`the system is asked for the patient's studies made between "15:00" and "16:00"`),
	query("query.modality", "the system is asked for the patient's studies with {modality} images",
		"A query by Modalities in Study.",
		"the system is asked for the patient's studies with MR images"),
	query("query.other-name", "the system is asked for the patient's studies under another name",
		"A query by this Patient ID and a Patient's Name that is not the patient's.",
		"the system is asked for the patient's studies under another name"),
	query("query.nothing", "the system is asked for a study that does not exist",
		"A query by a Study Instance UID that nobody has sent.",
		"the system is asked for a study that does not exist"),
	query("query.series", "the system is asked for the series of the study",
		"A query at SERIES level.",
		"the system is asked for the series of the study"),
	query("query.images", "the system is asked for the images of the study",
		"A query at IMAGE level for every series of the study.",
		"the system is asked for the images of the study"),
	query("query.cancelled", "the system is asked for the studies of the patient and the question is cancelled after the first answer",
		"A C-CANCEL while answers come.",
		"the system is asked for the studies of the patient and the question is cancelled after the first answer"),
	{
		ID: "query.everything", Keyword: When,
		Expression: "the system is asked for everything that it has",
		Purpose:    "A query without any key. Only for practice on the simulated cluster: a real system is never asked for what is not ours.",
		Example:    "the system is asked for everything that it has",
		Section:    "PS3.4 C.2.2.2.3", SimulatedOnly: true, Checks: queryChecks, Demand: reads(1),
	},
}

func answer(id, expression, purpose, example string, checks ...string) Sentence {
	return Sentence{
		ID: id, Keyword: Then, Expression: expression, Purpose: purpose, Example: example,
		Section: "PS3.4 C.4.1", Checks: checks, Demand: nothing,
	}
}

func looks(id, expression, purpose, example string, checks ...string) Sentence {
	s := answer(id, expression, purpose, example, checks...)
	s.Demand = readsAt(0)
	return s
}

// answerSentences judge the answers of the last query, or ask for themselves
// what a system lists.
var answerSentences = []Sentence{
	answer("answers.count", "the system answers with exactly {int} match(es)",
		"The number of answers, each of them another.",
		"the system answers with exactly 1 match", "query.matches", "query.repeated"),
	answer("answers.all", "the answers are exactly the studies that were sent",
		"The Study Instance UIDs of the answers are those of the studies made in the scenario.",
		"the answers are exactly the studies that were sent", "query.missing", "query.unasked", "query.repeated"),
	answer("answers.first", "the answers are exactly the first {int} studies",
		"The same for the first few studies.",
		"the answers are exactly the first 2 studies", "query.missing", "query.unasked", "query.repeated"),
	answer("answers.one", "the answer is exactly the {ordinal} study",
		"The same for one study.",
		"the answer is exactly the second study", "query.missing", "query.unasked", "query.repeated"),
	answer("answers.nothing", "the system answers that there is nothing",
		"Success and no answer.",
		"the system answers that there is nothing", "query.status", "query.matches"),
	answer("answers.quick", "the answer comes within {duration}",
		"The last response of the query came in time.",
		"the answer comes within 3 seconds", "query.duration"),
	answer("answers.cancelled", "the question ends as cancelled or complete",
		"Status 0xFE00, or success where every answer was already on its way.",
		"the question ends as cancelled or complete", "query.status"),
	answer("answers.images", "each answer gives the right number of images",
		"Number of Study Related Instances is that of the images sent.",
		"each answer gives the right number of images", "query.images"),
	answer("answers.series", "each answer gives the right number of series",
		"Number of Study Related Series is that of the series sent.",
		"each answer gives the right number of series", "query.series"),
	answer("answers.modalities", "each answer names the modalities of the study",
		"Modalities in Study holds just the modalities of the study's series.",
		"each answer names the modalities of the study", "query.modalities"),
	answer("answers.level", "each answer says its level and where it can be retrieved",
		"Query/Retrieve Level and Retrieve AE Title (or Storage Media File-Set ID) are there.",
		"each answer says its level and where it can be retrieved", "query.level", "query.retrieve-ae"),
	answer("answers.attribute", "each answer repeats {attribute} as it was sent",
		"The attribute of each answer, read in the answer's own character set, is the one that was sent.",
		"each answer repeats the study date as it was sent", "query.attribute"),
	looks("listed.images-reported", "{system} reports {int} image(s) in the study within {duration}",
		"Asks until the study is listed with that number of images; more than that is wrong at once.",
		"the system reports 12 images in the study within 30 seconds", "study.images", "study.listed-after"),
	looks("listed.images-stay", "{system} still reports {int} image(s) in the study after {duration}",
		"Waits that long and asks once more.",
		"the receiving system still reports 2 images in the study after 1 second", "study.images"),
	looks("listed.studies-counted", "{system} has exactly {int} study/studies of the patient within {duration}",
		"Asks until the patient has that number of studies; more than that is wrong at once.",
		"the system has exactly 2 studies of the patient within 30 seconds", "patient.studies"),
	looks("listed.studies", "{system} lists exactly the studies that were sent within {duration}",
		"Asks until the Study Instance UIDs listed for the patient are those sent.",
		"the system lists exactly the studies that were sent within 30 seconds", "query.missing", "query.unasked", "query.repeated"),
	looks("listed.series", "{system} lists exactly the series that were sent",
		"The Series Instance UIDs listed are those sent.",
		"the system lists exactly the series that were sent", "query.missing", "query.unasked", "query.repeated"),
	looks("listed.images", "{system} lists exactly the images that were sent",
		"The SOP Instance UIDs listed are those sent.",
		"the system lists exactly the images that were sent", "query.missing", "query.unasked", "query.repeated"),
}
