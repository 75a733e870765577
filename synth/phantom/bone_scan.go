package phantom

// boneScanHeight is how many units a whole-body scan shows from head to foot: 560 mm
// fill its width.
const boneScanHeight = 14300

// paintBoneScan paints a planar whole-body bone scan: counts, view 0 anterior, view 1
// posterior.
func paintBoneScan(c *canvas, p scene) {
	size := p.anatomy.Between(960, 1030)
	const scale = 73 // tenths of a unit in a millimetre
	behind := p.view == 1
	at := placing(func(x, y int) (int, int) {
		if behind { // from behind, the patient's right is at the picture's right
			x = -x
		}
		return mid + x*size/1024*scale/10, 1150 + y*size/1024*scale/10
	})
	f := &film{canvas: c, p: p}
	f.scanFlesh(at)
	f.scanTrunk(at, behind)
	f.scanLimbs(at)
	f.scanOrgans(at, behind)
	f.scanLesions(at, behind)
	// A detector's resolution.
	c.blur(max(1, c.columns/200))
	c.blur(max(1, c.columns/200))
	for i, v := range c.v {
		c.v[i] = max(v, 0) + 6
	}
	c.counts(p.grain)
	c.burn(130, 0)
}

// hot adds activity along a bar in millimetres; weight is counts in 1/64.
func (f *film) hot(at placing, weight int32, places ...int) {
	f.bar(at.mm(places...).rounded(), func(n int, d int32) { f.v[n] += weight * d / full })
}

// spot adds activity in an oval.
func (f *film) spot(at placing, x, y, a, b int, weight int32) { f.add(f.oval(at, x, y, a, b), weight) }

// scanFlesh is the little activity of soft tissue.
func (f *film) scanFlesh(at placing) {
	f.hot(at, 260, 0, 260, 1000, 0, 420, 1500, 0, 600, 1350, 0, 800, 1600)
	f.spot(at, 0, 110, 80, 110, 200)
	for _, side := range []int{-1, 1} {
		f.hot(at, 200, side*95, 840, 880, side*95, 1050, 740, side*95, 1300, 560, side*95, 1640, 420)
		f.hot(at, 150, side*210, 330, 460, side*245, 600, 400, side*262, 860, 320, side*268, 960, 300)
	}
}

// scanTrunk paints skull, spine, ribs, girdles and pelvis; what is nearer to the
// detector is seen better.
func (f *film) scanTrunk(at placing, behind bool) {
	near := func(front, back int32) int32 {
		if behind {
			return back
		}
		return front
	}
	f.ring2(at, 0, 95, 72, 92, near(700, 760))
	f.spot(at, 0, 90, 66, 84, 420)
	f.spot(at, 0, 150, 44, 40, near(900, 300)) // face
	f.spot(at, -28, 190, 14, 16, near(500, 200))
	f.spot(at, 28, 190, 14, 16, near(500, 200))
	for n := range 24 {
		y := 200 + n*25
		f.spot(at, 0, y, 15+n/3, 13, near(900+int32(n*20), 2100+int32(n*30)))
	}
	for n := range 11 {
		y := 290 + n*26
		for _, side := range []int{-1, 1} {
			wide := 90 + min(n, 7)*9
			f.hot(at, near(560, 900), side*18, y, 50, side*wide*7/10, y+8, 50, side*wide, y+46, 50)
			if n < 9 {
				f.hot(at, near(800, 330), side*wide, y+46, 50, side*wide*6/10, y+78, 48, side*26, y+50-n*4, 48)
			}
		}
	}
	f.hot(at, near(1500, 300), 0, 290, 160, 0, 380, 140, 0, 450, 110) // sternum
	for _, side := range []int{-1, 1} {
		f.hot(at, near(1000, 600), side*16, 286, 80, side*90, 272, 70, side*150, 280, 80)
		f.spot(at, side*168, 300, 34, 36, 1500)
		f.hot(at, near(400, 1200), side*150, 310, 110, side*120, 390, 80, side*112, 440, 60)
		f.spot(at, side*46, 810, 30, 52, near(700, 2600)) // the joint with the sacrum
		f.hot(at, near(1500, 1000), side*60, 770, 110, side*120, 780, 130, side*138, 830, 90)
		f.spot(at, side*92, 800, 54, 56, 520)
		f.spot(at, side*100, 910, 42, 42, 1500)
		f.hot(at, 800, side*60, 890, 110, side*20, 925, 100, side*56, 960, 100)
	}
	f.spot(at, 0, 826, 48, 60, near(700, 1700))
}

// ring2 adds the shell of an oval: a skull.
func (f *film) ring2(at placing, x, y, a, b int, weight int32) {
	f.spot(at, x, y, a, b, weight*2)
	f.spot(at, x, y, a*8/10, b*8/10, -weight*5/4)
}

func (f *film) scanLimbs(at placing) {
	for _, side := range []int{-1, 1} {
		f.hot(at, 620, side*170, 310, 190, side*190, 420, 130, side*222, 590, 160)
		f.spot(at, side*224, 600, 26, 26, 900)
		f.hot(at, 560, side*226, 610, 150, side*240, 700, 110, side*254, 840, 130)
		f.spot(at, side*256, 858, 24, 22, 800)
		for n := range 4 {
			f.hot(at, 420, side*(246+n*10), 876, 60, side*(240+n*16), 960, 50)
		}
		f.hot(at, 700, side*132, 900, 220, side*128, 1000, 170, side*108, 1190, 190, side*104, 1240, 260)
		f.spot(at, side*104, 1262, 42, 34, 1300)
		f.spot(at, side*104, 1250, 20, 22, 700)
		f.hot(at, 760, side*102, 1290, 240, side*98, 1400, 150, side*94, 1560, 150, side*92, 1610, 190)
		f.spot(at, side*92, 1624, 30, 24, 1400)
		f.hot(at, 900, side*96, 1650, 220, side*104, 1690, 240, side*110, 1720, 200)
	}
}

// scanOrgans paints what leaves by the kidneys, and where it was injected.
func (f *film) scanOrgans(at placing, behind bool) {
	f.spot(at, 0, 905, 36, 30, 14000)
	kidney := int32(900)
	if behind {
		kidney = 2600
	}
	f.spot(at, -58, 640, 27, 48, kidney)
	f.spot(at, 56, 628, 27, 48, kidney)
	f.spot(at, 232, 596, 9, 12, 9000)
}

// scanLesions adds a patient's metastases.
func (f *film) scanLesions(at placing, behind bool) {
	s := f.p.anatomy
	for range s.Below(7) {
		x, y := 0, s.Between(240, 780)
		switch s.Below(4) {
		case 0:
			x = s.Between(-130, 130)
			y = s.Between(300, 560)
		case 1:
			x, y = s.Between(60, 120)*(1-2*s.Below(2)), s.Between(780, 900)
		}
		weight := int32(s.Between(2600, 6500))
		front := s.Below(2) == 0
		if front == behind {
			weight /= 3
		}
		f.spot(at, x, y, s.Between(10, 18), s.Between(9, 16), weight)
	}
}
