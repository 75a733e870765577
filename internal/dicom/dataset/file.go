package dataset

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// FileMeta is the file meta information. See PS3.10 7.1.
type FileMeta struct {
	SOPClassUID, SOPInstanceUID string
	// TransferSyntax is that of the data set that follows. The file meta
	// information itself is always explicit little endian.
	TransferSyntax            TransferSyntax
	ImplementationClassUID    string
	ImplementationVersionName string // at most 16 bytes; may be empty
	SourceAETitle             string // at most 16 bytes; may be empty
}

const (
	preambleBytes = 128
	// maxFileMetaBytes bounds group 0002, in which private information may be.
	maxFileMetaBytes = 1 << 20
)

// AppendFileMeta appends preamble, prefix and file meta information, after which
// the data set follows. It fails if one of the UIDs or the transfer syntax is
// empty, which are type 1.
func AppendFileMeta(dst []byte, m FileMeta) ([]byte, error) {
	for _, f := range []struct{ name, value string }{
		{"SOP class UID", m.SOPClassUID},
		{"SOP instance UID", m.SOPInstanceUID},
		{"transfer syntax UID", string(m.TransferSyntax)},
		{"implementation class UID", m.ImplementationClassUID},
	} {
		if f.value == "" {
			return dst, fmt.Errorf("dataset: the file meta information needs a %s (PS3.10 7.1)", f.name)
		}
	}
	var s Set
	s.PutUint32(FileMetaInformationGroupLength, 0)
	s.PutBytes(FileMetaInformationVersion, VROB, []byte{0, 1})
	s.PutString(MediaStorageSOPClassUID, m.SOPClassUID)
	s.PutString(MediaStorageSOPInstanceUID, m.SOPInstanceUID)
	s.PutString(TransferSyntaxUID, string(m.TransferSyntax))
	s.PutString(ImplementationClassUID, m.ImplementationClassUID)
	if m.ImplementationVersionName != "" {
		s.PutString(ImplementationVersionName, m.ImplementationVersionName)
	}
	if m.SourceAETitle != "" {
		s.PutString(SourceApplicationEntityTitle, m.SourceAETitle)
	}
	n := len(dst)
	out := append(append(dst, make([]byte, preambleBytes)...), "DICM"...)
	out, err := s.Append(out, ExplicitVRLittleEndian)
	if err != nil {
		return dst[:n], err
	}
	return out, nil
}

// ReadFileMeta reads preamble, prefix and file meta information, and not a byte
// more, so that the data set can be read from r. It wants the group length
// (0002,0000), which is type 1.
func ReadFileMeta(r io.Reader) (FileMeta, error) {
	var head [preambleBytes + 4 + 12]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return FileMeta{}, metaError(err, "a file begins with 128 bytes of preamble, \"DICM\" and the group length (0002,0000)")
	}
	if string(head[preambleBytes:preambleBytes+4]) != "DICM" {
		return FileMeta{}, &FormatError{Offset: preambleBytes, Reason: "\"DICM\" does not follow 128 bytes of preamble (PS3.10 7.1)"}
	}
	first := head[preambleBytes+4:]
	if !bytes.Equal(first[:8], []byte{2, 0, 0, 0, 'U', 'L', 4, 0}) {
		return FileMeta{}, &FormatError{Offset: preambleBytes + 4, Reason: "the file meta information does not begin with its group length (0002,0000) (PS3.10 7.1)"}
	}
	n := binary.LittleEndian.Uint32(first[8:])
	if n > maxFileMetaBytes {
		return FileMeta{}, &FormatError{Offset: preambleBytes + 4, Tag: FileMetaInformationGroupLength,
			Reason: fmt.Sprintf("file meta information of %d bytes exceeds the limit of %d", n, maxFileMetaBytes)}
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(r, b); err != nil {
		return FileMeta{}, metaError(err, "the file ends in its file meta information")
	}
	s, err := Parse(b, ExplicitVRLittleEndian, Limits{})
	if err != nil {
		var f *FormatError
		if errors.As(err, &f) {
			f.Offset += int64(len(head))
		}
		return FileMeta{}, err
	}
	for e := range s.All() {
		if e.Tag.Group() != 2 {
			return FileMeta{}, &FormatError{Offset: int64(len(head)), Tag: e.Tag, Reason: "an element of another group within the length of the file meta information"}
		}
	}
	m := FileMeta{
		SOPClassUID:               s.String(MediaStorageSOPClassUID),
		SOPInstanceUID:            s.String(MediaStorageSOPInstanceUID),
		TransferSyntax:            TransferSyntax(s.String(TransferSyntaxUID)),
		ImplementationClassUID:    s.String(ImplementationClassUID),
		ImplementationVersionName: s.String(ImplementationVersionName),
		SourceAETitle:             s.String(SourceApplicationEntityTitle),
	}
	if m.TransferSyntax == "" {
		return m, &FormatError{Offset: int64(len(head)) + int64(n), Tag: TransferSyntaxUID, Reason: "the file meta information has no transfer syntax"}
	}
	return m, nil
}

// ParseFile reads a whole Part 10 file. The values of the Set alias b as those of
// [Parse] do; offsets in its errors count from the begin of the data set.
func ParseFile(b []byte, l Limits) (FileMeta, *Set, error) {
	r := bytes.NewReader(b)
	m, err := ReadFileMeta(r)
	if err != nil {
		return m, nil, err
	}
	s, err := Parse(b[len(b)-r.Len():], m.TransferSyntax, l)
	return m, s, err
}

func metaError(err error, reason string) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return &FormatError{Reason: reason, cause: io.ErrUnexpectedEOF}
	}
	return fmt.Errorf("dataset: reading the file meta information: %w", err)
}
