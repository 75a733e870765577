package phantom

import "sync"

// whole is a full turn; angles are counted from the right, towards the bottom.
const whole = 4096

// sines is the sine of i/4096 of a turn, times 1<<20.
var sines = sync.OnceValue(func() *[whole]int64 {
	// The angle of one step, 2 pi/4096, times 1<<60, turns a vector again and again;
	// each quarter begins anew so that no error grows.
	const step = 1768559438007110 // times 1<<60
	var t [whole]int64
	// cos and sin of one step by their series, times 1<<60.
	square := mul60(step, step)
	sin := int64(step) - mul60(step, square)/6 + mul60(mul60(step, square), square)/120
	cos := int64(1)<<60 - square/2 + mul60(square, square)/24
	x, y := int64(1)<<60, int64(0)
	for i := range whole / 4 {
		s, c := (y+1<<39)>>40, (x+1<<39)>>40
		t[i], t[i+whole/4], t[i+whole/2], t[i+whole*3/4] = s, c, -s, -c
		x, y = mul60(x, cos)-mul60(y, sin), mul60(x, sin)+mul60(y, cos)
	}
	return &t
})

// mul60 is a*b / 1<<60, rounded towards zero by at most a few units.
func mul60(a, b int64) int64 {
	negative := (a < 0) != (b < 0)
	p, q := uint64(max(a, -a)), uint64(max(b, -b))
	ph, pl := p>>30, p&(1<<30-1)
	qh, ql := q>>30, q&(1<<30-1)
	r := int64(ph*qh + (ph*ql+pl*qh+pl*ql>>30)>>30)
	if negative {
		return -r
	}
	return r
}

// turned returns the vector of the given length at an angle.
func turned(angle, length int) (u, v int) {
	t := sines()
	a := angle & (whole - 1)
	return int(t[(a+whole/4)&(whole-1)] * int64(length) >> 20), int(t[a] * int64(length) >> 20)
}

// tilted is the ellipse turned by an angle.
func (e ellipse) tilted(angle int) ellipse {
	e.cos, e.sin = turned(angle, 1024)
	return e
}

// curve goes straight from point to point x0, y0, x1, y1, ... with x rising, and
// level before the first and after the last.
func curve(x int, points ...int) int {
	if x <= points[0] {
		return points[1]
	}
	for i := 2; i+1 < len(points); i += 2 {
		if x < points[i] {
			x0, y0 := points[i-2], points[i-1]
			return y0 + (points[i+1]-y0)*(x-x0)/(points[i]-x0)
		}
	}
	return points[len(points)-1]
}

// bow is curve with a smooth course.
func bow(x int, points ...int) int {
	if x <= points[0] {
		return points[1]
	}
	for i := 2; i+1 < len(points); i += 2 {
		if x < points[i] {
			x0, y0 := points[i-2], points[i-1]
			t := (x - x0) * 1024 / (points[i] - x0)
			return y0 + (points[i+1]-y0)*(t*t>>10*(3072-2*t)>>10)/1024
		}
	}
	return points[len(points)-1]
}
