package enterprise

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// small is a description in which tests change one thing. The lines matter.
const small = `name: Small cluster
harness:
  ae_title: PACSUAT
  listen: 0.0.0.0:11112
sites:
  - name: north
    kind: major-hospital
    time_zone: Europe/Zurich
    yearly_exams: 1000
  - name: lakeside
    kind: community-hospital
    time_zone: Europe/Zurich
    served_by: north
systems:
  - name: north-prod
    site: north
    role: prod
    endpoints:
      store: {ae_title: NORTH, host: 10.0.0.1, port: 104}
  - name: north-bk
    site: north
    role: bk
    endpoints:
      store: {ae_title: NORTH, host: 10.0.0.2, port: 104}
      query_retrieve: {ae_title: NORTH_QR, host: 10.0.0.2, port: 105}
    not_applicable:
      - tags: "@worklist and not @slow"
        reason: not sold with a worklist
    budget: {max_associations: 8}
links:
  - {from: north-bk, to: north-prod, kind: replicates-to}
`

func parseSmall(t *testing.T) *Enterprise {
	t.Helper()
	e, err := Parse("small.yaml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestParse(t *testing.T) {
	t.Parallel()
	e := parseSmall(t)
	f := DefaultFence()
	want := &Enterprise{
		Name:    "Small cluster",
		Harness: Harness{AETitle: "PACSUAT", Listen: "0.0.0.0:11112", UnknownAETitle: DefaultUnknownAETitle},
		Fence:   f,
		Sites: []Site{
			{Name: "north", Kind: MajorHospital, TimeZone: "Europe/Zurich", YearlyExams: 1000},
			{Name: "lakeside", Kind: CommunityHospital, TimeZone: "Europe/Zurich", ServedBy: "north"},
		},
		Systems: []System{
			{
				Name: "north-prod", Site: "north", Role: Prod,
				Endpoints: Endpoints{Store: &DICOMEndpoint{AETitle: "NORTH", Host: "10.0.0.1", Port: 104}},
				Budget:    Budget{MaxAssociations: 10, RequestsPerSecond: 2}, // live
			},
			{
				Name: "north-bk", Site: "north", Role: BK,
				Endpoints: Endpoints{
					Store:         &DICOMEndpoint{AETitle: "NORTH", Host: "10.0.0.2", Port: 104},
					QueryRetrieve: &DICOMEndpoint{AETitle: "NORTH_QR", Host: "10.0.0.2", Port: 105},
				},
				NotApplicable: []NotApplicable{{Tags: "@worklist and not @slow", Reason: "not sold with a worklist"}},
				Budget:        Budget{MaxAssociations: 8},
			},
		},
		Links: []Link{{From: "north-bk", To: "north-prod", Kind: ReplicatesTo}},
	}
	if !e.Equal(want) {
		t.Errorf("got  %+v\nwant %+v", e, want)
	}
}

func TestLive(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	for _, test := range []struct {
		role Role
		live *bool
		want bool
	}{
		{Prod, nil, true}, {DR, nil, true}, {BK, nil, false}, {"", nil, true},
		{Prod, &no, false}, {DR, &no, false}, {BK, &yes, true},
	} {
		if got := (&System{Role: test.role, Live: test.live}).IsLive(); got != test.want {
			t.Errorf("role %q, declared %v: live = %v", test.role, test.live, got)
		}
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "cluster.yaml")
	if _, err := Load(file); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := os.WriteFile(file, []byte(small+"nonsense: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Load(file)
	var p *Problems
	if !errors.As(err, &p) || len(p.List) != 1 || p.List[0].File != file || p.List[0].Line != strings.Count(small, "\n")+1 {
		t.Errorf("got %v", err)
	}
	if err := os.WriteFile(file, ExampleYAML, 0o600); err != nil {
		t.Fatal(err)
	}
	if e, err := Load(file); err != nil || !e.Equal(Example()) {
		t.Errorf("the example from a file: %v", err)
	}
	big := append([]byte(small), make([]byte, maxFileBytes)...)
	if _, err := Parse("big.yaml", big); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("a file too long: %v", err)
	}
}

// TestLiveThrottled shows that no description can lift the limit on queries of
// a live system, since 0 means the default there.
func TestLiveThrottled(t *testing.T) {
	t.Parallel()
	e, err := Parse("x", []byte(strings.Replace(small, "role: prod\n", "role: prod\n    budget: {requests_per_second: 0}\n", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if got := e.System("north-prod").Budget.RequestsPerSecond; got != DefaultLiveRequestsPerSecond {
		t.Errorf("%v requests a second", got)
	}
}

func TestMarshalRoundTrip(t *testing.T) {
	t.Parallel()
	no := false
	full := parseSmall(t)
	full.YearlyExams = 1_000_000
	full.Sites[1].Share = 0.1
	full.Sites[1].Users = Users{Radiologists: 3, Clinicians: 20}
	full.Sites[1].Fence = &Fence{PatientIDPrefix: "0123", PatientIDFormat: "########-@@!%"}
	full.Systems[0].Live = &no
	full.Systems[0].UATAllowed = true
	full.Systems[0].Title = " 'odd': # \"title\" – é "
	full.Systems[1].Endpoints.Store.TLS = &TLS{}
	full.Systems[1].Endpoints.DICOMweb = &WebEndpoint{URL: "https://pacs.example.org:8443/dicom-web", Authorization: "env:TOKEN"}
	full.Systems[1].Endpoints.HL7 = &HL7Endpoint{Host: "::1", Port: 2575, TLS: &TLS{CA: "file:ca.pem", Certificate: "file:c.pem", Key: "env:KEY", ServerName: "hl7"}}
	full.Systems[1].MoveTable = []MoveDestination{{AETitle: "null", Host: "viewer", Port: 11112}, {AETitle: "1e3", Host: "viewer", Port: 11112}}
	full.Systems[1].NotApplicable = []NotApplicable{{Scenarios: []string{"a.feature:1", "true"}, Reason: "~"}}
	full.Links[0].SuspendedForUAT = true
	full.Sites[0].Title, full.Sites[1].Title, full.Systems[1].Title = "<<", "=", "2001-01-01"
	for name, e := range map[string]*Enterprise{"small": parseSmall(t), "full": full, "example": Example()} {
		b, err := e.Marshal()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		back, err := Parse(name, b)
		if err != nil {
			t.Fatalf("%s: %v in\n%s", name, err, b)
		}
		if !back.Equal(e) {
			t.Errorf("%s: not the same after\n%s", name, b)
		}
	}
	full.Name = ""
	if _, err := full.Marshal(); err == nil {
		t.Error("an invalid description was marshalled")
	}
}

func TestClone(t *testing.T) {
	t.Parallel()
	e := Example()
	c := e.Clone()
	if !c.Equal(e) {
		t.Fatal("a clone differs")
	}
	c.System("dr").Endpoints.Store.Port++
	*c.System("north-bk").Live = true
	c.Links[0].SuspendedForUAT = true
	c.Sites[0].Name = "other"
	if !e.Equal(Example()) {
		t.Error("changing the clone changed the original")
	}
	if c.Equal(e) {
		t.Error("Equal does not see the changes")
	}
}

// TestFieldKinds holds the types to what doc.go promises the decoder, so that a
// new field can't be one that is silently not read.
func TestFieldKinds(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{}
	var walk func(typ reflect.Type)
	walk = func(typ reflect.Type) {
		if typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			walk(typ.Elem())
			return
		}
		switch typ.Kind() {
		case reflect.String, reflect.Int, reflect.Int64, reflect.Float64, reflect.Bool:
			return
		case reflect.Struct:
		default:
			t.Errorf("the decoder does not read %v", typ)
			return
		}
		if seen[typ] {
			return
		}
		seen[typ] = true
		for i := range typ.NumField() {
			f := typ.Field(i)
			if !f.IsExported() {
				continue
			}
			key, option, _ := strings.Cut(f.Tag.Get("yaml"), ",")
			if key == "" || option != "" && option != "omitempty" {
				t.Errorf("%v.%s has the tag %q", typ, f.Name, f.Tag)
			}
			walk(f.Type)
		}
	}
	walk(reflect.TypeFor[Enterprise]())
	if len(seen) < 15 {
		t.Errorf("only %d types were looked at", len(seen))
	}
}

// FuzzParse holds two promises: nothing makes Parse panic, and what it accepts
// is written as YAML that says the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add(ExampleYAML)
	f.Add([]byte(strings.Replace(small, "links:", "yearly_exams: 1_000\nfence: {patient_id_prefix: ZZNORTH}\nlinks:", 1)))
	f.Add([]byte(strings.Replace(small, "port: 105}", "port: 105, tls: {ca: 'file:x', server_name: a}}", 1)))
	f.Add([]byte(strings.Replace(small, "{ae_title: NORTH, host: 10.0.0.1, port: 104}", "&e {ae_title: A, host: a.b, port: 1}\n      worklist: *e", 1)))
	f.Add([]byte("name: &a [*a]\nsites: *a"))
	for _, p := range problemTests {
		f.Add([]byte(p.yaml()))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		e, err := Parse("fuzz.yaml", data)
		if err != nil {
			var p *Problems
			if !errors.As(err, &p) || len(p.List) == 0 || err.Error() == "" {
				t.Fatalf("an error that says nothing: %#v", err)
			}
			return
		}
		b, err := e.Marshal()
		if err != nil {
			t.Fatalf("accepted, but not marshalled: %v", err)
		}
		back, err := Parse("marshalled.yaml", b)
		if err != nil {
			t.Fatalf("marshalled, but not accepted: %v\n%s", err, b)
		}
		if !back.Equal(e) {
			t.Fatalf("not the same after\n%s", b)
		}
		for i := range e.Systems {
			if len(e.WriteReach(e.Systems[i].Name)) == 0 {
				t.Fatalf("a write to %s reaches nothing, not even itself", e.Systems[i].Name)
			}
		}
	})
}
