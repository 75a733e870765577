package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// Scenarios of testdata/features, as quick as can be.
const (
	echoing = "small.feature:3"
	writing = "small.feature:7"
	linked  = "links.feature:4"
)

// withSmall makes the arguments of a command that runs testdata/features.
func withSmall(t *testing.T, command string, args ...string) []string {
	t.Helper()
	dir, err := filepath.Abs("testdata/features")
	if err != nil {
		t.Fatal(err)
	}
	return append([]string{command, "--features", dir}, args...)
}

func link(from, to string, kind enterprise.LinkKind) enterprise.Link {
	return enterprise.Link{From: from, To: to, Kind: kind}
}

// Where writes would reach a live system, nothing is connected to.
func TestRunThatReachesALiveSystem(t *testing.T) {
	t.Parallel()
	suspended := link("bk", "prod", enterprise.ReplicatesTo)
	suspended.SuspendedForUAT = true
	for _, c := range []struct {
		name  string
		links []enterprise.Link
		args  []string
		edit  func(*enterprise.Enterprise)
		want  []string // lines of the error
	}{
		{
			name:  "by one link",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo)},
			want:  []string{"prod is reached by ", "bk -> prod"},
		},
		{
			name:  "by way of a system that is not live",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo), link("prod", "dr", enterprise.ForwardsTo)},
			edit:  func(e *enterprise.Enterprise) { *e.System("prod").Live = false },
			want:  []string{"dr is reached by ", "bk -> prod -> dr"},
		},
		{
			name:  "every system on the way is named",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo), link("prod", "dr", enterprise.ForwardsTo)},
			want:  []string{"prod is reached by ", "dr is reached by ", "bk -> prod -> dr"},
		},
		{
			name:  "in a cycle",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo), link("prod", "bk", enterprise.ReplicatesTo), link("prod", "dr", enterprise.ForwardsTo), link("dr", "prod", enterprise.ForwardsTo)},
			edit:  func(e *enterprise.Enterprise) { *e.System("prod").Live = false },
			want:  []string{"dr is reached by ", "bk -> prod -> dr"},
		},
		{
			name:  "a suspended link protects only what no other way reaches",
			links: []enterprise.Link{suspended, link("bk", "dr", enterprise.ForwardsTo), link("dr", "prod", enterprise.ForwardsTo)},
			want:  []string{"dr is reached by ", "prod is reached by ", "bk -> dr -> prod"},
		},
		{
			name:  "the live system is itself the subject",
			links: []enterprise.Link{link("bk", "prod", enterprise.FederatesWith)},
			args:  []string{"--systems", "dr"},
			want:  []string{"dr is reached by ", "sent to dr: dr"},
		},
		{
			name:  "allowed by a name that is not all",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo), link("prod", "dr", enterprise.ForwardsTo)},
			args:  []string{"--allow-live", "prod=1GB"},
			want:  []string{"dr is reached by ", "bk -> prod -> dr"},
		},
		{
			name:  "allowed for too small a volume",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo)},
			args:  []string{"--allow-live", "prod=100"},
			want:  []string{"prod is reached by ", "bk -> prod"},
		},
		{
			name:  "allowed as a production system, which is not by way of another",
			links: []enterprise.Link{link("bk", "prod", enterprise.ReplicatesTo)},
			args:  []string{"--allow-prod"},
			edit:  func(e *enterprise.Enterprise) { e.System("prod").UATAllowed = true },
			want:  []string{"prod is reached by ", "bk -> prod"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			addresses, connections := recorders(t, "bk", "prod", "dr")
			e := described(t, addresses, c.links...)
			if c.edit != nil {
				c.edit(e)
			}
			dir := t.TempDir()
			args := append(withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", writing, "--out", "run"), c.args...)
			if len(c.args) == 0 || c.args[0] != "--systems" {
				args = append(args, "--systems", "bk")
			}
			r := pacsuat(t, dir, args...)
			if r.code != exitUsage {
				t.Errorf("exits %d, want %d\n%s", r.code, exitUsage, r)
			}
			for _, w := range append(c.want, "--allow-live NAME=BYTES") {
				if !strings.Contains(r.stderr, w) {
					t.Errorf("the error lacks %q:\n%s", w, r.stderr)
				}
			}
			if n := connections.Load(); n != 0 {
				t.Errorf("%d connections were opened", n)
			}
			if _, err := os.Stat(filepath.Join(dir, "run")); err == nil {
				t.Error("a run was begun")
			}
		})
	}
}

// An edited plan doesn't get past the closure either.
func TestPlanThatReachesALiveSystem(t *testing.T) {
	t.Parallel()
	addresses, connections := recorders(t, "bk", "prod")
	e := described(t, addresses, link("bk", "prod", enterprise.ReplicatesTo))
	dir := t.TempDir()
	if r := pacsuat(t, dir, withSmall(t, "plan", "--enterprise", writeEnterprise(t, e), "--scenario", writing, "--systems", "bk", "--allow-live", "prod=1GB", "--export", "p.json")...); r.code != 0 {
		t.Fatal(r)
	}
	name := filepath.Join(dir, "p.json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	edited := strings.Replace(string(text), `"prod": 1000000000`, `"prod": 5`, 1)
	if edited == string(text) {
		t.Fatal("the plan does not say what was allowed")
	}
	if err := os.WriteFile(name, []byte(edited), 0o600); err != nil {
		t.Fatal(err)
	}
	r := pacsuat(t, dir, "run", "--plan", "p.json", "--out", "run")
	if r.code != exitUsage || !strings.Contains(r.stderr, "bk -> prod") || connections.Load() != 0 {
		t.Errorf("exits %d after %d connections\n%s", r.code, connections.Load(), r)
	}
}

func TestAllowedToReachALiveSystem(t *testing.T) {
	t.Parallel()
	cluster, e := simulated(t, sim.Options{}, link("bk", "prod", enterprise.ReplicatesTo))
	_ = cluster
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", linked, "--systems", "bk", "--allow-live", "prod=100MB")...)
	if r.code != 0 || !strings.Contains(r.stdout, "bk") {
		t.Errorf("exits %d\n%s", r.code, r)
	}
}

// What is destructive never runs where it would reach a live system, and prods
// are written to only when the description and the run say so.
func TestNeverOnALiveSystem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		args    []string
		uat     bool
		blocked string // reason in the plan; "" = not blocked
		code    int
	}{
		{name: "destructive, allowed", args: []string{"--systems", "bk", "--tags", "@destructive", "--allow-live", "prod=1GB"}, blocked: "destructive, and its writes reach a live system (bk -> prod)"},
		{name: "prod, nobody says so", args: []string{"--systems", "prod", "--scenario", writing, "--allow-live", "prod=1GB"}, blocked: "prod is a production system: it is only queried"},
		{name: "prod, only the run says so", args: []string{"--systems", "prod", "--scenario", writing, "--allow-prod"}, blocked: "prod is a production system: it is only queried"},
		{name: "prod, only the description says so", args: []string{"--systems", "prod", "--scenario", writing}, uat: true, blocked: "prod is a production system: it is only queried"},
		{name: "prod, both say so", args: []string{"--systems", "prod", "--scenario", writing, "--allow-prod"}, uat: true},
		{name: "prod, both say so, destructive", args: []string{"--systems", "prod", "--tags", "@destructive", "--allow-prod"}, uat: true, blocked: "destructive, and its writes reach a live system (prod)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			addresses, connections := recorders(t, "bk", "prod")
			e := described(t, addresses, link("bk", "prod", enterprise.ReplicatesTo))
			e.System("prod").UATAllowed = c.uat
			file := writeEnterprise(t, e)
			plan := pacsuat(t, t.TempDir(), append(withSmall(t, "plan", "--enterprise", file), c.args...)...)
			if plan.code != 0 || (c.blocked != "") != strings.Contains(plan.stdout, "Not allowed") || !strings.Contains(plan.stdout, c.blocked) {
				t.Fatalf("exits %d, want blocked %q\n%s", plan.code, c.blocked, plan)
			}
			if c.blocked == "" {
				return
			}
			run := pacsuat(t, t.TempDir(), append(withSmall(t, "run", "--enterprise", file), c.args...)...)
			if run.code != exitInconclusive || connections.Load() != 0 {
				t.Errorf("exits %d after %d connections\n%s", run.code, connections.Load(), run)
			}
		})
	}
}

// suspend declares that a link is suspended.
func suspend(e *enterprise.Enterprise, name string) {
	e.Link(name).SuspendedForUAT = true
}

// A link that is suspended stops the writes, and its own cells don't apply.
func TestSuspendedLink(t *testing.T) {
	t.Parallel()
	suspended := link("bk", "prod", enterprise.ReplicatesTo)
	suspended.SuspendedForUAT = true
	_, e := simulated(t, sim.Options{}, suspended)
	dir := filepath.Join(t.TempDir(), "run")
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", writing, "--scenario", linked, "--systems", "bk", "--sentinel-wait", "1s", "--out", dir)...)
	if r.code != 0 || !strings.Contains(r.stdout, "CONDITIONAL GO") {
		t.Errorf("exits %d\n%s", r.code, r)
	}
	got := outcomes(verdictOf(t, dir))
	if got["bk "+writing] != rundir.Pass || got["bk->prod "+linked] != rundir.NotApplicable {
		t.Errorf("%v", got)
	}
	if n := sentinelsFound(t, dir); n["false"] != 1 || n["true"] != 0 {
		t.Errorf("sentinels found: %v", n)
	}
}

// A link that is only declared suspended stops the run, when one object was
// sent.
func TestLinkThatIsNotSuspended(t *testing.T) {
	t.Parallel()
	_, e := simulated(t, sim.Options{}, link("bk", "prod", enterprise.ReplicatesTo))
	suspend(e, "bk->prod")
	dir := filepath.Join(t.TempDir(), "run")
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", writing, "--scenario", linked, "--systems", "bk", "--out", dir)...)
	if r.code != exitInconclusive || !strings.Contains(r.stderr, "bk->prod is declared suspended, but an object sent before it arrived at prod: nothing else was sent") {
		t.Errorf("exits %d\n%s", r.code, r)
	}
	if n := sentinelsFound(t, dir); n["true"] != 1 {
		t.Errorf("sentinels found: %v", n)
	}
	checkOnlySentinel(t, dir)
	if strings.Contains(r.stdout, "PASS") {
		t.Errorf("something is called passed:\n%s", r.stdout)
	}
}

// Where it can't be found out whether a link is suspended, it counts as not.
func TestSentinelThatCanNotBeLookedFor(t *testing.T) {
	t.Parallel()
	_, e := simulated(t, sim.Options{}, link("bk", "prod", enterprise.ReplicatesTo))
	suspend(e, "bk->prod")
	addresses, _ := recorders(t, "prod")
	gone := described(t, addresses).System("prod").Endpoints
	e.System("prod").Endpoints = gone
	dir := filepath.Join(t.TempDir(), "run")
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", writing, "--systems", "bk", "--sentinel-wait", "1s", "--out", dir)...)
	if r.code != exitInconclusive || !strings.Contains(r.stderr, "could not be found out, so nothing else was sent") {
		t.Errorf("exits %d\n%s", r.code, r)
	}
	checkOnlySentinel(t, dir)
}

var sentinelFound = regexp.MustCompile(`^found beyond .*: (true|false)$`)

func sentinelsFound(t *testing.T, dir string) map[string]int {
	t.Helper()
	n := map[string]int{}
	records(t, dir, func(_ string, r *rundir.Record) {
		if r.Observation == nil {
			return
		}
		if m := sentinelFound.FindStringSubmatch(r.Observation.Detail); m != nil {
			n[m[1]]++
		}
	})
	return n
}

// checkOnlySentinel demands that one object was sent in the run.
func checkOnlySentinel(t *testing.T, dir string) {
	t.Helper()
	d, err := rundir.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, m := range machines(t, d) {
		if err := d.ReadObjects(m, func(*rundir.Object) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
	}
	if n != 1 {
		t.Errorf("%d objects were sent, want only the sentinel", n)
	}
	records(t, dir, func(stream string, r *rundir.Record) {
		if r.Intent != nil && stream != "sentinel" {
			t.Errorf("%s: %+v", stream, r.Intent)
		}
	})
}

// records reads all evidence of a run directory.
func records(t *testing.T, dir string, yield func(stream string, r *rundir.Record)) {
	t.Helper()
	d, err := rundir.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range machines(t, d) {
		if err := d.Records(m, func(stream string, r *rundir.Record) error { yield(stream, r); return nil }); err != nil {
			t.Fatal(err)
		}
	}
}

func machines(t *testing.T, d *rundir.Dir) []string {
	t.Helper()
	m, err := d.Machines()
	if err != nil {
		t.Fatal(err)
	}
	return m
}
