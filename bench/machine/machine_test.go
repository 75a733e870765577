package machine

import (
	"runtime"
	"strings"
	"testing"
)

func TestName(t *testing.T) {
	t.Parallel()
	if got := Name(); !strings.Contains(got, runtime.Version()) || !strings.Contains(got, runtime.GOOS) {
		t.Errorf("%q", got)
	}
}

func TestField(t *testing.T) {
	t.Parallel()
	text := "processor\t: 0\nmodel name\t: A: B\nVmHWM:\t  83456 kB\n"
	for key, want := range map[string]string{"model name": "A: B", "VmHWM": "83456 kB", "model": ""} {
		if got, ok := field(text, key); got != want || ok != (want != "") {
			t.Errorf("%s is %q, %t", key, got, ok)
		}
	}
}

// What a process has used grows as it works.
func TestUsed(t *testing.T) {
	t.Parallel()
	cpu, peak := CPU(), PeakMemory()
	if runtime.GOOS != "linux" {
		t.Skip("told on Linux only")
	}
	block := make([]byte, 64<<20)
	for i := range block {
		block[i] = byte(i)
	}
	if now := PeakMemory(); now < peak || now < int64(len(block)) {
		t.Errorf("a peak of %d bytes with %d in use, %d before", now, len(block), peak)
	}
	for CPU() == cpu {
		for i := range block {
			block[i]++
		}
	}
	runtime.KeepAlive(block)
}
