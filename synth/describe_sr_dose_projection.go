package synth

import (
	"fmt"
	"strconv"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// projectionSeries are the projection X-ray images of the study, all of the
// modality of the first: one device irradiated.
func (h *header) projectionSeries() []*series {
	var out []*series
	for _, se := range h.study.series {
		if _, ok := projectionSystems[se.Modality]; ok && se.object.pixels != noPixels && (len(out) == 0 || se.Modality == out[0].Modality) {
			out = append(out, se)
		}
	}
	return out
}

// projectionSystem is a kind of device, PS3.16 CID 10032, with the doses that one
// frame of it takes.
type projectionSystem struct {
	device          []string // code and meaning; none for mammography, which its procedure names
	event           []string // Irradiation Event Type, CID 10002 and its scheme
	referencePoint  []string // CID 10025
	area            [2]int   // Dose Area Product of a frame from to, in 1e-8 Gy.m2
	point           [2]int   // Dose (RP) of a frame from to, in 1e-6 Gy
	kVP, tube, time int      // assumed where an image does not say it: kV, mA, ms of a frame
}

// projectionSystems are by modality.
var projectionSystems = map[string]projectionSystem{
	"CR": {
		device: []string{"113959", "Cassette-based Projection Radiography System"}, event: []string{"113611", "DCM", "Stationary Acquisition"},
		referencePoint: []string{"113861", "30cm in Front of Image Input Surface"}, area: [2]int{500, 3000}, point: [2]int{100, 400}, kVP: 125, tube: 320, time: 8,
	},
	"DX": {
		device: []string{"113958", "Integrated Projection Radiography System"}, event: []string{"113611", "DCM", "Stationary Acquisition"},
		referencePoint: []string{"113861", "30cm in Front of Image Input Surface"}, area: [2]int{500, 3000}, point: [2]int{100, 400}, kVP: 125, tube: 320, time: 8,
	},
	"MG": {
		event:          []string{"113611", "DCM", "Stationary Acquisition"},
		referencePoint: []string{"113865", "Entrance exposure to a 4.2 cm breast thickness"}, kVP: 28, tube: 100, time: 900,
	},
	"XA": {
		device: []string{"113957", "Fluoroscopy-Guided Projection Radiography System"}, event: []string{"113611", "DCM", "Stationary Acquisition"},
		referencePoint: []string{"113860", "15cm from Isocenter toward Source"}, area: [2]int{500, 1500}, point: [2]int{100, 300}, kVP: 75, tube: 500, time: 7,
	},
	"RF": {
		device: []string{"113957", "Fluoroscopy-Guided Projection Radiography System"}, event: []string{"44491008", "SCT", "Fluoroscopy"},
		referencePoint: []string{"113860", "15cm from Isocenter toward Source"}, area: [2]int{100, 300}, point: [2]int{10, 40}, kVP: 80, tube: 50, time: 7,
	},
}

// exposure is one irradiation event of projection X-ray.
type exposure struct {
	image      reference
	header     *dataset.Set
	began      time.Time
	frames     int
	area       int64 // 1e-8 Gy.m2
	point      int64 // 1e-6 Gy
	glandular  int   // 1/100 mGy
	entrance   int   // 1/100 mGy
	durationMS int
}

// mostExposures bounds the events of one document: of more images only the first
// are told, and counted.
const mostExposures = 100

// exposures are the events that the images come from, one an image.
func (h *header) exposures(d *draw.Stream, of []*series, system projectionSystem) []exposure {
	var out []exposure
	for _, se := range of {
		for number := range min(se.made, mostExposures-len(out)) {
			r := reference{
				sopClassUID: se.object.sopClassUID, sopInstanceUID: h.study.SOPInstanceUID(se.first + number),
				seriesInstanceUID: se.uid, index: se.first + number, frames: h.study.frameCount(se, number),
			}
			e := exposure{
				image: r, header: h.imageHeader(r), frames: max(1, r.frames),
				began: se.begin.Add(time.Duration(number*se.IntervalMS) * time.Millisecond),
			}
			e.area = int64(d.Between(system.area[0], system.area[1])) * int64(e.frames)
			e.point = int64(d.Between(system.point[0], system.point[1])) * int64(e.frames)
			e.glandular, e.entrance = d.Between(100, 250), d.Between(400, 800)
			e.durationMS = wholeNumber(e.header, dataset.ExposureTime, system.time*e.frames)
			out = append(out, e)
		}
	}
	return out
}

// projectionDose makes the document of projection X-ray.
func (h *header) projectionDose(d *draw.Stream, of []*series) {
	modality := of[0].Modality
	system := projectionSystems[modality]
	procedure := code("113704", "DCM", "Projection X-Ray")
	if modality == "MG" {
		procedure = code("71651007", "SCT", "Mammography")
	}
	t := doseTemplate{id: "10001", procedure: procedure}
	if system.device != nil {
		t.context = []*dataset.Set{codeItem(contains, code("122142", "DCM", "Acquisition Device Type"), code(system.device[0], "DCM", system.device[1]))}
	}
	exposures := h.exposures(d, of, system)
	for n, e := range exposures {
		t.images = append(t.images, e.image)
		t.events = append(t.events, h.projectionEvent(e, n, modality, system))
	}
	plane := codeItem(hasConceptMod, code("113764", "DCM", "Acquisition Plane"), code("113622", "DCM", "Single Plane"))
	t.accumulated = section("113702", "Accumulated X-Ray Dose Data", append([]*dataset.Set{plane}, h.accumulatedProjection(exposures, modality, system)...)...)
	h.doseReport(d, t)
}

// Units of projection X-ray, PS3.16 TID 10003 and 10004.
var (
	unitGyM2 = unit{"Gy.m2", "Gy.m2"}
	unitGy   = unit{"Gy", "Gy"}
	unitMS   = unit{"ms", "ms"}
	unitNone = unit{"1", "no units"}
)

func areaText(n int64) string  { return fmt.Sprintf("%d.%08d", n/100_000_000, n%100_000_000) }
func pointText(n int64) string { return fmt.Sprintf("%d.%06d", n/1_000_000, n%1_000_000) }

// accumulatedProjection sums the events: of mammography by TID 10005, of cassettes
// by TID 10006, of integrated systems by TID 10007, and of those with fluoroscopy
// by TID 10004 too.
func (h *header) accumulatedProjection(exposures []exposure, modality string, system projectionSystem) []*dataset.Set {
	var area, point int64
	var duration, frames int
	for _, e := range exposures {
		area, point, duration, frames = area+e.area, point+e.point, duration+e.durationMS, frames+e.frames
	}
	allFrames := h.numItem(code("113731", "DCM", "Total Number of Radiographic Frames"), strconv.Itoa(frames), unitNone)
	switch modality {
	case "MG":
		return h.accumulatedGlandular(exposures)
	case "CR":
		return []*dataset.Set{codeItem(contains, code("113947", "DCM", "Detector Type"), code("113950", "DCM", "Storage Detector")), allFrames}
	}
	items := []*dataset.Set{
		h.numItem(code("113722", "DCM", "Dose Area Product Total"), areaText(area), unitGyM2),
		h.numItem(code("113725", "DCM", "Dose (RP) Total"), pointText(point), unitGy),
	}
	last := []*dataset.Set{allFrames, referencePoint(system)}
	if modality == "DX" {
		return append(items, last...)
	}
	acquiredArea, acquiredPoint, acquiring := area, point, duration
	if modality == "RF" {
		items = append(items,
			h.numItem(code("113726", "DCM", "Fluoro Dose Area Product Total"), areaText(area), unitGyM2),
			h.numItem(code("113728", "DCM", "Fluoro Dose (RP) Total"), pointText(point), unitGy),
			h.numItem(code("113730", "DCM", "Total Fluoro Time"), thousandthsText(duration), unitS))
		acquiredArea, acquiredPoint, acquiring = 0, 0, 0
	}
	items = append(items,
		h.numItem(code("113727", "DCM", "Acquisition Dose Area Product Total"), areaText(acquiredArea), unitGyM2),
		h.numItem(code("113729", "DCM", "Acquisition Dose (RP) Total"), pointText(acquiredPoint), unitGy),
		h.numItem(code("113855", "DCM", "Total Acquisition Time"), thousandthsText(acquiring), unitS))
	return append(items, last...)
}

// accumulatedGlandular sums the average glandular dose of each breast.
func (h *header) accumulatedGlandular(exposures []exposure) []*dataset.Set {
	breasts := []struct {
		laterality    string
		code, meaning string
	}{{"R", "73056007", "Right breast"}, {"L", "80248007", "Left breast"}, {"", "63762007", "Both breasts"}}
	var out []*dataset.Set
	for _, b := range breasts {
		sum, found := 0, false
		for _, e := range exposures {
			side := e.header.String(dataset.ImageLaterality)
			if side != "R" && side != "L" {
				side = ""
			}
			if side == b.laterality {
				sum, found = sum+e.glandular, true
			}
		}
		if found {
			s := h.numItem(code("111637", "DCM", "Accumulated Average Glandular Dose"), millimetres(sum), unitMGy)
			out = append(out, holding(s, codeItem(hasConceptMod, code("272741003", "SCT", "Laterality"), code(b.code, "SCT", b.meaning))))
		}
	}
	return out
}

func referencePoint(system projectionSystem) *dataset.Set {
	return codeItem(contains, code("113780", "DCM", "Reference Point Definition"), code(system.referencePoint[0], "DCM", system.referencePoint[1]))
}

// projectionEvent is an irradiation event, PS3.16 TID 10003 with 10003A and B.
func (h *header) projectionEvent(e exposure, n int, modality string, system projectionSystem) *dataset.Set {
	items := []*dataset.Set{
		codeItem(hasConceptMod, code("113764", "DCM", "Acquisition Plane"), code("113622", "DCM", "Single Plane")),
		h.eventUID(n),
		dateTimeItem(contains, code("111526", "DCM", "DateTime Started"), e.began),
		codeItem(contains, code("113721", "DCM", "Irradiation Event Type"), code(system.event[0], system.event[1], system.event[2])),
		codeItem(contains, code("123014", "DCM", "Target Region"), h.targetRegion()),
	}
	if modality == "MG" {
		items = append(items,
			h.numItem(code("111636", "DCM", "Entrance Exposure at RP"), millimetres(e.entrance), unitMGy), referencePoint(system),
			h.numItem(code("111631", "DCM", "Average Glandular Dose"), millimetres(e.glandular), unitMGy))
	} else {
		items = append(items,
			h.numItem(code("122130", "DCM", "Dose Area Product"), areaText(e.area), unitGyM2),
			h.numItem(code("113738", "DCM", "Dose (RP)"), pointText(e.point), unitGy), referencePoint(system))
	}
	return section("113706", "Irradiation Event X-Ray Data", append(items,
		h.numItem(code("113768", "DCM", "Number of Pulses"), strconv.Itoa(e.frames), unitNone),
		h.numItem(code("113733", "DCM", "KVP"), strconv.Itoa(wholeNumber(e.header, dataset.KVP, system.kVP)), unitKV),
		h.numItem(code("113734", "DCM", "X-Ray Tube Current"), strconv.Itoa(wholeNumber(e.header, dataset.XRayTubeCurrent, system.tube)), unitMA),
		h.numItem(code("113824", "DCM", "Exposure Time"), strconv.Itoa(e.durationMS), unitMS),
		imageItem(contains, code("113795", "DCM", "Acquired Image"), e.image))...)
}
