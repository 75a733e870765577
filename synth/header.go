package synth

import (
	"fmt"
	"strconv"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// header is the data set of one instance while its modules are written.
type header struct {
	*dataset.Set
	study   *Study
	series  *series
	index   int // in the study
	number  int // in the series, from 0
	frames  int // of the instance; 0 without Pixel Data
	variant int
	content time.Time  // when the instance was acquired
	encoded *fragments // of an encapsulated instance; nil for others, and where only texts are of interest
	err     error      // the first text that the character set cannot carry
}

// headerOf makes the data set of instance i without Pixel Data.
func (s *Study) headerOf(i, variant int, encoded *fragments) (*dataset.Set, error) {
	h := s.emptyHeader(i, variant)
	h.encoded = encoded
	h.sopCommon()
	h.instance()
	h.patient()
	h.generalStudy()
	h.generalSeries()
	h.generalEquipment()
	if h.frames > 0 {
		h.generalImage()
		h.imagePixel()
	}
	h.series.object.describe(h)
	h.attributes()
	s.traits.apply(h)
	if h.frames > 0 {
		h.lossy()
	}
	if h.err != nil {
		return nil, fmt.Errorf("synth: %q: %w", s.Recipe.Name, h.err)
	}
	return h.Set, nil
}

// emptyHeader knows which instance it is of and holds nothing yet.
func (s *Study) emptyHeader(i, variant int) *header {
	h := &header{Set: dataset.New(), study: s, index: i, variant: variant}
	h.series, h.number = s.place(i)
	if h.series.object.pixels != noPixels {
		h.frames = s.frameCount(h.series, h.number)
	}
	h.content = h.series.begin.Add(time.Duration(h.number*h.series.IntervalMS) * time.Millisecond)
	return h
}

// instance puts what is different in each instance of a series, whatever the
// recipe, and what object.instance adds.
func (h *header) instance() {
	s := h.study
	date, clock := h.content.Format("20060102"), h.content.Format("150405.000000")
	h.PutString(dataset.InstanceCreationDate, date)
	h.PutString(dataset.InstanceCreationTime, clock[:len("150405")])
	h.PutString(dataset.SOPInstanceUID, s.SOPInstanceUID(h.index))
	if h.frames > 0 {
		h.PutString(dataset.AcquisitionDate, date)
		h.PutString(dataset.ContentDate, date)
		h.PutString(dataset.AcquisitionTime, clock)
		h.PutString(dataset.ContentTime, clock)
	}
	h.PutString(dataset.InstanceNumber, strconv.Itoa(h.number+1))
	if f := h.series.object.instance; f != nil {
		f(h)
	}
}

// draw returns the stream of one purpose for this instance.
func (h *header) draw(purpose uint64) *draw.Stream {
	s := h.study
	return draw.From(s.seed, uint64(s.Recipe.sum()), uint64(s.index), purpose, uint64(h.series.index), uint64(h.number), uint64(h.variant))
}

// text puts texts in the study's character set and keeps the first error.
func (h *header) text(t dataset.Tag, values ...string) {
	if err := h.PutText(t, values...); err != nil && h.err == nil {
		h.err = fmt.Errorf("%s in character set %q: %w", t.Keyword(), h.study.CharacterSet, err)
	}
}

// type2 puts the value of a type 2 attribute, or leaves it empty by the trait
// EmptyType2.
func (h *header) type2(t dataset.Tag, values ...string) {
	if h.study.traits.has(EmptyType2) {
		values = nil
	}
	h.PutString(t, values...)
}

// decimal formats a DS or IS value, by the trait DecimalText in another legal
// form of the same number: plus sign, zeros before and after.
func (h *header) decimal(value string) string {
	if !h.study.traits.has(DecimalText) {
		return value
	}
	return padDecimal(value)
}

// decimals is decimal for several values.
func (h *header) decimals(values ...string) []string {
	for i, v := range values {
		values[i] = h.decimal(v)
	}
	return values
}

// sopCommon is the SOP Common Module, PS3.3 C.12.1, without what instance puts.
func (h *header) sopCommon() {
	s := h.study
	if len(s.CharacterSet) > 0 {
		h.PutString(dataset.SpecificCharacterSet, s.CharacterSet...)
	}
	h.PutString(dataset.SOPClassUID, h.series.object.sopClassUID)
}

// patient is the Patient Module and what changes from study to study, PS3.3
// C.7.1.1 and C.7.2.2.
func (h *header) patient() {
	p := h.study.Patient
	h.text(dataset.PatientName, p.Name)
	h.PutString(dataset.PatientID, p.ID)
	if p.Issuer != "" {
		h.PutString(dataset.IssuerOfPatientID, p.Issuer)
	}
	h.PutString(dataset.PatientBirthDate, p.BirthDate)
	h.PutString(dataset.PatientSex, p.Sex)
	if born, err := time.Parse("20060102", p.BirthDate); err == nil {
		h.PutString(dataset.PatientAge, fmt.Sprintf("%03dY", max(0, min(999, years(born, h.study.start)))))
	}
}

// years is the age at a date.
func years(born, at time.Time) int {
	n := at.Year() - born.Year()
	if at.Month() < born.Month() || at.Month() == born.Month() && at.Day() < born.Day() {
		n--
	}
	return n
}

// generalStudy is the General Study Module, PS3.3 C.7.2.1.
func (h *header) generalStudy() {
	s := h.study
	h.PutString(dataset.StudyInstanceUID, s.StudyInstanceUID)
	h.PutString(dataset.StudyDate, s.StudyDate)
	h.PutString(dataset.StudyTime, s.StudyTime)
	h.type2(dataset.ReferringPhysicianName, s.identity.fence.NamePrefix+"-REFERRER^PRIMARY CARE^^DR")
	h.type2(dataset.StudyID, s.StudyID)
	h.PutString(dataset.AccessionNumber, s.AccessionNumber)
	h.text(dataset.StudyDescription, s.Description)
}

// generalSeries is the General Series Module, PS3.3 C.7.3.1.
func (h *header) generalSeries() {
	s, se := h.study, h.series
	h.PutString(dataset.Modality, se.Modality)
	h.PutString(dataset.SeriesInstanceUID, se.uid)
	h.PutString(dataset.SeriesNumber, h.decimal(fmt.Sprint(se.index+1)))
	h.PutString(dataset.SeriesDate, se.begin.Format("20060102"))
	h.PutString(dataset.SeriesTime, se.begin.Format("150405"))
	description := se.Description
	if description == "" {
		description = fmt.Sprintf("%s SERIES %d", se.Modality, se.index+1)
	}
	h.PutString(dataset.SeriesDescription, description)
	if h.frames > 0 {
		h.PutString(dataset.BodyPartExamined, s.Recipe.BodyPart)
		if s.Recipe.Laterality != "" {
			h.PutString(dataset.Laterality, s.Recipe.Laterality)
		}
		h.PutString(dataset.OperatorsName, s.identity.fence.NamePrefix+"-RADIOGRAPHER^SYNTHETIC")
		h.PutString(dataset.ProtocolName, s.Recipe.Name)
	}
}

// generalEquipment is the General Equipment Module, PS3.3 C.7.5.1.
func (h *header) generalEquipment() {
	e := h.study.Equipment
	h.type2(dataset.Manufacturer, e.Manufacturer)
	h.text(dataset.InstitutionName, e.Institution)
	h.PutString(dataset.StationName, e.Station)
	h.PutString(dataset.ManufacturerModelName, e.Model)
	h.PutString(dataset.DeviceSerialNumber, e.SerialNumber)
	h.PutString(dataset.SoftwareVersions, e.SoftwareVersion)
}

// generalImage is the General Image Module, PS3.3 C.7.6.1, without its dates and
// times, which instance puts.
//
// Burned In Annotation is NO: YES would mean text that is sufficient to identify
// a patient, and the burnt in mark says that there is none.
func (h *header) generalImage() {
	h.PutString(dataset.ImageType, "ORIGINAL", "PRIMARY")
	h.PutString(dataset.AcquisitionNumber, h.decimal("1"))
	h.PutString(dataset.BurnedInAnnotation, "NO")
	h.PutString(dataset.LossyImageCompression, "00")
}

// code is an item of a coded entry, PS3.3 table 8.8-1.
func code(value, scheme, meaning string) *dataset.Set {
	c := dataset.New()
	c.PutString(dataset.CodeValue, value)
	c.PutString(dataset.CodingSchemeDesignator, scheme)
	c.PutString(dataset.CodeMeaning, meaning)
	return c
}

// millimetres formats hundredths of a millimetre as a DS.
func millimetres(hundredths int) string {
	sign := ""
	if hundredths < 0 {
		sign, hundredths = "-", -hundredths
	}
	if hundredths%100 == 0 {
		return fmt.Sprintf("%s%d", sign, hundredths/100)
	}
	return fmt.Sprintf("%s%d.%02d", sign, hundredths/100, hundredths%100)
}

// hundredths is a length in millimetres as hundredths of one.
func hundredths(mm float64) int { return int(mm*100 + 0.5) }

// perPixel formats a length in hundredths of a millimetre divided by a number of
// pixels, in millimetres with four decimals.
func perPixel(hundredths, pixels int) string {
	n := hundredths * 100 / pixels // in 1/10000 mm
	return fmt.Sprintf("%d.%04d", n/10000, n%10000)
}
