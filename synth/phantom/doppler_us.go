package phantom

import "fmt"

// vesselFlow is how blood flows in a vessel: its speed over a heart beat in cm/s
// by 16 phases.
type vesselFlow struct {
	name   string
	speeds [16]int
}

// vesselFlows are what the slices show in turn.
var vesselFlows = [...]vesselFlow{
	{"RT CCA", [16]int{18, 20, 72, 96, 84, 62, 48, 38, 42, 36, 31, 28, 25, 22, 20, 19}},
	{"RT ICA", [16]int{30, 32, 66, 82, 76, 66, 58, 52, 50, 46, 43, 40, 37, 35, 33, 31}},
	{"RT ECA", [16]int{8, 10, 82, 108, 70, 34, 14, 22, 30, 20, 14, 12, 10, 9, 9, 8}},
	{"RT SFA", [16]int{0, 4, 70, 96, 52, -8, -32, -18, 10, 20, 12, 4, 2, 0, 0, 0}},
}

// paintDoppler paints a duplex examination of an artery: the vessel with its flow
// in colour above, the speeds over time below.
func paintDoppler(c *canvas, p scene) {
	flow := vesselFlows[p.slice%len(vesselFlows)]
	split := c.bottom * 52 / 100
	tilt := p.pose.Between(-60, 60)
	l := linear{c: c, p: p, left: 700, right: 3400, top: 170, bottom: split - 90, middle: 1080, tilt: tilt}
	l.tissue()
	l.vessel()
	c.flowBar(p)
	top, bottom := split+60, c.bottom-180
	spectrum(c, p, flow, 330, 3560, top, bottom)
	scale := max(1, c.wide/420)
	white := colour(230, 230, 230)
	peak, low := 0, 1<<10
	for _, v := range flow.speeds {
		peak, low = max(peak, v), min(low, v)
	}
	x := c.wide * 7 / 8
	y := c.high / 5
	for n, text := range []string{flow.name, fmt.Sprintf("PSV %d", peak), fmt.Sprintf("EDV %d", flow.speeds[15]), "CM/S"} {
		c.write(text, x, y+n*11*scale, scale, white, 0)
	}
	c.burn(255, 0)
}

// linear is the picture of a straight array.
type linear struct {
	c                        *canvas
	p                        scene
	left, right, top, bottom int
	middle, tilt             int // the vessel's height in the middle, and its fall
}

// axis is the height of the vessel's middle.
func (l linear) axis(u int) int { return l.middle + (u-mid)*l.tilt/1024 }

// radius of the vessel.
const vesselRadius = 165

// tissue paints skin, muscles and the vessel's wall as layers with speckle.
func (l linear) tissue() {
	c := l.c
	layers := c.texture(texture{seed: l.p.seed + 131, cell: 700, high: 46, octaves: 3})
	grains := c.grains(l.p, 0)
	c.each(l.left, l.top, l.right, l.bottom, func(at, u, v int) {
		echo := 74 + layers[at]/14
		switch {
		case v < l.top+60:
			echo = 190
		case v < l.top+230:
			echo = 104 + layers[at]/12
		}
		off := abs(v - l.axis(u))
		switch {
		case off < vesselRadius-34:
			echo = 5
		case off < vesselRadius-18:
			echo = 170 // the inner line of the wall
		case off < vesselRadius:
			echo = 46
		case off < vesselRadius+40:
			echo = 200
		}
		c.v[at] = min(max(echo*grains[at]/1024, 0), 255)
	})
	plaque := ellipse{u: mid + l.p.pose.Between(-300, 500), v: l.axis(mid) + vesselRadius - 60, a: 300, b: 62}
	c.depths(plaque, func(at int, _ int32) { c.v[at] = min(150*grains[at]/1024, 255) })
}

// vessel paints the flow's colours in a slanted box, and the gate where speeds are
// measured.
func (l linear) vessel() {
	c := l.c
	turbulence := c.texture(texture{seed: l.p.seed + 132 + uint64(l.p.slice), cell: 90, octaves: 2})
	slant := func(u, v int) int { return u + (v-l.middle)*3/10 }
	const from, to = 1250, 2900
	box := 330
	c.each(l.left, l.middle-box, l.right, l.middle+box, func(at, u, v int) {
		s := slant(u, v)
		edge := abs(s-from) < 9 || abs(s-to) < 9 || s > from && s < to && (abs(v-l.middle+box) < 9 || abs(v-l.middle-box) < 9)
		if edge {
			c.v[at] = colour(230, 230, 230)
			return
		}
		off := abs(v - l.axis(u))
		if s <= from || s >= to || off > vesselRadius-38 || c.v[at] > 90 {
			return
		}
		n := int32(900-off*off*900/(vesselRadius*vesselRadius)) + turbulence[at]/5
		n = min(max(n, 120), 1000)
		c.v[at] = colour(120+n/7, n*n/5000, 12)
	})
	white := colour(255, 255, 255)
	u, v := mid+60, l.axis(mid+60)
	c.set(6, white, u-230, l.top+30, u-30, v-70)
	c.set(6, white, u+30, v+70, u+180, l.bottom-30)
	c.set(7, white, u-60, v-50, u+40, v-50)
	c.set(7, white, u-40, v+50, u+60, v+50)
	c.set(6, colour(120, 255, 120), u-170, v-l.tilt/6, u+170, v+l.tilt/6)
}

// spectrum paints the speeds over time as a machine's lower half does.
func spectrum(c *canvas, p scene, flow vesselFlow, left, right, top, bottom int) {
	zero := bottom - (bottom-top)*22/100
	most := 130
	height := zero - top
	rate := p.anatomy.Between(620, 800)
	shift := p.pose.Below(whole)
	grain := c.texture(texture{seed: p.seed + 141 + uint64(p.slice), cell: 10, high: 30, octaves: 2})
	c.each(left, top, right, bottom, func(at, u, v int) {
		beat := (u-left)*16*64/rate + shift
		n, share := beat/64%16, beat%64
		speed := flow.speeds[n] + (flow.speeds[(n+1)%16]-flow.speeds[n])*share/64
		edge := speed * height / most
		up := zero - v
		if edge < 0 {
			edge, up = -edge, -up
		}
		fresh := bell(p.grain, 40)
		c.v[at] = max(0, 8+fresh/4)
		if up > 12 && up < edge+grainEdge(grain[at]) {
			// Dense near the envelope: blood runs at nearly one speed.
			echo := 70 + int32(up*150/max(edge, 1))
			c.v[at] = min(max(echo*(1024+grain[at])/1024+fresh, 0), 255)
		}
	})
	grey := colour(170, 170, 170)
	c.set(5, grey, left, zero, right, zero)
	scale := max(1, c.wide/500)
	for speed := -25; speed <= 125; speed += 25 {
		v := zero - speed*height/most
		if v < top || v > bottom {
			continue
		}
		c.set(4, grey, right, v, right+50, v)
		if speed%50 == 0 {
			c.write(fmt.Sprint(speed), c.pixels(right+80-c.left), c.pixels(v-c.top)-3*scale, scale, grey, bare)
		}
	}
	for u := left; u < right; u += 330 { // seconds
		c.set(4, grey, u, bottom, u, bottom+40)
	}
}

// grainEdge makes the spectrum's envelope rough.
func grainEdge(n int32) int { return int(n) / 60 }
