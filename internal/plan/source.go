package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Source is one feature file.
type Source struct {
	Path string // with slashes, relative to the folder of features
	Text []byte
}

// Bounds of a feature file: the largest sensible one is far smaller, and a wrong
// folder may hold anything. Above 64 KiB a line, the parser would take it for the
// end of the file and leave out what follows.
const (
	maxFeatureBytes = 4 << 20
	maxLineBytes    = 4096
	maxLines        = 50_000
	maxProblems     = 200    // found in one file, before the rest is not looked at
	maxScenarios    = 10_000 // with every example row
	maxSteps        = 50_000 // of all of them
)

// byteOrderMark is what Windows' Notepad begins a file with.
var byteOrderMark = []byte("\ufeff")

// text returns the source as the parser may read it, or nil with a problem.
func (s Source) text(problems *Problems) []byte {
	if len(s.Text) > maxFeatureBytes {
		problems.add(s.Path, 1, "%d bytes is more than a feature file may have (%d)", len(s.Text), maxFeatureBytes)
		return nil
	}
	text := bytes.TrimPrefix(s.Text, byteOrderMark)
	if n := bytes.Count(text, []byte("\n")); n > maxLines {
		problems.add(s.Path, 1, "%d lines are more than a feature file may have (%d)", n, maxLines)
		return nil
	}
	for i, line := range bytes.Split(text, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		at := bytes.IndexFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' })
		switch {
		case !utf8.Valid(line):
			problems.add(s.Path, i+1, "the file is not UTF-8 text; save it as UTF-8")
		case at >= 0:
			problems.add(s.Path, i+1, "a control character (%q) stands in this line; remove it, or save the file as UTF-8 text", line[at:at+1])
		case len(line) > maxLineBytes:
			problems.add(s.Path, i+1, "the line has %d bytes, more than a line of a feature may have (%d)", len(line), maxLineBytes)
		default:
			continue
		}
		return nil
	}
	return text
}

// ReadFS reads every *.feature below the root of fsys, in the order of their
// paths. A folder without any is an error.
func ReadFS(fsys fs.FS) ([]Source, error) {
	var out []Source
	err := fs.WalkDir(fsys, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return nil
		}
		if path.Ext(p) != ".feature" {
			// A feature that is left out for its name would be missed by nobody.
			lower := strings.ToLower(p)
			for _, ending := range []string{".feature", ".feature.txt"} {
				if strings.HasSuffix(lower, ending) {
					return fmt.Errorf("%s ends in %s; rename it to end in .feature, or it would not be run", p, p[len(p)-len(ending):])
				}
			}
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
	// What is wrong in a Background is found with every scenario.
	p.List = slices.Compact(p.List)
	return p
}
