package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// The sender is this program again, so the test's binary has to be it too.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == sendArgument {
		main()
	}
	// A process with the race detector waits a second at its end, each of ours too.
	if err := os.Setenv("GORACE", os.Getenv("GORACE")+" atexit_sleep_ms=0"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// small is enough images to cross every path.
const small = 2

func smallVerifier(t *testing.T) (*verifier, work) {
	t.Helper()
	w := work{Nonce: "test", Seed: 7, Images: small}
	study, err := w.study()
	if err != nil {
		t.Fatal(err)
	}
	v, err := newVerifier(study)
	if err != nil {
		t.Fatal(err)
	}
	return v, w
}

func TestCompareWithDCMTK(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("storescu"); err != nil {
		if slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), "dcmtk") {
			t.Fatal("PACSUAT_REQUIRE names dcmtk, and DCMTK's storescu is not installed")
		}
		t.Skip("DCMTK's storescu is not installed (Debian package dcmtk)")
	}
	var out bytes.Buffer
	o := options{images: small, rounds: 1, associations: []int{1, 2}, seed: 1}
	if err := measure(t.Context(), o, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{
		`1 +│ storescu`, `1 +│ pacsuat`, `1 +│ ratio`, `2 +│ storescu`, `2 +│ pacsuat`, `2 +│ ratio`,
		`(?m)^1 association.*verified 2 of 2$`, `(?m)^2 associations.*verified 2 of 2$`, `DCMTK v\d`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("%s is missing in\n%s", want, &out)
		}
	}
}

func TestVerifyOwnSender(t *testing.T) {
	t.Parallel()
	v, w := smallVerifier(t)
	r, err := verify(t.Context(), v, w, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.conclude(); err != nil || v.verified() != small || r.Images != small || r.Elapsed <= 0 {
		t.Errorf("verified %d, reported %+v, %v", v.verified(), r, err)
	}
	if want := int64(small) * 512 << 10; r.Bytes < want || r.Bytes > want+small*4096 {
		t.Errorf("%d bytes of data sets", r.Bytes)
	}
}

// A check that cannot fail is not a check.
func TestVerifierFindsWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, w := smallVerifier(t)
	study, err := w.study()
	if err != nil {
		t.Fatal(err)
	}
	type image struct {
		uid  string
		body []byte
	}
	for _, test := range []struct {
		name  string
		spoil func([]image) []image
		want  string
	}{
		{"nothing", func(all []image) []image { return all }, ""},
		{"missing", func(all []image) []image { return all[1:] }, "is missing"},
		{"twice", func(all []image) []image { return append(all, all[0]) }, "arrived twice"},
		{"unknown", func(all []image) []image { return append(all, image{"1.2.3", all[0].body}) }, "none of ours"},
		{"header", func(all []image) []image { all[0].body[20]++; return all }, "another header"},
		{"sample", func(all []image) []image { all[0].body[len(all[0].body)-1000] ^= 1; return all }, "altered"},
		{"cut", func(all []image) []image { all[0].body = all[0].body[:len(all[0].body)-2]; return all }, "bytes long"},
		{"pixels of another", func(all []image) []image {
			n := 512 << 10
			copy(all[0].body[len(all[0].body)-n:], all[1].body[len(all[1].body)-n:])
			return all
		}, "has the pixels of"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var all []image
			for i := range study.Len() {
				in, err := study.Instance(i)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, image{in.SOPInstanceUID, bytes.Join(in.Segments, nil)})
			}
			v, err := newVerifier(study)
			if err != nil {
				t.Fatal(err)
			}
			for _, im := range test.spoil(all) {
				if err := v.check(im.uid, im.body); err != nil {
					v.note(err)
				}
			}
			err = v.conclude()
			if test.want == "" && (err != nil || v.verified() != small) {
				t.Errorf("verified %d of %d, %v", v.verified(), small, err)
			}
			if test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("got %v, expected an error with %q", err, test.want)
			}
		})
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-associations", "0"}, {"-associations", "x"}, {"-images", "10", "-associations", "4"}, {"-rounds", "0"}, {"more"}, {"-unknown"},
	} {
		var out, stderr bytes.Buffer
		if code := command(args, nil, &out, &stderr); code != exitUsage || stderr.Len() == 0 || out.Len() > 0 {
			t.Errorf("%q: exit code %d, said %q", args, code, &stderr)
		}
	}
}

// A sender whose receiver is not there fails, and says so.
func TestSenderFails(t *testing.T) {
	t.Parallel()
	p, err := startSender(t.Context(), job{work: work{Nonce: "n", Images: 1}, Address: "127.0.0.1:1", CalledAE: "NOBODY", Associations: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := p.run(); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v", err)
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	got := median([]sample{{elapsed: 5, cpu: 1}, {elapsed: 1, cpu: 9}, {elapsed: 3, cpu: 4}, {elapsed: 100, cpu: 2}})
	if got.elapsed != 4*time.Nanosecond || got.cpu != 3*time.Nanosecond {
		t.Errorf("got %+v", got)
	}
}

// Who is the bottleneck is said where somebody is.
func TestLimit(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name         string
		associations int
		m            sample
		want         string
	}{
		{"receiver", 1, sample{elapsed: 100, cpu: 50, receiver: 95}, "storescp is the bottleneck"},
		{"sender", 1, sample{elapsed: 100, cpu: 88, receiver: 40}, "the sender is the bottleneck"},
		{"machine", 4, sample{elapsed: 100, cpu: 95, receiver: 95}, "the machine is the bottleneck"},
		{"turns", 1, sample{elapsed: 100, cpu: 60, receiver: 55}, "wait for each other"},
		{"unknown", 1, sample{elapsed: 100, cpu: 60}, "cannot be told"},
	} {
		if got := test.m.limit(test.associations, 2); !strings.Contains(got, test.want) {
			t.Errorf("%s: %q, expected %q", test.name, got, test.want)
		}
	}
}

func TestNoDCMTK(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if err := measure(t.Context(), options{images: 1, rounds: 1, associations: []int{1}}, os.Stdout); !errors.Is(err, errNoDCMTK) {
		t.Errorf("got %v", err)
	}
}
