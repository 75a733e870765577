package phantom

// paintAbdomenRadiograph paints an antero-posterior radiograph of the abdomen,
// lying.
func paintAbdomenRadiograph(c *canvas, p scene) {
	f := newFilm(c, p, 22)
	const scale = 116 // tenths of a unit in a millimetre: 353 mm fill the width
	size := p.anatomy.Between(970, 1010)
	shift, turn := p.pose.Between(-6, 6), p.pose.Between(-12, 12)
	at := placing(func(x, y int) (int, int) {
		x, y = x*size/1024+shift, y*size/1024
		return mid + x*scale/10 + y*turn/100, y*scale/10 + x*turn/100
	})
	f.flesh(980, at.mm(0, -80, 2350, 0, 100, 2300, 0, 210, 2200, 0, 300, 2300, 0, 460, 2450))
	// The lungs' bases above, liver, spleen, kidneys and psoas as shades.
	for _, side := range []int{-1, 1} {
		f.shade(at.shape(side*24, -60, side*120, -60, side*128, 26, side*80, 0, side*30, 6).rounded(), 120, -420)
		f.shade(at.shape(side*22, 110, side*30, 130, side*62, 300, side*40, 320, side*20, 240).rounded(), 40, 85)
		f.shade(lump(f.oval(at, side*72, 140-side*8, 30, 56).tilted(side*250), 60, p.anatomy), 60, 90)
	}
	f.shade(at.shape(-140, 20, -60, 0, -8, 26, -50, 90, -110, 190, -138, 170).rounded(), 160, 190)
	f.shade(at.shape(110, 40, 136, 50, 138, 120, 112, 130).rounded(), 120, 110)
	f.lumbarAP(at)
	// Ribs.
	for n := range 4 {
		y := 4 + n*34
		for _, side := range []int{-1, 1} {
			f.long(20, 230, at.mm(side*20, y, 46, side*60, y+18-n*2, 56, side*(112-n*14), y+60-n*6, 56, side*(138-n*18), y+106-n*12, 50))
		}
	}
	lower := func(x, y int) (int, int) { return at(x, y+258) }
	f.pelvicBones(lower)
	f.colonGas(at, p)
	f.develop(560, 800, "R", true)
}

// lumbarAP paints the vertebrae above the two that belong to the pelvis.
func (f *film) lumbarAP(at placing) {
	for n := range 7 {
		y := 250 - 37 - n*37
		w := 25 - n/2
		f.plate(at.shape(-w, y, w, y, w-2, y+15, w+1, y+30, -w-1, y+30, -w+2, y+15), 46, 330, 260)
		f.plate(at.shape(-4, y+10, 4, y+10, 6, y+32, -6, y+32), 26, 170, 150)
		for _, side := range []int{-1, 1} {
			f.small(f.round(at, side*16, y+8, 5), 26, 210)
			f.plate(at.shape(side*8, y+20, side*16, y+14, side*17, y+38, side*10, y+40), 24, 110, 120)
			if n < 5 {
				f.plate(at.shape(side*22, y+6, side*42, y+2, side*44, y+8, side*24, y+14), 24, 110, 140)
			}
		}
	}
}

// colonGas paints the gas of stomach and colon, which frames the belly, and some
// in loops of the small bowel.
func (f *film) colonGas(at placing, p scene) {
	s := p.pose
	f.gas(lump(f.oval(at, 62, 34, 44, 22).tilted(-200), 120, s), 380)
	frame := [][2]int{
		{-118, 300}, {-120, 262}, {-116, 226}, {-112, 190}, {-92, 166}, {-56, 176}, {-20, 186}, {18, 184}, {54, 172}, {88, 150}, {112, 138},
		{122, 172}, {124, 206}, {124, 242}, {120, 276}, {104, 306}, {72, 318}, {40, 330}, {14, 352}, {4, 392},
	}
	for i, at0 := range frame {
		if i > 10 && s.Below(3) == 0 || i <= 2 {
			continue
		}
		e := f.oval(at, at0[0]+s.Between(-4, 4), at0[1]+s.Between(-4, 4), s.Between(15, 22), s.Between(13, 19))
		f.gas(lump(e, 140, s), int32(s.Between(170, 330)))
	}
	// Faeces in the ascending colon: gas in small bubbles.
	for range 60 {
		e := f.oval(at, -118+s.Between(-16, 16), 260+s.Between(-54, 50), s.Between(2, 5), s.Between(2, 4))
		f.gas(lump(e, 200, s), int32(s.Between(60, 170)))
	}
	f.bowelGas(at, p, 0, 240, 70, 40)
}
