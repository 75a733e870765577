package phantom

import "pacsuat/synth/draw"

// Values of the CT phantom are Hounsfield units plus 1024, so that they are
// unsigned in 12 bits; Rescale Intercept is -1024.
const (
	ctAir    = 0
	ctLung   = 1024 - 850
	ctFat    = 1024 - 95
	ctMuscle = 1024 + 55
	ctBlood  = 1024 + 45
	ctVessel = 1024 + 190 // with contrast medium
	ctLiver  = 1024 + 95
	ctMarrow = 1024 + 180
	ctWater  = 1024
	ctBone   = 1024 + 700
)

// paintChestCT paints an axial slice through the chest as seen from the feet,
// the patient's right at the left. Slice 0 is at the apex of the lungs, the
// last one below the dome of the diaphragm.
func paintChestCT(c *canvas, p scene) {
	paintChest(c, p)
	// The couch.
	c.depths(ellipse{u: mid, v: 2600, a: 1900, b: 1130}, func(at int, d int32) {
		if at/c.columns > c.row(3350) && d < 230 {
			c.v[at] = 1024 - 90
		}
	})
	c.blur(1)
	c.noise(p.grain, 19)
	c.clip()
	c.burn(1024+400, ctAir)
}

// paintChest paints the slice without noise.
func paintChest(c *canvas, p scene) {
	down := p.along(1000) // 0 at the apex, 1000 at the base
	const centre = 2150
	build := p.anatomy.Between(-70, 70)
	// The trunk widens from the shoulders' root to the costal arch.
	a, b := 1560+build+min(down, 500)/4, 1120+build/2+min(down, 600)/8
	c.fill(ellipse{u: mid, v: centre, a: a, b: b}, ctFat)
	c.fill(ellipse{u: mid, v: centre - 10, a: a - 130, b: b - 110}, ctMuscle)
	c.ring(ellipse{u: mid, v: centre, a: a, b: b}, 110, ctMuscle-20) // skin
	paintAxillae(c, p, down, centre, a, b)
	paintThoraxWall(c, p, centre, a, b)
	paintLungs(c, p, down, centre, a, b)
	paintMediastinum(c, p, down, centre)
	if down > 620 {
		paintUpperAbdomen(c, down, centre)
	}
	paintVertebra(c, mid, centre+b-520)
}

// clip sets what lies outside the circle of reconstruction to air.
func (c *canvas) clip() {
	c.all(func(at, u, v int) {
		if (u-mid)*(u-mid)+(v-mid)*(v-mid) > mid*mid {
			c.v[at] = ctAir
		}
	})
}

// paintAxillae paints what lies on the ribs: muscles of breast and back in fat, the
// shoulder blades, lower down the breasts.
func paintAxillae(c *canvas, p scene, down, centre, a, b int) {
	streaks := c.texture(texture{seed: p.seed + 201, cell: 420, high: 60, octaves: 2, z: down * 4, deep: 600})
	flesh := func(e ellipse) {
		c.depths(e, func(at int, _ int32) {
			c.v[at] = ctMuscle
			if n := streaks[at]; n > 420 {
				c.v[at] = ctFat + 50
			}
		})
	}
	for _, side := range []int{-1, 1} {
		at := func(u int) int { return mid + side*u }
		if big := 640 - down; big > 0 {
			back := ellipse{u: at(a - 330 - down/4), v: centre + 330, a: 330 + big/4, b: 420 + big/2}.tilted(side * 200)
			c.depths(back.grown(90), func(n int, d int32) {
				if c.v[n] == ctAir || c.v[n] == ctMuscle-20 {
					c.v[n] = ctFat
				}
			})
			flesh(back.grown(-20))
			blade := []int{at(a - 60 - down/3), centre + 180, at(a - 420 - down/5), centre + 620, at(a - 780), centre + 850}
			c.set(54, ctBone, blade...)
			c.set(26, ctMarrow, blade...)
			if down < 260 {
				c.set(44, ctBone, at(a-360), centre+560, at(a-190), centre+760)
			}
		}
		breast := ellipse{u: at(740), v: centre - b + 190, a: 640 - down/4, b: 150 - down/12}.tilted(side * 170)
		c.fill(breast.grown(40), ctFat)
		flesh(breast)
		flesh(ellipse{u: at(430), v: centre + b - 230, a: 330, b: 190}.tilted(-side * 130)) // beside the spine
		flesh(ellipse{u: at(900), v: centre + b - 330, a: 420, b: 100}.tilted(-side * 330))
	}
	c.ring(ellipse{u: mid, v: centre, a: a, b: b}, 60, ctMuscle-20)
}

// paintThoraxWall sets ribs as they are cut: short oblique bars in the wall,
// walking round it from slice to slice, and the sternum in front.
func paintThoraxWall(c *canvas, p scene, centre, a, b int) {
	// Sixteen directions, as cosine and sine times 1024.
	round := [][2]int{
		{946, 392}, {724, 724}, {392, 946}, {-392, 946}, {-724, 724}, {-946, 392},
		{-1010, 170}, {1010, 170}, {-1000, -220}, {1000, -220}, {-870, -540}, {870, -540},
	}
	for n, d := range round {
		shift := (p.along(64*37)+n*190)%300 - 150
		u := mid + d[0]*(a-195)/1024 - d[1]*shift/1024
		v := centre + d[1]*(b-185)/1024 + d[0]*shift/1024
		bar := ellipse{u: u, v: v, a: 190, b: 62, cos: -d[1], sin: d[0]}
		c.fill(bar, ctBone)
		bar.a, bar.b = 150, 34
		c.fill(bar, ctMarrow)
	}
	c.fill(ellipse{u: mid, v: centre - b + 185, a: 210, b: 75}, ctBone)
	c.fill(ellipse{u: mid, v: centre - b + 185, a: 170, b: 45}, ctMarrow)
}

// paintLungs fills both lungs; they begin small at the apex, are widest in the
// middle and end as a rim behind the dome of the diaphragm.
func paintLungs(c *canvas, p scene, down, centre, a, b int) {
	size := min(1000, 480+down*2)
	la, lb := 580*size/1000+(a-1560)/4, (b-350)*size/1000
	fine := c.texture(texture{seed: p.seed + 202, cell: 60, octaves: 2, z: down * 4, deep: 60})
	for _, side := range []int{-1, 1} {
		u := mid + side*(690+(a-1560)/4)
		c.depths(ellipse{u: u, v: centre + 10, a: la, b: lb}, func(at int, _ int32) {
			// The parts that lie lower hold more blood.
			c.v[at] = ctLung + fine[at]/24 + int32((c.vs[at/c.columns]-centre)/24)
		})
		inside := func(at int, _ int32) {
			if v := c.v[at]; v > 60 && v < 400 {
				c.v[at] = ctBlood
			}
		}
		for n := range 26 { // vessels that run in the slice, from the hilum
			s := draw.From(p.seed, uint64(n), uint64(side+2), 203)
			height, angle := s.Below(1000), s.Below(whole)
			du, dv := turned(angle, 1000)
			if away := abs(down - height); away < 26 && du > -200 {
				r := s.Between(24, 40) - away/2
				c.along(max(r, 10), max(r/3, 6), inside, mid+side*330, centre+40,
					u+side*(du*la/2600-la/5), centre+dv*lb/2300+s.Between(-60, 60), u+side*du*la/1150, centre+dv*lb/1150)
			}
		}
		// Vessels cut across: small discs, larger towards the hilum. They are
		// the same from slice to slice but for a drift, so that they run.
		for n := range 70 {
			s := draw.From(p.seed, uint64(n), uint64(side+2))
			du := s.Between(-880, 880) + p.along(64)*s.Between(-9, 9)
			dv := s.Between(-880, 880) + p.along(64)*s.Between(-9, 9)
			if du*du+dv*dv > 850*850 {
				continue
			}
			r := s.Between(8, 20) + max(0, 20-abs(du+side*700)/30)
			c.depths(ellipse{u: u + du*la/1000, v: centre + dv*lb/1000, a: r, b: r + s.Below(20)}, inside)
		}
	}
}

// paintMediastinum fills the space between the lungs by height: great vessels
// and trachea above, hila, then the heart.
func paintMediastinum(c *canvas, p scene, down, centre int) {
	c.fill(ellipse{u: mid, v: centre + 60, a: 300, b: 760}, ctFat+40)
	aortaU, aortaV := mid+225, centre+330
	switch {
	case down < 250: // arteries to head and arms, trachea
		for _, at := range [][2]int{{-170, -180}, {-40, -260}, {120, -170}, {210, -20}} {
			c.fill(ellipse{u: mid + at[0], v: centre + at[1], a: 80, b: 80}, ctVessel)
		}
		c.fill(ellipse{u: mid, v: centre + 60, a: 115, b: 105}, ctAir+40)
		c.fill(ellipse{u: mid + 60, v: centre + 250, a: 75, b: 60}, ctMuscle)
	case down < 340: // aortic arch, running backwards to the left
		c.fill(ellipse{u: mid + 130, v: centre + 60, a: 210, b: 560, cos: 965, sin: -342}, ctVessel)
		c.fill(ellipse{u: mid - 210, v: centre - 190, a: 110, b: 120}, ctVessel-40)
		c.fill(ellipse{u: mid - 70, v: centre + 100, a: 110, b: 105}, ctAir+40)
	case down < 480: // bifurcation: ascending and descending aorta, pulmonary trunk
		c.fill(ellipse{u: mid - 70, v: centre - 200, a: 190, b: 190}, ctVessel)
		c.fill(ellipse{u: mid + 230, v: centre - 190, a: 190, b: 150, cos: 900, sin: 488}, ctVessel+30)
		c.fill(ellipse{u: mid - 310, v: centre - 120, a: 100, b: 115}, ctVessel-40)
		c.fill(ellipse{u: mid - 180, v: centre + 130, a: 110, b: 85, cos: 940, sin: 406}, ctAir+40)
		c.fill(ellipse{u: mid + 170, v: centre + 150, a: 110, b: 80, cos: 940, sin: -406}, ctAir+40)
		c.fill(ellipse{u: aortaU, v: aortaV, a: 135, b: 135}, ctVessel)
	default: // heart, its chambers, its fat
		grow := min(down-480, 260)
		share := 1024 - max(0, down-780)*5 // its lower wall
		heart := func(u, v, a, b int, value int32, e ellipse) {
			e.u, e.v, e.a, e.b = mid+190+(u-190)*share/1024, centre-70+(v+70)*share/1024, a*share/1024, b*share/1024
			c.fill(e, value)
		}
		heart(190, -70, 560+grow/2, 480+grow/4, ctFat+20, ellipse{cos: 860, sin: 556})
		heart(190, -70, 520+grow/2, 440+grow/4, ctMuscle+40, ellipse{cos: 860, sin: 556})
		heart(400, 20, 250+grow/3, 170, ctVessel, ellipse{cos: 800, sin: 639})
		heart(60, -260, 260, 150+grow/5, ctVessel-30, ellipse{cos: 900, sin: 488})
		heart(-250, -30, 190, 230, ctVessel-30, ellipse{})
		heart(30, 260, 280, 130, ctVessel, ellipse{})
		c.fill(ellipse{u: aortaU, v: aortaV + 30, a: 125, b: 125}, ctVessel)
		c.fill(ellipse{u: mid + 10, v: centre + 400, a: 80, b: 60}, ctMuscle)
	}
}

// paintUpperAbdomen lets the liver rise into the right lung from below, and
// stomach and spleen into the left.
func paintUpperAbdomen(c *canvas, down, centre int) {
	rise := (down - 620) * 1000 / 380 // 0 to 1000
	c.fill(ellipse{u: mid - 620 + rise/7, v: centre - 20, a: 240 + 620*rise/1000, b: 240 + 420*rise/1000, cos: 1000, sin: -220}, ctLiver)
	if rise > 300 {
		c.fill(ellipse{u: mid - 500, v: centre - 60, a: 110, b: 30, cos: 800, sin: 639}, ctVessel-50)
		c.fill(ellipse{u: mid - 720, v: centre + 190, a: 100, b: 26, cos: 900, sin: -488}, ctVessel-50)
		c.fill(ellipse{u: mid + 900, v: centre + 300, a: 130 + 130*rise/1000, b: 220 + 200*rise/1000, cos: 940, sin: -400}, ctLiver+25)
	}
	if rise > 450 {
		c.fill(ellipse{u: mid + 620, v: centre - 330, a: 380, b: 260}, ctMuscle-30)
		c.depths(ellipse{u: mid + 620, v: centre - 330, a: 340, b: 225}, func(at int, _ int32) {
			if at/c.columns < c.row(centre-340) { // gas above a fluid level
				c.v[at] = ctAir + 30
			} else {
				c.v[at] = 1024 + 10
			}
		})
	}
}

func paintVertebra(c *canvas, u, v int) {
	c.fill(ellipse{u: u, v: v - 130, a: 245, b: 195}, ctBone)
	c.fill(ellipse{u: u, v: v - 130, a: 215, b: 165}, ctMarrow)
	for _, side := range []int{-1, 1} {
		c.fill(ellipse{u: u + side*250, v: v + 110, a: 210, b: 55, cos: 950, sin: side * 380}, ctBone)
	}
	c.fill(ellipse{u: u, v: v + 90, a: 160, b: 130}, ctBone)
	c.fill(ellipse{u: u, v: v + 80, a: 105, b: 95}, 1024+25) // the canal with the cord
	c.fill(ellipse{u: u, v: v + 80, a: 55, b: 45}, ctMuscle)
	c.fill(ellipse{u: u, v: v + 260, a: 42, b: 140}, ctBone)
}
