package steps

import (
	"sync"

	"pacsuat/internal/dicom/pdu"
	"pacsuat/internal/dicom/ul"
)

// packetMeter measures the P-DATA-TF PDUs that a system sends.
type packetMeter struct {
	mu      sync.Mutex
	n       int
	largest int64
}

func (p *packetMeter) see(e ul.TraceEvent) {
	if e.Sent || len(e.PDU) == 0 || pdu.Type(e.PDU[0]) != pdu.TypePDataTF {
		return
	}
	const header = 6 // type, reserved, length: PS3.8 9.3.5
	p.mu.Lock()
	defer p.mu.Unlock()
	p.n++
	p.largest = max(p.largest, e.FullLength-header)
}

func (p *packetMeter) into(n *negotiation, announced uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if announced == 0 {
		announced = ul.DefaultMaxPDULength
	}
	n.packets, n.largestPacket, n.agreedPacket = p.n, p.largest, int64(announced)
}
