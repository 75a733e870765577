package ul

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// What the peer gets is the message, in PDUs no longer than it allows, and
// only the last fragment of each part says so.
func TestWriteMessage(t *testing.T) {
	t.Parallel()
	big := pattern(3<<20 + 10)
	tests := []struct {
		name    string
		max     uint32
		command []byte
		data    [][]byte
		pdus    int
	}{
		{"command only", 16384, pattern(100), nil, 1},
		{"command and data", 16384, pattern(100), [][]byte{pattern(1000)}, 2},
		{"data only", 16384, nil, [][]byte{pattern(1000)}, 1},
		{"no bytes of data", 16384, pattern(100), [][]byte{}, 2},
		{"no bytes of command", 16384, []byte{}, nil, 1},
		{"empty pieces", 16384, nil, [][]byte{nil, pattern(10), {}, {}, pattern(20), nil}, 1},
		{"exactly one fragment", 16384, nil, [][]byte{pattern(16384 - 6)}, 1},
		{"one byte more", 16384, nil, [][]byte{pattern(16384 - 6), {1}}, 2},
		{"smallest maximum", 8, pattern(10), [][]byte{pattern(7)}, 9},
		{"odd maximum", 9, nil, [][]byte{pattern(4)}, 2},
		{"small maximum, many PDUs", 10, pattern(100), [][]byte{pattern(5000)}, 25 + 1250},
		{"no limit", 0, pattern(100), [][]byte{big[:1000], big[1000:]}, 1 + 4},
		{"above a chunk", 8 << 20, pattern(100), [][]byte{big}, 1 + 4},
		{"many chunks", 131072, pattern(100), [][]byte{big[:7], big[7:200000], big[200000:]}, 1 + 25},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			want := bytes.Join(tt.data, nil)
			run(t, func(p peer) {
				p.acceptance(func(ac *pdu.AssociateAC) { ac.UserInformation.MaxLength = tt.max })
				var command, data []byte
				var ended [2]bool
				n := 0
				for ; ; n++ {
					got := p.read()
					if got == nil {
						break
					}
					d, ok := got.(*pdu.PDataTF)
					if !ok {
						p.t.Errorf("got %s", got.Type())
						break
					}
					for _, v := range d.Items {
						if tt.max != 0 && len(v.Data)+6 > int(tt.max) {
							p.t.Errorf("fragment of %d bytes, maximum length %d", len(v.Data), tt.max)
						}
						if !v.Last && len(v.Data)%2 != 0 {
							p.t.Errorf("odd fragment of %d bytes", len(v.Data))
						}
						part, into := 0, &command
						if !v.Command {
							part, into = 1, &data
						}
						if ended[part] {
							p.t.Error("a fragment after the last one")
						}
						ended[part] = v.Last
						*into = append(*into, v.Data...)
					}
				}
				p.conn.Close()
				if n != tt.pdus || ended != [2]bool{tt.command != nil, tt.data != nil} {
					p.t.Errorf("%d PDUs, ended %v; want %d PDUs", n, ended, tt.pdus)
				}
				if !bytes.Equal(command, tt.command) || !bytes.Equal(data, want) {
					p.t.Errorf("got %d and %d bytes, want %d and %d, or other ones", len(command), len(data), len(tt.command), len(want))
				}
			}, func(t *testing.T, ctx context.Context, conn net.Conn) {
				a, err := Request(ctx, conn, requestor())
				if err != nil {
					t.Error(err)
					return
				}
				defer a.Close()
				if err := a.WriteMessage(ctx, 1, tt.command, tt.data); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// Mistakes of the caller leave the association usable.
func TestWriteMessageRefuses(t *testing.T) {
	t.Parallel()
	run(t, func(p peer) {
		p.acceptance(func(ac *pdu.AssociateAC) { ac.UserInformation.MaxLength = 7 })
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, conn net.Conn) {
		a, err := Request(ctx, conn, requestor())
		if err != nil {
			t.Error(err)
			return
		}
		defer a.Close()
		for want, err := range map[string]error{
			"context 3 was not accepted": a.WriteMessage(ctx, 3, []byte("c"), nil),
			"command set or a data set":  a.WriteMessage(ctx, 1, nil, nil),
			"leaves no room":             a.WriteMessage(ctx, 1, []byte("c"), nil),
		} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %q", err, want)
			}
		}
		if a.Err() != nil {
			t.Errorf("the association ended: %v", a.Err())
		}
	})
}

// The context ends while a message is written: A-ABORT between two chunks, or
// no A-ABORT but the end of the connection where a chunk can't be finished.
func TestWriteContextEnds(t *testing.T) {
	t.Parallel()
	message := [][]byte{pattern(8 << 20)}
	t.Run("the peer goes on reading", func(t *testing.T) {
		t.Parallel()
		started := make(chan struct{})
		asRequestor(t, requestor(), func(p peer) {
			p.want(pdu.TypePDataTF)
			close(started)
			time.Sleep(grace / 2)
			n := 1
			for got := p.read(); ; got = p.read() {
				if got == nil {
					p.t.Error("connection ended without A-ABORT")
					return
				}
				if got.Type() == pdu.TypeAbort {
					break
				}
				n++
			}
			p.conn.Close()
			if n > 4 { // 256 KiB each: one chunk
				p.t.Errorf("%d PDUs before the A-ABORT", n)
			}
		}, func(t *testing.T, ctx context.Context, a *Association) {
			ctx, cancel := context.WithCancel(ctx)
			go func() { <-started; cancel() }()
			wantErrorIs(context.Canceled)(t, a.WriteMessage(ctx, 1, nil, message))
			wantErrorIs(context.Canceled)(t, a.Err())
		})
	})
	t.Run("the peer stalls inside a PDU", func(t *testing.T) {
		t.Parallel()
		started := make(chan struct{})
		asRequestor(t, requestor(), func(p peer) {
			if _, err := p.conn.Read(make([]byte, 1000)); err != nil {
				p.t.Error(err)
			}
			close(started)
			time.Sleep(2 * grace)
			if n, err := p.conn.Read(make([]byte, 1000)); err == nil {
				p.t.Errorf("%d more bytes, inside a PDU", n)
			}
		}, func(t *testing.T, ctx context.Context, a *Association) {
			cause := errors.New("the operator's cause")
			ctx, cancel := context.WithCancelCause(ctx)
			start := time.Now()
			go func() { <-started; cancel(cause) }()
			err := a.WriteMessage(ctx, 1, nil, message)
			wantErrorIs(context.Canceled)(t, err)
			wantErrorIs(cause)(t, err)
			if d := time.Since(start); d != grace {
				t.Errorf("after %s, want the grace", d)
			}
		})
	})
}

// The peer aborts in the middle of our message and closes: its words are the
// error, not the broken pipe.
func TestAbortInsideMessage(t *testing.T) {
	t.Parallel()
	asRequestor(t, requestor(), func(p peer) {
		p.want(pdu.TypePDataTF)
		go func() {
			// net.Pipe does not buffer: this is taken when our write
			// has failed.
			p.send(&pdu.Abort{Source: 2, Reason: 6})
			p.conn.Close()
		}()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		read := make(chan error)
		go func() {
			_, err := a.ReadPDV(ctx)
			read <- err
		}()
		want := &AbortedError{Source: 2, Reason: 6, ByPeer: true}
		wantErrorAs(want)(t, a.WriteMessage(ctx, 1, nil, [][]byte{pattern(8 << 20)}))
		wantErrorAs(want)(t, <-read)
	})
}

// Concurrent messages arrive whole, one after the other.
func TestConcurrentMessages(t *testing.T) {
	t.Parallel()
	const writers = 8
	asRequestor(t, requestor(), func(p peer) {
		for range writers {
			for i, got := 0, []byte(nil); ; i++ {
				d, ok := p.want(pdu.TypePDataTF).(*pdu.PDataTF)
				if !ok {
					return
				}
				if d.Items[0].Command != (i == 0) {
					p.t.Error("messages are mixed")
				}
				got = append(got, d.Items[0].Data...)
				if d.Items[0].Last && i > 0 {
					if len(bytes.Trim(got, string(got[:1]))) != 0 || len(got) != 1+3<<20 {
						p.t.Error("messages are mixed")
					}
					break
				}
			}
		}
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		done := make(chan error)
		for i := range writers {
			go func() {
				b := bytes.Repeat([]byte{byte(i + 1)}, 1+3<<20)
				done <- a.WriteMessage(ctx, 1, b[:1], [][]byte{b[1:]})
			}()
		}
		for range writers {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestWritePDU(t *testing.T) {
	t.Parallel()
	asRequestor(t, requestor(), func(p peer) {
		p.want(pdu.TypeAssociateAC)
		b := make([]byte, 3)
		if _, err := p.conn.Read(b); err != nil || string(b) != "xyz" {
			p.t.Errorf("%q, %v", b, err)
		}
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		if err := a.WritePDU(ctx, &pdu.AssociateAC{}); err != nil {
			t.Error(err)
		}
		if err := a.WriteBytes(ctx, []byte("xyz")); err != nil {
			t.Error(err)
		}
		if err := a.WritePDU(ctx, &pdu.AssociateAC{CalledAETitle: strings.Repeat("x", 17)}); err == nil || a.Err() != nil {
			t.Errorf("not encodable: %v, %v", err, a.Err())
		}
	})
}
