package synth

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"sync"
)

// A stamp is a block of 48 bytes, big endian, one byte a sample, in the first row
// of each frame. With 16 bits allocated each sample's high byte is zero, so the
// stamp stays inside any Bits Stored from 8 upwards and a PACS that recompresses
// without loss keeps it.
//
//	offset  bytes
//	     0      4  "PSU2"
//	     4      8  seed
//	    12      4  recipe, CRC-32C of its name
//	    16      4  index of the study
//	    20      2  series, from 0
//	    22      1  flags: bit 0 a colliding instance, bit 1 a frame of the pool
//	    23      1  samples are two bytes wide (1) or one (0)
//	    24      4  place in the series, from 0
//	    28      4  frame, from 0
//	    32      4  frames of the instance
//	    36      4  bytes of a frame, padding excluded
//	    40      4  CRC-32C of the frame without the stamp
//	    44      4  CRC-32C of the 44 bytes before
const (
	stampMagic   = "PSU2"
	stampSamples = 48
	stampStart   = 16 // samples before the stamp, so that it is not the first thing cut
	stampSummed  = stampSamples - 4
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrNoStamp says that Pixel Data carries no stamp of this package.
var ErrNoStamp = errors.New("synth: no stamp in the pixel data")

// Stamp says which frame of which instance some Pixel Data belongs to. It holds
// no identity: the same instance under another nonce has the same stamp.
//
// Frames that are sent compressed come from a pool and are shared by instances:
// in their samples they say so (Pool), and which picture they are, not which
// instance. See StampOfFrame for the stamp beside them.
type Stamp struct {
	Seed    uint64
	Recipe  string // its name; "" if this version ships no such recipe
	Study   int    // StudyRequest.Index
	Series  int    // from 0
	Number  int    // place in the series, from 0: Instance Number - 1
	Frame   int    // from 0
	Frames  int    // of the instance
	Variant int    // 0; 1 of a colliding instance
	Pool    bool   // a shared frame: only Seed, Number (the picture) and the sums mean something

	length    int64  // bytes of a frame, padding excluded
	rest      uint32 // CRC-32C of everything but the stamp
	recipeSum uint32
	wide      bool // two bytes a sample
}

// String returns for example `"CT chest" study 0 series 1 image 17 seed 42`,
// counting images from 1 as people do.
func (s Stamp) String() string {
	text := fmt.Sprintf("%q study %d series %d image %d seed %d", s.Recipe, s.Study, s.Series, s.Number+1, s.Seed)
	if s.Pool {
		text = fmt.Sprintf("shared frame %d seed %d", s.Number+1, s.Seed)
	}
	if s.Frames > 1 {
		text += fmt.Sprintf(" frame %d of %d", s.Frame+1, s.Frames)
	}
	if s.Variant != 0 {
		text += fmt.Sprintf(" variant %d", s.Variant)
	}
	return text
}

// bytes returns the stamp's 48 bytes.
func (s Stamp) bytes() [stampSamples]byte {
	var b [stampSamples]byte
	copy(b[:], stampMagic)
	binary.BigEndian.PutUint64(b[4:], s.Seed)
	binary.BigEndian.PutUint32(b[12:], s.recipeSum)
	binary.BigEndian.PutUint32(b[16:], uint32(s.Study))
	binary.BigEndian.PutUint16(b[20:], uint16(s.Series))
	b[22] = byte(s.Variant & 1)
	if s.Pool {
		b[22] |= 2
	}
	if s.wide {
		b[23] = 1
	}
	binary.BigEndian.PutUint32(b[24:], uint32(s.Number))
	binary.BigEndian.PutUint32(b[28:], uint32(s.Frame))
	binary.BigEndian.PutUint32(b[32:], uint32(s.Frames))
	binary.BigEndian.PutUint32(b[36:], uint32(s.length))
	binary.BigEndian.PutUint32(b[40:], s.rest)
	binary.BigEndian.PutUint32(b[44:], crc32.Checksum(b[:stampSummed], castagnoli))
	return b
}

// append appends the stamp as samples.
func (s Stamp) append(dst []byte) []byte {
	b := s.bytes()
	if !s.wide {
		return append(dst, b[:]...)
	}
	for _, c := range b {
		dst = append(dst, c, 0)
	}
	return dst
}

// stampSpan returns where the stamp lies in a frame.
func stampSpan(wide bool) (from, to int) {
	from, to = stampStart, stampStart+stampSamples
	if wide {
		from, to = 2*from, 2*to
	}
	return from, to
}

// VerifyStamp reads the stamp of the first frame in the native Pixel Data of one
// instance, little endian, and says which instance it is. It returns ErrNoStamp
// if there is none and another error if there is one that was altered. It looks
// at the stamp only (about 100 bytes): Stamp.Verify proves the other samples.
func VerifyStamp(pixel []byte) (Stamp, error) {
	for _, wide := range []bool{true, false} {
		from, to := stampSpan(wide)
		if len(pixel) < to {
			continue
		}
		var b [stampSamples]byte
		high := byte(0)
		for i := range b {
			if wide {
				b[i] = pixel[from+2*i]
				high |= pixel[from+2*i+1]
			} else {
				b[i] = pixel[from+i]
			}
		}
		if string(b[:len(stampMagic)]) != stampMagic {
			continue
		}
		if high != 0 {
			return Stamp{}, errors.New("synth: the stamp in the pixel data was altered: bits are set above its samples")
		}
		return decodeStamp(b)
	}
	return Stamp{}, ErrNoStamp
}

func decodeStamp(b [stampSamples]byte) (Stamp, error) {
	if crc32.Checksum(b[:stampSummed], castagnoli) != binary.BigEndian.Uint32(b[stampSummed:]) {
		return Stamp{}, errors.New("synth: the stamp in the pixel data was altered: its checksum is wrong")
	}
	s := Stamp{
		Seed:      binary.BigEndian.Uint64(b[4:]),
		recipeSum: binary.BigEndian.Uint32(b[12:]),
		Study:     int(binary.BigEndian.Uint32(b[16:])),
		Series:    int(binary.BigEndian.Uint16(b[20:])),
		Variant:   int(b[22] & 1),
		Pool:      b[22]&2 != 0,
		wide:      b[23] == 1,
		Number:    int(binary.BigEndian.Uint32(b[24:])),
		Frame:     int(binary.BigEndian.Uint32(b[28:])),
		Frames:    int(binary.BigEndian.Uint32(b[32:])),
		length:    int64(binary.BigEndian.Uint32(b[36:])),
		rest:      binary.BigEndian.Uint32(b[40:]),
	}
	s.Recipe = recipeNames()[s.recipeSum]
	return s, nil
}

// Verify proves that pixel, whose first frame's stamp s is, holds the samples
// that were made: every frame in its place with its own stamp, and by CRC-32C
// every byte outside the stamps. One byte of padding at the end is allowed. It
// costs one pass over the pixels.
func (s Stamp) Verify(pixel []byte) error {
	if s.Frames < 1 || s.length < 1 {
		return fmt.Errorf("synth: the stamp of %s claims %d frames of %d bytes", s, s.Frames, s.length)
	}
	whole := s.length * int64(s.Frames)
	if n := int64(len(pixel)); n != whole && n != whole+whole%2 {
		return fmt.Errorf("synth: the pixel data of %s is %d bytes long, not %d", s, n, whole)
	}
	for k := range s.Frames {
		frame := pixel[int64(k)*s.length : int64(k+1)*s.length]
		f := s
		if k > 0 {
			var err error
			if f, err = VerifyStamp(frame); err != nil {
				return fmt.Errorf("frame %d of %s: %w", k+1, s, err)
			}
			want := s
			want.Frame, want.rest = k, f.rest
			if f != want {
				return fmt.Errorf("synth: where frame %d of %s should be stands %s", k+1, s, f)
			}
		}
		if err := f.verifyFrame(frame); err != nil {
			return err
		}
	}
	return nil
}

// verifyFrame proves the samples of one frame whose stamp s is.
func (s Stamp) verifyFrame(frame []byte) error {
	from, to := stampSpan(s.wide)
	if len(frame) < to {
		return fmt.Errorf("synth: the stamp of %s claims a frame of %d bytes, fewer than itself", s, s.length)
	}
	rest := crc32.Checksum(frame[:from], castagnoli)
	if crc32.Update(rest, castagnoli, frame[to:]) != s.rest {
		return fmt.Errorf("synth: samples of %s outside its stamp were altered", s)
	}
	return nil
}

// recipeNames are the shipped recipes by the sums of their names. It is made
// once, so that a receiver that verifies many stamps does not make it for each.
var recipeNames = sync.OnceValue(func() map[uint32]string {
	names := map[uint32]string{}
	for _, r := range catalogue() {
		names[r.sum()] = r.Name
	}
	return names
})
