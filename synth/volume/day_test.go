package volume

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

func collect(t testing.TB, p *Profile, d Date, sites []Site, seed uint64) []Exam {
	t.Helper()
	day, err := p.Day(d, sites, seed)
	if err != nil {
		t.Fatal(err)
	}
	return slices.Collect(day)
}

// print writes all of an exam, its time in UTC.
func print(e Exam) string {
	return fmt.Sprintln(e.Index, e.Site, e.Modality, e.Recipe, e.Room, e.Start.UTC().UnixMilli(), e.Images, e.Bytes, e.Associations, int64(e.Interval), e.Priors)
}

// TestDayGolden holds a day to the bytes: it must be the same on every machine,
// since sites make their own parts of it. A change of the shipped profile makes
// another day; nothing else may.
func TestDayGolden(t *testing.T) {
	t.Parallel()
	const want = "fc696db67e2aa73437d4f0796ba3dcb7ef368f1c43c467d5eaa587b9635b438e"
	exams := collect(t, defaultProfile(t), date(t, "2026-11-04"), cluster(t), 1)
	h := sha256.New()
	for _, e := range exams {
		fmt.Fprint(h, print(e))
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != want {
		t.Errorf("the day is %s, want %s; its first and last exam:\n%s%s", got, want, print(exams[0]), print(exams[len(exams)-1]))
	}
}

func TestDay(t *testing.T) {
	t.Parallel()
	p, d, sites := defaultProfile(t), date(t, "2026-11-04"), cluster(t)
	exams := collect(t, p, d, sites, 7)
	indexes, perSite, priors, rooms := map[int]bool{}, map[string]int{}, map[string]int{}, map[string]bool{}
	for i, e := range exams {
		if i > 0 && e.Start.Before(exams[i-1].Start) {
			t.Fatalf("exam %d begins before the one that precedes it", i)
		}
		if indexes[e.Index] {
			t.Fatalf("index %d is there twice", e.Index)
		}
		indexes[e.Index] = true
		number := slices.IndexFunc(sites, func(s Site) bool { return s.Name == e.Site })
		if want := number*1_000_000 + perSite[e.Site]; e.Index != want {
			t.Fatalf("index %d of %s, want %d", e.Index, e.Site, want)
		}
		if e.PriorsBefore != priors[e.Site] {
			t.Fatalf("%d priors before exam %d, want %d", e.PriorsBefore, e.Index, priors[e.Site])
		}
		priors[e.Site] += e.Priors
		perSite[e.Site]++
		yearly := float64(sites[number].YearlyExams) * p.modalities[slices.Index(p.Modalities(), e.Modality)].share.float() / 100
		if e.Room < 1 || float64(e.Room-1) >= yearly/6400 {
			t.Fatalf("%s has no room %d for %s", e.Site, e.Room, e.Modality)
		}
		rooms[fmt.Sprint(e.Site, e.Modality, e.Room)] = true
		if DateOf(e.Start) != d || e.Start.Location() != sites[number].Location {
			t.Fatalf("begins at %v", e.Start)
		}
		if e.Images < 1 || e.Bytes < 1 || e.Associations < 1 || e.Associations > 2 || e.Associations > e.Images || e.Interval <= 0 || e.Priors < 0 {
			t.Fatalf("%+v", e)
		}
		if m := p.modalities[slices.IndexFunc(p.modalities, func(m modality) bool { return m.name == e.Modality })]; e.Interval < time.Duration(1e15/float64(m.pace[1]))-1 ||
			e.Interval > time.Duration(1e15/float64(m.pace[0])) {
			t.Fatalf("%s: an instance each %v", e.Modality, e.Interval)
		}
	}
	// 1.6 million exams a year are made in 250 rooms, and in one more where a site's
	// exams of a modality do not fill their last one.
	if len(rooms) < 240 || len(rooms) > 250+len(sites)*len(p.modalities) {
		t.Errorf("%d rooms are used", len(rooms))
	}
	if perSite["dr-site"] != 0 {
		t.Errorf("%d exams where none are made", perSite["dr-site"])
	}
	if again := collect(t, p, d, sites, 7); !slices.EqualFunc(exams, again, same) {
		t.Error("the same seed makes other exams")
	}
	if other := collect(t, p, d, sites, 8); slices.EqualFunc(exams, other, same) {
		t.Error("another seed makes the same exams")
	}
	if next := collect(t, p, d.Next(), sites, 7); slices.EqualFunc(exams, next, func(a, b Exam) bool { return a.Start.Format(time.TimeOnly) == b.Start.Format(time.TimeOnly) }) {
		t.Error("another date has the same exams")
	}
}

func same(a, b Exam) bool { return print(a) == print(b) }

// TestSitesAlone makes each site's part alone: it must be what the whole has.
func TestSitesAlone(t *testing.T) {
	t.Parallel()
	p, d, sites := defaultProfile(t), date(t, "2026-11-06"), cluster(t)
	parts := map[string][]Exam{}
	for _, e := range collect(t, p, d, sites, 2) {
		parts[e.Site] = append(parts[e.Site], e)
	}
	for _, s := range sites {
		if alone := collect(t, p, d, []Site{s}, 2); !slices.EqualFunc(alone, parts[s.Name], same) {
			t.Errorf("%s alone makes %d exams, in the cluster %d, or others", s.Name, len(alone), len(parts[s.Name]))
		}
	}
	slices.Reverse(sites)
	for _, e := range collect(t, p, d, sites, 2) {
		if part := parts[e.Site]; !same(part[0], e) {
			t.Fatalf("in another order of sites there is\n%s, not\n%s", print(e), print(part[0]))
		}
		parts[e.Site] = parts[e.Site][1:]
	}
}

// TestDayStops ends early, and goes on elsewhere from the beginning.
func TestDayStops(t *testing.T) {
	t.Parallel()
	day, err := defaultProfile(t).Day(date(t, "2026-11-04"), cluster(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	var first, again []Exam
	for e := range day {
		if first = append(first, e); len(first) == 20 {
			break
		}
	}
	for e := range day {
		if again = append(again, e); len(again) == 20 {
			break
		}
	}
	if len(first) != 20 || !slices.EqualFunc(first, again, same) {
		t.Error("a day does not begin anew")
	}
}

func TestInstances(t *testing.T) {
	t.Parallel()
	e := Exam{Images: 5, Associations: 2, Interval: 20 * time.Millisecond}
	var got []string
	for i, a := range e.Instances() {
		got = append(got, fmt.Sprint(i, a.Offset, a.Association))
	}
	if want := []string{"0 0s 0", "1 20ms 1", "2 40ms 0", "3 60ms 1", "4 80ms 0"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if e.Duration() != 80*time.Millisecond || (Exam{}).Duration() != 0 {
		t.Errorf("lasts %v", e.Duration())
	}
	for i := range e.Instances() {
		if i == 2 {
			break
		}
	}
}

// TestClock checks days on which clocks are changed: what they show, when, and
// that the day keeps its exams.
func TestClock(t *testing.T) {
	t.Parallel()
	p := defaultProfile(t)
	const h = time.Hour
	for _, c := range []struct {
		zone, date string
		lengths    map[int]time.Duration // of hours that do not last an hour
	}{
		{"Europe/Zurich", "2026-11-04", nil},
		{"Europe/Zurich", "2026-03-29", map[int]time.Duration{2: 0}},
		{"Europe/Zurich", "2026-10-25", map[int]time.Duration{2: 2 * h}},
		{"Asia/Singapore", "2026-03-29", nil},
		{"America/New_York", "2026-03-08", map[int]time.Duration{2: 0}},
		{"America/New_York", "2026-11-01", map[int]time.Duration{1: 2 * h}},
		{"Australia/Lord_Howe", "2026-10-04", map[int]time.Duration{2: h / 2}},
		{"Australia/Lord_Howe", "2026-04-05", map[int]time.Duration{1: 3 * h / 2}},
		{"America/Sao_Paulo", "2018-11-04", map[int]time.Duration{0: 0}},
		{"America/St_Johns", "2010-11-07", map[int]time.Duration{0: h + time.Minute}},
		{"America/St_Johns", "2010-11-06", map[int]time.Duration{23: 2*h - time.Minute}},
		{"Asia/Kathmandu", "2026-06-01", nil},
	} {
		t.Run(strings.ReplaceAll(c.zone, "/", " ")+" "+c.date, func(t *testing.T) {
			t.Parallel()
			d := date(t, c.date)
			site := Site{Name: "here", YearlyExams: 5_000_000, Location: zone(t, c.zone)}
			k := clockOf(d, site.Location)
			for hour, got := range k.lengths {
				want, other := c.lengths[hour]
				if !other {
					want = h
				}
				if got != want {
					t.Errorf("hour %d lasts %v, want %v", hour, got, want)
				}
			}
			var end time.Time
			for _, sp := range k.spans {
				if sp.start.Before(end) {
					t.Errorf("the span of hour %d at %v begins before the last one ends", sp.hour, sp.start)
				}
				end = sp.start.Add(sp.length)
			}
			var hours [24]float64
			exams := collect(t, p, d, []Site{site}, 4)
			for i, e := range exams {
				if DateOf(e.Start) != d || i > 0 && e.Start.Before(exams[i-1].Start) {
					t.Fatalf("an exam at %v", e.Start)
				}
				hours[e.Start.Hour()]++
			}
			expected := 5_000_000 * 7.0 / 365 * p.days[d.Weekday()].float() / 100
			if n := float64(len(exams)); math.Abs(n-expected) > 4*math.Sqrt(expected) {
				t.Errorf("%.0f exams, want %.0f within 4 deviations", n, expected)
			}
			left := 100.0
			for hour, length := range k.lengths {
				if length == 0 {
					left -= p.curve(d.Weekday())[hour].float()
				}
			}
			for hour, n := range hours {
				want := expected * p.curve(d.Weekday())[hour].float() / left
				if k.lengths[hour] == 0 {
					want = 0
				}
				if math.Abs(n-want) > 5*math.Sqrt(want) {
					t.Errorf("hour %d: %.0f exams, want %.0f within 5 deviations", hour, n, want)
				}
			}
		})
	}
}

// TestDoubledHour spreads what an hour has over both times that it is shown.
func TestDoubledHour(t *testing.T) {
	t.Parallel()
	site := Site{Name: "here", YearlyExams: 10_000_000, Location: zone(t, "Europe/Zurich")}
	counts := map[string]float64{}
	for _, e := range collect(t, defaultProfile(t), date(t, "2026-10-25"), []Site{site}, 4) {
		if e.Start.Hour() == 2 {
			name, _ := e.Start.Zone()
			counts[name]++
		}
	}
	summer, winter := counts["CEST"], counts["CET"]
	if summer+winter < 50 || math.Abs(summer-winter) > 5*math.Sqrt(summer+winter) {
		t.Errorf("%.0f exams before the clock is put back, %.0f after", summer, winter)
	}
}

// TestSkippedDate is one that a place's calendar left out.
func TestSkippedDate(t *testing.T) {
	t.Parallel()
	apia := Site{Name: "apia", YearlyExams: 100_000, Location: zone(t, "Pacific/Apia")}
	if exams := collect(t, defaultProfile(t), date(t, "2011-12-30"), []Site{apia}, 1); len(exams) != 0 {
		t.Errorf("%d exams on a day that was not", len(exams))
	}
}

func TestDayRefuses(t *testing.T) {
	t.Parallel()
	good := cluster(t)[0]
	change := func(f func(*Site)) []Site {
		s := good
		f(&s)
		return []Site{s}
	}
	second := good
	second.Name = "second"
	for _, c := range []struct {
		what  string
		date  Date
		sites []Site
		want  []string
	}{
		{"no name", Date{2026, 11, 4}, change(func(s *Site) { s.Name = "" }), []string{"a name is missing"}},
		{"twice", Date{2026, 11, 4}, []Site{good, good}, []string{`site "north": a name is missing or there twice`, "both have number 0"}},
		{"same number", Date{2026, 11, 4}, []Site{good, second}, []string{`sites "north" and "second" both have number 0`}},
		{"number", Date{2026, 11, 4}, change(func(s *Site) { s.Number = 2000 }), []string{"its number is 2000; expected 0 to 1999"}},
		{"negative", Date{2026, 11, 4}, change(func(s *Site) { s.YearlyExams = -1 }), []string{"-1 exams a year; expected 0 to 10000000"}},
		{"zone", Date{2026, 11, 4}, change(func(s *Site) { s.Location = nil }), []string{"it has no time zone"}},
		{"date", Date{2026, 2, 30}, []Site{good}, []string{"no day 30 of month 2"}},
		{"zero date", Date{}, []Site{good}, []string{"no day 0"}},
	} {
		p := defaultProfile(t)
		_, err := p.Day(c.date, c.sites, 1)
		_, err2 := p.Summarise(c.date, c.sites, 1)
		if err == nil || err2 == nil {
			t.Errorf("%s: no error", c.what)
			continue
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %v, want %s", c.what, err, w)
			}
		}
	}
	if _, err := ParseDate("4.11.2026"); err == nil {
		t.Error("a date that is none")
	}
	if s, err := defaultProfile(t).Summarise(Date{2026, 11, 4}, nil, 1); err != nil || s.Day.Drawn.Exams != 0 {
		t.Errorf("no sites: %v", err)
	}
}

func BenchmarkDay(b *testing.B) {
	p, sites := defaultProfile(b), cluster(b)
	b.ReportAllocs()
	for i := range b.N {
		day, err := p.Day(Date{2026, 11, 4}, sites, uint64(i))
		if err != nil {
			b.Fatal(err)
		}
		for range day {
		}
	}
}

func BenchmarkParse(b *testing.B) {
	for range b.N {
		defaultProfile(b)
	}
}
