package dicomtest

import (
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Extension of the files of recordings in testdata.
const Extension = ".exchange"

//go:embed testdata/*.exchange
var files embed.FS

// Recordings returns every recording of testdata by its name. It is an error if
// there is none.
func Recordings() (map[string]*Recording, error) {
	entries, err := files.ReadDir("testdata")
	if err != nil {
		return nil, err
	}
	all := map[string]*Recording{}
	for _, e := range entries {
		text, err := files.ReadFile(path.Join("testdata", e.Name()))
		if err != nil {
			return nil, err
		}
		if all[strings.TrimSuffix(e.Name(), Extension)], err = Parse(text); err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
	}
	if len(all) == 0 {
		return nil, errors.New("there are no recordings")
	}
	return all, nil
}

// DataSet is a data set or identifier as it was sent.
type DataSet struct {
	TransferSyntax string
	Bytes          []byte
}

// Seeds is what decoders can be fed with: each value once.
type Seeds struct {
	PDUs     [][]byte
	Commands [][]byte // command sets, put together from their PDVs
	DataSets []DataSet
}

// RecordedSeeds takes the seeds from all recordings.
func RecordedSeeds() (*Seeds, error) {
	all, err := Recordings()
	if err != nil {
		return nil, err
	}
	s, seen := &Seeds{}, map[string]bool{}
	first := func(kind string, b []byte) bool {
		key := kind + string(b)
		defer func() { seen[key] = true }()
		return !seen[key]
	}
	var named []string
	for name := range all {
		named = append(named, name)
	}
	slices.Sort(named)
	for _, name := range named {
		for _, p := range all[name].PDUs {
			if first("pdu", p.Bytes) {
				s.PDUs = append(s.PDUs, p.Bytes)
			}
		}
		messages, err := all[name].messages()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for _, m := range messages {
			switch {
			case m.command && first("command", m.bytes):
				s.Commands = append(s.Commands, m.bytes)
			case !m.command && first(m.transferSyntax, m.bytes):
				s.DataSets = append(s.DataSets, DataSet{m.transferSyntax, m.bytes})
			}
		}
	}
	return s, nil
}

type message struct {
	command        bool
	transferSyntax string
	bytes          []byte
}

// messages puts the fragments of commands and data sets together. See PS3.8
// 9.3.5 and Annex E.
func (r *Recording) messages() ([]message, error) {
	var out []message
	syntaxes := map[byte]string{}
	type stream struct{ fromRequestor, command bool }
	open := map[stream][]byte{}
	for i, p := range r.PDUs {
		switch p.Bytes[0] {
		case 2:
			var err error
			if syntaxes, err = accepted(p.Bytes); err != nil {
				return nil, fmt.Errorf("PDU %d: %w", i+1, err)
			}
		case 4:
			for rest := p.Bytes[headerBytes:]; len(rest) > 0; {
				if len(rest) < 6 {
					return nil, fmt.Errorf("PDU %d: the header of a PDV is cut", i+1)
				}
				n := uint64(binary.BigEndian.Uint32(rest))
				if n < 2 || n+4 > uint64(len(rest)) {
					return nil, fmt.Errorf("PDU %d: a PDV of %d bytes", i+1, n)
				}
				context, control := rest[4], rest[5]
				at := stream{p.FromRequestor, control&1 != 0}
				open[at] = append(open[at], rest[6:4+n]...)
				if control&2 != 0 {
					out = append(out, message{at.command, syntaxes[context], open[at]})
					delete(open, at)
				}
				rest = rest[4+n:]
			}
		}
	}
	return out, nil
}

// accepted reads the transfer syntax of each accepted presentation context from
// an A-ASSOCIATE-AC. See PS3.8 9.3.3.
func accepted(ac []byte) (map[byte]string, error) {
	const fixed = headerBytes + 68
	if len(ac) < fixed {
		return nil, errors.New("the A-ASSOCIATE-AC is cut")
	}
	out := map[byte]string{}
	err := items(ac[fixed:], func(kind byte, value []byte) error {
		if kind != 0x21 || len(value) < 4 || value[2] != 0 {
			return nil
		}
		return items(value[4:], func(sub byte, uid []byte) error {
			if sub == 0x40 {
				out[value[0]] = strings.TrimRight(string(uid), "\x00")
			}
			return nil
		})
	})
	return out, err
}

// items calls f with each item: a type, a reserved byte, two of length.
func items(b []byte, f func(kind byte, value []byte) error) error {
	for len(b) > 0 {
		if len(b) < 4 || len(b)-4 < int(binary.BigEndian.Uint16(b[2:])) {
			return errors.New("an item is cut")
		}
		n := int(binary.BigEndian.Uint16(b[2:]))
		if err := f(b[0], b[4:4+n]); err != nil {
			return err
		}
		b = b[4+n:]
	}
	return nil
}
