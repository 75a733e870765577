package phantom

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
	s.speckle(c, c.grains(p, wall*c.rows/c.bottom/2))
	paintScreen(c, 255)
	c.burn(255, 0)
}
