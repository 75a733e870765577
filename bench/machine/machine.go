// Package machine tells benchmarks what they run on and what a process has used
// of it.
package machine

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Name names what figures were measured on: processor, cores, system, Go.
func Name() string {
	return fmt.Sprintf("%s, %d cores, %s/%s, %s", cpuModel(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// cpuModel is as Linux tells it.
func cpuModel() string {
	b, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown CPU"
	}
	if model, ok := field(string(b), "model name"); ok {
		return model
	}
	return "unknown CPU"
}

// OtherLoad warns of other work on the machine, as far as Linux tells: a line,
// or "" where there is none.
func OtherLoad() string {
	b, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	text, _, _ := strings.Cut(string(b), " ")
	if load, err := strconv.ParseFloat(text, 64); err != nil || load < 0.5 {
		return ""
	}
	return fmt.Sprintf("The machine was not idle before: load average %s. Other work makes figures lower and ratios uncertain.\n", text)
}

// PeakMemory is the most bytes of memory that this process has had resident
// since it was started (VmHWM of Linux); 0 where it cannot be told.
func PeakMemory() int64 {
	b, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	text, _ := field(string(b), "VmHWM") // in units of 1024 bytes: "83456 kB"
	n, err := strconv.ParseInt(strings.TrimSuffix(text, " kB"), 10, 64)
	if err != nil {
		return 0
	}
	return n * 1024
}

// field finds a line "key : value".
func field(text, key string) (string, bool) {
	for line := range strings.Lines(text) {
		if k, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == key {
			return strings.TrimSpace(value), true
		}
	}
	return "", false
}
