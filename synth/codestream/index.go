package codestream

import (
	"bytes"
	"embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
)

// files are what make.sh made.
//
//go:embed index.json frames
var files embed.FS

// read reads index.json and the frames that it names.
func read(from fs.FS) ([]*Set, error) {
	text, err := fs.ReadFile(from, "index.json")
	if err != nil {
		return nil, fmt.Errorf("codestream: %w", err)
	}
	var sets []*Set
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&sets); err != nil {
		return nil, fmt.Errorf("codestream: index.json: %w", err)
	}
	for i, s := range sets {
		if s == nil || len(s.Frames) == 0 {
			return nil, fmt.Errorf("codestream: index.json: set %d has no frames", i+1)
		}
		for j := range s.Frames {
			f := &s.Frames[j]
			code, err := fs.ReadFile(from, "frames/"+f.File)
			if err != nil {
				return nil, fmt.Errorf("codestream: index.json, %s of %s: %w", s.Kind, s.TransferSyntax, err)
			}
			f.Code = code[:len(code):len(code)]
		}
	}
	return sets, nil
}

// Sum is a SHA-256. Its text is hexadecimal.
type Sum [32]byte

// String returns 64 hexadecimal digits.
func (s Sum) String() string { return hex.EncodeToString(s[:]) }

// MarshalText returns 64 hexadecimal digits.
func (s Sum) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads 64 hexadecimal digits.
func (s *Sum) UnmarshalText(text []byte) error {
	if len(text) != 2*len(s) {
		return fmt.Errorf("codestream: a SHA-256 of %d digits, it has %d", len(text), 2*len(s))
	}
	_, err := hex.Decode(s[:], text)
	return err
}
