package scp_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
)

// echoes answers C-ECHO with success.
func echoes(context.Context, *scp.Session, *dimse.CEchoRQ) *dimse.CEchoRSP { return &dimse.CEchoRSP{} }

// hangs is an Echo handler that answers nothing until its context ends, and
// tells the cause.
func hangs(causes chan<- error) func(context.Context, *scp.Session, *dimse.CEchoRQ) *dimse.CEchoRSP {
	return func(ctx context.Context, _ *scp.Session, _ *dimse.CEchoRQ) *dimse.CEchoRSP {
		<-ctx.Done()
		causes <- context.Cause(ctx)
		return nil
	}
}

// ends collects how the sessions of a server ended.
func ends(c *scp.Config) <-chan error {
	all := make(chan error, 16)
	c.SessionEnd = func(s *scp.Session) { all <- s.Err() }
	return all
}

// wait takes from c within the deadline of a test.
func wait[T any](t *testing.T, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(deadline):
		t.Fatal("nothing came")
		panic("unreachable")
	}
}

func byPeer(err error) bool {
	var aborted *ul.AbortedError
	return errors.As(err, &aborted) && aborted.ByPeer
}

func TestRelease(t *testing.T) {
	t.Parallel()
	config := scp.Config{Echo: echoes}
	ended := ends(&config)
	addr, _ := serve(t, config)
	release(t, dial(t, addr))
	if err := wait(t, ended); err != nil {
		t.Errorf("a released session has the error %v", err)
	}
}

// TestSilence: the end of the requestor's context ends the wait for a response
// with an A-ABORT, which ends the handler.
func TestSilence(t *testing.T) {
	t.Parallel()
	causes := make(chan error, 1)
	ctx, cancel := context.WithCancel(within(t))
	hang := hangs(causes)
	config := scp.Config{Echo: func(ctx context.Context, s *scp.Session, rq *dimse.CEchoRQ) *dimse.CEchoRSP {
		cancel()
		return hang(ctx, s, rq)
	}}
	ended := ends(&config)
	addr, _ := serve(t, config)
	c := dial(t, addr)
	rsp, err := c.Echo(ctx)
	if rsp != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("got %+v, %v", rsp, err)
	}
	if err := wait(t, causes); !byPeer(err) {
		t.Errorf("the handler's context ended with %v", err)
	}
	if err := wait(t, ended); !byPeer(err) {
		t.Errorf("the session ended with %v", err)
	}
}

// TestRequestorAborts in the middle of a query: the handler ends, nothing is
// left.
func TestRequestorAborts(t *testing.T) {
	t.Parallel()
	causes := make(chan error, 1)
	addr, _ := serve(t, scp.Config{Find: func(ctx context.Context, _ *scp.Session, r *scp.FindRequest, send func(*dataset.Set, dimse.Status) error) *dimse.CFindRSP {
		_ = send(r.Identifier, dimse.StatusPending)
		<-ctx.Done()
		causes <- context.Cause(ctx)
		return &dimse.CFindRSP{}
	}})
	c := dial(t, addr)
	_, err := c.Find(within(t), scu.FindRequest{SOPClassUID: dimse.StudyRootFind, Identifier: study("1")}, func(*scu.FindMatch) error {
		return c.Abort(within(t))
	})
	if err == nil || byPeer(err) {
		t.Errorf("Find: %v", err)
	}
	if err := wait(t, causes); !byPeer(err) {
		t.Errorf("the handler's context ended with %v", err)
	}
}

// TestProviderEnds has the provider abort, or drop the connection, in the
// middle of a data set and in the middle of a query.
func TestProviderEnds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		end     func(*scp.Session)
		session error
		client  func(error) bool
	}{
		{"abort", (*scp.Session).Abort, scp.ErrAborted, byPeer},
		{"drop", (*scp.Session).Drop, scp.ErrDropped, func(err error) bool { return errors.Is(err, ul.ErrClosed) }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := scp.Config{
				Store: func(_ context.Context, s *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
					if _, err := io.ReadFull(r.Data, make([]byte, 100)); err != nil {
						t.Errorf("the beginning of the data: %v", err)
					}
					test.end(s)
					if n, err := io.Copy(io.Discard, r.Data); err == nil {
						t.Errorf("the data set ended in order after %d bytes", n)
					}
					return &dimse.CStoreRSP{}
				},
				Echo: func(ctx context.Context, s *scp.Session, _ *dimse.CEchoRQ) *dimse.CEchoRSP {
					test.end(s)
					<-ctx.Done()
					return &dimse.CEchoRSP{}
				},
			}
			ended := ends(&config)
			addr, _ := serve(t, config)

			c := dial(t, addr)
			rsp, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: "2.25.1",
				TransferSyntax: dataset.ExplicitVRLittleEndian, DataSet: [][]byte{content(32 << 20)}})
			if rsp != nil || err == nil {
				t.Errorf("C-STORE: got %+v, %v", rsp, err)
			}
			if err := wait(t, ended); !errors.Is(err, test.session) {
				t.Errorf("the session ended with %v", err)
			}
			c = dial(t, addr)
			if rsp, err := c.Echo(within(t)); rsp != nil || !test.client(err) {
				t.Errorf("C-ECHO: got %+v, %v", rsp, err)
			}
			if err := wait(t, ended); !errors.Is(err, test.session) {
				t.Errorf("the session ended with %v", err)
			}
		})
	}
}

// TestStoreCut: an instance whose association ends in the middle is never
// answered, whatever the handler says, and the handler can tell.
func TestStoreCut(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	addr, _ := serve(t, scp.Config{Store: func(_ context.Context, _ *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
		_, err := io.Copy(io.Discard, r.Data)
		failed <- err
		return &dimse.CStoreRSP{}
	}})
	for name, end := range map[string]func(*scu.Client){
		"abort":   func(c *scu.Client) { _ = c.Abort(within(t)) },
		"close":   func(c *scu.Client) { _ = c.Close() },
		"release": func(c *scu.Client) { _ = c.Release(within(t)) },
	} {
		c := dial(t, addr)
		nc, _ := c.Association().Find(dimse.CTImageStorage)
		command, err := dimse.Encode(&dimse.CStoreRQ{AffectedSOPClassUID: dimse.CTImageStorage, MessageID: 1, HasDataSet: true})
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Association().WriteMessage(within(t), nc.ID, command, nil); err != nil {
			t.Fatal(err)
		}
		part := &pdu.PDataTF{Items: []pdu.PDV{{ContextID: nc.ID, Data: content(1000)}}}
		if err := c.Association().WritePDU(within(t), part); err != nil {
			t.Fatal(err)
		}
		end(c)
		if err := wait(t, failed); err == nil {
			t.Errorf("%s: half a data set is a whole one", name)
		}
	}
}

// TestGarbage: what is no message ends its own association and no other.
func TestGarbage(t *testing.T) {
	t.Parallel()
	config := scp.Config{Echo: echoes}
	ended := ends(&config)
	addr, _ := serve(t, config)
	bystander := dial(t, addr)
	for _, test := range []struct {
		name string
		send func(*scu.Client, uint8) error
	}{
		{"bytes that are no PDU", func(c *scu.Client, _ uint8) error {
			return c.Association().WriteBytes(within(t), []byte("GET / HTTP/1.1\r\n\r\n"))
		}},
		{"a command set that is none", func(c *scu.Client, id uint8) error {
			return c.Association().WriteMessage(within(t), id, []byte("no command set"), nil)
		}},
		{"data without a command", func(c *scu.Client, id uint8) error {
			return c.Association().WriteMessage(within(t), id, nil, [][]byte{content(100)})
		}},
		{"a command set without end", func(c *scu.Client, id uint8) error {
			err := error(nil)
			for i := 0; i < 3 && err == nil; i++ {
				err = c.Association().WritePDU(within(t), &pdu.PDataTF{Items: []pdu.PDV{{ContextID: id, Command: true, Data: content(40000)}}})
			}
			return err
		}},
		{"a command set within a data set", func(c *scu.Client, id uint8) error {
			command, _ := dimse.Encode(&dimse.CEchoRQ{MessageID: 1, HasDataSet: true})
			if err := c.Association().WriteMessage(within(t), id, command, nil); err != nil {
				return err
			}
			return c.Association().WriteMessage(within(t), id, command, nil)
		}},
		{"a response to nothing", func(c *scu.Client, id uint8) error {
			return c.Conn().Send(within(t), id, &dimse.CStoreRSP{MessageIDBeingRespondedTo: 5}, nil)
		}},
		{"a response that only providers give", func(c *scu.Client, id uint8) error {
			return c.Conn().Send(within(t), id, &dimse.CEchoRSP{MessageIDBeingRespondedTo: 5}, nil)
		}},
	} {
		c := dial(t, addr)
		nc, _ := c.Association().Find(dimse.VerificationSOPClass)
		if err := test.send(c, nc.ID); err != nil && !byPeer(err) {
			t.Errorf("%s: %v", test.name, err)
		}
		if r, err := c.Conn().Receive(within(t)); !byPeer(err) {
			t.Errorf("%s: got %+v, %v, want an abort", test.name, r, err)
		}
		if err := wait(t, ended); err == nil {
			t.Errorf("%s: the session ended in order", test.name)
		}
	}
	if rsp, err := bystander.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSuccess {
		t.Errorf("the bystander: %+v, %v", rsp, err)
	}
}

// TestLateCancel: a cancel for what is over, or never was, has no effect.
func TestLateCancel(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, scp.Config{Echo: echoes})
	c := dial(t, addr)
	nc, _ := c.Association().Find(dimse.VerificationSOPClass)
	if err := c.Conn().Send(within(t), nc.ID, &dimse.CCancelRQ{MessageIDBeingRespondedTo: 99}, nil); err != nil {
		t.Fatal(err)
	}
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSuccess {
		t.Errorf("%+v, %v", rsp, err)
	}
	release(t, c)
}

func TestMaxAssociations(t *testing.T) {
	t.Parallel()
	config := scp.Config{MaxAssociations: 2, Echo: echoes}
	ended := ends(&config)
	addr, server := serve(t, config)
	first := dial(t, addr)
	dial(t, addr)
	_, err := scu.Dial(within(t), addr, requestor())
	var rejected *ul.RejectedError
	if !errors.As(err, &rejected) || rejected.Result != 2 || rejected.Source != 3 || rejected.Reason != 2 {
		t.Errorf("the third: %v", err)
	}
	release(t, first)
	if err := wait(t, ended); err != nil {
		t.Error(err)
	}
	if n := server.Associations(); n < 1 {
		t.Errorf("%d associations", n)
	}
}

// TestServeEnds: the end of the server's context aborts associations and is
// waited for.
func TestServeEnds(t *testing.T) {
	t.Parallel()
	causes := make(chan error, 1)
	started := make(chan struct{}, 1)
	hang := hangs(causes)
	server := scp.NewServer(scp.Config{Acceptor: everything, Echo: func(ctx context.Context, s *scp.Session, rq *dimse.CEchoRQ) *dimse.CEchoRSP {
		started <- struct{}{}
		return hang(ctx, s, rq)
	}})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- server.Serve(ctx, l) }()
	c := dial(t, l.Addr().String())
	answered := make(chan error, 1)
	go func() {
		_, err := c.Echo(within(t))
		answered <- err
	}()
	wait(t, started)
	cancel()
	if err := wait(t, served); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if len(causes) != 1 {
		t.Error("Serve has not waited for the handler")
	}
	if err := wait(t, answered); !byPeer(err) {
		t.Errorf("the client: %v", err)
	}
	if err := server.Serve(context.Background(), l); err == nil {
		t.Error("a closed listener is served")
	}
	if err := scp.NewServer(scp.Config{}).Serve(ctx, l); err == nil {
		t.Error("a server without Acceptor serves")
	}
}
