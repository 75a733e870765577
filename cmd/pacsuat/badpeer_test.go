package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"strings"
	"testing"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// What is no DICOM system is never passed, never crashes the harness and holds
// it up for no longer than its limits.
func TestPeerThatIsNoDICOMSystem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		peer   func(net.Conn) // nil: nobody listens
		code   int
		reason string // part of each scenario's
	}{
		{name: "nobody there", code: 2, reason: "never reachable"},
		{name: "closes at once", peer: func(net.Conn) {}, code: 2, reason: "never reachable"},
		{name: "says nothing", peer: func(c net.Conn) { _, _ = io.Copy(io.Discard, c) }, code: 2, reason: "never reachable"},
		{name: "another protocol", peer: func(c net.Conn) { fmt.Fprint(c, "SSH-2.0-OpenSSH_9.2\r\nwho are you?\r\n") }, code: 2, reason: "never reachable"},
		{name: "another protocol without end", peer: endless(t, []byte("GET / HTTP/1.1\r\n")), code: 2, reason: "never reachable"},
		{name: "zeros without end", peer: endless(t, make([]byte, 4096)), code: 2, reason: "never reachable"},
		// What begins as a PDU is an answer, and a wrong one.
		{name: "an acceptance without end", peer: endless(t, []byte{2, 0, 0xff, 0xff, 0xff, 0xff}), code: 1, reason: "broke the protocol"},
		{name: "an acceptance that is cut", peer: func(c net.Conn) { _, _ = c.Write([]byte{2, 0, 0, 0, 1, 0, 0, 1}) }, code: 2, reason: "never reachable"},
		{name: "data before anything is accepted", peer: endless(t, []byte{4, 0, 0, 0, 0, 6, 0, 0, 0, 2, 1, 2}), code: 1, reason: "broke the protocol"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			peer := c.peer
			if peer == nil {
				peer = func(net.Conn) {}
			}
			addr := serve(t, peer)
			if c.peer == nil {
				addr = nobody(t)
			}
			e := described(t, map[string]net.Addr{"bk": addr})
			dir := filepath.Join(t.TempDir(), "run")
			r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--out", dir,
				"--scenario", echoing, "--scenario", writing)...)
			want := map[int]rundir.Outcome{1: rundir.Fail, 2: rundir.Inconclusive}[c.code]
			if r.code != c.code {
				t.Errorf("exits %d, want %d\n%s", r.code, c.code, r)
			}
			for _, s := range verdictOf(t, dir).Scenarios {
				if s.ID == rundir.InboxScenario {
					continue
				}
				if s.Verdict != want || !strings.Contains(s.Reason, c.reason) || !strings.Contains(s.Reason+r.stdout, "bk") {
					t.Errorf("%s: %s: %s", s.ID, s.Verdict, s.Reason)
				}
			}
			if strings.Contains(r.stderr, "ok ") {
				t.Errorf("something was printed ok:\n%s", r.stderr)
			}
			if len(r.stdout)+len(r.stderr) > 20_000 {
				t.Errorf("%d bytes were printed", len(r.stdout)+len(r.stderr))
			}
		})
	}
}

// endless sends the same again and again until the other side has enough, which
// must come to pass.
func endless(t *testing.T, b []byte) func(net.Conn) {
	const enough = 256 << 20
	many := bytes.Repeat(b, 1+65536/len(b))
	return func(c net.Conn) {
		for sent := 0; ; {
			n, err := c.Write(many)
			if err != nil {
				return
			}
			if sent += n; sent > enough {
				t.Errorf("%d bytes were read of what never ends", sent)
				return
			}
		}
	}
}

// nobody is an address that nobody listens at.
func nobody(t *testing.T) net.Addr {
	t.Helper()
	free, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	addr, err := net.ResolveTCPAddr("tcp", free)
	if err != nil {
		t.Fatal(err)
	}
	return addr
}

// A system that has answered and then is not there any more has failed; one that
// never was is inconclusive, and the others are tested all the same.
func TestOneSystemDown(t *testing.T) {
	t.Parallel()
	_, e := simulated(t, sim.Options{})
	*e.System("prod").Live = false
	down := nobody(t).(*net.TCPAddr)
	ep := e.System("prod").Endpoints.Store
	ep.Host, ep.Port = down.IP.String(), down.Port
	e.System("prod").Endpoints.QueryRetrieve = ep
	e.System("prod").Role = enterprise.BK
	dir := filepath.Join(t.TempDir(), "run")
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", echoing, "--roles", "bk", "--out", dir)...)
	if r.code != exitInconclusive || !strings.Contains(r.stdout, "never reachable") {
		t.Errorf("exits %d\n%s", r.code, r)
	}
	got := outcomes(verdictOf(t, dir))
	if got["bk "+echoing] != rundir.Pass || got["prod "+echoing] != rundir.Inconclusive {
		t.Errorf("%v", got)
	}
	systems := pacsuat(t, t.TempDir(), "systems", "--enterprise", writeEnterprise(t, e))
	if systems.code != exitInconclusive || !strings.Contains(systems.stdout, "connection refused") || !strings.Contains(systems.stdout, "0x0000 success") {
		t.Errorf("systems exits %d\n%s", systems.code, systems)
	}
}

// The port of the harness is somebody else's: nothing is sent.
func TestInboxPortInUse(t *testing.T) {
	t.Parallel()
	addresses, connections := recorders(t, "bk")
	e := described(t, addresses)
	e.Harness.Listen = serve(t, func(net.Conn) {}).String()
	dir := filepath.Join(t.TempDir(), "run")
	r := pacsuat(t, t.TempDir(), withSmall(t, "run", "--enterprise", writeEnterprise(t, e), "--scenario", writing, "--out", dir)...)
	if r.code != exitInconclusive {
		t.Errorf("exits %d\n%s", r.code, r)
	}
	for _, want := range []string{"the harness can't listen at " + e.Harness.Listen, "address already in use", "give the harness another one (harness: listen)"} {
		if !strings.Contains(r.stderr, want) {
			t.Errorf("the error lacks %q:\n%s", want, r.stderr)
		}
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were opened", n)
	}
	for _, s := range verdictOf(t, dir).Scenarios {
		if s.Verdict != rundir.Inconclusive {
			t.Errorf("%s: %s: %s", s.ID, s.Verdict, s.Reason)
		}
	}
}
