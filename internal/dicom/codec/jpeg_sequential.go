package codec

import (
	"fmt"
	"math/bits"
)

// JPEGBaseline appends f, of 8 bits allocated, to dst as one JPEG image of process
// 1 (baseline DCT, Huffman coding), as the transfer syntax
// 1.2.840.10008.1.2.4.50 has it. quality is from 1 to 100 and scales the
// quantisation tables of T.81 Annex K as the Independent JPEG Group's library
// does: 50 takes them as they are, 100 divides by 1. The Huffman tables are made
// for the frame. See T.81 Annex F and PS3.5 8.2.1.
//
// Grey frames have one component. RGB ones are converted to YCbCr of full range
// (T.871 clause 7), Cb and Cr are averaged over every two pixels of a row, and
// Photometric Interpretation becomes YBR_FULL_422. The averages lie between the
// two pixels, as T.871 has it and decoders expect: PS3.3 C.7.6.3.1.2 puts those of
// native frames on the first pixel, and leaves JPEG streams their own subsampling.
//
// The precision is 8 whatever BitsStored is; what a decoder returns may be a
// little above the highest sample, so Bits Stored becomes 8. Signed frames are
// refused: the DCT knows unsigned samples only, and to add an offset is a matter of
// the rescale intercept.
//
// The stream begins with SOI (FFD8), and what follows may be moved to insert a
// segment there, such as COM (FFFE). It ends with EOI (FFD9) and is not padded:
// an odd length needs a byte more in a fragment. dst is returned as it was when
// there is an error, which says what cannot be encoded.
func JPEGBaseline(dst []byte, f Frame, quality int) ([]byte, error) {
	if err := jpegCheckLossy("JPEG Baseline", f, quality); err != nil {
		return dst, err
	}
	if f.BitsAllocated != 8 {
		return dst, fmt.Errorf("codec: JPEG Baseline with %d bits allocated, only 8 are encoded", f.BitsAllocated)
	}
	return jpegSequential(dst, jpegSOF0, 8, f, quality), nil
}

// JPEGExtended appends a grey f to dst as one JPEG image of process 2 and 4
// (extended sequential DCT, Huffman coding), as the transfer syntax
// 1.2.840.10008.1.2.4.51 has it. Frames of 8 bits allocated get the precision 8;
// those of 16, of which at most 12 may be stored, the precision 12, which Bits
// Stored becomes, since what a decoder returns may be a little above the highest
// sample. quality scales the same tables as in [JPEGBaseline] for both, so that 12
// bits, whose steps are 16 times finer, lose less and cost more. For signed
// frames, the stream and errors see there.
func JPEGExtended(dst []byte, f Frame, quality int) ([]byte, error) {
	if err := jpegCheckLossy("JPEG Extended", f, quality); err != nil {
		return dst, err
	}
	if f.SamplesPerPixel != 1 {
		return dst, fmt.Errorf("codec: JPEG Extended with %d samples per pixel, only 1 is encoded", f.SamplesPerPixel)
	}
	precision := 8
	if f.BitsAllocated == 16 {
		if precision = 12; f.BitsStored > precision {
			return dst, fmt.Errorf("codec: JPEG Extended with %d bits stored, at most 12 are possible (T.81 table B.2)", f.BitsStored)
		}
	}
	return jpegSequential(dst, jpegSOF1, precision, f, quality), nil
}

func jpegCheckLossy(process string, f Frame, quality int) error {
	if err := f.check(); err != nil {
		return err
	}
	if f.Signed {
		return fmt.Errorf("codec: %s of signed samples, only unsigned ones are encoded: add an offset, and take it off by the rescale intercept", process)
	}
	if quality < 1 || quality > 100 {
		return fmt.Errorf("codec: the quality %d of %s, from 1 to 100 are possible", quality, process)
	}
	return nil
}

// jpegSequential encodes what was checked.
func jpegSequential(dst []byte, sof byte, precision int, f Frame, quality int) []byte {
	components := []jpegComponent{{id: 1, horizontal: 1}}
	quantisations := []*jpegQuantisation{newJPEGQuantisation(&jpegLuminance, quality)}
	if f.SamplesPerPixel == 3 {
		components = []jpegComponent{{id: 1, horizontal: 2}, {id: 2, horizontal: 1, table: 1}, {id: 3, horizontal: 1, table: 1}}
		quantisations = append(quantisations, newJPEGQuantisation(&jpegChrominance, quality))
	}
	s := newJPEGSymbols(f.Columns * f.Rows)
	s.scan(newJPEGStripe(f, precision), components, quantisations)

	dst = jpegMarker(dst, jpegSOI)
	for i, q := range quantisations {
		dst = q.appendDQT(dst, byte(i))
	}
	dst = jpegFrameHeader(dst, sof, precision, f, components)
	var codes [jpegSymbolCount]huffCode
	for i := range quantisations {
		for class := range 2 {
			from := (2*i + class) << 8
			table := newHuffTable(s.counts[from : from+256])
			dst = table.appendDHT(dst, byte(class), byte(i))
			for symbol, code := range table.all() {
				codes[from+int(symbol)] = code
			}
		}
	}
	dst = jpegScanHeader(dst, 0, 63, components)
	return jpegMarker(s.encode(dst, &codes), jpegEOI)
}

// jpegSymbolCount is the number of symbols of two tables of each class: table,
// class and symbol are the bits of an index.
const jpegSymbolCount = 1 << 10

// jpegSymbols is a scan as symbols to be coded. See T.81 F.1.2.
type jpegSymbols struct {
	// The bits that follow the code of a symbol are in the lower 16 bits, the
	// index of the symbol above. The lower 4 bits of a symbol say how many bits
	// follow.
	list   []uint32
	counts [jpegSymbolCount]uint64
}

func newJPEGSymbols(samples int) *jpegSymbols {
	return &jpegSymbols{list: make([]uint32, 0, samples/6+64)}
}

// scan makes the symbols of all blocks in the order of the only scan, which is
// that of T.81 A.2: of several components, all blocks of 8 rows of a minimum coded
// unit follow each other.
func (s *jpegSymbols) scan(stripe *jpegStripe, components []jpegComponent, quantisations []*jpegQuantisation) {
	var (
		block  [64]int32
		coded  [64]int16
		before [3]int16 // the last DC coefficient of each component
	)
	for y := 0; y < stripe.f.Rows; y += 8 {
		stripe.read(y)
		for unit := range stripe.units {
			for i, c := range components {
				for h := range int(c.horizontal) {
					stripe.block(&block, i, unit*int(c.horizontal)+h)
					jpegDCT(&block)
					nonzero := quantisations[c.table].quantise(&coded, &block)
					s.block(&coded, nonzero, before[i], c.table)
					before[i] = coded[0]
				}
			}
		}
	}
}

// block adds the symbols of a block. See T.81 F.1.2.1 and F.1.2.2.
func (s *jpegSymbols) block(coded *[64]int16, nonzero uint64, before int16, table byte) {
	dc := uint32(table) << 9
	ac := dc | 1<<8
	category, additional := jpegCategory(uint16(coded[0] - before))
	s.add(dc|uint32(category), additional)
	last := 0
	for rest := nonzero &^ 1; rest != 0; rest &= rest - 1 {
		k := bits.TrailingZeros64(rest)
		run := k - last - 1
		for ; run > 15; run -= 16 {
			s.add(ac|0xF0, 0) // ZRL
		}
		category, additional := jpegCategory(uint16(coded[k&63]))
		s.add(ac|uint32(run)<<4|uint32(category), additional)
		last = k
	}
	if last != 63 {
		s.add(ac, 0) // EOB
	}
}

func (s *jpegSymbols) add(index uint32, additional uint16) {
	additional &= 1<<(index&15) - 1
	s.counts[index&(jpegSymbolCount-1)]++
	s.list = append(s.list, index<<16|uint32(additional))
}

// encode appends the symbols in codes to dst.
func (s *jpegSymbols) encode(dst []byte, codes *[jpegSymbolCount]huffCode) []byte {
	w := huffWriter{dst: dst}
	for _, v := range s.list {
		index := v >> 16 & (jpegSymbolCount - 1)
		c := codes[index]
		n := index & 15
		w.put(c.bits<<n|v&0xFFFF, uint(c.length)+uint(n))
	}
	return w.end()
}
