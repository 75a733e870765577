package phantom

import (
	"fmt"
	"image"

	"pacsuat/synth/draw"
)

// format is how samples are stored.
type format struct {
	colour      bool
	shift       int // to the left, or where negative to the right
	offset      int32
	least, most int32
	wide        bool // two bytes a sample
}

// AppendSamples paints the picture and appends it as native Pixel Data, little
// endian: a byte for each sample where bits is 8, else two, colour by pixel
// (Planar Configuration 0), without padding to an even length. See PS3.5 8.1.
//
// bits is Bits Stored, from 8 to 16, and 8 for colour. Values are shifted from
// p.Bits to bits, then offset is added (-1024 for signed CT; 0 for colour), then
// they are limited to what bits can hold, signed or not. Hounsfield units (p.Air
// is not 0) are never multiplied: they are shifted to fewer bits only. Negative
// values are sign extended to the bytes allocated.
//
// It takes memory for the samples and at most four bytes more for each pixel.
func (p Phantom) AppendSamples(dst []byte, q Picture, bits, offset int, signed bool) ([]byte, error) {
	if err := p.check(q); err != nil {
		return dst, err
	}
	if bits < 8 || bits > 16 {
		return dst, fmt.Errorf("phantom: %q with %d bits stored cannot be made, from 8 to 16 can", p.Name, bits)
	}
	if p.Colour && (bits != 8 || offset != 0 || signed) {
		return dst, fmt.Errorf("phantom: %q is of colour: 8 bits, no offset, not signed", p.Name)
	}
	if offset < -1<<16 || offset > 1<<16 {
		return dst, fmt.Errorf("phantom: offset %d of %q is not from %d to %d", offset, p.Name, -1<<16, 1<<16)
	}
	f := format{colour: p.Colour, shift: bits - p.look.bits(p.Bits), offset: int32(offset), most: 1<<bits - 1, wide: bits > 8}
	if p.Air != 0 {
		f.shift = min(f.shift, 0)
	}
	if signed {
		f.least, f.most = -1<<(bits-1), 1<<(bits-1)-1
	}
	c := newCanvas(q.Columns, q.Rows, p.look)
	p.look.paint(c, p.scene(q))
	return c.appendTo(dst, f), nil
}

// Image paints the picture for looking at: an *image.RGBA where the phantom is
// of colour, else an *image.Gray with p.Window applied.
func (p Phantom) Image(q Picture) (image.Image, error) {
	bits := p.Bits
	samples, err := p.AppendSamples(nil, q, bits, 0, false)
	if err != nil {
		return nil, err
	}
	frame := image.Rect(0, 0, q.Columns, q.Rows)
	if p.Colour {
		m := image.NewRGBA(frame)
		for i := range q.Columns * q.Rows {
			copy(m.Pix[4*i:], samples[3*i:3*i+3])
			m.Pix[4*i+3] = 255
		}
		return m, nil
	}
	m := image.NewGray(frame)
	centre, width := p.Window()
	for i := range m.Pix {
		v := 0
		if bits > 8 {
			v = int(samples[2*i]) | int(samples[2*i+1])<<8
		} else {
			v = int(samples[i])
		}
		m.Pix[i] = byte(min(max((v-centre+width/2)*255/width, 0), 255))
	}
	return m, nil
}

// bits is how many bits the painted values have.
func (l look) bits(usual int) int {
	if l.depth > 0 {
		return l.depth
	}
	return usual
}

// appendTo writes the picture.
func (c *canvas) appendTo(dst []byte, f format) []byte {
	size := 1
	switch {
	case f.colour:
		size = 3
	case f.wide:
		size = 2
	}
	start := len(dst)
	dst = append(dst, make([]byte, c.wide*c.high*size)...)
	picture := dst[start:]
	line := make([]int32, c.wide)
	noise := draw.From(c.last.seed)
	var planes []int32
	if f.colour && c.reduced > 1 {
		planes = make([]int32, c.wide)
		for i, v := range c.v {
			c.v[i] = coloured(v)
		}
	}
	for y := range c.high {
		if planes != nil {
			clear(line)
			for shift := 0; shift <= 16; shift += 8 {
				c.enlarge(y, planes, shift, 0xFF)
				for x, v := range planes {
					line[x] |= isColour | v<<shift
				}
			}
		} else {
			c.enlarge(y, line, 0, -1)
			c.last.apply(line, noise)
		}
		f.put(picture[y*c.wide*size:], line)
	}
	for _, w := range c.words {
		c.burnIn(w, picture, size, f)
	}
	return dst
}

// coloured is a grey value as a colour.
func coloured(v int32) int32 {
	if v >= isColour {
		return v
	}
	return colour(v, v, v)
}

// enlarge computes one row of the full matrix, straight between the centres of
// the painted pixels, of the bits of mask after a shift to the right.
func (c *canvas) enlarge(y int, line []int32, shift int, mask int32) {
	k := c.reduced
	if k == 1 {
		copy(line, c.v[y*c.columns:])
		return
	}
	// In 1/2k of a painted pixel the row's centre is at 2y+1, that of the first
	// painted row at k.
	n := max(2*y+1-k, 0)
	y0 := n / (2 * k)
	y1, share := min(y0+1, c.rows-1), int32(n%(2*k))
	upper, lower := c.v[y0*c.columns:(y0+1)*c.columns], c.v[y1*c.columns:(y1+1)*c.columns]
	twice := int32(2 * k)
	at := func(x int) int32 { return upper[x]>>shift&mask*(twice-share) + lower[x]>>shift&mask*share }
	left, x := at(0), 0
	for ; x < len(line) && 2*x+1 < k; x++ {
		line[x] = left / twice
	}
	whole := twice * twice
	for to := 1; x < len(line); to++ {
		right := at(min(to, c.columns-1))
		sum := left*twice + (right-left)*int32(2*x+1-k-(to-1)*2*k)
		step := 2 * (right - left)
		for end := min(x+k, len(line)); x < end && 2*x+1-k < to*2*k; x++ {
			line[x] = sum / whole
			sum += step
		}
		left = right
	}
}

// apply adds the noise, two deviates of every draw; see bell.
func (f finish) apply(line []int32, s *draw.Stream) {
	if f.deviation == 0 {
		return
	}
	const bytes = 0x00FF00FF00FF00FF
	weight := f.deviation << 12 / 148
	for i := 0; i < len(line); i += 2 {
		r := s.Uint64()
		r = r&bytes + r>>8&bytes
		r += r >> 16
		if v := line[i]; v > 0 || !f.masked {
			line[i] = v + (int32(r&0xFFFF)-510)*weight>>12
		}
		if i+1 < len(line) {
			if v := line[i+1]; v > 0 || !f.masked {
				line[i+1] = v + (int32(r>>32&0xFFFF)-510)*weight>>12
			}
		}
	}
}

// value is the sample that is stored for a grey value.
func (f format) value(v int32) int32 {
	v = max(v, 0)
	if f.shift >= 0 {
		v <<= f.shift
	} else {
		v >>= -f.shift
	}
	return min(max(v+f.offset, f.least), f.most)
}

// put stores values from the begin of to.
func (f format) put(to []byte, line []int32) {
	switch {
	case f.colour:
		to = to[:3*len(line)]
		for i, v := range line {
			v = coloured(v)
			to[3*i], to[3*i+1], to[3*i+2] = byte(v>>16), byte(v>>8), byte(v)
		}
	case f.wide:
		to = to[:2*len(line)]
		for i, v := range line {
			v = f.value(v)
			to[2*i], to[2*i+1] = byte(v), byte(v>>8)
		}
	default:
		to = to[:len(line)]
		for i, v := range line {
			to[i] = byte(f.value(v))
		}
	}
}

// burnIn writes a text over the samples.
func (c *canvas) burnIn(w words, picture []byte, size int, f format) {
	square := func(x, y int, value int32) {
		one := []int32{value}
		for j := max(y, 0); j < min(y+w.scale, c.high); j++ {
			for i := max(x, 0); i < min(x+w.scale, c.wide); i++ {
				f.put(picture[(j*c.wide+i)*size:], one)
			}
		}
	}
	half := max(1, w.scale/2)
	if w.edge != bare {
		w.dots(func(x, y int) {
			for _, d := range [][2]int{{-half, 0}, {half, 0}, {0, -half}, {0, half}} {
				square(x+d[0], y+d[1], w.edge)
			}
		})
	}
	w.dots(func(x, y int) { square(x, y, w.ink) })
}
