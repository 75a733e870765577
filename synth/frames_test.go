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
	r := mustRecipe(t, "MR knee")
	fc := &frameCache{limit: 3 * r.pixelBytes(), entries: map[frameKey]*list.Element{}}
	key := func(slice int) frameKey {
		return frameKey{seed: 1, recipe: r.sum(), columns: r.Columns, rows: r.Rows, frames: 1, slice: slice}
	}
	first := fc.get(r, key(0))
	for slice := range 10 {
		fc.get(r, key(slice))
		if fc.held > fc.limit || fc.recent.Len() > 3 || len(fc.entries) != fc.recent.Len() {
			t.Fatalf("%d bytes in %d frames are held, %d are allowed", fc.held, fc.recent.Len(), fc.limit)
		}
	}
	again := fc.get(r, key(0))
	if again == first {
		t.Error("the frame was not dropped, so nothing was proven")
	}
	if !bytes.Equal(again.tail, first.tail) || !bytes.Equal(again.head, first.head) || again.rest != first.rest {
		t.Error("painted again it is another picture")
	}
	var wg sync.WaitGroup
	got := make([]*baseFrame, 8)
	for n := range got {
		wg.Go(func() { got[n] = fc.get(r, key(20)) })
	}
	wg.Wait()
	for _, f := range got {
		if f != got[0] || len(f.tail) == 0 {
			t.Error("concurrent callers got different frames")
		}
	}
}

// TestDistinctFrames proves that every base picture of a recipe is another one,
// has contrast, and stays inside Bits Stored.
func TestDistinctFrames(t *testing.T) {
	t.Parallel()
	for _, r := range Recipes() {
		if !r.HasPixels() {
			continue
		}
		r = small(r)
		t.Run(r.Name, func(t *testing.T) {
			t.Parallel()
			seen := map[uint32]bool{}
			for view := range r.kind.views {
				for slice := range r.DistinctFrames {
					f := frames.get(r, frameKey{seed: 9, recipe: r.sum(), columns: r.Columns, rows: r.Rows, frames: r.Frames, view: view, slice: slice})
					if seen[f.rest] {
						t.Errorf("view %d, slice %d was painted before", view, slice)
					}
					seen[f.rest] = true
					if slice == 0 {
						checkSamples(t, r, f)
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
		for _, matrix := range [][2]int{{64, 64}, {64, 1000}, {1000, 64}, {65, 127}} {
			r.Rows, r.Columns = matrix[0], matrix[1]
			for _, i := range []int{0, 1, 40} {
				in := mustInstance(t, StudyRequest{Recipe: r, Images: 41, AsOf: testDate, Identity: testIdentity}, i)
				if n := int64(len(in.PixelData())); n != r.pixelBytes()+r.pixelBytes()%2 {
					t.Errorf("%s of %v: %d bytes of pixel data", r.Name, matrix, n)
				}
			}
		}
	}
}

func checkSamples(t *testing.T, r Recipe, f *baseFrame) {
	values := map[int]int{}
	for at := 0; at+1 < len(f.tail); at += r.BitsAllocated / 8 {
		v := int(f.tail[at])
		if r.BitsAllocated == 16 {
			v |= int(f.tail[at+1]) << 8
		}
		if v >= 1<<r.BitsStored {
			t.Fatalf("sample %d does not fit into %d bits", v, r.BitsStored)
		}
		values[v]++
	}
	if len(values) < 100 {
		t.Errorf("only %d different values: that is no picture", len(values))
	}
}

// BenchmarkInstance measures what a unique instance costs once its base frames
// are painted: header, identity and stamp.
func BenchmarkInstance(b *testing.B) {
	s := mustStudy(b, StudyRequest{Recipe: mustRecipe(b, "CT chest"), Images: 1000, AsOf: testDate, Identity: testIdentity})
	for _, in := range s.Instances() {
		b.SetBytes(in.Size())
	}
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, err := s.Instance(n % 1000); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPaint measures one base frame of each recipe.
func BenchmarkPaint(b *testing.B) {
	for _, r := range Recipes() {
		if !r.HasPixels() {
			continue
		}
		b.Run(r.Name, func(b *testing.B) {
			for n := 0; b.Loop(); n++ {
				f := &baseFrame{bytes: r.pixelBytes()}
				f.paint(r, frameKey{seed: 1, recipe: r.sum(), slice: n % r.DistinctFrames})
			}
		})
	}
}
