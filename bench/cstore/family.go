package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// familyCPU is the CPU time so far of a process and its children, the ended and
// waited for ones included, as Linux tells it in hundredths of a second; false
// elsewhere. It is how the receiver's part is told while that goes on running.
func familyCPU(pid int) (time.Duration, bool) {
	self, ok := readStat(strconv.Itoa(pid))
	if !ok {
		return 0, false
	}
	total := self.own + self.waited
	processes, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, false
	}
	for _, p := range processes {
		if s, ok := readStat(filepath.Base(p)); ok && s.parent == pid {
			total += s.own + s.waited
		}
	}
	return total, true
}

// stat is what /proc/PID/stat says.
type stat struct {
	parent      int
	own, waited time.Duration // user and system time; of children that were waited for
}

// tick is the unit of the times there (USER_HZ, 100 on every architecture).
const tick = time.Second / 100

func readStat(pid string) (s stat, ok bool) {
	b, err := os.ReadFile(filepath.Join("/proc", pid, "stat"))
	if err != nil {
		return s, false // it has ended, or this is not Linux
	}
	// The name, field 2, is in parentheses and may hold anything.
	fields := strings.Fields(string(b[bytes.LastIndexByte(b, ')')+1:]))
	if len(fields) < 15 {
		return s, false
	}
	number := func(field int) int { // as proc(5) counts them
		n, err := strconv.Atoi(fields[field-3])
		ok = ok && err == nil
		return n
	}
	ok = true
	s.parent = number(4)
	s.own = time.Duration(number(14)+number(15)) * tick
	s.waited = time.Duration(number(16)+number(17)) * tick
	return s, ok
}
