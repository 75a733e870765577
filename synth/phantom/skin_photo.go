package phantom

import "fmt"

// skinTones are what skins are like, from light to dark, in light and in shade.
var skinTones = [...][2]int32{
	{colour(236, 196, 172), colour(176, 120, 96)},
	{colour(214, 164, 130), colour(146, 96, 70)},
	{colour(176, 122, 88), colour(112, 70, 48)},
	{colour(120, 78, 56), colour(70, 42, 30)},
}

// paintSkinPhoto paints a photograph of an ulcer of the skin with a ruler beside
// it.
func paintSkinPhoto(c *canvas, p scene) {
	tone := skinTones[p.anatomy.Below(len(skinTones))]
	high := (c.bottom + c.top) / 2
	size := p.anatomy.Between(520, 820)
	u, v := mid+p.pose.Between(-160, 160), high+p.pose.Between(-60, 80)
	wound := lump(ellipse{u: u, v: v, a: size, b: size * p.anatomy.Between(55, 85) / 100}.tilted(p.anatomy.Below(whole)), 190, p.anatomy)
	rim := make([]int32, len(c.v))
	bed := make([]int32, len(c.v))
	c.soft(wound.scaled(u, v, 1190), 330, func(at int, share int32) { rim[at] = share })
	c.soft(wound, 60, func(at int, share int32) { bed[at] = share })
	pores := c.texture(texture{seed: p.seed + 171, cell: 26, octaves: 2})
	folds := c.texture(texture{seed: p.seed + 172, cell: 900, high: 120, octaves: 4})
	flesh := c.texture(texture{seed: p.seed + 173, cell: 260, octaves: 5})
	slough := c.texture(texture{seed: p.seed + 174, cell: 420, octaves: 4})
	inflamed, red := colour(190, 80, 78), colour(150, 26, 30)
	deep, yellow, black := colour(96, 10, 18), colour(206, 178, 110), colour(38, 26, 22)
	c.all(func(at, pu, pv int) {
		light := 560 - (abs(pu-1500)+abs(pv-900))/9 + int(folds[at])/7 + int(pores[at])/16
		skin := blend(tone[1], tone[0], light+300)
		if share := int(rim[at]); share > 0 {
			skin = blend(skin, inflamed, share*6/10)
		}
		if share := int(bed[at]); share > 0 {
			ground := blend(deep, red, 560+int(flesh[at])*3/4)
			if n := int(slough[at]); n > 60 {
				ground = blend(ground, yellow, (n-60)*5)
			} else if n < -330 {
				ground = blend(ground, black, (-330-n)*6)
			}
			if flesh[at] > 330 && pores[at] > 120 { // wet places shine
				ground = blend(ground, colour(255, 240, 236), int(flesh[at]-330)*2)
			}
			// The edge throws a shadow.
			if share < 900 {
				ground = blend(ground, black, 330)
			}
			skin = blend(skin, ground, share)
		}
		n := bell(p.grain, 4)
		c.v[at] = colour(skin>>16&0xFF+n, skin>>8&0xFF+n, skin&0xFF+n)
	})
	c.ruler()
	c.burn(colour(255, 255, 255), colour(0, 0, 0))
}

// ruler lays a paper ruler along the lower edge.
func (c *canvas) ruler() {
	top := c.bottom - (c.bottom-c.top)/6
	paper, ink := colour(244, 244, 238), colour(20, 20, 20)
	c.each(300, top, 3800, top+300, func(at, _, _ int) { c.v[at] = paper })
	for n := range 81 {
		u := 460 + n*40
		long := 60
		if n%5 == 0 {
			long = 90
		}
		if n%10 == 0 {
			long = 130
			c.write(fmt.Sprint(n/10), c.pixels(u-c.left)-c.pixels(30), c.pixels(top+150-c.top), max(1, c.pixels(14)), ink, bare)
		}
		c.each(u, top, u+5, top+long, func(at, _, _ int) { c.v[at] = ink })
	}
}
