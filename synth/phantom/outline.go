package phantom

import (
	"slices"

	"pacsuat/synth/draw"
)

// outline is a closed line through points u, v, u, v, ...
type outline []int

// rounded is the outline made smooth: a curve through all its points.
func (o outline) rounded() outline {
	const steps = 8
	n := len(o) / 2
	if n < 3 {
		return o
	}
	smooth := make(outline, 0, 2*n*steps)
	for i := range n {
		for s := range steps {
			for axis := range 2 {
				at := func(k int) int { return o[2*((i+k+n)%n)+axis] }
				smooth = append(smooth, through(at(-1), at(0), at(1), at(2), s, steps))
			}
		}
	}
	return smooth
}

// scaled is the outline made larger about a point, in 1/1024.
func (o outline) scaled(u, v, share int) outline {
	m := slices.Clone(o)
	for i := 0; i+1 < len(m); i += 2 {
		m[i], m[i+1] = u+(m[i]-u)*share/1024, v+(m[i+1]-v)*share/1024
	}
	return m
}

// lump returns the outline of an ellipse whose radius wanders by at most wobble
// in 1/1024.
func lump(e ellipse, wobble int, s *draw.Stream) outline {
	const points = 14
	cos, sin := e.cos, e.sin
	if cos == 0 && sin == 0 {
		cos = 1024
	}
	var o outline
	for i := range points {
		share := 1024 + s.Between(-wobble, wobble)
		p, _ := turned(i*whole/points, e.a*share/1024)
		_, q := turned(i*whole/points, e.b*share/1024)
		o = append(o, e.u+(p*cos-q*sin)/1024, e.v+(p*sin+q*cos)/1024)
	}
	return o.rounded()
}

// bounds returns the box around the outline.
func (o outline) bounds() (u0, v0, u1, v1 int) {
	u0, v0, u1, v1 = o[0], o[1], o[0], o[1]
	for i := 2; i+1 < len(o); i += 2 {
		u0, u1 = min(u0, o[i]), max(u1, o[i])
		v0, v1 = min(v0, o[i+1]), max(v1, o[i+1])
	}
	return u0, v0, u1, v1
}

// within calls f for every pixel whose centre lies inside the outline.
func (c *canvas) within(o outline, f func(at int)) {
	if len(o) < 6 {
		return
	}
	_, v0, _, v1 := o.bounds()
	y0, y1 := max(0, c.row(v0)), min(c.rows-1, c.row(v1))
	var cuts []int
	for y := y0; y <= y1; y++ {
		v := c.vs[y]
		cuts = cuts[:0]
		for i := 0; i+1 < len(o); i += 2 {
			j := (i + 2) % (len(o) &^ 1)
			a, b := o[i+1], o[j+1]
			if (a <= v) == (b <= v) {
				continue
			}
			cuts = append(cuts, o[i]+(o[j]-o[i])*(v-a)/(b-a))
		}
		slices.Sort(cuts)
		for i := 0; i+1 < len(cuts); i += 2 {
			// The first and last column whose centre is not outside.
			x0, x1 := max(0, c.column(cuts[i])), min(c.columns-1, c.column(cuts[i+1]))
			for x := x0; x <= x1; x++ {
				if u := c.us[x]; u >= cuts[i] && u < cuts[i+1] {
					f(y*c.columns + x)
				}
			}
		}
	}
}

// paint sets everything inside the outline.
func (c *canvas) paint(o outline, value int32) {
	c.within(o, func(at int) { c.v[at] = value })
}

// soft calls f for every pixel that an outline with an edge of the given width in
// units covers, with the share from 1 to 1024.
func (c *canvas) soft(o outline, edge int, f func(at int, share int32)) {
	if len(o) < 6 {
		return
	}
	r := max(0, (edge<<16/c.pitch+1)/3) // two blurs of 2r+1 pixels
	u0, v0, u1, v1 := o.bounds()
	x0, x1, y0, y1 := c.box(u0, v0, u1, v1)
	pad := 2*r + 1
	x0, x1, y0, y1 = max(0, x0-pad), min(c.columns-1, x1+pad), max(0, y0-pad), min(c.rows-1, y1+pad)
	if x0 > x1 || y0 > y1 {
		return
	}
	m := &canvas{columns: x1 - x0 + 1, rows: y1 - y0 + 1}
	m.v = make([]int32, m.columns*m.rows)
	c.within(o, func(at int) { m.v[(at/c.columns-y0)*m.columns+at%c.columns-x0] = full })
	m.blur(r)
	m.blur(r)
	for y := range m.rows {
		row := m.v[y*m.columns : (y+1)*m.columns]
		for x, share := range row {
			if share > 0 {
				f((y+y0)*c.columns+x+x0, share)
			}
		}
	}
}

// shade adds weight inside an outline with a soft edge.
func (c *canvas) shade(o outline, edge int, weight int32) {
	c.soft(o, edge, func(at int, share int32) { c.v[at] += weight * share / full })
}

// solid is an ellipsoid in a volume, c its half axis along z.
type solid struct {
	u, v, z, a, b, c int
	angle            int // in the plane
}

// cut returns the ellipse in which the plane z cuts the solid, and false if it
// does not.
func (s solid) cut(z int) (ellipse, bool) {
	d := z - s.z
	if d <= -s.c || d >= s.c {
		return ellipse{}, false
	}
	share := int(roots()[4096-d*d*4096/(s.c*s.c)])
	e := ellipse{u: s.u, v: s.v, a: s.a * share / full, b: s.b * share / full}
	return e.tilted(s.angle), e.a > 0 && e.b > 0
}

// fillCut fills what the plane z cuts of a solid.
func (c *canvas) fillCut(s solid, z int, value int32) {
	if e, ok := s.cut(z); ok {
		c.fill(e, value)
	}
}
