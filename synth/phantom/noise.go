package phantom

import "pacsuat/synth/draw"

// blur replaces every value by the mean of the square of 2r+1 pixels around it:
// the unsharpness of a focus, a detector or a kernel. It must not be used once
// something is coloured.
func (c *canvas) blur(r int) {
	if r <= 0 {
		return
	}
	c.blurAcross(r)
	c.blurDown(r)
}

// blurAcross blurs along rows only.
func (c *canvas) blurAcross(r int) {
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
}

// blurDown blurs along columns only. All columns go along together: sums holds
// the sum of each, and old the rows that are overwritten and still to be
// subtracted.
func (c *canvas) blurDown(r int) {
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
func (c *canvas) noise(s *draw.Stream, deviation int32) {
	for i := range c.v {
		c.v[i] += bell(s, deviation)
	}
}

// bell is the sum of four uniform bytes about its mean; their standard
// deviation is 148.
func bell(s *draw.Stream, deviation int32) int32 {
	r := s.Uint64()
	sum := int32(r>>24&0xFF) + int32(r>>32&0xFF) + int32(r>>40&0xFF) + int32(r>>48&0xFF) - 510
	return sum * deviation / 148
}

// mottle adds noise in grains of the given size in pixels.
func (c *canvas) mottle(s *draw.Stream, grain int, deviation int32) {
	grain = max(grain, 1)
	w := c.columns/grain + 2
	upper, lower := make([]int32, w), make([]int32, w)
	draw := func(row []int32) {
		for i := range row {
			row[i] = bell(s, deviation)
		}
	}
	draw(upper)
	draw(lower)
	g := int32(grain)
	for y := range c.rows {
		fy := int32(y % grain)
		if y > 0 && fy == 0 {
			upper, lower = lower, upper
			draw(lower)
		}
		row := c.v[y*c.columns : (y+1)*c.columns]
		for gx := range w - 1 {
			a := upper[gx]*(g-fy) + lower[gx]*fy
			b := upper[gx+1]*(g-fy) + lower[gx+1]*fy
			for fx := range min(grain, max(0, len(row)-gx*grain)) {
				row[gx*grain+fx] += (a*(g-int32(fx)) + b*int32(fx)) / (g * g)
			}
		}
	}
}
