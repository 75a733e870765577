package volume

import (
	"fmt"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"
)

// Parse reads a profile and checks it against the recipes that there are. The
// name is the file's, for messages. The error is *Problems and lists everything
// that is wrong, unless the text is no YAML at all: then it says where it ceases
// to be.
func Parse(name string, text []byte, c Catalogue) (*Profile, error) {
	r := &reader{problems{file: name}}
	root := r.document(text)
	p := &Profile{catalogue: c}
	if root != nil {
		r.profile(root, p)
	}
	if err := r.err(); err != nil {
		return nil, err
	}
	return p, nil
}

// Bounds of parameters, in millionths where they are numbers of a profile.
const (
	least       = 1 // the smallest number above 0
	maxFactor   = 1000 * million
	maxPerExam  = 10_000 * million
	maxMinutes  = 366 * 24 * 60 * million
	maxPace     = 100_000 * million
	minPace     = million / 1000
	maxParts    = 16 // associations of one exam
	maxEntries  = 64 // modalities, and recipes of one
	maxMegabyte = 100_000 * million
)

func (r *reader) profile(n *yaml.Node, p *Profile) {
	f := r.fields(n, "", []string{"name", "days", "hours", "overload_factor", "exams_per_room", "modalities", "priors", "stores_per_object", "outages", "reading"})
	p.name = r.text(f["name"], "name")
	r.days(f["days"], p)
	r.hours(f["hours"], p)
	p.overload = r.value(f["overload_factor"], "overload_factor", million, maxFactor)
	p.perRoom = r.value(f["exams_per_room"], "exams_per_room", million, maxDecimal*million)
	r.modalities(f["modalities"], p)
	r.priors(f["priors"], p)
	p.storesPerObject = r.value(f["stores_per_object"], "stores_per_object", million, maxFactor)
	r.outages(f["outages"], p)
	r.reading(f["reading"], p)
}

var dayNames = []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"} // as time.Weekday

func (r *reader) days(n *yaml.Node, p *Profile) {
	v := plain(r.parameter(n, "days"))
	f := r.fields(v, "days", dayNames)
	before := len(r.list)
	for i, day := range dayNames {
		p.days[i] = r.share(f[day], join("days", day))
	}
	if len(f) == len(dayNames) && len(r.list) == before {
		p.daysSum = r.sum(v.Line, "days", p.days[:]...)
	}
}

func (r *reader) hours(n *yaml.Node, p *Profile) {
	f := r.fields(n, "hours", []string{"weekday"}, "weekend")
	curve := func(key string, to *[24]decimal) {
		path := join("hours", key)
		v := plain(r.parameter(f[key], path))
		if list := r.numbers(v, path, len(to), 0, hundred); list != nil {
			r.sum(v.Line, path, list...)
			copy(to[:], list)
		}
	}
	curve("weekday", &p.hours.weekday)
	p.hours.weekend = p.hours.weekday
	if f["weekend"] != nil {
		curve("weekend", &p.hours.weekend)
	}
}

func (r *reader) modalities(n *yaml.Node, p *Profile) {
	entries := r.pairs(n, "modalities", "a modality and what belongs to it on each line")
	if n = plain(n); n == nil || n.Kind != yaml.MappingNode {
		return
	}
	if len(entries) == 0 || len(entries) > maxEntries {
		r.add(n.Line, "modalities", "there are %d; expected 1 to %d", len(entries), maxEntries)
		return
	}
	before := len(r.list)
	var shares []decimal
	for _, e := range entries {
		m := r.modality(e)
		p.modalities = append(p.modalities, m)
		shares = append(shares, m.share)
	}
	if len(r.list) == before {
		p.shareSum = r.sum(n.Line, "modalities", shares...)
		r.fit(entries, p)
	}
}

func (r *reader) modality(e pair) modality {
	path := join("modalities", clip(e.key))
	m := modality{name: e.key, seed: nameSeed(e.key)}
	f := r.fields(e.value, path, []string{"share", "recipes", "instances_per_study", "spread", "pace", "mb_per_instance", "read_minutes"})
	m.share = r.value(f["share"], join(path, "share"), 0, hundred)
	r.recipes(f["recipes"], join(path, "recipes"), &m)
	m.mean = r.value(f["instances_per_study"], join(path, "instances_per_study"), million, maxImages*million)
	m.spread = r.spread(f["spread"], join(path, "spread"))
	r.pace(f["pace"], join(path, "pace"), &m)
	m.mb = r.value(f["mb_per_instance"], join(path, "mb_per_instance"), least, maxMegabyte)
	m.read = r.value(f["read_minutes"], join(path, "read_minutes"), 0, maxMinutes)
	return m
}

func (r *reader) recipes(n *yaml.Node, path string, m *modality) {
	v := plain(r.parameter(n, path))
	if v == nil {
		return
	}
	entries := r.pairs(v, path, "recipes and their shares: {CT chest: 60, CT head: 40}")
	if v.Kind == yaml.MappingNode && (len(entries) == 0 || len(entries) > maxEntries) {
		r.add(v.Line, path, "there are %d; expected 1 to %d", len(entries), maxEntries)
		return
	}
	before := len(r.list)
	var weights []decimal
	for _, e := range entries {
		w := r.share(e.value, join(path, clip(e.key)))
		m.recipes = append(m.recipes, recipe{name: e.key, line: e.line, weight: w})
		weights = append(weights, w)
	}
	if len(r.list) == before && len(weights) > 0 {
		m.weightSum = r.sum(v.Line, path, weights...)
	}
}

func (r *reader) spread(n *yaml.Node, path string) spread {
	if n == nil {
		return spread{}
	}
	f := r.sourced(n, path, []string{"shape"}, "percent", "median", "p95", "most")
	if f["shape"] == nil {
		return spread{}
	}
	s := spread{shape: shape(r.text(f["shape"], join(path, "shape")))}
	var wanted []string
	switch s.shape {
	case shapeFixed:
	case shapeEven:
		wanted = []string{"percent"}
		s.percent = r.number(f["percent"], join(path, "percent"), 0, hundred)
	case shapeLognormal:
		wanted = []string{"median", "most", "p95"}
		s.median = r.number(f["median"], join(path, "median"), million/100, million-million/100)
		s.most = r.number(f["most"], join(path, "most"), 2*million, maxImages*million)
		s.p95 = r.number(f["p95"], join(path, "p95"), least, maxFactor)
	default:
		if s.shape != "?" {
			r.add(plain(f["shape"]).Line, path, "shape %q is not known; expected one of %v%s", clip(string(s.shape)), shapes, suggest(string(s.shape), shapes))
		}
		return s
	}
	for _, key := range []string{"percent", "median", "most", "p95"} {
		switch has := f[key] != nil; {
		case !has && slices.Contains(wanted, key) && key != "p95":
			r.add(plain(n).Line, join(path, key), "is missing; shape %s needs it", s.shape)
		case has && !slices.Contains(wanted, key):
			r.add(plain(f[key]).Line, join(path, key), "means nothing for shape %s; remove it", s.shape)
		}
	}
	return s
}

func (r *reader) pace(n *yaml.Node, path string, m *modality) {
	f := r.sourced(n, path, []string{"instances_per_second", "associations"})
	at := join(path, "instances_per_second")
	if list := r.numbers(f["instances_per_second"], at, 2, minPace, maxPace); list != nil {
		if list[0] > list[1] {
			r.add(plain(f["instances_per_second"]).Line, at, "the least, %s, is more than the most, %s; write the smaller one first", list[0], list[1])
		}
		m.pace = [2]decimal(list)
	}
	at = join(path, "associations")
	v := plain(f["associations"])
	before := len(r.list)
	for _, e := range r.pairs(v, at, "numbers of associations and their shares: {1: 50, 2: 50}") {
		k, err := strconv.Atoi(e.key)
		if err != nil || k < 1 || k > maxParts || e.key != strconv.Itoa(k) {
			r.add(e.line, at, "%q is not a number of associations; expected 1 to %d", clip(e.key), maxParts)
			continue
		}
		for len(m.channels) < k {
			m.channels = append(m.channels, 0)
		}
		m.channels[k-1] = r.share(e.value, fmt.Sprintf("%s.%d", at, k))
	}
	if v != nil && len(r.list) == before {
		m.channelSum = r.sum(v.Line, at, m.channels...)
	}
}

func (r *reader) priors(n *yaml.Node, p *Profile) {
	f := r.fields(n, "priors", []string{"mean", "none", "prefetched"})
	before := len(r.list)
	mean := r.value(f["mean"], "priors.mean", 0, maxPerExam)
	none := r.value(f["none"], "priors.none", 0, hundred)
	p.prefetched = r.value(f["prefetched"], "priors.prefetched", 0, maxPerExam)
	if len(r.list) > before || len(f) < 3 {
		return
	}
	var ok bool
	if p.priors, ok = priorsOf(mean, none); !ok {
		r.add(plain(n).Line, "priors", "a mean of %s does not go with %s %% who have none: the others must have from 1 to %d on average; change one of them", mean, none, maxPerExam/million)
	}
}

func (r *reader) outages(n *yaml.Node, p *Profile) {
	f := r.fields(n, "outages", []string{"block", "dr_weekend_day", "dr_weekday"})
	one := func(key string) outage {
		path := join("outages", key)
		g := r.fields(f[key], path, []string{"minutes", "drain_minutes"})
		return outage{
			minutes:      r.value(g["minutes"], join(path, "minutes"), least, maxMinutes),
			drainMinutes: r.value(g["drain_minutes"], join(path, "drain_minutes"), least, maxMinutes),
		}
	}
	p.block, p.weekend, p.weekday = one("block"), one("dr_weekend_day"), one("dr_weekday")
}

func (r *reader) reading(n *yaml.Node, p *Profile) {
	f := r.fields(n, "reading", []string{"opens_per_exam", "prior_opens_per_exam", "queries_per_open", "hl7_messages_per_exam"})
	one := func(key string) decimal { return r.value(f[key], join("reading", key), 0, maxPerExam) }
	p.reading = reading{one("opens_per_exam"), one("prior_opens_per_exam"), one("queries_per_open"), one("hl7_messages_per_exam")}
}
