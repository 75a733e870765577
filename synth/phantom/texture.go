package phantom

import "pacsuat/synth/draw"

// texture is irregular structure: values from about -1024 to 1024 that change
// smoothly from one cell to the next, in the plane and, for volumes, along z.
type texture struct {
	seed    uint64
	cell    int // units from one irregularity to the next
	high    int // the same downwards; 0 is cell
	octaves int // each further one is half as large and half as strong; 0 is 1
	z       int // in units, for slices of a volume
	deep    int // cell along z; 0 is cell
}

// lattice is the value at one corner of the cells.
func (t texture) lattice(i, j, k int) int {
	h := draw.Mix(t.seed + uint64(i)*0x9E3779B97F4A7C15 + uint64(j)*0xC2B2AE3D27D4EB4F + uint64(k)*0x165667B19E3779F9)
	return int(h>>53) - 1024
}

// eased is 3t*t - 2t*t*t in 1/1024.
func eased(t int) int { return t * t >> 10 * (3072 - 2*t) >> 10 }

// cell divides down and returns what is left, eased, in 1/1024.
func cellOf(x, size int) (n, share int) {
	n = x / size
	if x%size < 0 {
		n--
	}
	return n, eased((x - n*size) * 1024 / size)
}

// corner is lattice between two layers along z.
func (t texture) corner(i, j, k, share int) int {
	a := t.lattice(i, j, k)
	if share == 0 {
		return a
	}
	return a + (t.lattice(i, j, k+1)-a)*share>>10
}

// halved is the next octave.
func (t texture) halved() texture {
	t.seed, t.cell, t.high, t.deep, t.octaves = draw.Mix(t.seed), t.cell/2, t.high/2, t.deep/2, t.octaves-1
	return t
}

// complete fills in what may be left out.
func (t texture) complete() texture {
	if t.high == 0 {
		t.high = t.cell
	}
	if t.deep == 0 {
		t.deep = t.cell
	}
	t.octaves = max(t.octaves, 1)
	return t
}

// at is the texture at one place.
func (t texture) at(u, v int) int {
	t = t.complete()
	sum, weight, all := 0, 1024, 0
	for ; t.octaves > 0 && t.cell > 0 && t.high > 0 && t.deep > 0; t = t.halved() {
		i, fu := cellOf(u, t.cell)
		j, fv := cellOf(v, t.high)
		k, fz := cellOf(t.z, t.deep)
		a, b := t.corner(i, j, k, fz), t.corner(i+1, j, k, fz)
		d, e := t.corner(i, j+1, k, fz), t.corner(i+1, j+1, k, fz)
		a += (b - a) * fu >> 10
		d += (e - d) * fu >> 10
		sum += (a + (d-a)*fv>>10) * weight
		all += weight
		weight /= 2
	}
	return sum / max(all, 1)
}

// texture returns the texture at every pixel, at the same places as c.v.
func (c *canvas) texture(t texture) []int32 {
	t = t.complete()
	to := make([]int32, len(c.v))
	all := int32(0)
	weight := int32(1024)
	for ; t.octaves > 0 && t.cell > 0 && t.high > 0 && t.deep > 0; t = t.halved() {
		c.octave(t, to, weight)
		all += weight
		weight /= 2
	}
	if all > 0 {
		for i := range to {
			to[i] /= all
		}
	}
	return to
}

// octave adds one octave, times weight.
func (c *canvas) octave(t texture, to []int32, weight int32) {
	first, _ := cellOf(c.us[0], t.cell)
	last, _ := cellOf(c.us[c.columns-1], t.cell)
	n := last - first + 2
	index, share := make([]int32, c.columns), make([]int32, c.columns)
	for x, u := range c.us {
		i, f := cellOf(u, t.cell)
		index[x], share[x] = int32(i-first), int32(f)
	}
	k, fz := cellOf(t.z, t.deep)
	upper, lower, line := make([]int32, n), make([]int32, n), make([]int32, n)
	fill := func(row []int32, j int) {
		for i := range row {
			row[i] = int32(t.corner(first+i, j, k, fz))
		}
	}
	at := 1 << 40
	for y, v := range c.vs {
		j, f := cellOf(v, t.high)
		if j != at {
			if j == at+1 {
				upper, lower = lower, upper
			} else {
				fill(upper, j)
			}
			fill(lower, j+1)
			at = j
		}
		for i := range line {
			line[i] = upper[i] + (lower[i]-upper[i])*int32(f)>>10
		}
		row := to[y*c.columns : (y+1)*c.columns]
		for x := range row {
			i := index[x]
			a := line[i]
			row[x] += (a + (line[i+1]-a)*share[x]>>10) * weight
		}
	}
}
