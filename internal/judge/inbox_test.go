package judge

import (
	"strings"
	"testing"

	"pacsuat/internal/rundir"
)

func unclaimed(systems ...string) rundir.Record {
	return rundir.Record{Arrival: &rundir.Arrival{SOPInstanceUID: "#1", Sender: "#abc (8 bytes)", Systems: systems, Unclaimed: true, Ordinal: 1}}
}

func owned(ordinal int, late bool) rundir.Record {
	return attemptOf(bk, one, 1, rundir.Record{Arrival: &rundir.Arrival{SOPInstanceUID: "2.25.1", Sender: "BK", Systems: []string{bk}, Ordinal: ordinal, Late: late}})[0]
}

func TestInbox(t *testing.T) {
	t.Parallel()
	cut := attemptOf(bk, one, 1, begin(), ended(1), stepError(2, rundir.CauseCancelled, ""), end())
	killed := attemptOf(bk, one, 1, begin(), ended(1))
	for _, test := range []struct {
		name     string
		arrivals []rundir.Record
		bk       []rundir.Record // nil = passed
		// expected of the BK's inbox, the BK's scenario, and the DR's inbox
		inbox, owner, other   rundir.Outcome
		inboxWords, ownerSays string
	}{
		{"nothing", nil, nil, rundir.Pass, rundir.Pass, rundir.Pass, "", ""},
		{"as expected", []rundir.Record{owned(1, false)}, nil, rundir.Pass, rundir.Pass, rundir.Pass, "", ""},
		{"unasked", []rundir.Record{unclaimed(bk), unclaimed(bk)}, nil, rundir.Fail, rundir.Pass, rundir.Pass,
			"2 instances arrived that nobody had asked for, from #abc (8 bytes); expected none", ""},
		{"unasked, from either", []rundir.Record{unclaimed(bk, dr)}, nil, rundir.Fail, rundir.Pass, rundir.Fail, "1 instance arrived that nobody", ""},
		{"unasked, from a stranger", []rundir.Record{unclaimed()}, nil, rundir.Inconclusive, rundir.Pass, rundir.Inconclusive, "none of the subjects", ""},
		{"unasked, from a system that is no subject", []rundir.Record{unclaimed("North-Prod")}, nil, rundir.Inconclusive, rundir.Pass, rundir.Inconclusive, "none of the subjects", ""},
		{"late", []rundir.Record{owned(1, true)}, nil, rundir.Fail, rundir.Fail, rundir.Pass, "1 instance arrived late", "1 instance arrived late at the harness's inbox"},
		{"twice", []rundir.Record{owned(1, false), owned(2, false), owned(3, false)}, nil, rundir.Fail, rundir.Fail, rundir.Pass, "2 instances arrived twice", "2 instances arrived twice"},
		{"twice, and late", []rundir.Record{owned(1, false), owned(2, true)}, nil, rundir.Fail, rundir.Fail, rundir.Pass, "arrived twice", "arrived twice, and late"},
		{"late for one that we cut", []rundir.Record{owned(1, true)}, cut, rundir.Inconclusive, rundir.Inconclusive, rundir.Pass, "cut short on our side", "interrupted"},
		{"late for one that was killed", []rundir.Record{owned(1, true)}, killed, rundir.Inconclusive, rundir.Inconclusive, rundir.Pass, "cut short on our side", "stopped here"},
		{"twice for one that we cut", []rundir.Record{owned(1, false), owned(2, false)}, cut, rundir.Fail, rundir.Fail, rundir.Pass, "arrived twice", "arrived twice"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			records := passed()
			if test.bk != nil {
				records[bk] = test.bk
			}
			v := judged(t, nil, run(t, newPlan(), script{inbox: test.arrivals, records: records}))
			for _, want := range []struct {
				system, id string
				outcome    rundir.Outcome
				words      string
			}{{bk, rundir.InboxScenario, test.inbox, test.inboxWords}, {bk, one, test.owner, test.ownerSays}, {dr, rundir.InboxScenario, test.other, ""}} {
				got := scenarioOf(t, v, want.system, want.id)
				if got.Verdict != want.outcome || !strings.Contains(got.Reason, want.words) {
					t.Errorf("%s %s: got %s: %q\nexpected %s: %q", want.system, want.id, got.Verdict, got.Reason, want.outcome, want.words)
				}
			}
		})
	}
}

// Every execution that set out for the cell must have listened to the end; an
// arrival counts in whichever execution it was seen.
func TestInboxOverExecutions(t *testing.T) {
	t.Parallel()
	part := []string{dr, dr + "-inbox"}
	for _, test := range []struct {
		name    string
		scripts []script
		want    rundir.Outcome
	}{
		{"both listened", []script{{records: passed()}, {records: passed()}}, rundir.Pass},
		{"one did not", []script{{records: passed()}, {records: passed(), noInboxEnd: true}}, rundir.Inconclusive},
		{"one that did not set out for it did not", []script{{records: passed()}, {cells: part, noInboxEnd: true}}, rundir.Pass},
		{"seen by one that did not set out for it", []script{{records: passed()}, {cells: part, inbox: []rundir.Record{unclaimed(bk)}}}, rundir.Fail},
		{"nobody set out for it", []script{{cells: part}}, rundir.Inconclusive},
		{"a part of the scenarios still listens", []script{{scenarios: []string{one}, records: passed()}}, rundir.Pass},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := newPlan()
			var dirs []*rundir.Dir
			for _, s := range test.scripts {
				dirs = append(dirs, run(t, p, s))
			}
			if got := scenarioOf(t, judged(t, nil, dirs...), bk, rundir.InboxScenario); got.Verdict != test.want {
				t.Errorf("got %s: %q, expected %s", got.Verdict, got.Reason, test.want)
			}
		})
	}
}

func TestInboxRefusesALateArrivalOfNobody(t *testing.T) {
	t.Parallel()
	r := owned(1, true)
	r.Cell, r.Scenario = "", ""
	if _, err := Judge([]*rundir.Dir{run(t, newPlan(), script{inbox: []rundir.Record{r}})}, nil); err == nil || !strings.Contains(err.Error(), "names no scenario") {
		t.Errorf("got %v", err)
	}
}
