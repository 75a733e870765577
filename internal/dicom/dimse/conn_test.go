package dimse

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"
	"testing/iotest"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/ul"
)

// pair is both ends of an association over loopback with one context for CT.
// maxPDULength is what the receiving end announces.
func pair(t *testing.T, maxPDULength uint32, l Limits) (context.Context, *Conn, *Conn) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	syntaxes := []string{string(dataset.ImplicitVRLittleEndian)}
	accepted := make(chan *ul.Association, 1)
	go func() {
		defer close(accepted)
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		if a, err := ul.Accept(ctx, conn, ul.AcceptorConfig{Supported: map[string][]string{CTImageStorage: syntaxes}, MaxPDULength: maxPDULength}); err == nil {
			accepted <- a
		}
	}()
	requestor, err := ul.Dial(ctx, listener.Addr().String(), ul.RequestorConfig{CallingAETitle: "A", CalledAETitle: "B",
		Contexts: []ul.ProposedContext{{AbstractSyntax: CTImageStorage, TransferSyntaxes: syntaxes}}})
	if err != nil {
		t.Fatal(err)
	}
	acceptor := <-accepted
	if acceptor == nil {
		t.Fatal("not accepted")
	}
	t.Cleanup(func() { _ = requestor.Close(); _ = acceptor.Close() })
	return ctx, NewConn(requestor, Limits{}), NewConn(acceptor, l)
}

func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

// onlyReader hides every method but Read.
type onlyReader struct{ io.Reader }

// TestSendStream sends data sets around the lengths where the way of sending
// changes, with right, wrong and missing hints.
func TestSendStream(t *testing.T) {
	t.Parallel()
	for _, maxPDULength := range []uint32{16384, ul.NoLimit} {
		ctx, from, to := pair(t, maxPDULength, Limits{})
		for _, length := range []int{0, 1, 4096, streamBufferBytes - 1, streamBufferBytes, streamBufferBytes + 1, 2 * streamBufferBytes, 3*streamBufferBytes + 7} {
			for _, hint := range []int64{-1, int64(length), int64(length) / 2, wholeBytes + 1} {
				name := fmt.Sprintf("%d bytes, hint %d, maximum %d", length, hint, maxPDULength)
				want := pattern(length)
				sent := make(chan error, 1)
				go func() {
					sent <- from.SendStream(ctx, 1, &CStoreRQ{MessageID: from.NextMessageID()}, iotest.HalfReader(onlyReader{bytes.NewReader(want)}), hint)
				}()
				r, err := to.Receive(ctx)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				got, err := r.ReadAll(int64(length))
				if err != nil || !bytes.Equal(got, want) || !r.HasData {
					t.Fatalf("%s: %d bytes, %v", name, len(got), err)
				}
				if err := <-sent; err != nil {
					t.Fatalf("%s: %v", name, err)
				}
			}
		}
	}
}

// TestSendStreamFails: a source that fails, also with io.ErrUnexpectedEOF,
// never makes a whole data set.
func TestSendStreamFails(t *testing.T) {
	t.Parallel()
	ctx, from, to := pair(t, 0, Limits{})
	failing := func(n int) io.Reader {
		return io.MultiReader(bytes.NewReader(pattern(n)), iotest.ErrReader(io.ErrUnexpectedEOF))
	}
	// At first nothing has been sent, and the association goes on.
	err := from.SendStream(ctx, 1, &CStoreRQ{MessageID: 1}, failing(100), -1)
	var stream *StreamError
	if !errors.As(err, &stream) || stream.Partly || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("before anything was sent: %v", err)
	}
	received := make(chan error, 1)
	go func() {
		r, err := to.Receive(ctx)
		if err == nil {
			err = r.Discard()
		}
		received <- err
	}()
	err = from.SendStream(ctx, 1, &CStoreRQ{MessageID: 2}, failing(streamBufferBytes+100), -1)
	if !errors.As(err, &stream) || !stream.Partly || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("in the middle: %v", err)
	}
	if err := from.Association().Abort(ctx, 0, 0); err != nil {
		t.Error(err)
	}
	if err := <-received; err == nil {
		t.Error("half a data set arrived as a whole one")
	}
}

// TestReceiveWaits: the next message is not touched before the data set of the
// one before has been taken, by whichever goroutine.
func TestReceiveWaits(t *testing.T) {
	t.Parallel()
	ctx, from, to := pair(t, 16384, Limits{})
	want := pattern(100_000)
	sent := make(chan error, 1)
	go func() {
		err := from.Send(ctx, 1, &CStoreRQ{MessageID: 1}, [][]byte{want[:10], want[10:]})
		if err == nil {
			err = from.Send(ctx, 1, &CEchoRQ{MessageID: 2}, nil)
		}
		sent <- err
	}()
	first, err := to.Receive(ctx)
	if err != nil {
		t.Fatal(err)
	}
	data := make(chan []byte, 1)
	go func() {
		var b bytes.Buffer
		if _, err := io.Copy(&b, iotest.OneByteReader(first.Data)); err != nil {
			t.Errorf("reading: %v", err)
		}
		data <- b.Bytes()
	}()
	second, err := to.Receive(ctx)
	if err != nil {
		t.Fatal(err)
	}
	select {
	case <-first.Done():
	default:
		t.Error("the second message came before the end of the first")
	}
	if got := <-data; !bytes.Equal(got, want) {
		t.Errorf("%d bytes that differ", len(got))
	}
	if m, ok := second.Message.(*CEchoRQ); !ok || m.MessageID != 2 || second.HasData {
		t.Errorf("got %+v", second)
	}
	if n, err := second.Data.Read(make([]byte, 1)); n != 0 || err != io.EOF {
		t.Errorf("data of a message without: %d, %v", n, err)
	}
	if err := <-sent; err != nil {
		t.Error(err)
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := to.Receive(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("under a context that has ended: %v", err)
	}
}

func TestReadLimits(t *testing.T) {
	t.Parallel()
	ctx, from, to := pair(t, 0, Limits{IdentifierBytes: 100})
	send := func(data []byte) *Received {
		t.Helper()
		if err := from.Send(ctx, 1, &CFindRQ{MessageID: 1}, [][]byte{data}); err != nil {
			t.Fatal(err)
		}
		r, err := to.Receive(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	r := send(pattern(101))
	if b, err := r.ReadAll(100); !errors.Is(err, ErrTooLarge) || b != nil {
		t.Errorf("101 bytes under a limit of 100: %d, %v", len(b), err)
	}
	if err := r.Discard(); err != nil {
		t.Error(err)
	}
	if b, err := send(pattern(100)).ReadAll(100); err != nil || len(b) != 100 {
		t.Errorf("100 bytes under a limit of 100: %d, %v", len(b), err)
	}
	r = send(pattern(1000))
	if _, err := r.ReadIdentifier(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("a large identifier: %v", err)
	}
	if err := r.Discard(); err != nil {
		t.Error(err)
	}
	var format *dataset.FormatError
	if _, err := send([]byte{1, 2, 3}).ReadIdentifier(); !errors.As(err, &format) {
		t.Errorf("a malformed identifier: %v", err)
	}
	set := dataset.New()
	set.PutString(dataset.PatientID, "ZZTEST1")
	if err := from.SendSet(ctx, 1, &CFindRQ{MessageID: 2}, set); err != nil {
		t.Fatal(err)
	}
	r, err := to.Receive(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := r.ReadIdentifier(); err != nil || got.String(dataset.PatientID) != "ZZTEST1" {
		t.Errorf("identifier: %v, %v", got, err)
	}
	if err := from.SendSet(ctx, 99, &CFindRQ{}, set); err == nil {
		t.Error("sent on a context that does not exist")
	}
	if err := from.SendSet(ctx, 1, &CFindRQ{}, nil); err == nil {
		t.Error("sent without an identifier")
	}
}

func TestNextMessageID(t *testing.T) {
	t.Parallel()
	c := NewConn(nil, Limits{})
	seen := make([]bool, 1<<16)
	for range 65535 {
		id := c.NextMessageID()
		if id == 0 || seen[id] {
			t.Fatalf("Message ID %d", id)
		}
		seen[id] = true
	}
	if id := c.NextMessageID(); id != 1 {
		t.Errorf("after 65535 calls: %d", id)
	}
}
