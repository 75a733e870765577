package volume

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"pacsuat/synth/draw"
)

// priors says how many earlier studies a patient has: none, or a geometric
// number from 1.
type priors struct {
	mean, none decimal
	some       draw.Geometric // of those who have any
}

// priorsOf returns false if no such distribution has that mean.
func priorsOf(mean, none decimal) (priors, bool) {
	p := priors{mean: mean, none: none}
	if none == hundred {
		return p, mean == 0
	}
	some := draw.MulDiv(uint64(mean), hundred, uint64(hundred-none)) // mean of those who have some, in millionths
	if some < million || some > maxPerExam {
		return p, false
	}
	p.some = draw.NewGeometric(some, million)
	return p, true
}

func (p priors) draw(s *draw.Stream) int {
	if s.Part(hundred) < uint64(p.none) {
		return 0
	}
	return p.some.Draw(s)
}

// site is what a site's day depends on.
type siteDay struct {
	p     *Profile
	site  Site
	clock clock
	seed  [3]uint64 // seed, date, site

	dayRate  uint64 // exams of the day, in fixed point
	curve    [24]uint64
	curveSum uint64 // of the hours that there are
	rooms    []int  // of each modality
}

func (p *Profile) siteDay(date Date, s Site, seed uint64) *siteDay {
	d := &siteDay{p: p, site: s, clock: clockOf(date, s.Location), seed: [3]uint64{seed, date.number(), nameSeed(s.Name)}}
	d.dayRate = draw.MulDiv(uint64(s.YearlyExams)*7*uint64(p.days[date.Weekday()]), draw.One, 365*uint64(p.daysSum))
	for hour, share := range p.curve(date.Weekday()) {
		if d.clock.lengths[hour] > 0 {
			d.curve[hour] = uint64(share)
			d.curveSum += uint64(share)
		}
	}
	for _, m := range p.modalities {
		yearly := draw.MulDiv(uint64(s.YearlyExams)*million, uint64(m.share), uint64(p.shareSum))
		d.rooms = append(d.rooms, int((yearly+uint64(p.perRoom)-1)/uint64(p.perRoom)))
	}
	return d
}

// rate returns the expected exams of a modality in an hour of the clock, in
// fixed point.
func (d *siteDay) rate(hour int, m *modality) uint64 {
	if d.curveSum == 0 {
		return 0 // a day that is not in this place's calendar
	}
	return draw.MulDiv(d.dayRate, d.curve[hour]*uint64(m.share), d.curveSum*uint64(d.p.shareSum))
}

// Two kinds of streams, so that what an exam is like moves no arrival.
const (
	arrivalStream = iota
	examStream
)

func (d *siteDay) stream(m *modality, hour int, more ...uint64) *draw.Stream {
	return draw.From(append([]uint64{d.seed[0], d.seed[1], d.seed[2], m.seed, uint64(hour)}, more...)...)
}

// span appends the exams that begin in one span, in order of time. An hour's
// arrivals are drawn over all that the clock shows of it; those of another span
// of the same hour are left out.
func (d *siteDay) span(out []Exam, sp span) []Exam {
	length := uint64(d.clock.lengths[sp.hour].Milliseconds())
	first, last := uint64(sp.before.Milliseconds()), uint64((sp.before + sp.length).Milliseconds())
	for i := range d.p.modalities {
		m := &d.p.modalities[i]
		rate := d.rate(sp.hour, m)
		s := d.stream(m, sp.hour, arrivalStream)
		// Exams come as a Poisson process of rate 1 does, on a clock that runs as
		// fast as the hour expects exams.
		at := s.Exponential()
		for k := uint64(0); at < rate; k++ {
			if ms := draw.MulDiv(at, length, rate); first <= ms && ms < last {
				e := m.exam(d, d.stream(m, sp.hour, examStream, k), d.rooms[i])
				e.Start = sp.start.Add(time.Duration(ms-first) * time.Millisecond).In(d.site.Location)
				out = append(out, e)
			}
			at += s.Exponential()
		}
	}
	slices.SortStableFunc(out, func(a, b Exam) int { return a.Start.Compare(b.Start) })
	return out
}

// exam draws what an exam is like. What varies most comes last, so that a
// changed parameter disturbs the fewest others.
func (m *modality) exam(d *siteDay, s *draw.Stream, rooms int) Exam {
	r := &m.recipes[pick(s, m.weightSum, len(m.recipes), func(i int) decimal { return m.recipes[i].weight })]
	associations := 1 + pick(s, m.channelSum, len(m.channels), func(i int) decimal { return m.channels[i] })
	pace := uint64(m.pace[0]) + s.Part(uint64(m.pace[1]-m.pace[0])+1)
	e := Exam{Site: d.site.Name, Modality: m.name, Recipe: r.name, Interval: time.Duration(uint64(time.Second) * million / pace)}
	e.Room = 1 + int(s.Part(uint64(rooms)))
	e.Priors = d.p.priors.draw(s)
	e.Images = r.images.draw(s)
	e.Associations = min(associations, e.Images)
	e.Bytes = d.p.catalogue.Bytes(r.name, e.Images)
	return e
}

// pick returns one of n places, each with its weight.
func pick(s *draw.Stream, sum decimal, n int, weight func(int) decimal) int {
	at := decimal(s.Part(uint64(sum)))
	for i := range n {
		if at -= weight(i); at < 0 {
			return i
		}
	}
	return n - 1
}

// cursor goes through a site's day, one span after the other.
type cursor struct {
	day    *siteDay
	next   int // span
	exams  []Exam
	at     int
	before int // exams of the day that came before exams
	priors int // of all exams until the last of exams
}

// fill makes the next exam available at exams[at], false when the day is over.
func (c *cursor) fill() bool {
	for c.at == len(c.exams) {
		if c.next == len(c.day.clock.spans) {
			return false
		}
		c.before += len(c.exams)
		c.exams, c.at = c.day.span(c.exams[:0], c.day.clock.spans[c.next]), 0
		c.next++
		for i := range c.exams {
			e := &c.exams[i]
			e.Index, e.PriorsBefore = c.day.site.Number*indexesPerSite+c.before+i, c.priors
			c.priors += e.Priors
		}
	}
	return true
}

// Day yields the exams of a date at all sites, in order of time. Each site has
// the date by its own clock, so that sites of several time zones overlap. The
// same date, site and seed yield the same exams of that site on every machine,
// whichever other sites there are. It holds about an hour of exams in memory.
//
// The error is of the date or the sites; all that is wrong is named. What is
// returned may be used more than once, and concurrently.
func (p *Profile) Day(date Date, sites []Site, seed uint64) (iter.Seq[Exam], error) {
	if err := check(date, sites); err != nil {
		return nil, err
	}
	sites = slices.Clone(sites)
	return func(yield func(Exam) bool) {
		var open []*cursor
		for _, s := range sites {
			if c := (&cursor{day: p.siteDay(date, s, seed)}); c.fill() {
				open = append(open, c)
			}
		}
		for len(open) > 0 {
			c := slices.MinFunc(open, func(a, b *cursor) int {
				return cmp.Or(a.exams[a.at].Start.Compare(b.exams[b.at].Start), cmp.Compare(a.day.site.Number, b.day.site.Number))
			})
			if !yield(c.exams[c.at]) {
				return
			}
			if c.at++; !c.fill() {
				open = slices.DeleteFunc(open, func(o *cursor) bool { return o == c })
			}
		}
	}, nil
}

func check(date Date, sites []Site) error {
	if err := date.check(); err != nil {
		return err
	}
	return checkSites(sites)
}
