package phantom

// Pictures are painted in a plane of 4096 units across, or more where the
// picture is wider than what is to be seen; a unit is the same length down as
// across.
const (
	across = 4096
	mid    = across / 2 // the middle of every picture
)

// canvas is the picture while it is painted. A value is a sample, or with
// isColour set, 8 bits each of red, green and blue.
//
// Large pictures are painted in a reduced matrix and enlarged when they are
// written: what a body shows is softer than a detector's matrix. Their noise and
// their words are of the full matrix.
type canvas struct {
	columns, rows int // of the matrix that is painted
	v             []int32
	us, vs        []int // the centres of the columns and of the rows, in units
	left, right   int   // the picture's edges, in units
	top, bottom   int
	pitch         int // 1/65536 units from one pixel to the next

	wide, high int // columns and rows of the picture
	reduced    int // by how much the painted matrix is smaller
	last       finish
	words      []words
	line       []int32 // of along
}

// finish is what is done to samples when they are written.
type finish struct {
	deviation int32  // of the noise, 0 is none
	seed      uint64 // of the noise
	masked    bool   // samples that are not above 0 have no noise
}

const isColour = 1 << 30

func colour(r, g, b int32) int32 {
	return isColour | min(max(r, 0), 255)<<16 | min(max(g, 0), 255)<<8 | min(max(b, 0), 255)
}

// largest is how many pixels are painted at most before a picture is reduced.
const largest = 1_300_000

// newCanvas returns the empty canvas of a picture.
func newCanvas(wide, high int, l look) *canvas {
	reduced := 1
	for !l.sharp && wide*high/(reduced*reduced) > largest {
		reduced++
	}
	c := &canvas{
		columns: (wide + reduced - 1) / reduced, rows: (high + reduced - 1) / reduced,
		wide: wide, high: high, reduced: reduced,
	}
	c.v = make([]int32, c.columns*c.rows)
	c.us, c.vs = make([]int, c.columns), make([]int, c.rows)
	height := l.height
	if height == 0 {
		height = across
	}
	c.pitch = max(across<<16*reduced/wide, height<<16*reduced/high)
	width, down := wide*c.pitch/reduced>>16, high*c.pitch/reduced>>16
	c.left, c.right = mid-width/2, mid+width/2
	if l.middle {
		c.top = -(down - height) / 2
	}
	c.bottom = c.top + down
	c.centres()
	return c
}

// centres places the columns and rows.
func (c *canvas) centres() {
	for i := range c.us {
		c.us[i] = c.left + (2*i+1)*c.pitch>>17
	}
	for i := range c.vs {
		c.vs[i] = c.top + (2*i+1)*c.pitch>>17
	}
}

// zoomed is the same picture in a plane in which it is so many units wide, around
// the place mid, mid: for bodies that are painted in other scales.
func (c *canvas) zoomed(width int) *canvas {
	z := *c
	z.pitch = width << 16 * c.reduced / c.wide
	down := z.pitch * c.high / c.reduced >> 16
	z.left, z.right, z.top, z.bottom = mid-width/2, mid+width/2, mid-down/2, mid+down/2
	z.us, z.vs = make([]int, c.columns), make([]int, c.rows)
	z.centres()
	return &z
}

// column returns the column at a unit, not limited to the picture.
func (c *canvas) column(u int) int { return (u - c.left) << 16 / c.pitch }

// row returns the row at a unit, not limited to the picture.
func (c *canvas) row(v int) int { return (v - c.top) << 16 / c.pitch }

// pixels is how many pixels of the full picture are as long as some units.
func (c *canvas) pixels(units int) int { return units << 16 * c.reduced / c.pitch }

// flat sets every sample.
func (c *canvas) flat(value int32) {
	for i := range c.v {
		c.v[i] = value
	}
}

// each calls f for every pixel of the box that lies in the picture, with its
// place in v and its centre.
func (c *canvas) each(u0, v0, u1, v1 int, f func(at, u, v int)) {
	x0, x1, y0, y1 := c.box(u0, v0, u1, v1)
	for y := y0; y <= y1; y++ {
		v := c.vs[y]
		for x := x0; x <= x1; x++ {
			f(y*c.columns+x, c.us[x], v)
		}
	}
}

// all calls f for every pixel.
func (c *canvas) all(f func(at, u, v int)) { c.each(c.left, c.top, c.right, c.bottom, f) }

// box returns the columns and rows, both inclusive, of a box that lie in the
// picture; there are none where the first is behind the last.
func (c *canvas) box(u0, v0, u1, v1 int) (x0, x1, y0, y1 int) {
	return max(0, c.column(u0)), min(c.columns-1, c.column(u1)), max(0, c.row(v0)), min(c.rows-1, c.row(v1))
}
