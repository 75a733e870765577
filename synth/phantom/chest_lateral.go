package phantom

// side paints the left lateral: the patient looks to the left of the picture.
func (ch *chest) side() {
	at, dome := ch.at, ch.high
	ch.flesh(900, at.mm(2, 30, 760, 0, 110, 1020, 0, 200, 1130, -4, 300, 1120, -6, 520, 1160))
	ch.flesh(700, at.mm(24, -60, 500, 20, 0, 520, 10, 60, 700))
	ch.flesh(560, at.mm(-6, -40, 420, 6, 20, 400, 14, 60, 380)) // the arms are raised
	lung := at.shape(4, 26, 28, 32, 62, 70, 88, 130, 98, 200, 94, 262+dome, 84, 284+dome, 60, 262+dome, 20, 240+dome, -30, 242+dome, -74, 262+dome, -84, 250+dome,
		-92, 200, -90, 150, -74, 96, -44, 56, -18, 34).rounded()
	ch.lung(lung)
	// Heart on the diaphragm, both domes, the shadow of the liver.
	ch.add(ch.oval(at, -34, 208, 54*ch.heart/1024, 44).tilted(420), 420)
	ch.shade(at.shape(-92, 270+dome, -50, 252+dome, -4, 250+dome, 40, 262+dome, 84, 294+dome, 96, 330, 96, 460, -110, 460, -110, 320).rounded(), 30, 260)
	ch.shade(at.shape(-92, 256+dome, -50, 240+dome, 0, 238+dome, 44, 252+dome, 80, 282+dome, 96, 330, 96, 460, -110, 460, -110, 320).rounded(), 30, 170)
	ch.gas(lump(ch.oval(at, -14, 274+dome, 26, 12), 160, ch.s), 170)
	// Aortic arch, hila, windpipe.
	ch.bar(at.mm(-26, 176, 130, -24, 136, 125, 0, 112, 120, 24, 128, 118, 36, 180, 116, 44, 250, 112).rounded(), func(n int, d int32) { ch.v[n] += 105 * d / full })
	ch.add(ch.oval(at, 0, 162, 20, 20), 210)
	ch.bar(at.mm(24, -40, 84, 14, 40, 84, 6, 100, 82, 2, 142, 78).rounded(), func(n int, d int32) { ch.v[n] -= 250 * d / full })
	ch.add(ch.oval(at, 2, 158, 8, 8), -170)
	for _, b := range [][]int{
		{0, 164, 56, 20, 200, 44, 34, 232, 28, 40, 256, 14}, {-2, 168, 52, -4, 206, 40, 6, 234, 24, 16, 246, 12}, {4, 156, 50, 30, 124, 36, 40, 88, 22, 34, 56, 12},
		{-6, 156, 50, -28, 120, 36, -36, 84, 20, -26, 58, 11}, {-4, 166, 46, -40, 188, 34, -70, 212, 20, -84, 226, 11}, {6, 166, 46, 44, 176, 34, 72, 196, 20, 86, 216, 11},
	} {
		a := artery{way: at.mm(b...).rounded()}
		a.small = twigs(a, 6, 2, ch.s)
		ch.vessel(a)
	}
	// Ribs of both sides, the farther ones larger.
	for n := range 9 {
		y := 48 + n*25
		ch.long(16, 170, at.mm(92+n/2, y-10, 46, 60, y-4, 56, 0, y+30, 58, -48, y+62, 58, -78, y+70, 52))
		ch.long(16, 120, at.mm(84+n/2, y-6, 44, 50, y+4, 50, -6, y+38, 52, -50, y+64, 52))
	}
	// Sternum in front.
	ch.plate(at.shape(-62, 62, -52, 60, -62, 94, -84, 152, -92, 214, -100, 212, -94, 150, -74, 92), 30, 90, 160)
	// Spine: bodies in the chest's curve, arches behind.
	for n := range 15 {
		y := -24 + n*23 + n*n/12
		x := 84 - (n-7)*(n-7)*7/10
		w := 13 + n/3
		ch.plate(at.shape(x-w, y, x+w, y-1, x+w-2, y+9, x+w, y+19, x-w, y+20, x-w+3, y+10), 40, 190, 190)
		ch.plate(at.shape(x+w, y+2, x+w+8, y+2, x+w+22, y+24, x+w+16, y+28, x+w+2, y+12), 24, 90, 120)
		ch.small(ch.round(at, x+w+5, y+6, 5), 24, 110)
	}
	ch.plate(at.shape(58, 60, 66, 56, 96, 96, 104, 150, 96, 150, 80, 104), 30, 70, 120) // shoulder blade
	ch.plate(ch.round(at, 30, 40, 22), 50, 110, 150)
}
