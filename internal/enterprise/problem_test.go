package enterprise

import (
	"errors"
	"strings"
	"testing"
)

// problemTest changes one thing in small and names the problems that follow:
// all of them, each by its line and the words that matter.
type problemTest struct {
	name     string
	old, new string
	want     []string
}

func (p problemTest) yaml() string { return strings.Replace(small, p.old, p.new, 1) }

var problemTests = []problemTest{
	// Keys and types.
	{"misspelt key", "    served_by:", "    served-by:", []string{
		`10: sites[1]: site "lakeside" has no system and is served by no site; add served_by`,
		`13: sites[1]: unknown key "served-by"; expected one of name, title,`, // and the suggestion, below
	}},
	{"suggestion", "max_associations", "max_asociations", []string{`29: systems[1].budget: unknown key "max_asociations"; expected one of max_associations, requests_per_second; did you mean "max_associations"?`}},
	{"unknown key", "links:", "colour: red\nlinks:", []string{`30: unknown key "colour"; expected one of name, yearly_exams, harness, fence, sites, systems, links; remove it`}},
	{"simulated", "    role: bk", "    role: bk\n    simulated: true", []string{`23: systems[1]: unknown key "simulated"`}},
	{"key twice", "    role: bk", "    role: bk\n    role: dr", []string{`23: systems[1].role: written a second time; the first is in line 22`}},
	{"missing key", "    site: north\n    role: bk", "    role: bk", []string{`20: systems[1].site: is missing; write it; site is required`}},
	{"number for text", "name: Small cluster", "name: 12", []string{`1: name: found the number 12; expected a text; put it in quotes: "12"`}},
	{"text for number", "port: 105", "port: abc", []string{`25: systems[1].endpoints.query_retrieve.port: found the text "abc"; expected a whole number`}},
	{"octal", "port: 105", "port: 0104", []string{`25: systems[1].endpoints.query_retrieve.port: found the number 0104; expected a whole number`}},
	{"fraction", "port: 105", "port: 1.5", []string{`25: systems[1].endpoints.query_retrieve.port: found the number 1.5; expected a whole number`}},
	{"too large for any integer", "port: 105", "port: 99999999999999999999", []string{`25: systems[1].endpoints.query_retrieve.port: found the number 99999999999999999999; expected a whole number`}},
	{"yes", "    role: bk", "    role: bk\n    live: yes", []string{`23: systems[1].live: found the text "yes"; expected true or false`}},
	{"not a number", "max_associations: 8", "requests_per_second: .nan", []string{`29: systems[1].budget.requests_per_second: found the number .nan; expected a number`}},
	{"list for mapping", "{max_associations: 8}", "[8]", []string{`29: systems[1].budget: found a list; expected keys and values: max_associations, requests_per_second`}},
	{"mapping for list", "\n      - tags: \"@worklist and not @slow\"\n        reason:", "\n      tags: \"@worklist and not @slow\"\n      reason:", []string{`26: systems[1].not_applicable: found keys and values; expected a list`}},
	{"nothing for text", "host: 10.0.0.1", "host: ", []string{`19: systems[0].endpoints.store.host: found nothing; expected a text`}},
	{"nothing for mapping", "{max_associations: 8}", "", []string{`29: systems[1].budget: found nothing`}},
	{"merge", "    budget: {", "    budget: {<<: {}, ", []string{`29: systems[1].budget: found << as a key`}},
	{"control character", "name: Small cluster", `name: "a\tb"`, []string{`1: name: holds a character that can't be printed, at position 2`}},
	{"second document", "links:", "---\nlinks:", []string{`30: a second document (---) begins; expected one`}},
	{"not YAML", "links:", "\tlinks: [", []string{`not YAML: `}},
	{"unknown alias", "site: north\n", "site: *nowhere\n", []string{`not YAML: unknown anchor`}},

	// Names and references.
	{"unfit name", "name: lakeside", "name: lake side", []string{`10: sites[1].name: "lake side" is not fit for a name`}},
	{"arrow in a name", "name: lakeside", "name: lake->side", []string{`10: sites[1].name: "lake->side" is not fit for a name`}},
	{"device name", "name: lakeside", "name: NUL", []string{`10: sites[1].name: "NUL" can't be a file name on Windows`}},
	{"name twice", "name: lakeside", "name: North", []string{`10: sites[1].name: "North" is used already (sites[0].name, line 6)`}},
	{"unknown site", "    site: north\n    role: bk", "    site: nort\n    role: bk", []string{`21: systems[1].site: there is no site "nort"; expected the name of a site; did you mean "north"?`}},
	{"unknown server", "served_by: north", "served_by: xyz", []string{`13: sites[1].served_by: there is no site "xyz"; expected one of north, lakeside`}},
	{"served by itself", "served_by: north", "served_by: lakeside", []string{`13: sites[1].served_by: names the site itself`}},
	{"served by a site without systems", "served_by: north", "served_by: east\n  - {name: east, kind: primary-care, time_zone: UTC, served_by: north}", []string{`13: sites[1].served_by: site "east" has no system to serve it with`}},
	{"unknown link end", "from: north-bk", "from: north_bk", []string{`31: links[0].from: there is no system "north_bk"; expected the name of a system; did you mean "north-bk"?`}},
	{"link to itself", "to: north-prod", "to: north-bk", []string{`31: links[0]: links north-bk to itself`}},
	{"link twice", "kind: replicates-to}", "kind: replicates-to}\n  - {from: north-bk, to: north-prod, kind: direct-access}", []string{`32: links[1]: north-bk->north-prod is linked already (links[0], line 31)`}},
	{"unreadable name is no unknown name", "name: north-bk", "name: 7", []string{`20: systems[1].name: found the number 7`}},
	{"unknown role", "role: bk", "role: backup", []string{`22: systems[1].role: "backup" is not known; expected one of prod, bk, dr`}},
	{"unknown kind", "kind: community-hospital", "kind: comunity_hospital", []string{`11: sites[1].kind: "comunity_hospital" is not known; expected one of`}},
	{"unknown link kind", "kind: replicates-to", "kind: replicate-to", []string{`31: links[0].kind: "replicate-to" is not known; expected one of replicates-to, forwards-to, federates-with, direct-access; did you mean "replicates-to"?`}},
	{"replicas skipped by a replication", "kind: replicates-to", "kind: replicates-to, skips_replicas: true", []string{`31: links[0].skips_replicas: has no meaning for replicates-to`}},
	{"suspended without writes", "kind: replicates-to", "kind: direct-access, suspended_for_uat: true", []string{`31: links[0].suspended_for_uat: has no meaning for direct-access`}},
	{"uat_allowed on a bk", "role: bk", "role: bk\n    uat_allowed: true", []string{`23: systems[1].uat_allowed: has no meaning for role bk`}},

	// Zones and volumes.
	{"zone", "time_zone: Europe/Zurich\n    yearly", "time_zone: Europe/Zürich\n    yearly", []string{`8: sites[0].time_zone: "Europe/Zürich" is not a time zone; expected an IANA name, such as Europe/Zurich; did you mean "Europe/Zurich"?`}},
	{"zone in other case", "time_zone: Europe/Zurich\n    yearly", "time_zone: America/New York\n    yearly", []string{`8: sites[0].time_zone: "America/New York" is not a time zone; expected an IANA name, such as Europe/Zurich; did you mean "America/New_York"?`}},
	{"local zone", "time_zone: Europe/Zurich\n    yearly", "time_zone: Local\n    yearly", []string{`8: sites[0].time_zone: "Local" is not a time zone`}},
	{"share in percent", "yearly_exams: 1000", "share: 25", []string{`9: sites[0].share: 25 is not a share; expected a number from 0 to 1 (0.25 = a quarter); did you mean "0.25"?`}},
	{"share of nothing", "yearly_exams: 1000", "share: 0.25", []string{`9: sites[0].share: a share of an unknown number`}},
	{"share and number", "yearly_exams: 1000", "yearly_exams: 1000\n    share: 0.25", []string{`10: sites[0].share: yearly_exams is stated too`}},
	{"shares too large", "sites:\n  - name: north\n    kind: major-hospital\n    time_zone: Europe/Zurich\n    yearly_exams: 1000", "yearly_exams: 5\nsites:\n  - name: north\n    kind: major-hospital\n    time_zone: Europe/Zurich\n    share: 1\n  - {name: x, kind: primary-care, time_zone: UTC, served_by: north, share: 0.5}", []string{`6: sites: the shares add up to 1.5; expected 1 at most`}},
	{"negative exams", "yearly_exams: 1000", "yearly_exams: -1", []string{`9: sites[0].yearly_exams: -1 is negative`}},
	{"negative users", "yearly_exams: 1000", "users: {radiologists: -1, clinicians: -2}", []string{`9: sites[0].users.radiologists: -1 is negative`, `9: sites[0].users.clinicians: -2 is negative`}},

	// Addresses.
	{"long AE title", "ae_title: NORTH_QR", "ae_title: NORTH_QUERYRETRIEVE", []string{`25: systems[1].endpoints.query_retrieve.ae_title: "NORTH_QUERYRETRIEVE" has 19 characters; expected 1 to 16`}},
	{"backslash", "ae_title: NORTH_QR", `ae_title: NORTH\QR`, []string{`25: systems[1].endpoints.query_retrieve.ae_title: "NORTH\\QR" holds a character that an AE title can't`}},
	{"umlaut", "ae_title: NORTH_QR", "ae_title: ZÜRICH", []string{`25: systems[1].endpoints.query_retrieve.ae_title: "ZÜRICH" holds a character that an AE title can't`}},
	{"spaces only", "ae_title: NORTH_QR", `ae_title: "  "`, []string{`25: systems[1].endpoints.query_retrieve.ae_title: is empty or all spaces`}},
	{"trailing space", "ae_title: NORTH_QR", `ae_title: "NORTH "`, []string{`did you mean "NORTH"?`}},
	{"port 0", "port: 105", "port: 0", []string{`25: systems[1].endpoints.query_retrieve.port: "0" is not a port; expected a whole number from 1 to 65535`}},
	{"port too large", "port: 105", "port: 70000", []string{`"70000" is not a port`}},
	{"host with port", "host: 10.0.0.1,", "host: '10.0.0.1:104',", []string{`19: systems[0].endpoints.store.host: "10.0.0.1:104" is not a host; expected a name or IP address, without port; did you mean "10.0.0.1"?; write the port under port`}},
	{"address with a mistake", "host: 10.0.0.1,", "host: 10.0.0.300,", []string{`"10.0.0.300" is not a host`}},
	{"no machine", "host: 10.0.0.1,", "host: 0.0.0.0,", []string{`0.0.0.0 names no machine`}},
	{"same place twice", "host: 10.0.0.2, port: 104", "host: 10.0.0.1, port: 104", []string{`24: systems[1].endpoints.store: NORTH at 10.0.0.1:104 is system north-prod already (systems[0].endpoints.store, line 19)`}},
	{"bk without endpoints", "    endpoints:\n      store: {ae_title: NORTH, host: 10.0.0.2, port: 104}\n      query_retrieve: {ae_title: NORTH_QR, host: 10.0.0.2, port: 105}\n", "", []string{`20: systems[1].endpoints: no endpoint`}},
	{"two meanings", "    budget:", "    move_table:\n      - {ae_title: V, host: a, port: 1}\n      - {ae_title: V, host: b, port: 1}\n    budget:", []string{`31: systems[1].move_table[1]: "V" has a second meaning; the first is a:1 (systems[1].move_table[0], line 30)`}},
	{"destination twice", "    budget:", "    move_table:\n      - {ae_title: V, host: a, port: 1}\n      - {ae_title: V, host: A., port: 1}\n    budget:", []string{`31: systems[1].move_table[1]: "V" is in the table already`}},
	{"harness elsewhere", small, strings.NewReplacer("listen: 0.0.0.0:11112", "listen: 0.0.0.0:11112\n  advertise: uat:11112", "    budget:", "    move_table: [{ae_title: PACSUAT, host: uat, port: 11113}]\n    budget:").Replace(small), []string{
		`30: systems[1].move_table[0]: "PACSUAT" has a second meaning; the first is uat:11112 (harness.advertise, line 5)`,
	}},
	{"listen without port", "listen: 0.0.0.0:11112", "listen: 0.0.0.0", []string{`4: harness.listen: "0.0.0.0" is not host:port`}},
	{"listen without host", "listen: 0.0.0.0:11112", "listen: ':11112'", []string{`4: harness.listen: the host is left out; expected host:port; did you mean "0.0.0.0:11112"?`}},
	{"any port for real systems", "listen: 0.0.0.0:11112", "listen: 127.0.0.1:0", []string{`4: harness.listen: port 0 (any free port); expected the port that the systems have registered`}},
	{"advertise nothing", "listen: 0.0.0.0:11112", "listen: 0.0.0.0:11112\n  advertise: 0.0.0.0:11112", []string{`5: harness.advertise: "0.0.0.0:11112" names no machine`}},
	{"unknown by default, but known", "ae_title: NORTH_QR", "ae_title: NOTREGISTERED", []string{`2: harness.unknown_ae_title: "NOTREGISTERED" is known in this cluster`}},
	{"unknown that is a destination", "    budget:", "    move_table: [{ae_title: NOTREGISTERED, host: a, port: 1}]\n    budget:", []string{`2: harness.unknown_ae_title: "NOTREGISTERED" is known`}},
	{"unknown that is known", "listen: 0.0.0.0:11112", "listen: 0.0.0.0:11112\n  unknown_ae_title: NORTH", []string{`5: harness.unknown_ae_title: "NORTH" is known in this cluster`}},

	// Budgets and exceptions.
	{"negative budget", "max_associations: 8", "max_associations: -1", []string{`29: systems[1].budget.max_associations: -1 associations; expected 1 or more`}},
	{"zero budget", "max_associations: 8", "max_associations: 0", []string{`29: systems[1].budget.max_associations: 0 associations`}},
	{"negative rate", "max_associations: 8", "requests_per_second: -0.5", []string{`29: systems[1].budget.requests_per_second: -0.5 requests a second`}},
	{"no reason", "\n        reason: not sold with a worklist", "", []string{`27: systems[1].not_applicable[0].reason: is missing`}},
	{"blank reason", "reason: not sold with a worklist", "reason: '  '", []string{`28: systems[1].not_applicable[0].reason: is empty`}},
	{"nothing named", "tags: \"@worklist and not @slow\"\n        reason", "reason", []string{`27: systems[1].not_applicable[0]: names nothing that does not apply; expected scenarios (a list of IDs) or tags`}},
	{"empty expression", `"@worklist and not @slow"`, `""`, []string{`27: systems[1].not_applicable[0].tags: is empty, which would match every scenario`}},
	{"broken expression", `"@worklist and not @slow"`, `"@a and (@b"`, []string{`27: systems[1].not_applicable[0].tags: can't be read: `}},
	{"tag without @", `"@worklist and not @slow"`, `"worklist"`, []string{`27: systems[1].not_applicable[0].tags: "worklist" is not a tag; expected tags joined by and, or, not, such as "@storage and not @slow"; did you mean "@worklist"?`}},
	{"nearly everything", `"@worklist and not @slow"`, `"not @slow"`, []string{`27: systems[1].not_applicable[0].tags: "not @slow" would match scenarios without any of these tags`}},

	// Fence.
	{"short prefix", "sites:", "fence: {patient_id_prefix: ZZ}\nsites:", []string{`5: fence.patient_id_prefix: "ZZ" is too short to keep real patients out`}},
	{"wildcard prefix", "sites:", "fence: {patient_id_prefix: ZZ*TEST}\nsites:", []string{`5: fence.patient_id_prefix: holds '*'`}},
	{"few IDs", "sites:", "fence: {patient_id_format: 'S#######!'}\nsites:", []string{`5: fence.patient_id_format: "S#######!" leaves too few different Patient IDs`}},
	{"long IDs", "sites:", "fence: {patient_id_format: '##########################################################################'}\nsites:", []string{`5: fence: prefix and format make Patient IDs of 80 characters; expected 64 at most`}},
	{"root as a number", "sites:", "fence: {uid_root: 2.25}\nsites:", []string{`5: fence.uid_root: found the number 2.25; expected a text; put it in quotes: "2.25"`}},
	{"bad root", "sites:", "fence: {uid_root: '1.02.3'}\nsites:", []string{`5: fence.uid_root: "1.02.3" is not a UID root`}},
	{"PN delimiter", "sites:", "fence: {name_prefix: 'ZZ^TEST'}\nsites:", []string{`5: fence.name_prefix: holds '^'`}},
	{"a site's empty prefix", "served_by: north", "served_by: north\n    fence: {patient_id_prefix: ''}", []string{`14: sites[1].fence.patient_id_prefix: "" is too short`}},
	{"a site's long IDs", "served_by: north", "served_by: north\n    fence: {patient_id_prefix: ZZTESTZZTESTZZTESTZZTESTZZTESTZZTESTZZTESTZZTESTZZTESTZZTEST}", []string{`14: sites[1].fence: prefix and format make Patient IDs of 72 characters`}},

	// Several at once: none hides another.
	{"all are listed", small, strings.NewReplacer("major-hospital", "major", "port: 104}\n      query", "port: -1}\n      query", "8}", "-8}", "to: north-prod", "to: north").Replace(small), []string{
		`7: sites[0].kind`, `24: systems[1].endpoints.store.port`, `29: systems[1].budget.max_associations`, `31: links[0].to`,
	}},
	{"empty", small, "", []string{`1: holds nothing`}},
	{"only comments", small, "# nothing\n", []string{`1: holds nothing`}},
	{"a list", small, "- a\n", []string{`1: found a list; expected keys and values: name, yearly_exams`}},
	{"no systems", small[strings.Index(small, "systems:"):], "systems:\n", []string{`14: systems: holds no system`}},
	{"systems are text", small[strings.Index(small, "systems:"):], "systems: none\n", []string{`14: systems: found the text "none"; expected a list`}},
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, test := range problemTests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if test.yaml() == small {
				t.Fatal("the test changes nothing")
			}
			_, err := Parse("f.yaml", []byte(test.yaml()))
			var p *Problems
			if !errors.As(err, &p) {
				t.Fatalf("got %v, want problems", err)
			}
			got := strings.Split(err.Error(), "\n")
			if len(got) != len(test.want) {
				t.Errorf("got %d problems, want %d:\n%s", len(got), len(test.want), err)
			}
			for i := range min(len(got), len(test.want)) {
				if !strings.HasPrefix(got[i], "f.yaml:") || !strings.Contains(got[i], test.want[i]) {
					t.Errorf("got  %s\nwant %s", got[i], test.want[i])
				}
			}
		})
	}
}

// TestSharing shows what is no problem.
func TestSharing(t *testing.T) {
	t.Parallel()
	for name, yaml := range map[string]string{
		"prod and bk share an AE title":           small,
		"services of one system share a place":    strings.Replace(small, "NORTH_QR, host: 10.0.0.2, port: 105", "NORTH, host: 10.0.0.2, port: 104", 1),
		"systems share host and port":             strings.Replace(small, "NORTH_QR, host: 10.0.0.2, port: 105", "NORTH_QR, host: 10.0.0.1, port: 104", 1),
		"lists whose entries are commented out":   strings.Replace(small, "    budget:", "    move_table:\n    budget:", 1),
		"any port while all is on this machine":   strings.NewReplacer("10.0.0.1", "127.0.0.1", "10.0.0.2", "localhost", "0.0.0.0:11112", "127.0.0.1:0").Replace(small),
		"the harness in a table where it is":      strings.NewReplacer("listen: 0.0.0.0:11112", "listen: 0.0.0.0:11112\n  advertise: uat:11112", "    budget:", "    move_table: [{ae_title: PACSUAT, host: UAT, port: 11112}]\n    budget:").Replace(small),
		"anchors":                                 strings.Replace(small, "{max_associations: 8}", "&b {max_associations: 8}\nyearly_exams: 5", 1),
		"a reason over several lines":             strings.Replace(small, "reason: not sold with a worklist", "reason: >\n          not sold\n          with a worklist", 1),
		"a prod that is known by its links alone": strings.Replace(small, "    endpoints:\n      store: {ae_title: NORTH, host: 10.0.0.1, port: 104}\n", "", 1),
	} {
		if _, err := Parse("f.yaml", []byte(yaml)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAliasesAreBounded shows that aliases of lists can't multiply.
func TestAliasesAreBounded(t *testing.T) {
	t.Parallel()
	na := "&n\n" + strings.Repeat("      - {tags: '@a', reason: b}\n", 1000)
	var systems strings.Builder
	for range 1000 {
		systems.WriteString("  - {not_applicable: *n}\n")
	}
	_, err := Parse("f.yaml", []byte("systems:\n  - not_applicable: "+na+systems.String()))
	if err == nil || !strings.Contains(err.Error(), "more than 200000 values, aliases followed") {
		t.Errorf("a million values by aliases were read")
	}
}

func TestClosest(t *testing.T) {
	t.Parallel()
	keys := []string{"name", "served_by", "max_associations", "title"}
	for got, want := range map[string]string{
		"served-by": "served_by", "ServedBy": "served_by", "nmae": "name", "nam": "name", "titel": "title",
		"max_asociations": "max_associations", "xyz": "", "": "", strings.Repeat("n", 100): "",
	} {
		if c := closest(got, keys); c != want {
			t.Errorf("closest(%q) = %q, want %q", got, c, want)
		}
	}
}
