package phantom

import "pacsuat/synth/draw"

// sector is the fan of an ultrasound picture: a curved array at the top.
type sector struct {
	u, v       int // apex, in units
	near, deep int // first and last radius
	slope      int // largest |du|/dv, times 1024
}

// each calls f for every pixel in the fan with its depth below the array.
func (s sector) each(c *canvas, f func(at, u, v, depth int)) {
	c.all(func(at, u, v int) {
		du, dv := u-s.u, v-s.v
		if dv <= 0 || abs(du)*1024 > s.slope*dv {
			return
		}
		if r := du*du + dv*dv; r >= s.near*s.near && r <= s.deep*s.deep {
			f(at, u, v, isqrt(r)-s.near)
		}
	})
}

// speckle turns echo strengths into a picture: in every pixel of the fan the
// value is multiplied by a grain that is longer across than along the beam and
// attenuated with depth; outside it is black.
func (s sector) speckle(c *canvas, grain *draw.Stream) {
	g := &canvas{columns: c.columns, rows: c.rows, v: make([]int32, len(c.v))}
	g.noise(grain, 480)
	g.blurAcross(max(1, c.columns/320))
	inside := make([]bool, len(c.v))
	s.each(c, func(at, _, _, depth int) {
		inside[at] = true
		echo := c.v[at] * (1024 - int32(depth/6)) / 1024
		c.v[at] = min(max(echo+echo*g.v[at]/760, 0), 255)
	})
	for i := range c.v {
		if !inside[i] {
			c.v[i] = 0
		}
	}
}

// paintAbdomenUS paints liver and right kidney through a curved array: 8 bit,
// with the grey bar, the depth scale and a patch of colour flow that such a
// machine's screen has. Slices sweep through the kidney.
func paintAbdomenUS(c *canvas, p scene) {
	s := sector{u: mid, v: -700, near: 950, deep: 3620, slope: 800}
	c.flat(78)
	sweep := p.along(60) - 30
	// Skin and muscle layers, liver, diaphragm at the left and below it nothing.
	for n, echo := range []int32{150, 60, 120, 55, 135} {
		r := s.near + 45 + n*48
		s.each(c, func(at, _, _, depth int) {
			if depth+s.near > r-40 && depth+s.near < r+30 {
				c.v[at] = echo
			}
		})
	}
	for range 16 { // vessels of the liver
		u, v := p.anatomy.Between(900, 2300), p.anatomy.Between(900, 2000)
		c.fill(ellipse{u: u, v: v, a: p.anatomy.Between(35, 110), b: p.anatomy.Between(16, 34), cos: 900, sin: 488}, 14)
	}
	c.fill(ellipse{u: 1330, v: 1560 + sweep, a: 330, b: 62, cos: 860, sin: 556}, 10) // portal vein, bright wall
	c.ring(ellipse{u: 1330, v: 1560 + sweep, a: 355, b: 85, cos: 860, sin: 556}, 480, 190)
	// Gall bladder, black, with enhancement behind it.
	c.each(1830, 1250, 2130, 2700, func(at, u, v int) { c.v[at] += int32(max(0, 60-abs(u-1980)/4)) })
	c.fill(ellipse{u: 1980, v: 1180, a: 250 + sweep, b: 150, cos: 980, sin: 296}, 3)
	// Kidney: capsule, parenchyma, pyramids, bright sinus.
	kidney := ellipse{u: 2500, v: 1900, a: 720 + sweep*2, b: 330 + sweep, cos: 985, sin: 280}
	c.fill(ellipse{u: kidney.u, v: kidney.v, a: kidney.a + 40, b: kidney.b + 40, cos: kidney.cos, sin: kidney.sin}, 165)
	c.fill(kidney, 52)
	for n := range 6 {
		c.fill(ellipse{u: 2080 + n*165, v: 1735 + n*45, a: 62, b: 78}, 26)
	}
	c.fill(ellipse{u: kidney.u + 20, v: kidney.v + 30, a: 430 + sweep, b: 120, cos: kidney.cos, sin: kidney.sin}, 200)
	// Diaphragm: a bright arc at the left and deep.
	c.arc(2150, 300, 2300, 55, 620, 2650, 240)
	c.blur(1)
	s.speckle(c, p.grain)
	paintFlow(c, p)
	paintScreen(c, 255)
	c.burn(255, 0)
}

// arc sets the ring of the given radius and half thickness around a centre to a
// value, between two columns, in the lower left quarter.
func (c *canvas) arc(u0, v0, radius, half, from, to int, value int32) {
	c.each(from, v0, to, c.bottom, func(at, u, v int) {
		r := isqrt((u-u0)*(u-u0) + (v-v0)*(v-v0))
		if abs(r-radius) < half && u < u0 {
			c.v[at] = value
		}
	})
}

// paintFlow colours the flow in the renal vessels, in the box that the operator
// opened: red towards the probe, blue away from it.
func paintFlow(c *canvas, p scene) {
	red, blue := ellipse{u: 2620, v: 2010, a: 190, b: 42, cos: 800, sin: 639}, ellipse{u: 2480, v: 2040, a: 190, b: 46, cos: 800, sin: 639}
	c.depths(red, func(at int, d int32) {
		c.v[at] = colour(min(255, 120+d/8), min(255, d/9+int32(p.grain.Below(30))), 10)
	})
	c.depths(blue, func(at int, d int32) {
		c.v[at] = colour(10, min(255, d/9+int32(p.grain.Below(30))), min(255, 120+d/8))
	})
	const left, top, right, bottom = 2050, 1600, 3000, 2450
	frame := func(at, _, _ int) { c.v[at] = colour(0, 200, 90) }
	c.each(left, top, right, top, frame)
	c.each(left, bottom, right, bottom, frame)
	c.each(left, top, left, bottom, frame)
	c.each(right, top, right, bottom, frame)
}

// paintScreen adds what surrounds the fan: the grey bar and the depth scale.
func paintScreen(c *canvas, white int32) {
	bottom := c.bottom
	c.each(130, bottom/4, 200, bottom*3/4, func(at, _, v int) {
		c.v[at] = white * int32(bottom*3/4-v) / int32(bottom/2)
	})
	for n := range 16 {
		length := 60
		if n%5 == 0 {
			length = 130
		}
		v := 250 + n*170
		if v > bottom-60 {
			break
		}
		c.each(across-140-length, v, across-140, v+10, func(at, _, _ int) { c.v[at] = white })
	}
}

// paintHeartCine paints the four chambers of a beating heart from the apex, 8
// bit grey. The frames of one instance are one heart beat.
func paintHeartCine(c *canvas, p scene) {
	s := sector{u: mid, v: -60, near: 120, deep: 2950, slope: 760}
	// A beat by a table of 16 phases: how much the ventricles are contracted.
	beat := [16]int{0, 60, 200, 420, 640, 820, 960, 1000, 940, 780, 560, 340, 200, 110, 50, 10}
	squeeze := beat[(p.frame*16/max(1, p.span)+p.slice)%16]
	c.flat(22)
	size := p.anatomy.Between(-20, 20)
	const apex, plane = 420, 1730 // the plane of the valves
	c.fill(ellipse{u: mid, v: 1500, a: 1080 + size, b: 1350}, 120)
	wall := 190 * squeeze / 1000
	// Ventricles above, atria below; the latter are largest when the former are
	// smallest.
	chamber := func(u, v, a, b int) {
		c.fill(ellipse{u: u, v: v, a: a + 30, b: b + 30}, 175)
		c.fill(ellipse{u: u, v: v, a: a, b: b}, 7)
	}
	chamber(mid+430, 1160+wall/2, 400-wall, 640-wall)
	chamber(mid-430, 1200+wall/2, 330-wall, 560-wall)
	chamber(mid+420, 2210, 400+wall/3, 360+wall/3)
	chamber(mid-420, 2210, 390+wall/3, 350+wall/3)
	c.set(70, 165, mid, apex+100, mid+15, plane)
	c.set(32, 150, mid+10, plane, mid, 2600)
	// Leaflets: open towards the ventricle in diastole, closed in systole.
	open := 260 * (1000 - squeeze) / 1000
	for _, at := range []int{mid - 430, mid + 430} {
		c.set(20, 235, at-330, plane, at-60-open/3, plane-open)
		c.set(20, 235, at+330, plane, at+60+open/3, plane-open)
	}
	c.arc(mid+900, 1500, 2000, 24, 700, mid, 200) // pericardium
	c.blur(1)
	s.speckle(c, p.grain)
	paintScreen(c, 255)
	c.burn(255, 0)
}
