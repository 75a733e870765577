package synth

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// A header rendered from the pattern of its series is the one that is made alone,
// to the byte, for every recipe, and concurrently.
func TestPatternChangesNothing(t *testing.T) {
	t.Parallel()
	const images = 14
	patterned := map[string]bool{}
	for _, recipe := range Recipes() {
		for _, ts := range []dataset.TransferSyntax{dataset.ImplicitVRLittleEndian, dataset.ExplicitVRLittleEndian} {
			for _, with := range [][]Trait{nil, {EmptyType2, LongUIDs, DecimalText}} {
				s, err := NewStudy(StudyRequest{
					Recipe: small(recipe), Images: images, Series: max(3, recipe.LeastSeries()), Seed: 5, With: with, TransferSyntax: ts,
					AsOf:         time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC),
					Identity:     NewIdentity("nonce", "scope", "scenario", 1, Fence{}),
					CharacterSet: []string{"ISO_IR 192"},
				})
				if err != nil {
					t.Fatal(err)
				}
				for _, se := range s.series {
					if se.pattern != nil {
						patterned[se.object.name+ts.Name()+fmt.Sprint(with)] = true
					}
				}
				if s, err = s.Extend(5); err != nil {
					t.Fatal(err)
				}
				var group sync.WaitGroup
				for worker := range 3 {
					group.Go(func() {
						for i := worker; i < s.Len(); i += 2 { // some are made by two
							if err := samePatterned(s, i); err != nil {
								t.Errorf("%s, %s, instance %d: %v", recipe.Name, ts.Name(), i, err)
								return
							}
						}
					})
				}
				group.Wait()
			}
		}
	}
	for _, object := range []string{"CT", "MR"} {
		for _, ts := range []dataset.TransferSyntax{dataset.ImplicitVRLittleEndian, dataset.ExplicitVRLittleEndian} {
			if !patterned[object+ts.Name()+"[]"] {
				t.Errorf("%s in %s is made without a pattern", object, ts.Name())
			}
		}
	}
	for made := range patterned {
		if strings.Contains(made, string(LongUIDs)) {
			t.Errorf("%s: traits change any element, yet there is a pattern", made)
		}
	}
}

// headerSet is the header of an instance as a set.
func headerSet(t *testing.T, in *Instance) *dataset.Set {
	t.Helper()
	set, err := in.Header()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func samePatterned(s *Study, i int) error {
	want, err := s.headerOf(i, 0, nil)
	if err != nil {
		return err
	}
	se, _ := s.place(i)
	encoded, err := want.Append(nil, se.ts)
	if err != nil {
		return err
	}
	got, err := s.encodedHeader(i, 0, nil)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, encoded) {
		return errors.New("encoded in other bytes")
	}
	if _, ok := s.patterned(i, nil); ok != (se.pattern != nil) {
		return fmt.Errorf("made from a pattern: %t", ok)
	}
	return nil
}

func BenchmarkHeader(b *testing.B) {
	r, err := RecipeNamed("CT chest")
	if err != nil {
		b.Fatal(err)
	}
	s, err := NewStudy(StudyRequest{Recipe: r, Images: 1000, Date: "20260101", Identity: NewIdentity("n", "s", "x", 1, Fence{})})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.encodedHeader(i%s.Len(), 0, nil); err != nil {
			b.Fatal(err)
		}
	}
}
