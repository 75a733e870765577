package synth

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"sync"
)

// LimitFrames sets how many bytes of memory the frames that studies share may
// take between uses, in the whole process; at first it is 64 MiB. Frames that are
// in use stay in memory whatever the limit, and no instance depends on it.
func LimitFrames(bytes int64) { frames.limitTo(bytes) }

// KeepFrames keeps the frames that studies share in a file as well, from now on
// and in the whole process: one that had to leave the memory is read when it is
// asked for again, which takes a small part of the time of painting it. That is
// for a process with little memory that makes studies of many recipes in turn.
//
// The file is a temporary one in dir, or where such files are if dir is empty, of
// at most 4 GiB. What cannot be written to it, or does not come back as it was, is
// made again. stop ends the keeping and removes the file. It is an error to ask
// for a second file before.
func KeepFrames(dir string) (stop func() error, err error) { return frames.keepIn(dir) }

func (fc *frameCache) limitTo(bytes int64) {
	fc.mu.Lock()
	defer fc.mu.Unlock()
	fc.limit = max(0, bytes)
	fc.evict()
}

func (fc *frameCache) keepIn(dir string) (stop func() error, err error) {
	fc.mu.Lock()
	defer fc.mu.Unlock()
	if fc.file != nil {
		return nil, errors.New("synth: frames are kept in a file already")
	}
	f, err := os.CreateTemp(dir, "pacsuat-frames-")
	if err != nil {
		return nil, fmt.Errorf("synth: keep frames: %w", err)
	}
	// Where an open file can be removed, a process that is killed leaves nothing.
	removed := os.Remove(f.Name()) == nil
	fc.file = &frameFile{file: f, most: maxFrameFile, kept: map[frameKey]keptFrame{}}
	return sync.OnceValue(func() error {
		fc.mu.Lock()
		fc.file = nil
		fc.mu.Unlock()
		err := f.Close()
		if !removed {
			err = errors.Join(err, os.Remove(f.Name()))
		}
		return err
	}), nil
}

// maxFrameFile bounds the file of kept frames.
const maxFrameFile = 4 << 30

// frameFile is a file of frames, one behind the other. A nil one keeps nothing.
type frameFile struct {
	file *os.File
	most int64

	mu   sync.Mutex
	end  int64
	kept map[frameKey]keptFrame
}

// keptFrame is where a frame lies, and what it is besides its bytes.
type keptFrame struct {
	offset, length int64
	parts          []int // their lengths
	sum            uint32

	form          stampForm
	rest          uint32
	native, bytes int64
}

// store writes a frame that was made.
func (ff *frameFile) store(key frameKey, b *baseFrame) {
	if ff == nil || b.err != nil {
		return
	}
	k := keptFrame{form: b.form, rest: b.rest, native: b.native, bytes: b.bytes}
	for _, p := range b.parts {
		k.parts = append(k.parts, len(p))
		k.length += int64(len(p))
		k.sum = crc32.Update(k.sum, castagnoli, p)
	}
	ff.mu.Lock()
	k.offset = ff.end
	fits := k.length <= ff.most-ff.end
	if fits {
		ff.end += k.length
	}
	ff.mu.Unlock()
	if !fits {
		return
	}
	at := k.offset
	for _, p := range b.parts {
		if _, err := ff.file.WriteAt(p, at); err != nil {
			return // the disk is full, or the keeping has ended
		}
		at += int64(len(p))
	}
	ff.mu.Lock()
	defer ff.mu.Unlock()
	ff.kept[key] = k
}

// load makes b the frame of a key, false if it is not kept.
func (ff *frameFile) load(key frameKey, b *baseFrame) bool {
	if ff == nil {
		return false
	}
	ff.mu.Lock()
	k, ok := ff.kept[key]
	ff.mu.Unlock()
	if !ok {
		return false
	}
	all := make([]byte, k.length)
	if _, err := ff.file.ReadAt(all, k.offset); err != nil || crc32.Checksum(all, castagnoli) != k.sum {
		return false
	}
	at := 0
	for _, n := range k.parts {
		b.parts = append(b.parts, all[at:at+n:at+n])
		at += n
	}
	b.form, b.rest, b.native, b.bytes = k.form, k.rest, k.native, k.bytes
	return true
}
