package ul

import (
	"strings"
	"testing"
)

// table910 is PS3.8 table 9-10 in the standard's own notation, kept apart from
// the table in the code: event, then Sta1 to Sta13.
const table910 = `
Evt1  AE-1 -    -    -    -    -    -    -    -    -     -    -    -
Evt2  -    -    -    AE-2 -    -    -    -    -    -     -    -    -
Evt3  -    AA-1 AA-8 -    AE-3 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
Evt4  -    AA-1 AA-8 -    AE-4 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
Evt5  AE-5 -    -    -    -    -    -    -    -    -     -    -    -
Evt6  -    AE-6 AA-8 -    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-7
Evt7  -    -    AE-7 -    -    -    -    -    -    -     -    -    -
Evt8  -    -    AE-8 -    -    -    -    -    -    -     -    -    -
Evt9  -    -    -    -    -    DT-1 -    AR-7 -    -     -    -    -
Evt10 -    AA-1 AA-8 -    AA-8 DT-2 AR-6 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
Evt11 -    -    -    -    -    AR-1 -    -    -    -     -    -    -
Evt12 -    AA-1 AA-8 -    AA-8 AR-2 AR-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-6
Evt13 -    AA-1 AA-8 -    AA-8 AA-8 AR-3 AA-8 AA-8 AR-10 AR-3 AA-8 AA-6
Evt14 -    -    -    -    -    -    -    AR-4 AR-9 -     -    AR-4 -
Evt15 -    -    AA-1 AA-2 AA-1 AA-1 AA-1 AA-1 AA-1 AA-1  AA-1 AA-1 -
Evt16 -    AA-2 AA-3 -    AA-3 AA-3 AA-3 AA-3 AA-3 AA-3  AA-3 AA-3 AA-2
Evt17 -    AA-5 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4 AA-4  AA-4 AA-4 AR-5
Evt18 -    AA-2 -    -    -    -    -    -    -    -     -    -    AA-2
Evt19 -    AA-1 AA-8 -    AA-8 AA-8 AA-8 AA-8 AA-8 AA-8  AA-8 AA-8 AA-7
`

// nextState is the state that ends each action's text in PS3.8 tables 9-6 to
// 9-9: requestor's, then acceptor's.
var nextState = map[string][2]State{
	"AE-1": {4, 4}, "AE-2": {5, 5}, "AE-3": {6, 6}, "AE-4": {1, 1}, "AE-5": {2, 2}, "AE-6": {3, 3}, "AE-7": {6, 6}, "AE-8": {13, 13},
	"DT-1": {6, 6}, "DT-2": {6, 6},
	"AR-1": {7, 7}, "AR-2": {8, 8}, "AR-3": {1, 1}, "AR-4": {13, 13}, "AR-5": {1, 1}, "AR-6": {7, 7}, "AR-7": {8, 8}, "AR-8": {9, 10},
	"AR-9": {11, 11}, "AR-10": {12, 12},
	"AA-1": {13, 13}, "AA-2": {1, 1}, "AA-3": {1, 1}, "AA-4": {1, 1}, "AA-5": {1, 1}, "AA-6": {13, 13}, "AA-7": {13, 13}, "AA-8": {13, 13},
}

func TestTransitionTable(t *testing.T) {
	t.Parallel()
	cells := 0
	for i, line := range strings.Split(strings.TrimSpace(table910), "\n") {
		fields := strings.Fields(line)
		event := Event(i + 1)
		if len(fields) != 14 || fields[0] != event.String() {
			t.Fatalf("line %d is damaged: %q", i+1, line)
		}
		for j, want := range fields[1:] {
			state := State(j + 1)
			for k, requestor := range []bool{true, false} {
				action, after := Transition(state, event, requestor)
				wantAfter := state
				if want != "-" {
					wantAfter = nextState[want][k]
				}
				if action.String() != want || after != wantAfter {
					t.Errorf("%s in %s (requestor %v): %s to %s, want %s to %s", event, state, requestor, action, after, want, wantAfter)
				}
			}
			cells++
		}
	}
	if cells != 19*13 {
		t.Errorf("%d cells tested, the table has %d", cells, 19*13)
	}
	for _, outside := range []struct {
		s State
		e Event
	}{{0, 1}, {14, 1}, {1, 0}, {1, 20}} {
		if action, after := Transition(outside.s, outside.e, true); action != None || after != outside.s {
			t.Errorf("%d in %d: %s to %s", outside.e, outside.s, action, after)
		}
	}
}
