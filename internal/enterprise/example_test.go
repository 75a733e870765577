package enterprise

import (
	"slices"
	"testing"
)

// TestExample holds the shipped cluster to what it is said to be.
func TestExample(t *testing.T) {
	t.Parallel()
	e := Example()
	kinds, served := map[SiteKind]int{}, map[SiteKind]int{}
	var exams int64
	var users Users
	for i := range e.Sites {
		s := &e.Sites[i]
		kinds[s.Kind]++
		exams += e.ExamsOf(s)
		users.Radiologists += s.Users.Radiologists
		users.Clinicians += s.Users.Clinicians
		if by := e.Site(s.ServedBy); by != nil && by.Kind == MajorHospital {
			served[s.Kind]++
		}
	}
	for kind, n := range map[SiteKind]int{MajorHospital: 4, DRSite: 1, CommunityHospital: 3, SpecialistCentre: 3, PrimaryCare: 9} {
		if kinds[kind] != n {
			t.Errorf("%d of kind %s, want %d", kinds[kind], kind, n)
		}
		if small := kind != MajorHospital && kind != DRSite; small && served[kind] != n {
			t.Errorf("%d of kind %s are served by a major hospital, want %d", served[kind], kind, n)
		}
	}
	if exams != 1_600_000 || users != (Users{Radiologists: 360, Clinicians: 2000}) {
		t.Errorf("%d exams a year, users %+v", exams, users)
	}
	if len(e.Systems) != 9 {
		t.Errorf("%d systems", len(e.Systems))
	}
	for i := range e.Systems {
		s := &e.Systems[i]
		if s.Live == nil || s.IsLive() {
			t.Errorf("%s is live", s.Name)
		}
		for _, d := range s.Endpoints.DICOM() {
			if !loopback(d.Endpoint.Host) {
				t.Errorf("%s is at %s", s.Name, d.Endpoint.Host)
			}
		}
		if s.Budget.MaxAssociations != 24 || s.Endpoints.Store == nil || s.Endpoints.QueryRetrieve == nil {
			t.Errorf("%s: %+v", s.Name, s)
		}
	}
	for _, site := range []string{"north", "east", "south", "west"} {
		prod, bk := e.System(site+"-prod"), e.System(site+"-bk")
		if prod == nil || prod.Role != Prod || prod.Site != site || bk == nil || bk.Role != BK || bk.Site != site {
			t.Fatalf("%s: %+v, %+v", site, prod, bk)
		}
		for name, kind := range map[string]LinkKind{
			site + "-bk->" + site + "-prod": ReplicatesTo, site + "-prod->" + site + "-bk": ReplicatesTo,
			site + "-bk->dr": ForwardsTo, site + "-prod->dr": ForwardsTo,
		} {
			if l := e.Link(name); l == nil || l.Kind != kind {
				t.Errorf("%s: %+v", name, l)
			}
		}
		var reached []string
		for _, r := range e.WriteReach(bk.Name) {
			reached = append(reached, r.System)
		}
		if want := []string{bk.Name, prod.Name, "dr"}; !slices.Equal(reached, want) {
			t.Errorf("a write to %s reaches %v, want %v", bk.Name, reached, want)
		}
	}
	if n := len(e.LinksFrom("dr")); n != 0 {
		t.Errorf("%d links start at the dr", n)
	}
}

func TestLookup(t *testing.T) {
	t.Parallel()
	e := parseSmall(t)
	if got := e.SystemsByAETitle("NORTH"); !slices.Equal(got, []string{"north-prod", "north-bk"}) {
		t.Errorf("NORTH is %q", got)
	}
	if got := e.SystemsByAETitle("north"); got != nil {
		t.Errorf("AE titles are case-sensitive, yet north is %q", got)
	}
	if e.System("x") != nil || e.Site("x") != nil || e.Link("x") != nil {
		t.Error("something is found that is not there")
	}
	e.System("north-bk").Endpoints.Store.Port = 4242
	if got := e.Systems[1].Endpoints.Store.Address(); got != "10.0.0.2:4242" {
		t.Errorf("System returns a copy: %s", got)
	}
	if got := (&HL7Endpoint{Host: "::1", Port: 2575}).Address(); got != "[::1]:2575" {
		t.Errorf("address %s", got)
	}
	e.YearlyExams, e.Sites[1].Share = 1000, 0.2505
	if got := e.ExamsOf(&e.Sites[1]); got != 251 {
		t.Errorf("a share of 0.2505 of 1000 is %d", got)
	}
	if loc, err := e.Sites[0].Location(); err != nil || loc.String() != "Europe/Zurich" {
		t.Errorf("%v, %v", loc, err)
	}
}

func TestFenceOf(t *testing.T) {
	t.Parallel()
	e := parseSmall(t)
	e.Fence.Issuer = "CLUSTER"
	e.Sites[1].Fence = &Fence{PatientIDPrefix: "ZZLAKE"}
	cluster := DefaultFence()
	cluster.Issuer = "CLUSTER"
	lake := cluster
	lake.PatientIDPrefix = "ZZLAKE"
	for site, want := range map[string]Fence{"north": cluster, "lakeside": lake, "unknown": cluster} {
		if got := e.FenceOf(site); got != want {
			t.Errorf("%s: %+v", site, got)
		}
	}
	if got := (&Enterprise{}).FenceOf(""); got != DefaultFence() {
		t.Errorf("without any: %+v", got)
	}
}
