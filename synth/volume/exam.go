package volume

import (
	"iter"
	"time"
)

// Exam is one study that is made at a site and sent to its PACS.
type Exam struct {
	Site     string
	Modality string // as the profile names it: "CR/DX", "CT", ...
	Recipe   string // what kind of study it is
	Room     int    // where it is made, of the site's rooms for the modality, from 1

	// Start is when the first instance is sent, in the site's time zone, in whole
	// milliseconds.
	Start time.Time

	Images int   // instances of the study, at least 1
	Bytes  int64 // of their data sets

	Associations int           // that the study is sent on, at most Images
	Interval     time.Duration // from one instance to the next, over all associations
	Priors       int           // earlier studies that the patient has
	PriorsBefore int           // and that patients of earlier exams of the site have, that day

	// Index is another for each exam of the day in the whole cluster, and the same
	// whichever sites are generated together: the site's number times a million,
	// plus how many exams of the site came before it that day.
	Index int
}

// Arrival is one instance of an exam on its way.
type Arrival struct {
	Offset      time.Duration // since the exam's Start
	Association int           // from 0
}

// Instances yields each instance of the exam's burst, in order of time. The
// associations take turns.
func (e Exam) Instances() iter.Seq2[int, Arrival] {
	return func(yield func(int, Arrival) bool) {
		for i := range e.Images {
			if !yield(i, Arrival{Offset: time.Duration(i) * e.Interval, Association: i % max(e.Associations, 1)}) {
				return
			}
		}
	}
}

// Duration is the time from the first instance to the last.
func (e Exam) Duration() time.Duration { return time.Duration(max(e.Images-1, 0)) * e.Interval }
