package synth

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// StudyRequest says which study is wanted. Recipe, Images, AsOf and Identity
// are required.
type StudyRequest struct {
	Recipe   Recipe
	Images   int       // SOP instances in the study
	Seed     uint64    // of the content
	AsOf     time.Time // the study's date is this one, in its location
	Identity *Identity
	Index    int // which study of the scenario, from 0

	// Patient defaults to the identity's patient of the same Index, named in
	// CharacterSet. One that is given must lie inside the identity's fence.
	Patient Patient

	CharacterSet   []string               // values of (0008,0005); none is the default repertoire
	TransferSyntax dataset.TransferSyntax // implicit or explicit little endian; default explicit
	Series         int                    // default 1

	// Overrides of what is else derived.
	Date, Time  string // DA and TM of the study; default AsOf's date, working hours by the seed
	Accession   string // default Identity.Accession(Index)
	Description string // Study Description; default the recipe's

	With []Trait
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
	TransferSyntax   dataset.TransferSyntax
	CharacterSet     []string

	seed     uint64
	index    int
	identity *Identity
	traits   traits
	start    time.Time // of the study, in its time zone
	first    int       // instances that the study was made with
	total    int       // with those added by Extend
	series   int

	seriesUIDs       []string
	frameOfReference string
	patterns         []pattern // of the series; nil where there can be none
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
		Recipe:          t.adapt(q.Recipe),
		Patient:         q.Patient,
		AccessionNumber: q.Accession,
		StudyID:         fmt.Sprintf("S%04d", q.Index+1),
		StudyDate:       start.Format("20060102"),
		StudyTime:       start.Format("150405"),
		Description:     q.Description,
		TransferSyntax:  q.TransferSyntax,
		CharacterSet:    slices.Clone(q.CharacterSet),
		seed:            q.Seed,
		index:           q.Index,
		identity:        q.Identity,
		traits:          t,
		start:           start,
		first:           q.Images,
		total:           q.Images,
		series:          q.Series,
	}
	if t.has(EmptyType2) {
		s.StudyID, s.Patient.BirthDate, s.Patient.Sex = "", "", ""
	}
	s.StudyInstanceUID = s.uid("study", s.index)
	s.frameOfReference = s.uid("frame-of-reference", s.index)
	for n := range s.series {
		s.seriesUIDs = append(s.seriesUIDs, s.uid("series", s.index, n))
	}
	if s.Recipe.kind.instance != nil && len(s.traits) == 0 {
		s.patterns = make([]pattern, s.series)
	}
	if _, err := s.header(0); err != nil { // proves that the character set carries the texts
		return nil, err
	}
	return s, nil
}

// complete fills the defaults and refuses what cannot be made.
func (q *StudyRequest) complete() error {
	if err := q.Recipe.check(); err != nil {
		return err
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
	if q.Images < 1 || q.Images > maxImages {
		return fmt.Errorf("synth: %q of %d images: from 1 to %d can be made", q.Recipe.Name, q.Images, maxImages)
	}
	if q.Series == 0 {
		q.Series = 1
	}
	if q.Series < 1 || q.Series > q.Images {
		return fmt.Errorf("synth: %d images cannot be divided into %d series, each has at least one", q.Images, q.Series)
	}
	if q.TransferSyntax == "" {
		q.TransferSyntax = dataset.ExplicitVRLittleEndian
	}
	if q.TransferSyntax != dataset.ExplicitVRLittleEndian && q.TransferSyntax != dataset.ImplicitVRLittleEndian {
		return fmt.Errorf("synth: transfer syntax %s is not made, only implicit and explicit VR little endian", q.TransferSyntax)
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
	if q.Patient == (Patient{}) {
		q.Patient = q.Identity.Patient(q.Index, q.CharacterSet...)
	}
	return q.Identity.fence.admit(q.Patient)
}

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
		draw := seeded(q.Seed, uint64(q.Recipe.sum()), uint64(q.Index))
		clock = fmt.Sprintf("%02d%02d%02d", draw.between(8, 17), draw.below(60), draw.below(60))
	}
	for len(clock) == 2 || len(clock) == 4 {
		clock += "00" // TM may end after the hours or the minutes
	}
	location := q.AsOf.Location()
	t, err := time.ParseInLocation("20060102 150405", date+" "+clock, location)
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
func (s *Study) SeriesCount() int { return s.series }

// SeriesInstanceUIDs returns the UIDs of the series in order.
func (s *Study) SeriesInstanceUIDs() []string { return slices.Clone(s.seriesUIDs) }

// SOPInstanceUID returns the UID of instance i without making it.
func (s *Study) SOPInstanceUID(i int) string { return s.uid("instance", s.index, i) }

// place returns the series of instance i and its place there, both from 0. The
// instances that the study was made with are divided into series as evenly as
// they can be, in order, as a modality sends them; late ones are added to the
// last series.
func (s *Study) place(i int) (series, number int) {
	each, more := s.first/s.series, s.first%s.series
	if i >= s.first {
		return s.series - 1, each + i - s.first // the last series has no more than its share
	}
	if i < more*(each+1) {
		return i / (each + 1), i % (each + 1)
	}
	i -= more * (each + 1)
	return more + i/each, i % each
}

// Extend returns the study with n late images, as when a technologist sends
// more after the study seemed complete: the same study and series, the same
// first instances, and Len grown by n.
func (s *Study) Extend(n int) (*Study, error) {
	if n < 1 || s.total+n > maxImages {
		return nil, fmt.Errorf("synth: a study of %d images cannot be extended by %d (1 or more, %d in all)", s.total, n, maxImages)
	}
	later := *s
	later.total += n
	return &later, nil
}

// Instances yields all instances in order. It ends at the first that cannot be
// made, which after NewStudy succeeded does not happen.
func (s *Study) Instances() iter.Seq2[int, *Instance] {
	return func(yield func(int, *Instance) bool) {
		for i := range s.total {
			in, err := s.Instance(i)
			if err != nil || !yield(i, in) {
				return
			}
		}
	}
}
