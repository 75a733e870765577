package phantom

import "pacsuat/synth/draw"

// paintChestRadiograph paints a projection of the chest, bones bright: view 0
// postero-anterior, view 1 left lateral.
func paintChestRadiograph(c *canvas, p scene) {
	f := newFilm(c, p, 26)
	ch := &chest{film: f, s: p.anatomy, air: make([]int32, len(c.v))}
	ch.wide, ch.heart, ch.high = p.anatomy.Between(955, 1050), p.anatomy.Between(900, 1180), p.anatomy.Between(-10, 8)
	shift, turn := p.pose.Between(-6, 6), p.pose.Between(-14, 14)
	const scale = 115 // tenths of a unit in a millimetre: 356 mm fill the width
	ch.at = func(x, y int) (int, int) {
		x, y = x*ch.wide/1024+shift, y+4
		return mid + x*scale/10 + y*turn/100, y*scale/10 + x*turn/100
	}
	marker := "R" // the side marker is beside the patient's right shoulder
	if p.view == 0 {
		ch.front()
	} else {
		ch.side()
		marker = "L"
	}
	f.develop(110, 760, marker, true)
}

// chest is a chest while it is painted; at places millimetres, x from the middle.
type chest struct {
	*film
	s                 *draw.Stream // of the anatomy
	at                placing
	wide, heart, high int     // in 1/1024, and in millimetres
	air               []int32 // the share of every pixel that is lung
}

func (ch *chest) front() {
	at := ch.at
	women := ch.s.Below(2) == 0
	ch.flesh(880, at.mm(0, 40, 1180, 0, 120, 1560, 0, 220, 1580, 0, 330, 1560, 0, 520, 1600))
	ch.flesh(760, at.mm(0, -60, 560, 0, 10, 560, 0, 50, 640))
	for _, side := range []int{-1, 1} {
		ch.flesh(620, at.mm(side*20, 44, 420, side*90, 62, 480, side*160, 86, 560, side*184, 140, 500, side*196, 300, 420))
	}
	ch.lungs()
	for _, side := range []int{-1, 1} {
		ch.vesselTree(side)
		if women {
			ch.shade(lump(ch.oval(at, side*78, 236, 56, 48), 40, ch.s), 500, 95)
		}
	}
	ch.middle()
	ch.ribs()
	ch.girdle()
	if _, v := at(0, 300); v < ch.bottom { // the belly, where it is on the picture
		ch.shade(outline{ch.left - 400, v, mid, v - 700, ch.right + 400, v, ch.right + 400, ch.bottom + 900, ch.left - 400, ch.bottom + 900}.rounded(), 500, 260)
	}
}

// lungs takes away what air does not stop; the shadows of heart and diaphragm are
// what is left.
func (ch *chest) lungs() {
	at, dome := ch.at, ch.high
	border := func(x int) int { return x * ch.heart / 1024 }
	right := at.shape(-34, 36, -58, 44, -88, 80, -114, 138, -128, 200, -132, 246+dome, -128, 266+dome, -112, 252+dome, -78, 236+dome, -44, 242+dome, -24, 256+dome,
		-border(28), 240, -border(40), 214, -border(36), 188, -24, 168, -21, 140, -20, 100, -20, 60)
	left := at.shape(34, 36, 58, 44, 88, 80, 114, 138, 129, 200, 134, 254+dome, 130, 276+dome, 112, 264+dome, 92, 254+dome,
		border(92), 246+dome, border(88), 226, border(70), 196, border(48), 172, 36, 158, 40, 146, 35, 134, 41, 118, 36, 104, 22, 92, 19, 60)
	for _, o := range []outline{right, left} {
		o = o.rounded()
		ch.lung(o)
	}
	// The heart, its thickness; the domes; the lung behind both.
	ch.add(ch.oval(at, 18, 216, 66*ch.heart/1024, 52).tilted(330), 190)
	ch.add(ch.oval(at, -76, 300+dome, 76, 62), 260)
	ch.add(ch.oval(at, 84, 312+dome, 70, 58), 230)
	ch.gas(lump(ch.oval(at, 74, 276+dome, 26, 15), 160, ch.s), 190)
}

// lung takes away one lung.
func (ch *chest) lung(o outline) {
	ch.soft(o, 40, func(at int, share int32) {
		ch.v[at] -= 330 * share / full
		ch.air[at] = max(ch.air[at], share)
	})
	ch.shade(o, 240, -300)
}

// vesselTree lets the lung's vessels run from the hilum outwards.
func (ch *chest) vesselTree(side int) {
	ch.add(ch.oval(ch.at, side*34, 168, 15, 24), 150)
	for _, b := range [][]int{
		{30, 172, 62, 42, 200, 52, 54, 232, 38, 62, 252, 20},
		{30, 164, 56, 46, 128, 44, 56, 92, 30, 60, 62, 14},
		{32, 168, 50, 66, 166, 38, 96, 176, 24, 116, 186, 12},
		{32, 172, 46, 66, 194, 36, 92, 220, 24, 108, 242, 12},
		{32, 164, 44, 62, 134, 32, 86, 116, 22, 100, 104, 11},
	} {
		way := make([]int, len(b))
		for i := 0; i < len(b); i += 3 {
			jitter := min(i, 3) * 2
			way[i], way[i+1], way[i+2] = side*(b[i]+ch.s.Between(-jitter, jitter)), b[i+1]+ch.s.Between(-jitter, jitter), b[i+2]
		}
		a := artery{way: ch.at.mm(way...).rounded()}
		a.small = twigs(a, 6, 2, ch.s)
		ch.vessel(a)
	}
}

// vessel adds a vessel with its branches.
func (ch *chest) vessel(a artery) {
	weight := int32(26 + a.way[2]*5/4)
	ch.bar(a.way, func(at int, d int32) { ch.v[at] += weight * d / full * ch.air[at] / full })
	for _, s := range a.small {
		ch.vessel(s)
	}
}

// middle paints what lies between the lungs: windpipe, spine, aorta.
func (ch *chest) middle() {
	at := ch.at
	ch.bar(at.mm(0, -40, 85, 0, 40, 84, 2, 96, 82, 2, 128, 80).rounded(), func(n int, d int32) { ch.v[n] -= 210 * d / full })
	ch.bar(at.mm(2, 128, 64, -14, 146, 58, -30, 160, 46).rounded(), func(n int, d int32) { ch.v[n] -= 120 * d / full })
	ch.bar(at.mm(2, 128, 60, 20, 148, 54, 38, 162, 42).rounded(), func(n int, d int32) { ch.v[n] -= 120 * d / full })
	ch.add(ch.oval(at, 26, 116, 18, 18), 170)
	ch.bar(at.mm(28, 116, 130, 26, 180, 120, 20, 260, 120).rounded(), func(n int, d int32) { ch.v[n] += 60 * d / full })
	for n := range 17 {
		y := -30 + n*22 + n*n/14
		w := 14 + n/2
		ch.plate(at.shape(-w, y, w, y, w-2, y+9, w, y+18, -w, y+18, -w+2, y+9), 30, 90, 90)
		ch.plate(at.shape(-3, y+8, 3, y+8, 4, y+22, -4, y+22), 20, 60, 70)
		for _, side := range []int{-1, 1} {
			ch.small(ch.round(at, side*(w-5), y+7, 4), 20, 80)
			ch.plate(at.shape(side*w, y+4, side*(w+16), y, side*(w+17), y+7, side*w, y+11), 18, 40, 60)
		}
	}
}

// ribs paints ten pairs: the posterior part falls outwards, the anterior part,
// fainter, falls inwards.
func (ch *chest) ribs() {
	for n := range 10 {
		y := 44 + n*24
		reach := 74 + min(n, 6)*10 - max(0, n-8)*6
		for _, side := range []int{-1, 1} {
			mm := func(x, y int) (int, int) { return ch.at(side*x, y) }
			thick := 56 + n
			ch.long(18, 270, placing(mm).mm(16, y, 46, reach*50/100, y-5+n, thick, reach*80/100, y+8+n*2, thick, reach, y+32+n*2, thick, reach+2, y+46+n*2, thick-6))
			if n < 8 {
				ch.long(16, 150, placing(mm).mm(reach+2, y+46+n*2, thick-6, reach*88/100, y+66+n*2, thick, reach*62/100, y+84+n, thick+4))
			}
		}
	}
}

// girdle paints collar bones, shoulder blades and the upper arms' heads.
func (ch *chest) girdle() {
	for _, side := range []int{-1, 1} {
		at := placing(func(x, y int) (int, int) { return ch.at(side*x, y) })
		ch.long(26, 330, at.mm(18, 78, 84, 40, 70, 62, 74, 66, 58, 112, 52, 62, 142, 48, 66))
		ch.plate(at.shape(112, 62, 134, 54, 150, 66, 146, 86, 138, 116, 122, 172, 114, 160, 112, 120, 108, 84), 30, 40, 130)
		ch.long(22, 190, at.mm(112, 88, 56, 130, 66, 60, 152, 48, 60))
		ch.plate(at.shape(142, 62, 158, 56, 172, 66, 176, 86, 172, 108, 176, 180, 178, 320, 160, 320, 158, 180, 156, 110, 144, 88), 70, 200, 250)
	}
}
