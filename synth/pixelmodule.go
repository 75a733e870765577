package synth

import (
	"encoding/binary"
	"fmt"
	"strconv"

	"pacsuat/internal/dicom/dataset"
)

// imagePixel is the Image Pixel Module without the Pixel Data, PS3.3 C.7.6.3,
// and Number of Frames, C.7.6.6.
func (h *header) imagePixel() {
	se := h.series
	m := h.study.matrix(se, h.number)
	h.PutUint16(dataset.SamplesPerPixel, uint16(se.samples))
	h.PutString(dataset.PhotometricInterpretation, se.photometric)
	if se.samples > 1 {
		h.PutUint16(dataset.PlanarConfiguration, 0)
	}
	if se.object.pixels == multiFrame {
		h.PutString(dataset.NumberOfFrames, h.decimal(strconv.Itoa(h.frames)))
	}
	h.PutUint16(dataset.Rows, uint16(m.Rows))
	h.PutUint16(dataset.Columns, uint16(m.Columns))
	h.PutUint16(dataset.BitsAllocated, uint16(se.allocated))
	h.PutUint16(dataset.BitsStored, uint16(se.StoredBits))
	h.PutUint16(dataset.HighBit, uint16(se.StoredBits-1))
	signed := uint16(0)
	if se.Signed {
		signed = 1
	}
	h.PutUint16(dataset.PixelRepresentation, signed)
	if se.photometric == "PALETTE COLOR" {
		h.palette()
	}
}

// palette is the Palette Color Lookup Table of the Image Pixel Module, PS3.3
// C.7.6.3.1.5: 256 entries of 16 bits from black over red and yellow to white.
func (h *header) palette() {
	var red, green, blue []byte
	for i := range 256 {
		ramp := func(from int) uint16 { return uint16(min(max(i*3-from, 0), 255)) * 0x0101 }
		red = binary.LittleEndian.AppendUint16(red, ramp(0))
		green = binary.LittleEndian.AppendUint16(green, ramp(255))
		blue = binary.LittleEndian.AppendUint16(blue, ramp(510))
	}
	const descriptors, data dataset.Tag = 0x00281101, 0x00281201
	for i, table := range [][]byte{red, green, blue} {
		h.Put(dataset.Element{Tag: descriptors + dataset.Tag(i), VR: dataset.VRUS, Value: []byte{0, 1, 0, 0, 16, 0}})
		h.PutBytes(data+dataset.Tag(i), dataset.VROW, table)
	}
}

// lossy says what was done to samples that were compressed with loss, PS3.3
// C.7.6.1.1.5. It comes last: whatever the object says of its samples was true
// of those before.
func (h *header) lossy() {
	if h.series.lossyMethod == "" {
		return
	}
	if isVideo(h.series.ts) { // the stream's rate, PS3.5 8.2.5
		rate := h.series.set.CineRate
		h.PutString(dataset.CineRate, h.decimal(strconv.Itoa(rate)))
		h.PutString(dataset.FrameTime, h.decimal(millimetres(100_000/rate))) // hundredths of a millisecond
	}
	h.PutString(dataset.LossyImageCompression, "01")
	ratio := "1"
	if h.encoded != nil {
		native, encoded := uint64(0), uint64(0)
		for _, b := range h.encoded.frames {
			native += uint64(b.native)
			encoded += uint64(b.bytes)
		}
		hundredths := native * 100 / max(1, encoded)
		ratio = fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	}
	h.PutString(dataset.LossyImageCompressionRatio, ratio)
	h.PutString(dataset.LossyImageCompressionMethod, h.series.lossyMethod)
}

// window puts one VOI window, PS3.3 C.11.2, in the values of the phantom: it is
// brought to those of the object, inverted with the samples. bits are those
// that the figures are given for.
func (h *header) window(centre, width, bits int) {
	se := h.series
	if se.phantom.Air == 0 {
		centre, width = scaled(centre, se.StoredBits-bits), scaled(width, se.StoredBits-bits)
	}
	if se.inverted {
		centre = 1<<se.StoredBits - centre
	}
	h.PutString(dataset.WindowCenter, h.decimal(fmt.Sprint(centre)))
	h.PutString(dataset.WindowWidth, h.decimal(fmt.Sprint(max(1, width))))
}

// phantomWindow puts the window in which the phantom is looked at first. That of
// CT is in Hounsfield units: a window applies to rescaled values.
func (h *header) phantomWindow() {
	p := h.series.phantom
	centre, width := p.Window()
	h.window(centre-p.Air, width, p.Bits)
}

func scaled(n, bits int) int {
	if bits < 0 {
		return n >> -bits
	}
	return n << bits
}
