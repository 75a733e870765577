package synth

import (
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
	"sync"

	"github.com/agnivade/levenshtein"
)

// Storage SOP Class UIDs of the recipes, PS3.4 B.5. This package may not import
// the DIMSE layer, which names all of them.
const (
	crImageStorage           = "1.2.840.10008.5.1.4.1.1.1"
	dxImageForPresentation   = "1.2.840.10008.5.1.4.1.1.1.1"
	ctImageStorage           = "1.2.840.10008.5.1.4.1.1.2"
	mrImageStorage           = "1.2.840.10008.5.1.4.1.1.4"
	usImageStorage           = "1.2.840.10008.5.1.4.1.1.6.1"
	usMultiFrameImageStorage = "1.2.840.10008.5.1.4.1.1.3.1"
	basicTextSRStorage       = "1.2.840.10008.5.1.4.1.1.88.11"
)

// Recipe says what one kind of study is made of. Take one from Recipes or
// RecipeNamed; the matrix (Rows, Columns), Frames of a multi-frame one and the
// realistic numbers may then be changed, everything else is checked by NewStudy.
type Recipe struct {
	Name        string // as features write it: "CT chest"
	Modality    string // (0008,0060)
	SOPClassUID string // of every instance of the study
	BodyPart    string // Body Part Examined
	Description string // Study Description

	// The pixel module; all zero for documents.
	Rows, Columns             int
	Frames                    int // in one instance; 1 unless multi-frame
	SamplesPerPixel           int
	BitsAllocated, BitsStored int
	PhotometricInterpretation string

	// DistinctFrames is how many different base pictures there are of each view;
	// instances beyond that number share their ground and differ in their stamp.
	DistinctFrames int

	// RealisticImages and RealisticSeries are the mean instances and series of
	// a real study of this kind; see Size.
	RealisticImages, RealisticSeries int

	kind *kind
}

// kind is what a recipe does that its figures do not say.
type kind struct {
	views    int // how many different projections or weightings paint knows
	secondly int // tenths of a second from one instance to the next
	paint    func(*canvas, picture)
	describe func(*header) // adds what the IOD wants beyond the common modules

	// instance adds what of it is different in each instance of a series. With
	// it, describe must depend on the series only: see pattern. Without it (nil)
	// describe does all.
	instance func(*header)
}

// Recipes returns the catalogue in a fixed order. The slice is the caller's.
//
// The matrices of CR, DX and US are smaller than real ones (a DX of 3000 by
// 3000 is 18 MB) so that no instance exceeds 1 MB: an acceptance run judges
// whether objects are kept whole, which does not depend on their size, on four
// systems at once on a laptop. CT and MR have their real matrix.
func Recipes() []Recipe { return slices.Clone(catalogue()) }

// catalogue is made once, so that a receiver that verifies many stamps does not
// make it for each.
var catalogue = sync.OnceValue(func() []Recipe {
	return []Recipe{
		{Name: "CR chest", Modality: "CR", SOPClassUID: crImageStorage, BodyPart: "CHEST", Description: "XR CHEST",
			Rows: 768, Columns: 640, Frames: 1, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12,
			PhotometricInterpretation: "MONOCHROME2", DistinctFrames: 4, RealisticImages: 2, RealisticSeries: 1,
			kind: &kind{views: 1, secondly: 450, paint: paintChestRadiograph, describe: describeCR}},
		{Name: "DX chest PA+LAT", Modality: "DX", SOPClassUID: dxImageForPresentation, BodyPart: "CHEST", Description: "XR CHEST PA AND LATERAL",
			Rows: 704, Columns: 704, Frames: 1, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12,
			PhotometricInterpretation: "MONOCHROME2", DistinctFrames: 3, RealisticImages: 2, RealisticSeries: 2,
			kind: &kind{views: 2, secondly: 600, paint: paintChestRadiograph, describe: describeDX}},
		{Name: "CT chest", Modality: "CT", SOPClassUID: ctImageStorage, BodyPart: "CHEST", Description: "CT CHEST WITH CONTRAST",
			Rows: 512, Columns: 512, Frames: 1, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12,
			PhotometricInterpretation: "MONOCHROME2", DistinctFrames: 64, RealisticImages: 800, RealisticSeries: 6,
			kind: &kind{views: 1, secondly: 1, paint: paintChestCT, describe: describeCT, instance: placeCT}},
		{Name: "MR knee", Modality: "MR", SOPClassUID: mrImageStorage, BodyPart: "KNEE", Description: "MR KNEE RIGHT",
			Rows: 256, Columns: 256, Frames: 1, SamplesPerPixel: 1, BitsAllocated: 16, BitsStored: 12,
			PhotometricInterpretation: "MONOCHROME2", DistinctFrames: 24, RealisticImages: 500, RealisticSeries: 10,
			kind: &kind{views: len(kneeWeightings), secondly: 5, paint: paintKneeMR, describe: describeMR, instance: placeMR}},
		{Name: "US abdomen", Modality: "US", SOPClassUID: usImageStorage, BodyPart: "ABDOMEN", Description: "US ABDOMEN",
			Rows: 480, Columns: 640, Frames: 1, SamplesPerPixel: 3, BitsAllocated: 8, BitsStored: 8,
			PhotometricInterpretation: "RGB", DistinctFrames: 8, RealisticImages: 40, RealisticSeries: 1,
			kind: &kind{views: 1, secondly: 150, paint: paintAbdomenUS, describe: describeUS}},
		{Name: "US cine", Modality: "US", SOPClassUID: usMultiFrameImageStorage, BodyPart: "HEART", Description: "ECHOCARDIOGRAM",
			Rows: 240, Columns: 320, Frames: 10, SamplesPerPixel: 1, BitsAllocated: 8, BitsStored: 8,
			PhotometricInterpretation: "MONOCHROME2", DistinctFrames: 4, RealisticImages: 5, RealisticSeries: 1,
			kind: &kind{views: 1, secondly: 300, paint: paintHeartCine, describe: describeUS}},
		{Name: "SR basic text report", Modality: "SR", SOPClassUID: basicTextSRStorage, BodyPart: "CHEST", Description: "XR CHEST REPORT",
			RealisticImages: 1, RealisticSeries: 1,
			kind: &kind{views: 1, secondly: 600, describe: describeSR}},
	}
})

// RecipeNamed returns the recipe of that name, ignoring case. The error of an
// unknown name lists the names and says which one may have been meant.
func RecipeNamed(name string) (Recipe, error) {
	var names []string
	best, distance := "", 1<<30
	for _, r := range catalogue() {
		if strings.EqualFold(r.Name, strings.TrimSpace(name)) {
			return r, nil
		}
		names = append(names, fmt.Sprintf("%q", r.Name))
		d := levenshtein.ComputeDistance(strings.ToLower(name), strings.ToLower(r.Name))
		if d < distance {
			best, distance = r.Name, d
		}
	}
	hint := ""
	if distance <= max(3, len(name)/2) {
		hint = fmt.Sprintf(", did you mean %q?", best)
	}
	return Recipe{}, fmt.Errorf("synth: no recipe is named %q%s (there are %s)", name, hint, strings.Join(names, ", "))
}

// HasPixels says whether instances of the recipe carry Pixel Data.
func (r Recipe) HasPixels() bool { return r.Rows > 0 }

// pixelBytes is the length of the Pixel Data of one instance without padding.
func (r Recipe) pixelBytes() int64 {
	return int64(r.Rows) * int64(r.Columns) * int64(r.Frames) * int64(r.SamplesPerPixel) * int64(r.BitsAllocated/8)
}

// sum names the recipe in stamps and caches.
func (r Recipe) sum() uint32 { return crc32.Checksum([]byte(r.Name), castagnoli) }

// maxPixelBytes bounds what one instance may take in memory here.
const maxPixelBytes = 128 << 20

func (r Recipe) check() error {
	if r.kind == nil {
		return fmt.Errorf("synth: recipe %q was not taken from Recipes or RecipeNamed", r.Name)
	}
	base, err := RecipeNamed(r.Name)
	if err != nil {
		return err
	}
	same := r
	same.Rows, same.Columns, same.RealisticImages, same.RealisticSeries = base.Rows, base.Columns, base.RealisticImages, base.RealisticSeries
	if base.Frames > 1 {
		same.Frames = base.Frames
	}
	if same != base || r.HasPixels() != base.HasPixels() {
		return fmt.Errorf("synth: recipe %q was changed in more than its matrix, frames and realistic numbers", r.Name)
	}
	if !r.HasPixels() {
		return nil
	}
	if r.Rows < 64 || r.Columns < 64 || r.Rows > 65535 || r.Columns > 65535 || r.Frames < 1 || r.Frames > 10000 {
		return fmt.Errorf("synth: recipe %q: %d rows, %d columns, %d frames cannot be painted (64 to 65535 rows and columns, 1 to 10000 frames)", r.Name, r.Rows, r.Columns, r.Frames)
	}
	if n := r.pixelBytes(); n > maxPixelBytes {
		return fmt.Errorf("synth: recipe %q: pixel data of %d bytes, more than %d", r.Name, n, int64(maxPixelBytes))
	}
	return nil
}
