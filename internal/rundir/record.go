package rundir

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// Record is one line of obs/<machine>/*.jsonl. Exactly one of the pointers is
// set, and it says what the record is.
type Record struct {
	Seq       uint64        `json:"seq"`  // from 1, without gaps, per file
	Time      time.Time     `json:"time"` // UTC
	Mono      time.Duration `json:"mono"` // since the execution began
	Cell      string        `json:"cell,omitempty"`
	Scenario  string        `json:"scenario,omitempty"`
	Attempt   int           `json:"attempt,omitempty"` // from 1
	StepIndex int           `json:"step,omitempty"`    // from 1; 0 = outside steps

	Begin       *Begin       `json:"begin,omitempty"`
	StepEnd     *StepEnd     `json:"step_end,omitempty"`
	Intent      *Intent      `json:"intent,omitempty"`
	Observation *Observation `json:"observation,omitempty"`
	Check       *Check       `json:"check,omitempty"`
	Arrival     *Arrival     `json:"arrival,omitempty"`
	Answered    *Answered    `json:"answered,omitempty"`
	End         *End         `json:"end,omitempty"`
	InboxEnd    *InboxEnd    `json:"inbox_end,omitempty"`
}

// Begin opens an attempt of a scenario.
type Begin struct{}

// StepEnd closes a step.
type StepEnd struct {
	Duration time.Duration `json:"duration"`
	// Error is why the step could not go on, reduced; empty = it finished.
	Error string `json:"error,omitempty"`
	// Cause classes the error.
	Cause Cause `json:"cause,omitempty"`
	// System is the one that Cause speaks of.
	System string `json:"system,omitempty"`
}

// Cause is why a step could not go on. Whether it is the subject's fault is
// judged later: silence after the system had answered is a fail, before it is
// inconclusive.
type Cause string

const (
	CauseNone      Cause = ""
	CauseRefused   Cause = "refused"   // connection or association refused
	CauseSilent    Cause = "silent"    // no answer within the operation's limit
	CauseDropped   Cause = "dropped"   // aborted or closed by the other side
	CauseViolation Cause = "violation" // the other side broke the protocol
	CauseLocal     Cause = "local"     // our own machine: ports, disk, memory
	CauseEngine    Cause = "engine"    // our own mistake: a panic, a handler that did not end
	CauseCancelled Cause = "cancelled" // the run was interrupted
	CauseFlow      Cause = "flow"      // an earlier answer leaves nothing to go on with
)

// Intent is written before something is sent.
type Intent struct {
	ID        string `json:"id"`        // unique in the file; an Observation with this ID is its outcome
	Operation string `json:"operation"` // C-STORE, C-FIND, …
	System    string `json:"system"`
	What      string `json:"what,omitempty"`
}

// Observation is what was seen.
type Observation struct {
	Intent    string            `json:"intent,omitempty"` // ID of the intent that it is the outcome of
	Operation string            `json:"operation"`
	System    string            `json:"system,omitempty"`
	Status    string            `json:"status,omitempty"` // as printed: 0xA700 out of resources
	Duration  time.Duration     `json:"duration,omitempty"`
	Count     int64             `json:"count,omitempty"`
	Bytes     int64             `json:"bytes,omitempty"`
	Detail    string            `json:"detail,omitempty"` // reduced
	Values    map[string]string `json:"values,omitempty"` // reduced
}

// Answered says that a system has answered something for the first time in
// this file. A reject is an answer.
type Answered struct {
	System string `json:"system"`
}

// Comparator of a Check.
type Comparator string

const (
	Equal          Comparator = "=="
	NotEqual       Comparator = "!="
	LessOrEqual    Comparator = "<="
	GreaterOrEqual Comparator = ">="
	OneOf          Comparator = "one of"
)

// Check is a comparison that judge makes again: Observed Comparator Limit.
type Check struct {
	Name       string     `json:"check"` // study.images, store.status, …; criteria name it
	Operation  string     `json:"operation,omitempty"`
	System     string     `json:"system,omitempty"`
	Comparator Comparator `json:"comparator"`
	Limit      Value      `json:"limit"`
	Observed   Value      `json:"observed"`
	Unit       string     `json:"unit,omitempty"`
	N          int64      `json:"n"` // samples behind Observed; 0 = no evidence
	// CensoredAt is set when the observation was ended before its answer (a
	// limit fired): the true value is at least this.
	CensoredAt *float64 `json:"censoredAt,omitempty"`
	// Detail is a sentence for people, reduced: what was expected, what came.
	Detail string `json:"detail,omitempty"`
}

// Value is a number, a text, or a list of texts (the limit of OneOf).
type Value struct {
	Number *float64
	Text   *string
	List   []string
}

// Number makes a numeric Value.
func Number(f float64) Value { return Value{Number: &f} }

// Text makes a textual Value.
func Text(s string) Value { return Value{Text: &s} }

// Texts makes the limit of OneOf.
func Texts(s ...string) Value { return Value{List: s} }

// String prints the value as people read it.
func (v Value) String() string {
	switch {
	case v.Number != nil:
		if a := math.Abs(*v.Number); a != 0 && (a < 1e-6 || a >= 1e15) {
			return strconv.FormatFloat(*v.Number, 'g', -1, 64)
		}
		return strconv.FormatFloat(*v.Number, 'f', -1, 64)
	case v.Text != nil:
		return *v.Text
	case v.List != nil:
		return strings.Join(v.List, " or ")
	}
	return "nothing"
}

// MarshalJSON writes a number, a string, a list of strings or null. JSON has
// no NaN and no infinity: they become the texts "NaN", "+Inf" and "-Inf", which
// judge can't compare with a number, so that such a check is inconclusive.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.Number != nil:
		if math.IsNaN(*v.Number) || math.IsInf(*v.Number, 0) {
			return json.Marshal(strconv.FormatFloat(*v.Number, 'g', -1, 64))
		}
		return json.Marshal(*v.Number)
	case v.Text != nil:
		return json.Marshal(*v.Text)
	case v.List != nil:
		return json.Marshal(v.List)
	}
	return []byte("null"), nil
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Value) UnmarshalJSON(b []byte) error {
	var x any
	if err := json.Unmarshal(b, &x); err != nil {
		return err
	}
	*v = Value{}
	switch x := x.(type) {
	case nil:
	case float64:
		v.Number = &x
	case string:
		v.Text = &x
	case []any:
		v.List = []string{}
		for _, e := range x {
			s, ok := e.(string)
			if !ok {
				return fmt.Errorf("a list of texts was expected, got %T in it", e)
			}
			v.List = append(v.List, s)
		}
	default:
		return fmt.Errorf("a number, a text or a list of texts was expected, got %T", x)
	}
	return nil
}

// Arrival is one instance that reached the inbox.
type Arrival struct {
	SOPInstanceUID string   `json:"sop_instance_uid"`  // reduced
	Sender         string   `json:"sender"`            // calling AE title, reduced
	Systems        []string `json:"systems,omitempty"` // systems that could have sent it
	Bytes          int64    `json:"bytes"`
	Status         string   `json:"status"` // what the inbox answered
	// Ordinal counts arrivals of this SOP Instance UID within its claim, from 1.
	Ordinal int `json:"ordinal"`
	// Late: after the claim had been closed; Cell, Scenario and Attempt of the
	// record name whom it belongs to.
	Late bool `json:"late,omitempty"`
	// Unclaimed: nobody ever expected it.
	Unclaimed bool `json:"unclaimed,omitempty"`
}

// InboxEnd closes the inbox's file: it was listening to the end.
type InboxEnd struct {
	Arrivals int64 `json:"arrivals"`
}

// End closes an attempt of a scenario: nothing of it follows.
type End struct {
	Duration time.Duration `json:"duration"`
	Steps    int           `json:"steps"` // that ended
	// Error is the engine's own, if any; the scenario is then inconclusive.
	Error string `json:"error,omitempty"`
}

// Object is one line of objects/<machine>.jsonl: an identity that was sent.
type Object struct {
	Time              time.Time `json:"time"`
	System            string    `json:"system"`
	Cell              string    `json:"cell"`
	Scenario          string    `json:"scenario"`
	Attempt           int       `json:"attempt"`
	PatientID         string    `json:"patient_id"`
	StudyInstanceUID  string    `json:"study_instance_uid"`
	SeriesInstanceUID string    `json:"series_instance_uid"`
	SOPInstanceUID    string    `json:"sop_instance_uid"`
	SOPClassUID       string    `json:"sop_class_uid"`
}
