package synth

import (
	"bytes"
	"flag"
	"iter"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
)

var update = flag.Bool("update", false, "write the golden files anew")

// whole returns the bare data set of an instance in one piece.
func whole(in *Instance) []byte { return slices.Concat(in.Segments...) }

// TestNonceAndSeed proves that another nonce changes every identity and no
// pixel, and another seed the pixels and no identity.
func TestNonceAndSeed(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		q := StudyRequest{Recipe: small(r), Images: max(2, r.LeastSeries()), Seed: 42, AsOf: testDate, Identity: testIdentity}
		base := mustInstance(t, q, 1)
		q.Identity = NewIdentity("another nonce", "cell", "scenario", 1, Fence{})
		nonce := mustInstance(t, q, 1)
		q.Identity, q.Seed = testIdentity, 43
		seed := mustInstance(t, q, 1)
		for _, tag := range []dataset.Tag{dataset.PatientID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID, dataset.AccessionNumber} {
			was := headerSet(t, base).String(tag)
			if was == "" || was == headerSet(t, nonce).String(tag) {
				t.Errorf("%s: %s is %q under both nonces", r.Name, tag.Keyword(), was)
			}
			if was != headerSet(t, seed).String(tag) {
				t.Errorf("%s: %s changed with the seed", r.Name, tag.Keyword())
			}
		}
		if !bytes.Equal(base.PixelData(), nonce.PixelData()) {
			t.Errorf("%s: another nonce changed the pixels", r.Name)
		}
		if r.HasPixels() && !bytes.Equal(base.Segments[0], whole(base)) && bytes.Equal(base.Segments[3], seed.Segments[3]) {
			t.Errorf("%s: another seed did not change the pixels", r.Name)
		}
		if bytes.Equal(whole(base), whole(seed)) {
			t.Errorf("%s: another seed changed nothing", r.Name)
		}
	}
}

// TestInstanceAlone proves that an instance made alone, concurrently with
// others, is the one that the sequence yields, and that it parses back to its
// own data set.
func TestInstanceAlone(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		for _, ts := range []dataset.TransferSyntax{dataset.ImplicitVRLittleEndian, dataset.ExplicitVRLittleEndian} {
			s := mustStudy(t, StudyRequest{Recipe: small(r), Images: 7, Series: max(3, r.LeastSeries()), Seed: 5, AsOf: testDate, Identity: testIdentity, TransferSyntax: ts})
			var all [][]byte
			for i, in := range instances(t, s) {
				if i != len(all) || in.Index != i || in.SOPInstanceUID != s.SOPInstanceUID(i) || in.SeriesInstanceUID != s.SeriesInstanceUIDs()[in.Series] {
					t.Errorf("%s: instance %d says it is %d, series %d", r.Name, i, in.Index, in.Series)
				}
				all = append(all, whole(in))
			}
			var wg sync.WaitGroup
			for i := range 14 {
				wg.Go(func() {
					in, err := s.Instance(i % 7)
					if err != nil {
						t.Error(err)
						return
					}
					if !bytes.Equal(whole(in), all[i%7]) || in.Size() != int64(len(all[i%7])) {
						t.Errorf("%s: instance %d made alone is another", r.Name, i%7)
					}
				})
			}
			wg.Wait()
			in, err := s.Instance(6)
			if err != nil {
				t.Fatal(err)
			}
			want, err := in.DataSet()
			if err != nil {
				t.Fatal(err)
			}
			got, err := dataset.Parse(all[6], ts, dataset.Limits{})
			if err != nil {
				t.Fatalf("%s, %s: %v", r.Name, ts, err)
			}
			if d := dataset.Compare(want, got, dataset.CompareOptions{}); len(d) > 0 {
				t.Errorf("%s, %s: written and parsed it differs: %v", r.Name, ts, d)
			}
		}
	}
}

// TestSeries proves that the instances are divided into the series evenly, in
// order, numbered from 1, and that late images go to the last series.
func TestSeries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		images, series, late int
		want                 []int // instances a series, late ones included
	}{{1, 1, 0, []int{1}}, {7, 3, 0, []int{3, 2, 2}}, {7, 3, 4, []int{3, 2, 6}}, {6, 3, 1, []int{2, 2, 3}}, {3, 3, 2, []int{1, 1, 3}}, {5, 1, 5, []int{10}}} {
		s := mustStudy(t, StudyRequest{Recipe: small(mustRecipe(t, "MR knee")), Images: c.images, Series: c.series, AsOf: testDate, Identity: testIdentity})
		before := s
		if c.late > 0 {
			var err error
			if s, err = s.Extend(c.late); err != nil {
				t.Fatal(err)
			}
		}
		got, uids := make([]int, c.series), map[string]bool{}
		for i, in := range instances(t, s) {
			got[in.Series]++
			uids[in.SOPInstanceUID] = true
			if n, ok := headerSet(t, in).Int(dataset.InstanceNumber); !ok || int(n) != got[in.Series] || in.Number != got[in.Series] {
				t.Errorf("%+v: instance %d has number %d in its series, want %d", c, i, n, got[in.Series])
			}
			if i < before.Len() {
				old, err := before.Instance(i)
				if err != nil || !bytes.Equal(whole(old), whole(in)) {
					t.Errorf("%+v: late images changed instance %d", c, i)
				}
			}
		}
		if !slices.Equal(got, c.want) || len(uids) != c.images+c.late || s.Len() != c.images+c.late {
			t.Errorf("%+v: series of %v, %d UIDs", c, got, len(uids))
		}
		if _, err := before.Instance(before.Len()); err == nil {
			t.Errorf("%+v: the study before it was extended has late images", c)
		}
	}
}

func TestColliding(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		in := mustInstance(t, StudyRequest{Recipe: small(r), Images: max(2, r.LeastSeries()), AsOf: testDate, Identity: testIdentity}, 1)
		other, err := Colliding(in)
		if err != nil {
			t.Fatal(err)
		}
		if in.SOPInstanceUID != other.SOPInstanceUID || headerSet(t, in).String(dataset.SOPInstanceUID) != headerSet(t, other).String(dataset.SOPInstanceUID) {
			t.Errorf("%s: another SOP Instance UID", r.Name)
		}
		if bytes.Equal(whole(in), whole(other)) || len(in.Segments) > 3 && bytes.Equal(in.Segments[3], other.Segments[3]) {
			t.Errorf("%s: no other content", r.Name)
		}
		if in.Frames > 0 {
			if stamp, err := VerifyStamp(other.PixelData()); err != nil || stamp.Variant != 1 || stamp.Verify(other.PixelData()) != nil {
				t.Errorf("%s: stamp %s, %v", r.Name, stamp, err)
			}
		}
		back, err := Colliding(other)
		if err != nil || !bytes.Equal(whole(back), whole(in)) {
			t.Errorf("%s: what collides with the colliding one is not the first", r.Name)
		}
	}
}

// TestSize holds the plan's figure against what is made, within 1 %.
func TestSize(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		if n, bytes := Size(r, 0); n != r.Images.Mean || bytes <= 0 {
			t.Errorf("%s: realistic size %d instances, %d bytes", r.Name, n, bytes)
		}
		s := mustStudy(t, StudyRequest{Recipe: small(r), Images: 30, Series: r.LeastSeries(), Seed: 8, AsOf: testDate, Identity: testIdentity, Index: 2})
		var made int64
		for _, in := range instances(t, s) {
			made += in.Size()
		}
		n, planned := Size(small(r), 30)
		if n != 30 || planned < made*99/100 || planned > made*101/100 {
			t.Errorf("%s: planned %d instances, %d bytes, made %d bytes", r.Name, n, planned, made)
		}
	}
}

func TestNewStudyRefuses(t *testing.T) {
	t.Parallel()
	first := func(change func(*Series)) func(*StudyRequest) {
		return func(q *StudyRequest) {
			q.Recipe.Series = slices.Clone(q.Recipe.Series)
			change(&q.Recipe.Series[0])
		}
	}
	good := StudyRequest{Recipe: mustRecipe(t, "CT chest"), Images: 4, AsOf: testDate, Identity: testIdentity}
	for _, c := range []struct {
		change func(*StudyRequest)
		want   string
	}{
		{func(q *StudyRequest) { q.Recipe = Recipe{Name: "own"} }, "has no series"},
		{first(func(s *Series) { s.Matrix = Matrix{512, 10} }), "can be painted"},
		{first(func(s *Series) { s.Matrix = Matrix{512, -1} }), "can be painted"},
		{first(func(s *Series) { s.Distinct = -1 }), "distinct"},
		{first(func(s *Series) { s.StoredBits = 17 }), "stored_bits"},
		{first(func(s *Series) { s.Frames = Range{2, 2} }), "which has one only"},
		{first(func(s *Series) { s.Matrix = Matrix{60000, 60000} }), "more than"},
		{first(func(s *Series) { s.Object = "CTT" }), `did you mean "CT"?`},
		{first(func(s *Series) { s.Phantom = "chest TC" }), "did you mean"},
		{first(func(s *Series) { s.Views = []string{"upside down"} }), "has no view"},
		{first(func(s *Series) { s.Photometric = "PALETTE COLOR" }), "photometric"},
		{first(func(s *Series) { s.Attributes = map[string]string{"KPV": "1"} }), "no keyword"},
		{first(func(s *Series) { s.Attributes = map[string]string{"PatientName": "TAN"} }), "recipes do not set"},
		{first(func(s *Series) { s.Attributes = map[string]string{"PatientID": "1"} }), "recipes do not set"},
		{first(func(s *Series) { s.Attributes = map[string]string{"ReferencedImageSequence": "1"} }), "VR SQ"},
		{func(q *StudyRequest) { q.Images, q.Bytes = 4, 4 }, "ask for one of them"},
		{func(q *StudyRequest) { q.Images, q.Bytes = 0, 4 }, "cannot be made within 1 %"},
		{func(q *StudyRequest) { q.StudyInstanceUID = "1.2.840.1" }, "does not lie under the fence's root"},
		{func(q *StudyRequest) { q.Variant = 2 }, "variant"},
		{func(q *StudyRequest) { q.Equipment.Station = "SEVENTEEN LETTERS" }, "station"},
		{func(q *StudyRequest) { q.Identity = nil }, "needs an Identity"},
		{func(q *StudyRequest) { q.Images = -1 }, "-1 images"},
		{func(q *StudyRequest) { q.Images = maxImages + 1 }, "images"},
		{func(q *StudyRequest) { q.Series = 5 }, "5 series"},
		{func(q *StudyRequest) { q.Series = -1 }, "-1 series"},
		{func(q *StudyRequest) { q.Index = -1 }, "index"},
		{func(q *StudyRequest) { q.AsOf = time.Time{} }, "needs a date"},
		{func(q *StudyRequest) { q.Date = "20260231" }, "20260231"},
		{func(q *StudyRequest) { q.Time = "2460" }, "2460"},
		{func(q *StudyRequest) { q.Accession = "12345678901234567" }, "accession"},
		{func(q *StudyRequest) { q.Description = strings.Repeat("x", 65) }, "65 characters"},
		{func(q *StudyRequest) { q.TransferSyntax = dataset.ExplicitVRBigEndian }, "not made"},
		{func(q *StudyRequest) { q.TransferSyntax = dataset.JPEGBaseline8Bit }, "8 bits"},
		{func(q *StudyRequest) { q.With = []Trait{"sparkle"} }, "no trait is named"},
		{func(q *StudyRequest) { q.With = []Trait{Monochrome1} }, "cannot have the trait"},
		{func(q *StudyRequest) { q.Patient = Patient{ID: "S1234567D", Name: "ZZTEST-TAN"} }, "does not begin with the fence's prefix"},
		{func(q *StudyRequest) { q.Patient = Patient{ID: "ZZTEST1", Name: "TAN^AH KOW"} }, "does not begin with the fence's prefix"},
		{func(q *StudyRequest) { q.Patient = Patient{ID: "ZZTEST1", Name: "ZZTEST-TAN=陈"} }, "does not begin with the fence's prefix"},
		{func(q *StudyRequest) { q.Patient = Patient{ID: "ZZTEST1"} }, "without a name"},
		{func(q *StudyRequest) {
			q.Patient, q.CharacterSet = Patient{ID: "ZZTEST1", Name: "ZZTEST-TAN=ZZTEST-陈"}, []string{"ISO_IR 100"}
		}, "PatientName"},
	} {
		q := good
		c.change(&q)
		if _, err := NewStudy(q); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, want one that says %q", err, c.want)
		}
	}
	if _, err := RecipeNamed("CT chset"); err == nil || !strings.Contains(err.Error(), `did you mean "CT chest"?`) {
		t.Errorf("a misspelt recipe: %v", err)
	}
	if r, err := RecipeNamed("ct CHEST"); err != nil || r.Name != "CT chest" {
		t.Errorf("another case: %q, %v", r.Name, err)
	}
	if _, err := mustStudy(t, good).Extend(0); err == nil {
		t.Error("extended by no image")
	}
	for _, i := range []int{-1, 4} {
		if _, err := mustStudy(t, good).Instance(i); err == nil {
			t.Errorf("instance %d of 4 was made", i)
		}
	}
}

func TestDateAndTime(t *testing.T) {
	t.Parallel()
	q := StudyRequest{Recipe: mustRecipe(t, "CT chest"), Images: 700, Series: 1, AsOf: testDate, Identity: testIdentity, Time: "235959", With: []Trait{Timezone}}
	s := mustStudy(t, q)
	in, err := s.Instance(699)
	if err != nil {
		t.Fatal(err)
	}
	for tag, want := range map[dataset.Tag]string{
		dataset.StudyDate: "20260105", dataset.StudyTime: "235959", dataset.SeriesDate: "20260105",
		dataset.ContentDate: "20260106", dataset.ContentTime: "000108.900000", dataset.TimezoneOffsetFromUTC: "+0800",
	} {
		if got := headerSet(t, in).String(tag); got != want {
			t.Errorf("%s is %q, want %q", tag.Keyword(), got, want)
		}
	}
	q.Time, q.Date = "", "19991231"
	if s := mustStudy(t, q); s.StudyDate != "19991231" || s.StudyTime < "080000" || s.StudyTime > "175959" {
		t.Errorf("study of %s %s", s.StudyDate, s.StudyTime)
	}
}

// TestWriteFile proves that a Part 10 file is read back as the instance.
func TestWriteFile(t *testing.T) {
	t.Parallel()
	in := mustInstance(t, StudyRequest{Recipe: small(mustRecipe(t, "US abdomen")), Images: 1, AsOf: testDate, Identity: testIdentity, TransferSyntax: dataset.ImplicitVRLittleEndian}, 0)
	var b bytes.Buffer
	if err := WriteFile(&b, in); err != nil {
		t.Fatal(err)
	}
	meta, err := dataset.ReadFileMeta(&b)
	if err != nil {
		t.Fatal(err)
	}
	if meta.SOPInstanceUID != in.SOPInstanceUID || meta.SOPClassUID != in.SOPClassUID || meta.TransferSyntax != dataset.ImplicitVRLittleEndian {
		t.Errorf("file meta information: %+v", meta)
	}
	if !bytes.Equal(b.Bytes(), whole(in)) {
		t.Error("what follows the file meta information is not the data set")
	}
}

// A patient of the wrong sex gives way to another, the same each time.
func TestSuits(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Mammogram", "US pregnancy"} {
		for index := range 12 {
			q := StudyRequest{Recipe: small(mustRecipe(t, name)), Images: 4, AsOf: testDate, Identity: testIdentity, Index: index}
			s := mustStudy(t, q)
			if s.Patient.Sex != "F" || s.Patient != mustStudy(t, q).Patient {
				t.Errorf("%s: study %d is of %+v", name, index, s.Patient)
			}
		}
	}
	men := 0
	for index := range 12 {
		if testIdentity.Patient(index).Sex == "M" {
			men++
		}
	}
	if men == 0 {
		t.Error("no patient is a man, so nothing was proven")
	}
}

// What lets few X-rays through is bright in a radiograph for presentation: PS3.3
// C.8.11.3.1.2, and the other way round where samples are inverted.
func TestPixelIntensity(t *testing.T) {
	t.Parallel()
	for sign, with := range map[uint16][]Trait{0xFFFF: nil, 1: {Monochrome1}} {
		in := mustInstance(t, StudyRequest{Recipe: small(mustRecipe(t, "DX pelvis")), Images: 1, AsOf: testDate, Identity: testIdentity, With: with}, 0)
		e, ok := headerSet(t, in).Get(dataset.PixelIntensityRelationshipSign)
		if !ok || len(e.Value) != 2 || uint16(e.Value[0])|uint16(e.Value[1])<<8 != sign {
			t.Errorf("%v: sign % X, want %04X", with, e.Value, sign)
		}
	}
}

// instances yields those of a study with their indexes; one that cannot be
// made ends the test.
func instances(t testing.TB, s *Study) iter.Seq2[int, *Instance] {
	return func(yield func(int, *Instance) bool) {
		for in, err := range s.Instances() {
			if err != nil {
				t.Error(err)
				return
			}
			if !yield(in.Index, in) {
				return
			}
		}
	}
}
