package scu_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
)

// These tests hold the client against a scripted peer that breaks the rules.
// What it does with one that keeps them is tested against package scp and
// DCMTK there.

const deadline = 20 * time.Second

func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

var classes = []string{dimse.VerificationSOPClass, dimse.StudyRootFind, dimse.StudyRootMove, dimse.StudyRootGet, dimse.CTImageStorage}

// peer accepts one association and runs script on it, then closes the
// connection. It is waited for at the end of the test.
func peer(t *testing.T, script func(context.Context, *dimse.Conn) error) *scu.Client {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx := within(t)
	supported := map[string][]string{}
	rq := ul.RequestorConfig{CallingAETitle: "TESTER", CalledAETitle: "SCRIPT",
		Roles: []pdu.RoleSelection{{SOPClassUID: dimse.CTImageStorage, SCU: true, SCP: true}}}
	for _, class := range classes {
		supported[class] = []string{string(dataset.ImplicitVRLittleEndian)}
		rq.Contexts = append(rq.Contexts, ul.ProposedContext{AbstractSyntax: class, TransferSyntaxes: supported[class]})
	}
	var wg sync.WaitGroup
	wg.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			t.Errorf("accept: %v", err)
			return
		}
		a, err := ul.Accept(ctx, conn, ul.AcceptorConfig{Supported: supported})
		if err != nil {
			t.Errorf("accept: %v", err)
			return
		}
		defer a.Close()
		if err := script(ctx, dimse.NewConn(a, dimse.Limits{})); err != nil {
			t.Errorf("script: %v", err)
		}
	})
	c, err := scu.Dial(ctx, l.Addr().String(), rq)
	_ = l.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(); wg.Wait() })
	return c
}

// request takes the request and what it came with.
func request(ctx context.Context, c *dimse.Conn) (*dimse.Received, uint16, error) {
	r, err := c.Receive(ctx)
	if err != nil {
		return nil, 0, err
	}
	rq, ok := r.Message.(dimse.Request)
	if !ok {
		return nil, 0, fmt.Errorf("%s is no request", r.Message.CommandField())
	}
	return r, rq.ID(), r.Discard()
}

func identifier() *dataset.Set {
	set := dataset.New()
	set.PutString(dataset.StudyInstanceUID, "2.25.1")
	return set
}

// operations are all calls of a Client, reduced to their error. A call that
// returns a response as well as an error breaks the contract.
var operations = map[dimse.CommandField]func(context.Context, *scu.Client) error{
	dimse.CommandCEchoRQ: func(ctx context.Context, c *scu.Client) error {
		rsp, err := c.Echo(ctx)
		return onlyOne(rsp != nil, err)
	},
	dimse.CommandCStoreRQ: func(ctx context.Context, c *scu.Client) error {
		rsp, err := c.Store(ctx, scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, TransferSyntax: dataset.ImplicitVRLittleEndian})
		return onlyOne(rsp != nil, err)
	},
	dimse.CommandCFindRQ: func(ctx context.Context, c *scu.Client) error {
		rsp, err := c.Find(ctx, scu.FindRequest{SOPClassUID: dimse.StudyRootFind, Identifier: identifier()}, nil)
		return onlyOne(rsp != nil, err)
	},
	dimse.CommandCMoveRQ: func(ctx context.Context, c *scu.Client) error {
		rsp, _, err := c.Move(ctx, scu.RetrieveRequest{SOPClassUID: dimse.StudyRootMove, Identifier: identifier()})
		return onlyOne(rsp != nil, err)
	},
	dimse.CommandCGetRQ: func(ctx context.Context, c *scu.Client) error {
		rsp, _, err := c.Get(ctx, scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: identifier()},
			func(context.Context, *scu.SubOperation) dimse.Status { return dimse.StatusSuccess })
		return onlyOne(rsp != nil, err)
	},
}

func onlyOne(answered bool, err error) error {
	if answered != (err == nil) {
		return fmt.Errorf("a response as well as the error %w", err)
	}
	return err
}

func isUnexpected(err error) bool {
	var unexpected *scu.UnexpectedMessageError
	return errors.As(err, &unexpected)
}

func isProtocol(err error) bool {
	var protocol *dimse.ProtocolError
	return errors.As(err, &protocol)
}

// TestMisbehaviour: whatever a peer answers that is no answer is an error of
// the right kind for every operation, and aborts the association.
func TestMisbehaviour(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		answer func(ctx context.Context, c *dimse.Conn, r *dimse.Received, id uint16) error
		want   func(error) bool
		closed bool // the peer ended it: no abort to be seen
	}{
		{"another Message ID", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, id uint16) error {
			return c.Send(ctx, r.Context.ID, response(r, id+1, dimse.StatusSuccess), nil)
		}, isUnexpected, false},
		{"another service's response", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, id uint16) error {
			if r.Message.CommandField() == dimse.CommandCEchoRQ {
				return c.Send(ctx, r.Context.ID, &dimse.CFindRSP{MessageIDBeingRespondedTo: id}, nil)
			}
			return c.Send(ctx, r.Context.ID, &dimse.CEchoRSP{MessageIDBeingRespondedTo: id}, nil)
		}, isUnexpected, false},
		{"a request", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, id uint16) error {
			return c.Send(ctx, r.Context.ID, &dimse.CEchoRQ{MessageID: id}, nil)
		}, isUnexpected, false},
		{"another presentation context", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, id uint16) error {
			return c.Send(ctx, (r.Context.ID+2)%10, response(r, id, dimse.StatusSuccess), nil)
		}, isUnexpected, false},
		{"no command set", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, _ uint16) error {
			return c.Association().WriteMessage(ctx, r.Context.ID, []byte{1, 2, 3}, nil)
		}, func(err error) bool {
			var format *dimse.FormatError
			return errors.As(err, &format)
		}, false},
		{"data without command", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, _ uint16) error {
			return c.Association().WriteMessage(ctx, r.Context.ID, nil, [][]byte{{1, 2}})
		}, isProtocol, false},
		{"a command set in two contexts", func(ctx context.Context, c *dimse.Conn, r *dimse.Received, _ uint16) error {
			return c.Association().WritePDU(ctx, &pdu.PDataTF{Items: []pdu.PDV{
				{ContextID: 1, Command: true, Data: []byte{0, 0}}, {ContextID: 3, Command: true, Last: true, Data: []byte{0, 0}}}})
		}, isProtocol, false},
		{"the connection closed", func(_ context.Context, c *dimse.Conn, _ *dimse.Received, _ uint16) error {
			return c.Association().Close()
		}, func(err error) bool { return errors.Is(err, ul.ErrClosed) }, true},
		{"an abort", func(ctx context.Context, c *dimse.Conn, _ *dimse.Received, _ uint16) error {
			return c.Association().Abort(ctx, 2, 6)
		}, func(err error) bool {
			var aborted *ul.AbortedError
			return errors.As(err, &aborted) && aborted.ByPeer && aborted.Source == 2 && aborted.Reason == 6
		}, true},
		{"a release", func(ctx context.Context, c *dimse.Conn, _ *dimse.Received, _ uint16) error {
			return c.Association().Release(ctx)
		}, func(err error) bool { return errors.Is(err, ul.ErrReleased) }, true},
	} {
		for command, operation := range operations {
			t.Run(test.name+"/"+command.String(), func(t *testing.T) {
				t.Parallel()
				c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
					r, id, err := request(ctx, c)
					if err != nil {
						return err
					}
					if err := test.answer(ctx, c, r, id); err != nil || test.closed {
						return err
					}
					var aborted *ul.AbortedError
					if r, err := c.Receive(ctx); !errors.As(err, &aborted) || !aborted.ByPeer {
						return fmt.Errorf("got %+v, %w instead of an abort", r, err)
					}
					return nil
				})
				if err := operation(within(t), c); !test.want(err) {
					t.Errorf("got %v", err)
				}
				if err := operation(within(t), c); err == nil {
					t.Error("the association is still used")
				}
			})
		}
	}
}

// response is the right kind of response to r, with the given ID.
func response(r *dimse.Received, id uint16, status dimse.Status) dimse.Message {
	switch r.Message.(type) {
	case *dimse.CEchoRQ:
		return &dimse.CEchoRSP{MessageIDBeingRespondedTo: id, Status: status}
	case *dimse.CStoreRQ:
		return &dimse.CStoreRSP{MessageIDBeingRespondedTo: id, Status: status}
	case *dimse.CFindRQ:
		return &dimse.CFindRSP{MessageIDBeingRespondedTo: id, Status: status}
	case *dimse.CMoveRQ:
		return &dimse.CMoveRSP{MessageIDBeingRespondedTo: id, Status: status}
	}
	return &dimse.CGetRSP{MessageIDBeingRespondedTo: id, Status: status}
}

// TestSilence: every operation ends with its context, and the peer is told.
func TestSilence(t *testing.T) {
	t.Parallel()
	for command, operation := range operations {
		t.Run(command.String(), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(within(t))
			c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
				if _, _, err := request(ctx, c); err != nil {
					return err
				}
				cancel()
				var aborted *ul.AbortedError
				if r, err := c.Receive(ctx); !errors.As(err, &aborted) || !aborted.ByPeer {
					return fmt.Errorf("got %+v, %w instead of an abort", r, err)
				}
				return nil
			})
			if err := operation(ctx, c); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestDeadline: a deadline that passes is the context's error, not a network
// time-out.
func TestDeadline(t *testing.T) {
	t.Parallel()
	c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
		for {
			if _, err := c.Receive(ctx); err != nil {
				return nil // how far the client came depends on the load
			}
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	if rsp, err := c.Echo(ctx); rsp != nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %+v, %v", rsp, err)
	}
}

// TestFindBadMatches: a pending response must carry an identifier that can be
// read: a match that is lost must not look like one that does not exist.
func TestFindBadMatches(t *testing.T) {
	t.Parallel()
	for name, data := range map[string][][]byte{"none": nil, "malformed": {{1, 2, 3}}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
				r, id, err := request(ctx, c)
				if err != nil {
					return err
				}
				return c.Send(ctx, r.Context.ID, &dimse.CFindRSP{MessageIDBeingRespondedTo: id, Status: dimse.StatusPending}, data)
			})
			if err := operations[dimse.CommandCFindRQ](within(t), c); err == nil {
				t.Error("accepted")
			}
		})
	}
}

// TestGetImpatient: a provider that neither waits for the responses to its
// sub-operations nor for the last one before the final response.
func TestGetImpatient(t *testing.T) {
	t.Parallel()
	c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
		r, id, err := request(ctx, c)
		if err != nil {
			return err
		}
		nc, _ := c.Association().Find(dimse.CTImageStorage)
		for n := uint16(1); n <= 3; n++ {
			rq := &dimse.CStoreRQ{AffectedSOPClassUID: dimse.CTImageStorage, AffectedSOPInstanceUID: fmt.Sprint("2.25.", n), MessageID: n}
			if err := c.Send(ctx, nc.ID, rq, [][]byte{make([]byte, 1000)}); err != nil {
				return err
			}
		}
		if err := c.Send(ctx, r.Context.ID, response(r, id, dimse.StatusSuccess), nil); err != nil {
			return err
		}
		for n := uint16(1); n <= 3; n++ {
			r, err := c.Receive(ctx)
			if err != nil {
				return err
			}
			if rsp, ok := r.Message.(*dimse.CStoreRSP); !ok || rsp.MessageIDBeingRespondedTo != n {
				return fmt.Errorf("got %+v, want the response to %d", r.Message, n)
			}
		}
		if r, err := c.Receive(ctx); !errors.Is(err, ul.ErrReleased) {
			return fmt.Errorf("got %+v, %w, want a release", r, err)
		}
		return nil
	})
	var sizes []int64
	running := 0
	rsp, _, err := c.Get(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: identifier()},
		func(ctx context.Context, sub *scu.SubOperation) dimse.Status {
			if running++; running > 1 {
				t.Error("two sub-operations at once")
			}
			n, err := io.Copy(io.Discard, sub.Data)
			if err != nil {
				t.Error(err)
			}
			if sizes = append(sizes, n); len(sizes) == 3 {
				<-ctx.Done() // withheld until the operation is over
			}
			running--
			return dimse.StatusSuccess
		})
	if err != nil || rsp.Status != dimse.StatusSuccess {
		t.Fatalf("%+v, %v", rsp, err)
	}
	if fmt.Sprint(sizes) != "[1000 1000 1000]" {
		t.Errorf("sizes %v", sizes)
	}
	if err := c.Release(within(t)); err != nil {
		t.Error(err)
	}
}

// TestGetAbortWhileWithheld: the callback's context ends with the association.
func TestGetAbortWhileWithheld(t *testing.T) {
	t.Parallel()
	withheld := make(chan struct{})
	c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
		if _, _, err := request(ctx, c); err != nil {
			return err
		}
		nc, _ := c.Association().Find(dimse.CTImageStorage)
		if err := c.Send(ctx, nc.ID, &dimse.CStoreRQ{MessageID: 1}, [][]byte{{}}); err != nil {
			return err
		}
		<-withheld
		return c.Association().Abort(ctx, 0, 0)
	})
	_, _, err := c.Get(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: identifier()},
		func(ctx context.Context, sub *scu.SubOperation) dimse.Status {
			if _, err := io.Copy(io.Discard, sub.Data); err != nil {
				t.Error(err)
			}
			close(withheld)
			<-ctx.Done()
			return dimse.StatusSuccess
		})
	var aborted *ul.AbortedError
	if !errors.As(err, &aborted) || !aborted.ByPeer {
		t.Errorf("got %v", err)
	}
}

// TestNoContext: what was not negotiated is not sent, and harms nothing.
func TestNoContext(t *testing.T) {
	t.Parallel()
	c := peer(t, func(ctx context.Context, c *dimse.Conn) error {
		r, err := c.Receive(ctx)
		if !errors.Is(err, ul.ErrReleased) {
			return fmt.Errorf("got %+v, %w", r, err)
		}
		return nil
	})
	var missing *scu.NoContextError
	if _, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.MRImageStorage, TransferSyntax: dataset.ImplicitVRLittleEndian}); !errors.As(err, &missing) {
		t.Errorf("C-STORE of a class: %v", err)
	}
	if _, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, TransferSyntax: dataset.ExplicitVRLittleEndian}); !errors.As(err, &missing) {
		t.Errorf("C-STORE in a syntax: %v", err)
	}
	if _, err := c.Find(within(t), scu.FindRequest{SOPClassUID: dimse.PatientRootFind, Identifier: identifier()}, nil); !errors.As(err, &missing) {
		t.Errorf("C-FIND: %v", err)
	}
	if _, _, err := c.Move(within(t), scu.RetrieveRequest{SOPClassUID: dimse.PatientRootMove, Identifier: identifier()}); !errors.As(err, &missing) {
		t.Errorf("C-MOVE: %v", err)
	}
	if _, _, err := c.Get(within(t), scu.RetrieveRequest{SOPClassUID: dimse.PatientRootGet, Identifier: identifier()}, nil); !errors.As(err, &missing) {
		t.Errorf("C-GET: %v", err)
	}
	if err := c.Release(within(t)); err != nil {
		t.Error(err)
	}
}

func TestDialRejected(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	defer func() { _ = l.Close(); wg.Wait() }()
	wg.Go(func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_, _ = ul.Accept(within(t), conn, ul.AcceptorConfig{Admit: func(*pdu.AssociateRQ, net.Addr) *pdu.AssociateRJ {
			return &pdu.AssociateRJ{Result: 1, Source: 1, Reason: 3}
		}})
	})
	c, err := scu.Dial(within(t), l.Addr().String(), ul.RequestorConfig{CallingAETitle: "A", CalledAETitle: "B",
		Contexts: []ul.ProposedContext{{AbstractSyntax: dimse.VerificationSOPClass, TransferSyntaxes: []string{string(dataset.ImplicitVRLittleEndian)}}}})
	var rejected *ul.RejectedError
	if c != nil || !errors.As(err, &rejected) || rejected.Reason != 3 {
		t.Errorf("got %v, %v", c, err)
	}
}
