package rundir

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
	"testing"
)

var testKey = bytes.Repeat([]byte("k"), 32)

func TestFenceValue(t *testing.T) {
	t.Parallel()
	f := NewFence(testKey)
	f.Own("ZZTEST0001", "ZZTEST^SYNTHETIC ", "2.25.123\x00", "")
	const (
		patientID  = 0x00100020
		name       = 0x00100010
		uid        = 0x0020000D
		modality   = 0x00080060
		modalities = 0x00080061
		sopClass   = 0x00080016
		count      = 0x00201208
		charset    = 0x00080005
		status     = 0x00000900
		comment    = 0x00000902
	)
	for _, test := range []struct {
		what string
		tag  uint32
		in   string
		pass string // "" = reduced
	}{
		{"own", patientID, "ZZTEST0001", "ZZTEST0001"},
		{"own, padded", name, "ZZTEST^SYNTHETIC", "ZZTEST^SYNTHETIC"},
		{"own, padded by the peer", patientID, "ZZTEST0001  ", "ZZTEST0001"},
		{"own UID, NUL", uid, "2.25.123", "2.25.123"},
		{"own value in any tag", comment, "2.25.123", "2.25.123"},
		{"somebody", name, "MUSTERMANN^ERIKA", ""},
		{"somebody beside an own one", patientID, `ZZTEST0001\4711`, ""},
		{"own ones", patientID, `ZZTEST0001\2.25.123`, `ZZTEST0001\2.25.123`},
		{"part of an own one", patientID, "ZZTEST000", ""},
		{"own in another case", patientID, "zztest0001", ""},
		{"somebody's UID", uid, "1.2.3.4", ""},
		{"modality", modality, "CT", "CT"},
		{"modalities", modalities, `CT\MR \SR`, `CT\MR \SR`},
		{"a name in modality", modality, "MUSTERMANN^ERIKA", ""},
		{"a name with a space in modality", modality, "MUSTERMANN ERIKA", ""},
		{"standard SOP class", sopClass, "1.2.840.10008.5.1.4.1.1.2\x00", "1.2.840.10008.5.1.4.1.1.2"},
		{"private SOP class", sopClass, "1.2.826.0.1.3680043.1", ""},
		{"under a longer root", sopClass, "1.2.840.100080.1", ""},
		{"count", count, "120 ", "120"},
		{"a name for a count", count, "ERIKA", ""},
		{"no digits for a count", count, "E+E", ""},
		{"a long number for a count", count, "12345678901234567", ""},
		{"character set", charset, `\ISO 2022 IR 87`, `\ISO 2022 IR 87`},
		{"a name for a character set", charset, "ISO_IR ERIKA", ""},
		{"status", status, "43008", "43008"},
		{"comment", comment, "not found", ""},
		{"unknown tag", 0x00091001, "1", ""},
	} {
		got := f.Value(test.tag, test.in)
		if test.pass != "" && got != test.pass {
			t.Errorf("%s: got %q, expected %q", test.what, got, test.pass)
		}
		if test.pass == "" && !reducedForm.MatchString(got) {
			t.Errorf("%s: got %q, expected it reduced", test.what, got)
		}
	}
	if got := f.Value(name, "  "); got != "" {
		t.Errorf("an empty value became %q", got)
	}
}

var reducedForm = regexp.MustCompile(`^#[0-9a-f]{12} \(\d+ bytes\)$`)

func TestFenceTextIsAlwaysReduced(t *testing.T) {
	t.Parallel()
	f := NewFence(testKey)
	f.Own("ZZTEST0001")
	for _, s := range []string{"ZZTEST0001", "patient MUSTERMANN not found", " "} {
		if got := f.Text(s); !reducedForm.MatchString(got) {
			t.Errorf("%q became %q", s, got)
		}
	}
	if got := f.Text(""); got != "" {
		t.Errorf("nothing became %q", got)
	}
}

func TestFenceHash(t *testing.T) {
	t.Parallel()
	f, same, other := NewFence(testKey), NewFence(testKey), NewFence(bytes.Repeat([]byte("x"), 32))
	if got, want := f.Text("MUSTERMANN^ERIKA"), "#68d92c700b7a (16 bytes)"; got != want {
		t.Errorf("got %q, expected the keyed hash %q", got, want)
	}
	if a, b := f.Text("x"), same.Text("x"); a != b {
		t.Errorf("one key, one value: %q and %q", a, b)
	}
	if a, b := f.Text("x"), other.Text("x"); a == b {
		t.Errorf("two keys: %q twice", a)
	}
	if a, b := f.Text("x"), f.Text("y"); a == b {
		t.Errorf("two values: %q twice", a)
	}
	// A key that can be guessed is not used.
	for _, short := range [][]byte{nil, {}, []byte("short")} {
		if a, b := NewFence(short).Text("x"), NewFence(short).Text("x"); a == b {
			t.Errorf("the short key %q was used", short)
		}
	}
}

func TestFenceKeepsItsKey(t *testing.T) {
	t.Parallel()
	key := bytes.Clone(testKey)
	f := NewFence(key)
	before := f.Text("x")
	clear(key)
	if after := f.Text("x"); before != after {
		t.Error("the caller's slice is the fence's key")
	}
}

func TestFenceIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	f := NewFence(testKey)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			v := strings.Repeat("v", i+1)
			f.Own(v)
			if !f.IsOwn(v) || f.Value(0x00100020, v) != v {
				t.Errorf("%q is not its own", v)
			}
		})
	}
	wg.Wait()
}
