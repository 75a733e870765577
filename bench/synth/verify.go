package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/cespare/xxhash/v2"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/synth"
)

// expected is what must arrive, as far as it is known beforehand.
type expected struct {
	// images are the numbers, from 0, of the images by their SOP Instance UIDs; nil
	// where there are too many to know them.
	images map[string]int

	// times is how often each of them must arrive, by number.
	times []int
}

// expect returns what must arrive of a study of which the images are sent in
// turn, as many as sent.
func expect(study *synth.Study, sent int) expected {
	e := expected{images: make(map[string]int, study.Len()), times: make([]int, study.Len())}
	for i := range study.Len() {
		e.images[study.SOPInstanceUID(i)] = i
	}
	for i := range sent {
		e.times[i%study.Len()]++
	}
	return e
}

// verifier looks at everything that arrives in one run, on all connections.
type verifier struct {
	expected
	hashPixels bool

	mu       sync.Mutex
	all      arrivals
	problems []error
}

// arrivals is what came on some connections.
type arrivals struct {
	tally
	images []int    // their numbers
	uids   []uint64 // hashes of the SOP Instance UIDs
	stamps []uint64 // hashes of what the stamps name
	pixels []uint64 // hashes of the whole pixel data
	frames int64
}

// taker looks at what comes on one connection.
type taker struct {
	v *verifier
	arrivals
}

// done adds what came on the connection to the whole.
func (t *taker) done() {
	t.v.mu.Lock()
	defer t.v.mu.Unlock()
	all := &t.v.all
	all.add(t.tally)
	all.images = append(all.images, t.images...)
	all.uids = append(all.uids, t.uids...)
	all.stamps = append(all.stamps, t.stamps...)
	all.pixels = append(all.pixels, t.pixels...)
	all.frames += t.frames
}

// take looks at an instance and notes what is wrong with it.
func (t *taker) take(instance []byte) {
	t.Instances++
	t.Bytes += int64(len(instance))
	if err := t.check(instance); err != nil {
		t.v.note(err)
	}
}

// check parses the header, and proves the pixels by their stamps: each is there,
// says which instance this is, and sums all other samples of its frame.
func (t *taker) check(instance []byte) error {
	set, err := dataset.Parse(instance, dataset.ExplicitVRLittleEndian, dataset.Limits{MaxValueBytes: maxInstance})
	if err != nil {
		return fmt.Errorf("an instance cannot be read: %w", err)
	}
	uid := set.String(dataset.SOPInstanceUID)
	if uid == "" {
		return errors.New("an instance has no SOP Instance UID")
	}
	var pixel []byte
	if e, ok := set.Get(dataset.PixelData); ok {
		pixel = e.Value
	}
	t.Headers += xxhash.Sum64(instance[:len(instance)-len(pixel)])
	t.uids = append(t.uids, xxhash.Sum64String(uid))
	if pixel == nil {
		return nil // a document
	}
	stamp, err := synth.VerifyStamp(pixel)
	if err == nil {
		err = stamp.Verify(pixel)
	}
	if err != nil {
		return fmt.Errorf("instance %s: %w", uid, err)
	}
	t.frames += int64(stamp.Frames)
	t.stamps = append(t.stamps, named(stamp))
	if t.v.hashPixels {
		t.pixels = append(t.pixels, xxhash.Sum64(pixel))
	}
	if t.v.images == nil {
		return nil
	}
	number, ok := t.v.images[uid]
	switch {
	case !ok:
		return fmt.Errorf("instance %s is none of those that are sent", uid)
	case stamp.Number != number || stamp.Series != 0 || stamp.Study != 0:
		return fmt.Errorf("instance %s is image %d and has the pixels of %s", uid, number+1, stamp)
	}
	t.images = append(t.images, number)
	return nil
}

// named is a number for what a stamp names, another for each instance.
func named(s synth.Stamp) uint64 {
	b := append(make([]byte, 0, 128), s.Recipe...)
	for _, n := range []uint64{s.Seed, uint64(s.Study), uint64(s.Series), uint64(s.Number), uint64(s.Variant)} {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	return xxhash.Sum64(b)
}

func (v *verifier) note(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, err)
}

// mentioned is how many problems a conclusion lists.
const mentioned = 10

// conclude says what was missing, too much or different. different is how many
// of the instances that were sent differ from each other, and pictures how many
// of these have pixels.
func (v *verifier) conclude(sent tally, different, pictures int) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	problems := slices.Clone(v.problems)
	bad := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if v.expected.images != nil {
		times := make([]int, len(v.times))
		for _, number := range v.all.images {
			times[number]++
		}
		for number, want := range v.times {
			if got := times[number]; got == 0 && want > 0 {
				bad("image %d is missing", number+1)
			} else if got != want {
				bad("image %d arrived %d times, expected %d", number+1, got, want)
			}
		}
	}
	if v.all.Instances != sent.Instances || v.all.Bytes != sent.Bytes {
		bad("%d instances of %d bytes arrived, %d of %d bytes were sent", v.all.Instances, v.all.Bytes, sent.Instances, sent.Bytes)
	}
	if v.all.Headers != sent.Headers {
		bad("headers arrived that are not those that were sent: the sums of their hashes differ")
	}
	if n := distinct(v.all.uids); n != different {
		bad("%d different SOP Instance UIDs arrived, expected %d", n, different)
	}
	if n := distinct(v.all.stamps); n != pictures {
		bad("the stamps of %d different instances arrived, expected %d", n, pictures)
	}
	if n := distinct(v.all.pixels); v.hashPixels && n != pictures {
		bad("%d different pixel hashes arrived, expected %d", n, pictures)
	}
	if more := len(problems) - mentioned; more > 0 {
		problems = append(problems[:mentioned:mentioned], fmt.Errorf("and %d more problems", more))
	}
	return errors.Join(problems...)
}

// distinct counts different numbers. It sorts them.
func distinct(all []uint64) int {
	slices.Sort(all)
	n := 0
	for i, h := range all {
		if i == 0 || h != all[i-1] {
			n++
		}
	}
	return n
}
