package enterprise

import (
	"fmt"
	"slices"
	"strings"
)

// Selection says which subjects are meant. Each list that is not empty narrows;
// the zero Selection means the default: systems with role bk and dr, and the
// links that start at them.
type Selection struct {
	// Systems by name, and links by name ("A->B"). A system brings the links
	// that start at it; a link named comes alone.
	Systems []string
	// Sites by name: their systems, and the links that start there.
	Sites []string
	// Roles. Empty means bk and dr, or any role where Systems names what is meant.
	Roles []Role
}

// Subject is what is tested: a column of the matrix. Either System or Link is
// set, and points into the description.
type Subject struct {
	Name   string // of the system, or "A->B"
	Site   string // of the system, or of the system that the link starts at
	Role   Role   // likewise
	System *System
	Link   *Link
}

// Subjects returns the subjects that are selected, grouped by site in the order
// of the description, each system followed by the links that start at it.
// Suspended links are among them; their cells are not applicable. A name that
// the description does not hold is an error; to select nothing is not.
func (e *Enterprise) Subjects(sel Selection) ([]Subject, error) {
	if err := e.checkSelection(sel); err != nil {
		return nil, err
	}
	roles := sel.Roles
	if len(roles) == 0 && len(sel.Systems) == 0 {
		roles = []Role{BK, DR}
	}
	wanted := func(s *System) bool {
		return (len(roles) == 0 || slices.Contains(roles, s.Role)) &&
			(len(sel.Sites) == 0 || slices.Contains(sel.Sites, s.Site))
	}
	named := func(name string) bool { return slices.Contains(sel.Systems, name) }

	var subjects []Subject
	for i := range e.Sites {
		for j := range e.Systems {
			s := &e.Systems[j]
			if s.Site != e.Sites[i].Name || !wanted(s) {
				continue
			}
			whole := len(sel.Systems) == 0 || named(s.Name)
			if whole {
				subjects = append(subjects, Subject{Name: s.Name, Site: s.Site, Role: s.Role, System: s})
			}
			for k := range e.Links {
				if l := &e.Links[k]; l.From == s.Name && (whole || named(l.Name())) {
					subjects = append(subjects, Subject{Name: l.Name(), Site: s.Site, Role: s.Role, Link: l})
				}
			}
		}
	}
	return subjects, nil
}

// checkSelection returns one error for every name that does not exist.
func (e *Enterprise) checkSelection(sel Selection) error {
	var unknown []string
	check := func(what, name string, exist []string) {
		if slices.Contains(exist, name) {
			return
		}
		text := fmt.Sprintf("there is no %s %q", what, name)
		if c := closest(name, exist); c != "" {
			text += fmt.Sprintf("; did you mean %q?", c)
		} else {
			text += "; there are " + strings.Join(exist, ", ")
		}
		unknown = append(unknown, text)
	}
	systems := e.systemNames()
	for _, l := range e.Links {
		systems = append(systems, l.Name())
	}
	for _, s := range sel.Systems {
		check("system or link", s, systems)
	}
	for _, s := range sel.Sites {
		check("site", s, e.siteNames())
	}
	for _, r := range sel.Roles {
		check("role", string(r), r.values())
	}
	if len(unknown) > 0 {
		return fmt.Errorf("%s", strings.Join(unknown, "\n"))
	}
	return nil
}
