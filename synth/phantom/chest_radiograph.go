package phantom

// paintChestRadiograph paints a projection of the chest, bones bright: 12 bit,
// view 0 postero-anterior, view 1 left lateral.
func paintChestRadiograph(c *canvas, p scene) {
	build := p.anatomy.Between(-60, 60) + p.pose.Between(-12, 12)
	if p.view == 0 {
		paintChestPA(c, p, build)
	} else {
		paintChestLateral(c, p, build)
	}
	c.blur(1)
	c.mottle(p.grain, max(3, 9/c.reduced), 14)
	c.last = finish{deviation: 26, seed: p.grain.Uint64()}
	white, black := int32(4000), int32(40)
	if p.view == 0 {
		// The side marker, as a technologist places it: beside the patient's
		// right shoulder, which is at the left of the picture.
		c.write("R", c.wide/14, c.high/8, max(2, c.wide/110), white, black)
	} else {
		c.write("L", c.wide/12, c.high/8, max(2, c.wide/110), white, black)
	}
	c.burn(white, black)
}

func paintChestPA(c *canvas, p scene, build int) {
	c.flat(120)
	bottom := c.bottom
	// Trunk, shoulders with the upper arms, neck.
	c.add(ellipse{u: mid, v: 3100, a: 1780 + build, b: 2900}, 1150)
	c.add(ellipse{u: 560, v: 1500, a: 820, b: 560, cos: 900, sin: -488}, 420)
	c.add(ellipse{u: across - 560, v: 1500, a: 820, b: 560, cos: 900, sin: 488}, 420)
	c.add(ellipse{u: mid, v: 350, a: 520, b: 900}, 620)
	// Lungs: the right one (left in the picture) shorter and wider.
	c.add(ellipse{u: 1230, v: 2330, a: 700 + build/2, b: 1500, cos: 1018, sin: 107}, -900)
	c.add(ellipse{u: 2890, v: 2330, a: 660 + build/2, b: 1540, cos: 1018, sin: -107}, -900)
	c.add(ellipse{u: 1330, v: 1420, a: 430, b: 560, cos: 980, sin: -296}, -260)
	c.add(ellipse{u: 2790, v: 1420, a: 420, b: 560, cos: 980, sin: 296}, -260)
	// Vessels, from the hila outwards.
	for _, side := range []int{-1, 1} {
		for range 30 {
			u, v := mid+side*p.anatomy.Between(320, 440), p.anatomy.Between(1950, 2600)
			du, dv := side*p.anatomy.Between(250, 800), p.anatomy.Between(-900, 1000)
			c.stroke(p.anatomy.Between(14, 30), int32(p.anatomy.Between(35, 90)),
				u, v, u+du/2, v+dv/2+p.anatomy.Between(-160, 160), u+du, v+dv)
		}
		c.add(ellipse{u: mid + side*400, v: 2230, a: 190, b: 300}, 260)
	}
	// Diaphragm: liver and, lower, the left dome with the air of the stomach.
	c.add(ellipse{u: 1250, v: bottom - 240, a: 980, b: 840}, 800)
	c.add(ellipse{u: 2900, v: bottom - 60, a: 940, b: 860}, 760)
	c.add(ellipse{u: mid, v: bottom + 160, a: 1650, b: 900}, 620)
	c.add(ellipse{u: 2900, v: bottom - 520, a: 290, b: 160}, -330)
	// Mediastinum with the aortic arch, and the heart, to the patient's left.
	c.add(ellipse{u: mid, v: 1900, a: 330, b: 1500}, 450)
	c.add(ellipse{u: 2300, v: 1770, a: 190, b: 190}, 330)
	c.add(ellipse{u: 2370, v: 3080, a: 760 + build, b: 560, cos: 860, sin: 556}, 760)
	c.add(ellipse{u: 1900, v: 3080, a: 380, b: 520}, 220)
	// Trachea, dividing.
	c.stroke(75, -260, mid, 500, mid, 1900)
	c.stroke(50, -120, mid-60, 1950, mid-330, 2190)
	c.stroke(50, -120, mid+60, 1950, mid+360, 2190)
	paintSpinePA(c, bottom)
	paintRibsPA(c)
	// Clavicles and shoulder blades.
	for _, side := range []int{-1, 1} {
		c.stroke(95, 420, mid+side*230, 1240, mid+side*700, 1130, mid+side*1150, 1040, mid+side*1560, 900)
		c.stroke(90, 240, mid+side*1480, 1150, mid+side*1330, 1700, mid+side*1560, 2350)
		c.add(ellipse{u: mid + side*1690, v: 1150, a: 270, b: 270}, 520)
		c.stroke(170, 420, mid+side*1720, 1200, mid+side*1900, 2300)
	}
}

func paintSpinePA(c *canvas, bottom int) {
	for v := 250; v < bottom+200; v += 290 {
		c.add(ellipse{u: mid, v: v, a: 185, b: 160}, 210)
		c.add(ellipse{u: mid, v: v + 20, a: 34, b: 90}, 170)
		c.add(ellipse{u: mid - 120, v: v - 20, a: 40, b: 60}, 110)
		c.add(ellipse{u: mid + 120, v: v - 20, a: 40, b: 60}, 110)
	}
}

// paintRibsPA paints ten pairs: the posterior part falls outwards, the anterior
// part, fainter, falls inwards from the lateral edge.
func paintRibsPA(c *canvas) {
	for n := range 10 {
		v := 830 + n*325
		reach := 1120 + min(n, 5)*80
		for _, side := range []int{-1, 1} {
			at := func(share, fall int) (int, int) { return mid + side*reach*share/100, v + fall }
			u0, v0 := at(17, 0)
			u1, v1 := at(45, -50)
			u2, v2 := at(75, 70)
			u3, v3 := at(97, 330)
			u4, v4 := at(102, 520)
			c.stroke(72, 280, u0, v0, u1, v1, u2, v2, u3, v3, u4, v4)
			u5, v5 := at(85, 760)
			u6, v6 := at(52, 960)
			c.stroke(66, 150, u4, v4, u5, v5, u6, v6)
		}
	}
}

// paintChestLateral paints the left lateral: the patient looks to the left of
// the picture, the spine is at its right.
func paintChestLateral(c *canvas, p scene, build int) {
	c.flat(120)
	bottom := c.bottom
	c.add(ellipse{u: 2050, v: 3000, a: 1500 + build, b: 2900}, 1350)
	c.add(ellipse{u: 2150, v: 500, a: 620, b: 900}, 480)
	c.add(ellipse{u: 2050, v: 2250, a: 1130 + build, b: 1600, cos: 1019, sin: 90}, -1150)
	// Heart, at the front on the diaphragm; aortic arch; hila.
	c.add(ellipse{u: 1480, v: 2900, a: 640, b: 560, cos: 800, sin: 639}, 850)
	c.stroke(110, 160, 1750, 2400, 1800, 1750, 2150, 1560, 2450, 1850, 2560, 2600)
	c.add(ellipse{u: 2080, v: 2150, a: 230, b: 230}, 260)
	for range 34 {
		u, v := 2080+p.anatomy.Between(-160, 160), 2150+p.anatomy.Between(-220, 220)
		du, dv := p.anatomy.Between(-750, 700), p.anatomy.Between(-850, 950)
		c.stroke(p.anatomy.Between(14, 28), int32(p.anatomy.Between(30, 80)), u, v, u+du/2, v+dv/2+p.anatomy.Between(-180, 180), u+du, v+dv)
	}
	c.stroke(70, -260, 2120, 450, 2060, 1950)
	// Both domes of the diaphragm.
	c.add(ellipse{u: 1950, v: bottom - 120, a: 1400, b: 880, cos: 1000, sin: 220}, 950)
	c.add(ellipse{u: 2100, v: bottom - 20, a: 1300, b: 880, cos: 1000, sin: 220}, 420)
	// Sternum, and ribs of both sides running down to the front.
	c.stroke(60, 420, 1050, 1250, 880, 1900, 850, 2600)
	for n := range 8 {
		v := 1000 + n*330
		c.stroke(58, 170, 2950, v, 2600, v+60, 2000, v+330, 1400, v+640, 1080, v+700)
		c.stroke(52, 110, 2900, v+90, 2500, v+180, 1900, v+450, 1350, v+740)
	}
	// Spine: bodies in a thoracic curve, with the arches behind.
	for n := range 14 {
		v := 500 + n*300
		bow := (n - 6) * (n - 6) * 11
		u := 3000 - bow
		c.add(ellipse{u: u, v: v, a: 190, b: 170}, 430)
		c.add(ellipse{u: u, v: v, a: 160, b: 135}, 180)
		c.stroke(48, 260, u+200, v, u+420, v+190)
	}
	// Shoulder blades and humeral head, faint, overlying.
	c.stroke(80, 170, 2700, 900, 3050, 1500, 3080, 2100)
	c.add(ellipse{u: 2350, v: 900, a: 330, b: 330}, 200)
}
