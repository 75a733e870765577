package synth

import (
	"math/big"
	"strings"
	"testing"
	"unicode/utf8"

	"pacsuat/internal/dicom/dataset"
)

// TestIdentitySeparates proves that identities which differ in any one field
// share no UID, Patient ID or accession number, and the same ones all.
func TestIdentitySeparates(t *testing.T) {
	t.Parallel()
	other := Fence{UIDRoot: "1.2.3"}
	identities := map[string]*Identity{
		"base":            NewIdentity("n", "c", "s", 1, Fence{}),
		"other nonce":     NewIdentity("m", "c", "s", 1, Fence{}),
		"other scope":     NewIdentity("n", "d", "s", 1, Fence{}),
		"other scenario":  NewIdentity("n", "c", "t", 1, Fence{}),
		"other attempt":   NewIdentity("n", "c", "s", 2, Fence{}),
		"fields shifted":  NewIdentity("nc", "", "s", 1, Fence{}),
		"fields shifted2": NewIdentity("n", "cs", "", 1, Fence{}),
		"another root":    NewIdentity("x", "c", "s", 1, other),
	}
	seen := map[string]string{}
	for name, i := range identities {
		for _, v := range []string{
			i.UID("study", 0), i.UID("study", 1), i.UID("study"), i.UID("series", 0), i.UID("study", 0, 0),
			i.UID("instance", 0, 1), i.UID("instance", 1, 0), i.UID("instance", 10), i.longUID("study", 0),
			i.Accession(0), i.Accession(1), i.Patient(0).ID, i.Patient(1).ID,
		} {
			if other, ok := seen[v]; ok {
				t.Errorf("%s and %s share %s", name, other, v)
			}
			seen[v] = name
		}
	}
}

func TestUIDForm(t *testing.T) {
	t.Parallel()
	for _, root := range []string{"", "1.2.3", "1.2.840.10008.1.2.3.4.5.6.7.8.9.10.11.12.13"} {
		i := NewIdentity("n", "c", "s", 1, Fence{UIDRoot: root})
		for n := range 300 {
			uid, long := i.UID("instance", n), i.longUID("instance", n)
			if !ValidUID(uid) || !strings.HasPrefix(uid, i.Fence().UIDRoot+".") {
				t.Fatalf("%q is not a UID under %q", uid, i.Fence().UIDRoot)
			}
			if root == "" && len(uid) > 44 {
				t.Errorf("%q is longer than a UUID's (PS3.5 B.2)", uid)
			}
			if !ValidUID(long) || len(long) != 64 && len(uid) < 63 {
				t.Fatalf("%q is not a UID of 64 characters but of %d", long, len(long))
			}
		}
	}
	for _, bad := range []string{"", ".", "1.", "1..2", "1.02", "1.a", strings.Repeat("1.", 32) + "1"} {
		if ValidUID(bad) {
			t.Errorf("%q was taken for a UID", bad)
		}
	}
}

// TestCheckLetters uses numbers published as examples of the scheme.
func TestCheckLetters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		digits string
		scheme int
		letter byte
	}{{"1234567", 0, 'D'}, {"0000001", 0, 'I'}, {"1234567", 2, 'N'}, {"1234567", 1, 'J'}, {"1234567", 3, 'X'}} {
		if got := checkLetters([]byte(c.digits))[c.scheme]; got != c.letter {
			t.Errorf("scheme %c of %s: %c, want %c", "STFGM"[c.scheme], c.digits, got, c.letter)
		}
	}
}

func TestPatientIDFormats(t *testing.T) {
	t.Parallel()
	for _, f := range []Fence{{}, {PatientIDFormat: "S#######!"}, {PatientIDPrefix: "UAT-", PatientIDFormat: "@@-####/%%%%"}} {
		i := NewIdentity("n", "c", "s", 1, f)
		full := f.WithDefaults()
		for n := range 500 {
			id := i.Patient(n).ID
			rest, ok := strings.CutPrefix(id, full.PatientIDPrefix)
			if !ok || len(rest) != len(full.PatientIDFormat) {
				t.Fatalf("%q is not of the form %q%q", id, full.PatientIDPrefix, full.PatientIDFormat)
			}
			for at, c := range full.PatientIDFormat {
				allowed := map[rune]string{'#': "0123456789", '@': "ABCDEFGHIJKLMNOPQRSTUVWXYZ", '%': crockfordAlphabet, '!': "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}[c]
				if allowed == "" {
					allowed = string(c)
				}
				if !strings.Contains(allowed, rest[at:at+1]) {
					t.Errorf("%q: character %d does not follow %q", id, at, full.PatientIDFormat)
				}
			}
			if full.PatientIDFormat == "S#######!" && strings.Contains(checkLetters([]byte(rest[1:8])), rest[8:]) {
				t.Errorf("%q passes a checksum of national IDs, it could be a person's", id)
			}
		}
	}
}

func TestFenceCheck(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fence Fence
		want  string // "" = good
	}{
		{Fence{}, ""},
		{Fence{PatientIDPrefix: strings.Repeat("Z", 60)}, "72 characters"},
		{Fence{PatientIDPrefix: "ZZ\\"}, "backslash"},
		{Fence{PatientIDPrefix: "ZZ "}, "space"},
		{Fence{NamePrefix: "ZZ^"}, "delimiter"},
		{Fence{NamePrefix: strings.Repeat("Z", 21)}, "longer than 20"},
		{Fence{Issuer: strings.Repeat("Z", 65)}, "65 characters"},
		{Fence{UIDRoot: "1.02"}, "not a UID"},
		{Fence{UIDRoot: strings.Repeat("1", 50)}, "no room"},
	} {
		err := c.fence.Check()
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v, want %q", c.fence, err, c.want)
		}
		_, err = NewStudy(StudyRequest{Recipe: mustRecipe(t, "CR chest"), Images: 1, AsOf: testDate, Identity: NewIdentity("n", "c", "s", 1, c.fence)})
		if (err == nil) != (c.want == "") {
			t.Errorf("%+v: NewStudy returned %v", c.fence, err)
		}
	}
}

// TestPeople proves of many patients that their names are marked in every
// group, within their length, and survive their character set.
func TestPeople(t *testing.T) {
	t.Parallel()
	for _, characterSet := range append(characterSets, []string{"ISO_IR 6"}, []string{"GBK"}, []string{"ISO_IR 166"}) {
		scripts, slash, bin := 0, 0, 0
		for n := range 300 {
			p := testIdentity.Patient(n, characterSet...)
			for group := range strings.SplitSeq(p.Name, "=") {
				if !strings.HasPrefix(group, "ZZTEST-") || utf8.RuneCountInString(group) > 64 {
					t.Errorf("%q: a group is not marked or too long", p.Name)
				}
			}
			b, err := dataset.EncodeText(p.Name, dataset.VRPN, characterSet)
			if err != nil {
				t.Fatalf("%q in %q: %v", p.Name, characterSet, err)
			}
			back, err := dataset.DecodeText(b, dataset.VRPN, characterSet)
			if err != nil || back != p.Name {
				t.Fatalf("%q in %q came back as %q, %v", p.Name, characterSet, back, err)
			}
			if len(b) > 64 {
				t.Errorf("%q is %d bytes in %q, which systems that count the bytes of a name cut", p.Name, len(b), characterSet)
			}
			if utf8.RuneCountInString(p.Name) != len(p.Name) {
				scripts++
			}
			if strings.Contains(p.Name, "/") {
				slash++
			}
			if strings.Contains(p.Name, " BIN") {
				bin++
			}
			if plain := testIdentity.Patient(n); plain.ID != p.ID || plain.BirthDate != p.BirthDate || plain.Sex != p.Sex {
				t.Errorf("patient %d is another person in %q", n, characterSet)
			}
		}
		switch {
		case len(characterSet) == 0:
			if scripts != 0 || slash == 0 || bin == 0 {
				t.Errorf("default repertoire: %d names outside it, %d with S/O or D/O, %d with BIN", scripts, slash, bin)
			}
		case characterSet[0] == "ISO_IR 192", characterSet[0] == "GB18030", characterSet[0] == "":
			if scripts != 300 {
				t.Errorf("%q: only %d of 300 names need it", characterSet, scripts)
			}
		case characterSet[0] == "ISO_IR 100":
			if scripts < 200 {
				t.Errorf("%q: only %d of 300 names need it", characterSet, scripts)
			}
		}
	}
}

// The decimal of a UID's 128 bits is the one that arbitrary precision gives.
func TestDecimal128(t *testing.T) {
	t.Parallel()
	const most = ^uint64(0)
	for _, n := range [][2]uint64{{0, 0}, {0, 9}, {0, 10}, {0, most}, {1, 0}, {10, 0}, {most, most}, {most, 0}, {0x123456789ABCDEF, 0xFEDCBA987654321}} {
		want := new(big.Int).SetUint64(n[0])
		want.Lsh(want, 64).Add(want, new(big.Int).SetUint64(n[1]))
		if got := decimal128(n[0], n[1]); got != want.String() {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}
