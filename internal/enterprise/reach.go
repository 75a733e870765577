package enterprise

// Reach is one system that a write reaches, or would reach if the link before
// it were not suspended.
type Reach struct {
	// System is what is reached.
	System string
	// Live is whether patients depend on it.
	Live bool
	// Path is the shortest way there: names of systems from the target to
	// System, both included. Of several the one declared first.
	Path []string
	// Stopped is the suspended link ("A->B") at which the write is declared to
	// stop. System is then not reached, by this or any other way. Empty if it is.
	Stopped string
}

// Links returns the names of the links of the path, in order.
func (r Reach) Links() []string {
	var names []string
	for i := 1; i < len(r.Path); i++ {
		names = append(names, Link{From: r.Path[i-1], To: r.Path[i]}.Name())
	}
	return names
}

// WriteReach lists what a write to the target reaches, by replicates-to and
// forwards-to links, transitively: first the target itself, then what is
// reached by ever longer paths, each system once; then, one entry for each
// suspended link that keeps the write from a system, what it protects
// (Stopped). What lies beyond a suspended link is not listed. Cycles are fine.
//
// A target that is live is thus listed as live too. It returns nil for a system
// that the description does not hold.
func (e *Enterprise) WriteReach(target string) []Reach {
	start := e.System(target)
	if start == nil {
		return nil
	}
	reached := []Reach{{System: target, Live: start.IsLive(), Path: []string{target}}}
	seen := map[string]bool{target: true}
	var suspended []Reach
	for i := 0; i < len(reached); i++ { // reached grows: breadth first
		from := reached[i]
		for _, l := range e.LinksFrom(from.System) {
			to := e.System(l.To)
			if !l.Kind.CarriesWrites() || to == nil || seen[l.To] {
				continue
			}
			// The path is copied: several continue the same one.
			path := append(append([]string(nil), from.Path...), l.To)
			r := Reach{System: l.To, Live: to.IsLive(), Path: path}
			if l.SuspendedForUAT {
				r.Stopped = l.Name()
				suspended = append(suspended, r)
				continue
			}
			seen[l.To] = true
			reached = append(reached, r)
		}
	}
	for _, r := range suspended {
		if !seen[r.System] { // reached by another way, it is not protected
			reached = append(reached, r)
		}
	}
	return reached
}
