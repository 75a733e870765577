package codec

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// requirePeer skips the test when a program is missing, or fails it when
// PACSUAT_REQUIRE names what the program comes with.
func requirePeer(t *testing.T, program, from string) {
	t.Helper()
	if _, err := exec.LookPath(program); err == nil {
		return
	}
	if slices.Contains(strings.Split(os.Getenv("PACSUAT_REQUIRE"), ","), from) {
		t.Fatalf("%s is not installed and PACSUAT_REQUIRE names %s", program, from)
	}
	t.Skipf("%s (%s) is not installed, so it decodes none of our frames", program, from)
}
