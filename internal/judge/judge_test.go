package judge

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pacsuat/internal/rundir"
)

func TestCleanRunIsGo(t *testing.T) {
	t.Parallel()
	v := judged(t, nil, run(t, newPlan(), script{records: passed()}))
	if v.Gate != rundir.Go || ExitCode(v.Gate) != 0 {
		t.Errorf("the gate is %s (exit %d): %q", v.Gate, ExitCode(v.Gate), v.Reasons)
	}
	want := []rundir.CellVerdict{}
	for _, s := range []string{bk, dr} {
		for _, f := range []string{feature, rundir.InboxFeature} {
			want = append(want, rundir.CellVerdict{System: s, Feature: f, Verdict: rundir.Pass, Scenarios: rundir.Counts{Planned: 1, Pass: 1}})
		}
	}
	if diff := cmp.Diff(want, v.Cells); diff != "" {
		t.Errorf("-expected +got:\n%s", diff)
	}
	if n := len(v.Features); n != 2 || v.Features[1].Path != rundir.InboxFeature {
		t.Errorf("rows are %v, expected the inbox last", v.Features)
	}
}

// Every case is the first attempt of scenario one at the BK.
func TestAttempt(t *testing.T) {
	t.Parallel()
	failed := images(3, 119)
	without := func(n int) []rundir.Record { return slices.Delete(pass(), n, n+1) }
	intentRecord := rundir.Record{StepIndex: 2, Intent: &rundir.Intent{ID: "1", Operation: "C-STORE", System: bk}}
	outcomeRecord := rundir.Record{StepIndex: 2, Observation: &rundir.Observation{Intent: "1", Operation: "C-STORE", System: bk, Status: "0x0000 success"}}
	with := func(at int, r ...rundir.Record) []rundir.Record { return slices.Insert(pass(), at, r...) }
	for _, test := range []struct {
		name    string
		records []rundir.Record
		want    rundir.Outcome
		reason  string
		step    string
	}{
		{"pass", pass(), rundir.Pass, "", ""},
		{"failed check", []rundir.Record{begin(), ended(1), ended(2), failed, ended(3), end()}, rundir.Fail,
			"study.images: expected 120 images, observed 119 images", "Then the system reports 120 images"},
		{"failed check, then killed", []rundir.Record{begin(), ended(1), ended(2), failed}, rundir.Fail, "observed 119", ""},
		{"failed check, then cancelled", []rundir.Record{begin(), ended(1), ended(2), failed, stepError(3, rundir.CauseCancelled, ""), end()}, rundir.Fail, "observed 119", ""},
		{"failed check, then our mistake", []rundir.Record{begin(), ended(1), ended(2), failed, stepError(3, rundir.CauseEngine, ""), end()}, rundir.Fail, "observed 119", ""},
		{"our mistake, then a failed check", []rundir.Record{begin(), ended(1), stepError(2, rundir.CauseEngine, ""), failed, end()}, rundir.Fail, "observed 119", ""},
		{"failed check of a Given", []rundir.Record{begin(), images(1, 3), ended(1), ended(2), images(3, 120), ended(3), end()}, rundir.Fail, "observed 3", "Given a synthetic study"},
		{"failed check after the end", append(pass(), failed), rundir.Fail, "observed 119", ""},
		{"two checks, one fails", with(4, failed), rundir.Fail, "observed 119", ""},

		{"only begun", []rundir.Record{begin()}, rundir.Inconclusive, "the run stopped here", "Given a synthetic study"},
		{"no end", without(6), rundir.Inconclusive, "the run stopped here", ""},
		{"no begin", without(0), rundir.Inconclusive, "contradict", ""},
		{"begun twice", with(1, begin()), rundir.Inconclusive, "contradict", ""},
		{"ended twice", append(pass(), end()), rundir.Inconclusive, "contradict", ""},
		{"a good check after the end", append(pass(), images(3, 120)), rundir.Inconclusive, "contradict", ""},
		{"a step after the end", append(without(5), ended(3)), rundir.Inconclusive, "contradict", ""},
		{"When did not run", without(3), rundir.Inconclusive, "did not finish", "When the study is sent"},
		{"Then did not finish", without(5), rundir.Inconclusive, "did not finish", "Then the system reports 120 images"},
		{"Then without a check", without(4), rundir.Inconclusive, "no check with samples", "Then the system reports 120 images"},
		{"the check belongs to When", []rundir.Record{begin(), ended(1), images(2, 120), ended(2), ended(3), end()}, rundir.Inconclusive, "no check with samples", ""},
		{"a step ended twice", with(4, ended(2)), rundir.Inconclusive, "ended 2 times", ""},
		{"a step that is not planned", with(6, ended(4)), rundir.Inconclusive, "only 3 are planned", ""},
		{"engine error", slices.Concat(pass()[:6], []rundir.Record{{End: &rundir.End{Error: "panic: x"}}}), rundir.Inconclusive, "could not carry it out: panic: x", ""},

		{"intent and outcome", with(3, intentRecord, outcomeRecord), rundir.Pass, "", ""},
		{"intent alone", with(3, intentRecord), rundir.Inconclusive, "C-STORE to North-BK was begun", "When the study is sent"},
		{"outcome of another intent", with(3, intentRecord, rundir.Record{StepIndex: 2, Observation: &rundir.Observation{Intent: "2", Operation: "C-STORE"}}),
			rundir.Inconclusive, "C-STORE to North-BK was begun", ""},

		{"no cause", []rundir.Record{begin(), stepError(1, rundir.CauseNone, ""), end()}, rundir.Inconclusive, "could not go on", ""},
		{"local", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseLocal, bk), end()}, rundir.Inconclusive, "our own machine", ""},
		{"engine", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseEngine, bk), end()}, rundir.Inconclusive, "harness made a mistake", ""},
		{"cancelled", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseCancelled, bk), end()}, rundir.Inconclusive, "interrupted", ""},
		{"flow", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseFlow, bk), end()}, rundir.Inconclusive, "nothing to go on with", ""},
		{"unknown cause", []rundir.Record{begin(), answered(bk), stepError(1, "moon", bk), end()}, rundir.Inconclusive, "unknown to this build", ""},
		{"refused after an answer", []rundir.Record{begin(), answered(bk), ended(1), stepError(2, rundir.CauseRefused, bk), end()}, rundir.Fail,
			"North-BK refused the connection or association (the words of the error)", "When the study is sent"},
		{"silent after an answer", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseSilent, bk), end()}, rundir.Fail, "did not answer in time", ""},
		{"dropped after an answer", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseDropped, bk), end()}, rundir.Fail, "broke off", ""},
		{"violation after an answer", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseViolation, bk), end()}, rundir.Fail, "broke the protocol", ""},
		{"an answer afterwards counts too", []rundir.Record{begin(), stepError(1, rundir.CauseRefused, bk), answered(bk), end()}, rundir.Fail, "refused", ""},
		{"a status is an answer", []rundir.Record{begin(), ended(1), outcomeRecord, stepError(2, rundir.CauseDropped, bk), end()}, rundir.Fail, "broke off", ""},
		{"refused without any answer", []rundir.Record{begin(), stepError(1, rundir.CauseRefused, bk), end()}, rundir.Inconclusive, "never reachable in this run", ""},
		{"another one answered", []rundir.Record{begin(), answered(dr), stepError(1, rundir.CauseRefused, bk), end()}, rundir.Inconclusive, "North-BK was never reachable", ""},
		{"the other one dropped", []rundir.Record{begin(), answered(dr), stepError(1, rundir.CauseDropped, dr), end()}, rundir.Fail, "DR broke off", ""},
		{"whoever is not named is the subject", []rundir.Record{begin(), answered(bk), stepError(1, rundir.CauseDropped, ""), end()}, rundir.Fail, "North-BK broke off", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			v := judged(t, nil, run(t, newPlan(), script{records: map[string][]rundir.Record{bk: attemptOf(bk, one, 1, test.records...)}}))
			got := scenarioOf(t, v, bk, one)
			if got.Verdict != test.want || !strings.Contains(got.Reason, test.reason) || test.step != "" && got.Step != test.step {
				t.Errorf("got %s at %q: %q\nexpected %s at %q: %q", got.Verdict, got.Step, got.Reason, test.want, test.step, test.reason)
			}
		})
	}
}

func TestCompare(t *testing.T) {
	t.Parallel()
	n, s := rundir.Number, rundir.Text
	at := func(f float64) *float64 { return &f }
	for _, test := range []struct {
		name     string
		c        rundir.Check
		override *rundir.Value
		want     finding
	}{
		{"equal", rundir.Check{Comparator: rundir.Equal, Limit: n(3), Observed: n(3)}, nil, holds},
		{"not equal", rundir.Check{Comparator: rundir.Equal, Limit: n(3), Observed: n(4)}, nil, broken},
		{"equal texts", rundir.Check{Comparator: rundir.Equal, Limit: s("a"), Observed: s("a")}, nil, holds},
		{"empty text", rundir.Check{Comparator: rundir.Equal, Limit: s("a"), Observed: s("")}, nil, broken},
		{"equal lists", rundir.Check{Comparator: rundir.Equal, Limit: rundir.Texts("a", "b"), Observed: rundir.Texts("a", "b")}, nil, holds},
		{"other order", rundir.Check{Comparator: rundir.Equal, Limit: rundir.Texts("a", "b"), Observed: rundir.Texts("b", "a")}, nil, broken},
		{"differs", rundir.Check{Comparator: rundir.NotEqual, Limit: n(0), Observed: n(4)}, nil, holds},
		{"does not differ", rundir.Check{Comparator: rundir.NotEqual, Limit: s("x"), Observed: s("x")}, nil, broken},
		{"at most", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(3), Observed: n(3)}, nil, holds},
		{"over", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(3), Observed: n(3.1)}, nil, broken},
		{"at least", rundir.Check{Comparator: rundir.GreaterOrEqual, Limit: n(3), Observed: n(3)}, nil, holds},
		{"under", rundir.Check{Comparator: rundir.GreaterOrEqual, Limit: n(3), Observed: n(2)}, nil, broken},
		{"one of", rundir.Check{Comparator: rundir.OneOf, Limit: rundir.Texts("a", "b"), Observed: s("b")}, nil, holds},
		{"none of", rundir.Check{Comparator: rundir.OneOf, Limit: rundir.Texts("a", "b"), Observed: s("c")}, nil, broken},

		{"text for number", rundir.Check{Comparator: rundir.Equal, Limit: n(3), Observed: s("3")}, nil, unknown},
		{"number for text", rundir.Check{Comparator: rundir.NotEqual, Limit: s("3"), Observed: n(4)}, nil, unknown},
		{"nothing observed", rundir.Check{Comparator: rundir.NotEqual, Limit: n(3)}, nil, unknown},
		{"nothing at all", rundir.Check{Comparator: rundir.Equal}, nil, unknown},
		{"text at most", rundir.Check{Comparator: rundir.LessOrEqual, Limit: s("b"), Observed: s("a")}, nil, unknown},
		{"one of nothing", rundir.Check{Comparator: rundir.OneOf, Limit: rundir.Texts(), Observed: s("a")}, nil, unknown},
		{"one of a text", rundir.Check{Comparator: rundir.OneOf, Limit: s("a"), Observed: s("a")}, nil, unknown},
		{"NaN", rundir.Check{Comparator: rundir.NotEqual, Limit: n(3), Observed: n(math.NaN())}, nil, unknown},
		{"NaN limit", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(math.NaN()), Observed: n(1)}, nil, unknown},
		{"infinity", rundir.Check{Comparator: rundir.GreaterOrEqual, Limit: n(3), Observed: n(math.Inf(1))}, nil, unknown},
		{"unknown comparator", rundir.Check{Comparator: "~", Limit: n(3), Observed: n(3)}, nil, unknown},
		{"no comparator", rundir.Check{Limit: n(3), Observed: n(3)}, nil, unknown},

		{"censored at the limit", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(30), Observed: n(30), CensoredAt: at(30)}, nil, broken},
		{"censored beyond the limit", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(30), Observed: n(31), CensoredAt: at(31)}, nil, broken},
		{"censored before the limit", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(30), Observed: n(20), CensoredAt: at(20)}, nil, unknown},
		{"loosened beyond the censoring", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(30), Observed: n(30), CensoredAt: at(30)}, ptr(n(40)), unknown},
		{"loosened within the censoring", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(30), Observed: n(60), CensoredAt: at(60)}, ptr(n(40)), broken},
		{"tightened", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(30), Observed: n(30), CensoredAt: at(30)}, ptr(n(10)), broken},
		{"count that was waited for", rundir.Check{Comparator: rundir.Equal, Limit: n(120), Observed: n(117), CensoredAt: at(117)}, nil, broken},
		{"count loosened to what came", rundir.Check{Comparator: rundir.Equal, Limit: n(120), Observed: n(117), CensoredAt: at(117)}, ptr(n(117)), unknown},
		{"count loosened beyond", rundir.Check{Comparator: rundir.Equal, Limit: n(120), Observed: n(117), CensoredAt: at(117)}, ptr(n(118)), unknown},
		{"at least, censored, reached", rundir.Check{Comparator: rundir.GreaterOrEqual, Limit: n(5), Observed: n(6), CensoredAt: at(6)}, nil, holds},
		{"at least, censored, not reached", rundir.Check{Comparator: rundir.GreaterOrEqual, Limit: n(5), Observed: n(4), CensoredAt: at(4)}, nil, broken},
		{"at least, another limit", rundir.Check{Comparator: rundir.GreaterOrEqual, Limit: n(8), Observed: n(4), CensoredAt: at(4)}, ptr(n(5)), unknown},
		{"text, censored", rundir.Check{Comparator: rundir.Equal, Limit: s("a"), Observed: s("a"), CensoredAt: at(4)}, nil, unknown},
		{"text, censored, broken", rundir.Check{Comparator: rundir.Equal, Limit: s("a"), Observed: s("none"), CensoredAt: at(4)}, nil, broken},
		{"text, censored, another limit", rundir.Check{Comparator: rundir.Equal, Limit: s("a"), Observed: s("none"), CensoredAt: at(4)}, ptr(s("b")), unknown},
		{"censored at no number", rundir.Check{Comparator: rundir.LessOrEqual, Limit: n(3), Observed: n(9), CensoredAt: at(math.NaN())}, nil, unknown},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			limit := test.c.Limit
			if test.override != nil {
				limit = *test.override
			}
			got, why := compare(&test.c, limit, test.override != nil)
			if got != test.want || (got == unknown) != (why != "") {
				t.Errorf("got %d (%q), expected %d", got, why, test.want)
			}
		})
	}
}

func ptr[T any](v T) *T { return &v }

// What can't be compared, or has no samples, is inconclusive in the verdict.
func TestCheckWithoutEvidence(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		c      rundir.Check
		reason string
	}{
		{"no samples", rundir.Check{Comparator: rundir.Equal, Limit: rundir.Number(0), Observed: rundir.Number(0)}, "no samples"},
		{"no samples, and broken", rundir.Check{Comparator: rundir.Equal, Limit: rundir.Number(1), Observed: rundir.Number(0)}, "no samples"},
		{"negative samples", rundir.Check{Comparator: rundir.Equal, N: -1, Limit: rundir.Number(1), Observed: rundir.Number(1)}, "no samples"},
		{"NaN, as JSON can carry it", rundir.Check{Comparator: rundir.LessOrEqual, N: 1, Limit: rundir.Number(1), Observed: rundir.Number(math.NaN())}, "a text was observed"},
		{"unknown comparator", rundir.Check{Comparator: "<", N: 1, Limit: rundir.Number(1), Observed: rundir.Number(0)}, "unknown to this build"},
		{"censored, of a system that never answered", rundir.Check{Comparator: rundir.LessOrEqual, N: 1, System: "Elsewhere",
			Limit: rundir.Number(1), Observed: rundir.Number(1), CensoredAt: ptr(1.0)}, "Elsewhere was never reachable"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.c.Name = "find.duration"
			records := slices.Insert(pass(), 5, check(3, test.c))
			v := judged(t, nil, run(t, newPlan(), script{records: map[string][]rundir.Record{bk: attemptOf(bk, one, 1, records...)}}))
			if got := scenarioOf(t, v, bk, one); got.Verdict != rundir.Inconclusive || !strings.Contains(got.Reason, test.reason) {
				t.Errorf("got %s: %q, expected inconclusive: %q", got.Verdict, got.Reason, test.reason)
			}
		})
	}
}

func TestSeveralAttempts(t *testing.T) {
	t.Parallel()
	good := pass()
	bad := []rundir.Record{begin(), ended(1), ended(2), images(3, 119), ended(3), end()}
	open := []rundir.Record{begin(), stepError(1, rundir.CauseLocal, ""), end()}
	for _, test := range []struct {
		name     string
		attempts [][]rundir.Record // nil = left no records
		want     rundir.Outcome
		reason   string
	}{
		{"pass", [][]rundir.Record{good}, rundir.Pass, ""},
		{"inconclusive, pass", [][]rundir.Record{open, good}, rundir.Flaky, "passed only at attempt 2"},
		{"inconclusive twice, pass", [][]rundir.Record{open, open, good}, rundir.Flaky, "passed only at attempt 3"},
		{"inconclusive twice", [][]rundir.Record{open, open}, rundir.Inconclusive, "our own machine"},
		{"inconclusive, fail", [][]rundir.Record{open, bad}, rundir.Fail, "observed 119"},
		{"fail, pass", [][]rundir.Record{bad, good}, rundir.Fail, "observed 119"},
		{"fail, inconclusive", [][]rundir.Record{bad, open}, rundir.Fail, "observed 119"},
		{"pass, inconclusive", [][]rundir.Record{good, open}, rundir.Inconclusive, "our own machine"},
		{"the first one is missing", [][]rundir.Record{nil, good}, rundir.Inconclusive, "attempts are missing"},
		{"the first one is missing, then fail", [][]rundir.Record{nil, bad}, rundir.Fail, "observed 119"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var records []rundir.Record
			for i, a := range test.attempts {
				records = append(records, attemptOf(bk, one, i+1, a...)...)
			}
			v := judged(t, nil, run(t, newPlan(), script{records: map[string][]rundir.Record{bk: records, dr: passed()[dr]}}))
			got := scenarioOf(t, v, bk, one)
			if got.Verdict != test.want || !strings.Contains(got.Reason, test.reason) || got.Attempts != len(test.attempts) {
				t.Errorf("got %s after %d: %q\nexpected %s after %d: %q", got.Verdict, got.Attempts, got.Reason, test.want, len(test.attempts), test.reason)
			}
			if test.want == rundir.Flaky && v.Gate != rundir.GateInconclusive {
				t.Errorf("the gate of a flaky scenario is %s", v.Gate)
			}
		})
	}
}

func TestSeveralExecutions(t *testing.T) {
	t.Parallel()
	bad := attemptOf(bk, one, 1, begin(), ended(1), ended(2), images(3, 119), ended(3), end())
	only := func(cell string) map[string][]rundir.Record {
		return map[string][]rundir.Record{cell: passed()[cell]}
	}
	north, cluster := []string{bk, bk + "-inbox"}, []string{dr, dr + "-inbox"}
	for _, test := range []struct {
		name    string
		scripts []script
		gate    rundir.Gate
		want    rundir.Outcome // of scenario one at the BK
		reason  string
	}{
		{"two halves", []script{{cells: north, records: only(bk)}, {cells: cluster, records: only(dr)}}, rundir.Go, rundir.Pass, ""},
		{"one half", []script{{cells: cluster, records: only(dr)}}, rundir.GateInconclusive, rundir.Inconclusive, "no execution set out for it"},
		{"fail in one half", []script{{cells: north, records: map[string][]rundir.Record{bk: bad}}, {cells: cluster, records: only(dr)}}, rundir.NoGo, rundir.Fail, "observed 119"},
		{"fail, then pass", []script{{records: map[string][]rundir.Record{bk: bad, dr: passed()[dr]}}, {records: passed()}}, rundir.NoGo, rundir.Fail, "observed 119"},
		{"pass, then fail", []script{{records: passed()}, {records: map[string][]rundir.Record{bk: bad, dr: passed()[dr]}}}, rundir.NoGo, rundir.Fail, "observed 119"},
		{"pass twice", []script{{records: passed()}, {records: passed()}}, rundir.Go, rundir.Pass, ""},
		{"pass, then cut", []script{{records: passed()}, {records: map[string][]rundir.Record{bk: attemptOf(bk, one, 1, begin())}}}, rundir.GateInconclusive, rundir.Inconclusive, "the run stopped here"},
		{"another scenario only", []script{{scenarios: []string{two}, records: only(dr)}}, rundir.GateInconclusive, rundir.Inconclusive, "no execution set out for it"},
		{"a pass outside its part", []script{{cells: cluster, records: passed()}}, rundir.GateInconclusive, rundir.Inconclusive, "no execution set out for it"},
		{"a fail outside its part", []script{{cells: cluster, records: map[string][]rundir.Record{bk: bad, dr: passed()[dr]}}}, rundir.NoGo, rundir.Fail, "observed 119"},
		{"interrupted", []script{{interrupted: "Ctrl-C", noInboxEnd: true, records: only(dr)}}, rundir.GateInconclusive, rundir.Inconclusive, "interrupted before its turn (Ctrl-C)"},
		{"killed", []script{{running: true, noInboxEnd: true, records: only(dr)}}, rundir.GateInconclusive, rundir.Inconclusive, "stopped before its turn without saying why"},
		{"killed after a fail", []script{{running: true, noInboxEnd: true, records: map[string][]rundir.Record{bk: bad[:4]}}}, rundir.NoGo, rundir.Fail, "observed 119"},
		{"ended without it", []script{{records: only(dr)}}, rundir.GateInconclusive, rundir.Inconclusive, "ended without it"},
		{"planned only", []script{{noExecution: true, noInboxEnd: true}}, rundir.GateInconclusive, rundir.Inconclusive, "no execution set out for it"},
		{"inbox did not listen to the end", []script{{noInboxEnd: true, records: passed()}}, rundir.GateInconclusive, rundir.Pass, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlan()
			for i := range p.Cells {
				if p.Cells[i].Feature == feature && test.name == "another scenario only" {
					s := p.Cells[i].Scenarios[0]
					s.ID = two
					p.Cells[i].Scenarios = append(p.Cells[i].Scenarios, s)
				}
			}
			var dirs []*rundir.Dir
			for _, s := range test.scripts {
				dirs = append(dirs, run(t, p, s))
			}
			v := judged(t, nil, dirs...)
			got := scenarioOf(t, v, bk, one)
			if v.Gate != test.gate || got.Verdict != test.want || !strings.Contains(got.Reason, test.reason) {
				t.Errorf("got %s, %s: %q\nexpected %s, %s: %q", v.Gate, got.Verdict, got.Reason, test.gate, test.want, test.reason)
			}
		})
	}
}

// Evidence that no execution.json speaks of lends no pass, and hides no fail.
func TestEvidenceWithoutAnExecution(t *testing.T) {
	t.Parallel()
	bad := attemptOf(bk, one, 1, begin(), ended(1), ended(2), images(3, 119), ended(3), end())
	for _, test := range []struct {
		name    string
		records map[string][]rundir.Record
		without bool
		want    rundir.Outcome
		gate    rundir.Gate
	}{
		{"pass", passed(), true, rundir.Inconclusive, rundir.GateInconclusive},
		{"fail", map[string][]rundir.Record{bk: bad}, true, rundir.Fail, rundir.NoGo},
		{"another machine's fail beside a pass", map[string][]rundir.Record{bk: bad}, false, rundir.Fail, rundir.NoGo},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := run(t, newPlan(), script{noExecution: test.without, records: test.records})
			if !test.without {
				other := d
				d = run(t, newPlan(), script{records: passed()})
				if err := os.CopyFS(filepath.Join(d.Path(), "obs", "desktop"), os.DirFS(filepath.Join(other.Path(), "obs", "laptop"))); err != nil {
					t.Fatal(err)
				}
			}
			v := judged(t, nil, d)
			if got := scenarioOf(t, v, bk, one); got.Verdict != test.want || v.Gate != test.gate {
				t.Errorf("got %s, %s: %q, expected %s, %s", v.Gate, got.Verdict, got.Reason, test.gate, test.want)
			}
		})
	}
}

func TestJudgeRefuses(t *testing.T) {
	t.Parallel()
	other := newPlan()
	other.Seed = 8
	twice := newPlan()
	twice.Cells = append(twice.Cells, twice.Cells[0])
	stranger := newPlan()
	stranger.Cells[0].Subject = "nobody"
	foreign := run(t, newPlan(), script{})
	if err := foreign.WriteExecution(&rundir.Execution{Schema: rundir.ExecutionSchema, Machine: "laptop", PlanSHA256: "00"}); err != nil {
		t.Fatal(err)
	}
	damaged := run(t, newPlan(), script{records: passed()})
	if err := os.WriteFile(filepath.Join(damaged.Path(), "obs", "laptop", bk+".jsonl"), []byte("{}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		dirs []*rundir.Dir
		want string
	}{
		{"nothing", nil, "no run directory"},
		{"two plans", []*rundir.Dir{run(t, newPlan(), script{}), run(t, other, script{})}, "only executions of the same plan"},
		{"a cell twice", []*rundir.Dir{run(t, twice, script{})}, "is there twice"},
		{"a cell of nobody", []*rundir.Dir{run(t, stranger, script{})}, "is no subject"},
		{"an execution of another plan", []*rundir.Dir{foreign}, "it executed plan 00"},
		{"an unknown cell", []*rundir.Dir{run(t, newPlan(), script{cells: []string{"moon"}})}, `cell "moon"`},
		{"records of an unknown cell", []*rundir.Dir{run(t, newPlan(), script{records: map[string][]rundir.Record{"x": attemptOf("moon", one, 1, begin())}})}, `"moon" is not in the plan`},
		{"records of an unknown scenario", []*rundir.Dir{run(t, newPlan(), script{records: map[string][]rundir.Record{"x": attemptOf(bk, two, 1, begin())}})}, "is not planned"},
		{"attempt 0", []*rundir.Dir{run(t, newPlan(), script{records: map[string][]rundir.Record{bk: attemptOf(bk, one, 0, begin())}})}, "count from 1"},
		{"damage", []*rundir.Dir{damaged}, ".jsonl:1:"},
	} {
		if _, err := Judge(test.dirs, nil); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, expected %q", test.name, err, test.want)
		}
	}
	var damage *rundir.DamageError
	if _, err := Judge([]*rundir.Dir{damaged}, nil); !errors.As(err, &damage) {
		t.Errorf("damage is %T, expected %T", err, damage)
	}
}

func TestExitCode(t *testing.T) {
	t.Parallel()
	for g, want := range map[rundir.Gate]int{rundir.Go: 0, rundir.ConditionalGo: 0, rundir.NoGo: 1, rundir.GateInconclusive: 2, "": 2, "moon": 2} {
		if got := ExitCode(g); got != want {
			t.Errorf("%q: got %d, expected %d", g, got, want)
		}
	}
}
