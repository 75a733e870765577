package synth

import (
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

func TestSyntaxNamed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, ts := range Syntaxes() {
		name := SyntaxName(ts)
		if seen[name] || strings.Contains(name, " ") {
			t.Errorf("%s has the name %q", ts.Name(), name)
		}
		seen[name] = true
		for _, s := range []string{name, strings.ToUpper(name), ts.Name(), string(ts)} {
			if got, err := SyntaxNamed(s); err != nil || got != ts {
				t.Errorf("%q: %s, %v", s, got, err)
			}
		}
	}
	if _, err := SyntaxNamed("jpeg-sl"); err == nil || !strings.Contains(err.Error(), `did you mean "jpeg-ls"?`) {
		t.Errorf("a misspelt name: %v", err)
	}
	if got := SyntaxName(dataset.ExplicitVRBigEndian); got != "Explicit VR Big Endian" {
		t.Errorf("one that is not made is named %q", got)
	}
}

func TestEquipmentAt(t *testing.T) {
	t.Parallel()
	a, b := EquipmentAt("heart-centre", "CT", 1), EquipmentAt("heart-centre", "CT", 2)
	if a == b || a != EquipmentAt("heart-centre", "CT", 1) || a.SerialNumber == b.SerialNumber || a.Station == b.Station {
		t.Errorf("%+v, %+v", a, b)
	}
	for _, site := range []string{"", "x", "a-very-long-name-of-a-hospital-that-goes-on-and-on", "Ü"} {
		e := EquipmentAt(site, "MG", 105)
		if err := e.complete("MG", nil); err != nil {
			t.Errorf("%q: %v", site, err)
		}
	}
}
