package plan

import (
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// maskedLinks returns the planned links that another way masks, in the plan's
// order. Suspended links are no way.
func maskedLinks(p *rundir.Plan, e *enterprise.Enterprise) []rundir.Masked {
	var masked []rundir.Masked
	for _, s := range p.Subjects {
		if s.Kind != rundir.SubjectLink {
			continue
		}
		link := e.Link(s.Name)
		if link == nil || !link.Kind.CarriesWrites() || link.SuspendedForUAT {
			continue
		}
		if path := otherWay(e, s.From, s.To); path != nil {
			masked = append(masked, rundir.Masked{Link: s.Name, Path: path})
		}
	}
	return masked
}

// otherWay returns the shortest way of writes from one system to another that
// is not the link between them, nil if there is none.
func otherWay(e *enterprise.Enterprise, from, to string) []string {
	ways := [][]string{{from}}
	seen := map[string]bool{from: true}
	for i := 0; i < len(ways); i++ { // ways grows: breadth first
		at := ways[i][len(ways[i])-1]
		for _, l := range e.LinksFrom(at) {
			if seen[l.To] || !l.Kind.CarriesWrites() || l.SuspendedForUAT || at == from && l.To == to {
				continue
			}
			if l.SkipsReplicas && replicated(e, ways[i]) {
				continue
			}
			way := append(append([]string(nil), ways[i]...), l.To)
			if l.To == to {
				return way
			}
			seen[l.To] = true
			ways = append(ways, way)
		}
	}
	return nil
}

// replicated reports whether what came this way was replicated to its end.
func replicated(e *enterprise.Enterprise, way []string) bool {
	if len(way) < 2 {
		return false
	}
	last := e.Link(enterprise.Link{From: way[len(way)-2], To: way[len(way)-1]}.Name())
	return last != nil && last.Kind == enterprise.ReplicatesTo
}
