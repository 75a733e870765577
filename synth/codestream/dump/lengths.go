package main

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"

	"pacsuat/synth/codestream"
)

// insertLengths inserts the tile-part lengths into the codestream in a file.
func insertLengths(file string) error {
	code, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	at, err := codestream.CommentAt(code)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	segment, err := tilePartLengths(code[at:])
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return os.WriteFile(file, slices.Concat(code[:at], segment, code[at:]), 0o666)
}

// tilePartLengths makes the TLM segment of tile-parts, which reach to the end of
// the codestream: each its tile in one byte and its length in four. See ISO/IEC
// 15444-1 A.4.2 and A.7.1.
func tilePartLengths(parts []byte) ([]byte, error) {
	const (
		tlm, sot, eoc = 0xFF55, 0xFF90, 0xFFD9
		headBytes     = 12           // of SOT with its segment
		sizes         = 1<<4 | 1<<6  // Stlm: Ttlm of 8 bits, Ptlm of 32
		most          = 65535/5 - 10 // tile-parts in one segment
	)
	segment := []byte{0xFF, tlm & 0xFF, 0, 0, 0, sizes}
	count := 0
	for len(parts) >= headBytes && binary.BigEndian.Uint16(parts) == sot {
		tile, length := binary.BigEndian.Uint16(parts[4:]), binary.BigEndian.Uint32(parts[6:])
		if length < headBytes || uint64(length) > uint64(len(parts)) || tile > 254 || count == most {
			return nil, fmt.Errorf("tile-part %d, of tile %d, has a length of %d bytes, %d are left", count, tile, length, len(parts))
		}
		segment = binary.BigEndian.AppendUint32(append(segment, byte(tile)), length)
		parts = parts[length:]
		count++
	}
	if count == 0 || len(parts) < 2 || binary.BigEndian.Uint16(parts) != eoc {
		return nil, errors.New("the tile-parts do not reach to the end of the codestream (EOC, FFD9H)")
	}
	binary.BigEndian.PutUint16(segment[2:], uint16(len(segment)-2))
	return segment, nil
}
