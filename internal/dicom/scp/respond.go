package scp

import (
	"context"

	"pacsuat/internal/dicom/dataset"
	"pacsuat/internal/dicom/dimse"
)

// responder sends the responses of one operation. It belongs to the goroutine
// of the operation. The first error sticks and nothing is sent after it.
type responder struct {
	session   *Session
	ctx       context.Context // of the session: a cancelled operation still answers
	contextID uint8
	err       error
}

// respond fills the response to rq and sends it with its identifier, nil for
// none.
func (w *responder) respond(rq dimse.Request, rsp dimse.Response, identifier *dataset.Set) {
	fill(rq, rsp)
	w.send(rsp, identifier)
}

// send passes m through Intercept and sends what is left of it.
func (w *responder) send(m dimse.Message, identifier *dataset.Set) {
	if w.err != nil {
		return
	}
	if intercept := w.session.server.Intercept; intercept != nil {
		if m = intercept(w.ctx, w.session, m); m == nil {
			return
		}
	}
	if identifier == nil {
		w.err = w.session.conn.Send(w.ctx, w.contextID, m, nil)
	} else {
		w.err = w.session.conn.SendSet(w.ctx, w.contextID, m, identifier)
	}
}

// refuse answers rq with a status alone.
func (w *responder) refuse(rq dimse.Request, status dimse.Status) {
	var rsp dimse.Response
	switch rq.(type) {
	case *dimse.CEchoRQ:
		rsp = &dimse.CEchoRSP{Status: status}
	case *dimse.CStoreRQ:
		rsp = &dimse.CStoreRSP{Status: status}
	case *dimse.CFindRQ:
		rsp = &dimse.CFindRSP{Status: status}
	case *dimse.CMoveRQ:
		rsp = &dimse.CMoveRSP{Status: status}
	case *dimse.CGetRQ:
		rsp = &dimse.CGetRSP{Status: status}
	default:
		return
	}
	w.respond(rq, rsp, nil)
}

// fill sets the Message ID and the UIDs of a response where they are empty.
func fill(rq dimse.Request, rsp dimse.Response) {
	var id *uint16
	var class *string
	switch rsp := rsp.(type) {
	case *dimse.CEchoRSP:
		id, class = &rsp.MessageIDBeingRespondedTo, &rsp.AffectedSOPClassUID
	case *dimse.CStoreRSP:
		id, class = &rsp.MessageIDBeingRespondedTo, &rsp.AffectedSOPClassUID
		if store, ok := rq.(*dimse.CStoreRQ); ok {
			setIfZero(&rsp.AffectedSOPInstanceUID, store.AffectedSOPInstanceUID)
		}
	case *dimse.CFindRSP:
		id, class = &rsp.MessageIDBeingRespondedTo, &rsp.AffectedSOPClassUID
	case *dimse.CMoveRSP:
		id, class = &rsp.MessageIDBeingRespondedTo, &rsp.AffectedSOPClassUID
	case *dimse.CGetRSP:
		id, class = &rsp.MessageIDBeingRespondedTo, &rsp.AffectedSOPClassUID
	default:
		return
	}
	setIfZero(id, rq.ID())
	setIfZero(class, requestClass(rq))
}

func setIfZero[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}

// requestClass is the Affected SOP Class UID of rq.
func requestClass(rq dimse.Request) string {
	switch rq := rq.(type) {
	case *dimse.CEchoRQ:
		return rq.AffectedSOPClassUID
	case *dimse.CStoreRQ:
		return rq.AffectedSOPClassUID
	case *dimse.CFindRQ:
		return rq.AffectedSOPClassUID
	case *dimse.CMoveRQ:
		return rq.AffectedSOPClassUID
	case *dimse.CGetRQ:
		return rq.AffectedSOPClassUID
	}
	return ""
}
