package inbox_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/inbox"
	"pacsuat/internal/rundir"
)

const (
	class  = dimse.CTImageStorage
	cell   = "bk.move"
	sender = "BK"
)

// rig is an inbox with its file.
type rig struct {
	*testing.T
	ctx   context.Context
	dir   *rundir.Dir
	log   *rundir.Stream
	fence *rundir.Fence
	box   *inbox.Inbox
}

func listen(t *testing.T, failed func(error)) *rig {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	dir, err := rundir.Create(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	log, err := dir.Stream("here", rundir.InboxStream, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	fence := rundir.NewFence(nil)
	fence.Own(sender)
	box, err := inbox.Listen(context.WithoutCancel(ctx), inbox.Config{
		AETitle: "PACSUAT", Listen: "127.0.0.1:0", Log: log, Fence: fence, Failed: failed,
		Systems: func(ae string) []string {
			if ae == sender {
				return []string{"north-bk"}
			}
			return nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &rig{t, ctx, dir, log, fence, box}
}

// end closes the inbox and returns what it wrote.
func (r *rig) end(whole bool) []rundir.Record {
	r.Helper()
	if err := r.box.Close(r.ctx, 5*time.Millisecond, whole); err != nil {
		r.Error(err)
	}
	return r.written()
}

func (r *rig) written() []rundir.Record {
	r.Helper()
	if err := r.log.Close(); err != nil {
		r.Error(err)
	}
	var all []rundir.Record
	if err := r.dir.Records("here", func(_ string, rec *rundir.Record) error { all = append(all, *rec); return nil }); err != nil {
		r.Error(err)
	}
	return all
}

func (r *rig) dial(ae string) *scu.Client {
	r.Helper()
	c, err := scu.Dial(r.ctx, r.box.Addr().String(), ul.RequestorConfig{
		CallingAETitle: ae, CalledAETitle: "PACSUAT",
		Contexts: []ul.ProposedContext{{AbstractSyntax: class, TransferSyntaxes: []string{string(dataset.ImplicitVRLittleEndian)}}},
	})
	if err != nil {
		r.Fatal(err)
	}
	return c
}

func image(study, uid string) []byte {
	s := dataset.New()
	s.PutString(dataset.SOPClassUID, class)
	s.PutString(dataset.SOPInstanceUID, uid)
	s.PutString(dataset.StudyInstanceUID, study)
	s.PutBytes(dataset.PixelData, dataset.VROW, make([]byte, 64))
	b, err := s.Append(nil, dataset.ImplicitVRLittleEndian)
	if err != nil {
		panic(err)
	}
	return b
}

// send stores one image on an association of its own.
func (r *rig) send(ae, study, uid string, by ...uint16) dimse.Status {
	r.Helper()
	c := r.dial(ae)
	defer c.Close()
	rq := scu.StoreRequest{
		SOPClassUID: class, SOPInstanceUID: uid, TransferSyntax: dataset.ImplicitVRLittleEndian, DataSet: [][]byte{image(study, uid)},
	}
	if len(by) > 0 {
		rq.MoveOriginatorAETitle, rq.MoveOriginatorMessageID = "PACSUAT", by[0]
	}
	rsp, err := c.Store(r.ctx, rq)
	if err != nil {
		r.Fatal(err)
	}
	if err := c.Release(r.ctx); err != nil {
		r.Fatal(err)
	}
	return rsp.Status
}

func (r *rig) expect(scenario string, uids, studies []string, on func(inbox.Arrival) dimse.Status) *inbox.Claim {
	r.Helper()
	e := inbox.Expectation{Cell: cell, Scenario: scenario, Attempt: 1, SOPInstanceUIDs: uids, StudyInstanceUIDs: studies}
	if on != nil {
		e.On = func(_ context.Context, a inbox.Arrival) dimse.Status { return on(a) }
	}
	c, err := r.box.Expect(r.ctx, e)
	if err != nil {
		r.Fatal(err)
	}
	return c
}

func arrivals(all []rundir.Record) (out []rundir.Record) {
	for _, r := range all {
		if r.Arrival != nil {
			out = append(out, r)
		}
	}
	return out
}

func ended(all []rundir.Record) bool {
	return len(all) > 0 && all[len(all)-1].InboxEnd != nil
}

func TestRouting(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name                string
		study, uid          string
		by                  []uint16
		scenario, ae        string
		unclaimed           bool
		status              dimse.Status
		sopInstanceUID, who string // as written; "" = reduced
	}{
		{name: "by SOP Instance UID", study: "9.9", uid: "1.1", scenario: "one", ae: sender, who: sender},
		{name: "by study", study: "2", uid: "2.7", scenario: "two", ae: sender, who: sender},
		{name: "its own UID before its study", study: "2", uid: "1.1", scenario: "one", ae: sender, who: sender},
		{name: "by originator", study: "8", uid: "8.1", by: []uint16{7}, scenario: "two", ae: sender, who: sender},
		{name: "by another originator", study: "8", uid: "8.1", by: []uint16{8}, unclaimed: true, status: inbox.NotAuthorised, ae: sender, who: sender},
		{name: "nobody's", study: "8", uid: "8.1", unclaimed: true, status: inbox.NotAuthorised, ae: "STRANGER"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := listen(t, nil)
			var got []string
			note := func(scenario string) func(inbox.Arrival) dimse.Status {
				return func(inbox.Arrival) dimse.Status { got = append(got, scenario); return dimse.StatusSuccess }
			}
			one := r.expect("one", []string{"1.1", "1.2"}, []string{"1"}, note("one"))
			two := r.expect("two", []string{"2.1"}, []string{"2"}, note("two"))
			two.Originator("PACSUAT", 7)
			if status := r.send(test.ae, test.study, test.uid, test.by...); status != test.status {
				t.Errorf("answered %s, want %s", status, test.status)
			}
			one.Close()
			two.Close()
			written := r.end(true)
			all := arrivals(written)
			if len(all) != 1 || !ended(written) {
				t.Fatalf("records: %+v", written)
			}
			a := all[0]
			if a.Scenario != test.scenario || a.Arrival.Unclaimed != test.unclaimed || a.Arrival.Late {
				t.Errorf("written: %+v %+v", a, a.Arrival)
			}
			if test.unclaimed != (len(got) == 0) || !test.unclaimed && got[0] != test.scenario {
				t.Errorf("handled by %v", got)
			}
			if !strings.HasPrefix(a.Arrival.SOPInstanceUID, "#") {
				t.Errorf("a UID that this run did not make was written: %s", a.Arrival.SOPInstanceUID)
			}
			if test.who == "" && !strings.HasPrefix(a.Arrival.Sender, "#") || test.who != "" && a.Arrival.Sender != test.who {
				t.Errorf("sender written as %s", a.Arrival.Sender)
			}
		})
	}
}

func TestDoubledRefusedAndLate(t *testing.T) {
	t.Parallel()
	r := listen(t, nil)
	r.fence.Own("1.1", "1.2")
	refuse := true
	claim := r.expect("one", []string{"1.1", "1.2"}, []string{"1"}, func(a inbox.Arrival) dimse.Status {
		if a.SOPInstanceUID == "1.2" && refuse {
			refuse = false
			return dimse.StatusOutOfResources
		}
		return dimse.StatusSuccess
	})
	for _, uid := range []string{"1.1", "1.2", "1.1", "1.2"} {
		r.send(sender, "1", uid)
	}
	claim.Close()
	claim.Close() // twice does no harm
	if status := r.send(sender, "1", "1.1"); status != dimse.StatusSuccess {
		t.Errorf("late by UID: %s", status)
	}
	if status := r.send(sender, "1", "1.9"); status != dimse.StatusSuccess {
		t.Errorf("late by study: %s", status)
	}
	type brief struct {
		uid     string
		ordinal int
		late    bool
		ok      bool
	}
	var got []brief
	for _, a := range arrivals(r.end(true)) {
		if a.Cell != cell || a.Scenario != "one" || a.Attempt != 1 {
			t.Errorf("whose: %+v", a)
		}
		uid := a.Arrival.SOPInstanceUID
		if strings.HasPrefix(uid, "#") {
			uid = "#"
		}
		got = append(got, brief{uid, a.Arrival.Ordinal, a.Arrival.Late, strings.HasPrefix(a.Arrival.Status, "0x0000")})
	}
	want := []brief{
		{"1.1", 1, false, true}, {"1.2", 1, false, false}, {"1.1", 2, false, true}, {"1.2", 1, false, true},
		{"1.1", 0, true, true}, {"#", 0, true, true},
	}
	if len(got) != len(want) {
		t.Fatalf("got %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("arrival %d: got %+v, want %+v", i+1, got[i], want[i])
		}
	}
}

func TestASecondClaimForAUIDWaits(t *testing.T) {
	t.Parallel()
	r := listen(t, nil)
	first := r.expect("one", []string{"1.1"}, nil, nil)
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	if _, err := r.box.Expect(ctx, inbox.Expectation{SOPInstanceUIDs: []string{"1.1"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a claim for a UID that is claimed: %v", err)
	}
	second := make(chan *inbox.Claim)
	go func() {
		c, err := r.box.Expect(r.ctx, inbox.Expectation{Cell: cell, Scenario: "two", Attempt: 1, SOPInstanceUIDs: []string{"1.1", "1.2"}})
		if err != nil {
			r.Error(err)
		}
		second <- c
	}()
	other := r.expect("three", []string{"1.3"}, nil, nil) // not held up
	first.Close()
	(<-second).Close()
	other.Close()
	r.end(true)
}

// Two claims of one scenario cover its studies; the one that is closed must not
// take the other's routing with it.
func TestAStudyStaysWithTheClaimThatIsOpen(t *testing.T) {
	t.Parallel()
	r := listen(t, nil)
	first := r.expect("one", []string{"1.1"}, []string{"1"}, nil)
	second := r.expect("one", []string{"1.2"}, []string{"1"}, nil)
	second.Close()
	r.send(sender, "1", "1.7")
	first.Close()
	all := arrivals(r.end(true))
	if len(all) != 1 || all[0].Arrival.Late || all[0].Arrival.Ordinal != 1 {
		t.Errorf("%+v", all[0].Arrival)
	}
}

func TestTheEndIsWrittenOnlyWhenListeningToTheEnd(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name  string
		whole bool
		end   bool
	}{{"run ended", true, true}, {"run interrupted", false, false}} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := ended(listen(t, nil).end(test.whole)); got != test.end {
				t.Errorf("end written: %t", got)
			}
		})
	}
}

// An instance that is on its way when nothing else is waited for is cut short:
// nobody can say whether it was unasked.
func TestCloseWhileAnImageArrives(t *testing.T) {
	t.Parallel()
	r := listen(t, nil)
	c := r.dial(sender)
	defer c.Close()
	r.half(c, "9.9")
	// More than any buffers hold: it has been written when it is being read.
	nc, _ := c.Association().Find(class)
	for range 256 {
		p := &pdu.PDataTF{Items: []pdu.PDV{{ContextID: nc.ID, Data: make([]byte, 128<<10)}}}
		if err := c.Association().WritePDU(r.ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	if ended(r.end(true)) {
		t.Error("listened to the end, though an image was cut short")
	}
}

// half sends a C-STORE-RQ and the begin of its data.
func (r *rig) half(c *scu.Client, uid string) {
	r.Helper()
	nc, ok := c.Association().Find(class)
	if !ok {
		r.Fatal("no context")
	}
	command, err := dimse.Encode(&dimse.CStoreRQ{AffectedSOPClassUID: class, MessageID: 1, AffectedSOPInstanceUID: uid, HasDataSet: true})
	if err != nil {
		r.Fatal(err)
	}
	p := &pdu.PDataTF{Items: []pdu.PDV{{ContextID: nc.ID, Command: true, Last: true, Data: command}}}
	if err := c.Association().WritePDU(r.ctx, p); err != nil {
		r.Fatal(err)
	}
}

func TestCloseWaitsForWhatIsBeingHandled(t *testing.T) {
	t.Parallel()
	r := listen(t, nil)
	came, goOn := make(chan struct{}), make(chan struct{})
	claim := r.expect("one", []string{"1.1"}, nil, func(inbox.Arrival) dimse.Status {
		close(came)
		<-goOn
		return dimse.StatusSuccess
	})
	sent := make(chan dimse.Status)
	go func() { sent <- r.send(sender, "1", "1.1") }()
	<-came
	closed := make(chan struct{})
	go func() { claim.Close(); close(closed) }()
	select {
	case <-closed:
		t.Error("the claim was closed while its arrival was being handled")
	default:
	}
	close(goOn)
	<-closed
	if status := <-sent; status != dimse.StatusSuccess {
		t.Errorf("answered %s", status)
	}
	written := r.end(true)
	if all := arrivals(written); len(all) != 1 || all[0].Arrival.Late || !ended(written) {
		t.Errorf("%+v", written)
	}
}

func TestPeersThatMisbehave(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		do   func(*rig)
	}{
		{"garbage", func(r *rig) { r.raw([]byte("GET / HTTP/1.1\r\nHost: pacs\r\n\r\n")) }},
		{"a PDU that claims 4 GiB", func(r *rig) { r.raw([]byte{1, 0, 0xFF, 0xFF, 0xFF, 0xFF}) }},
		{"an abort in the middle", func(r *rig) {
			c := r.dial(sender)
			defer c.Close()
			r.half(c, "1.1")
			if err := c.Abort(r.ctx); err != nil {
				r.Error(err)
			}
		}},
		{"a connection that ends in the middle", func(r *rig) {
			c := r.dial(sender)
			r.half(c, "7.7")
			_ = c.Close()
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := listen(t, nil)
			claim := r.expect("one", []string{"1.1"}, []string{"1"}, nil)
			test.do(r)
			if status := r.send(sender, "1", "1.1"); status != dimse.StatusSuccess {
				t.Errorf("afterwards an image is answered %s", status)
			}
			claim.Close()
			if all := arrivals(r.end(true)); len(all) != 1 || all[0].Arrival.Ordinal != 1 {
				t.Errorf("%+v", all)
			}
		})
	}
}

func (r *rig) raw(b []byte) {
	r.Helper()
	conn, err := net.Dial("tcp", r.box.Addr().String())
	if err != nil {
		r.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.Write(b); err != nil {
		r.Error(err)
	}
}

// What nobody asked for is refused whatever its size, and only its header is
// looked at.
func TestALargeStrangerIsCountedNotKept(t *testing.T) {
	t.Parallel()
	r := listen(t, nil)
	c := r.dial("STRANGER")
	defer c.Close()
	const pieces, piece = 64, 1 << 20
	data := [][]byte{image("5", "5.5")}
	data[0] = data[0][:len(data[0])-64-8] // without the pixels
	data = append(data, []byte{0xE0, 0x7F, 0x10, 0x00, 0, 0, 0, pieces * piece >> 24})
	zero := make([]byte, piece)
	for range pieces {
		data = append(data, zero)
	}
	rsp, err := c.Store(r.ctx, scu.StoreRequest{SOPClassUID: class, SOPInstanceUID: "5.5", TransferSyntax: dataset.ImplicitVRLittleEndian, DataSet: data})
	if err != nil {
		t.Fatal(err)
	}
	if rsp.Status != inbox.NotAuthorised {
		t.Errorf("answered %s", rsp.Status)
	}
	all := arrivals(r.end(true))
	if len(all) != 1 || !all[0].Arrival.Unclaimed || all[0].Arrival.Bytes < pieces*piece {
		t.Errorf("%+v", all[0].Arrival)
	}
}

func TestAPanicOfAClaimIsNoPass(t *testing.T) {
	t.Parallel()
	told := make(chan error, 1)
	r := listen(t, func(err error) { told <- err })
	claim := r.expect("one", []string{"1.1"}, nil, func(inbox.Arrival) dimse.Status { panic("nothing there") })
	if status := r.send(sender, "1", "1.1"); status != dimse.StatusProcessingFailure {
		t.Errorf("answered %s", status)
	}
	claim.Close()
	if err := <-told; err == nil || !strings.Contains(err.Error(), "panicked") {
		t.Errorf("told %v", err)
	}
	if err := r.box.Close(r.ctx, time.Millisecond, true); err == nil {
		t.Error("closed without an error")
	}
	if ended(r.written()) {
		t.Error("listened to the end")
	}
}

func TestEvidenceThatCannotBeKeptIsToldAtOnce(t *testing.T) {
	t.Parallel()
	told := make(chan error, 1)
	r := listen(t, func(err error) { told <- err })
	if err := r.log.Close(); err != nil { // as a full disk, it takes no more
		t.Fatal(err)
	}
	r.send(sender, "1", "1.1")
	if err := <-told; err == nil {
		t.Error("told nothing")
	}
	if err := r.box.Close(r.ctx, time.Millisecond, true); err == nil {
		t.Error("closed without an error")
	}
}

func TestAPortInUse(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = inbox.Listen(t.Context(), inbox.Config{Listen: l.Addr().String()})
	if err == nil {
		t.Fatal("listens at a port that is taken")
	}
	for _, part := range []string{l.Addr().String(), "harness: listen"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%q does not say %q", err, part)
		}
	}
}
