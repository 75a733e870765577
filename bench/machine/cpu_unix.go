//go:build unix

package machine

import (
	"syscall"
	"time"
)

// CPU is the time, of the user and of the system, that this process has used so
// far; 0 where it cannot be told.
func CPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
