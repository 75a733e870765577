package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"time"

	"github.com/suyashkumar/dicom"
	"github.com/suyashkumar/dicom/pkg/tag"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth"
)

// parsedImages is how many different data sets dicomWriter has in memory.
const parsedImages = 8

// dicomWriter writes Part 10 files of the same images with
// github.com/suyashkumar/dicom, which takes no data sets but those in memory: it
// has some, and gives each another SOP Instance UID before it writes it.
func (j job) dicomWriter() (runner, error) {
	study, err := j.painted()
	if err != nil {
		return nil, err
	}
	var sets []dicom.Dataset
	var file bytes.Buffer
	for i := range min(study.Len(), parsedImages) {
		in, err := study.Instance(i)
		if err != nil {
			return nil, err
		}
		file.Reset()
		if err := synth.WriteFile(&file, in); err != nil {
			return nil, err
		}
		set, err := dicom.ParseUntilEOF(bytes.NewReader(file.Bytes()), nil)
		if err != nil {
			return nil, fmt.Errorf("dicom.Parse of image %d: %w", i+1, err)
		}
		sets = append(sets, set)
	}
	return j.writer(func(i int, to *bytes.Buffer) error {
		set := sets[i%len(sets)]
		if err := rename(set, study.SOPInstanceUID(i)); err != nil {
			return err
		}
		return dicom.Write(to, set)
	}), nil
}

// rename gives a data set another SOP Instance UID.
func rename(set dicom.Dataset, uid string) error {
	for i, e := range set.Elements {
		if e.Tag == tag.SOPInstanceUID || e.Tag == tag.MediaStorageSOPInstanceUID {
			other, err := dicom.NewElement(e.Tag, []string{uid})
			if err != nil {
				return err
			}
			set.Elements[i] = other
		}
	}
	return nil
}

// synthWriter writes Part 10 files of images that it makes.
func (j job) synthWriter() (runner, error) {
	study, err := j.painted()
	if err != nil {
		return nil, err
	}
	return j.writer(func(i int, to *bytes.Buffer) error {
		in, err := study.Instance(i)
		if err != nil {
			return err
		}
		return synth.WriteFile(to, in)
	}), nil
}

// writer writes each image into the same memory, and reads the last one: it must
// have its SOP Instance UID, and the samples that its stamp proves.
func (j job) writer(write func(i int, to *bytes.Buffer) error) runner {
	study, err := j.study()
	var file bytes.Buffer
	return func(context.Context, string) (report, error) {
		var r report
		if err != nil {
			return r, err
		}
		for i := range j.Images {
			file.Reset()
			if err := write(i, &file); err != nil {
				return r, fmt.Errorf("image %d: %w", i+1, err)
			}
			r.Instances++
			r.Bytes += int64(file.Len())
		}
		return r, readBack(file.Bytes(), study.SOPInstanceUID(j.Images-1))
	}
}

// readBack parses a Part 10 file.
func readBack(file []byte, uid string) error {
	meta, set, err := dataset.ParseFile(file, dataset.Limits{})
	if err != nil {
		return fmt.Errorf("reading what was written: %w", err)
	}
	if got := set.String(dataset.SOPInstanceUID); got != uid || meta.SOPInstanceUID != uid {
		return fmt.Errorf("what was written has the SOP Instance UID %s, and %s in its file meta information, expected %s", got, meta.SOPInstanceUID, uid)
	}
	pixel, ok := set.Get(dataset.PixelData)
	if !ok {
		return fmt.Errorf("what was written as %s has no pixels", uid)
	}
	stamp, err := synth.VerifyStamp(pixel.Value)
	if err != nil {
		return fmt.Errorf("what was written as %s: %w", uid, err)
	}
	return stamp.Verify(pixel.Value)
}

// dicomImages bounds what is written with suyashkumar/dicom each time.
const dicomImages = 40

// measureDICOM compares what is written into memory.
func measureDICOM(ctx context.Context, w work, o options, out io.Writer) error {
	few := w
	few.Images = min(w.Images, dicomImages)
	fmt.Fprintf(out, "Part 10 files of such images into memory, by one goroutine; medians of %d runs, interleaved A B B A\n\n", 2*o.rounds)
	theirs, ours := &row{name: "dicom.Write"}, &row{name: "synth"}
	alone := func(_ context.Context, p *process) (report, time.Duration, error) {
		r, err := p.run("")
		return r, 0, err
	}
	err := alternate(ctx, o.rounds,
		side{theirs, &job{work: few, Kind: dicomMemory}, alone},
		side{ours, &job{work: w, Kind: synthMemory, Profile: o.profile}, alone})
	if err != nil {
		return err
	}
	table := newTable(out, "writer", "images", "images/s", "(slowest-quickest)", "MB/s", "CPU s/GB")
	for _, r := range []*row{theirs, ours} {
		m := r.median()
		_ = table.Append(r.name, fmt.Sprint(r.images), fmt.Sprintf("%.0f", r.imagesPerSecond(m.elapsed)), r.spread(r.imagesPerSecond),
			fmt.Sprintf("%.0f", r.megabytesPerSecond(m.elapsed)), figure(r.perGigabyte(m.cpu)))
	}
	_ = table.Render()
	fmt.Fprintf(out, "\nsynth makes and writes %.0f times as many images a second as %s writes that it has in memory.\n",
		ours.imagesPerSecond(ours.median().elapsed)/theirs.imagesPerSecond(theirs.median().elapsed), theirs.name)
	return nil
}
