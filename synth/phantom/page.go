package phantom

// page is a sheet with print on it, laid out in a grid of cells of the font.
type page struct {
	c           *canvas
	scale       int // pixels for one of the font
	left, top   int // of the first cell, in pixels
	wide, high  int // of a cell, in pixels
	ink, ground int32
}

// newPage returns a page of so many cells across below the mark.
func newPage(c *canvas, cells int, ink, ground int32) *page {
	c.flat(ground)
	scale := max(1, c.wide/(cells*(glyphWidth+1)))
	pg := &page{c: c, scale: scale, wide: (glyphWidth + 1) * scale, high: (glyphHeight + 4) * scale, ink: ink, ground: ground}
	pg.left = max(0, (c.wide-cells*pg.wide)/2) // what does not fit is cut at the right
	mark := c.markScale()
	pg.top = max(4, c.high/60) + 2*(glyphHeight+3)*mark + pg.high/2
	return pg
}

// print writes text into cells.
func (pg *page) print(column, row int, text string, ink int32) {
	pg.c.write(text, pg.left+column*pg.wide, pg.top+row*pg.high, pg.scale, ink, bare)
}

// printRight writes text that ends before a column.
func (pg *page) printRight(column, row int, text string) {
	pg.print(column-len(text), row, text, pg.ink)
}

// rule draws a line above a row.
func (pg *page) rule(from, to, row int, ink int32) {
	y := pg.top + row*pg.high - 3*pg.scale
	pg.c.fillPixels(pg.left+from*pg.wide, y, pg.left+to*pg.wide, y+max(1, pg.scale/2), ink)
}

// fillPixels fills a box of pixels of a canvas that is not reduced, its right and
// lower edge not included.
func (c *canvas) fillPixels(x0, y0, x1, y1 int, value int32) {
	for y := max(0, y0); y < min(y1, c.rows); y++ {
		for x := max(0, x0); x < min(x1, c.columns); x++ {
			c.v[y*c.columns+x] = value
		}
	}
}

// blend is a colour so many 1/1024 of the way from a to b.
func blend(a, b int32, share int) int32 {
	share = min(max(share, 0), 1024)
	mix := func(shift int) int32 {
		p, q := int(a>>shift&0xFF), int(b>>shift&0xFF)
		return int32(p + (q-p)*share/1024)
	}
	return colour(mix(16), mix(8), mix(0))
}
