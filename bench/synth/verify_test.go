package main

import (
	"bytes"
	"context"
	"net"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"

	"pacsuat/synth"
)

func testStudy(t *testing.T, images int) *synth.Study {
	t.Helper()
	study, err := work{Nonce: "test", Seed: 7, Images: images}.study()
	if err != nil {
		t.Fatal(err)
	}
	return study
}

// flat returns the data sets of a study, each in one piece, and their tally.
func flat(t *testing.T, study *synth.Study) (all [][]byte, sent tally) {
	t.Helper()
	for in, err := range study.Instances() {
		if err != nil {
			t.Fatal(err)
		}
		m := newMessage(in.Segments)
		sent.add(m.tally)
		all = append(all, bytes.Join(in.Segments, nil))
	}
	if len(all) != study.Len() {
		t.Fatalf("%d of %d instances were made", len(all), study.Len())
	}
	return all, sent
}

const pixelBytes = 512 << 10

// A check that cannot fail is not a check.
func TestVerifierFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	const images = 3
	study := testStudy(t, images)
	for _, test := range []struct {
		name  string
		spoil func([][]byte) [][]byte
		want  string
	}{
		{"nothing", func(all [][]byte) [][]byte { return all }, ""},
		{"another order", func(all [][]byte) [][]byte { slices.Reverse(all); return all }, ""},
		{"missing", func(all [][]byte) [][]byte { return all[1:] }, "image 1 is missing"},
		{"twice", func(all [][]byte) [][]byte { return append(all, all[1]) }, "image 2 arrived 2 times"},
		{"one instead of another", func(all [][]byte) [][]byte { all[2] = all[1]; return all }, "2 different pixel hashes"},
		{"stamp", func(all [][]byte) [][]byte { all[0][len(all[0])-pixelBytes+2*30] ^= 1; return all }, "stamp in the pixel data was altered"},
		{"no stamp", func(all [][]byte) [][]byte { clear(all[0][len(all[0])-pixelBytes:]); return all }, "no stamp"},
		{"sample", func(all [][]byte) [][]byte { all[0][len(all[0])-1000] ^= 1; return all }, "outside its stamp were altered"},
		{"UID", func(all [][]byte) [][]byte {
			uid := []byte(study.SOPInstanceUID(0))
			at := bytes.Index(all[0], uid)
			all[0][at+len(uid)-1] ^= 1
			return all
		}, "none of those that are sent"},
		{"another value of the header", func(all [][]byte) [][]byte {
			all[0][bytes.Index(all[0], []byte("SYNTHETIC CONTRAST"))] = 'Z'
			return all
		}, "headers arrived that are not those"},
		{"header that cannot be read", func(all [][]byte) [][]byte {
			all[0][bytes.Index(all[0], []byte("UI"))] = 'u'
			return all
		}, "an instance cannot be read"},
		{"cut", func(all [][]byte) [][]byte { all[0] = all[0][:len(all[0])-2]; return all }, "an instance cannot be read"},
		{"empty", func(all [][]byte) [][]byte { all[0] = nil; return all }, "no SOP Instance UID"},
		{"no pixels", func(all [][]byte) [][]byte { all[0] = all[0][:len(all[0])-pixelBytes-12]; return all }, "image 1 is missing"},
		{"pixels of another", func(all [][]byte) [][]byte {
			copy(all[0][len(all[0])-pixelBytes:], all[1][len(all[1])-pixelBytes:])
			return all
		}, "has the pixels of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			all, sent := flat(t, study)
			v := &verifier{expected: expect(study, images), hashPixels: true}
			// Two connections, so that what each has seen is put together.
			takers := []*taker{{v: v}, {v: v}}
			for i, instance := range test.spoil(all) {
				takers[i%2].take(instance)
			}
			takers[0].done()
			takers[1].done()
			err := v.conclude(sent, images, images)
			if test.want == "" && err != nil {
				t.Error(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, expected an error with %q", err, test.want)
			}
		})
	}
}

// Where nothing is known beforehand, as of a day, it is told all the same.
func TestVerifierOfUnknown(t *testing.T) {
	t.Parallel()
	const images = 2
	study := testStudy(t, images)
	for _, test := range []struct {
		name  string
		spoil func([][]byte) [][]byte
		want  string
	}{
		{"nothing", func(all [][]byte) [][]byte { return all }, ""},
		{"missing", func(all [][]byte) [][]byte { return all[1:] }, "1 instances of"},
		{"one instead of another", func(all [][]byte) [][]byte { all[1] = all[0]; return all }, "1 different SOP Instance UIDs"},
		{"pixels of another", func(all [][]byte) [][]byte {
			copy(all[0][len(all[0])-pixelBytes:], all[1][len(all[1])-pixelBytes:])
			return all
		}, "the stamps of 1 different instances"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			all, sent := flat(t, study)
			v := &verifier{}
			k := &taker{v: v}
			for _, instance := range test.spoil(all) {
				k.take(instance)
			}
			k.done()
			err := v.conclude(sent, images, images)
			if test.want == "" && err != nil {
				t.Error(err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, expected an error with %q", err, test.want)
			}
		})
	}
}

// Of a ring each message must arrive as often as it was sent.
func TestExpectRing(t *testing.T) {
	t.Parallel()
	e := expect(testStudy(t, 3), 7)
	if !slices.Equal(e.times, []int{3, 2, 2}) || len(e.images) != 3 {
		t.Errorf("expected %d times, of %d images", e.times, len(e.images))
	}
	var from []int
	for c := range 3 {
		a, b := share(10, 3, c)
		from = append(from, a, b)
	}
	if !slices.Equal(from, []int{0, 3, 3, 6, 6, 10}) {
		t.Errorf("shares of 10 images are %d", from)
	}
}

func TestProblemsAreCounted(t *testing.T) {
	t.Parallel()
	v := &verifier{expected: expect(testStudy(t, 30), 30)}
	err := v.conclude(tally{}, 0, 0)
	if err == nil || strings.Count(err.Error(), "\n") != mentioned || !strings.HasSuffix(err.Error(), "and 20 more problems") {
		t.Errorf("got %v", err)
	}
}

// pipe is both ends of a TCP connection.
func pipe(t *testing.T) (to *sendingEnd, from *net.TCPConn) {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if to, err = dial(t.Context(), l.Addr().String()); err != nil {
		t.Fatal(err)
	}
	if from, err = l.AcceptTCP(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = to.conn.Close(), from.Close() })
	return to, from
}

func TestWire(t *testing.T) {
	t.Parallel()
	to, from := pipe(t)
	segments := [][]byte{[]byte("head"), make([]byte, 100_000), []byte("tail")}
	var got []string
	var group errgroup.Group
	group.Go(func() error {
		return receive(from, func(b []byte) { got = append(got, string(b)) })
	})
	group.Go(func() error {
		if err := to.instance(segments); err != nil {
			return err
		}
		if err := to.write(newMessage(segments[:1])); err != nil {
			return err
		}
		return to.finish()
	})
	if err := group.Wait(); err != nil {
		t.Fatal(err)
	}
	if want := []string{string(bytes.Join(segments, nil)), "head"}; !slices.Equal(got, want) {
		t.Errorf("%d instances arrived, or not as they were sent", len(got))
	}
	if to.Instances != 2 || to.Bytes != 100_012 {
		t.Errorf("counted %+v", to.tally)
	}
	if slices.ContainsFunc(to.message.buffers, func(b []byte) bool { return b != nil }) {
		t.Error("what was sent is held")
	}
}

// What is wrong on a connection is an error of both sides.
func TestWireFails(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, raw, want string
	}{
		{"cut in a length", "\x00\x00\x00", "unexpected EOF"},
		{"cut in an instance", "\x00\x00\x00\x00\x00\x00\x00\x09short", "is cut"},
		{"too long", "\x7F\x00\x00\x00\x00\x00\x00\x00", "at most"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			to, from := pipe(t)
			if _, err := to.conn.Write([]byte(test.raw)); err != nil {
				t.Fatal(err)
			}
			if err := to.conn.CloseWrite(); err != nil {
				t.Fatal(err)
			}
			if err := receive(from, func([]byte) {}); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	to, from := pipe(t)
	to.Instances = 3
	var group errgroup.Group
	group.Go(func() error { return receive(from, func([]byte) {}) })
	if err := to.finish(); err == nil || !strings.Contains(err.Error(), "0 of 3") {
		t.Errorf("got %v where fewer arrived than were sent", err)
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
	if _, err := dial(context.Background(), "127.0.0.1:1"); err == nil {
		t.Error("connected to nobody")
	}
}
