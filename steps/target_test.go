package steps

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// A question that could be answered with real patients does not leave the
// harness.
func TestAskForOurOwnOnly(t *testing.T) {
	t.Parallel()
	fence := rundir.NewFence(nil)
	fence.Own("2.25.1", "2.25.2", "2.25.3", "ZZTEST1")
	type keys map[dataset.Tag][]string
	for _, test := range []struct {
		name       string
		level      string
		keys       keys
		ask, fetch bool
	}{
		{"nothing", "STUDY", keys{}, false, false},
		{"empty keys", "STUDY", keys{dataset.PatientID: {""}, dataset.StudyInstanceUID: {""}}, false, false},
		{"patient", "PATIENT", keys{dataset.PatientID: {"ZZTEST1"}}, true, true},
		{"patient by wildcard behind the prefix", "PATIENT", keys{dataset.PatientID: {"ZZTEST*"}}, true, true},
		{"everybody", "PATIENT", keys{dataset.PatientID: {"*"}}, false, false},
		{"wildcard in the prefix", "PATIENT", keys{dataset.PatientID: {"ZZTES?1"}}, false, false},
		{"prefix in the middle", "PATIENT", keys{dataset.PatientID: {"*ZZTEST1"}}, false, false},
		{"another patient", "PATIENT", keys{dataset.PatientID: {"4711"}}, false, false},
		{"two patients, one foreign", "PATIENT", keys{dataset.PatientID: {"ZZTEST1", "4711"}}, false, false},
		{"studies of a patient", "STUDY", keys{dataset.PatientID: {"ZZTEST1"}, dataset.StudyInstanceUID: {""}}, true, false},
		{"study", "STUDY", keys{dataset.StudyInstanceUID: {"2.25.1"}}, true, true},
		{"studies", "STUDY", keys{dataset.StudyInstanceUID: {"2.25.1", "2.25.2"}}, true, true},
		{"studies, one foreign", "STUDY", keys{dataset.StudyInstanceUID: {"2.25.1", "1.2.3"}}, false, false},
		{"studies, one empty", "STUDY", keys{dataset.StudyInstanceUID: {"2.25.1", ""}}, false, false},
		{"studies by wildcard", "STUDY", keys{dataset.StudyInstanceUID: {"2.25.*"}}, false, false},
		{"foreign study of our patient", "STUDY", keys{dataset.PatientID: {"ZZTEST1"}, dataset.StudyInstanceUID: {"1.2.3"}}, false, false},
		{"our study of a foreign patient", "STUDY", keys{dataset.PatientID: {"4711"}, dataset.StudyInstanceUID: {"2.25.1"}}, false, false},
		{"series", "SERIES", keys{dataset.StudyInstanceUID: {"2.25.1"}, dataset.SeriesInstanceUID: {"2.25.2"}}, true, true},
		{"foreign series of our study", "IMAGE", keys{dataset.StudyInstanceUID: {"2.25.1"}, dataset.SeriesInstanceUID: {"1.2.3"}}, false, false},
		{"image", "IMAGE", keys{dataset.StudyInstanceUID: {"2.25.1"}, dataset.SeriesInstanceUID: {"2.25.2"}, dataset.SOPInstanceUID: {"2.25.3"}}, true, true},
		{"another key does not count", "STUDY", keys{dataset.AccessionNumber: {"ZZTEST1"}, dataset.PatientName: {"ZZTEST*"}}, false, false},
	} {
		id := identifier(test.level)
		for tag, values := range test.keys {
			id.PutString(tag, values...)
		}
		real := &Target{Name: "bk", fence: fence, prefix: "ZZTEST"}
		if got := real.ownOnly(id) == nil; got != test.ask {
			t.Errorf("%s: asked: %t, want %t", test.name, got, test.ask)
		}
		if got := real.ownToRetrieve(id) == nil; got != test.fetch {
			t.Errorf("%s: retrieved: %t, want %t", test.name, got, test.fetch)
		}
		unfenced := &Target{Name: "bk", fence: fence}
		if id.String(dataset.PatientID) != "" && unfenced.ownOnly(id) == nil {
			t.Errorf("%s: without a prefix every Patient ID is ours", test.name)
		}
		simulated := &Target{Name: "bk", fence: fence, prefix: "ZZTEST", simulated: true}
		if simulated.ownOnly(id) != nil || simulated.ownToRetrieve(id) != nil {
			t.Errorf("%s: an embedded simulator may be asked anything", test.name)
		}
	}
}

func budgets(associations ...int) *Budgets {
	e := &enterprise.Enterprise{}
	for i, n := range associations {
		e.Systems = append(e.Systems, enterprise.System{Name: string(rune('a' + i)), Budget: enterprise.Budget{MaxAssociations: n}})
	}
	return NewBudgets(e)
}

func TestBudgetsRefuseWhatCanNeverBeGiven(t *testing.T) {
	t.Parallel()
	for name, need := range map[string]map[string]int{
		"more than there are": {"a": 3},
		"of the second":       {"a": 1, "b": 2},
		"unknown system":      {"x": 1},
		"no budget at all":    {"c": 0},
	} {
		release, err := budgets(2, 1, 0).Acquire(t.Context(), need, "")
		var known *Error
		if !errors.As(err, &known) || known.Cause != rundir.CauseEngine || release != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestBudgets(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name              string
		first, second     map[string]int
		exFirst, exSecond string
		waits             bool
	}{
		{"both fit", map[string]int{"a": 1}, map[string]int{"a": 1}, "", "", false},
		{"one association is the least", map[string]int{"a": 0}, map[string]int{"a": 2}, "", "", true},
		{"too many together", map[string]int{"a": 2}, map[string]int{"a": 1}, "", "", true},
		{"other systems", map[string]int{"a": 2}, map[string]int{"b": 1}, "", "", false},
		{"the system alone", map[string]int{"a": 1}, map[string]int{"a": 1}, "system", "", true},
		{"waits to be alone", map[string]int{"a": 1}, map[string]int{"a": 1}, "", "system", true},
		{"alone elsewhere", map[string]int{"a": 1}, map[string]int{"b": 1}, "system", "system", false},
		{"the cluster alone", map[string]int{"a": 1}, map[string]int{"b": 1}, "cluster", "", true},
		{"waits for the cluster", map[string]int{"a": 1}, map[string]int{"b": 1}, "", "cluster", true},
		{"a link needs both", map[string]int{"a": 1, "b": 1}, map[string]int{"b": 1}, "", "", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := budgets(2, 1)
				release, err := b.Acquire(t.Context(), test.first, test.exFirst)
				if err != nil {
					t.Fatal(err)
				}
				var (
					mu    sync.Mutex
					order []string
				)
				note := func(what string) {
					mu.Lock()
					defer mu.Unlock()
					order = append(order, what)
				}
				go func() {
					again, err := b.Acquire(t.Context(), test.second, test.exSecond)
					if err != nil {
						t.Error(err)
						return
					}
					note("second")
					again()
				}()
				// Who waits for the cluster waits for a mutex, which synctest does
				// not take for settled.
				if test.exFirst != "cluster" && test.exSecond != "cluster" {
					synctest.Wait()
				}
				note("first ends")
				release()
				synctest.Wait()
				want := []string{"second", "first ends"}
				if test.waits {
					slices.Reverse(want)
				}
				if !slices.Equal(order, want) {
					t.Errorf("got %v, want %v", order, want)
				}
			})
		})
	}
}

func TestACancelledWaitGivesBackWhatItHad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := budgets(1, 1)
		release, err := b.Acquire(t.Context(), map[string]int{"b": 1}, "")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan error, 1)
		go func() {
			_, err := b.Acquire(ctx, map[string]int{"a": 1, "b": 1}, "")
			ended <- err
		}()
		synctest.Wait()
		cancel()
		if err := <-ended; !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
		release()
		// Everything is there again, the cluster too.
		all, err := b.Acquire(t.Context(), map[string]int{"a": 1, "b": 1}, "cluster")
		if err != nil {
			t.Fatal(err)
		}
		all()
	})
}

func TestRequestsWaitForTheirTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := NewBudgets(&enterprise.Enterprise{Systems: []enterprise.System{{Name: "a", Budget: enterprise.Budget{MaxAssociations: 1, RequestsPerSecond: 0.5}}}})
		start := time.Now()
		for range 3 {
			if err := b.request(t.Context(), "a"); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 4*time.Second {
			t.Errorf("three requests at one in two seconds took %s", took)
		}
	})
}
