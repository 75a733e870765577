package rundir

import "time"

// VerdictSchema names the version of Verdict's form.
const VerdictSchema = "pacsuat/verdict/1"

// Outcome of a scenario or cell.
type Outcome string

const (
	Fail          Outcome = "fail"         // the subject is wrong
	Inconclusive  Outcome = "inconclusive" // no evidence either way
	Pending       Outcome = "pending"      // waits for a person
	Flaky         Outcome = "flaky"        // passed after an inconclusive attempt
	Waived        Outcome = "waived"       // failed and tolerated by the criteria
	Pass          Outcome = "pass"
	NotApplicable Outcome = "not-applicable" // declared beforehand with a reason
)

// Outcomes lists them, worst first.
var Outcomes = []Outcome{Fail, Inconclusive, Pending, Flaky, Waived, Pass, NotApplicable}

// Gate is the answer to go or no-go.
type Gate string

const (
	Go               Gate = "go"
	ConditionalGo    Gate = "conditional-go"
	NoGo             Gate = "no-go"
	GateInconclusive Gate = "inconclusive"
)

// Verdict is verdict.json.
type Verdict struct {
	Schema     string             `json:"schema"`
	Gate       Gate               `json:"gate"`
	Reasons    []string           `json:"reasons"`              // why the gate is what it is, one sentence each
	Conditions []string           `json:"conditions,omitempty"` // conditional go: by name
	PlanSHA256 string             `json:"plan_sha256"`
	Judged     time.Time          `json:"judged"`
	Enterprise string             `json:"enterprise"`
	Simulated  bool               `json:"simulated,omitempty"`
	Executions []ExecutionSummary `json:"executions"`
	Systems    []Subject          `json:"systems"`  // columns
	Features   []Feature          `json:"features"` // rows
	Cells      []CellVerdict      `json:"cells"`
	Scenarios  []ScenarioVerdict  `json:"scenarios"`
}

// ExecutionSummary names an execution that was judged.
type ExecutionSummary struct {
	Dir         string     `json:"dir"`
	Nonce       string     `json:"nonce"`
	Machine     string     `json:"machine"`
	Vantage     string     `json:"vantage,omitempty"`
	Started     time.Time  `json:"started"`
	Ended       *time.Time `json:"ended,omitempty"`
	Interrupted string     `json:"interrupted,omitempty"`
}

// CellVerdict is one cell of the matrix: its worst scenario and its counts.
type CellVerdict struct {
	System    string  `json:"system"` // the subject
	Feature   string  `json:"feature"`
	Verdict   Outcome `json:"verdict"`
	Scenarios Counts  `json:"scenarios"`
}

// Counts of scenarios by outcome.
type Counts struct {
	Planned       int `json:"planned"`
	Pass          int `json:"pass"`
	Fail          int `json:"fail"`
	Inconclusive  int `json:"inconclusive"`
	Pending       int `json:"pending"`
	Flaky         int `json:"flaky"`
	Waived        int `json:"waived"`
	NotApplicable int `json:"not_applicable"`
}

// ScenarioVerdict is one scenario of one cell.
type ScenarioVerdict struct {
	ID       string   `json:"id"`
	System   string   `json:"system"` // the subject
	Feature  string   `json:"feature"`
	Scenario string   `json:"scenario"` // its name
	Tags     []string `json:"tags,omitempty"`
	Verdict  Outcome  `json:"verdict"`
	Severity Severity `json:"severity"`
	Reason   string   `json:"reason"`         // one sentence; why not a pass
	Step     string   `json:"step,omitempty"` // where the reason arose
	Attempts int      `json:"attempts"`
	// Waiver is the reason of the criteria that tolerate a fail (Verdict is
	// Waived) or accept a pass after an inconclusive attempt (Verdict is Flaky;
	// a flaky one without a waiver counts as inconclusive).
	Waiver string `json:"waiver,omitempty"`
}
