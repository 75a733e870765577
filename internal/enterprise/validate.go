package enterprise

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"

	"pacsuat/internal/tagexpr"
)

// validate records everything that is wrong with what was read, before defaults
// are filled in or after. Values that parsing has already complained about are
// their zero values here, and complained about once only.
func (e *Enterprise) validate(c *problems) {
	if blank(e.Name) {
		c.add("name", Problem{What: "is empty", Expected: "the cluster's name"})
	}
	e.validateHarness(c)
	validateFence(c, "fence", e.Fence, DefaultFence())
	e.validateSites(c)
	e.validateSystems(c)
	e.validateAddresses(c)
	e.validateLinks(c)
}

// nameForm keeps names fit for file names on every machine and for A->B, lists
// (a,b) and SUBJECT=FAULT:VALUE on a command line.
var nameForm = regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9_-]{0,38}[A-Za-z0-9])?$`)

// reservedName are the names that Windows keeps for devices.
var reservedName = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])$`)

// names checks that names are fit and unique, also where upper and lower case
// are the same (file names on Windows and macOS).
type names map[string]string // folded name → path

func (n names) check(c *problems, path, name string) {
	switch {
	case name == "":
		c.add(path, Problem{What: "is empty", Expected: "a short name"})
		return
	case !nameForm.MatchString(name):
		c.add(path, Problem{What: fmt.Sprintf("%q is not fit for a name", clip(name)), Expected: "1 to 40 letters (a-z), digits, - and _, beginning and ending with a letter or digit"})
		return
	case reservedName.MatchString(name):
		c.add(path, Problem{What: fmt.Sprintf("%q can't be a file name on Windows", name), Do: "choose another name"})
		return
	}
	fold := strings.ToLower(name)
	if first, ok := n[fold]; ok {
		c.add(path, Problem{What: fmt.Sprintf("%q is used already%s", name, c.at(first)), Do: "give each its own name"})
		return
	}
	n[fold] = path
}

// at returns " (path, line n)" for a message about another place.
func (c *problems) at(path string) string {
	if c.src == nil {
		return " (" + path + ")"
	}
	return fmt.Sprintf(" (%s, line %d)", path, c.src.line(path))
}

// reference records a problem if name is not among the names that exist.
func (c *problems) reference(path, name, what string, exist []string) bool {
	if slices.Contains(exist, name) && name != "" {
		return true
	}
	if name != "" && (len(exist) == 0 || slices.Contains(exist, "")) {
		return false // some names could not be read, which is reported there
	}
	p := Problem{What: fmt.Sprintf("there is no %s %q", what, clip(name)), DidYouMean: closest(name, exist)}
	if name == "" {
		p.What = "is empty"
	}
	p.Expected = "the name of a " + what
	if p.DidYouMean == "" && len(exist) > 0 && len(exist) <= 24 {
		p.Expected = "one of " + strings.Join(exist, ", ")
	}
	c.add(path, p)
	return false
}

func (e *Enterprise) siteNames() []string {
	var names []string
	for i := range e.Sites {
		names = append(names, e.Sites[i].Name)
	}
	return names
}

func (e *Enterprise) systemNames() []string {
	var names []string
	for i := range e.Systems {
		names = append(names, e.Systems[i].Name)
	}
	return names
}

func (e *Enterprise) validateSystems(c *problems) {
	if len(e.Systems) == 0 {
		c.add("systems", Problem{What: "holds no system", Expected: "at least one"})
	}
	sites, used := e.siteNames(), names{}
	for i := range e.Systems {
		s, path := &e.Systems[i], fmt.Sprintf("systems[%d]", i)
		used.check(c, path+".name", s.Name)
		c.reference(path+".site", s.Site, "site", sites)
		checkEnum(c, path+".role", s.Role)
		if s.UATAllowed && s.Role != Prod && s.Role != "" {
			c.add(path+".uat_allowed", Problem{What: fmt.Sprintf("has no meaning for role %s", s.Role), Expected: "it on role prod only", Do: "remove it"})
		}
		validateEndpoints(c, path+".endpoints", s)
		e.validateMoveTable(c, path+".move_table", s.MoveTable)
		for j, na := range s.NotApplicable {
			validateNotApplicable(c, fmt.Sprintf("%s.not_applicable[%d]", path, j), na)
		}
		validateBudget(c, path+".budget", s.Budget)
	}
}

func validateBudget(c *problems, path string, b Budget) {
	if b.MaxAssociations < 0 || b.MaxAssociations == 0 && c.has(path+".max_associations") {
		c.add(path+".max_associations", Problem{What: fmt.Sprintf("%d associations", b.MaxAssociations), Expected: "1 or more", Do: fmt.Sprintf("remove it for the default, %d", DefaultMaxAssociations)})
	}
	if b.RequestsPerSecond < 0 || !finite(b.RequestsPerSecond) {
		c.add(path+".requests_per_second", Problem{What: fmt.Sprintf("%v requests a second", b.RequestsPerSecond), Expected: "more than 0", Do: "remove it for the default"})
	}
}

func finite(f float64) bool { return !math.IsNaN(f) && !math.IsInf(f, 0) }

func validateNotApplicable(c *problems, path string, na NotApplicable) {
	if blank(na.Reason) {
		c.add(path+".reason", Problem{What: "is empty", Expected: "why it does not apply, with the place in the vendor's documentation that says so"})
	}
	if len(na.Scenarios) == 0 && !c.has(path+".tags") && na.Tags == "" {
		c.add(path, Problem{What: "names nothing that does not apply", Expected: "scenarios (a list of IDs) or tags (an expression)"})
	}
	for i, id := range na.Scenarios {
		if blank(id) {
			c.add(fmt.Sprintf("%s.scenarios[%d]", path, i), Problem{What: "is empty", Expected: "the ID of a scenario, as the plan prints it"})
		}
	}
	if na.Tags != "" || c.has(path+".tags") {
		validateTags(c, path+".tags", na.Tags)
	}
}

// validateTags refuses what the expression language takes but nobody means: an
// empty expression matches every scenario, and "not @x" nearly all.
func validateTags(c *problems, path, expression string) {
	if blank(expression) {
		c.add(path, Problem{What: "is empty, which would match every scenario", Expected: "tags, such as @worklist"})
		return
	}
	parsed, err := tagexpr.Parse(expression)
	if word := (*tagexpr.WordError)(nil); errors.As(err, &word) {
		c.add(path, Problem{What: fmt.Sprintf("%q is not a tag", clip(word.Word)), Expected: "tags joined by and, or, not, such as " + tagexpr.Example, DidYouMean: "@" + strings.Trim(clip(word.Word), "@~!")})
		return
	}
	if err != nil {
		c.add(path, Problem{What: "can't be read: " + err.Error(), Expected: "a tag expression, such as " + tagexpr.Example})
		return
	}
	if parsed.Matches(nil) {
		c.add(path, Problem{What: fmt.Sprintf("%q would match scenarios without any of these tags, that is nearly all", clip(expression)), Expected: "an expression that needs at least one tag to be there"})
	}
}

func (e *Enterprise) validateLinks(c *problems) {
	systems, used := e.systemNames(), map[string]string{}
	for i, l := range e.Links {
		path := fmt.Sprintf("links[%d]", i)
		from := c.reference(path+".from", l.From, "system", systems)
		to := c.reference(path+".to", l.To, "system", systems)
		checkEnum(c, path+".kind", l.Kind)
		if l.SuspendedForUAT && l.Kind != "" && !l.Kind.CarriesWrites() {
			c.add(path+".suspended_for_uat", Problem{What: fmt.Sprintf("has no meaning for %s, which carries no writes", l.Kind), Expected: "it on replicates-to or forwards-to", Do: "remove it"})
		}
		if l.SkipsReplicas && l.Kind != "" && l.Kind != ForwardsTo {
			c.add(path+".skips_replicas", Problem{What: fmt.Sprintf("has no meaning for %s", l.Kind), Expected: "it on forwards-to", Do: "remove it"})
		}
		if !from || !to {
			continue
		}
		if l.From == l.To {
			c.add(path, Problem{What: fmt.Sprintf("links %s to itself", l.From), Expected: "two systems"})
			continue
		}
		if first, ok := used[l.Name()]; ok {
			c.add(path, Problem{What: fmt.Sprintf("%s is linked already%s", l.Name(), c.at(first)), Expected: "one link from a system to another", Do: "keep the one that carries writes, if one does"})
			continue
		}
		used[l.Name()] = path
	}
}

// checkEnum is for descriptions made in Go; parsing has checked it in a file.
func checkEnum[E interface {
	~string
	enum
}](c *problems, path string, v E) {
	if !slices.Contains(v.values(), string(v)) {
		c.add(path, Problem{What: fmt.Sprintf("%q is not known", clip(string(v))), Expected: "one of " + strings.Join(v.values(), ", "), DidYouMean: closest(string(v), v.values())})
	}
}

func blank(s string) bool { return strings.TrimSpace(s) == "" }
