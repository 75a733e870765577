package plan

import (
	"errors"
	"fmt"
	"reflect"
	"slices"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
)

// CheckClosure holds a plan that was read from a file to its own sentences and
// to a description, before it is executed: a file can be edited, and what it
// says of effects and volumes decides what is sent where. Effects, volumes, what
// does not apply and what is not allowed must be what Build makes of the same
// steps; a plan of other sentences than this build's is refused. Writes that
// would reach a live system are a *LiveReachError, as from Build.
func CheckClosure(p *rundir.Plan, e *enterprise.Enterprise) error {
	v := vocab.Default()
	if p.VocabularyHash != v.Hash() {
		return errors.New("the plan was made with other sentences than this version of pacsuat has")
	}
	in := Input{Enterprise: e, Simulated: p.Simulated, Volume: p.Volume, AllowProd: p.AllowProd, AllowLive: p.AllowLive}
	exceptions, err := readExceptions(e, nil)
	if err != nil {
		return err
	}
	b := builder{in: &in, exceptions: exceptions, demands: map[*scenario]demands{}, sent: map[string]int64{}}
	subjects := map[string]rundir.Subject{}
	for _, s := range p.Subjects {
		if err := checkSubject(s, e); err != nil {
			return err
		}
		subjects[s.Name] = s
	}
	read := map[string]*scenario{} // by all that a scenario is made of
	for _, c := range p.Cells {
		s, ok := subjects[c.Subject]
		if !ok {
			return edited("it has a cell of %s, which is none of its subjects", c.Subject)
		}
		if c.Feature == rundir.InboxFeature {
			continue // nothing is sent for it
		}
		for _, planned := range c.Scenarios {
			key := fmt.Sprintf("%q %q", planned.ID, planned.Tags)
			for _, st := range planned.Steps {
				key += fmt.Sprintf(" %q %q", st.Keyword, st.Text)
			}
			sc := read[key]
			if sc == nil {
				if sc, err = reread(planned, v); err != nil {
					return edited("scenario %s: %w", planned.ID, err)
				}
				read[key] = sc
			}
			again := b.scenario(sc, s)
			again.Severity = planned.Severity
			if !reflect.DeepEqual(again, planned) {
				return edited("scenario %s of %s has another effect or volume, or applies or not, than its sentences and the description say", planned.ID, c.Subject)
			}
		}
	}
	c, err := closure(&in, b.sent)
	if err != nil {
		return err
	}
	if !slices.EqualFunc(c.Reaches, p.Closure.Reaches, func(a, b rundir.Reach) bool { return reflect.DeepEqual(a, b) }) {
		return edited("its writes reach other systems than it says")
	}
	return nil
}

func edited(format string, args ...any) error {
	return fmt.Errorf("the plan contradicts itself, as if it had been edited; make it anew: %w", fmt.Errorf(format, args...))
}

// checkSubject holds a subject to the description: a link that names another
// system would send there.
func checkSubject(s rundir.Subject, e *enterprise.Enterprise) error {
	switch s.Kind {
	case rundir.SubjectSystem:
		if sys := e.System(s.Name); sys != nil && string(sys.Role) == s.Role {
			return nil
		}
	case rundir.SubjectLink:
		if l := e.Link(s.Name); l != nil && l.From == s.From && l.To == s.To && string(l.Kind) == s.Link {
			return nil
		}
	}
	return edited("%s is not in the description as it says", s.Name)
}

// reread makes of a planned scenario what parse made it of.
func reread(planned rundir.Scenario, v *vocab.Vocabulary) (*scenario, error) {
	sc := &scenario{id: planned.ID, name: planned.Name, tags: planned.Tags, steps: planned.Steps}
	made, checks := false, false
	for _, st := range planned.Steps {
		m, err := v.Match(st.Text)
		if err != nil {
			return nil, err
		}
		if st.Sentence != m.Sentence.Expression || st.Table != nil || st.DocString != nil {
			return nil, fmt.Errorf("%q is another sentence than it says", st.Text)
		}
		if (st.Keyword == rundir.Then) != (m.Sentence.Keyword == vocab.Then) {
			return nil, fmt.Errorf("%q can't stand under %s", st.Text, st.Keyword)
		}
		checks = checks || st.Keyword == rundir.Then
		if err := checkArguments(m, &made); err != nil {
			return nil, err
		}
		sc.matches = append(sc.matches, m)
	}
	if !checks {
		return nil, errors.New("it has no Then")
	}
	return sc, nil
}
