package synth

import (
	"fmt"
	"image"
	"image/color"
	"strconv"
	"strings"

	"pacsuat/internal/dicom/dataset"
)

// Sheet returns a contact sheet of the study: up to so many of its pictures, the
// first of each view and evenly more, in so many columns of square tiles. Pictures
// are shown as a viewer shows them, from the data set alone: native samples,
// rescaled, windowed (PS3.3 C.11.2.1.2.1), inverted for MONOCHROME1, coloured by
// their palette. The study must be in an uncompressed transfer syntax.
func Sheet(s *Study, pictures, columns, tile int) (image.Image, error) {
	if pictures < 1 || columns < 1 || tile < 16 || tile > 2048 || pictures > 1000 {
		return nil, fmt.Errorf("synth: a sheet of %d pictures in %d columns of %d pixels", pictures, columns, tile)
	}
	var tiles []*image.RGBA
	for _, at := range s.exposures(pictures) {
		in, err := s.Instance(at[0])
		if err != nil {
			return nil, err
		}
		p, err := in.picture(at[1])
		if err != nil {
			return nil, err
		}
		tiles = append(tiles, p)
	}
	if len(tiles) == 0 {
		return nil, fmt.Errorf("synth: %q has no pictures", s.Recipe.Name)
	}
	columns = min(columns, len(tiles))
	rows := (len(tiles) + columns - 1) / columns
	const gap = 4
	sheet := image.NewRGBA(image.Rect(0, 0, columns*(tile+gap)+gap, rows*(tile+gap)+gap))
	for i := range sheet.Pix {
		sheet.Pix[i] = 0xFF
		if i%4 != 3 {
			sheet.Pix[i] = 0x30
		}
	}
	for n, p := range tiles {
		place(sheet, p, gap+n%columns*(tile+gap), gap+n/columns*(tile+gap), tile)
	}
	return sheet, nil
}

// exposures are the instances and frames that a sheet shows: of each series in
// turn, spread over it.
func (s *Study) exposures(most int) [][2]int {
	var with []*series
	total := 0
	for _, se := range s.series {
		if se.object.pixels != noPixels {
			with = append(with, se)
			total += se.made * max(1, se.Frames.From)
		}
	}
	var out [][2]int
	most = min(most, total)
	for turn := 0; len(out) < most && len(with) > 0; turn++ {
		share := (most + len(with) - 1) / len(with)
		if turn >= share {
			break
		}
		for _, se := range with {
			frames := max(1, se.Frames.From) // each instance has as many at least
			if n := se.made * frames; len(out) < most && turn < n {
				k := turn * n / min(share, n)
				out = append(out, [2]int{se.first + k/frames, k % frames})
			}
		}
	}
	return out
}

// picture renders a frame of the instance, from 0.
func (in *Instance) picture(frame int) (*image.RGBA, error) {
	if in.TransferSyntax.IsEncapsulated() || in.TransferSyntax.IsDeflated() {
		return nil, fmt.Errorf("synth: a sheet of a study in %s; make it uncompressed", in.TransferSyntax.Name())
	}
	h, err := in.Header()
	if err != nil {
		return nil, err
	}
	integer := func(t dataset.Tag) int { n, _ := h.Int(t); return int(n) }
	columns, rows, samples := integer(dataset.Columns), integer(dataset.Rows), integer(dataset.SamplesPerPixel)
	wide, signed := integer(dataset.BitsAllocated) == 16, integer(dataset.PixelRepresentation) == 1
	size := columns * rows * samples
	if wide {
		size *= 2
	}
	pixel, err := in.frameBytes(frame, size)
	if err != nil {
		return nil, err
	}
	slope, intercept := frameDecimal(h, frame, dataset.RescaleSlope, 1), frameDecimal(h, frame, dataset.RescaleIntercept, 0)
	value := func(i int) float64 {
		v := 0
		switch {
		case !wide:
			v = int(pixel[i])
		case signed:
			v = int(int16(uint16(pixel[2*i]) | uint16(pixel[2*i+1])<<8))
		default:
			v = int(pixel[2*i]) | int(pixel[2*i+1])<<8
		}
		return float64(v)*slope + intercept
	}
	centre, width := frameDecimal(h, frame, dataset.WindowCenter, 0), frameDecimal(h, frame, dataset.WindowWidth, 0)
	if width == 0 && samples == 1 { // without a window viewers take the values that there are
		least, most := value(0), value(0)
		for i := range columns * rows {
			least, most = min(least, value(i)), max(most, value(i))
		}
		centre, width = (least+most)/2, max(2, most-least)
	}
	inverted := h.String(dataset.PhotometricInterpretation) == "MONOCHROME1"
	red, green, blue := paletteOf(h, 0), paletteOf(h, 1), paletteOf(h, 2)
	out := image.NewRGBA(image.Rect(0, 0, columns, rows))
	for i := range columns * rows {
		c := color.RGBA{A: 0xFF}
		switch {
		case samples == 3:
			c.R, c.G, c.B = pixel[3*i], pixel[3*i+1], pixel[3*i+2]
		case red != nil:
			v := int(pixel[i])
			c.R, c.G, c.B = red[2*v+1], green[2*v+1], blue[2*v+1]
		default:
			y := (value(i)-(centre-0.5))/(max(width, 2)-1) + 0.5
			g := uint8(min(max(y, 0), 1) * 255)
			if inverted {
				g = 255 - g
			}
			c.R, c.G, c.B = g, g, g
		}
		out.SetRGBA(i%columns, i/columns, c)
	}
	return out, nil
}

// frameDecimal returns the first number of an attribute of a frame: of its functional
// groups, those that all frames share, or the data set.
func frameDecimal(h *dataset.Set, frame int, t dataset.Tag, otherwise float64) float64 {
	const shared, perFrame dataset.Tag = 0x52009229, 0x52009230
	groups := func(sequence dataset.Tag, n int) []*dataset.Set {
		if e, ok := h.Get(sequence); ok && n < len(e.Items) {
			return []*dataset.Set{e.Items[n]}
		}
		return nil
	}
	for _, group := range append(groups(perFrame, frame), groups(shared, 0)...) {
		for e := range group.All() {
			for _, item := range e.Items {
				if item.Has(t) {
					return frameDecimal(item, 0, t, otherwise)
				}
			}
		}
	}
	first, _, _ := strings.Cut(h.String(t), `\`)
	if f, err := strconv.ParseFloat(strings.TrimSpace(first), 64); err == nil {
		return f
	}
	return otherwise
}

// paletteOf is one of the three lookup tables, nil if there are none.
func paletteOf(h *dataset.Set, n int) []byte {
	e, ok := h.Get(dataset.NewTag(0x0028, uint16(0x1201+n)))
	if !ok || len(e.Value) < 512 {
		return nil
	}
	return e.Value
}

// frameBytes returns the native samples of one frame.
func (in *Instance) frameBytes(frame, size int) ([]byte, error) {
	out := make([]byte, 0, size)
	skip := int64(frame) * int64(size)
	for _, seg := range in.Segments[in.header:] {
		if skip >= int64(len(seg)) {
			skip -= int64(len(seg))
			continue
		}
		seg = seg[skip:]
		skip = 0
		out = append(out, seg[:min(len(seg), size-len(out))]...)
		if len(out) == size {
			return out, nil
		}
	}
	return nil, fmt.Errorf("synth: instance %d has no frame %d", in.Index, frame)
}

// place draws p into a square tile, as large as it fits, by the mean of the pixels
// that fall on one.
func place(to *image.RGBA, src *image.RGBA, x0, y0, tile int) {
	b := src.Bounds()
	w, h := tile, tile
	if b.Dx() > b.Dy() {
		h = max(1, tile*b.Dy()/b.Dx())
	} else {
		w = max(1, tile*b.Dx()/b.Dy())
	}
	x0, y0 = x0+(tile-w)/2, y0+(tile-h)/2
	for y := range h {
		for x := range w {
			sx0, sx1 := x*b.Dx()/w, max(x*b.Dx()/w+1, (x+1)*b.Dx()/w)
			sy0, sy1 := y*b.Dy()/h, max(y*b.Dy()/h+1, (y+1)*b.Dy()/h)
			var r, g, bl, n int
			for sy := sy0; sy < sy1; sy++ {
				for sx := sx0; sx < sx1; sx++ {
					c := src.RGBAAt(sx, sy)
					r, g, bl, n = r+int(c.R), g+int(c.G), bl+int(c.B), n+1
				}
			}
			to.SetRGBA(x0+x, y0+y, color.RGBA{uint8(r / n), uint8(g / n), uint8(bl / n), 0xFF})
		}
	}
}
