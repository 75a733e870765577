package synth

import (
	"container/list"
	"hash/crc32"
	"sync"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
	"pacsuat/synth/phantom"
)

// frameKey names a shared frame: all that its samples, or its code, depend on.
type frameKey struct {
	seed          uint64
	phantom       string
	columns, rows int
	stored        int
	offset        int
	signed        bool
	inverted      bool
	view          int
	slice, of     int
	frame, span   int
	variant       int

	// encoded is the syntax of an encapsulated frame, empty for a native one.
	encoded dataset.TransferSyntax
}

// baseFrame is one frame that instances share, made once on first use. It is
// immutable afterwards.
type baseFrame struct {
	once  sync.Once
	bytes int64

	// parts are what stands around the stamps: part, stamp, part, stamp, ...,
	// part. A native frame has one stamp, one in RLE one a byte plane, one with a
	// comment one in it.
	parts  [][]byte
	form   stampForm
	rest   uint32 // CRC-32C of what the stamp sums
	native int64  // bytes of the frame when it is native
	err    error
}

// frameCache keeps shared frames, the least recently used go first. Frames that
// are in use stay alive after they left the cache; asked for again they are
// made again, with the same samples.
type frameCache struct {
	mu      sync.Mutex
	limit   int64 // bytes
	held    int64
	entries map[frameKey]*list.Element
	recent  list.List  // of *cachedFrame, the most recently used in front
	file    *frameFile // where frames are kept besides, see KeepFrames
}

type cachedFrame struct {
	key   frameKey
	frame *baseFrame
	bytes int64 // that are held for it
}

// frameCacheBytes bounds the memory that shared frames take between uses, unless
// LimitFrames says otherwise.
const frameCacheBytes = 64 << 20

// frames is shared by all studies of the process. It is a cache of a pure
// function: nobody can tell from a result whether it was hit.
var frames = &frameCache{limit: frameCacheBytes, entries: map[frameKey]*list.Element{}}

// get returns the frame of a key, making it if need be. Concurrent callers of
// one key wait for one making; different keys are made in parallel.
func (fc *frameCache) get(f *format, key frameKey) *baseFrame {
	e, b, file := fc.lookup(f, key)
	b.once.Do(func() {
		defer fc.settle(e, b)
		if file.load(key, b) {
			return
		}
		if key.encoded == "" {
			b.paint(f, key)
		} else {
			b.encode(f, key)
		}
		if f.set == nil { // those are in memory anyway
			file.store(key, b)
		}
	})
	return b
}

func (fc *frameCache) lookup(f *format, key frameKey) (*list.Element, *baseFrame, *frameFile) {
	fc.mu.Lock()
	defer fc.mu.Unlock()
	if e, ok := fc.entries[key]; ok {
		fc.recent.MoveToFront(e)
		return e, e.Value.(*cachedFrame).frame, fc.file
	}
	b := &baseFrame{}
	e := fc.recent.PushFront(&cachedFrame{key, b, f.frameBytes()})
	fc.entries[key] = e
	fc.held += f.frameBytes()
	fc.evict()
	return e, b, fc.file
}

// settle corrects what is held for a frame when its size is known.
func (fc *frameCache) settle(e *list.Element, b *baseFrame) {
	fc.mu.Lock()
	defer fc.mu.Unlock()
	c := e.Value.(*cachedFrame)
	if fc.entries[c.key] == e {
		fc.held += b.bytes - c.bytes
		c.bytes = b.bytes
		fc.evict()
	}
}

func (fc *frameCache) evict() {
	for fc.held > fc.limit && fc.recent.Len() > 1 {
		last := fc.recent.Remove(fc.recent.Back()).(*cachedFrame)
		delete(fc.entries, last.key)
		fc.held -= last.bytes
	}
}

// paint makes the native samples, cuts them around the stamp and sums them.
func (b *baseFrame) paint(f *format, key frameKey) {
	pixel, err := nativeFrame(f, key)
	if err != nil {
		b.err = err
		return
	}
	b.bytes, b.native = int64(len(pixel)), int64(len(pixel))
	from, to := stampSpan(f.allocated == 16)
	b.parts = [][]byte{pixel[:from:from], pixel[to:len(pixel):len(pixel)]}
	b.form = stampForm{wide: f.allocated == 16}
	b.rest = crc32.Update(crc32.Checksum(b.parts[0], castagnoli), castagnoli, b.parts[1])
}

// nativeFrame paints the samples of a key.
func nativeFrame(f *format, key frameKey) ([]byte, error) {
	body := uint64(crc32.Checksum([]byte(key.phantom), castagnoli))
	pixel, err := f.phantom.AppendSamples(make([]byte, 0, f.frameBytes()), phantom.Picture{
		Columns: key.columns, Rows: key.rows,
		View: key.view, Slice: key.slice, Of: key.of, Frame: key.frame, Span: key.span,
		Anatomy: seedOf(key.seed, body),
		Grain:   seedOf(key.seed, body, uint64(key.view), uint64(key.slice), uint64(key.frame), uint64(key.variant)),
	}, key.stored, key.offset, key.signed)
	if err == nil && key.variant != 0 {
		strike(pixel, key.rows)
	}
	if err == nil && key.inverted {
		invert(pixel, key.stored)
	}
	return pixel, err
}

// strike sets a bar across the middle of the picture to zero, so that a colliding
// instance shows other pixels whatever the phantom makes of its grain.
func strike(pixel []byte, rows int) {
	row := len(pixel) / rows
	clear(pixel[rows/2*row : min(rows/2+max(4, rows/32), rows)*row])
}

// invert turns unsigned samples round.
func invert(pixel []byte, stored int) {
	if stored == 8 {
		for i := range pixel {
			pixel[i] ^= 0xFF
		}
		return
	}
	top := uint16(1)<<stored - 1
	for i := 0; i+1 < len(pixel); i += 2 {
		v := top - (uint16(pixel[i]) | uint16(pixel[i+1])<<8)
		pixel[i], pixel[i+1] = byte(v), byte(v>>8)
	}
}

// seedOf is a seed made of several numbers.
func seedOf(numbers ...uint64) uint64 { return draw.From(numbers...).Uint64() }
