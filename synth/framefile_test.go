package synth

import (
	"bytes"
	"container/list"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// fileOfFrames is a cache with room for no frame but the last, with a file.
func fileOfFrames(t *testing.T) (fc *frameCache, f *format, key func(slice int) frameKey) {
	t.Helper()
	form, err := mustRecipe(t, "MR knee").Series[0].completed()
	if err != nil {
		t.Fatal(err)
	}
	fc = &frameCache{entries: map[frameKey]*list.Element{}}
	form.Matrix = Matrix{64, 64}
	stop, err := fc.keepIn(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := stop(); err != nil {
			t.Error(err)
		}
	})
	return fc, &form, func(slice int) frameKey {
		return frameKey{seed: 1, phantom: form.phantom.Name, columns: 64, rows: 64, stored: 12, slice: slice, of: 24, span: 1}
	}
}

func sameFrame(a, b *baseFrame) bool {
	return slices.EqualFunc(a.parts, b.parts, bytes.Equal) && a.rest == b.rest && a.native == b.native && a.bytes == b.bytes && a.err == b.err
}

// A frame that left the memory is read from the file, as it was.
func TestKeepFrames(t *testing.T) {
	t.Parallel()
	fc, f, key := fileOfFrames(t)
	first := fc.get(f, key(0))
	for slice := range 4 {
		fc.get(f, key(slice))
	}
	if again := fc.get(f, key(0)); again == first || !sameFrame(again, first) {
		t.Error("read again it is another frame")
	}
	// What lies in the file is another picture now: only a reader of it sees that.
	fc.file.store(key(1), first)
	fc.get(f, key(2))
	if got := fc.get(f, key(1)); !sameFrame(got, first) {
		t.Error("a frame that is kept was painted again")
	}
	if fc.held > first.bytes {
		t.Errorf("%d bytes are held", fc.held)
	}
}

// What does not come back as it was is painted again.
func TestKeptFrameSpoilt(t *testing.T) {
	t.Parallel()
	fc, f, key := fileOfFrames(t)
	first := fc.get(f, key(0))
	if _, err := fc.file.file.WriteAt([]byte{0xFF, 0xFE, 0xFD}, fc.file.kept[key(0)].offset+1000); err != nil {
		t.Fatal(err)
	}
	fc.get(f, key(1))
	if fc.file.load(key(0), &baseFrame{}) {
		t.Error("an altered frame is taken from the file")
	}
	if again := fc.get(f, key(0)); !sameFrame(again, first) {
		t.Error("an altered frame is not made again as it was")
	}
}

// A file that is full takes no more, and nothing fails by it.
func TestFrameFileFull(t *testing.T) {
	t.Parallel()
	fc, f, key := fileOfFrames(t)
	fc.file.most = 3 * 64 * 64 // bytes: one frame and a half
	for slice := range 3 {
		if b := fc.get(f, key(slice)); b.err != nil || len(b.parts) != 2 {
			t.Fatalf("frame %d: %v", slice, b.err)
		}
	}
	if len(fc.file.kept) != 1 || fc.file.end > fc.file.most {
		t.Errorf("%d frames are kept in %d bytes", len(fc.file.kept), fc.file.end)
	}
}

func TestKeepFramesEnds(t *testing.T) {
	t.Parallel()
	fc, f, key := fileOfFrames(t)
	if _, err := fc.keepIn(t.TempDir()); err == nil {
		t.Error("frames are kept in two files")
	}
	if _, err := (&frameCache{}).keepIn(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("there is a file in a folder that there is not")
	}
	dir := t.TempDir()
	other := &frameCache{entries: map[frameKey]*list.Element{}}
	stop, err := other.keepIn(dir)
	if err != nil {
		t.Fatal(err)
	}
	first := other.get(f, key(0))
	for range 2 {
		if err := stop(); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left, %v", left, err)
	}
	other.get(f, key(1))
	if again := other.get(f, key(0)); !sameFrame(again, first) {
		t.Error("without the file it is another frame")
	}
	fc.limitTo(10 * first.bytes)
	for slice := range 4 {
		fc.get(f, key(slice))
	}
	if fc.held != 4*first.bytes {
		t.Errorf("%d bytes are held, %d are allowed", fc.held, fc.limit)
	}
	if fc.limitTo(-1); fc.recent.Len() != 1 {
		t.Errorf("%d frames are held, none is allowed but the last", fc.recent.Len())
	}
}
