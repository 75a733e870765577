package ul

import (
	"context"
	"crypto/tls"
	"net"
	"testing"
)

// BenchmarkWriteMessage sends 512 KiB instances over loopback, one association,
// to a reader that looks at every PDV.
func BenchmarkWriteMessage(b *testing.B) {
	for _, bm := range []struct {
		name string
		max  uint32
		tls  bool
	}{{"PDU 16 KiB", 16384, false}, {"PDU 128 KiB", 131072, false}, {"PDU 256 KiB", 262144, false}, {"no limit", NoLimit, false}, {"TLS", 262144, true}} {
		b.Run(bm.name, func(b *testing.B) {
			var received int64
			ac := acceptor()
			ac.MaxPDULength = bm.max
			rc := requestor()
			serve := sink(b, ac, &received)
			if bm.tls {
				certificate, pool := selfSigned(b)
				rc.TLS = &tls.Config{RootCAs: pool}
				plain := serve
				serve = func(conn net.Conn) {
					plain(tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{certificate}}))
				}
			}
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			a, err := Dial(ctx, listen(b, serve), rc)
			if err != nil {
				b.Fatal(err)
			}
			defer a.Close()
			command, head, frame := pattern(120), pattern(1200), pattern(512<<10)
			data := [][]byte{head, frame[:100_000], frame[100_000:100_064], frame[100_064:]}
			b.SetBytes(int64(len(command) + len(head) + len(frame)))
			b.ReportAllocs()
			for b.Loop() {
				if err := a.WriteMessage(ctx, 1, command, data); err != nil {
					b.Fatal(err)
				}
			}
			if err := a.Release(ctx); err != nil {
				b.Fatal(err)
			}
		})
	}
}
