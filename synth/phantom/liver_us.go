package phantom

// paintLiverClip paints a frame of a clip of the liver below the ribs: veins that
// run together, the portal vein with flow in colour, all moving with the breath.
func paintLiverClip(c *canvas, p scene) {
	s := sector{u: mid, v: -700, near: 950, deep: 3700, slope: 800}
	_, breath := turned(p.phase()*4+p.slice*512, 70)
	beat, _ := turned(p.frame*whole/20, 512) // 20 frames are a heart beat
	size := p.anatomy.Between(-40, 40)
	c.flat(86)
	patchy := c.texture(texture{seed: p.seed + 111, cell: 260, octaves: 3})
	for i, n := range patchy {
		c.v[i] += n / 90
	}
	// The inferior caval vein, the three veins of the liver that end in it.
	vein := func(r0, r1 int, path ...int) {
		for i := 1; i < len(path); i += 2 {
			path[i] += breath
		}
		c.along(r0+14, r1+10, func(at int, _ int32) { c.v[at] = max(c.v[at], 118) }, path...)
		c.along(r0, r1, func(at int, _ int32) { c.v[at] = 9 }, path...)
	}
	pulse := int(beat) * 26 / 512
	vein(150+pulse, 120+pulse, 2100, 2750, 2520, 2420)
	vein(66+pulse/2, 26, 2160, 2660, 1750, 2100, 1350, 1650+size)
	vein(62+pulse/2, 24, 2180, 2630, 2130, 1950, 1980, 1350)
	vein(60+pulse/2, 22, 2260, 2580, 2560, 1900, 2800, 1400+size)
	for range 18 {
		u, v := p.anatomy.Between(700, 3300), p.anatomy.Between(700, 2500)
		c.fill(ellipse{u: u, v: v + breath, a: p.anatomy.Between(30, 90), b: p.anatomy.Between(12, 24)}.tilted(p.anatomy.Below(whole)), 16)
	}
	// The portal vein with its bright wall.
	portal := ellipse{u: 1500, v: 1330 + breath, a: 520, b: 84}.tilted(260)
	c.fill(portal.grown(34), 190)
	c.fill(portal, 8)
	// Diaphragm and what it mirrors.
	dome := func(u int) int { return 2960 - (u-2300)*(u-2300)/5200 + breath }
	c.all(func(at, u, v int) {
		switch d := v - dome(u); {
		case d > 30:
			c.v[at] = 44
		case d > -34:
			c.v[at] = 245
		}
	})
	s.layers(c)
	c.blur(1)
	s.speckle(c, c.grains(p, breath*c.rows/(c.bottom-c.top)))
	c.flowBox(1000, 1000+breath, 2050, 1680+breath)
	turbulence := c.texture(texture{seed: p.seed + uint64(p.frame)*7 + 112, cell: 50})
	speed := int32(560 + beat*300/512)
	c.depths(portal.grown(-6), func(at int, d int32) {
		if d > 240 {
			n := min(max((d-240)*speed/800+turbulence[at]/6, 60), 760)
			c.v[at] = colour(110+n/4, n*n/3400, 10)
		}
	})
	c.flowBar(p)
	paintScreen(c, 255)
	c.burn(255, 0)
}

// flowBox frames where flow is looked for.
func (c *canvas) flowBox(left, top, right, bottom int) {
	frame := func(at, _, _ int) { c.v[at] = colour(0, 200, 90) }
	c.each(left, top, right, top, frame)
	c.each(left, bottom, right, bottom, frame)
	c.each(left, top, left, bottom, frame)
	c.each(right, top, right, bottom, frame)
}

// flowBar paints the scale of the flow's colours: red towards the probe, blue away
// from it.
func (c *canvas) flowBar(p scene) {
	u := c.left + 260
	c.each(u, 300, u+110, 1100, func(at, _, v int) {
		n := int32(v-700) * 1024 / 400
		switch {
		case n < -60:
			c.v[at] = colour(90-n*165/1024, n*n/5200, 0)
		case n > 60:
			c.v[at] = colour(0, n*n/5200, 90+n*165/1024)
		default:
			c.v[at] = 0
		}
	})
	c.write("+32", c.pixels(u+140-c.left), c.pixels(300-c.top), max(1, c.wide/500), colour(230, 230, 230), 0)
	c.write("-32", c.pixels(u+140-c.left), c.pixels(1060-c.top), max(1, c.wide/500), colour(230, 230, 230), 0)
}
