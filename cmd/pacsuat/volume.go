package main

import (
	"encoding/json"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"

	"pacsuat/internal/enterprise"
	"pacsuat/synth"
	"pacsuat/synth/volume"
)

type volumeFlags struct {
	enterprise, date, profile, recipes, svg, json string
	seed                                          uint64
	print                                         bool
}

func (a *app) volumeCommand() *cobra.Command {
	var f volumeFlags
	c := &cobra.Command{
		Use:   "volume",
		Short: "Print a day of the cluster: exams, instances, bytes, peaks and backlogs",
		Long: `Prints what a day of the cluster amounts to: exams, instances and bytes by hour,
site and modality, as the profile expects them on average and as the seed draws
them; then what each PACS must bear at the design peak, and what waits after a
block and after an outage of the DR. Nothing is made, and nothing connected to.

The exams a year are each site's in the description of the cluster. Everything
else is a profile, in which each number stands beside its source: print the
shipped one, change it, and give it back. Sizes are those of the studies that
the recipes make. See docs/volume.md.`,
		Example: `  pacsuat volume --enterprise cluster.yaml --date 2026-11-04 --svg day.svg
  pacsuat volume --print-profile > profile.yaml
  pacsuat volume --enterprise cluster.yaml --profile profile.yaml`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return a.volume(&f) },
	}
	c.Flags().StringVar(&f.enterprise, "enterprise", "", "description of the cluster (`FILE`); without it the shipped example")
	c.Flags().StringVar(&f.date, "date", "", "the day, YYYY-MM-DD (default today)")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of what is drawn")
	c.Flags().StringVar(&f.profile, "profile", "", "profile of the volume (`FILE`) instead of the shipped one")
	c.Flags().StringVar(&f.recipes, "recipes", "", recipesUsage)
	c.Flags().StringVar(&f.svg, "svg", "", "also write a picture of the day to this `FILE`")
	c.Flags().StringVar(&f.json, "json", "", "also write all figures to this `FILE`")
	c.Flags().BoolVar(&f.print, "print-profile", false, "print the shipped profile, to copy and change, and nothing else")
	return c
}

func (a *app) volume(f *volumeFlags) error {
	if f.print {
		_, err := a.stdout.Write(volume.Text())
		return err
	}
	date := volume.DateOf(time.Now())
	if f.date != "" {
		var err error
		if date, err = volume.ParseDate(f.date); err != nil {
			return usage("--date: %w", err)
		}
	}
	recipes, err := withShipped(f.recipes)
	if err != nil {
		return err
	}
	profile, err := loadProfile(f.profile, recipes)
	if err != nil {
		return err
	}
	e, err := describedCluster(f.enterprise)
	if err != nil {
		return err
	}
	sites, err := volumeSites(e)
	if err != nil {
		return configured(err)
	}
	day, err := profile.Summarise(date, sites, f.seed)
	if err != nil {
		return configured(err)
	}
	if f.svg != "" {
		if err := os.WriteFile(f.svg, plotDay(e.Name, day), 0o666); err != nil {
			return configured(err)
		}
	}
	if f.json != "" {
		text, err := json.MarshalIndent(day, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(f.json, append(text, '\n'), 0o666); err != nil {
			return configured(err)
		}
	}
	return printDay(a.stdout, e.Name, day)
}

// describedCluster reads a description; without a file it is the shipped example.
func describedCluster(file string) (*enterprise.Enterprise, error) {
	if file == "" {
		return enterprise.Example(), nil
	}
	e, err := enterprise.Load(file)
	return e, configured(err)
}

// loadProfile reads a profile of studies of those recipes; without a file it is
// the shipped one.
func loadProfile(file string, recipes []synth.Recipe) (*volume.Profile, error) {
	sizes, err := synth.NewSizes(recipes)
	if err != nil {
		return nil, configured(err)
	}
	if file == "" {
		p, err := volume.Default(sizes)
		return p, configured(err)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, configured(err)
	}
	p, err := volume.Parse(file, text, sizes)
	return p, configured(err)
}

// volumeSites returns the sites of a cluster, of which some must have exams.
func volumeSites(e *enterprise.Enterprise) ([]volume.Site, error) {
	var sites []volume.Site
	var exams int64
	for i := range e.Sites {
		s := &e.Sites[i]
		place, err := s.Location()
		if err != nil {
			return nil, err
		}
		sites = append(sites, volume.Site{Name: s.Name, Number: i, YearlyExams: e.ExamsOf(s), Location: place, ServedBy: s.ServedBy})
		exams += e.ExamsOf(s)
	}
	if exams == 0 {
		return nil, errors.New("no site of the description has exams: write yearly_exams at each site, or its share, and yearly_exams of the cluster")
	}
	return sites, nil
}
