package phantom

// spineTissue is what one weighting shows of the back.
type spineTissue struct {
	fat, marrow, nucleus, worn, annulus, fluid, cord, muscle, cortex, vessel, bowel int32
}

// spineWeightings are T1 and T2.
var spineWeightings = [...]spineTissue{
	{fat: 1350, marrow: 760, nucleus: 500, worn: 430, annulus: 300, fluid: 210, cord: 560, muscle: 430, cortex: 90, vessel: 80, bowel: 480},
	{fat: 1180, marrow: 640, nucleus: 1040, worn: 300, annulus: 170, fluid: 1480, cord: 540, muscle: 250, cortex: 60, vessel: 60, bowel: 640},
}

// lm is a millimetre of the back in units: 290 mm fill the picture.
const lm = 14

// vertebra is where one vertebral body is cut: its middle and how it is turned.
type vertebra struct {
	u, v   int
	angle  int // of its length from front to back
	half   int // of its height
	deep   int // half of its length from front to back
	sacral bool
}

// lumbarSpine places the vertebrae from the eleventh thoracic to the last sacral.
func lumbarSpine(p scene) []vertebra {
	bend := p.anatomy.Between(-60, 60)
	places := [][2]int{
		{2130, 60}, {2040, 500}, {1960, 960}, {1890 - bend, 1430}, {1850 - bend, 1910}, {1870 - bend, 2390}, {1990, 2850},
		{2240, 3220}, {2500, 3470}, {2680, 3700}, {2760, 3910}, {2760, 4090},
	}
	var spine []vertebra
	for i, at := range places {
		before, after := places[max(0, i-1)], places[min(len(places)-1, i+1)]
		du, dv := after[0]-before[0], after[1]-before[1]
		// At right angles to the spine's course; small angles: the sine is enough.
		angle := -du * whole / (isqrt(du*du+dv*dv)*6 + 1)
		b := vertebra{u: at[0], v: at[1], angle: angle, half: 13*lm + i*6, deep: 17*lm + i*4}
		if i > 6 {
			b.half, b.deep, b.sacral = 150-(i-7)*16, 230-(i-7)*38, true
		}
		spine = append(spine, b)
	}
	return spine
}

// point returns the place that lies some units towards the back and towards the
// feet from the middle of the body.
func (b vertebra) point(back, feet int) (u, v int) {
	cu, cv := turned(b.angle, back)
	fu, fv := turned(b.angle+whole/4, feet)
	return b.u + cu + fu, b.v + cv + fv
}

// outline is the body's edge, hollow in front and behind, made shorter by inner.
func (b vertebra) outline(inner int) outline {
	x, y := b.deep-inner, b.half-inner
	var o outline
	for _, d := range [][2]int{{-x, -y}, {-x / 3, -y + 12}, {x / 3, -y + 12}, {x, -y}, {x - 22, 0}, {x, y}, {x / 3, y - 12}, {-x / 3, y - 12}, {-x, y}, {-x + 30, 0}} {
		u, v := b.point(d[0], d[1])
		o = append(o, u, v)
	}
	return o.rounded()
}

// paintLumbarMR paints a sagittal slice of the lumbar spine, the front at the
// left, from the right side of the patient at slice 0 to the left one.
func paintLumbarMR(c *canvas, p scene) {
	t := spineWeightings[p.view]
	spine := lumbarSpine(p)
	side := (p.along(2000) - 1000) * 36 * lm / 1000 // units from the middle plane
	off := abs(side)
	l := lumbar{c: c, p: p, t: t, spine: spine, side: side, off: off}
	l.surroundings()
	if off < 24*lm {
		l.bodies()
	}
	switch {
	case off < 9*lm:
		l.canal()
	case off < 24*lm:
		l.foramina()
	}
	c.blur(max(1, c.columns/512))
	// Coils in the couch: the signal falls from the back to the front.
	c.all(func(at, u, v int) {
		far := max(0, 3300-u)
		c.v[at] = c.v[at] * int32(1160-far*far/14000-abs(v-mid)/20) / 1024
	})
	c.rician(p.grain, 20)
	c.burn(1500, 0)
}

// lumbar is one slice while it is painted.
type lumbar struct {
	c         *canvas
	p         scene
	t         spineTissue
	spine     []vertebra
	side, off int
}

// surroundings paints the belly in front of the spine, muscles and fat behind it.
func (l lumbar) surroundings() {
	c, t := l.c, l.t
	loops := c.texture(texture{seed: l.p.seed + 31, cell: 24 * lm, octaves: 2, z: l.side})
	streaks := c.texture(texture{seed: l.p.seed + 32, cell: 6 * lm, high: 60 * lm, octaves: 2, z: l.side})
	var front []int // of the spine, by height
	for _, b := range l.spine {
		front = append(front, b.v, b.u-b.deep-110)
	}
	c.all(func(at, u, v int) {
		skin := 3560 - bow(v, 0, 90, 1900, 330, 3300, 0, 4096, 120)
		belly := 380 - l.off/3
		switch {
		case u > skin || u < belly:
			return
		case u > skin-24:
			c.v[at] = t.muscle
		case u < curve(v, front...)-l.off/8+int(loops[at])/6:
			c.v[at] = t.fat * 2 / 3
			if n := loops[at]; n > 60 {
				c.v[at] = t.bowel*2/3 + n/8
			} else if n > 0 {
				c.v[at] = t.muscle * 2 / 3
			}
			if u > belly+40 && u < belly+130 {
				c.v[at] = t.muscle
			}
		case l.off <= 6*lm && v > 3200+(3600-u)/3 && u > curve(v, front...)+560:
			c.v[at] = t.fat
		case u > skin-bow(v, 0, 110, 1900, 190, 3100, 420, 4096, 300):
			c.v[at] = t.fat
		default:
			c.v[at] = t.muscle
			if n := streaks[at] + int32(u-2500)/8; n > 260 {
				c.v[at] += (t.fat*4/5 - t.muscle) * min(n-260, 200) / 200
			}
		}
	})
	if l.off < 24*lm { // fat around the vessels before the spine
		for i, b := range l.spine[:7] {
			u, v := b.point(-b.deep-60, 0)
			u2, v2 := l.spine[i+1].point(-l.spine[i+1].deep-60, 0)
			c.set(120, t.fat*4/5, u, v, u2, v2)
		}
	}
	// Aorta left of the middle, caval vein right of it.
	if vessel := abs(l.side - 14*lm); vessel < 9*lm || abs(l.side+16*lm) < 9*lm {
		if l.side < 0 {
			vessel = abs(l.side + 16*lm)
		}
		wide := isqrt(81*lm*lm - vessel*vessel)
		path := []int{}
		for _, b := range l.spine[:6] {
			u, v := b.point(-b.deep-150, 0)
			path = append(path, u, v)
		}
		c.set(wide+16, t.muscle, path...)
		c.set(wide, t.vessel, path...)
	}
}

// bodies paints the vertebral bodies and the discs between.
func (l lumbar) bodies() {
	c, t := l.c, l.t
	spongy := c.texture(texture{seed: l.p.seed + 33, cell: 5 * lm, octaves: 3, z: l.side})
	shrink := max(0, l.off-15*lm) // towards the sides the bodies end
	for i, b := range l.spine {
		b.deep -= shrink
		if b.sacral && l.off > 18*lm || b.deep < 60 {
			continue
		}
		if i+1 < len(l.spine) {
			l.disc(i, b, l.spine[i+1])
		}
		c.paint(b.outline(-14), t.cortex)
		c.within(b.outline(10), func(at int) { c.v[at] = t.marrow + t.marrow*spongy[at]/5000 })
		if l.off < 6*lm && !b.sacral { // the vein that leaves the body behind
			u, v := b.point(b.deep, 10)
			u2, v2 := b.point(b.deep/3, 0)
			c.along(22, 10, func(at int, d int32) { c.v[at] += (t.fluid - c.v[at]) * d / 2200 }, u, v, u2, v2)
		}
	}
}

// disc paints the disc below a body: a ring of fibres and the nucleus, which in
// worn ones is dark in T2; they may bulge into the canal.
func (l lumbar) disc(i int, b, next vertebra) {
	worn := l.p.anatomy.Below(3) == 0 && i > 3 && i < 7
	u0, v0 := b.point(0, b.half+4)
	u1, v1 := next.point(0, -next.half-4)
	high := max(isqrt((u1-u0)*(u1-u0)+(v1-v0)*(v1-v0))/2, 14)
	e := ellipse{u: (u0 + u1) / 2, v: (v0 + v1) / 2, a: b.deep - 4, b: high + 16}
	if b.sacral {
		e.a, e.b = next.deep*2/3, 14
	}
	if worn {
		e.a, e.u, e.b = e.a+20, e.u+36, e.b-8
	}
	e = e.tilted((b.angle + next.angle) / 2)
	l.c.fill(e, l.t.annulus)
	if b.sacral {
		return
	}
	core := l.t.nucleus
	if worn {
		core = l.t.worn
	}
	inner := e
	inner.a, inner.b, inner.u = e.a*7/10, e.b*7/10, e.u+e.a/12
	l.c.depths(inner, func(at int, d int32) { l.c.v[at] += (core - l.c.v[at]) * min(d*2, full) / full })
	l.c.set(7, l.t.annulus+(core-l.t.annulus)/2, inner.u-inner.a*2/3, inner.v, inner.u+inner.a*2/3, inner.v)
}

// canal paints the dural sac with cord and roots, ligaments, and the spinous
// processes behind.
func (l lumbar) canal() {
	c, t := l.c, l.t
	line := func(back int, from, to int) []int {
		var path []int
		for _, b := range l.spine[from:to] {
			u, v := b.point(b.deep+back, 0)
			path = append(path, u, v)
		}
		return path
	}
	wide := isqrt(max(81*lm*lm-l.off*l.off, 1)) * 8 / 9
	c.set(wide+70, t.fat, line(160, 0, 9)...)
	c.set(18, t.cortex, line(40, 0, 9)...)
	c.set(wide+16, t.cortex, line(138, 0, 9)...)
	c.along(wide, wide/2, func(at int, _ int32) { c.v[at] = t.fluid }, line(138, 0, 9)...)
	if l.off < 6*lm {
		cord := line(150, 0, 4)
		c.along(64-l.off/4, 14, func(at int, _ int32) { c.v[at] = t.cord }, cord...)
	}
	for n := range 5 { // roots of the cauda equina sink to the back of the sac
		path := line(100+n*26, 3, 9)
		for i := 0; i < len(path); i += 2 {
			path[i] += 7 * (i/2 - 2)
		}
		c.along(14, 9, func(at int, d int32) { c.v[at] += (t.cord - c.v[at]) * d / 1700 }, path...)
	}
	if l.off > 6*lm {
		return
	}
	for i, b := range l.spine[:7] { // processes, with fat and ligaments between
		u0, v0 := b.point(b.deep+300, 60)
		u1, v1 := b.point(b.deep+640+i*10, 190)
		c.set(120, t.cortex, u0, v0, u1, v1)
		c.set(100, t.marrow, u0, v0, u1, v1)
		u2, v2 := b.point(b.deep+290, 250)
		c.fill(ellipse{u: u2, v: v2, a: 60, b: 120}, t.fat)
	}
	c.set(20, t.cortex, line(800, 0, 8)...)
}

// foramina paints pedicles, joints and the roots in their fat.
func (l lumbar) foramina() {
	c, t := l.c, l.t
	for i, b := range l.spine[:8] {
		u, v := b.point(b.deep+90, 230)
		hole := ellipse{u: u, v: v, a: 120, b: 190}.tilted(b.angle)
		c.fill(hole, t.fat)
		c.fill(ellipse{u: u - 10, v: v - 60, a: 48, b: 58}, t.muscle+60)
		c.fill(ellipse{u: u - 40, v: v + 60, a: 18, b: 20}, t.vessel)
		u0, v0 := b.point(b.deep-40, -60)
		u1, v1 := b.point(b.deep+230, -40)
		c.set(95, t.cortex, u0, v0, u1, v1)
		c.set(78, t.marrow, u0, v0, u1, v1)
		if i == 7 {
			break
		}
		// The joint: the upper process of the next vertebra before the lower of this.
		u2, v2 := b.point(b.deep+270, 60)
		u3, v3 := b.point(b.deep+330, 430)
		c.set(88, t.cortex, u1, v1, u2, v2, u3, v3)
		c.set(68, t.marrow, u1, v1, u2, v2, u3, v3)
		u4, v4 := b.point(b.deep+200, 330)
		c.set(74, t.cortex, u4, v4, u4-30, v4+130)
		c.set(54, t.marrow, u4, v4, u4-30, v4+130)
		c.set(10, t.fluid, u4+70, v4-20, u4+76, v4+110)
	}
}
