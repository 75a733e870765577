package volume

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// Limits of what a cluster may be.
const (
	MaxSites       = 2000
	MaxYearlyExams = 10_000_000 // of a site, so that no day has a million
)

// indexesPerSite is how many indexes a site has on a day.
const indexesPerSite = 1_000_000

// Site is a hospital or facility where studies are made.
type Site struct {
	// Name of the site. The site's exams depend on it and on nothing else of the
	// cluster.
	Name string

	// Number is the site's place in the cluster's description, from 0, whichever
	// sites are generated together. It tells the indexes of sites apart.
	Number int

	// YearlyExams are the exams of 365 days.
	YearlyExams int64

	// Location is the time zone of the site's clock.
	Location *time.Location

	// ServedBy is the name of the site whose PACS takes its studies; "" means
	// that it has its own.
	ServedBy string
}

// PACS returns the name of the site whose PACS takes its studies.
func (s Site) PACS() string {
	if s.ServedBy == "" {
		return s.Name
	}
	return s.ServedBy
}

// checkSites returns everything that is wrong with a list of sites.
func checkSites(sites []Site) error {
	var wrong []error
	bad := func(format string, args ...any) { wrong = append(wrong, fmt.Errorf("volume: "+format, args...)) }
	if len(sites) > MaxSites {
		bad("%d sites, more than %d", len(sites), MaxSites)
	}
	names, numbers := map[string]bool{}, map[int]string{}
	for _, s := range sites {
		if s.Name == "" || names[s.Name] {
			bad("site %q: a name is missing or there twice", s.Name)
		}
		if other, twice := numbers[s.Number]; twice || s.Number < 0 || s.Number >= MaxSites {
			if twice {
				bad("sites %q and %q both have number %d", other, s.Name, s.Number)
			} else {
				bad("site %q: its number is %d; expected 0 to %d", s.Name, s.Number, MaxSites-1)
			}
		}
		if s.YearlyExams < 0 || s.YearlyExams > MaxYearlyExams {
			bad("site %q: %d exams a year; expected 0 to %d", s.Name, s.YearlyExams, MaxYearlyExams)
		}
		if s.Location == nil {
			bad("site %q: it has no time zone", s.Name)
		}
		names[s.Name], numbers[s.Number] = true, s.Name
	}
	return errors.Join(wrong...)
}

// Date is a day of the calendar, without a time zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date; write it as YYYY-MM-DD", s)
	}
	return DateOf(t), nil
}

// DateOf returns the date that it is at t, in t's location.
func DateOf(t time.Time) Date {
	year, month, day := t.Date()
	return Date{year, month, day}
}

// midnight is the beginning of the day where the clock shows UTC.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// Next returns the day after it.
func (d Date) Next() Date { return DateOf(d.midnight().AddDate(0, 0, 1)) }

// Weekday returns its day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// String returns YYYY-MM-DD.
func (d Date) String() string { return d.midnight().Format(time.DateOnly) }

// number is a different one for each date.
func (d Date) number() uint64 { return uint64(d.midnight().Unix() / 86400) }

// check refuses what is no day, such as 30 February.
func (d Date) check() error {
	if d != DateOf(d.midnight()) || d.Year < 1 || d.Year > 9999 {
		return fmt.Errorf("volume: there is no day %d of month %d of year %d", d.Day, int(d.Month), d.Year)
	}
	return nil
}

// span is a time in which a clock shows one hour of a date throughout.
type span struct {
	hour   int           // 0 to 23, as the clock shows
	start  time.Time     // UTC
	length time.Duration // positive, at most an hour
	before time.Duration // what earlier spans of the hour last together
}

// clock is how a date passes at a place: its spans in order of time, and how
// long each hour of the clock is shown. Where the clock is put forward, an hour
// is not there at all (0); where it is put back, one is there twice.
type clock struct {
	spans   []span
	lengths [24]time.Duration
}

// clockOf goes through the times of constant offset in which the date is.
func clockOf(d Date, place *time.Location) clock {
	var c clock
	midnight := d.midnight()
	// Offsets are less than 25 hours.
	t, end := midnight.Add(-25*time.Hour), midnight.Add(49*time.Hour)
	for t.Before(end) {
		local := t.In(place)
		_, until := local.ZoneBounds()
		if until.IsZero() || until.After(end) {
			until = end
		}
		_, seconds := local.Zone()
		for hour := range 24 {
			from := midnight.Add(time.Duration(hour)*time.Hour - time.Duration(seconds)*time.Second)
			to := from.Add(time.Hour)
			if from.Before(t) {
				from = t
			}
			if to.After(until) {
				to = until
			}
			if to.After(from) {
				c.spans = append(c.spans, span{hour: hour, start: from.UTC(), length: to.Sub(from), before: c.lengths[hour]})
				c.lengths[hour] += to.Sub(from)
			}
		}
		t = until
	}
	slices.SortStableFunc(c.spans, func(a, b span) int { return a.start.Compare(b.start) })
	return c
}
