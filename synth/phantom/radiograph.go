package phantom

// film is a radiograph while it is painted: every body adds what it takes from the
// rays, bones bright.
type film struct {
	*canvas
	p      scene
	spongy []int32 // the pattern of bone's trabeculae
}

// newFilm begins a radiograph; grain is the size of trabeculae in units.
func newFilm(c *canvas, p scene, grain int) *film {
	f := &film{canvas: c, p: p}
	f.spongy = c.texture(texture{seed: p.seed + 41, cell: grain, octaves: 3})
	return f
}

// flesh lets a bar be at least so thick; bars of flesh that overlap are one body.
func (f *film) flesh(weight int32, b bar) {
	f.bar(b.rounded(), func(at int, d int32) { f.v[at] = max(f.v[at], weight*d/full) })
}

// long adds a long bone: a tube of cortex with marrow in it, and spongy bone where
// it is thick. weight is that of 100 units of cortex.
func (f *film) long(shell int, weight int32, b bar) {
	b = b.rounded()
	thick := func(b bar) int32 {
		most := 0
		for i := 2; i < len(b); i += 3 {
			most = max(most, b[i])
		}
		return int32(most)
	}
	outer := thick(b)
	f.bar(b, func(at int, d int32) { f.v[at] += weight * outer / 100 * d / full })
	inner := b.thinner(shell)
	f.bar(inner, func(at int, d int32) {
		f.v[at] -= weight * thick(inner) / 100 * d / full * (720 - f.spongy[at]/5) / 1024
	})
}

// small adds a bone of the hand's or the foot's root: a shell filled with spongy
// bone.
func (f *film) small(o outline, shell int, weight int32) {
	o = o.rounded()
	f.soft(o, shell/2, func(at int, share int32) { f.v[at] += weight * share / full })
	f.core(o, shell, func(at int, share int32) {
		f.v[at] -= weight * share / full * (300 - f.spongy[at]/4) / 1024
	})
}

// core calls f for the pixels within a rim of the given width, with the share that
// rises from 0 in the outline to full at the rim's inner edge.
func (f *film) core(o outline, rim int, do func(at int, share int32)) {
	f.soft(o, 2*rim, func(at int, share int32) {
		if share > full/2 {
			do(at, 2*share-full)
		}
	})
}

// plate adds a flat bone with a denser rim.
func (f *film) plate(o outline, rim int, body, edge int32) {
	o = o.rounded()
	f.soft(o, rim/4, func(at int, share int32) {
		f.v[at] += (body + edge) * share / full * (1024 + f.spongy[at]/8) / 1024
	})
	f.core(o, rim, func(at int, share int32) { f.v[at] -= edge * share / full })
}

// gas takes away what gas in a bowel does not stop.
func (f *film) gas(o outline, weight int32) {
	f.soft(o, 60, func(at int, share int32) { f.v[at] -= weight * share / full })
}

// develop turns what was taken from the rays into grey values as a detector's
// processing does, and adds what every radiograph has: collimation, the side
// marker, noise. What takes less than base is black, what takes half more than that
// is in the middle of the grey scale.
func (f *film) develop(base, half int32, marker string, left bool) {
	f.blur(max(1, f.columns/900))
	const top = 3900
	for i, v := range f.v {
		v = max(v-base, 0)
		f.v[i] = 60 + v*top/(v+half)
	}
	f.mottle(f.p.grain, max(3, 9/f.reduced), 12)
	// The edge of the diaphragm that limits the beam.
	edge := f.p.pose.Between(30, 70)
	width, height := f.right-f.left, f.bottom-f.top
	u0, u1 := f.left+width*edge/4096, f.right-width*(100-edge)/4096
	v0, v1 := f.top+height*edge/4096, f.bottom-height*(100-edge)/4096
	f.all(func(at, u, v int) {
		out := max(u0-u, u-u1, v0-v, v-v1)
		if out > -16 {
			f.v[at] = 16 + (f.v[at]-16)*int32(max(0, 16-max(out, 0)-max(0, out+16)/2))/32
			if out > 0 {
				f.v[at] = 16
			}
		}
	})
	f.last = finish{deviation: 24, seed: f.p.grain.Uint64()}
	scale := max(2, f.wide/110)
	x := f.wide / 12
	if !left {
		x = f.wide - f.wide/12 - 5*scale
	}
	f.write(marker, x, f.high/6, scale, 4000, 40)
	f.burn(4000, 40)
}
