package phantom

// Parts of the head as slices cut them. What each looks like is up to the
// examination.
const (
	partAir = iota
	partSkin
	partFat
	partMuscle
	partCortex // of bone
	partMarrow
	partDura
	partFluid
	partGrey
	partWhite
	partNucleus
	partStem
	partGlobe
	partLens
	partVessel
	partMucosa
	partChalk // calcified pineal gland and choroid plexus
	partLesion
	partCount
)

// hm is a millimetre of the head, in units: 240 mm fill the picture.
const hm = 17

// headCentre is the middle of the head from front to back.
const headCentre = mid + 20

// head is one slice of a head, z in units above the plane through the eyes'
// corners and the ears.
type head struct {
	c    *canvas
	z    int
	a, b int // half axes of the skull's outer table
	seed uint64
	old  int // how wide the sulci are, from 0 to 100

	shells []int32 // shell of every pixel
}

// paintHead paints the parts of a head that the plane z cuts, seen from the feet,
// the face at the top.
func paintHead(c *canvas, p scene, z int) {
	h := &head{c: c, z: z, seed: p.seed}
	size := p.anatomy.Between(985, 1040)
	h.old = p.anatomy.Between(20, 90)
	lesion := solid{
		u: mid + (2*p.anatomy.Below(2)-1)*p.anatomy.Between(28, 46)*hm, v: headCentre + p.anatomy.Between(-30, 30)*hm,
		z: p.anatomy.Between(58, 80) * hm, a: p.anatomy.Between(5, 10) * hm, b: p.anatomy.Between(6, 12) * hm, c: 9 * hm,
	}
	// The skull is widest above the ears and closes towards the vertex.
	share := curve(z/hm, -40, 780, -15, 900, 10, 970, 35, 1024, 50, 1020, 65, 985, 80, 900, 92, 770, 102, 590, 109, 400, 115, 170)
	h.a, h.b = 75*hm*size/1024*share/1024, 93*hm*size/1024*share/1024
	if z < 20*hm {
		h.b -= (20*hm - z) / 8
	}
	h.layers()
	switch {
	case z < 14*hm:
		h.base()
	case z < 30*hm:
		h.middleFossa()
	default:
		h.cerebrum()
		if e, ok := lesion.cut(z); ok {
			c.depths(e, func(at int, _ int32) {
				if c.v[at] == partWhite || c.v[at] == partGrey {
					c.v[at] = partLesion
				}
			})
		}
	}
}

// shell returns how far a place lies inside the skull's outer table, in units,
// negative outside; the forehead is narrower than the back of the head.
func (h head) shell(u, v int) int {
	du, dv := u-mid, v-headCentre
	du += du * max(-dv, 0) / (h.b + 1) / 7
	du -= du * max(dv, 0) / (h.b + 1) / 14
	// The radius in 1/4096 of the ellipse's.
	p, q := du*4096/h.a, dv*4096/h.b
	r := isqrt(p*p + q*q)
	near := h.a + (h.b-h.a)*min(abs(q), r)/max(r, 1)
	return (4096 - r) * near / 4096
}

// layers paints everything from the skin to the inner table, and inside it
// fluid, the brain being painted upon it.
func (h *head) layers() {
	bone := curve(h.z/hm, 0, 5*hm, 60, 6*hm, 115, 8*hm)
	h.shells = make([]int32, len(h.c.v))
	wander := h.c.texture(texture{seed: h.seed + 1, cell: 40 * hm, z: h.z})
	h.c.all(func(at, u, v int) {
		d := h.shell(u, v)
		h.shells[at] = int32(d)
		if d < -12*hm {
			return
		}
		d += int(wander[at]) / 40
		part := int32(partFluid)
		switch {
		case d < -7*hm:
			part = partAir
		case d < -5*hm:
			part = partSkin
		case d < 0:
			part = partFat
			if h.z < 50*hm && abs(u-mid) > h.a*6/10 && abs(v-headCentre) < h.b/2 && d > -4*hm {
				part = partMuscle // temporal muscle
			}
		case d < bone*3/10:
			part = partCortex
		case d < bone*7/10:
			part = partMarrow
		case d < bone:
			part = partCortex
		case d < bone+hm/2:
			part = partDura
		}
		h.c.v[at] = part
	})
}

// inside calls f for every pixel within the inner table, with the depth below it.
func (h head) inside(f func(at, u, v, depth int)) {
	bone := curve(h.z/hm, 0, 5*hm, 60, 6*hm, 115, 8*hm)
	h.c.each(mid-h.a, headCentre-h.b, mid+h.a, headCentre+h.b, func(at, u, v int) {
		if d := int(h.shells[at]) - bone; d > hm/2 {
			f(at, u, v, d)
		}
	})
}

// brain decides between grey and white matter and the fluid of the sulci at a
// place, depth units below the surface of the brain: fold is how far away the next
// fold is, wide half the width of a sulcus, both in units.
func (h head) brain(fold int32, depth, wide int) int32 {
	n := int(fold)
	const reach = 26 * hm
	grey := wide + 3*hm
	if depth > 9*hm {
		share := max(0, reach-depth) * 1024 / (reach - 9*hm)
		wide = wide * share / 1024
		grey = grey * min(share*2, 1024) / 1024
	}
	switch {
	case n < wide:
		return partFluid
	case n < grey || depth < 3*hm:
		return partGrey
	}
	return partWhite
}

// folds is how far away the next sulcus is at every pixel, in units. Sulci are
// where a texture is zero; its slope tells how far that is.
func (h head) folds() []int32 {
	n := h.c.texture(texture{seed: h.seed + 2, cell: 15 * hm, octaves: 2, z: h.z, deep: 26 * hm})
	pitch := max(int32(h.c.pitch>>16), 1)
	columns := h.c.columns
	for i := range n {
		across, down := int32(0), int32(0)
		if i%columns+1 < columns {
			across = n[i+1] - n[i]
		}
		if i+columns < len(n) {
			down = n[i+columns] - n[i]
		}
		slope := max(max(across, -across)+max(down, -down), pitch/2+1)
		n[i] = max(n[i], -n[i]) * pitch / slope
	}
	return n
}

// cerebrum paints what is above the base of the skull.
func (h head) cerebrum() {
	z := h.z / hm
	folds := h.folds()
	gap := hm/2 + h.old*hm/60
	h.inside(func(at, u, v, depth int) {
		du := abs(u - mid)
		if depth < gap {
			return
		}
		// The fissure between the hemispheres, all through above the corpus callosum.
		cleft := depth
		if z > 76 || v < headCentre-h.b*curve(z, 30, 55, 60, 36, 76, 0)/100 || v > headCentre+h.b*curve(z, 30, 62, 60, 46, 76, 0)/100 {
			cleft = du - gap*2/3
			if cleft < 0 {
				h.c.v[at] = partFluid
				if du < hm/2 {
					h.c.v[at] = partDura
				}
				return
			}
		}
		h.c.v[at] = h.brain(folds[at], min(depth-gap, cleft), hm*(60+h.old)/150)
	})
	for _, side := range []int{-1, 1} {
		h.sylvian(side)
	}
	h.nuclei()
	h.ventricles()
	if z < 46 {
		h.cisterns()
	}
	// The superior sagittal sinus.
	if z > 34 {
		h.c.fill(ellipse{u: mid, v: headCentre + h.b - 8*hm, a: 4 * hm, b: 4 * hm}, partVessel)
	}
}

// sylvian paints the fissure between frontal and temporal lobe, with the insula.
func (h head) sylvian(side int) {
	z := h.z / hm
	if z < 30 || z > 62 {
		return
	}
	open := min(z-28, 64-z, 12) * (60 + h.old) * hm / 1500
	out := h.a - 8*hm
	v := headCentre - (62-z)*hm/3
	path := []int{mid + side*out, v + 4*hm, mid + side*(out-14*hm), v, mid + side*(out-26*hm), v - 10*hm, mid + side*(out-27*hm), v - 24*hm}
	if z > 40 {
		path = []int{mid + side*out, v + 6*hm, mid + side*(out-22*hm), v + 2*hm, mid + side*(out-25*hm), v + 18*hm, mid + side*(out-20*hm), v + 30*hm}
	}
	h.c.set(open/2+3*hm, partGrey, path...)
	h.c.set(max(open/2, hm*6/10), partFluid, path...)
	if z < 40 {
		h.c.set(hm, partVessel, path[2:]...)
	}
}

// nuclei paints the deep grey matter and the capsules between.
func (h head) nuclei() {
	z := h.z
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x*hm }
		// White matter first, so that no fold of the texture reaches in.
		h.c.fillCut(solid{u: at(24), v: headCentre, z: 48 * hm, a: 22 * hm, b: 36 * hm, c: 24 * hm}, z, partWhite)
		h.c.fillCut(solid{u: at(31), v: headCentre - 2*hm, z: 48 * hm, a: 3 * hm, b: 22 * hm, c: 15 * hm, angle: -side * 60}, z, partGrey)
		h.c.fillCut(solid{u: at(23), v: headCentre - 8*hm, z: 47 * hm, a: 7 * hm, b: 17 * hm, c: 14 * hm, angle: side * 180}, z, partNucleus)
		h.c.fillCut(solid{u: at(12), v: headCentre - 26*hm, z: 52 * hm, a: 6 * hm, b: 9 * hm, c: 14 * hm, angle: side * 120}, z, partNucleus)
		h.c.fillCut(solid{u: at(11), v: headCentre + 13*hm, z: 50 * hm, a: 9 * hm, b: 14 * hm, c: 11 * hm, angle: side * 260}, z, partNucleus)
	}
}

// ventricles paints the lateral ventricles and the third.
func (h head) ventricles() {
	z, wide := h.z, (70+h.old)*hm/100
	for _, side := range []int{-1, 1} {
		at := func(x int) int { return mid + side*x*hm }
		// Frontal horns, bodies, and the trigones with their plexus.
		h.c.fillCut(solid{u: at(8), v: headCentre - 35*hm, z: 55 * hm, a: 4 * wide, b: 12 * hm, c: 14 * hm, angle: -side * 230}, z, partFluid)
		h.c.fillCut(solid{u: at(11), v: headCentre - 4*hm, z: 69 * hm, a: 6 * wide, b: 33 * hm, c: 9 * hm, angle: -side * 90}, z, partFluid)
		trigone := solid{u: at(24), v: headCentre + 37*hm, z: 56 * hm, a: 6 * wide, b: 14 * hm, c: 15 * hm, angle: -side * 330}
		h.c.fillCut(trigone, z, partFluid)
		h.c.fillCut(solid{u: at(24), v: headCentre + 35*hm, z: 53 * hm, a: 2 * hm, b: 4 * hm, c: 6 * hm}, z, partChalk)
		h.c.fillCut(solid{u: at(38), v: headCentre + 8*hm, z: 31 * hm, a: 3 * wide / 2, b: 11 * hm, c: 8 * hm, angle: -side * 120}, z, partFluid)
	}
	h.c.fillCut(solid{u: mid, v: headCentre + 4*hm, z: 46 * hm, a: 5 * wide / 2, b: 17 * hm, c: 11 * hm}, z, partFluid)
	h.c.fillCut(solid{u: mid, v: headCentre + 26*hm, z: 49 * hm, a: 5 * hm / 2, b: 3 * hm, c: 4 * hm}, z, partChalk)
	// The septum, the corpus callosum before and behind.
	if z > 48*hm && z < 76*hm {
		h.c.set(hm/2, partWhite, mid, headCentre-40*hm, mid, headCentre-14*hm)
	}
	if z > 52*hm && z < 72*hm {
		h.c.set(4*hm, partWhite, mid-12*hm, headCentre-46*hm, mid, headCentre-42*hm, mid+12*hm, headCentre-46*hm)
		h.c.set(4*hm, partWhite, mid-13*hm, headCentre+38*hm, mid, headCentre+33*hm, mid+13*hm, headCentre+38*hm)
	}
}

// cisterns paints midbrain, the star of fluid above the sella, and the top of the
// cerebellum.
func (h head) cisterns() {
	z := h.z / hm
	if z < 42 {
		// A star of six rays.
		for n := range 6 {
			u, v := turned(n*whole/6+whole/12, 20*hm-(z-30)*hm/2)
			h.c.set(3*hm-(z-30)*hm/8, partFluid, mid, headCentre-14*hm, mid+u, headCentre-14*hm+v)
		}
		h.c.fill(ellipse{u: mid, v: headCentre - 14*hm, a: 10 * hm, b: 9 * hm}, partFluid)
		for _, d := range [][2]int{{-9, -16}, {9, -16}, {0, -4}} {
			h.c.fill(ellipse{u: mid + d[0]*hm, v: headCentre + d[1]*hm, a: 2 * hm, b: 2 * hm}, partVessel)
		}
		h.c.fill(ellipse{u: mid, v: headCentre - 12*hm, a: 5 * hm, b: 2 * hm}, partGrey) // chiasm
		folds := h.c.texture(texture{seed: h.seed + 3, cell: 30 * hm, high: 5 * hm, z: h.z})
		h.c.depths(ellipse{u: mid, v: headCentre + 44*hm, a: 30*hm - (z-30)*2*hm, b: 24 * hm}, func(at int, d int32) {
			h.c.v[at] = partGrey
			if d > 500 && folds[at] > 0 {
				h.c.v[at] = partWhite
			}
			if d < 120 {
				h.c.v[at] = partFluid
			}
		})
	}
	// Midbrain: peduncles, tectum, the cisterns around.
	h.c.fill(ellipse{u: mid, v: headCentre + 9*hm, a: 21 * hm, b: 17 * hm}, partFluid)
	for _, side := range []int{-1, 1} {
		h.c.fill(ellipse{u: mid + side*9*hm, v: headCentre + 3*hm, a: 8 * hm, b: 11 * hm}.tilted(-side*300), partStem)
	}
	h.c.fill(ellipse{u: mid, v: headCentre + 10*hm, a: 15 * hm, b: 11 * hm}, partStem)
	h.c.fill(ellipse{u: mid, v: headCentre + 15*hm, a: hm, b: hm}, partFluid)
}
