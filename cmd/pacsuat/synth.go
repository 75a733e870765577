package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth"
)

type synthFlags struct {
	kind, caseName, out, asOf, nonce, syntax, size, recipes, again, manifest, sheet string
	with, characterSet                                                              []string
	images, series                                                                  int
	seed                                                                            uint64
	list, print                                                                     bool
	day                                                                             dayFlags
}

func (a *app) synthCommand() *cobra.Command {
	var f synthFlags
	c := &cobra.Command{
		Use:   "synth",
		Short: "Write synthetic studies as DICOM files",
		Long: `Writes synthetic studies as DICOM files (PS3.10), with a manifest from which
each instance can be made again alone. The content depends on the kind and the
seed, the identity on the nonce: the same seed, nonce and date give the same
bytes.`,
		Example: `  pacsuat synth --list
  pacsuat synth --kind "CT chest" --images 120 --out study
  pacsuat synth --kind "CT head" --sheet head.png
  pacsuat synth --kind "CT chest" --size 100MB --syntax jpeg-lossless --out study
  pacsuat synth --case "same UID, other content" --out case
  pacsuat synth --day 2026-11-30 --sites north --from 08:00 --to 08:15 --out quarter
  pacsuat synth --again 2.25.1234 --manifest study/manifest.jsonl --out again
  pacsuat synth --print-recipes > recipes.yaml`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("images") && f.images < 1 {
				return usage("--images %d: a study has at least one", f.images)
			}
			return a.synth(c.Context(), &f)
		},
	}
	c.Flags().StringVar(&f.kind, "kind", "", "kind of study, such as \"CT chest\"")
	c.Flags().StringVar(&f.caseName, "case", "", "a corner case by its name, such as \"8,800 frames\"")
	c.Flags().IntVar(&f.images, "images", 0, "number of images (default: as many as a realistic study has)")
	c.Flags().StringVar(&f.size, "size", "", "size of the study instead of a number of images, such as 100MB, within 1 %")
	c.Flags().IntVar(&f.series, "series", 0, "number of series (default: as the recipe says)")
	c.Flags().StringVar(&f.syntax, "syntax", "explicit", "transfer syntax: a name of --list, or a UID")
	c.Flags().StringArrayVar(&f.with, "with", nil, "a trait of --list, such as \"private elements\"; may be repeated")
	c.Flags().StringSliceVar(&f.characterSet, "character-set", nil, "Specific Character Set, such as \"ISO_IR 192\"")
	c.Flags().StringVar(&f.recipes, "recipes", "", recipesUsage)
	c.Flags().StringVar(&f.out, "out", "", "folder for the files (`DIR`)")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the content")
	c.Flags().StringVar(&f.asOf, "as-of", "", "date of the study, YYYY-MM-DD (default today)")
	c.Flags().StringVar(&f.nonce, "run-nonce", "", "nonce of the identity (default: a new one)")
	c.Flags().StringVar(&f.again, "again", "", "make the instance of this SOP Instance `UID` again, from --manifest")
	c.Flags().StringVar(&f.manifest, "manifest", "", "manifest to read, with --again (`FILE`)")
	c.Flags().BoolVar(&f.list, "list", false, "list the kinds, their sizes and transfer syntaxes, the cases and traits")
	c.Flags().BoolVar(&f.print, "print-recipes", false, "print the shipped recipes, to copy and change")
	c.Flags().StringVar(&f.sheet, "sheet", "", "write a contact sheet of the study to this `FILE` (.png or .jpg) instead of its files")
	f.day.register(c)
	return c
}

func (a *app) synth(ctx context.Context, f *synthFlags) error {
	if f.print {
		_, err := fmt.Fprint(a.stdout, synth.ShippedRecipes())
		return err
	}
	recipes, err := withShipped(f.recipes)
	if err != nil {
		return err
	}
	if f.list {
		return a.listSynth(recipes)
	}
	wanted := 0
	for _, s := range []string{f.kind, f.caseName, f.day.date, f.again} {
		if s != "" {
			wanted++
		}
	}
	if wanted != 1 || f.out == "" && (f.sheet == "" || f.day.date != "") {
		return usage("one of --kind, --case, --day and --again is needed, and --out; --list shows what there is")
	}
	if given := f.day.given(); len(given) > 0 && f.day.date == "" {
		return usage("%s: only with --day", strings.Join(given, ", "))
	}
	if f.again != "" {
		return a.synthAgain(ctx, f)
	}
	if f.nonce == "" {
		if f.nonce, err = newNonce(); err != nil {
			return err
		}
	}
	if f.day.date != "" {
		return a.synthDay(ctx, f, recipes)
	}
	studies, err := f.studies(recipes)
	if err != nil {
		return err
	}
	if f.sheet != "" {
		return a.writeSheet(f.sheet, studies)
	}
	var images, bytes int64
	for _, s := range studies {
		n, err := s.Bytes()
		if err != nil {
			return configured(err)
		}
		images, bytes = images+int64(s.Len()), bytes+n
	}
	w, err := a.newStudyWriter(f.out, bytes)
	if err != nil {
		return err
	}
	for k, s := range studies {
		folder := ""
		if len(studies) > 1 {
			folder = fmt.Sprintf("study-%02d", k+1)
		}
		if err := w.study(ctx, s, folder); err != nil {
			return w.fail(err)
		}
	}
	if err := w.close(); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s (%s) of %s, nonce %s, in %s\n", count(int(images), "image", "images"), amount(w.bytes), studies[0].Patient.ID, f.nonce, f.out)
	return nil
}

const recipesUsage = "recipes of your own (`FILE`), beside the shipped ones and instead of those of the same name"

// withShipped returns the shipped recipes, and those of a file if one is named.
func withShipped(file string) ([]synth.Recipe, error) {
	if file == "" {
		return synth.Recipes(), nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, configured(err)
	}
	own, err := synth.Load(file, text)
	if err != nil {
		return nil, configured(err)
	}
	return synth.WithShipped(own), nil
}

// studies makes what --kind or --case asks for.
func (f *synthFlags) studies(recipes []synth.Recipe) ([]*synth.Study, error) {
	asOf, err := f.date()
	if err != nil {
		return nil, err
	}
	if f.caseName != "" {
		c, err := synth.CaseNamed(f.caseName)
		if err != nil {
			return nil, configured(err)
		}
		studies, err := c.Studies(synth.CaseRequest{
			Seed: f.seed, AsOf: asOf, Identity: synth.NewIdentity(f.nonce, "synth", c.Name, 1, synth.Fence{}),
		})
		return studies, configured(err)
	}
	recipe, err := synth.Named(recipes, f.kind)
	if err != nil {
		return nil, configured(err)
	}
	syntax, err := synth.SyntaxNamed(f.syntax)
	if err != nil {
		return nil, configured(err)
	}
	bytes, err := parseSize(f.size)
	if err != nil {
		return nil, err
	}
	var traits []synth.Trait
	for _, name := range f.with {
		t, err := synth.TraitNamed(name)
		if err != nil {
			return nil, configured(err)
		}
		traits = append(traits, t)
	}
	if f.sheet != "" && f.images == 0 && bytes == 0 {
		f.images = recipe.Images.Mean // a whole one, whatever the seed would draw
	}
	s, err := synth.NewStudy(synth.StudyRequest{
		Recipe: recipe, Images: f.images, Bytes: bytes, Series: f.series, Seed: f.seed, AsOf: asOf,
		Identity:       synth.NewIdentity(f.nonce, "synth", f.kind, 1, synth.Fence{}),
		TransferSyntax: syntax, CharacterSet: f.characterSet, With: traits,
	})
	return []*synth.Study{s}, configured(err)
}

func (f *synthFlags) date() (time.Time, error) {
	if f.asOf == "" {
		return time.Now(), nil
	}
	asOf, err := time.Parse(time.DateOnly, f.asOf)
	if err != nil {
		return asOf, usage("--as-of %q is no date; write it as YYYY-MM-DD", f.asOf)
	}
	return asOf, nil
}

var sizePattern = regexp.MustCompile(`^([0-9]+(?:\.[0-9]+)?)\s*(k|M|G|T)?i?B?$`)

// parseSize reads a number of bytes such as 100MB or 1.5GB, decimal multiples; an
// empty text is 0.
func parseSize(text string) (int64, error) {
	if text == "" {
		return 0, nil
	}
	m := sizePattern.FindStringSubmatch(strings.TrimSpace(text))
	if m == nil {
		return 0, usage("--size %q is no size; write it as 500kB, 100MB or 1.5GB", text)
	}
	n, err := strconv.ParseFloat(m[1], 64)
	n *= map[string]float64{"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12}[m[2]]
	if err != nil || n < 1 || n > 1e15 {
		return 0, usage("--size %q is not from one byte to 1000 TB", text)
	}
	return int64(n), nil
}

// synthAgain makes an instance again.
func (a *app) synthAgain(ctx context.Context, f *synthFlags) error {
	if f.manifest == "" {
		return usage("--again needs the manifest that lists the instance: --manifest FILE")
	}
	file, err := os.Open(f.manifest)
	if err != nil {
		return configured(err)
	}
	defer file.Close()
	instances, err := synth.Again(file, f.again)
	if err != nil {
		return configured(fmt.Errorf("%s: %w", f.manifest, err))
	}
	if err := os.MkdirAll(f.out, 0o777); err != nil {
		return configured(err)
	}
	for i, in := range instances {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		name := filepath.Join(f.out, f.again+".dcm")
		if i > 0 {
			name = filepath.Join(f.out, fmt.Sprintf("%s-%d.dcm", f.again, i+1))
		}
		if err := writeInstance(name, in, nil); err != nil {
			return configured(err)
		}
		fmt.Fprintf(a.stdout, "%s (%s) %s\n", name, amount(in.Size()), dataset.TransferSyntax(in.TransferSyntax).Name())
	}
	return nil
}
