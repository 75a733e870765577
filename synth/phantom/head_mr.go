package phantom

import "pacsuat/synth/draw"

// headMR are the parts of the head in the weightings of the phantom's views.
var headMR = [...][partCount]int32{
	// T1: fat bright, fluid dark, white matter brighter than grey.
	{
		partSkin: 700, partFat: 1450, partMuscle: 560, partCortex: 40, partMarrow: 820, partDura: 330, partFluid: 170,
		partGrey: 540, partWhite: 780, partNucleus: 590, partStem: 730, partGlobe: 190, partLens: 380, partVessel: 90,
		partMucosa: 560, partChalk: 140, partLesion: 430,
	},
	// T2: fluid bright, white matter darker than grey.
	{
		partSkin: 480, partFat: 860, partMuscle: 300, partCortex: 30, partMarrow: 480, partDura: 120, partFluid: 1480,
		partGrey: 660, partWhite: 430, partNucleus: 520, partStem: 470, partGlobe: 1520, partLens: 210, partVessel: 50,
		partMucosa: 1150, partChalk: 330, partLesion: 1080,
	},
	// FLAIR: T2 with the free fluid dark.
	{
		partSkin: 520, partFat: 980, partMuscle: 370, partCortex: 30, partMarrow: 480, partDura: 260, partFluid: 95,
		partGrey: 760, partWhite: 560, partNucleus: 680, partStem: 600, partGlobe: 110, partLens: 300, partVessel: 60,
		partMucosa: 1050, partChalk: 300, partLesion: 1360,
	},
	// DWI: nothing of skull and scalp, what hinders diffusion bright.
	{
		partSkin: 50, partFat: 90, partMuscle: 130, partCortex: 15, partMarrow: 60, partDura: 60, partFluid: 120,
		partGrey: 690, partWhite: 590, partNucleus: 560, partStem: 640, partGlobe: 90, partLens: 110, partVessel: 40,
		partMucosa: 150, partChalk: 90, partLesion: 1540,
	},
}

// viewDWI is the view of which the matrix is coarse.
const viewDWI = 3

// paintBrainMR paints an axial slice of the brain, from the skull's base at slice
// 0 to the vertex.
func paintBrainMR(c *canvas, p scene) {
	paintHead(c, p, -14*hm+p.along(122*hm))
	look := headMR[p.view]
	for i, part := range c.v {
		c.v[i] = look[part]
	}
	if p.view == viewDWI {
		c.blur(max(1, c.columns/160))
	}
	c.blur(max(1, c.columns/500))
	c.sense(p.seed, 160)
	c.rician(p.grain, 17)
	c.burn(1500, 0)
}

// sense makes the signal uneven as coils do, by at most about the given number of
// 1/1024.
func (c *canvas) sense(seed uint64, share int) {
	coil := c.texture(texture{seed: seed + 11, cell: 2400})
	c.all(func(at, u, v int) {
		if c.v[at] == 0 {
			return
		}
		near := (abs(u-mid)+abs(v-mid))*share/across + int(coil[at])*share/2048
		c.v[at] += c.v[at] * int32(near) / 1024
	})
}

// rician gives every value the noise of a magnitude image: bell-shaped deviates of
// the given standard deviation on both of its parts.
func (c *canvas) rician(s *draw.Stream, deviation int32) {
	for i, v := range c.v {
		p, q := int(v+bell(s, deviation)), int(bell(s, deviation))
		c.v[i] = int32(isqrt(p*p + q*q))
	}
}
