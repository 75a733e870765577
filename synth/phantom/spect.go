package phantom

// heartSPECTViews are the two studies that are compared.
var heartSPECTViews = []string{"stress", "rest"}

// paintHeartSPECT paints a short-axis slice of the heart's perfusion, from the apex
// at slice 0 to the base.
func paintHeartSPECT(c *canvas, p scene) {
	along := p.along(1024)
	size := p.anatomy.Between(960, 1060)
	r := bow(along, 0, 180, 200, 640, 520, 820, 1024, 860) * size / 1024
	if along > 900 {
		r -= (along - 900) / 2
	}
	const u, v, wall = 2100, 2150, 250
	defect, where := p.anatomy.Between(300, 900), p.anatomy.Below(whole)
	uneven := texture{seed: p.seed + 71, cell: 700, z: along * 2}
	c.all(func(at, pu, pv int) {
		du, dv := pu-u, pv-v
		far := isqrt(du*du + dv*dv)
		c.v[at] = 700
		if thick := abs(far - r*3/4); far < r+200 && (thick < wall || along < 150) {
			c.v[at] = int32(9000 + uneven.at(pu, pv)*2)
			if along > 860 && dv < 0 && du < 0 { // the septum's membranous part
				c.v[at] = c.v[at] * 6 / 10
			}
			// Stress shows a defect in the region of one vessel.
			cu, cv := turned(where, 1024)
			if toward := (du*cu + dv*cv) / (far + 1); p.view == 0 && toward > 640 && along > 200 {
				c.v[at] -= c.v[at] * int32(defect*(toward-640)/384) / 1024
			}
		}
	})
	// The right ventricle's thin wall, liver and bowel below.
	c.along(110, 110, func(at int, _ int32) { c.v[at] = max(c.v[at], 2600) },
		u-500, v-720, u-1000, v-560, u-1240, v-60, u-960, v+480, u-520, v+640)
	c.add(ellipse{u: 900, v: 3700, a: 1500, b: 700}.tilted(-200), 4200)
	c.add(ellipse{u: 2700, v: 3800, a: 420, b: 330}, 3600)
	c.noise(p.grain, 1500)
	c.blur(max(1, c.columns/45))
	c.blur(max(1, c.columns/45))
	for i, v := range c.v {
		c.v[i] = max(v, 0)
	}
	c.burn(12000, 0)
}

// paintThyroid paints a planar scan of the thyroid gland: counts.
func paintThyroid(c *canvas, p scene) {
	s := p.anatomy
	c.flat(500)
	c.add(ellipse{u: mid, v: 2500, a: 1900, b: 2600}, 900)
	for _, side := range []int{-1, 1} {
		e := ellipse{u: mid + side*s.Between(440, 520), v: 2300 + s.Between(-80, 80), a: s.Between(330, 420), b: s.Between(760, 900)}
		c.add(e.tilted(side*150), 9000)
		c.add(ellipse{u: mid + side*900, v: 500, a: 260, b: 330}, 2200) // salivary glands
	}
	c.add(ellipse{u: mid, v: 2700, a: 420, b: 180}, 4200)
	// A nodule, hot or cold.
	weight := int32(6000)
	if s.Below(2) == 0 {
		weight = -5600
	}
	c.add(ellipse{u: mid + (1-2*s.Below(2))*480, v: s.Between(2100, 2700), a: 190, b: 200}, weight)
	c.blur(max(1, c.columns/50))
	c.blur(max(1, c.columns/64))
	for i, v := range c.v {
		c.v[i] = max(v, 0)
	}
	c.counts(p.grain)
	c.burn(190, 0)
}
