package dicomtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"strings"
)

// Recording is the PDUs of one association in the order in which they were sent
// or had arrived.
type Recording struct {
	About []string // who with whom, one line each
	PDUs  []PDU
}

// PDU is one PDU, header included.
type PDU struct {
	FromRequestor bool
	Bytes         []byte
}

const (
	headerBytes = 6 // type, reserved, length of what follows; PS3.8 9.3.1
	// MaxPDUBytes bounds a PDU of a recording.
	MaxPDUBytes = 1 << 20
	perLine     = 32
)

// names of the PDU types. See PS3.8 9.3.
var names = map[byte]string{
	1: "A-ASSOCIATE-RQ", 2: "A-ASSOCIATE-AC", 3: "A-ASSOCIATE-RJ", 4: "P-DATA-TF",
	5: "A-RELEASE-RQ", 6: "A-RELEASE-RP", 7: "A-ABORT",
}

// Name is the name of the PDU's type.
func (p PDU) Name() string {
	if len(p.Bytes) > 0 {
		if name, ok := names[p.Bytes[0]]; ok {
			return name
		}
	}
	return "unknown"
}

// Format writes a recording as text: lines of # say what it is, > begins a PDU
// of the requestor, < one of the acceptor, and lines of hexadecimal digits are
// its bytes.
func (r *Recording) Format() []byte {
	var b bytes.Buffer
	for _, line := range r.About {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	for _, p := range r.PDUs {
		mark := "<"
		if p.FromRequestor {
			mark = ">"
		}
		fmt.Fprintf(&b, "%s %s, %d bytes\n", mark, p.Name(), len(p.Bytes))
		for rest := p.Bytes; len(rest) > 0; {
			n := min(perLine, len(rest))
			fmt.Fprintf(&b, "%x\n", rest[:n])
			rest = rest[n:]
		}
	}
	return b.Bytes()
}

// Parse reads what Format wrote. What follows the name of a PDU is not read.
func Parse(text []byte) (*Recording, error) {
	r := &Recording{}
	lines := bufio.NewScanner(bytes.NewReader(text))
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		switch {
		case line == "":
		case strings.HasPrefix(line, "#"):
			r.About = append(r.About, strings.TrimSpace(line[1:]))
		case line[0] == '>' || line[0] == '<':
			r.PDUs = append(r.PDUs, PDU{FromRequestor: line[0] == '>'})
		default:
			if len(r.PDUs) == 0 {
				return nil, fmt.Errorf("line %d: bytes before the first > or <", number)
			}
			last := &r.PDUs[len(r.PDUs)-1]
			some, err := hex.DecodeString(strings.ReplaceAll(line, " ", ""))
			if err != nil {
				return nil, fmt.Errorf("line %d: %w", number, err)
			}
			if last.Bytes = append(last.Bytes, some...); len(last.Bytes) > MaxPDUBytes {
				return nil, fmt.Errorf("line %d: the PDU is larger than %d bytes", number, MaxPDUBytes)
			}
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	for i, p := range r.PDUs {
		if n, err := pduBytes(p.Bytes); err != nil || n != len(p.Bytes) {
			return nil, fmt.Errorf("PDU %d (%s): %d bytes, its header says %d (%v)", i+1, p.Name(), len(p.Bytes), n, err)
		}
	}
	return r, nil
}

// pduBytes is how long the PDU is that begins with b, header included; 0 while
// its header is not complete.
func pduBytes(b []byte) (int, error) {
	if len(b) < headerBytes {
		return 0, nil
	}
	n := uint64(binary.BigEndian.Uint32(b[2:])) + headerBytes
	if n > MaxPDUBytes {
		return 0, fmt.Errorf("a PDU of %d bytes: more than %d are not recorded", n, MaxPDUBytes)
	}
	return int(n), nil
}
