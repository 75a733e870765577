package phantom

import "pacsuat/synth/draw"

// mammogramViews are the four pictures of a screening; even ones are of the right
// breast, of which the chest wall is at the right edge of the picture.
var mammogramViews = []string{"R CC", "L CC", "R MLO", "L MLO"}

// bm is a millimetre of the breast in units: 240 mm fill the width.
const bm = 17

// breast is one view of one breast while it is painted.
type breast struct {
	c       *canvas
	right   bool
	oblique bool
	seed    uint64       // of this breast in this view
	body    *draw.Stream // what both breasts have in common
	own     *draw.Stream // of this breast in this view
	skin    outline
	nipple  [2]int
	height  int // of the middle, or of the nipple
	dense   int // how much gland there is, from 0 to 100

	// plane is the height in the breast of a slice, from 0 to 1024, or projected
	// where everything is seen at once.
	plane int
}

const projected = -1

// paintMammogram paints a processed mammogram: 12 bit, the background 0.
func paintMammogram(c *canvas, p scene) { newBreast(c, p, projected).paint(p) }

// paintTomosynthesis paints one plane of a breast; the planes go from the
// detector upwards.
func paintTomosynthesis(c *canvas, p scene) { newBreast(c, p, p.along(1024)).paint(p) }

func newBreast(c *canvas, p scene, plane int) *breast {
	b := &breast{
		c: c, right: p.view%2 == 0, oblique: p.view >= 2, body: p.anatomy,
		seed: draw.Mix(p.seed + 51 + uint64(p.view)), plane: plane,
	}
	b.own = draw.From(b.seed)
	size := b.body.Between(920, 1200)
	b.dense = b.body.Between(15, 95)
	middle := (c.top + c.bottom) / 2
	at := func(x, y int) (int, int) { return b.across(x * bm * size / 1024), middle + y*bm*size/1024 }
	points := [][2]int{{-60, -98}, {8, -95}, {40, -84}, {72, -60}, {92, -28}, {98, 0}, {92, 30}, {72, 62}, {40, 86}, {8, 96}, {-60, 98}}
	b.nipple = [2]int{100, 2}
	if b.oblique {
		points = [][2]int{{-60, -190}, {66, -190}, {66, -130}, {68, -90}, {82, -46}, {97, 0}, {101, 30}, {92, 60}, {68, 84}, {38, 96}, {14, 104}, {3, 112}, {-20, 116}, {-60, 116}}
		b.nipple = [2]int{102, 30}
	}
	for _, q := range points {
		u, v := at(q[0], q[1]+b.own.Between(-2, 2))
		b.skin = append(b.skin, u, v)
	}
	b.skin = b.skin.rounded()
	u, v := at(b.nipple[0], b.nipple[1])
	b.nipple, b.height = [2]int{u, v}, v
	return b
}

// across is the place so many units away from the chest wall.
func (b *breast) across(x int) int {
	if b.right {
		return b.c.right - x
	}
	return b.c.left + x
}

// toward is x away from the chest wall as a difference.
func (b *breast) toward(x int) int {
	if b.right {
		return -x
	}
	return x
}

func (b *breast) paint(p scene) {
	c := b.c
	c.soft(b.skin, bm, func(at int, share int32) { c.v[at] = 460 * share / full })
	// The breast is thinner towards the skin; the skin itself is a bright line.
	f := film{canvas: c, p: p}
	thick := make([]int32, len(c.v))
	f.core(b.skin, 15*bm, func(at int, share int32) { thick[at] = share })
	f.core(b.skin, 4*bm, func(at int, share int32) { thick[at] = (thick[at]*3 + share) / 4 })
	for i, share := range thick {
		c.v[i] += 470 * share / full
	}
	if b.plane == projected {
		c.soft(b.skin, bm/2, func(at int, share int32) { c.v[at] += 190 * share / full })
		f.core(b.skin, 3*bm/2, func(at int, share int32) { c.v[at] -= 190 * share / full })
	}
	c.fillNipple(b)
	b.gland(thick)
	if b.oblique {
		b.muscle()
	}
	b.vessels()
	b.findings()
	for i, v := range c.v {
		if v > 0 {
			c.v[i] = max(v, 30)
		}
	}
	c.blur(max(0, (2-c.reduced+1)/2))
	c.last = finish{deviation: 26, seed: p.grain.Uint64(), masked: true}
	if b.plane != projected {
		c.last.deviation = 44
	}
	b.marker(p)
	c.burn(4095, 0)
}

// fillNipple adds the nipple, seen from the side.
func (c *canvas) fillNipple(b *breast) {
	c.depths(ellipse{u: b.nipple[0] - b.toward(2*bm), v: b.nipple[1], a: 5 * bm, b: 5 * bm}, func(at int, d int32) {
		c.v[at] = max(c.v[at], 560+500*d/full)
	})
}

// gland adds the glandular tissue, a cone from the nipple towards the chest wall,
// and the strands that hold it.
func (b *breast) gland(thick []int32) {
	c := b.c
	z, deep := 0, 0
	if b.plane != projected {
		z, deep = b.plane*45*bm/1024, 9*bm
	}
	clouds := c.texture(texture{seed: b.seed, cell: 34 * bm, octaves: 6, z: z, deep: 4 * deep})
	fine := c.texture(texture{seed: b.seed + 1, cell: 5 * bm, octaves: 3, z: z, deep: deep / 2})
	// Strands run towards the nipple: a texture of the direction and, stretched, of
	// the distance from it.
	bands := texture{seed: b.seed + 2, cell: 150, high: 40 * bm, octaves: 2, z: z / 3}
	coarse := texture{seed: b.seed + 3, cell: 14 * bm, octaves: 2, z: z, deep: deep}
	centre := ellipse{u: b.nipple[0] - b.toward(52*bm), v: b.height, a: 56 * bm, b: 62 * bm}
	if b.oblique {
		centre.v -= 18 * bm
		centre.b = 70 * bm
	}
	inverse := [2]int64{1 << 40 / int64(centre.a*centre.a), 1 << 40 / int64(centre.b*centre.b)}
	c.each(b.across(0)-130*bm, c.top, b.across(0)+130*bm, c.bottom, func(at, u, v int) {
		if thick[at] == 0 {
			return
		}
		du, dv := u-centre.u, v-centre.v
		r := (int64(du*du)*inverse[0] + int64(dv*dv)*inverse[1]) >> 28
		inside := int32(max((4096-r)/4, -800)) // 1024 in the middle of the cone
		// How dense it is here, from 0 to about 1024.
		g := clouds[at]*7/4 + inside*3/4 + int32(b.dense*7) - 640
		if g > 0 {
			g = min(g*2, 700+g/3)
		}
		pu, pv := b.toward(b.nipple[0]-u), v-b.nipple[1]
		far := isqrt(pu*pu+pv*pv) + 1
		line := int32(bands.at(pv*3000/(far+8*bm), far))
		line = max(0, 210-max(line, -line))
		web := int32(coarse.at(u, v))
		web = max(0, 120-max(web, -web))
		sum := max(g, 0)*(1024+fine[at]/3)/1024 + fine[at]/9
		sum += line*max(300, inside)/900 + web*4/5
		c.v[at] += sum * 17 / 16 * thick[at] / full
	})
}

// muscle adds the pectoral muscle of the oblique view, from the armpit down.
func (b *breast) muscle() {
	c := b.c
	top := c.top
	wide := b.body.Between(46, 62) * bm
	foot := b.height + b.own.Between(-10, 14)*bm
	if b.plane != projected {
		wide += (b.plane - 512) * 14 * bm / 1024
	}
	o := outline{
		b.across(-40 * bm), top - 30*bm, b.across(wide + 4*bm), top - 30*bm, b.across(wide), top, b.across(wide * 8 / 10), top + (foot-top)*35/100,
		b.across(wide * 4 / 10), top + (foot-top)*7/10, b.across(0), foot, b.across(-40 * bm), foot,
	}.rounded()
	grain := c.texture(texture{seed: b.seed + 4, cell: 8 * bm, high: 40 * bm, octaves: 3})
	c.soft(o, 3*bm, func(at int, share int32) {
		if c.v[at] > 0 {
			c.v[at] += (620 + grain[at]/9) * share / full
		}
	})
	// A lymph node with its fatty hilum.
	u, v := b.across(wide+b.own.Between(-14, 2)*bm), top+b.own.Between(26, 60)*bm
	node := ellipse{u: u, v: v, a: 4 * bm, b: 8 * bm}.tilted(b.own.Below(whole))
	b.add(300, node, 420)
	node.a, node.b, node.u = 2*bm, 4*bm, node.u+bm
	b.add(300, node, -330)
}

// sharp returns how much wider and fainter, in 1/1024, a structure at a height is
// seen in the plane: out of it, it is smeared.
func (b *breast) sharp(height int) (wider int, weaker int32) {
	if b.plane == projected {
		return 0, 1024
	}
	away := abs(b.plane - height)
	return away * 3 * bm / 512, int32(1024 * 40 / (40 + away))
}

// add adds an ellipsoid that lies at a height.
func (b *breast) add(height int, e ellipse, weight int32) {
	wider, weaker := b.sharp(height)
	if weaker > 60 {
		b.c.add(e.grown(wider), weight*weaker/1024)
	}
}

// vessels adds veins, winding below the skin.
func (b *breast) vessels() {
	for range 5 {
		height := b.own.Below(1024)
		u, v := b.across(b.own.Between(2, 30)*bm), b.height+b.own.Between(-60, 50)*bm
		wider, weaker := b.sharp(height)
		path := bar{}
		r := b.own.Between(14, 26)
		for n := range 6 {
			path = append(path, u, v, max(7, r-n*3)+wider)
			u += b.toward(b.own.Between(9, 16) * bm)
			v += b.own.Between(-9, 9) * bm
		}
		weight := int32(150) * weaker / 1024
		b.c.bar(path.rounded(), func(at int, d int32) {
			if b.c.v[at] > 0 {
				b.c.v[at] += weight * d / full
			}
		})
	}
}

// findings adds calcifications, and in some a mass with its spicules.
func (b *breast) findings() {
	c, s := b.c, b.own
	place := func() (int, int) {
		return b.nipple[0] - b.toward(s.Between(22, 76)*bm), b.height + s.Between(-46, 40)*bm
	}
	for range s.Between(2, 6) { // benign ones: round and single
		u, v := place()
		b.add(s.Below(1024), ellipse{u: u, v: v, a: s.Between(7, 13), b: s.Between(7, 13)}, 1500)
	}
	if s.Below(4) == 0 { // a cluster
		u, v := place()
		height := s.Below(1024)
		for range s.Between(9, 20) {
			b.add(height, ellipse{u: u + s.Between(-90, 90), v: v + s.Between(-80, 80), a: s.Between(4, 8), b: s.Between(4, 8)}, 1300)
		}
	}
	if s.Below(3) > 0 {
		return
	}
	u, v := place()
	height, r := s.Between(200, 800), s.Between(5, 9)*bm
	wider, weaker := b.sharp(height)
	weight := 640 * weaker / 1024
	for range 26 {
		angle := s.Below(whole)
		du, dv := turned(angle, r*s.Between(14, 26)/10)
		c.taper(14+wider, 6+wider, weight/4, u, v, u+du, v+dv)
	}
	o := lump(ellipse{u: u, v: v, a: r + wider, b: r + wider}, 150, s)
	c.shade(o, r/2, weight)
}

// marker burns in which breast and view it is, away from the chest wall near the
// armpit, as technologists place it.
func (b *breast) marker(p scene) {
	c := b.c
	text := mammogramViews[p.view]
	scale := max(1, c.wide/130)
	w := words{text: text, scale: scale}
	x := c.wide*19/20 - w.width()
	if b.right {
		x = c.wide / 20
	}
	c.write(text, x, c.high/6, scale, 4095, 0)
}
