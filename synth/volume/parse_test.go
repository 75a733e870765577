package volume

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestShippedProfile(t *testing.T) {
	t.Parallel()
	p, _ := made(t)
	if p.Name() != "Realistic hospital cluster" {
		t.Errorf("it is named %q", p.Name())
	}
	if got, want := p.Modalities(), []string{"CR/DX", "CT", "US", "MR", "MG", "XA/RF", "NM/PT", "other"}; !slices.Equal(got, want) {
		t.Errorf("modalities %q", got)
	}
	for i, c := range p.perExam() {
		m := p.modalities[i]
		if r := c.Instances / m.mean.float(); r < 0.95 || r > 1.05 {
			t.Errorf("%s: %.3g instances a study, want %s", m.name, c.Instances, m.mean)
		}
		if mb := c.Bytes / c.Instances / 1e6; mb < 0.8*m.mb.float() || mb > 1.2*m.mb.float() {
			t.Errorf("%s: %.3g MB an instance, %s within 20 %% is assumed", m.name, mb, m.mb)
		}
	}
	if c := p.mean(); math.Abs(c.Instances/145-1) > 0.03 || math.Abs(c.Bytes/96e6-1) > 0.03 {
		t.Errorf("an exam has %.1f instances and %.1f MB on average; want 145 and 96 within 3 %%", c.Instances, c.Bytes/1e6)
	}
	// Text is a copy.
	Text()[0] = 'x'
	if shipped[0] == 'x' {
		t.Error("the shipped profile can be changed")
	}
}

// TestParseRefuses spoils the shipped profile, one place at a time.
func TestParseRefuses(t *testing.T) {
	t.Parallel()
	with := func(name string, k kind) tests {
		c := maps.Clone(tests(kinds))
		c[name] = k
		return c
	}
	for _, c := range []struct {
		old, new  string
		catalogue tests
		want      string // after file and line of the place that was spoilt
	}{
		{old: "overload_factor:", new: "overload_facter:", want: `unknown key "overload_facter"; expected name, days, hours, overload_factor, .*; did you mean "overload_factor"\?`},
		{old: `  none: { value: 11, source: "[S] as above`, new: `  none: { value: 11, sorce: "[S] as above`, want: `priors\.none: unknown key "sorce"; expected value, source; did you mean "source"\?`},
		{old: `prefetched: { value: 3, source: "[D] the newest`, new: `prefetched: { value: 3 } # "`, want: `priors\.prefetched\.source: is missing; write where the number is from, "\[A\]" if it is an assumption`},
		{old: `spread: { shape: even, percent: 40, source: "[A]" }`, new: `spread: { shape: even, percent: 40, source: "" }`, want: `modalities\.US\.spread\.source: is empty; write where`},
		{old: "monday: 17", new: "monday: 18", want: `days: the shares add up to 101; expected 100 \(within 0\.1\): change them by -1 in all`},
		{old: "saturday: 7.5", new: "saturday: -7.5", want: `days\.saturday: is -7\.5; expected a number from 0 to 100`},
		{old: "saturday: 7.5, ", new: "", want: `days\.saturday: is missing; write it`},
		{old: "value: [1.0, 0.8,", new: "value: [1.2, 0.8,", want: `hours\.weekday: the shares add up to 100\.2; expected 100`},
		{old: "value: [1.0, 0.8,", new: "value: [1.8,", want: `hours\.weekday: found 23 numbers; expected a list of 24 numbers`},
		{old: "value: [1.0, 0.8,", new: "value: [1.0, many,", want: `hours\.weekday\[1\]: found the text "many"; expected a number from 0 to 100`},
		{old: "overload_factor: { value: 1.5", new: "overload_factor: { value: 0.5", want: `overload_factor: is 0\.5; expected a number from 1 to 1000`},
		{old: "overload_factor: { value: 1.5", new: "overload_factor: { value: 1.5e1", want: `overload_factor: 1\.5e1 is not a number of decimal digits.*; expected`},
		{old: "overload_factor: { value: 1.5", new: "overload_factor: { value: .inf", want: `overload_factor: \.inf is not a number`},
		{old: "overload_factor: { value: 1.5", new: `overload_factor: { value: "1.5"`, want: `overload_factor: found the text "1\.5"; expected a number`},
		{old: "overload_factor: { value: 1.5", new: "overload_factor: { value: 1, value: 1.5", want: `overload_factor\.value: written a second time`},
		{old: "share: { value: 13,", new: "share: { value: 14,", want: `modalities: the shares add up to 101`},
		{old: "CT chest: 36", new: "CT breast: 36", want: `modalities\.CT\.recipes\.CT breast: no recipe is named "CT breast"; did you mean "CT chest"\?`},
		{old: "CT chest: 36", new: "MR knee: 36", want: `modalities\.CT\.recipes\.MR knee: the recipe's modality is MR; move it to MR`},
		{old: "MR knee: 32", new: "MR knee: 32.2", want: `modalities\.MR\.recipes: the shares add up to 100\.2`},
		{old: "BMD: 40", new: "PDF report: 40", want: `modalities\.other\.recipes\.PDF report: written a second time`},
		{old: "Mammogram: 60, Mammogram with tomosynthesis: 40", new: "Mammogram: 90, Mammogram with tomosynthesis: 10",
			want: `modalities\.MG\.instances_per_study: 5\.6 is stated, but the fixed structures of the recipes yield 4\.4 \("Mammogram" 4 x 90 %, "Mammogram with tomosynthesis" 8 x 10 %\): change`},
		{old: "CT chest: 36", new: "CT chest: 36 ", catalogue: with("CT chest", kind{"CT", 3000, true, 1}),
			want: `modalities\.CT\.instances_per_study: 800 is stated, but the recipes of a fixed structure alone yield 1080\.05 \(.*\), which leaves nothing to the others`},
		{old: "CT chest: 36", new: "CT chest: 36 ", catalogue: with("CT chest", kind{"CT", 0, false, 1}), want: `modalities\.CT\.instances_per_study: recipe "CT chest" says that it has 0 instances`},
		{old: "shape: lognormal, median: 0.6, p95: 3, most: 10000, source: \"[A]\" }", new: "shape: lognormal, median: 0.9, p95: 3, most: 10000, source: \"[A]\" }",
			want: `modalities\.MR\.instances_per_study: the spread states that 95 % of studies have less than 3 of the mean, but with a median of 0\.9 that is 1\.9.*: write p95: 1\.9`},
		{old: "shape: lognormal, median: 0.6, p95: 3, most: 10000, source: \"[A]\" }", new: "shape: lognormal, p95: 3, most: 10000, source: \"[A]\" }", want: `modalities\.MR\.spread\.median: is missing; shape lognormal needs it`},
		{old: "shape: lognormal, median: 0.6, p95: 3, most: 10000, source: \"[A]\" }", new: "shape: lognormal, median: 0.6, most: 600, source: \"[A]\" }", want: `modalities\.MR\.instances_per_study: recipe "MR knee" would have 510 instances on average; expected at most half of the most, 600`},
		{old: "shape: even, percent: 40", new: "shape: uneven, percent: 40", want: `modalities\.US\.spread: shape "uneven" is not known; expected one of \[lognormal even fixed\]; did you mean "even"\?`},
		{old: "shape: even, percent: 40", new: "shape: even, percent: 40, median: 0.5", want: `modalities\.US\.spread\.median: means nothing for shape even; remove it`},
		{old: "shape: even, percent: 40", new: "shape: even, percent: 99", want: `modalities\.US\.instances_per_study: recipe "US abdomen with clips" would have 0\.4\d* instances a study, where 1 is the least`},
		{old: "[20, 100]", new: "[100, 20]", want: `modalities\.CT\.pace\.instances_per_second: the least, 100, is more than the most, 20`},
		{old: "[20, 100]", new: "[0, 100]", want: `modalities\.CT\.pace\.instances_per_second\[0\]: is 0; expected a number from 0\.001`},
		{old: "{ 1: 50, 2: 50 }", new: "{ 1: 50, 2: 40 }", want: `modalities\.CT\.pace\.associations: the shares add up to 90`},
		{old: "{ 1: 50, 2: 50 }", new: "{ 1: 50, two: 50 }", want: `modalities\.CT\.pace\.associations: "two" is not a number of associations; expected 1 to 16`},
		{old: "mean: { value: 10.2,", new: "mean: { value: 0.5,", want: `priors: a mean of 0\.5 does not go with 11 % who have none`, catalogue: nil},
		{old: "stores_per_object: { value: 3,", new: "stores_per_object: [3,", want: `not YAML`},
		{old: "name: Realistic hospital cluster", new: "---\nname: Realistic hospital cluster", want: ""},
		{old: "reading:\n", new: "---\nreading:\n", want: `.*`},
	} {
		text := string(shipped)
		if strings.Count(text, c.old) != 1 {
			t.Errorf("%q is %d times in the profile", c.old, strings.Count(text, c.old))
			continue
		}
		line := 1 + strings.Count(text[:strings.Index(text, c.old)], "\n")
		catalogue := c.catalogue
		if catalogue == nil {
			catalogue = kinds
		}
		_, err := Parse("ours.yaml", []byte(strings.Replace(text, c.old, c.new, 1)), catalogue)
		if c.want == "" {
			if err != nil {
				t.Errorf("%q: %v", c.new, err)
			}
			continue
		}
		var list *Problems
		if !errors.As(err, &list) {
			t.Errorf("%q instead of %q: %v, want %s", c.new, c.old, err, c.want)
			continue
		}
		want := regexp.MustCompile(`^ours\.yaml:\d+: ` + c.want)
		if !slices.ContainsFunc(list.List, func(p Problem) bool {
			// The place, or what holds it: instances_per_study stands a few lines
			// from the recipes, and a list of modalities around all.
			return want.MatchString(p.String()) && p.File == "ours.yaml" && p.Line > line-70 && p.Line <= line+12
		}) {
			t.Errorf("%q in line %d: %v\nwant %s", c.new, line, err, c.want)
		}
		if len(list.List) > 4 {
			t.Errorf("%q leads to %d problems: %v", c.new, len(list.List), err)
		}
	}
}

// TestParseLines holds the exact line of what is wrong.
func TestParseLines(t *testing.T) {
	t.Parallel()
	lines := strings.Split(string(shipped), "\n")
	spoil := func(prefix, text string) int {
		at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, prefix) })
		if at < 0 {
			t.Fatalf("no line begins with %q", prefix)
		}
		lines[at] = text
		return at + 1
	}
	want := []string{
		fmt.Sprintf("p.yaml:%d: days: the shares add up to 90; expected 100 (within 0.1): change them by 10 in all",
			spoil("  value: { monday", "  value: { monday: 7, tuesday: 17, wednesday: 17, thursday: 17, friday: 17, saturday: 7.5, sunday: 7.5 }")),
		fmt.Sprintf("p.yaml:%d: overload_factor: found nothing; expected a number from 1 to 1000", spoil("overload_factor", "overload_factor: { value: , source: x }")),
		fmt.Sprintf("p.yaml:%d: unknown key \"storesperobject\"; expected name, days, hours, overload_factor, exams_per_room, modalities, priors, stores_per_object, outages, reading; did you mean \"stores_per_object\"?",
			spoil("stores_per_object", "storesperobject: 3")),
		fmt.Sprintf("p.yaml:%d: reading.opens_per_exam: is -3.5; expected a number from 0 to 10000", spoil("  opens_per_exam", "  opens_per_exam: { value: -3.5, source: x }")),
	}
	_, err := Parse("p.yaml", []byte(strings.Join(lines, "\n")), tests(kinds))
	for _, w := range want {
		if err == nil || !slices.Contains(strings.Split(err.Error(), "\n"), w) {
			t.Errorf("%q is not among\n%v", w, err)
		}
	}
	if n := strings.Count(err.Error(), "\n"); n != len(want) { // stores_per_object is missing too
		t.Errorf("%d problems:\n%v", n+1, err)
	}
}

func TestParseNothing(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                     "p.yaml:1: holds nothing; begin with the shipped profile",
		"# only\n":                             "p.yaml:1: holds nothing",
		"text":                                 `p.yaml:1: found the text "text"; expected keys and values: name, days`,
		"[1, 2]":                               "p.yaml:1: found a list; expected keys and values",
		"a: b\n\tc":                            "p.yaml:2: not YAML: ",
		strings.Repeat("#", maxProfileBytes+1): "p.yaml:1: longer than 1048576 bytes",
		"a: &a\n  b: *a\n":                     "p.yaml:1: unknown key \"a\"",
	} {
		if _, err := Parse("p.yaml", []byte(text), tests(kinds)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%.20q: %v, want %s", text, err, want)
		}
	}
	// A catalogue without recipes: each is named.
	_, err := Default(tests{})
	if n := strings.Count(fmt.Sprint(err), "no recipe is named"); n != len(kinds) {
		t.Errorf("%d recipes are missed, want %d: %v", n, len(kinds), err)
	}
	if strings.Contains(fmt.Sprint(err), "did you mean") {
		t.Errorf("a recipe is suggested that is not there: %v", err)
	}
}

// TestWeekendCurve uses another curve on weekends only.
func TestWeekendCurve(t *testing.T) {
	t.Parallel()
	curve := "    value: [" + strings.TrimSuffix(strings.Repeat("0, ", 14), ", ") + ", 100" + strings.Repeat(", 0", 9) + "]\n    source: x\n"
	p := changed(t, "  # Left out: as on weekdays.\n", "  weekend:\n"+curve)
	for day, all := range map[string]bool{"2026-11-06": false, "2026-11-07": true, "2026-11-08": true} {
		s, err := p.Summarise(date(t, day), cluster(t), 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.Hours[14].Drawn.Exams == s.Day.Drawn.Exams && near(s.Hours[14].Expected.Exams, s.Day.Expected.Exams); got != all {
			t.Errorf("%s: all exams at 14 h is %v", day, got)
		}
	}
}

// FuzzParse: no text makes it panic, and with a profile that it accepts a day
// can be made.
func FuzzParse(f *testing.F) {
	f.Add(shipped)
	f.Add([]byte("modalities: {CT: {recipes: {value: {CT chest: 100}}}}"))
	f.Add([]byte("days: &a {value: *a}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		p, err := Parse("p.yaml", text, tests(kinds))
		if err != nil {
			return
		}
		s, err := p.Summarise(Date{2026, 10, 25}, []Site{{Name: "a", YearlyExams: 1000, Location: time.UTC}}, 1)
		if err != nil || s.Day.Drawn.Exams > 2000 {
			t.Errorf("%v, %v exams", err, s.Day.Drawn.Exams)
		}
	})
}
