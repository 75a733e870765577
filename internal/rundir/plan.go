package rundir

import "time"

// PlanSchema names the version of Plan's form.
const PlanSchema = "pacsuat/plan/1"

// Plan says beforehand every scenario that every cell must yield. It is
// written once as plan.json, never changed, and known by the hash of its
// bytes: executions of the same plan are judged together.
//
// It holds everything that an execution elsewhere needs but the secrets, which
// stay references (env:NAME, file:PATH).
type Plan struct {
	Schema string  `json:"schema"`
	Binary Binary  `json:"binary"`
	Seed   uint64  `json:"seed"`
	AsOf   string  `json:"as_of"`  // date that studies are dated from, YYYY-MM-DD
	Volume float64 `json:"volume"` // share of realistic volume, 1 = the profile as it is
	Tags   string  `json:"tags,omitempty"`

	EnterpriseName string `json:"enterprise_name"`
	// EnterpriseYAML is the description that was planned for. It is empty when
	// the embedded simulated cluster was planned for (Simulated is true then).
	EnterpriseYAML string `json:"enterprise_yaml,omitempty"`
	Simulated      bool   `json:"simulated,omitempty"`

	VocabularyHash string    `json:"vocabulary_hash"`
	Features       []Feature `json:"features"`
	CheckNames     []string  `json:"check_names"` // every check that the vocabulary can yield
	Subjects       []Subject `json:"subjects"`
	Cells          []Cell    `json:"cells"`
	// Untested are systems and links that were selected and that no feature
	// speaks of: nobody may take their absence for a pass.
	Untested []Untested `json:"untested,omitempty"`
	// Masked are planned links that could be down and their cells pass.
	Masked []Masked `json:"masked,omitempty"`

	Closure   Closure          `json:"closure"`
	AllowProd bool             `json:"allow_prod,omitempty"`
	AllowLive map[string]int64 `json:"allow_live,omitempty"` // system → bytes
	SimFaults []string         `json:"sim_faults,omitempty"` // SUBJECT=FAULT[:VALUE], embedded cluster only
}

// Binary identifies the build that planned or executed.
type Binary struct {
	Version string `json:"version"`
	SHA256  string `json:"sha256"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
}

// Feature is one feature file: one row of the matrix.
type Feature struct {
	Path   string `json:"path"`
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
}

// SubjectKind says what a column of the matrix is.
type SubjectKind string

const (
	SubjectSystem SubjectKind = "system"
	SubjectLink   SubjectKind = "link" // named A->B
)

// Subject is a column of the matrix.
type Subject struct {
	Name string      `json:"name"`
	Kind SubjectKind `json:"kind"`
	Site string      `json:"site"` // of the system, or of the link's start
	Role string      `json:"role,omitempty"`
	From string      `json:"from,omitempty"` // links: the systems that it joins
	To   string      `json:"to,omitempty"`
	Link string      `json:"link,omitempty"` // links: replicates-to, forwards-to, …
}

// Masked is a link whose cells can't speak for it: what is sent to its first
// system comes to its last one by another way too.
type Masked struct {
	Link string   `json:"link"`
	Path []string `json:"path"` // the other way: names of systems, both ends included
}

// Untested is a subject that nothing is planned for.
type Untested struct {
	Subject string `json:"subject"`
	Reason  string `json:"reason"`
}

// Severity of a scenario, by its tag. None means blocker.
type Severity string

const (
	Blocker  Severity = "blocker"
	Critical Severity = "critical"
	Major    Severity = "major"
	Minor    Severity = "minor"
)

// Severities lists them, worst first.
var Severities = []Severity{Blocker, Critical, Major, Minor}

// InboxFeature is the path of the implicit feature that every subject has:
// nothing arrives unasked at the inbox, nothing late, nothing twice.
const (
	InboxFeature  = "(inbox)"
	InboxScenario = "(inbox):1"
	InboxStep     = "nothing arrives unasked, late or twice"
)

// Cell is (subject × feature).
type Cell struct {
	ID        string     `json:"id"` // safe as a file name
	Subject   string     `json:"subject"`
	Feature   string     `json:"feature"` // path
	Scenarios []Scenario `json:"scenarios"`
}

// Scenario is one planned scenario of one cell.
type Scenario struct {
	ID       string   `json:"id"` // feature path:line[:example row], and @REQ tag if any
	Name     string   `json:"name"`
	Tags     []string `json:"tags,omitempty"` // with the @
	Severity Severity `json:"severity"`
	// NotApplicable is the declared reason why the subject does not offer it.
	NotApplicable string `json:"not_applicable,omitempty"`
	// Blocked is the reason why it may not run or can't run here (a destructive
	// scenario whose writes reach a live system, more associations than the
	// budget). A blocked scenario is inconclusive.
	Blocked string `json:"blocked,omitempty"`
	Steps   []Step `json:"steps"`

	Effect       Effect `json:"effect"`
	Instances    int64  `json:"instances"`           // sent to the subject
	Bytes        int64  `json:"bytes"`               // sent to the subject
	Associations int    `json:"associations"`        // held at once with the subject
	Exclusive    string `json:"exclusive,omitempty"` // "", "system" or "cluster"
}

// Effect is what a step or scenario does to its subject, mildest first.
type Effect string

const (
	EffectNone    Effect = ""
	EffectRead    Effect = "read"
	EffectWrite   Effect = "write"
	EffectDestroy Effect = "destroy"
)

// Resolved keywords of a step (And and But take the one before them).
const (
	Given = "Given"
	When  = "When"
	Then  = "Then"
)

// Step is one planned step.
type Step struct {
	Keyword   string     `json:"keyword"` // Given, When or Then, resolved
	Text      string     `json:"text"`
	Sentence  string     `json:"sentence"` // the vocabulary's expression that it matched
	Table     [][]string `json:"table,omitempty"`
	DocString *string    `json:"doc_string,omitempty"`
}

// Closure is what the planned writes reach over links.
type Closure struct {
	Reaches []Reach `json:"reaches"`
}

// Reach is one system that a target's writes reach.
type Reach struct {
	Target string   `json:"target"`
	System string   `json:"system"`
	Path   []string `json:"path"` // systems from the target to System, both included
	Live   bool     `json:"live"`
	Bytes  int64    `json:"bytes"`
	// Stopped is the suspended link (A->B) that the write is declared to stop
	// at; System is then not reached. Such a link gets a sentinel first.
	Stopped string `json:"stopped,omitempty"`
	Allowed bool   `json:"allowed,omitempty"` // by --allow-live
}

// Execution is execution.json: one process executing a plan or a part of it.
type Execution struct {
	Schema      string         `json:"schema"` // pacsuat/execution/1
	PlanSHA256  string         `json:"plan_sha256"`
	Nonce       string         `json:"nonce"`   // of this execution, hex
	Machine     string         `json:"machine"` // safe as a file name
	Vantage     string         `json:"vantage"` // which site's network, as told
	Binary      Binary         `json:"binary"`
	Started     time.Time      `json:"started"`
	ClockOffset *time.Duration `json:"clock_offset,omitempty"` // measured; nil = not measured
	Cells       []string       `json:"cells"`                  // what this execution set out to do
	Scenarios   []string       `json:"scenarios,omitempty"`    // a part of those cells; empty = all
	Ended       *time.Time     `json:"ended,omitempty"`
	Interrupted string         `json:"interrupted,omitempty"`
}

// ExecutionSchema names the version of Execution's form.
const ExecutionSchema = "pacsuat/execution/1"
