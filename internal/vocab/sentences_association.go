package vocab

func reads(associations int) func(Args) Demand {
	return func(Args) Demand { return Demand{Effect: Read, Associations: associations} }
}

func readsAt(i int) func(Args) Demand {
	return func(a Args) Demand {
		if a.Receiving(i) {
			return Demand{Effect: Read, Receiving: 1}
		}
		return Demand{Effect: Read, Associations: 1}
	}
}

// echoSentences ask whether the system is there (PS3.4 Annex A).
var echoSentences = []Sentence{
	{
		ID: "echo.asked", Keyword: When,
		Expression: "the system is asked whether it is there",
		Purpose:    "One C-ECHO on an association of its own.",
		Example:    "the system is asked whether it is there",
		Section:    "PS3.4 Annex A",
		Demand:     reads(1),
	},
	{
		ID: "echo.repeated", Keyword: When,
		Expression: "the system is asked {int} times on one association whether it is there",
		Purpose:    "Several C-ECHOs on one association.",
		Example:    "the system is asked 10 times on one association whether it is there",
		Section:    "PS3.4 Annex A",
		Demand:     reads(1),
	},
	{
		ID: "echo.fragmented", Keyword: When,
		Expression: "the system is asked in pieces whether it is there",
		Purpose:    "A C-ECHO whose command set comes in several PDVs.",
		Example:    "the system is asked in pieces whether it is there",
		Section:    "PS3.8 Annex E",
		Demand:     reads(1),
	},
	{
		ID: "echo.answered", Keyword: Then,
		Expression: "it answers within {duration}",
		Purpose:    "The echo was answered with success, association included, in time.",
		Example:    "it answers within 2 seconds",
		Section:    "PS3.4 A.4",
		Checks:     []string{"echo.status", "echo.duration"},
		Demand:     nothing,
	},
	{
		ID: "echo.every", Keyword: Then,
		Expression: "it answers every time",
		Purpose:    "Every echo was answered with success.",
		Example:    "it answers every time",
		Section:    "PS3.4 A.4",
		Checks:     []string{"echo.answers"},
		Demand:     nothing,
	},
	{
		ID: "implementation.noted", Keyword: When,
		Expression: "{int} associations are opened one after another",
		Purpose:    "Opens and releases associations and notes which implementation answers.",
		Example:    "5 associations are opened one after another",
		Section:    "PS3.7 D.3.3.2",
		Demand:     reads(1),
	},
	{
		ID: "implementation.same", Keyword: Then,
		Expression: "the system names the same implementation each time",
		Purpose:    "Implementation Class UID and Version Name did not change: one build answers.",
		Example:    "the system names the same implementation each time",
		Section:    "PS3.7 D.3.3.2",
		Checks:     []string{"association.implementations"},
		Demand:     nothing,
	},
}

// associationSentences try the rules of PS3.8.
var associationSentences = []Sentence{
	{
		ID: "association.unknown-calling", Keyword: When,
		Expression: "an association is requested under a calling AE title that the system does not know",
		Purpose:    "Calls as a device that is not registered.",
		Example:    "an association is requested under a calling AE title that the system does not know",
		Section:    "PS3.8 9.3.4",
		Demand:     reads(1),
	},
	{
		ID: "association.unknown-called", Keyword: When,
		Expression: "an association is requested for a called AE title that the system does not have",
		Purpose:    "Calls an application that is not there.",
		Example:    "an association is requested for a called AE title that the system does not have",
		Section:    "PS3.8 9.3.4",
		Demand:     reads(1),
	},
	{
		ID: "association.unknown-context", Keyword: When,
		Expression: "an association is requested with an application context that is not DICOM",
		Purpose:    "Offers an application context name other than DICOM's.",
		Example:    "an association is requested with an application context that is not DICOM",
		Section:    "PS3.7 A.2.1",
		Demand:     reads(1),
	},
	{
		ID: "association.refused-calling", Keyword: Then,
		Expression: "the request is refused because of the calling AE title",
		Purpose:    "A-ASSOCIATE-RJ, permanent, calling AE title not recognised.",
		Example:    "the request is refused because of the calling AE title",
		Section:    "PS3.8 9.3.4",
		Checks:     []string{"association.rejection"},
		Demand:     nothing,
	},
	{
		ID: "association.refused-called", Keyword: Then,
		Expression: "the request is refused because of the called AE title",
		Purpose:    "A-ASSOCIATE-RJ, permanent, called AE title not recognised.",
		Example:    "the request is refused because of the called AE title",
		Section:    "PS3.8 9.3.4",
		Checks:     []string{"association.rejection"},
		Demand:     nothing,
	},
	{
		ID: "association.refused-context", Keyword: Then,
		Expression: "the request is refused because of the application context",
		Purpose:    "A-ASSOCIATE-RJ, permanent, application context name not supported.",
		Example:    "the request is refused because of the application context",
		Section:    "PS3.8 9.3.4",
		Checks:     []string{"association.rejection"},
		Demand:     nothing,
	},
	{
		ID: "association.no-such-service", Keyword: When,
		Expression: "an association offers Verification and a service that does not exist",
		Purpose:    "Offers an abstract syntax that nobody has.",
		Example:    "an association offers Verification and a service that does not exist",
		Section:    "PS3.8 9.3.3.2",
		Demand:     reads(1),
	},
	{
		ID: "association.service-not-accepted", Keyword: Then,
		Expression: "Verification is accepted and the service that does not exist is not",
		Purpose:    "The known presentation context is accepted, the other rejected.",
		Example:    "Verification is accepted and the service that does not exist is not",
		Section:    "PS3.8 9.3.3.2",
		Checks:     []string{"association.verification-context", "association.unknown-context"},
		Demand:     nothing,
	},
	{
		ID: "association.one-encoding", Keyword: When,
		Expression: "an association offers Verification in {encoding} only",
		Purpose:    "Leaves the system no choice of transfer syntax.",
		Example:    "an association offers Verification in Explicit VR Little Endian only",
		Section:    "PS3.8 9.3.3.2",
		Demand:     reads(1),
	},
	{
		ID: "association.encoding-offered", Keyword: Then,
		Expression: "every encoding that the system accepted had been offered",
		Purpose:    "No accepted presentation context has a transfer syntax that was not proposed.",
		Example:    "every encoding that the system accepted had been offered",
		Section:    "PS3.8 9.3.3.2",
		Checks:     []string{"association.foreign-encodings"},
		Demand:     nothing,
	},
	{
		ID: "association.contexts", Keyword: When,
		Expression: "an association offers {int} presentation contexts",
		Purpose:    "Offers that many presentation contexts, 128 at the most.",
		Example:    "an association offers 128 presentation contexts",
		Section:    "PS3.8 9.3.2.2",
		Demand:     reads(1),
	},
	{
		ID: "association.contexts-answered", Keyword: Then,
		Expression: "every presentation context is answered",
		Purpose:    "The A-ASSOCIATE-AC holds a result for each proposed context.",
		Example:    "every presentation context is answered",
		Section:    "PS3.8 9.3.3",
		Checks:     []string{"association.contexts-answered"},
		Demand:     nothing,
	},
	{
		ID: "association.window", Keyword: When,
		Expression: "an association offers {int} operations at once",
		Purpose:    "Offers an asynchronous operations window.",
		Example:    "an association offers 4 operations at once",
		Section:    "PS3.7 D.3.3.3",
		Demand:     reads(1),
	},
	{
		ID: "association.window-kept", Keyword: Then,
		Expression: "no more than {int} operations at once are agreed",
		Purpose:    "The window in the answer is not larger than the offered one; none in it means one.",
		Example:    "no more than 4 operations at once are agreed",
		Section:    "PS3.7 D.3.3.3",
		Checks:     []string{"association.window"},
		Demand:     nothing,
	},
	{
		ID: "association.idle", Keyword: When,
		Expression: "an association stays idle for {duration}",
		Purpose:    "Opens an association and does nothing on it for that time.",
		Example:    "an association stays idle for 2 seconds",
		Section:    "PS3.8 9.1.5",
		Demand:     reads(1),
	},
	{
		ID: "association.usable", Keyword: Then,
		Expression: "the association is still usable",
		Purpose:    "An echo on the same association is answered.",
		Example:    "the association is still usable",
		Section:    "PS3.4 Annex A",
		Checks:     []string{"association.usable"},
		Demand:     reads(1),
	},
	{
		ID: "association.released", Keyword: When,
		Expression: "an association is opened and released",
		Purpose:    "Asks for the orderly end of an association.",
		Example:    "an association is opened and released",
		Section:    "PS3.8 7.2",
		Demand:     reads(1),
	},
	{
		ID: "association.release-confirmed", Keyword: Then,
		Expression: "the release is confirmed within {duration}",
		Purpose:    "A-RELEASE-RP came in time.",
		Example:    "the release is confirmed within 5 seconds",
		Section:    "PS3.8 7.2",
		Checks:     []string{"association.release-duration"},
		Demand:     nothing,
	},
	{
		ID: "association.packets", Keyword: Then,
		Expression: "no packet is larger than was agreed",
		Purpose:    "No P-DATA-TF PDU from the system exceeded the maximum length that we announced.",
		Example:    "no packet is larger than was agreed",
		Section:    "PS3.8 D.1",
		Checks:     []string{"association.largest-packet"},
		Demand:     nothing,
	},
}
