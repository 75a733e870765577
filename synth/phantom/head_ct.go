package phantom

// headCT are the parts of the head in Hounsfield units plus 1024.
var headCT = [partCount]int32{
	partAir: ctAir + 4, partSkin: ctWater + 45, partFat: ctWater - 70, partMuscle: ctWater + 55,
	partCortex: ctWater + 1150, partMarrow: ctWater + 620, partDura: ctWater + 62, partFluid: ctWater + 7,
	partGrey: ctWater + 40, partWhite: ctWater + 29, partNucleus: ctWater + 40, partStem: ctWater + 32,
	partGlobe: ctWater + 10, partLens: ctWater + 75, partVessel: ctWater + 60, partMucosa: ctWater + 40,
	partChalk: ctWater + 240, partLesion: ctWater + 62,
}

// paintHeadCT paints an axial slice of the head without contrast medium, from the
// upper jaw at slice 0 to the vertex.
func paintHeadCT(c *canvas, p scene) {
	paintHead(c, p, -22*hm+p.along(134*hm))
	for i, part := range c.v {
		c.v[i] = headCT[part]
	}
	// The head rest.
	c.along(24, 24, func(at int, _ int32) {
		if c.v[at] < ctAir+100 {
			c.v[at] = ctWater - 300
		}
	}, 900, 3200, 1200, 3700, 1700, 3920, 2400, 3920, 2900, 3700, 3200, 3200)
	c.blur(1)
	c.noise(p.grain, 5)
	c.clip()
	c.burn(1024+80, ctAir)
}
