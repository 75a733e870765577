package volume

import (
	"slices"
	"time"

	"pacsuat/synth/draw"
)

// Count is how much of something there is. Expected ones are means, and not
// whole; drawn ones are.
type Count struct {
	Exams     float64 `json:"exams"`
	Instances float64 `json:"instances"`
	Bytes     float64 `json:"bytes"`
}

func (c *Count) add(d Count) {
	c.Exams, c.Instances, c.Bytes = c.Exams+d.Exams, c.Instances+d.Instances, c.Bytes+d.Bytes
}

// Times returns f times as much.
func (c Count) Times(f float64) Count { return Count{c.Exams * f, c.Instances * f, c.Bytes * f} }

// Pair is what the profile expects beside what the seed has drawn.
type Pair struct {
	Expected Count `json:"expected"`
	Drawn    Count `json:"drawn"`
}

func (p *Pair) add(q Pair) {
	p.Expected.add(q.Expected)
	p.Drawn.add(q.Drawn)
}

// Flow is how much flows: instances, and megabytes (10^6 bytes), in a second.
type Flow struct {
	InstancesPerSecond float64 `json:"instances_per_second"`
	MBPerSecond        float64 `json:"mb_per_second"`
}

// over returns the flow of c in a time; none if there is no time.
func (c Count) over(d time.Duration) Flow {
	if d <= 0 {
		return Flow{}
	}
	return Flow{c.Instances / d.Seconds(), c.Bytes / 1e6 / d.Seconds()}
}

func (f Flow) plus(g Flow) Flow {
	return Flow{f.InstancesPerSecond + g.InstancesPerSecond, f.MBPerSecond + g.MBPerSecond}
}

// Hour is one hour of the sites' clocks. An exam counts, with all its instances,
// in the hour in which it begins.
type Hour struct {
	Hour int `json:"hour"` // 0 to 23
	Pair
	ExpectedFlow Flow   `json:"expected_flow"` // on average over the hour
	DrawnFlow    Flow   `json:"drawn_flow"`
	Modalities   []Pair `json:"modalities"` // in the order of Summary.Modalities

	// DrawnMB is what each modality has of DrawnFlow.MBPerSecond.
	DrawnMB []float64 `json:"drawn_mb_per_second"`
}

// SiteDay is a site's day.
type SiteDay struct {
	Site        string `json:"site"`
	PACS        string `json:"pacs"` // the site whose PACS takes its studies
	TimeZone    string `json:"time_zone"`
	YearlyExams int64  `json:"yearly_exams"`
	Pair
	Hours [24]Pair `json:"hours"` // of its own clock
}

// ModalityDay is a modality's day in the cluster.
type ModalityDay struct {
	Modality string  `json:"modality"`
	Share    float64 `json:"share"` // per cent of exams
	Pair
	AssumedMBPerInstance float64 `json:"assumed_mb_per_instance"`
}

// Summary is a date of a cluster in figures.
type Summary struct {
	Profile    string        `json:"profile"`
	Date       string        `json:"date"`
	Weekday    string        `json:"weekday"`
	Seed       uint64        `json:"seed"`
	Day        Pair          `json:"day"`
	Hours      [24]Hour      `json:"hours"` // of the cluster
	Sites      []SiteDay     `json:"sites"`
	Modalities []ModalityDay `json:"modalities"`

	// SeveralZones says that sites do not share one clock. Hours are then each
	// site's own, added up; what is there at one time is less than the peak.
	SeveralZones bool `json:"several_time_zones"`

	// BusiestHour is the hour with most exams expected, BusiestDrawn the one with
	// most bytes drawn.
	BusiestHour  int `json:"busiest_hour"`
	BusiestDrawn int `json:"busiest_hour_drawn"`

	Load Load `json:"load"`
}

// Summarise counts a date: as expected, and as drawn by the seed. The error is
// that of Day.
func (p *Profile) Summarise(date Date, sites []Site, seed uint64) (*Summary, error) {
	day, err := p.Day(date, sites, seed)
	if err != nil {
		return nil, err
	}
	s := &Summary{Profile: p.name, Date: date.String(), Weekday: date.Weekday().String(), Seed: seed}
	per := p.perExam()
	modalityAt, siteAt := map[string]int{}, map[string]int{}
	for i, m := range p.modalities {
		modalityAt[m.name] = i
		s.Modalities = append(s.Modalities, ModalityDay{Modality: m.name, Share: 100 * m.share.float() / p.shareSum.float(), AssumedMBPerInstance: m.mb.float()})
	}
	for h := range s.Hours {
		s.Hours[h] = Hour{Hour: h, Modalities: make([]Pair, len(p.modalities)), DrawnMB: make([]float64, len(p.modalities))}
	}
	lengths := make([][24]time.Duration, len(sites))
	for i, site := range sites {
		siteAt[site.Name] = i
		d := p.siteDay(date, site, seed)
		lengths[i] = d.clock.lengths
		row := SiteDay{Site: site.Name, PACS: site.PACS(), TimeZone: site.Location.String(), YearlyExams: site.YearlyExams}
		for h := range row.Hours {
			for k := range p.modalities {
				e := Pair{Expected: per[k].Times(float64(d.rate(h, &p.modalities[k])) / draw.One)}
				s.count(&row, h, k, e)
			}
			s.Hours[h].ExpectedFlow = s.Hours[h].ExpectedFlow.plus(row.Hours[h].Expected.over(lengths[i][h]))
		}
		s.Sites = append(s.Sites, row)
		s.SeveralZones = s.SeveralZones || lengths[i] != lengths[0] || !sameOffset(date, site, sites[0])
	}
	for e := range day {
		i, h, k := siteAt[e.Site], e.Start.Hour(), modalityAt[e.Modality]
		c := Count{Exams: 1, Instances: float64(e.Images), Bytes: float64(e.Bytes)}
		s.count(&s.Sites[i], h, k, Pair{Drawn: c})
		flow := c.over(lengths[i][h])
		s.Hours[h].DrawnFlow = s.Hours[h].DrawnFlow.plus(flow)
		s.Hours[h].DrawnMB[k] += flow.MBPerSecond
	}
	for h, hour := range s.Hours {
		if hour.Expected.Exams > s.Hours[s.BusiestHour].Expected.Exams {
			s.BusiestHour = h
		}
		if hour.Drawn.Bytes > s.Hours[s.BusiestDrawn].Drawn.Bytes {
			s.BusiestDrawn = h
		}
	}
	s.Load = p.Load(sites)
	return s, nil
}

// count adds to all sums of which it is a part.
func (s *Summary) count(site *SiteDay, hour, modality int, e Pair) {
	s.Day.add(e)
	s.Hours[hour].add(e)
	s.Hours[hour].Modalities[modality].add(e)
	s.Modalities[modality].add(e)
	site.add(e)
	site.Hours[hour].add(e)
}

// sameOffset reports whether two sites' clocks show the same at noon.
func sameOffset(d Date, a, b Site) bool {
	noon := d.midnight().Add(12 * time.Hour)
	_, x := noon.In(a.Location).Zone()
	_, y := noon.In(b.Location).Zone()
	return x == y
}

// perExam returns what an exam of each modality is on average.
func (p *Profile) perExam() []Count {
	out := make([]Count, len(p.modalities))
	for i, m := range p.modalities {
		out[i].Exams = 1
		for _, r := range m.recipes {
			if r.weight == 0 {
				continue
			}
			share := r.weight.float() / m.weightSum.float()
			mean := r.images.expected()
			out[i].Instances += share * mean
			// Bytes grow evenly with instances, so that those of the mean are the mean.
			low := int(mean)
			bytes := float64(p.catalogue.Bytes(r.name, low))
			if part := mean - float64(low); part > 0 {
				bytes += part * (float64(p.catalogue.Bytes(r.name, low+1)) - bytes)
			}
			out[i].Bytes += share * bytes
		}
	}
	return out
}

// mean returns what an exam is on average over all modalities.
func (p *Profile) mean() Count {
	var c Count
	for i, per := range p.perExam() {
		c.add(per.Times(p.modalities[i].share.float() / p.shareSum.float()))
	}
	return c
}

// busiest returns the largest share of a week that one hour has.
func (p *Profile) busiest() float64 {
	most := 0.0
	for day, share := range p.days {
		curve := p.curve(time.Weekday(day))
		var sum decimal
		for _, c := range curve {
			sum += c
		}
		most = max(most, share.float()/p.daysSum.float()*slices.Max(curve[:]).float()/sum.float())
	}
	return most
}
