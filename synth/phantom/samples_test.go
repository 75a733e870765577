package phantom

import (
	"slices"
	"strings"
	"testing"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for _, p := range All() {
		for _, name := range []string{p.Name, strings.ToUpper(p.Name), " " + p.Name} {
			if q, err := Named(name); err != nil || q.Name != p.Name {
				t.Errorf("phantom named %q: %q, %v", name, q.Name, err)
			}
		}
	}
	for name, want := range map[string]string{
		"chst CT":                     `did you mean "chest CT"?`,
		"mamogram":                    `did you mean "mammogram"?`,
		"":                            `"chest radiograph", "`,
		strings.Repeat("chest", 9999): `...`,
	} {
		_, err := Named(name)
		if err == nil || !strings.Contains(err.Error(), want) || len(err.Error()) > 2000 {
			t.Errorf("phantom named %.20q: %v, want an error with %q", name, err, want)
		}
	}
	if _, err := Named("zzzzzzzzzzzzzzzzzz"); err == nil || strings.Contains(err.Error(), "did you mean") {
		t.Errorf("a name like none: %v", err)
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, p := range All() {
		if seen[p.Name] {
			t.Errorf("%q is there twice", p.Name)
		}
		seen[p.Name] = true
		if len(p.Views) == 0 || slices.Contains(p.Views, "") {
			t.Errorf("%q has views %q", p.Name, p.Views)
		}
		if !slices.Contains([]int{8, 10, 12, 14, 16}, p.Bits) || p.Colour && p.Bits != 8 {
			t.Errorf("%q has %d bits", p.Name, p.Bits)
		}
		if strings.HasSuffix(p.Name, " CT") != (p.Air != 0) {
			t.Errorf("%q has air %d", p.Name, p.Air)
		}
		if centre, width := p.Window(); width < 2 || centre-width/2 < -1<<p.Bits || centre > 1<<p.Bits {
			t.Errorf("%q has window centre %d, width %d", p.Name, centre, width)
		}
	}
	first := All()
	first[0].Name = "spoilt"
	if All()[0].Name == "spoilt" {
		t.Error("a change of All's result is seen by the next caller")
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	ct, err := Named("chest CT")
	if err != nil {
		t.Fatal(err)
	}
	photo, err := Named("skin photo")
	if err != nil {
		t.Fatal(err)
	}
	cine, err := Named("heart US")
	if err != nil {
		t.Fatal(err)
	}
	good := Picture{Columns: 64, Rows: 64}
	for name, test := range map[string]struct {
		p            Phantom
		change       func(*Picture)
		bits, offset int
		signed       bool
		want         string // "" where it is painted
	}{
		"good":                {p: ct, bits: 12},
		"good, of 0 slices":   {p: ct, bits: 12, change: func(q *Picture) { q.Of, q.Span = 0, 0 }},
		"negative view":       {p: ct, bits: 12, change: func(q *Picture) { q.View = -7 }},
		"made up":             {p: Phantom{Name: "made up", Views: []string{"one"}, Bits: 8}, bits: 8, want: "not taken from"},
		"no columns":          {p: ct, bits: 12, change: func(q *Picture) { q.Columns = 0 }, want: "64 to 65535"},
		"few rows":            {p: ct, bits: 12, change: func(q *Picture) { q.Rows = 63 }, want: "64 to 65535"},
		"many rows":           {p: ct, bits: 12, change: func(q *Picture) { q.Rows = 65536 }, want: "64 to 65535"},
		"negative columns":    {p: ct, bits: 12, change: func(q *Picture) { q.Columns = -64 }, want: "64 to 65535"},
		"too many pixels":     {p: ct, bits: 12, change: func(q *Picture) { q.Columns, q.Rows = 65535, 65535 }, want: "more than"},
		"slice behind last":   {p: ct, bits: 12, change: func(q *Picture) { q.Slice, q.Of = 3, 3 }, want: "no picture 3 of 3"},
		"negative slice":      {p: ct, bits: 12, change: func(q *Picture) { q.Slice = -1 }, want: "no picture -1"},
		"too many slices":     {p: ct, bits: 12, change: func(q *Picture) { q.Of = 1 << 40 }, want: "at most"},
		"frame behind last":   {p: cine, bits: 8, change: func(q *Picture) { q.Frame, q.Span = 9, 9 }, want: "no frame 9 of 9"},
		"negative frame":      {p: ct, bits: 12, change: func(q *Picture) { q.Frame = -1 }, want: "no frame -1"},
		"frame of a still":    {p: ct, bits: 12, change: func(q *Picture) { q.Frame = 9 }},
		"few bits":            {p: ct, bits: 7, want: "8 to 16"},
		"many bits":           {p: ct, bits: 17, want: "8 to 16"},
		"colour of 12 bits":   {p: photo, bits: 12, want: "of colour"},
		"colour, offset":      {p: photo, bits: 8, offset: 1, want: "of colour"},
		"colour, signed":      {p: photo, bits: 8, signed: true, want: "of colour"},
		"offset out of range": {p: ct, bits: 16, offset: -1 << 20, want: "offset"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q := good
			if test.change != nil {
				test.change(&q)
			}
			before := []byte("before")
			got, err := test.p.AppendSamples(before, q, test.bits, test.offset, test.signed)
			if test.want == "" {
				if err != nil || !strings.HasPrefix(string(got), "before") || len(got) <= len(before) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || string(got) != "before" {
				t.Errorf("%d bytes, %v, want an error with %q", len(got), err, test.want)
			}
		})
	}
}

// TestRange holds samples of every depth, signed or not, to what their bits can
// hold.
func TestRange(t *testing.T) {
	t.Parallel()
	for _, p := range All() {
		for _, bits := range []int{8, 10, 12, 14, 16} {
			for _, offset := range []int{0, -1024} {
				for _, signed := range []bool{false, true} {
					if p.Colour && (bits != 8 || offset != 0 || signed) {
						continue
					}
					b, err := p.AppendSamples(nil, small(1), bits, offset, signed)
					if err != nil {
						t.Fatal(err)
					}
					least, most := 0, 1<<bits-1
					if signed {
						least, most = -1<<(bits-1), 1<<(bits-1)-1
					}
					lowest, highest := 1<<20, -1<<20
					for _, v := range values(b, bits, signed) {
						lowest, highest = min(lowest, v), max(highest, v)
					}
					if lowest < least || highest > most {
						t.Errorf("%s: values from %d to %d in %d bits, signed %v", p.Name, lowest, highest, bits, signed)
					}
				}
			}
		}
	}
}

// values reads samples.
func values(b []byte, bits int, signed bool) []int {
	var all []int
	if bits <= 8 {
		for _, v := range b {
			if signed {
				all = append(all, int(int8(v)))
			} else {
				all = append(all, int(v))
			}
		}
		return all
	}
	for i := 0; i+1 < len(b); i += 2 {
		v := uint16(b[i]) | uint16(b[i+1])<<8
		if signed {
			all = append(all, int(int16(v)))
		} else {
			all = append(all, int(v))
		}
	}
	return all
}

// TestDepths compares depths and offsets of one picture, value by value.
func TestDepths(t *testing.T) {
	t.Parallel()
	paint := func(name string, bits, offset int, signed bool) []int {
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		b, err := p.AppendSamples(nil, small(0), bits, offset, signed)
		if err != nil {
			t.Fatal(err)
		}
		return values(b, bits, signed)
	}
	same := func(what string, a, b []int, f func(int) int) {
		t.Helper()
		if len(a) != len(b) {
			t.Fatalf("%s: %d and %d samples", what, len(a), len(b))
		}
		for i := range a {
			if f(a[i]) != b[i] {
				t.Fatalf("%s: sample %d is %d and %d, want %d", what, i, a[i], b[i], f(a[i]))
			}
		}
	}
	ct := paint("chest CT", 12, 0, false)
	same("CT signed, 16 bits", ct, paint("chest CT", 16, -1024, true), func(v int) int { return v - 1024 })
	same("CT signed, 12 bits", ct, paint("chest CT", 12, -1024, true), func(v int) int { return min(v-1024, 2047) })
	same("CT, 14 bits", ct, paint("chest CT", 14, 0, false), func(v int) int { return v })
	same("CT, 8 bits", ct, paint("chest CT", 8, 0, false), func(v int) int { return v >> 4 })
	xray := paint("chest radiograph", 12, 0, false)
	same("radiograph, 14 bits", xray, paint("chest radiograph", 14, 0, false), func(v int) int { return v << 2 })
	same("radiograph, 10 bits", xray, paint("chest radiograph", 10, 0, false), func(v int) int { return v >> 2 })
	same("radiograph, offset", xray, paint("chest radiograph", 12, -500, false), func(v int) int { return max(v-500, 0) })
	same("angiogram, 8 bits of 12", paint("coronary angiogram", 12, 0, false), paint("coronary angiogram", 8, 0, false), func(v int) int { return v >> 4 })
}

// TestEnlarge holds the enlargement of reduced pictures to straight lines between
// the painted pixels.
func TestEnlarge(t *testing.T) {
	t.Parallel()
	for k := 1; k < 7; k++ {
		const columns, rows = 9, 7
		c := &canvas{columns: columns, rows: rows, reduced: k, wide: columns*k - k/2, high: rows*k - k/3}
		for y := range rows {
			for x := range columns {
				c.v = append(c.v, int32(1000*x+10*y))
			}
		}
		line := make([]int32, c.wide)
		for y := range c.high {
			c.enlarge(y, line, 0, -1)
			for x, got := range line {
				// Centres, in 1/2k of a painted pixel, within the outermost centres.
				place := func(i, n int) int { return min(max(2*i+1-k, 0), 2*k*(n-1)) }
				want := (1000*place(x, columns) + 10*place(y, rows)) / (2 * k)
				if abs(int(got)-want) > 1 {
					t.Fatalf("enlarged %d times: column %d, row %d is %d, want %d", k, x, y, got, want)
				}
			}
		}
	}
}

// TestEnlargeColour holds the enlargement of colours to that of each of them, grey
// values among them.
func TestEnlargeColour(t *testing.T) {
	t.Parallel()
	const columns, rows, k = 9, 7, 3
	c := &canvas{columns: columns, rows: rows, reduced: k, wide: columns * k, high: rows * k}
	for y := range int32(rows) {
		for x := range int32(columns) {
			if x > 5 {
				c.v = append(c.v, 10*x-70) // one below 0
			} else {
				c.v = append(c.v, colour(30*x, 250-30*y, 5*x+6*y))
			}
		}
	}
	var planes [3]*canvas
	for n := range planes {
		planes[n] = &canvas{columns: columns, rows: rows, reduced: k, wide: c.wide, high: c.high}
		for _, v := range c.v {
			planes[n].v = append(planes[n].v, coloured(v)>>(16-8*n)&0xFF)
		}
	}
	got := c.appendTo(nil, format{colour: true, most: 255})
	for n, plane := range planes {
		for i, want := range plane.appendTo(nil, format{most: 255}) {
			if got[3*i+n] != want {
				t.Fatalf("colour %d of pixel %d is %d, want %d", n, i, got[3*i+n], want)
			}
		}
	}
}

// TestImage compares the picture for looking at with the samples.
func TestImage(t *testing.T) {
	t.Parallel()
	for _, p := range All() {
		m, err := p.Image(small(0))
		if err != nil {
			t.Fatal(err)
		}
		if b := m.Bounds(); b.Dx() != 96 || b.Dy() != 96 {
			t.Errorf("%s: an image of %v", p.Name, b)
		}
	}
	p, err := Named("skin photo")
	if err != nil {
		t.Fatal(err)
	}
	m, err := p.Image(small(0))
	if err != nil {
		t.Fatal(err)
	}
	b := samples(t, p, small(0))
	r, g, bl, _ := m.At(40, 50).RGBA()
	i := 3 * (50*96 + 40)
	if got := [3]byte{byte(r >> 8), byte(g >> 8), byte(bl >> 8)}; got != [3]byte(b[i:i+3]) {
		t.Errorf("colour %v in the image, %v in the samples", got, b[i:i+3])
	}
	if _, err := p.Image(Picture{}); err == nil {
		t.Error("an image of no columns is made")
	}
}
