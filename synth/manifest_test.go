package synth

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// TestAgain proves that every instance of a manifest is made again alone, byte for
// byte: of shipped and own recipes, asked for by bytes, compressed, late, under
// another's identity, and in time zones.
func TestAgain(t *testing.T) {
	t.Parallel()
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	own := small(mustRecipe(t, "MR knee"))
	own.Name, own.Traits = "MR of our own", []Trait{PrivateElements}
	requests := []StudyRequest{
		{Recipe: small(mustRecipe(t, "CT chest")), Images: 5, Index: 1, CharacterSet: []string{"ISO_IR 192"}},
		{Recipe: own, Images: 4, Series: 2, Index: 2, TransferSyntax: dataset.JPEGLSLossless, Equipment: EquipmentAt("North", "MR", 3)},
		{Recipe: mustRecipe(t, "MR knee"), Bytes: 300_000, Index: 3, With: []Trait{Timezone}},
		{Recipe: small(mustRecipe(t, "CR chest")), Images: 1, Index: 4, AsOf: time.Date(2026, 3, 29, 1, 59, 50, 0, zurich), With: []Trait{Timezone}, Date: "20260329", Time: "015950"},
		{Recipe: small(mustRecipe(t, "CR chest")), Images: 2, Index: 5, Variant: 1, StudyInstanceUID: testIdentity.UID("study", 1)},
	}
	var manifest bytes.Buffer
	m := NewManifest(&manifest)
	want := map[string][]byte{}
	for _, q := range requests {
		q.Identity, q.Seed = testIdentity, 77
		if q.AsOf.IsZero() {
			q.AsOf = testDate
		}
		s := mustStudy(t, q)
		if q.Index == 1 {
			if s, err = s.Extend(2); err != nil {
				t.Fatal(err)
			}
		}
		if err := m.Study(s); err != nil {
			t.Fatal(err)
		}
		for _, in := range instances(t, s) {
			want[in.SOPInstanceUID] = whole(in)
			if err := m.Instance(in, "some/file.dcm"); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := m.Flush(); err != nil {
		t.Fatal(err)
	}
	if len(want) < 14 {
		t.Fatalf("%d instances", len(want))
	}
	for uid, b := range want {
		again, err := Again(bytes.NewReader(manifest.Bytes()), uid)
		if err != nil || len(again) != 1 {
			t.Errorf("%s: %d instances, %v", uid, len(again), err)
			continue
		}
		if !bytes.Equal(whole(again[0]), b) {
			t.Errorf("%s: other bytes", uid)
		}
	}
	text := manifest.String()
	if n := strings.Count(text, `"seed":77`); n != len(want)+len(requests) {
		t.Errorf("%d lines name their seed", n)
	}
	if _, err := Again(strings.NewReader(text), "2.25.1"); !errors.Is(err, ErrNotInManifest) {
		t.Errorf("a UID that is not there: %v", err)
	}
	var uid string
	for uid = range want {
		break
	}
	lines := strings.SplitAfter(text, "\n")
	if _, err := Again(strings.NewReader(lines[0]+"{\"study\":\n"+text), uid); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("a broken line: %v", err)
	}
	if _, err := Again(strings.NewReader(strings.ReplaceAll(text, `"nonce":"golden nonce"`, `"nonce":"another"`)), uid); err == nil {
		t.Error("from a changed manifest the same instance was made")
	}
}

// A UID that was sent with two contents is made again with both.
func TestAgainOfColliding(t *testing.T) {
	t.Parallel()
	c, err := CaseNamed("same UID, other content")
	if err != nil {
		t.Fatal(err)
	}
	studies, err := c.Studies(CaseRequest{Seed: 1, AsOf: testDate, Identity: testIdentity})
	if err != nil {
		t.Fatal(err)
	}
	var manifest bytes.Buffer
	m := NewManifest(&manifest)
	var made []*Instance
	for _, s := range studies {
		if err := m.Study(s); err != nil {
			t.Fatal(err)
		}
		in, err := s.Instance(0)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Instance(in, ""); err != nil {
			t.Fatal(err)
		}
		made = append(made, in)
	}
	if err := m.Flush(); err != nil {
		t.Fatal(err)
	}
	again, err := Again(&manifest, made[0].SOPInstanceUID)
	if err != nil || len(again) != 2 {
		t.Fatalf("%d instances, %v", len(again), err)
	}
	for i := range again {
		if !bytes.Equal(whole(again[i]), whole(made[i])) {
			t.Errorf("instance %d is another", i)
		}
	}
}
