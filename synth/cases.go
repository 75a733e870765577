package synth

import (
	"fmt"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
)

// Case is something rare and legal that systems get wrong, by name: one or
// several studies that show it.
type Case struct {
	Name  string
	Title string // what it shows, in a sentence

	// Destructive says that the studies may damage what a system keeps: they
	// reuse identities. They must never reach a live system.
	Destructive bool

	// Bytes is about how much it is, for those that are large; else 0.
	Bytes int64

	make func(CaseRequest) ([]StudyRequest, error)
}

// CaseRequest says for whom a case is made. Identity and AsOf are required.
type CaseRequest struct {
	Seed     uint64
	AsOf     time.Time
	Identity *Identity
	Index    int // of the first study; a case takes at most ten
}

// Studies makes the case's studies.
func (c Case) Studies(q CaseRequest) ([]*Study, error) {
	requests, err := c.make(q)
	if err != nil {
		return nil, fmt.Errorf("synth: case %q: %w", c.Name, err)
	}
	out := make([]*Study, len(requests))
	for i, r := range requests {
		if out[i], err = NewStudy(r); err != nil {
			return nil, fmt.Errorf("synth: case %q: %w", c.Name, err)
		}
	}
	return out, nil
}

// CaseNamed returns the case of that name, ignoring case.
func CaseNamed(name string) (Case, error) {
	var names []string
	for _, c := range Cases() {
		if strings.EqualFold(c.Name, strings.TrimSpace(name)) {
			return c, nil
		}
		names = append(names, c.Name)
	}
	return Case{}, fmt.Errorf("synth: no case is named %q%s", name, meant(name, names))
}

// request begins the n-th study of a case.
func (q CaseRequest) request(n int, recipe string, images int) (StudyRequest, error) {
	r, err := RecipeNamed(recipe)
	return StudyRequest{
		Recipe: r, Images: images, Series: r.LeastSeries(), Seed: q.Seed, AsOf: q.AsOf, Identity: q.Identity, Index: q.Index + n,
	}, err
}

// one is a case of one study: a recipe with something changed.
func one(recipe string, images int, change func(*StudyRequest)) func(CaseRequest) ([]StudyRequest, error) {
	return func(q CaseRequest) ([]StudyRequest, error) {
		r, err := q.request(0, recipe, images)
		if change != nil {
			change(&r)
		}
		return []StudyRequest{r}, err
	}
}

// with is a case of one study with traits.
func with(recipe string, images int, traits ...Trait) func(CaseRequest) ([]StudyRequest, error) {
	return one(recipe, images, func(q *StudyRequest) { q.With = traits })
}

// alone makes the recipe one of a single series.
func alone(name string, images int, s Series) func(CaseRequest) ([]StudyRequest, error) {
	return func(q CaseRequest) ([]StudyRequest, error) {
		return []StudyRequest{{
			Recipe: Recipe{Name: name, Description: strings.ToUpper(name), BodyPart: "CHEST", Images: Count{Mean: images}, Series: []Series{s}},
			Images: images, Seed: q.Seed, AsOf: q.AsOf, Identity: q.Identity, Index: q.Index,
		}}, nil
	}
}

const (
	gibibyte = 1 << 30

	// Just under 4 GiB: 1057 by 993 pixels of a byte, 4092 frames are 4 bytes less
	// than 2 to the power of 32, so that the length is FFFFFFFCH.
	justUnder4GiB       = 1057 * 993 * 4092
	justUnder4GiBFrames = 4092
)

// Cases returns all cases in a fixed order. The slice is the caller's.
func Cases() []Case {
	return []Case{
		{Name: "10,000 images", Title: "a study of 10,000 images in one series", Bytes: 5 * gibibyte,
			make: one("CT chest", 10_000, nil)},
		{Name: "8,800 frames", Title: "an enhanced MR of 8,800 frames in one instance", Bytes: 8800 * 256 * 256 * 2,
			make: alone("8,800 frames", 1, Series{Object: "Enhanced MR", Phantom: "knee MR", Matrix: Matrix{256, 256}, Frames: Range{8800, 8800}, Distinct: 24, FieldMM: 160, SpacingMM: 1})},
		{Name: "2.1 GB", Title: "a native multi-frame instance longer than 2 GiB, 31 bits", Bytes: 4100 << 19,
			make: alone("2.1 GB", 1, Series{Object: "Enhanced CT", Phantom: "chest CT", Matrix: Matrix{512, 512}, Frames: Range{4100, 4100}, Distinct: 32, FieldMM: 400, SpacingMM: 0.1})},
		{Name: "just under 4 GiB", Title: "a native instance whose Pixel Data have the length FFFFFFFCH, nearly the longest that 32 bits can say", Bytes: justUnder4GiB,
			make: alone("just under 4 GiB", 1, Series{Object: "SC multi-frame grey byte", Phantom: "heart US", Matrix: Matrix{1057, 993}, Frames: Range{justUnder4GiBFrames, justUnder4GiBFrames}, Distinct: 12})},
		{Name: "above 4 GiB", Title: "an encapsulated instance longer than 4 GiB, with an Extended Offset Table", Bytes: 4*gibibyte + 1<<27,
			make: func(q CaseRequest) ([]StudyRequest, error) {
				s := Series{Object: "SC multi-frame grey word", Phantom: "chest CT", Matrix: Matrix{2048, 2048}, Frames: Range{1450, 1450}, Distinct: 4, StoredBits: 12}
				r, err := alone("above 4 GiB", 1, s)(q)
				r[0].TransferSyntax = dataset.RLELossless
				return r, err
			}},
		{Name: "empty type 2 elements", Title: "attributes that may be empty are", make: with("CR chest", 1, EmptyType2)},
		{Name: "64-character UIDs", Title: "every UID is as long as PS3.5 9.1 allows", make: with("CT chest", 4, LongUIDs)},
		{Name: "odd lengths", Title: "values and Pixel Data of odd lengths, padded", make: with("US abdomen", 2, OddLengths)},
		{Name: "long names", Title: "a name of three component groups with 64 characters each, several hundred bytes", make: longNames},
		{Name: "nested sequences", Title: "sequences five levels deep", make: with("CT chest", 2, NestedSequences)},
		{Name: "long texts", Title: "texts of 1000 characters, 4 KB and 20 KB", make: with("CT chest", 2, LongTexts)},
		{Name: "around midnight", Title: "studies at 00:05 and 23:55, with and without a time zone", make: aroundMidnight},
		{Name: "same UID, other content", Title: "an image sent twice under one SOP Instance UID with other pixels", Destructive: true, make: sameUID},
		{Name: "same study UID, another patient", Title: "two patients' images under one Study Instance UID", Destructive: true, make: sameStudyUID},
		{Name: "empty Study ID", Title: "two studies of one patient and day with an empty Study ID", make: emptyStudyID},
		{Name: "MONOCHROME1", Title: "inverted samples that look as before", make: with("CR chest", 1, Monochrome1)},
		{Name: "palette", Title: "indexes of a palette of 256 colours (PALETTE COLOR)", make: palettes},
		{Name: "overlays", Title: "an overlay plane of graphics over the picture", make: with("CR chest", 1, Overlay)},
		{Name: "private blocks", Title: "two private blocks, values of many VRs, a private sequence", make: with("MR knee", 2, PrivateElements)},
	}
}

func longNames(q CaseRequest) ([]StudyRequest, error) {
	r, err := q.request(0, "CR chest", 1)
	r.CharacterSet = []string{"ISO_IR 192"}
	r.Patient = q.Identity.LongNamePatient(q.Index)
	return []StudyRequest{r}, err
}

// aroundMidnight makes four studies of one patient.
func aroundMidnight(q CaseRequest) ([]StudyRequest, error) {
	var out []StudyRequest
	for n, clock := range []string{"000500", "235500", "000500", "235500"} {
		r, err := q.request(n, "CR chest", 1)
		if err != nil {
			return nil, err
		}
		r.Time, r.Patient = clock, q.Identity.Patient(q.Index)
		if n >= 2 {
			r.With = []Trait{Timezone}
		}
		out = append(out, r)
	}
	return out, nil
}

func sameUID(q CaseRequest) ([]StudyRequest, error) {
	first, err := q.request(0, "CR chest", 1)
	second := first
	second.Variant = 1
	return []StudyRequest{first, second}, err
}

func sameStudyUID(q CaseRequest) ([]StudyRequest, error) {
	first, err := q.request(0, "CR chest", 1)
	if err != nil {
		return nil, err
	}
	second, err := q.request(1, "CR chest", 1)
	second.StudyInstanceUID = q.Identity.UID("study", q.Index)
	return []StudyRequest{first, second}, err
}

func emptyStudyID(q CaseRequest) ([]StudyRequest, error) {
	var out []StudyRequest
	for n := range 2 {
		r, err := q.request(n, "CR chest", 1)
		if err != nil {
			return nil, err
		}
		r.With, r.Patient = []Trait{EmptyStudyID}, q.Identity.Patient(q.Index)
		out = append(out, r)
	}
	return out, nil
}

func palettes(q CaseRequest) ([]StudyRequest, error) {
	return alone("palette", 1, Series{
		Object: "US", Description: "PALETTE COLOR", Phantom: "heart US", Matrix: Matrix{640, 480}, Photometric: "PALETTE COLOR", FieldMM: 213,
	})(q)
}
