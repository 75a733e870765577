package phantom

import "pacsuat/synth/draw"

// The torso is gone through from the vertex to the thighs in the scale of the
// abdomen, cm; heights are in units from the vertex.
const (
	torsoNeck    = 22 * cm // the jaw's lower edge
	torsoChest   = 31 * cm // the lungs' apices
	torsoAbdomen = 57 * cm // the diaphragm's dome
	torsoEnd     = torsoAbdomen + trunkDepth
	torsoAcross  = 50 * cm // the width of a picture
)

// torso is a slice of the whole body while it is painted.
type torso struct {
	c *canvas // in the scale of the abdomen
	p scene
	z int
}

// lesion is a tumour that takes up the tracer.
type lesion struct{ u, v, z, r int }

// lesions are where a patient has them: in the lung, between the lungs, in the
// liver.
func (t torso) lesions() []lesion {
	s := draw.From(t.p.seed, 80)
	centre := mid + 60
	return []lesion{
		{mid - s.Between(5, 8)*cm, centre + s.Between(-4, 4)*cm, torsoChest + s.Between(5, 14)*cm, s.Between(60, 130)},
		{mid + s.Between(-1, 1)*cm, centre + s.Between(0, 2)*cm, torsoChest + s.Between(7, 12)*cm, s.Between(50, 90)},
		{mid - s.Between(5, 9)*cm, centre + s.Between(-3, 3)*cm, torsoAbdomen + s.Between(3, 9)*cm, s.Between(60, 120)},
	}
}

// newTorso paints a slice in Hounsfield units.
func newTorso(c *canvas, p scene) torso {
	t := torso{c: c.zoomed(torsoAcross), p: p, z: p.along(torsoEnd)}
	switch {
	case t.z < torsoNeck:
		h := c.zoomed(50 * 10 * hm)
		// 22 cm from the vertex down to the upper jaw.
		paintHead(h, p, 112*hm-t.z*10*hm/cm)
		for i, part := range c.v {
			c.v[i] = headCT[part]
		}
	case t.z < torsoChest:
		t.neck()
	case t.z < torsoAbdomen:
		q := p
		q.slice, q.of = t.z-torsoChest, torsoAbdomen-torsoChest+1
		paintChest(t.c, q)
		if t.z < torsoChest+10*cm {
			t.shoulders()
		}
	default:
		newTrunk(t.c, p, t.z-torsoAbdomen).paint()
	}
	for _, l := range t.lesions() {
		t.c.fillCut(solid{u: l.u, v: l.v, z: l.z, a: l.r, b: l.r, c: l.r}, t.z, ctWater+48)
	}
	return t
}

// neck paints muscles, spine, vessels and the windpipe; it widens to the
// shoulders.
func (t torso) neck() {
	c, v := t.c, mid+cm
	wide := bow(t.z, torsoNeck, 6*cm+50, torsoNeck+4*cm, 6*cm+20, torsoNeck+6*cm, 8*cm, torsoChest, 15*cm)
	deep := 7*cm + (wide-6*cm)/6
	c.fill(ellipse{u: mid, v: v, a: wide, b: deep}, ctWater+20)
	c.fill(ellipse{u: mid, v: v, a: wide - 18, b: deep - 18}, ctFat)
	for _, side := range []int{-1, 1} {
		c.fill(ellipse{u: mid + side*wide*55/100, v: v + 2*cm, a: wide * 40 / 100, b: 4 * cm}.tilted(side*200), ctMuscle)
		c.fill(ellipse{u: mid + side*4*cm, v: v - 2*cm, a: cm + 20, b: 2*cm + 20}.tilted(side*300), ctMuscle)
		c.fill(ellipse{u: mid + side*3*cm, v: v - cm, a: 40, b: 40}, ctBlood+10)
		c.fill(ellipse{u: mid + side*(3*cm+80), v: v - cm - 30, a: 55, b: 60}, ctBlood)
		if t.z > torsoNeck+5*cm {
			c.fill(ellipse{u: mid + side*(cm+40), v: v - 3*cm, a: 90, b: 150}, ctWater+110) // thyroid gland
		} else if t.z < torsoNeck+2*cm {
			c.set(50, ctBone, mid, v-6*cm, mid+side*4*cm, v-3*cm) // jaw
		}
	}
	c.fill(ellipse{u: mid, v: v - 2*cm - 40, a: cm + 30, b: cm + 30}, ctMuscle)
	c.fill(ellipse{u: mid, v: v - 2*cm - 60, a: 80, b: 90}, ctAir+30)
	c.fill(ellipse{u: mid, v: v + 20, a: cm + 40, b: cm}, ctBone)
	c.fill(ellipse{u: mid, v: v + 20, a: cm + 20, b: cm - 20}, ctMarrow)
	c.fill(ellipse{u: mid, v: v + cm + 70, a: cm + 40, b: cm}, ctBone)
	c.fill(ellipse{u: mid, v: v + cm + 50, a: cm + 10, b: 70}, ctWater+25)
	c.set(40, ctBone, mid, v+2*cm, mid, v+4*cm)
}

// shoulders paints what lies outside the chest: muscles, shoulder blades, the
// heads of the upper arms.
func (t torso) shoulders() {
	c, down := t.c, t.z-torsoChest
	v := mid + 2*cm
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x }
		big := max(0, 10*cm-down)
		t.fillAir(ellipse{u: at(17*cm - down/4), v: v, a: 5*cm*big/(10*cm) + 20, b: 6*cm*big/(10*cm) + 20}, ctFat)
		t.fillAir(ellipse{u: at(17*cm - down/4), v: v, a: 4*cm*big/(10*cm) + 20, b: 5*cm*big/(10*cm) + 20}, ctMuscle)
		c.fillCut(solid{u: at(18 * cm), v: v, z: torsoChest + cm, a: 2*cm + 30, b: 2*cm + 30, c: 3 * cm}, t.z, ctBone)
		c.fillCut(solid{u: at(18 * cm), v: v, z: torsoChest + cm, a: 2*cm + 10, b: 2*cm + 10, c: 3*cm - 20}, t.z, ctMarrow)
		c.set(36, ctBone, at(15*cm-down/4), v+cm, at(9*cm), v+7*cm-down/8)
		if down < 2*cm {
			c.set(50, ctBone, at(2*cm), v-7*cm+down, at(8*cm), v-5*cm+down, at(15*cm), v-2*cm)
		}
	}
}

// fillAir fills what is air outside the body.
func (t torso) fillAir(e ellipse, value int32) {
	t.c.depths(e, func(at int, _ int32) {
		if v := t.c.v[at]; v < 100 || v == ctFat && value == ctMuscle {
			t.c.v[at] = value
		}
	})
}

// paintTorsoCT paints the slice as the CT of a PET/CT does: low dose.
func paintTorsoCT(c *canvas, p scene) {
	t := newTorso(c, p)
	t.c.table(mid + 13*cm)
	c.noise(p.grain, 66)
	c.blur(1)
	c.clip()
	c.burn(ctWater+200, ctAir)
}

// paintTorsoPT paints the tracer's uptake in the same slice of the same body:
// thousandths of the standardized uptake value.
func paintTorsoPT(c *canvas, p scene) {
	t := newTorso(c, p)
	up := c.texture(texture{seed: p.seed + 81, cell: 300, octaves: 2, z: t.z})
	for i, v := range c.v {
		c.v[i] = uptake(v, t.z) * (1024 + up[i]/5) / 1024
	}
	if t.z > torsoChest+15*cm && t.z < torsoChest+23*cm { // the left ventricle's wall
		around := ellipse{u: mid + 4*cm, v: mid + cm + 20, a: 5 * cm, b: 3*cm + 40}.tilted(400)
		c2 := t.c
		c2.depths(around, func(at int, d int32) {
			if d < 800 {
				c2.v[at] = 4200 + int32(p.seed>>8&0x7FF)
			}
		})
	}
	for _, l := range t.lesions() {
		t.c.fillCut(solid{u: l.u, v: l.v, z: l.z, a: l.r, b: l.r, c: l.r}, t.z, 9500)
	}
	r := max(1, c.columns/110)
	for i, v := range c.v { // what is scattered, and more where there is more
		c.v[i] += bell(p.grain, 70+max(v, 0)/4)
	}
	c.blur(r)
	c.blur(max(1, r*2/3))
	for i, v := range c.v {
		c.v[i] = max(v, 0)
	}
	c.burn(9000, 0)
}

// uptake is what tissue of some density takes up at a height.
func uptake(density int32, z int) int32 {
	if z < torsoNeck {
		switch density {
		case headCT[partGrey], headCT[partNucleus]:
			return 11000
		case headCT[partWhite], headCT[partStem]:
			return 4200
		case headCT[partMuscle]:
			return 1300
		case headCT[partMucosa]:
			return 2400
		}
	}
	if z > torsoAbdomen {
		switch density {
		case ctWater + 8: // urine
			if z > torsoAbdomen+34*cm {
				return 24000
			}
			return 900
		case ctWater + 112:
			return 2500
		case ctWater + 125:
			return 2000
		case ctWater + 185, ctWater + 150:
			return 3400
		case ctWater + 15:
			return 15000
		case ctWater + 100:
			return 2100
		}
	}
	switch {
	case density < 100:
		return 0
	case density < 300:
		return 450
	case density < ctWater-40:
		return 320
	case density > ctWater+600:
		return 700
	case density >= ctVessel-40 && density <= ctVessel+40:
		return 1700
	case density == ctMarrow:
		return 1500
	}
	return 900
}
