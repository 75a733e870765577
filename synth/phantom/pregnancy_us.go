package phantom

import "fmt"

// paintPregnancy paints a picture of a fetus: the profile, or the head, the belly or
// the thigh as they are measured, in turn by slice.
func paintPregnancy(c *canvas, p scene) {
	s := sector{u: mid, v: -620, near: 900, deep: 3560, slope: 860}
	c.flat(92)
	tissue := c.texture(texture{seed: p.seed + 121 + uint64(p.slice), cell: 200, octaves: 3})
	for i, n := range tissue {
		c.v[i] += n / 60
	}
	// The wall of the womb, the placenta upon it, the fluid.
	sac := ellipse{u: mid + p.pose.Between(-60, 60), v: 1680, a: 1560, b: 1080}
	c.fill(sac.grown(130), 120)
	c.fill(sac, 6)
	c.within(lump(ellipse{u: sac.u + 700, v: 940, a: 900, b: 320}.tilted(260), 90, p.pose), func(at int) { c.v[at] = 128 + tissue[at]/40 })
	weeks := 18 + p.anatomy.Below(6)
	switch p.slice % 4 {
	case 0:
		fetusProfile(c, p, tissue)
	case 1:
		fetusHead(c, p, tissue)
	case 2:
		fetusBelly(c, tissue)
	default:
		fetusThigh(c)
	}
	s.layers(c)
	c.blur(1)
	s.speckle(c, c.grains(p, 0))
	yellow := colour(240, 220, 60)
	scale := max(1, c.wide/380)
	label := func(line int, text string) {
		c.write(text, c.wide/40, c.high-(5-line)*10*scale, scale, yellow, 0)
	}
	label(0, fmt.Sprintf("GA %dW%dD", weeks, p.anatomy.Below(7)))
	switch p.slice % 4 {
	case 1:
		c.caliper(mid-60, 1080, yellow)
		c.caliper(mid+20, 2230, yellow)
		label(1, fmt.Sprintf("BPD %d.%d MM", weeks*5/2, p.pose.Below(10)))
	case 2:
		c.caliper(mid-620, 1700, yellow)
		c.caliper(mid+620, 1700, yellow)
		label(1, fmt.Sprintf("AC %d MM", weeks*8))
	case 3:
		c.caliper(1420, 1930, yellow)
		c.caliper(2660, 1520, yellow)
		label(1, fmt.Sprintf("FL %d.%d MM", weeks*9/5, p.pose.Below(10)))
	}
	paintScreen(c, 255)
	c.burn(255, 0)
}

// caliper marks a place that was measured with a cross.
func (c *canvas) caliper(u, v int, ink int32) {
	for _, d := range [][2]int{{50, 0}, {0, 50}} {
		c.set(7, ink, u-d[0], v-d[1], u+d[0], v+d[1])
	}
}

// fetusProfile paints head, trunk and limbs from the side, the face upwards.
func fetusProfile(c *canvas, p scene, tissue []int32) {
	soft := func(at int) { c.v[at] = 84 + tissue[at]/50 }
	// Trunk, then the head with forehead, nose, lips and chin.
	c.within(lump(ellipse{u: 2560, v: 1960, a: 820, b: 430}.tilted(140), 40, p.pose), soft)
	c.within(outline{
		760, 1700, 800, 1420, 1010, 1210, 1250, 1160, 1420, 1190, 1500, 1240, 1560, 1130, 1610, 1230, 1650, 1210, 1680, 1270, 1720, 1240, 1750, 1330,
		1800, 1290, 1860, 1420, 1830, 1560, 1900, 1760, 1820, 2050, 1500, 2180, 1080, 2140, 820, 1950,
	}.rounded(), soft)
	skull := ellipse{u: 1200, v: 1660, a: 450, b: 480}
	c.ring(skull, 300, 235)
	c.fill(skull.grown(-26), 52)
	for n := range 12 { // the brain's folds and plexus
		u, v := turned(n*whole/12, 200+n%3*70)
		c.fill(ellipse{u: skull.u + u, v: skull.v + v, a: 90, b: 26}.tilted(n*700), 84)
	}
	c.fill(ellipse{u: skull.u + 60, v: skull.v + 120, a: 150, b: 46}.tilted(200), 130)
	c.set(22, 225, 1480, 1330, 1540, 1170)              // nasal bone
	c.set(26, 210, 1560, 1420, 1700, 1400)              // palate
	c.set(24, 205, 1560, 1640, 1800, 1500)              // jaw
	c.fill(ellipse{u: 1480, v: 1440, a: 70, b: 60}, 10) // eye
	// The spine's row of bright dots, ribs with their shadows, heart, stomach, bladder.
	for n := range 26 {
		u := 1560 + n*72
		v := 2120 + (n-9)*(n-9)*2/3 + n*6
		c.fill(ellipse{u: u, v: v, a: 24, b: 34}, 240)
		if n > 3 && n < 15 {
			c.set(13, 200, u, v-90, u+30, v-430)
			c.along(40, 50, func(at int, _ int32) { c.v[at] = c.v[at] * 2 / 3 }, u, v+60, u+10, v+500)
		}
	}
	c.fill(ellipse{u: 2120, v: 1830, a: 150, b: 110}, 30)
	c.set(14, 120, 2010, 1830, 2240, 1830)
	c.fill(ellipse{u: 2560, v: 1900, a: 120, b: 80}, 8)
	c.fill(ellipse{u: 3120, v: 2040, a: 90, b: 70}, 6)
	// Arm and leg.
	c.set(80, 92, 2060, 1600, 2000, 1300, 1840, 1120)
	c.set(20, 235, 2060, 1590, 2005, 1320)
	c.set(16, 225, 1990, 1290, 1860, 1140)
	c.set(100, 92, 3060, 1830, 2760, 1420, 3050, 1180)
	c.set(24, 240, 3040, 1800, 2790, 1450)
	c.set(19, 230, 2780, 1400, 3020, 1200)
}

// fetusHead paints the head across, with the midline and the cavities.
func fetusHead(c *canvas, p scene, tissue []int32) {
	skull := ellipse{u: mid - 20, v: 1660, a: 790, b: 590}.tilted(60)
	c.fill(skull.grown(60), 84)
	c.ring(skull, 290, 245)
	c.depths(skull.grown(-32), func(at int, _ int32) { c.v[at] = 50 + tissue[at]/50 })
	c.set(11, 190, mid-760, 1590, mid-250, 1635)
	c.set(11, 190, mid+140, 1672, mid+700, 1735)
	c.fill(ellipse{u: mid - 60, v: 1600, a: 150, b: 60}, 20) // cavum, thalami, plexus
	c.fill(ellipse{u: mid + 10, v: 1540, a: 190, b: 90}.tilted(160), 66)
	c.fill(ellipse{u: mid - 10, v: 1780, a: 190, b: 90}.tilted(-60), 66)
	c.fill(ellipse{u: mid + 330, v: 1880, a: 260, b: 80}.tilted(100), 12)
	c.fill(ellipse{u: mid + 350, v: 1890, a: 170, b: 44}.tilted(100), 170)
	c.fill(ellipse{u: mid + 560, v: 1720, a: 150, b: 170}, 40) // cerebellum
	c.set(10, 150, mid+520, 1570, mid+600, 1870)
	c.each(c.left, 1900, c.right, c.bottom, func(at, u, v int) { // both sides of the skull cast shadows
		if abs(u-mid) > 560 && abs(u-mid) < 800 && v > 1900 {
			c.v[at] = c.v[at] * 3 / 5
		}
	})
}

// fetusBelly paints the belly across, with stomach, vein and spine.
func fetusBelly(c *canvas, tissue []int32) {
	belly := ellipse{u: mid, v: 1700, a: 640, b: 590}
	c.fill(belly, 150)
	c.depths(belly.grown(-36), func(at int, _ int32) { c.v[at] = 82 + tissue[at]/40 })
	c.fill(ellipse{u: mid + 300, v: 1600, a: 130, b: 100}, 6)
	c.along(36, 24, func(at int, _ int32) { c.v[at] = 10 }, mid-40, 1330, mid-90, 1560, mid-240, 1660)
	for _, d := range [][2]int{{0, 480}, {-70, 420}, {70, 420}} {
		c.fill(ellipse{u: mid + d[0], v: 1700 + d[1], a: 34, b: 26}, 245)
	}
	c.fill(ellipse{u: mid + 10, v: 2040, a: 40, b: 36}, 8) // aorta
	for _, side := range []int{-1, 1} {
		c.set(18, 225, mid+side*120, 2190, mid+side*420, 2020, mid+side*560, 1800)
		c.along(60, 120, func(at int, _ int32) { c.v[at] = c.v[at] * 3 / 5 }, mid+side*480, 2100, mid+side*640, 2900)
	}
}

// fetusThigh paints the femur in its flesh, and its shadow.
func fetusThigh(c *canvas) {
	c.along(330, 260, func(at int, _ int32) { c.v[at] = 86 }, 1300, 1990, 2780, 1480)
	c.along(170, 190, func(at int, _ int32) { c.v[at] = 90 }, 2760, 1500, 3050, 2100)
	c.along(62, 54, func(at int, _ int32) { c.v[at] = 250 }, 1450, 1925, 2620, 1525)
	c.each(1430, 1560, 2660, c.bottom, func(at, u, v int) {
		if v > 1990-(u-1430)*34/100 {
			c.v[at] = c.v[at] / 4
		}
	})
	c.fill(ellipse{u: 1330, v: 1985, a: 90, b: 80}, 150)
	c.fill(ellipse{u: 2730, v: 1480, a: 100, b: 90}, 150)
}
