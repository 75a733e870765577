package steps

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
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

func classify(ctx context.Context, err error) rundir.Cause {
	var (
		rejected  *ul.RejectedError
		aborted   *ul.AbortedError
		format    *pdu.FormatError
		data      *dataset.FormatError
		protocol  *dimse.ProtocolError
		message   *scu.UnexpectedMessageError
		noContext *scu.NoContextError
		timeout   *ul.TimeoutError
		op        *net.OpError
	)
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, errSilent):
		return rundir.CauseSilent
	case cause != nil:
		return rundir.CauseCancelled
	case isLocal(err):
		return rundir.CauseLocal
	case errors.As(err, &rejected), errors.As(err, &noContext), errors.Is(err, syscall.ECONNREFUSED):
		return rundir.CauseRefused
	case errors.As(err, &timeout):
		return rundir.CauseSilent
	case errors.As(err, &format), errors.As(err, &data), errors.As(err, &protocol), errors.As(err, &message):
		return rundir.CauseViolation
	case errors.As(err, &aborted):
		if aborted.Cause != nil {
			return rundir.CauseViolation
		}
		return rundir.CauseDropped
	case errors.Is(err, ul.ErrClosed), errors.Is(err, ul.ErrReleased),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return rundir.CauseDropped
	case errors.As(err, &op):
		if op.Timeout() {
			return rundir.CauseSilent
		}
		return rundir.CauseRefused
	}
	return rundir.CauseEngine
}

// isLocal reports whether the cause lies on this machine: no port, no file
// descriptor, no memory, no disk.
func isLocal(err error) bool {
	for _, e := range []syscall.Errno{
		syscall.EADDRNOTAVAIL, syscall.EMFILE, syscall.ENFILE, syscall.ENOBUFS, syscall.ENOMEM, syscall.ENOSPC, syscall.EADDRINUSE,
	} {
		if errors.Is(err, e) {
			return true
		}
	}
	var path *fs.PathError
	return errors.As(err, &path)
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
