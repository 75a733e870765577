package synth

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
)

// A stamp is a block of 44 bytes, big endian, one byte a sample, in the first row of an
// instance's Pixel Data. With 16 bits allocated each sample's high byte is
// zero, so the stamp stays inside any Bits Stored from 8 upwards and a PACS that
// recompresses without loss keeps it.
//
//	offset  bytes
//	     0      4  "PSU1"
//	     4      8  seed
//	    12      4  recipe, CRC-32C of its name
//	    16      4  index of the study
//	    20      4  series, from 0
//	    24      4  place in the series, from 0
//	    28      2  variant: 0, or 1 of a colliding instance
//	    30      6  bytes of the Pixel Data, padding excluded
//	    36      4  CRC-32C of the Pixel Data without the stamp and padding
//	    40      4  CRC-32C of the 40 bytes before
const (
	stampMagic   = "PSU1"
	stampSamples = 44
	stampStart   = 16 // samples before the stamp, so that it is not the first thing cut
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// ErrNoStamp says that Pixel Data carries no stamp of this package.
var ErrNoStamp = errors.New("synth: no stamp in the pixel data")

// Stamp says which instance some Pixel Data belongs to. It holds no identity:
// the same instance under another nonce has the same stamp.
type Stamp struct {
	Seed    uint64
	Recipe  string // its name; "" if this version knows no such recipe
	Study   int    // StudyRequest.Index
	Series  int    // from 0
	Number  int    // place in the series, from 0: Instance Number - 1
	Variant int    // 0; 1 of a colliding instance

	length    int64  // bytes of the Pixel Data, padding excluded
	rest      uint32 // CRC-32C of everything but the stamp
	recipeSum uint32
	wide      bool // two bytes a sample
}

// String returns for example `"CT chest" study 0 series 1 image 17 seed 42`,
// counting images from 1 as people do.
func (s Stamp) String() string {
	text := fmt.Sprintf("%q study %d series %d image %d seed %d", s.Recipe, s.Study, s.Series, s.Number+1, s.Seed)
	if s.Variant != 0 {
		text += fmt.Sprintf(" variant %d", s.Variant)
	}
	return text
}

// append appends the stamp as samples.
func (s Stamp) append(dst []byte) []byte {
	b := make([]byte, 0, stampSamples)
	b = append(b, stampMagic...)
	b = binary.BigEndian.AppendUint64(b, s.Seed)
	b = binary.BigEndian.AppendUint32(b, s.recipeSum)
	b = binary.BigEndian.AppendUint32(b, uint32(s.Study))
	b = binary.BigEndian.AppendUint32(b, uint32(s.Series))
	b = binary.BigEndian.AppendUint32(b, uint32(s.Number))
	b = binary.BigEndian.AppendUint64(b, uint64(s.Variant)<<48|uint64(s.length))
	b = binary.BigEndian.AppendUint32(b, s.rest)
	b = binary.BigEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	for _, c := range b {
		dst = append(dst, c)
		if s.wide {
			dst = append(dst, 0)
		}
	}
	return dst
}

// stampSpan returns where the stamp lies in the Pixel Data.
func stampSpan(wide bool) (from, to int) {
	from, to = stampStart, stampStart+stampSamples
	if wide {
		from, to = 2*from, 2*to
	}
	return from, to
}

// VerifyStamp reads the stamp in the native Pixel Data of one instance, little
// endian, and says which instance it is. It returns ErrNoStamp if there is none
// and another error if there is one that was altered. It looks at the stamp
// only (about 100 bytes): Stamp.Verify proves the other samples.
func VerifyStamp(pixel []byte) (Stamp, error) {
	for _, wide := range []bool{true, false} {
		from, to := stampSpan(wide)
		if len(pixel) < to {
			continue
		}
		b := make([]byte, 0, stampSamples)
		high := byte(0)
		step := 1
		if wide {
			step = 2
		}
		for at := from; at < to; at += step {
			b = append(b, pixel[at])
			if wide {
				high |= pixel[at+1]
			}
		}
		if string(b[:len(stampMagic)]) != stampMagic {
			continue
		}
		if high != 0 {
			return Stamp{}, errors.New("synth: the stamp in the pixel data was altered: bits are set above its samples")
		}
		return decodeStamp(b, wide)
	}
	return Stamp{}, ErrNoStamp
}

func decodeStamp(b []byte, wide bool) (Stamp, error) {
	sum := len(b) - 4
	if crc32.Checksum(b[:sum], castagnoli) != binary.BigEndian.Uint32(b[sum:]) {
		return Stamp{}, errors.New("synth: the stamp in the pixel data was altered: its checksum is wrong")
	}
	last := binary.BigEndian.Uint64(b[28:])
	s := Stamp{
		Seed:      binary.BigEndian.Uint64(b[4:]),
		recipeSum: binary.BigEndian.Uint32(b[12:]),
		Study:     int(binary.BigEndian.Uint32(b[16:])),
		Series:    int(binary.BigEndian.Uint32(b[20:])),
		Number:    int(binary.BigEndian.Uint32(b[24:])),
		Variant:   int(last >> 48),
		length:    int64(last & (1<<48 - 1)),
		rest:      binary.BigEndian.Uint32(b[36:]),
		wide:      wide,
	}
	for _, r := range catalogue() {
		if r.sum() == s.recipeSum {
			s.Recipe = r.Name
		}
	}
	return s, nil
}

// Verify proves that pixel, whose stamp s is, holds the samples that were made:
// their number and, by CRC-32C, every byte outside the stamp. One byte of
// padding at the end is allowed. It costs one pass over the pixels.
func (s Stamp) Verify(pixel []byte) error {
	if n := int64(len(pixel)); n != s.length && n != s.length+s.length%2 {
		return fmt.Errorf("synth: the pixel data of %s is %d bytes long, not %d", s, n, s.length)
	}
	from, to := stampSpan(s.wide)
	if s.length < int64(to) {
		return fmt.Errorf("synth: the stamp of %s claims %d bytes of pixel data, fewer than itself", s, s.length)
	}
	rest := crc32.Checksum(pixel[:from], castagnoli)
	if rest = crc32.Update(rest, castagnoli, pixel[to:s.length]); rest != s.rest {
		return fmt.Errorf("synth: samples of %s outside its stamp were altered", s)
	}
	return nil
}
