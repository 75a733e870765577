package scp_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
)

// instance is one of class with content of n bytes.
func instance(class, uid string, n int) scp.Instance {
	return scp.Instance{SOPClassUID: class, SOPInstanceUID: uid, TransferSyntax: dataset.ExplicitVRLittleEndian,
		Open: func() (io.ReadCloser, int64, error) {
			return io.NopCloser(bytes.NewReader(content(n))), int64(n), nil
		}}
}

// instances are n of CT: 2.25.0, 2.25.1, ...
func instances(n int) []scp.Instance {
	var all []scp.Instance
	for i := range n {
		all = append(all, instance(dimse.CTImageStorage, fmt.Sprintf("2.25.%d", i), 1000+i))
	}
	return all
}

// inbox is a Storage SCP that remembers what came and refuses what it is told
// to.
type inbox struct {
	refuse map[string]dimse.Status

	mu         sync.Mutex
	uids       []string
	originator []string
	sizes      []int
}

func (i *inbox) config() scp.Config {
	return scp.Config{Store: func(_ context.Context, _ *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
		b, err := io.ReadAll(r.Data)
		if err != nil {
			return nil
		}
		i.mu.Lock()
		defer i.mu.Unlock()
		i.uids = append(i.uids, r.RQ.AffectedSOPInstanceUID)
		i.sizes = append(i.sizes, len(b))
		if id := r.RQ.MoveOriginatorMessageID; id != nil {
			i.originator = append(i.originator, fmt.Sprintf("%s/%d", r.RQ.MoveOriginatorAETitle, *id))
		}
		return &dimse.CStoreRSP{Status: i.refuse[r.RQ.AffectedSOPInstanceUID]}
	}}
}

// numbers are the counters of a response: remaining, completed, failed,
// warning; -1 is absent.
func numbers(counters ...*uint16) []int {
	var all []int
	for _, c := range counters {
		if c == nil {
			all = append(all, -1)
		} else {
			all = append(all, int(*c))
		}
	}
	return all
}

// TestMove tells the whole course of retrieves: pending responses, the final
// one, and what arrived.
func TestMove(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name        string
		retrieval   scp.Retrieval
		refuse      map[string]dimse.Status
		contexts    []scp.Instance // what the sender negotiates, nil = all
		wantPending [][]int
		wantStatus  dimse.Status
		wantFinal   []int
		wantFailed  []string
		wantArrived []string
	}{
		{
			name: "all well", retrieval: scp.Retrieval{Instances: instances(2)},
			wantPending: [][]int{{1, 1, 0, 0}, {0, 2, 0, 0}},
			wantStatus:  dimse.StatusSuccess, wantFinal: []int{-1, 2, 0, 0},
			wantArrived: []string{"2.25.0", "2.25.1"},
		}, {
			name: "one fails, one warns", retrieval: scp.Retrieval{Instances: instances(3)},
			refuse:      map[string]dimse.Status{"2.25.0": dimse.StatusOutOfResources, "2.25.2": dimse.StatusElementsDiscarded},
			wantPending: [][]int{{2, 0, 1, 0}, {1, 1, 1, 0}, {0, 1, 1, 1}},
			wantStatus:  dimse.StatusSubOperationsFailed, wantFinal: []int{-1, 1, 1, 1},
			wantFailed: []string{"2.25.0"}, wantArrived: []string{"2.25.0", "2.25.1", "2.25.2"},
		}, {
			name: "warnings only", retrieval: scp.Retrieval{Instances: instances(1)},
			refuse:      map[string]dimse.Status{"2.25.0": dimse.StatusCoercionOfDataElements},
			wantPending: [][]int{{0, 0, 0, 1}},
			wantStatus:  dimse.StatusSubOperationsFailed, wantFinal: []int{-1, 0, 0, 1},
			wantArrived: []string{"2.25.0"},
		}, {
			name: "all fail", retrieval: scp.Retrieval{Instances: instances(2), ErrorComment: "no luck"},
			refuse:      map[string]dimse.Status{"2.25.0": dimse.StatusCannotUnderstand, "2.25.1": dimse.StatusCannotUnderstand},
			wantPending: [][]int{{1, 0, 1, 0}, {0, 0, 2, 0}},
			wantStatus:  dimse.StatusOutOfResourcesCannotPerform, wantFinal: []int{-1, 0, 2, 0},
			wantFailed: []string{"2.25.0", "2.25.1"}, wantArrived: []string{"2.25.0", "2.25.1"},
		}, {
			name:        "no context for one",
			retrieval:   scp.Retrieval{Instances: append(instances(1), instance(dimse.MRImageStorage, "2.25.77", 10))},
			contexts:    instances(1),
			wantPending: [][]int{{1, 1, 0, 0}, {0, 1, 1, 0}},
			wantStatus:  dimse.StatusSubOperationsFailed, wantFinal: []int{-1, 1, 1, 0},
			wantFailed: []string{"2.25.77"}, wantArrived: []string{"2.25.0"},
		}, {
			name: "nothing found", wantStatus: dimse.StatusSuccess, wantFinal: []int{-1, 0, 0, 0},
		}, {
			name: "refused", retrieval: scp.Retrieval{Status: dimse.StatusMoveDestinationUnknown, ErrorComment: "who"},
			wantStatus: dimse.StatusMoveDestinationUnknown, wantFinal: []int{-1, -1, -1, -1},
		}, {
			name: "destination unreachable",
			retrieval: scp.Retrieval{Instances: instances(2), Open: func(context.Context) (scp.StoreSender, error) {
				return nil, errors.New("on purpose")
			}},
			wantStatus: dimse.StatusOutOfResourcesCannotPerform, wantFinal: []int{-1, 0, 2, 0},
			wantFailed: []string{"2.25.0", "2.25.1"},
		}, {
			name: "no sender",
			retrieval: scp.Retrieval{Instances: instances(1), Open: func(context.Context) (scp.StoreSender, error) {
				return nil, nil
			}},
			wantStatus: dimse.StatusOutOfResourcesCannotPerform, wantFinal: []int{-1, 0, 1, 0},
			wantFailed: []string{"2.25.0"},
		}, {
			name: "status overridden", retrieval: scp.Retrieval{Instances: instances(1), Status: dimse.StatusUnableToProcess},
			wantPending: [][]int{{0, 1, 0, 0}},
			wantStatus:  dimse.StatusUnableToProcess, wantFinal: []int{-1, 1, 0, 0},
			wantArrived: []string{"2.25.0"},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			box := &inbox{refuse: test.refuse}
			boxAddr, _ := serve(t, box.config())
			addr, _ := serve(t, scp.Config{Move: func(_ context.Context, _ *scp.Session, r *scp.RetrieveRequest) *scp.Retrieval {
				if r.Destination != "INBOX" || r.Identifier.String(dataset.StudyInstanceUID) != "2.25.5" {
					return &scp.Retrieval{Status: dimse.StatusProcessingFailure}
				}
				answer := test.retrieval
				if answer.Open == nil {
					contexts := test.contexts
					if contexts == nil {
						contexts = answer.Instances
					}
					answer.Open = func(ctx context.Context) (scp.StoreSender, error) {
						return scp.DialStore(ctx, boxAddr, ul.RequestorConfig{CallingAETitle: "SYSTEM", CalledAETitle: "INBOX",
							Contexts: scp.StoreContexts(contexts)})
					}
				}
				return &answer
			}})
			c := dial(t, addr)
			var pending [][]int
			rsp, identifier, err := c.Move(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootMove, Destination: "INBOX",
				Identifier: study("2.25.5"), OnPending: func(p scu.Progress) {
					pending = append(pending, numbers(p.Remaining, p.Completed, p.Failed, p.Warning))
				}})
			if err != nil {
				t.Fatal(err)
			}
			release(t, c)
			if rsp.Status != test.wantStatus {
				t.Errorf("status %s, want %s", rsp.Status, test.wantStatus)
			}
			if test.retrieval.ErrorComment != rsp.ErrorComment {
				t.Errorf("error comment %q", rsp.ErrorComment)
			}
			if got := numbers(rsp.NumberOfRemainingSuboperations, rsp.NumberOfCompletedSuboperations, rsp.NumberOfFailedSuboperations,
				rsp.NumberOfWarningSuboperations); !slices.Equal(got, test.wantFinal) {
				t.Errorf("final counters %v, want %v", got, test.wantFinal)
			}
			if !slices.EqualFunc(pending, test.wantPending, slices.Equal[[]int]) {
				t.Errorf("pending %v, want %v", pending, test.wantPending)
			}
			var failed []string
			if identifier != nil {
				failed = identifier.Strings(dataset.FailedSOPInstanceUIDList)
			}
			if !slices.Equal(failed, test.wantFailed) {
				t.Errorf("failed list %v, want %v", failed, test.wantFailed)
			}
			box.mu.Lock()
			defer box.mu.Unlock()
			if !slices.Equal(box.uids, test.wantArrived) {
				t.Errorf("arrived %v, want %v", box.uids, test.wantArrived)
			}
			for _, o := range box.originator {
				if o != fmt.Sprintf("TESTER/%d", rsp.MessageIDBeingRespondedTo) {
					t.Errorf("move originator %s", o)
				}
			}
			if len(box.originator) != len(box.uids) {
				t.Errorf("%d originators for %d instances", len(box.originator), len(box.uids))
			}
		})
	}
}

// gate is a StoreSender that holds the second sub-operation until the operation
// has been cancelled.
type gate struct {
	scp.StoreSender
	held      chan struct{}
	cancelled <-chan struct{}
	n         int
}

func (g *gate) Store(ctx context.Context, i scp.Instance, ae string, id uint16) (dimse.Status, error) {
	if g.n++; g.n == 2 {
		close(g.held)
		select {
		case <-g.cancelled:
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
	return g.StoreSender.Store(ctx, i, ae, id)
}

// TestMoveCancel: the sub-operation under way is finished, the rest is not
// begun, unless the system ignores the cancel.
func TestMoveCancel(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		ignore    bool
		status    dimse.Status
		want      []int
		delivered int
	}{
		{"heeded", false, dimse.StatusCancel, []int{1, 2, 0, 0}, 2},
		{"ignored", true, dimse.StatusSuccess, []int{-1, 3, 0, 0}, 3},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			box := &inbox{}
			boxAddr, _ := serve(t, box.config())
			held := make(chan struct{})
			addr, _ := serve(t, scp.Config{
				Move: func(operation context.Context, _ *scp.Session, _ *scp.RetrieveRequest) *scp.Retrieval {
					return &scp.Retrieval{Instances: instances(3), IgnoreCancel: test.ignore, Open: func(ctx context.Context) (scp.StoreSender, error) {
						sender, err := scp.DialStore(ctx, boxAddr, ul.RequestorConfig{CallingAETitle: "S", CalledAETitle: "I", Contexts: scp.StoreContexts(instances(1))})
						return &gate{StoreSender: sender, held: held, cancelled: operation.Done()}, err
					}}
				},
				Echo: func(context.Context, *scp.Session, *dimse.CEchoRQ) *dimse.CEchoRSP { return &dimse.CEchoRSP{} },
			})
			c := dial(t, addr)
			sent := 0
			rsp, _, err := c.Move(within(t), scu.RetrieveRequest{SOPClassUID: dimse.StudyRootMove, Destination: "I", Identifier: study("1"),
				Cancel: held, CancelSent: func() { sent++ }})
			if err != nil {
				t.Fatal(err)
			}
			if rsp.Status != test.status || sent != 1 {
				t.Errorf("status %s, want %s; %d C-CANCEL-RQ", rsp.Status, test.status, sent)
			}
			got := numbers(rsp.NumberOfRemainingSuboperations, rsp.NumberOfCompletedSuboperations, rsp.NumberOfFailedSuboperations, rsp.NumberOfWarningSuboperations)
			if !slices.Equal(got, test.want) {
				t.Errorf("counters %v, want %v", got, test.want)
			}
			if echo, err := c.Echo(within(t)); err != nil || echo.Status != dimse.StatusSuccess {
				t.Errorf("C-ECHO after the cancel: %+v, %v", echo, err)
			}
			release(t, c)
			box.mu.Lock()
			defer box.mu.Unlock()
			if len(box.uids) != test.delivered {
				t.Errorf("%d delivered, want %d", len(box.uids), test.delivered)
			}
		})
	}
}
