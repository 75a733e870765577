package volume

import (
	"cmp"
	"slices"
	"time"
)

// Load is what a cluster must bear, computed from the profile: no date and no
// seed is in it.
type Load struct {
	OverloadFactor  float64 `json:"overload_factor"`
	StoresPerObject float64 `json:"stores_per_object"` // over the whole cluster

	// The mean busiest hour of the busiest day of the week, and the design peak,
	// which is overload_factor times it: for the whole cluster, which is what
	// flows into the DR, and for each PACS, largest first.
	Cluster Peak   `json:"cluster"`
	PACS    []Peak `json:"pacs"`

	// What is waiting after an outage: of the DR for an average weekend day and
	// weekday, and of each PACS (in the order of PACS) for a block at the design
	// peak.
	DRWeekendDay Backlog   `json:"dr_weekend_day"`
	DRWeekday    Backlog   `json:"dr_weekday"`
	Blocks       []Backlog `json:"blocks"`

	Reading Reading `json:"reading"`
}

// Peak is what reaches one place. Counts are of an hour.
type Peak struct {
	Name        string   `json:"name"` // the site whose PACS it is
	Sites       []string `json:"sites"`
	YearlyExams int64    `json:"yearly_exams"`
	BusyHour    Count    `json:"busy_hour"`
	BusyFlow    Flow     `json:"busy_flow"`
	Design      Count    `json:"design_peak"`
	DesignFlow  Flow     `json:"design_flow"`
}

// Backlog is what waits after an outage, and what drains it.
type Backlog struct {
	Name         string  `json:"name"`
	Minutes      float64 `json:"minutes"` // of the outage
	Waiting      Count   `json:"waiting"`
	DrainMinutes float64 `json:"drain_minutes"` // in which it shall be through
	DrainFlow    Flow    `json:"drain_flow"`    // what that takes
	LinkFlow     Flow    `json:"link_flow"`     // with the design peak, which goes on meanwhile
}

// Reading is what else happens in the cluster at the design peak.
type Reading struct {
	MeanReadMinutes     float64 `json:"mean_read_minutes"`
	ReadersBusyHour     float64 `json:"readers_busy_hour"`   // reading at a time in the mean busiest hour (Little's law)
	ReadersDesign       float64 `json:"readers_design_peak"` // and at the design peak
	OpensPerSecond      float64 `json:"study_opens_per_second"`
	OpenMBPerSecond     float64 `json:"study_opens_mb_per_second"` // if each open were a full retrieve
	QueriesPerSecond    float64 `json:"queries_per_second"`
	HL7PerSecond        float64 `json:"hl7_messages_per_second"`
	PriorsPerExam       float64 `json:"priors_per_exam"`
	PercentWithoutPrior float64 `json:"percent_without_prior"`
	PrefetchPerHour     float64 `json:"prefetched_priors_per_hour"`
}

// Load computes what the sites' PACS and the DR must bear.
func (p *Profile) Load(sites []Site) Load {
	l := Load{OverloadFactor: p.overload.float(), StoresPerObject: p.storesPerObject.float()}
	all := Peak{Name: "cluster"}
	for _, s := range sites {
		all.YearlyExams += s.YearlyExams
		all.Sites = append(all.Sites, s.Name)
		at := slices.IndexFunc(l.PACS, func(q Peak) bool { return q.Name == s.PACS() })
		if at < 0 {
			at = len(l.PACS)
			l.PACS = append(l.PACS, Peak{Name: s.PACS()})
		}
		l.PACS[at].YearlyExams += s.YearlyExams
		l.PACS[at].Sites = append(l.PACS[at].Sites, s.Name)
	}
	l.PACS = slices.DeleteFunc(l.PACS, func(q Peak) bool { return q.YearlyExams == 0 })
	slices.SortStableFunc(l.PACS, func(a, b Peak) int { return cmp.Compare(b.YearlyExams, a.YearlyExams) })
	p.peak(&all)
	l.Cluster = all
	for i := range l.PACS {
		p.peak(&l.PACS[i])
		block := p.block.minutes.float()
		l.Blocks = append(l.Blocks, backlog(l.PACS[i], l.PACS[i].Design.Times(block/60), p.block))
	}
	week := p.mean().Times(float64(all.YearlyExams) * 7 / 365)
	average := func(o outage, days ...time.Weekday) Backlog {
		var share decimal
		for _, d := range days {
			share += p.days[d]
		}
		day := week.Times(share.float() / p.daysSum.float() / float64(len(days)))
		return backlog(all, day.Times(o.minutes.float()/(24*60)), o)
	}
	l.DRWeekendDay = average(p.weekend, time.Saturday, time.Sunday)
	l.DRWeekday = average(p.weekday, time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday)
	l.Reading = p.readers(all)
	return l
}

func (p *Profile) peak(q *Peak) {
	q.BusyHour = p.mean().Times(float64(q.YearlyExams) * 7 / 365 * p.busiest())
	q.Design = q.BusyHour.Times(p.overload.float())
	q.BusyFlow, q.DesignFlow = q.BusyHour.over(time.Hour), q.Design.over(time.Hour)
}

func backlog(at Peak, waiting Count, o outage) Backlog {
	b := Backlog{Name: at.Name, Minutes: o.minutes.float(), Waiting: waiting, DrainMinutes: o.drainMinutes.float()}
	b.DrainFlow = waiting.Times(60 / b.DrainMinutes).over(time.Hour)
	b.LinkFlow = b.DrainFlow.plus(at.DesignFlow)
	return b
}

func (p *Profile) readers(all Peak) Reading {
	var minutes float64
	for _, m := range p.modalities {
		minutes += m.read.float() * m.share.float() / p.shareSum.float()
	}
	perSecond := all.Design.Exams / 3600
	opens := perSecond * (p.reading.opens.float() + p.reading.priorOpens.float())
	return Reading{
		MeanReadMinutes: minutes,
		ReadersBusyHour: all.BusyHour.Exams * minutes / 60, ReadersDesign: all.Design.Exams * minutes / 60,
		OpensPerSecond: opens, OpenMBPerSecond: opens * p.mean().Bytes / 1e6,
		QueriesPerSecond: opens * p.reading.queriesPerOpen.float(),
		HL7PerSecond:     perSecond * p.reading.hl7.float(),
		PriorsPerExam:    p.priors.mean.float(), PercentWithoutPrior: p.priors.none.float(),
		PrefetchPerHour: all.Design.Exams * p.prefetched.float(),
	}
}
