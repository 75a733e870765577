package phantom

// middleFossa paints the slices in which the temporal lobes lie beside the sella,
// the cerebellum behind the petrous bones and the orbits in front.
func (h head) middleFossa() {
	c := h.c
	folds := h.folds()
	h.inside(func(at, u, v, depth int) {
		if depth > hm {
			c.v[at] = h.brain(folds[at], depth-hm, hm*(40+h.old)/150)
		}
	})
	h.cerebellum(30)
	h.petrous()
	h.sella()
	h.orbits()
}

// base paints the slices below the brain's lobes: orbits or jaws' sinuses, the
// base of the skull, the lower cerebellum.
func (h head) base() {
	c := h.c
	h.inside(func(at, _, _, _ int) { c.v[at] = partMuscle })
	fat := c.texture(texture{seed: h.seed + 4, cell: 12 * hm, octaves: 2, z: h.z})
	h.inside(func(at, _, v, _ int) {
		if fat[at] > 250 && v < headCentre+20*hm {
			c.v[at] = partFat
		}
	})
	h.cerebellum(24)
	if h.z > -2*hm { // the floor of the middle fossa with the temporal poles
		folds := h.folds()
		for _, side := range []int{-1, 1} {
			e := ellipse{u: mid + side*42*hm, v: headCentre - 14*hm, a: 19 * hm, b: 27 * hm}.tilted(side * 150)
			c.fill(e.grown(4*hm), partCortex)
			c.fill(e.grown(2*hm), partMarrow)
			c.fill(e.grown(hm), partCortex)
			c.depths(e, func(at int, d int32) {
				c.v[at] = h.brain(folds[at], int(d)*19*hm/1800, hm/2)
			})
		}
	}
	h.petrous()
	h.sella()
	h.orbits()
	h.faceSinuses()
}

// cerebellum paints both hemispheres, the vermis and the stem before them.
func (h head) cerebellum(wide int) {
	c, z := h.c, h.z/hm
	v := headCentre + 42*hm
	shrink := max(0, -z) * hm / 2
	bed := ellipse{u: mid, v: v, a: 50*hm - shrink, b: 36*hm - shrink}
	c.fill(bed.grown(4*hm), partCortex)
	c.fill(bed.grown(2*hm), partMarrow)
	c.fill(bed.grown(hm), partFluid)
	folds := c.texture(texture{seed: h.seed + 3, cell: 34 * hm, high: 4 * hm, octaves: 2, z: h.z})
	for _, side := range []int{-1, 1} {
		e := ellipse{u: mid + side*24*hm, v: v + 3*hm, a: 25*hm - shrink*2/3, b: 29*hm - shrink}.tilted(side * 200)
		c.depths(e, func(at int, d int32) {
			n := folds[at]
			switch {
			case d < 850 && n > -60 && n < 20:
				c.v[at] = partFluid
			case d < 760 || n > 150:
				c.v[at] = partGrey
			default:
				c.v[at] = partWhite
			}
		})
		c.fill(ellipse{u: mid + side*18*hm, v: v - 5*hm, a: 5 * hm, b: 7 * hm}, partNucleus)
	}
	c.fill(ellipse{u: mid, v: v + 6*hm, a: 8 * hm, b: 22 * hm}, partGrey)
	if z > -18 {
		c.fill(ellipse{u: mid, v: v - 11*hm, a: 7 * hm, b: 5 * hm}, partFluid) // fourth ventricle
	}
	// Pons, then the medulla below, with the cistern in front.
	stem := ellipse{u: mid, v: v - 27*hm, a: 17*hm - shrink/2, b: 13*hm - shrink/3}
	c.fill(stem.grown(4*hm), partFluid)
	c.fill(stem, partStem)
	c.fill(ellipse{u: mid, v: stem.v - stem.b - 2*hm, a: 2 * hm, b: 2 * hm}, partVessel)
	c.fill(ellipse{u: mid - 44*hm + shrink, v: v + 6*hm, a: 3 * hm, b: 8 * hm}, partVessel)
	c.fill(ellipse{u: mid + 44*hm - shrink, v: v + 6*hm, a: 4 * hm, b: 9 * hm}, partVessel)
}

// petrous paints the pyramids with their cells and the ears' canals.
func (h head) petrous() {
	c, z := h.c, h.z/hm
	if z > 24 {
		return
	}
	strong := min(24-z, 14) * hm / 14
	cells := c.texture(texture{seed: h.seed + 5, cell: 4 * hm, octaves: 2, z: h.z})
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x*hm }
		c.set(strong*7, partCortex, at(64), headCentre+20*hm, at(40), headCentre+14*hm, at(14), headCentre-2*hm)
		c.set(strong*2, partMarrow, at(40), headCentre+13*hm, at(17), headCentre)
		if z < 12 {
			// The mastoid's cells, the canal, the inner ear.
			c.depths(ellipse{u: at(58), v: headCentre + 30*hm, a: 10 * hm, b: 17 * hm}, func(at int, d int32) {
				c.v[at] = partCortex
				if d > 350 && cells[at] > -150 {
					c.v[at] = partAir
				}
			})
			c.set(3*hm, partAir, at(74), headCentre+12*hm, at(50), headCentre+12*hm)
			c.fill(ellipse{u: at(47), v: headCentre + 12*hm, a: 4 * hm, b: 5 * hm}, partAir)
			c.set(2*hm, partFluid, at(30), headCentre+14*hm, at(22), headCentre+17*hm)
			c.fill(ellipse{u: at(34), v: headCentre + 12*hm, a: 2 * hm, b: 2 * hm}, partFluid)
		}
	}
}

// sella paints the body of the sphenoid bone with its sinus, its wings and the
// carotid arteries.
func (h head) sella() {
	c, z := h.c, h.z/hm
	v := headCentre - 22*hm
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x*hm }
		// The wing between orbit and middle fossa.
		c.set(3*hm, partCortex, at(62), v-18*hm, at(40), v-16*hm, at(16), v-4*hm)
		if z < 10 {
			c.set(4*hm, partCortex, at(16), v+24*hm, at(20), v+6*hm, at(28), v-4*hm)
		}
	}
	c.fill(ellipse{u: mid, v: v + 8*hm, a: 15 * hm, b: 18 * hm}, partCortex)
	c.fill(ellipse{u: mid, v: v + 10*hm, a: 13 * hm, b: 14 * hm}, partMarrow)
	if z > 16 {
		c.fill(ellipse{u: mid, v: v + 6*hm, a: 11 * hm, b: 9 * hm}, partFluid)
		c.fill(ellipse{u: mid, v: v + 6*hm, a: 6 * hm, b: 5 * hm}, partNucleus) // pituitary gland
	} else {
		for _, side := range []int{-1, 1} {
			c.fill(ellipse{u: mid + side*7*hm, v: v, a: 6*hm + side*hm, b: 10 * hm}, partMucosa)
			c.fill(ellipse{u: mid + side*7*hm, v: v, a: 5*hm + side*hm, b: 9 * hm}, partAir)
		}
	}
	for _, side := range []int{-1, 1} {
		c.fill(ellipse{u: mid + side*15*hm, v: v + 8*hm, a: 3 * hm, b: 5 * hm}, partVessel)
	}
}

// orbits paints the eyes with what is around, and the nose's cells between; above
// them the frontal sinus.
func (h head) orbits() {
	c, z := h.c, h.z/hm
	front := headCentre - h.b
	if z > 22 {
		for _, side := range []int{-1, 1} {
			roof := ellipse{u: mid + side*34*hm, v: front + 24*hm, a: 18 * hm, b: 14 * hm}
			c.ring(roof, 420, partCortex)
			c.fill(ellipse{u: mid + side*9*hm, v: front + 6*hm, a: 9 * hm, b: 6 * hm}, partCortex)
			c.fill(ellipse{u: mid + side*9*hm, v: front + 6*hm, a: 8 * hm, b: 5 * hm}, partAir)
		}
		return
	}
	if z < -8 {
		return
	}
	open := int(roots()[4096-(z-7)*(z-7)*4096/256])
	// Nasal bones and the cells between the orbits.
	c.fill(ellipse{u: mid, v: front + 4*hm, a: 11 * hm, b: 14 * hm}, partFat)
	c.fill(ellipse{u: mid, v: front + 28*hm, a: 13 * hm, b: 28 * hm}, partCortex)
	cells := c.texture(texture{seed: h.seed + 6, cell: 7 * hm, z: h.z})
	c.depths(ellipse{u: mid, v: front + 28*hm, a: 11 * hm, b: 26 * hm}, func(at int, _ int32) {
		c.v[at] = partAir
		if n := cells[at]; n > -50 && n < 50 {
			c.v[at] = partMucosa
		}
	})
	c.set(hm*7/10, partCortex, mid, front, mid, front+54*hm)
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x*hm }
		cone := outline{at(14), front + 4*hm, at(34), front - 6*hm, at(52), front + 8*hm, at(47), front + 26*hm, at(26), front + 46*hm, at(16), front + 52*hm, at(13), front + 30*hm}.rounded()
		cone = cone.scaled(at(32), front+22*hm, open)
		c.paint(cone.scaled(at(32), front+22*hm, 1110), partCortex)
		c.paint(cone, partFat)
		if open < 500 {
			continue
		}
		eye := ellipse{u: at(33), v: front + 6*hm, a: 12 * hm * open / full, b: 12 * hm * open / full}
		c.fill(eye.grown(3*hm/2), partMuscle)
		c.fill(eye, partGlobe)
		if open > 900 {
			c.fill(ellipse{u: eye.u, v: eye.v - 8*hm, a: 5 * hm, b: 2 * hm}, partLens)
			c.set(2*hm, partGrey, eye.u-side*2*hm, eye.v+11*hm, at(24), front+34*hm, at(17), front+50*hm)
		}
		c.set(3*hm/2, partMuscle, at(45), front+10*hm, at(40), front+26*hm, at(20), front+46*hm)
		c.set(3*hm/2, partMuscle, at(20), front+8*hm, at(16), front+26*hm, at(17), front+46*hm)
	}
}

// faceSinuses paints the sinuses of the upper jaw, the nose and the throat.
func (h head) faceSinuses() {
	c, z := h.c, h.z/hm
	if z > -8 {
		return
	}
	front := headCentre - h.b
	open := min(-z-6, 14) * 1024 / 14
	c.fill(ellipse{u: mid, v: front - 4*hm, a: 14 * hm, b: 14 * hm}, partFat)
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x*hm }
		sinus := outline{at(15), front + 12*hm, at(36), front + 8*hm, at(42), front + 22*hm, at(26), front + 42*hm, at(16), front + 40*hm}.rounded()
		c.paint(sinus.scaled(at(27), front+24*hm, open*1120/1024), partCortex)
		c.paint(sinus.scaled(at(27), front+24*hm, open*1060/1024), partMucosa)
		c.paint(sinus.scaled(at(27), front+24*hm, open), partAir)
		c.set(3*hm, partCortex, at(40), front+10*hm, at(60), front+26*hm, at(66), front+54*hm) // the arch
		c.set(hm*2, partMucosa, at(8), front+8*hm, at(9), front+40*hm)                         // concha
		c.fill(ellipse{u: at(5), v: front + 24*hm, a: 3 * hm, b: 22 * hm}, partAir)
		c.set(hm*2, partMucosa, at(7), front+14*hm, at(7), front+36*hm)
		c.set(5*hm, partMuscle, at(50), front+40*hm, at(52), front+66*hm)
	}
	c.set(hm*8/10, partCortex, mid, front+2*hm, mid, front+50*hm)
	c.fill(ellipse{u: mid, v: front + 58*hm, a: 14 * hm, b: 7 * hm}, partAir)
}
