package phantom

import "pacsuat/synth/draw"

// tissue is what one MR weighting shows of the knee, as 12 bit samples.
type tissue struct{ fat, marrow, muscle, cartilage, fluid, cortex int32 }

// kneeWeightings are the recipe's views in order: proton density, T1, and T2
// with fat saturation.
var kneeWeightings = [...]tissue{
	{fat: 1150, marrow: 1000, muscle: 480, cartilage: 850, fluid: 1050, cortex: 60},
	{fat: 1250, marrow: 1100, muscle: 430, cartilage: 560, fluid: 330, cortex: 50},
	{fat: 260, marrow: 190, muscle: 360, cartilage: 640, fluid: 1350, cortex: 50},
}

// paintKneeMR paints a sagittal slice, the front of the knee at the left. The
// slices run from the medial to the lateral edge; in the middle ones patella,
// tendons and the cruciate ligaments are cut.
func paintKneeMR(c *canvas, p scene) {
	t := kneeWeightings[p.view]
	side := p.along(2000) - 1000 // -1000 medial edge, 0 middle, 1000 lateral edge
	off := abs(side)
	const bottom = across
	thick := 1400 - off*off/2600 // the limb is thinner at its edges
	front, back := 1880-thick, 2050+thick
	// Limb: skin and fat, then muscle behind femur and tibia.
	c.each(front, c.top, back, c.bottom, func(at, u, v int) {
		bow := (v - bottom/2) * (v - bottom/2) / 16000
		if u > front+bow/2 && u < back-bow {
			c.v[at] = t.fat
		}
	})
	c.fill(ellipse{u: 2850, v: 500, a: 560 - off/4, b: 1500}, t.muscle)
	c.fill(ellipse{u: 2800, v: 3500, a: 640 - off/4, b: 1500, cos: 1010, sin: 170}, t.muscle)
	c.fill(ellipse{u: 1350, v: 250, a: 300, b: 1100, cos: 1010, sin: -170}, t.muscle)
	for n := range 9 { // septa of fat
		s := draw.From(p.seed, uint64(n))
		v := s.Between(200, 3700)
		c.set(28, t.fat, 2600+s.Below(400), v, 2700+s.Below(400), v+500)
	}
	paintFemurAndTibia(c, t, side, off, bottom)
	if off < 560 {
		paintExtensor(c, t, off)
	}
	if off < 330 { // cruciate ligaments, the anterior straight, the posterior bent
		c.set(55, t.cortex+120, 2180, 1900, 1850, 2330)
		c.set(70, t.cortex, 2050, 1980, 2350, 2020, 2500, 2420)
	} else { // menisci: dark wedges between the bones, fluid behind
		wedge(c, 1500, 2075, 1, t.cortex)
		wedge(c, 2560, 2075, -1, t.cortex)
	}
	c.fill(ellipse{u: 1480, v: 1750, a: 90, b: 200, cos: 900, sin: 488}, t.fluid)
	c.blur(1)
	// Signal falls towards the edges of the coil; air has noise only.
	c.each(c.left, c.top, c.right, c.bottom, func(at, u, v int) {
		fall := int32((v - bottom/2) * (v - bottom/2) / 9000)
		c.v[at] = c.v[at] * (1000 - min(fall, 700)) / 1000
	})
	c.noise(p.grain, 26)
	c.magnitude()
	c.burn(1500, 0)
}

// magnitude folds negative values up: MR images are magnitudes, air shows the
// noise's modulus.
func (c *canvas) magnitude() {
	for i, v := range c.v {
		c.v[i] = max(v, -v)
	}
}

func paintFemurAndTibia(c *canvas, t tissue, side, off, bottom int) {
	condyle := 640 - off*off/5200
	bone := func(grow int, value int32) {
		if off < 620 { // the shafts are cut in the middle slices only
			half := 330 - off/4 + grow
			c.set(half, value, 2020, -400, 2050, 1150)
			c.set(half, value, 2150, 2900, 2230, bottom+400)
		}
		c.fill(ellipse{u: 2080, v: 1480, a: condyle + grow, b: condyle - 60 + grow}, value)
		c.fill(ellipse{u: 2110, v: 2560, a: condyle - 20 + grow, b: 360 + grow}, value)
	}
	bone(50, t.cortex)
	bone(0, t.marrow)
	// Cartilage on the condyle and on the flat top of the tibia.
	c.depths(ellipse{u: 2080, v: 1480, a: condyle + 85, b: condyle + 25}, func(at int, d int32) {
		if d < 420 && at/c.columns > c.row(1500) {
			c.v[at] = t.cartilage
		}
	})
	top := 2560 - 360
	c.set(45, t.cartilage, 2110-condyle*7/10, top+40, 2110+condyle*7/10, top+40)
	c.set(22, t.cortex, 2110-condyle*7/10, top+105, 2110+condyle*7/10, top+105)
	// The growth plate's scar.
	c.set(12, t.cortex+200, 1650, 1180, 2000, 1120, 2450, 1200)
	if side > 500 { // the head of the fibula, lateral
		c.fill(ellipse{u: 2620, v: 3150, a: 240, b: 330}, t.cortex)
		c.fill(ellipse{u: 2620, v: 3150, a: 200, b: 290}, t.marrow)
	}
}

// paintExtensor paints quadriceps tendon, patella, patellar ligament and the fat
// pad behind it.
func paintExtensor(c *canvas, t tissue, off int) {
	c.fill(ellipse{u: 1330, v: 2080, a: 240, b: 380, cos: 980, sin: -296}, t.fat)
	c.set(62, t.cortex, 1130, 200, 1090, 1050)
	size := 330 - off/3
	c.fill(ellipse{u: 1110, v: 1350, a: size*6/10 + 45, b: size + 45}, t.cortex)
	c.fill(ellipse{u: 1110, v: 1350, a: size * 6 / 10, b: size}, t.marrow)
	c.set(35, t.cartilage, 1110+size*6/10+60, 1350-size/2, 1110+size*6/10+60, 1350+size/2)
	c.set(55, t.cortex, 1060, 1680, 1250, 2300, 1560, 2800)
}

// wedge paints a triangle lying on its side, pointing towards the joint's
// middle.
func wedge(c *canvas, u, v, toward int, value int32) {
	for step := range 8 {
		c.set(72-step*8, value, u+toward*step*26, v, u+toward*(step+1)*26, v)
	}
}
