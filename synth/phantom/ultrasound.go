package phantom

import "pacsuat/synth/draw"

// sector is the fan of an ultrasound picture: a curved array at the top.
type sector struct {
	u, v       int // apex, in units
	near, deep int // first and last radius
	slope      int // largest |du|/dv, times 1024
}

// each calls f for every pixel in the fan with its depth below the array.
func (s sector) each(c *canvas, f func(at, u, v, depth int)) {
	c.all(func(at, u, v int) {
		du, dv := u-s.u, v-s.v
		if dv <= 0 || abs(du)*1024 > s.slope*dv {
			return
		}
		if r := du*du + dv*dv; r >= s.near*s.near && r <= s.deep*s.deep {
			f(at, u, v, isqrt(r)-s.near)
		}
	})
}

// grains returns by how much the echo is changed in every pixel, in 1/1024: the
// interference of many small scatterers, longer across than along the beam. In a
// clip they move with the tissue, so many rows down, but for a part that is new in
// each frame.
func (c *canvas) grains(p scene, rows int) []int32 {
	r := max(1, c.columns/300)
	fixed := draw.From(p.seed, uint64(p.view), uint64(p.slice), 101)
	part := func(s *draw.Stream, deviation int32) []int32 {
		g := &canvas{columns: c.columns, rows: c.rows, v: make([]int32, len(c.v))}
		g.noise(s, deviation)
		g.blurAcross(r)
		return g.v
	}
	// What is left of a deviation by the blur, and the mean of the modulus of two.
	level := int32(isqrt((2*r + 1) << 20))
	fresh, still := int32(700), int32(0)
	if p.span > 1 {
		fresh, still = 300, 630
	}
	a, b := part(p.grain, fresh), part(p.grain, fresh)
	if still > 0 {
		moved := func(to, from []int32) {
			for i := range to {
				if j := i - rows*c.columns; j >= 0 && j < len(from) {
					to[i] += from[j]
				}
			}
		}
		moved(a, part(fixed, still))
		moved(b, part(fixed, still))
	}
	for i := range a {
		x, y := max(a[i], -a[i]), max(b[i], -b[i])
		x, y = max(x, y), min(x, y)
		a[i] = 300 + (x+y*3/8)*level/1024*860/1024
	}
	return a
}

// speckle turns echo strengths into a picture: in every pixel of the fan the value
// is changed by grains and attenuated with depth; outside it is black.
func (s sector) speckle(c *canvas, grains []int32) {
	inside := make([]bool, len(c.v))
	s.each(c, func(at, _, _, depth int) {
		inside[at] = true
		echo := c.v[at] * (1024 - int32(depth/6)) / 1024
		c.v[at] = min(max(echo*grains[at]/1024, 0), 255)
	})
	for i := range c.v {
		if !inside[i] {
			c.v[i] = 0
		}
	}
}

// layers sets the layers of the belly's wall below the array: skin, fat and
// muscles.
func (s sector) layers(c *canvas) {
	echoes := [...]int32{150, 60, 120, 55, 135}
	s.each(c, func(at, _, _, depth int) {
		for n, echo := range echoes {
			if r := 45 + n*48; depth > r-40 && depth < r+30 {
				c.v[at] = echo
			}
		}
	})
}

// arc sets the ring of the given radius and half thickness around a centre to a
// value, between two columns, in the lower left quarter.
func (c *canvas) arc(u0, v0, radius, half, from, to int, value int32) {
	c.each(from, v0, to, c.bottom, func(at, u, v int) {
		r := isqrt((u-u0)*(u-u0) + (v-v0)*(v-v0))
		if abs(r-radius) < half && u < u0 {
			c.v[at] = value
		}
	})
}

// paintScreen adds what surrounds the fan: the grey bar and the depth scale.
func paintScreen(c *canvas, white int32) {
	bottom := c.bottom
	c.each(130, bottom/4, 200, bottom*3/4, func(at, _, v int) {
		c.v[at] = white * int32(bottom*3/4-v) / int32(bottom/2)
	})
	for n := range 16 {
		length := 60
		if n%5 == 0 {
			length = 130
		}
		v := 250 + n*170
		if v > bottom-60 {
			break
		}
		c.each(across-140-length, v, across-140, v+10, func(at, _, _ int) { c.v[at] = white })
	}
}
