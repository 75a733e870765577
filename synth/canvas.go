package synth

import "sync"

// Pictures are painted in a plane of 4096 units across the width of the image,
// whatever its matrix; a unit is the same length down as across. All arithmetic
// is integer, so that every machine paints the same samples.
const across = 4096

// canvas is the picture while it is painted. A value is a stored sample, or
// with isColour set, 8 bits each of red, green and blue.
type canvas struct {
	columns, rows int
	v             []int32
	units         []int // the centre of each column, or row
}

const isColour = 1 << 30

func colour(r, g, b int32) int32 { return isColour | r<<16 | g<<8 | b }

func newCanvas(columns, rows int) *canvas {
	c := &canvas{columns, rows, make([]int32, columns*rows), make([]int, max(columns, rows))}
	for i := range c.units {
		c.units[i] = (2*i + 1) * across / (2 * columns)
	}
	return c
}

// down is the height of the picture in units.
func (c *canvas) down() int { return across * c.rows / c.columns }

// pixel returns the column or row at a unit, not limited to the picture.
func (c *canvas) pixel(unit int) int {
	if unit < 0 {
		return -1
	}
	return unit * c.columns / across
}

// each calls f for every pixel of the box that lies in the picture, with its
// place in v and its centre.
func (c *canvas) each(u0, v0, u1, v1 int, f func(at, u, v int)) {
	x0, x1, y0, y1 := c.box(u0, v0, u1, v1)
	for y := y0; y <= y1; y++ {
		v := c.units[y]
		for x := x0; x <= x1; x++ {
			f(y*c.columns+x, c.units[x], v)
		}
	}
}

// box returns the columns and rows, both inclusive, of a box that lie in the
// picture; there are none where the first is behind the last.
func (c *canvas) box(u0, v0, u1, v1 int) (x0, x1, y0, y1 int) {
	return max(0, c.pixel(u0)), min(c.columns-1, c.pixel(u1)), max(0, c.pixel(v0)), min(c.rows-1, c.pixel(v1))
}

// full is the depth at the middle of an ellipse.
const full = 1024

// roots is the square root of i/4096 in units of 1/1024.
var roots = sync.OnceValue(func() *[4097]int32 {
	var t [4097]int32
	r := int64(0)
	for i := range t {
		for (r+1)*(r+1) <= int64(i)*256 {
			r++
		}
		t[i] = int32(r)
	}
	return &t
})

// ellipse is an ellipse with its half axes a and b, turned by the angle whose
// cosine and sine, times 1024, are cos and sin (0, 0 means not turned).
type ellipse struct {
	u, v, a, b int
	cos, sin   int
}

// depths calls f for every pixel inside the ellipse with the depth there: how
// far a ray through an ellipsoid of that outline runs inside it, from 0 at the
// edge to full in the middle.
func (c *canvas) depths(e ellipse, f func(at int, depth int32)) {
	if e.a <= 0 || e.b <= 0 {
		return
	}
	if e.cos == 0 && e.sin == 0 {
		e.cos = 1024
	}
	t := roots()
	ia, ib := (int64(1)<<40)/int64(e.a*e.a), (int64(1)<<40)/int64(e.b*e.b)
	ru, rv := e.reach()
	x0, x1, y0, y1 := c.box(e.u-ru, e.v-rv, e.u+ru, e.v+rv)
	for y := y0; y <= y1; y++ {
		dv := c.units[y] - e.v
		alongV, acrossV := dv*e.sin, dv*e.cos
		for x := x0; x <= x1; x++ {
			du := c.units[x] - e.u
			p := int64((du*e.cos + alongV) >> 10)
			q := int64((acrossV - du*e.sin) >> 10)
			r := (p*p*ia + q*q*ib) >> 28 // 4096 at the edge
			if r < 4096 {
				f(y*c.columns+x, t[4096-r])
			}
		}
	}
}

// reach returns how far from its centre the ellipse reaches, across and down, or
// a little more, but never farther than its longer half axis.
func (e ellipse) reach() (ru, rv int) {
	most := max(e.a, e.b)
	norm := e.cos*e.cos + e.sin*e.sin // 1<<20 if they are of one angle
	half := func(cos, sin int) int {
		// A coordinate is rounded down before it is tested: hence one more.
		p, q := (e.a+1)*abs(cos)>>10+1, (e.b+1)*abs(sin)>>10+1
		return (isqrt(p*p+q*q)+1)<<20/norm + 4
	}
	return min(most, half(e.cos, e.sin)), min(most, half(e.sin, e.cos))
}

// add adds the ray's way through the ellipsoid, weight in its middle: the
// shadow of a body in a projection.
func (c *canvas) add(e ellipse, weight int32) {
	c.depths(e, func(at int, d int32) { c.v[at] += weight * d / full })
}

// fill sets everything inside the ellipse: a body in a slice.
func (c *canvas) fill(e ellipse, value int32) {
	c.depths(e, func(at int, _ int32) { c.v[at] = value })
}

// ring sets what lies inside the outer edge by at most the given share, in
// 1/1024 of the depth: a wall.
func (c *canvas) ring(e ellipse, depth, value int32) {
	c.depths(e, func(at int, d int32) {
		if d <= depth {
			c.v[at] = value
		}
	})
}

// stroke adds a round bar along the points of a path, radius r units, weight in
// its axis: a vessel or a rib in a projection.
func (c *canvas) stroke(r int, weight int32, path ...int) {
	c.along(r, func(at int, d int32) { c.v[at] += weight * d / full }, path...)
}

// set sets a round bar of radius r along the path to one value.
func (c *canvas) set(r int, value int32, path ...int) {
	c.along(r, func(at int, _ int32) { c.v[at] = value }, path...)
}

// along calls f once for every pixel within r units of a path, with the depth
// of a round bar there. The path is u, v, u, v, ... and is followed in straight
// lines.
func (c *canvas) along(r int, f func(at int, depth int32), path ...int) {
	if r <= 0 {
		return
	}
	t := roots()
	u0, v0, u1, v1 := path[0], path[1], path[0], path[1]
	for i := 2; i < len(path); i += 2 {
		u0, u1 = min(u0, path[i]), max(u1, path[i])
		v0, v1 = min(v0, path[i+1]), max(v1, path[i+1])
	}
	c.each(u0-r, v0-r, u1+r, v1+r, func(at, u, v int) {
		best := int64(-1)
		for i := 0; i+3 < len(path); i += 2 {
			p, q := u-path[i], v-path[i+1]
			du, dv := path[i+2]-path[i], path[i+3]-path[i+1]
			if length := du*du + dv*dv; length > 0 {
				share := min(max(p*du+q*dv, 0), length)
				p, q = p-du*share/length, q-dv*share/length
			}
			if d := int64(p*p+q*q) * 4096 / int64(r*r); d < 4096 && 4096-d > best {
				best = 4096 - d
			}
		}
		if best > 0 {
			f(at, t[best])
		}
	})
}

// blur replaces every value by the mean of the square of 2r+1 pixels around it:
// the unsharpness of a focus, a detector or a kernel. It must not be used once
// something is coloured.
func (c *canvas) blur(r int) {
	if r <= 0 {
		return
	}
	line := make([]int32, c.columns)
	for y := range c.rows {
		row := c.v[y*c.columns : (y+1)*c.columns]
		sum, count := int64(0), 0
		for _, v := range row[:min(r, len(row))] {
			sum += int64(v)
			count++
		}
		for x := range row {
			if x+r < len(row) {
				sum += int64(row[x+r])
				count++
			}
			if x-r-1 >= 0 {
				sum -= int64(row[x-r-1])
				count--
			}
			line[x] = mean(sum, count)
		}
		copy(row, line)
	}
	// Down, all columns go along together: sums holds the sum of each, and old the
	// rows that are overwritten and still to be subtracted.
	sums, old := make([]int64, c.columns), make([]int32, (r+1)*c.columns)
	row := func(y int) []int32 { return c.v[y*c.columns : (y+1)*c.columns] }
	kept := func(y int) []int32 { return old[y%(r+1)*c.columns : (y%(r+1)+1)*c.columns] }
	count := min(r, c.rows)
	for y := range count {
		for x, v := range row(y) {
			sums[x] += int64(v)
		}
	}
	for y := range c.rows {
		if y+r < c.rows {
			for x, v := range row(y + r) {
				sums[x] += int64(v)
			}
			count++
		}
		if y-r-1 >= 0 {
			for x, v := range kept(y - r - 1) {
				sums[x] -= int64(v)
			}
			count--
		}
		copy(kept(y), row(y))
		to := row(y)
		for x, sum := range sums {
			to[x] = mean(sum, count)
		}
	}
}

// mean is sum/count. Dividing by a constant is several times as quick as by a
// variable, and these are the counts of the usual blurs.
func mean(sum int64, count int) int32 {
	switch count {
	case 3:
		return int32(sum / 3)
	case 5:
		return int32(sum / 5)
	case 7:
		return int32(sum / 7)
	}
	return int32(sum / int64(count))
}

// noise adds to every value a bell-shaped deviate of about the given standard
// deviation.
func (c *canvas) noise(s *stream, deviation int32) {
	for i := range c.v {
		c.v[i] += bell(s, deviation)
	}
}

// bell is the sum of four uniform bytes about its mean; their standard
// deviation is 148.
func bell(s *stream, deviation int32) int32 {
	r := s.next()
	sum := int32(r>>24&0xFF) + int32(r>>32&0xFF) + int32(r>>40&0xFF) + int32(r>>48&0xFF) - 510
	return sum * deviation / 148
}

// mottle adds noise in grains of the given size in pixels.
func (c *canvas) mottle(s *stream, grain int, deviation int32) {
	m := newCanvas(c.columns, c.rows)
	w := c.columns/grain + 2
	cell := make([]int32, w*(c.rows/grain+2))
	for i := range cell {
		cell[i] = bell(s, deviation)
	}
	for y := range c.rows {
		gy, fy := y/grain, int32(y%grain)
		for x := range c.columns {
			gx, fx := x/grain, int32(x%grain)
			g := int32(grain)
			top := cell[gy*w+gx]*(g-fx) + cell[gy*w+gx+1]*fx
			bottom := cell[(gy+1)*w+gx]*(g-fx) + cell[(gy+1)*w+gx+1]*fx
			m.v[y*c.columns+x] = (top*(g-fy) + bottom*fy) / (g * g)
		}
	}
	for i := range c.v {
		c.v[i] += m.v[i]
	}
}
