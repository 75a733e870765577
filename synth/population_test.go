package synth

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

func mustPopulation(t *testing.T, nonce string, homes ...Home) *Population {
	t.Helper()
	p, err := NewPopulation(nonce, "cluster", homes)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// national is a home whose Patient IDs look like national ones.
func national(site string, weight int) Home {
	return Home{Site: site, Weight: weight, Fence: Fence{PatientIDFormat: "S#######!", Issuer: "ISSUER-" + site}}
}

// shared returns how many persons have the Patient ID of another.
func shared(p *Population, n int) int {
	ids, twice := map[string]bool{}, 0
	for i := range n {
		id := p.Person(i).ID
		if ids[id] {
			twice++
		}
		ids[id] = true
	}
	return twice
}

// TestPopulation proves of 20,000 persons: no two share a Patient ID, no ID could
// be a real person's, names can be written and are marked, homes have their share.
func TestPopulation(t *testing.T) {
	t.Parallel()
	const n = 20_000
	homes := map[string]Home{}
	for _, h := range []Home{national("EAST", 3), national("WEST", 1), {Site: "DR", Weight: 1}, {Site: "CLOSED", Weight: 0}} {
		homes[h.Site] = h
	}
	p := mustPopulation(t, "n", homes["EAST"], homes["WEST"], homes["DR"], homes["CLOSED"])
	ids, sites, characterSets := map[string]int{}, map[string]int{}, map[string]int{}
	for i := range n {
		x := p.Person(i)
		if other, twice := ids[x.ID]; twice {
			t.Fatalf("persons %d and %d have the ID %s", other, i, x.ID)
		}
		ids[x.ID] = i
		sites[x.Site]++
		characterSets[strings.Join(x.CharacterSet, `\`)]++
		fence := homes[x.Site].Fence.WithDefaults()
		if err := fence.admit(x.Patient); err != nil || x.Issuer != fence.Issuer {
			t.Errorf("%+v is not inside the fence of %s: %v", x, x.Site, err)
		}
		if fence.PatientIDFormat == "S#######!" {
			if digits := strings.TrimPrefix(x.ID, "ZZTESTS"); strings.Contains(checkLetters([]byte(digits[:7])), digits[7:]) {
				t.Errorf("%s passes a checksum of national IDs", x.ID)
			}
		}
		if _, err := dataset.EncodeText(x.Name, dataset.VRPN, x.CharacterSet); err != nil {
			t.Errorf("%q cannot be written in %q", x.Name, x.CharacterSet)
		}
		if _, err := time.Parse("20060102", x.BirthDate); err != nil {
			t.Errorf("born on %q", x.BirthDate)
		}
	}
	for site, share := range map[string]int{"EAST": 60, "WEST": 20, "DR": 20} {
		if got := sites[site] * 100 / n; got < share-2 || got > share+2 {
			t.Errorf("%s has %d %% of the people, want %d", site, got, share)
		}
	}
	if sites["CLOSED"] != 0 {
		t.Errorf("%d people belong to a home of weight 0", sites["CLOSED"])
	}
	for characterSet, least := range map[string]int{"": n / 2, "ISO_IR 192": n / 10, "GB18030": n / 30, `\ISO 2022 IR 58`: n / 60, "ISO_IR 100": n / 200} {
		if characterSets[characterSet] < least {
			t.Errorf("%d names are written in %q", characterSets[characterSet], characterSet)
		}
	}

	// A format without room for all is noticed.
	if got := shared(mustPopulation(t, "n", Home{Site: "A", Weight: 1, Fence: Fence{PatientIDFormat: "###"}}), 1100); got != 100 {
		t.Errorf("%d of 1100 persons share one of 1000 IDs", got)
	}
}

// TestPermutation proves that the numbers of a format are permuted, none twice.
func TestPermutation(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"X", "#", "@", "##", "%%", "@##", "#%@", "####!"} {
		for _, nonce := range []string{"a", "b"} {
			p := mustPopulation(t, nonce, Home{Site: "A", Weight: 1, Fence: Fence{PatientIDFormat: format}})
			f := p.homes[0].format
			seen := map[uint64]bool{}
			for n := range f.ways {
				to := f.permuted(n)
				if to >= f.ways || seen[to] {
					t.Fatalf("%s of %d ways: %d goes to %d", format, f.ways, n, to)
				}
				seen[to] = true
			}
			if f.ways > 100 && f.permuted(0) == 0 && f.permuted(1) == 1 && f.permuted(2) == 2 {
				t.Errorf("%s: the numbers are not permuted", format)
			}
		}
	}
	long := newIDFormat(Fence{}.WithDefaults(), [32]byte{})
	if long.ways != 1<<40 {
		t.Errorf("%d ways of 12 characters are permuted", long.ways)
	}
}

// TestPersonAlone proves that a person is the same whoever asks, and another
// under another nonce or scope.
func TestPersonAlone(t *testing.T) {
	t.Parallel()
	homes := []Home{national("EAST", 3), {Site: "WEST", Weight: 2}}
	p := mustPopulation(t, "n", homes...)
	var forwards []string
	for i := range 500 {
		forwards = append(forwards, fmt.Sprintf("%+v", p.Person(i)))
	}
	again := mustPopulation(t, "n", homes...)
	for i := 499; i >= 0; i-- {
		if got := fmt.Sprintf("%+v", again.Person(i)); got != forwards[i] {
			t.Fatalf("person %d is %s, was %s", i, got, forwards[i])
		}
	}
	elsewhere, err := NewPopulation("n", "another cluster", homes)
	if err != nil {
		t.Fatal(err)
	}
	for what, other := range map[string]*Population{"nonce": mustPopulation(t, "m", homes...), "scope": elsewhere} {
		same := 0
		for i := range 500 {
			a, b := p.Person(i), other.Person(i)
			if a.ID == b.ID {
				t.Errorf("person %d has the ID %s under another %s too", i, a.ID, what)
			}
			if a.Name == b.Name {
				same++
			}
		}
		if same > 20 {
			t.Errorf("%d of 500 persons have their name under another %s too", same, what)
		}
	}
	if p.Person(-1).ID == "" {
		t.Error("a negative number is nobody")
	}
}

// TestAgePyramid proves that ages and sexes follow the table, within 10 % or 20 of
// 20,000, and that the table adds up.
func TestAgePyramid(t *testing.T) {
	t.Parallel()
	all := 0
	for _, b := range agePyramid {
		all += b.share
	}
	if all != 1000 {
		t.Fatalf("the shares add up to %d per mille", all)
	}
	const n = 20_000
	p := mustPopulation(t, "n", Home{Site: "A", Weight: 1})
	people, women := make([]int, len(agePyramid)), make([]int, len(agePyramid))
	for i := range n {
		x := p.Person(i)
		birth, err := time.Parse("20060102", x.BirthDate)
		if err != nil {
			t.Fatal(err)
		}
		band := (pyramidYear - 1 - birth.Year()) / 5
		if band < 0 || band >= len(people) {
			t.Fatalf("born on %s", x.BirthDate)
		}
		people[band]++
		if x.Sex == "F" {
			women[band]++
		}
	}
	for band, b := range agePyramid {
		want := b.share * n / 1000
		if d := people[band] - want; d*d > max(20*20, want*want/100) {
			t.Errorf("from age %d: %d people, want %d", 5*band, people[band], want)
		}
		wantWomen := people[band] * b.women / 1000
		if d := women[band] - wantWomen; d*d > max(20*20, wantWomen*wantWomen/100) {
			t.Errorf("from age %d: %d women, want %d", 5*band, women[band], wantWomen)
		}
	}
}

func TestNewPopulationRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		homes []Home
		want  string
	}{
		{nil, "needs a home"},
		{[]Home{{Site: "A"}}, "weight 0"},
		{[]Home{{Site: "A", Weight: -1}}, "the weight -1"},
		{[]Home{{Site: "A", Weight: 1 << 30}, {Site: "B", Weight: 1}}, `home "B"`},
		{[]Home{{Site: "A", Weight: 1}, {Site: "A", Weight: 1}}, "two homes"},
		{[]Home{{Site: "A", Weight: 1, Fence: Fence{UIDRoot: "1.02"}}}, "not a UID"},
	} {
		if _, err := NewPopulation("n", "c", c.homes); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.homes, err, c.want)
		}
	}
}
