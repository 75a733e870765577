package phantom

// tissue is what one MR weighting shows of the knee, as 12 bit samples.
type tissue struct{ fat, marrow, muscle, cartilage, fluid, cortex, vessel, meniscus int32 }

// kneeWeightings are the phantom's views in order: proton density, T1, and T2 with
// fat saturation.
var kneeWeightings = [...]tissue{
	{fat: 1120, marrow: 960, muscle: 470, cartilage: 800, fluid: 1080, cortex: 60, vessel: 90, meniscus: 110},
	{fat: 1260, marrow: 1090, muscle: 430, cartilage: 560, fluid: 330, cortex: 50, vessel: 70, meniscus: 150},
	{fat: 210, marrow: 170, muscle: 380, cartilage: 660, fluid: 1400, cortex: 45, vessel: 60, meniscus: 80},
}

// km is a millimetre of the knee in units: 164 mm fill the picture.
const km = 25

// knee is one sagittal slice while it is painted.
type knee struct {
	c         *canvas
	p         scene
	t         tissue
	side, off int // from -1000 at the medial edge to 1000 at the lateral one, and how far from the middle
	at        placing
}

// paintKneeMR paints a sagittal slice, the front of the knee at the left. The
// slices run from the medial to the lateral edge; in the middle ones patella,
// tendons and the cruciate ligaments are cut.
func paintKneeMR(c *canvas, p scene) {
	side := p.along(2000) - 1000
	k := knee{c: c, p: p, t: kneeWeightings[p.view], side: side, off: abs(side)}
	size, shift, bend := p.anatomy.Between(950, 1040), p.anatomy.Between(-3, 3), p.anatomy.Between(-30, 50)
	k.at = func(x, y int) (int, int) {
		x, y = (x-82)*size/1024+shift, (y-84)*size/1024
		if y < 0 { // the thigh, a little bent against the leg
			x += y * bend / 1024
		}
		return mid + x*km, mid + y*km
	}
	k.flesh()
	if k.off < 940 {
		k.bones()
	}
	if k.off < 420 {
		k.extensor()
	}
	if k.off < 260 {
		k.cruciates()
	} else if k.off < 900 {
		k.menisci()
	}
	c.blur(max(1, c.columns/450))
	c.all(func(at, u, v int) { // the signal falls towards the edges of the coil
		fall := int32((v - mid) * (v - mid) / 9000)
		c.v[at] = c.v[at] * (1060 - min(fall, 700)) / 1000
	})
	c.rician(p.grain, 24)
	c.burn(1500, 0)
}

// flesh paints fat and muscles of thigh and calf, with the vessels behind the
// joint.
func (k knee) flesh() {
	c, t := k.c, k.t
	thin := k.off * k.off / 36000 // the limb is thinner at its edges
	limb := k.at.shape(30+thin, -30, 31+thin, 20, 27+thin/2, 58, 30+thin/2, 84, 38+thin/2, 112, 36+thin, 150, 34+thin, 200,
		148-thin, 200, 152-thin, 150, 146-thin, 112, 136-thin, 84, 140-thin, 50, 148-thin, 10, 150-thin, -30).rounded()
	lobules := c.texture(texture{seed: k.p.seed + 191, cell: 9 * km, octaves: 2, z: k.side * 3})
	streaks := c.texture(texture{seed: k.p.seed + 192, cell: 5 * km, high: 60 * km, octaves: 2, z: k.side * 3})
	c.paint(limb, t.muscle)
	c.within(limb.scaled(mid, mid, 1010), func(at int) { c.v[at] = t.fat - t.fat*max(0, lobules[at]-400)/1500 })
	muscle := func(places ...int) {
		c.within(k.at.shape(places...).rounded(), func(at int) {
			c.v[at] = t.muscle
			if n := streaks[at] - 330; n > 0 {
				c.v[at] += (t.fat*3/4 - t.muscle) * min(n, 240) / 240
			}
		})
	}
	muscle(36+thin, -40, 38+thin, 10, 44+thin, 34, 60, 28, 64, -40)
	muscle(100, -40, 98, 20, 112, 52, 128-thin, 62, 138-thin, 30, 142-thin, -40)
	muscle(104, 92, 112, 74, 128-thin, 82, 140-thin, 112, 146-thin, 150, 142-thin, 200, 96, 200, 98, 140)
	muscle(94, 108, 104, 104, 108, 140, 104, 200, 94, 200, 92, 140)
	if k.off < 260 { // artery and vein
		c.along(4*km, 3*km, func(at int, _ int32) { c.v[at] = t.vessel }, k.at.shape(122, -40, 116, 30, 112, 70, 113, 110, 118, 200)...)
		c.along(3*km, 3*km, func(at int, _ int32) { c.v[at] = t.vessel + 60 }, k.at.shape(130, -40, 124, 30, 119, 76, 120, 200)...)
	}
}

// bones paints femur, tibia and, at the lateral side, the fibula, each with its
// cortex and cartilage.
func (k knee) bones() {
	femur := []int{66, -60, 66, 30, 60, 44, 53, 60, 54, 74, 64, 86, 82, 91, 98, 86, 107, 72, 105, 56, 97, 44, 91, 28, 90, -60}
	tibia := []int{57, 100, 70, 98, 84, 99, 106, 98, 109, 105, 102, 118, 95, 134, 92, 240, 62, 240, 62, 140, 56, 118, 54, 106}
	switch {
	case k.off < 260: // between the condyles
		femur = []int{66, -60, 66, 30, 60, 44, 54, 58, 55, 70, 62, 78, 74, 76, 84, 66, 92, 54, 95, 40, 91, 24, 90, -60}
		tibia = []int{57, 101, 70, 97, 80, 93, 86, 94, 92, 99, 106, 102, 108, 108, 102, 118, 95, 134, 92, 240, 62, 240, 62, 140, 56, 120, 54, 108}
	case k.off > 560: // beside the shafts
		femur = []int{62, 48, 70, 42, 86, 42, 98, 47, 105, 58, 107, 72, 98, 86, 82, 91, 64, 86, 55, 74, 55, 60}
		tibia = []int{57, 100, 70, 98, 84, 99, 106, 98, 109, 105, 102, 116, 86, 122, 68, 121, 57, 113, 54, 106}
	}
	u, v := k.at(82, 80)
	share := 1024
	if k.off > 560 {
		share = int(roots()[4096-(k.off-560)*(k.off-560)*4096/(400*400)])
	}
	upper := k.at.shape(femur...).scaled(u, v-8*km, share).rounded()
	u, v = k.at(82, 100)
	lower := k.at.shape(tibia...).scaled(u, v, share).rounded()
	k.bone(upper, true)
	k.bone(lower, true)
	if k.side > 480 {
		k.bone(k.at.shape(100, 116, 108, 110, 117, 114, 118, 124, 112, 136, 111, 240, 103, 240, 104, 136).rounded(), false)
	}
	// The scar of the growth plate.
	if k.off < 800 {
		w := share * 14 / 1024
		k.c.along(14, 14, func(at int, d int32) { k.c.v[at] -= k.c.v[at] * d / 2400 }, k.at.shape(80-w, 52, 80, 48, 80+w, 53)...)
		k.c.along(14, 14, func(at int, d int32) { k.c.v[at] -= k.c.v[at] * d / 2400 }, k.at.shape(80-w, 116, 80, 119, 80+w, 115)...)
	}
}

// bone paints marrow in its cortex, with cartilage over it where bones meet.
func (k knee) bone(o outline, joint bool) {
	c, t := k.c, k.t
	spongy := c.texture(texture{seed: k.p.seed + 193, cell: 4 * km, octaves: 3, z: k.side * 3})
	if joint {
		near := c.row(mid - 26*km)
		far := c.row(mid + 18*km)
		c.soft(o, 5*km, func(at int, share int32) {
			if y := at / c.columns; share > 130 && y > near && y < far {
				c.v[at] = t.cartilage
			}
		})
	}
	c.soft(o, 2*km, func(at int, share int32) {
		switch {
		case share > 700:
			c.v[at] = t.marrow + t.marrow*spongy[at]/7000
		case share > 330:
			c.v[at] = t.cortex
		}
	})
}

// extensor paints the tendon of the quadriceps muscle, patella, its ligament and
// the fluid of the joint's upper recess.
func (k knee) extensor() {
	c, t := k.c, k.t
	share := 1024 - k.off*k.off*1024/(460*460)
	c.along(km, km*3/2, func(at int, _ int32) { c.v[at] = t.fluid }, k.at.shape(58, 16, 52, 38, 50, 44)...)
	u, v := k.at(43, 58)
	patella := k.at.shape(38, 44, 44, 42, 50, 48, 51, 58, 48, 68, 42, 74, 37, 66, 35, 54).scaled(u, v, share).rounded()
	c.along(2*km, 2*km, func(at int, _ int32) { c.v[at] = t.cartilage }, k.at.shape(51, 48, 52, 58, 49, 68)...)
	if k.off < 330 {
		c.set(3*km+10, t.cortex, k.at.shape(37, -40, 38, 20, 39, 46)...)
		c.set(2*km+20, t.cortex, k.at.shape(41, 70, 46, 94, 56, 118)...)
	}
	k.bone(patella, false)
}

// cruciates paints the anterior ligament, straight and striped, and the posterior
// one, bent and dark.
func (k knee) cruciates() {
	c, t := k.c, k.t
	for n := range 3 {
		c.set(km*3/2, t.cortex+60+int32(n)*70, k.at.shape(87+n*2, 68, 68+n*4, 96)...)
	}
	c.set(3*km, t.cortex, k.at.shape(72, 78, 86, 80, 95, 88, 99, 104)...)
}

// menisci paints the dark wedges between the condyles, and a little fluid.
func (k knee) menisci() {
	c, t := k.c, k.t
	c.set(km*8/10, t.fluid, k.at.shape(60, 95, 106, 95)...)
	wedge := func(places ...int) { c.paint(k.at.shape(places...), t.meniscus) }
	if k.off > 640 { // both horns in one: a bow tie
		wedge(56, 88, 70, 94, 94, 94, 108, 88, 108, 99, 94, 97, 70, 97, 56, 99)
		return
	}
	wedge(55, 86, 72, 95, 56, 99)
	wedge(109, 86, 90, 95, 108, 99)
	if k.p.anatomy.Below(3) == 0 { // a tear of the posterior horn
		c.set(12, t.fluid, k.at.shape(98, 94, 106, 97)...)
	}
}
