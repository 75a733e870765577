package main

import (
	"fmt"
	"time"

	"pacsuat/synth"
)

// recipe is 512x512 samples of 16 bits: 512 KiB of pixels behind each header.
// It has 64 different frames.
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
		Identity: synth.NewIdentity(w.Nonce, "bench", "synth", 1, synth.Fence{}),
	})
}

// painted returns the study with its base frames painted: they are on first use,
// and stay in memory.
func (w work) painted() (*synth.Study, error) {
	study, err := w.study()
	if err != nil {
		return nil, err
	}
	for i := range min(study.Len(), study.Recipe.Series[0].Distinct) {
		if _, err := study.Instance(i); err != nil {
			return nil, err
		}
	}
	return study, nil
}

// large returns a study of one instance, which has as many frames as the work has
// images, with its base frames painted.
func (w work) large() (*synth.Study, error) {
	study, err := synth.NewStudy(synth.StudyRequest{
		Recipe: synth.Recipe{
			Name: "large CT", Description: "LARGE CT", BodyPart: "CHEST", Images: synth.Count{Mean: 1},
			Series: []synth.Series{{
				Object: "Enhanced CT", Phantom: "chest CT", Matrix: synth.Matrix{Columns: 512, Rows: 512}, Distinct: 64,
				Frames: synth.Range{From: w.Images, To: w.Images}, FieldMM: 400, SpacingMM: 1,
			}},
		},
		Images: 1, Seed: w.Seed, AsOf: asOf, Identity: synth.NewIdentity(w.Nonce, "bench", "large", 1, synth.Fence{}),
	})
	if err != nil {
		return nil, err
	}
	_, err = study.Instance(0)
	return study, err
}

// ringSize is how many messages a sender that makes none has in memory.
const ringSize = 128

// share is the images, from and up to, that one of several connections sends.
func share(images, connections, connection int) (from, to int) {
	return connection * images / connections, (connection + 1) * images / connections
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.0f MB", float64(bytes)/1e6) }

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
