package phantom

import "pacsuat/synth/draw"

// cm is a centimetre of the trunk in units: 400 mm fill the picture.
const cm = 102

// trunk is one slice of the abdomen or pelvis, z in units below the dome of the
// diaphragm.
type trunk struct {
	c      *canvas
	p      scene
	z      int
	centre int // the middle from front to back
	a, b   int // half axes of the skin
	fat    int // thickness of the fat below it
	seed   uint64
}

// trunkDepth is how far the abdomen's slices reach, down to the hips.
const trunkDepth = 46 * cm

// paintAbdomenCT paints an axial slice with contrast medium in the portal venous
// phase, from the dome of the diaphragm at slice 0 to the hip joints.
func paintAbdomenCT(c *canvas, p scene) {
	t := newTrunk(c, p, p.along(trunkDepth))
	t.paint()
	c.table(t.centre + t.b + 20)
	c.noise(p.grain, 42)
	c.blur(1)
	c.clip()
	c.burn(ctWater+200, ctAir)
}

// table paints the couch below the patient.
func (c *canvas) table(top int) {
	for _, d := range []int{0, 190} {
		c.along(14, 14, func(at int, _ int32) {
			if c.v[at] < 500 {
				c.v[at] = ctWater - 200
			}
		}, mid-1700, top-260+d, mid-900, top-40+d, mid, top+20+d, mid+900, top-40+d, mid+1700, top-260+d)
	}
}

func newTrunk(c *canvas, p scene, z int) *trunk {
	build := p.anatomy.Between(-80, 80)
	t := &trunk{c: c, p: p, z: z, centre: mid + 40, seed: p.seed}
	t.a = bow(z/cm, 0, 1600, 12, 1640, 21, 1540, 33, 1730, 40, 1800, 46, 1790) + build*2
	t.b = bow(z/cm, 0, 1100, 10, 1130, 22, 1040, 34, 1120, 46, 1060) + build
	t.fat = bow(z/cm, 0, 130, 20, 190, 34, 280, 46, 330) + build
	return t
}

// draws returns a stream of one part of the body: the same for every slice.
func (t *trunk) draws(part uint64) *draw.Stream { return draw.From(t.seed, 90, part) }

// cavity is the ellipse within the muscles of the wall.
func (t *trunk) cavity() ellipse {
	wall := t.fat + 110
	return ellipse{u: mid, v: t.centre - 20, a: t.a - wall, b: t.b - wall + 20}
}

func (t *trunk) paint() {
	c, z := t.c, t.z
	c.fill(t.cavity().grown(cm), ctFat)
	if z < 8*cm {
		t.lungBases()
	}
	t.bowel()
	t.upperOrgans()
	t.kidneys()
	if z > 28*cm {
		t.pelvisOrgans()
	}
	t.wall()
	t.spine()
	t.greatVessels()
	if z > 26*cm {
		t.pelvis()
	}
}

// organ fills what the slice cuts of a solid.
func (t *trunk) organ(u, v, z, a, b, high int, angle int, value int32) {
	t.c.fillCut(solid{u: mid + u, v: t.centre + v, z: z, a: a, b: b, c: high, angle: angle}, t.z, value)
}

// tube fills the cut of a vessel that runs through stations of z, u, v and radius,
// in tenths of a centimetre.
func (t *trunk) tube(value int32, stations ...int) {
	z := t.z * 10 / cm
	n := len(stations) / 4
	if z < stations[0] || z > stations[4*(n-1)] {
		return
	}
	var line [3][]int
	for i := range n {
		for k := range line {
			line[k] = append(line[k], stations[4*i], stations[4*i+1+k]*cm)
		}
	}
	// A hundredth is left of interpolation between whole tenths.
	at := func(k int) int { return curve(t.z*100/cm, scaledTen(line[k])...) / 10 }
	t.c.fill(ellipse{u: mid + at(0), v: t.centre + at(1), a: at(2), b: at(2)}, value)
}

// scaledTen multiplies the places of a curve by ten.
func scaledTen(points []int) []int {
	for i := 0; i < len(points); i += 2 {
		points[i] *= 10
	}
	return points
}

// lungBases paints the lungs behind and beside the dome.
func (t *trunk) lungBases() {
	e := t.cavity()
	t.c.depths(e, func(at int, d int32) {
		if int(d) < curve(t.z, 0, 1024, 2*cm, 760, 5*cm, 480, 8*cm, 0) && (t.z < cm || at/t.c.columns > t.c.row(t.centre-t.z/2)) {
			t.c.v[at] = ctLung
		}
	})
	s := t.draws(0)
	for n := range 40 {
		u, v := mid+s.Between(-1400, 1400), t.centre+s.Between(-900, 900)
		t.c.depths(ellipse{u: u + t.z*(n%5-2)/9, v: v + t.z*(n%3-1)/9, a: 16 + n%12, b: 14 + n%7}, func(at int, _ int32) {
			if t.c.v[at] == ctLung {
				t.c.v[at] = ctBlood
			}
		})
	}
	t.organ(2*cm, -4*cm, -2*cm, 7*cm, 5*cm, 5*cm, 200, ctMuscle+60) // the heart's lower wall
	t.organ(3*cm, -4*cm, -2*cm, 4*cm, 3*cm, 4*cm, 200, ctVessel)
}

// upperOrgans paints liver, gall bladder, spleen, stomach and pancreas.
func (t *trunk) upperOrgans() {
	c, s := t.c, t.draws(1)
	grown := s.Between(-40, 60)
	gas := t.centre - 5*cm
	t.organ(6*cm, -4*cm, 8*cm, 5*cm, 4*cm, 8*cm, 240, ctMuscle+20)
	if e, ok := (solid{u: mid + 6*cm, v: t.centre - 4*cm, z: 8 * cm, a: 5*cm - 30, b: 4*cm - 30, c: 8*cm - 30, angle: 240}).cut(t.z); ok {
		food := c.texture(texture{seed: t.seed + 21, cell: 70, octaves: 2, z: t.z})
		c.depths(e, func(at int, _ int32) {
			if c.vs[at/c.columns] < gas {
				c.v[at] = ctAir + 30
			} else {
				c.v[at] = ctWater + 25 + food[at]/14
			}
		})
	}
	t.organ(10*cm+60, 3*cm, 7*cm, 3*cm, 5*cm, 6*cm+grown, 300, ctWater+125)
	t.organ(-7*cm, -cm/2, 7*cm, 8*cm, 9*cm, 13*cm+grown, 100, ctWater+112)
	t.organ(-3*cm, -6*cm, 6*cm, 10*cm, 3*cm, 6*cm, -90, ctWater+112)
	// The liver's veins near the dome, the portal vein below with its branches.
	if t.z < 8*cm {
		drift := t.z / 2
		for _, angle := range []int{1300, 1750, 2250} {
			u, v := turned(angle, 7*cm)
			c.along(60-t.z/40, 26, func(at int, _ int32) {
				if c.v[at] == ctWater+112 {
					c.v[at] = ctWater + 165
				}
			}, mid-2*cm-drift/2, t.centre+cm+drift/3, mid-2*cm+u/2, t.centre+cm-v/2+drift/3, mid-2*cm+u, t.centre-v/2+drift/2)
		}
	}
	if t.z > 6*cm && t.z < 12*cm {
		c.set(70, ctWater+170, mid-cm, t.centre-cm, mid-4*cm, t.centre-2*cm, mid-7*cm, t.centre-cm)
		c.set(36, ctWater+170, mid-7*cm, t.centre-cm, mid-10*cm, t.centre+cm)
		c.set(30, ctWater+170, mid-6*cm, t.centre-cm-50, mid-9*cm, t.centre-4*cm)
	}
	for n := range 26 { // small vessels, running through the slices
		e := ellipse{u: mid - s.Between(3, 13)*cm + t.z*(n%5-2)/14, v: t.centre + s.Between(-6, 6)*cm + t.z*(n%3-1)/12, a: 16 + n%17, b: 14 + n%9}
		c.depths(e.tilted(n*300), func(at int, _ int32) {
			if c.v[at] == ctWater+112 {
				c.v[at] = ctWater + 160
			}
		})
	}
	if s.Below(3) > 0 { // a cyst
		t.organ(-9*cm, 2*cm, 9*cm, cm, cm, cm, 0, ctWater+8)
	}
	t.organ(-6*cm, -6*cm, 14*cm, 2*cm, 3*cm, 4*cm, 300, ctMuscle+20)
	t.organ(-6*cm, -6*cm, 14*cm, 2*cm-20, 3*cm-20, 4*cm-20, 300, ctWater+12)
	if t.z > 10*cm && t.z < 15*cm {
		thick := 130 - abs(t.z-12*cm-cm/2)/4
		c.set(thick, ctWater+95, mid-3*cm, t.centre-2*cm+40, mid+cm, t.centre-2*cm, mid+5*cm, t.centre-cm, mid+8*cm, t.centre)
		c.set(38, ctWater+175, mid-2*cm, t.centre-cm, mid+4*cm, t.centre-20, mid+8*cm, t.centre+80)
	}
	for _, side := range []int{-1, 1} { // adrenal glands
		if t.z > 9*cm && t.z < 12*cm {
			c.set(24, ctWater+85, mid+side*3*cm, t.centre+cm, mid+side*4*cm, t.centre+3*cm)
			c.set(22, ctWater+85, mid+side*3*cm, t.centre+cm, mid+side*3*cm, t.centre+3*cm)
		}
	}
}

// kidneys paints both kidneys with their sinuses; the left one is higher.
func (t *trunk) kidneys() {
	for _, side := range []int{-1, 1} {
		z := 17*cm - side*cm
		u := side * (5*cm + 80 + (t.z-12*cm)/12)
		angle := side * 500
		t.organ(u, 3*cm, z, 4*cm, 4*cm, 8*cm, 0, ctFat)
		t.organ(u, 3*cm, z, 3*cm-10, 2*cm+70, 6*cm, angle, ctWater+185)
		for n := range 7 { // pyramids, a little darker
			du, dv := turned(n*whole/7+t.z, cm+60)
			t.organ(u+du, 3*cm+dv, z, 50, 50, 5*cm, 0, ctWater+150)
		}
		t.organ(u-side*90, 3*cm-50, z, 2*cm-60, cm+10, 3*cm+50, angle, ctFat)
		t.organ(u-side*150, 3*cm-70, z+cm, cm, 45, 2*cm, angle, ctWater+15)
		if abs(t.z-z) < cm {
			t.c.set(40, ctWater+170, mid+u-side*2*cm, t.centre+2*cm+30, mid+side*2*cm, t.centre+cm)
		}
	}
}
