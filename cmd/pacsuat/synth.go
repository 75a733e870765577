package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"pacsuat/synth"
)

type synthFlags struct {
	kind, out, asOf, nonce string
	images                 int
	seed                   uint64
}

func (a *app) synthCommand() *cobra.Command {
	var f synthFlags
	c := &cobra.Command{
		Use:   "synth",
		Short: "Write a synthetic study as DICOM files",
		Long: `Writes a synthetic study as DICOM files (PS3.10). The content depends on the kind
and the seed, the identity on the nonce: the same seed, nonce and date give the
same bytes.`,
		Example: `  pacsuat synth --kind "CT chest" --images 120 --out study/`,
		Args:    cobra.NoArgs,
		RunE:    func(c *cobra.Command, _ []string) error { return a.synth(c.Context(), &f) },
	}
	c.Flags().StringVar(&f.kind, "kind", "", "kind of study, such as \"CT chest\" (required)")
	c.Flags().IntVar(&f.images, "images", 1, "number of images")
	c.Flags().StringVar(&f.out, "out", "", "folder for the files (`DIR`, required)")
	c.Flags().Uint64Var(&f.seed, "seed", 1, "seed of the content")
	c.Flags().StringVar(&f.asOf, "as-of", "", "date of the study, YYYY-MM-DD (default today)")
	c.Flags().StringVar(&f.nonce, "run-nonce", "", "nonce of the identity (default: a new one)")
	return c
}

func (a *app) synth(ctx context.Context, f *synthFlags) error {
	if f.kind == "" || f.out == "" {
		return usage("--kind and --out are required")
	}
	recipe, err := synth.RecipeNamed(f.kind)
	if err != nil {
		return configured(err)
	}
	asOf := time.Now()
	if f.asOf != "" {
		if asOf, err = time.Parse(time.DateOnly, f.asOf); err != nil {
			return usage("--as-of %q is no date; write it as YYYY-MM-DD", f.asOf)
		}
	}
	if f.nonce == "" {
		if f.nonce, err = newNonce(); err != nil {
			return err
		}
	}
	study, err := synth.NewStudy(synth.StudyRequest{
		Recipe: recipe, Images: f.images, Seed: f.seed, AsOf: asOf,
		Identity: synth.NewIdentity(f.nonce, "synth", f.kind, 1, synth.Fence{}),
	})
	if err != nil {
		return configured(err)
	}
	if err := os.MkdirAll(f.out, 0o777); err != nil {
		return configured(err)
	}
	var bytes int64
	for i, in := range study.Instances() {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := writeInstance(filepath.Join(f.out, fmt.Sprintf("%06d.dcm", i+1)), in); err != nil {
			return configured(err)
		}
		bytes += in.Size()
	}
	fmt.Fprintf(a.stdout, "%d images (%s) of %s, nonce %s, in %s\n", study.Len(), amount(bytes), study.Patient.ID, f.nonce, f.out)
	return nil
}

func writeInstance(name string, in *synth.Instance) (err error) {
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	return synth.WriteFile(file, in)
}
