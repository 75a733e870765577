package phantom

import "pacsuat/synth/draw"

// artery is a vessel with all that branches from it.
type artery struct {
	way   bar // rounded
	from  int // how far its begin is from the ostium along the vessels, in units
	small []artery
}

// trunks are the main vessels by places and radii, and how many branches they give
// off; a parent's number and the knot where they leave it come first.
type trunkVessel struct {
	parent, knot int
	way          bar
	branches     int
}

// leftTree is the left coronary artery in a right anterior oblique projection: the
// main stem, the descending artery with diagonals and septals, the circumflex with
// its marginals.
var leftTree = []trunkVessel{
	{-1, 0, bar{1330, 1240, 66, 1480, 1290, 62, 1640, 1350, 60}, 0},
	{0, 2, bar{1640, 1350, 56, 1980, 1330, 50, 2360, 1480, 46, 2720, 1800, 40, 3020, 2250, 32, 3190, 2720, 25, 3160, 3180, 18, 3010, 3390, 12}, 9},
	{0, 2, bar{1640, 1350, 50, 1740, 1620, 46, 1760, 1950, 40, 1850, 2310, 34, 2050, 2640, 26, 2260, 2830, 16}, 4},
	{1, 2, bar{2360, 1480, 36, 2760, 1560, 30, 3120, 1880, 24, 3390, 2330, 17, 3500, 2640, 11}, 4},
	{2, 1, bar{1740, 1620, 36, 2060, 1930, 30, 2380, 2350, 24, 2620, 2820, 17, 2720, 3150, 11}, 4},
	{2, 3, bar{1850, 2310, 28, 2150, 2560, 24, 2420, 2960, 17, 2530, 3290, 11}, 3},
}

// rightTree is the right coronary artery in a left anterior oblique projection.
var rightTree = []trunkVessel{
	{-1, 0, bar{2060, 1130, 62, 1830, 1180, 60, 1560, 1340, 57, 1340, 1640, 54, 1260, 2010, 52, 1320, 2390, 48, 1520, 2700, 44, 1830, 2870, 40, 2130, 2900, 36}, 3},
	{0, 8, bar{2130, 2900, 32, 2430, 2990, 27, 2760, 3160, 21, 3050, 3370, 13}, 5},
	{0, 8, bar{2130, 2900, 30, 2290, 2760, 26, 2540, 2680, 22, 2850, 2690, 16, 3090, 2760, 11}, 4},
	{0, 2, bar{1560, 1340, 24, 1300, 1330, 20, 1090, 1460, 15, 960, 1700, 10}, 2},
	{0, 4, bar{1260, 2010, 26, 1480, 2200, 22, 1720, 2500, 16, 1860, 2760, 11}, 3},
}

// paintAngiogram paints one frame of a coronary angiogram, vessels dark: view 0 the
// right artery from the left, view 1 the left one from the right. The contrast
// medium fills the vessels and is washed out again while the heart beats.
func paintAngiogram(c *canvas, p scene) {
	tree, tip := rightTree, [2]int{2100, 1090}
	if p.view == 1 {
		tree, tip = leftTree, [2]int{1290, 1220}
	}
	beat, _ := turned(p.frame*whole/13+whole/2, 512) // from -512, relaxed, to 512
	_, breath := turned(p.frame*whole/61, 40)
	h := heart{u: 2150, v: 2250, squeeze: (512 + beat) * 90 / 1024, twist: (512 + beat) * 26 / 1024, sink: breath}
	angiogramGround(c, p, h)
	c.blur(max(1, c.columns/170))
	c.blur(max(1, c.columns/170))
	dye := make([]int32, len(c.v))
	h.catheter(c, p, tip)
	first := p.phase() - 1024/10
	if p.span == 1 {
		first = 420
	}
	b := bolus{front: first * 9, tail: (first - 430) * 9}
	for _, a := range growTree(tree, p) {
		h.fill(c, dye, a, b)
	}
	for i, d := range dye {
		c.v[i] -= d
	}
	if blush := int32(curve(first, 100, 0, 420, 190, 900, 40)); blush > 0 { // the heart muscle takes some up
		c.depths(h.ellipse(ellipse{u: 2350, v: 2400, a: 1000, b: 900}), func(at int, d int32) { c.v[at] -= blush * d / full })
	}
	c.blur(max(1, c.columns/640))
	c.noise(p.grain, 62)
	angiogramField(c)
	c.burn(3900, 0)
}

// heart is how the heart stands in a frame.
type heart struct {
	u, v                 int
	squeeze, twist, sink int // in 1/1024, and units
}

// at moves a place with the heart.
func (h heart) at(u, v int) (int, int) {
	du, dv := u-h.u, v-h.v
	near := 1024 - h.squeeze
	return h.u + (du*near-dv*h.twist)/1024, h.v + (dv*near+du*h.twist)/1024 + h.sink + h.squeeze/2
}

func (h heart) bar(b bar) bar {
	m := append(bar(nil), b...)
	for i := 0; i < len(m); i += 3 {
		m[i], m[i+1] = h.at(m[i], m[i+1])
	}
	return m
}

func (h heart) ellipse(e ellipse) ellipse {
	e.u, e.v = h.at(e.u, e.v)
	e.a, e.b = e.a*(1024-h.squeeze)/1024, e.b*(1024-h.squeeze)/1024
	return e
}

// growTree lets the vessels branch, each patient's in his own way.
func growTree(tree []trunkVessel, p scene) []artery {
	s := draw.From(p.seed, 61, uint64(p.view))
	var all []artery
	for _, t := range tree {
		way := append(bar(nil), t.way...)
		for i := 3; i < len(way)-3; i += 3 {
			way[i] += s.Between(-26, 26)
			way[i+1] += s.Between(-26, 26)
		}
		from := 0
		if t.parent >= 0 {
			parent := all[t.parent]
			at := t.knot * 6 * 3 // rounded bars have six knots for one
			way[0], way[1] = parent.way[at], parent.way[at+1]
			from = parent.from + length(parent.way[:at+3])
		}
		a := artery{way: way.rounded(), from: from}
		a.small = twigs(a, t.branches, 2, s)
		if s.Below(3) == 0 && t.parent == 0 { // a narrowing
			at := len(a.way) / 9 * 3
			for i := max(0, at-6); i <= min(at+6, len(a.way)-3); i += 3 {
				a.way[i+2] = a.way[i+2] * (450 + abs(i-at)*60) / 1024
			}
		}
		all = append(all, a)
	}
	return all
}

// length is how long a bar is.
func length(b bar) int {
	sum := 0
	for i := 3; i+2 < len(b); i += 3 {
		du, dv := b[i]-b[i-3], b[i+1]-b[i-2]
		sum += isqrt(du*du + dv*dv)
	}
	return sum
}

// twigs lets an artery branch to both sides.
func twigs(a artery, n, levels int, s *draw.Stream) []artery {
	if levels == 0 || n == 0 {
		return nil
	}
	var small []artery
	knots := len(a.way) / 3
	for i := range n {
		at := (knots*(2*i+2)/(2*n+3) + s.Below(3)) * 3
		if at+5 >= len(a.way) {
			break
		}
		du, dv := a.way[at+3]-a.way[at], a.way[at+4]-a.way[at+1]
		l := isqrt(du*du+dv*dv) + 1
		du, dv = du*1024/l, dv*1024/l
		turn := s.Between(90, 190) * (1 - 2*(i%2)) * 4
		cos, sin := turned(turn, 1024)
		du, dv = (du*cos-dv*sin)/1024, (du*sin+dv*cos)/1024
		reach := s.Between(60, 130) * levels
		r := max(8, a.way[at+2]*s.Between(38, 58)/100)
		way := bar{a.way[at], a.way[at+1], r}
		u, v := a.way[at], a.way[at+1]
		for k := 1; k < 5; k++ {
			u += du*reach/1024 + s.Between(-30, 30)
			v += dv*reach/1024 + s.Between(-30, 30)
			du, dv = du-dv*turn/9000, dv+du*turn/9000
			way = append(way, u, v, max(6, r*(5-k)/5))
		}
		b := artery{way: way.rounded(), from: a.from + length(a.way[:at+3])}
		b.small = twigs(b, 3, levels-1, s)
		small = append(small, b)
	}
	return small
}

// bolus is where the contrast medium is, in units from the ostium.
type bolus struct{ front, tail int }

// strength is how much of the medium there is, in 1/1024.
func (b bolus) strength(far int) int32 {
	fresh := min(max((b.front-far)*2, 0), 1024)
	gone := min(max((b.tail-far)/3, 0), 980)
	return int32(min(fresh, 1024-gone))
}

// fill lets the vessel and its branches be filled.
func (h heart) fill(c *canvas, dye []int32, a artery, b bolus) {
	way := h.bar(a.way)
	far := a.from
	const piece = 3 // lines painted together
	for i := 0; i+5 < len(way); i += 3 * piece {
		end := min(i+3*piece+3, len(way))
		part := way[i:end]
		if share := b.strength(far); share > 0 {
			weight := share * int32(280+part[2]*21) / 1024
			c.bar(part, func(at int, d int32) { dye[at] = max(dye[at], weight*d/full) })
		}
		far += length(part)
	}
	for _, s := range a.small {
		h.fill(c, dye, s, b)
	}
}

// catheter paints the tube from the aortic arch to the ostium.
func (h heart) catheter(c *canvas, p scene, tip [2]int) {
	u, v := h.at(tip[0], tip[1])
	way := bar{2500, c.top - 100, 30, 2420, 300, 30, 2250, 620, 30, (2200 + u) / 2, v - 120, 30, u + 60, v - 20, 29, u, v, 28}
	if p.view == 1 {
		way = bar{1900, c.top - 100, 30, 1860, 400, 30, 1660, 900, 30, 1450, 1160, 30, u + 90, v + 20, 29, u, v, 28}
	}
	way = way.rounded()
	c.bar(way, func(at int, d int32) { c.v[at] -= 520 * d / full })
	c.bar(way.thinner(14), func(at int, d int32) { c.v[at] += 260 * d / full })
}

// angiogramGround paints what is seen without contrast medium: heart, lungs,
// diaphragm, spine and ribs.
func angiogramGround(c *canvas, p scene, h heart) {
	c.flat(2950)
	c.depths(h.ellipse(ellipse{u: 2150, v: 2150, a: 1650, b: 1500}.tilted(300)), func(at int, d int32) { c.v[at] -= 900 * d / full })
	spine := 3300
	if p.view == 0 {
		spine = 3450
	}
	if p.view == 1 {
		spine = 700
	}
	for n := range 8 {
		v := 250 + n*520
		body := outline{spine - 330, v - 210, spine - 280, v, spine - 330, v + 210, spine + 330, v + 210, spine + 280, v, spine + 330, v - 210}
		c.shade(body, 40, -300)
		c.shade(body.scaled(spine, v, 850), 60, 110)
		c.add(ellipse{u: spine, v: v + 60, a: 60, b: 150}, -160)
	}
	for n := range 6 {
		v := 300 + n*560
		away := 1
		if p.view == 0 {
			away = -1
		}
		c.stroke(70, -130, spine, v, spine+away*900, v+130, spine+away*2000, v+560, spine+away*2700, v+1000)
		c.stroke(58, 60, spine, v, spine+away*900, v+130, spine+away*2000, v+560, spine+away*2700, v+1000)
	}
	_, breath := turned(p.frame*whole/61, 90)
	c.add(ellipse{u: 1900, v: 4500 + breath, a: 2700, b: 1150}, -1100)
	cloud := c.texture(texture{seed: p.seed + 62, cell: 420, octaves: 4})
	for i := range c.v {
		c.v[i] += cloud[i] / 5
	}
}

// angiogramField darkens what the collimator hides.
func angiogramField(c *canvas) {
	c.all(func(at, u, v int) {
		out := max(abs(u-mid)-1990, abs(v-mid)-1990, (abs(u-mid)+abs(v-mid))-3650)
		if out > -90 {
			c.v[at] = c.v[at] * int32(max(0, 60-max(out, -90)*4/6)) / 120
		}
	})
}
