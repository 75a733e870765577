package synth

import (
	"bytes"
	"errors"
	"fmt"
	"pacsuat/internal/dicom/dataset"
	"testing"
)

// TestVerifyStamp proves that the receiving side learns from pixels alone which
// instance they are of, and sees every alteration.
func TestVerifyStamp(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		if !r.HasPixels() || r.LeastSeries() > 1 {
			continue
		}
		for _, with := range [][]Trait{nil, {OddLengths}, {Monochrome1}} {
			if len(with) > 0 && !r.Allows(with[0]) {
				continue
			}
			t.Run(fmt.Sprintf("%s%v", r.Name, with), func(t *testing.T) {
				t.Parallel()
				in := mustInstance(t, StudyRequest{Recipe: small(r), Images: 5, Series: 2, Seed: 1<<63 + 9, AsOf: testDate, Identity: testIdentity, Index: 6, With: with}, 4)
				pixel := in.PixelData()
				stamp, err := VerifyStamp(pixel)
				if err != nil {
					t.Fatal(err)
				}
				if stamp.Seed != 1<<63+9 || stamp.Recipe != r.Name || stamp.Study != 6 || stamp.Series != 1 || stamp.Number != 1 || stamp.Frame != 0 || stamp.Pool || stamp.Variant != 0 {
					t.Errorf("the stamp says %s", stamp)
				}
				if err := stamp.Verify(pixel); err != nil {
					t.Error(err)
				}
				checkAlterations(t, stamp, pixel)
			})
		}
	}
}

func checkAlterations(t *testing.T, stamp Stamp, pixel []byte) {
	from, to := stampSpan(stamp.wide)
	for at := from; at < to; at++ {
		pixel[at] ^= 0x10
		if s, err := VerifyStamp(pixel); err == nil {
			t.Errorf("a bit flipped in byte %d of the stamp was not seen: %s", at-from, s)
		}
		pixel[at] ^= 0x10
	}
	for _, at := range []int{0, from - 1, to, len(pixel) / 2, int(stamp.length)*stamp.Frames - 1} {
		pixel[at] ^= 1
		if stamp.Verify(pixel) == nil {
			t.Errorf("a bit flipped in byte %d was not seen", at)
		}
		pixel[at] ^= 1
	}
	for _, other := range [][]byte{pixel[:len(pixel)-2], append(pixel[:len(pixel):len(pixel)], 0, 0), nil} {
		if stamp.Verify(other) == nil {
			t.Errorf("%d bytes of %d were taken for the whole", len(other), len(pixel))
		}
	}
}

func TestVerifyStampOfStrangers(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 63, 64, 127, 128, 5000} {
		if _, err := VerifyStamp(make([]byte, n)); !errors.Is(err, ErrNoStamp) {
			t.Errorf("%d zeros: %v, want ErrNoStamp", n, err)
		}
	}
	// A stamp that claims to be alone, or without a value, is an error, no panic.
	for _, s := range []Stamp{{}, {wide: true, length: 3, Frames: 1}, {length: 1 << 31, Frames: 1}, {length: 1, Frames: 1 << 30}} {
		from, _ := stampSpan(s.wide)
		pixel := append(make([]byte, from), s.append(nil)...)
		got, err := VerifyStamp(pixel)
		if err != nil {
			t.Errorf("%+v: %v", s, err)
		}
		if got.Verify(pixel) == nil {
			t.Errorf("%+v: pixel data of nothing but a stamp were taken for whole", s)
		}
	}
}

func FuzzVerifyStamp(f *testing.F) {
	for _, name := range []string{"CR chest", "CT chest", "US abdomen", "US cine"} {
		r := mustRecipe(f, name)
		in := mustInstance(f, StudyRequest{Recipe: small(r), Images: 1, AsOf: testDate, Identity: testIdentity}, 0)
		f.Add(in.PixelData()[:200])
	}
	f.Fuzz(func(t *testing.T, pixel []byte) {
		s, err := VerifyStamp(pixel)
		if err != nil {
			return
		}
		from, to := stampSpan(s.wide)
		if again := s.append(nil); string(again) != string(pixel[from:to]) {
			t.Errorf("%s was read from another stamp than it is written as", s)
		}
		_ = s.Verify(pixel) // must not panic whatever length is claimed
	})
}

// TestStampsDiffer proves that no two instances have the same pixels.
func TestStampsDiffer(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, seed := range []uint64{1, 2} {
		for index := range 3 {
			s := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, "MR knee")), Images: 60, Series: 3, Seed: seed, AsOf: testDate, Identity: testIdentity, Index: index})
			for i, in := range instances(t, s) {
				name := fmt.Sprintf("seed %d, study %d, instance %d", seed, index, i)
				stamp := string(in.Segments[2])
				if other, ok := seen[stamp]; ok {
					t.Fatalf("%s and %s have the same stamp", name, other)
				}
				seen[stamp] = name
			}
		}
	}
	if len(seen) != 360 {
		t.Errorf("%d stamps of 360 instances", len(seen))
	}
}

func mustRecipe(t testing.TB, name string) Recipe {
	t.Helper()
	r, err := RecipeNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Whatever stands where an encoded frame should be, reading its stamp and proving
// it must not panic, and what was altered is not proven.
func FuzzStampOfFrame(f *testing.F) {
	for _, ts := range []dataset.TransferSyntax{dataset.JPEGLSLossless, dataset.JPEGLosslessSV1, dataset.JPEG2000Lossless, dataset.HTJ2K} {
		s := mustStudy(f, StudyRequest{Recipe: small(mustRecipe(f, "MR knee")), Images: 1, AsOf: testDate, Identity: testIdentity, TransferSyntax: ts})
		in, err := s.Instance(0)
		if err != nil {
			f.Fatal(err)
		}
		codes, err := frameCodes(in)
		if err != nil {
			f.Fatal(err)
		}
		stamp, err := StampOfFrame(codes[0])
		if err != nil || stamp.VerifyFrame(codes[0]) != nil {
			f.Fatalf("%s: %s, %v", ts.Name(), stamp, err)
		}
		altered := bytes.Clone(codes[0])
		altered[len(altered)-20] ^= 1
		if stamp.VerifyFrame(altered) == nil {
			f.Fatalf("%s: an altered frame was proven", ts.Name())
		}
		f.Add(codes[0])
		f.Add(codes[0][:200])
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		s, err := StampOfFrame(code)
		if err == nil {
			_ = s.VerifyFrame(code)
		}
		_ = Stamp{}.VerifyFrame(code)
	})
}
