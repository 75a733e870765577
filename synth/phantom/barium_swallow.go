package phantom

// swallowWay is the way of the bolus from the mouth to the chest, as places and
// radii of what holds it.
var swallowWay = bar{
	620, 1560, 130, 900, 1490, 150, 1240, 1470, 140, 1560, 1560, 120, 1790, 1800, 130, 1900, 2110, 150, 1990, 2420, 120,
	2060, 2680, 80, 2090, 2900, 62, 2110, 3140, 96, 2130, 3480, 118, 2170, 3860, 118, 2230, 4300, 116,
}

// paintSwallow paints one frame of a swallow seen from the left, the face at the
// left: bones grey, air bright, barium nearly black.
func paintSwallow(c *canvas, p scene) {
	time := p.phase()
	if p.span == 1 {
		time = 560
	}
	// Hyoid bone and larynx rise while the bolus passes the throat.
	rise := bow(time, 250, 0, 380, 190, 560, 190, 720, 0)
	n := p.anatomy.Between(-40, 40)
	f := newFilm(c, p, 30)
	f.throatFlesh(n)
	f.cervicalSpine(n)
	f.jaw()
	f.airway(rise, n)
	for i, v := range c.v { // what is taken from the rays, so far
		c.v[i] = max(v, 0)
	}
	f.barium(time, rise)
	c.blur(max(1, c.columns/500))
	for i, v := range c.v {
		c.v[i] = 3700 - 3600*v/(v+1300)
	}
	c.mottle(p.grain, 4, 30)
	c.noise(p.grain, 60)
	angiogramField(c)
	c.burn(3900, 0)
}

// throatFlesh paints face, neck and shoulders.
func (f *film) throatFlesh(n int) {
	f.shade(outline{
		330, -300, 240, 500, 90, 900, 300, 1120, 220, 1300, 330, 1480, 260, 1700, 420, 1960, 900, 2180, 1280, 2380, 1330 + n, 2700, 1240 + n, 3300,
		900, 3800, 300, 4200, 300, 4500, 4600, 4500, 4300, 3900, 3700, 3400, 3420, 2900, 3480, 2200, 3900, 1500, 4100, 700, 4000, -300,
	}.rounded(), 90, 620)
	f.shade(outline{900, 3900, 2000, 3700, 3600, 3500, 4500, 3900, 4500, 4600, 500, 4600}.rounded(), 300, 420)
	// The skull's base and the back of the head.
	f.shade(outline{1500, -200, 1620, 500, 1900, 720, 2500, 760, 2900, 900, 3500, 860, 4000, 300, 4100, -300}.rounded(), 120, 520)
	f.stroke(60, 420, 1500, 420, 1750, 640, 2100, 700, 2420, 760)
	f.add(ellipse{u: 2360, v: 560, a: 420, b: 260}, 520)
	f.add(ellipse{u: 1180, v: 700, a: 560, b: 330}, -220) // the upper jaw's sinus
	f.stroke(46, 330, 520, 1110, 900, 1060, 1360, 1040)   // hard palate
	f.taper(70, 46, 180, 1360, 1050, 1640, 1180, 1760, 1430)
}

// cervicalSpine paints seven vertebrae with their processes.
func (f *film) cervicalSpine(n int) {
	for i := range 8 {
		v := 1040 + i*400
		u := 2520 + n + (i-3)*(i-3)*14
		if i == 0 { // the atlas
			f.plate(outline{u - 190, v - 70, u - 90, v - 90, u - 60, v + 60, u - 170, v + 90}, 50, 160, 260)
			f.stroke(52, 260, u, v, u+300, v+30, u+560, v+20)
			continue
		}
		f.plate(outline{u - 230, v - 140, u, v - 150, u + 200, v - 130, u + 190, v + 110, u, v + 150, u - 240, v + 160, u - 210, v}, 60, 250, 300)
		f.plate(outline{u + 190, v - 110, u + 380, v - 30, u + 420, v + 160, u + 260, v + 190, u + 200, v + 60}, 50, 170, 230)
		f.stroke(48, 250, u+420, v+90, u+640, v+190, u+860+i*14, v+270)
	}
	f.plate(outline{2380 + n, 900, 2520 + n, 880, 2560 + n, 1320, 2400 + n, 1330}, 50, 140, 200) // the dens
}

// jaw paints the lower jaw and teeth.
func (f *film) jaw() {
	f.plate(outline{480, 1720, 560, 1960, 800, 2060, 1240, 1960, 1640, 1700, 1790, 1380, 1800, 960, 1650, 940, 1600, 1300, 1420, 1560, 1000, 1740, 700, 1740}, 70, 330, 330)
	for i := range 7 {
		u := 520 + i*120
		f.plate(outline{u, 1560 + i*4, u + 90, 1560 + i*4, u + 80, 1760 + i*6, u + 20, 1760 + i*6}, 24, 230, 330)
		f.plate(outline{u, 1400 - i*2, u + 90, 1400 - i*2, u + 76, 1180 - i*6, u + 20, 1180 - i*6}, 24, 230, 330)
	}
}

// airway takes away the air of nose, throat and windpipe, with the hyoid bone,
// epiglottis and larynx before it.
func (f *film) airway(rise, n int) {
	hollow := make([]int32, len(f.v)) // what is air of several is air once
	air := func(weight int32, b bar) {
		f.bar(b.rounded(), func(at int, d int32) { hollow[at] = max(hollow[at], weight*d/full) })
	}
	up := func(v int) int { return v - rise }
	air(520, bar{1500, 900, 110, 1800, 900, 150, 2040, 1150, 150, 2080, 1600, 120, 2060, 2050, 130, 2020, 2350, 120})
	air(560, bar{1990, 2450, 100, 1840, up(2780), 110, 1790, up(3050), 120, 1800, 3360, 150, 1850, 3800, 158, 1930, 4400, 158})
	for i, d := range hollow {
		f.v[i] -= d
	}
	f.stroke(46, 420, 1420, up(2190), 1640, up(2230), 1800, up(2260)) // hyoid bone
	f.taper(40, 24, 260, 1720, up(2480), 1800, up(2260), 1880+rise, up(2060)+rise*2)
	f.shade(outline{1560, up(2560), 1700, up(2540), 1760, up(2800), 1700, up(3060), 1580, up(3000)}.rounded(), 80, 190)
	f.stroke(40, 190, 1950, up(2760), 2000, up(2980), 1960, up(3120))
}

// barium paints the bolus on its way and what stays behind on the walls.
func (f *film) barium(time, rise int) {
	way := swallowWay.rounded()
	all := length(way)
	head := bow(time, 0, all/10, 260, all*24/100, 420, all*58/100, 1024, all*13/10)
	tail := head - curve(time, 0, all*17/100, 300, all*18/100, 450, all*30/100, 1024, all*46/100)
	far := 0
	dye := make([]int32, len(f.v))
	for i := 0; i+5 < len(way); i += 3 {
		part := append(bar(nil), way[i:i+6]...)
		for k := 0; k < 6; k += 3 { // the throat moves with the larynx
			near := max(0, 700-abs(part[k+1]-2500)) * rise / 1000
			part[k+1] -= near
		}
		inside := min(head-far, far-tail)
		weight := int32(0)
		switch {
		case inside > 0: // round at both ends
			share := min(1024, 300+inside*3)
			part[2], part[5] = max(12, part[2]*share/1024), max(12, part[5]*share/1024)
			weight = 3000
		case far < tail: // a coat on the walls, more in the pouches beside the larynx
			part[2], part[5] = max(10, part[2]/5), max(10, part[5]/5)
			weight = 380
		}
		f.bar(part, func(at int, d int32) { dye[at] = max(dye[at], weight*d/full) })
		far += length(part)
	}
	if head > all*46/100 {
		u, v := 1800, 2250-rise/2
		f.add(ellipse{u: u, v: v, a: 40, b: 90}.tilted(300), 900)
		f.add(ellipse{u: 1990, v: 2690 - rise/2, a: 50, b: 100}, 700)
	}
	for i, d := range dye {
		f.v[i] += d
	}
}
