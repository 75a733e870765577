package dicomtest

import (
	"bytes"
	"errors"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"
)

// sample is an association that is requested, accepted, used once and released.
func sample() *Recording {
	pdu := func(kind byte, body string) []byte {
		return append([]byte{kind, 0, 0, 0, 0, byte(len(body))}, body...)
	}
	accept := strings.Repeat("\x00", 68) + "\x21\x00\x00\x0b\x01\x00\x00\x00\x40\x00\x00\x031.2"
	return &Recording{About: []string{"a sample"}, PDUs: []PDU{
		{true, pdu(1, "request")},
		{false, pdu(2, accept)},
		{true, pdu(4, "\x00\x00\x00\x04\x01\x01co"+"\x00\x00\x00\x04\x01\x03mm")},
		{true, pdu(4, "\x00\x00\x00\x06\x01\x02data")},
		{true, pdu(5, "\x00\x00\x00\x00")},
		{false, pdu(6, "\x00\x00\x00\x00")},
	}}
}

func TestFormatIsParsed(t *testing.T) {
	t.Parallel()
	want := sample()
	want.PDUs[0].Bytes = append([]byte{1, 0, 0, 0, 0, 100}, bytes.Repeat([]byte{7}, 100)...)
	got, err := Parse(want.Format())
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%s", err, got.Format())
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"bytes of nobody":     "0500",
		"no hexadecimal":      "> A-RELEASE-RQ\n05zz",
		"a cut PDU":           "> A-RELEASE-RQ\n050000000004",
		"a cut header":        "> A-RELEASE-RQ\n0500",
		"two PDUs in one":     "> A-RELEASE-RQ\n0500000000040000000005000000000400000000",
		"a PDU beyond bounds": "> P-DATA-TF\n0400ffffffff",
	} {
		if r, err := Parse([]byte(text)); err == nil {
			t.Errorf("%s: %v", name, r.PDUs)
		}
	}
}

// What one side writes in pieces and the other reads in pieces is whole PDUs in
// the recording, in their order.
func TestRecorder(t *testing.T) {
	t.Parallel()
	want := sample()
	r := NewRecorder(want.About...)
	ours, theirs := net.Pipe()
	deadline(t, ours, theirs)
	watched := r.Requestor(ours)
	done := make(chan error, 1)
	go func() { done <- want.ReplayAcceptor(theirs) }()
	for _, p := range want.PDUs {
		for _, half := range [][]byte{p.Bytes[:4], p.Bytes[4:]} {
			var err error
			if p.FromRequestor {
				_, err = watched.Write(half)
			} else {
				_, err = io.ReadFull(watched, make([]byte, len(half)))
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = watched.Close()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if got, err := r.Recording(); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v\n%s", err, got.Format())
	}
	r.add(true, []byte{1, 0})
	if _, err := r.Recording(); err == nil {
		t.Error("a PDU that is not complete is no error")
	}
	r.add(false, []byte{1, 0, 255, 255, 255, 255, 0})
	if _, err := r.Recording(); err == nil || !strings.Contains(err.Error(), "not recorded") {
		t.Errorf("a PDU beyond bounds: %v", err)
	}
}

func TestReplayFindsWhatDiffers(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		alter func([]PDU) []PDU
		want  string
	}{
		{"nothing", func(p []PDU) []PDU { return p }, ""},
		{"one byte", func(p []PDU) []PDU { p[2].Bytes[9] = 9; return p }, "PDU 3 (P-DATA-TF): byte 9 differs"},
		{"another PDU", func(p []PDU) []PDU { p[4].Bytes[0] = 7; return p }, "PDU 5 (A-RELEASE-RQ): byte 0 differs"},
		{"fewer", func(p []PDU) []PDU { return p[:4] }, "PDU 5 (A-RELEASE-RQ): 0 of 10 bytes came"},
		{"more", func(p []PDU) []PDU { return append(p, PDU{true, p[0].Bytes}) }, "something is sent after it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			theirs, ours := net.Pipe()
			deadline(t, ours, theirs)
			other := &Recording{PDUs: test.alter(sample().PDUs)}
			go func() { // it may be cut off: what counts is what the replay says
				_ = other.ReplayRequestor(ours)
			}()
			err := sample().ReplayAcceptor(theirs)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("%v, expected %q", err, test.want)
			}
			var d *DifferenceError
			if strings.Contains(test.want, "differs") && (!errors.As(err, &d) || d.PDU == 0) {
				t.Errorf("%T", err)
			}
		})
	}
}

func deadline(t *testing.T, conns ...net.Conn) {
	for _, c := range conns {
		if err := c.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestMessages(t *testing.T) {
	t.Parallel()
	got, err := sample().messages()
	want := []message{{true, "1.2", []byte("comm")}, {false, "1.2", []byte("data")}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
	for _, cut := range [][]byte{
		{4, 0, 0, 0, 0, 3, 0, 0, 0}, {4, 0, 0, 0, 0, 6, 0, 0, 0, 9, 1, 1}, {2, 0, 0, 0, 0, 0},
		append([]byte{2, 0, 0, 0, 0, 72}, append(make([]byte, 68), 0x21, 0, 0, 9)...),
	} {
		if _, err := (&Recording{PDUs: []PDU{{true, cut}}}).messages(); err == nil {
			t.Errorf("% x is no error", cut)
		}
	}
}

// The recordings hold what decoders are to be fed with, from both peers and the
// tools, in both directions.
func TestRecordedSeeds(t *testing.T) {
	t.Parallel()
	all, err := Recordings()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"orthanc-echo", "orthanc-store", "orthanc-find", "orthanc-get", "orthanc-move", "orthanc-move-store", "orthanc-reject",
		"dcmqrscp-echo", "dcmqrscp-store", "dcmqrscp-find", "dcmqrscp-get", "dcmqrscp-move", "dcmqrscp-move-store", "dcmqrscp-reject",
		"echoscu", "storescu", "findscu", "movescu", "movescu-store", "getscu",
	} {
		r := all[name]
		if r == nil {
			t.Errorf("%s is missing", name)
			continue
		}
		directions := map[bool]bool{}
		for _, p := range r.PDUs {
			directions[p.FromRequestor] = true
		}
		if len(directions) != 2 {
			t.Errorf("%s holds one direction", name)
		}
	}
	s, err := RecordedSeeds()
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[byte]int{}
	for _, p := range s.PDUs {
		kinds[p[0]]++
	}
	for kind := byte(1); kind <= 6; kind++ {
		if kinds[kind] == 0 {
			t.Errorf("no %s", names[kind])
		}
	}
	if len(s.Commands) < 20 || len(s.DataSets) < 8 {
		t.Errorf("%d commands, %d data sets", len(s.Commands), len(s.DataSets))
	}
	for _, d := range s.DataSets {
		if d.TransferSyntax == "" {
			t.Errorf("a data set of %d bytes is of no transfer syntax", len(d.Bytes))
		}
	}
}
