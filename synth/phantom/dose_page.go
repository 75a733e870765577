package phantom

import "fmt"

// doseSeries is a row of a dose report.
type doseSeries struct {
	name   string
	scouts bool
	least  int // of the range in millimetres
	length int
}

var doseRows = [...]doseSeries{
	{"TOPOGRAM", true, -600, 512}, {"NATIVE ABDOMEN", false, -420, 450}, {"PREMONITORING", false, -210, 10}, {"MONITORING", false, -210, 10},
	{"ARTERIAL LIVER", false, -380, 260}, {"PORTAL VENOUS", false, -540, 480}, {"DELAYED", false, -540, 460},
}

// paintDosePage paints the page of doses that a CT scanner adds to a study. What is
// printed differs from patient to patient and page to page.
func paintDosePage(c *canvas, p scene) {
	white, grey, gold := colour(235, 235, 235), colour(140, 150, 160), colour(255, 210, 90)
	pg := newPage(c, 66, white, colour(8, 10, 16))
	s := p.pose
	pg.print(2, 0, "SYNTHETIC DOSE REPORT", gold)
	pg.print(2, 2, fmt.Sprintf("PATIENT: NONE        STUDY: %06d", s.Below(1_000_000)), grey)
	pg.print(2, 3, "SCANNER: PHANTOM CT  PROTOCOL: ABDOMEN 3 PHASES", grey)
	pg.print(2, 4, fmt.Sprintf("TOTAL MAS %d    PATIENT POSITION: H-SP", s.Between(3000, 9000)), grey)
	head := func(row int) {
		pg.print(2, row, "SERIES", gold)
		for _, h := range []struct {
			end  int
			text string
		}{{28, "SCAN"}, {33, "KV"}, {42, "MAS"}, {50, "CTDIVOL"}, {57, "DLP"}, {62, "TI"}} {
			pg.print(h.end-len(h.text), row, h.text, gold)
		}
	}
	pg.rule(2, 64, 6, grey)
	head(6)
	pg.rule(2, 64, 7, grey)
	row, total := 7, 0
	for n, r := range doseRows {
		if n > 1 && s.Below(5) == 0 {
			continue
		}
		index := s.Between(60, 140) // tenths of a milligray
		if r.scouts {
			index = s.Between(1, 3)
		}
		product := index * r.length / 10
		total += product
		pg.print(2, row, r.name, white)
		pg.printRight(28, row, fmt.Sprint(n+1))
		pg.printRight(33, row, fmt.Sprint([]int{80, 100, 120}[s.Below(3)]))
		pg.printRight(42, row, fmt.Sprintf("%d/%d", s.Between(40, 180), s.Between(140, 210)))
		pg.printRight(50, row, fmt.Sprintf("%d.%02d", index/10, index%10*10+s.Below(10)))
		pg.printRight(57, row, fmt.Sprintf("%d.%d", product/10, product%10))
		pg.printRight(62, row, fmt.Sprintf("0.%d", s.Between(3, 9)))
		row++
	}
	pg.rule(2, 64, row, grey)
	pg.print(2, row, "TOTAL DLP (MGY*CM)", gold)
	pg.printRight(57, row, fmt.Sprintf("%d.%d", total/10, total%10))
	pg.print(2, row+2, "PHANTOM TYPE: BODY 32 CM", grey)
	pg.print(2, row+3, fmt.Sprintf("SIZE SPECIFIC DOSE ESTIMATE %d.%d MGY", total/700, total%10), grey)
	// How the dose goes along the body.
	left, bottom := pg.left+2*pg.wide, pg.top+(row+12)*pg.high
	high := 6 * pg.high
	for y := bottom - high; y <= bottom; y += high / 4 {
		c.fillPixels(left, y, left+62*pg.wide, y+1, colour(50, 56, 66))
	}
	t := texture{seed: p.seed + uint64(p.slice) + 151, cell: 300, octaves: 3}
	for x := range 62 * pg.wide {
		u := x * 2400 / (62 * pg.wide)
		level := curve(u, 0, 100, 300, 620, 900, 520, 1500, 700, 2100, 640, 2400, 60) + t.at(u, 0)/8
		y := bottom - level*high/1024
		c.fillPixels(left+x, y, left+x+1, bottom, blend(colour(8, 10, 16), colour(70, 130, 200), 500))
		c.fillPixels(left+x, y, left+x+1, y+max(1, pg.scale), colour(120, 190, 255))
	}
	c.fillPixels(left, bottom, left+62*pg.wide, bottom+max(1, pg.scale/2), grey)
	c.burn(colour(255, 255, 255), colour(0, 0, 0))
}
