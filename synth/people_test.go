package synth

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pacsuat/internal/dicom/dataset"
)

// outsideOf says whether a name has letters that a character set does not.
func outsideOf(name string, characterSet ...string) bool {
	_, err := dataset.EncodeText(name, dataset.VRPN, characterSet)
	return err != nil
}

// alphabetic is the alphabetic group without the fence's prefix.
func alphabetic(name string) string {
	group, _, _ := strings.Cut(name, "=")
	return strings.TrimPrefix(group, "ZZTEST-")
}

// TestNameTraits proves that what is particular about names in Singapore occurs,
// and in no character set that cannot carry it.
func TestNameTraits(t *testing.T) {
	t.Parallel()
	has := func(part string) func(string) bool {
		return func(name string) bool { return strings.Contains(alphabetic(name), part) }
	}
	native := func(name string) string { _, n, _ := strings.Cut(name, "="); return n }
	traits := map[string]func(name string) bool{
		"bin": has(" BIN "), "binte": has(" BINTE "), "binti": has(" BINTI "),
		"S/O": has(" S/O "), "D/O": has(" D/O "), "A/L": has(" A/L "), "A/P": has(" A/P "),
		"alias with @": has(" @ "), "alias in brackets": has(" ("), "hyphen": has("-"), "apostrophe": has("'"),
		"single word":       func(name string) bool { return !strings.ContainsAny(alphabetic(name), " ^") },
		"surname first":     func(name string) bool { return strings.HasPrefix(alphabetic(name), "TAN^") },
		"one component":     func(name string) bool { return strings.HasPrefix(alphabetic(name), "TAN ") },
		"accents":           func(name string) bool { return outsideOf(name) && !outsideOf(name, "ISO_IR 100") },
		"simplified Hanzi":  func(name string) bool { return strings.ContainsAny(native(name), "陈黄张郑刘谢吴许杨") },
		"traditional Hanzi": func(name string) bool { return strings.ContainsAny(native(name), "陳黃張鄭劉謝吳許楊區") },
		"not in GB2312": func(name string) bool {
			return native(name) != "" && outsideOf(native(name), "", "ISO 2022 IR 58") && !outsideOf(name, "GBK")
		},
		"four bytes": func(name string) bool {
			return native(name) != "" && outsideOf(name, "GBK") && !outsideOf(name, "GB18030") && unicode.In([]rune(native(name))[len([]rune(native(name)))-1], unicode.Han)
		},
		"beyond 16 bits":   func(name string) bool { return strings.ContainsFunc(name, func(r rune) bool { return r > 0xFFFF }) },
		"full-width space": func(name string) bool { return strings.Contains(native(name), "\u3000") },
		"combining marks": func(name string) bool {
			return strings.ContainsFunc(alphabetic(name), func(r rune) bool { return unicode.Is(unicode.Mn, r) })
		},
		"Tamil": func(name string) bool {
			return strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Tamil, r) })
		},
	}
	everywhere := []string{"alias with @", "hyphen", "surname first"}
	can := map[string][]string{ // further ones, by the character set
		"":               {"bin", "binte", "binti", "S/O", "D/O", "A/L", "A/P", "alias in brackets", "apostrophe", "single word", "one component"},
		"ISO_IR 100":     {"accents", "apostrophe"},
		"ISO 2022 IR 58": {"simplified Hanzi", "full-width space", "alias in brackets", "one component"},
		"GBK":            {"simplified Hanzi", "traditional Hanzi", "not in GB2312", "full-width space", "alias in brackets", "one component"},
		"GB18030":        {"simplified Hanzi", "traditional Hanzi", "not in GB2312", "four bytes", "beyond 16 bits", "full-width space", "alias in brackets", "one component"},
		"ISO_IR 192": {"simplified Hanzi", "traditional Hanzi", "not in GB2312", "four bytes", "beyond 16 bits", "full-width space", "alias in brackets", "one component",
			"combining marks", "Tamil", "S/O", "D/O", "A/L", "A/P", "apostrophe", "single word"},
	}
	for term, own := range can {
		characterSet := []string{term}
		switch term {
		case "":
			characterSet = nil
		case "ISO 2022 IR 58":
			characterSet = []string{"", term}
		}
		seen := map[string]int{}
		for n := range 4000 {
			p := testIdentity.Patient(n, characterSet...)
			if outsideOf(p.Name, characterSet...) {
				t.Fatalf("%q cannot be written in %q", p.Name, characterSet)
			}
			for trait, is := range traits {
				if is(p.Name) {
					seen[trait]++
				}
			}
		}
		for _, trait := range own {
			if seen[trait] < 5 {
				t.Errorf("%q: only %d of 4000 names have the trait %q", term, seen[trait], trait)
			}
		}
		for trait, n := range seen {
			if !slices.Contains(own, trait) && !slices.Contains(everywhere, trait) {
				t.Errorf("%q: %d names have the trait %q, which was not expected there", term, n, trait)
			}
		}
	}
}

// TestLongNamePatient proves that the longest name has three groups of 64
// characters, is marked in each, survives, and is refused where it cannot be
// written.
func TestLongNamePatient(t *testing.T) {
	t.Parallel()
	for n := range 200 {
		p := testIdentity.LongNamePatient(n)
		groups := strings.Split(p.Name, "=")
		if len(groups) != 3 || len(p.Name) < 350 || p.ID != testIdentity.Patient(n).ID {
			t.Fatalf("%d bytes in %d groups", len(p.Name), len(groups))
		}
		for _, g := range groups {
			if utf8.RuneCountInString(g) != 64 || !strings.HasPrefix(g, "ZZTEST-") || strings.TrimSpace(g) != g {
				t.Errorf("a group of %d characters: %q", utf8.RuneCountInString(g), g)
			}
		}
		for _, characterSet := range []string{"ISO_IR 192", "GB18030"} {
			b, err := dataset.EncodeText(p.Name, dataset.VRPN, []string{characterSet})
			if err != nil {
				t.Fatal(err)
			}
			if back, err := dataset.DecodeText(b, dataset.VRPN, []string{characterSet}); err != nil || back != p.Name {
				t.Fatalf("%s: came back as %q, %v", characterSet, back, err)
			}
		}
	}
	q := StudyRequest{Recipe: small(mustRecipe(t, "CR chest")), Images: 1, AsOf: testDate, Identity: testIdentity, Patient: testIdentity.LongNamePatient(3), CharacterSet: []string{"ISO_IR 192"}}
	set := headerSet(t, mustInstance(t, q, 0))
	if set.Text(dataset.PatientName) != q.Patient.Name {
		t.Errorf("the instance has the name %q", set.Text(dataset.PatientName))
	}
	q.CharacterSet = []string{"ISO_IR 100"}
	if _, err := NewStudy(q); err == nil {
		t.Error("Latin 1 carries Hanzi")
	}
}

// TestLongNameDciodvfy validates instances with the longest names.
func TestLongNameDciodvfy(t *testing.T) {
	t.Parallel()
	program := requirePeer(t, "dciodvfy", "dicom3tools")
	for _, characterSet := range []string{"ISO_IR 192", "GB18030"} {
		var b bytes.Buffer
		in := mustInstance(t, StudyRequest{Recipe: small(mustRecipe(t, "CR chest")), Images: 1, AsOf: testDate, Identity: testIdentity, Patient: testIdentity.LongNamePatient(1), CharacterSet: []string{characterSet}}, 0)
		if err := WriteFile(&b, in); err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), "long.dcm")
		if err := os.WriteFile(file, b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
		for _, line := range complaints(t, program, file) {
			// dciodvfy counts the bytes of the value; PS3.5 6.2 the characters of each
			// component group.
			if !strings.Contains(line, "Length invalid for this VR") && !strings.Contains(line, "contains invalid data values for Value Representations") {
				t.Errorf("%s: %s", characterSet, line)
			}
		}
	}
}

// TestAdults proves that the patients of scenarios are grown up and of both sexes.
func TestAdults(t *testing.T) {
	t.Parallel()
	sexes := map[string]int{}
	for n := range 2000 {
		p := testIdentity.Patient(n)
		sexes[p.Sex]++
		if p.BirthDate > "20041231" || p.BirthDate < "19240101" {
			t.Errorf("born on %s", p.BirthDate)
		}
	}
	if sexes["F"] < 900 || sexes["M"] < 800 || sexes["F"]+sexes["M"] != 2000 {
		t.Errorf("sexes %v", sexes)
	}
}
