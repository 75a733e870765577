package synth

import (
	"encoding/binary"
	"errors"
	"math"

	"pacsuat/internal/dicom/dataset"
)

// fragments are the pieces of encapsulated Pixel Data, PS3.5 A.4: the items of
// one fragment a frame.
type fragments struct {
	frames  []*baseFrame
	lengths []uint64 // of the fragments, padding included
	total   uint64   // bytes from the first item of a frame to the end of the last
}

func newFragments(all []*baseFrame) (fragments, error) {
	fs := fragments{frames: all, lengths: make([]uint64, len(all))}
	for i, b := range all {
		if b.err != nil {
			return fs, b.err
		}
		n := uint64(b.size())
		n += n % 2
		if n > math.MaxUint32-1 {
			return fs, errors.New("synth: an encoded frame is longer than a fragment can be")
		}
		fs.lengths[i] = n
		fs.total += itemHead + n
	}
	return fs, nil
}

const itemHead = 8 // bytes of the tag and length of an item

// extended says whether the offsets need an Extended Offset Table, because those
// of the Basic one have 32 bits. See PS3.5 A.4 and PS3.3 C.7.6.3.1.8.
func (fs fragments) extended() bool { return fs.total > math.MaxUint32 && len(fs.frames) > 1 }

// extendedTable puts the Extended Offset Table and its lengths.
func (fs fragments) extendedTable(s *dataset.Set) {
	offsets := make([]uint64, len(fs.lengths))
	at := uint64(0)
	for i, n := range fs.lengths {
		offsets[i] = at
		at += itemHead + n
	}
	s.PutUint64(extendedOffsetTable, offsets...)
	s.PutUint64(extendedOffsetTableLengths, fs.lengths...)
}

const (
	extendedOffsetTable        dataset.Tag = 0x7FE00001
	extendedOffsetTableLengths dataset.Tag = 0x7FE00002
)

// appendHead appends the header of the Pixel Data and the Basic Offset Table,
// which is empty where there is an extended one, or a single fragment of video.
func (fs fragments) appendHead(b []byte, video bool) []byte {
	b = appendTag(b, dataset.PixelData)
	b = append(b, "OB\x00\x00\xFF\xFF\xFF\xFF"...)
	b = appendTag(b, dataset.Item)
	if fs.extended() || video {
		return append(b, 0, 0, 0, 0)
	}
	b = binary.LittleEndian.AppendUint32(b, uint32(4*len(fs.lengths)))
	at := uint64(0)
	for _, n := range fs.lengths {
		b = binary.LittleEndian.AppendUint32(b, uint32(at))
		at += itemHead + n
	}
	return b
}

func appendTag(b []byte, t dataset.Tag) []byte {
	b = binary.LittleEndian.AppendUint16(b, t.Group())
	return binary.LittleEndian.AppendUint16(b, t.Element())
}

// sequenceEnd closes encapsulated Pixel Data.
var sequenceEnd = []byte{0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0}

// onePad is the byte that makes a length even.
var onePad = []byte{0}
