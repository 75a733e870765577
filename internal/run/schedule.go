package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
	"pacsuat/internal/rundir"
)

// Part is what of a plan one process executes. Its zero value is everything.
type Part struct {
	Sites     []string
	Systems   []string // subjects: systems or links
	Scenarios []string // exact IDs
}

func (p Part) holds(s rundir.Subject) bool {
	if len(p.Sites) > 0 && !slices.Contains(p.Sites, s.Site) {
		return false
	}
	return len(p.Systems) == 0 || slices.Contains(p.Systems, s.Name) || slices.Contains(p.Systems, s.From)
}

// Check refuses names that the plan does not hold.
func (p Part) Check(plan *rundir.Plan) error {
	var sites, systems, scenarios []string
	for _, s := range plan.Subjects {
		sites, systems = append(sites, s.Site), append(systems, s.Name, s.From)
	}
	for _, c := range plan.Cells {
		for _, s := range c.Scenarios {
			scenarios = append(scenarios, s.ID)
		}
	}
	var errs []error
	for _, c := range []struct {
		what        string
		given, have []string
	}{{"site", p.Sites, sites}, {"system or link", p.Systems, systems}, {"scenario", p.Scenarios, scenarios}} {
		for _, g := range c.given {
			if g == "" || !slices.Contains(c.have, g) {
				errs = append(errs, fmt.Errorf("the plan holds no %s %q%s", c.what, g, didYouMean(g, c.have)))
			}
		}
	}
	return errors.Join(errs...)
}

// didYouMean returns "; did you mean X?" where something comes near.
func didYouMean(given string, have []string) string {
	best, at := "", len(given)/2+1
	for _, h := range have {
		if d := levenshtein.ComputeDistance(given, h); d < at {
			best, at = h, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}

// unit is one scenario of one cell that is to be run.
type unit struct {
	subject  rundir.Subject
	cell     *rundir.Cell
	scenario *rundir.Scenario
}

// units lists what this process runs, and the cells that it thereby sets out
// for: those in which nothing can run are among them.
func (r *runner) units() (units []unit, cells []string) {
	subjects := map[string]rundir.Subject{}
	for _, s := range r.Plan.Subjects {
		subjects[s.Name] = s
	}
	for i := range r.Plan.Cells {
		c := &r.Plan.Cells[i]
		s := subjects[c.Subject]
		if !r.Part.holds(s) {
			continue
		}
		cells = append(cells, c.ID)
		if c.Feature == rundir.InboxFeature {
			continue // judged from what the inbox saw
		}
		for j := range c.Scenarios {
			sc := &c.Scenarios[j]
			if sc.NotApplicable != "" || sc.Blocked != "" || len(r.Part.Scenarios) > 0 && !slices.Contains(r.Part.Scenarios, sc.ID) {
				continue
			}
			units = append(units, unit{s, c, sc})
		}
	}
	return units, cells
}

// carryOut runs all subjects at once.
func (r *runner) carryOut(ctx context.Context, units []unit) {
	bySubject := map[string][]unit{}
	counts := map[string]int{}
	for _, u := range units {
		bySubject[u.subject.Name] = append(bySubject[u.subject.Name], u)
		counts[u.subject.Name]++
	}
	r.Progress.Begin(counts)
	total := newGate(r.AtOnce)
	var wg sync.WaitGroup
	for _, all := range bySubject {
		wg.Go(func() {
			// What needs a system or the cluster for itself comes last: it waits
			// for all others there, and would keep them waiting meanwhile.
			alone := func(u unit) bool { return u.scenario.Exclusive != "" }
			r.several(ctx, slices.DeleteFunc(slices.Clone(all), alone), total)
			r.several(ctx, slices.DeleteFunc(all, func(u unit) bool { return !alone(u) }), total)
		})
	}
	wg.Wait()
}

// several runs units of one subject, begun in their order, several at a time.
func (r *runner) several(ctx context.Context, units []unit, total *gate) {
	queue := make(chan unit, len(units))
	for _, u := range units {
		queue <- u
	}
	close(queue)
	var wg sync.WaitGroup
	for range min(r.PerSubject, len(units)) {
		wg.Go(func() {
			for u := range queue {
				if !r.one(ctx, u, total) {
					return
				}
			}
		})
	}
	wg.Wait()
}

// one waits for what the scenario needs and runs it. It returns false when the
// run has ended.
func (r *runner) one(ctx context.Context, u unit, total *gate) bool {
	p := &place{runner: r, unit: u, total: total}
	unable := p.take(ctx)
	defer p.leave()
	if ctx.Err() != nil {
		return false
	}
	r.Progress.Started(u.cell, u.scenario)
	result := r.scenario(ctx, u, unable, func(wait func() error, budget bool) error { return p.idle(ctx, wait, budget) })
	r.Progress.Ended(u.cell, u.scenario, result)
	return ctx.Err() == nil
}

// place is what a scenario holds while it is at work, and gives up while it only
// waits: a place among all, and associations of the systems' budgets.
type place struct {
	runner *runner
	unit   unit
	total  *gate
	budget func() // gives the associations back; nil = none are held
	inside bool   // counts at the gate
}

// take waits for everything, the place among all last: who waits for a budget
// keeps none. When ctx ends it may hold a part or nothing; leave knows.
func (p *place) take(ctx context.Context) error {
	err := p.acquire(ctx)
	if full := p.total.enter(ctx); full != nil {
		return full
	}
	p.inside = true
	return err
}

func (p *place) acquire(ctx context.Context) error {
	budget, err := p.runner.budgets.Acquire(ctx, p.runner.need(p.unit), p.unit.scenario.Exclusive)
	if err == nil {
		p.budget = budget
	}
	return err
}

// leave gives back what is held.
func (p *place) leave() {
	if p.inside {
		p.total.leave()
		p.inside = false
	}
	p.release()
}

func (p *place) release() {
	if p.budget != nil {
		p.budget()
		p.budget = nil
	}
}

// idle runs wait while others have the place, and where budget says so the
// associations too, those of a scenario that is to be alone included: while it
// waits there is nothing that could be disturbed. It comes back to the place at once, so that a wait lasts no
// longer than it should; to the associations it may have to wait.
func (p *place) idle(ctx context.Context, wait func() error, budget bool) error {
	p.total.leave()
	if budget {
		p.release()
	}
	err := wait()
	p.total.comeBack()
	if budget && ctx.Err() == nil {
		p.total.leave()
		again := p.acquire(ctx)
		p.total.comeBack()
		if err == nil && ctx.Err() == nil {
			err = again
		}
	}
	return err
}

// need is how many associations a scenario holds at once, by system.
func (r *runner) need(u unit) map[string]int {
	if u.subject.Kind == rundir.SubjectLink {
		return map[string]int{u.subject.From: u.scenario.Associations, u.subject.To: 1}
	}
	return map[string]int{u.subject.Name: u.scenario.Associations}
}

// splitLink returns the systems that a link named A->B joins.
func splitLink(name string) (from, to string) {
	from, to, _ = strings.Cut(name, "->")
	return from, to
}
