package vocab

// sendChecks are written by every sentence that stores.
var sendChecks = []string{"study.absent-before", "store.refused"}

func sends(what Sends, associations int) func(Args) Demand {
	return func(Args) Demand {
		return Demand{Effect: Write, Associations: associations, Sends: what}
	}
}

// sendSentences store studies on the system under test (PS3.4 Annex B).
var sendSentences = []Sentence{
	{
		ID: "study.kept", Keyword: Given,
		Expression: "the study has been sent to the system under test",
		Purpose:    "Sends the study before what is tested, and waits until the system lists it.",
		Example:    "the study has been sent to the system under test",
		Section:    "PS3.4 Annex B",
		Checks:     append([]string{"study.listed"}, sendChecks...),
		Demand:     sends(SendsStudy, 1),
	},
	{
		ID: "studies.kept", Keyword: Given,
		Expression: "the studies have been sent to the system under test",
		Purpose:    "Sends all studies before what is tested, and waits until the system lists them.",
		Example:    "the studies have been sent to the system under test",
		Section:    "PS3.4 Annex B",
		Checks:     append([]string{"study.listed"}, sendChecks...),
		Demand:     sends(SendsStudies, 1),
	},
	{
		ID: "study.sent", Keyword: When,
		Expression: "the study is sent to the system under test",
		Purpose:    "Sends every image of the study over one association, as a modality does.",
		Example:    "the study is sent to the system under test",
		Section:    "PS3.4 Annex B",
		Checks:     sendChecks,
		Demand:     sends(SendsStudy, 1),
	},
	{
		ID: "studies.sent", Keyword: When,
		Expression: "the studies are sent one after another",
		Purpose:    "Sends the studies in their order, each over an association of its own.",
		Example:    "the studies are sent one after another",
		Section:    "PS3.4 Annex B",
		Checks:     sendChecks,
		Demand:     sends(SendsStudies, 1),
	},
	{
		ID: "study.sent-encoded", Keyword: When,
		Expression: "the study is sent in {encoding}",
		Purpose:    "Sends the study offering only that transfer syntax.",
		Example:    "the study is sent in Implicit VR Little Endian",
		Section:    "PS3.5 Annex A",
		Checks:     sendChecks,
		Demand:     sends(SendsStudy, 1),
	},
	{
		ID: "study.sent-again", Keyword: When,
		Expression: "the study is sent again",
		Purpose:    "Sends the same images again with the same identifiers, as a modality does after an interruption.",
		Example:    "the study is sent again",
		Section:    "PS3.4 B.4",
		Checks:     []string{"store.refused"},
		Demand:     sends(SendsStudy, 1),
	},
	{
		ID: "study.sent-more", Keyword: When,
		Expression: "{int} more image(s) of the study is/are sent later",
		Purpose:    "Sends further images of the same study over a new association.",
		Example:    "2 more images of the study are sent later",
		Section:    "PS3.4 Annex B",
		Checks:     []string{"store.refused"},
		Demand: func(a Args) Demand {
			return Demand{Effect: Write, Associations: 1, Sends: SendsImages, Images: a.Int(0)}
		},
	},
	{
		ID: "study.sent-parallel", Keyword: When,
		Expression: "the study is sent over {int} associations at once",
		Purpose:    "Divides the images among several associations that send at the same time.",
		Example:    "the study is sent over 3 associations at once",
		Section:    "PS3.4 Annex B",
		Checks:     sendChecks,
		Demand: func(a Args) Demand {
			return Demand{Effect: Write, Associations: a.Int(0), Sends: SendsStudy}
		},
	},
	{
		ID: "studies.sent-parallel", Keyword: When,
		Expression: "the studies are sent at once, each over an association of its own",
		Purpose:    "Sends all studies at the same time: many rooms that end an exam of one patient.",
		Example:    "the studies are sent at once, each over an association of its own",
		Section:    "PS3.4 Annex B",
		Checks:     sendChecks,
		Demand: func(Args) Demand {
			return Demand{Effect: Write, Associations: EachStudy, Sends: SendsStudies}
		},
	},
	{
		ID: "study.sent-largest", Keyword: When,
		Expression: "the study is sent in the largest packets that the system accepts",
		Purpose:    "Sends P-DATA-TF PDUs of exactly the maximum length that the system announced.",
		Example:    "the study is sent in the largest packets that the system accepts",
		Section:    "PS3.8 D.1",
		Checks:     sendChecks,
		Demand:     sends(SendsStudy, 1),
	},
	{
		ID: "study.broken-off", Keyword: When,
		Expression: "the sending of the study is broken off in the middle of image {int}",
		Purpose:    "Sends the images before that one, then a part of it, then aborts the association.",
		Example:    "the sending of the study is broken off in the middle of image 3",
		Section:    "PS3.8 9.3.8",
		Checks:     sendChecks,
		Demand:     sends(SendsStudy, 1),
	},
	{
		ID: "image.collided", Keyword: When,
		Expression: "the first image is sent again with other pixels",
		Purpose:    "Sends another image under the identifiers of the first: the system must not let it replace the first.",
		Example:    "the first image is sent again with other pixels",
		Section:    "PS3.5 9.1 (an identifier names one object)",
		Demand: func(Args) Demand {
			return Demand{Effect: Destroy, Associations: 1, Sends: SendsImages, Images: 1}
		},
	},
	{
		ID: "store.named", Keyword: Then,
		Expression: "every answer names the image that it answers",
		Purpose:    "The SOP Instance UID of each C-STORE-RSP is that of its request.",
		Example:    "every answer names the image that it answers",
		Section:    "PS3.7 9.3.1.2",
		Checks:     []string{"store.affected-instance"},
		Demand:     nothing,
	},
	{
		ID: "store.quick", Keyword: Then,
		Expression: "every image is acknowledged within {duration}",
		Purpose:    "The slowest answer to an image came in time.",
		Example:    "every image is acknowledged within 2 seconds",
		Checks:     []string{"store.duration"},
		Demand:     nothing,
	},
	{
		ID: "store.no-warning", Keyword: Then,
		Expression: "every image is accepted without a warning",
		Purpose:    "No C-STORE was answered with a warning: a warning says that the system changed something.",
		Example:    "every image is accepted without a warning",
		Section:    "PS3.4 B.2.3",
		Checks:     []string{"store.warnings"},
		Demand:     nothing,
	},
}

// EachStudy stands in Demand.Associations for one association a study.
const EachStudy = -1
