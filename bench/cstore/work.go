package main

import (
	"fmt"
	"time"

	"pacsuat/synth"
)

// recipe is 512x512 samples of 16 bits: 512 KiB of pixels behind each header.
const recipe = "CT chest"

// work says which images are sent. It is enough to make them, so each process
// makes its own.
type work struct {
	Nonce  string
	Seed   uint64
	Images int
}

// asOf fixes the date of the study: figures must not depend on the day.
var asOf = time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC)

func (w work) study() (*synth.Study, error) {
	r, err := synth.RecipeNamed(recipe)
	if err != nil {
		return nil, err
	}
	return synth.NewStudy(synth.StudyRequest{
		Recipe: r, Images: w.Images, Series: 1, Seed: w.Seed, AsOf: asOf,
		Identity: synth.NewIdentity(w.Nonce, "bench", "C-STORE", 1, synth.Fence{}),
	})
}

// studyBytes is the length of all data sets of a study.
func studyBytes(s *synth.Study) int64 {
	bytes, err := s.Bytes()
	if err != nil {
		return 0 // a study that was made has a size
	}
	return bytes
}

// share is the images, from and up to, that one of several associations sends.
func share(images, associations, association int) (from, to int) {
	return association * images / associations, (association + 1) * images / associations
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) }
