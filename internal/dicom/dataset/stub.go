package dataset

import (
	"errors"
	"io"
)

var errTODO = errors.New("dataset: not written yet")

type escape struct {
	sequence string
	g0       bool
	bytes    int
}

func escapeAt(b []byte) (escape, bool) { return escape{}, false }
func DecodeText(value []byte, vr VR, characterSet []string) (string, error) {
	return string(value), nil
}
func EncodeText(s string, vr VR, characterSet []string) ([]byte, error) { return []byte(s), nil }

type Limits struct {
	MaxDepth, MaxElements           int
	MaxValueBytes, MaxInflatedBytes int64
}
type FormatError struct {
	Offset int64
	Tag    Tag
	Depth  int
	Reason string
}

func (e *FormatError) Error() string                                { return e.Reason }
func Parse(b []byte, ts TransferSyntax, l Limits) (*Set, error)     { return nil, errTODO }
func (s *Set) Append(dst []byte, ts TransferSyntax) ([]byte, error) { return nil, errTODO }

// PixelStream is the value of the top level's Pixel Data.
type PixelStream struct {
	Tag    Tag
	VR     VR
	Length int64
}

func (p *PixelStream) Read(b []byte) (int, error) { return 0, errTODO }
func (p *PixelStream) Trailer() (*Set, error)     { return nil, errTODO }
func ScanHeader(r io.Reader, ts TransferSyntax, l Limits) (*Set, *PixelStream, error) {
	return nil, nil, errTODO
}

type FileMeta struct {
	SOPClassUID, SOPInstanceUID                                      string
	TransferSyntax                                                   TransferSyntax
	ImplementationClassUID, ImplementationVersionName, SourceAETitle string
}

func AppendFileMeta(dst []byte, m FileMeta) ([]byte, error) { return nil, errTODO }
func ReadFileMeta(r io.Reader) (FileMeta, error)            { return FileMeta{}, errTODO }
func ParseFile(b []byte, l Limits) (FileMeta, *Set, error)  { return FileMeta{}, nil, errTODO }

type DifferenceKind int

const (
	Missing DifferenceKind = iota + 1
	Added
	VRChanged
	ValueChanged
	ItemsChanged
	TextChanged
)

func (k DifferenceKind) String() string { return "" }

type Difference struct {
	Path   string
	Tag    Tag
	Kind   DifferenceKind
	Detail string
}

func (d Difference) String() string { return d.Path }

type CompareOptions struct{ Ignore []Tag }

func Compare(want, got *Set, o CompareOptions) []Difference { return nil }

type Template struct{}

// NewTemplate: slots are elements of the top level; their values may have any length.
func NewTemplate(s *Set, ts TransferSyntax, slots ...Tag) (*Template, error) { return nil, errTODO }

// Render: one value per slot, in the order of the slots, padded as PutString does.
func (t *Template) Render(values ...string) ([]byte, error)               { return nil, errTODO }
func (t *Template) AppendTo(dst []byte, values ...string) ([]byte, error) { return nil, errTODO }
