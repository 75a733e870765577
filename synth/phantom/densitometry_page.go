package phantom

import "fmt"

// paintDensitometry paints the page of a bone densitometry: the lumbar spine with
// its regions, the graph of density over age, the table.
func paintDensitometry(c *canvas, p scene) {
	ink, grey := colour(20, 20, 30), colour(110, 110, 120)
	pg := newPage(c, 84, ink, colour(250, 250, 250))
	s := p.anatomy
	pg.print(2, 0, "SYNTHETIC BONE DENSITOMETRY - AP SPINE", colour(0, 60, 140))
	age := s.Between(48, 84)
	pg.print(2, 1, fmt.Sprintf("PATIENT: NONE  AGE %d  HEIGHT %d CM  WEIGHT %d KG", age, s.Between(148, 176), s.Between(46, 86)), grey)
	image := fmt.Sprintf("IMAGE %d/%d", p.slice+1, p.of)
	pg.print(82-len(image), 0, image, grey)
	pg.rule(2, 82, 3, grey)
	left, top := pg.left+2*pg.wide, pg.top+3*pg.high
	height := max(pg.high*4, min(24*pg.high, c.high-top-12*pg.high))
	spineImage(c, p, left, top, left+30*pg.wide, top+height)
	score := s.Between(-36, 8) // tenths
	densityGraph(c, pg, left+36*pg.wide, top, left+78*pg.wide, top+height-2*pg.high, age, score)
	row := 3 + height/pg.high + 2
	pg.print(2, row, "REGION", grey)
	for _, h := range []struct {
		end  int
		text string
	}{{22, "AREA"}, {34, "BMC"}, {46, "BMD"}, {58, "T-SCORE"}, {70, "Z-SCORE"}} {
		pg.print(h.end-len(h.text), row, h.text, grey)
	}
	pg.rule(2, 72, row+1, grey)
	tenths := func(n int) string {
		sign := ""
		if n < 0 {
			sign, n = "-", -n
		}
		return fmt.Sprintf("%s%d.%d", sign, n/10, n%10)
	}
	for n, name := range []string{"L1", "L2", "L3", "L4", "L1-L4"} {
		t := score + s.Between(-4, 4)
		if n == 4 {
			t = score
		}
		density := 1047 + t*11 // thousandths of a gram per square centimetre
		area := 1100 + n*110 + s.Below(60)
		if n == 4 {
			area = 5320 + s.Below(200)
		}
		pg.print(2, row+1+n, name, ink)
		pg.printRight(22, row+1+n, fmt.Sprintf("%d.%02d", area/100, area%100))
		pg.printRight(34, row+1+n, fmt.Sprintf("%d.%02d", area*density/100000, area*density/1000%100))
		pg.printRight(46, row+1+n, fmt.Sprintf("%d.%03d", density/1000, density%1000))
		pg.printRight(58, row+1+n, tenths(t))
		pg.printRight(70, row+1+n, tenths(t+max(0, age-50)*4/10))
	}
	text := "NORMAL"
	switch {
	case score <= -25:
		text = "OSTEOPOROSIS"
	case score < -10:
		text = "OSTEOPENIA"
	}
	pg.print(2, row+7, "WHO CLASSIFICATION: "+text, colour(160, 0, 0))
	c.burn(colour(160, 0, 0), colour(255, 255, 255))
}

// spineImage paints the scan of the lumbar spine into a box of pixels.
func spineImage(c *canvas, p scene, x0, y0, x1, y1 int) {
	wide, high := x1-x0, y1-y0
	if wide < 8 || high < 8 {
		return
	}
	scan := newCanvas(wide, high, look{sharp: true, height: across * 5 / 4})
	f := newFilm(scan, p, 40)
	tenth := (scan.bottom - scan.top) / 10
	shift := p.pose.Between(-200, 200) // where the patient lies
	at := placing(func(x, y int) (int, int) { return mid + shift + x*26, tenth*2 + (y-40)*tenth*8/(6*37) })
	f.flat(300)
	f.shade(outline{300, -400, 3800, -400, 3700, scan.bottom + 400, 400, scan.bottom + 400}, 300, 160)
	f.lumbarAP(at)
	scan.blur(max(1, wide/160))
	scan.noise(p.grain, 50)
	for y := range high {
		for x := range wide {
			if x0+x < c.columns && y0+y < c.rows && x0+x >= 0 {
				g := min(max(scan.v[y*wide+x]*255/1500, 0), 255)
				c.v[(y0+y)*c.columns+x0+x] = colour(g, g, g)
			}
		}
	}
	blue := colour(80, 170, 255)
	line := max(1, c.wide/900)
	for n := range 5 {
		_, v := at(0, 250-37-3*37+n*37-6)
		y := y0 + scan.row(v)
		c.fillPixels(x0+wide/4, y, x1-wide/4, y+line, blue)
		if n < 4 {
			c.write(fmt.Sprintf("L%d", n+1), x0+wide*4/5, y+high/20, max(1, wide/140), blue, bare)
		}
	}
	c.fillPixels(x0+wide/4, y0+high/10, x0+wide/4+line, y1-high/12, blue)
	c.fillPixels(x1-wide/4, y0+high/10, x1-wide/4+line, y1-high/12, blue)
}

// densityGraph paints the bands of normal, low and very low density over age, with
// the patient's cross.
func densityGraph(c *canvas, pg *page, x0, y0, x1, y1, age, score int) {
	const high, low = 20, -50 // scores in tenths at the upper and the lower edge
	row := func(score int) int { return y0 + (high-score)*(y1-y0)/(high-low) }
	c.fillPixels(x0, y0, x1, row(-10), colour(150, 214, 150))
	c.fillPixels(x0, row(-10), x1, row(-25), colour(250, 226, 130))
	c.fillPixels(x0, row(-25), x1, y1, colour(240, 150, 140))
	column := func(age int) int { return x0 + (age-20)*(x1-x0)/80 }
	line := max(1, c.wide/700)
	for x := x0; x < x1; x++ { // the mean of that age, and a deviation on both sides
		years := 20 + (x-x0)*80/(x1-x0)
		for n, ink := range []int32{colour(130, 150, 190), colour(40, 70, 140), colour(130, 150, 190)} {
			level := bow(years*16+(x-x0)*80*16/(x1-x0)%16, 320, 0, 720, 0, 992, -120, 1600, -220) + (n-1)*100 // in hundredths
			y := y0 + (high*10-level)*(y1-y0)/(high*10-low*10)
			c.fillPixels(x, y, x+1, y+line, ink)
		}
	}
	ink := colour(20, 20, 30)
	c.fillPixels(x0, y0, x0+line, y1, ink)
	c.fillPixels(x0, y1, x1, y1+line, ink)
	for n := high; n >= low; n -= 10 {
		c.write(fmt.Sprint(n/10), x0-4*pg.wide, row(n)-pg.high/3, pg.scale, ink, bare)
		c.fillPixels(x0-pg.wide/2, row(n), x0, row(n)+line, ink)
	}
	for n := 20; n <= 100; n += 20 {
		c.write(fmt.Sprint(n), column(n)-pg.wide, y1+pg.high/3, pg.scale, ink, bare)
	}
	x, y, arm := column(age), row(score), max(3, c.wide/110)
	c.fillPixels(x-arm, y-line, x+arm, y+line, ink)
	c.fillPixels(x-line, y-arm, x+line, y+arm, ink)
}
