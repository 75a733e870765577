package ul

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pacsuat/internal/dicom/pdu"
)

// dcmtk returns the path of a DCMTK program. Without it the test is skipped,
// or fails when PACSUAT_REQUIRE (a comma-separated list) names dcmtk.
func dcmtk(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		if slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), "dcmtk") {
			t.Fatalf("PACSUAT_REQUIRE names dcmtk, but %s is not installed", program)
		}
		t.Skipf("skipped: %s of DCMTK is not installed", program)
	}
	return path
}

// echoRSP answers the C-ECHO-RQ with message ID 1 that echoscu sends: PS3.7
// 9.3.5.2, implicit VR little endian, written out because the command set is
// another package's.
var echoRSP = []byte("\x00\x00\x00\x00\x04\x00\x00\x00\x42\x00\x00\x00" +
	"\x00\x00\x02\x00\x12\x00\x00\x001.2.840.10008.1.1\x00" +
	"\x00\x00\x00\x01\x02\x00\x00\x00\x30\x80" +
	"\x00\x00\x20\x01\x02\x00\x00\x00\x01\x00" +
	"\x00\x00\x00\x08\x02\x00\x00\x00\x01\x01" +
	"\x00\x00\x00\x09\x02\x00\x00\x00\x00\x00")

// echoRQ is the request: PS3.7 9.3.5.1.
var echoRQ = []byte("\x00\x00\x00\x00\x04\x00\x00\x00\x38\x00\x00\x00" +
	"\x00\x00\x02\x00\x12\x00\x00\x001.2.840.10008.1.1\x00" +
	"\x00\x00\x00\x01\x02\x00\x00\x00\x30\x00" +
	"\x00\x00\x10\x01\x02\x00\x00\x00\x01\x00" +
	"\x00\x00\x00\x08\x02\x00\x00\x00\x01\x01")

// DCMTK's requestor against our acceptor: release, abort and rejection.
func TestDCMTKRequestor(t *testing.T) {
	t.Parallel()
	echoscu := dcmtk(t, "echoscu")
	run := func(t *testing.T, c AcceptorConfig, want func(*testing.T, error), args ...string) (output string, failed bool) {
		t.Helper()
		finished := make(chan error, 1)
		addr := listen(t, func(conn net.Conn) {
			ctx := context.Background()
			a, err := Accept(ctx, conn, c)
			if err != nil {
				finished <- err
				return
			}
			defer a.Close()
			for {
				if _, err := a.ReadPDV(ctx); err != nil {
					finished <- err
					return
				}
				if err := a.WriteMessage(ctx, 1, echoRSP, nil); err != nil {
					finished <- err
					return
				}
			}
		})
		host, port, err := net.SplitHostPort(addr)
		if err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), echoscu, append(args, "-v", "-aec", "PACS", host, port)...).CombinedOutput()
		want(t, <-finished)
		return string(out), err != nil
	}
	t.Run("release", func(t *testing.T) {
		t.Parallel()
		if out, failed := run(t, acceptor(), wantErrorIs(ErrReleased)); failed || !strings.Contains(out, "Received Echo Response (Success)") {
			t.Errorf("echoscu: %s", out)
		}
	})
	t.Run("abort", func(t *testing.T) {
		t.Parallel()
		if out, failed := run(t, acceptor(), wantErrorAs(&AbortedError{ByPeer: true}), "--abort"); failed {
			t.Errorf("echoscu: %s", out)
		}
	})
	t.Run("rejection", func(t *testing.T) {
		t.Parallel()
		c := acceptor()
		c.Admit = func(*pdu.AssociateRQ, net.Addr) *pdu.AssociateRJ {
			return &pdu.AssociateRJ{Result: pdu.RejectedPermanent, Source: pdu.RejectServiceUser, Reason: pdu.RejectUserCalledAETitleNotRecognized}
		}
		out, failed := run(t, c, wantErrorAs(&RejectedError{Result: 1, Source: 1, Reason: 7, Local: true}))
		if !failed || !strings.Contains(out, "Called AE Title Not Recognized") {
			t.Errorf("echoscu: %s", out)
		}
	})
}

// Our requestor against DCMTK's acceptor.
func TestDCMTKAcceptor(t *testing.T) {
	t.Parallel()
	storescp := dcmtk(t, "storescp")
	// storescp can't choose a free port by itself, so one is looked for; if
	// somebody else takes it in between the test fails, and says so.
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	ln.Close()
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	var output bytes.Buffer
	command := exec.CommandContext(t.Context(), storescp, "-v", "-od", t.TempDir(), port)
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait() // killed
		if t.Failed() {
			t.Logf("storescp: %s", output.String())
		}
	})
	ctx := t.Context()
	c := requestor()
	c.Ceiling = true
	c.Contexts = []ProposedContext{oneContext[0], {AbstractSyntax: "1.2.3.4", TransferSyntaxes: []string{implicitLE}}}
	c.Dialer = untilListening
	a, err := Dial(ctx, addr, c)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if v := a.AC().UserInformation.ImplementationVersionName; !strings.HasPrefix(v, "OFFIS_DCMTK") || len(a.Remarks()) != 0 {
		t.Errorf("answered by %q, remarks %q", v, a.Remarks())
	}
	if got := a.Contexts()[1].Result; got != pdu.AbstractSyntaxNotSupported {
		t.Errorf("unknown abstract syntax: %s", got)
	}
	for range 3 {
		if err := a.WriteMessage(ctx, 1, echoRQ, nil); err != nil {
			t.Fatal(err)
		}
		v, err := a.ReadPDV(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(v.Data, echoRSP) {
			t.Errorf("response % x\nwant     % x", v.Data, echoRSP)
		}
	}
	if err := a.Release(ctx); err != nil {
		t.Error(err)
	}
	// A PDU that storescp does not know makes it abort or close.
	b, err := Dial(ctx, addr, c)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	if err := b.WriteBytes(ctx, []byte{0x42, 0, 0, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ReadPDV(ctx); err == nil {
		t.Error("an unknown PDU was answered with data")
	}
}

// untilListening dials a server that is just starting.
func untilListening(ctx context.Context, network, addr string) (net.Conn, error) {
	for {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err == nil || ctx.Err() != nil {
			return conn, err
		}
	}
}
