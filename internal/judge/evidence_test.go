package judge

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"pacsuat/internal/rundir"
)

// No evidence is never a pass: whichever record of a clean run is missing, the
// gate is not go.
func TestEveryRecordIsNeeded(t *testing.T) {
	t.Parallel()
	clean := passed()
	for cell, records := range clean {
		for i, r := range records {
			if r.Answered != nil {
				continue // it only tells silence from absence
			}
			less := map[string][]rundir.Record{}
			for c, all := range clean {
				less[c] = slices.Clone(all)
			}
			less[cell] = slices.Delete(less[cell], i, i+1)
			v := judged(t, nil, run(t, newPlan(), script{records: less}))
			if v.Gate != rundir.GateInconclusive {
				t.Errorf("without record %d of %s the gate is %s", i+1, cell, v.Gate)
			}
		}
	}
}

// Wherever a file is cut, it is read, and the gate is not go.
func TestCutAnywhere(t *testing.T) {
	t.Parallel()
	for _, stream := range []string{bk, rundir.InboxStream} {
		d := run(t, newPlan(), script{records: passed()})
		file := filepath.Join(d.Path(), "obs", "laptop", stream+".jsonl")
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for n := len(whole) - 1; n >= 0; n -= 11 { // first of all without its last byte
			if err := os.WriteFile(file, whole[:n], 0o644); err != nil {
				t.Fatal(err)
			}
			if v := judged(t, nil, d); v.Gate != rundir.GateInconclusive {
				t.Fatalf("cut after %d bytes of %d of %s the gate is %s", n, len(whole), stream, v.Gate)
			}
		}
		if err := os.WriteFile(file, whole, 0o644); err != nil {
			t.Fatal(err)
		}
		if v := judged(t, nil, d); v.Gate != rundir.Go {
			t.Errorf("whole, the gate is %s: %q", v.Gate, v.Reasons)
		}
	}
}
