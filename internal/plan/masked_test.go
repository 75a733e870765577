package plan

import (
	"slices"
	"testing"

	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

func TestMaskedLinks(t *testing.T) {
	t.Parallel()
	forwards := func(from, to string) enterprise.Link {
		return enterprise.Link{From: from, To: to, Kind: enterprise.ForwardsTo}
	}
	own := forwards("prod", "dr")
	own.SkipsReplicas = true
	replicates := enterprise.Link{From: "bk", To: "prod", Kind: enterprise.ReplicatesTo}
	suspended := forwards("bk", "prod")
	suspended.SuspendedForUAT = true
	for _, c := range []struct {
		name  string
		links []enterprise.Link // the first is the subject
		want  []string
	}{
		{"alone", []enterprise.Link{forwards("bk", "dr")}, nil},
		{"by one other system", []enterprise.Link{forwards("bk", "dr"), forwards("bk", "prod"), forwards("prod", "dr")}, []string{"bk", "prod", "dr"}},
		{"by two", []enterprise.Link{forwards("bk", "dr"), forwards("bk", "a"), forwards("a", "b"), forwards("b", "dr")}, []string{"bk", "a", "b", "dr"}},
		{"replicas go on", []enterprise.Link{forwards("bk", "dr"), replicates, forwards("prod", "dr")}, []string{"bk", "prod", "dr"}},
		{"replicas are left to the first", []enterprise.Link{forwards("bk", "dr"), replicates, own}, nil},
		{"what was forwarded is no replica", []enterprise.Link{forwards("bk", "dr"), forwards("bk", "prod"), own}, []string{"bk", "prod", "dr"}},
		{"a cycle is no other way", []enterprise.Link{forwards("bk", "dr"), forwards("bk", "prod"), forwards("prod", "bk")}, nil},
		{"back again is none either", []enterprise.Link{forwards("bk", "dr"), forwards("dr", "bk")}, nil},
		{"suspended", []enterprise.Link{forwards("bk", "dr"), suspended, forwards("prod", "dr")}, nil},
		{"the subject itself is suspended", []enterprise.Link{suspended, forwards("bk", "dr"), forwards("dr", "prod")}, nil},
		{"no writes go there", []enterprise.Link{forwards("bk", "dr"), {From: "bk", To: "prod", Kind: enterprise.FederatesWith}, forwards("prod", "dr")}, nil},
	} {
		e := &enterprise.Enterprise{Links: c.links}
		for _, n := range []string{"bk", "prod", "dr", "a", "b"} {
			e.Systems = append(e.Systems, enterprise.System{Name: n})
		}
		first := c.links[0]
		p := &rundir.Plan{Subjects: []rundir.Subject{
			{Name: "bk", Kind: rundir.SubjectSystem},
			{Name: first.Name(), Kind: rundir.SubjectLink, From: first.From, To: first.To},
		}}
		var got []string
		if m := maskedLinks(p, e); len(m) == 1 && m[0].Link == first.Name() {
			got = m[0].Path
		} else if len(m) != 0 {
			t.Errorf("%s: %+v", c.name, m)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
