package phantom

// paintAnkle paints a radiograph of the right ankle: view 0 antero-posterior with
// the fibula at the left, view 1 lateral with the toes at the left.
func paintAnkle(c *canvas, p scene) {
	f := newFilm(c, p, 16)
	size := p.anatomy.Between(960, 1030)
	turn := p.pose.Between(-30, 30)
	at := func(x, y int) (int, int) {
		x, y = x*10*size/1024, (y-120)*10*size/1024
		x, y = x+y*turn/1024, y-x*turn/1024
		return mid + x*rm/10, 1240*rm/10 + y*rm/10
	}
	if p.view == 0 {
		f.ankleFront(at)
	} else {
		f.ankleSide(at)
	}
	f.develop(150, 850, "R", true)
}

func (f *film) ankleFront(at placing) {
	f.flesh(640, at.mm(0, -20, 420, 0, 60, 360, -1, 115, 370, 0, 140, 400, 2, 175, 370, 4, 215, 330))
	f.flesh(900, at.mm(4, 160, 300, 4, 205, 330, 6, 226, 280))
	// Tibia, with the inner malleolus, and fibula.
	f.plate(at.shape(-12, -60, -11, 0, -11, 40, -13, 70, -19, 95, -23, 106, -22, 114, -8, 116, 8, 115, 17, 117, 19, 126, 24, 133, 29, 128, 27, 108, 21, 92, 16, 70, 14, 40, 14, 0, 15, -60), 90, 480, 470)
	f.long(44, 480, at.mm(-26, -30, 66, -27, 40, 64, -28, 85, 74, -29, 112, 92, -30, 128, 88, -29, 137, 64))
	// Talus below the mortise, heel and the foot's bones beyond it.
	f.plate(at.shape(-19, 122, -6, 121, 6, 120, 15, 122, 17, 133, 21, 143, 12, 152, -6, 154, -19, 150, -20, 136), 60, 420, 250)
	f.plate(at.shape(-22, 150, -8, 156, 12, 154, 18, 164, 12, 186, 4, 206, -14, 208, -24, 190, -25, 168), 66, 330, 220)
	f.plate(at.shape(-4, 154, 22, 152, 30, 162, 27, 178, 8, 184, -6, 172), 60, 260, 200)
	for n := range 5 {
		f.long(34, 420, at.mm(-18+n*11, 180, 66, -19+n*12, 205, 50, -21+n*14, 240, 56))
	}
}

func (f *film) ankleSide(at placing) {
	f.flesh(640, at.mm(0, -20, 470, 2, 60, 400, 2, 105, 380, 0, 140, 410))
	f.flesh(560, at.mm(34, 158, 260, 10, 160, 360, -30, 166, 300, -70, 180, 230, -110, 190, 190))
	f.flesh(520, at.mm(48, 168, 150, 20, 196, 120, -40, 204, 110, -100, 206, 90))
	// The tendon of the heel before its fat.
	f.flesh(420, at.mm(30, 40, 40, 37, 100, 36, 44, 150, 46))
	f.plate(at.shape(-17, -60, -15, 0, -15, 40, -15, 70, -18, 95, -21, 108, -20, 114, -10, 117, 0, 118, 12, 116, 21, 119, 21, 104, 17, 88, 13, 70, 12, 40, 11, 0, 10, -60), 90, 480, 470)
	f.long(44, 340, at.mm(12, -30, 66, 12, 40, 64, 10, 85, 76, 7, 112, 96, 5, 130, 94, 4, 140, 66))
	// Talus: dome, neck and head.
	f.plate(at.shape(-22, 130, -14, 122, 0, 119, 13, 121, 21, 130, 26, 140, 16, 146, 2, 142, -10, 148, -30, 156, -43, 151, -45, 138, -34, 132), 66, 380, 320)
	// Heel bone.
	f.plate(at.shape(-33, 162, -38, 176, -20, 180, 4, 184, 30, 198, 50, 196, 59, 182, 56, 164, 42, 152, 22, 148, 14, 154, 2, 150, -8, 156, -20, 158), 70, 400, 330)
	f.plate(at.shape(-46, 140, -56, 140, -60, 152, -57, 164, -48, 162, -44, 152), 56, 360, 280) // navicular
	f.plate(at.shape(-38, 164, -52, 166, -66, 172, -64, 186, -48, 190, -38, 182), 56, 330, 270) // cuboid
	f.plate(at.shape(-59, 144, -74, 150, -84, 158, -80, 168, -64, 166, -58, 156), 50, 330, 240) // cuneiforms
	f.plate(at.shape(-60, 158, -76, 162, -82, 172, -66, 176, -59, 168), 50, 240, 200)
	for n := range 5 {
		f.long(40, 420, at.mm(-78+n*3, 162+n*7, 76-n*4, -95, 172+n*6, 56, -130, 188+n*4, 54))
	}
}
