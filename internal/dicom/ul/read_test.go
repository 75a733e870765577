package ul

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"testing/synctest"
	"time"

	"pacsuat/internal/dicom/pdu"
)

// pattern is n bytes that differ from their neighbours.
func pattern(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i*7 + i>>8)
	}
	return b
}

func TestReadPDV(t *testing.T) {
	t.Parallel()
	big := pattern(1_500_000)
	v := func(command, last bool, data []byte) pdu.PDV {
		return pdu.PDV{ContextID: 1, Command: command, Last: last, Data: data}
	}
	tests := []struct {
		name string
		max  uint32
		pdus []*pdu.PDataTF
		want []pdu.PDV
	}{
		{"one", 0, []*pdu.PDataTF{{Items: []pdu.PDV{v(true, true, []byte("abc"))}}}, []pdu.PDV{v(true, true, []byte("abc"))}},
		{"several in a PDU", 0, []*pdu.PDataTF{{Items: []pdu.PDV{v(true, false, []byte("a")), v(true, true, []byte("b")), v(false, false, []byte("c"))}},
			{Items: []pdu.PDV{v(false, true, []byte("d"))}}},
			[]pdu.PDV{v(true, false, []byte("a")), v(true, true, []byte("b")), v(false, false, []byte("c")), v(false, true, []byte("d"))}},
		{"of zero length", 0, []*pdu.PDataTF{{Items: []pdu.PDV{v(false, false, nil), v(false, true, nil)}}, {Items: []pdu.PDV{v(true, true, nil)}}},
			[]pdu.PDV{v(false, false, []byte{}), v(false, true, []byte{}), v(true, true, []byte{})}},
		{"as long as announced", 300_006, []*pdu.PDataTF{{Items: []pdu.PDV{v(false, true, big[:300_000])}}}, []pdu.PDV{v(false, true, big[:300_000])}},
		{"longer than the buffer", NoLimit, []*pdu.PDataTF{{Items: []pdu.PDV{v(false, true, big)}}},
			[]pdu.PDV{v(false, false, big[:maxBuffer]), v(false, false, big[maxBuffer:2*maxBuffer]), v(false, true, big[2*maxBuffer:])}},
	}
	for _, tt := range tests {
		for _, step := range []int{1 << 30, 1000, 1} {
			if step < 1000 && tt.max != 0 {
				continue
			}
			for _, traced := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %d bytes at a time, traced %v", tt.name, step, traced), func(t *testing.T) {
					t.Parallel()
					c := requestor()
					c.MaxPDULength = tt.max
					if traced {
						c.Trace = func(TraceEvent) {}
					}
					asRequestor(t, c, func(p peer) {
						for _, d := range tt.pdus {
							b, err := d.Append(nil)
							if err != nil {
								p.t.Error(err)
							}
							for len(b) > 0 {
								n := min(step, len(b))
								p.send(b[:n])
								b = b[n:]
							}
						}
						p.wantEnd()
					}, func(t *testing.T, ctx context.Context, a *Association) {
						for i, want := range tt.want {
							got, err := a.ReadPDV(ctx)
							if err != nil {
								t.Error(err)
								return
							}
							if !reflect.DeepEqual(got, want) {
								t.Errorf("%d: got %d %v %v %d bytes, want %d %v %v %d bytes", i, got.ContextID, got.Command, got.Last, len(got.Data),
									want.ContextID, want.Command, want.Last, len(want.Data))
							}
						}
					})
				})
			}
		}
	}
}

func TestReadMalformed(t *testing.T) {
	t.Parallel()
	good := "\x04\x00\x00\x00\x00\x07\x00\x00\x00\x03\x01\x03x"
	tests := []struct {
		name, bytes string
		reason      uint8
		field       string // of a *pdu.FormatError; empty: *pdu.UnknownTypeError
		offset      int
		good        int // PDVs before it in the same PDU, which are delivered
	}{
		{"unknown type", "\x08\x00\x00\x00\x00\x00", pdu.AbortUnrecognizedPDU, "", 0, 0},
		{"longer than announced", "\x04\x00\x00\x01\x00\x00", pdu.AbortInvalidParameterValue, "PDU length", 2, 0},
		{"no PDV", "\x04\x00\x00\x00\x00\x00", pdu.AbortInvalidParameterValue, "PDV item", 6, 0},
		{"PDU too short for a PDV", "\x04\x00\x00\x00\x00\x05\x00\x00\x00\x01\x01", pdu.AbortInvalidParameterValue, "PDV item", 6, 0},
		{"rest too short for a PDV", "\x04\x00\x00\x00\x00\x08\x00\x00\x00\x02\x01\x03\x00\x00", pdu.AbortInvalidParameterValue, "PDV item", 12, 1},
		{"PDV shorter than its header", "\x04\x00\x00\x00\x00\x06\x00\x00\x00\x01\x01\x03", pdu.AbortInvalidParameterValue, "PDV item", 6, 0},
		{"PDV longer than its PDU", "\x04\x00\x00\x00\x00\x06\xFF\xFF\xFF\xFF\x01\x03", pdu.AbortInvalidParameterValue, "PDV item", 6, 0},
		{"context not accepted", "\x04\x00\x00\x00\x00\x06\x00\x00\x00\x02\x03\x03", pdu.AbortInvalidParameterValue, "presentation context ID", 10, 0},
		{"release of another length", "\x05\x00\x00\x00\x00\x05", pdu.AbortInvalidParameterValue, "PDU length", 2, 0},
	}
	for _, tt := range tests {
		for _, before := range []string{"", good} {
			for _, traced := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s after %d bytes, traced %v", tt.name, len(before), traced), func(t *testing.T) {
					t.Parallel()
					c := requestor()
					c.MaxPDULength = 65535
					if traced {
						c.Trace = func(TraceEvent) {}
					}
					asRequestor(t, c, func(p peer) {
						if before != "" {
							p.send([]byte(before))
						}
						p.send([]byte(tt.bytes))
						p.wantAbort(pdu.AbortServiceProvider, tt.reason)
					}, func(t *testing.T, ctx context.Context, a *Association) {
						read := 0
						_, err := a.ReadPDV(ctx)
						for ; err == nil; read++ {
							_, err = a.ReadPDV(ctx)
						}
						if want := tt.good + min(1, len(before)); read != want {
							t.Errorf("%d PDVs before the error, want %d", read, want)
						}
						wantErrorType[*AbortedError]()(t, err)
						var fe *pdu.FormatError
						switch {
						case tt.field == "":
							wantErrorAs(&pdu.UnknownTypeError{Type: 8})(t, err)
						case !errors.As(err, &fe) || fe.Field != tt.field || fe.Offset != tt.offset:
							t.Errorf("error %v, want %s at %d", err, tt.field, tt.offset)
						}
						if again := a.Err(); again != err {
							t.Errorf("Err says %v, ReadPDV said %v", again, err)
						}
					})
				})
			}
		}
	}
}

// A peer that sends for ever, and never reads, does not keep us.
func TestEndlessData(t *testing.T) {
	t.Parallel()
	fragment, err := (&pdu.PDataTF{Items: []pdu.PDV{{ContextID: 1, Data: pattern(1000)}}}).Append(nil)
	if err != nil {
		t.Fatal(err)
	}
	asRequestor(t, requestor(), func(p peer) {
		for {
			if _, err := p.conn.Write(fragment); err != nil {
				return
			}
		}
	}, func(t *testing.T, ctx context.Context, a *Association) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		for n := 0; ; n++ {
			if _, err := a.ReadPDV(ctx); err != nil {
				t.Error(err)
			}
			if n == 100 {
				break
			}
		}
		start := time.Now()
		if err := a.Abort(ctx, 0, 0); err != nil {
			t.Error(err)
		}
		if d := time.Since(start); d > DefaultARTIM+grace {
			t.Errorf("took %s", d)
		}
	})
}

func TestReadContextEnds(t *testing.T) {
	t.Parallel()
	head := []byte("\x04\x00\x00\x00\x00\x20\x00\x00\x00\x1C\x01\x03half")
	for name, sent := range map[string][]byte{"between PDUs": nil, "inside a header": head[:3], "inside a PDV header": head[:8], "inside a fragment": head} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asRequestor(t, requestor(), func(p peer) {
				if sent != nil {
					p.send(sent)
				}
				p.wantAbort(0, 0)
			}, func(t *testing.T, ctx context.Context, a *Association) {
				ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
				defer cancel()
				start := time.Now()
				_, err := a.ReadPDV(ctx)
				wantErrorIs(context.DeadlineExceeded)(t, err)
				if d := time.Since(start); d != 3*time.Second {
					t.Errorf("after %s", d)
				}
				var timeout *TimeoutError
				if errors.As(err, &timeout) {
					t.Errorf("the end of the context looks like our own timer: %v", err)
				}
			})
		})
	}
}

// A peer that announces much and sends little takes little memory.
func TestMemoryFollowsWhatArrives(t *testing.T) {
	t.Parallel()
	for name, sent := range map[string]string{
		"data":        "\x04\x00\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFB\x01\x03few",
		"association": "\x02\x00\x00\x0F\xFF\xFFfew",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := requestor()
			c.MaxPDULength = NoLimit
			asRequestor(t, c, func(p peer) {
				p.send([]byte(sent))
				p.wantAbort(0, 0)
			}, func(t *testing.T, ctx context.Context, a *Association) {
				_, err := a.ReadPDV(ctx)
				wantErrorIs(context.DeadlineExceeded)(t, err)
				if len(a.in.buf) > minBuffer {
					t.Errorf("%d bytes of buffer", len(a.in.buf))
				}
			})
		})
	}
}

func TestConcurrentReaders(t *testing.T) {
	t.Parallel()
	asRequestor(t, requestor(), func(p peer) { p.wantEnd() }, func(t *testing.T, ctx context.Context, a *Association) {
		read := make(chan error)
		go func() {
			_, err := a.ReadPDV(ctx)
			read <- err
		}()
		synctest.Wait()
		if _, err := a.ReadPDV(ctx); !errors.Is(err, errConcurrentRead) {
			t.Errorf("second reader: %v", err)
		}
		if a.Err() != nil {
			t.Errorf("the second reader ended the association: %v", a.Err())
		}
		a.Close()
		<-read
	})
}

// Release and a reader in another goroutine: both learn that it succeeded.
func TestReleaseWhileReading(t *testing.T) {
	t.Parallel()
	asRequestor(t, requestor(), func(p peer) {
		p.want(pdu.TypeReleaseRQ)
		p.send(&pdu.ReleaseRP{})
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		read := make(chan error)
		go func() {
			_, err := a.ReadPDV(ctx)
			read <- err
		}()
		synctest.Wait()
		if err := a.Release(ctx); err != nil {
			t.Error(err)
		}
		wantErrorIs(ErrReleased)(t, <-read)
	})
}

func TestTrace(t *testing.T) {
	t.Parallel()
	type seen struct {
		sent   bool
		kind   pdu.Type
		full   int64
		prefix int
	}
	var got []seen
	c := requestor()
	c.Trace = func(e TraceEvent) {
		if e.Time.IsZero() {
			t.Error("no time")
		}
		got = append(got, seen{e.Sent, pdu.Type(e.PDU[0]), e.FullLength, len(e.PDU)})
	}
	asRequestor(t, c, func(p peer) {
		p.want(pdu.TypePDataTF)
		p.want(pdu.TypePDataTF)
		p.send(&pdu.PDataTF{Items: []pdu.PDV{{ContextID: 1, Command: true, Last: true, Data: pattern(100)}}})
		p.want(pdu.TypeReleaseRQ)
		p.send(&pdu.ReleaseRP{})
		p.wantEnd()
	}, func(t *testing.T, ctx context.Context, a *Association) {
		if err := a.WriteMessage(ctx, 1, pattern(50), [][]byte{pattern(60), pattern(100_000)}); err != nil {
			t.Error(err)
		}
		if _, err := a.ReadPDV(ctx); err != nil {
			t.Error(err)
		}
		if err := a.Release(ctx); err != nil {
			t.Error(err)
		}
	})
	if len(got) != 7 {
		t.Fatalf("%d events: %+v", len(got), got)
	}
	rq, ac := got[0].full, got[1].full
	want := []seen{{true, 1, rq, int(rq)}, {false, 2, ac, int(ac)}, {true, 4, 62, 62}, {true, 4, 100_072, 6 + TracePrefix},
		{false, 4, 112, 112}, {true, 5, 10, 10}, {false, 6, 10, 10}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}
