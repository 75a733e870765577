package phantom

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

// words is a line of text in the full picture: its left upper corner at column x
// and row y, each pixel of the font a square of scale pixels.
type words struct {
	text        string
	x, y, scale int
	ink, edge   int32
}

// write burns text in, with a dark edge so that it is read on any ground. What
// lies outside the picture is cut.
func (c *canvas) write(text string, x, y, scale int, ink, edge int32) {
	c.words = append(c.words, words{text, x, y, max(1, scale), ink, edge})
}

// width is how many columns the text takes.
func (w words) width() int { return (len(w.text)*(glyphWidth+1) - 1) * w.scale }

// dots calls draw for every square of the text's ink.
func (w words) dots(draw func(x, y int)) {
	for n, r := range []rune(w.text) {
		for row, bits := range glyphs[r] {
			for column := range glyphWidth {
				if bits&(0x10>>column) != 0 {
					draw(w.x+(n*(glyphWidth+1)+column)*w.scale, w.y+row*w.scale)
				}
			}
		}
	}
}

// burn writes the mark into the picture's top, centred, below the rows where a
// stamp is put.
func (c *canvas) burn(ink, edge int32) {
	scale := max(1, c.wide/150)
	y := max(4, c.high/60)
	for _, w := range []words{{text: mark, scale: scale}, {text: markMore, scale: max(1, scale*2/3)}} {
		c.write(w.text, (c.wide-w.width())/2, y, w.scale, ink, edge)
		y += (glyphHeight + 3) * w.scale
	}
}
