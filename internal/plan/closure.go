package plan

import (
	"fmt"
	"sort"
	"strings"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// LiveReachError says that planned writes would reach live systems. It is
// found before any connection is opened.
type LiveReachError struct {
	Reaches []rundir.Reach
}

func (e *LiveReachError) Error() string {
	var b strings.Builder
	b.WriteString("the run would write to live systems, so nothing was started:\n")
	for _, r := range e.Reaches {
		fmt.Fprintf(&b, "  %s is reached by %d bytes sent to %s: %s\n", r.System, r.Bytes, r.Target, strings.Join(r.Path, " -> "))
	}
	b.WriteString("Suspend a link on the way for the test and declare it (suspended_for_uat: true), or declare the system not live (live: false) if it is not, or allow it by name and volume (--allow-live NAME=BYTES).")
	return b.String()
}

// closure computes what the writes to each target reach, over links that carry
// writes on. bytes holds what is sent to each target.
func closure(in *Input, bytes map[string]int64) (rundir.Closure, error) {
	targets := make([]string, 0, len(bytes))
	for t := range bytes {
		targets = append(targets, t)
	}
	sort.Strings(targets)
	var c rundir.Closure
	spent := map[string]int64{}
	for _, t := range targets {
		for _, r := range in.Enterprise.WriteReach(t) {
			if r.System != t || r.Live {
				c.Reaches = append(c.Reaches, rundir.Reach{
					Target: t, System: r.System, Path: r.Path, Live: r.Live, Bytes: bytes[t], Stopped: r.Stopped,
				})
			}
			if r.Stopped == "" {
				spent[r.System] = plus(spent[r.System], bytes[t])
			}
		}
	}
	var refused []rundir.Reach
	for i := range c.Reaches {
		r := &c.Reaches[i]
		if !r.Live || r.Stopped != "" {
			continue
		}
		limit, named := in.AllowLive[r.System]
		// A production system that the description and the run both release for
		// the test is written to as itself, never by way of another.
		r.Allowed = named && spent[r.System] <= limit || r.System == r.Target && in.released(r.System)
		if !r.Allowed {
			refused = append(refused, *r)
		}
	}
	if len(refused) > 0 {
		return c, &LiveReachError{Reaches: refused}
	}
	return c, nil
}

// reachesLive reports whether a write to target reaches a live system, allowed
// or not, and which.
func reachesLive(e *enterprise.Enterprise, target string) (string, bool) {
	for _, r := range e.WriteReach(target) {
		if r.Live && r.Stopped == "" {
			return strings.Join(r.Path, " -> "), true
		}
	}
	return "", false
}

// released reports whether a prod may be written to: the description says
// uat_allowed and the run says --allow-prod.
func (in *Input) released(system string) bool {
	s := in.Enterprise.System(system)
	return s != nil && s.Role == enterprise.Prod && s.UATAllowed && in.AllowProd
}
