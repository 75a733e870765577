package phantom

// spine paints the vertebra or disc that the slice cuts, with the muscles beside.
func (t *trunk) spine() {
	c := t.c
	if t.z > 31*cm {
		return // the sacrum is of the pelvis
	}
	v := t.centre + t.b - t.fat - 4*cm - 20
	for _, side := range []int{-1, 1} {
		c.fill(ellipse{u: mid + side*3*cm, v: v + 3*cm - 30, a: 3*cm - 40, b: 2 * cm}.tilted(-side*150), ctMuscle)
		c.fill(ellipse{u: mid + side*6*cm, v: v + 2*cm, a: 2*cm - 20, b: cm + 20}.tilted(-side*300), ctMuscle)
		if t.z > 13*cm {
			r := min(cm/2+(t.z-13*cm)/9, 2*cm+50)
			c.fill(ellipse{u: mid + side*(3*cm+(t.z-13*cm)/20), v: v - 20, a: r * 9 / 10, b: r}, ctMuscle)
		}
	}
	body := ellipse{u: mid, v: v - cm, a: 2*cm + 20, b: cm + 70}
	along := t.z % (3*cm + 60)
	if along < 80 { // a disc
		c.fill(body, ctWater+95)
		c.fill(body.grown(-50), ctWater+75)
	} else {
		spongy := c.texture(texture{seed: t.seed + 23, cell: 30, octaves: 2, z: t.z})
		c.fill(body, ctBone+100)
		c.depths(body.grown(-24), func(at int, _ int32) { c.v[at] = ctMarrow + spongy[at]/9 })
	}
	c.fill(ellipse{u: mid, v: v + 80, a: cm + 60, b: cm + 20}, ctBone)
	c.fill(ellipse{u: mid, v: v + 70, a: cm - 5, b: cm - 25}, ctWater+25)
	c.fill(ellipse{u: mid, v: v + 70, a: 50, b: 40}, ctMuscle)
	if along > 80 {
		for _, side := range []int{-1, 1} {
			c.set(45, ctBone, mid+side*cm, v+40, mid+side*(2*cm+60), v+60)
			if along > 2*cm {
				c.set(36, ctBone, mid+side*2*cm, v+60, mid+side*4*cm, v+90)
			}
		}
	} else {
		for _, side := range []int{-1, 1} { // the small joints
			c.fill(ellipse{u: mid + side*(cm+50), v: v + cm + 20, a: 60, b: 75}, ctBone+150)
			c.set(8, ctWater+60, mid+side*(cm+20), v+cm-40, mid+side*(cm+80), v+cm+60)
		}
	}
	c.set(36, ctBone, mid, v+cm+60, mid, v+3*cm)
}

// greatVessels paints aorta and caval vein and, below where they fork, the iliac
// vessels.
func (t *trunk) greatVessels() {
	v := (t.b - t.fat - 7*cm) * 10 / cm
	t.tube(ctVessel, 0, 9, v+5, 11, 120, 6, v+3, 10, 262, 3, v+2, 9)
	if t.z > 3*cm {
		t.tube(ctVessel-35, 0, -25, v-15, 14, 60, -25, v-5, 13, 120, -23, v+2, 13, 275, -15, v+6, 12)
	}
	for _, side := range []int{-1, 1} {
		t.tube(ctVessel, 255, side*5, v+2, 7, 300, side*28, v-2, 7, 370, side*65, v-35, 6, 430, side*62, -62, 5, 460, side*58, -70, 5)
		t.tube(ctVessel-35, 268, side*8-10, v+8, 9, 310, side*34, v+8, 8, 370, side*66, v-20, 8, 430, side*54, -55, 7, 460, side*49, -66, 7)
	}
	t.tube(ctVessel, 115, 4, v-16, 5, 180, -2, v-28, 4, 240, -8, v-40, 3) // to the bowel
	t.tube(ctVessel-30, 115, -6, v-16, 6, 180, -10, v-27, 5, 240, -16, v-38, 4)
	if t.z > 10*cm && t.z < 11*cm {
		t.c.set(32, ctVessel, mid+60, t.centre+v*cm/10, mid+40, t.centre+(v-14)*cm/10)
	}
}

// pelvisOrgans paints bladder, rectum and what lies between.
func (t *trunk) pelvisOrgans() {
	t.organ(0, 5*cm+50, 42*cm, 2*cm-20, 2*cm-20, 9*cm, 0, ctWater+70)
	t.organ(0, 5*cm+50, 42*cm, cm+40, cm+40, 8*cm, 0, ctWater-60)
	t.organ(0, 5*cm+20, 41*cm, cm-20, cm/2, 6*cm, 0, ctAir+80)
	t.organ(0, cm+40, 42*cm, 3*cm-20, 2*cm, 3*cm, 0, ctWater+85)
	t.organ(10, -2*cm-30, 41*cm, 4*cm+20, 3*cm+30, 5*cm, 0, ctWater+55)
	t.organ(10, -2*cm-30, 41*cm, 4*cm-10, 3*cm, 5*cm-30, 0, ctWater+8)
}

// pelvis paints the bones of the pelvis with the muscles on both sides of them.
func (t *trunk) pelvis() {
	c, z := t.c, t.z
	back := t.centre + t.b - t.fat
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x }
		if z > 29*cm { // buttocks
			big := min(z-29*cm, 6*cm) * 1024 / (6 * cm)
			c.fill(ellipse{u: at(8 * cm), v: back - 2*cm, a: 6 * cm * big / 1024, b: 3 * cm * big / 1024}.tilted(-side*350), ctMuscle)
			c.fill(ellipse{u: at(12 * cm), v: t.centre + 2*cm, a: 2*cm + 30, b: 4 * cm * big / 1024}.tilted(side*200), ctMuscle)
			c.set(14, ctFat, at(6*cm), back-3*cm, at(12*cm), back-4*cm)
		}
		if z > 28*cm && z < 42*cm { // iliacus and psoas
			c.fill(ellipse{u: at(7*cm + 50), v: t.centre + curve(z, 28*cm, 2*cm, 40*cm, -4*cm), a: 2*cm + 60, b: 2 * cm}.tilted(side*350), ctMuscle)
		}
		if z > 37*cm {
			c.set(70, ctMuscle, at(6*cm), t.centre+4*cm, at(6*cm), t.centre-2*cm) // obturator
		}
		switch {
		case z < 37*cm: // the wing
			open := min(z-26*cm, 8*cm)
			path := []int{at(4*cm + 40), back - 2*cm - 40, at(7*cm + 30), back - 4*cm, at(10 * cm), t.centre + cm, at(9*cm + open/3), t.centre + 2*cm - open/2}
			if z < 29*cm {
				path = path[:6]
			}
			t.bone(62, path...)
		default:
			t.hip(side)
		}
	}
	if z > 29*cm && z < 43*cm { // sacrum and coccyx
		big := curve(z, 29*cm, 1024, 36*cm, 800, 43*cm, 200)
		v := back - curve(z, 29*cm, 4*cm, 36*cm, 2*cm, 43*cm, 3*cm)
		t.boneBody(ellipse{u: mid, v: v, a: 5 * cm * big / 1024, b: 2 * cm * big / 1024})
		t.boneBody(ellipse{u: mid, v: v - cm*big/1024, a: 3 * cm * big / 1024, b: cm * big / 1024})
		if z < 39*cm {
			for _, side := range []int{-1, 1} {
				c.fill(ellipse{u: mid + side*(cm+60), v: v - 10, a: 36, b: 36}, ctFat+40)
			}
			c.fill(ellipse{u: mid, v: v + cm/2, a: 60, b: 34}, ctWater+20)
		}
	}
}

// hip paints the joint with the head of the femur, and pubis and ischium.
func (t *trunk) hip(side int) {
	c, z := t.c, t.z
	at := func(x int) int { return mid + side*x }
	head := solid{u: at(9 * cm), v: t.centre + 20, z: 42 * cm, a: 2*cm + 50, b: 2*cm + 50, c: 2*cm + 50}
	t.bone(60, at(7*cm+20), t.centre+3*cm+60, at(6*cm+40), t.centre+cm, at(6*cm+50), t.centre-2*cm, at(8*cm), t.centre-3*cm+20)
	t.bone(64, at(7*cm+20), t.centre+3*cm+60, at(9*cm), t.centre+3*cm+20, at(11*cm), t.centre+2*cm)
	if z > 42*cm {
		t.bone(70, at(6*cm+40), t.centre-2*cm, at(3*cm), t.centre-4*cm, at(40), t.centre-5*cm+30)
		c.set(18, ctWater+90, mid, t.centre-5*cm-40, mid, t.centre-4*cm+20)
	}
	if e, ok := head.cut(z); ok {
		c.fill(e.grown(22), ctFat+60)
		t.boneBody(e)
	}
	if z > 41*cm { // neck and trochanter
		t.bone(95, at(10*cm), t.centre+50, at(13*cm), t.centre+cm+20)
		t.boneBody(ellipse{u: at(13*cm + 20), v: t.centre + cm + 40, a: 2*cm - 20, b: 2 * cm}.tilted(side * 300))
	}
	c.fill(ellipse{u: at(12 * cm), v: t.centre - 5*cm, a: 2 * cm, b: 2*cm + 20}, ctMuscle) // thigh
	c.fill(ellipse{u: at(8 * cm), v: t.centre - 6*cm, a: cm + 40, b: cm + 20}, ctMuscle)
}

// bone paints a flat bone along a path: cortex outside, spongy inside.
func (t *trunk) bone(r int, path ...int) {
	t.c.set(r, ctBone+80, path...)
	t.c.set(r-22, ctMarrow, path...)
}

// boneBody is bone for a round one.
func (t *trunk) boneBody(e ellipse) {
	t.c.fill(e, ctBone+80)
	t.c.fill(e.grown(-24), ctMarrow+60)
}
