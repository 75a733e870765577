package volume

import (
	"math"
	"testing"
	"time"
)

// TestReferenceFigures holds the profile against the figures that were computed
// by hand for 1.6 million exams a year, with the sizes of the studies that are
// made: within 0.1 % for exams (some are rounded more), 1 % for instances and 3 %
// for bytes.
func TestReferenceFigures(t *testing.T) {
	t.Parallel()
	p, _ := made(t)
	s, err := p.Summarise(date(t, "2026-11-04"), cluster(t), 1) // a Wednesday
	if err != nil {
		t.Fatal(err)
	}
	weekend, err := p.Summarise(date(t, "2026-11-07"), cluster(t), 1)
	if err != nil {
		t.Fatal(err)
	}
	l, north, block := s.Load, s.Load.PACS[0], s.Load.Blocks[0]
	if north.Name != "north" || len(north.Sites) != 2 || block.Name != "north" {
		t.Fatalf("the largest PACS is %q with %v, its block %q", north.Name, north.Sites, block.Name)
	}
	for _, c := range []struct {
		what            string
		got, want, part float64
	}{
		{"exams of a weekday", s.Day.Expected.Exams, 5217, 0.001},
		{"exams of a weekend day", weekend.Day.Expected.Exams, 2301, 0.001},
		{"exams of the busiest hour of the date", s.Hours[s.BusiestHour].Expected.Exams, 527, 0.001},
		{"exams of the mean busy hour", l.Cluster.BusyHour.Exams, 527, 0.001},
		{"instances/s then", l.Cluster.BusyFlow.InstancesPerSecond, 21.2, 0.01},
		{"MB/s then", l.Cluster.BusyFlow.MBPerSecond, 14.1, 0.03},
		{"exams at the design peak", l.Cluster.Design.Exams, 790, 0.001},
		{"instances/s at the design peak", l.Cluster.DesignFlow.InstancesPerSecond, 31.8, 0.01},
		{"MB/s at the design peak", l.Cluster.DesignFlow.MBPerSecond, 21.2, 0.03},
		{"exams of the largest site at the design peak", north.Design.Exams, 296, 0.002},
		{"instances/s there", north.DesignFlow.InstancesPerSecond, 11.9, 0.01},
		{"MB/s there", north.DesignFlow.MBPerSecond, 7.9, 0.03},
		{"instances of a weekday", s.Day.Expected.Instances, 755_000, 0.01},
		{"GB of a weekday", s.Day.Expected.Bytes / 1e9, 503, 0.03},
		{"exams of a block at the largest site", block.Waiting.Exams, 74, 0.005},
		{"instances of it", block.Waiting.Instances, 10_700, 0.01},
		{"GB of it", block.Waiting.Bytes / 1e9, 7.1, 0.03},
		{"MB/s that drain it", block.DrainFlow.MBPerSecond, 4, 0.03},
		{"MB/s of the link", block.LinkFlow.MBPerSecond, 11.9, 0.03},
		{"exams of a DR weekend day", l.DRWeekendDay.Waiting.Exams, 2301, 0.001},
		{"instances of it", l.DRWeekendDay.Waiting.Instances, 333_000, 0.01},
		{"GB of it", l.DRWeekendDay.Waiting.Bytes / 1e9, 222, 0.03},
		{"exams of a DR weekday", l.DRWeekday.Waiting.Exams, 5217, 0.001},
		{"instances of it", l.DRWeekday.Waiting.Instances, 755_000, 0.01},
		{"GB of it", l.DRWeekday.Waiting.Bytes / 1e9, 503, 0.03},
		{"readers in the busy hour", l.Reading.ReadersBusyHour, 42, 0.01},
		{"readers at the design peak", l.Reading.ReadersDesign, 63, 0.01},
		{"study opens/s", l.Reading.OpensPerSecond, 1.3, 0.02},
		{"their MB/s", l.Reading.OpenMBPerSecond, 127, 0.03},
		{"HL7 messages/s", l.Reading.HL7PerSecond, 1.8, 0.03},
	} {
		if math.Abs(c.got/c.want-1) > c.part {
			t.Errorf("%s: %.4g, want %.4g within %g %%", c.what, c.got, c.want, 100*c.part)
		}
	}
	// What was drawn is near what was expected: exams within 5 deviations, bytes,
	// which a few large studies decide, within 15 %.
	if d := s.Day.Drawn.Exams - s.Day.Expected.Exams; math.Abs(d) > 5*math.Sqrt(s.Day.Expected.Exams) {
		t.Errorf("%.0f exams drawn, %.0f expected", s.Day.Drawn.Exams, s.Day.Expected.Exams)
	}
	if r := s.Day.Drawn.Bytes / s.Day.Expected.Bytes; math.Abs(r-1) > 0.15 {
		t.Errorf("bytes drawn are %.2f of those expected", r)
	}
}

// TestSummaryAddsUp holds the parts of a summary against its wholes.
func TestSummaryAddsUp(t *testing.T) {
	t.Parallel()
	s, err := defaultProfile(t).Summarise(date(t, "2026-11-04"), cluster(t), 3)
	if err != nil {
		t.Fatal(err)
	}
	var hours, sites, modalities, both Pair
	for _, h := range s.Hours {
		hours.add(h.Pair)
		var mb float64
		for k, m := range h.Modalities {
			both.add(m)
			mb += h.DrawnMB[k]
		}
		if want := h.Drawn.Bytes / 1e6 / 3600; !near(h.DrawnFlow.MBPerSecond, want) || !near(mb, want) {
			t.Errorf("hour %d: %g MB/s, by modality %g, want %g", h.Hour, h.DrawnFlow.MBPerSecond, mb, want)
		}
		if want := h.Expected.Instances / 3600; !near(h.ExpectedFlow.InstancesPerSecond, want) {
			t.Errorf("hour %d: %g instances/s expected, want %g", h.Hour, h.ExpectedFlow.InstancesPerSecond, want)
		}
	}
	for _, site := range s.Sites {
		sites.add(site.Pair)
	}
	for _, m := range s.Modalities {
		modalities.add(m.Pair)
	}
	for what, got := range map[string]Pair{"hours": hours, "sites": sites, "modalities": modalities, "modalities of hours": both} {
		for part, pair := range map[string][2]Count{"expected": {got.Expected, s.Day.Expected}, "drawn": {got.Drawn, s.Day.Drawn}} {
			if a, b := pair[0], pair[1]; !near(a.Exams, b.Exams) || !near(a.Instances, b.Instances) || !near(a.Bytes, b.Bytes) {
				t.Errorf("%s, %s: %v, the day has %v", what, part, a, b)
			}
		}
	}
	if s.SeveralZones {
		t.Error("one time zone is taken for several")
	}
	if s.Weekday != "Wednesday" || s.BusiestHour != 10 {
		t.Errorf("%s, busiest hour %d", s.Weekday, s.BusiestHour)
	}
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(math.Abs(a), math.Abs(b)) }

func TestSeveralZones(t *testing.T) {
	t.Parallel()
	sites := cluster(t)
	sites[1].Location = time.UTC
	s, err := defaultProfile(t).Summarise(date(t, "2026-11-04"), sites, 1)
	if err != nil {
		t.Fatal(err)
	}
	if !s.SeveralZones || s.BusiestHour != 10 {
		t.Errorf("several zones %v, busiest hour %d", s.SeveralZones, s.BusiestHour)
	}
}
