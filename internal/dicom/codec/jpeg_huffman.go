package codec

import "iter"

// huffMaxLength is the longest code that T.81 allows, in bits.
const huffMaxLength = 16

// huffTable is a Huffman table as DHT specifies it. See T.81 B.2.4.2 and C.1.
type huffTable struct {
	bits   [huffMaxLength + 1]byte // bits[n] codes of n bits; [0] is not used
	values []byte                  // the symbols, the most frequent first
}

// newHuffTable returns the table that codes symbols of these frequencies in the
// fewest bits, by the procedures of T.81 K.2: no code is longer than 16 bits, and
// none consists of 1s only. counts has one to 256 entries, not all of them 0.
func newHuffTable(counts []uint64) huffTable {
	// A node is a subtree; the symbols are the first ones, with their own numbers.
	// One symbol that never occurs takes the code of all 1s.
	var (
		weight [2 * 257]uint64
		parent [2 * 257]int16
		roots  [257]int16
	)
	n := 0 // of roots
	add := func(node int, w uint64) {
		weight[node] = w
		// The roots are kept in descending order of weight, so that the two
		// lightest are the last: of equals the older, which is less deep.
		i := n
		for ; i > 0 && weight[roots[i-1]] <= w; i-- {
			roots[i] = roots[i-1]
		}
		roots[i] = int16(node)
		n++
	}
	for s, c := range counts {
		if c != 0 {
			add(s, c)
		}
	}
	leaves := n
	const reserved = 256
	// Of weight 0 it is the lightest, so that no code is longer than its.
	add(reserved, 0)
	next := reserved + 1
	for n > 1 {
		a, b := roots[n-1], roots[n-2]
		n -= 2
		parent[a], parent[b] = int16(next), int16(next)
		add(next, weight[a]+weight[b])
		next++
	}
	// Depths, from the root downwards: a parent has a higher number than its
	// children. The longest code has as many bits as there are symbols.
	var (
		depth [2 * 257]int16
		bits  [258]int // how many symbols have codes of so many bits
	)
	for node := next - 2; node > reserved; node-- {
		depth[node] = depth[parent[node]] + 1
	}
	for s, c := range counts {
		if c != 0 {
			depth[s] = depth[parent[s]] + 1
			bits[depth[s]]++
		}
	}
	depth[reserved] = depth[parent[reserved]] + 1
	bits[depth[reserved]]++
	// Codes that are too long are shortened in pairs: one takes their common
	// prefix, the other goes beside a shorter code, which grows by a bit.
	for i := len(bits) - 1; i > huffMaxLength; i-- {
		for bits[i] > 0 {
			j := i - 2
			for bits[j] == 0 {
				j--
			}
			bits[i] -= 2
			bits[i-1]++
			bits[j+1] += 2
			bits[j]--
		}
	}
	// The reserved symbol is one of the longest, and as the last of them has the
	// code of all 1s.
	for i := huffMaxLength; i > 0; i-- {
		if bits[i] != 0 {
			bits[i]--
			break
		}
	}
	t := huffTable{values: make([]byte, 0, leaves)}
	for i := range t.bits {
		t.bits[i] = byte(bits[i])
	}
	// The symbols in the order of their depths, which no shortening reverses.
	for d := int16(1); len(t.values) < leaves; d++ {
		for s, c := range counts {
			if c != 0 && depth[s] == d {
				t.values = append(t.values, byte(s))
			}
		}
	}
	return t
}

// appendDHT appends the segment that defines the table of a class (0 for DC and
// lossless, 1 for AC) and number. See T.81 B.2.4.2.
func (t *huffTable) appendDHT(dst []byte, class, number byte) []byte {
	dst = jpegSegment(dst, jpegDHT, 17+len(t.values))
	dst = append(dst, class<<4|number)
	dst = append(dst, t.bits[1:]...)
	return append(dst, t.values...)
}

// huffCode is the code of a symbol.
type huffCode struct {
	bits   uint32 // right-aligned
	length uint8
}

// all yields the symbols with their codes. See T.81 C.2.
func (t *huffTable) all() iter.Seq2[byte, huffCode] {
	return func(yield func(byte, huffCode) bool) {
		c := huffCode{length: 1}
		k := 0
		for ; c.length <= huffMaxLength; c.length++ {
			for range t.bits[c.length] {
				if !yield(t.values[k], c) {
					return
				}
				c.bits++
				k++
			}
			c.bits <<= 1
		}
	}
}

// huffWriter writes entropy-coded segments. It must not be copied while in use.
type huffWriter struct {
	dst     []byte
	pending uint64 // the last bits, right-aligned; what is above them was written
	n       uint   // how many bits are pending; less than 32 between calls
}

// put appends the length lowest bits of v, of at most 32 bits. Those above must
// be 0.
func (w *huffWriter) put(v uint32, length uint) {
	w.pending = w.pending<<(length&63) | uint64(v)
	w.n += length
	if w.n >= 32 {
		w.flush()
	}
}

// flush writes the first 32 pending bits. See T.81 F.1.2.3: a byte of 1s is
// followed by a zero byte, so that it begins no marker.
func (w *huffWriter) flush() {
	w.n -= 32
	v := uint32(w.pending >> (w.n & 63))
	if (^v-0x01010101)&v&0x80808080 == 0 { // no byte of ^v is 0
		w.dst = append(w.dst, byte(v>>24), byte(v>>16), byte(v>>8), byte(v))
		return
	}
	for shift := 24; shift >= 0; shift -= 8 {
		w.byte(byte(v >> shift))
	}
}

func (w *huffWriter) byte(b byte) {
	w.dst = append(w.dst, b)
	if b == 0xFF {
		w.dst = append(w.dst, 0)
	}
}

// end writes what is pending, completed to a byte by 1s, and returns everything
// written.
func (w *huffWriter) end() []byte {
	if pad := -w.n & 7; pad != 0 {
		w.put(1<<pad-1, pad)
	}
	for w.n > 0 {
		w.n -= 8
		w.byte(byte(w.pending >> w.n))
	}
	return w.dst
}
