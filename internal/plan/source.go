package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"sort"
	"strings"
)

// Source is one feature file.
type Source struct {
	Path string // with slashes, relative to the folder of features
	Text []byte
}

// maxFeatureBytes bounds a feature file: the largest sensible one is far
// smaller, and a wrong folder may hold anything.
const maxFeatureBytes = 4 << 20

// ReadFS reads every *.feature below the root of fsys, in the order of their
// paths. A folder without any is an error.
func ReadFS(fsys fs.FS) ([]Source, error) {
	var out []Source
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() || path.Ext(p) != ".feature" {
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		if info.Size() > maxFeatureBytes {
			return fmt.Errorf("%s: %d bytes is more than a feature file may have (%d)", p, info.Size(), maxFeatureBytes)
		}
		text, err := fs.ReadFile(fsys, p)
		if err != nil {
			return err
		}
		out = append(out, Source{Path: p, Text: text})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reading features: %w", err)
	}
	if len(out) == 0 {
		return nil, errors.New("reading features: the folder holds no file that ends in .feature")
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Path < out[j].Path })
	return out, nil
}

func (s Source) hash() string {
	sum := sha256.Sum256(s.Text)
	return hex.EncodeToString(sum[:])
}

// Problem is one thing wrong with a feature.
type Problem struct {
	File string
	Line int
	Text string // what was expected, what stands there, what to do
}

func (p Problem) String() string { return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text) }

// Problems are all that was found wrong, in the order of files and lines.
type Problems struct {
	List []Problem
}

func (p *Problems) Error() string {
	lines := make([]string, len(p.List))
	for i, one := range p.List {
		lines[i] = one.String()
	}
	return strings.Join(lines, "\n")
}

func (p *Problems) add(file string, line int, format string, args ...any) {
	p.List = append(p.List, Problem{File: file, Line: line, Text: fmt.Sprintf(format, args...)})
}

func (p *Problems) err() error {
	if len(p.List) == 0 {
		return nil
	}
	sort.SliceStable(p.List, func(i, j int) bool {
		a, b := p.List[i], p.List[j]
		if a.File != b.File {
			return a.File < b.File
		}
		return a.Line < b.Line
	})
	return p
}
