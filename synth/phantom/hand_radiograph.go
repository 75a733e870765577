package phantom

// rm is a millimetre of a limb's radiograph in units: 186 mm fill the width.
const rm = 22

// ray is one finger in millimetres from the middle finger's axis and from the top:
// from the root of the metacarpal bone to the tip.
type ray struct {
	root, knuckle   [2]int
	first           [2]int // end of the first phalanx
	second          [2]int // of the second, 0 where there is none: the thumb
	tip             [2]int
	thick, fleshing int
}

// hand is a left hand laid on its palm: little finger, ring finger, middle finger,
// forefinger and thumb from the left.
var hand = [...]ray{
	{root: [2]int{-19, 172}, knuckle: [2]int{-34, 126}, first: [2]int{-43, 95}, second: [2]int{-48, 78}, tip: [2]int{-52, 63}, thick: 54, fleshing: 9},
	{root: [2]int{-10, 170}, knuckle: [2]int{-19, 116}, first: [2]int{-24, 78}, second: [2]int{-28, 53}, tip: [2]int{-31, 36}, thick: 62, fleshing: 10},
	{root: [2]int{0, 168}, knuckle: [2]int{0, 110}, first: [2]int{1, 70}, second: [2]int{2, 44}, tip: [2]int{3, 26}, thick: 68, fleshing: 10},
	{root: [2]int{11, 168}, knuckle: [2]int{20, 111}, first: [2]int{27, 75}, second: [2]int{31, 51}, tip: [2]int{34, 34}, thick: 66, fleshing: 10},
	{root: [2]int{22, 176}, knuckle: [2]int{45, 145}, first: [2]int{61, 118}, tip: [2]int{72, 97}, thick: 72, fleshing: 12},
}

// paintHand paints a radiograph of the left hand: view 0 postero-anterior, view 1
// oblique.
func paintHand(c *canvas, p scene) {
	f := newFilm(c, p, 16)
	size := p.anatomy.Between(960, 1030)
	turn := p.pose.Between(-40, 40)
	at := func(x, y int) (int, int) {
		x, y = x*10, y*10
		if p.view == 1 { // turned about its long axis: the rays draw together
			x = x*7/10 + (y-1200)/30
		}
		x, y = x*size/1024, (y-1300)*size/1024
		x, y = x+y*turn/1024, y-x*turn/1024
		return mid - 120 + x*rm/10, 1300*rm/10 + y*rm/10
	}
	f.handFlesh(at)
	for _, r := range hand {
		f.finger(r, at)
	}
	f.wrist(at)
	f.develop(0, 760, "L", true)
}

type placing func(x, y int) (u, v int)

// mm is a bar through places in millimetres, with radii in tenths of them.
func (at placing) mm(places ...int) bar {
	u0, v0 := at(0, 0)
	u1, v1 := at(0, 100)
	scale := isqrt((u1-u0)*(u1-u0) + (v1-v0)*(v1-v0)) // units of 100 millimetres
	var b bar
	for i := 0; i+2 < len(places); i += 3 {
		u, v := at(places[i], places[i+1])
		b = append(b, u, v, places[i+2]*scale/1000)
	}
	return b
}

// shape is an outline through places in millimetres.
func (at placing) shape(places ...int) outline {
	var o outline
	for i := 0; i+1 < len(places); i += 2 {
		u, v := at(places[i], places[i+1])
		o = append(o, u, v)
	}
	return o
}

func (f *film) handFlesh(at placing) {
	for _, r := range hand {
		n := r.fleshing * 10
		end := r.second
		if end == [2]int{} {
			end = r.first
		}
		f.flesh(330, at.mm(r.knuckle[0], r.knuckle[1], n+26, r.first[0], r.first[1], n, end[0], end[1], n-12, r.tip[0], r.tip[1]-2, n-26))
		f.flesh(470, at.mm(r.root[0], r.root[1], n+70, (r.root[0]+r.knuckle[0])/2, (r.root[1]+r.knuckle[1])/2, n+50, r.knuckle[0], r.knuckle[1], n+26))
	}
	f.flesh(560, at.mm(0, 150, 250, 0, 180, 300, -2, 205, 310, -2, 290, 300))
	f.flesh(520, at.mm(24, 176, 120, 36, 156, 150, 46, 144, 110))
}

// finger paints metacarpal bone and phalanges.
func (f *film) finger(r ray, at placing) {
	t := r.thick
	phalanx := func(from, to [2]int, base, waist, head int) {
		// Leave the joint free.
		du, dv := to[0]-from[0], to[1]-from[1]
		length := isqrt(du*du*100+dv*dv*100) / 10
		part := func(n int) (int, int) {
			return from[0]*10 + du*10*n/max(length, 1), from[1]*10 + dv*10*n/max(length, 1)
		}
		var b bar
		from0, to0 := 1+base*9/100, length-1-head*9/100 // the ends are round
		for _, k := range [][2]int{{from0, base}, {from0 + 2, base * 9 / 10}, {length / 3, waist}, {length * 2 / 3, waist * 19 / 20}, {to0 - 1, head}, {to0, head}} {
			x, y := part(k[0])
			u, v := at(x/10, y/10)
			b = append(b, u, v, k[1]*rm/10)
		}
		f.long(max(14, waist*rm/10*38/100), 620, b)
	}
	phalanx(r.root, r.knuckle, t*12/10, t*7/10, t*11/10)
	phalanx(r.knuckle, r.first, t*11/10, t*68/100, t*8/10)
	last := r.first
	if r.second != [2]int{} {
		phalanx(r.first, r.second, t*9/10, t*58/100, t*7/10)
		last = r.second
	}
	phalanx(last, r.tip, t*7/10, t*4/10, t*52/100)
}

// wrist paints the carpal bones, radius and ulna.
func (f *film) wrist(at placing) {
	for _, o := range [][]int{
		{16, 182, 22, 177, 31, 181, 31, 190, 22, 193, 16, 189},        // trapezium
		{9, 174, 17, 173, 17, 181, 14, 186, 9, 183},                   // trapezoid
		{-5, 172, 7, 172, 8, 181, 10, 189, 4, 195, -3, 193, -5, 183},  // capitate
		{-17, 176, -7, 173, -5, 183, -4, 193, -10, 192, -18, 186},     // hamate
		{11, 187, 17, 190, 24, 196, 23, 203, 16, 208, 9, 205, 8, 197}, // scaphoid
		{-5, 196, 5, 197, 8, 204, 5, 211, -4, 211, -8, 204},           // lunate
		{-19, 190, -10, 193, -8, 201, -12, 207, -20, 203},             // triquetrum
		{-20, 192, -13, 192, -12, 199, -17, 203, -21, 199},            // pisiform
	} {
		f.small(at.shape(o...), 34, 640)
	}
	f.long(40, 400, at.mm(10, 226, 134, 10, 230, 118, 9, 242, 84, 8, 262, 66, 8, 310, 64))
	f.small(at.shape(17, 214, 23, 207, 26, 210, 24, 224, 18, 228), 40, 260)
	f.long(38, 420, at.mm(-17, 221, 74, -17, 224, 66, -15, 240, 54, -14, 270, 54, -14, 310, 56))
	f.long(14, 500, at.mm(-22, 212, 20, -22, 218, 30, -20, 222, 30))
}
