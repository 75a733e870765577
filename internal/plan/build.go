package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strings"
	"time"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
	"pacsuat/internal/tagexpr"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

// Input is all that a plan is made of.
type Input struct {
	Enterprise *enterprise.Enterprise
	// EnterpriseYAML is written into the plan, so that a part of it can be
	// executed elsewhere. Empty for the embedded cluster.
	EnterpriseYAML []byte
	// Simulated says that every system is an embedded simulated one. Only the
	// wiring of such a fixture may say so.
	Simulated bool
	SimFaults []string

	Sources    []Source
	Vocabulary *vocab.Vocabulary
	Selection  Selection

	Seed      uint64
	AsOf      time.Time
	Volume    float64 // share of realistic volume, above 0; 1 = the profile as it is
	Binary    rundir.Binary
	AllowProd bool
	AllowLive map[string]int64 // system → bytes
}

// Build makes the plan. See the package comment for its errors.
func Build(in Input) (*rundir.Plan, error) {
	if in.Volume <= 0 || math.IsInf(in.Volume, 0) || math.IsNaN(in.Volume) {
		return nil, fmt.Errorf("--volume is %v: the share of realistic volume must be above 0 (1 = as in reality)", in.Volume)
	}
	features, err := parseAll(in.Sources, in.Vocabulary)
	if err != nil {
		return nil, err
	}
	wanted, err := in.Selection.scenarios(features)
	if err != nil {
		return nil, err
	}
	subjects, err := in.Selection.subjects(in.Enterprise)
	if err != nil {
		return nil, err
	}
	exceptions, err := readExceptions(in.Enterprise, features)
	if err != nil {
		return nil, err
	}
	for name := range in.AllowLive {
		if in.Enterprise.System(name) == nil {
			var have []string
			for i := range in.Enterprise.Systems {
				have = append(have, in.Enterprise.Systems[i].Name)
			}
			return nil, fmt.Errorf("--allow-live names %q, and no system has that name%s", name, didYouMean(name, have))
		}
	}
	p := &rundir.Plan{
		Schema: rundir.PlanSchema, Binary: in.Binary, Seed: in.Seed, AsOf: in.AsOf.Format(time.DateOnly),
		Volume: in.Volume, Tags: in.Selection.Tags,
		EnterpriseName: in.Enterprise.Name, EnterpriseYAML: string(in.EnterpriseYAML), Simulated: in.Simulated,
		VocabularyHash: in.Vocabulary.Hash(), CheckNames: in.Vocabulary.CheckNames(),
		AllowProd: in.AllowProd, AllowLive: in.AllowLive, SimFaults: in.SimFaults,
	}
	b := builder{in: &in, exceptions: exceptions, demands: map[*scenario]demands{}, sent: map[string]int64{}, used: map[string]bool{}, ids: map[string]bool{}}
	for _, s := range subjects {
		cells := b.cells(s, features, wanted)
		if len(cells) == 0 {
			if !in.Selection.narrows() {
				p.Untested = append(p.Untested, rundir.Untested{Subject: s.Name, Reason: untested(s)})
			}
			continue
		}
		p.Subjects = append(p.Subjects, s)
		p.Cells = append(p.Cells, cells...)
		p.Cells = append(p.Cells, b.inboxCell(s))
	}
	if len(p.Cells) == 0 {
		return nil, ErrNothingSelected
	}
	if err := in.Selection.checkPlanned(in.Enterprise, p); err != nil {
		return nil, err
	}
	p.Masked = maskedLinks(p, in.Enterprise)
	for _, f := range features {
		if b.used[f.source.Path] {
			p.Features = append(p.Features, rundir.Feature{Path: f.source.Path, Name: f.name, SHA256: f.source.hash()})
		}
	}
	p.Features = append(p.Features, rundir.Feature{Path: rundir.InboxFeature, Name: inboxName})
	if p.Closure, err = closure(&in, b.sent); err != nil {
		return nil, err
	}
	return p, nil
}

func parseAll(sources []Source, v *vocab.Vocabulary) ([]*feature, error) {
	var problems Problems
	var features []*feature
	first := map[string]string{} // as a file system sees it that ignores case
	for _, src := range sources {
		fold := strings.ToLower(src.Path)
		if before, ok := first[fold]; ok {
			problems.add(src.Path, 1, "this feature is there twice (%s): its scenarios and those of the other would have the same IDs or files", before)
			continue
		}
		first[fold] = src.Path
		if f := parse(src, v, &problems); f != nil {
			features = append(features, f)
		}
	}
	for _, f := range features {
		lintSubjects(f, &problems)
	}
	return features, problems.err()
}

// lintSubjects finds sentences about a receiving system where there is none.
func lintSubjects(f *feature, problems *Problems) {
	for i := range f.scenarios {
		s := &f.scenarios[i]
		for j, m := range s.matches {
			d := m.Sentence.Demand(m.Args)
			if d.Receiving > 0 && forSystems(s) {
				problems.add(f.source.Path, s.line, "%q speaks of a receiving system, which only a link has; tag the feature @for-forwards-to or @for-replicates-to", s.steps[j].Text)
			}
		}
	}
}

// forSystems reports whether a scenario's subjects are systems: said by tag, or
// nothing said.
func forSystems(s *scenario) bool {
	if s.has(tagForSystem) {
		return true
	}
	for _, k := range allLinkKinds {
		if s.has(tagForLinkPrefix + string(k)) {
			return false
		}
	}
	return true
}

var allLinkKinds = []enterprise.LinkKind{
	enterprise.ReplicatesTo, enterprise.ForwardsTo, enterprise.FederatesWith, enterprise.DirectAccess,
}

// untested says why nothing is planned for a subject.
func untested(s rundir.Subject) string {
	if s.Kind == rundir.SubjectLink {
		return "no feature speaks of links of kind " + s.Link
	}
	return "no feature speaks of systems"
}

type builder struct {
	in         *Input
	exceptions map[string][]exception // by system
	demands    map[*scenario]demands
	sent       map[string]int64 // bytes by target system
	used       map[string]bool  // feature paths that have a cell
	ids        map[string]bool  // cell IDs, in lower case
}

var unsafe = regexp.MustCompile(`[^A-Za-z0-9_-]+`)

// maxCellID keeps file names (ID and an ending) below what Windows takes.
const maxCellID = 120

// cellID returns an ID that is a file name of its own on every system, also
// where upper and lower case are the same: what others have been written as
// already, or is too long, gets a hash.
func (b *builder) cellID(subject, feature string) string {
	id := unsafe.ReplaceAllString(subject, "-") + "." + unsafe.ReplaceAllString(feature, "-")
	if len(id) > maxCellID || b.ids[strings.ToLower(id)] {
		sum := sha256.Sum256([]byte(subject + "\x00" + feature))
		id = id[:min(len(id), maxCellID-17)] + "-" + hex.EncodeToString(sum[:8])
	}
	b.ids[strings.ToLower(id)] = true
	return id
}

func (b *builder) cells(s rundir.Subject, features []*feature, wanted func(*scenario) bool) []rundir.Cell {
	var cells []rundir.Cell
	for _, f := range features {
		cell := rundir.Cell{Subject: s.Name, Feature: f.source.Path}
		for i := range f.scenarios {
			sc := &f.scenarios[i]
			if applies(sc, s) && wanted(sc) {
				cell.Scenarios = append(cell.Scenarios, b.scenario(sc, s))
			}
		}
		if len(cell.Scenarios) > 0 {
			cell.ID = b.cellID(s.Name, f.source.Path)
			b.used[f.source.Path] = true
			cells = append(cells, cell)
		}
	}
	return cells
}

func applies(sc *scenario, s rundir.Subject) bool {
	if s.Kind == rundir.SubjectSystem {
		return forSystems(sc)
	}
	return sc.has(tagForLinkPrefix + s.Link)
}

const inboxName = "Nothing arrives unasked, late or twice"

// inboxCell is the blocker that every subject has without anybody writing it.
func (b *builder) inboxCell(s rundir.Subject) rundir.Cell {
	return rundir.Cell{
		ID: b.cellID(s.Name, rundir.InboxFeature), Subject: s.Name, Feature: rundir.InboxFeature,
		Scenarios: []rundir.Scenario{{
			ID: rundir.InboxScenario, Name: inboxName, Severity: rundir.Blocker,
			Tags:  []string{"@integrity"},
			Steps: []rundir.Step{{Keyword: rundir.Then, Text: rundir.InboxStep}},
		}},
	}
}

func (b *builder) scenario(sc *scenario, s rundir.Subject) rundir.Scenario {
	out := rundir.Scenario{ID: sc.id, Name: sc.name, Tags: sc.tags, Severity: severity(sc), Steps: sc.steps}
	switch {
	case sc.has(tagExclusiveCluster):
		out.Exclusive = "cluster"
	case sc.has(tagExclusiveSystem):
		out.Exclusive = "system"
	}
	d, known := b.demands[sc]
	if !known {
		d = demand(sc, b.in.Volume)
		b.demands[sc] = d
	}
	out.Effect, out.Instances, out.Bytes, out.Associations = d.effect, d.instances, d.bytes, d.associations
	target := targetOf(s)
	if out.NotApplicable = b.notApplicable(sc, s); out.NotApplicable == "" {
		out.Blocked = b.blocked(sc, s, target, d)
	}
	if out.NotApplicable == "" && out.Blocked == "" && writes(out.Effect) {
		b.sent[target] = plus(b.sent[target], out.Bytes)
	}
	return out
}

// targetOf returns the system that a subject's scenarios send to.
func targetOf(s rundir.Subject) string {
	if s.Kind == rundir.SubjectLink {
		return s.From
	}
	return s.Name
}

// plus adds volumes; what no number can hold stays the largest, and is never
// taken for little.
func plus(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

func writes(e rundir.Effect) bool { return e == rundir.EffectWrite || e == rundir.EffectDestroy }

func severity(sc *scenario) rundir.Severity {
	// The worst of several, so that an outline's example can only raise it.
	for _, s := range rundir.Severities {
		if sc.has("@" + string(s)) {
			return s
		}
	}
	return rundir.Blocker
}

// demands is what a whole scenario asks of its subject.
type demands struct {
	effect       rundir.Effect
	instances    int64
	bytes        int64
	associations int // at once, with the system under test
	receiving    int // at once, with the receiving system
	simulated    bool
}

var effects = map[vocab.Effect]rundir.Effect{
	vocab.None: rundir.EffectNone, vocab.Read: rundir.EffectRead,
	vocab.Write: rundir.EffectWrite, vocab.Destroy: rundir.EffectDestroy,
}

func demand(sc *scenario, volume float64) demands {
	var d demands
	var worst vocab.Effect
	type study struct {
		recipe synth.Recipe
		images int
	}
	var made []study
	send := func(st study, images int) {
		n, bytes := synth.Size(st.recipe, images)
		d.instances = plus(d.instances, int64(n))
		d.bytes = plus(d.bytes, bytes)
	}
	for _, m := range sc.matches {
		one := m.Sentence.Demand(m.Args)
		worst = max(worst, one.Effect)
		d.simulated = d.simulated || m.Sentence.SimulatedOnly
		if mk := one.Makes; mk != nil {
			// parse has refused unknown kinds.
			if r, err := synth.Acceptance(mk.Kind); err == nil {
				for range mk.Studies {
					made = append(made, study{r, vocab.Images(mk.Images, r.Images.Mean, volume)})
				}
			}
		}
		switch {
		case one.Sends == vocab.SendsStudy && len(made) > 0:
			send(made[len(made)-1], made[len(made)-1].images)
		case one.Sends == vocab.SendsStudies:
			for _, st := range made {
				send(st, st.images)
			}
		case one.Sends == vocab.SendsImages && len(made) > 0:
			send(made[len(made)-1], one.Images)
		}
		associations := one.Associations
		if associations == vocab.EachStudy {
			associations = len(made)
		}
		d.associations = max(d.associations, associations)
		d.receiving = max(d.receiving, one.Receiving)
	}
	d.effect = effects[worst]
	if sc.has(tagDestructive) {
		d.effect = rundir.EffectDestroy
	}
	return d
}

// blocked returns why a scenario may not or can't run on this subject.
func (b *builder) blocked(sc *scenario, s rundir.Subject, target string, d demands) string {
	e := b.in.Enterprise
	sys := e.System(target)
	if d.simulated && !b.in.Simulated {
		return "asks for more than the harness's own patients, which is allowed only on the embedded simulated cluster"
	}
	if writes(d.effect) && sys.Role == enterprise.Prod && !b.in.released(target) {
		return fmt.Sprintf("%s is a production system: it is only queried, unless its description says uat_allowed: true and the run says --allow-prod", target)
	}
	if d.effect == rundir.EffectDestroy {
		if path, live := reachesLive(e, target); live {
			return fmt.Sprintf("destructive, and its writes reach a live system (%s)", path)
		}
	}
	for _, need := range []struct {
		system string
		n      int
	}{{target, d.associations}, {s.To, d.receiving}} {
		if need.n == 0 {
			continue
		}
		other := e.System(need.system)
		if other == nil {
			continue
		}
		if budget := other.Budget.MaxAssociations; need.n > budget {
			return fmt.Sprintf("needs %d associations at once, and the budget of %s allows %d (budget: max_associations)", need.n, need.system, budget)
		}
		if other.Endpoints.Store == nil && other.Endpoints.QueryRetrieve == nil {
			return fmt.Sprintf("the description of %s declares neither a store nor a query_retrieve endpoint", need.system)
		}
	}
	return ""
}

// exception is a not_applicable entry of a system.
type exception struct {
	scenarios []string
	tags      *tagexpr.Expression
	reason    string
}

// readExceptions checks every not_applicable entry: an exception that names no
// scenario would silently except nothing, and one that means another scenario
// after an edit would except the wrong one.
func readExceptions(e *enterprise.Enterprise, features []*feature) (map[string][]exception, error) {
	out := map[string][]exception{}
	var errs []error
	loaded := map[string]bool{}
	for _, f := range features {
		loaded[f.source.Path] = true
	}
	for i := range e.Systems {
		sys := &e.Systems[i]
		for _, na := range sys.NotApplicable {
			ex := exception{scenarios: na.Scenarios, reason: na.Reason}
			for _, id := range na.Scenarios {
				path := pathOf(id)
				if path == "" || path == id {
					errs = append(errs, fmt.Errorf("not_applicable of %s: %q is no ID of a scenario (path:line, as the plan prints it)", sys.Name, id))
				} else if err := known(id, features); err != nil && loaded[path] {
					errs = append(errs, fmt.Errorf("not_applicable of %s: %w", sys.Name, err))
				}
			}
			if na.Tags != "" {
				t, err := parseTags(na.Tags)
				if err != nil {
					errs = append(errs, fmt.Errorf("not_applicable of %s: %w", sys.Name, err))
					continue
				}
				ex.tags = t
			}
			out[sys.Name] = append(out[sys.Name], ex)
		}
	}
	return out, errors.Join(errs...)
}

var idPath = regexp.MustCompile(`^(.*?\.feature)`)

func pathOf(id string) string { return idPath.FindString(id) }

func (b *builder) notApplicable(sc *scenario, s rundir.Subject) string {
	systems := []string{s.Name}
	if s.Kind == rundir.SubjectLink {
		if l := b.in.Enterprise.Link(s.Name); l != nil && l.SuspendedForUAT {
			return "the link is declared suspended for the test"
		}
		systems = []string{s.From, s.To}
	}
	for _, name := range systems {
		for _, ex := range b.exceptions[name] {
			if ex.tags != nil && ex.tags.Matches(sc.tags) {
				return ex.reason
			}
			for _, id := range ex.scenarios {
				if matchesID(sc.id, id) {
					return ex.reason
				}
			}
		}
	}
	return ""
}
