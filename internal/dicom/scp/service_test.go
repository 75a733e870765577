package scp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
)

func TestEcho(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, scp.Config{Echo: func(context.Context, *scp.Session, *dimse.CEchoRQ) *dimse.CEchoRSP {
		return &dimse.CEchoRSP{Status: dimse.StatusProcessingFailure, ErrorComment: "on purpose"}
	}})
	c := dial(t, addr)
	for id := uint16(1); id <= 3; id++ {
		rsp, err := c.Echo(within(t))
		if err != nil {
			t.Fatal(err)
		}
		if rsp.Status != dimse.StatusProcessingFailure || rsp.ErrorComment != "on purpose" ||
			rsp.MessageIDBeingRespondedTo != id || rsp.AffectedSOPClassUID != dimse.VerificationSOPClass {
			t.Errorf("got %+v", rsp)
		}
	}
	release(t, c)
}

func TestStore(t *testing.T) {
	t.Parallel()
	type stored struct {
		uid   string
		bytes []byte
	}
	arrived := make(chan stored, 1)
	addr, _ := serve(t, scp.Config{Store: func(_ context.Context, s *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
		if r.RQ.AffectedSOPInstanceUID == "2.25.9" {
			return &dimse.CStoreRSP{Status: dimse.StatusOutOfResources} // without reading the data
		}
		b, err := io.ReadAll(r.Data)
		if err != nil {
			return &dimse.CStoreRSP{Status: dimse.StatusProcessingFailure}
		}
		arrived <- stored{r.RQ.AffectedSOPInstanceUID, b}
		return &dimse.CStoreRSP{}
	}})
	c := dial(t, addr)
	large := content(3<<20 + 1)
	for _, test := range []struct {
		name  string
		parts [][]byte
		want  []byte
	}{
		{"empty", nil, nil},
		{"small", [][]byte{{1, 2}, {}, {3, 4}}, []byte{1, 2, 3, 4}},
		{"large", [][]byte{large[:5], large[5 : 2<<20], large[2<<20:]}, large},
	} {
		rsp, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: "2.25.1",
			TransferSyntax: dataset.ExplicitVRLittleEndian, DataSet: test.parts})
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if rsp.Status != dimse.StatusSuccess || rsp.AffectedSOPClassUID != dimse.CTImageStorage || rsp.AffectedSOPInstanceUID != "2.25.1" {
			t.Errorf("%s: got %+v", test.name, rsp)
		}
		got := <-arrived
		if got.uid != "2.25.1" {
			t.Errorf("%s: UID %s", test.name, got.uid)
		}
		equalBytes(t, got.bytes, test.want)
	}

	rsp, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, SOPInstanceUID: "2.25.9",
		TransferSyntax: dataset.ExplicitVRLittleEndian, DataSet: [][]byte{large}})
	if err != nil || rsp.Status != dimse.StatusOutOfResources {
		t.Errorf("a failure status is an answer: got %+v, %v", rsp, err)
	}

	var missing *scu.NoContextError
	_, err = c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, TransferSyntax: dataset.ImplicitVRLittleEndian})
	if !errors.As(err, &missing) || missing.AbstractSyntax != dimse.CTImageStorage {
		t.Errorf("got %v, want NoContextError", err)
	}
	release(t, c) // the association has not been harmed
}

// finder answers with n matches, as long as it is not cancelled.
func finder(n int) func(context.Context, *scp.Session, *scp.FindRequest, func(*dataset.Set, dimse.Status) error) *dimse.CFindRSP {
	return func(ctx context.Context, _ *scp.Session, r *scp.FindRequest, send func(*dataset.Set, dimse.Status) error) *dimse.CFindRSP {
		for i := range n {
			match := r.Identifier.Clone()
			match.PutString(dataset.StudyID, fmt.Sprint(i))
			status := dimse.StatusPending
			if i == 1 {
				status = dimse.StatusPendingWithUnsupportedKeys
			}
			if err := send(match, status); errors.Is(err, scp.ErrCancelled) {
				return &dimse.CFindRSP{Status: dimse.StatusCancel}
			}
		}
		if n == 3 { // the one that is to be cancelled
			<-ctx.Done()
			if errors.Is(context.Cause(ctx), scp.ErrCancelled) {
				return &dimse.CFindRSP{Status: dimse.StatusCancel}
			}
		}
		return &dimse.CFindRSP{}
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, scp.Config{Find: finder(4)})
	c := dial(t, addr)
	for range 2 { // the association is in order after the first
		var ids []string
		var statuses []dimse.Status
		rsp, err := c.Find(within(t), scu.FindRequest{SOPClassUID: dimse.StudyRootFind, Identifier: study("2.25.1")}, func(m *scu.FindMatch) error {
			ids = append(ids, m.Identifier.String(dataset.StudyID))
			statuses = append(statuses, m.Status)
			return nil
		})
		if err != nil || rsp.Status != dimse.StatusSuccess {
			t.Fatalf("got %+v, %v", rsp, err)
		}
		if !slices.Equal(ids, []string{"0", "1", "2", "3"}) || !slices.Equal(statuses, []dimse.Status{0xFF00, 0xFF01, 0xFF00, 0xFF00}) {
			t.Errorf("got %v, %v", ids, statuses)
		}
	}
	release(t, c)
}

func TestFindCancel(t *testing.T) {
	t.Parallel()
	own := errors.New("own")
	for _, test := range []struct {
		name      string
		stop      error
		wantCalls int
	}{
		{"cancel", scu.Cancel, 3},       // the rest still arrives
		{"wrapped", errWrapCancel(), 3}, // errors.Is, not ==
		{"own error", own, 2},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cancels := make(chan dimse.Message, 8)
			addr, _ := serve(t, scp.Config{Find: finder(3), Inspect: func(_ *scp.Session, r *dimse.Received) bool {
				if r.Message.CommandField() == dimse.CommandCCancelRQ {
					cancels <- r.Message
				}
				return true
			}})
			c := dial(t, addr)
			calls := 0
			rsp, err := c.Find(within(t), scu.FindRequest{SOPClassUID: dimse.StudyRootFind, Identifier: study("2.25.1")}, func(*scu.FindMatch) error {
				if calls++; calls >= 2 {
					return test.stop
				}
				return nil
			})
			if rsp == nil || rsp.Status != dimse.StatusCancel {
				t.Fatalf("got %+v, %v", rsp, err)
			}
			if errors.Is(test.stop, own) != errors.Is(err, own) || (err != nil && !errors.Is(err, own)) {
				t.Errorf("error %v", err)
			}
			// The cancel may overtake the third match, but nothing else.
			if calls < 2 || calls > test.wantCalls {
				t.Errorf("%d calls, want at most %d", calls, test.wantCalls)
			}
			release(t, c)
			if len(cancels) != 1 {
				t.Errorf("%d C-CANCEL-RQ", len(cancels))
			}
		})
	}
}

func errWrapCancel() error { return fmt.Errorf("enough: %w", scu.Cancel) }

func TestFindBadIdentifier(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, scp.Config{Find: finder(4), Limits: dimse.Limits{IdentifierBytes: 1000}})
	c := dial(t, addr)
	nc, _ := c.Association().Find(dimse.StudyRootFind)
	for _, test := range []struct {
		name string
		data [][]byte
		want dimse.Status
	}{
		{"garbage", [][]byte{{8, 0, 0x52, 0, 'C', 'S', 200, 0, 'x'}}, dimse.StatusCannotUnderstand},
		{"too large", [][]byte{make([]byte, 1<<20)}, dimse.StatusOutOfResources},
		{"none", nil, dimse.StatusIdentifierDoesNotMatchSOPClass},
	} {
		rq := &dimse.CFindRQ{AffectedSOPClassUID: dimse.StudyRootFind, MessageID: 77}
		if err := c.Conn().Send(within(t), nc.ID, rq, test.data); err != nil {
			t.Fatal(err)
		}
		r, err := c.Conn().Receive(within(t))
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if rsp, ok := r.Message.(*dimse.CFindRSP); !ok || rsp.Status != test.want || rsp.MessageIDBeingRespondedTo != 77 {
			t.Errorf("%s: got %+v", test.name, r.Message)
		}
	}
	release(t, c)
}

// TestUnsupported: services without a handler are answered, not ignored.
func TestUnsupported(t *testing.T) {
	t.Parallel()
	addr, _ := serve(t, scp.Config{})
	c := dial(t, addr)
	if rsp, err := c.Echo(within(t)); err != nil || rsp.Status != dimse.StatusSOPClassNotSupported {
		t.Errorf("C-ECHO: %+v, %v", rsp, err)
	}
	if rsp, err := c.Store(within(t), scu.StoreRequest{SOPClassUID: dimse.CTImageStorage, TransferSyntax: dataset.ExplicitVRLittleEndian,
		DataSet: [][]byte{content(1000)}}); err != nil || rsp.Status != dimse.StatusSOPClassNotSupported {
		t.Errorf("C-STORE: %+v, %v", rsp, err)
	}
	if rsp, err := c.Find(within(t), scu.FindRequest{SOPClassUID: dimse.StudyRootFind, Identifier: study("1")}, nil); err != nil || rsp.Status != dimse.StatusSOPClassNotSupported {
		t.Errorf("C-FIND: %+v, %v", rsp, err)
	}
	if rsp, _, err := c.Move(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootMove, Identifier: study("1")}); err != nil || rsp.Status != dimse.StatusSOPClassNotSupported {
		t.Errorf("C-MOVE: %+v, %v", rsp, err)
	}
	if rsp, _, err := c.Get(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: study("1")}, nil); err != nil || rsp.Status != dimse.StatusSOPClassNotSupported {
		t.Errorf("C-GET: %+v, %v", rsp, err)
	}

	nc, _ := c.Association().Find(dimse.StorageCommitmentPushModelSOPClass)
	action := &dimse.Unknown{Command: dimse.CommandNActionRQ, Elements: []dimse.CommandElement{{Element: 0x0110, Value: []byte{42, 0}}}}
	if err := c.Conn().Send(within(t), nc.ID, action, [][]byte{content(100)}); err != nil {
		t.Fatal(err)
	}
	r, err := c.Conn().Receive(within(t))
	if err != nil {
		t.Fatal(err)
	}
	rsp, ok := r.Message.(*dimse.Unknown)
	if !ok || rsp.Command != dimse.CommandNActionRQ.Response() || len(rsp.Elements) != 2 ||
		rsp.Elements[0].Value[0] != 42 || !slices.Equal(rsp.Elements[1].Value, []byte{0x11, 0x02}) {
		t.Errorf("N-ACTION: %+v", r.Message)
	}
	release(t, c)
}
