package main

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"pacsuat/fixtures/sim"
	"pacsuat/internal/enterprise"
)

// described is a small description: systems of one site, each with one address
// for store and query. Nothing is live but what says so.
func described(t *testing.T, addresses map[string]net.Addr, links ...enterprise.Link) *enterprise.Enterprise {
	t.Helper()
	listen, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	e := &enterprise.Enterprise{
		Name:    "Test cluster",
		Harness: enterprise.Harness{AETitle: "PACSUAT", Listen: listen, UnknownAETitle: "NOTREGISTERED"},
		Sites:   []enterprise.Site{{Name: "site", Kind: enterprise.MajorHospital, TimeZone: "Europe/Zurich", YearlyExams: 1000}},
		Links:   links,
	}
	for _, s := range []struct {
		name string
		role enterprise.Role
		live bool
	}{{"bk", enterprise.BK, false}, {"prod", enterprise.Prod, true}, {"dr", enterprise.DR, true}} {
		addr, ok := addresses[s.name]
		if !ok {
			continue
		}
		host, port, err := net.SplitHostPort(addr.String())
		if err != nil {
			t.Fatal(err)
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			t.Fatal(err)
		}
		ep := &enterprise.DICOMEndpoint{AETitle: s.name, Host: host, Port: n}
		live := s.live
		e.Systems = append(e.Systems, enterprise.System{
			Name: s.name, Site: "site", Role: s.role, Live: &live, Endpoints: enterprise.Endpoints{Store: ep, QueryRetrieve: ep},
		})
	}
	return e
}

// writeEnterprise writes a description into a folder of the test and returns
// the file's name.
func writeEnterprise(t *testing.T, e *enterprise.Enterprise) string {
	t.Helper()
	text, err := e.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.TempDir(), "enterprise.yaml")
	if err := os.WriteFile(name, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// recorders are listeners in the place of systems, which count the connections
// that are opened to them and close these at once.
func recorders(t *testing.T, names ...string) (addresses map[string]net.Addr, connections *atomic.Int64) {
	t.Helper()
	addresses, connections = map[string]net.Addr{}, &atomic.Int64{}
	for _, n := range names {
		addresses[n] = serve(t, func(c net.Conn) { connections.Add(1) })
	}
	return addresses, connections
}

// serve gives every connection to a listener on this machine to each, and
// closes it after. It ends with the test.
func serve(t *testing.T, each func(net.Conn)) net.Addr {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	open, ended := map[net.Conn]bool{}, false
	wg.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			if ended {
				_ = c.Close()
			}
			open[c] = true
			mu.Unlock()
			wg.Go(func() {
				each(c)
				mu.Lock()
				defer mu.Unlock()
				_ = c.Close()
				delete(open, c)
			})
		}
	})
	t.Cleanup(func() {
		_ = l.Close()
		mu.Lock()
		ended = true
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		wg.Wait()
	})
	return l.Addr()
}

// simulated starts bk, prod and dr in this process, joined by links, and
// returns the description that reaches them.
func simulated(t *testing.T, o sim.Options, links ...enterprise.Link) (*sim.Cluster, *enterprise.Enterprise) {
	t.Helper()
	nowhere := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1}
	o.Enterprise = described(t, map[string]net.Addr{
		"bk": nowhere, "prod": &net.TCPAddr{IP: nowhere.IP, Port: 2}, "dr": &net.TCPAddr{IP: nowhere.IP, Port: 3},
	}, links...)
	o.FreePorts = true
	c, err := sim.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, c.Enterprise().Clone()
}
