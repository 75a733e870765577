package main

import (
	"bufio"
	"fmt"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"

	"pacsuat/synth"
)

// A sheet has so many pictures in so many columns of tiles of so many pixels.
const (
	sheetPictures = 12
	sheetColumns  = 4
	sheetTile     = 320
)

// writeSheet writes a contact sheet of the first study.
func (a *app) writeSheet(name string, studies []*synth.Study) error {
	sheet, err := synth.Sheet(studies[0], sheetPictures, sheetColumns, sheetTile)
	if err != nil {
		return configured(err)
	}
	extension := strings.ToLower(filepath.Ext(name))
	if extension != ".png" && extension != ".jpg" {
		return usage("--sheet %s: expected a name that ends with .png or .jpg", name)
	}
	file, err := os.Create(name)
	if err != nil {
		return configured(err)
	}
	to := bufio.NewWriter(file)
	if extension == ".png" {
		err = png.Encode(to, sheet)
	} else {
		err = jpeg.Encode(to, sheet, &jpeg.Options{Quality: 85})
	}
	if err == nil {
		err = to.Flush()
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return configured(err)
	}
	fmt.Fprintf(a.stdout, "%s: %s of %q\n", name, count(studies[0].Len(), "image", "images"), studies[0].Recipe.Name)
	return nil
}
