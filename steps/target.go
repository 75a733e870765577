package steps

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/enterprise"
	"pacsuat/internal/rundir"
)

// Target is a system as a scenario reaches it.
type Target struct {
	Name        string
	description *enterprise.System
	harness     enterprise.Harness
	fence       *rundir.Fence
	prefix      string // of synthetic Patient IDs at its site
	budgets     *Budgets
	simulated   bool
	limits      Limits
}

// NewTarget returns the system of that name. simulated may be true only for an
// embedded fixture: it lets questions out that are not fenced.
func NewTarget(e *enterprise.Enterprise, name string, b *Budgets, f *rundir.Fence, l Limits, simulated bool) (*Target, error) {
	s := e.System(name)
	if s == nil {
		return nil, fmt.Errorf("no system is named %q in the description", name)
	}
	return &Target{
		Name: name, description: s, harness: e.Harness, fence: f, prefix: e.FenceOf(s.Site).PatientIDPrefix,
		budgets: b, simulated: simulated, limits: l,
	}, nil
}

// service of a system that has an endpoint of its own.
type service string

const (
	store service = "store"
	query service = "query_retrieve"
)

// endpoint returns where a service is reached. A description that names only
// one endpoint for both means that one.
func (t *Target) endpoint(s service) (*enterprise.DICOMEndpoint, error) {
	first, second := t.description.Endpoints.Store, t.description.Endpoints.QueryRetrieve
	if s == query {
		first, second = second, first
	}
	if first != nil {
		return first, nil
	}
	if second != nil {
		return second, nil
	}
	return nil, &Error{Cause: rundir.CauseEngine, System: t.Name, Doing: "connecting",
		Err: fmt.Errorf("the description declares no %s endpoint", s)}
}

// dial opens an association with a service. What the configuration leaves out
// is filled in: AE titles, TLS, the context's limit. The caller ends it.
func (t *Target) dial(ctx context.Context, w *World, s service, c ul.RequestorConfig) (*scu.Client, error) {
	ep, err := t.endpoint(s)
	if err != nil {
		return nil, err
	}
	if err := t.turn(ctx); err != nil {
		return nil, err
	}
	if c.CallingAETitle == "" {
		c.CallingAETitle = t.harness.AETitle
	}
	if c.CalledAETitle == "" {
		c.CalledAETitle = ep.AETitle
	}
	if c.TLS, err = ep.TLS.Config(ep.Host); err != nil {
		return nil, &Error{Cause: rundir.CauseLocal, System: t.Name, Doing: "preparing TLS", Err: err}
	}
	ctx, cancel := limited(ctx, t.limits.Associate)
	defer cancel()
	client, err := scu.Dial(ctx, ep.Address(), c)
	if err != nil {
		err = failure(ctx, t.Name, "opening an association", err)
		if answers(err) {
			w.rec.Answered(t.Name)
		}
		return nil, err
	}
	w.rec.Answered(t.Name)
	return client, nil
}

// turn waits until the budget allows another request.
func (t *Target) turn(ctx context.Context) error {
	if err := t.budgets.request(ctx, t.Name); err != nil {
		return failure(ctx, t.Name, "waiting for the budget", err)
	}
	return nil
}

// answers reports whether an error is an answer of the system: a rejection or
// an abort says that it is there, and so does a PDU that is wrong. What is no
// PDU at all comes from another program at that address, and an abort of our own
// without a cause answers nothing.
func answers(err error) bool {
	var aborted *ul.AbortedError
	if errors.As(err, &aborted) {
		return (aborted.ByPeer || aborted.Cause != nil) && !errorAs[*pdu.UnknownTypeError](err)
	}
	return errorAs[*ul.RejectedError](err)
}

// ownOnly refuses an identifier that could be answered with patients that are
// not ours: of the unique keys it must hold at least one, and each that it holds
// must be ours in all its values, a Patient ID by the fence's prefix, a UID by
// having been made in this run. A system that ignores the one key is thus not
// given a foreign one to go by. Only an embedded simulated system may be asked
// for more.
func (t *Target) ownOnly(identifier *dataset.Set) error {
	if t.simulated {
		return nil
	}
	held, foreign := 0, 0
	for _, tag := range []dataset.Tag{dataset.PatientID, dataset.StudyInstanceUID, dataset.SeriesInstanceUID, dataset.SOPInstanceUID} {
		if e, ok := identifier.Get(tag); !ok || strings.Trim(string(e.Value), " \x00") == "" {
			continue // universal matching
		}
		held++
		for _, v := range identifier.Strings(tag) {
			own := t.fence.IsOwn(v)
			if tag == dataset.PatientID {
				own = t.prefix != "" && strings.HasPrefix(v, t.prefix)
			}
			if !own {
				foreign++
			}
		}
	}
	if held > 0 && foreign == 0 {
		return nil
	}
	return &Error{Cause: rundir.CauseEngine, System: t.Name, Doing: "asking",
		Err: fmt.Errorf("the question holds neither a Patient ID that begins with %s nor an identifier of this run, or one that is neither, and might be answered with real patients; it was not sent", t.prefix)}
}

// ownToRetrieve holds what is to be retrieved to the same, and to naming it at
// its own level: a key of another level may be ignored (PS3.4 C.4.2.2.1), and
// without its own everything would be asked for.
func (t *Target) ownToRetrieve(identifier *dataset.Set) error {
	if !t.simulated && identifier.String(uniqueKey[identifier.String(dataset.QueryRetrieveLevel)]) == "" {
		return &Error{Cause: rundir.CauseEngine, System: t.Name, Doing: "retrieving",
			Err: errors.New("nothing is named at the level that is to be retrieved, which might be answered with real patients; it was not sent")}
	}
	return t.ownOnly(identifier)
}

// limited bounds an operation; when the limit fires the cause is silence.
func limited(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, errSilent)
}
