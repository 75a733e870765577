package scp_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
)

// TestMain fails when a goroutine of ours outlives the tests: every one has an
// owner that waits for it.
func TestMain(m *testing.M) {
	code := m.Run()
	if left := ourGoroutines(); left != "" && code == 0 {
		fmt.Fprintf(os.Stderr, "goroutines left:\n%s\n", left)
		code = 1
	}
	os.Exit(code)
}

// ourGoroutines are the stacks of goroutines in the protocol packages, after
// those that are returning have had a chance to.
func ourGoroutines() string {
	var left []string
	for range 1000 {
		left = left[:0]
		buffer := make([]byte, 4<<20)
		for _, stack := range strings.Split(string(buffer[:runtime.Stack(buffer, true)]), "\n\n") {
			if strings.Contains(stack, "pacsuat/internal/dicom/") && !strings.Contains(stack, "TestMain") {
				left = append(left, stack)
			}
		}
		if len(left) == 0 {
			return ""
		}
		runtime.Gosched()
	}
	return strings.Join(left, "\n\n")
}

// deadline is far beyond what any exchange on loopback takes.
const deadline = 20 * time.Second

// within is a context for one test.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	t.Cleanup(cancel)
	return ctx
}

var nativeSyntaxes = []string{string(dataset.ExplicitVRLittleEndian), string(dataset.ImplicitVRLittleEndian)}

// everything is the acceptor of a system that has all services.
func everything(net.Conn) ul.AcceptorConfig {
	supported := map[string][]string{}
	for _, class := range []string{dimse.VerificationSOPClass, dimse.StudyRootFind, dimse.StudyRootMove, dimse.StudyRootGet,
		dimse.StorageCommitmentPushModelSOPClass, dimse.CTImageStorage, dimse.MRImageStorage} {
		supported[class] = nativeSyntaxes
	}
	return ul.AcceptorConfig{Supported: supported}
}

// serve runs a server until the test is over and returns its address.
func serve(t *testing.T, c scp.Config) (string, *scp.Server) {
	t.Helper()
	if c.Acceptor == nil {
		c.Acceptor = everything
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := scp.NewServer(c)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error)
	go func() { done <- server.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Serve: %v", err)
		}
		if n := server.Associations(); n != 0 {
			t.Errorf("%d associations left", n)
		}
	})
	return l.Addr().String(), server
}

// requestor proposes every service, and the SCP role for CT.
func requestor() ul.RequestorConfig {
	c := ul.RequestorConfig{CallingAETitle: "TESTER", CalledAETitle: "SYSTEM",
		Roles: []pdu.RoleSelection{{SOPClassUID: dimse.CTImageStorage, SCU: true, SCP: true}}}
	for _, class := range []string{dimse.VerificationSOPClass, dimse.StudyRootFind, dimse.StudyRootMove, dimse.StudyRootGet,
		dimse.StorageCommitmentPushModelSOPClass, dimse.CTImageStorage, dimse.MRImageStorage} {
		c.Contexts = append(c.Contexts, ul.ProposedContext{AbstractSyntax: class, TransferSyntaxes: nativeSyntaxes[:1]})
	}
	return c
}

// dial opens an association that is closed when the test is over.
func dial(t *testing.T, addr string) *scu.Client {
	t.Helper()
	c, err := scu.Dial(within(t), addr, requestor())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// study is an identifier with a Study Instance UID.
func study(uid string) *dataset.Set {
	set := dataset.New()
	set.PutString(dataset.QueryRetrieveLevel, "STUDY")
	set.PutString(dataset.StudyInstanceUID, uid)
	return set
}

// content is a pattern of n bytes that no shifted copy of it equals.
func content(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i ^ i>>8 ^ i>>16)
	}
	return b
}

// release ends an association in order, which every peer here agrees to.
func release(t *testing.T, c *scu.Client) {
	t.Helper()
	if err := c.Release(within(t)); err != nil {
		t.Errorf("release: %v", err)
	}
}

// equalBytes reports whether got is want without printing megabytes.
func equalBytes(t *testing.T, got, want []byte) {
	t.Helper()
	if !bytes.Equal(got, want) {
		t.Errorf("%d bytes arrived that differ from the %d sent", len(got), len(want))
	}
}
