package steps

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
)

// What is local must never be called the system's fault, nor the other way round.
func TestClassify(t *testing.T) {
	t.Parallel()
	connect := func(no syscall.Errno) error {
		return fmt.Errorf("connecting: %w", &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", no)})
	}
	remote := &net.OpError{Op: "remote error", Err: tls.AlertError(42)}
	for _, test := range []struct {
		name string
		err  error
		want rundir.Cause
	}{
		{"rejected", &ul.RejectedError{Result: 1, Source: 1, Reason: 3}, rundir.CauseRefused},
		{"no context", &scu.NoContextError{}, rundir.CauseRefused},
		{"connection refused", connect(syscall.ECONNREFUSED), rundir.CauseRefused},
		{"connection refused, Windows", connect(10061), rundir.CauseRefused},
		{"TLS alert of the other side", remote, rundir.CauseRefused},

		{"aborted by the peer", &ul.AbortedError{ByPeer: true}, rundir.CauseDropped},
		{"closed by the peer", ul.ErrClosed, rundir.CauseDropped},
		{"released by the peer", ul.ErrReleased, rundir.CauseDropped},
		{"reset", connect(syscall.ECONNRESET), rundir.CauseDropped},
		{"broken pipe", connect(syscall.EPIPE), rundir.CauseDropped},
		{"reset, Windows", connect(10054), rundir.CauseDropped},
		{"aborted connection, Windows", connect(10053), rundir.CauseDropped},
		{"end in a handshake", fmt.Errorf("TLS: %w", io.EOF), rundir.CauseDropped},

		{"our timer", &ul.TimeoutError{Timer: "ARTIM"}, rundir.CauseSilent},
		{"connection timed out", connect(syscall.ETIMEDOUT), rundir.CauseSilent},
		{"connection timed out, Windows", connect(10060), rundir.CauseSilent},
		{"no host there", connect(syscall.EHOSTUNREACH), rundir.CauseSilent},
		{"no host there, Windows", connect(10065), rundir.CauseSilent},
		{"deadline of the connection", &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}, rundir.CauseSilent},

		{"wrong PDU", &pdu.FormatError{}, rundir.CauseViolation},
		{"wrong PDU, aborted for it", &ul.AbortedError{Cause: &pdu.FormatError{}}, rundir.CauseViolation},
		{"no PDU, aborted for it", &ul.AbortedError{Cause: &pdu.UnknownTypeError{}}, rundir.CauseViolation},
		{"PDU out of place", &ul.AbortedError{Cause: &ul.UnexpectedPDUError{}}, rundir.CauseViolation},
		{"wrong command", &dimse.FormatError{}, rundir.CauseViolation},
		{"wrong message", &scu.UnexpectedMessageError{}, rundir.CauseViolation},
		{"wrong data", &dataset.FormatError{}, rundir.CauseViolation},
		{"too large", fmt.Errorf("C-FIND: %w", dimse.ErrTooLarge), rundir.CauseViolation},
		{"no TLS there", tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"}, rundir.CauseViolation},

		{"no port left", connect(syscall.EADDRNOTAVAIL), rundir.CauseLocal},
		{"no port left, Windows", connect(10049), rundir.CauseLocal},
		{"no buffers, Windows", connect(10055), rundir.CauseLocal},
		{"no descriptors", connect(syscall.EMFILE), rundir.CauseLocal},
		{"forbidden by our firewall", connect(syscall.EPERM), rundir.CauseLocal},
		{"forbidden by our firewall, Windows", connect(10013), rundir.CauseLocal},
		{"no network", connect(syscall.ENETUNREACH), rundir.CauseLocal},
		{"no network, Windows", connect(10051), rundir.CauseLocal},
		{"no such name", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "pacs", IsNotFound: true}}, rundir.CauseLocal},
		{"name server silent", &net.OpError{Op: "dial", Err: &net.DNSError{Name: "pacs", IsTimeout: true}}, rundir.CauseLocal},
		{"certificate not trusted", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, rundir.CauseLocal},
		{"disk full", &fs.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}, rundir.CauseLocal},
		{"file not there", &fs.PathError{Op: "open", Path: "x", Err: fs.ErrNotExist}, rundir.CauseLocal},

		{"aborted by ourselves", &ul.AbortedError{}, rundir.CauseEngine},
		{"closed by ourselves", ul.ErrLocalClose, rundir.CauseEngine},
		{"used after closing", &net.OpError{Op: "write", Err: net.ErrClosed}, rundir.CauseEngine},
		{"not allowed now", &ul.StateError{}, rundir.CauseEngine},
		{"another context's end", context.DeadlineExceeded, rundir.CauseEngine},
		{"unheard of", errors.New("something"), rundir.CauseEngine},
	} {
		if got := classify(t.Context(), test.err); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		err := failure(t.Context(), "bk", "doing", test.err)
		blameless := test.want == rundir.CauseLocal || test.want == rundir.CauseEngine
		if ours(err) != blameless {
			t.Errorf("%s: ours: %t", test.name, ours(err))
		}
	}
}

// Once its context has ended, an error says nothing but that.
func TestClassifyOfAContextThatEnded(t *testing.T) {
	t.Parallel()
	errStopped := errors.New("stopped")
	for _, test := range []struct {
		cause error
		want  rundir.Cause
	}{{errSilent, rundir.CauseSilent}, {errStopped, rundir.CauseCancelled}, {context.DeadlineExceeded, rundir.CauseCancelled}} {
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(test.cause)
		for _, err := range []error{ctx.Err(), &ul.AbortedError{}, ul.ErrClosed, syscall.EMFILE} {
			if got := classify(ctx, err); got != test.want {
				t.Errorf("%v, %v: %s, want %s", test.cause, err, got, test.want)
			}
		}
		if err := failure(ctx, "bk", "doing", ctx.Err()); !strings.Contains(err.Error(), test.cause.Error()) {
			t.Errorf("%q does not say %q", err, test.cause)
		}
	}
	if failure(t.Context(), "bk", "doing", nil) != nil {
		t.Error("no error became one")
	}
	inner := &Error{Cause: rundir.CauseLocal, Doing: "inside", Err: io.EOF}
	if got := failure(t.Context(), "bk", "outside", inner); got != error(inner) {
		t.Errorf("classed anew: %v", got)
	}
}

func TestWhatIsAnAnswer(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		err  error
		want bool
	}{
		{"rejection", &ul.RejectedError{}, true},
		{"abort of the peer", &ul.AbortedError{ByPeer: true}, true},
		{"wrong PDU", &ul.AbortedError{Cause: &pdu.FormatError{}}, true},
		{"another protocol", &ul.AbortedError{Cause: &pdu.UnknownTypeError{}}, false},
		{"abort of our own", &ul.AbortedError{}, false},
		{"refused connection", syscall.ECONNREFUSED, false},
		{"closed", ul.ErrClosed, false},
	} {
		if got := answers(fmt.Errorf("connecting: %w", test.err)); got != test.want {
			t.Errorf("%s: %t", test.name, got)
		}
	}
}

func TestOneOfOursDecides(t *testing.T) {
	t.Parallel()
	local, dropped := &Error{Cause: rundir.CauseLocal, Err: io.EOF}, &Error{Cause: rundir.CauseDropped, Err: io.EOF}
	for _, test := range []struct {
		errs []error
		want error
	}{
		{nil, nil}, {[]error{nil, nil}, nil},
		{[]error{nil, dropped, local}, local}, {[]error{nil, dropped, nil}, dropped},
	} {
		if got := decisive(test.errs); got != test.want {
			t.Errorf("%v: %v", test.errs, got)
		}
	}
}

func TestAPanicAtOnceIsOneError(t *testing.T) {
	t.Parallel()
	errs := atOnce(3, func(i int) error {
		if i == 1 {
			panic("nothing there")
		}
		return nil
	})
	var known *Error
	if errs[0] != nil || errs[2] != nil || !errors.As(errs[1], &known) || known.Cause != rundir.CauseEngine {
		t.Errorf("%v", errs)
	}
}
