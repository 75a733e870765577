package ul

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io"
	"math/big"
	"net"
	"testing"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// listen accepts one connection on loopback and hands it to serve, which is
// waited for when the test ends.
func listen(t testing.TB, serve func(conn net.Conn)) (addr string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		conn, err := ln.Accept()
		if err != nil {
			return
		}
		serve(conn)
	}()
	t.Cleanup(func() {
		ln.Close()
		<-done
	})
	return ln.Addr().String()
}

// sink accepts an association and reads until it ends.
func sink(t testing.TB, c AcceptorConfig, received *int64) func(conn net.Conn) {
	return func(conn net.Conn) {
		ctx := context.Background()
		a, err := Accept(ctx, conn, c)
		if err != nil {
			t.Error(err)
			return
		}
		defer a.Close()
		for {
			v, err := a.ReadPDV(ctx)
			if err != nil {
				if !errors.Is(err, ErrReleased) {
					t.Error(err)
				}
				return
			}
			*received += int64(len(v.Data))
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	certificate, pool := selfSigned(t)
	tests := []struct {
		name string
		rc   RequestorConfig
		ac   AcceptorConfig
		tls  bool
	}{
		{"TCP", requestor(), acceptor(), false},
		{"ceiling", func() RequestorConfig { c := requestor(); c.Ceiling = true; return c }(), acceptor(), false},
		{"small PDUs", requestor(), func() AcceptorConfig { c := acceptor(); c.MaxPDULength = 4096; return c }(), false},
		{"no limit", requestor(), func() AcceptorConfig { c := acceptor(); c.MaxPDULength = NoLimit; return c }(), false},
		{"TLS", requestor(), acceptor(), true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var received int64
			serve := sink(t, tt.ac, &received)
			if tt.tls {
				tt.rc.TLS = &tls.Config{RootCAs: pool}
				plain := serve
				serve = func(conn net.Conn) {
					plain(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}}))
				}
			}
			finished := make(chan struct{})
			addr := listen(t, func(conn net.Conn) { defer close(finished); serve(conn) })
			ctx := t.Context()
			a, err := Dial(ctx, addr, tt.rc)
			if err != nil {
				t.Fatal(err)
			}
			defer a.Close()
			data := pattern(3<<20 + 2)
			for range 3 {
				if err := a.WriteMessage(ctx, 1, pattern(100), [][]byte{data[:1000], data[1000:]}); err != nil {
					t.Fatal(err)
				}
			}
			if err := a.Release(ctx); err != nil {
				t.Fatal(err)
			}
			<-finished
			if want := int64(3 * (100 + len(data))); received != want {
				t.Errorf("%d bytes arrived, want %d", received, want)
			}
		})
	}
}

// The peer refuses a message halfway, as PACS do when they are full: A-ABORT,
// close, with our data unread. Nobody reads on our side meanwhile.
func TestAbortedByPeerWhileWriting(t *testing.T) {
	t.Parallel()
	addr := listen(t, func(conn net.Conn) {
		c := acceptor()
		c.ARTIM = 10 * time.Millisecond
		a, err := Accept(context.Background(), conn, c)
		if err != nil {
			t.Error(err)
			return
		}
		if _, err := a.ReadPDV(context.Background()); err != nil {
			t.Error(err)
		}
		if err := a.Abort(context.Background(), pdu.AbortServiceProvider, pdu.AbortReasonNotSpecified); err != nil {
			t.Error(err)
		}
	})
	a, err := Dial(t.Context(), addr, requestor())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for err == nil {
		err = a.WriteMessage(t.Context(), 1, nil, [][]byte{pattern(1 << 20)})
	}
	wantErrorAs(&AbortedError{Source: pdu.AbortServiceProvider, ByPeer: true})(t, err)
}

// A peer that vanishes is ErrClosed, wherever that is noticed.
func TestResetByPeer(t *testing.T) {
	t.Parallel()
	addr := listen(t, func(conn net.Conn) {
		if _, err := Accept(context.Background(), conn, acceptor()); err != nil {
			t.Error(err)
		}
		if err := conn.(*net.TCPConn).SetLinger(0); err != nil {
			t.Error(err)
		}
		conn.Close()
	})
	a, err := Dial(t.Context(), addr, requestor())
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	for err == nil {
		err = a.WriteMessage(t.Context(), 1, nil, [][]byte{pattern(1 << 20)})
	}
	wantErrorIs(ErrClosed)(t, err)
}

func TestTLSFailures(t *testing.T) {
	t.Parallel()
	certificate, _ := selfSigned(t)
	t.Run("unknown authority", func(t *testing.T) {
		t.Parallel()
		addr := listen(t, func(conn net.Conn) {
			if _, err := Accept(context.Background(), tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}}), acceptor()); err == nil {
				t.Error("the acceptor saw no failure")
			}
		})
		c := requestor()
		c.TLS = &tls.Config{RootCAs: x509.NewCertPool()}
		var unknown x509.UnknownAuthorityError
		if _, err := Dial(t.Context(), addr, c); !errors.As(err, &unknown) {
			t.Errorf("error %v", err)
		}
	})
	t.Run("peer does not shake hands", func(t *testing.T) {
		t.Parallel()
		addr := listen(t, func(conn net.Conn) {
			_, _ = io.Copy(io.Discard, conn) // until the other side gives up
			conn.Close()
		})
		c := requestor()
		c.TLS = &tls.Config{InsecureSkipVerify: true}
		c.DialTimeout = 20 * time.Millisecond
		_, err := Dial(t.Context(), addr, c)
		wantErrorAs(&TimeoutError{Timer: "dial", After: c.DialTimeout})(t, err)
	})
	t.Run("requestor does not shake hands", func(t *testing.T) {
		t.Parallel()
		left, right := net.Pipe()
		defer right.Close()
		c := acceptor()
		c.ARTIM = 20 * time.Millisecond
		_, err := Accept(t.Context(), tls.Server(left, &tls.Config{Certificates: []tls.Certificate{certificate}}), c)
		wantErrorAs(&TimeoutError{Timer: "ARTIM", After: c.ARTIM})(t, err)
	})
}

func selfSigned(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "pacs"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}
