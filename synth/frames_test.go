package synth

import (
	"bytes"
	"container/list"
	"sync"
	"testing"
)

// TestFrameCache proves that the memory held is bounded, that frames which were
// dropped are painted again the same, and that one painting serves all.
func TestFrameCache(t *testing.T) {
	t.Parallel()
	f, err := mustRecipe(t, "MR knee").Series[0].completed()
	if err != nil {
		t.Fatal(err)
	}
	fc := &frameCache{limit: 3 * f.frameBytes(), entries: map[frameKey]*list.Element{}}
	key := func(slice int) frameKey {
		return frameKey{seed: 1, phantom: f.phantom.Name, columns: f.Matrix.Columns, rows: f.Matrix.Rows, stored: 12, slice: slice, of: 24, span: 1}
	}
	first := fc.get(&f, key(0))
	for slice := range 10 {
		fc.get(&f, key(slice))
		if fc.held > fc.limit || fc.recent.Len() > 3 || len(fc.entries) != fc.recent.Len() {
			t.Fatalf("%d bytes in %d frames are held, %d are allowed", fc.held, fc.recent.Len(), fc.limit)
		}
	}
	again := fc.get(&f, key(0))
	if again == first {
		t.Error("the frame was not dropped, so nothing was proven")
	}
	if again.err != nil || !bytes.Equal(again.parts[1], first.parts[1]) || !bytes.Equal(again.parts[0], first.parts[0]) || again.rest != first.rest {
		t.Error("painted again it is another picture")
	}
	var wg sync.WaitGroup
	got := make([]*baseFrame, 8)
	for n := range got {
		wg.Go(func() { got[n] = fc.get(&f, key(20)) })
	}
	wg.Wait()
	for _, b := range got {
		if b != got[0] || len(b.parts) == 0 {
			t.Error("concurrent callers got different frames")
		}
	}
}

// TestDistinctFrames proves that the shared pictures of a recipe differ, that
// they have contrast, and stay inside Bits Stored.
func TestDistinctFrames(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		if !r.HasPixels() {
			continue
		}
		r = small(r)
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			s := mustStudy(t, StudyRequest{Recipe: r, Images: max(12, len(r.Series)), Seed: 9, AsOf: testDate, Identity: testIdentity})
			for _, se := range s.series {
				if se.object.pixels == noPixels {
					continue
				}
				seen := map[uint32]frameKey{}
				for number := range se.made {
					shared, err := s.sharedFrames(se, number, 0)
					if err != nil {
						t.Fatal(err)
					}
					for k, b := range shared {
						key := s.frameKey(se, number, k, 0)
						if other, ok := seen[b.rest]; ok && other != key {
							t.Errorf("series %d: %+v and %+v are one picture", se.index, key, other)
						}
						seen[b.rest] = key
					}
					if number == 0 {
						checkSamples(t, se, shared[0])
					}
				}
			}
		})
	}
}

// TestOddMatrices paints pictures far from the shape that they were drawn for.
func TestOddMatrices(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		if !r.HasPixels() {
			continue
		}
		for _, matrix := range []Matrix{{64, 64}, {64, 500}, {500, 64}, {127, 65}} {
			r := small(r)
			for i := range r.Series {
				r.Series[i].Matrix = matrix
			}
			s := mustStudy(t, StudyRequest{Recipe: r, Images: len(r.Series), AsOf: testDate, Identity: testIdentity})
			for _, in := range instances(t, s) {
				se, number := s.place(in.Index)
				want := se.nativeBytes(s.frameCount(se, number))
				if n := int64(len(in.PixelData())); in.Frames > 0 && n != want+want%2 {
					t.Errorf("%s of %v: %d bytes of pixel data", r.Name, matrix, n)
				}
			}
		}
	}
}

func checkSamples(t *testing.T, se *series, b *baseFrame) {
	values := map[int]int{}
	tail := b.parts[1]
	for at := 0; at+1 < len(tail); at += se.allocated / 8 {
		v := int(tail[at])
		if se.allocated == 16 {
			v |= int(tail[at+1]) << 8
		}
		if !se.Signed && v >= 1<<se.StoredBits {
			t.Fatalf("sample %d does not fit into %d bits", v, se.StoredBits)
		}
		values[v]++
	}
	least := 30
	if se.samples == 3 {
		least = 5 // a page has few colours
	}
	if len(values) < least {
		t.Errorf("series %d: only %d different values: that is no picture", se.index, len(values))
	}
}

// BenchmarkInstance measures what a unique instance costs once its base frames
// are painted: header, identity and stamp.
func BenchmarkInstance(b *testing.B) {
	s := mustStudy(b, StudyRequest{Recipe: mustRecipe(b, "CT chest"), Images: 1000, AsOf: testDate, Identity: testIdentity})
	for _, in := range instances(b, s) {
		b.SetBytes(in.Size())
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, err := s.Instance(n % 1000); err != nil {
			b.Fatal(err)
		}
	}
}
