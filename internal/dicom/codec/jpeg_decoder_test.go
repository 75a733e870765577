package codec

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// jpegHeaders are the segments before the entropy-coded data.
type jpegHeaders struct {
	sof       byte
	precision int
	kind      Frame // without pixels
	lengths   [16]byte
	values    []byte
	predictor int
	data      []byte // entropy-coded, EOI included
}

// jpegParse reads the headers of a lossless stream of one Huffman table.
func jpegParse(stream []byte) (*jpegHeaders, error) {
	h := &jpegHeaders{}
	if len(stream) < 2 || stream[0] != 0xFF || stream[1] != 0xD8 {
		return nil, errors.New("no SOI")
	}
	for stream = stream[2:]; ; {
		if len(stream) < 4 || stream[0] != 0xFF {
			return nil, errors.New("no marker where one is due")
		}
		marker, n := stream[1], int(binary.BigEndian.Uint16(stream[2:]))+2
		if n < 4 || n > len(stream) {
			return nil, fmt.Errorf("a segment %X of %d bytes, %d are left", marker, n, len(stream))
		}
		s := stream[4:n]
		stream = stream[n:]
		switch marker {
		case 0xFE:
		case 0xC3:
			if len(s) < 6 || len(s) != 6+3*int(s[5]) {
				return nil, errors.New("SOF3 has a wrong length")
			}
			h.sof, h.precision = marker, int(s[0])
			h.kind = Frame{Rows: int(binary.BigEndian.Uint16(s[1:])), Columns: int(binary.BigEndian.Uint16(s[3:])), SamplesPerPixel: int(s[5])}
			for i := range int(s[5]) {
				if c := s[6+3*i:]; int(c[0]) != i+1 || c[1] != 0x11 || c[2] != 0 {
					return nil, fmt.Errorf("component % X", c[:3])
				}
			}
		case 0xC4:
			if len(s) < 17 || s[0] != 0 || h.values != nil {
				return nil, errors.New("DHT is no single table of class 0 and number 0")
			}
			copy(h.lengths[:], s[1:])
			h.values = s[17:]
		case 0xDA:
			if len(s) != 4+2*h.kind.SamplesPerPixel || h.sof == 0 || int(s[0]) != h.kind.SamplesPerPixel {
				return nil, errors.New("SOS does not fit SOF3")
			}
			end := s[len(s)-3:]
			if h.predictor = int(end[0]); end[1] != 0 || end[2] != 0 {
				return nil, errors.New("SOS has a point transform")
			}
			h.data = stream
			return h, nil
		default:
			return nil, fmt.Errorf("a segment %X", marker)
		}
	}
}

// jpegBitReader reads entropy-coded data bit by bit.
type jpegBitReader struct {
	data []byte
	at   int // in bits
}

func (r *jpegBitReader) bit() (int, error) {
	i := r.at / 8
	if i+1 >= len(r.data) {
		return 0, errors.New("the data end early")
	}
	if r.data[i] == 0xFF && r.data[i+1] != 0 {
		return 0, fmt.Errorf("the marker %X amid the data", r.data[i+1])
	}
	b := int(r.data[i]) >> (7 - r.at%8) & 1
	if r.at++; r.at%8 == 0 && r.data[i] == 0xFF {
		r.at += 8 // a stuffed zero
	}
	return b, nil
}

// jpegDecodeLossless decodes a stream by the letter of T.81 Annex F.2 and H.2:
// one bit and one sample at a time. It returns the samples.
func jpegDecodeLossless(stream []byte) ([]int, *jpegHeaders, error) {
	h, err := jpegParse(stream)
	if err != nil {
		return nil, nil, err
	}
	type key struct{ length, code int }
	symbols := map[key]int{}
	code, k := 0, 0
	for i, n := range h.lengths {
		for range n {
			if k == len(h.values) || code == 1<<(i+1)-1 {
				return nil, h, errors.New("the Huffman table is overfull, or has a code of 1s only")
			}
			symbols[key{i + 1, code}] = int(h.values[k])
			code, k = code+1, k+1
		}
		code <<= 1
	}
	r := &jpegBitReader{data: h.data}
	columns, step := h.kind.Columns, h.kind.SamplesPerPixel
	samples := make([]int, columns*h.kind.Rows*step)
	for i := range samples {
		symbol, found := 0, false
		c := key{}
		for !found {
			b, err := r.bit()
			if err != nil {
				return nil, h, err
			}
			if c = (key{c.length + 1, c.code<<1 | b}); c.length > 16 {
				return nil, h, errors.New("a code of more than 16 bits")
			}
			symbol, found = symbols[c]
		}
		difference := 0
		if symbol == 16 {
			difference = 32768
		} else if symbol > 0 {
			for range symbol {
				b, err := r.bit()
				if err != nil {
					return nil, h, err
				}
				difference = difference<<1 | b
			}
			if difference < 1<<(symbol-1) {
				difference -= 1<<symbol - 1
			}
		}
		x, y := i/step%columns, i/step/columns
		var ra, rb, rc int
		if x > 0 {
			ra = samples[i-step]
		}
		if y > 0 {
			rb = samples[i-columns*step]
		}
		if x > 0 && y > 0 {
			rc = samples[i-columns*step-step]
		}
		var prediction int
		switch {
		case x == 0 && y == 0:
			prediction = 1 << (h.precision - 1)
		case y == 0:
			prediction = ra
		case x == 0:
			prediction = rb
		default:
			prediction = [8]int{0, ra, rb, rc, ra + rb - rc, ra + (rb-rc)>>1, rb + (ra-rc)>>1, (ra + rb) >> 1}[h.predictor&7]
		}
		samples[i] = (prediction + difference) & 0xFFFF
	}
	// What is left of the last byte is 1s, and EOI follows.
	for r.at%8 != 0 {
		b, err := r.bit()
		if err != nil {
			return nil, h, err
		}
		if b != 1 {
			return nil, h, errors.New("the last byte is not completed by 1s")
		}
	}
	if rest := h.data[r.at/8:]; len(rest) != 2 || rest[0] != 0xFF || rest[1] != 0xD9 {
		return nil, h, fmt.Errorf("%d bytes % X in place of EOI", len(rest), rest[:min(len(rest), 8)])
	}
	return samples, h, nil
}
