package judge

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/rundir"
)

func TestLoadCriteria(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "criteria.yaml")
	in := `# decided on 3 May
entries:
  - check: find.duration
    tags: "@query and not @slow"
    subject: North-BK
    limit: 5.5
    reason: index is rebuilt
  - {scenario: "storage.feature:1", tolerate: true, reason: known}
  - {scenario: "storage.feature:1", accept_flaky: true, reason: laptop}
  - {check: store.status, limit: ["0x0000 success", "0xB000 coercion"], reason: coerces the issuer}
  - {check: store.status, limit: "0x0000 success", reason: text}
`
	if err := os.WriteFile(file, []byte(in), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := LoadCriteria(file)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range c.Entries {
		limit := ""
		if e.Limit != nil {
			limit = e.Limit.String()
		}
		got = append(got, fmt.Sprint(e.line, "|", e.Check, "|", e.Scenario, "|", e.Tags, "|", e.Subject, "|", limit, "|", e.Tolerate, e.AcceptFlaky, "|", e.Reason))
	}
	want := []string{
		"3|find.duration||@query and not @slow|North-BK|5.5|false false|index is rebuilt",
		"8||storage.feature:1||||true false|known",
		"9||storage.feature:1||||false true|laptop",
		"10|store.status||||0x0000 success or 0xB000 coercion|false false|coerces the issuer",
		"11|store.status||||0x0000 success|false false|text",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nexpected\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if _, err := LoadCriteria(file + "x"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
	if c, err := ParseCriteria("c", []byte("- {subject: DR, tolerate: true, reason: r}")); err != nil || len(c.Entries) != 1 {
		t.Errorf("a bare list: %v, %v", c, err)
	}
}

func TestParseCriteriaListsAllProblems(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, in string
		want     []string
	}{
		{"unknown keys", "entries:\n- chek: a\n  tolerate: true\n  reason: r\n- {reson: b}\nother: 1\n",
			[]string{`c.yaml:2: unknown key "chek" (did you mean "check"?)`, `c.yaml:5: unknown key "reson" (did you mean "reason"?)`, `c.yaml:6: unknown key "other"`}},
		{"a key twice", "entries:\n- check: a\n  check: b\n", []string{"c.yaml:3: key \"check\" is there twice"}},
		{"no reason", "entries:\n- {check: a, tolerate: true}\n- {check: a, tolerate: true, reason: ' '}\n", []string{"c.yaml:2: reason is missing", "c.yaml:3: reason: a text was expected"}},
		{"two things", "entries:\n- {check: a, limit: 1, tolerate: true, reason: r}\n", []string{"c.yaml:2: an entry has exactly one of"}},
		{"no thing", "entries:\n- {check: a, reason: r}\n", []string{"exactly one of"}},
		{"everything tolerated", "entries:\n- {tolerate: true, reason: r}\n", []string{"it would tolerate everything"}},
		{"a limit of nothing", "entries:\n- {limit: 1, reason: r}\n", []string{"a limit needs the check"}},
		{"flaky by tag", "entries:\n- {tags: '@a', accept_flaky: true, reason: r}\n", []string{"accept_flaky is for a scenario that is named"}},
		{"nearly everything", "entries:\n- {tags: 'not @zzz', tolerate: true, reason: r}\n", []string{"c.yaml:2: it would tolerate nearly everything"}},
		{"tags", "entries:\n- {tags: '@a and', tolerate: true, reason: r}\n- {tags: 'a and @b', tolerate: true, reason: r}\n- {tags: '~@a', tolerate: true, reason: r}\n- {tags: '(@a', tolerate: true, reason: r}\n",
			[]string{"c.yaml:2: tags: ", `c.yaml:3: tags: "a and @b" is no tag expression: "a" is neither`, `c.yaml:4: tags: "~@a"`, "c.yaml:5: tags: "}},
		{"false", "entries:\n- {check: a, tolerate: false, reason: r}\n", []string{"tolerate: true was expected"}},
		{"a word for true", "entries:\n- {check: a, tolerate: 'yes', reason: r}\n", []string{"tolerate: true was expected"}},
		{"a number for a text", "entries:\n- {check: 5, tolerate: true, reason: r}\n", []string{"check: a text was expected"}},
		{"bad limits", "entries:\n- {check: a, limit: .nan, reason: r}\n- {check: a, limit: {}, reason: r}\n- {check: a, limit: [], reason: r}\n- {check: a, limit: [1], reason: r}\n- {check: a, limit: true, reason: r}\n- {check: a, limit: , reason: r}\n",
			[]string{"c.yaml:2: limit", "c.yaml:3: limit", "c.yaml:4: limit", "c.yaml:5: limit", "c.yaml:6: limit", "c.yaml:7: limit"}},
		{"nothing", "", []string{"c.yaml:1: it holds no entries"}},
		{"comments only", "# nothing\n", []string{"c.yaml:1: it holds no entries"}},
		{"no entries", "{}", []string{"c.yaml:1: entries is missing"}},
		{"a text", "tolerate it", []string{"c.yaml:1: keys were expected"}},
		{"entries of no list", "entries: 5", []string{"c.yaml:1: entries: a list was expected"}},
		{"an entry of no keys", "entries: [a]", []string{"c.yaml:1: keys were expected"}},
		{"two documents", "entries: []\n---\nentries: []\n", []string{"more than one YAML document"}},
		{"no YAML", "entries: [", []string{"c.yaml: line 1"}},
		{"aliases", "entries:\n- &a {check: a, tolerate: true, reason: r}\n- *a\n", []string{"c.yaml:3: keys were expected"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseCriteria("c.yaml", []byte(test.in))
			var list *CriteriaError
			if !errors.As(err, &list) {
				t.Fatalf("got %v, expected a list of problems", err)
			}
			if len(list.Problems) != len(test.want) {
				t.Errorf("%d problems, expected %d:\n%v", len(list.Problems), len(test.want), err)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in:\n%v", want, err)
				}
			}
		})
	}
}

func criteria(t *testing.T, entries string) *Criteria {
	t.Helper()
	c, err := ParseCriteria("c.yaml", []byte("entries:\n"+entries))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestValidateNamesAgainstThePlan(t *testing.T) {
	t.Parallel()
	p := newPlan()
	p.Cells[0].Scenarios = append(p.Cells[0].Scenarios, rundir.Scenario{ID: two, Tags: []string{"@integrity", "@pixels"}, Severity: rundir.Minor, Steps: steps()})
	c := criteria(t, `
- {check: study.image, limit: 1, reason: r}
- {subject: Nroth-BK, tolerate: true, reason: r}
- {scenario: "storage.feature:2", tolerate: true, reason: r}
- {check: zzzzzzzzzzzz, subject: zzzzzzzzzzzz, tolerate: true, reason: r}
- {scenario: "storage.feature:9", tolerate: true, reason: r}
- {tags: "@pixels", check: study.images, tolerate: true, reason: r}
- {tags: "@storage or @pixels", tolerate: true, reason: a part of it can be}
`)
	err := c.Validate(p)
	want := `c.yaml:3: unknown check "study.image" (did you mean "study.images"?)
c.yaml:4: unknown subject "Nroth-BK" (did you mean "North-BK"?)
c.yaml:5: unknown scenario "storage.feature:2" (did you mean "storage.feature:1"?)
c.yaml:6: unknown check "zzzzzzzzzzzz"
c.yaml:6: unknown subject "zzzzzzzzzzzz"
c.yaml:7: data integrity can't be waived: every scenario that this entry is for is @integrity
c.yaml:8: data integrity can't be waived: every scenario that this entry is for is @integrity`
	if err == nil || err.Error() != want {
		t.Errorf("got\n%v\nexpected\n%s", err, want)
	}
	if _, judged := Judge([]*rundir.Dir{run(t, p, script{})}, c); judged == nil || judged.Error() != want {
		t.Errorf("Judge: got %v", judged)
	}
	built := &Criteria{Entries: []Entry{{Check: "study.images", Limit: &rundir.Value{}}}}
	if err := built.Validate(p); err == nil || !strings.Contains(err.Error(), "reason is missing") || !strings.Contains(err.Error(), "limit: ") {
		t.Errorf("criteria that came from no file: %v", err)
	}
}

// The BK observed 119 of 120 images, and a query of 6 s where 5 are allowed.
func TestCriteriaApplied(t *testing.T) {
	t.Parallel()
	slow := check(3, rundir.Check{Name: "find.duration", Comparator: rundir.LessOrEqual, Limit: rundir.Number(5), Observed: rundir.Number(6), Unit: "s", N: 1})
	cutAt7 := check(3, rundir.Check{Name: "find.duration", Comparator: rundir.LessOrEqual, Limit: rundir.Number(5), Observed: rundir.Number(7), Unit: "s", N: 1, CensoredAt: ptr(7.0)})
	lost := images(3, 119)
	attempt := func(r ...rundir.Record) []rundir.Record {
		return attemptOf(bk, one, 1, slices.Concat([]rundir.Record{begin(), ended(1), ended(2)}, r, []rundir.Record{ended(3), end()})...)
	}
	dropped := attemptOf(bk, one, 1, begin(), answered(bk), ended(1), slow, stepError(2, rundir.CauseDropped, bk), end())
	cut := attemptOf(bk, one, 1, begin(), ended(1), ended(2), slow)
	flaky := slices.Concat(attemptOf(bk, one, 1, begin(), end()), attemptOf(bk, one, 2, pass()...))
	for _, test := range []struct {
		name, criteria string
		records        []rundir.Record
		tags           []string
		want           rundir.Outcome
		waiver         string
	}{
		{"looser", "- {check: find.duration, limit: 8, reason: index}", attempt(slow), nil, rundir.Waived, "index"},
		{"not loose enough", "- {check: find.duration, limit: 5.5, reason: index}", attempt(slow), nil, rundir.Fail, ""},
		{"looser for another subject", "- {check: find.duration, subject: DR, limit: 8, reason: index}", attempt(slow), nil, rundir.Fail, ""},
		{"looser by tag", "- {check: find.duration, tags: '@storage', limit: 8, reason: index}", attempt(slow), nil, rundir.Waived, "index"},
		{"looser by another tag", "- {check: find.duration, tags: 'not @storage', limit: 8, reason: index}", attempt(slow), nil, rundir.Fail, ""},
		{"looser for another scenario", "- {check: find.duration, scenario: '(inbox):1', limit: 8, reason: index}", attempt(slow), nil, rundir.Fail, ""},
		{"the last one counts", "- {check: find.duration, limit: 8, reason: index}\n- {check: find.duration, subject: North-BK, limit: 5.5, reason: stricter}", attempt(slow), nil, rundir.Fail, ""},
		{"looser, another check fails", "- {check: find.duration, limit: 8, reason: index}", attempt(slow, lost), nil, rundir.Fail, ""},
		{"looser, cut short", "- {check: find.duration, limit: 8, reason: index}", cut, nil, rundir.Inconclusive, ""},
		{"looser than was waited for", "- {check: find.duration, limit: 8, reason: index}", attempt(answered(bk), cutAt7), nil, rundir.Inconclusive, ""},
		{"looser, but not than was waited for", "- {check: find.duration, limit: 6, reason: index}", attempt(answered(bk), cutAt7), nil, rundir.Fail, ""},
		{"a text for a number", "- {check: find.duration, limit: fast, reason: index}", attempt(slow), nil, rundir.Inconclusive, ""},
		{"stricter", "- {check: study.images, limit: 121, reason: all}", passed()[bk], nil, rundir.Fail, ""},
		{"integrity is not loosened", "- {check: find.duration, limit: 8, reason: index}", attempt(slow), []string{"@integrity"}, rundir.Fail, ""},
		{"integrity can be tightened", "- {check: study.images, limit: 121, reason: all}", passed()[bk], []string{"@integrity"}, rundir.Fail, ""},

		{"check tolerated", "- {check: study.images, tolerate: true, reason: known}", attempt(lost), nil, rundir.Waived, "known"},
		{"check tolerated, another fails", "- {check: study.images, tolerate: true, reason: known}", attempt(lost, slow), nil, rundir.Fail, ""},
		{"check tolerated, cut short", "- {check: find.duration, tolerate: true, reason: known}", cut, nil, rundir.Inconclusive, ""},
		{"check tolerated, then dropped", "- {check: find.duration, tolerate: true, reason: known}", dropped, nil, rundir.Fail, ""},
		{"scenario tolerated", "- {scenario: 'storage.feature:1', tolerate: true, reason: known}", attempt(lost, slow), nil, rundir.Waived, "known"},
		{"scenario tolerated, then dropped", "- {scenario: 'storage.feature:1', tolerate: true, reason: known}", dropped, nil, rundir.Waived, "known"},
		{"scenario tolerated, not run", "- {scenario: 'storage.feature:1', tolerate: true, reason: known}", nil, nil, rundir.Inconclusive, ""},
		{"subject tolerated", "- {subject: North-BK, tolerate: true, reason: old}", attempt(lost), nil, rundir.Waived, "old"},
		{"integrity is not tolerated", "- {subject: North-BK, tolerate: true, reason: old}", attempt(lost), []string{"@integrity"}, rundir.Fail, ""},
		{"nothing to tolerate", "- {subject: North-BK, tolerate: true, reason: old}", passed()[bk], nil, rundir.Pass, ""},

		{"flaky", "- {subject: North-BK, tolerate: true, reason: old}", flaky, nil, rundir.Flaky, ""},
		{"flaky, accepted", "- {scenario: 'storage.feature:1', accept_flaky: true, reason: laptop}", flaky, nil, rundir.Flaky, "laptop"},
		{"flaky, accepted elsewhere", "- {scenario: 'storage.feature:1', subject: DR, accept_flaky: true, reason: laptop}", flaky, nil, rundir.Flaky, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlan()
			if test.tags != nil {
				p.Cells[0].Scenarios[0].Tags = test.tags
			}
			records := passed()
			delete(records, bk)
			if test.records != nil {
				records[bk] = test.records
			}
			v := judged(t, criteria(t, test.criteria), run(t, p, script{records: records}))
			got := scenarioOf(t, v, bk, one)
			if got.Verdict != test.want || got.Waiver != test.waiver {
				t.Errorf("got %s (%q): %q\nexpected %s (%q)", got.Verdict, got.Waiver, got.Reason, test.want, test.waiver)
			}
			accepted := got.Verdict == rundir.Waived || got.Verdict == rundir.Flaky && got.Waiver != ""
			if accepted && (v.Gate != rundir.ConditionalGo || len(v.Conditions) != 1) {
				t.Errorf("the gate is %s on %q", v.Gate, v.Conditions)
			}
		})
	}
}
