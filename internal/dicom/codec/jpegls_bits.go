package codec

import "encoding/binary"

// jpeglsWriter packs codes into bytes, with a zero bit behind each byte of eight
// ones, so that no marker arises. See T.87 A.1.
type jpeglsWriter struct {
	out  []byte
	acc  uint64 // its lowest n bits wait, the first is the highest of them
	n    uint   // less than 32 between two calls
	ones bool   // the last byte written is FF
}

// put appends the lowest n bits of v, the others of which are zero; n is at most 32.
func (w *jpeglsWriter) put(v uint64, n uint) {
	w.acc = w.acc<<n | v
	w.n += n
	if w.n >= 32 {
		w.flush()
	}
}

// flush writes whole bytes until less than 32 bits wait.
func (w *jpeglsWriter) flush() {
	v := uint32(w.acc >> (w.n - 32))
	if (^v-0x01010101)&v&0x80808080 == 0 && !w.ones { // no byte is FF
		w.out = binary.BigEndian.AppendUint32(w.out, v)
		w.n -= 32
		return
	}
	for w.n >= 8 {
		w.byte()
	}
}

// byte writes one byte of the bits that wait: seven of them behind FF, otherwise
// eight.
func (w *jpeglsWriter) byte() {
	if w.ones {
		w.n -= 7
		w.out = append(w.out, byte(w.acc>>w.n)&0x7F)
		w.ones = false
		return
	}
	w.n -= 8
	b := byte(w.acc >> w.n)
	w.out = append(w.out, b)
	w.ones = b == 0xFF
}

// end fills the last byte with zeros and returns what was written. A last byte FF
// gets the byte with its zero bit, so that the marker that follows is none of the
// data.
func (w *jpeglsWriter) end() []byte {
	for w.n >= 8 {
		w.byte()
	}
	if w.n > 0 || w.ones {
		w.put(0, 8-w.n)
		w.byte()
	}
	return w.out
}
