package plan

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pacsuat/features"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

// cluster describes systems "site/name=role", live with a "!" behind it, and
// links as in "a>b" (replicates), "a>>b" (forwards), "a~b" (direct access), "a>b!"
// suspended.
func cluster(text string) *enterprise.Enterprise {
	e := &enterprise.Enterprise{Name: "cluster"}
	for _, word := range strings.Fields(text) {
		word, marked := strings.CutSuffix(word, "!")
		if name, role, ok := strings.Cut(word, "="); ok {
			site, name, _ := strings.Cut(name, "/")
			if e.Site(site) == nil {
				e.Sites = append(e.Sites, enterprise.Site{Name: site})
			}
			e.Systems = append(e.Systems, enterprise.System{Name: name, Site: site, Role: enterprise.Role(role), Live: &marked,
				Endpoints: enterprise.Endpoints{Store: &enterprise.DICOMEndpoint{AETitle: "AE", Host: "h", Port: 104}}})
			continue
		}
		for _, k := range []struct {
			sign string
			kind enterprise.LinkKind
		}{{">>", enterprise.ForwardsTo}, {">", enterprise.ReplicatesTo}, {"~", enterprise.DirectAccess}} {
			if from, to, ok := strings.Cut(word, k.sign); ok {
				e.Links = append(e.Links, enterprise.Link{From: from, To: to, Kind: k.kind, SuspendedForUAT: marked})
				break
			}
		}
	}
	e.ApplyDefaults()
	return e
}

// two is a cluster of two sites and a dr, nothing of it live.
const two = "n/n-prod=prod n/n-bk=bk s/s-bk=bk c/dr=dr n-bk>n-prod n-bk>>dr s-bk>>dr n-prod~dr"

const forSystemsText = `Feature: Systems
  @echo
  Scenario: An echo
    When the system is asked whether it is there
    Then it answers within 10 seconds

  @write @major
  Scenario: A study
    Given a synthetic "CT chest" study of 2 images for a new patient
    When the study is sent to the system under test
    Then the system reports 2 images in the study within 30 seconds

  @destructive
  Scenario: Harm
    Given a synthetic "CR chest" study of 1 image for a new patient
    And the study has been sent to the system under test
    When the first image is sent again with other pixels
    Then every image retrieved from the system is identical to what was sent
`

const forLinksText = `@links @for-forwards-to @for-replicates-to
Feature: Links
  Scenario: A study arrives
    Given a synthetic "CT chest" study of 3 images for a new patient
    When the study is sent to the system under test
    Then the receiving system reports 3 images in the study within 30 seconds
`

func input(e *enterprise.Enterprise) Input {
	return Input{
		Enterprise: e, Vocabulary: vocab.Default(), Seed: 1, Volume: 1,
		AsOf: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), Binary: rundir.Binary{Version: "1"},
		Sources: []Source{{Path: "s/systems.feature", Text: []byte(forSystemsText)}, {Path: "l/links.feature", Text: []byte(forLinksText)}},
	}
}

func build(t *testing.T, in Input) *rundir.Plan {
	t.Helper()
	p, err := Build(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func subjectNames(p *rundir.Plan) string {
	var names []string
	for _, s := range p.Subjects {
		names = append(names, s.Name)
	}
	return strings.Join(names, " ")
}

func scenarioOf(t *testing.T, p *rundir.Plan, subject, name string) rundir.Scenario {
	t.Helper()
	for _, c := range p.Cells {
		for _, s := range c.Scenarios {
			if c.Subject == subject && s.Name == name {
				return s
			}
		}
	}
	t.Fatalf("%s has no scenario %q", subject, name)
	return rundir.Scenario{}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		s         Selection
		subjects  string
		scenarios int    // without the inbox's
		wrong     string // part of the error
	}{
		{"nothing said", Selection{}, "n-bk n-bk->n-prod n-bk->dr s-bk s-bk->dr dr", 3*3 + 3, ""},
		{"prod only when asked", Selection{Roles: []string{"prod"}, Tags: "not @links"}, "n-prod", 3, ""},
		{"a role", Selection{Roles: []string{"dr"}}, "dr", 3, ""},
		{"a system, with the links that start at it", Selection{Systems: []string{"s-bk"}}, "s-bk s-bk->dr", 4, ""},
		{"a prod by its name", Selection{Systems: []string{"n-prod"}}, "n-prod", 3, ""},
		{"a link alone", Selection{Systems: []string{"n-bk->dr"}}, "n-bk->dr", 1, ""},
		{"a site", Selection{Sites: []string{"n"}}, "n-bk n-bk->n-prod n-bk->dr", 5, ""},
		{"tags", Selection{Tags: "@write or @links"}, "n-bk n-bk->n-prod n-bk->dr s-bk s-bk->dr dr", 6, ""},
		{"tags of systems", Selection{Tags: "@echo"}, "n-bk s-bk dr", 3, ""},
		{"a scenario", Selection{Scenarios: []string{"s/systems.feature:3"}}, "n-bk s-bk dr", 3, ""},
		{"a misspelt system", Selection{Systems: []string{"n-bkk"}}, "", 0, `no system or link is named "n-bkk"; did you mean "n-bk"?`},
		{"a link in another direction", Selection{Systems: []string{"dr->n-bk"}}, "", 0, `no system or link is named "dr->n-bk"`},
		{"a misspelt role", Selection{Roles: []string{"pord"}}, "", 0, `no role is named "pord"; did you mean "prod"?`},
		{"a misspelt site", Selection{Sites: []string{"nn"}}, "", 0, `no site is named "nn"; did you mean "n"?`},
		{"everything misspelt", Selection{Sites: []string{"x"}, Roles: []string{"y"}}, "", 0, `no role is named "y"`},
		{"a scenario that nobody has", Selection{Scenarios: []string{"s/systems.feature:4"}}, "", 0, `no scenario has the ID "s/systems.feature:4"; did you mean "s/systems.feature:3"?`},
		{"the beginning of a line number", Selection{Scenarios: []string{"s/systems.feature:1"}}, "", 0, "no scenario has the ID"},
		{"a broken expression", Selection{Tags: "@a and"}, "", 0, "--tags: \"@a and\" is no tag expression"},
		{"a tag without its @", Selection{Tags: "not slow"}, "", 0, `"slow" is neither a tag`},
		{"one of two systems left out", Selection{Systems: []string{"n-bk", "s-bk"}, Sites: []string{"n"}}, "", 0, "--systems names s-bk, and nothing is planned for it"},
		{"one of two roles left out", Selection{Roles: []string{"bk", "dr"}, Sites: []string{"n"}}, "", 0, "--roles names dr, and nothing is planned for it"},
		{"one of two scenarios left out", Selection{Scenarios: []string{"s/systems.feature:3", "s/systems.feature:8"}, Tags: "@echo"}, "", 0, "--scenario names s/systems.feature:8, and nothing is planned for it"},
		{"a link that no feature speaks of", Selection{Systems: []string{"dr", "n-prod->dr"}}, "", 0, "--systems names n-prod->dr, and nothing is planned for it"},
		{"a site without systems", Selection{Sites: []string{"n", "village"}}, "", 0, "it is served by n; name that site"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := cluster(two)
			e.Sites = append(e.Sites, enterprise.Site{Name: "village", ServedBy: "n"})
			in := input(e)
			in.Selection = c.s
			p, err := Build(in)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("%v, want an error with %q", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, cell := range p.Cells {
				if cell.Feature != rundir.InboxFeature {
					n += len(cell.Scenarios)
				}
			}
			if got := subjectNames(p); got != c.subjects || n != c.scenarios {
				t.Errorf("%s with %d scenarios, want %s with %d", got, n, c.subjects, c.scenarios)
			}
		})
	}
}

func TestNothingSelected(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]Selection{
		"a tag that nobody has":           {Tags: "@nobody"},
		"links of a system that has none": {Systems: []string{"dr"}, Tags: "@links"},
		"roles that a site has not":       {Roles: []string{"prod"}, Sites: []string{"s"}},
	} {
		in := input(cluster(two))
		in.Selection = s
		if _, err := Build(in); !errors.Is(err, ErrNothingSelected) {
			t.Errorf("%s: %v", name, err)
		}
	}
	in := input(cluster(two))
	in.Sources = nil
	if _, err := Build(in); !errors.Is(err, ErrNothingSelected) {
		t.Errorf("no features: %v", err)
	}
}

// A subject that is selected and that no feature speaks of is named, not left
// out in silence.
func TestUntested(t *testing.T) {
	t.Parallel()
	in := input(cluster(two + " s-bk~n-prod"))
	p := build(t, in)
	if want := []rundir.Untested{{Subject: "s-bk->n-prod", Reason: "no feature speaks of links of kind direct-access"}}; !slices.Equal(p.Untested, want) {
		t.Errorf("%v, want %v", p.Untested, want)
	}
	in.Sources = in.Sources[1:]
	p = build(t, in)
	var got []string
	for _, u := range p.Untested {
		got = append(got, u.Subject)
	}
	if strings.Join(got, " ") != "n-bk s-bk s-bk->n-prod dr" {
		t.Errorf("%v", p.Untested)
	}
	in.Selection.Tags = "@links" // by choice
	if p = build(t, in); len(p.Untested) > 0 {
		t.Errorf("%v", p.Untested)
	}
}

func TestNotApplicable(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		na    enterprise.NotApplicable
		want  string // names of the scenarios of n-bk that don't apply
		wrong string
	}{
		{"by tag", enterprise.NotApplicable{Tags: "@write"}, "A study", ""},
		{"by ID", enterprise.NotApplicable{Scenarios: []string{"s/systems.feature:3"}}, "An echo", ""},
		{"all rows of an outline", enterprise.NotApplicable{Scenarios: []string{"o.feature:2"}}, "o o", ""},
		{"one row of an outline", enterprise.NotApplicable{Scenarios: []string{"o.feature:2:2"}}, "o", ""},
		{"a link's, by its start", enterprise.NotApplicable{Tags: "@links"}, "", ""},
		{"a feature that is not loaded", enterprise.NotApplicable{Scenarios: []string{"other/x.feature:3"}}, "", ""},
		{"a line that holds no scenario", enterprise.NotApplicable{Scenarios: []string{"s/systems.feature:4"}}, "", `not_applicable of n-bk: no scenario has the ID "s/systems.feature:4"; did you mean "s/systems.feature:3"?`},
		{"a row that is not there", enterprise.NotApplicable{Scenarios: []string{"o.feature:2:9"}}, "", "no scenario has the ID"},
		{"a whole feature", enterprise.NotApplicable{Scenarios: []string{"s/systems.feature"}}, "", `"s/systems.feature" is no ID of a scenario`},
		{"a word", enterprise.NotApplicable{Scenarios: []string{"retrieve"}}, "", `"retrieve" is no ID of a scenario`},
		{"a broken expression", enterprise.NotApplicable{Tags: "@a or"}, "", "not_applicable of n-bk: \"@a or\" is no tag expression"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := cluster(two)
			c.na.Reason = "not sold"
			e.System("n-bk").NotApplicable = []enterprise.NotApplicable{c.na}
			in := input(e)
			in.Sources = append(in.Sources, Source{Path: "o.feature", Text: []byte(`Feature: O
  Scenario Outline: o
    When the system is asked <n> times on one association whether it is there
    Then it answers every time
    Examples:
      | n |
      | 2 |
      | 3 |
`)})
			p, err := Build(in)
			if c.wrong != "" {
				if err == nil || !strings.Contains(err.Error(), c.wrong) {
					t.Errorf("%v, want an error with %q", err, c.wrong)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, cell := range p.Cells {
				for _, s := range cell.Scenarios {
					switch {
					case s.NotApplicable == "":
					case s.NotApplicable != "not sold":
						t.Errorf("%s: %q", s.ID, s.NotApplicable)
					case cell.Subject == "n-bk":
						got = append(got, s.Name)
					case !strings.HasPrefix(cell.Subject, "n-bk->"):
						t.Errorf("%s of %s is not applicable", s.ID, cell.Subject)
					}
				}
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%v, want %s", got, c.want)
			}
			if na := scenarioOf(t, p, "n-bk->dr", "A study arrives").NotApplicable != ""; na != (c.na.Tags == "@links") {
				t.Errorf("the link's scenario is not applicable: %t", na)
			}
		})
	}
}

func TestASuspendedLinkIsNotTested(t *testing.T) {
	t.Parallel()
	in := input(cluster("n/bk=bk c/dr=dr! bk>>dr!"))
	in.Selection.Roles = []string{"bk"}
	in.Selection.Tags = "not @destructive"
	p := build(t, in)
	if s := scenarioOf(t, p, "bk->dr", "A study arrives"); s.NotApplicable != "the link is declared suspended for the test" {
		t.Errorf("%+v", s)
	}
	if r := p.Closure.Reaches; len(r) != 1 || r[0].Stopped != "bk->dr" || r[0].Bytes == 0 {
		t.Errorf("%+v", r)
	}
}

func TestBlocked(t *testing.T) {
	t.Parallel()
	const everything = `Feature: E
  Scenario: Everything
    When the system is asked for everything that it has
    Then the system answers that there is nothing
  Scenario: Many
    When 12 associations are open at the same time
    Then each of them answers when it is asked whether it is there
  Scenario: Each study
    Given 11 synthetic "CR chest" studies of 1 image each for different new patients
    When the studies are sent at once, each over an association of its own
    Then the system has exactly 1 patient of that Patient ID
`
	for _, c := range []struct {
		name, cluster    string
		change           func(in *Input)
		subject, blocked string // scenario: reason, ...
	}{
		{"allowed", two, nil, "n-bk", "Everything: allowed only on the embedded simulated cluster; Many: needs 12 associations at once, and the budget of n-bk allows 10; Each study: needs 11 associations"},
		{"simulated", two, func(in *Input) { in.Simulated = true; in.Enterprise.System("n-bk").Budget.MaxAssociations = 12 }, "n-bk", ""},
		{"prod is only queried", two, func(in *Input) { in.Selection.Systems = []string{"n-prod"} }, "n-prod",
			"A study: n-prod is a production system: it is only queried; Harm: production system; Everything: only on; Many: needs 12; Each study: production system"},
		{"prod, allowed by the run alone", two, func(in *Input) { in.Selection.Systems = []string{"n-prod"}; in.AllowProd = true }, "n-prod",
			"A study: production; Harm: production; Everything: only on; Many: needs 12; Each study: production"},
		{"prod, allowed by the description alone", two, func(in *Input) {
			in.Selection.Systems = []string{"n-prod"}
			in.Enterprise.System("n-prod").UATAllowed = true
		}, "n-prod", "A study: production; Harm: production; Everything: only on; Many: needs 12; Each study: production"},
		{"prod, allowed by both", two, func(in *Input) {
			in.Selection.Systems, in.AllowProd = []string{"n-prod"}, true
			in.Enterprise.System("n-prod").UATAllowed = true
		}, "n-prod", "Everything: only on; Many: needs 12; Each study: needs 11"},
		{"destructive, live system allowed beyond", "n/bk=bk c/dr=dr! bk>>dr", func(in *Input) {
			in.Selection.Roles, in.AllowLive = []string{"bk"}, map[string]int64{"dr": 1 << 40}
		}, "bk", "Harm: destructive, and its writes reach a live system (bk -> dr); Everything: only on; Many: needs 12; Each study: needs 11"},
		{"destructive, the target itself is live", "n/bk=bk!", func(in *Input) { in.AllowLive = map[string]int64{"bk": 1 << 40} }, "bk",
			"Harm: reach a live system (bk); Everything: only on; Many: needs 12; Each study: needs 11"},
		{"no endpoint", two, func(in *Input) { in.Enterprise.System("n-bk").Endpoints = enterprise.Endpoints{} }, "n-bk",
			"An echo: neither a store nor a query_retrieve endpoint; A study: neither; Harm: neither; Everything: only on; Many: needs 12; Each study: needs 11"},
		{"no endpoint of the receiving system", two, func(in *Input) { in.Enterprise.System("dr").Endpoints = enterprise.Endpoints{} }, "n-bk->dr",
			"A study arrives: the description of dr declares neither"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := input(cluster(c.cluster))
			in.Sources = append(in.Sources, Source{Path: "t.feature", Text: []byte(everything)})
			if c.change != nil {
				c.change(&in)
			}
			p := build(t, in)
			want := map[string]string{}
			for _, w := range strings.Split(c.blocked, "; ") {
				name, reason, _ := strings.Cut(w, ": ")
				want[name] = reason
			}
			for _, cell := range p.Cells {
				for _, s := range cell.Scenarios {
					if cell.Subject == c.subject && (s.Blocked == "" != (want[s.Name] == "") || !strings.Contains(s.Blocked, want[s.Name])) {
						t.Errorf("%s: %q, want %q", s.Name, s.Blocked, want[s.Name])
					}
				}
			}
		})
	}
}

func TestDemands(t *testing.T) {
	t.Parallel()
	recipe := func(name string) synth.Recipe {
		r, err := synth.Acceptance(name)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	size := func(kind string, images int) int64 {
		_, bytes := synth.Size(recipe(kind), images)
		return bytes
	}
	realistic := recipe("CT chest").Images.Mean
	for _, c := range []struct {
		name, steps  string
		volume       float64
		effect       rundir.Effect
		instances    int64
		bytes        int64
		associations int
	}{
		{"nothing sent", `When the system is asked whether it is there
			Then it answers within 1 second`, 1, rundir.EffectRead, 0, 0, 1},
		{"a study", `Given a synthetic "CT chest" study of 4 images for a new patient
			When the study is sent to the system under test
			Then every image is accepted without a warning`, 1, rundir.EffectWrite, 4, size("CT chest", 4), 1},
		{"volume never changes what is written out", `Given a synthetic "CT chest" study of 4 images for a new patient
			When the study is sent to the system under test
			Then every image is accepted without a warning`, 0.01, rundir.EffectWrite, 4, size("CT chest", 4), 1},
		{"realistic", `Given a synthetic "CT chest" study of realistic size for a new patient
			When the study is sent to the system under test
			Then every image is accepted without a warning`, 1, rundir.EffectWrite, int64(realistic), size("CT chest", realistic), 1},
		{"twice of it", `Given a synthetic "CT chest" study of realistic size for a new patient
			When the study is sent to the system under test
			Then every image is accepted without a warning`, 2, rundir.EffectWrite, int64(2 * realistic), size("CT chest", 2*realistic), 1},
		{"a trace of it is one image", `Given a synthetic "CT chest" study of realistic size for a new patient
			When the study is sent to the system under test
			Then every image is accepted without a warning`, 1e-9, rundir.EffectWrite, 1, size("CT chest", 1), 1},
		{"sent twice, and more", `Given a synthetic "MR knee" study of 3 images for a new patient
			And the study has been sent to the system under test
			When the study is sent again
			And 2 more images of the study are sent later
			Then every image is accepted without a warning`, 1, rundir.EffectWrite, 8, 2*size("MR knee", 3) + size("MR knee", 2), 1},
		{"several, at once", `Given 3 synthetic "CR chest" studies of 2 images each for different new patients
			When the studies are sent at once, each over an association of its own
			Then every image is accepted without a warning`, 1, rundir.EffectWrite, 6, 3 * size("CR chest", 2), 3},
		{"over several associations", `Given a synthetic "CR chest" study of 8 images for a new patient
			When the study is sent over 4 associations at once
			Then every image is accepted without a warning`, 1, rundir.EffectWrite, 8, size("CR chest", 8), 4},
		{"an image that is held back", `Given a synthetic "CR chest" study of 1 image for a new patient
			And the study has been sent to the system under test
			When the system is asked for the studies of the patient while another association stays in the middle of an image
			Then the answers are exactly the studies that were sent`, 1, rundir.EffectWrite, 2, 2 * size("CR chest", 1), 2},
		{"destructive", `Given a synthetic "CR chest" study of 1 image for a new patient
			When the study is sent to the system under test
			And the first image is sent again with other pixels
			Then every image is accepted without a warning`, 1, rundir.EffectDestroy, 2, 2 * size("CR chest", 1), 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := input(cluster("n/bk=bk"))
			in.Volume = c.volume
			in.Sources = []Source{{Path: "a.feature", Text: []byte("Feature: f\n  Scenario: s\n" + c.steps + "\n")}}
			s := scenarioOf(t, build(t, in), "bk", "s")
			if s.Effect != c.effect || s.Instances != c.instances || s.Bytes != c.bytes || s.Associations != c.associations {
				t.Errorf("%q, %d images, %d bytes, %d associations; want %q, %d, %d, %d",
					s.Effect, s.Instances, s.Bytes, s.Associations, c.effect, c.instances, c.bytes, c.associations)
			}
		})
	}
}

func TestVolumeMustBeAShare(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{0, -1} {
		in := input(cluster(two))
		in.Volume = v
		if _, err := Build(in); err == nil || !strings.Contains(err.Error(), "--volume") {
			t.Errorf("%v: %v", v, err)
		}
	}
}

func TestSeverityIsTheWorstOfItsTags(t *testing.T) {
	t.Parallel()
	for tags, want := range map[string]rundir.Severity{
		"@slow": rundir.Blocker, "@minor": rundir.Minor, "@major": rundir.Major, "@critical": rundir.Critical,
		"@blocker": rundir.Blocker, "@minor @blocker": rundir.Blocker, "@major @critical": rundir.Critical,
	} {
		if got := severity(&scenario{tags: strings.Fields(tags)}); got != want {
			t.Errorf("%s: %s, want %s", tags, got, want)
		}
	}
}

var fileName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_.-]*$`)

func TestCellIDsAreFileNamesOfTheirOwn(t *testing.T) {
	t.Parallel()
	in := input(cluster("n/a=bk n/b=bk n/a--b=bk n/con-x=bk a>>b b>>a a>>a--b"))
	in.Simulated = true
	text := in.Sources[0].Text
	in.Sources = append(in.Sources,
		Source{Path: "s-systems.feature", Text: text}, Source{Path: "s systems.feature", Text: text},
		Source{Path: strings.Repeat("long/", 60) + "a.feature", Text: text}, Source{Path: strings.Repeat("long/", 60) + "b.feature", Text: text},
		Source{Path: "日本.feature", Text: text}, Source{Path: "中国.feature", Text: text},
		Source{Path: "l-links.feature", Text: in.Sources[1].Text})
	p := build(t, in)
	seen := map[string]string{}
	for _, c := range p.Cells {
		fold := strings.ToLower(c.ID)
		if before, ok := seen[fold]; ok {
			t.Errorf("%s is both %s and %s of %s", c.ID, before, c.Feature, c.Subject)
		}
		seen[fold] = c.Feature + " of " + c.Subject
		if !fileName.MatchString(c.ID) || len(c.ID) > maxCellID || strings.HasSuffix(c.ID, ".") {
			t.Errorf("%q is no file name everywhere", c.ID)
		}
	}
	if len(seen) < 30 {
		t.Errorf("%d cells", len(seen))
	}
}

func TestEverySubjectListensAtTheInbox(t *testing.T) {
	t.Parallel()
	p := build(t, input(cluster(two)))
	inboxes := map[string]int{}
	for _, c := range p.Cells {
		if c.Feature == rundir.InboxFeature {
			inboxes[c.Subject]++
			if s := c.Scenarios; len(s) != 1 || s[0].Severity != rundir.Blocker || !slices.Contains(s[0].Tags, "@integrity") {
				t.Errorf("%+v", s)
			}
		}
	}
	for _, s := range p.Subjects {
		if inboxes[s.Name] != 1 {
			t.Errorf("%s has %d cells for the inbox", s.Name, inboxes[s.Name])
		}
	}
	if last := p.Features[len(p.Features)-1]; last.Path != rundir.InboxFeature {
		t.Errorf("the last row is %s", last.Path)
	}
}

// shipped is the plan of the shipped features for the shipped cluster.
func shipped(t *testing.T) (*rundir.Plan, *enterprise.Enterprise) {
	t.Helper()
	sources, err := ReadFS(features.FS)
	if err != nil {
		t.Fatal(err)
	}
	e := enterprise.Example()
	in := input(e)
	in.Sources, in.Simulated = sources, true
	return build(t, in), e
}

func TestTheSameInputGivesTheSameBytes(t *testing.T) {
	t.Parallel()
	one, e := shipped(t)
	other, _ := shipped(t)
	a, err := rundir.MarshalPlan(one)
	if err != nil {
		t.Fatal(err)
	}
	b, err := rundir.MarshalPlan(other)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(a, b) {
		t.Error("two plans of one input differ")
	}
	// What was exported is read as it was, and holds to itself.
	read, _, err := rundir.ParsePlan(a)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := rundir.MarshalPlan(read); err != nil || !bytes.Equal(a, again) {
		t.Errorf("a plan that was read is written otherwise: %v", err)
	}
	if err := CheckClosure(read, e); err != nil {
		t.Error(err)
	}
	if len(one.Untested) > 0 {
		t.Errorf("untested: %v", one.Untested)
	}
	for _, c := range one.Cells {
		for _, s := range c.Scenarios {
			if s.Blocked != "" || s.NotApplicable != "" {
				t.Errorf("%s of %s: %s%s", s.ID, c.Subject, s.Blocked, s.NotApplicable)
			}
		}
	}
}
