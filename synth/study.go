package synth

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth/draw"
)

// StudyRequest says which study is wanted. Recipe, AsOf and Identity are
// required, and either Images or Bytes or neither.
type StudyRequest struct {
	Recipe Recipe

	// Images is how many SOP instances the study has, exactly; 0 means as many as
	// a realistic one, drawn by the seed.
	Images int

	// Bytes, where it is not 0, is how many bytes the data sets of the study have
	// together, within 1 %, instead of Images.
	Bytes int64

	Seed     uint64    // of the content
	AsOf     time.Time // the study's date is this one, in its location
	Identity *Identity
	Index    int // which study of the scenario, from 0

	// Patient defaults to the identity's patient of the same Index, or where the
	// recipe does not suit that one to another, named in CharacterSet. One that is given must lie inside the identity's fence.
	Patient Patient

	CharacterSet []string // values of (0008,0005); none is the default repertoire

	// TransferSyntax is that of the instances with Pixel Data; documents beside
	// compressed ones are in explicit little endian. Default explicit little
	// endian. See Recipe.Syntaxes.
	TransferSyntax dataset.TransferSyntax

	// Series is how many series the images are divided into, as evenly as they can
	// be; 0 means as the recipe says.
	Series int

	// Overrides of what is else derived.
	Date, Time       string // DA and TM of the study; default AsOf's date, working hours by the seed
	Accession        string // default Identity.Accession(Index)
	Description      string // Study Description; default the recipe's
	StudyInstanceUID string // of another study, under the same UID root: what must never be merged
	Equipment        Equipment

	// Variant 1 makes the study that collides with the one of variant 0: the same
	// identities, other pixels and texts. See Colliding.
	Variant int

	With []Trait // besides those of the recipe
}

// maxImages is the most instances that one study may have.
const maxImages = 1_000_000

// Study is a synthetic study. Its fields are what a query should find; they
// must not be changed. Its instances are made when they are asked for.
type Study struct {
	Recipe           Recipe
	Patient          Patient
	StudyInstanceUID string
	AccessionNumber  string
	StudyID          string
	StudyDate        string // DA
	StudyTime        string // TM
	Description      string
	TransferSyntax   dataset.TransferSyntax // of the instances with Pixel Data
	CharacterSet     []string
	Equipment        Equipment

	seed     uint64
	index    int
	variant  int
	identity *Identity
	traits   traits
	start    time.Time // of the study, in its time zone
	total    int       // instances
	crop     span      // instances whose matrix has fewer rows, so that the bytes asked for are met
	rows     int       // of these

	frameOfReference string
	series           []*series
	request          StudyRequest // as it was completed
}

// span is the instances from up to, but not including, to.
type span struct{ from, to int }

func (s span) has(i int) bool { return s.from <= i && i < s.to }

// series is one series of a study.
type series struct {
	format
	index   int // in the study, from 0
	first   int // index in the study of its first instance
	made    int // instances that the study was made with
	late    int // added by Extend; they come after all others
	uid     string
	begin   time.Time
	ts      dataset.TransferSyntax
	pattern *pattern // nil where there can be none
}

// NewStudy checks the request and returns the study. It makes no instance yet.
func NewStudy(q StudyRequest) (*Study, error) {
	if err := q.complete(); err != nil {
		return nil, err
	}
	t, err := newTraits(q.With, q.Recipe)
	if err != nil {
		return nil, err
	}
	start, err := q.start()
	if err != nil {
		return nil, err
	}
	s := &Study{
		Recipe:          q.Recipe,
		Patient:         q.Patient,
		AccessionNumber: q.Accession,
		StudyID:         fmt.Sprintf("S%04d", q.Index+1),
		StudyDate:       start.Format("20060102"),
		StudyTime:       start.Format("150405"),
		Description:     q.Description,
		TransferSyntax:  q.TransferSyntax,
		CharacterSet:    slices.Clone(q.CharacterSet),
		Equipment:       q.Equipment,
		seed:            q.Seed,
		index:           q.Index,
		variant:         q.Variant,
		identity:        q.Identity,
		traits:          t,
		start:           start,
		request:         q,
	}
	if t.has(EmptyType2) {
		s.StudyID, s.Patient.BirthDate, s.Patient.Sex = "", "", ""
	}
	if t.has(EmptyStudyID) {
		s.StudyID = ""
	}
	s.StudyInstanceUID = q.StudyInstanceUID
	if s.StudyInstanceUID == "" {
		s.StudyInstanceUID = s.uid("study", s.index)
	}
	s.frameOfReference = s.uid("frame-of-reference", s.index)
	if q.Bytes > 0 {
		err = s.divideBytes(q.Bytes, q.Series)
	} else {
		err = s.divide(q.Images, q.Series)
	}
	if err != nil {
		return nil, err
	}
	for _, se := range s.series { // proves that the character set carries the texts
		if _, err := s.headerOf(se.first, s.variant, nil); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// complete fills the defaults and refuses what cannot be made.
func (q *StudyRequest) complete() error {
	if problems := q.Recipe.check(); len(problems) > 0 {
		return joined("", problems)
	}
	if q.Identity == nil {
		return errors.New("synth: a study needs an Identity")
	}
	if q.Identity.err != nil {
		return q.Identity.err
	}
	if q.Index < 0 || q.Index > 1<<31-1 {
		return fmt.Errorf("synth: study index %d is out of range", q.Index)
	}
	if q.Variant < 0 || q.Variant > 1 {
		return fmt.Errorf("synth: variant %d, there are 0 and 1", q.Variant)
	}
	if q.Images != 0 && q.Bytes != 0 {
		return fmt.Errorf("synth: %q of %d images and of %d bytes: ask for one of them", q.Recipe.Name, q.Images, q.Bytes)
	}
	if q.Images == 0 && q.Bytes == 0 {
		q.Images = q.Recipe.Images.draw(draw.From(q.Seed, uint64(q.Recipe.sum()), uint64(q.Index), drawImages))
	}
	if q.Images < 0 || q.Images > maxImages || q.Bytes < 0 {
		return fmt.Errorf("synth: %q of %d images: from 1 to %d can be made", q.Recipe.Name, q.Images, maxImages)
	}
	if q.Series < 0 || q.Series > mostSeries || q.Bytes == 0 && q.Series > q.Images {
		return fmt.Errorf("synth: %d images cannot be divided into %d series, each has at least one, and there are at most %d", q.Images, q.Series, mostSeries)
	}
	if q.TransferSyntax == "" {
		q.TransferSyntax = dataset.ExplicitVRLittleEndian
	}
	if q.TransferSyntax.IsEncapsulated() && !q.Recipe.HasPixels() {
		return fmt.Errorf("synth: %q has no pixels that %s could carry", q.Recipe.Name, q.TransferSyntax.Name())
	}
	if q.Accession == "" {
		q.Accession = q.Identity.Accession(q.Index)
	}
	if !plainText(q.Accession) || len(q.Accession) > maxAccessionLength {
		return fmt.Errorf("synth: accession number %q is not an SH of at most %d characters", q.Accession, maxAccessionLength)
	}
	if q.Description == "" {
		q.Description = q.Recipe.Description
	}
	if len([]rune(q.Description)) > 64 {
		return fmt.Errorf("synth: study description of %d characters, at most 64 are allowed (VR LO)", len([]rune(q.Description)))
	}
	if u := q.StudyInstanceUID; u != "" && (!ValidUID(u) || !strings.HasPrefix(u, q.Identity.fence.UIDRoot+".")) {
		return fmt.Errorf("synth: Study Instance UID %q does not lie under the fence's root %s", u, q.Identity.fence.UIDRoot)
	}
	if q.Patient == (Patient{}) {
		q.Patient = q.Identity.Patient(q.Index, q.CharacterSet...)
		// Another one where this one cannot have had the exam: half of them can.
		for n := 1; !q.Recipe.Suits(q.Patient) && n < 64; n++ {
			q.Patient = q.Identity.Patient(q.Index+n*1_000_000_007, q.CharacterSet...)
		}
	}
	if err := q.Equipment.complete(q.Recipe.Modalities()[0], q.CharacterSet); err != nil {
		return err
	}
	q.With = append(slices.Clone(q.Recipe.Traits), q.With...)
	return q.Identity.fence.admit(q.Patient)
}

// What the draws of a study are for, so that no two share their numbers.
const (
	drawImages uint64 = iota + 1
	drawClock
	drawFrames
	drawText
	drawBreast
)

// admit refuses a patient who would not be told from a real one.
func (f Fence) admit(p Patient) error {
	switch {
	case !strings.HasPrefix(p.ID, f.PatientIDPrefix):
		return fmt.Errorf("synth: patient ID %q does not begin with the fence's prefix %q", p.ID, f.PatientIDPrefix)
	case len(p.ID) > maxPatientIDLength || !plainText(p.ID):
		return fmt.Errorf("synth: patient ID %q is not an LO of at most %d characters", p.ID, maxPatientIDLength)
	}
	for group := range strings.SplitSeq(p.Name, "=") {
		if group != "" && !strings.HasPrefix(group, f.NamePrefix) {
			return fmt.Errorf("synth: patient's name %q: a component group does not begin with the fence's prefix %q", p.Name, f.NamePrefix)
		}
	}
	if p.Name == "" {
		return fmt.Errorf("synth: a patient without a name cannot carry the fence's prefix %q", f.NamePrefix)
	}
	return nil
}

// start is when the study begins: by the overrides, else on AsOf's date between
// 08:00 and 17:59 by seed and index.
func (q *StudyRequest) start() (time.Time, error) {
	if q.AsOf.IsZero() && q.Date == "" {
		return time.Time{}, errors.New("synth: a study needs a date: AsOf or Date")
	}
	date, clock := q.Date, q.Time
	if date == "" {
		date = q.AsOf.Format("20060102")
	}
	if clock == "" {
		d := draw.From(q.Seed, uint64(q.Recipe.sum()), uint64(q.Index), drawClock)
		clock = fmt.Sprintf("%02d%02d%02d", d.Between(8, 17), d.Below(60), d.Below(60))
	}
	for len(clock) == 2 || len(clock) == 4 {
		clock += "00" // TM may end after the hours or the minutes
	}
	t, err := time.ParseInLocation("20060102 150405", date+" "+clock, q.AsOf.Location())
	if err != nil {
		return time.Time{}, fmt.Errorf("synth: study date %q and time %q are not a DA (YYYYMMDD) and a TM (HHMMSS)", date, clock)
	}
	return t, nil
}

// uid returns a UID of the study's identity, a long one by the trait LongUIDs.
func (s *Study) uid(kind string, index ...int) string {
	if s.traits.has(LongUIDs) {
		return s.identity.longUID(kind, index...)
	}
	return s.identity.UID(kind, index...)
}

// Len returns the number of instances, late ones included.
func (s *Study) Len() int { return s.total }

// SeriesCount returns the number of series.
func (s *Study) SeriesCount() int { return len(s.series) }

// SeriesInstanceUIDs returns the UIDs of the series in order.
func (s *Study) SeriesInstanceUIDs() []string {
	uids := make([]string, len(s.series))
	for i, se := range s.series {
		uids[i] = se.uid
	}
	return uids
}

// Modalities returns the modalities of the series, each once, in order: what
// Modalities in Study (0008,0061) holds.
func (s *Study) Modalities() []string {
	var out []string
	for _, se := range s.series {
		if !slices.Contains(out, se.Modality) {
			out = append(out, se.Modality)
		}
	}
	return out
}

// Context is what an association must offer for some instances.
type Context struct {
	SOPClassUID    string
	TransferSyntax dataset.TransferSyntax
}

// Contexts returns what an association must offer for all instances, each once,
// in the order of the series.
func (s *Study) Contexts() []Context {
	var out []Context
	for _, se := range s.series {
		if c := (Context{se.object.sopClassUID, se.ts}); !slices.Contains(out, c) {
			out = append(out, c)
		}
	}
	return out
}

// SOPInstanceUID returns the UID of instance i without making it.
func (s *Study) SOPInstanceUID(i int) string { return s.uid("instance", s.index, i) }

// Instances yields all instances in order, each made when it is asked for. One
// that cannot be made, because its frames can't be encoded so, is an error, which
// ends the sequence.
func (s *Study) Instances() iter.Seq2[*Instance, error] {
	return func(yield func(*Instance, error) bool) {
		for i := range s.total {
			in, err := s.Instance(i)
			if !yield(in, err) || err != nil {
				return
			}
		}
	}
}
