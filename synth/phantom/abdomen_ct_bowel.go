package phantom

// bowel paints loops of the small bowel in the mesentery's fat, and the colon
// around them.
func (t *trunk) bowel() {
	c, s := t.c, t.draws(2)
	if t.z > 11*cm && t.z < 42*cm {
		e := t.cavity()
		for n := range 70 { // the mesentery's vessels
			u, v := s.Between(-900, 900), s.Between(-500, 300)
			c.fill(ellipse{u: e.u + u + t.z*(n%7-3)/20, v: e.v + v + t.z*(n%5-2)/24, a: 15 + n%10, b: 15 + n%8}, ctWater+140)
		}
	}
	s = t.draws(3)
	content := c.texture(texture{seed: t.seed + 22, cell: 60, octaves: 2, z: t.z})
	for n := range 64 {
		u, v, z := s.Between(-9*cm, 9*cm), s.Between(-8*cm, 2*cm), s.Between(15*cm, 40*cm)
		l := solid{u: mid + u, v: t.centre + v, z: z, a: s.Between(150, 330), b: s.Between(110, 150), c: s.Between(130, 300), angle: s.Below(whole)}
		if u*u/4+v*v > 30*cm*cm {
			continue
		}
		t.loop(l, 26, content, n%5 == 0)
	}
	// Ascending, transverse, descending colon.
	t.loop(solid{u: mid - 10*cm, v: t.centre + cm, z: 23 * cm, a: 260 + t.haustra(0), b: 280 + t.haustra(500), c: 10 * cm}, 24, content, true)
	t.loop(solid{u: mid + 11*cm, v: t.centre + 2*cm, z: 20 * cm, a: 190 + t.haustra(300), b: 200 + t.haustra(100), c: 14 * cm}, 24, content, true)
	t.loop(solid{u: mid - cm, v: t.centre - 7*cm, z: 18 * cm, a: 8 * cm, b: 190 + t.haustra(700), c: 3 * cm}, 24, content, true)
	t.loop(solid{u: mid + 6*cm, v: t.centre + cm, z: 35 * cm, a: 4 * cm, b: 180, c: 3 * cm, angle: -300}, 24, content, true)
}

// haustra is how the colon's width changes along its way.
func (t *trunk) haustra(shift int) int {
	_, v := turned(t.z*3+shift*4, 50)
	return v
}

// loop paints a piece of bowel: its wall, what is in it, and the gas above that.
func (t *trunk) loop(s solid, wall int, content []int32, gas bool) {
	c := t.c
	e, ok := s.cut(t.z)
	if !ok {
		return
	}
	c.fill(e, ctWater+100)
	if e.a <= wall || e.b <= wall {
		return
	}
	_, high := e.reach()
	level := e.v - high/4
	c.depths(e.grown(-wall), func(at int, _ int32) {
		n := content[at]
		switch {
		case gas && c.vs[at/c.columns] < level:
			c.v[at] = ctAir + 60
		case gas && n > 420:
			c.v[at] = ctWater - 500
		default:
			c.v[at] = ctWater + 35 + n/20
		}
	})
}

// wall paints what is outside the cavity: muscles, fat and skin, the lower ribs.
func (t *trunk) wall() {
	c := t.c
	inner, skin := t.cavity(), ellipse{u: mid, v: t.centre, a: t.a, b: t.b}
	muscle := inner.grown(115)
	// Shares of the radius, as depths counts them, are squared and compared.
	ratio := func(e ellipse, u, v int) int {
		p, q := (u-e.u)*2048/e.a, (v-e.v)*2048/e.b
		return p*p + q*q
	}
	const edge = 2048 * 2048
	c.each(mid-t.a, t.centre-t.b, mid+t.a, t.centre+t.b, func(at, u, v int) {
		if ratio(inner, u, v) < edge {
			return
		}
		switch {
		case ratio(skin, u, v) >= edge:
			return
		case ratio(skin.grown(-18), u, v) >= edge:
			c.v[at] = ctWater + 20
		case ratio(muscle, u, v) < edge:
			c.v[at] = ctMuscle
			if d := ratio(inner.grown(38), u, v) - edge; abs(u-mid) > 6*cm && (max(d, -d) < edge/90 || max(d-edge/9, edge/9-d) < edge/140) {
				c.v[at] = ctFat + 40 // between the layers
			}
		default:
			c.v[at] = ctFat
		}
	})
	// The straight muscles in front, the white line between them.
	for _, side := range []int{-1, 1} {
		c.fill(ellipse{u: mid + side*3*cm + side*30, v: inner.v - inner.b - 50, a: 3 * cm, b: 75}.tilted(side*130), ctMuscle+5)
	}
	if t.z > 20*cm && t.z < 22*cm {
		c.fill(ellipse{u: mid, v: t.centre - t.b + 20, a: 50, b: 80}, ctFat) // navel
	}
	if t.z < 14*cm {
		for n := range 12 {
			angle := n*whole/12 + 170 + (t.z*2+n*97)%340
			if angle%whole > whole*5/8 && angle%whole < whole*7/8 {
				continue // none in front
			}
			du, _ := turned(angle, inner.a+50)
			_, dv := turned(angle, inner.b+50)
			rib := ellipse{u: mid + du, v: inner.v + dv, a: 150, b: 50}.tilted(angle + whole/4)
			c.fill(rib, ctBone)
			c.fill(rib.grown(-24), ctMarrow)
		}
	}
}
