package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"math"
	"strings"

	"pacsuat/synth/volume"
)

// palette tells modalities apart for colour-blind people too (Okabe and Ito),
// in the order of the shipped profile: CR/DX, CT, US, MR, MG, XA/RF, NM/PT, other.
var palette = []string{"#56B4E9", "#D55E00", "#009E73", "#0072B2", "#CC79A7", "#E69F00", "#F0E442", "#666666"}

// Sizes of the picture, in pixels.
const (
	plotWidth, plotHeight = 1040, 860
	plotLeft, plotRight   = 78, 856 // of the bars
	legendLeft            = 880
	panelHeight           = 300
	firstPanel            = 96
	secondPanel           = 486
)

const plotFonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', 'Liberation Sans', Arial, sans-serif"

// picture is an SVG being written.
type picture struct{ bytes.Buffer }

func (p *picture) add(format string, args ...any) {
	for i, a := range args {
		if s, ok := a.(string); ok {
			args[i] = escaped(s)
		}
	}
	fmt.Fprintf(p, format+"\n", args...)
}

func escaped(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a Builder takes everything
	return b.String()
}

// plotDay draws a day of the cluster as an SVG: exams, and megabytes a second,
// by hour, stacked by modality. It holds no script and refers to nothing.
func plotDay(cluster string, day *volume.Summary) []byte {
	var p picture
	title := fmt.Sprintf("%s: %s %s", cluster, day.Weekday, day.Date)
	about := fmt.Sprintf("%s exams, %s instances, %s GB drawn by seed %d; profile: %s",
		grouped(day.Day.Drawn.Exams, 0), grouped(day.Day.Drawn.Instances, 0), grouped(day.Day.Drawn.Bytes/1e9, 0), day.Seed, day.Profile)
	p.add(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" font-family="%s" font-size="13" fill="#222">`,
		plotWidth, plotHeight, plotWidth, plotHeight, plotFonts)
	p.add(`<title>%s</title>`, title)
	p.add(`<desc>%s</desc>`, about+". Bars by hour of the sites' clocks, stacked by modality; the black line is what the profile expects.")
	p.add(`<rect width="100%%" height="100%%" fill="#fff"/>`)
	p.add(`<text x="%d" y="34" font-size="20" font-weight="600">%s</text>`, plotLeft, title)
	p.add(`<text x="%d" y="56" fill="#555">%s</text>`, plotLeft, about)

	exams := panel{top: firstPanel, name: "Exams per hour", unit: "exams/h", peak: day.Load.Cluster.Design.Exams}
	flow := panel{top: secondPanel, name: "Megabytes per second, on average over the hour", unit: "MB/s", decimals: 1, peak: day.Load.Cluster.DesignFlow.MBPerSecond}
	for _, h := range day.Hours {
		var counts []float64
		for _, m := range h.Modalities {
			counts = append(counts, m.Drawn.Exams)
		}
		exams.bars = append(exams.bars, counts)
		exams.line = append(exams.line, h.Expected.Exams)
		flow.bars = append(flow.bars, h.DrawnMB)
		flow.line = append(flow.line, h.ExpectedFlow.MBPerSecond)
	}
	for _, m := range day.Modalities {
		exams.names, flow.names = append(exams.names, m.Modality), append(flow.names, m.Modality)
		exams.shares = append(exams.shares, part(m.Drawn.Exams, day.Day.Drawn.Exams))
		flow.shares = append(flow.shares, part(m.Drawn.Bytes, day.Day.Drawn.Bytes))
	}
	exams.draw(&p, "of exams")
	flow.draw(&p, "of bytes")
	p.add(`<text x="%d" y="%d" text-anchor="middle" fill="#555">hour of the day, by the sites' clocks</text>`, (plotLeft+plotRight)/2, plotHeight-20)
	p.add(`</svg>`)
	return p.Bytes()
}

// part is a in per cent of b.
func part(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return 100 * a / b
}

// panel is one chart of the picture.
type panel struct {
	top        float64
	name, unit string
	decimals   int
	names      []string    // of modalities
	shares     []float64   // of the day, in per cent
	bars       [][]float64 // by hour, then modality
	line       []float64   // expected, by hour
	peak       float64     // design peak
}

func (c *panel) draw(p *picture, of string) {
	most := c.peak
	for h, parts := range c.bars {
		sum := 0.0
		for _, v := range parts {
			sum += v
		}
		most = max(most, sum, c.line[h])
	}
	step := tick(most)
	most = math.Max(math.Ceil(most*1.04/step), 1) * step
	decimals := max(0, -int(math.Floor(math.Log10(step))))
	bottom := c.top + panelHeight
	y := func(v float64) float64 { return bottom - v/most*panelHeight }
	p.add(`<text x="%d" y="%.1f" font-size="15" font-weight="600">%s</text>`, plotLeft, c.top-12, c.name)
	for v := 0.0; v <= most*1.0001; v += step {
		stroke := "#e2e2e2"
		if v == 0 {
			stroke = "#444"
		}
		p.add(`<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="%s"/>`, plotLeft, plotRight, y(v), y(v), stroke)
		p.add(`<text x="%d" y="%.1f" text-anchor="end" fill="#555">%s</text>`, plotLeft-8, y(v)+4.5, grouped(v, decimals))
	}
	const wide = float64(plotRight-plotLeft) / 24
	const gap = wide * 0.12
	for h, parts := range c.bars {
		x, at := plotLeft+float64(h)*wide+gap, 0.0
		for k, v := range parts {
			if v <= 0 {
				continue
			}
			p.add(`<rect x="%.1f" y="%.2f" width="%.1f" height="%.2f" fill="%s"><title>%s</title></rect>`,
				x, y(at+v), wide-2*gap, y(at)-y(at+v), palette[k%len(palette)],
				fmt.Sprintf("%02d to %02d h, %s: %s %s", h, h+1, c.names[k], grouped(v, c.decimals), c.unit))
			at += v
		}
		p.add(`<text x="%.1f" y="%.1f" text-anchor="middle" fill="#555">%02d</text>`, x+wide/2-gap, bottom+19, h)
	}
	var d strings.Builder
	for h, v := range c.line {
		fmt.Fprintf(&d, "%s%.1f %.1fH%.1f", map[bool]string{true: "M", false: "L"}[h == 0], plotLeft+float64(h)*wide, y(v), plotLeft+float64(h+1)*wide)
	}
	// On a white band, so that it is seen on every colour.
	p.add(`<path d="%s" fill="none" stroke="#fff" stroke-width="4" stroke-opacity="0.75"/>`, d.String())
	p.add(`<path d="%s" fill="none" stroke="#000" stroke-width="1.6"/>`, d.String())
	p.add(`<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#000" stroke-width="1.2" stroke-dasharray="7 5"/>`, plotLeft, plotRight, y(c.peak), y(c.peak))
	p.add(`<text x="%d" y="%.1f" text-anchor="end">%s</text>`, plotRight, y(c.peak)-6, fmt.Sprintf("design peak %s %s", grouped(c.peak, c.decimals), c.unit))
	c.legend(p, of)
}

// legend lists the modalities in the order of the stack.
func (c *panel) legend(p *picture, of string) {
	const line = 23
	y := c.top + 8
	p.add(`<text x="%d" y="%.1f" fill="#555">%s</text>`, legendLeft, y, "drawn, % "+of)
	for k := len(c.names) - 1; k >= 0; k-- {
		y += line
		p.add(`<rect x="%d" y="%.1f" width="15" height="15" fill="%s"/>`, legendLeft, y-12, palette[k%len(palette)])
		p.add(`<text x="%d" y="%.1f">%s</text>`, legendLeft+23, y, shorten(c.names[k], 9))
		p.add(`<text x="%d" y="%.1f" text-anchor="end">%s</text>`, plotWidth-24, y, grouped(c.shares[k], 1))
	}
	y += line + 4
	p.add(`<line x1="%d" x2="%d" y1="%.1f" y2="%.1f" stroke="#000" stroke-width="1.6"/>`, legendLeft, legendLeft+15, y-4.5, y-4.5)
	p.add(`<text x="%d" y="%.1f">expected</text>`, legendLeft+23, y)
}

// tick is a round step that divides a range of numbers into about five.
func tick(most float64) float64 {
	if most <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(most/5)))
	for _, f := range []float64{1, 2, 2.5, 5} {
		if most <= 6*f*unit {
			return f * unit
		}
	}
	return 10 * unit
}
