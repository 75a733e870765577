package plan

import (
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// The volume that one system or link subject of the two test features sends,
// without the destructive scenario.
func volumeOf(t *testing.T) (system, link int64) {
	t.Helper()
	in := input(cluster("n/a=bk n/b=bk a>>b"))
	p := build(t, in)
	return scenarioOf(t, p, "a", "A study").Bytes, scenarioOf(t, p, "a->b", "A study arrives").Bytes
}

func TestClosure(t *testing.T) {
	t.Parallel()
	system, link := volumeOf(t)
	dr := func(n int64) map[string]int64 { return map[string]int64{"dr": n} }
	for _, c := range []struct {
		name, cluster string
		change        func(in *Input)
		refused       string // paths, "" = the plan is made
	}{
		{"nothing live", two, nil, ""},
		{"one link to a live system", "n/bk=bk c/dr=dr! bk>>dr", nil, "dr by bk -> dr"},
		{"BK, Prod, DR", "n/bk=bk n/prod=prod c/dr=dr! bk>prod prod>>dr", nil, "dr by bk -> prod -> dr"},
		{"both on the way", "n/bk=bk n/prod=prod! c/dr=dr! bk>prod prod>>dr", nil, "prod by bk -> prod, dr by bk -> prod -> dr"},
		{"a cycle", "n/bk=bk n/prod=prod c/dr=dr! bk>prod prod>bk prod>>dr dr>prod", nil, "dr by bk -> prod -> dr"},
		{"a cycle of nothing live", "n/bk=bk n/prod=prod bk>prod prod>bk", nil, ""},
		{"reading links carry nothing", "n/bk=bk c/dr=dr! bk~dr", nil, ""},
		{"suspended", "n/bk=bk c/dr=dr! bk>>dr!", nil, ""},
		{"suspended, and by another way", "n/bk=bk n/prod=prod c/dr=dr! bk>>dr! bk>prod prod>>dr", nil, "dr by bk -> prod -> dr"},
		{"only asked", "n/bk=bk c/dr=dr! bk>>dr", func(in *Input) { in.Selection.Tags = "@echo" }, ""},
		{"a live target itself", "n/bk=bk!", nil, "bk by bk"},
		{"a live dr by default", "n/bk=bk c/dr=dr!", func(in *Input) { in.Selection = Selection{} }, "dr by dr"},
		{"allowed by name and volume", "n/bk=bk c/dr=dr! bk>>dr", func(in *Input) { in.AllowLive = dr(system + link) }, ""},
		{"a byte too little", "n/bk=bk c/dr=dr! bk>>dr", func(in *Input) { in.AllowLive = dr(system + link - 1) }, "dr by bk -> dr"},
		{"another is allowed", "n/bk=bk n/prod=prod c/dr=dr! bk>>dr", func(in *Input) { in.AllowLive = map[string]int64{"bk": math.MaxInt64} }, "dr by bk -> dr"},
		{"two targets add up, allowed", "n/bk=bk n/bk2=bk c/dr=dr! bk>>dr bk2>>dr", func(in *Input) { in.AllowLive = dr(2 * (system + link)) }, ""},
		{"two targets add up, a byte too little", "n/bk=bk n/bk2=bk c/dr=dr! bk>>dr bk2>>dr", func(in *Input) { in.AllowLive = dr(2*(system+link) - 1) }, "dr by bk -> dr, dr by bk2 -> dr"},
		{"directly and over a link add up", "n/bk=bk c/dr=dr! bk>>dr", func(in *Input) {
			in.Selection.Roles = []string{"bk", "dr"}
			in.AllowLive = dr(2*system + link - 1)
		}, "dr by bk -> dr, dr by dr"},
		{"directly and over a link, allowed", "n/bk=bk c/dr=dr! bk>>dr", func(in *Input) {
			in.Selection.Roles = []string{"bk", "dr"}
			in.AllowLive = dr(2*system + link)
		}, ""},
		{"a released prod is written to as itself", "n/bk=bk n/prod=prod!", func(in *Input) { released(in) }, ""},
		{"a released prod, but its dr is live", "n/bk=bk n/prod=prod! c/dr=dr! prod>>dr", func(in *Input) { released(in) }, "dr by prod -> dr"},
		{"a released prod is not written to by way of its bk", "n/bk=bk n/prod=prod! bk>prod", func(in *Input) {
			released(in)
			in.Selection.Roles = []string{"bk"}
		}, "prod by bk -> prod"},
		{"a prod that is not released is not written to at all", "n/bk=bk n/prod=prod!", func(in *Input) { in.Selection.Roles = []string{"prod"} }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := input(cluster(c.cluster))
			in.Selection = Selection{Roles: []string{"bk"}, Tags: "not @destructive"}
			if c.change != nil {
				c.change(&in)
			}
			p, err := Build(in)
			var live *LiveReachError
			if c.refused == "" {
				if err != nil {
					t.Fatal(err)
				}
				if err := CheckClosure(p, in.Enterprise); err != nil {
					t.Errorf("read again: %v", err)
				}
				return
			}
			if !errors.As(err, &live) || p != nil {
				t.Fatalf("%v, want it refused: %s", err, c.refused)
			}
			var got []string
			for _, r := range live.Reaches {
				got = append(got, r.System+" by "+strings.Join(r.Path, " -> "))
				if !strings.Contains(err.Error(), strings.Join(r.Path, " -> ")) {
					t.Errorf("the error does not say %v: %v", r.Path, err)
				}
			}
			if strings.Join(got, ", ") != c.refused {
				t.Errorf("refused for %v, want %s", got, c.refused)
			}
		})
	}
}

func released(in *Input) {
	in.AllowProd = true
	in.Enterprise.System("prod").UATAllowed = true
	in.Selection.Roles = []string{"prod"}
}

func TestAllowLiveNamesSystems(t *testing.T) {
	t.Parallel()
	in := input(cluster(two))
	in.AllowLive = map[string]int64{"n-prodd": 1}
	if _, err := Build(in); err == nil || !strings.Contains(err.Error(), `did you mean "n-prod"?`) {
		t.Errorf("%v", err)
	}
}

func TestVolumesDoNotOverflow(t *testing.T) {
	t.Parallel()
	if plus(math.MaxInt64, math.MaxInt64) != math.MaxInt64 || plus(math.MaxInt64-1, 1) != math.MaxInt64 || plus(1, 2) != 3 {
		t.Error("a sum that no number can hold is not the largest")
	}
	in := Input{Enterprise: cluster("n/a=bk n/b=bk c/dr=dr! a>>dr b>>dr"), AllowLive: map[string]int64{"dr": 1 << 40}}
	if _, err := closure(&in, map[string]int64{"a": math.MaxInt64, "b": math.MaxInt64}); err == nil {
		t.Error("twice the largest volume was taken for little")
	}
}

// A plan that was edited is not executed.
func TestEditedPlan(t *testing.T) {
	t.Parallel()
	const where = "n/bk=bk n/bk2=bk c/dr=dr! bk>>dr! bk2>>dr!"
	edit := func(p *rundir.Plan, subject, name string, change func(s *rundir.Scenario)) {
		for i := range p.Cells {
			for k := range p.Cells[i].Scenarios {
				if s := &p.Cells[i].Scenarios[k]; p.Cells[i].Subject == subject && s.Name == name {
					change(s)
				}
			}
		}
	}
	for _, c := range []struct {
		name   string
		change func(p *rundir.Plan, e *enterprise.Enterprise)
		want   string
	}{
		{"a write that says that it reads", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "A study", func(s *rundir.Scenario) { s.Effect, s.Bytes = rundir.EffectRead, 0 })
		}, "has another effect or volume"},
		{"less volume", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "A study", func(s *rundir.Scenario) { s.Bytes = 1 })
		}, "has another effect or volume"},
		{"more images", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "A study", func(s *rundir.Scenario) { s.Steps[0].Text = strings.Replace(s.Steps[0].Text, "2", "2000", 1) })
		}, "has another effect or volume"},
		{"another sentence", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "An echo", func(s *rundir.Scenario) { s.Steps[0].Text = "the study is sent to the system under test" })
		}, "another sentence than it says"},
		{"an unknown sentence", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "An echo", func(s *rundir.Scenario) { s.Steps[0].Text = "the system is switched off" })
		}, "no sentence of the vocabulary"},
		{"a check under another keyword", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "An echo", func(s *rundir.Scenario) { s.Steps[1].Keyword = rundir.When })
		}, "can't stand under When"},
		{"no check", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "An echo", func(s *rundir.Scenario) { s.Steps = s.Steps[:1] })
		}, "no Then"},
		{"declared not applicable", func(p *rundir.Plan, _ *enterprise.Enterprise) {
			edit(p, "bk", "A study", func(s *rundir.Scenario) { s.NotApplicable = "it fails" })
		}, "applies or not"},
		{"no longer blocked", func(p *rundir.Plan, e *enterprise.Enterprise) {
			e.System("bk").Budget.MaxAssociations = 0
		}, "applies or not"},
		{"a subject that is another", func(p *rundir.Plan, _ *enterprise.Enterprise) { p.Subjects[len(p.Subjects)-1].To = "bk2" }, "not in the description as it says"},
		{"a subject that nobody has", func(p *rundir.Plan, _ *enterprise.Enterprise) { p.Subjects[0].Name = "prod" }, "prod is not in the description"},
		{"a subject less", func(p *rundir.Plan, _ *enterprise.Enterprise) { p.Subjects = p.Subjects[1:] }, "which is none of its subjects"},
		{"no object for the suspended link", func(p *rundir.Plan, _ *enterprise.Enterprise) { p.Closure.Reaches = p.Closure.Reaches[1:] }, "reach other systems than it says"},
		{"other sentences", func(p *rundir.Plan, _ *enterprise.Enterprise) { p.VocabularyHash = "x" }, "other sentences"},
		{"the link is no longer suspended", func(p *rundir.Plan, e *enterprise.Enterprise) { e.Links[0].SuspendedForUAT = false }, "applies or not"},
		{"something beyond is live now", func(p *rundir.Plan, e *enterprise.Enterprise) {
			live := true
			e.System("bk").Live = &live
		}, "would write to live systems"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := input(cluster(where))
			in.Selection = Selection{Roles: []string{"bk"}, Tags: "not @destructive"}
			p := build(t, in)
			// As it comes from a file: nothing is shared.
			text, err := rundir.MarshalPlan(p)
			if err != nil {
				t.Fatal(err)
			}
			if p, _, err = rundir.ParsePlan(text); err != nil {
				t.Fatal(err)
			}
			e := cluster(where)
			if err := CheckClosure(p, e); err != nil {
				t.Fatalf("before it was edited: %v", err)
			}
			c.change(p, e)
			if err := CheckClosure(p, e); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// For whatever cluster: a plan never writes where a live system is reached,
// unless it is allowed by name and volume, or is a prod that is released; and
// never destroys there at all.
func TestNoPlanWritesToALiveSystemUnasked(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2))
	names := []string{"a", "b", "c", "d", "e"}
	made, refused, writing := 0, 0, 0
	for range 400 {
		e := &enterprise.Enterprise{Name: "any", Sites: []enterprise.Site{{Name: "n"}}}
		for _, n := range names {
			live := r.IntN(4) == 0
			e.Systems = append(e.Systems, enterprise.System{Name: n, Site: "n", Live: &live, UATAllowed: r.IntN(2) == 0,
				Role:      []enterprise.Role{enterprise.Prod, enterprise.BK, enterprise.BK, enterprise.DR}[r.IntN(4)],
				Endpoints: enterprise.Endpoints{Store: &enterprise.DICOMEndpoint{AETitle: "A", Host: "h", Port: 1}}})
		}
		for range r.IntN(6) {
			l := enterprise.Link{From: names[r.IntN(5)], To: names[r.IntN(5)], SuspendedForUAT: r.IntN(3) == 0,
				Kind: []enterprise.LinkKind{enterprise.ReplicatesTo, enterprise.ForwardsTo, enterprise.DirectAccess}[r.IntN(3)]}
			if l.From != l.To && e.Link(l.Name()) == nil {
				e.Links = append(e.Links, l)
			}
		}
		e.ApplyDefaults()
		in := input(e)
		in.AllowProd = r.IntN(2) == 0
		if r.IntN(2) == 0 {
			in.Selection.Roles = []string{"prod", "bk", "dr"}[:1+r.IntN(3)]
		}
		if r.IntN(2) == 0 {
			in.AllowLive = map[string]int64{names[r.IntN(5)]: int64(r.IntN(20_000_000))}
		}
		p, err := Build(in)
		if err != nil {
			var live *LiveReachError
			if errors.As(err, &live) {
				refused++
			}
			continue
		}
		made++
		reached := map[string]int64{} // volume by live system, as this test follows the links
		for _, c := range p.Cells {
			subject := p.Subjects[0]
			for _, s := range p.Subjects {
				if s.Name == c.Subject {
					subject = s
				}
			}
			target := targetOf(subject)
			for _, s := range c.Scenarios {
				if s.NotApplicable != "" || s.Blocked != "" || !writes(s.Effect) {
					continue
				}
				writing++
				sys := e.System(target)
				itself := sys.Role == enterprise.Prod && sys.UATAllowed && in.AllowProd
				if sys.Role == enterprise.Prod && !itself {
					t.Fatalf("%s writes to the prod %s", s.ID, target)
				}
				for system := range follow(e, target, map[string]bool{}) {
					if !e.System(system).IsLive() {
						continue
					}
					if s.Effect == rundir.EffectDestroy {
						t.Fatalf("%s destroys at %s, which reaches %s", s.ID, target, system)
					}
					reached[system] += s.Bytes
					if _, allowed := in.AllowLive[system]; !allowed && (system != target || !itself) {
						t.Fatalf("%s writes to %s, which reaches %s\n%+v", s.ID, target, system, e.Links)
					}
				}
			}
		}
		for system, bytes := range reached {
			if limit, named := in.AllowLive[system]; named && bytes > limit && e.System(system).Role != enterprise.Prod {
				t.Fatalf("%d bytes reach %s, %d are allowed", bytes, system, limit)
			}
		}
		if err := CheckClosure(p, e); err != nil {
			t.Fatal(err)
		}
	}
	if made < 50 || refused < 50 || writing < 100 {
		t.Errorf("%d plans were made, %d refused, %d scenarios write: the test looks at too little", made, refused, writing)
	}
}

// follow is the closure said otherwise than in the code: depth first.
func follow(e *enterprise.Enterprise, system string, seen map[string]bool) map[string]bool {
	seen[system] = true
	for _, l := range e.Links {
		if l.From == system && !seen[l.To] && !l.SuspendedForUAT && (l.Kind == enterprise.ReplicatesTo || l.Kind == enterprise.ForwardsTo) {
			follow(e, l.To, seen)
		}
	}
	return seen
}
