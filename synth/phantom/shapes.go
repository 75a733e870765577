package phantom

import (
	"math/bits"
	"slices"
	"sync"
)

// full is the depth at the middle of an ellipse or a bar.
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

// grown is the ellipse with half axes longer by n.
func (e ellipse) grown(n int) ellipse {
	e.a, e.b = e.a+n, e.b+n
	return e
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
		dv := c.vs[y] - e.v
		alongV, acrossV := dv*e.sin, dv*e.cos
		for x := x0; x <= x1; x++ {
			du := c.us[x] - e.u
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
	c.along(r, r, func(at int, d int32) { c.v[at] += weight * d / full }, path...)
}

// taper is stroke with a radius that goes from r0 to r1 along the path.
func (c *canvas) taper(r0, r1 int, weight int32, path ...int) {
	c.along(r0, r1, func(at int, d int32) { c.v[at] += weight * d / full }, path...)
}

// set sets a round bar of radius r along the path to one value.
func (c *canvas) set(r int, value int32, path ...int) {
	c.along(r, r, func(at int, _ int32) { c.v[at] = value }, path...)
}

// along calls f once for every pixel within a radius of a path, with the depth of
// a round bar there. The radius goes from r0 to r1 units, point by point. The
// path is u, v, u, v, ... and is followed in straight lines.
func (c *canvas) along(r0, r1 int, f func(at int, depth int32), path ...int) {
	last := max(1, len(path)/2-1)
	bar := make(bar, 0, len(path)/2*3)
	for i := 0; i+1 < len(path); i += 2 {
		bar = append(bar, path[i], path[i+1], r0+(r1-r0)*i/2/last)
	}
	c.bar(bar, f)
}

// bar is a bar of changing thickness: u, v and radius, u, v and radius, ...
type bar []int

// rounded is the bar with a smooth course and outline.
func (b bar) rounded() bar {
	const steps = 6
	n := len(b) / 3
	if n < 3 {
		return b
	}
	smooth := make(bar, 0, 3*n*steps)
	for i := range n - 1 {
		for s := range steps {
			for axis := range 3 {
				at := func(k int) int { return b[3*min(max(i+k, 0), n-1)+axis] }
				smooth = append(smooth, through(at(-1), at(0), at(1), at(2), s, steps))
			}
		}
	}
	return append(smooth, b[3*n-3:3*n]...)
}

// through is the place at s/steps of the way from a to b on the smooth line
// through p, a, b and q (Catmull and Rom's).
func through(p, a, b, q, s, steps int) int {
	sum := 2*a*steps*steps*steps + (b-p)*s*steps*steps + (2*p-5*a+4*b-q)*s*s*steps + (3*a-p-3*b+q)*s*s*s
	return sum / (2 * steps * steps * steps)
}

// thinner is the bar with radii smaller by n, at least 1.
func (b bar) thinner(n int) bar {
	t := slices.Clone(b)
	for i := 2; i < len(t); i += 3 {
		t[i] = max(1, t[i]-n)
	}
	return t
}

// bar calls f once for every pixel inside a bar with the depth there.
func (c *canvas) bar(b bar, f func(at int, depth int32)) {
	if len(b) < 6 {
		return
	}
	t := roots()
	if c.line == nil {
		c.line = make([]int32, c.columns)
	}
	v0, v1 := b[1], b[1]
	for i := 0; i+2 < len(b); i += 3 {
		if b[i+2] <= 0 {
			return
		}
		v0, v1 = min(v0, b[i+1]-b[i+2]), max(v1, b[i+1]+b[i+2])
	}
	y0, y1 := max(0, c.row(v0)), min(c.rows-1, c.row(v1))
	for y := y0; y <= y1; y++ {
		v := c.vs[y]
		from, to := c.columns, -1
		for i := 0; i+5 < len(b); i += 3 {
			a := segment{b[i], b[i+1], b[i+3], b[i+4], b[i+2], b[i+5]}
			u0, u1, ok := a.span(v)
			if !ok {
				continue
			}
			x0, x1 := max(0, c.column(u0)), min(c.columns-1, c.column(u1))
			if x0 > x1 {
				continue
			}
			from, to = min(from, x0), max(to, x1)
			a.depths(c.us[x0:x1+1], v, c.line[x0:x1+1])
		}
		for x := from; x <= to; x++ {
			if d := c.line[x]; d > 0 {
				c.line[x] = 0
				f(y*c.columns+x, t[min(d, 4096)])
			}
		}
	}
}

// segment is one line of a path with the radius at both ends.
type segment struct{ u0, v0, u1, v1, r0, r1 int }

// span returns from where to where, or a little farther, the bar crosses the
// height v.
func (a segment) span(v int) (from, to int, ok bool) {
	if a.v0 > a.v1 {
		a = segment{a.u1, a.v1, a.u0, a.v0, a.r1, a.r0}
	}
	r := max(a.r0, a.r1)
	if v < a.v0-r || v > a.v1+r {
		return 0, 0, false
	}
	p, q := a.u0, a.u1
	if fall := a.v1 - a.v0; fall > 0 {
		p = a.u0 + (a.u1-a.u0)*max(0, v-r-a.v0)/fall
		q = a.u0 + (a.u1-a.u0)*min(fall, v+r-a.v0)/fall
	}
	return min(p, q) - r - 1, max(p, q) + r + 1, true
}

// depths raises line, at the places us of the height v, to the share of the
// radius's square that is left there, in 1/4096.
func (a segment) depths(us []int, v int, line []int32) {
	du, dv := a.u1-a.u0, a.v1-a.v0
	length := du*du + dv*dv
	inverse := int64(0)
	if length > 0 {
		inverse = 1 << 40 / int64(length)
	}
	even := int64(0)
	if a.r0 == a.r1 {
		even = 1 << 40 / int64(a.r0*a.r0)
	}
	for i, u := range us {
		p, q := u-a.u0, v-a.v0
		share := min(max(int64(p*du+q*dv)*inverse>>20, 0), 1<<20) // of 1<<20
		p -= int(int64(du) * share >> 20)
		q -= int(int64(dv) * share >> 20)
		d := int64(p*p + q*q)
		if even > 0 {
			d = d * even >> 28
		} else {
			r := int64(a.r0) + int64(a.r1-a.r0)*share>>20
			d = d * 4096 / max(r*r, 1)
		}
		if d < 4096 {
			line[i] = max(line[i], int32(4096-d))
		}
	}
}

func abs(n int) int { return max(n, -n) }

// isqrt is the integer square root, 0 of what is negative.
func isqrt(n int) int {
	if n <= 0 {
		return 0
	}
	// The table tells the leading digits, one step of Newton's method the others.
	m := int64(n)
	shift := max(0, bits.Len64(uint64(m))-12+1) &^ 1
	r := int64(roots()[m>>shift]) << (shift / 2) >> 4
	r = (r + m/max(r, 1)) / 2
	for r*r > m {
		r--
	}
	for (r+1)*(r+1) <= m {
		r++
	}
	return int(r)
}
