package phantom

// paintPelvis paints an antero-posterior radiograph of pelvis and hips.
func paintPelvis(c *canvas, p scene) {
	f := newFilm(c, p, 22)
	const scale = 97 // tenths of a unit in a millimetre: 420 mm fill the width
	size := p.anatomy.Between(970, 1020)
	shift, turn := p.pose.Between(-6, 6), p.pose.Between(-16, 16)
	at := func(x, y int) (int, int) {
		x, y = x*size/1024+shift, y*size/1024
		return mid + x*scale/10 + y*turn/100, y*scale/10 + x*turn/100
	}
	f.trunkFlesh(at)
	f.pelvicBones(at)
	f.bowelGas(at, p, 0, 60, 120, 60)
	f.develop(620, 720, "R", true)
}

// trunkFlesh is the belly above, both thighs below.
func (f *film) trunkFlesh(at placing) {
	f.flesh(900, at.mm(0, -60, 2500, 0, 60, 2600, 0, 170, 2600))
	for _, side := range []int{-1, 1} {
		f.flesh(900, at.mm(side*100, 170, 1500, side*112, 300, 1320, side*112, 420, 1200))
	}
	f.shade(at.shape(-60, 200, 0, 170, 60, 200, 40, 260, 0, 290, -40, 260).rounded(), 300, 120)
}

// pelvicBones paints sacrum, hip bones and femurs.
func (f *film) pelvicBones(at placing) {
	for _, y := range []int{-8, 34} { // the last lumbar vertebrae
		f.plate(at.shape(-25, y, 25, y, 24, y+16, 27, y+32, -27, y+32, -24, y+16), 50, 360, 250)
		f.plate(at.shape(-4, y+8, 4, y+8, 5, y+28, -5, y+28), 26, 180, 130)
		for _, side := range []int{-1, 1} {
			f.plate(at.shape(side*24, y+6, side*44, y+2, side*46, y+10, side*26, y+16), 26, 120, 140)
			f.plate(at.shape(side*12, y+14, side*19, y+10, side*20, y+24, side*13, y+26), 22, 120, 130)
		}
	}
	// Sacrum and coccyx with the holes of the nerves.
	f.plate(at.shape(-26, 70, -58, 76, -54, 96, -38, 124, -20, 156, -8, 168, 8, 168, 20, 156, 38, 124, 54, 96, 58, 76, 26, 70), 60, 300, 150)
	for n := range 4 {
		for _, side := range []int{-1, 1} {
			f.add(f.oval(at, side*(26-n*3), 88+n*18, 6, 5), -130)
			f.stroke(22, 120, f.path(at, side*(19-n*3), 82+n*18, side*(32-n*4), 84+n*17)...)
		}
		f.stroke(20, 80, f.path(at, -18+n*3, 92+n*18, 18-n*3, 92+n*18)...)
	}
	f.plate(at.shape(-8, 166, 8, 166, 5, 182, 2, 194, -4, 194, -6, 182), 26, 170, 110)
	for _, side := range []int{-1, 1} {
		f.hipBone(func(x, y int) (int, int) { return at(side*x, y) })
		f.femur(func(x, y int) (int, int) { return at(side*x, y) })
	}
	f.stroke(44, -260, f.path(at, 0, 214, 0, 244)...)
}

// oval is an ellipse by millimetres.
func (f *film) oval(at placing, x, y, a, b int) ellipse {
	u, v := at(x, y)
	u2, _ := at(x+a, y)
	_, v2 := at(x, y+b)
	return ellipse{u: u, v: v, a: abs(u2 - u), b: abs(v2 - v)}
}

// path is a path by millimetres.
func (f *film) path(at placing, places ...int) []int { return at.shape(places...) }

// hipBone paints ilium, pubis and ischium of one side, x outwards.
func (f *film) hipBone(at placing) {
	// The wing: thin in its middle, dense towards the joints.
	f.plate(at.shape(44, 68, 60, 44, 88, 30, 118, 34, 138, 54, 143, 76, 134, 96, 126, 112, 122, 136, 112, 152, 92, 160, 76, 154, 66, 138, 54, 120), 60, 230, 260)
	f.shade(at.shape(86, 50, 118, 50, 128, 72, 116, 96, 92, 90, 78, 70).rounded(), 260, -130)
	f.shade(at.shape(48, 76, 62, 60, 72, 90, 74, 130, 62, 128, 54, 108).rounded(), 120, 170)
	f.stroke(34, 170, f.path(at, 56, 84, 60, 118, 76, 146, 84, 170)...) // the rim of the pelvis
	f.stroke(22, 210, f.path(at, 50, 84, 56, 100, 60, 116)...)          // the joint with the sacrum
	// The socket: roof, both edges, the floor.
	f.stroke(52, 300, f.path(at, 78, 160, 92, 149, 108, 151, 120, 164)...)
	f.stroke(20, 150, f.path(at, 78, 160, 74, 180, 80, 200)...)
	f.stroke(20, 110, f.path(at, 122, 160, 116, 184, 100, 204)...)
	f.stroke(18, 170, f.path(at, 70, 168, 69, 184, 72, 198)...) // the tear drop
	f.stroke(18, 170, f.path(at, 76, 170, 76, 188, 72, 198)...)
	f.plate(at.shape(76, 156, 110, 160, 112, 186, 98, 206, 78, 206, 70, 184), 60, 150, 60)
	// Pubis and ischium around the hole.
	f.plate(at.shape(78, 186, 52, 196, 24, 206, 4, 210, 3, 244, 14, 250, 24, 236, 40, 224, 60, 214, 82, 206), 50, 220, 260)
	f.plate(at.shape(88, 196, 96, 216, 92, 246, 82, 264, 64, 270, 44, 258, 16, 250, 12, 238, 30, 238, 54, 244, 68, 240, 72, 222, 74, 204), 56, 210, 260)
}

// femur paints head, neck, both trochanters and the shaft of one side.
func (f *film) femur(at placing) {
	f.small(f.round(at, 98, 180, 24), 60, 470)
	f.plate(at.shape(104, 162, 122, 172, 134, 176, 146, 172, 158, 184, 160, 204, 156, 226, 154, 260, 153, 330, 152, 440, 122, 440, 121, 330, 120, 270, 116, 248, 106, 238, 108, 226, 116, 214, 104, 202, 92, 200), 86, 420, 470)
	f.shade(at.shape(106, 236, 118, 230, 122, 250, 114, 252).rounded(), 40, 150)
	// Trabeculae of pressure and tension.
	for n := range 7 {
		f.stroke(9, 60, f.path(at, 88+n*3, 166+n*2, 104+n*2, 196, 118+n, 226, 122, 250)...)
		f.stroke(9, 46, f.path(at, 92, 168+n*3, 116, 168+n*3, 140, 190+n*5, 152, 220+n*6)...)
	}
	f.stroke(26, 150, f.path(at, 118, 206, 130, 226, 121, 244)...)
}

// round is a circle as an outline.
func (f *film) round(at placing, x, y, r int) outline {
	u, v := at(x, y)
	u2, _ := at(x+r, y)
	var o outline
	for i := range 16 {
		du, dv := turned(i*whole/16, abs(u2-u))
		o = append(o, u+du, v+dv)
	}
	return o
}

// bowelGas takes out gas in loops around a place, with faeces' mottling between.
func (f *film) bowelGas(at placing, p scene, x, y, wide, high int) {
	s := p.pose
	for range 9 {
		gx, gy := x+s.Between(-wide, wide), y+s.Between(-high, high)
		e := f.oval(at, gx, gy, s.Between(8, 20), s.Between(7, 13))
		f.gas(lump(e.tilted(s.Below(whole)), 260, s), int32(s.Between(90, 260)))
	}
}
