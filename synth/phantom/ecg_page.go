package phantom

import "fmt"

// leadShape says how one lead shows a heart beat, in hundredths of a millivolt.
type leadShape struct {
	name             string
	p, q, r, s, t, j int // j is the level between s and t
}

// leads in the order of a page: four columns of three.
var leads = [...]leadShape{
	{"I", 10, -6, 70, -12, 22, 2}, {"AVR", -9, 6, -80, 0, -22, -1}, {"V1", 6, 0, 22, -110, -10, 4}, {"V4", 11, -10, 150, -40, 40, 5},
	{"II", 15, -8, 110, -18, 30, 2}, {"AVL", 4, -4, 30, -20, 10, 1}, {"V2", 8, 0, 50, -160, 50, 10}, {"V5", 11, -12, 140, -22, 34, 3},
	{"III", 7, -4, 44, -14, 12, 1}, {"AVF", 11, -6, 78, -12, 20, 1}, {"V3", 9, -4, 92, -96, 52, 9}, {"V6", 10, -12, 100, -10, 26, 2},
}

// volts is the lead's height at some 1/1024 of a beat that lasts as many
// milliseconds, in hundredths of a millivolt.
func (l leadShape) volts(ms int) int {
	// A wave around a time, half as long as wide.
	wave := func(at, wide, high int) int {
		d := abs(ms - at)
		if d >= wide {
			return 0
		}
		return high * (1024 - eased(d*1024/wide)) / 1024
	}
	spike := func(at, wide, high int) int { return high * max(0, wide-abs(ms-at)) / wide }
	return wave(80, 50, l.p) + spike(168, 12, l.q) + spike(188, 20, l.r) + spike(214, 18, l.s) + wave(300, 110, l.j) + wave(430, 90, l.t)
}

// paintECG paints the page of an electrocardiogram with twelve leads, 25 mm/s and
// 10 mm/mV, on the grid of its paper.
func paintECG(c *canvas, p scene) {
	paper, thin, thick, ink := colour(255, 246, 242), colour(250, 214, 208), colour(236, 160, 150), colour(20, 20, 40)
	pg := newPage(c, 110, ink, paper)
	s := p.anatomy
	// The page is 270 mm wide; a millimetre in 1/64 pixel.
	mm := c.wide * 64 / 270
	top := pg.top + 4*pg.high
	for n := 0; n*mm/64 < c.wide; n++ {
		x := n * mm / 64
		c.fillPixels(x, top, x+1, c.high, thin)
	}
	for n := 0; top+n*mm/64 < c.high; n++ {
		c.fillPixels(0, top+n*mm/64, c.wide, top+n*mm/64+1, thin)
	}
	heavy := max(1, c.wide/900)
	for n := 0; n*mm/64 < c.wide; n += 5 {
		c.fillPixels(n*mm/64, top, n*mm/64+heavy, c.high, thick)
	}
	for n := 0; top+n*mm/64 < c.high; n += 5 {
		c.fillPixels(0, top+n*mm/64, c.wide, top+n*mm/64+heavy, thick)
	}
	beat := s.Between(680, 1050) // milliseconds
	pg.print(2, 0, fmt.Sprintf("VENT RATE %d BPM", 60000/beat), ink)
	pg.print(2, 1, fmt.Sprintf("PR INTERVAL %d MS", s.Between(130, 190)), ink)
	pg.print(2, 2, fmt.Sprintf("QRS DURATION %d MS", s.Between(80, 104)), ink)
	pg.print(32, 0, fmt.Sprintf("QT/QTC %d/%d MS", s.Between(360, 400), s.Between(400, 440)), ink)
	pg.print(32, 1, fmt.Sprintf("P-R-T AXES %d %d %d", s.Between(30, 70), s.Between(-10, 80), s.Between(20, 70)), ink)
	pg.print(62, 0, "NORMAL SINUS RHYTHM", ink)
	pg.print(62, 1, "UNCONFIRMED - SYNTHETIC", ink)
	space := (c.high - top) / 4
	for n, l := range leads {
		column, row := n%4, n/4
		left := c.wide * (2 + column*24) / 100
		e := trace{c: c, p: p, lead: l, mm: mm, beat: beat, seed: uint64(n)}
		e.draw(left, left+c.wide*24/100, top+space*row+space/2, column*2500, ink)
		c.write(l.name, left+mm/16, top+space*row+space/2-12*mm/64, max(1, pg.scale), ink, bare)
	}
	e := trace{c: c, p: p, lead: leads[4], mm: mm, beat: beat, seed: 4}
	e.draw(c.wide*2/100, c.wide*98/100, top+space*3+space/2, 0, ink)
	c.write("II", c.wide*2/100+mm/16, top+space*3+space/2-12*mm/64, max(1, pg.scale), ink, bare)
	c.write("25 MM/S  10 MM/MV  0.05-150 HZ", c.wide/40, c.high-2*pg.high, max(1, pg.scale), ink, bare)
	c.burn(colour(160, 0, 0), colour(255, 255, 255))
}

// trace is the line of one lead.
type trace struct {
	c    *canvas
	p    scene
	lead leadShape
	mm   int // 1/64 pixels
	beat int // milliseconds
	seed uint64
}

// draw draws the line from a column to another around a row, from a time on.
func (e trace) draw(x0, x1, y0, from int, ink int32) {
	thick := max(1, e.c.wide/700)
	drift := texture{seed: e.p.seed + 161 + e.seed, cell: 900, octaves: 2}
	last := y0
	for x := x0; x < x1; x++ {
		ms := from + (x-x0)*64*40/e.mm // 25 mm are a second
		n := ms / e.beat
		// No beat is quite as long as the other.
		early := texture{seed: e.p.seed + 162, cell: 1}.lattice(n, 0, 0) * e.beat / 60000
		volts := e.lead.volts(ms%e.beat+early) + drift.at(ms, 0)/130 + int(bell(e.p.grain, 100))/80
		y := y0 - volts*e.mm*10/6400
		if x == x0 {
			last = y
		}
		e.c.fillPixels(x, min(y, last), x+thick, max(y, last)+thick, ink)
		last = y
	}
}
