package phantom

import "pacsuat/synth/draw"

// paintRetinaPhoto paints a photograph of the back of the eye: view 0 of the right
// eye with the optic disc at the right, view 1 of the left one.
func paintRetinaPhoto(c *canvas, p scene) {
	side := 1 - 2*p.view // the nose's side, from the middle
	centre := (c.top + c.bottom) / 2
	const radius = 1980
	disc := [2]int{mid + side*720, centre + p.anatomy.Between(-60, 40)}
	macula := [2]int{mid - side*260, centre + 60}
	ground := c.texture(texture{seed: p.seed + 181, cell: 700, octaves: 4})
	fine := c.texture(texture{seed: p.seed + 182, cell: 40, octaves: 2})
	vessels := make([]int32, len(c.v))
	for _, a := range retinaTree(p, disc, side) {
		strongest(c, vessels, a)
	}
	c.all(func(at, u, v int) {
		du, dv := u-mid, v-centre
		far := isqrt(du*du + dv*dv)
		if far > radius {
			c.v[at] = colour(4, 4, 4)
			return
		}
		light := 900 - far*far/(radius*radius/420) + int(ground[at])/9 + int(fine[at])/26
		base := blend(colour(70, 16, 8), colour(232, 118, 58), light)
		mu, mv := u-macula[0], v-macula[1]
		if near := 420 - isqrt(mu*mu+mv*mv); near > 0 {
			base = blend(base, colour(96, 26, 14), near*near/300)
		}
		pu, pv := u-disc[0], (v-disc[1])*9/10
		if near := isqrt(pu*pu + pv*pv); near < 300 {
			base = blend(base, colour(255, 214, 150), (300-near)*20)
			if near < 120 {
				base = blend(base, colour(255, 244, 214), (120-near)*12)
			}
		}
		base = blend(base, colour(104, 14, 14), int(vessels[at]))
		if far > radius-60 {
			base = blend(base, colour(4, 4, 4), (far-radius+60)*17)
		}
		n := bell(p.grain, 3)
		c.v[at] = colour(base>>16&0xFF+n, base>>8&0xFF+n, base&0xFF+n)
	})
	c.burn(colour(255, 255, 255), colour(0, 0, 0))
}

// strongest raises shares to those of a vessel and its branches.
func strongest(c *canvas, shares []int32, a artery) {
	c.bar(a.way, func(at int, d int32) { shares[at] = max(shares[at], min(d, 820)) })
	for _, s := range a.small {
		strongest(c, shares, s)
	}
}

// retinaTree lets arteries and veins come from the disc in four arcs around the
// macula, and some to the nose's side.
func retinaTree(p scene, disc [2]int, side int) []artery {
	s := draw.From(p.seed, 183, uint64(p.view))
	var all []artery
	for n, b := range []bar{
		{0, 0, 40, 120, -420, 38, -320, -980, 34, -1080, -1240, 28, -1900, -1060, 20, -2380, -700, 12},
		{0, 0, 40, 100, 420, 38, -360, 1000, 34, -1120, 1300, 28, -1900, 1180, 20, -2400, 800, 12},
		{0, 0, 30, 20, -330, 28, -480, -820, 25, -1180, -1000, 20, -1860, -800, 12},
		{0, 0, 30, 0, 330, 28, -460, 840, 25, -1200, 1060, 20, -1840, 900, 12},
		{0, 0, 32, 300, -330, 28, 620, -800, 22, 900, -1400, 14},
		{0, 0, 32, 300, 330, 28, 640, 820, 22, 940, 1400, 14},
		{0, 0, 24, 420, -60, 20, 900, -220, 12},
	} {
		way := append(bar(nil), b...)
		for i := 0; i < len(way); i += 3 {
			jitter := min(i, 6) * 7
			way[i] = disc[0] + side*(way[i]+s.Between(-jitter, jitter))
			way[i+1] = disc[1] + way[i+1] + s.Between(-jitter, jitter)
		}
		a := artery{way: way.rounded()}
		a.small = twigs(a, max(3, 7-n), 2, s)
		all = append(all, a)
	}
	return all
}
