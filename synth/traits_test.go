package synth

import (
	"math/big"
	mathbits "math/bits"
	"strings"
	"testing"

	"pacsuat/internal/dicom/dataset"
)

// withTrait returns the first instance of a study with and without a trait.
func withTrait(t *testing.T, r Recipe, trait Trait) (plain, with *Instance) {
	t.Helper()
	q := StudyRequest{Recipe: small(r), Images: max(2, r.LeastSeries()), Seed: 2, AsOf: testDate, Identity: testIdentity}
	plain = mustInstance(t, q, 0)
	q.With = []Trait{trait}
	return plain, mustInstance(t, q, 0)
}

// TestTraits proves of every recipe that each trait is in the data set, as it
// is described.
func TestTraits(t *testing.T) {
	t.Parallel()
	checks := map[Trait]func(t *testing.T, plain, with *Instance){
		PrivateElements: checkPrivate,
		NestedSequences: checkNested,
		LongTexts:       checkLongTexts,
		EmptyType2:      checkEmptyType2,
		LongUIDs:        checkLongUIDs,
		DecimalText:     checkDecimalText,
		OddLengths:      checkOddLengths,
		Monochrome1:     checkMonochrome1,
		Timezone: func(t *testing.T, plain, with *Instance) {
			if got := headerSet(t, with).String(dataset.TimezoneOffsetFromUTC); got != "+0800" || headerSet(t, plain).Has(dataset.TimezoneOffsetFromUTC) {
				t.Errorf("offset %q", got)
			}
		},
		LeadingSpaces: func(t *testing.T, _, with *Instance) {
			e, ok := headerSet(t, with).Get(dataset.PatientComments)
			if !ok || !strings.HasPrefix(string(e.Value), "   ") {
				t.Error("Patient Comments do not begin with spaces")
			}
		},
		EmptyStudyID: func(t *testing.T, plain, with *Instance) {
			e, ok := headerSet(t, with).Get(dataset.StudyID)
			if !ok || len(e.Value) > 0 || headerSet(t, plain).String(dataset.StudyID) == "" || headerSet(t, with).String(dataset.PatientSex) == "" {
				t.Error("Study ID is not the only thing that became empty")
			}
		},
		Overlay: func(t *testing.T, plain, with *Instance) {
			e, ok := headerSet(t, with).Get(dataset.NewTag(0x6000, 0x3000))
			se, _ := with.study.place(with.Index)
			if want := (se.Matrix.Columns*se.Matrix.Rows + 15) / 16 * 2; !ok || len(e.Value) != want {
				t.Fatalf("an overlay of %d bytes, want %d", len(e.Value), want)
			}
			bits := 0
			for _, b := range e.Value {
				bits += mathbits.OnesCount8(b)
			}
			if bits < se.Matrix.Columns || bits > se.Matrix.Columns*se.Matrix.Rows/4 || headerSet(t, plain).Has(dataset.NewTag(0x6000, 0x3000)) {
				t.Errorf("an overlay of %d bits", bits)
			}
		},
	}
	for _, r := range Recipes() {
		for _, trait := range Traits() {
			if !r.Allows(trait) {
				continue
			}
			t.Run(r.Name+"/"+string(trait), func(t *testing.T) {
				t.Parallel()
				plain, with := withTrait(t, r, trait)
				checks[trait](t, plain, with)
			})
		}
	}
	if name, err := TraitNamed("Long uids"); err != nil || name != LongUIDs {
		t.Errorf("%q, %v", name, err)
	}
}

func checkPrivate(t *testing.T, _, with *Instance) {
	vrs := map[dataset.VR]bool{}
	odd := 0
	for e := range headerSet(t, with).All() {
		if !e.Tag.IsPrivate() {
			continue
		}
		vrs[e.VR] = true
		if e.Tag.Element() > 0xFF {
			creator := headerSet(t, with).String(dataset.NewTag(e.Tag.Group(), e.Tag.Element()>>8))
			if creator == "" {
				t.Errorf("%s has no private creator", e.Tag)
			}
		}
		if e.VR == dataset.VROB && len(e.Value) == 6 {
			odd++
		}
		for _, item := range e.Items {
			if item.String(dataset.NewTag(e.Tag.Group(), 0x10)) == "" {
				t.Errorf("an item of %s has no private creator of its own (PS3.5 7.8.1)", e.Tag)
			}
		}
	}
	for _, vr := range []dataset.VR{dataset.VRUN, dataset.VRSQ, dataset.VROB, dataset.VROW, dataset.VRFD, dataset.VRPN, dataset.VRUT, dataset.VRAT} {
		if !vrs[vr] {
			t.Errorf("no private element of VR %s", vr)
		}
	}
	if odd != 1 {
		t.Error("no private value of odd length")
	}
}

func checkNested(t *testing.T, _, with *Instance) {
	levels := map[int]int{} // depth → most items of one sequence
	var walk func(s *dataset.Set, level int)
	walk = func(s *dataset.Set, level int) {
		for e := range s.All() {
			if e.VR == dataset.VRSQ {
				levels[level] = max(levels[level], len(e.Items))
				for _, item := range e.Items {
					walk(item, level+1)
				}
			}
		}
	}
	walk(headerSet(t, with), 1)
	if levels[1] < 2 || levels[2] < 2 || levels[3] < 3 || levels[4] < 2 || levels[5] < 1 {
		t.Errorf("items by depth: %v", levels)
	}
}

func checkLongTexts(t *testing.T, plain, with *Instance) {
	lengths := map[dataset.VR]int{}
	var walk func(s *dataset.Set)
	walk = func(s *dataset.Set) {
		for e := range s.All() {
			lengths[e.VR] = max(lengths[e.VR], len(e.Value))
			for _, item := range e.Items {
				walk(item)
			}
		}
	}
	walk(headerSet(t, with))
	ut := 20480
	if plain.Frames == 0 && firstText(headerSet(t, plain)) == nil {
		ut = lengths[dataset.VRUT] // a document without a text
	}
	if lengths[dataset.VRLT] != 4096 || lengths[dataset.VRUT] != ut || lengths[dataset.VRST] != 1000 {
		t.Errorf("LT of %d, UT of %d, ST of %d bytes", lengths[dataset.VRLT], lengths[dataset.VRUT], lengths[dataset.VRST])
	}
}

func checkEmptyType2(t *testing.T, plain, with *Instance) {
	for _, tag := range []dataset.Tag{dataset.ReferringPhysicianName, dataset.StudyID, dataset.PatientBirthDate, dataset.PatientSex} {
		e, ok := headerSet(t, with).Get(tag)
		if !ok || len(e.Value) != 0 {
			t.Errorf("%s is not empty", tag.Keyword())
		}
		if headerSet(t, plain).String(tag) == "" {
			t.Errorf("%s is empty without the trait too", tag.Keyword())
		}
	}
	if !strings.HasPrefix(headerSet(t, with).String(dataset.PatientID), "ZZTEST") || headerSet(t, with).String(dataset.AccessionNumber) == "" {
		t.Error("the patient is not inside the fence, or has no accession number")
	}
}

func checkLongUIDs(t *testing.T, _, with *Instance) {
	for _, tag := range []dataset.Tag{dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID} {
		if n := len(headerSet(t, with).String(tag)); n != 64 {
			t.Errorf("%s has %d characters", tag.Keyword(), n)
		}
	}
}

func checkDecimalText(t *testing.T, plain, with *Instance) {
	changed := 0
	for e := range headerSet(t, plain).All() {
		if e.VR != dataset.VRDS && e.VR != dataset.VRIS {
			continue
		}
		was, now := headerSet(t, plain).Strings(e.Tag), headerSet(t, with).Strings(e.Tag)
		if len(was) != len(now) {
			t.Errorf("%s has %d values, not %d", e.Tag.Keyword(), len(now), len(was))
			continue
		}
		for n := range was {
			a, okA := new(big.Rat).SetString(was[n])
			b, okB := new(big.Rat).SetString(now[n])
			if !okA || !okB || a.Cmp(b) != 0 {
				t.Errorf("%s: %q is not the number %q", e.Tag.Keyword(), now[n], was[n])
			}
			if was[n] != now[n] {
				changed++
			}
			if limit := map[dataset.VR]int{dataset.VRDS: 16, dataset.VRIS: 12}[e.VR]; len(now[n]) > limit {
				t.Errorf("%s: %q is longer than %d", e.Tag.Keyword(), now[n], limit)
			}
		}
	}
	if changed == 0 {
		t.Error("no number is written in another way")
	}
}

func checkOddLengths(t *testing.T, _, with *Instance) {
	padded := 0
	for e := range headerSet(t, with).All() {
		if n := len(e.Value); n > 0 && e.VR != dataset.VRSQ && (e.Value[n-1] == ' ' || e.VR == dataset.VRUI && e.Value[n-1] == 0) {
			padded++
		}
	}
	if padded < 5 {
		t.Errorf("only %d values of odd length", padded)
	}
	if se, _ := with.study.place(with.Index); with.Frames > 0 && se.allocated == 8 && se.nativeBytes(with.Frames)%2 == 0 {
		t.Errorf("pixel data of %d bytes are not odd", se.nativeBytes(with.Frames))
	}
	if n := len(with.PixelData()); n%2 != 0 {
		t.Errorf("pixel data of %d bytes are not padded", n)
	}
}

func checkMonochrome1(t *testing.T, plain, with *Instance) {
	if got := headerSet(t, with).String(dataset.PhotometricInterpretation); got != "MONOCHROME1" {
		t.Errorf("photometric interpretation %q", got)
	}
	was, _ := headerSet(t, plain).Int(dataset.WindowCenter)
	now, _ := headerSet(t, with).Int(dataset.WindowCenter)
	if was == 0 || was+now != 4096 { // C.11.2.1.2.1: so that white is white again
		t.Errorf("window centre %d, without the trait %d", now, was)
	}
	a, b := plain.Segments[3], with.Segments[3]
	for at := 0; at < len(a); at += 2 {
		if va, vb := int(a[at])|int(a[at+1])<<8, int(b[at])|int(b[at+1])<<8; va+vb != 4095 {
			t.Fatalf("samples %d and %d are not each other's inverse", va, vb)
		}
	}
}

func TestPadDecimal(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "1": "+01", "-7": "-07", "0.5": "+00.500", "-199.61": "-0199.6100", "12345678901": "12345678901", "1.234567890123": "1.234567890123",
	} {
		if got := padDecimal(value); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
}
