package synth

import (
	"container/list"
	"hash/crc32"
	"sync"
)

// frameKey names a base frame: all that its samples depend on.
type frameKey struct {
	seed                  uint64
	recipe                uint32
	columns, rows, frames int
	view, slice           int
	inverted              bool
}

// baseFrame is the Pixel Data that instances share, painted once on first use.
// It is immutable afterwards.
type baseFrame struct {
	once       sync.Once
	bytes      int64
	head, tail []byte // around the stamp; tail holds the padding to even length
	rest       uint32 // CRC-32C of both, padding excluded
}

// frameCache keeps base frames, the least recently used go first. Frames that
// are in use stay alive after they left the cache; asked for again they are
// painted again, with the same samples.
type frameCache struct {
	mu      sync.Mutex
	limit   int64 // bytes
	held    int64
	entries map[frameKey]*list.Element
	recent  list.List // of *cachedFrame, the most recently used in front
}

type cachedFrame struct {
	key   frameKey
	frame *baseFrame
}

// frameCacheBytes bounds the memory that base frames take between uses. All
// recipes of one seed together need less.
const frameCacheBytes = 96 << 20

// frames is shared by all studies of the process. It is a cache of a pure
// function: nobody can tell from a result whether it was hit.
var frames = &frameCache{limit: frameCacheBytes, entries: map[frameKey]*list.Element{}}

// get returns the frame of a key, painting it if need be. Concurrent callers of
// one key wait for one painting; different keys are painted in parallel.
func (fc *frameCache) get(r Recipe, key frameKey) *baseFrame {
	f := fc.lookup(r, key)
	f.once.Do(func() { f.paint(r, key) })
	return f
}

func (fc *frameCache) lookup(r Recipe, key frameKey) *baseFrame {
	fc.mu.Lock()
	defer fc.mu.Unlock()
	if e, ok := fc.entries[key]; ok {
		fc.recent.MoveToFront(e)
		return e.Value.(*cachedFrame).frame
	}
	f := &baseFrame{bytes: r.pixelBytes()}
	fc.entries[key] = fc.recent.PushFront(&cachedFrame{key, f})
	fc.held += f.bytes
	for fc.held > fc.limit && fc.recent.Len() > 1 {
		last := fc.recent.Remove(fc.recent.Back()).(*cachedFrame)
		delete(fc.entries, last.key)
		fc.held -= last.frame.bytes
	}
	return f
}

// paint makes the samples, cuts them around the stamp and sums them.
func (f *baseFrame) paint(r Recipe, key frameKey) {
	pixel := make([]byte, 0, f.bytes+f.bytes%2)
	for n := range r.Frames {
		c := newCanvas(r.Columns, r.Rows)
		r.kind.paint(c, picture{
			view: key.view, slice: key.slice, of: r.DistinctFrames,
			frame: n, span: r.Frames,
			anatomy: seeded(key.seed, uint64(key.recipe)),
			grain:   seeded(key.seed, uint64(key.recipe), uint64(key.view), uint64(key.slice), uint64(n)),
		})
		pixel = r.appendSamples(pixel, c, key.inverted)
	}
	from, to := stampSpan(r.BitsAllocated == 16)
	f.head, f.tail = pixel[:from:from], pixel[to:]
	f.rest = crc32.Update(crc32.Checksum(f.head, castagnoli), castagnoli, f.tail)
	if f.bytes%2 == 1 {
		f.tail = append(f.tail, 0) // PS3.5 8.1.1: padded to an even length
	}
	f.tail = f.tail[:len(f.tail):len(f.tail)]
}

// appendSamples appends the canvas as native Pixel Data, little endian, colour by
// pixel (Planar Configuration 0). Values are limited to Bits Stored.
func (r Recipe) appendSamples(dst []byte, c *canvas, inverted bool) []byte {
	top := int32(1)<<r.BitsStored - 1
	for _, v := range c.v {
		switch {
		case r.SamplesPerPixel == 3 && v >= isColour:
			dst = append(dst, byte(v>>16), byte(v>>8), byte(v))
		case r.SamplesPerPixel == 3:
			g := byte(min(max(v, 0), top))
			dst = append(dst, g, g, g)
		default:
			v = min(max(v, 0), top)
			if inverted {
				v = top - v
			}
			dst = append(dst, byte(v))
			if r.BitsAllocated == 16 {
				dst = append(dst, byte(v>>8))
			}
		}
	}
	return dst
}
