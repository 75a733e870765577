package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/scp"
	"pacsuat/internal/dicom/ul"
	"pacsuat/synth"
)

// scpAE is the AE title of our own receiver.
const scpAE = "VERIFIER"

// verifyAll sends the images to our own SCP once for each number of
// associations. The error says what was missing or different.
func verifyAll(ctx context.Context, w work, study *synth.Study, associations []int, out io.Writer) error {
	v, err := newVerifier(study)
	if err != nil {
		return err
	}
	for _, n := range associations {
		v.reset()
		r, err := verify(ctx, v, w, n)
		if err != nil {
			return errors.Join(err, v.conclude())
		}
		fmt.Fprintf(out, "%s: %.0f images/s, verified %d of %d\n",
			plural(n), float64(r.Images)/r.Elapsed.Seconds(), v.verified(), study.Len())
		if err := v.conclude(); err != nil {
			return err
		}
	}
	return nil
}

func plural(associations int) string {
	if associations == 1 {
		return "1 association"
	}
	return fmt.Sprintf("%d associations", associations)
}

// verify serves one sender's process.
func verify(ctx context.Context, v *verifier, w work, associations int) (r report, err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return r, err
	}
	serving, stop := context.WithCancel(ctx)
	served := make(chan error, 1)
	go func() { served <- scp.NewServer(v.config()).Serve(serving, l) }()
	defer func() {
		stop()
		err = errors.Join(err, <-served)
	}()
	p, err := startSender(ctx, job{work: w, Address: l.Addr().String(), CalledAE: scpAE, Associations: associations})
	if err != nil {
		return r, err
	}
	r, _, err = p.run()
	return r, err
}

// expected is one image that has to arrive.
type expected struct {
	header  []byte      // everything before the samples
	stamp   synth.Stamp // of its pixels
	arrived int
}

// verifier knows every image that has to arrive.
type verifier struct {
	supported map[string][]string // the SOP class and transfer syntax of all images
	buffer    sync.Pool           // of *bytes.Buffer

	mu       sync.Mutex
	images   map[string]*expected // by SOP Instance UID
	good     int
	problems []error
}

func newVerifier(study *synth.Study) (*verifier, error) {
	v := &verifier{
		supported: map[string][]string{study.Contexts()[0].SOPClassUID: {string(study.TransferSyntax)}},
		images:    map[string]*expected{},
	}
	v.buffer.New = func() any { return new(bytes.Buffer) }
	for i := range study.Len() {
		in, err := study.Instance(i)
		if err != nil {
			return nil, err
		}
		stamp, err := synth.VerifyStamp(in.PixelData())
		if err != nil {
			return nil, err
		}
		v.images[in.SOPInstanceUID] = &expected{header: in.Segments[0], stamp: stamp}
	}
	if len(v.images) != study.Len() {
		return nil, fmt.Errorf("%d images have %d SOP Instance UIDs", study.Len(), len(v.images))
	}
	return v, nil
}

// reset forgets what has arrived.
func (v *verifier) reset() {
	v.good, v.problems = 0, nil
	for _, e := range v.images {
		e.arrived = 0
	}
}

func (v *verifier) config() scp.Config {
	return scp.Config{
		Acceptor: func(net.Conn) ul.AcceptorConfig {
			return ul.AcceptorConfig{Supported: v.supported, MaxPDULength: maxPDU, IdleTimeout: time.Minute}
		},
		Store: v.store,
	}
}

// store receives one image and verifies it before it is answered.
func (v *verifier) store(_ context.Context, _ *scp.Session, r *scp.StoreRequest) *dimse.CStoreRSP {
	b := v.buffer.Get().(*bytes.Buffer)
	defer v.buffer.Put(b)
	b.Reset()
	if _, err := io.Copy(b, r.Data); err != nil {
		v.note(fmt.Errorf("image %s was cut: %w", r.RQ.AffectedSOPInstanceUID, err))
		return nil // the association has ended
	}
	if err := v.check(r.RQ.AffectedSOPInstanceUID, b.Bytes()); err != nil {
		v.note(err)
		return &dimse.CStoreRSP{Status: dimse.StatusCannotUnderstand}
	}
	return &dimse.CStoreRSP{}
}

func (v *verifier) note(err error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, err)
}

// check proves that b is the data set of the image with this UID, and that it
// has arrived for the first time. The header is compared byte by byte; the
// pixels prove themselves by their stamp, which names the image and sums the
// samples.
func (v *verifier) check(uid string, b []byte) error {
	v.mu.Lock()
	e, ok := v.images[uid]
	again := ok && e.arrived > 0
	if ok {
		e.arrived++
	}
	v.mu.Unlock()
	switch {
	case !ok:
		return fmt.Errorf("image %s arrived, which is none of ours", uid)
	case again:
		return fmt.Errorf("image %s arrived twice", uid)
	}
	pixel, ok := bytes.CutPrefix(b, e.header)
	if !ok {
		return fmt.Errorf("image %s has another header", uid)
	}
	stamp, err := synth.VerifyStamp(pixel)
	if err == nil {
		err = stamp.Verify(pixel)
	}
	if err != nil {
		return fmt.Errorf("image %s: %w", uid, err)
	}
	if stamp != e.stamp {
		return fmt.Errorf("image %s has the pixels of %s, not of %s", uid, stamp, e.stamp)
	}
	v.mu.Lock()
	v.good++
	v.mu.Unlock()
	return nil
}

// verified is how many images have arrived and were proven.
func (v *verifier) verified() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.good
}

// mentioned is how many problems a conclusion lists.
const mentioned = 10

// conclude says what was missing, different or too much.
func (v *verifier) conclude() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	problems := v.problems
	for uid, e := range v.images {
		if e.arrived == 0 {
			problems = append(problems, fmt.Errorf("image %s is missing", uid))
		}
	}
	if more := len(problems) - mentioned; more > 0 {
		problems = append(problems[:mentioned:mentioned], fmt.Errorf("and %d more", more))
	}
	return errors.Join(problems...)
}
