package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pacsuat/internal/enterprise"
	"pacsuat/synth"
	"pacsuat/synth/volume"
)

// exampleDay is the day whose picture is in docs.
func exampleDay(t *testing.T) *volume.Summary {
	t.Helper()
	p, err := loadProfile("", synth.Recipes())
	if err != nil {
		t.Fatal(err)
	}
	sites, err := volumeSites(enterprise.Example())
	if err != nil {
		t.Fatal(err)
	}
	day, err := p.Summarise(volume.Date{Year: 2026, Month: time.November, Day: 4}, sites, 1)
	if err != nil {
		t.Fatal(err)
	}
	return day
}

// texts returns what a picture says, and every attribute's name and value. It
// fails if the picture is not well formed.
func texts(t *testing.T, svg []byte) (said []string, attributes []xml.Attr) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return said, attributes
		}
		if err != nil {
			t.Fatalf("the picture is not well formed: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if slices.Contains([]string{"script", "style", "image", "use", "foreignObject"}, token.Name.Local) {
				t.Errorf("the picture holds %s", token.Name.Local)
			}
			attributes = append(attributes, token.Attr...)
		case xml.CharData:
			if s := strings.TrimSpace(string(token)); s != "" {
				said = append(said, s)
			}
		}
	}
}

func TestVolumePicture(t *testing.T) {
	t.Parallel()
	day := exampleDay(t)
	said, attributes := texts(t, plotDay(`A & B <"Cluster">`, day))
	if !slices.Contains(said, `A & B <"Cluster">: Wednesday 2026-11-04`) {
		t.Errorf("the title is not among %q", said)
	}
	for _, a := range attributes {
		if strings.Contains(a.Value, "NaN") || strings.Contains(a.Value, "Inf") || a.Name.Local != "xmlns" && strings.Contains(a.Value, "://") {
			t.Errorf("%s is %q", a.Name.Local, a.Value)
		}
	}
	for _, m := range day.Modalities {
		if n := slices.Index(said, m.Modality); n < 0 {
			t.Errorf("%s has no legend", m.Modality)
		}
	}
	// A day on which nothing is made is a picture too.
	said, attributes = texts(t, plotDay("none", &volume.Summary{}))
	if !slices.Contains(said, "Exams per hour") || slices.ContainsFunc(attributes, func(a xml.Attr) bool { return strings.Contains(a.Value, "NaN") }) {
		t.Errorf("of nothing: %q", said)
	}
}

// TestVolumeDocsPicture: the picture in docs says what the command says, but for a
// difference of 1 %: headers may grow by a few bytes without a new picture.
func TestVolumeDocsPicture(t *testing.T) {
	t.Parallel()
	file, err := os.ReadFile(filepath.Join("..", "..", "docs", "volume-day.svg"))
	if err != nil {
		t.Fatal(err)
	}
	have, _ := texts(t, file)
	want, _ := texts(t, plotDay(enterprise.Example().Name, exampleDay(t)))
	if what := otherwise(have, want); what != "" {
		t.Errorf("docs/volume-day.svg shows another day (%s); make it anew: pacsuat volume --date 2026-11-04 --svg docs/volume-day.svg", what)
	}
	for i, s := range want {
		if strings.Contains(s, " instances, ") {
			spoilt := slices.Clone(want)
			spoilt[i] = strings.Replace(s, "1", "2", 1)
			if otherwise(spoilt, want) == "" {
				t.Errorf("%q instead of %q is not noticed", spoilt[i], s)
			}
		}
	}
}

// otherwise returns what of a picture's texts is not as it should be: numbers by
// more than 1 %, where they have more than one digit to differ in.
func otherwise(have, want []string) string {
	if len(have) != len(want) {
		return fmt.Sprintf("%d texts, not %d", len(have), len(want))
	}
	for i := range want {
		a, b := strings.Fields(have[i]), strings.Fields(want[i])
		if len(a) != len(b) {
			return fmt.Sprintf("%q, not %q", have[i], want[i])
		}
		for k := range b {
			number := func(s string) (float64, error) {
				return strconv.ParseFloat(strings.Trim(strings.ReplaceAll(s, ",", ""), ";:"), 64)
			}
			x, err1 := number(a[k])
			y, err2 := number(b[k])
			if a[k] != b[k] && (err1 != nil || err2 != nil || math.Abs(x-y) > max(0.01*y, 0.11)) {
				return fmt.Sprintf("%q, not %q", have[i], want[i])
			}
		}
	}
	return ""
}

// TestVolumeWidth prints the largest cluster with the longest names.
func TestVolumeWidth(t *testing.T) {
	t.Parallel()
	p, err := loadProfile("", synth.Recipes())
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("ß-very-long-", 4)[:40]
	day, err := p.Summarise(volume.Date{Year: 2026, Month: time.November, Day: 4}, []volume.Site{
		{Name: long, YearlyExams: 9_000_000, Location: time.UTC},
		{Name: long + "2", Number: 1, YearlyExams: 900_000, Location: time.UTC, ServedBy: long},
	}, 1)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := printDay(&out, strings.Repeat("Cluster ", 20), day); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(out.String()) {
		if n := utf8.RuneCountInString(strings.TrimRight(line, "\n")); n > defaultWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
}

// TestVolumeDeviation: bytes that are not what the profile assumes are named.
func TestVolumeDeviation(t *testing.T) {
	t.Parallel()
	day := exampleDay(t)
	var out bytes.Buffer
	if err := printDay(&out, "c", day); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(out.String(), "Otherwise than") {
		t.Error("the shipped profile deviates")
	}
	day.Modalities[1].AssumedMBPerInstance = 1
	if err := printDay(&out, "c", day); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(strings.Join(strings.Fields(out.String()), " "), "by more than 20 % are studies of CT (0.53 MB an instance, 1.00 assumed).") {
		t.Error("a deviation is not named")
	}
}

func TestVolumeNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		f        float64
		decimals int
		want     string
	}{{0, 0, "0"}, {999.6, 0, "1,000"}, {1234567.89, 1, "1,234,567.9"}, {-1234, 0, "-1,234"}, {100, 0, "100"}, {0.05, 2, "0.05"}} {
		if got := grouped(c.f, c.decimals); got != c.want {
			t.Errorf("grouped(%g, %d) = %q, want %q", c.f, c.decimals, got, c.want)
		}
	}
	for _, c := range []struct {
		most, want float64
	}{{790, 200}, {21, 5}, {0.9, 0.2}, {1, 0.2}, {6, 1}, {12, 2}, {14, 2.5}, {0, 1}} {
		if got := tick(c.most); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("tick(%g) = %g, want %g", c.most, got, c.want)
		}
	}
	if got := fold("one two "+minutes(720)+" three", 9); !slices.Equal(got, []string{"one two", "  12 h", "  three"}) {
		t.Errorf("folded %q", got)
	}
	if minutes(15) != "15\u00a0min" || minutes(90) != "90\u00a0min" || ratio(1, 0, 1) != "-" {
		t.Error(minutes(15), minutes(90), ratio(1, 0, 1))
	}
}
