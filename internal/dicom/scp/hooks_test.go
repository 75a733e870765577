package scp_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/ul"
)

// TestIntercept alters, delays and withholds responses.
func TestIntercept(t *testing.T) {
	t.Parallel()
	n := 0
	addr, _ := serve(t, scp.Config{Echo: echoes, Intercept: func(_ context.Context, _ *scp.Session, m dimse.Message) dimse.Message {
		if n++; n == 1 {
			m.(*dimse.CEchoRSP).Status = dimse.StatusNotAuthorized
			return m
		}
		return nil
	}})
	c := dial(t, addr)
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusNotAuthorized {
		t.Errorf("altered: %+v, %v", rsp, err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if rsp, err := c.Echo(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("withheld: %+v, %v", rsp, err)
	}
}

// TestInspect sees how a command set is fragmented, and aborts.
func TestInspect(t *testing.T) {
	t.Parallel()
	config := scp.Config{Echo: echoes, Inspect: func(_ *scp.Session, r *dimse.Received) bool { return r.CommandFragments == 1 }}
	ended := ends(&config)
	addr, _ := serve(t, config)
	c := dial(t, addr)
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSuccess {
		t.Errorf("whole: %+v, %v", rsp, err)
	}
	nc, _ := c.Association().Find(dimse.VerificationSOPClass)
	command, err := dimse.Encode(&dimse.CEchoRQ{AffectedSOPClassUID: dimse.VerificationSOPClass, MessageID: 9})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Association().WritePDU(within(t), &pdu.PDataTF{Items: []pdu.PDV{
		{ContextID: nc.ID, Command: true, Data: command[:7]},
		{ContextID: nc.ID, Command: true, Last: true, Data: command[7:]},
	}}); err != nil {
		t.Fatal(err)
	}
	if r, err := c.Conn().Receive(within(t)); !byPeer(err) {
		t.Errorf("fragmented: %+v, %v", r, err)
	}
	if err := wait(t, ended); !errors.Is(err, scp.ErrAborted) {
		t.Errorf("the session ended with %v", err)
	}
}

func TestReleaseIgnored(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, scp.Config{Echo: echoes, OnRelease: func(*scp.Session) bool { return false }})
	c := dial(t, addr)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if err := c.Release(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("release: %v", err)
	}
}

// TestIdle: the timer does not run while a handler does.
func TestIdle(t *testing.T) {
	t.Parallel()
	const idle = 60 * time.Millisecond
	config := scp.Config{
		Echo: func(ctx context.Context, s *scp.Session, _ *dimse.CEchoRQ) *dimse.CEchoRSP {
			s.SetIdleTimeout(idle)
			select {
			case <-time.After(2 * idle):
			case <-ctx.Done():
			}
			return &dimse.CEchoRSP{}
		},
	}
	ended := ends(&config)
	addr, _ := serve(t, config)
	c := dial(t, addr)
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSuccess {
		t.Errorf("a long operation: %+v, %v", rsp, err)
	}
	if r, err := c.Conn().Receive(within(t)); !byPeer(err) {
		t.Errorf("got %+v, %v, want an abort", r, err)
	}
	if err := wait(t, ended); !errors.Is(err, scp.ErrIdle) {
		t.Errorf("the session ended with %v", err)
	}
}

// TestPDU aborts on a PDU that the system claims to be too long.
func TestPDU(t *testing.T) {
	t.Parallel()
	config := scp.Config{Echo: echoes, PDU: func(s *scp.Session, e ul.TraceEvent) {
		if !e.Sent && e.FullLength > 64<<10 && pdu.Type(e.PDU[0]) == pdu.TypePDataTF {
			s.Abort()
		}
	}}
	ended := ends(&config)
	addr, _ := serve(t, config)
	c := dial(t, addr)
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSuccess {
		t.Errorf("short: %+v, %v", rsp, err)
	}
	nc, _ := c.Association().Find(dimse.CTImageStorage)
	// The write may find the association aborted already.
	err := c.Conn().Send(within(t), nc.ID, &dimse.CStoreRQ{MessageID: 3}, [][]byte{content(200 << 10)})
	if err == nil {
		_, err = c.Conn().Receive(within(t))
	}
	if err == nil {
		t.Error("the association goes on")
	}
	if err := wait(t, ended); !errors.Is(err, scp.ErrAborted) {
		t.Errorf("the session ended with %v", err)
	}
}
