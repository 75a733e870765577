package codec

import (
	"slices"
	"testing"
)

// huffOptimum returns the fewest bits that symbols of these counts can be coded
// in, if one more symbol that never occurs has a code too, and the length of the
// longest code.
func huffOptimum(counts []uint64) (bits uint64, longest int) {
	type tree struct {
		weight uint64
		depth  int
	}
	trees := []tree{{}}
	for _, c := range counts {
		if c > 0 {
			trees = append(trees, tree{weight: c})
		}
	}
	for len(trees) > 1 {
		slices.SortStableFunc(trees, func(a, b tree) int {
			if a.weight != b.weight {
				return map[bool]int{true: -1, false: 1}[a.weight < b.weight]
			}
			return a.depth - b.depth
		})
		w := trees[0].weight + trees[1].weight
		bits += w
		trees = append(trees[2:], tree{w, max(trees[0].depth, trees[1].depth) + 1})
	}
	return bits, trees[0].depth
}

// TestHuffTable: every symbol that occurs has a code, no code begins another, none
// is of 1s only, none is too long, and no table of that kind needs fewer bits.
func TestHuffTable(t *testing.T) {
	t.Parallel()
	r := jpegRandom(7)
	cases := map[string][]uint64{
		"one symbol": {0, 0, 5}, "two": {1, 1}, "three": {1, 0, 7, 0, 1},
		"all alike": slices.Repeat([]uint64{3}, 256),
		"most":      {1 << 40, 1, 1 << 33, 9},
	}
	fibonacci := []uint64{1, 1}
	for len(fibonacci) < 60 {
		fibonacci = append(fibonacci, fibonacci[len(fibonacci)-1]+fibonacci[len(fibonacci)-2])
	}
	cases["codes of up to 60 bits"] = fibonacci
	cases["codes of up to 17 bits"] = fibonacci[:17]
	powers := make([]uint64, 40)
	for i := range powers {
		powers[i] = 1 << i
	}
	cases["powers"] = powers
	for i := range 200 {
		counts := make([]uint64, 1+r.below(256))
		for j := range counts {
			counts[j] = uint64(r.below(1 << r.below(30)))
		}
		counts[0]++
		cases["random "+string(rune('0'+i))] = counts
	}
	for name, counts := range cases {
		table := newHuffTable(counts)
		seen := map[byte]bool{}
		var bits, space uint64
		last := huffCode{}
		for symbol, code := range table.all() {
			if seen[symbol] || int(symbol) >= len(counts) || counts[symbol] == 0 {
				t.Fatalf("%s: the symbol %d has a code too many", name, symbol)
			}
			seen[symbol] = true
			bits += counts[symbol] * uint64(code.length)
			if code.length < last.length || code.length > 16 || code.bits >= 1<<code.length-1 {
				t.Fatalf("%s: the code %b of %d bits, after one of %d", name, code.bits, code.length, last.length)
			}
			if space != uint64(code.bits)<<(16-code.length) {
				t.Fatalf("%s: the code %b of %d bits is not next to the one before", name, code.bits, code.length)
			}
			space += 1 << (16 - code.length)
			last = code
		}
		n := 0
		for _, c := range counts {
			if c > 0 {
				n++
			}
		}
		if len(seen) != n || len(table.values) != n {
			t.Fatalf("%s: %d symbols have codes, %d occur", name, len(seen), n)
		}
		optimum, longest := huffOptimum(counts)
		if longest <= 16 && bits != optimum {
			t.Errorf("%s: %d bits, %d are enough", name, bits, optimum)
		}
		if bits < optimum || bits > optimum+optimum/8 {
			t.Errorf("%s: %d bits, without a limit of length they are %d", name, bits, optimum)
		}
	}
}

// TestHuffWriter: bits come out as they went in, with a zero after each byte of
// 1s, wherever that lies.
func TestHuffWriter(t *testing.T) {
	t.Parallel()
	r := jpegRandom(3)
	for range 300 {
		w := huffWriter{dst: []byte{0xFF, 0xD8}}
		var bits []byte
		for range r.below(60) {
			n := r.below(33)
			v := uint32(1)<<n - 1 // often 1s only
			if r.below(3) == 0 {
				v &= uint32(r.below(1 << 30))
			}
			w.put(v, uint(n))
			for i := n - 1; i >= 0; i-- {
				bits = append(bits, byte(v>>i&1))
			}
		}
		for len(bits)%8 != 0 {
			bits = append(bits, 1)
		}
		want := []byte{0xFF, 0xD8}
		for i := 0; i < len(bits); i += 8 {
			b := byte(0)
			for _, bit := range bits[i : i+8] {
				b = b<<1 | bit
			}
			if want = append(want, b); b == 0xFF {
				want = append(want, 0)
			}
		}
		if got := w.end(); !slices.Equal(got, want) {
			t.Fatalf("% X, want % X", got, want)
		}
	}
}
