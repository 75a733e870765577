package scp_test

import (
	"context"
	"io"
	"slices"
	"sync"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
)

// getter serves C-GET with r.
func getter(r scp.Retrieval) scp.Config {
	return scp.Config{Get: func(_ context.Context, s *scp.Session, _ *scp.RetrieveRequest) *scp.Retrieval {
		answer := r
		return &answer
	}}
}

func getRequest() scu.RetrieveRequest {
	return scu.RetrieveRequest{SOPClassUID: dimse.StudyRootGet, Identifier: study("2.25.5")}
}

func TestGet(t *testing.T) {
	t.Parallel()
	// One is longer than what is taken whole, so that it is streamed in pieces.
	const large = 17<<20 + 1
	all := append(instances(2), instance(dimse.CTImageStorage, "2.25.2", large), instance(dimse.MRImageStorage, "2.25.3", 10))
	addr, _ := serve(t, getter(scp.Retrieval{Instances: all}))
	c := dial(t, addr)
	var uids []string
	var pending [][]int
	r := getRequest()
	r.OnPending = func(p scu.Progress) {
		pending = append(pending, numbers(p.Remaining, p.Completed, p.Failed, p.Warning))
	}
	rsp, failed, err := c.Get(within(t), r, func(_ context.Context, sub *scu.SubOperation) dimse.Status {
		uids = append(uids, sub.Request.AffectedSOPInstanceUID)
		b, err := io.ReadAll(sub.Data)
		if err != nil {
			t.Errorf("%s: %v", sub.Request.AffectedSOPInstanceUID, err)
		}
		equalBytes(t, b, content(len(b)))
		if sub.Request.AffectedSOPInstanceUID == "2.25.2" && len(b) != large {
			t.Errorf("the large one has %d bytes", len(b))
		}
		if sub.Request.MoveOriginatorAETitle != "" || sub.Request.MoveOriginatorMessageID != nil || !sub.Context.SCP {
			t.Errorf("sub-operation %+v on %+v", sub.Request, sub.Context)
		}
		if sub.Request.AffectedSOPInstanceUID == "2.25.1" {
			return dimse.StatusOutOfResources
		}
		return dimse.StatusSuccess
	})
	if err != nil {
		t.Fatal(err)
	}
	release(t, c)
	// No SCP role was proposed for MR: that one is a failed sub-operation.
	if rsp.Status != dimse.StatusSubOperationsFailed || !slices.Equal(failed.Strings(dataset.FailedSOPInstanceUIDList), []string{"2.25.1", "2.25.3"}) {
		t.Errorf("got %+v, failed %v", rsp, failed)
	}
	if !slices.Equal(uids, []string{"2.25.0", "2.25.1", "2.25.2"}) {
		t.Errorf("arrived %v", uids)
	}
	if want := [][]int{{3, 1, 0, 0}, {2, 1, 1, 0}, {1, 2, 1, 0}, {0, 2, 2, 0}}; !slices.EqualFunc(pending, want, slices.Equal[[]int]) {
		t.Errorf("pending %v, want %v", pending, want)
	}
}

// TestGetWithoutRole: a viewer that forgets role selection gets nothing, and a
// system that ignores roles sends all the same.
func TestGetWithoutRole(t *testing.T) {
	t.Parallel()
	for _, ignore := range []bool{false, true} {
		addr, _ := serve(t, scp.Config{Get: func(_ context.Context, s *scp.Session, _ *scp.RetrieveRequest) *scp.Retrieval {
			r := &scp.Retrieval{Instances: instances(1)}
			if ignore {
				r.Open = func(context.Context) (scp.StoreSender, error) { return s.GetSenderIgnoringRoles(), nil }
			}
			return r
		}})
		config := requestor()
		config.Roles = nil
		c, err := scu.Dial(within(t), addr, config)
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		rsp, failed, err := c.Get(within(t), getRequest(), func(_ context.Context, sub *scu.SubOperation) dimse.Status {
			if sub.Context.SCP {
				t.Error("the context has the SCP role")
			}
			got++
			return dimse.StatusSuccess
		})
		if err != nil {
			t.Fatal(err)
		}
		release(t, c)
		if ignore && (got != 1 || rsp.Status != dimse.StatusSuccess) {
			t.Errorf("roles ignored: %d arrived, %s", got, rsp.Status)
		}
		if !ignore && (got != 0 || rsp.Status != dimse.StatusOutOfResourcesCannotPerform || len(failed.Strings(dataset.FailedSOPInstanceUIDList)) != 1) {
			t.Errorf("roles honoured: %d arrived, %s", got, rsp.Status)
		}
	}
}

// TestGetCancelWhileWithheld: C-CANCEL-RQ goes out while the response to a
// sub-operation is withheld, and arrives before it.
func TestGetCancelWhileWithheld(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var order []dimse.CommandField
	config := getter(scp.Retrieval{Instances: instances(3)})
	config.Inspect = func(_ *scp.Session, r *dimse.Received) bool {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, r.Message.CommandField())
		return true
	}
	addr, _ := serve(t, config)
	c := dial(t, addr)
	cancel, sent := make(chan struct{}), make(chan struct{})
	r := getRequest()
	r.Cancel, r.CancelSent = cancel, func() { close(sent) }
	stores := 0
	rsp, _, err := c.Get(within(t), r, func(ctx context.Context, sub *scu.SubOperation) dimse.Status {
		if stores++; stores == 2 {
			close(cancel)
			select {
			case <-sent:
			case <-ctx.Done():
			}
		}
		return dimse.StatusSuccess
	})
	if err != nil {
		t.Fatal(err)
	}
	release(t, c)
	got := numbers(rsp.NumberOfRemainingSuboperations, rsp.NumberOfCompletedSuboperations, rsp.NumberOfFailedSuboperations, rsp.NumberOfWarningSuboperations)
	if rsp.Status != dimse.StatusCancel || !slices.Equal(got, []int{1, 2, 0, 0}) || stores != 2 {
		t.Errorf("%s, counters %v, %d sub-operations", rsp.Status, got, stores)
	}
	want := []dimse.CommandField{dimse.CommandCGetRQ, dimse.CommandCStoreRSP, dimse.CommandCCancelRQ, dimse.CommandCStoreRSP}
	mu.Lock()
	defer mu.Unlock()
	if !slices.Equal(order, want) {
		t.Errorf("the server read %v, want %v", order, want)
	}
}

// TestGetCutSource: an instance whose file is not as long as it said is never
// sent as a whole one. A short file is noticed before anything is sent and is a
// failed sub-operation; in the middle of a long one only an abort is left.
func TestGetCutSource(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		has, said int64
		goesOn    bool
	}{
		{"cut", 100, 102, true},
		{"longer", 100, 98, true},
		{"long and cut", 18 << 20, 18<<20 + 2, false},
		{"long and longer", 18 << 20, 18<<20 - 2, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			bad := instance(dimse.CTImageStorage, "2.25.9", int(test.has))
			open := bad.Open
			bad.Open = func() (io.ReadCloser, int64, error) {
				rc, _, err := open()
				return rc, test.said, err
			}
			addr, _ := serve(t, getter(scp.Retrieval{Instances: append(instances(1), bad)}))
			c := dial(t, addr)
			rsp, failed, err := c.Get(within(t), getRequest(), func(_ context.Context, sub *scu.SubOperation) dimse.Status {
				if n, err := io.Copy(io.Discard, sub.Data); err == nil && sub.Request.AffectedSOPInstanceUID == "2.25.9" {
					t.Errorf("%d bytes arrived as a whole instance", n)
				}
				return dimse.StatusSuccess
			})
			switch {
			case !test.goesOn:
				if !byPeer(err) {
					t.Errorf("got %+v, %v, want an abort", rsp, err)
				}
			case err != nil:
				t.Error(err)
			default:
				if rsp.Status != dimse.StatusSubOperationsFailed || failed.String(dataset.FailedSOPInstanceUIDList) != "2.25.9" {
					t.Errorf("got %+v, failed %v", rsp, failed)
				}
				release(t, c)
			}
		})
	}
}
