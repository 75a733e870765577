package steps

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"runtime/debug"
	"sync"
	"syscall"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
)

// Error is why a step could not go on. It passes no judgement.
type Error struct {
	Cause  rundir.Cause
	System string // "" where no system has part in it
	Doing  string // what was being done
	Err    error
}

// Error names the system, what was done and what came. It holds no value that
// a system answered.
func (e *Error) Error() string {
	s := e.Doing
	if e.System != "" {
		s += " (" + e.System + ")"
	}
	return s + ": " + e.Err.Error()
}

// Unwrap returns the error behind it.
func (e *Error) Unwrap() error { return e.Err }

// errSilent is the cause of an operation's context that its limit ended.
var errSilent = errors.New("no answer within the limit")

// flow says that an earlier answer leaves nothing to go on with; the check that
// says what is wrong has been written.
func flow(format string, args ...any) error {
	return &Error{Cause: rundir.CauseFlow, Doing: "not continued", Err: fmt.Errorf(format, args...)}
}

// failure classes err, which an operation with system returned, so that judge
// can tell a system's fault from ours. ctx is the operation's own.
func failure(ctx context.Context, system, doing string, err error) error {
	if err == nil {
		return nil
	}
	var already *Error
	if errors.As(err, &already) {
		return err
	}
	return &Error{Cause: classify(ctx, err), System: system, Doing: doing, Err: plain(ctx, err)}
}

// classify says whose fault an error is. What this machine or the description of
// the system causes is local; what only we can have done, such as closing or
// aborting, is our own mistake. In doubt it is ours: that is inconclusive, and
// no system is blamed.
func classify(ctx context.Context, err error) rundir.Cause {
	var (
		rejected  *ul.RejectedError
		aborted   *ul.AbortedError
		format    *pdu.FormatError
		data      *dataset.FormatError
		protocol  *dimse.ProtocolError
		command   *dimse.FormatError
		message   *scu.UnexpectedMessageError
		noContext *scu.NoContextError
		timeout   *ul.TimeoutError
		notTLS    tls.RecordHeaderError
		op        *net.OpError
	)
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errSilent):
		return rundir.CauseSilent
	case cause != nil:
		return rundir.CauseCancelled
	case isLocal(err):
		return rundir.CauseLocal
	case errors.Is(err, ul.ErrLocalClose), errors.Is(err, net.ErrClosed):
		return rundir.CauseEngine
	case errors.As(err, &rejected), errors.As(err, &noContext):
		return rundir.CauseRefused
	case errors.As(err, &timeout):
		return rundir.CauseSilent
	case errors.As(err, &format), errors.As(err, &data), errors.As(err, &protocol), errors.As(err, &command),
		errors.As(err, &message), errors.As(err, &notTLS), errors.Is(err, dimse.ErrTooLarge):
		return rundir.CauseViolation
	case errors.As(err, &aborted):
		switch {
		case aborted.Cause != nil:
			return rundir.CauseViolation
		case aborted.ByPeer:
			return rundir.CauseDropped
		}
		return rundir.CauseEngine
	case errors.Is(err, ul.ErrClosed), errors.Is(err, ul.ErrReleased), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return rundir.CauseDropped
	}
	if cause, ok := network(err); ok {
		return cause
	}
	if errors.As(err, &op) {
		if op.Timeout() {
			return rundir.CauseSilent
		}
		return rundir.CauseRefused
	}
	return rundir.CauseEngine
}

// isLocal reports whether the cause lies on this machine: no port, no file
// descriptor, no memory, no disk, no way into the network, a name that nobody
// can resolve, a certificate that this side does not trust.
func isLocal(err error) bool {
	var (
		path        *fs.PathError
		name        *net.DNSError
		address     *net.AddrError
		certificate *tls.CertificateVerificationError
	)
	if cause, ok := network(err); ok {
		return cause == rundir.CauseLocal
	}
	return errors.As(err, &path) || errors.As(err, &name) || errors.As(err, &address) || errors.As(err, &certificate)
}

// network classes what the operating system says of a connection.
func network(err error) (rundir.Cause, bool) {
	var no syscall.Errno
	if !errors.As(err, &no) {
		return rundir.CauseNone, false
	}
	if cause, ok := winsock[no]; ok {
		return cause, true
	}
	switch no {
	case syscall.EADDRNOTAVAIL, syscall.EADDRINUSE, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ENOSPC,
		syscall.EACCES, syscall.EPERM, syscall.ENETDOWN, syscall.ENETUNREACH, syscall.EAFNOSUPPORT:
		return rundir.CauseLocal, true
	case syscall.ECONNREFUSED:
		return rundir.CauseRefused, true
	case syscall.ETIMEDOUT, syscall.EHOSTUNREACH, syscall.EHOSTDOWN:
		return rundir.CauseSilent, true
	case syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED:
		return rundir.CauseDropped, true
	}
	return rundir.CauseNone, false
}

// winsock holds the error numbers of Windows Sockets: on Windows the system gives
// these, and package syscall's E constants are numbers of Go's own. No other
// system uses numbers as high.
var winsock = map[syscall.Errno]rundir.Cause{
	10013: rundir.CauseLocal,   // WSAEACCES
	10024: rundir.CauseLocal,   // WSAEMFILE
	10047: rundir.CauseLocal,   // WSAEAFNOSUPPORT
	10048: rundir.CauseLocal,   // WSAEADDRINUSE
	10049: rundir.CauseLocal,   // WSAEADDRNOTAVAIL
	10050: rundir.CauseLocal,   // WSAENETDOWN
	10051: rundir.CauseLocal,   // WSAENETUNREACH
	10053: rundir.CauseDropped, // WSAECONNABORTED
	10054: rundir.CauseDropped, // WSAECONNRESET
	10055: rundir.CauseLocal,   // WSAENOBUFS
	10060: rundir.CauseSilent,  // WSAETIMEDOUT
	10061: rundir.CauseRefused, // WSAECONNREFUSED
	10064: rundir.CauseSilent,  // WSAEHOSTDOWN
	10065: rundir.CauseSilent,  // WSAEHOSTUNREACH
}

// ours reports whether an error says nothing about a system: this machine, a
// mistake of the harness, or the end of the run is behind it.
func ours(err error) bool {
	var known *Error
	if !errors.As(err, &known) {
		return err != nil
	}
	switch known.Cause {
	case rundir.CauseLocal, rundir.CauseEngine, rundir.CauseCancelled:
		return true
	}
	return false
}

// decisive returns the error that several at the same time came to: one of ours
// first, as it may be behind all the others.
func decisive(errs []error) error {
	var first error
	for _, err := range errs {
		if err != nil && ours(err) {
			return err
		}
		if first == nil {
			first = err
		}
	}
	return first
}

// atOnce calls f for 0 to n-1 at the same time and waits for all. A panic is the
// error of its call: it must not end the process, and with it other scenarios.
func atOnce(n int, f func(i int) error) []error {
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			defer func() {
				if v := recover(); v != nil {
					errs[i] = &Error{Cause: rundir.CauseEngine, Doing: "working at once", Err: fmt.Errorf("panicked: %v\n%s", v, debug.Stack())}
				}
			}()
			errs[i] = f(i)
		})
	}
	wg.Wait()
	return errs
}

// plain replaces a context's error by what ended it, in words.
func plain(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, ctx.Err()) {
		return cause
	}
	return err
}

func errorAs[E error](err error) bool {
	var e E
	return errors.As(err, &e)
}
