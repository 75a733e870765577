package steps

import (
	"time"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/inbox"
	"pacsuat/internal/rundir"
	"pacsuat/synth"
)

// Env is what a scenario is given. It is shared by the scenarios of a run but
// for Subject, Cell and the targets, and is not modified by them.
type Env struct {
	Subject rundir.Subject
	Cell    string

	// System is the system under test: the subject, or where the link starts.
	System *Target
	// Receiving is where the link ends; nil if the subject is no link.
	Receiving *Target

	Enterprise *enterprise.Enterprise
	Inbox      *inbox.Inbox

	Nonce  string // of this execution
	Seed   uint64
	AsOf   time.Time
	Volume float64
	// MaxMatrix bounds rows and columns of the images, for quick tests of the
	// harness; 0 = as the recipes have them.
	MaxMatrix int
	Limits    Limits

	// Idle is called around every wait during which the scenario holds no
	// association, so that it makes room for others; it runs wait and returns
	// its error. With budget set the associations that are kept for the scenario
	// go to others too, and it may have to wait for them afterwards: not where
	// what it waits for is timed. nil = wait as it is.
	Idle func(wait func() error, budget bool) error
}

// Limits bound how long the harness waits. They fire before a handler's own
// time-out, so that a silent system leaves evidence.
type Limits struct {
	Associate time.Duration // connection and association
	Release   time.Duration // until an A-RELEASE-RP
	Response  time.Duration // one DIMSE response, from the request or the one before
	Kept      time.Duration // until what was sent beforehand is listed
	Quiet     time.Duration // without arrivals, before it is believed that nothing follows
	Grace     time.Duration // between a cancel and the response that was withheld
	Poll      time.Duration // between two questions while waiting for a listing
}

// DefaultLimits are generous: they only bound how long a dead system holds up
// a run. How quick is quick enough is said in features.
var DefaultLimits = Limits{
	Associate: 20 * time.Second,
	Release:   10 * time.Second,
	Response:  30 * time.Second,
	Kept:      30 * time.Second,
	Quiet:     time.Second,
	Grace:     300 * time.Millisecond,
	Poll:      250 * time.Millisecond,
}

// fence is the synthetic identity's fence for a site.
func fence(f enterprise.Fence) synth.Fence {
	return synth.Fence{
		PatientIDPrefix: f.PatientIDPrefix, PatientIDFormat: f.PatientIDFormat,
		Issuer: f.Issuer, UIDRoot: f.UIDRoot, NamePrefix: f.NamePrefix,
	}
}
