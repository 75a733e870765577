package enterprise

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// linked makes a description of links written "a>b" (replicates), "a>>b"
// (forwards), "a~b" (direct access), with "!" behind a suspended one. Names with
// a capital letter are live.
func linked(text string) *Enterprise {
	e := &Enterprise{}
	system := func(name string) string {
		if e.System(name) == nil {
			live := strings.ToLower(name) != name
			e.Systems = append(e.Systems, System{Name: name, Role: BK, Live: &live})
		}
		return name
	}
	for _, word := range strings.Fields(text) {
		word, suspended := strings.CutSuffix(word, "!")
		for _, k := range []struct {
			sign string
			kind LinkKind
		}{{">>", ForwardsTo}, {">", ReplicatesTo}, {"~", DirectAccess}, {"?", FederatesWith}} {
			if from, to, ok := strings.Cut(word, k.sign); ok {
				e.Links = append(e.Links, Link{From: system(from), To: system(to), Kind: k.kind, SuspendedForUAT: suspended})
				break
			}
		}
	}
	return e
}

func TestWriteReach(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, links, target string
		want                []string // path, with "live", and "stopped at LINK"
	}{
		{"nothing beyond", "a>b", "b", []string{"b"}},
		{"a live target reaches a live system: itself", "A>b", "A", []string{"A live", "A b"}},
		{"one link", "bk>Prod", "bk", []string{"bk", "bk Prod live"}},
		{"BK, Prod, DR", "bk>Prod Prod>>Dr", "bk", []string{"bk", "bk Prod live", "bk Prod Dr live"}},
		{"the shorter of two ways", "bk>Prod Prod>>Dr bk>>Dr", "bk", []string{"bk", "bk Prod live", "bk Dr live"}},
		{"the first declared of two equal ways", "a>c a>b b>d c>d", "a", []string{"a", "a c", "a b", "a c d"}},
		{"a cycle", "a>b b>C C>a", "a", []string{"a", "a b", "a b C live"}},
		{"a cycle of two", "bk>prod prod>bk prod>>Dr bk>>Dr", "bk", []string{"bk", "bk prod", "bk Dr live"}},
		{"a link to itself", "a>a a>b", "a", []string{"a", "a b"}},
		{"reading links carry no writes", "a~B a?C", "a", []string{"a"}},
		{"not against the direction", "A>b", "b", []string{"b"}},
		{"suspended at once", "bk>Prod! Prod>>Dr", "bk", []string{"bk", "bk Prod live stopped at bk->Prod"}},
		{"suspended in the middle", "bk>prod prod>>Dr! Dr>E", "bk", []string{"bk", "bk prod", "bk prod Dr live stopped at prod->Dr"}},
		{"suspended, but reached by another way", "bk>Prod! bk>>dr dr>Prod", "bk", []string{"bk", "bk dr", "bk dr Prod live"}},
		{"suspended twice", "a>B! a>c c>B!", "a", []string{"a", "a c", "a B live stopped at a->B", "a c B live stopped at c->B"}},
		{"suspended back to the start", "a>b b>a!", "a", []string{"a", "a b"}},
		{"beyond a suspended link in a cycle", "a>b b>C! C>a a>d", "a", []string{"a", "a b", "a d", "a b C live stopped at b->C"}},
		{"unknown target", "a>b", "x", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, r := range linked(test.links).WriteReach(test.target) {
				if r.Path[0] != test.target || r.Path[len(r.Path)-1] != r.System {
					t.Errorf("the path %v does not lead from %s to %s", r.Path, test.target, r.System)
				}
				s := strings.Join(r.Path, " ")
				if r.Live {
					s += " live"
				}
				if r.Stopped != "" {
					s += " stopped at " + r.Stopped
					if links := r.Links(); links[len(links)-1] != r.Stopped {
						t.Errorf("stopped at %s, which is not the last of %v", r.Stopped, links)
					}
				}
				got = append(got, s)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// TestWriteReachPathsAreSeparate guards against paths that share memory: many
// systems continue the same one.
func TestWriteReachPathsAreSeparate(t *testing.T) {
	t.Parallel()
	text := "a>b b>c c>d"
	for i := range 20 {
		text += fmt.Sprintf(" d>x%d x%d>y%d", i, i, i)
	}
	for _, r := range linked(text).WriteReach("a") {
		if rest, ok := strings.CutPrefix(r.System, "y"); ok && strings.Join(r.Path, " ") != "a b c d x"+rest+" y"+rest {
			t.Errorf("%s is reached by %v", r.System, r.Path)
		}
	}
}

func TestReachLinks(t *testing.T) {
	t.Parallel()
	r := Reach{System: "c", Path: []string{"a", "b", "c"}}
	if got := r.Links(); !slices.Equal(got, []string{"a->b", "b->c"}) {
		t.Errorf("got %q", got)
	}
}
