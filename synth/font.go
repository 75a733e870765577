package synth

// mark is what is burnt into every picture, besides the words below it.
const (
	mark     = "SYNTHETIC"
	markMore = "NOT A PATIENT"
)

const (
	glyphWidth  = 5
	glyphHeight = 7
)

// glyphs is a small font, 5 by 7 pixels; in each row the leftmost pixel is bit 4.
// It holds what is burnt in and no more.
var glyphs = map[rune][glyphHeight]byte{
	'A': {0x0E, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11},
	'C': {0x0E, 0x11, 0x10, 0x10, 0x10, 0x11, 0x0E},
	'E': {0x1F, 0x10, 0x10, 0x1E, 0x10, 0x10, 0x1F},
	'H': {0x11, 0x11, 0x11, 0x1F, 0x11, 0x11, 0x11},
	'I': {0x0E, 0x04, 0x04, 0x04, 0x04, 0x04, 0x0E},
	'L': {0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x1F},
	'N': {0x11, 0x19, 0x19, 0x15, 0x13, 0x13, 0x11},
	'O': {0x0E, 0x11, 0x11, 0x11, 0x11, 0x11, 0x0E},
	'P': {0x1E, 0x11, 0x11, 0x1E, 0x10, 0x10, 0x10},
	'R': {0x1E, 0x11, 0x11, 0x1E, 0x14, 0x12, 0x11},
	'S': {0x0F, 0x10, 0x10, 0x0E, 0x01, 0x01, 0x1E},
	'T': {0x1F, 0x04, 0x04, 0x04, 0x04, 0x04, 0x04},
	'Y': {0x11, 0x11, 0x0A, 0x04, 0x04, 0x04, 0x04},
}

// write burns text in, each pixel of the font a square of scale pixels, the
// left upper corner at column x and row y, with a dark edge of one such square so
// that it is read on any ground. What lies outside the picture is cut.
func (c *canvas) write(text string, x, y, scale int, ink, edge int32) {
	square := func(x, y int, value int32) {
		for j := max(y, 0); j < min(y+scale, c.rows); j++ {
			for i := max(x, 0); i < min(x+scale, c.columns); i++ {
				c.v[j*c.columns+i] = value
			}
		}
	}
	dots := func(draw func(x, y int)) {
		for n, r := range []rune(text) {
			for row, bits := range glyphs[r] {
				for column := range glyphWidth {
					if bits&(0x10>>column) != 0 {
						draw(x+(n*(glyphWidth+1)+column)*scale, y+row*scale)
					}
				}
			}
		}
	}
	half := max(1, scale/2)
	dots(func(x, y int) {
		for _, d := range [][2]int{{-half, 0}, {half, 0}, {0, -half}, {0, half}} {
			square(x+d[0], y+d[1], edge)
		}
	})
	dots(func(x, y int) { square(x, y, ink) })
}

// burn writes the mark into the picture's top, centred, below the stamp.
func (c *canvas) burn(ink, edge int32) {
	scale := max(1, c.columns/150)
	y := max(2, c.rows/60)
	for _, line := range []struct {
		text  string
		scale int
	}{{mark, scale}, {markMore, max(1, scale*2/3)}} {
		width := (len(line.text)*(glyphWidth+1) - 1) * line.scale
		c.write(line.text, (c.columns-width)/2, y, line.scale, ink, edge)
		y += (glyphHeight + 3) * line.scale
	}
}
