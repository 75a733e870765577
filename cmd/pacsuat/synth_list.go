package main

import (
	"fmt"
	"strings"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth"
	"pacsuat/synth/phantom"
)

// listSynth prints what can be made.
func (a *app) listSynth(recipes []synth.Recipe) error {
	sizes, err := synth.NewSizes(recipes)
	if err != nil {
		return configured(err)
	}
	fmt.Fprintf(a.stdout, "Kinds of studies (--kind), with the images and size of a realistic one:\n\n")
	for _, r := range recipes {
		n := fmt.Sprint(r.Images.Mean)
		if r.Images.Spread != synth.Exactly {
			n = "about " + n
		}
		fmt.Fprintf(a.stdout, "  %-32s %-10s %9s %10s  %s\n", r.Name, strings.Join(r.Modalities(), "/"), n, amount(sizes.Bytes(r.Name, r.Images.Mean)), compressed(r))
	}
	fmt.Fprintf(a.stdout, "\nAll can be sent as implicit, explicit and deflated, and as the compressed ones beside\nthem (--syntax):\n\n")
	for _, ts := range synth.Syntaxes() {
		fmt.Fprintf(a.stdout, "  %-20s %s\n", synth.SyntaxName(ts), ts.Name())
	}
	fmt.Fprintf(a.stdout, "\nCorner cases (--case):\n\n")
	for _, c := range synth.Cases() {
		note := ""
		if c.Bytes > 0 {
			note = " (" + amount(c.Bytes) + ")"
		}
		if c.Destructive {
			note += " - reuses identities: never for a system that keeps anything of worth"
		}
		fmt.Fprintf(a.stdout, "  %-32s %s%s\n", c.Name, c.Title, note)
	}
	fmt.Fprintf(a.stdout, "\nTraits (--with), what is legal and often handled wrongly:\n\n")
	for _, t := range synth.Traits() {
		fmt.Fprintf(a.stdout, "  %s\n", string(t))
	}
	fmt.Fprintf(a.stdout, "\nFor recipes of your own (--recipes): objects, and phantoms with their views:\n\n")
	for _, o := range synth.Objects() {
		fmt.Fprintf(a.stdout, "  %s\n", o)
	}
	fmt.Fprintln(a.stdout)
	for _, p := range phantom.All() {
		fmt.Fprintf(a.stdout, "  %-26s %s\n", p.Name, strings.Join(p.Views, ", "))
	}
	return nil
}

// compressed lists the compressed syntaxes of a recipe by families.
func compressed(r synth.Recipe) string {
	if !r.HasPixels() {
		return ""
	}
	var out []string
	for _, ts := range r.Syntaxes() {
		family, _, _ := strings.Cut(synth.SyntaxName(ts), "-")
		switch ts {
		case dataset.JPEGLSLossless, dataset.JPEGLSNearLossless:
			family = "jpeg-ls"
		case dataset.JPEG2000Lossless, dataset.JPEG2000:
			family = "jpeg-2000"
		}
		if ts.IsEncapsulated() && (len(out) == 0 || out[len(out)-1] != family) {
			out = append(out, family)
		}
	}
	return strings.Join(out, " ")
}
