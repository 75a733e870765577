package rundir

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func create(t *testing.T) *Dir {
	t.Helper()
	d, err := Create(filepath.Join(t.TempDir(), "run"))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestCreateRefusesARun(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		make func(d *Dir) error
	}{
		{"obs", func(*Dir) error { return nil }},
		{"plan", func(d *Dir) error { _, err := d.WritePlan(&Plan{Schema: PlanSchema}); return err }},
		{"execution", func(d *Dir) error { return d.WriteExecution(&Execution{}) }},
		{"objects", func(d *Dir) error {
			o, err := d.Objects("here")
			if err == nil {
				err = o.Close()
			}
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			d := create(t)
			if err := test.make(d); err != nil {
				t.Fatal(err)
			}
			if test.name != "obs" {
				if err := os.Remove(filepath.Join(d.Path(), obsDir)); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := Create(d.Path()); err == nil || !strings.Contains(err.Error(), "holds a run already") {
				t.Errorf("got %v, expected a refusal", err)
			}
		})
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Create(dir); err != nil {
		t.Errorf("a directory with something else in it: %v", err)
	}
}

func TestOpenNeedsAPlan(t *testing.T) {
	t.Parallel()
	d := create(t)
	if _, err := Open(d.Path()); err == nil || !strings.Contains(err.Error(), "is no run directory") {
		t.Errorf("got %v, expected that it is no run directory", err)
	}
	if _, err := d.WritePlan(&Plan{Schema: PlanSchema}); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(d.Path()); err != nil {
		t.Error(err)
	}
}

func TestPlanIsKnownByItsBytes(t *testing.T) {
	t.Parallel()
	doc := "text"
	p := &Plan{
		Schema: PlanSchema, Seed: 7, AsOf: "2026-01-31", EnterpriseName: "cluster",
		Subjects: []Subject{{Name: "A->B", Kind: SubjectLink, Site: "s", From: "A", To: "B"}},
		Cells: []Cell{{ID: "c", Subject: "A->B", Feature: "f", Scenarios: []Scenario{{
			ID: "f:1", Name: "n", Severity: Major, Steps: []Step{{Keyword: Then, Text: "x", DocString: &doc}}}}}},
		AllowLive: map[string]int64{"B": 5, "A": 4},
	}
	first, second := create(t), create(t)
	sha, err := first.WritePlan(p)
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(first.Path(), planFile))
	if err != nil {
		t.Fatal(err)
	}
	// A plan that came as a file keeps its hash, even in another form.
	for _, form := range [][]byte{b, []byte(strings.ReplaceAll(string(b), "\n", "\r\n"))} {
		_, parsed, err := ParsePlan(form)
		if err != nil {
			t.Fatal(err)
		}
		if parsed != hashOf(form) {
			t.Errorf("the hash is %s, expected that of the bytes", parsed)
		}
	}
	if same, err := second.WritePlanBytes(b); err != nil || same != sha {
		t.Errorf("the same bytes elsewhere: %s, %v; expected %s", same, err, sha)
	}
	got, read, err := second.Plan()
	if err != nil {
		t.Fatal(err)
	}
	if read != sha {
		t.Errorf("the hash read is %s, expected %s", read, sha)
	}
	if diff := cmp.Diff(p, got, cmp.Comparer(func(a, b Value) bool { return a.String() == b.String() })); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	if _, err := first.WritePlan(p); err == nil {
		t.Error("a second plan was written over the first")
	}
}

func TestParsePlanRefuses(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ name, in, want string }{
		{"another schema", `{"schema":"pacsuat/plan/2"}`, "its schema is"},
		{"unknown field", `{"schema":"pacsuat/plan/1","extra":1}`, "extra"},
		{"cut", `{"schema":"pacsuat/plan/1"`, "EOF"},
		{"two documents", `{"schema":"pacsuat/plan/1"} {}`, "follows the end"},
		{"nothing", ``, "EOF"},
	} {
		if _, _, err := ParsePlan([]byte(test.in)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: got %v, expected %q", test.name, err, test.want)
		}
	}
}

func TestExecutionIsReplaced(t *testing.T) {
	t.Parallel()
	d := create(t)
	if e, err := d.Executions(); err != nil || len(e) != 0 {
		t.Errorf("before any: %v, %v", e, err)
	}
	want := Execution{Schema: ExecutionSchema, Machine: "laptop", Nonce: "00ff", Started: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)}
	if err := d.WriteExecution(&want); err != nil {
		t.Fatal(err)
	}
	ended := want.Started.Add(time.Minute)
	want.Ended, want.Interrupted = &ended, "interrupt"
	if err := d.WriteExecution(&want); err != nil {
		t.Fatal(err)
	}
	got, err := d.Executions()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]Execution{want}, got); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
	files, err := os.ReadDir(d.Path())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), ".") {
			t.Errorf("%s was left behind", f.Name())
		}
	}
}

func TestExecutionsRefuseAMachineThatIsAPath(t *testing.T) {
	t.Parallel()
	d := create(t)
	if err := d.WriteExecution(&Execution{Schema: ExecutionSchema, Machine: "../elsewhere"}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Executions(); err == nil {
		t.Error("accepted")
	}
}

func TestSafeName(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"laptop-1": true, "North-BK--storage_ct.feature": true, "a.b": true, "console": true,
		"": false, ".": false, "..": false, ".x": false, "x.": false, "a/b": false, `a\b`: false, "a b": false,
		"a:b": false, "con": false, "NUL.txt": false, "com1": false, "ä": false, strings.Repeat("a", 201): false,
	} {
		if err := safeName("name", name); (err == nil) != want {
			t.Errorf("%q: got %v, expected ok = %t", name, err, want)
		}
	}
}

func TestVerdictIsReadBack(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "verdict.json")
	want := &Verdict{Schema: VerdictSchema, Gate: NoGo, Reasons: []string{"r"}, Judged: time.Date(2026, 1, 2, 3, 4, 5, 6, time.UTC)}
	for range 2 { // the second replaces the first
		if err := WriteVerdict(file, want); err != nil {
			t.Fatal(err)
		}
	}
	got, err := ReadVerdict(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-written +read:\n%s", diff)
	}
}

func TestValueJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		v    Value
		json string
		text string
	}{
		{Number(120), "120", "120"},
		{Number(1.6e6), "1600000", "1600000"},
		{Number(0.25), "0.25", "0.25"},
		{Number(1e-9), "1e-9", "1e-09"},
		{Number(math.NaN()), `"NaN"`, "NaN"},
		{Number(math.Inf(-1)), `"-Inf"`, "-Inf"},
		{Text(""), `""`, ""},
		{Text("0x0000"), `"0x0000"`, "0x0000"},
		{Texts("a", "b"), `["a","b"]`, "a or b"},
		{Value{}, "null", "nothing"},
	} {
		b, err := json.Marshal(test.v)
		if err != nil {
			t.Fatal(err)
		}
		if string(b) != test.json || test.v.String() != test.text {
			t.Errorf("got %s and %q, expected %s and %q", b, test.v, test.json, test.text)
		}
		var back Value
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if back.String() != test.text {
			t.Errorf("%s came back as %q, expected %q", b, back, test.text)
		}
	}
	var v Value
	for _, bad := range []string{"true", "{}", "[1]"} {
		if err := json.Unmarshal([]byte(bad), &v); err == nil {
			t.Errorf("%s was taken for a value", bad)
		}
	}
}
