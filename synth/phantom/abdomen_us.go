package phantom

// paintAbdomenUS paints liver and right kidney through a curved array: 8 bit,
// with the grey bar, the depth scale and a patch of colour flow that such a
// machine's screen has. Slices sweep through the kidney.
func paintAbdomenUS(c *canvas, p scene) {
	s := sector{u: mid, v: -700, near: 950, deep: 3620, slope: 800}
	c.flat(78)
	sweep := p.along(60) - 30
	s.layers(c)
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
	s.speckle(c, c.grains(p, 0))
	paintFlow(c, p)
	paintScreen(c, 255)
	c.burn(255, 0)
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
