package inbox

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
)

// Expectation is what somebody is about to ask for.
type Expectation struct {
	Cell, Scenario string
	Attempt        int

	SOPInstanceUIDs []string
	// StudyInstanceUIDs catch what comes of the same studies without having
	// been asked for.
	StudyInstanceUIDs []string
	// On is called for each arrival, on the goroutine of its association, and
	// says what to answer; it may block to withhold the answer, until ctx ends
	// with the association. Several may be at work at once. nil = success.
	On func(ctx context.Context, a Arrival) dimse.Status
}

// Arrival is one instance that arrived for a claim.
type Arrival struct {
	SOPClassUID    string
	SOPInstanceUID string
	TransferSyntax dataset.TransferSyntax
	DataSet        []byte // without file meta; the receiver's own

	MoveOriginatorAETitle   string
	MoveOriginatorMessageID *uint16 // nil if absent

	Sender  string // calling AE title
	At      time.Time
	Ordinal int // counts the arrivals of this SOP Instance UID in the claim, from 1
}

// Claim is an open expectation. Close it when nothing more is waited for.
type Claim struct {
	box     *Inbox
	owner   owner
	on      func(context.Context, Arrival) dimse.Status
	uids    []string
	studies []string

	mu     sync.Mutex
	open   bool
	times  map[string]int
	last   time.Time
	move   *originator
	active sync.WaitGroup
}

// Expect registers an expectation. It waits while another claim for one of the
// same SOP Instance UIDs is open.
func (b *Inbox) Expect(ctx context.Context, e Expectation) (*Claim, error) {
	c := &Claim{
		box: b, owner: owner{e.Cell, e.Scenario, e.Attempt}, on: e.On, open: true, times: map[string]int{}, last: time.Now(),
		uids: slices.Clone(e.SOPInstanceUIDs), studies: slices.Clone(e.StudyInstanceUIDs),
	}
	for {
		b.mu.Lock()
		taken := slices.ContainsFunc(c.uids, func(uid string) bool { return b.byUID[uid] != nil })
		if !taken {
			for _, uid := range c.uids {
				b.byUID[uid] = c
			}
			for _, uid := range c.studies {
				b.byStudy[uid] = append(b.byStudy[uid], c)
			}
			b.mu.Unlock()
			return c, nil
		}
		changed := b.changed
		b.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for another retrieval of the same images to end: %w", ctx.Err())
		}
	}
}

// Originator adds the Move Originator by which arrivals may be routed.
func (c *Claim) Originator(aeTitle string, messageID uint16) {
	c.box.mu.Lock()
	defer c.box.mu.Unlock()
	c.move = &originator{aeTitle, messageID}
	c.box.byMove[*c.move] = c
}

// take counts an arrival in; false if the claim has been closed.
func (c *Claim) take(a *Arrival) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.open {
		return false
	}
	c.active.Add(1)
	c.times[a.SOPInstanceUID]++
	a.Ordinal = c.times[a.SOPInstanceUID]
	c.last = a.At
	return true
}

// uncount forgets an arrival that was refused: its sender may send it again.
func (c *Claim) uncount(uid string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.times[uid]--
}

func (c *Claim) done() {
	c.mu.Lock()
	c.last = time.Now()
	c.mu.Unlock()
	c.active.Done()
}

// Quiet waits until nothing has arrived for d, counted from since at the
// earliest (when the sender said that it was done), at the most limit.
func (c *Claim) Quiet(ctx context.Context, since time.Time, d, limit time.Duration) error {
	deadline := time.Now().Add(limit)
	for {
		c.mu.Lock()
		last := c.last
		c.mu.Unlock()
		if last.Before(since) {
			last = since
		}
		wait := min(d-time.Since(last), time.Until(deadline))
		if wait <= 0 {
			return nil
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		}
	}
}

// Close ends the claim and waits for arrivals that are being handled. What
// comes afterwards is late. It may be called more than once.
func (c *Claim) Close() {
	c.mu.Lock()
	was := c.open
	c.open = false
	c.mu.Unlock()
	c.active.Wait()
	if !was {
		return
	}
	b := c.box
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, uid := range c.uids {
		if b.byUID[uid] == c {
			delete(b.byUID, uid)
			b.was[uid] = c.owner
		}
	}
	for _, uid := range c.studies {
		b.byStudy[uid] = slices.DeleteFunc(b.byStudy[uid], func(o *Claim) bool { return o == c })
		if len(b.byStudy[uid]) == 0 {
			delete(b.byStudy, uid)
		}
		b.wasStudy[uid] = c.owner
	}
	if c.move != nil && b.byMove[*c.move] == c {
		delete(b.byMove, *c.move)
	}
	close(b.changed)
	b.changed = make(chan struct{})
}

// readAll reads a data set of bounded size.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxInstanceBytes+1))
	if err == nil && len(data) > maxInstanceBytes {
		err = dimse.ErrTooLarge
	}
	return data, err
}

// discard counts what it throws away.
func discard(r io.Reader) (int64, error) { return io.Copy(io.Discard, r) }
