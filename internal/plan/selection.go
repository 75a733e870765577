package plan

import (
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/agnivade/levenshtein"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
	"pacsuat/internal/tagexpr"
)

// ErrNothingSelected says that a selection matches no scenario of any subject.
// No evidence is never a pass: a run of it is inconclusive.
var ErrNothingSelected = errors.New("the selection matches no scenario of any system: nothing would be tested")

// Selection says what of the features is planned for whom. Its zero value is
// everything, for the systems with role bk and dr and the links that start at
// them.
type Selection struct {
	Systems   []string // names of systems, or of links (A->B)
	Roles     []string // prod, bk, dr
	Sites     []string
	Tags      string   // tag expression: "@storage and not @slow"
	Scenarios []string // IDs, or path:line for all rows of an outline
}

// subjects returns the columns of the matrix, ordered by site as described,
// systems before links.
func (s Selection) subjects(e *enterprise.Enterprise) ([]rundir.Subject, error) {
	if err := s.checkNames(e); err != nil {
		return nil, err
	}
	roles := s.Roles
	if len(roles) == 0 && len(s.Systems) == 0 {
		roles = []string{string(enterprise.BK), string(enterprise.DR)}
	}
	var out []rundir.Subject
	for i := range e.Sites {
		site := e.Sites[i].Name
		if len(s.Sites) > 0 && !slices.Contains(s.Sites, site) {
			continue
		}
		var links []rundir.Subject
		for j := range e.Systems {
			sys := &e.Systems[j]
			if sys.Site != site || len(roles) > 0 && !slices.Contains(roles, string(sys.Role)) {
				continue
			}
			named := len(s.Systems) == 0 || slices.Contains(s.Systems, sys.Name)
			if named {
				out = append(out, rundir.Subject{Name: sys.Name, Kind: rundir.SubjectSystem, Site: site, Role: string(sys.Role)})
			}
			for _, l := range e.LinksFrom(sys.Name) {
				if !named && !slices.Contains(s.Systems, l.Name()) {
					continue
				}
				links = append(links, rundir.Subject{
					Name: l.Name(), Kind: rundir.SubjectLink, Site: site, Role: string(sys.Role),
					From: l.From, To: l.To, Link: string(l.Kind),
				})
			}
		}
		out = append(out, links...)
	}
	return out, nil
}

// narrows reports whether the selection leaves out scenarios, so that what has
// none is so by choice.
func (s Selection) narrows() bool {
	return strings.TrimSpace(s.Tags) != "" || len(s.Scenarios) > 0
}

// checkPlanned refuses a selection of which a part came to nothing: whoever
// names a system, site, role or scenario would take the matrix for its answer.
func (s Selection) checkPlanned(e *enterprise.Enterprise, p *rundir.Plan) error {
	var errs []error
	missing := func(flag string, names []string, planned func(name string) bool, why func(name string) string) {
		for _, name := range names {
			if !planned(name) {
				errs = append(errs, fmt.Errorf("--%s names %s, and nothing is planned for it: %s", flag, name, why(name)))
			}
		}
	}
	subject := func(is func(rundir.Subject) bool) bool { return slices.ContainsFunc(p.Subjects, is) }
	rest := func(string) string { return "the rest of the selection, or the features, leave it out" }
	missing("systems", s.Systems, func(name string) bool {
		return subject(func(s rundir.Subject) bool { return s.Name == name || s.From == name })
	}, rest)
	missing("roles", s.Roles, func(name string) bool {
		return subject(func(s rundir.Subject) bool { return s.Role == name })
	}, rest)
	missing("sites", s.Sites, func(name string) bool {
		return subject(func(s rundir.Subject) bool { return s.Site == name })
	}, func(name string) string {
		if site := e.Site(name); site != nil && site.ServedBy != "" {
			return "it is served by " + site.ServedBy + "; name that site"
		}
		return rest(name)
	})
	missing("scenario", s.Scenarios, func(id string) bool {
		return slices.ContainsFunc(p.Cells, func(c rundir.Cell) bool {
			return slices.ContainsFunc(c.Scenarios, func(sc rundir.Scenario) bool { return matchesID(sc.ID, id) })
		})
	}, rest)
	return errors.Join(errs...)
}

// checkNames refuses names that nobody has, with the nearest one: a misspelt
// system must not become a matrix without it.
func (s Selection) checkNames(e *enterprise.Enterprise) error {
	var systems, sites []string
	for i := range e.Systems {
		systems = append(systems, e.Systems[i].Name)
	}
	for _, l := range e.Links {
		systems = append(systems, l.Name())
	}
	for i := range e.Sites {
		sites = append(sites, e.Sites[i].Name)
	}
	var errs []error
	for _, c := range []struct {
		what        string
		given, have []string
	}{
		{"system or link", s.Systems, systems},
		{"site", s.Sites, sites},
		{"role", s.Roles, []string{string(enterprise.Prod), string(enterprise.BK), string(enterprise.DR)}},
	} {
		for _, g := range c.given {
			if !slices.Contains(c.have, g) {
				errs = append(errs, fmt.Errorf("no %s is named %q%s", c.what, g, didYouMean(g, c.have)))
			}
		}
	}
	return errors.Join(errs...)
}

// scenarios decides which scenarios are planned at all.
func (s Selection) scenarios(features []*feature) (func(*scenario) bool, error) {
	var tags *tagexpr.Expression
	if strings.TrimSpace(s.Tags) != "" {
		t, err := parseTags(s.Tags)
		if err != nil {
			return nil, fmt.Errorf("--tags: %w", err)
		}
		tags = t
	}
	for _, want := range s.Scenarios {
		if err := known(want, features); err != nil {
			return nil, err
		}
	}
	return func(sc *scenario) bool {
		if tags != nil && !tags.Matches(sc.tags) {
			return false
		}
		if len(s.Scenarios) == 0 {
			return true
		}
		for _, want := range s.Scenarios {
			if matchesID(sc.id, want) {
				return true
			}
		}
		return false
	}, nil
}

// parseTags parses a tag expression and says how to write one.
func parseTags(expr string) (*tagexpr.Expression, error) {
	e, err := tagexpr.Parse(expr)
	if err != nil {
		return nil, fmt.Errorf("%q is no tag expression: %w; write it as in %s", expr, err, tagexpr.Example)
	}
	return e, nil
}

// matchesID reports whether want names the scenario id: exactly, or without
// its example row and requirement.
func matchesID(id, want string) bool {
	return id == want || strings.HasPrefix(id, want+":") || strings.HasPrefix(id, want+"@")
}

func known(want string, features []*feature) error {
	var ids []string
	for _, f := range features {
		for i := range f.scenarios {
			if matchesID(f.scenarios[i].id, want) {
				return nil
			}
			ids = append(ids, f.scenarios[i].id)
		}
	}
	return fmt.Errorf("no scenario has the ID %q%s", want, didYouMean(want, ids))
}

// didYouMean returns "; did you mean X?" where something comes near.
func didYouMean(given string, have []string) string {
	best, at := "", len(given)/2+1
	sorted := slices.Clone(have)
	sort.Strings(sorted)
	for _, h := range sorted {
		d := levenshtein.ComputeDistance(strings.ToLower(given), strings.ToLower(h))
		if d < at || d == at && best != "" && len(h) == len(given) && len(best) != len(given) {
			best, at = h, d
		}
	}
	if best == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", best)
}
