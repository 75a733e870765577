package phantom

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden file anew")

// small is a picture that is painted quickly.
func small(view int) Picture {
	return Picture{Columns: 96, Rows: 96, View: view, Slice: 11, Of: 24, Frame: 5, Span: 12, Anatomy: 42, Grain: 7}
}

// samples paints a picture in the phantom's own depth.
func samples(t *testing.T, p Phantom, q Picture) []byte {
	t.Helper()
	b, err := p.AppendSamples(nil, q, p.Bits, 0, false)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestGolden holds every phantom and view to the samples that it had, on every
// machine: write it anew with -update after an intended change, having looked at
// the pictures.
func TestGolden(t *testing.T) {
	t.Parallel()
	var lines strings.Builder
	lines.WriteString("phantom | view | columns and rows | SHA-256 of the samples\n")
	add := func(p Phantom, q Picture) {
		fmt.Fprintf(&lines, "%s | %s | %d %d | %x\n", p.Name, p.Views[q.View], q.Columns, q.Rows, sha256.Sum256(samples(t, p, q)))
	}
	for _, p := range All() {
		for view := range p.Views {
			add(p, small(view))
		}
	}
	for _, name := range []string{"chest radiograph", "mammogram", "skin photo", "liver US clip"} { // painted in a reduced matrix
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		q := small(0)
		q.Columns, q.Rows = 1203, 1501
		add(p, q)
	}
	file := filepath.Join("testdata", "golden.txt")
	if *update {
		if err := os.WriteFile(file, []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	wanted := strings.Split(string(want), "\n")
	for n, line := range strings.Split(lines.String(), "\n") {
		if n >= len(wanted) || line != wanted[n] {
			t.Errorf("line %d of %s differs: painted now is\n%s", n+1, file, line)
		}
	}
}

func TestSeeds(t *testing.T) {
	t.Parallel()
	for _, p := range All() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			for view := range p.Views {
				q := small(view)
				base := samples(t, p, q)
				if !bytes.Equal(base, samples(t, p, q)) {
					t.Fatalf("view %d painted twice differs", view)
				}
				change := func(what string, f func(*Picture)) {
					other := q
					f(&other)
					if bytes.Equal(base, samples(t, p, other)) {
						t.Errorf("view %d: another %s changes nothing", view, what)
					}
				}
				change("anatomy", func(q *Picture) { q.Anatomy++ })
				change("slice", func(q *Picture) { q.Slice += 3 })
				if !strings.HasSuffix(p.Name, "dose page") && p.Name != "bone densitometry page" {
					change("grain", func(q *Picture) { q.Grain++ })
				}
				if len(p.Views) > 1 {
					change("view", func(q *Picture) { q.View++ })
				}
				around := q
				around.View += 3 * len(p.Views)
				if !bytes.Equal(base, samples(t, p, around)) {
					t.Errorf("view %d is not taken modulo the number of views", view)
				}
				later := q
				later.Frame++
				if same := bytes.Equal(base, samples(t, p, later)); same == p.Moves {
					t.Errorf("view %d: another frame changes the picture: %v, but it moves: %v", view, !same, p.Moves)
				}
			}
		})
	}
}

// TestGrainIsNoise compares pictures of one anatomy with other noise to those of
// another anatomy: the body must stay where it is.
func TestGrainIsNoise(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"chest radiograph", "chest CT", "head CT", "abdomen CT", "brain MR", "mammogram"} {
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		q := small(0)
		base := samples(t, p, q)
		q.Grain++
		grain := distance(base, samples(t, p, q))
		q.Grain--
		q.Anatomy++
		if anatomy := distance(base, samples(t, p, q)); anatomy < 3*grain/2 {
			t.Errorf("%s: another anatomy changes samples by %d, other noise by %d", name, anatomy, grain)
		}
	}
}

// distance is the sum of the samples' differences.
func distance(a, b []byte) int {
	sum := 0
	for i := 0; i+1 < len(a); i += 2 {
		d := int(a[i]) + int(a[i+1])<<8 - int(b[i]) - int(b[i+1])<<8
		sum += max(d, -d)
	}
	return sum
}

// TestLike says that pictures are not a grey square: there are many values, and
// neighbours are more alike than places far from each other.
func TestLike(t *testing.T) {
	t.Parallel()
	for _, p := range All() {
		for view := range p.Views {
			q := small(view)
			q.Columns, q.Rows = 256, 256
			m, err := p.Image(q)
			if err != nil {
				t.Fatal(err)
			}
			values := map[uint32]bool{}
			near, far := 0, 0
			for y := 60; y < 250; y++ {
				for x := 10; x < 200; x++ {
					r, _, _, _ := m.At(x, y).RGBA()
					s, _, _, _ := m.At(x+1, y).RGBA()
					u, _, _, _ := m.At(x+50, (y+90)%190+60).RGBA()
					values[r>>8] = true
					near += abs(int(r>>8) - int(s>>8))
					far += abs(int(r>>8) - int(u>>8))
				}
			}
			if len(values) < 4 || len(values) < 20 && !strings.HasSuffix(p.Name, " page") || near*3/2 > far {
				t.Errorf("%s, view %d: %d values, neighbours differ by %d, others by %d", p.Name, view, len(values), near, far)
			}
		}
	}
}

// TestMark looks for the burnt-in words in the picture's top band: ink where a
// letter is, another value beside it, and nothing of it in the rows of the stamp.
func TestMark(t *testing.T) {
	t.Parallel()
	for _, p := range All() {
		for _, size := range [][2]int{{64, 64}, {128, 128}, {2000, 64}, {512, 512}, {1300, 1600}} {
			if size[0] == 1300 && p.Name != "mammogram" && p.Name != "dose page" {
				continue
			}
			q := small(0)
			q.Columns, q.Rows = size[0], size[1]
			b := samples(t, p, q)
			if err := readable(p, q, b); err != nil {
				t.Errorf("%s of %d columns: %v", p.Name, q.Columns, err)
			}
			spoilt := bytes.Clone(b)
			clear(spoilt[:len(spoilt)/4])
			if readable(p, q, spoilt) == nil {
				t.Errorf("%s of %d columns: words that were blackened are found", p.Name, q.Columns)
			}
		}
	}
}

// readable returns an error unless the mark is in the samples.
func readable(p Phantom, q Picture, b []byte) error {
	size := 1
	switch {
	case p.Colour:
		size = 3
	case p.Bits > 8:
		size = 2
	}
	at := func(x, y int) string { i := (y*q.Columns + x) * size; return string(b[i : i+size]) }
	c := &canvas{wide: q.Columns, high: q.Rows}
	c.burn(1, 0)
	ink := ""
	for _, w := range c.words {
		var err error
		lit := map[[2]int]bool{}
		w.dots(func(x, y int) {
			for j := range w.scale {
				for i := range w.scale {
					lit[[2]int{x + i, y + j}] = true
				}
			}
		})
		for xy := range lit {
			x, y := xy[0], xy[1]
			if y < 3 || x < 0 || x >= q.Columns {
				return fmt.Errorf("%q at column %d and row %d", w.text, x, y)
			}
			if ink == "" {
				ink = at(x, y)
			}
			if at(x, y) != ink {
				err = fmt.Errorf("no ink of %q at column %d and row %d", w.text, x, y)
			}
			if !lit[[2]int{x + 1, y}] && x+1 < q.Columns && at(x+1, y) == ink {
				err = fmt.Errorf("no edge of %q at column %d and row %d", w.text, x+1, y)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// TestMammogramSides looks for the breast at the side of the chest wall, the
// background being exactly 0 at the other.
func TestMammogramSides(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"mammogram", "breast tomosynthesis"} {
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		for view, title := range p.Views {
			q := small(view)
			q.Columns, q.Rows = 1203, 1501 // reduced: the background must stay 0 when it is enlarged
			b := samples(t, p, q)
			wall, away := 10, q.Columns-10
			if strings.HasPrefix(title, "R") {
				wall, away = away, wall
			}
			breast, background := 0, 0
			for y := q.Rows / 3; y < q.Rows*2/3; y++ {
				if i := 2 * (y*q.Columns + wall); b[i]|b[i+1] != 0 {
					breast++
				}
				if i := 2 * (y*q.Columns + away); b[i]|b[i+1] == 0 {
					background++
				}
			}
			if rows := q.Rows*2/3 - q.Rows/3; breast < rows*99/100 || background != rows {
				t.Errorf("%s %s: of %d rows %d have breast at the chest wall and %d have 0 at the other edge", name, title, rows, breast, background)
			}
		}
	}
}

// TestVolumes says that slices near each other are alike and those far from each
// other are not.
func TestVolumes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"chest CT", "abdomen CT", "head CT", "brain MR", "lumbar spine MR", "torso CT", "torso PT", "breast tomosynthesis"} {
		p, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		at := func(slice int) []byte {
			q := small(0)
			q.Columns, q.Rows = 128, 128
			q.Slice, q.Of = slice, 400
			return samples(t, p, q)
		}
		base := at(170)
		if next, far := distance(base, at(171)), distance(base, at(300)); next*5/4 > far {
			t.Errorf("%s: the next slice differs by %d, a far one by %d", name, next, far)
		}
	}
}
