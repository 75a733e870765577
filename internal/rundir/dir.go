package rundir

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Names inside a run directory.
const (
	planFile      = "plan.json"
	executionFile = "execution.json"
	obsDir        = "obs"
	objectsDir    = "objects"

	// InboxStream is the name of the inbox's stream.
	InboxStream = "inbox"
)

// maxDocumentBytes bounds plan.json, execution.json and verdict.json.
const maxDocumentBytes = 1 << 30

// Dir is a run directory. Its methods are safe for concurrent use; what they
// return is its own documentation.
type Dir struct{ path string }

// Create makes a run directory, with the directories above it. A directory
// that holds a run already is refused: evidence is never overwritten nor mixed.
func Create(dir string) (*Dir, error) {
	for _, name := range []string{planFile, executionFile, obsDir, objectsDir} {
		switch _, err := os.Lstat(filepath.Join(dir, name)); {
		case err == nil:
			return nil, fmt.Errorf("%s holds a run already (%s is there): name another directory", dir, name)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("run directory: %w", err)
		}
	}
	if err := os.MkdirAll(filepath.Join(dir, obsDir), 0o755); err != nil {
		return nil, fmt.Errorf("run directory: %w", err)
	}
	return &Dir{dir}, nil
}

// Open opens a run directory for reading. A directory without a plan is an
// error: nothing says what it should have yielded.
func Open(dir string) (*Dir, error) {
	if _, err := os.Stat(filepath.Join(dir, planFile)); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s is no run directory: it holds no %s", dir, planFile)
		}
		return nil, fmt.Errorf("run directory: %w", err)
	}
	return &Dir{dir}, nil
}

// Path returns the directory as it was named.
func (d *Dir) Path() string { return d.path }

// MarshalPlan encodes a plan as plan.json holds it.
func MarshalPlan(p *Plan) ([]byte, error) {
	b, err := json.MarshalIndent(p, "", " ")
	if err != nil {
		return nil, fmt.Errorf("plan: %w", err)
	}
	return append(b, '\n'), nil
}

// ParsePlan decodes the bytes of a plan.json and returns their hash, by which
// executions of one plan know each other. Unknown fields and another schema
// are errors: a plan that is understood in part would be judged in part.
func ParsePlan(b []byte) (*Plan, string, error) {
	p := new(Plan)
	if err := decodeStrictly(b, p); err != nil {
		return nil, "", fmt.Errorf("plan: %w", err)
	}
	if p.Schema != PlanSchema {
		return nil, "", fmt.Errorf("plan: its schema is %q, this build reads %q", p.Schema, PlanSchema)
	}
	return p, hashOf(b), nil
}

// WritePlan writes plan.json and returns the hash of its bytes. It is written
// once; a second call is an error.
func (d *Dir) WritePlan(p *Plan) (sha string, err error) {
	b, err := MarshalPlan(p)
	if err != nil {
		return "", err
	}
	return d.WritePlanBytes(b)
}

// WritePlanBytes is WritePlan for a plan that came as a file: its bytes, and
// with them its hash, stay what they are.
func (d *Dir) WritePlanBytes(b []byte) (sha string, err error) {
	name := filepath.Join(d.path, planFile)
	if _, err := os.Lstat(name); err == nil {
		return "", fmt.Errorf("%s is there already; a plan is written once", name)
	}
	if err := replaceFile(name, b); err != nil {
		return "", fmt.Errorf("plan: %w", err)
	}
	return hashOf(b), nil
}

// Plan reads plan.json and returns it with the hash of its bytes.
func (d *Dir) Plan() (*Plan, string, error) {
	name := filepath.Join(d.path, planFile)
	b, err := readFile(name)
	if err != nil {
		return nil, "", fmt.Errorf("plan: %w", err)
	}
	p, sha, err := ParsePlan(b)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", name, err)
	}
	return p, sha, nil
}

// WriteExecution writes execution.json, replacing the one before it
// atomically: a reader, or a kill in between, sees the old or the new one.
func (d *Dir) WriteExecution(e *Execution) error {
	b, err := json.MarshalIndent(e, "", " ")
	if err != nil {
		return fmt.Errorf("execution: %w", err)
	}
	if err := replaceFile(filepath.Join(d.path, executionFile), append(b, '\n')); err != nil {
		return fmt.Errorf("execution: %w", err)
	}
	return nil
}

// Executions reads what was executed into this directory: nothing yet (a run
// that was killed right after planning) or one execution.
func (d *Dir) Executions() ([]Execution, error) {
	name := filepath.Join(d.path, executionFile)
	b, err := readFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("execution: %w", err)
	}
	var e Execution
	if err := decodeStrictly(b, &e); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if e.Schema != ExecutionSchema {
		return nil, fmt.Errorf("%s: its schema is %q, this build reads %q", name, e.Schema, ExecutionSchema)
	}
	if err := safeName("machine", e.Machine); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return []Execution{e}, nil
}

// WriteVerdict writes a verdict to file, replacing one before it atomically.
func WriteVerdict(file string, v *Verdict) error {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		return fmt.Errorf("verdict: %w", err)
	}
	if err := replaceFile(file, append(b, '\n')); err != nil {
		return fmt.Errorf("verdict: %w", err)
	}
	return nil
}

// ReadVerdict reads what WriteVerdict wrote.
func ReadVerdict(file string) (*Verdict, error) {
	b, err := readFile(file)
	if err != nil {
		return nil, fmt.Errorf("verdict: %w", err)
	}
	v := new(Verdict)
	if err := decodeStrictly(b, v); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if v.Schema != VerdictSchema {
		return nil, fmt.Errorf("%s: its schema is %q, this build reads %q", file, v.Schema, VerdictSchema)
	}
	return v, nil
}

// safeName holds machine and stream names to what is one file name on every
// operating system: a run directory is copied between them.
func safeName(what, name string) error {
	ok := name != "" && len(name) <= 200 && !strings.HasPrefix(name, ".") && !strings.HasSuffix(name, ".")
	for _, r := range name {
		ok = ok && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_.+=@,", r))
	}
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base {
	case "CON", "PRN", "AUX", "NUL",
		"COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
		"LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9":
		ok = false // devices on Windows, whatever the extension
	}
	if !ok {
		return fmt.Errorf("%s %q can't be a file name everywhere: use letters, digits and -_.+=@, (not at an end: .)", what, name)
	}
	return nil
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func readFile(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, maxDocumentBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxDocumentBytes {
		return nil, fmt.Errorf("%s is over %d bytes", name, maxDocumentBytes)
	}
	return b, nil
}

func decodeStrictly(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the end of the document")
	}
	return nil
}

// replaceFile writes b to a file beside name, brings it to the disk and then
// renames it: name is never seen half written.
func replaceFile(name string, b []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(name), "."+filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(b)
	if err == nil {
		err = f.Chmod(0o644)
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}
