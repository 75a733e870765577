package synth

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

const doseSOPClassUID = "1.2.840.10008.5.1.4.1.1.88.67" // X-Ray Radiation Dose SR Storage

var errNoXRay = errors.New("an X-Ray Radiation Dose SR reports the dose of CT or X-ray images, and the study has only others; leave it out, or give the recipe series of CT, CR, DX, MG, XA or RF")

// describeDose makes an X-Ray Radiation Dose SR document, PS3.3 A.35.8: of CT by
// TID 10011, of projection X-ray by TID 10001. Its irradiation events are those
// that the series of the study would come from; in a study without images they
// are drawn, as of a CT whose images went elsewhere.
func describeDose(h *header) {
	e := h.study.Equipment // type 1 in the Enhanced General Equipment Module, C.7.5.2
	h.PutString(dataset.Manufacturer, e.Manufacturer)
	d := h.draw(drawText)
	switch projections := h.projectionSeries(); {
	case len(projections) > 0:
		h.projectionDose(d, projections)
	case h.imageModality() == "" || len(h.ctSeries()) > 0:
		h.ctDose(d, h.ctAcquisitions(d))
	default:
		h.err = errNoXRay
	}
}

// ctSeries are the CT images of the study.
func (h *header) ctSeries() []*series {
	var out []*series
	for _, se := range h.study.series {
		if se.object.pixels != noPixels && se.Modality == "CT" {
			out = append(out, se)
		}
	}
	return out
}

// acquisition is one irradiation event of CT. Lengths are in 1/100 mm.
type acquisition struct {
	protocol   string
	contrast   string // Contrast/Bolus Agent
	volume     int    // length that images were made of
	scanned    int    // length that was irradiated
	began      time.Time
	kVP, tube  int // kV, mA
	pitch      int // in 1/1000
	exposureMS int
	ctdi, dlp  int // in 1/100 mGy, and in 1/100 mGy.cm
}

// What all acquisitions are made with.
const (
	singleCollimation = 6250   // 0.625 mm, in 1/10000 mm
	totalCollimation  = 40_00  // 64 rows, in 1/100 mm
	rotationMS        = 500    // of the tube
	overRanging       = 20_00  // irradiated beyond the images, in 1/100 mm
	localizerLength   = 500_00 // in 1/100 mm
	scansAlone        = 2      // of a study without images
)

// ctAcquisitions are the spiral scans of the study. Series with the same contrast
// agent are reconstructions of one of them, the longest says how long it was.
func (h *header) ctAcquisitions(d *draw.Stream) []acquisition {
	var out []acquisition
	for _, se := range h.ctSeries() {
		agent, slices := se.Attributes[dataset.ContrastBolusAgent.Keyword()], se.made
		if se.object.pixels == multiFrame {
			slices = h.study.frameCount(se, 0)
		}
		volume := slices * hundredths(se.SpacingMM)
		known := false
		for i := range out {
			if known = out[i].contrast == agent; known {
				out[i].volume = max(out[i].volume, volume)
				break
			}
		}
		if known {
			continue
		}
		image := h.imageHeader(reference{index: se.first})
		out = append(out, acquisition{
			protocol: se.Description, contrast: agent, volume: volume, began: se.begin,
			kVP: wholeNumber(image, dataset.KVP, 120), tube: wholeNumber(image, dataset.XRayTubeCurrent, 180),
		})
	}
	if len(out) == 0 {
		for n := range scansAlone {
			out = append(out, acquisition{
				protocol: fmt.Sprintf("SYNTHETIC SPIRAL %d", n+1), volume: d.Between(250_00, 420_00), began: h.study.start.Add(time.Duration(n) * time.Minute),
				kVP: []int{80, 100, 120}[d.Below(3)], tube: d.Between(100, 300),
			})
		}
	}
	for i := range out {
		out[i].expose(d, h.study.Recipe.BodyPart)
	}
	return out
}

// expose draws how much was irradiated. The exposure time follows from length,
// pitch and collimation, the dose length product is CTDIvol times length.
func (a *acquisition) expose(d *draw.Stream, bodyPart string) {
	a.scanned = a.volume + overRanging
	a.pitch = d.Between(800, 1375)
	a.exposureMS = int(int64(a.scanned) * rotationMS * 1000 / int64(a.pitch*totalCollimation))
	a.ctdi = d.Between(400, 1200)
	if isHead(bodyPart) {
		a.ctdi = d.Between(4000, 6000)
	}
	a.dlp = int(int64(a.ctdi) * int64(a.scanned) / 1000)
}

func isHead(bodyPart string) bool { return bodyPart == "HEAD" || bodyPart == "BRAIN" }

// ctDose makes the document of CT: a localizer and the spiral scans.
func (h *header) ctDose(d *draw.Stream, scans []acquisition) {
	first, last := scans[0], scans[len(scans)-1]
	start := first.began.Add(-20 * time.Second)
	end := last.began.Add(time.Duration(last.exposureMS)*time.Millisecond + time.Second)
	events := []*dataset.Set{h.localizer(start, first)}
	total := 0
	for n, a := range scans {
		events = append(events, h.spiral(a, n+1))
		total += a.dlp
	}
	between := []*dataset.Set{
		dateTimeItem(hasObsContext, code("113809", "DCM", "Start of X-Ray Irradiation"), start),
		dateTimeItem(hasObsContext, code("113810", "DCM", "End of X-Ray Irradiation"), end),
	}
	accumulated := section("113811", "CT Accumulated Dose Data",
		h.numItem(code("113812", "DCM", "Total Number of Irradiation Events"), strconv.Itoa(len(events)), unit{"{events}", "events"}),
		h.numItem(code("113813", "DCM", "CT Dose Length Product Total"), millimetres(total), unitDLP))
	h.doseReport(d, doseTemplate{
		id: "10011", procedure: code("77477000", "SCT", "Computed Tomography X-Ray"), context: between, accumulated: accumulated, events: events,
	})
}

// Units of dose, PS3.16 TID 10013 and 10003.
var (
	unitDLP    = unit{"mGy.cm", "mGy.cm"}
	unitMGy    = unit{"mGy", "mGy"}
	unitS      = unit{"s", "s"}
	unitMM10   = unit{"mm", "mm"} // as these templates write it
	unitKV     = unit{"kV", "kV"}
	unitMA     = unit{"mA", "mA"}
	unitSource = unit{"{X-Ray sources}", "X-Ray sources"}
)

// localizer is the scout view before the scans: the tube stands still, no CTDI is
// told.
func (h *header) localizer(at time.Time, a acquisition) *dataset.Set {
	return section("113819", "CT Acquisition", append(h.eventOf("LOCALIZER", 0, at, code("113805", "DCM", "Constant Angle Acquisition")),
		section("113822", "CT Acquisition Parameters",
			h.numItem(code("113824", "DCM", "Exposure Time"), "5.2", unitS),
			h.numItem(code("113825", "DCM", "Scanning Length"), millimetres(localizerLength), unitMM10),
			h.collimation("113826", "Nominal Single Collimation Width", singleCollimation),
			h.numItem(code("113827", "DCM", "Nominal Total Collimation Width"), "3.75", unitMM10),
			h.numItem(code("113823", "DCM", "Number of X-Ray Sources"), "1", unitSource),
			section("113831", "CT X-Ray Source Parameters",
				textItem("113832", "Identification of the X-Ray Source", "A"),
				h.numItem(code("113733", "DCM", "KVP"), strconv.Itoa(a.kVP), unitKV),
				h.numItem(code("113833", "DCM", "Maximum X-Ray Tube Current"), "10", unitMA),
				h.numItem(code("113734", "DCM", "X-Ray Tube Current"), "10", unitMA))))...)
}

// spiral is a spiral scan, PS3.16 TID 10013.
func (h *header) spiral(a acquisition, n int) *dataset.Set {
	context := code("399331006", "SCT", "CT without contrast")
	if a.contrast != "" {
		context = code("27483000", "SCT", "Diagnostic radiography with contrast media")
	}
	phantom := code("113691", "DCM", "IEC Body Dosimetry Phantom")
	if isHead(h.study.Recipe.BodyPart) {
		phantom = code("113690", "DCM", "IEC Head Dosimetry Phantom")
	}
	items := h.eventOf(a.protocol, n, a.began, code("116152004", "SCT", "Spiral Acquisition"))
	return section("113819", "CT Acquisition", append(items,
		codeItem(contains, code("408730004", "SCT", "Procedure Context"), context),
		section("113822", "CT Acquisition Parameters",
			h.numItem(code("113824", "DCM", "Exposure Time"), thousandthsText(a.exposureMS), unitS),
			h.numItem(code("113825", "DCM", "Scanning Length"), millimetres(a.scanned), unitMM10),
			h.numItem(code("113893", "DCM", "Length of Reconstructable Volume"), millimetres(a.volume), unitMM10),
			h.collimation("113826", "Nominal Single Collimation Width", singleCollimation),
			h.numItem(code("113827", "DCM", "Nominal Total Collimation Width"), millimetres(totalCollimation), unitMM10),
			h.numItem(code("113828", "DCM", "Pitch Factor"), thousandthsText(a.pitch), unit{"{ratio}", "ratio"}),
			h.numItem(code("113823", "DCM", "Number of X-Ray Sources"), "1", unitSource),
			section("113831", "CT X-Ray Source Parameters",
				textItem("113832", "Identification of the X-Ray Source", "A"),
				h.numItem(code("113733", "DCM", "KVP"), strconv.Itoa(a.kVP), unitKV),
				h.numItem(code("113833", "DCM", "Maximum X-Ray Tube Current"), strconv.Itoa(a.tube*6/5), unitMA),
				h.numItem(code("113734", "DCM", "X-Ray Tube Current"), strconv.Itoa(a.tube), unitMA),
				h.numItem(code("113834", "DCM", "Exposure Time per Rotation"), thousandthsText(rotationMS), unitS))),
		section("113829", "CT Dose",
			h.numItem(code("113830", "DCM", "Mean CTDIvol"), millimetres(a.ctdi), unitMGy),
			codeItem(contains, code("113835", "DCM", "CTDIw Phantom Type"), phantom),
			h.numItem(code("113838", "DCM", "DLP"), millimetres(a.dlp), unitDLP)))...)
}

// eventOf is what all CT irradiation events say of themselves.
func (h *header) eventOf(protocol string, n int, at time.Time, kind *dataset.Set) []*dataset.Set {
	if protocol == "" {
		protocol = "SYNTHETIC"
	}
	return []*dataset.Set{
		textItem("125203", "Acquisition Protocol", protocol),
		codeItem(contains, code("123014", "DCM", "Target Region"), h.targetRegion()),
		codeItem(contains, code("113820", "DCM", "CT Acquisition Type"), kind),
		h.eventUID(n),
		dateTimeItem(contains, code("111526", "DCM", "DateTime Started"), at),
	}
}

func (h *header) eventUID(n int) *dataset.Set {
	return uidItem(contains, code("113769", "DCM", "Irradiation Event UID"), h.study.uid("irradiation-event", h.study.index, n))
}

func (h *header) targetRegion() *dataset.Set {
	region := regions[h.study.Recipe.BodyPart]
	if region == nil {
		region = regions[""]
	}
	return code(region[0], "SCT", region[1])
}

func (h *header) collimation(value, meaning string, tenThousandths int) *dataset.Set {
	return h.numItem(code(value, "DCM", meaning), thousandthsText(tenThousandths/10), unitMM10)
}

// thousandthsText writes a number given in 1/1000.
func thousandthsText(n int) string { return fmt.Sprintf("%d.%03d", n/1000, n%1000) }

// wholeNumber is the whole part of a number of an image, or what is assumed where
// the image does not say it.
func wholeNumber(image *dataset.Set, t dataset.Tag, assumed int) int {
	if n, ok := tenThousandths(image.String(t)); ok && n >= 10_000 {
		return n / 10_000
	}
	return assumed
}
