package steps

import (
	"context"
	"fmt"

	"pacsuat/internal/dicom/dimse"
	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/scu"
	"pacsuat/internal/dicom/ul"
	"pacsuat/internal/rundir"
	"pacsuat/internal/vocab"
	"pacsuat/synth"
)

// What is sent otherwise than a modality should: half an image, and another image
// under the identifiers of one that was sent.

func (w *World) studyBrokenOff(ctx context.Context, a vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	n := a.Int(0)
	if n < 1 || n > made.Len() {
		return &Error{Cause: rundir.CauseEngine, Doing: "sending", Err: fmt.Errorf("the study has no image %d", n)}
	}
	batch := all(s, n)
	if err := w.proveAbsent(ctx, batch); err != nil {
		return err
	}
	client, err := w.dialStore(ctx, batch, ul.RequestorConfig{MaxSendPDULength: modalityPacket})
	if err != nil {
		return err
	}
	defer func() { _ = client.Close() }()
	if err := w.sendOver(ctx, client, batch[:n-1]); err != nil {
		return err
	}
	in, err := made.Instance(n - 1)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "making an image", Err: err}
	}
	if err := w.sendHalf(ctx, client, s, in); err != nil {
		return err
	}
	limit, cancel := limited(ctx, w.env.System.limits.Associate)
	defer cancel()
	return failure(limit, w.env.System.Name, "aborting", client.Abort(limit))
}

// sendHalf sends the command and about half of the data set of an image, and
// leaves the association in the middle of it.
func (w *World) sendHalf(ctx context.Context, client *scu.Client, s *study, in *synth.Instance) error {
	t := w.env.System
	w.rec.Own(in.SOPInstanceUID, in.SeriesInstanceUID)
	err := w.rec.Sending(rundir.Object{
		System: t.Name, PatientID: s.made.Patient.ID, StudyInstanceUID: s.made.StudyInstanceUID,
		SeriesInstanceUID: in.SeriesInstanceUID, SOPInstanceUID: in.SOPInstanceUID, SOPClassUID: in.SOPClassUID,
	})
	if err != nil {
		return err
	}
	done := w.rec.Intent("C-STORE", t.Name, "half of an image, then the association is broken off")
	defer func() { done(rundir.Observation{Count: 0}) }()
	nc, ok := client.Association().Find(in.SOPClassUID, string(in.TransferSyntax))
	if !ok {
		return failure(ctx, t.Name, "storing", &scu.NoContextError{AbstractSyntax: in.SOPClassUID, TransferSyntax: string(in.TransferSyntax)})
	}
	rq := &dimse.CStoreRQ{
		AffectedSOPClassUID: in.SOPClassUID, MessageID: client.Conn().NextMessageID(),
		AffectedSOPInstanceUID: in.SOPInstanceUID, HasDataSet: true,
	}
	command, err := dimse.Encode(rq)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "encoding a command", Err: err}
	}
	limit, cancel := limited(ctx, t.limits.Response)
	defer cancel()
	a := client.Association()
	if err := a.WritePDU(limit, &pdu.PDataTF{Items: []pdu.PDV{{ContextID: nc.ID, Command: true, Last: true, Data: command}}}); err != nil {
		return failure(limit, t.Name, "sending half an image", err)
	}
	// Even, as every PDV: DCMTK ends the association at an odd one, and then it is
	// not we who break it off.
	half := in.Size() / 2 &^ 1
	packet := int64(modalityPacket)
	if most := a.PeerMaxPDULength(); most > 0 {
		packet = min(packet, int64(most))
	}
	packet = (packet - 6) &^ 1 // PDV item header, PS3.8 9.3.5.1
	for _, segment := range in.Segments {
		for len(segment) > 0 && half > 0 {
			n := min(int64(len(segment)), packet, half)
			p := &pdu.PDataTF{Items: []pdu.PDV{{ContextID: nc.ID, Data: segment[:n]}}}
			if err := a.WritePDU(limit, p); err != nil {
				return failure(limit, t.Name, "sending half an image", err)
			}
			segment, half = segment[n:], half-n
		}
	}
	return nil
}

func (w *World) imageCollided(ctx context.Context, _ vocab.Args) error {
	s, err := w.last()
	if err != nil {
		return err
	}
	made, err := w.use(s)
	if err != nil {
		return err
	}
	first, err := made.Instance(0)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "making an image", Err: err}
	}
	other, err := synth.Colliding(first)
	if err != nil {
		return &Error{Cause: rundir.CauseEngine, Doing: "making an image", Err: err}
	}
	client, err := w.dialStore(ctx, all(s, 1), ul.RequestorConfig{MaxSendPDULength: modalityPacket})
	if err != nil {
		return err
	}
	defer release(ctx, client)
	done := w.rec.Intent("C-STORE", w.env.System.Name, "another image under the identifiers of one that was sent")
	status, err := w.storeOne(ctx, client, s, other)
	if err != nil {
		done(rundir.Observation{})
		return err
	}
	// Any answer will do: what counts is that the first image stays.
	done(rundir.Observation{Count: 1, Status: status.Describe(dimse.CommandCStoreRSP)})
	return nil
}
