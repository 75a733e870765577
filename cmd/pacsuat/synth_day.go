package main

import (
	"context"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/enterprise"
	"pacsuat/synth"
	"pacsuat/synth/volume"
)

// dayFlags select exams of a day.
type dayFlags struct {
	date, enterprise, profile, from, to, most string
	sites                                     []string
	priors                                    bool
}

const defaultMost = "10GB"

func (f *dayFlags) register(c *cobra.Command) {
	c.Flags().StringVar(&f.date, "day", "", "the exams of a `DATE` (YYYY-MM-DD) in the cluster, each in a folder of its own")
	c.Flags().StringVar(&f.enterprise, "enterprise", "", "with --day: description of the cluster (`FILE`); without it the shipped example")
	c.Flags().StringVar(&f.profile, "profile", "", "with --day: profile of the volume (`FILE`) instead of the shipped one")
	c.Flags().StringSliceVar(&f.sites, "sites", nil, "with --day: only exams made at these sites")
	c.Flags().StringVar(&f.from, "from", "", "with --day: only exams that begin at HH:MM of their site's clock, or later")
	c.Flags().StringVar(&f.to, "to", "", "with --day: only exams that begin before HH:MM")
	c.Flags().BoolVar(&f.priors, "priors", false, "with --day: also the earlier studies of each patient, about ten times as much")
	c.Flags().StringVar(&f.most, "most", "", "with --day: refuse to write more than this (`SIZE`, default "+defaultMost+")")
}

// given returns the flags that are set and mean nothing without --day.
func (f *dayFlags) given() []string {
	return setFlags(map[string]bool{
		"--enterprise": f.enterprise != "", "--profile": f.profile != "", "--sites": len(f.sites) > 0,
		"--from": f.from != "", "--to": f.to != "", "--most": f.most != "", "--priors": f.priors,
	})
}

// setFlags returns the names of the flags that are set, in order.
func setFlags(flags map[string]bool) []string {
	var out []string
	for name, set := range flags {
		if set {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// synthDay writes the exams of a day.
func (a *app) synthDay(ctx context.Context, f *synthFlags, recipes []synth.Recipe) error {
	day, err := f.day.choose(f, recipes)
	if err != nil {
		return err
	}
	expected, err := day.affordable(ctx, f.out)
	if err != nil {
		return err
	}
	// A day goes from kind to kind, whose frames do not fit into memory together.
	// Without the file they are painted again, which only takes longer.
	if stop, err := synth.KeepFrames(""); err == nil {
		defer func() { _ = stop() }()
	}
	return a.writeDay(ctx, f, day, expected)
}

// chosenDay is a day's exams that were asked for.
type chosenDay struct {
	date   volume.Date
	exams  iter.Seq[volume.Exam] // the same each time
	all    int                   // exams of the day, whatever the time
	maker  *volume.Maker
	priors bool
	most   int64 // bytes
	syntax dataset.TransferSyntax
}

// choose reads what the flags name.
func (f *dayFlags) choose(all *synthFlags, recipes []synth.Recipe) (*chosenDay, error) {
	if other := setFlags(map[string]bool{
		"--images": all.images != 0, "--size": all.size != "", "--series": all.series != 0, "--with": len(all.with) > 0,
		"--character-set": len(all.characterSet) > 0, "--as-of": all.asOf != "", "--sheet": all.sheet != "",
	}); len(other) > 0 {
		return nil, usage("%s: not with --day, whose studies are as the profile says", strings.Join(other, ", "))
	}
	date, err := volume.ParseDate(f.date)
	if err != nil {
		return nil, usage("--day: %w", err)
	}
	within, err := f.window()
	if err != nil {
		return nil, err
	}
	e, err := describedCluster(f.enterprise)
	if err != nil {
		return nil, err
	}
	sites, err := volumeSites(e)
	if err != nil {
		return nil, configured(err)
	}
	chosen, err := f.chosenSites(sites)
	if err != nil {
		return nil, err
	}
	profile, err := loadProfile(f.profile, recipes)
	if err != nil {
		return nil, err
	}
	exams, err := profile.Day(date, chosen, all.seed)
	if err != nil {
		return nil, configured(err)
	}
	day := &chosenDay{date: date, priors: f.priors}
	if day.syntax, err = synth.SyntaxNamed(all.syntax); err != nil {
		return nil, configured(err)
	}
	if f.most == "" {
		f.most = defaultMost
	}
	if day.most, err = parseBytes(f.most); err != nil {
		return nil, usage("--most: %w", err)
	}
	for range exams {
		day.all++
	}
	day.exams = func(yield func(volume.Exam) bool) {
		for e := range exams {
			if within(e.Start) && !yield(e) {
				return
			}
		}
	}
	day.maker = &volume.Maker{
		Recipes: recipes, Seed: all.seed, Nonce: all.nonce,
		Fence: func(site string) synth.Fence { return fenceOf(e, site) },
	}
	return day, configured(day.maker.Populate(sites))
}

// fenceOf returns the fence of a site's patients.
func fenceOf(e *enterprise.Enterprise, site string) synth.Fence {
	f := e.FenceOf(site)
	return synth.Fence{
		PatientIDPrefix: f.PatientIDPrefix, PatientIDFormat: f.PatientIDFormat,
		Issuer: f.Issuer, UIDRoot: f.UIDRoot, NamePrefix: f.NamePrefix,
	}
}

// chosenSites returns the sites of --sites, or all.
func (f *dayFlags) chosenSites(sites []volume.Site) ([]volume.Site, error) {
	if len(f.sites) == 0 {
		return sites, nil
	}
	var names []string
	for _, s := range sites {
		names = append(names, s.Name)
	}
	for _, name := range f.sites {
		if !slices.Contains(names, name) {
			return nil, usage("no site is named %q; the description has %s", name, strings.Join(names, ", "))
		}
	}
	return slices.DeleteFunc(slices.Clone(sites), func(s volume.Site) bool { return !slices.Contains(f.sites, s.Name) }), nil
}

// window returns whether a time of a site's clock lies in --from and --to.
func (f *dayFlags) window() (func(time.Time) bool, error) {
	minute := func(flag, text string, otherwise int) (int, error) {
		if text == "" {
			return otherwise, nil
		}
		if t, err := time.Parse("15:04", text); err == nil && len(text) == len("15:04") {
			return 60*t.Hour() + t.Minute(), nil
		}
		if text == "24:00" {
			return 24 * 60, nil
		}
		return 0, usage("%s %q is no time; write it as HH:MM, from 00:00 to 24:00", flag, text)
	}
	from, err := minute("--from", f.from, 0)
	if err != nil {
		return nil, err
	}
	to, err := minute("--to", f.to, 24*60)
	if err != nil {
		return nil, err
	}
	if from >= to {
		return nil, usage("--from %s is not before --to %s; what begins before midnight belongs to another --day than what begins after", f.from, f.to)
	}
	return func(t time.Time) bool {
		at := 60*t.Hour() + t.Minute()
		return from <= at && at < to
	}, nil
}
